"""Who reads a Monthly Report and how much of it, and that nobody changes what is frozen, whatever way they try."""

from __future__ import annotations

import frappe
import pytest
from frappe.permissions import add_permission

from core_helpdesk.mail import language
from core_helpdesk.monthly import printing, reading, rights
from core_helpdesk.setup import monthly_workflow as flow
from tests.site import monthly_desk as desks
from tests.site import web
from tests.site.factories import add_head, as_user, make_agent, make_department, make_user
from tests.site.moments import moment_from
from tests.site.monthly_desk import DOCTYPE, FIGURES, make, parts, sent_to, shown

moment = moment_from("2026-03-01 09:00")
desk = desks.desk_fixture


def listed(user: str) -> set[str]:
	return {row["name"] for row in web.get(user, f"{web.RESOURCE}/{DOCTYPE}")}


@pytest.mark.parametrize("kind", flow.KINDS)
def test_who_sees_everything_reads_every_report(desk: frappe._dict, kind: str) -> None:
	report = make(kind)
	for user in (desk.qa, desk.manager, desk.general_manager, desk.tsm[0]):
		assert report.name in listed(user)
		assert parts(user, report) >= {desk.other}


@pytest.mark.parametrize("kind", flow.KINDS)
def test_nobody_else_reads_any(desk: frappe._dict, kind: str) -> None:
	report = make(kind)
	deputy = make_user("Customer Service Manager", "General Manager", "TSM Agent")
	for user in (
		make_agent(),
		make_user("System Manager"),
		make_user("Support Supervisor"),
		desk.own_head,
		deputy,
	):
		with pytest.raises(frappe.PermissionError):
			shown(user, report)
		with pytest.raises(frappe.PermissionError):
			web.get(user, f"{web.RESOURCE}/{DOCTYPE}/{report.name}")


def test_a_head_reads_the_report_that_was_sent_with_their_own_departments(desk: frappe._dict) -> None:
	"""Policy: TSM-13, CORE-13"""
	report, others = sent_to(desk.own_head, desk), make(flow.QA_REPORT)
	assert listed(desk.own_head) == {report.name}
	assert parts(desk.own_head, report) == {desk.own}
	assert parts(desk.other_head, report) == {desk.other}
	assert desks.line(desk.own_head, report, "received") == "3"
	assert desks.line(desk.own_head, report, "escalated") == "0"
	with pytest.raises(frappe.PermissionError):
		shown(desk.own_head, others)


def test_a_heads_print_and_mail_hold_nothing_of_others(desk: frappe._dict) -> None:
	report = sent_to(desk.own_head, desk)
	for spoken in ("en", "ar"):
		with as_user(desk.own_head), language.speaking(spoken):
			texts = (
				frappe.as_json(printing.monthly_report(report.name), ensure_ascii=False),
				frappe.as_json(reading.answer(report).rows, ensure_ascii=False),
				frappe.get_print(DOCTYPE, report.name, print_format="Monthly Report"),
			)
		for text in texts:
			assert desk.own in text
			assert desk.other not in text
			assert desk.other_team not in text


def test_nobody_mails_a_print_that_the_queue_would_draw_as_administrator(desk: frappe._dict) -> None:
	"""Policy: CORE-13, TSM-12"""
	report = sent_to(desk.own_head, desk)
	mail = {
		"doctype": DOCTYPE,
		"name": report.name,
		"recipients": "x@example.com",
		"subject": "x",
		"content": "x",
	}
	for user in (desk.own_head, desk.qa, desk.manager):
		with pytest.raises(frappe.PermissionError):
			web.call(
				user,
				"frappe.core.doctype.communication.email.make",
				**mail,
				send_email=1,
				print_format="Monthly Report",
			)
	with as_user("Administrator"), pytest.raises(frappe.PermissionError):
		printing.monthly_report(report.name)


def test_an_office_that_is_vacant_signs_nothing(desk: frappe._dict) -> None:
	"""Policy: QA-M1"""
	assert rights.is_general_manager(desk.general_manager)
	assert rights.is_manager(desk.manager)
	for office in ("general_manager", "customer_service_manager"):
		frappe.db.set_single_value("Core Helpdesk Settings", office, "")
	frappe.clear_document_cache("Core Helpdesk Settings", "Core Helpdesk Settings")
	assert not rights.is_management(desk.general_manager)
	assert not rights.is_management(desk.manager)


def test_a_figure_of_all_countries_is_for_who_sees_them_all(desk: frappe._dict) -> None:
	"""Policy: CORE-13"""
	whole, apart = make_user("Department Manager"), make_user("Department Manager")
	department = make_department(head=whole)
	assert rights.sees_all_of(department, "", whole)
	add_head(department, head=apart, country="Egypt")
	assert not rights.sees_all_of(department, "", whole)
	assert not rights.sees_all_of("", "", whole)
	assert rights.sees_all_of(department, "Egypt", apart)
	assert rights.sees_all_of("", "", desk.qa)


def test_the_figures_reach_nobody_by_rest(desk: frappe._dict) -> None:
	report = sent_to(desk.own_head, desk)
	for user in (desk.own_head, desk.manager, desk.tsm[0], make_agent()):
		with pytest.raises(frappe.PermissionError):
			web.get(user, f"{web.RESOURCE}/{FIGURES}")
		with pytest.raises(frappe.PermissionError):
			asked = {"doctype": FIGURES, "fieldname": "cells", "filters": {"month": report.month}}
			web.call(user, "frappe.client.get_value", **asked)
	stored = web.get(desk.own_head, f"{web.RESOURCE}/{DOCTYPE}/{report.name}")
	assert desk.other not in frappe.as_json(stored)


def test_no_role_that_somebody_gives_opens_the_figures(desk: frappe._dict) -> None:
	"""Policy: CORE-13, TSM-12"""
	make(flow.TSM_REPORT)
	name = frappe.db.get_value(FIGURES, {"month": desks.MONTH})
	for role in ("Department Manager", "Customer Service Manager", "TSM Agent"):
		add_permission(FIGURES, role)
	frappe.clear_cache(doctype=FIGURES)
	for user in (desk.own_head, desk.manager):
		assert web.get(user, f"{web.RESOURCE}/{FIGURES}") == []
		with pytest.raises(frappe.PermissionError):
			web.get(user, f"{web.RESOURCE}/{FIGURES}/{name}")
	assert [row["name"] for row in web.get(desk.tsm[0], f"{web.RESOURCE}/{FIGURES}")] == [name]


def test_the_hidden_group_is_named_to_its_members_alone(desk: frappe._dict) -> None:
	"""Policy: TSM-12"""
	report = make(flow.QA_REPORT)
	assert desk.tsm_team not in parts(desk.manager, report, "group")


def test_frozen_fields_are_refused_or_put_back(desk: frappe._dict) -> None:
	"""Policy: QA-M1"""
	report = make(flow.QA_REPORT)
	path = f"{web.RESOURCE}/{DOCTYPE}/{report.name}"
	for change in ({"kind": flow.TSM_REPORT}, {"month": "2026-02"}):
		with pytest.raises((frappe.PermissionError, frappe.ValidationError)):
			web.put(desk.qa, path, **change)
	web.put(desk.qa, path, made_on="2020-01-01 00:00:00", signed_by=desk.qa, sent_on="2020-01-01 00:00:00")
	after = frappe.get_doc(DOCTYPE, report.name)
	assert (after.made_on, after.signed_by, after.sent_on) == (report.made_on, None, None)


def test_figures_are_changed_and_deleted_by_nobody(desk: frappe._dict) -> None:
	report = make(flow.QA_REPORT)
	name = frappe.db.get_value(FIGURES, {"month": report.month})
	for user in (desk.qa, "Administrator"):
		with as_user(user):
			document = frappe.get_doc(FIGURES, name)
			document.cells = "[]"
			with pytest.raises(frappe.PermissionError):
				document.save(ignore_permissions=True)
			with pytest.raises(frappe.PermissionError):
				frappe.delete_doc(FIGURES, name, ignore_permissions=True)


def test_reports_are_made_kept_and_named_by_the_app(desk: frappe._dict) -> None:
	report = make(flow.QA_REPORT)
	for user in (desk.qa, "Administrator"):
		with pytest.raises(frappe.PermissionError):
			web.post(user, f"{web.RESOURCE}/{DOCTYPE}", kind=flow.TSM_REPORT, month="2026-02")
		with as_user(user), pytest.raises(frappe.PermissionError):
			frappe.delete_doc(DOCTYPE, report.name, ignore_permissions=True)
		with as_user(user), pytest.raises((frappe.PermissionError, frappe.ValidationError)):
			frappe.rename_doc(DOCTYPE, report.name, "MR-Other", force=True)


def test_the_comment_is_its_makers_until_it_is_handed_on(desk: frappe._dict) -> None:
	"""Policy: QA-12"""
	report = make(flow.QA_REPORT)
	path = f"{web.RESOURCE}/{DOCTYPE}/{report.name}"
	web.put(desk.qa, path, comment="Good <b>month</b>")
	assert frappe.db.get_value(DOCTYPE, report.name, "comment") == "Good &lt;b>month&lt;/b>"
	for user in (desk.manager, desk.tsm[0], desk.general_manager):
		with pytest.raises(frappe.PermissionError):
			web.put(user, path, comment="Mine")
	desks.take(desk.qa, report, flow.SUBMIT)
	with pytest.raises(frappe.PermissionError):
		web.put(desk.qa, path, comment="Other")


def test_drafts_of_the_comment_stand_in_no_version(
	desk: frappe._dict, monkeypatch: pytest.MonkeyPatch
) -> None:
	"""Policy: TSM-13"""
	monkeypatch.setattr(frappe.flags, "in_test", False)
	monkeypatch.setattr(frappe, "in_test", False, raising=False)
	report = make(flow.TSM_REPORT)
	path = f"{web.RESOURCE}/{DOCTYPE}/{report.name}"
	for draft in ("They sleep", "They could do better"):
		web.put(desk.tsm[0], path, comment=draft)
	desks.take(desk.tsm[0], report, flow.SEND)
	versions = frappe.get_all("Version", {"docname": report.name}, pluck="data")
	assert versions
	assert "sleep" not in str(versions)


def test_the_steps_that_were_taken_are_written_by_the_app(desk: frappe._dict) -> None:
	"""Policy: QA-M1"""
	report = make(flow.QA_REPORT)
	path = f"{web.RESOURCE}/{DOCTYPE}/{report.name}"
	web.put(desk.qa, path, comment="Good")
	(row,) = report.reload().steps_taken
	forged = {"action": flow.SIGN, "user": desk.general_manager, "office": "General Manager"}
	for rows in ([], [{"name": row.name, **forged}], [forged]):
		web.put(desk.qa, path, steps_taken=rows)
		(kept,) = report.reload().steps_taken
		assert (kept.name, kept.action, kept.user) == (row.name, "Write Comment", desk.qa)
	with pytest.raises(frappe.PermissionError):
		web.put(desk.qa, f"{web.RESOURCE}/Monthly Report Step/{row.name}", user=desk.other_qa)


def test_outcomes_are_the_managers_and_name_the_departments_that_they_named(desk: frappe._dict) -> None:
	"""Policy: TSM-M2"""
	report = make(flow.ESCALATION_REPORT)
	row, path = report.outcomes[0], f"{web.RESOURCE}/{DOCTYPE}/{report.name}"
	said = {"outcome": "Two more people at night", "discussed_on": "2026-03-31"}
	with pytest.raises(frappe.PermissionError):
		web.put(
			desk.manager,
			path,
			outcomes=[{"name": row.name, "department": desk.other, "country": desks.EGYPT, **said}],
		)
	desks.take(desk.tsm[0], report, flow.SEND)
	for user in (desk.tsm[0], desk.qa, desk.general_manager):
		with pytest.raises(frappe.PermissionError):
			entered = {"row": row.name, "outcome": "No", "discussed_on": "2026-03-31"}
			web.call(user, f"{desks.API}.enter_outcome", report=report.name, **entered)
	with pytest.raises(frappe.PermissionError):
		web.put(desk.manager, path, outcomes=[])
	with pytest.raises(frappe.ValidationError, match="future"):
		later = {"row": row.name, "outcome": "Later", "discussed_on": "2026-05-01"}
		web.call(desk.manager, f"{desks.API}.enter_outcome", report=report.name, **later)
	web.call(desk.manager, f"{desks.API}.enter_outcome", report=report.name, row=row.name, **said)
	assert frappe.db.get_value("Department Outcome", row.name, ["outcome", "entered_by"]) == (
		"Two more people at night",
		desk.manager,
	)
