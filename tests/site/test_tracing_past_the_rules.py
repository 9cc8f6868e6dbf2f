"""What closes a ticket past the rules of tracing is never refused, and always found: job, merge, SQL, deletion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk import config
from core_helpdesk.tracing import following
from tests.site import web
from tests.site.factories import make_agent, make_ticket
from tests.site.tracing_desk import accept, case_of, make_case, make_tracing_desk

if TYPE_CHECKING:
	from frappe.model.document import Document

API = "core_helpdesk.tracing_api"
HOST = "helpdesk.helpdesk.doctype.hd_ticket"
MERGE = f"{HOST}.api.merge_ticket"
PAST = "Tracing Closed Past the Rules"


@pytest.fixture
def desk() -> frappe._dict:
	desk = make_tracing_desk(required_documents=[])
	# A merge answers the customer, and here no mail account is set up.
	frappe.db.set_single_value("HD Settings", {"skip_email_workflow": 1, "auto_update_status": 0})
	desk.customer = "customer@example.com"
	return desk


def act(user: str, name: str, case: Document, **said: object) -> Document:
	web.call(user, f"{API}.{name}", case=case.name, **said)
	return case.reload()


def confirmed(desk: frappe._dict) -> Document:
	case = act(desk.officer, "mark_solved", accept(make_case(desk)), solution="Delivered")
	return act(desk.officer, "record_answer", case, answer="Satisfied", source="Phone", comment="Thank you")


def findings_on(case: Document) -> list[tuple[str, str]]:
	about = {"reference_name": case.name, "state": "Open", "kind": ("like", "Tracing%")}
	rows = frappe.get_all("Escalation Finding", about, ["kind", "details"])
	return [(row.kind, row.details) for row in rows]


def status_of(case: Document) -> str:
	return frappe.db.get_value("HD Ticket", case.ticket, "status")


def auto_close(case: Document) -> None:
	"""The host's daily job, on a ticket that was answered long ago."""
	ticket = frappe.get_doc("HD Ticket", case.ticket)
	communication = {
		"doctype": "Communication",
		"communication_type": "Communication",
		"sent_or_received": "Sent",
		"subject": "Re",
		"content": "We are looking",
		"reference_doctype": "HD Ticket",
		"reference_name": ticket.name,
	}
	answer = frappe.get_doc(communication).insert()
	frappe.db.set_value("Communication", answer.name, "communication_date", "2020-01-01 00:00:00")
	ticket.reload()
	ticket.status = "Replied"
	ticket.save()
	values = {"auto_close_tickets": 1, "auto_close_after_days": 3}
	if frappe.get_meta("HD Settings").has_field("auto_close_status"):
		values["auto_close_status"] = "Replied"
	frappe.db.set_single_value("HD Settings", values)
	frappe.get_attr(f"{HOST}.hd_ticket.close_tickets_after_n_days")()


def merge(desk: frappe._dict, case: Document, path: str = web.METHOD) -> Document:
	target = make_ticket(group=desk.team)
	web.post(desk.officer, f"{path}/{MERGE}", source=int(case.ticket), target=int(target.name))
	return case.reload()


def test_what_the_hosts_job_closes_is_marked_and_reported(desk: frappe._dict) -> None:
	case = accept(make_case(desk))
	auto_close(case)
	case.reload()
	assert (status_of(case), case.status, case.closing) == ("Closed", "Closed", "Closed Past the Rules")
	assert (case.closed_by, case.open_ticket, case.answer or "") == (None, None, "")
	assert "not solved" in case.closing_reason
	[(kind, details)] = findings_on(case)
	assert kind == PAST
	assert case.name in details


def test_what_was_in_order_is_closed_in_order_by_whomever(desk: frappe._dict) -> None:
	case = confirmed(desk)
	auto_close(case)
	assert (case.reload().closing, findings_on(case)) == ("Confirmed", [])


def test_a_status_written_by_sql_is_followed(desk: frappe._dict) -> None:
	case = make_case(desk)
	frappe.db.set_value("HD Ticket", case.ticket, "status", "Closed")
	assert case.reload().status == "Open"
	assert following.follow(case.ticket, config.now_epoch()) == following.ENDED
	assert (case.reload().closing, [kind for kind, _ in findings_on(case)]) == (
		"Closed Past the Rules",
		[PAST],
	)
	assert following.follow(case.ticket, config.now_epoch()) == ""


def test_a_direct_write_on_the_document_is_followed(desk: frappe._dict) -> None:
	case = make_case(desk)
	frappe.get_doc("HD Ticket", case.ticket).db_set("status", "Closed")
	assert case.reload().closing == "Closed Past the Rules"


@pytest.mark.parametrize("path", [web.METHOD, "/api/v2/method"])
def test_the_hosts_merge_ends_the_case_as_merged(desk: frappe._dict, path: str) -> None:
	case = merge(desk, make_case(desk), path)
	assert (case.status, case.closing, case.open_ticket) == ("Closed", "Merged", None)
	[(kind, details)] = findings_on(case)
	assert (kind, "merged" in details) == (PAST, True)
	assert frappe.db.get_value("HD Ticket", case.ticket, "is_merged") == 1


@pytest.mark.parametrize("status", [{}, {"status": "Closed"}])
def test_nobody_merges_a_ticket_by_saying_so(desk: frappe._dict, status: dict) -> None:
	case = make_case(desk)
	other = make_ticket(group=desk.team)
	path = f"{web.RESOURCE}/HD Ticket/{case.ticket}"
	said = {"is_merged": 1, "merged_with": other.name, **status}
	if status:
		with pytest.raises(frappe.ValidationError, match="cannot be closed yet"):
			web.put(desk.officer, path, **said)
	else:
		web.put(desk.officer, path, **said)
	stored = frappe.db.get_value("HD Ticket", case.ticket, ["is_merged", "merged_with", "status"])
	assert (tuple(stored), case.reload().status) == ((0, None, "Open"), "Open")


@pytest.mark.parametrize(
	"path",
	[
		f"{web.METHOD}/frappe.client.set_value",
		"/api/v2/method/frappe.client.set_value",
		f"{web.METHOD}/frappe.client.set_value/?x=/api/method/{MERGE}",
	],
)
def test_the_merges_name_in_another_call_merges_nothing(desk: frappe._dict, path: str) -> None:
	case = make_case(desk)
	said = {"fieldname": {"is_merged": 1, "status": "Closed"}, "cmd": MERGE}
	with pytest.raises(frappe.ValidationError, match="cannot be closed yet"):
		web.post(desk.officer, path, doctype="HD Ticket", name=case.ticket, **said)
	assert case.reload().status == "Open"


def test_the_merges_name_beside_a_document_merges_nothing(desk: frappe._dict) -> None:
	case = make_case(desk)
	with pytest.raises(frappe.ValidationError, match="cannot be closed yet"):
		web.put(
			desk.officer, f"{web.RESOURCE}/HD Ticket/{case.ticket}", is_merged=1, status="Closed", cmd=MERGE
		)
	assert case.reload().status == "Open"


def test_an_undone_merge_opens_the_case_again(desk: frappe._dict) -> None:
	case = merge(desk, accept(make_case(desk)))
	ticket = frappe.get_doc("HD Ticket", case.ticket)
	ticket.update({"is_merged": 0, "merged_with": None, "status": "Open"})
	ticket.save()
	case.reload()
	assert (case.status, case.closing, case.open_ticket, case.cycle) == ("Open", None, case.ticket, 1)
	assert (len(case.legs), case.legs[-1].team, case.legs[-1].left_epoch) == (2, desk.headquarters, 0)


def test_a_ticket_that_comes_back_opens_its_case_again(desk: frappe._dict) -> None:
	case = make_case(desk)
	auto_close(case)
	ticket = frappe.get_doc("HD Ticket", case.ticket)
	ticket.status = "Open"
	ticket.save()
	assert (case.reload().status, case.cycle) == ("Open", 1)
	assert case_of(case.ticket).name == case.name


def test_a_deleted_ticket_leaves_its_case_closed_as_deleted(desk: frappe._dict) -> None:
	case = make_case(desk)
	frappe.delete_doc("HD Ticket", case.ticket, force=True)
	case.reload()
	assert (case.status, case.closing, [kind for kind, _ in findings_on(case)]) == (
		"Closed",
		"Deleted",
		[PAST],
	)


def test_an_answer_that_resolves_by_itself_is_sent_and_resolves_nothing(desk: frappe._dict) -> None:
	if not frappe.get_meta("HD Settings").has_field("update_status_to"):
		pytest.skip("this host gives an answered ticket one status only, which closes nothing")
	values = {"auto_update_status": 1, "update_status_to": "Resolved"}
	frappe.db.set_single_value("HD Settings", values)
	case = make_case(desk)
	web.call(
		desk.officer,
		"run_doc_method",
		dt="HD Ticket",
		dn=case.ticket,
		method="reply_via_agent",
		args={"message": "We are looking into it."},
	)
	assert frappe.db.count("Communication", {"reference_name": case.ticket, "sent_or_received": "Sent"}) == 1
	assert (status_of(case), case.reload().status) == ("Open", "Open")


def test_two_closings_past_the_rules_are_two_findings_of_two_cases(desk: frappe._dict) -> None:
	cases = [make_case(desk) for _ in range(2)]
	for case in cases:
		frappe.get_doc("HD Ticket", case.ticket).db_set("status", "Closed")
	assert [len(findings_on(case)) for case in cases] == [1, 1]


def test_closing_by_a_stranger_past_validation_is_found(desk: frappe._dict) -> None:
	"""Another app's code, which asks nobody, in a request of somebody who is in no group of the ticket."""
	from tests.site.document_ways import by_another_app

	case = make_case(desk)
	by_another_app(make_agent(), "HD Ticket", case.ticket, status="Closed")
	assert (case.reload().closing, [kind for kind, _ in findings_on(case)]) == (
		"Closed Past the Rules",
		[PAST],
	)
