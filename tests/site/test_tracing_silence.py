"""When a customer counts as silent: asked about this solution, and nothing from them on the ticket or the case since."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk import config
from core_helpdesk.setup import tracing_notices
from core_helpdesk.tracing import confirmation, notices, records, reminders, screen, silence, telling, work
from tests.site.factories import as_user, make_agent, make_user, switch_mode
from tests.site.moments import Moment, forget_time_zone
from tests.site.notice_desk import CUSTOMER, mails, make_contact, make_notice_desk, solved_case
from tests.site.tracing_desk import make_case, set_tracing

if TYPE_CHECKING:
	from collections.abc import Iterator

	from frappe.model.document import Document

MONDAY = "2026-03-02 09:00"
MUCH_LATER = "2026-06-01 09:00"


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Moment]:
	yield Moment(monkeypatch, MONDAY)
	forget_time_zone()


@pytest.fixture
def desk(moment: Moment) -> frappe._dict:
	return make_notice_desk()


def write(case: Document, sender: str, *, to: str = "HD Ticket", **fields: object) -> None:
	"""A message as it lies on the ticket or the case, an hour after the customer was asked."""
	message = {
		"doctype": "Communication",
		"communication_type": "Communication",
		"sent_or_received": "Received",
		"sender": sender,
		"subject": "Re",
		"content": "It is still not here.",
		"reference_doctype": to,
		"reference_name": case.ticket if to == "HD Ticket" else case.name,
		**fields,
	}
	name = frappe.get_doc(message).insert().name
	later = config.from_epoch(silence.since(case) + 3600)
	frappe.db.set_value("Communication", name, {"sender": sender, "creation": later})


def switch_notice(event: str, *, on: bool) -> None:
	for name in frappe.get_all(notices.DOCTYPE, {"event": event}, pluck="name"):
		frappe.db.set_value(notices.DOCTYPE, name, "enabled", int(on))


def close_unconfirmed(case: Document) -> None:
	silence.must_be_over(records.locked(case.name), config.now_epoch())


# Who writes is not silent.


@pytest.mark.parametrize("to", ["HD Ticket", records.DOCTYPE])
def test_who_writes_on_the_ticket_or_the_case_is_neither_reminded_nor_closed_as_silent(
	desk: frappe._dict, moment: Moment, to: str
) -> None:
	case = solved_case(desk)
	write(case, CUSTOMER, to=to)
	moment.set(MUCH_LATER)
	assert reminders.remind(moment.now) == []
	frappe.db.set_value(records.DOCTYPE, case.name, "reminders_sent", 2)
	assert not silence.is_over(case.reload(), moment.now)
	with pytest.raises(frappe.ValidationError, match="has written since they were asked"):
		close_unconfirmed(case)


def test_who_wrote_before_being_asked_once_more_is_silent_again(desk: frappe._dict, moment: Moment) -> None:
	case = solved_case(desk)
	write(case, CUSTOMER)
	moment.later(days=1)
	assert silence.has_written(case.reload())
	confirmation.ask_for_confirmation(records.locked(case.name))
	assert not silence.has_written(case.reload())


def test_what_staff_write_or_send_is_nothing_from_the_customer(desk: frappe._dict, moment: Moment) -> None:
	case = solved_case(desk)
	write(case, desk.officer)
	write(case, make_agent(), to=records.DOCTYPE)
	write(case, CUSTOMER, sent_or_received="Sent")
	moment.set(MUCH_LATER)
	assert not silence.has_written(case)
	assert reminders.remind(moment.now) == [case.name]


def test_another_of_the_customers_company_and_staff_who_raised_the_ticket_count(desk: frappe._dict) -> None:
	case, own = solved_case(desk), make_agent()
	write(case, "colleague@example.com")
	assert silence.has_written(case)
	case = solved_case(desk, customer=own)
	assert not silence.has_written(case)
	write(case, own)
	assert silence.has_written(case)


def test_who_was_asked_by_phone_and_writes_is_not_silent(desk: frappe._dict, moment: Moment) -> None:
	switch_notice(notices.SOLVED, on=False)
	case = solved_case(desk)
	assert not silence.has_written(case)
	write(case, CUSTOMER)
	assert silence.has_written(case)


# A solution is asked about for itself.


def test_another_solution_inherits_no_asking(desk: frappe._dict, moment: Moment) -> None:
	case = solved_case(desk)
	moment.set("2026-03-10 18:00")
	reminders.remind(moment.now)
	assert case.reload().reminders_sent == 1
	with as_user(desk.officer):
		work.unsolve(records.locked(case.name), "It was another parcel", config.now_epoch())
		switch_notice(notices.SOLVED, on=False)
		work.mark_solved(records.locked(case.name), "The right one", config.now_epoch())
	case.reload()
	assert (case.confirmation_asked_epoch, case.reminders_sent, case.reminded_epoch) == (0, 0, 0)
	moment.set(MUCH_LATER)
	sent = len(mails(case))
	assert reminders.remind(moment.now) == []
	assert len(mails(case)) == sent
	assert not silence.was_tried(case)


def test_what_went_out_by_itself_is_no_try_to_reach_the_customer(desk: frappe._dict) -> None:
	switch_notice(notices.SOLVED, on=False)
	case = solved_case(desk)
	assert telling.tell(records.locked(case.name), notices.PROGRESS, update="News") == ""
	assert not silence.was_tried(case.reload())


# Who could not be asked is asked later.


def test_who_could_not_be_asked_is_asked_by_the_daily_run(desk: frappe._dict, moment: Moment) -> None:
	switch_mode("Observe")
	case = solved_case(desk)
	assert reminders.ask() == []
	assert "mode Live" in screen.of(case, moment.now)["not_asked"]
	switch_mode()
	assert "next daily run" in screen.of(case, moment.now)["not_asked"]
	moment.later(days=1)
	assert reminders.ask() == [case.name]
	assert case.reload().confirmation_asked_epoch == moment.now
	assert screen.of(case, moment.now)["not_asked"] == ""
	assert reminders.ask() == []
	assert len(mails(case)) == 1


def test_nobody_is_asked_later_who_has_answered_or_need_not(desk: frappe._dict) -> None:
	switch_mode("Observe")
	answered, open_again, sound = (solved_case(desk, customer=f"c{n}@example.com") for n in range(3))
	records.write(answered.name, {"answer": "Satisfied"})
	records.write(open_again.name, {"status": "Open"})
	switch_mode()
	assert reminders.ask() == [sound.name]


def test_a_customer_without_an_address_gets_no_sms_about_a_mail_that_never_was(
	desk: frappe._dict, monkeypatch: pytest.MonkeyPatch
) -> None:
	texts: list[str] = []
	monkeypatch.setattr(telling.sms, "queue", lambda mobile, text: texts.append(text))
	make_contact(mobile="+966500000001")
	case = solved_case(desk)
	assert [text for text in texts if "the e-mail that we sent you" in text]
	texts.clear()
	frappe.db.set_value("HD Ticket", case.ticket, {"raised_by": "nobody", "contact": None})
	frappe.db.set_value(records.DOCTYPE, case.name, dict(confirmation.NEVER_ASKED))
	assert reminders.ask() == []
	assert texts == []
	telling.tell(records.locked(case.name), notices.CLOSED)
	assert len(texts) == 1


# Without a calendar.


def test_without_a_calendar_silence_is_counted_by_the_clock(desk: frappe._dict, moment: Moment) -> None:
	set_tracing(reminders=0, unconfirmed_days=5)
	case = solved_case(desk)
	frappe.db.set_value(records.DOCTYPE, case.name, "calendar", "No Such Calendar")
	asked = moment.now
	assert silence.over_at(case.reload()) == asked + 5 * 86_400
	with pytest.raises(frappe.ValidationError, match="still has time to answer"):
		close_unconfirmed(case)
	moment.later(days=5)
	close_unconfirmed(case)


# What an officer sees of it.


def test_what_went_out_is_noted_on_the_case_without_a_link_and_is_nobodys_update(
	desk: frappe._dict, moment: Moment
) -> None:
	case = make_case(desk, customer=CUSTOMER)
	updated = case.last_update_epoch
	moment.later(hours=2)
	telling.tell(records.locked(case.name), notices.HANDED_OVER)
	case.reload()
	(row,) = case.updates
	assert (row.channel, row.contact, row.person, row.purpose) == (
		"E-mail",
		"Customer",
		CUSTOMER,
		"Handed Over Abroad",
	)
	assert (row.by, row.what, row.customer_told, str(row.at)) == (None, None, 1, "2026-03-02 11:00:00")
	assert case.last_update_epoch == updated
	case = solved_case(desk, customer=make_user())
	assert [row.purpose for row in case.updates if not row.by] == ["Solved"]
	assert "token" not in case.as_json()
	case.description += " More."
	case.save()
	assert len(case.reload().updates) == 2


def test_a_site_that_has_the_other_notices_gets_the_one_about_reopening(desk: frappe._dict) -> None:
	from core_helpdesk.setup import ledger

	for name in frappe.get_all(notices.DOCTYPE, {"event": notices.REOPENED}, pluck="name"):
		frappe.delete_doc(notices.DOCTYPE, name)
		ledger.forget(notices.DOCTYPE, name)
	tracing_notices.seed()
	kept = frappe.get_all(notices.DOCTYPE, {"event": notices.REOPENED}, pluck="language", order_by="language")
	assert kept == ["ar", "en"]
