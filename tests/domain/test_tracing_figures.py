"""The monthly tracing report of cases made by hand."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from core_helpdesk.domain.closing import Answer, Closing
from core_helpdesk.domain.tracing_figures import (
	CaseFacts,
	Change,
	ClaimFacts,
	ClaimStep,
	ClaimSum,
	Figure,
	Figures,
	Grouping,
	Month,
	claims_compared,
	compared,
	figures,
	values,
)
from core_helpdesk.domain.tracing_legs import Leg
from tests.domain.working_time_cases import SATURDAY_SUNDAY, at, make_calendar

TIMERS = {"SA": make_calendar(), "AE": make_calendar(zone="Asia/Dubai", weekends=SATURDAY_SUNDAY)}
MARCH = Month(at("2026-03-01 00:00"), at("2026-04-01 00:00"))
APRIL = Month(MARCH.end, at("2026-05-01 00:00"))
DAY = 86_400
CASE = CaseFacts(
	name="Case 1",
	country="SA",
	direction="Inbound",
	nature="Claim",
	officer="officer",
	opened=at("2026-03-01 09:00"),
	calendar="SA",
	due=at("2026-03-15 17:00"),
)
LEG = Leg(1, "Tracing", "SA", "SA", True, assigned=CASE.opened, due=CASE.due)


def total(*cases: CaseFacts, month: Month = MARCH) -> Figures:
	return figures(cases, month, TIMERS).total


@pytest.mark.parametrize(
	("closed", "late"),
	[
		("2026-03-15 17:00", []),
		("2026-03-15 17:01", [1]),
		("2026-03-17 09:00", [2]),
		("2026-03-31 23:59", [13]),
	],
)
def test_a_case_is_closed_in_time_or_late_by_working_days(closed: str, late: list[int]) -> None:
	found = total(replace(CASE, closed=at(closed)))
	assert [case.amount for case in found.late.cases] == late
	assert (found.closed.names, found.within.count + found.late.count) == (("Case 1",), 1)
	assert found.within_share == (0.0 if late else 1.0)


def test_the_month_is_judged_as_it_stood_at_its_end() -> None:
	case = replace(CASE, closed=MARCH.end, answer=Answer.YES)
	march, april = total(case), total(case, month=APRIL)
	assert (march.opened.count, march.closed.count, march.outstanding.count, march.overdue.count) == (
		1,
		0,
		1,
		1,
	)
	assert (april.opened.count, april.closed.count, april.outstanding.count) == (0, 1, 0)
	before = total(case, month=Month(0, MARCH.start))
	assert not any(values(before).values())


def test_only_a_clear_yes_is_satisfied_and_the_other_answers_are_told_apart() -> None:
	cases = [replace(CASE, name=answer.name, answer=answer, closed=CASE.opened + DAY) for answer in Answer]
	found = total(*cases)
	assert found.satisfied.names == ("YES",)
	assert found.satisfaction == 1 / len(Answer)
	assert {answer: own.names for answer, own in found.answers.items()} == {
		own: (own.name,) for own in Answer
	}
	assert total().satisfaction is None


def test_only_inbound_cases_stand_against_the_goal_of_none() -> None:
	found = total(CASE, replace(CASE, name="Case 2", direction="Outbound"))
	assert found.outstanding.names == ("Case 1", "Case 2")
	assert found.inbound_outstanding.names == ("Case 1",)


def test_the_time_to_open_counts_in_the_month_of_the_first_acceptance() -> None:
	waited = replace(CASE, to_open_seconds=MARCH.end - CASE.opened)
	assert total(waited).to_open.count == 0
	assert total(waited, month=APRIL).to_open.percentile(50) == MARCH.end - CASE.opened
	at_once = replace(CASE, to_open_seconds=0)
	assert total(at_once).to_open.percentile(90) == 0


def test_the_regulators_time_is_told_apart() -> None:
	clock = {"regulator_due": at("2026-03-08 17:00"), "regulator_calendar": "SA"}
	found = total(replace(CASE, **clock, closed=at("2026-03-10 10:00")))
	assert (found.late.count, found.late_for_regulator.percentile(50)) == (0, 2)


def test_the_regulators_days_are_those_of_headquarters_whoever_handles_the_case() -> None:
	# From Thursday to Monday there is Sunday at home, where abroad it is Friday.
	clock = {"regulator_due": at("2026-03-05 17:00"), "regulator_calendar": "SA"}
	abroad = replace(CASE, **clock, calendar="AE", closed=at("2026-03-09 10:00"))
	assert total(abroad).late_for_regulator.percentile(50) == 2
	assert total(replace(abroad, regulator_calendar="AE")).late_for_regulator.percentile(50) == 1


def test_what_is_left_over_past_the_regulators_time_is_told_apart() -> None:
	case = replace(CASE, due=APRIL.end, regulator_due=MARCH.end - 1)
	assert (total(case).overdue.count, total(case).overdue_for_regulator.names) == (0, ("Case 1",))
	assert total(replace(case, regulator_due=MARCH.end)).overdue_for_regulator.count == 0
	assert total(replace(case, regulator_due=0)).overdue_for_regulator.count == 0
	assert (
		total(replace(case, closed=MARCH.end - 1, regulator_calendar="SA")).overdue_for_regulator.count == 0
	)


def test_closings_by_exception_are_told_apart_and_count_as_closed() -> None:
	cases = [
		replace(CASE, name=closing.name, closing=closing, closed=CASE.opened + DAY)
		for closing in (Closing.CONFIRMED, Closing.OVERRIDE, Closing.UNCONFIRMED, Closing.PAST_THE_RULES)
	]
	found = total(*cases)
	assert (found.closed.count, found.within.count, found.merged_or_deleted.count) == (4, 4, 0)
	assert (found.by_override.names, found.unconfirmed.names) == (("OVERRIDE",), ("UNCONFIRMED",))
	assert found.past_the_rules.names == ("PAST_THE_RULES",)


def test_what_was_merged_or_deleted_is_in_no_share() -> None:
	done = replace(CASE, name="done", closed=CASE.opened + DAY, answer=Answer.YES, first_level=True)
	gone = [
		replace(CASE, name=closing.name, closing=closing, closed=CASE.opened + DAY)
		for closing in (Closing.MERGED, Closing.DELETED)
	]
	found = total(done, *gone)
	assert found.merged_or_deleted.names == ("MERGED", "DELETED")
	assert (found.opened.count, found.closed.count, found.outstanding.count) == (3, 1, 0)
	assert (found.within_share, found.first_level_share, found.satisfaction) == (1, 1, 1)


def test_each_leg_counts_once_by_its_team_and_by_its_case() -> None:
	passed_on = replace(LEG, accepted=LEG.assigned + 60, left=at("2026-03-17 09:00"))
	running = Leg(2, "Customs", "SA", "SA", False, assigned=passed_on.left, passed_by="officer")
	report = figures([replace(CASE, legs=(passed_on, running))], MARCH, TIMERS)
	by_team = report.groups[Grouping.LEG_TEAM]
	assert set(by_team) == {"Tracing", "Customs"}
	assert by_team["Tracing"].leg_late.percentile(50) == 2
	assert by_team["Tracing"].leg_to_accept.percentile(50) == 60
	assert by_team["Tracing"].leg_held.total == passed_on.left - passed_on.assigned
	assert by_team["Customs"].leg_unanswered.names == ("Case 1",)
	assert by_team["Customs"].opened.count == 0
	assert report.total.leg_assigned.names == ("Case 1", "Case 1")
	assert report.groups[Grouping.OFFICER]["officer"].leg_late.count == 1


def test_a_leg_still_held_after_it_was_due_is_overdue_and_an_answer_is_owed_by_open_cases_only() -> None:
	owed = replace(LEG, passed_by="officer")
	found = total(replace(CASE, legs=(owed,)))
	assert (found.leg_overdue.count, found.leg_late.count, found.leg_unanswered.count) == (1, 0, 1)
	over = replace(CASE, closed=CASE.opened + DAY, legs=(replace(owed, left=CASE.opened + DAY),))
	assert total(over).leg_unanswered.count == 0


def test_what_comes_with_the_end_of_the_month_is_the_next_months() -> None:
	passed_on = replace(LEG, number=2, assigned=MARCH.end, due=0, passed_by="officer")
	case = replace(CASE, due=MARCH.end, legs=(replace(LEG, due=MARCH.end, left=MARCH.end), passed_on))
	march, april = total(case), total(case, month=APRIL)
	assert (march.overdue.count, march.leg_overdue.count, march.leg_unanswered.count) == (0, 0, 0)
	assert (april.overdue.count, april.leg_held.count, april.leg_unanswered.count) == (1, 1, 1)
	assert (march.leg_assigned.count, april.leg_assigned.count) == (1, 1)


def test_claims_add_up_by_step_and_currency_to_the_last_decimal() -> None:
	first = ClaimFacts(Decimal("0.1"), "SAR", opened=CASE.opened, approved=CASE.opened + 5, paid=MARCH.end)
	second = replace(first, amount=Decimal("0.2"), approved=0, paid=0, refused=CASE.opened + 9)
	third = ClaimFacts(Decimal("1.005"), "KWD", opened=CASE.opened)
	march = total(replace(CASE, claims=(first, second, third)))
	assert {key: figure.total for key, figure in march.claims.items()} == {
		(ClaimStep.OPENED, "SAR"): Decimal("0.3"),
		(ClaimStep.OPENED, "KWD"): Decimal("1.005"),
		(ClaimStep.APPROVED, "SAR"): Decimal("0.1"),
		(ClaimStep.REFUSED, "SAR"): Decimal("0.2"),
	}
	april = total(replace(CASE, claims=(first,)), month=APRIL)
	changes = claims_compared(april, march)
	steps = [key.step for key in changes]
	assert steps == sorted(steps, key=list(ClaimStep).index)
	assert changes[ClaimSum(ClaimStep.PAID, "SAR")] == Change(Decimal("0.1"), 0)
	assert changes[ClaimSum(ClaimStep.OPENED, "KWD")].difference == Decimal("-1.005")


def test_lines_of_cases_that_were_over_before_the_month_are_left_out() -> None:
	report = figures([replace(CASE, closed=CASE.opened + DAY, officer="gone", legs=(LEG,))], APRIL, TIMERS)
	assert report.groups[Grouping.OFFICER] == {"gone": report.total}
	over = replace(LEG, left=CASE.opened + DAY)
	report = figures([replace(CASE, closed=CASE.opened + DAY, legs=(over,))], APRIL, TIMERS)
	assert report.groups == {grouping: {} for grouping in Grouping}


def test_every_value_is_compared_with_the_month_before() -> None:
	last = total(CASE)
	this = total(replace(CASE, closed=APRIL.start, answer=Answer.YES, first_level=True), month=APRIL)
	changes = compared(this, last)
	assert changes["closed"] == Change(1, 0)
	assert changes["outstanding"].difference == -1
	assert changes["answer_yes"] == Change(1, 0)
	assert changes["satisfaction"] == Change(1.0, None)
	assert changes["satisfaction"].difference is None
	assert changes["first_level_share"].this == 1.0
	assert changes["late_median"].this == changes["late_p90"].this
	assert set(changes) == set(values(last))


def test_medians_and_percentiles_are_values_of_the_nearest_rank() -> None:
	figure = Figure()
	for days in (7, 1, 3, 10, 2, 4, 5, 6, 9, 8):
		figure.add(f"Case {days}", days)
	assert (figure.percentile(50), figure.percentile(90), figure.percentile(91)) == (5, 9, 10)
	assert Figure().percentile(50) is None
