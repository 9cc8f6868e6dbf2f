"""Working time against its peers: `python -m benchmarks.working_time`.

Prints times and ratios of one run; quote the ratios, the times are this machine's.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from benchmarks.peers import time_libraries
from benchmarks.timing import rounds_in_turn, shown
from core_helpdesk.calendars import country_rules
from core_helpdesk.domain.working_time import WorkCalendar, parse_hours
from tests.benches.found import benches

if TYPE_CHECKING:
	from collections.abc import Callable, Iterator

	from core_helpdesk.domain.working_time import CalendarRules

	Pairs = list[tuple[int, int]]

HOUR, DAY, YEAR = 3600, 86_400, 365 * 86_400
YEARS = range(2000, 2050)
BUSY_YEARS = (date(2024, 1, 1), date(2026, 12, 31))
"""Tickets begin within a few years; the calendar covers fifty."""

ROWS, CALLS, SLOW_CALLS = 100_000, 20_000, 300
HELPDESK_CLOCK = Path(__file__).parent / "peers" / "helpdesk_clock.py"


class Goal(NamedTuple):
	"""A measured figure beside what it should reach; for a ratio more is better, for a time or growth less."""

	what: str
	figure: str
	goal: str
	reached: bool


def main() -> int:
	rules = country_rules("SA", YEARS, hours=parse_hours("08:00-17:00"), plain=True)
	calendar = compile_fifty_years(rules)
	print("Working time, Saudi Arabia 2000–2049\n")
	goals = [*one_call(calendar), *flat(calendar), *columns(calendar), compiling()]
	goals += [*libraries(calendar), *against_numpy(calendar), *helpdesk(calendar)]
	for goal in goals:
		print(
			f"{'reached' if goal.reached else 'MISSED':8} {goal.what:62} {goal.figure:>12}  goal {goal.goal}"
		)
	return 0


def compile_fifty_years(rules: CalendarRules) -> WorkCalendar:
	return WorkCalendar.compile(rules, date(YEARS[0], 1, 1), date(YEARS[-1], 12, 31))


def working_moments(calendar: WorkCalendar, count: int, seed: int) -> list[int]:
	"""Moments within working hours of the busy years, the same in each run."""
	dice = random.Random(seed)
	first, last = (int(time_libraries.midnight(day)) for day in BUSY_YEARS)
	return [calendar.add(dice.randrange(first, last), 1) - 1 for _ in range(count)]


def pairs(calendar: WorkCalendar, count: int, most: int, *, least: int = 1, seed: int = 1) -> Pairs:
	dice = random.Random(seed)
	return [(start, dice.randrange(least, most)) for start in working_moments(calendar, count, seed)]


def each(count: Callable[[int, int], object], rows: Pairs) -> None:
	for start, value in rows:
		count(start, value)


def nothing(start: int, value: int) -> int:
	return value


def per_call(works: dict[str, tuple[Callable[[int, int], object], Pairs]]) -> dict[str, float]:
	"""The time of one call, the loop around it taken off."""
	timed = {name: partial(each, *work) for name, work in works.items()}
	times = rounds_in_turn({"": partial(each, nothing, [(0, 0)] * CALLS), **timed})
	empty = times.pop("") / CALLS
	return {name: taken / len(works[name][1]) - empty for name, taken in times.items()}


def spans(rows: Pairs) -> Pairs:
	return [(start, start + length) for start, length in rows]


def one_call(calendar: WorkCalendar) -> Iterator[Goal]:
	times = per_call(
		{
			"due moment, 1–30 working days of hours": (calendar.add, pairs(calendar, CALLS, 30 * 9 * HOUR)),
			"elapsed time, 0–60 days": (calendar.elapsed, spans(pairs(calendar, CALLS, 60 * DAY))),
			"due moment, 1–30 working days": (calendar.add_working_days, pairs(calendar, CALLS, 31)),
		}
	)
	for what, taken in times.items():
		yield Goal(f"one call: {what}", shown(taken), "≤ 1 µs", taken <= 1e-6)


def flat(calendar: WorkCalendar) -> Iterator[Goal]:
	"""What a long distance costs more than a day; each distance has the same starts."""
	lengths = {"1 day": DAY, "1,000 days": 1000 * DAY, "10 years": 10 * YEAR}
	elapsed, add = {}, {}
	for name, length in lengths.items():
		elapsed[name] = (calendar.elapsed, spans(pairs(calendar, CALLS, length + HOUR, least=length)))
		add[name] = (calendar.add, pairs(calendar, CALLS, length // 5 + HOUR, least=length // 5))
	for what, works in (("elapsed time", elapsed), ("due moment", add)):
		times = per_call(works)
		for far in ("1,000 days", "10 years"):
			growth = times[far] / times["1 day"]
			yield Goal(f"flat: {what}, {far} against 1 day", f"{growth:.2f}×", "≤ 1.3×", growth <= 1.3)


def columns(calendar: WorkCalendar) -> Iterator[Goal]:
	import numpy as np

	starts, ends = np.array(spans(pairs(calendar, ROWS, 60 * DAY))).T.copy()
	seconds = np.array([value for _, value in pairs(calendar, ROWS, 30 * 9 * HOUR)])
	days = np.array([value for _, value in pairs(calendar, ROWS, 31)])
	times = rounds_in_turn(
		{
			"elapsed time": partial(calendar.elapsed_column, starts, ends),
			"due moment, hours": partial(calendar.add_column, starts, seconds),
			"due moment, working days": partial(calendar.add_working_days_column, starts, days),
		},
		rounds=21,
	)
	for what, taken in times.items():
		each_row = taken / ROWS
		yield Goal(f"column of 100,000: {what}, each", shown(each_row), "≤ 20 ns", each_row <= 20e-9)


def compiling() -> Goal:
	"""The seeded calendar with all it has: breaks, Ramadan, the weekend of 2013; its rules made anew each time."""

	def compile_anew() -> None:
		rules = country_rules("SA", YEARS)
		compile_fifty_years(rules)

	taken = rounds_in_turn({"compile": compile_anew})["compile"]
	return Goal(
		"compile 50 years, holidays and Ramadan computed anew", shown(taken), "≤ 150 ms", taken <= 0.15
	)


def libraries(calendar: WorkCalendar) -> Iterator[Goal]:
	hours = [(start, seconds // HOUR + 1) for start, seconds in pairs(calendar, CALLS, 30 * 9 * HOUR)]
	yield from library(
		"holidays.get_nth_working_day",
		lambda: time_libraries.holidays_nth_working_day(YEARS),
		(calendar.add_working_days, pairs(calendar, CALLS, 31)),
		pairs(calendar, SLOW_CALLS, 31),
	)
	yield from library(
		"pandas CustomBusinessHour",
		lambda: time_libraries.pandas_business_hours(calendar.rules),
		(calendar.add, [(start, amount * HOUR) for start, amount in hours]),
		hours[:SLOW_CALLS],
	)


def library(name: str, make: Callable[[], Callable[..., object]], own: tuple, rows: Pairs) -> Iterator[Goal]:
	try:
		peer = make()
	except ImportError as missing:
		print(f"not measured: {name}: {missing}")
		return
	local = [(time_libraries.local(start), amount) for start, amount in rows]
	times = per_call({"own": own, "peer": (peer, local)})
	ratio = times["peer"] / times["own"]
	yield Goal(f"against {name} ({shown(times['peer'])})", f"{ratio:,.0f}×", "≥ 100×", ratio >= 100)


def against_numpy(calendar: WorkCalendar) -> Iterator[Goal]:
	import numpy as np

	starts, ends = np.array(spans(pairs(calendar, ROWS, 60 * DAY))).T.copy()
	days = np.array([value for _, value in pairs(calendar, ROWS, 31)])
	peer = time_libraries.numpy_business_days(calendar.rules, starts, ends, days)
	own_due = calendar.add_working_days_column(starts, days)
	assert (time_libraries.dates(own_due - 1) == peer["days"]()).all(), "numpy has other working days"
	times = rounds_in_turn(
		{
			"own days": partial(calendar.add_working_days_column, starts, days),
			"numpy days": peer["days"],
			"own elapsed": partial(calendar.elapsed_column, starts, ends),
			"numpy elapsed": peer["elapsed"],
		},
		rounds=21,
	)
	for what, name, wanted in (("days", "busday_offset", 5), ("elapsed", "busday_count", 3)):
		ratio = times[f"numpy {what}"] / times[f"own {what}"]
		peer_each = shown(times[f"numpy {what}"] / ROWS)
		yield Goal(
			f"column against numpy {name} ({peer_each} each)",
			f"{ratio:.1f}×",
			f"≥ {wanted}×",
			ratio >= wanted,
		)


def helpdesk(calendar: WorkCalendar) -> Iterator[Goal]:
	found = benches("")
	if not found:
		print("not measured: Helpdesk's own counting: no bench is found here")
	for bench in found:
		yield from helpdesk_of(bench.python, bench.title, without_holidays(calendar))


def without_holidays(calendar: WorkCalendar) -> WorkCalendar:
	"""Helpdesk reads its holidays from a database; both count without any."""
	rules = calendar.rules
	bare = type(rules)(rules.zone, rules.hours, weekends=rules.weekends)
	return compile_fifty_years(bare)


def helpdesk_of(python: Path, title: str, calendar: WorkCalendar) -> Iterator[Goal]:
	adds = pairs(calendar, CALLS, 30 * 9 * HOUR)
	# Helpdesk counts by the minute.
	elapsed = [(start // 60 * 60, end // 60 * 60) for start, end in spans(pairs(calendar, CALLS, 60 * DAY))]
	few_adds, few_elapsed = adds[:SLOW_CALLS], elapsed[: SLOW_CALLS // 6]
	rows = {
		"add": [(str(time_libraries.local(start)), seconds) for start, seconds in few_adds],
		"elapsed": [[str(time_libraries.local(moment)) for moment in row] for row in few_elapsed],
	}
	run = subprocess.run(
		[python, HELPDESK_CLOCK], input=json.dumps(rows), capture_output=True, text=True, check=False
	)
	if run.returncode:
		print(f"not measured: {title}: {run.stderr.strip().splitlines()[-1]}")
		return
	theirs = json.loads(run.stdout)
	assert [str(time_libraries.local(calendar.add(*row))) for row in few_adds] == theirs["due"]
	assert [calendar.elapsed(*row) for row in few_elapsed] == theirs["counted"]
	times = per_call({"add": (calendar.add, adds), "elapsed": (calendar.elapsed, elapsed)})
	for what, wanted in (("add", 500), ("elapsed", 250)):
		ratio = theirs[what] / times[what]
		peer = f"{title}: {'calc_time' if what == 'add' else 'calc_elapsed_time'}"
		yield Goal(
			f"against {peer} ({shown(theirs[what])})", f"{ratio:,.0f}×", f"≥ {wanted}×", ratio >= wanted
		)


if __name__ == "__main__":
	sys.exit(main())
