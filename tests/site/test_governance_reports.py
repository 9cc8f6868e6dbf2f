"""The reports of group governance: who may read which, by every way of running them, in both languages."""

from __future__ import annotations

import io
import json

import frappe
import pytest
from frappe.desk import query_report
from openpyxl import load_workbook

from core_helpdesk import config, jobs
from core_helpdesk.governance import department_readers
from core_helpdesk.reports import at_once
from tests.site import report_reading as reading
from tests.site import request_desk as desks
from tests.site import web
from tests.site.factories import as_user, make_agent, make_team, make_user
from tests.site.report_reading import ACCESS, ALL, CONFLICTS, PARITY, REQUESTS
from tests.site.request_desk import SA, Desk

OF_GROUPS = (PARITY, CONFLICTS, REQUESTS)


@pytest.fixture
def desk() -> Desk:
	return desks.open_desk()


def may_read(user: str, report: str) -> bool:
	try:
		reading.run(user, report)
	except frappe.PermissionError:
		return False
	return True


READ_BY = {
	"qa": ALL,
	"manager": ALL,
	"general_manager": OF_GROUPS,
	"head": OF_GROUPS,
	"deputy": OF_GROUPS,
	"other_head": OF_GROUPS,
	"agent": (),
	"outsider": (),
	"administrator": ALL,
}


def test_each_person_reads_what_is_theirs(desk: Desk) -> None:
	people = desk.people()
	read = {name: tuple(report for report in ALL if may_read(people[name], report)) for name in READ_BY}
	assert read == READ_BY


def test_system_managers_read_who_has_access_and_nothing_of_groups(desk: Desk) -> None:
	assert {report for report in ALL if may_read(make_user("System Manager"), report)} == {ACCESS}


def test_members_of_the_management_group_read_no_report(desk: Desk) -> None:
	member = desk.courier.tsm[0]
	assert not [report for report in ALL if may_read(member, report)]


def test_the_role_of_the_manager_without_the_office_does_not_read_who_has_access(desk: Desk) -> None:
	other = make_user("Customer Service Manager")
	assert not may_read(other, ACCESS)
	assert reading.rows(other, PARITY) == []


def test_a_custom_role_for_a_report_opens_it_to_nobody(desk: Desk) -> None:
	"""An admin may give a report to other roles: its own code still asks."""
	for report in ALL:
		roles = [{"role": "Agent"}, {"role": "TSM Agent"}]
		frappe.get_doc({"doctype": "Custom Role", "report": report, "roles": roles}).insert()
		for user in (desk.agent, desk.outsider):
			assert not may_read(user, report)


def test_the_code_itself_refuses_whoever_calls_it_past_the_framework(desk: Desk) -> None:
	for report in ALL:
		with as_user(desk.agent), pytest.raises(frappe.PermissionError):
			frappe.get_doc("Report", report).execute_module({})


def test_a_head_of_another_department_sees_nothing_of_this_one(desk: Desk) -> None:
	desks.make_request(desk)
	for report in OF_GROUPS:
		told = reading.text_of(desk.other_head, report)
		for name in (desk.department, desk.home, desk.abroad, desk.category):
			assert name not in told


def test_a_deputy_sees_what_the_head_sees_while_the_head_is_away(desk: Desk) -> None:
	desks.make_request(desk)
	for report in OF_GROUPS:
		assert desk.department not in reading.text_of(desk.deputy, report)
	away = {"absent_from": "2020-01-01", "absent_until": "2099-01-01"}
	frappe.db.set_value("Department Head", {"head": desk.head}, away)
	assert desk.department in reading.text_of(desk.deputy, REQUESTS, by="Department")


def test_staff_whom_a_head_names_read_the_reports_of_the_department(desk: Desk) -> None:
	reader = make_agent()
	with as_user(desk.head):
		department_readers.name_readers(desk.department, SA, [reader])
	desks.make_request(desk)
	assert tuple(report for report in ALL if may_read(reader, report)) == OF_GROUPS
	assert desk.department in reading.text_of(reader, REQUESTS, by="Department")
	assert desk.department not in reading.text_of(reader, PARITY)


def test_another_user_named_in_the_call_changes_nothing(desk: Desk) -> None:
	for report in OF_GROUPS:
		desks.make_request(desk)
		answer = web.get(desk.other_head, reading.RUN, report_name=report, filters={}, user=desk.qa)
		assert desk.department not in json.dumps(answer)


def test_the_hidden_group_is_named_to_nobody_who_may_not_see_it(desk: Desk) -> None:
	for report in ALL:
		hidden = config.settings().tsm_team
		frappe.db.delete("HD Team Member", {"parent": hidden})
		for user in (
			desk.manager,
			desk.general_manager,
			desk.head,
			desk.other_head,
			make_user("System Manager"),
		):
			if may_read(user, report):
				links = [row.get("links") for row in reading.rows(user, report)]
				assert hidden not in json.dumps(links)
				assert hidden not in {row.get("group") for row in reading.rows(user, report)}


def test_a_report_is_never_prepared_for_others_to_pick_up(desk: Desk) -> None:
	for report in ALL:
		call = "frappe.core.doctype.prepared_report.prepared_report.make_prepared_report"
		with pytest.raises(frappe.ValidationError, match="made at once"):
			web.call(desk.qa, call, report_name=report, filters={})
		frappe.db.set_value("Report", report, "prepared_report", 1)
		at_once.keep_at_once()
		assert not frappe.db.get_value("Report", report, "prepared_report")


def test_a_report_that_was_slow_once_is_at_hand_again_within_minutes(desk: Desk) -> None:
	frappe.db.set_value("Report", {"name": ("in", ALL)}, "prepared_report", 1)
	jobs.ch_announce()
	assert not any(frappe.get_all("Report", {"name": ("in", ALL)}, pluck="prepared_report"))


def test_a_report_is_never_mailed_with_the_rights_of_a_job(desk: Desk) -> None:
	for report in ALL:
		mailed = {
			"doctype": "Auto Email Report",
			"report": report,
			"report_type": "Script Report",
			"user": desk.outsider,
			"email_to": "outsider@example.com",
			"frequency": "Daily",
			"format": "CSV",
		}
		with pytest.raises(frappe.ValidationError, match="another's rights"):
			frappe.get_doc(mailed).insert()


def test_a_saved_view_of_a_report_is_as_closed_as_the_report(desk: Desk) -> None:
	view = query_report.save_report(PARITY, "Parity of My Countries", "[]", "{}")
	assert not may_read(desk.agent, view)
	call = "frappe.core.doctype.prepared_report.prepared_report.make_prepared_report"
	with pytest.raises(frappe.ValidationError, match="made at once"):
		web.call(desk.qa, call, report_name=view, filters={})


@pytest.mark.parametrize("report", ALL)
def test_an_export_holds_what_its_reader_sees(desk: Desk, report: str) -> None:
	desks.make_request(desk)
	shown = reading.run(desk.qa, report)
	written = reading.exported_rows(desk.qa, report)
	assert written[0] == [column["label"] for column in shown["columns"]]
	assert len(written) - 1 == len(shown["result"])
	if report != ACCESS:
		assert desk.department not in json.dumps(reading.exported_rows(desk.other_head, report))
	with pytest.raises(frappe.PermissionError):
		reading.export(desk.outsider, report)


@pytest.mark.parametrize("name", ["=1+1", "@SUM(A1)", "+966", "-1"])
def test_no_name_becomes_a_formula_in_an_exported_file(desk: Desk, name: str) -> None:
	place = {"ch_department": desk.department, "ch_category": desk.category, "ch_country": SA}
	team = make_team(name=name, agents=(make_agent(),), ch_ticket_type=desk.ticket_type, **place)
	written = reading.exported_rows(desk.qa, CONFLICTS, group=team)
	names = {cell for row in written[1:] for cell in row[:5]}
	assert f"'{name}" in names
	assert name not in names
	sheet = load_workbook(io.BytesIO(reading.export(desk.qa, CONFLICTS, "Excel", group=team))).active
	assert "f" not in {cell.data_type for row in sheet.iter_rows() for cell in row}


def test_filters_of_any_shape_are_answered(desk: Desk) -> None:
	for report in ALL:
		for filters in ("", "[]", '{"department": ["like", "%"]}', '{"since": null, "by": "Nothing"}'):
			assert web.get(desk.qa, reading.RUN, report_name=report, filters=filters)["columns"]


@pytest.mark.parametrize("report", ALL)
def test_a_report_speaks_arabic_to_who_reads_arabic(desk: Desk, report: str) -> None:
	desks.make_request(desk)
	frappe.local.lang = "ar"
	told = reading.run(desk.qa, report)
	frappe.local.lang = "en"
	for column in told["columns"]:
		assert not column["label"].isascii(), column["label"]
	for item in told["report_summary"]:
		assert not item["label"].isascii(), item["label"]
	assert not frappe._(report, lang="ar").isascii()


def test_reports_are_linked_from_the_workspace() -> None:
	for report in ALL:
		links = frappe.get_all(
			"Workspace Link", {"parent": "Core Helpdesk", "link_to": report}, pluck="link_type"
		)
		assert links == ["Report"]


def test_running_a_report_writes_nothing(desk: Desk) -> None:
	for report in ALL:
		before = frappe.db.transaction_writes
		with as_user(desk.qa):
			frappe.get_doc("Report", report).execute_module({})
		assert frappe.db.transaction_writes == before
