"""What reports on escalations count of what was done about each."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core_helpdesk.domain.escalation_measures import MEASURES, Followed, Outcome, figures
from core_helpdesk.domain.period import Period
from core_helpdesk.domain.ticket_facts import LAPSED, Place
from core_helpdesk.domain.ticket_measures import OPEN, TSM

HOUR, DAY = 3600, 24 * 3600
START = 1_000 * DAY
WEEK = Period(START, START + 7 * DAY)
CAME = START + DAY
FACT = Followed("1", Place(), CAME, 1, TSM, answer_due=CAME + DAY, name="a", head="head")


def counted(fact: Followed, period: Period = WEEK) -> set[str]:
	return {name for name, counts in MEASURES.items() if counts(fact, period)}


def solved(after: int, outcome: Outcome = Outcome.SOLVED) -> Followed:
	return replace(FACT, ended=CAME + after, over=CAME + after, outcome=outcome)


RAISED = {"escalated", "missed", "answer_due"}


@pytest.mark.parametrize(
	("fact", "expected"),
	[
		(FACT, {*RAISED, "failed", OPEN, "unconfirmed"}),
		(replace(FACT, confirmed=CAME + HOUR), {*RAISED, "failed", OPEN, "confirmed"}),
		(replace(FACT, confirmed=WEEK.end), {*RAISED, "failed", OPEN, "unconfirmed"}),
		(replace(FACT, head=""), {*RAISED, "failed", OPEN}),
		(solved(DAY), {*RAISED, "in_time", "solved", "unconfirmed"}),
		(solved(DAY + 1), {*RAISED, "failed", "solved", "unconfirmed"}),
		(solved(6 * DAY), {*RAISED, "failed", OPEN, "unconfirmed"}),
		(solved(HOUR, Outcome.HANDED_BACK), {*RAISED, "in_time", "handed_back", "unconfirmed"}),
		(replace(FACT, outcome=Outcome.FAILED, over=CAME + HOUR), {*RAISED, "failed", "unconfirmed"}),
		(replace(FACT, ended=LAPSED), {"escalated", "missed", "unconfirmed"}),
		(replace(FACT, neglected=(CAME + HOUR,)), {*RAISED, "failed", OPEN, "unconfirmed", "neglected"}),
		(replace(FACT, neglected=(WEEK.end,)), {*RAISED, "failed", OPEN, "unconfirmed"}),
	],
	ids=str,
)
def test_what_is_counted_of_an_escalation(fact: Followed, expected: set[str]) -> None:
	"""Policy: TSM-01, TSM-02, TSM-07"""
	assert counted(fact) == expected


def test_it_is_open_in_every_week_until_its_outcome() -> None:
	weeks = [Period(WEEK.start + n * 7 * DAY, WEEK.end + n * 7 * DAY) for n in range(-1, 4)]
	late = solved(14 * DAY)
	assert [OPEN in counted(late, week) for week in weeks] == [False, True, True, False, False]
	assert ["solved" in counted(late, week) for week in weeks] == [False, False, False, True, False]


def test_the_figures_of_several() -> None:
	"""Policy: TSM-14"""
	confirmed = replace(solved(3 * HOUR), confirmed=CAME + HOUR)
	told = figures([confirmed, solved(5 * HOUR), solved(30 * HOUR), replace(FACT, level=2)], WEEK)
	assert told["solved_in_time"] == pytest.approx(2 / 3)
	assert told["confirm_median"] == HOUR
	assert told["solve_median"] == 5 * HOUR
	assert (told["escalated"], told["answer_due"], told[OPEN]) == (4, 3, 1)


def test_nothing_has_no_shares_and_no_times() -> None:
	told = figures([], WEEK)
	assert told["solved_in_time"] is told["confirm_median"] is told["solve_median"] is None
	assert not any(told.values())
