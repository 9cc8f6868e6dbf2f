"""A changed calendar, or other terms, time open cases, their legs and their cycle anew."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk import config
from core_helpdesk.escalations import tracing_clock
from core_helpdesk.tracing import retiming
from tests.site.moments import Moment, epoch, forget_time_zone
from tests.site.tracing_desk import make_case, make_tracing_desk, set_tracing

if TYPE_CHECKING:
	from collections.abc import Iterator

	from frappe.model.document import Document

MONDAY = "2026-03-02 09:00"
HOLIDAY = date(2026, 3, 8)
UAE = "United Arab Emirates"


@pytest.fixture
def desk(moment: Moment) -> frappe._dict:
	return make_tracing_desk()


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Moment]:
	yield Moment(monkeypatch, MONDAY)
	forget_time_zone()


def add_holiday(calendar: str, day: date) -> None:
	document = frappe.get_doc("Working Calendar", calendar)
	document.append("holidays", {"day": day, "holiday_name": "Announced", "source": "Manual"})
	document.save()


def due_days(calendar: str, start: int, days: int = 10) -> int:
	return config.site_rules().timer(calendar).add_working_days(start, days)


def moments_of(case: Document) -> tuple[int, ...]:
	case.reload()
	return case.due_epoch, case.leg_due_epoch, case.legs[-1].due_epoch, case.cycles[-1].due_epoch


def test_a_holiday_times_case_leg_cycle_and_clock_anew(desk: frappe._dict) -> None:
	case = make_case(desk)
	before = moments_of(case)
	add_holiday(case.calendar, HOLIDAY)
	due = due_days(case.calendar, epoch(MONDAY))
	assert due > before[0]
	assert moments_of(case) == (due, due, due, due)
	assert tracing_clock.due(case.ticket).due == due
	assert case.due_on == config.from_epoch(due)
	assert case.warn_epoch == due_days(case.calendar, epoch(MONDAY), 8)


def test_legs_elsewhere_keep_their_own_calendar(desk: frappe._dict, moment: Moment) -> None:
	home = config.group(desk.headquarters).calendar
	case = make_case(desk, team=desk.groups[UAE])
	before = moments_of(case)
	ended = case.legs[0].due_epoch
	add_holiday(home, HOLIDAY)
	assert moments_of(case) == before
	assert case.legs[0].due_epoch == due_days(home, epoch(MONDAY)) != ended


def test_closed_cases_keep_their_moments(desk: frappe._dict) -> None:
	case = make_case(desk)
	ticket = frappe.get_doc("HD Ticket", case.ticket)
	ticket.status = "Closed"
	ticket.save()
	before = moments_of(case)
	add_holiday(config.group(desk.headquarters).calendar, HOLIDAY)
	assert moments_of(case) == before


def test_another_owners_days_follow_the_calendar_of_home(desk: frappe._dict) -> None:
	set_tracing(regulator="Regulator", regulator_days=5)
	case = make_case(desk, team=desk.groups[UAE])
	home = config.group(desk.headquarters).calendar
	add_holiday(home, HOLIDAY)
	assert case.reload().regulator_due_epoch == due_days(home, epoch(MONDAY), 5)


def test_other_terms_time_every_open_case(desk: frappe._dict) -> None:
	case = make_case(desk)
	set_tracing(working_days=5, regulator_days=3)
	assert retiming.retime_all() == 1
	due = due_days(case.calendar, epoch(MONDAY), 5)
	assert moments_of(case) == (due, due, due, due)
	assert case.regulator_due_epoch == due_days(case.calendar, epoch(MONDAY), 3)
	assert retiming.retime_all() == 0


def test_batches_leave_no_case_out(desk: frappe._dict, monkeypatch: pytest.MonkeyPatch) -> None:
	cases = [make_case(desk) for _ in range(5)]
	monkeypatch.setattr(retiming, "CASES_AT_ONCE", 2)
	set_tracing(working_days=7)
	assert retiming.retime_all() == 5
	assert {case.reload().due_epoch for case in cases} == {due_days(cases[0].calendar, epoch(MONDAY), 7)}


def test_a_person_who_has_the_case_open_must_read_it_again(desk: frappe._dict) -> None:
	case = make_case(desk)
	old = frappe.get_doc("Tracing Case", case.name)
	add_holiday(case.calendar, HOLIDAY + timedelta(days=1))
	old.follow_up_on = "2026-04-01"
	with pytest.raises(frappe.TimestampMismatchError):
		old.save()
