"""What people hear of a customer who was told, or was not: the update says it, and the act says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk import config
from core_helpdesk.hosts import ticket_status
from core_helpdesk.tracing import answers, closing, news, notices, records, work
from tests.site import web
from tests.site.factories import as_user, make_user, switch_mode
from tests.site.moments import Moment, forget_time_zone
from tests.site.notice_desk import CUSTOMER, mails, make_notice_desk, parsed
from tests.site.tracing_desk import accept, make_case

if TYPE_CHECKING:
	from collections.abc import Iterator

	from frappe.model.document import Document

API = "core_helpdesk.tracing_api"
MONDAY = "2026-03-02 09:00"
UPDATE = {"channel": "Phone", "contact": "Operations", "person": "", "purpose": "", "what": "It is in Dubai."}


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Moment]:
	yield Moment(monkeypatch, MONDAY)
	forget_time_zone()


@pytest.fixture
def desk(moment: Moment) -> frappe._dict:
	return make_notice_desk(required_documents=[])


def act(user: str, name: str, case: Document, **said: object) -> Document:
	frappe.clear_messages()
	web.call(user, f"{API}.{name}", case=case.name, **said)
	return case.reload()


def heard() -> str:
	return " ".join(map(str, frappe.local.message_log))


def own(case: Document) -> Document:
	"""The last update that a person wrote."""
	return [row for row in case.updates if row.by][-1]


def without_address(case: Document) -> None:
	frappe.db.set_value("HD Ticket", case.ticket, {"raised_by": None, "contact": None})


def without_notice(case: Document) -> None:
	frappe.db.delete(notices.DOCTYPE)


WHY_NOT = {
	"in Observe": (lambda case: switch_mode("Observe"), "mode Live"),
	"without an address": (without_address, "no e-mail address of a customer"),
	"without a notice": (without_notice, "No notice is enabled"),
}


def test_a_customer_who_is_told_is_noted_as_told(desk: frappe._dict) -> None:
	case = act(desk.officer, "add_update", make_case(desk, customer=CUSTOMER), **UPDATE, tell_customer=1)
	assert (own(case).customer_told, len(mails(case)), heard()) == (1, 1, "")
	assert [row.purpose for row in case.updates if not row.by] == ["Progress"]


@pytest.mark.parametrize("kind", WHY_NOT)
def test_a_customer_who_is_not_told_is_not_noted_as_told_and_the_reason_is_said(
	desk: frappe._dict, kind: str
) -> None:
	case = make_case(desk, customer=CUSTOMER)
	spoil, reason = WHY_NOT[kind]
	spoil(case)
	case = act(desk.officer, "add_update", case, **UPDATE, tell_customer=1)
	assert (own(case).what, own(case).customer_told) == ("It is in Dubai.", 0)
	assert reason in heard()
	case = act(desk.officer, "add_update", case, **UPDATE, tell_customer=1, customer_told=1)
	assert own(case).customer_told == 1
	case = act(desk.officer, "mark_solved", accept(case), solution="Delivered")
	assert (case.status, case.confirmation_asked_epoch) == ("Solved", 0)
	assert reason in heard()
	case = act(desk.officer, "record_answer", case, answer="Satisfied", source="Phone", comment="Thank you")
	case = act(desk.officer, "close", case)
	assert case.status == "Closed"
	assert reason in heard()
	assert [row.purpose for row in case.updates if not row.by] == []


def closed(desk: frappe._dict) -> Document:
	case = act(desk.officer, "mark_solved", accept(make_case(desk, customer=CUSTOMER)), solution="Delivered")
	act(desk.officer, "record_answer", case, answer="Satisfied", source="Phone", comment="Thank you")
	return act(desk.officer, "close", case)


def test_nobody_tells_the_customer_of_progress_on_a_closed_case_nor_follows_it_up(desk: frappe._dict) -> None:
	case = closed(desk)
	sent = len(mails(case))
	for said in ({"tell_customer": 1}, {"follow_up_on": "2026-03-10"}):
		with pytest.raises(frappe.ValidationError, match="This case is closed"):
			act(desk.officer, "add_update", case, **UPDATE, **said)
	assert len(mails(case.reload())) == sent
	case = act(desk.officer, "add_update", case, **UPDATE)
	assert own(case).what == "It is in Dubai."


def test_the_way_of_a_closed_case_says_what_the_customer_got_and_when(desk: frappe._dict) -> None:
	assert [row.purpose for row in closed(desk).updates if not row.by] == ["Solved", "Closed"]


# Opening, and opening again.


def test_a_notice_of_opening_for_one_nature_is_refused(desk: frappe._dict) -> None:
	values = {"doctype": notices.DOCTYPE, "language": "en", "subject": "News", "message": "News"}
	with pytest.raises(frappe.ValidationError, match="nobody has entered its nature yet"):
		frappe.get_doc({**values, "event": notices.OPENED, "nature": "Claim"}).insert()
	frappe.get_doc({**values, "event": notices.REOPENED, "nature": "Claim"}).insert()


def test_the_customer_hears_that_a_case_is_taken_up_again(
	desk: frappe._dict, monkeypatch: pytest.MonkeyPatch
) -> None:
	told: list[tuple[str, str]] = []
	monkeypatch.setattr(news, "later", lambda case, event: told.append((case, event)))
	case = closed(desk)
	told.clear()
	ticket_status.reopen(case.ticket)
	assert case.reload().status == "Open"
	assert told == [(case.name, notices.REOPENED)]
	assert news.tell(*told[0]) == ""
	assert "again" in parsed(mails(case)[-1])["Subject"]
	assert case.reload().updates[-1].purpose == notices.REOPENED


def test_what_is_found_open_again_is_told_to_no_customer(
	desk: frappe._dict, monkeypatch: pytest.MonkeyPatch
) -> None:
	from core_helpdesk.tracing import following

	case = closed(desk)
	told: list[str] = []
	monkeypatch.setattr(news, "later", lambda _case, event: told.append(event))
	frappe.db.set_value("HD Ticket", case.ticket, "status", "Open")
	assert following.follow(case.ticket, config.now_epoch()) == following.REOPENED
	assert told == []


# One meaning of words, on the case and in the report.


def test_solved_at_first_level_is_of_the_cycle(desk: frappe._dict, moment: Moment) -> None:
	from tests.site.tracing_desk import pass_to

	case = pass_to(accept(make_case(desk, customer=make_user())), desk.section)
	case = act(desk.worker, "mark_solved", accept(case), solution="Delivered")
	assert case.first_level == 0
	with as_user(desk.worker):
		answers.take(records.locked(case.name), True, answers.LINK, "Thanks", config.now_epoch())
		closing.close(records.locked(case.name), config.now_epoch())
	moment.later(days=1)
	ticket_status.reopen(case.ticket)
	assert case.reload().cycle == 2
	moment.later(hours=1)
	with as_user(desk.worker):
		work.mark_solved(records.locked(case.name), "Delivered again", config.now_epoch())
	assert case.reload().first_level == 1


def test_a_case_ends_its_cycle_once(desk: frappe._dict, moment: Moment) -> None:
	case = closed(desk)
	assert (case.cycles[-1].closed_epoch, case.cycles[-1].answer) == (moment.now, "Satisfied")
	assert (str(case.cycles[-1].closed_on), case.cycles[-1].closing) == (str(case.closed_on), "Confirmed")
	at = moment.now
	moment.later(hours=1)
	closing.end(records.locked(case.name), closing.MERGED, moment.now)
	cycle = case.reload().cycles[-1]
	assert (cycle.closed_epoch, cycle.closing, cycle.answer) == (at, "Confirmed", "Satisfied")
