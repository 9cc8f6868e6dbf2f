"""Closing a case and its ticket: who may, when, by which exceptions; and what the customer's answer does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk.tracing import answers, records
from tests.site import courier as couriers
from tests.site import web
from tests.site.document_ways import by_import, by_savedocs
from tests.site.factories import as_user, make_agent, switch_mode
from tests.site.moments import Moment, epoch, forget_time_zone
from tests.site.tracing_desk import accept, make_bare_case, make_case, make_tracing_desk, pass_to, set_tracing

if TYPE_CHECKING:
	from collections.abc import Iterator

	from frappe.model.document import Document

API = "core_helpdesk.tracing_api"
MONDAY = "2026-03-02 09:00"
EMIRATES = "United Arab Emirates"
PAPERS = [{"nature": "Claim", "document": "Invoice"}]
YES = {"answer": "Satisfied", "source": "Phone", "comment": "Thank you, it is here."}
NO = {"answer": "Not Satisfied", "source": "E-mail", "comment": "It is not here."}
TEXT = re.compile(r"<[^>]+>")


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Moment]:
	yield Moment(monkeypatch, MONDAY)
	forget_time_zone()


@pytest.fixture
def desk(moment: Moment) -> frappe._dict:
	# Who is to be silent was asked.
	couriers.make_outgoing_account()
	return make_tracing_desk(required_documents=PAPERS)


def act(user: str, name: str, case: Document, **said: object) -> Document:
	web.call(user, f"{API}.{name}", case=case.name, **said)
	return case.reload()


def solved(desk: frappe._dict, **data: object) -> Document:
	return act(desk.officer, "mark_solved", accept(make_case(desk, **data)), solution="Delivered on Tuesday.")


def confirmed(desk: frappe._dict, **data: object) -> Document:
	return act(desk.officer, "record_answer", solved(desk, **data), **YES)


def status_of(case: Document) -> str:
	return frappe.db.get_value("HD Ticket", case.ticket, "status")


def reasons_of(user: str, case: Document) -> list[str]:
	return web.get(user, f"{web.METHOD}/{API}.reasons_against_closing", case=case.name)


def findings_on(case: Document) -> list[str]:
	about = {"reference_name": case.name, "state": "Open", "kind": ("like", "Tracing%")}
	return frappe.get_all("Escalation Finding", about, pluck="kind")


def save_status(user: str, case: Document, status: str = "Closed", **fields: object) -> None:
	web.put(user, f"{web.RESOURCE}/HD Ticket/{case.ticket}", status=status, **fields)


def test_a_case_in_order_is_closed_with_its_ticket(desk: frappe._dict, moment: Moment) -> None:
	case = confirmed(desk)
	assert reasons_of(desk.officer, case) == []
	moment.later(hours=4)
	case = act(desk.officer, "close", case)
	assert (case.status, case.closing, case.closed_by, case.open_ticket) == (
		"Closed",
		"Confirmed",
		desk.officer,
		None,
	)
	assert (case.legs[-1].left_epoch, case.cycles[-1].closed_epoch) == (epoch("2026-03-02 13:00"),) * 2
	assert (case.cycles[-1].answer, case.cycles[-1].closing) == ("Satisfied", "Confirmed")
	assert (status_of(case), findings_on(case)) == ("Closed", [])


def test_every_reason_is_told_at_once(desk: frappe._dict) -> None:
	case = pass_to(make_case(desk), desk.section)
	case.update({"nature": "Claim", "shipper_phone": ""})
	case.save()
	claim = {"amount": 100, "currency": "SAR", "grounds": "Lost"}
	made = frappe.get_doc({"doctype": "Tracing Claim", "tracing_case": case.name, **claim})
	made.flags.ignore_links = True
	made.db_insert()
	assert reasons_of(desk.officer, case) == [
		f"Only members of the group {desk.section}, in which the ticket is, may close it.",
		"The case is not solved: enter the solution with Mark as Solved.",
		"Data is missing or wrong: Shipper's Phone, Amount Claimed, Claim Currency, Contents of the Shipment.",
		"Required documents have not been received: Invoice.",
		f"Nobody has decided on the claim yet: {made.name}.",
		f"The group {desk.section} has not accepted the case.",
		f"Whoever passed the case on has no update yet from: {desk.section}.",
		"The customer has not confirmed the solution.",
	]


@pytest.mark.parametrize("status", ["Closed", "Resolved"])
@pytest.mark.parametrize("way", ["rest", "form", "act", "import", "bulk"])
def test_no_way_of_a_person_closes_what_is_not_in_order(desk: frappe._dict, way: str, status: str) -> None:
	case = make_bare_case(desk)
	with pytest.raises(Exception, match="cannot be closed yet") as refused:
		if way == "rest":
			save_status(desk.officer, case, status)
		elif way == "form":
			by_savedocs(desk.officer, "HD Ticket", case.ticket, status=status)
		elif way == "act":
			act(desk.officer, "close", case)
		elif way == "import":
			by_import(desk.officer, "HD Ticket", case.ticket, status=status)
		else:
			fields = {"doctype": "HD Ticket", "name": case.ticket, "fieldname": "status", "value": status}
			web.call(desk.officer, "frappe.client.set_value", **fields)
	assert "not solved" in TEXT.sub(" ", str(refused.value)) or way == "import"
	assert (case.reload().status, status_of(case)) == ("Open", "Open")


def test_only_members_of_the_tickets_group_close(desk: frappe._dict) -> None:
	case = confirmed(desk)
	stranger = make_agent("Tracing Officer")
	with pytest.raises(frappe.ValidationError, match="Only members of the group"):
		save_status(stranger, case)
	# A group chosen in the same save makes nobody a member of the one that the ticket is in.
	with pytest.raises(frappe.PermissionError, match="Only members of the group"):
		save_status(desk.worker, case, agent_group=desk.section)
	assert status_of(case) == "Open"


def test_authority_to_close_goes_with_the_ticket(desk: frappe._dict) -> None:
	case = accept(pass_to(accept(make_case(desk)), desk.groups[EMIRATES]))
	abroad = desk.officers[EMIRATES]
	case = act(abroad, "mark_solved", case, solution="Delivered")
	case = act(abroad, "record_answer", case, **YES)
	assert len(reasons_of(desk.officer, case)) == 1
	assert reasons_of(abroad, case) == []
	case = act(abroad, "close", case)
	assert (case.closing, case.closed_by) == ("Confirmed", abroad)


def test_a_member_closes_in_the_helpdesk_what_is_in_order(desk: frappe._dict) -> None:
	case = confirmed(desk)
	save_status(desk.officer, case)
	case.reload()
	assert (case.status, case.closing, case.closed_by) == ("Closed", "Confirmed", desk.officer)
	assert findings_on(case) == []


def test_a_paper_that_is_missing_keeps_a_case_open_until_it_comes(desk: frappe._dict) -> None:
	case = confirmed(
		desk, nature="Claim", claim_amount=50, claim_currency="SAR", contents="Two books and a lamp"
	)
	with pytest.raises(frappe.ValidationError, match="Invoice"):
		act(desk.officer, "close", case)
	case.reload().documents[0].is_received = 1
	case.save()
	assert act(desk.officer, "close", case).status == "Closed"


def test_in_observe_a_wrong_closing_is_only_noted(desk: frappe._dict) -> None:
	case = make_case(desk)
	switch_mode("Observe")
	save_status(desk.officer, case)
	case.reload()
	assert (status_of(case), case.status, case.closing) == ("Closed", "Closed", "Closed Past the Rules")
	assert findings_on(case) == ["Tracing Closed Past the Rules"]
	assert "not solved" in case.closing_reason


def test_off_guards_nothing(desk: frappe._dict) -> None:
	case = make_case(desk)
	switch_mode("Off")
	save_status(desk.officer, case)
	assert (status_of(case), case.reload().status) == ("Closed", "Open")


def test_a_supervisor_overrides_with_a_reason_which_is_reported(desk: frappe._dict) -> None:
	case = make_bare_case(desk)
	with pytest.raises(frappe.PermissionError):
		act(desk.officer, "close_with_override", case, reason="Enough")
	for reason in ("", "  ", "...", "؟؟"):
		with pytest.raises(frappe.ValidationError):
			act(desk.supervisor, "close_with_override", case, reason=reason)
	case = act(desk.supervisor, "close_with_override", case, reason="Double of another ticket")
	assert (case.closing, case.closed_by, case.closing_reason) == (
		"Override",
		desk.supervisor,
		"Double of another ticket",
	)
	assert (status_of(case), findings_on(case)) == ("Closed", ["Tracing Closed by Exception"])
	assert frappe.session.user == "Administrator"


def test_no_override_passes_an_undecided_claim(desk: frappe._dict) -> None:
	case = make_case(desk)
	claim = {"amount": 100, "currency": "SAR", "grounds": "Lost"}
	frappe.get_doc({"doctype": "Tracing Claim", "tracing_case": case.name, **claim}).db_insert()
	with pytest.raises(frappe.ValidationError, match="decided on the claim"):
		act(desk.supervisor, "close_with_override", case, reason="Enough")


def test_the_role_alone_does_not_let_a_supervisor_close_in_the_helpdesk(desk: frappe._dict) -> None:
	case = confirmed(desk)
	supervisor = make_agent("Support Supervisor")
	with pytest.raises(frappe.ValidationError, match="Only members of the group"):
		save_status(supervisor, case)


def test_silence_is_closed_after_its_time_as_a_named_exception(desk: frappe._dict, moment: Moment) -> None:
	set_tracing(reminders=2, reminder_days=2, unconfirmed_days=5)
	case = solved(desk)
	with pytest.raises(frappe.ValidationError, match="still has time"):
		act(desk.officer, "close_unconfirmed", case, reason="No answer")
	moment.set("2026-03-20 09:00")
	frappe.db.set_value("Tracing Case", case.name, "reminders_sent", 2)
	case = act(desk.officer, "close_unconfirmed", case.reload(), reason="No answer to three mails")
	assert (case.closing, case.answer, case.cycles[-1].answer) == ("Closed Unconfirmed",) * 3
	assert (case.answers[-1].source, case.answers[-1].comment) == ("Exception", "No answer to three mails")
	assert (status_of(case), findings_on(case)) == ("Closed", ["Tracing Closed by Exception"])


def test_silence_can_be_kept_from_ever_closing(desk: frappe._dict, moment: Moment) -> None:
	set_tracing(unconfirmed_days=0)
	case = solved(desk)
	moment.set("2026-06-01 09:00")
	with pytest.raises(frappe.ValidationError, match="cannot be closed unconfirmed"):
		act(desk.officer, "close_unconfirmed", case, reason="No answer")


def test_an_answer_is_no_silence(desk: frappe._dict, moment: Moment) -> None:
	case = confirmed(desk)
	moment.set("2026-06-01 09:00")
	with pytest.raises(frappe.ValidationError, match="has answered"):
		act(desk.officer, "close_unconfirmed", case, reason="No answer")


def test_silence_lifts_no_other_reason(desk: frappe._dict, moment: Moment) -> None:
	set_tracing(reminders=0)
	case = solved(desk)
	case.shipper_phone = ""
	case.save()
	moment.set("2026-06-01 09:00")
	with pytest.raises(frappe.ValidationError, match=r"Shipper.*Phone"):
		act(desk.officer, "close_unconfirmed", case, reason="No answer")
	assert [row.answer for row in case.reload().answers] == []


def test_an_answer_is_recorded_with_its_source(desk: frappe._dict) -> None:
	case = solved(desk)
	for said in ({**YES, "source": "Link"}, {**YES, "source": "Portal"}, {**YES, "source": "Review"}):
		with pytest.raises(frappe.ValidationError, match="how the customer answered"):
			act(desk.officer, "record_answer", case, **said)
	with pytest.raises(frappe.ValidationError, match="Please enter"):
		act(desk.officer, "record_answer", case, **{**YES, "comment": " "})
	with pytest.raises(frappe.ValidationError, match="Satisfied or Not Satisfied"):
		act(desk.officer, "record_answer", case, **{**YES, "answer": "Closed Unconfirmed"})
	with pytest.raises(frappe.PermissionError):
		act(desk.worker, "record_answer", case, **YES)
	case = act(desk.officer, "record_answer", case, **YES)
	row = case.answers[-1]
	assert (row.answer, row.source, row.recorded_by, row.cycle) == ("Satisfied", "Phone", desk.officer, 1)


def test_a_no_takes_the_case_back_and_counts(desk: frappe._dict) -> None:
	case = act(desk.officer, "record_answer", solved(desk), **NO)
	assert (case.status, case.answer, case.solved_on) == ("Open", "Not Satisfied", None)
	assert "The customer says that it is not solved." in reasons_of(desk.officer, case)
	case = act(desk.officer, "mark_solved", case, solution="Delivered at last")
	assert (case.answer, [row.answer for row in case.answers]) == ("", ["Not Satisfied"])


def test_a_yes_before_the_solution_confirms_nothing(desk: frappe._dict) -> None:
	case = accept(make_case(desk))
	case = act(desk.officer, "record_answer", case, **YES)
	assert (case.answer or "", case.answers[-1].answer) == ("", "Satisfied")
	case = act(desk.officer, "mark_solved", case, solution="Delivered")
	assert reasons_of(desk.officer, case) == ["The customer has not confirmed the solution."]


@pytest.mark.parametrize("comment", ["Yes, but it has still not arrived", "نعم لكن الشحنة لم تصل"])
def test_a_yes_that_says_no_is_put_before_a_person(desk: frappe._dict, comment: str) -> None:
	case = act(desk.officer, "record_answer", solved(desk), **{**YES, "comment": comment})
	assert case.answer == "Doubtful"
	with pytest.raises(frappe.ValidationError, match="in doubt"):
		act(desk.officer, "close", case)
	with pytest.raises(frappe.ValidationError, match="Please enter"):
		act(desk.officer, "review_answer", case, answer="Satisfied", comment="")
	case = act(desk.officer, "review_answer", case, answer="Satisfied", comment="Meant another parcel")
	assert (case.answer, case.answers[-1].source) == ("Satisfied", "Review")
	assert act(desk.officer, "close", case).closing == "Confirmed"


def test_a_doubt_that_was_right_takes_the_case_back(desk: frappe._dict) -> None:
	case = act(desk.officer, "record_answer", solved(desk), **{**YES, "comment": "It never arrived"})
	case = act(desk.officer, "review_answer", case, answer="Not Satisfied", comment="Asked on the phone")
	assert (case.status, case.answer) == ("Open", "Not Satisfied")
	with pytest.raises(frappe.ValidationError, match="no doubtful answer"):
		act(desk.officer, "review_answer", case, answer="Satisfied", comment="Sure")


def test_words_of_the_settings_put_a_yes_in_doubt(desk: frappe._dict) -> None:
	set_tracing(unsolved_phrases="kein Paket\nبرضو")
	case = act(desk.officer, "record_answer", solved(desk), **{**YES, "comment": "Ja, aber kein Paket"})
	assert case.answer == "Doubtful"


def test_a_no_after_the_closing_opens_ticket_and_case_again(desk: frappe._dict, moment: Moment) -> None:
	case = act(desk.officer, "close", confirmed(desk))
	moment.later(days=2)
	case = act(desk.officer, "record_answer", case, **NO)
	assert (status_of(case), case.status, case.open_ticket) == ("Open", "Open", case.ticket)
	assert (case.cycle, [row.closing for row in case.cycles]) == (2, ["Confirmed", None])
	assert [row.answer for row in case.answers] == ["Satisfied", "Not Satisfied"]


def test_a_yes_after_silence_counts_after_all(desk: frappe._dict, moment: Moment) -> None:
	set_tracing(reminders=0)
	case = solved(desk)
	moment.set("2026-06-01 09:00")
	case = act(desk.officer, "close_unconfirmed", case, reason="No answer")
	case = act(desk.officer, "record_answer", case, **YES)
	assert (case.status, case.answer, case.cycles[-1].answer) == ("Closed", "Satisfied", "Satisfied")
	assert case.closing == "Closed Unconfirmed"


def test_an_answer_by_link_is_taken_for_nobody(desk: frappe._dict) -> None:
	case = records.locked(solved(desk).name)
	with as_user("Guest"):
		answers.from_customer(case, True, "<b>Great</b>", "Link")
	case.reload()
	assert (case.answer, case.answers[-1].recorded_by, case.answers[-1].comment) == (
		"Satisfied",
		None,
		"&lt;b>Great&lt;/b>",
	)


def test_a_group_that_is_gone_keeps_no_case_open(desk: frappe._dict) -> None:
	case = pass_to(accept(pass_to(accept(make_case(desk)), desk.section)), desk.headquarters)
	frappe.db.delete("HD Team", {"name": desk.section})
	frappe.clear_document_cache("HD Team", desk.section)
	case = act(desk.officer, "mark_solved", accept(case), solution="Delivered")
	case = act(desk.officer, "record_answer", case, **YES)
	assert act(desk.officer, "close", case).status == "Closed"


def test_a_closed_case_is_closed_once(desk: frappe._dict) -> None:
	case = act(desk.officer, "close", confirmed(desk))
	for name, said in (("close", {}), ("close_unconfirmed", {"reason": "Silence"})):
		with pytest.raises(frappe.ValidationError, match="closed already"):
			act(desk.officer, name, case, **said)
