"""Any stretch of days out of closed months and of what is counted now: the same as all of it counted now."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk.domain.period import Period
from core_helpdesk.domain.ticket_facts import Place
from core_helpdesk.domain.ticket_measures import MEASURES, OPEN
from core_helpdesk.escalations import places, tables
from core_helpdesk.reports import (
	closed_months,
	department_performance,
	ticket_counts,
	ticket_days,
	ticket_places,
	ticket_trends,
)
from core_helpdesk.reports.days import Days
from tests.site import report_reading as reading
from tests.site.factories import as_user, make_department, make_desk, make_user
from tests.site.moments import Moment, epoch, moment_from

if TYPE_CHECKING:
	from collections.abc import Callable

HOUR, DAY = 3600, 24 * 3600
SAUDI, EGYPT = "Saudi Arabia", "Egypt"
MONTHS = [f"2025-{number:02}" for number in range(1, 13)] + ["2026-01", "2026-02", "2026-03"]
FIRST, NOW = "2025-01-01", "2026-04-12 09:00"
TARGETS = {1: "Ticketing System Management", 2: "General Manager"}
LEG = (
	"name", "reference_doctype", "reference_name", "cycle", *places.COLUMNS,
	"from_epoch", "to_epoch", "began_by", "ended_by", "kept", "seconds_to_close",
)  # fmt: skip
ESCALATION = (
	"name", "reference_doctype", "reference_name", "clock", "cycle", "level", "target", "status", *places.COLUMNS,
	"escalated_epoch", "answer_due_epoch", "ended_epoch",
)  # fmt: skip

moment = moment_from(NOW)


@pytest.fixture
def desk(moment: Moment) -> frappe._dict:
	"""Two departments in two countries, with a year and more of random stays and escalations."""
	for doctype in ("HD Ticket", "Ticket Leg", "Ticket Escalation", "Ticket Month"):
		frappe.db.delete(doctype)
	desk = make_desk()
	desk.qa, desk.head, desk.other_head = (
		make_user("QA Specialist"),
		*(make_user("Department Manager") for _ in "ab"),
	)
	desk.mine, desk.others = make_department(head=desk.head), make_department(head=desk.other_head)
	desk.places = [
		Place(country, department, "", f"Group {number} of {department}", category)
		for country in (SAUDI, EGYPT)
		for department in (desk.mine, desk.others)
		for number in range(2)
		for category in ("Complaint", "")
	]
	return desk


def live(chance: random.Random, desk: frappe._dict, tickets: int = 400) -> None:
	"""Stays of random lengths, some of them months, in chains; some of them escalate."""
	legs, escalations = [], []
	for number in range(tickets):
		at, how = epoch(FIRST) + chance.randrange(460 * DAY), "Received"
		for step in range(chance.randint(1, 4)):
			place, key = chance.choice(desk.places), ("HD Ticket", str(number))
			left = at + int(chance.expovariate(1 / chance.choice((HOUR, DAY, 40 * DAY))))
			is_over = left < epoch(NOW)
			ended = chance.choice(("Closed", "Closed", "Moved Out", "Gone")) if is_over else ""
			kept = int(ended == "Closed" and chance.random() < 0.7)
			when = (at, left if is_over else 0, how, ended, kept, left - at if ended == "Closed" else 0)
			legs.append((f"leg{number}-{step}", *key, step, *places.values(place), *when))
			for level in range(1, chance.choice((1, 1, 2, 3))):
				raised = at + level * HOUR
				over = chance.choice((0, -1, raised + HOUR, raised + 2 * DAY))
				of = ("Group", step, level, TARGETS[level], "Received")
				row = (f"esc{number}-{step}-{level}", *key, *of, *places.values(place))
				escalations.append((*row, raised, raised + DAY, over))
			at, how = left, {"Closed": "Reopened", "Moved Out": "Moved In"}.get(ended, "")
			if not how:
				break
	tables.insert("Ticket Leg", LEG, legs)
	tables.insert("Ticket Escalation", ESCALATION, escalations)


def counted(user: str, days: Days, **only: str) -> ticket_days.Counted:
	with as_user(user):
		return ticket_days.counted(days, ticket_places.asked(only), epoch(NOW))


def random_days(chance: random.Random) -> Days:
	first = date.fromisoformat(FIRST) + timedelta(days=chance.randrange(420))
	if chance.random() < 0.4:
		first = first.replace(day=1)
	return Days(first, min(first + timedelta(days=chance.randrange(366)), date(2026, 4, 30)))


@pytest.mark.parametrize("seed", range(3))
def test_closed_months_and_records_tell_the_same(desk: frappe._dict, moment: Moment, seed: int) -> None:
	"""Policy: QA-16, CORE-13"""
	chance = random.Random(seed)
	live(chance, desk)
	asked = [
		(user, random_days(chance), only)
		for user in (desk.qa, desk.head)
		for only in ({}, {"country": EGYPT})
		for _time in range(6)
	]
	asked.append((desk.qa, Days(date(2025, 4, 12), date(2026, 4, 11)), {}))
	before = [closed_months.written(counted(user, days, **only).cells) for user, days, only in asked]
	rows = reading.run(desk.head, department_performance.REPORT, since="2025-04-12", until="2026-04-11")
	assert all(f'"{name}"' in before[-1] for name in (*MEASURES, OPEN) if name != "taken_on")
	for month in chance.sample(MONTHS, 11):
		closed_months.close(month, moment.now)
	for text, (user, days, only) in zip(before, asked, strict=True):
		found = counted(user, days, **only)
		assert closed_months.written(found.cells) == text, (user, days, only)
		assert not found.corrected
	again = reading.run(desk.head, department_performance.REPORT, since="2025-04-12", until="2026-04-11")
	for part in ("result", "chart", "report_summary", "message"):
		assert again[part] == rows[part], part


def test_a_year_reads_of_closed_months_no_record(
	desk: frappe._dict, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	live(random.Random(1), desk, tickets=40)
	for month in MONTHS:
		closed_months.close(month, moment.now)
	read = []

	def noting(count: Callable) -> Callable:
		def noted(*given: object) -> object:
			read.append(next(each for each in given if isinstance(each, Period)))
			return count(*given)

		return noted

	for name in ("cells", "alike"):
		monkeypatch.setattr(ticket_counts, name, noting(getattr(ticket_counts, name)))
	monkeypatch.setattr(ticket_trends, "alike", ticket_counts.alike)
	days = {"since": "2025-05-10", "until": "2026-04-11"}
	answer = reading.run(desk.qa, department_performance.REPORT, **days)
	assert len(answer["chart"]["data"]["labels"]) == 12
	# The months before January 2025 are closed by nobody.
	assert {(period.start, period.end) for period in read if period.start > epoch(FIRST)} == {
		(epoch("2025-05-01"), epoch("2025-05-10")),
		(epoch("2025-05-10"), epoch("2025-06-01")),
		(epoch("2026-04-01"), epoch("2026-04-12")),
	}


def test_the_closings_of_many_days_are_not_fetched_at_once(
	desk: frappe._dict, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	live(random.Random(2), desk, tickets=120)
	days = Days(date(2025, 2, 3), date(2026, 1, 31))
	before = closed_months.written(counted(desk.head, days).cells)
	monkeypatch.setattr(ticket_counts, "CLOSINGS_AT_ONCE", 3)
	assert closed_months.written(counted(desk.head, days).cells) == before


def test_what_is_found_late_stands_beside_the_figures(desk: frappe._dict, moment: Moment) -> None:
	"""Policy: QA-12, QA-M1"""
	live(random.Random(3), desk)
	days = {"since": "2026-02-10", "until": "2026-04-11", "by": "country"}
	for month in MONTHS[-2:]:
		closed_months.close(month, moment.now)
	before = reading.rows(desk.qa, department_performance.REPORT, **days)
	closed = [["ended_by", "=", "Closed"], ["department", "=", desk.mine]]
	in_march = [["to_epoch", ">", epoch("2026-03-05")], ["to_epoch", "<", epoch("2026-03-25")]]
	found = frappe.get_all("Ticket Leg", [*closed, *in_march], pluck="name", order_by="name")[0]
	frappe.db.set_value("Ticket Leg", found, {"to_epoch": epoch("2026-04-02"), "seconds_to_close": DAY})
	assert closed_months.compare(moment.now) == ["2026-03"]
	after = reading.rows(desk.qa, department_performance.REPORT, **days)
	(correction,) = [row for row in after if row["part"] == "Corrections Since Closing"]
	assert correction["closed"] == -1
	assert after[0]["closed"] == before[0]["closed"] + 1
	assert correction.get(OPEN) is None
	words = {row["part"] for row in reading.rows(desk.other_head, department_performance.REPORT, **days)}
	assert "Corrections Since Closing" not in words
