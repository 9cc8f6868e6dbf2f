"""What a replay means, sentence by sentence, each with a ticket or two."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from core_helpdesk.offline.csv_files import parse_moment, read_export
from core_helpdesk.offline.outputs import escalation_rows, run
from core_helpdesk.offline.policy_file import read_policy_file
from core_helpdesk.offline.words import Words

if TYPE_CHECKING:
	from pathlib import Path

SAY = Words("en")
HEADER = "ticket,opened_at,group,category,resolved_at,closed_at\n"
TOP = """
timezone = "Asia/Riyadh"
[states]
New = "open"
Waiting = "paused"
Solved = "resolved"
Closed = "resolved"
[calendars.SA]
country = "SA"
timezone = "Asia/Riyadh"
hours = ["08:00-12:00", "13:00-17:00"]
[calendars.AE]
country = "AE"
timezone = "Asia/Dubai"
hours = ["09:00-18:00"]
[calendars.EG]
country = "EG"
timezone = "Africa/Cairo"
hours = ["09:00-17:00"]
[defaults]
country = "SA"
[groups.Dubai]
country = "AE"
[groups.Cairo]
country = "EG"
"""
# Sunday 1 March 2026 is a working day in Saudi Arabia and Egypt, not in the United Arab Emirates.
LEVEL = """[[policies.levels]]
after_hours = {0}
clock = "{1}"
pauses = {2}
target = "{3}"
"""
EVERYTHING = '[[policies]]\nname = "All"\ngroups = ["*"]\ncategories = ["*"]\n'


def level(hours: float, clock: str, target: str, *, pauses: bool = False) -> str:
	return LEVEL.format(hours, clock, str(pauses).lower(), target)


DAY_THEN_DAY = EVERYTHING + level(24, "elapsed", "TSM", pauses=True) + level(24, "elapsed", "General Manager")
WORKING = EVERYTHING + level(8, "working", "TSM", pauses=True)


class Folder:
	"""Files of one replay, and the rows it writes."""

	def __init__(self, path: Path) -> None:
		self.path = path

	def replay(self, policies: str, tickets: str, events: str = "", until: str = "2026-03-31") -> list[str]:
		"""Rows as "ticket cycle.level group due"; empty groups are shown as "-"."""
		for name, text in (
			("policy.toml", TOP + policies),
			("tickets.csv", HEADER + tickets),
			("events.csv", "ticket,at,event,value\n" + events),
		):
			(self.path / name).write_text(text, encoding="utf-8")
		file = read_policy_file(self.path / "policy.toml", SAY)
		export = read_export(self.path / "tickets.csv", self.path / "events.csv", file.zone, file.states, SAY)
		assert export.problems == []
		end = parse_moment(until, file.zone, SAY) if until else export.latest
		rows = escalation_rows(run(export, file, end, SAY))
		return [f"{row[0]} {row[1]}.{row[2]} {row[3] or '-'} {row[5][5:16]}" for row in rows]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
	return Folder(tmp_path)


def test_absolute_time_escalates_after_a_day_and_again_after_another(folder: Folder) -> None:
	rows = folder.replay(DAY_THEN_DAY, "A,2026-03-01 09:00,Riyadh,,,\n")
	assert rows == ["A 1.1 Riyadh 03-02 09:00", "A 1.2 Riyadh 03-03 09:00"]


def test_rows_are_sorted_by_due_moment_then_ticket_as_text_then_cycle_and_level(folder: Folder) -> None:
	tickets = "".join(f"{name},2026-03-01 09:00,Riyadh,,,\n" for name in ("T9", "T10", "a", "B"))
	rows = folder.replay(EVERYTHING + level(24, "elapsed", "TSM"), tickets)
	assert [row.split()[0] for row in rows] == ["B", "T10", "T9", "a"]


@pytest.mark.parametrize(
	("group", "opened", "due"),
	[
		("Riyadh", "2026-03-05 16:00", "03-08 16:00"),
		("Dubai", "2026-03-06 17:00", "03-09 16:00"),
		("Cairo", "2026-03-05 17:00", "03-08 17:00"),
		("Riyadh", "2026-03-18 16:00", "03-25 16:00"),
		("Unlisted", "2026-03-05 16:00", "03-08 16:00"),
	],
)
def test_working_time_skips_weekends_and_holidays_of_the_groups_country(
	folder: Folder, group: str, opened: str, due: str
) -> None:
	assert folder.replay(WORKING, f"A,{opened},{group},,,\n") == [f"A 1.1 {group} {due}"]


@pytest.mark.parametrize(("hours", "due"), [(4, "03-02 12:00"), (8, "03-02 17:00"), (12, "03-03 12:00")])
def test_a_count_complete_when_an_interval_ends_is_due_at_that_moment(
	folder: Folder, hours: int, due: str
) -> None:
	rows = folder.replay(EVERYTHING + level(hours, "working", "TSM"), "A,2026-03-02 08:00,Riyadh,,,\n")
	assert rows == [f"A 1.1 Riyadh {due}"]


def test_the_calendar_is_that_of_the_group_in_which_the_count_began(folder: Folder) -> None:
	policy = EVERYTHING + level(4, "elapsed", "TSM") + level(8, "working", "General Manager")
	events = "A,2026-03-05 15:00,group,Dubai\n"
	rows = folder.replay(policy, "A,2026-03-05 09:00,Riyadh,,,\n", events)
	assert rows == ["A 1.1 Riyadh 03-05 13:00", "A 1.2 Dubai 03-08 12:00"]


def test_in_no_group_the_second_level_counts_by_the_default_country(folder: Folder) -> None:
	policy = (
		EVERYTHING + level(4, "elapsed", "TSM") + level(8, "working", "Manager") + level(4, "working", "GM")
	)
	events = "A,2026-03-02 14:00,group,\n"
	rows = folder.replay(policy, "A,2026-03-02 09:00,Dubai,,,\n", events)
	assert rows == ["A 1.1 Dubai 03-02 13:00", "A 1.2 - 03-03 12:00", "A 1.3 - 03-03 17:00"]


def test_an_empty_group_starts_nothing_until_the_ticket_enters_one(folder: Folder) -> None:
	rows = folder.replay(
		DAY_THEN_DAY,
		"A,2026-03-01 09:00,,,,\n",
		"A,2026-03-02 10:00,group,Riyadh\n",
		until="2026-03-03 10:00",
	)
	assert rows == ["A 1.1 Riyadh 03-03 10:00"]


def test_a_time_with_an_offset_is_that_moment(folder: Folder) -> None:
	tickets = "A,2026-03-01T09:00:00+00:00,Riyadh,,,\nB,2026-03-01 09:00Z,Riyadh,,,\nC,2026-03-01T01:00:00-0500,Riyadh,,,\n"
	rows = folder.replay(EVERYTHING + level(1, "elapsed", "TSM"), tickets)
	assert rows == ["C 1.1 Riyadh 03-01 10:00", "A 1.1 Riyadh 03-01 13:00", "B 1.1 Riyadh 03-01 13:00"]


def test_paused_time_is_not_counted_where_the_level_pauses(folder: Folder) -> None:
	events = (
		"A,2026-03-01 10:00,state,Waiting\nA,2026-03-01 15:00,state,New\nA,2026-03-02 20:00,state,Waiting\n"
	)
	rows = folder.replay(DAY_THEN_DAY, "A,2026-03-01 09:00,Riyadh,,,\n", events)
	assert rows == ["A 1.1 Riyadh 03-02 14:00", "A 1.2 Riyadh 03-03 14:00"]


def test_paused_at_the_due_moment_the_level_fires_when_the_pause_ends_outside_working_hours(
	folder: Folder,
) -> None:
	events = "A,2026-03-02 17:00,state,Waiting\nA,2026-03-06 23:00,state,New\n"
	assert folder.replay(WORKING, "A,2026-03-02 08:00,Riyadh,,,\n", events) == ["A 1.1 Riyadh 03-06 23:00"]


@pytest.mark.parametrize("change", ["state,Solved", "group,Dubai"])
def test_a_pause_that_ends_together_with_a_resolution_or_a_move_fires_nothing(
	folder: Folder, change: str
) -> None:
	events = f"A,2026-03-02 17:00,state,Waiting\nA,2026-03-06 23:00,state,New\nA,2026-03-06 23:00,{change}\n"
	rows = folder.replay(WORKING, "A,2026-03-02 08:00,Riyadh,,,\n", events, until="2026-03-07")
	assert rows == []


@pytest.mark.parametrize(
	("events", "rows"),
	[
		("A,2026-03-02 09:00,state,Solved\n", []),
		("A,2026-03-02 09:00,group,Dubai\n", ["A 1.1 Dubai 03-03 09:00"]),
		("A,2026-03-02 09:00,group,Riyadh\n", ["A 1.1 Riyadh 03-02 09:00"]),
		("A,2026-03-02 09:00,state,Waiting\nA,2026-03-02 09:00,state,New\n", ["A 1.1 Riyadh 03-02 09:00"]),
		("A,2026-03-02 09:00,group,Dubai\nA,2026-03-02 09:00,group,Riyadh\n", ["A 1.1 Riyadh 03-03 09:00"]),
		("A,2026-03-02 09:00,group,\n", []),
		("A,2026-03-02 09:01,state,Solved\n", ["A 1.1 Riyadh 03-02 09:00"]),
	],
)
def test_changes_at_the_due_moment_come_first(folder: Folder, events: str, rows: list[str]) -> None:
	policy = EVERYTHING + level(24, "elapsed", "TSM", pauses=True)
	assert folder.replay(policy, "A,2026-03-01 09:00,Riyadh,,,\n", events) == rows


def test_the_group_is_that_after_the_changes_of_the_moment(folder: Folder) -> None:
	rows = folder.replay(DAY_THEN_DAY, "A,2026-03-01 09:00,Riyadh,,,\n", "A,2026-03-03 09:00,group,Dubai\n")
	assert rows == ["A 1.1 Riyadh 03-02 09:00", "A 1.2 Dubai 03-03 09:00"]


def test_changes_of_one_moment_apply_in_file_order(folder: Folder) -> None:
	tickets = "A,2026-03-01 09:00,Riyadh,,,\n"
	paused_last = "A,2026-03-01 10:00,state,New\nA,2026-03-01 10:00,state,Waiting\n"
	paused_first = "A,2026-03-01 10:00,state,Waiting\nA,2026-03-01 10:00,state,New\n"
	assert folder.replay(DAY_THEN_DAY, tickets, paused_last) == []
	assert len(folder.replay(DAY_THEN_DAY, tickets, paused_first)) == 2


def test_events_need_not_be_sorted_by_time(folder: Folder) -> None:
	events = "A,2026-03-01 15:00,state,New\nA,2026-03-01 10:00,state,Waiting\n"
	rows = folder.replay(DAY_THEN_DAY, "A,2026-03-01 09:00,Riyadh,,,\n", events)
	assert rows[0] == "A 1.1 Riyadh 03-02 14:00"


def test_an_event_before_the_opening_counts_as_made_then(folder: Folder) -> None:
	rows = folder.replay(DAY_THEN_DAY, "A,2026-03-01 09:00,Riyadh,,,\n", "A,2026-02-01 09:00,group,Dubai\n")
	assert rows[0] == "A 1.1 Dubai 03-02 09:00"


def test_without_state_events_the_earlier_of_both_columns_resolves(folder: Folder) -> None:
	tickets = (
		"A,2026-03-01 09:00,Riyadh,,2026-03-05 09:00,2026-03-02 08:00\n"
		"B,2026-03-01 09:00,Riyadh,,2026-03-02 09:00,\n"
		"C,2026-03-01 09:00,Riyadh,,,2026-03-02 10:00\n"
		"D,2026-03-01 09:00,Riyadh,,2026-02-02 09:00,\n"
	)
	assert folder.replay(DAY_THEN_DAY, tickets) == ["C 1.1 Riyadh 03-02 09:00"]


def test_with_a_state_event_the_columns_say_nothing(folder: Folder) -> None:
	tickets = "A,2026-03-01 09:00,Riyadh,,2026-03-01 10:00,2026-03-01 11:00\n"
	assert len(folder.replay(DAY_THEN_DAY, tickets, "A,2026-03-20 09:00,state,Solved\n")) == 2


def test_resolving_ends_the_cycle_and_reopening_starts_the_next(folder: Folder) -> None:
	events = (
		"A,2026-03-02 12:00,state,Solved\nA,2026-03-02 13:00,state,Closed\n"
		"A,2026-03-05 08:00,state,New\nA,2026-03-06 12:00,state,Solved\n"
	)
	rows = folder.replay(DAY_THEN_DAY, "A,2026-03-01 09:00,Riyadh,,,\n", events)
	assert rows == ["A 1.1 Riyadh 03-02 09:00", "A 2.1 Riyadh 03-06 08:00"]


def test_a_reopening_before_the_first_group_is_not_counted(folder: Folder) -> None:
	events = (
		"A,2026-03-01 10:00,state,Solved\nA,2026-03-01 11:00,state,New\nA,2026-03-01 12:00,group,Riyadh\n"
		"A,2026-03-05 08:00,state,Solved\nA,2026-03-05 09:00,group,\nA,2026-03-06 08:00,state,New\n"
		"A,2026-03-07 08:00,group,Riyadh\n"
	)
	rows = folder.replay(EVERYTHING + level(24, "elapsed", "TSM"), "A,2026-03-01 09:00,,,,\n", events)
	assert rows == ["A 1.1 Riyadh 03-02 12:00", "A 2.1 Riyadh 03-08 08:00"]


def test_moved_before_level_one_it_starts_anew_and_after_level_one_nothing_stops_it(folder: Folder) -> None:
	events = "A,2026-03-01 19:00,group,Dubai\nA,2026-03-02 21:00,group,Riyadh\n"
	rows = folder.replay(DAY_THEN_DAY, "A,2026-03-01 09:00,Riyadh,,,\n", events)
	assert rows == ["A 1.1 Dubai 03-02 19:00", "A 1.2 Riyadh 03-03 19:00"]


def test_the_first_policy_in_file_order_that_matches_applies(folder: Folder) -> None:
	claims = '[[policies]]\nname = "Claims"\ngroups = ["Riyadh"]\ncategories = ["Claim"]\n' + level(
		1, "elapsed", "TSM"
	)
	tickets = (
		"A,2026-03-01 09:00,Riyadh,Claim,,\nB,2026-03-01 09:00,Riyadh,claim,,\n"
		"C,2026-03-01 09:00,Dubai,Claim,,\nD,2026-03-01 09:00,Riyadh,,,\n"
	)
	assert folder.replay(claims, tickets) == ["A 1.1 Riyadh 03-01 10:00"]
	both = folder.replay(claims + EVERYTHING + level(2, "elapsed", "TSM"), tickets)
	assert both == ["A 1.1 Riyadh 03-01 10:00"] + [
		f"{row} 03-01 11:00" for row in ("B 1.1 Riyadh", "C 1.1 Dubai", "D 1.1 Riyadh")
	]


def test_an_empty_category_matches_the_star_only(folder: Folder) -> None:
	named = '[[policies]]\nname = "Empty"\ngroups = ["*"]\ncategories = [""]\n' + level(1, "elapsed", "TSM")
	assert folder.replay(named, "A,2026-03-01 09:00,Riyadh,,,\n") == []


def test_the_second_level_follows_the_policy_of_the_first_wherever_the_ticket_goes(folder: Folder) -> None:
	dubai = '[[policies]]\nname = "Dubai"\ngroups = ["Dubai"]\ncategories = ["*"]\n' + level(
		1, "elapsed", "TSM"
	)
	events = "A,2026-03-02 10:00,group,Dubai\n"
	rows = folder.replay(dubai + DAY_THEN_DAY, "A,2026-03-01 09:00,Riyadh,,,\n", events)
	assert rows == ["A 1.1 Riyadh 03-02 09:00", "A 1.2 Dubai 03-03 09:00"]


def test_the_replay_ends_at_the_latest_time_of_the_input_and_what_is_due_then_fires(folder: Folder) -> None:
	tickets = "A,2026-03-01 09:00,Riyadh,,,\nB,2026-03-02 09:00,Riyadh,,,\n"
	assert folder.replay(DAY_THEN_DAY, tickets, until="") == ["A 1.1 Riyadh 03-02 09:00"]
	later = tickets + "C,2026-03-02 08:00,Riyadh,,2026-03-02 08:30,2026-03-03 09:00\n"
	assert len(folder.replay(DAY_THEN_DAY, later, until="")) == 3


def test_changes_after_the_end_are_ignored(folder: Folder) -> None:
	events = "A,2026-03-02 09:00,state,Solved\n"
	tickets = "A,2026-03-01 09:00,Riyadh,,,\nB,2026-03-02 10:00,Riyadh,,,\n"
	assert folder.replay(DAY_THEN_DAY, tickets, events, until="2026-03-02 08:59") == []
	assert folder.replay(DAY_THEN_DAY, tickets, events, until="2026-03-02 09:00") == []


def test_a_target_of_many_working_hours_reaches_beyond_the_calendar_of_the_data(folder: Folder) -> None:
	policy = EVERYTHING + level(20_000, "working", "TSM", pauses=True)
	assert folder.replay(policy, "A,2026-03-01 09:00,Riyadh,,,\n") == []
	long = EVERYTHING + level(2_000, "working", "TSM")
	assert folder.replay(long, "A,2024-03-01 09:00,Riyadh,,,\n", until="2026-03-01") == [
		"A 1.1 Riyadh 02-27 17:00"
	]


def test_nothing_else_applies_unless_the_policy_file_names_it(folder: Folder) -> None:
	# 2 March 2026 lies in Ramadan
	ticket = "A,2026-03-02 08:00,Riyadh,,,\n"
	named = (
		WORKING
		+ '[calendars.SA.exceptions]\n2026-03-03 = []\n[calendars.SA.weekday_hours]\nWednesday = ["10:00-11:00"]\n'
	)
	shorter = EVERYTHING + level(9, "working", "TSM")
	assert folder.replay(WORKING, ticket) == ["A 1.1 Riyadh 03-02 17:00"]
	exceptions = named.replace(WORKING, shorter)
	assert folder.replay(exceptions, ticket) == ["A 1.1 Riyadh 03-04 11:00"]


def test_ramadan_hours_apply_when_the_policy_file_names_them(folder: Folder) -> None:
	top = TOP.replace("[calendars.AE]", 'ramadan_hours = ["10:00-15:00"]\n[calendars.AE]', 1)
	(folder.path / "policy.toml").write_text(top + WORKING, encoding="utf-8")
	file = read_policy_file(folder.path / "policy.toml", SAY)
	calendar = file.calendars["SA"].calendar(2026, 2026)
	start = parse_moment("2026-03-02 08:00", file.zone, SAY)
	assert calendar.add(start, 8 * 3600) == parse_moment("2026-03-03 13:00", file.zone, SAY)
