"""Answers one question: when is something due that starts now in this country, and what was counted for it?

The answer is the same as a site gives with the country's seeded calendar.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from core_helpdesk.calendars import compiled, country_rules
from core_helpdesk.domain.errors import BadAmount, BadMoment, NotOneAmount, OutOfTable
from core_helpdesk.domain.working_time import ELAPSED, DayLine, parse_hours
from core_helpdesk.offline.words import Words

if TYPE_CHECKING:
	from zoneinfo import ZoneInfo

	from core_helpdesk.domain.working_time import CalendarRules, WorkCalendar

FIRST_YEAR, LAST_YEAR = 1970, 2099
"""The years for which the holidays of most countries are known."""


@dataclass(frozen=True, slots=True)
class Deadline:
	"""A due moment with the dates it was counted over; shown in the calendar's time zone.

	Units: epoch seconds.
	"""

	start: int
	due: int
	zone: ZoneInfo
	lines: tuple[DayLine, ...]
	words: Words

	def as_json(self) -> str:
		"""The answer for a program."""
		intervals = [(line.day, *interval) for line in self.lines for interval in line.counted]
		answer = {
			"due": self._local(self.due).isoformat(),
			"counted": [
				{
					"date": day.isoformat(),
					"from": self._local(begin).isoformat(),
					"to": self._local(end).isoformat(),
				}
				for day, begin, end in intervals
			],
			"skipped": [
				{"date": line.day.isoformat(), "reason": self._reason(line)}
				for line in self.lines
				if not line.counted
			],
		}
		return json.dumps(answer, ensure_ascii=False, indent="\t")

	def as_text(self) -> str:
		"""The answer for a person, a line for each date."""
		say = self.words
		heading = [
			say("Received: {0}", f"{self._local(self.start):%Y-%m-%d %H:%M}"),
			say("Due: {0} ({1})", f"{self._local(self.due):%Y-%m-%d %H:%M}", self.zone.key),
		]
		return "\n".join([*heading, "", *(self._line(line) for line in self.lines)])

	def _line(self, line: DayLine) -> str:
		day = f"{line.day.isoformat()}  {self.words(f'{line.day:%A}')}"
		if not line.counted:
			return f"{day}: {self.words('not counted')} – {self._reason(line)}"
		intervals = ", ".join(self._interval(line.day, *interval) for interval in line.counted)
		return f"{day}: {intervals}" + (f" – {self._reason(line)}" if line.reason else "")

	def _interval(self, day: date, begin: int, end: int) -> str:
		closes = self._local(end)
		shown = f"{closes:%H:%M}" if closes.date() == day else f"{closes:%Y-%m-%d %H:%M}"
		return f"{self._local(begin):%H:%M}–{shown}"

	def _reason(self, line: DayLine) -> str:
		reason = self.words(line.reason)
		return self.words("{0} (estimated)", reason) if line.estimated else reason

	def _local(self, at: int) -> datetime:
		return datetime.fromtimestamp(at, self.zone).replace(tzinfo=None)


def deadline(
	country: str,
	start: str,
	*,
	working_days: int | None = None,
	working_hours: float | None = None,
	hours: float | None = None,
	day: str | None = None,
	ramadan: str | None = None,
	lang: str = "en",
) -> Deadline:
	"""When an amount of time that starts at `start`, in the country's time zone, has been counted.

	`day` gives every working day exactly these hours, without season or half day; `ramadan` adds the season.

	Raises: UnknownCountry, BadMoment, NotOneAmount, BadAmount, BadInterval, OverlappingIntervals, OutOfTable.
	Policy: TRC-03, CX-2.1, TSM-08
	"""
	amount = _only_amount(working_days=working_days, working_hours=working_hours, hours=hours)
	question = _Question(
		country.strip().upper(),
		parse_hours(day) if day is not None else None,
		parse_hours(ramadan) if ramadan is not None else None,
		lang,
	)
	zone = question.rules(FIRST_YEAR, FIRST_YEAR).timezone
	begin = _moment(start, zone)
	if hours is not None:
		due, lines = _count_elapsed(begin, amount, zone)
	else:
		due, lines = question.count(begin, amount, in_days=working_days is not None)
	return Deadline(begin, due, zone, tuple(lines), Words(lang))


def _only_amount(**amounts: float | None) -> int:
	"""The one amount given, in seconds or in days."""
	given = {name: amount for name, amount in amounts.items() if amount is not None}
	if len(given) != 1:
		raise NotOneAmount(f"--{name.replace('_', '-')}" for name in amounts)
	((name, amount),) = given.items()
	units = amount if name == "working_days" else amount * 3600
	if not 0 < units < 1e12:
		raise BadAmount(amount, "it must be more than zero" if not units > 0 else "it is too long")
	if name == "working_days" and units != int(units):
		raise BadAmount(amount, "working days are whole days")
	return max(1, round(units))


def _moment(text: str, zone: ZoneInfo) -> int:
	"""The moment that a date and time in the zone, or one that carries an offset of its own, names."""
	try:
		moment = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
		moment = moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)
	except (ValueError, OverflowError) as error:
		raise BadMoment(text) from error
	_check_year(moment.year)
	return int(moment.timestamp())


def _check_year(year: int) -> None:
	if not FIRST_YEAR <= year <= LAST_YEAR:
		raise OutOfTable(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31))


def _count_elapsed(start: int, seconds: int, zone: ZoneInfo) -> tuple[int, list[DayLine]]:
	due = ELAPSED.add(start, seconds)
	if due >= int(datetime(LAST_YEAR + 1, 1, 1, tzinfo=zone).timestamp()):
		_check_year(LAST_YEAR + 1)
	day = datetime.fromtimestamp(start, zone).date()
	return due, [DayLine(day, ((start, due),), seconds, "", "working")]


@dataclass(frozen=True, slots=True)
class _Question:
	country: str
	day: tuple[tuple[int, int], ...] | None
	ramadan: tuple[tuple[int, int], ...] | None
	lang: str

	def rules(self, first_year: int, last_year: int) -> CalendarRules:
		return country_rules(
			self.country,
			range(first_year, last_year + 1),
			hours=self.day,
			ramadan_hours=self.ramadan,
			language=self.lang,
		)

	def count(self, start: int, amount: int, *, in_days: bool) -> tuple[int, list[DayLine]]:
		"""The due moment and its explanation; looks further ahead until the calendar reaches it."""
		first = datetime.fromtimestamp(start, self.rules(FIRST_YEAR, FIRST_YEAR).timezone).year
		ahead = 1
		while True:
			last = min(first + ahead, LAST_YEAR)
			calendar = compiled(self.rules(first, last), first, last)
			try:
				return _count_working(calendar, start, amount, in_days=in_days)
			except OutOfTable:
				if last == LAST_YEAR:
					_check_year(LAST_YEAR + 1)
				ahead *= 4


def _count_working(
	calendar: WorkCalendar, start: int, amount: int, *, in_days: bool
) -> tuple[int, list[DayLine]]:
	if in_days:
		return calendar.add_working_days(start, amount), calendar.explain_working_days(start, amount)
	due = calendar.add(start, amount)
	return due, calendar.explain(start, due)
