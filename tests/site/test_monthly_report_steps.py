"""The steps of Monthly Reports: each through the right person, four eyes, dated, and kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk.monthly import rights, steps
from core_helpdesk.setup import monthly_workflow as flow
from tests.site import monthly_desk as desks
from tests.site import web
from tests.site.factories import as_user, give_role, make_agent, make_user, switch_mode
from tests.site.moments import Moment, moment_from
from tests.site.monthly_desk import DOCTYPE, make, take

if TYPE_CHECKING:
	from frappe.model.document import Document

APPLY = "frappe.model.workflow.apply_workflow"

moment = moment_from("2026-03-01 09:00")
desk = desks.desk_fixture


def state(report: Document) -> str:
	return frappe.db.get_value(DOCTYPE, report.name, "workflow_state")


def apply(user: str, report: Document, action: str) -> None:
	"""As the framework's own button does it."""
	web.call(user, APPLY, doc=frappe.get_doc(DOCTYPE, report.name).as_json(), action=action)


def test_the_way_of_the_qa_report(desk: frappe._dict, moment: Moment) -> None:
	"""Policy: QA-12, QA-M1"""
	report = make(flow.QA_REPORT)
	for user, action, after in (
		(desk.qa, flow.SUBMIT, flow.SUBMITTED),
		(desk.manager, flow.REVIEW, flow.REVIEWED),
		(desk.general_manager, flow.SIGN, flow.SIGNED),
	):
		moment.later(hours=1)
		assert take(user, report, action) == after
	report.reload()
	assert (report.sent_by, report.reviewed_by, report.signed_by) == (
		desk.qa,
		desk.manager,
		desk.general_manager,
	)
	assert report.sent_on < report.reviewed_on < report.signed_on


def test_the_frameworks_button_takes_the_same_steps(desk: frappe._dict) -> None:
	report = make(flow.TSM_REPORT)
	apply(desk.tsm[0], report, flow.SEND)
	apply(desk.general_manager, report, flow.SIGN)
	assert state(report) == flow.SIGNED
	assert frappe.db.get_value(DOCTYPE, report.name, "signed_by") == desk.general_manager


@pytest.mark.parametrize("kind", flow.KINDS)
def test_the_first_step_is_its_makers(desk: frappe._dict, kind: str) -> None:
	report = make(kind)
	action = flow.SUBMIT if kind == flow.QA_REPORT else flow.SEND
	others = (desk.tsm[0],) if kind == flow.QA_REPORT else (desk.qa,)
	for user in (*others, desk.manager, desk.general_manager, "Administrator"):
		with pytest.raises(frappe.PermissionError):
			take(user, report, action)
	for user in (desk.own_head, make_agent()):
		with pytest.raises(frappe.PermissionError):
			take(user, report, action)
	assert state(report) == flow.MADE


def test_a_kind_takes_no_step_of_another(desk: frappe._dict) -> None:
	report = make(flow.QA_REPORT)
	with pytest.raises(frappe.PermissionError):
		take(desk.qa, report, flow.SEND)
	for wanted in (flow.SENT, flow.SIGNED, flow.REVIEWED, flow.FORWARDED, "Approved"):
		with pytest.raises((frappe.PermissionError, frappe.ValidationError)):
			web.put(desk.qa, f"{web.RESOURCE}/{DOCTYPE}/{report.name}", workflow_state=wanted)
	assert state(report) == flow.MADE


def test_nobody_reviews_or_signs_their_own(desk: frappe._dict) -> None:
	"""Policy: QA-M1"""
	report = make(flow.QA_REPORT)
	for role in ("QA Specialist", "General Manager"):
		give_role(desk.manager, role)
	take(desk.manager, report, flow.SUBMIT)
	with pytest.raises(frappe.PermissionError):
		take(desk.manager, report, flow.REVIEW)
	assert state(report) == flow.SUBMITTED


def test_who_reviewed_does_not_sign(desk: frappe._dict) -> None:
	"""Policy: QA-M1"""
	report = make(flow.QA_REPORT)
	give_role(desk.manager, "General Manager")
	take(desk.qa, report, flow.SUBMIT)
	take(desk.manager, report, flow.REVIEW)
	hold("general_manager", desk.manager)
	with pytest.raises(frappe.PermissionError):
		take(desk.manager, report, flow.SIGN)
	assert state(report) == flow.REVIEWED


def hold(office: str, user: str, **more: object) -> None:
	"""Puts somebody into an office as whoever writes the settings may."""
	settings = frappe.get_doc("Core Helpdesk Settings")
	settings.update({office: user, **{f"{office}_{field}": value for field, value in more.items()}})
	settings.save(ignore_permissions=True)


def test_who_wrote_the_comment_reviews_nothing_in_any_round(desk: frappe._dict) -> None:
	"""Policy: QA-M1"""
	report = make(flow.QA_REPORT)
	give_role(desk.manager, "QA Specialist")
	web.put(desk.manager, f"{web.RESOURCE}/{DOCTYPE}/{report.name}", comment="All is well")
	take(desk.qa, report, flow.SUBMIT)
	with pytest.raises(frappe.PermissionError, match="wrote or sent"):
		take(desk.manager, report, flow.REVIEW)
	assert "Record Review" not in desks.shown(desk.manager, report)["steps"]


def test_the_steps_of_earlier_rounds_stand(desk: frappe._dict) -> None:
	"""Policy: QA-M1"""
	report = make(flow.QA_REPORT)
	take(desk.other_qa, report, flow.SUBMIT)
	take(desk.manager, report, flow.RETURN, "Say why")
	web.put(desk.qa, f"{web.RESOURCE}/{DOCTYPE}/{report.name}", comment="Two people were away")
	web.put(desk.qa, f"{web.RESOURCE}/{DOCTYPE}/{report.name}", comment="Three people were away")
	take(desk.qa, report, flow.SUBMIT)
	rows = report.reload().steps_taken
	assert [(row.action, row.user, row.office, row.reason) for row in rows] == [
		(flow.SUBMIT, desk.other_qa, "QA Specialist", None),
		(flow.RETURN, desk.manager, "Customer Service Manager", "Say why"),
		(steps.COMMENT, desk.qa, "QA Specialist", None),
		(flow.SUBMIT, desk.qa, "QA Specialist", None),
	]
	give_role(desk.other_qa, "Customer Service Manager")
	hold("customer_service_manager", desk.other_qa)
	with pytest.raises(frappe.PermissionError):
		take(desk.other_qa, report, flow.REVIEW)


def test_a_signature_says_as_what_it_was_given(desk: frappe._dict) -> None:
	"""Policy: QA-M1, TSM-M1"""
	deputy = make_user("General Manager")
	hold(
		"general_manager",
		desk.general_manager,
		deputy=deputy,
		absent_from="2026-03-30",
		absent_until="2026-04-30",
	)
	report = make(flow.TSM_REPORT)
	take(desk.tsm[0], report, flow.SEND)
	with pytest.raises(frappe.PermissionError):
		take(desk.tsm[1], report, flow.SIGN)
	take(deputy, report, flow.SIGN)
	assert steps.capacity_of(report.reload(), "signed") == ("General Manager", desk.general_manager)
	assert rights.in_words("General Manager", "Mona") == "General Manager, as deputy of Mona"


def test_who_names_the_offices_signs_for_none(desk: frappe._dict) -> None:
	"""Policy: QA-M1, TSM-M1"""
	report = make(flow.TSM_REPORT)
	take(desk.tsm[0], report, flow.SEND)
	for user in (desk.qa, desk.tsm[1]):
		with as_user("Administrator"):
			hold("general_manager", user)
		with pytest.raises(frappe.PermissionError, match="neither a QA Specialist"):
			take(user, report, flow.SIGN)
	key = ("like", "general_manager:%")
	found = {"kind": "Office Changed", "subject_key": key, "state": "Open"}
	assert frappe.get_all("Escalation Finding", found, pluck="times") == [1, 1]
	told_of = {"document_type": "Core Helpdesk Settings", "for_user": desk.general_manager}
	assert frappe.db.exists("Notification Log", told_of)
	assert state(report) == flow.SENT


def test_who_comes_second_hears_why_nothing_happened(desk: frappe._dict) -> None:
	report = make(flow.TSM_REPORT)
	take(desk.tsm[0], report, flow.SEND)
	take(desk.general_manager, report, flow.SIGN)
	with pytest.raises(frappe.PermissionError, match="just before you"):
		take(desk.manager, report, flow.SIGN)


def test_the_role_alone_signs_nothing(desk: frappe._dict) -> None:
	report = make(flow.TSM_REPORT)
	take(desk.tsm[0], report, flow.SEND)
	for role in ("General Manager", "Customer Service Manager"):
		give_role(desk.other_qa, role)
	with pytest.raises(frappe.PermissionError):
		take(desk.other_qa, report, flow.SIGN)


def test_a_report_is_returned_with_a_reason(desk: frappe._dict) -> None:
	report = make(flow.QA_REPORT)
	take(desk.qa, report, flow.SUBMIT)
	with pytest.raises(frappe.ValidationError, match="what is to be changed"):
		take(desk.manager, report, flow.RETURN, " - ")
	take(desk.manager, report, flow.RETURN, "Say why March was slow")
	report.reload()
	assert (report.workflow_state, report.sent_by, report.sent_on) == (flow.MADE, None, None)
	assert (report.return_reason, report.returned_by) == ("Say why March was slow", desk.manager)
	web.put(desk.qa, f"{web.RESOURCE}/{DOCTYPE}/{report.name}", comment="Two people were away")
	take(desk.qa, report, flow.SUBMIT)
	take(desk.manager, report, flow.REVIEW)
	take(desk.general_manager, report, flow.RETURN, "Say until when")
	assert frappe.db.get_value(DOCTYPE, report.name, ["reviewed_by", "return_reason"]) == (
		None,
		"Say until when",
	)


def test_a_reason_comes_with_its_step_alone(desk: frappe._dict) -> None:
	report = make(flow.QA_REPORT)
	with pytest.raises(frappe.PermissionError):
		web.put(desk.qa, f"{web.RESOURCE}/{DOCTYPE}/{report.name}", return_reason="Mine")


def test_the_way_of_the_escalation_report(desk: frappe._dict, moment: Moment) -> None:
	"""Policy: TSM-M2"""
	report = make(flow.ESCALATION_REPORT)
	take(desk.tsm[0], report, flow.SEND)
	with pytest.raises(frappe.ValidationError, match="what was discussed"):
		take(desk.manager, report, flow.FORWARD)
	entered = {"row": report.outcomes[0].name, "outcome": "Night shift", "discussed_on": "2026-04-01"}
	web.call(desk.manager, f"{desks.API}.enter_outcome", report=report.name, **entered)
	for user in (desk.general_manager, desk.tsm[1]):
		with pytest.raises(frappe.PermissionError):
			take(user, report, flow.FORWARD)
	take(desk.manager, report, flow.FORWARD)
	report.reload()
	assert (report.workflow_state, report.forwarded_by) == (flow.FORWARDED, desk.manager)
	with pytest.raises(frappe.PermissionError):
		web.call(
			desk.manager, f"{desks.API}.enter_outcome", report=report.name, **{**entered, "outcome": "Other"}
		)


@pytest.mark.parametrize("mode", ["Off", "Observe"])
def test_nothing_is_handed_on_unless_mails_go_out(desk: frappe._dict, mode: str) -> None:
	report = make(flow.TSM_REPORT)
	switch_mode(mode)
	with pytest.raises(frappe.ValidationError, match="mode Live"):
		take(desk.tsm[0], report, flow.SEND)


def test_both_makers_can_write_into_the_form(desk: frappe._dict) -> None:
	"""Policy: QA-12, TSM-13"""
	states = frappe.get_doc("Workflow", flow.NAME).states
	assert {row.allow_edit for row in states if row.state == flow.MADE} == {"QA Specialist", "TSM Agent"}
