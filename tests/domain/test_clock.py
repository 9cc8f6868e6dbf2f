"""The clock in literal cases: what counts, what stops it, and what is due at the very moment of a change."""

from __future__ import annotations

from datetime import date, datetime, timezone

import pytest

from core_helpdesk.domain.clock import (
	Clock,
	Kind,
	Level,
	Policy,
	Terms,
	TicketState,
	acknowledged,
	changed,
	check_policy,
	counted,
	current_level,
	fired,
	handed_back,
	retimed,
	warned,
)
from core_helpdesk.domain.errors import CircularEscalation, LevelWithoutTarget, LevelWithoutTime, NoLevels
from core_helpdesk.domain.working_time import CalendarRules, Holiday, Weekend, WorkCalendar

HOUR = 3600
OPEN, PAUSED, RESOLVED = TicketState.OPEN, TicketState.PAUSED, TicketState.RESOLVED
WORKING_LEVEL = Level(16 * HOUR, "TSM", Kind.WORKING, pauses=True)
DAY_LEVEL = Level(24 * HOUR, "TSM", pauses=True)
MANAGER = Level(24 * HOUR, "General Manager")


def moment(day: int, hour: int, minute: int = 0) -> int:
	"""A moment in March 2026, UTC; the 1st is a Sunday."""
	return int(datetime(2026, 3, day, hour, minute, tzinfo=timezone.utc).timestamp())


def shown(epoch: int) -> str:
	return datetime.fromtimestamp(epoch, timezone.utc).strftime("%d %H:%M") if epoch else ""


def make_calendar(*holidays: date) -> WorkCalendar:
	rules = CalendarRules(
		"UTC",
		((8 * HOUR, 12 * HOUR), (13 * HOUR, 17 * HOUR)),
		weekends=(Weekend(None, frozenset({4, 5})),),
		holidays=tuple(Holiday(day, "Founding Day") for day in holidays),
	)
	return WorkCalendar.compile(rules, date(2026, 1, 1), date(2026, 12, 31))


class Table:
	"""Rules with one policy for each group and category named, else the one for ("", "")."""

	def __init__(self, *levels: Level, **policies: Policy) -> None:
		self.policies = {policy.name: policy for policy in policies.values()}
		self.by_key = policies
		if levels:
			self.add(Policy("Standard", levels), "standard")
		self.calendars = {"SA": make_calendar(), "EG": make_calendar()}
		self.countries = {"Cairo": "EG"}

	def add(self, policy: Policy, key: str) -> None:
		self.policies[policy.name] = self.by_key[key] = policy

	def terms(self, group: str, category: str, at: int) -> Terms | None:
		policy = (
			self.by_key.get(f"{group}_{category}") or self.by_key.get(group) or self.by_key.get("standard")
		)
		return Terms(policy, self.calendar_of(group)) if policy else None

	def policy(self, name: str) -> Policy:
		return self.policies[name]

	def calendar_of(self, group: str) -> str:
		return self.countries.get(group, "SA")

	def timer(self, calendar: str) -> WorkCalendar:
		return self.calendars[calendar]


def in_group(rules: Table, at: int, group: str = "Riyadh", **facts: object) -> Clock:
	return changed(Clock(), at, rules, group=group, **facts)


def test_level_one_counts_from_the_moment_the_ticket_enters_its_group() -> None:
	clock = in_group(Table(DAY_LEVEL), moment(2, 9))
	assert (clock.cycle, clock.level, shown(clock.due)) == (1, 0, "03 09:00")


def test_a_ticket_in_no_group_has_no_cycle_and_nothing_due() -> None:
	clock = in_group(Table(DAY_LEVEL), moment(2, 9), group="")
	assert (clock.cycle, clock.due, clock.next) == (0, 0, 0)


def test_a_ticket_that_is_resolved_when_it_enters_its_group_has_no_cycle() -> None:
	clock = in_group(Table(DAY_LEVEL), moment(2, 9), state=RESOLVED)
	assert (clock.cycle, clock.due) == (0, 0)
	assert changed(clock, moment(2, 10), Table(DAY_LEVEL), state=OPEN).cycle == 1


def test_working_hours_are_counted_by_the_calendar_of_the_group_and_skip_the_weekend() -> None:
	# Thursday 5 March, 15:00: two hours are left, then Friday and Saturday are off
	clock = in_group(Table(WORKING_LEVEL), moment(5, 15))
	assert shown(clock.due) == "09 15:00"


def test_a_count_complete_at_closing_time_is_due_at_closing_time() -> None:
	assert shown(in_group(Table(WORKING_LEVEL), moment(2, 8)).due) == "03 17:00"
	half = Level(4 * HOUR, "TSM", Kind.WORKING)
	assert shown(in_group(Table(half), moment(2, 8)).due) == "02 12:00"


def test_the_second_level_counts_from_when_the_first_really_happened() -> None:
	rules = Table(DAY_LEVEL, MANAGER)
	clock = fired(in_group(rules, moment(2, 9)), moment(3, 12), rules)
	assert (clock.level, shown(clock.due)) == (1, "04 12:00")


def test_nothing_follows_the_last_level() -> None:
	rules = Table(DAY_LEVEL)
	clock = fired(in_group(rules, moment(2, 9)), moment(3, 9), rules)
	assert (clock.level, clock.due, clock.next, current_level(clock, rules)) == (1, 0, 0, None)


def test_a_pause_takes_its_time_out_of_the_count() -> None:
	rules = Table(DAY_LEVEL)
	clock = changed(in_group(rules, moment(2, 9)), moment(2, 12), rules, state=PAUSED)
	assert (clock.due, clock.anchor, clock.spans) == (0, 0, ((moment(2, 9), moment(2, 12)),))
	clock = changed(clock, moment(2, 20), rules, state=OPEN)
	assert shown(clock.due) == "03 17:00"


def test_a_pause_does_not_stop_a_level_that_does_not_pause() -> None:
	rules = Table(DAY_LEVEL, MANAGER)
	clock = fired(in_group(rules, moment(2, 9)), moment(3, 9), rules)
	assert shown(changed(clock, moment(3, 10), rules, state=PAUSED).due) == "04 09:00"


def test_a_level_that_begins_in_a_pause_waits_for_its_end() -> None:
	rules = Table(MANAGER, DAY_LEVEL)
	clock = changed(in_group(rules, moment(2, 9)), moment(2, 10), rules, state=PAUSED)
	clock = fired(clock, clock.due, rules)
	assert (clock.due, clock.paused_since) == (0, moment(3, 9))
	assert shown(changed(clock, moment(4, 7), rules, state=OPEN).due) == "05 07:00"


def test_paused_at_the_due_moment_the_level_fires_when_the_pause_ends_even_at_night() -> None:
	rules = Table(WORKING_LEVEL)
	clock = in_group(rules, moment(2, 8))
	clock = changed(clock, clock.due, rules, state=PAUSED)
	assert clock.due == 0
	assert shown(changed(clock, moment(6, 23, 30), rules, state=OPEN).due) == "06 23:30"


def test_resolved_at_the_due_moment_the_level_does_not_fire() -> None:
	rules = Table(DAY_LEVEL)
	clock = changed(in_group(rules, moment(2, 9)), moment(3, 9), rules, state=RESOLVED)
	assert (clock.due, clock.policy, clock.cycle, clock.level) == (0, "", 1, 0)


def test_moved_at_the_due_moment_level_one_starts_anew() -> None:
	rules = Table(DAY_LEVEL)
	clock = changed(in_group(rules, moment(2, 9)), moment(3, 9), rules, group="Dubai")
	assert (shown(clock.due), clock.level) == ("04 09:00", 0)


def test_a_capped_pause_stops_the_count_for_so_long_at_most() -> None:
	rules = Table(Level(24 * HOUR, "TSM", pauses=True, pause_cap=5 * HOUR))
	clock = changed(in_group(rules, moment(2, 9)), moment(2, 12), rules, state=PAUSED)
	assert shown(clock.due) == "03 14:00"
	early = changed(clock, moment(2, 14), rules, state=OPEN)
	assert shown(early.due) == "03 11:00"
	again = changed(early, moment(2, 20), rules, state=PAUSED)
	assert shown(again.due) == "03 14:00"
	late = changed(clock, moment(3, 1), rules, state=OPEN)
	assert shown(late.due) == "03 14:00"


def test_a_count_complete_when_a_capped_pause_begins_is_due_when_the_cap_is_reached() -> None:
	rules = Table(Level(24 * HOUR, "TSM", pauses=True, pause_cap=5 * HOUR))
	clock = changed(in_group(rules, moment(2, 9)), moment(3, 9), rules, state=PAUSED)
	assert shown(clock.due) == "03 14:00"


def test_a_move_to_the_present_group_is_no_move() -> None:
	rules = Table(DAY_LEVEL)
	clock = in_group(rules, moment(2, 9))
	assert changed(clock, moment(2, 15), rules, group="Riyadh") == clock


def test_a_move_after_level_one_stops_nothing_and_keeps_the_calendar_of_the_count() -> None:
	rules = Table(DAY_LEVEL, Level(8 * HOUR, "General Manager", Kind.WORKING))
	rules.calendars["EG"] = make_calendar(date(2026, 3, 3))
	clock = fired(in_group(rules, moment(2, 8)), moment(2, 13), rules)
	moved = changed(clock, moment(2, 14), rules, group="Cairo")
	assert (moved.due, moved.calendar, moved.group) == (clock.due, "SA", "Cairo")
	assert shown(clock.due) == "03 12:00"


def test_the_calendar_is_that_of_the_group_in_which_the_count_began() -> None:
	rules = Table(DAY_LEVEL, Level(8 * HOUR, "General Manager", Kind.WORKING))
	rules.calendars["EG"] = make_calendar(date(2026, 3, 3))
	clock = in_group(rules, moment(2, 8), group="Cairo")
	assert shown(fired(clock, moment(2, 13), rules).due) == "04 12:00"


def test_out_of_every_group_level_one_waits_and_starts_anew_on_the_way_back() -> None:
	rules = Table(DAY_LEVEL)
	clock = changed(in_group(rules, moment(2, 9)), moment(2, 12), rules, group="")
	assert (clock.due, clock.cycle) == (0, 1)
	back = changed(clock, moment(2, 13), rules, group="Riyadh")
	assert (shown(back.due), back.cycle) == ("03 13:00", 1)


def test_reopened_the_ticket_starts_its_next_cycle_with_level_one() -> None:
	rules = Table(DAY_LEVEL, MANAGER)
	clock = fired(in_group(rules, moment(2, 9)), moment(3, 9), rules)
	clock = changed(clock, moment(3, 12), rules, state=RESOLVED)
	clock = changed(clock, moment(5, 8), rules, state=OPEN)
	assert (clock.cycle, clock.level, shown(clock.due)) == (2, 0, "06 08:00")


def test_reopened_into_a_pause_level_one_waits_for_its_end() -> None:
	rules = Table(DAY_LEVEL)
	clock = changed(in_group(rules, moment(2, 9)), moment(2, 12), rules, state=RESOLVED)
	clock = changed(clock, moment(5, 8), rules, state=PAUSED)
	assert (clock.cycle, clock.due, clock.paused_since) == (2, 0, moment(5, 8))


def test_resolved_and_reopened_in_one_moment_is_a_new_cycle() -> None:
	rules = Table(DAY_LEVEL)
	clock = changed(in_group(rules, moment(2, 9)), moment(2, 12), rules, state=RESOLVED)
	assert changed(clock, moment(2, 12), rules, state=OPEN).cycle == 2


def test_a_merged_or_deleted_ticket_is_finished_whatever_its_state() -> None:
	rules = Table(DAY_LEVEL)
	clock = changed(in_group(rules, moment(2, 9)), moment(2, 12), rules, finished=True)
	assert (clock.is_live, clock.due) == (False, 0)
	assert changed(clock, moment(2, 13), rules, state=PAUSED).due == 0
	assert handed_back(clock, moment(2, 13), rules) == clock


def test_a_merge_that_is_undone_keeps_cycle_and_level_and_counts_the_level_from_then() -> None:
	rules = Table(Level(8 * HOUR, "TSM"), MANAGER)
	escalated = fired(in_group(rules, moment(2, 9)), moment(2, 17), rules)
	merged = changed(escalated, moment(2, 18), rules, finished=True)
	clock = changed(merged, moment(2, 20), rules, finished=False)
	assert (clock.cycle, clock.level, shown(clock.due)) == (1, 1, "03 20:00")


def test_a_new_category_chooses_the_policy_anew_and_keeps_the_time_counted() -> None:
	urgent = Policy("Urgent", (Level(8 * HOUR, "TSM"),))
	rules = Table(DAY_LEVEL, Riyadh_Complaint=urgent)
	clock = changed(in_group(rules, moment(2, 9)), moment(2, 12), rules, category="Complaint")
	assert (clock.policy, shown(clock.due), counted(clock, moment(2, 13), rules)) == (
		"Urgent",
		"02 17:00",
		4 * HOUR,
	)


def test_a_new_category_with_a_shorter_time_already_used_is_due_at_once() -> None:
	urgent = Policy("Urgent", (Level(8 * HOUR, "TSM"),))
	rules = Table(DAY_LEVEL, Riyadh_Complaint=urgent)
	clock = changed(in_group(rules, moment(2, 9)), moment(2, 20), rules, category="Complaint")
	assert shown(clock.due) == "02 20:00"


def test_a_new_category_after_level_one_changes_nothing_but_the_category() -> None:
	urgent = Policy("Urgent", (Level(8 * HOUR, "TSM"),))
	rules = Table(DAY_LEVEL, MANAGER, Riyadh_Complaint=urgent)
	clock = fired(in_group(rules, moment(2, 9)), moment(3, 9), rules)
	after = changed(clock, moment(3, 10), rules, category="Complaint")
	assert (after.policy, after.due, after.category) == ("Standard", clock.due, "Complaint")


def test_a_group_without_a_policy_runs_no_count() -> None:
	rules = Table(Dubai=Policy("Dubai only", (DAY_LEVEL,)))
	clock = in_group(rules, moment(2, 9))
	assert (clock.cycle, clock.policy, clock.due) == (1, "", 0)
	assert shown(changed(clock, moment(2, 10), rules, group="Dubai").due) == "03 10:00"


def test_the_warning_comes_at_its_share_of_level_one_and_only_once() -> None:
	rules = Table()
	rules.add(Policy("Warned", (DAY_LEVEL, MANAGER), warn_share=0.75), "standard")
	clock = in_group(rules, moment(2, 9))
	assert (shown(clock.warn), shown(clock.next)) == ("03 03:00", "03 03:00")
	assert shown(warned(clock).next) == "03 09:00"
	assert fired(clock, clock.due, rules).warn == 0
	assert not changed(warned(clock), moment(3, 4), rules, group="Dubai").warned


def test_an_escalation_not_acknowledged_in_time_brings_the_next_level_at_once() -> None:
	rules = Table(Level(24 * HOUR, "TSM", acknowledge_within=2 * HOUR), MANAGER)
	clock = fired(in_group(rules, moment(2, 9)), moment(3, 9), rules)
	assert shown(clock.due) == "03 11:00"
	assert shown(acknowledged(clock, rules).due) == "04 09:00"
	assert fired(clock, clock.due, rules).hurry == 0


def test_the_cap_over_all_groups_cannot_be_avoided_by_passing_the_ticket_on() -> None:
	rules = Table()
	rules.add(Policy("Capped", (DAY_LEVEL, MANAGER), total_cap=30 * HOUR), "standard")
	clock = changed(in_group(rules, moment(2, 0)), moment(2, 20), rules, group="Dubai")
	assert shown(clock.due) == "03 06:00"
	clock = changed(clock, moment(3, 6), rules, group="Riyadh")
	assert (shown(clock.due), clock.carried) == ("03 06:00", 30 * HOUR)


def test_handed_back_the_ticket_starts_a_new_cycle_in_its_group() -> None:
	rules = Table(DAY_LEVEL, MANAGER)
	clock = fired(in_group(rules, moment(2, 9)), moment(3, 9), rules)
	clock = handed_back(clock, moment(3, 10), rules)
	assert (clock.cycle, clock.level, shown(clock.due)) == (2, 0, "04 10:00")


def test_a_confirmed_holiday_moves_the_due_moment_of_a_running_count() -> None:
	rules = Table(WORKING_LEVEL)
	clock = changed(in_group(rules, moment(2, 8)), moment(2, 10), rules, state=PAUSED)
	clock = changed(clock, moment(2, 11), rules, state=OPEN)
	assert shown(clock.due) == "04 09:00"
	rules.calendars["SA"] = make_calendar(date(2026, 3, 2))
	assert shown(retimed(clock, rules).due) == "04 17:00"


@pytest.mark.parametrize(
	("levels", "error"),
	[
		((), NoLevels),
		((Level(HOUR, " "),), LevelWithoutTarget),
		((Level(0, "TSM"),), LevelWithoutTime),
		((Level(HOUR, "TSM"), Level(-HOUR, "General Manager")), LevelWithoutTime),
		((Level(HOUR, "TSM"), Level(HOUR, "TSM")), CircularEscalation),
		(
			(Level(HOUR, "General Manager"), Level(HOUR, "TSM"), Level(HOUR, "General Manager")),
			CircularEscalation,
		),
	],
)
def test_a_policy_that_could_not_escalate_is_refused(
	levels: tuple[Level, ...], error: type[Exception]
) -> None:
	with pytest.raises(error, match="Standard"):
		check_policy(Policy("Standard", levels))
