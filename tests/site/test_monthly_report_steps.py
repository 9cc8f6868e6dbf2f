"""The steps of Monthly Reports: each through the right person, four eyes, dated, mailed once and reminded of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk import config
from core_helpdesk.monthly import acts, reading, reminders
from core_helpdesk.setup import monthly_workflow as flow
from tests.site import monthly_desk as desks
from tests.site import web
from tests.site.factories import as_user, give_role, make_agent, switch_mode
from tests.site.moments import Moment, moment_of_all
from tests.site.monthly_desk import DOCTYPE, make, take

if TYPE_CHECKING:
	from collections.abc import Iterator

	from frappe.model.document import Document

APPLY = "frappe.model.workflow.apply_workflow"


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Moment]:
	yield from moment_of_all(monkeypatch, "2026-03-01 09:00")


@pytest.fixture
def desk(moment: Moment) -> frappe._dict:
	return desks.make_monthly_desk(moment)


def state(report: Document) -> str:
	return frappe.db.get_value(DOCTYPE, report.name, "workflow_state")


def told(user: str) -> int:
	return frappe.db.count("Notification Log", {"document_type": DOCTYPE, "for_user": user})


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
	frappe.db.set_single_value("Core Helpdesk Settings", "general_manager", desk.manager)
	frappe.clear_document_cache("Core Helpdesk Settings", "Core Helpdesk Settings")
	frappe.db.set_value(DOCTYPE, report.name, {"sent_by": desk.qa})
	take(desk.manager, report, flow.REVIEW)
	with pytest.raises(frappe.PermissionError):
		take(desk.manager, report, flow.SIGN)
	assert state(report) == flow.REVIEWED


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


def test_it_goes_to_whom_the_policy_names(desk: frappe._dict) -> None:
	"""Policy: QA-12, TSM-13, TSM-M2"""
	today = config.from_epoch(config.now_epoch()).date()

	def goes_to(report: Document) -> set[str]:
		return {person.user for person in acts.readers(report.reload(), today)}

	report = make(flow.QA_REPORT)
	take(desk.qa, report, flow.SUBMIT)
	assert goes_to(report) == {desk.manager}
	take(desk.manager, report, flow.REVIEW)
	assert goes_to(report) == {desk.general_manager}
	report = make(flow.TSM_REPORT)
	take(desk.tsm[0], report, flow.SEND)
	heads = {desk.head, desk.own_head, desk.other_head}
	assert goes_to(report) == {*heads, desk.qa, desk.other_qa, desk.manager}
	report = make(flow.ESCALATION_REPORT)
	take(desk.tsm[0], report, flow.SEND)
	assert goes_to(report) == {desk.manager}


def test_each_of_them_has_one_row_in_the_ledger(desk: frappe._dict) -> None:
	report = make(flow.TSM_REPORT)
	take(desk.tsm[0], report, flow.SEND)
	rows = frappe.get_all(
		"Report Delivery", {"reference_name": report.name}, ["recipient", "report", "period_key"]
	)
	assert {desk.own_head, desk.qa, desk.manager} <= {row.recipient for row in rows}
	assert {(row.report, row.period_key) for row in rows} == {(flow.TSM_REPORT, desks.MONTH)}
	assert len(rows) == len({row.recipient for row in rows})


def test_a_step_that_waits_is_reminded_of(desk: frappe._dict, moment: Moment) -> None:
	"""Policy: QA-M1"""
	report = make(flow.QA_REPORT)
	take(desk.qa, report, flow.SUBMIT)
	before = told(desk.manager)
	assert reminders.remind(moment.later(days=1)) == []
	assert reminders.remind(moment.later(days=7)) == [report.name]
	assert reminders.remind(moment.later(hours=1)) == []
	assert told(desk.manager) == before + 1
	assert reminders.remind(moment.later(days=8)) == [report.name]
	take(desk.manager, report, flow.REVIEW)
	take(desk.general_manager, report, flow.SIGN)
	assert reminders.remind(moment.later(days=30)) == []


def test_who_is_next_hears_of_it(desk: frappe._dict) -> None:
	report = make(flow.QA_REPORT)
	take(desk.qa, report, flow.SUBMIT)
	assert (told(desk.manager), told(desk.general_manager)) == (1, 0)
	take(desk.manager, report, flow.REVIEW)
	assert told(desk.general_manager) == 1


def test_a_mail_says_what_it_waits_for(desk: frappe._dict) -> None:
	"""Policy: QA-M1"""
	report = make(flow.QA_REPORT)
	take(desk.qa, report, flow.SUBMIT)
	for user, asks in ((desk.manager, True), (desk.qa, False)):
		with as_user(user):
			content = reading.content(report.reload())
		assert ("waits for your review" in content.lead) is asks
		assert content.points == tuple(reading.view(report)["summary"])


def test_both_makers_can_write_into_the_form(desk: frappe._dict) -> None:
	"""Policy: QA-12, TSM-13"""
	states = frappe.get_doc("Workflow", flow.NAME).states
	assert {row.allow_edit for row in states if row.state == flow.MADE} == {"QA Specialist", "TSM Agent"}
