"""Counts of many days, weeks or months at once: the same as those of each, one after the other."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from core_helpdesk.domain.escalation_measures import figures
from core_helpdesk.domain.period import Period
from core_helpdesk.domain.ticket_lines import total
from core_helpdesk.domain.ticket_measures import MEASURES
from core_helpdesk.reports import (
	closed_months,
	days,
	department_performance,
	escalation_facts,
	ticket_counts,
	ticket_days,
	ticket_places,
	ticket_trends,
	weekly_performance,
)
from core_helpdesk.reports.days import Days
from tests.site import report_reading as reading
from tests.site.factories import as_user
from tests.site.moments import Moment, epoch, set_time_zone
from tests.site.test_ticket_days import DAY, EGYPT, FIRST, MONTHS, NOW, desk, live, moment

if TYPE_CHECKING:
	import frappe

__all__ = ["desk", "moment"]


def random_periods(chance: random.Random) -> list[Period]:
	"""Days, weeks and months in their order, with gaps, of uneven lengths, and some that have not begun."""
	kind = chance.choice(("days", "parts", "borders"))
	first = date.fromisoformat(FIRST) + timedelta(days=chance.randrange(440))
	if kind == "days":
		found = Days(first, first + timedelta(days=30)).parts()
	elif kind == "parts":
		found = Days(first, first + timedelta(days=chance.randrange(366))).parts()
	else:
		borders = sorted(chance.sample(range(epoch(FIRST), epoch(NOW)), 12))
		return [Period(*pair) for pair in pairwise(borders) if chance.random() < 0.7]
	told = [part.period(epoch(NOW)) for part in found]
	return told if chance.random() < 0.5 else [period for period in told if chance.random() < 0.7]


@pytest.mark.parametrize("zone", ("Asia/Riyadh", "America/New_York"))
def test_all_at_once_are_as_one_by_one(desk: frappe._dict, moment: Moment, zone: str) -> None:
	"""Policy: QA-16, TSM-14"""
	chance = random.Random(zone)
	live(chance, desk)
	set_time_zone(zone)
	seen, gaps = set(), 0
	for _each in range(25):
		names = chance.sample(list(MEASURES), chance.randint(1, 6))
		periods = random_periods(chance)
		gaps += len(ticket_trends._runs(periods)) > 1
		found = ticket_trends.some(names, periods)
		assert found == [ticket_counts.some(names, period) for period in periods], (names, periods)
		seen |= {name for cells in found for name in total(cells).counts if total(cells)[name]}
	assert seen >= set(MEASURES) - {"taken_on"}
	assert gaps > 5


def test_the_records_of_a_chart_are_read_together(
	desk: frappe._dict, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	live(random.Random(2), desk, tickets=60)
	read, rows = [], ticket_counts._rows
	monkeypatch.setattr(ticket_counts, "_rows", lambda *given: read.append(given) or rows(*given))
	answer = reading.run(desk.qa, department_performance.REPORT, since="2026-03-12", until="2026-04-11")
	assert len(answer["chart"]["data"]["labels"]) == 31
	# These days, those before, and the chart: each in two tables.
	assert len(read) == 6


def test_what_was_open_is_counted_where_it_is_shown(
	desk: frappe._dict, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	live(random.Random(4), desk, tickets=60)
	for month in MONTHS[1:-1]:
		closed_months.close(month, moment.now)
	counted, count = [], ticket_counts._count_open

	def noting(tally: object, period: Period) -> None:
		counted.append(period.end)
		count(tally, period)

	monkeypatch.setattr(ticket_counts, "_count_open", noting)
	asked = Days(date(2025, 5, 10), date(2026, 4, 11))
	with as_user(desk.qa):
		ticket_days.counted(asked, ticket_places.asked({}), epoch(NOW))
	assert counted == [epoch("2026-04-12")]


@pytest.mark.parametrize("seed", range(2))
def test_the_weeks_of_the_chart_are_those_of_their_escalations(
	desk: frappe._dict, moment: Moment, seed: int
) -> None:
	"""Policy: TSM-14, CORE-13"""
	chance, seen = random.Random(seed), 0
	live(chance, desk)
	for user in (desk.qa, desk.head):
		for only in ({}, {"country": EGYPT}):
			last = date.fromisoformat(FIRST) + timedelta(days=chance.randrange(60, 468))
			asked = {"since": str(last - timedelta(days=chance.randrange(10))), "until": str(last), **only}
			with as_user(user):
				wanted = weekly_performance.asked(asked)
				weeks = weekly_performance.drawn_weeks(wanted.days)
				span = Period(wanted.period(weeks[0]).start, wanted.period(weeks[-1]).end)
				facts = escalation_facts.of(span, wanted.choice)
				told = [figures(facts, wanted.period(week)) for week in weeks]
			chart = reading.run(user, weekly_performance.REPORT, **asked)["chart"]["data"]
			assert chart["labels"] == [days.short(week.first) for week in weeks]
			assert [each["values"] for each in chart["datasets"]] == [
				[week[name] for week in told] for name in ("escalated", "in_time", "failed")
			]
			assert weeks[1].period(epoch(NOW)).start - weeks[0].period(epoch(NOW)).start == 7 * DAY
			seen += all(any(week[name] for week in told) for name in ("escalated", "in_time", "failed"))
	assert seen
