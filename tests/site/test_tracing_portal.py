"""The customer closes the ticket in the portal: an answer to the solution, never a way past the case."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk.hosts import ticket_status
from tests.site import web
from tests.site.factories import as_user, make_agent, make_user, switch_mode
from tests.site.tracing_desk import accept, make_case, make_tracing_desk, pass_to

if TYPE_CHECKING:
	from frappe.model.document import Document

API = "core_helpdesk.tracing_api"


@pytest.fixture
def desk() -> frappe._dict:
	desk = make_tracing_desk(required_documents=[])
	desk.customer = make_user()
	return desk


def act(user: str, name: str, case: Document, **said: object) -> Document:
	web.call(user, f"{API}.{name}", case=case.name, **said)
	return case.reload()


def solved(desk: frappe._dict, **data: object) -> Document:
	case = accept(make_case(desk, customer=desk.customer, **data))
	return act(desk.officer, "mark_solved", case, solution="Delivered on Tuesday.")


def close_in_portal(user: str, case: Document, **said: object) -> None:
	"""What the portal's buttons send: the status alone, or with the customer's feedback."""
	asked = {"doctype": "HD Ticket", "name": case.ticket}
	if said:
		web.call(user, "frappe.client.set_value", **asked, fieldname={"status": "Closed", **said})
	else:
		web.call(user, "frappe.client.set_value", **asked, fieldname="status", value="Closed")
	case.reload()


def make_feedback(label: str, rating: float = 1) -> str:
	option = {"doctype": "HD Ticket Feedback Option", "label": label, "rating": rating}
	return frappe.get_doc(option).insert().name


def ticket_of(case: Document) -> Document:
	return frappe.get_doc("HD Ticket", case.ticket)


def comments_on(case: Document) -> str:
	return " ".join(frappe.get_all("HD Ticket Comment", {"reference_ticket": case.ticket}, pluck="content"))


def test_closing_a_solved_case_confirms_it(desk: frappe._dict) -> None:
	case = solved(desk)
	close_in_portal(desk.customer, case)
	assert (case.status, case.closing, case.answer) == ("Closed", "Confirmed", "Satisfied")
	assert [(row.answer, row.source, row.recorded_by) for row in case.answers] == [
		("Satisfied", "Portal", desk.customer)
	]
	assert (ticket_of(case).status, case.closed_by) == ("Closed", desk.customer)
	assert ticket_of(case).resolution_date


def test_what_the_customer_says_with_it_is_kept(desk: frappe._dict) -> None:
	case = solved(desk)
	option = make_feedback("Quick work")
	close_in_portal(desk.customer, case, feedback=option, feedback_extra="Thanks to <i>all</i>")
	assert case.answers[-1].comment == "Quick work. Thanks to &lt;i>all&lt;/i>"
	assert ticket_of(case).feedback == option


@pytest.mark.parametrize("extra", ["", "Still not here"])
def test_a_case_without_solution_keeps_its_ticket_open_as_it_was(desk: frappe._dict, extra: str) -> None:
	case = make_case(desk, customer=desk.customer)
	before = ticket_of(case).as_dict()
	said = {"feedback": make_feedback("Never mind"), "feedback_extra": extra} if extra else {}
	close_in_portal(desk.customer, case, **said)
	after = ticket_of(case).as_dict()
	kept = [field for field in ticket_status.FOLLOW_STATUS if field in before]
	assert {field: after[field] for field in kept} == {field: before[field] for field in kept}
	assert (case.status, case.answer or "", case.answers[-1].source) == ("Open", "", "Portal")
	assert "stays open" in comments_on(case)
	assert "not solved" in comments_on(case)
	assert any("stays open" in str(message) for message in frappe.local.message_log)


def test_the_customer_can_go_on_writing_on_a_ticket_that_stays_open(desk: frappe._dict) -> None:
	case = make_case(desk, customer=desk.customer)
	close_in_portal(desk.customer, case, feedback=make_feedback("Never mind"), feedback_extra="Fine")
	message = {
		"doctype": "Communication",
		"communication_type": "Communication",
		"sent_or_received": "Received",
		"sender": desk.customer,
		"subject": "Re",
		"content": "One more thing",
		"reference_doctype": "HD Ticket",
		"reference_name": case.ticket,
	}
	with as_user(desk.customer):
		# The host saves the ticket with it, and refuses that on one that was rated.
		frappe.get_doc(message).insert(ignore_permissions=True)
	assert frappe.db.exists("Communication", {"reference_name": case.ticket, "sender": desk.customer})


def test_a_yes_that_says_no_keeps_the_ticket_open_for_a_person(desk: frappe._dict) -> None:
	case = solved(desk)
	close_in_portal(
		desk.customer, case, feedback=make_feedback("Done"), feedback_extra="The parcel never arrived"
	)
	assert (case.status, case.answer, ticket_of(case).status) == ("Solved", "Doubtful", "Open")
	assert "in doubt" in comments_on(case)


def test_a_confirmed_case_with_something_missing_stays_open_and_keeps_the_yes(desk: frappe._dict) -> None:
	case = solved(desk)
	case.shipper_phone = ""
	case.save()
	close_in_portal(desk.customer, case)
	assert (case.status, case.answer, ticket_of(case).status) == ("Solved", "Satisfied", "Open")
	assert "Phone" in comments_on(case)
	assert "Phone" not in str(frappe.local.message_log)


def test_nobody_becomes_the_customer_by_changing_the_ticket_first(desk: frappe._dict) -> None:
	"""Whoever brought it is kept on the case, whatever the ticket says of contact and address later."""
	other = make_user()
	contact = frappe.get_doc({"doctype": "Contact", "first_name": "Reception", "user": other}).insert()
	case = solved(desk)
	changed = {"contact": contact.name, "raised_by": other, "owner": other}
	frappe.db.set_value("HD Ticket", case.ticket, changed)
	with pytest.raises(frappe.ValidationError, match="Only who raised it"):
		close_in_portal(other, case)
	assert (case.reload().answers, ticket_of(case).status) == ([], "Open")


def test_a_closing_that_is_rated_low_is_a_yes_in_doubt(desk: frappe._dict) -> None:
	"""Policy: TRC-22"""
	case = solved(desk)
	close_in_portal(desk.customer, case, feedback=make_feedback("Poor", 0.2))
	assert (case.status, case.answer, ticket_of(case).status) == ("Solved", "Doubtful", "Open")


def test_other_customers_confirm_nothing_and_learn_nothing(desk: frappe._dict) -> None:
	case = solved(desk)
	stranger = make_user()
	with pytest.raises(frappe.PermissionError):
		close_in_portal(stranger, case)
	# One of the same company, who may read the ticket.
	frappe.db.set_value("HD Ticket", case.ticket, "owner", stranger)
	with pytest.raises(frappe.ValidationError, match="Only who raised it") as refused:
		close_in_portal(stranger, case)
	assert desk.headquarters not in str(refused.value)
	assert (case.reload().answers, ticket_of(case).status) == ([], "Open")


def test_nobody_becomes_the_customer_by_saying_so(desk: frappe._dict) -> None:
	case = solved(desk)
	agent = make_agent()
	with pytest.raises(frappe.ValidationError, match="cannot be closed yet"):
		fields = {"status": "Closed", "raised_by": agent, "via_customer_portal": 1}
		web.put(agent, f"{web.RESOURCE}/HD Ticket/{case.ticket}", **fields)
	assert case.reload().answers == []


def test_nobody_confirms_their_own_solution(desk: frappe._dict) -> None:
	"""An officer who raised the ticket, or made themselves the one who did, has worked the case all the same."""
	case = solved(desk)
	web.put(desk.officer, f"{web.RESOURCE}/HD Ticket/{case.ticket}", raised_by=desk.officer)
	with pytest.raises(frappe.ValidationError, match="has not confirmed"):
		web.put(desk.officer, f"{web.RESOURCE}/HD Ticket/{case.ticket}", status="Closed")
	pass_to(case, desk.section)
	with pytest.raises(frappe.ValidationError, match="cannot be closed yet"):
		web.put(desk.officer, f"{web.RESOURCE}/HD Ticket/{case.ticket}", status="Closed")


def test_staff_who_raised_a_ticket_for_another_group_are_its_customer(desk: frappe._dict) -> None:
	desk.customer = make_agent()
	case = solved(desk)
	close_in_portal(desk.customer, case)
	assert (case.closing, case.answer) == ("Confirmed", "Satisfied")


def test_in_observe_the_customers_closing_closes_and_is_noted(desk: frappe._dict) -> None:
	case = make_case(desk, customer=desk.customer)
	switch_mode("Observe")
	close_in_portal(desk.customer, case)
	assert (ticket_of(case).status, case.closing) == ("Closed", "Closed Past the Rules")


def test_a_failure_of_ours_keeps_the_ticket_open_and_the_save_alive(
	desk: frappe._dict, monkeypatch: pytest.MonkeyPatch
) -> None:
	case = solved(desk)
	frappe.db.set_value("Tracing Case", case.name, "language", "no-such-language")
	monkeypatch.setattr("core_helpdesk.tracing.answers.records.save", lambda _case: 1 / 0)
	close_in_portal(desk.customer, case)
	assert (ticket_of(case).status, case.status, case.answers) == ("Open", "Solved", [])
