"""A calendar that clocks run by is not deleted, and a change of it reaches every one of them, whatever is killed."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import frappe
import pytest
from frappe.utils import get_datetime

from core_helpdesk import config
from core_helpdesk.escalations import retime, tables
from core_helpdesk.governance import calendar_changes
from tests.site.factories import make_desk, make_ticket
from tests.site.moments import Moment, epoch, forget_time_zone, set_time_zone
from tests.site.test_sync import row_of

if TYPE_CHECKING:
	from collections.abc import Iterator
	from datetime import datetime

	from frappe.model.document import Document

DUE, DUE_LATER = "2026-04-13 16:00", "2026-04-14 16:00"


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Moment]:
	set_time_zone("Asia/Riyadh")
	yield Moment(monkeypatch, "2026-04-12 09:00")
	forget_time_zone()


@pytest.fixture
def desk(moment: Moment) -> frappe._dict:
	return make_desk(levels=({"after_hours": 16, "clock_kind": "Working Time"},))


@pytest.fixture
def ticket(desk: frappe._dict) -> Document:
	made = make_ticket(group=desk.team)
	assert row_of(made).clock.due == epoch(DUE)
	return made


def calendar_of(ticket: Document) -> Document:
	return frappe.get_doc("Working Calendar", row_of(ticket).clock.calendar)


def close_day(calendar: Document, day: str = "2026-04-13") -> datetime:
	"""Saves the calendar with one more day off; returns when."""
	calendar.append("exceptions", {"day": day, "kind": "Day Off", "reason": "Flood"})
	calendar.save()
	return get_datetime(frappe.db.get_value("Working Calendar", calendar.name, "modified"))


def write_as_a_late_handler(ticket: Document, calendar: Document) -> None:
	"""What a save leaves that had computed by the dates before, and was committed after the re-timing."""
	late = {"due_epoch": epoch(DUE), "next_epoch": epoch(DUE)}
	frappe.db.set_value("Ticket Clock", row_of(ticket).name, late)


def test_a_calendar_is_not_deleted_under_running_clocks(ticket: Document) -> None:
	calendar = calendar_of(ticket)
	with pytest.raises(frappe.ValidationError, match="1 running clocks count by it"):
		frappe.delete_doc("Working Calendar", calendar.name, force=True)
	assert frappe.db.exists("Working Calendar", calendar.name)


def test_a_countrys_calendar_is_not_deleted_while_its_groups_use_it(desk: frappe._dict) -> None:
	name = config.group(desk.team).calendar
	with pytest.raises(frappe.ValidationError, match=f"the calendar of the groups .*{desk.team}"):
		frappe.delete_doc("Working Calendar", name, force=True)
	assert frappe.db.exists("Working Calendar", name)


def test_a_calendar_that_nobody_uses_is_deleted(ticket: Document) -> None:
	name = frappe.db.get_value("Working Calendar", {"country": "Jordan"})
	frappe.delete_doc("Working Calendar", name)
	assert not frappe.db.exists("Working Calendar", name)


def test_a_clock_written_by_the_dates_before_is_timed_once_more(ticket: Document) -> None:
	calendar = calendar_of(ticket)
	saved = close_day(calendar)
	write_as_a_late_handler(ticket, calendar)
	assert calendar.name not in calendar_changes.time_the_rest(saved + timedelta(minutes=14))
	assert row_of(ticket).clock.due == epoch(DUE)
	assert calendar.name in calendar_changes.time_the_rest(saved + timedelta(minutes=15))
	assert (row_of(ticket).clock.due, row_of(ticket).next_epoch) == (epoch(DUE_LATER), epoch(DUE_LATER))
	assert calendar.name not in calendar_changes.time_the_rest(saved + timedelta(minutes=20))


def test_a_calendar_stays_to_be_timed_until_a_run_comes_through(
	ticket: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
	calendar = calendar_of(ticket)
	saved = close_day(calendar)
	write_as_a_late_handler(ticket, calendar)
	frappe.db.commit()
	with monkeypatch.context() as broken, pytest.raises(frappe.QueryDeadlockError):
		broken.setattr(retime, "TRIES", 1)
		broken.setattr(retime, "_retime_batch", lose_the_transaction)
		calendar_changes.time_the_rest(saved + timedelta(hours=1))
	frappe.db.rollback()
	assert calendar.name in calendar_changes.time_the_rest(saved + timedelta(hours=2))
	assert row_of(ticket).clock.due == epoch(DUE_LATER)


def lose_the_transaction(*_: object) -> None:
	raise frappe.QueryDeadlockError(1213, "Deadlock found when trying to get lock")


def test_a_saved_form_cannot_say_that_clocks_are_timed(ticket: Document) -> None:
	calendar = calendar_of(ticket)
	calendar.timed_version = calendar.version + 1
	saved = close_day(calendar)
	assert calendar.name in calendar_changes.time_the_rest(saved + timedelta(hours=1))


def test_what_was_left_has_a_finding_beside_that_of_the_change(ticket: Document) -> None:
	calendar = calendar_of(ticket)
	saved = close_day(calendar)
	write_as_a_late_handler(ticket, calendar)
	calendar_changes.time_the_rest(saved + timedelta(hours=1))
	assert frappe.db.count("Escalation Finding", {"kind": "Calendar Changed"}) == 2


def test_every_version_of_a_calendar_has_a_job_of_its_own(
	ticket: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
	jobs: list[str] = []
	monkeypatch.setattr(calendar_changes, "AT_ONCE", 0)
	monkeypatch.setattr(frappe, "enqueue", lambda *_, **options: jobs.append(options.get("job_id")))
	calendar = calendar_of(ticket)
	close_day(calendar)
	close_day(calendar, "2026-04-14")
	retimings = [job for job in jobs if str(job).startswith("ch_retime")]
	assert len(set(retimings)) == 2


def test_a_job_does_a_batch_again_that_the_database_ended(
	ticket: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
	calendar, write, losses = calendar_of(ticket), tables.replace, [1]
	with monkeypatch.context() as quiet:
		quiet.setattr(calendar_changes, "retime", lambda _calendar: None)
		close_day(calendar)
	frappe.clear_document_cache("Working Calendar", calendar.name)
	frappe.db.commit()

	def lose_once(*values: object) -> int:
		if losses:
			losses.pop()
			lose_the_transaction()
		return write(*values)

	monkeypatch.setattr(tables, "replace", lose_once)
	assert len(calendar_changes.retime_and_report(calendar.name, alone=True)) == 1
	assert row_of(ticket).clock.due == epoch(DUE_LATER)
