"""Who may read, change and act on a case; what nobody may write by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk.tracing import records
from tests.site import web
from tests.site.factories import as_user, make_agent, make_department, make_user
from tests.site.tracing_desk import accept, make_case, make_tracing_desk, make_tracing_group, pass_to

if TYPE_CHECKING:
	from frappe.model.document import Document

UAE, EGYPT = "United Arab Emirates", "Egypt"
CASE = f"{web.RESOURCE}/Tracing Case"


@pytest.fixture
def desk() -> frappe._dict:
	return make_tracing_desk()


def sees(user: str, case: Document) -> bool:
	with as_user(user):
		listed = bool(frappe.get_list("Tracing Case", {"name": case.name}))
		alone = frappe.has_permission("Tracing Case", "read", doc=frappe.get_doc("Tracing Case", case.name))
	assert listed == alone, user
	return listed


def writes(user: str, case: Document) -> bool:
	with as_user(user):
		return frappe.has_permission("Tracing Case", "write", doc=frappe.get_doc("Tracing Case", case.name))


def test_a_case_is_seen_by_its_groups_and_by_who_passed_it_on(desk: frappe._dict) -> None:
	agent = make_agent("Tracing Officer")
	case = make_case(desk, team=desk.groups[UAE])
	assert sees(desk.officers[UAE], case)
	assert sees(desk.officer, case)
	assert not sees(desk.officers[EGYPT], case)
	assert not sees(agent, case)


def test_who_passed_a_case_into_tracing_reads_it_on(desk: frappe._dict) -> None:
	from tests.site.factories import make_ticket
	from tests.site.tracing_desk import case_of

	agent = make_agent()
	ticket = make_ticket(group=desk.section)
	web.put(agent, f"{web.RESOURCE}/HD Ticket/{ticket.name}", agent_group=desk.headquarters)
	case = case_of(ticket)
	assert sees(agent, case)
	assert not writes(agent, case)
	assert not sees(desk.worker, case)


def test_supervisors_qa_and_heads_in_their_area_see_cases(desk: frappe._dict) -> None:
	case = make_case(desk)
	assert sees(desk.supervisor, case)
	assert sees(make_user("QA Specialist"), case)
	other = make_user("Department Manager")
	make_department(head=other)
	assert not sees(other, case)
	frappe.get_doc("User", desk.head).add_roles("Agent")
	assert sees(desk.head, case)
	assert not writes(desk.head, case)


def test_data_is_changed_by_officers_of_the_present_group_and_supervisors(desk: frappe._dict) -> None:
	case = make_case(desk, team=desk.groups[UAE])
	assert writes(desk.officers[UAE], case)
	assert writes(desk.supervisor, case)
	assert not writes(desk.officer, case)
	assert not writes(desk.officers[EGYPT], case)
	member = make_agent()
	group = frappe.get_doc("HD Team", desk.groups[UAE])
	group.append("users", {"user": member})
	group.save()
	assert not writes(member, case)
	web.put(desk.officers[UAE], f"{CASE}/{case.name}", follow_up_on="2026-04-01")
	assert str(case.reload().follow_up_on) == "2026-04-01"


def test_a_group_written_into_the_case_gives_no_right(desk: frappe._dict) -> None:
	case = make_case(desk, team=desk.groups[UAE])
	with pytest.raises(frappe.PermissionError):
		web.put(desk.officer, f"{CASE}/{case.name}", team=desk.headquarters, follow_up_on="2026-04-01")


@pytest.mark.parametrize(
	("field", "value"),
	[
		("status", "Closed"),
		("status", "Solved"),
		("answer", "Satisfied"),
		("officer", "Administrator"),
		("handed_to", "Egypt"),
		("due_epoch", 1),
		("due_on", "2030-01-01 00:00:00"),
		("open_ticket", None),
		("confirmation_key", "guessed"),
		("ticket", "1"),
		("closing", "Override"),
		("cycle", 7),
	],
)
def test_what_acts_change_nobody_writes(desk: frappe._dict, field: str, value: object) -> None:
	case = make_case(desk)
	with pytest.raises((frappe.PermissionError, frappe.ValidationError)):
		web.put(desk.officer, f"{CASE}/{case.name}", **{field: value})
	assert case.get(field) == frappe.db.get_value("Tracing Case", case.name, field)


@pytest.mark.parametrize("table", ["updates", "legs", "cycles", "answers"])
def test_what_happened_nobody_writes(desk: frappe._dict, table: str) -> None:
	case = accept(make_case(desk))
	row = {"what": "Nothing", "team": desk.section, "answer": "Satisfied", "number": 9}
	for rows in ([], [row]):
		if rows or case.get(table):
			with pytest.raises(frappe.PermissionError):
				web.put(desk.officer, f"{CASE}/{case.name}", **{table: rows})


def test_a_row_is_not_changed_on_its_own(desk: frappe._dict) -> None:
	case = accept(make_case(desk))
	for verb, data in (("PUT", {"due_epoch": 1}), ("DELETE", {})):
		with pytest.raises(frappe.PermissionError):
			web.send(desk.officer, verb, f"{web.RESOURCE}/Tracing Leg/{case.legs[0].name}", data=data)


def test_nobody_makes_renames_or_deletes_a_case(desk: frappe._dict) -> None:
	case = make_case(desk)
	for user in ("Administrator", desk.supervisor, desk.officer):
		with pytest.raises(frappe.PermissionError):
			web.post(user, CASE, ticket="1", team=desk.headquarters)
		with pytest.raises(frappe.PermissionError):
			web.send(user, "DELETE", f"{CASE}/{case.name}")
	with pytest.raises(frappe.PermissionError):
		frappe.rename_doc("Tracing Case", case.name, "TC-1")


def test_rows_are_read_with_their_case_only(desk: frappe._dict) -> None:
	case = make_case(desk, team=desk.groups[UAE])
	with as_user(desk.officers[EGYPT]):
		asked = {"parent": case.name}
		assert not frappe.get_list("Tracing Leg", asked, parent_doctype="Tracing Case")
	with as_user(desk.officer):
		assert len(frappe.get_list("Tracing Leg", asked, parent_doctype="Tracing Case")) == 2


def test_a_form_that_is_older_than_a_hand_over_is_refused(desk: frappe._dict) -> None:
	case = make_case(desk)
	old = frappe.get_doc("Tracing Case", case.name)
	pass_to(case, desk.groups[UAE])
	old.follow_up_on = "2026-05-01"
	with pytest.raises(frappe.TimestampMismatchError):
		old.save()
	assert len(records.legs_of(frappe.get_doc("Tracing Case", case.name))) == 2


def test_only_those_who_answer_for_groups_mark_them(desk: frappe._dict) -> None:
	group = make_tracing_group(country=EGYPT)
	for mark in (0, 1):
		frappe.db.set_value("HD Team", group, "ch_tracing", mark)
		with pytest.raises(frappe.PermissionError):
			web.put(desk.officer, f"{web.RESOURCE}/HD Team/{group}", ch_tracing=1 - mark)
	web.put(make_agent("QA Specialist"), f"{web.RESOURCE}/HD Team/{group}", ch_tracing=0)
	assert not frappe.db.get_value("HD Team", group, "ch_tracing")
