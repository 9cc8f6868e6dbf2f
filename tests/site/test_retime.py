"""A changed calendar times running clocks anew, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk import config
from core_helpdesk.escalations import retime, rows
from core_helpdesk.governance import calendar_changes
from tests.site.factories import make_desk, make_ticket
from tests.site.moments import Moment, epoch, forget_time_zone, set_time_zone
from tests.site.test_sync import change, row_of

if TYPE_CHECKING:
	from collections.abc import Iterator

# A Sunday after Ramadan; working hours are 08:00 to 17:00.
SUNDAY = "2026-04-12 09:00"


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Moment]:
	set_time_zone("Asia/Riyadh")
	yield Moment(monkeypatch, SUNDAY)
	forget_time_zone()


@pytest.fixture
def desk(moment: Moment) -> frappe._dict:
	return make_desk(
		levels=({"after_hours": 16, "clock_kind": "Working Time", "pauses": 1}, {"target": "General Manager"})
	)


def close_day(calendar: str, day: str) -> None:
	"""As a direct change of the document, so that the test itself says when clocks are timed anew."""
	doc = frappe.get_doc("Working Calendar", calendar)
	doc.append("exceptions", {"day": day, "kind": "Day Off", "reason": "Flood"})
	doc.flags.ignore_validate = True
	for row in doc.exceptions:
		row.parent, row.parenttype, row.parentfield = doc.name, doc.doctype, "exceptions"
		if not row.name:
			row.set_new_name()
			row.db_insert()
	doc.db_set("version", (doc.version or 0) + 1)


def test_clocks_that_run_by_the_calendar_are_timed_anew_and_named(desk: frappe._dict, moment: Moment) -> None:
	ticket = make_ticket(group=desk.team)
	row = row_of(ticket)
	assert row.clock.due == epoch("2026-04-13 16:00")
	close_day(row.clock.calendar, "2026-04-13")
	later = epoch("2026-04-14 16:00")
	changed = (row.name, str(ticket.name), row.clock.due, later, "Group")
	assert retime.retime(row.clock.calendar, moment.now) == [changed]
	after = row_of(ticket)
	assert (after.clock.due, after.next_epoch) == (later, later)
	assert after.clock.anchor == row.clock.anchor
	assert retime.retime(row.clock.calendar, moment.now) == []


def test_time_counted_before_a_pause_is_counted_again_by_the_new_calendar(
	desk: frappe._dict, moment: Moment
) -> None:
	ticket = make_ticket(group=desk.team)
	moment.set("2026-04-13 12:00")
	change(ticket, status="Replied")
	moment.set("2026-04-14 09:00")
	change(ticket, status="Open")
	# 8 hours on Sunday and 4 on Monday were counted; 4 are left.
	assert row_of(ticket).clock.due == epoch("2026-04-14 13:00")
	close_day(row_of(ticket).clock.calendar, "2026-04-12")
	retime.retime(row_of(ticket).clock.calendar, moment.now)
	assert row_of(ticket).clock.due == epoch("2026-04-15 12:00")


def test_counts_by_the_clock_and_finished_clocks_stay_as_they_are(moment: Moment) -> None:
	desk = make_desk()
	running, deleted = make_ticket(group=desk.team), make_ticket(group=desk.team)
	calendar = row_of(running).clock.calendar
	frappe.delete_doc("HD Ticket", deleted.name, force=True)
	close_day(calendar, "2026-04-12")
	assert retime.retime(calendar, moment.now) == []


def test_saving_the_calendar_times_its_clocks_and_leaves_a_finding(
	desk: frappe._dict, moment: Moment
) -> None:
	ticket = make_ticket(group=desk.team)
	calendar = frappe.get_doc("Working Calendar", row_of(ticket).clock.calendar)
	calendar.append("exceptions", {"day": "2026-04-13", "kind": "Day Off", "reason": "Flood"})
	calendar.save()
	assert row_of(ticket).clock.due == epoch("2026-04-14 16:00")
	(finding,) = frappe.get_all(
		"Escalation Finding", {"kind": "Calendar Changed"}, ["reference_name", "details"]
	)
	assert finding.reference_name == calendar.name
	assert finding.details.splitlines() == [
		"1 clocks were timed anew:",
		f"{ticket.name}: due 2026-04-14 16:00 instead of 2026-04-13 16:00",
	]


def test_a_list_too_long_to_read_is_attached_whole_and_the_finding_closes_after_a_week(
	desk: frappe._dict, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.setattr(calendar_changes, "LISTED", 2)
	tickets = [make_ticket(group=desk.team) for _ in range(3)]
	calendar = row_of(tickets[0]).clock.calendar
	close_day(calendar, "2026-04-13")
	assert len(calendar_changes.retime_and_report(calendar)) == 3
	finding = frappe.get_last_doc("Escalation Finding", {"kind": "Calendar Changed"})
	assert finding.details.splitlines()[-1] == "and 1 more"
	attached = {"attached_to_doctype": finding.doctype, "attached_to_name": finding.name}
	file = frappe.get_doc("File", attached)
	assert file.is_private
	rows = file.get_content().splitlines()
	assert len(rows) == 4
	assert f"{tickets[2].name},2026-04-13 16:00:00,2026-04-14 16:00:00" in rows

	calendar_changes.close_read()
	assert finding.reload().state == "Open"
	finding.db_set("last_seen", "2026-01-01 09:00:00")
	calendar_changes.close_read()
	assert finding.reload().state == "Closed"


def test_a_clock_that_the_new_calendar_cannot_time_is_put_aside_and_the_others_go_on(
	desk: frappe._dict, moment: Moment
) -> None:
	far, near = make_ticket(group=desk.team), make_ticket(group=desk.team)
	calendar = row_of(near).clock.calendar
	frappe.db.set_value("Ticket Clock", row_of(far).name, "anchor_epoch", epoch("2099-01-01 00:00"))
	close_day(calendar, "2026-04-13")
	assert [clock.name for clock in retime.retime(calendar, moment.now)] == [row_of(near).name]
	assert row_of(far).next_epoch == 0
	assert row_of(far).stuck_reason


def test_more_clocks_than_one_batch_are_all_timed(
	desk: frappe._dict, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.setattr(retime, "ROWS_AT_ONCE", 2)
	tickets = [make_ticket(group=desk.team) for _ in range(5)]
	calendar = row_of(tickets[0]).clock.calendar
	close_day(calendar, "2026-04-13")
	assert len(retime.retime(calendar, moment.now)) == 5


def test_a_clock_read_before_the_calendar_changed_cannot_be_written_over_its_new_time(
	desk: frappe._dict, moment: Moment
) -> None:
	ticket = make_ticket(group=desk.team)
	before, rules = row_of(ticket), config.site_rules()
	close_day(before.clock.calendar, "2026-04-13")
	retime.retime(before.clock.calendar, moment.now)
	assert not rows.write(before, rows.with_clock(before, before.clock), rules)
	assert row_of(ticket).clock.due == epoch("2026-04-14 16:00")
