"""What a report says: title, figures, findings and tables, in words and numbers but in no file format yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from core_helpdesk.calendars import supported_countries

if TYPE_CHECKING:
	from collections.abc import Callable, Mapping

	from core_helpdesk.domain.errors import InputError
	from core_helpdesk.domain.measures import Tally
	from core_helpdesk.offline.figures import Figures
	from core_helpdesk.offline.replay_rules import PolicyFile
	from core_helpdesk.offline.words import Words

ENOUGH_DECIDED = 20
"""With fewer cycles decided, a share within the standard says nothing about a group."""

TEXT, COUNT, SHARE, DURATION = "text", "count", "share", "duration"
PLAIN, GOOD, WARNING, BAD = "plain", "good", "warning", "bad"
Value = str | int | float | None


class Column(NamedTuple):
	"""A column of a table; `kind` tells how its values are shown. Durations are in seconds."""

	title: str
	kind: str


class Card(NamedTuple):
	"""A figure to see at first glance: as shown, and as a number of its `kind`; `tone` colours it."""

	title: str
	value: str
	number: Value
	kind: str = COUNT
	note: str = ""
	tone: str = PLAIN


class Table(NamedTuple):
	"""Rows of figures under a title."""

	title: str
	columns: tuple[Column, ...]
	rows: list[tuple[Value, ...]]


@dataclass(slots=True)
class Report:
	"""A report in one language."""

	title: str
	period: str
	cards: list[Card]
	findings: list[str]
	tables: list[Table]
	notes: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Reporter:
	"""Words the figures of one replay."""

	figures: Figures
	file: PolicyFile
	first: int
	until: int
	say: Words
	left_out: list[InputError] = field(default_factory=list)

	def report(self) -> Report:
		"""The whole report.

		Policy: QA-12, TSM-13
		"""
		return Report(self.title(), self.period(), self.cards(), self.findings(), self.tables(), self.notes())

	def title(self) -> str:
		first, last = self._days()
		if (first.year, first.month) == (last.year, last.month):
			return self.say("Monthly Escalation Report: {0}", self.say.month(last))
		return self.say("Escalation Report")

	def period(self) -> str:
		first, last = (self.say.day(day) for day in self._days())
		return self.say("{0} to {1}, times in {2}", first, last, self.file.zone.key)

	def level_title(self, level: int) -> str:
		"""What a level is called: by whom it goes to, when all policies agree."""
		target = self.file.target(level)
		return self.say("Escalated to {0}", self.say.name(target)) if target else self.say("Level {0}", level)

	def cards(self) -> list[Card]:
		total, say = self.figures.total, self.say
		within = total.within_standard
		cards = [
			_counted(say("Received"), total.received),
			_counted(say("Solved"), total.solved, self._part(total.solved)),
			_counted(say("Still open"), total.open, self._part(total.open)),
			Card(say("Within the standard"), say.share(within), within, SHARE, tone=tone_of(within)),
		]
		for level in range(1, self.file.depth + 1):
			count = total.levels[level]
			tone = PLAIN if not count else WARNING if level == 1 else BAD
			cards.append(_counted(self.level_title(level), count, self._part(count), tone))
		return [*cards, self._median_card()]

	def findings(self) -> list[str]:
		"""What a reader should know first, the most telling lines of each table."""
		total, say = self.figures.total, self.say
		lines = [
			say(
				"Received: {0} tickets. Solved: {1}. Still open: {2}.",
				f"{total.received:,}",
				f"{total.solved:,}",
				f"{total.open:,}",
			)
		]
		if not total.levels[1]:
			return [*lines, say("No ticket escalated.")]
		levels = range(1, self.file.depth + 1)
		lines += [say("{0}: {1}.", self.level_title(level), f"{total.levels[level]:,}") for level in levels]
		if total.failed:
			lines.append(say("Not solved within 24 hours of escalation: {0}.", f"{total.failed:,}"))
		lines += self._most(say("Department"), self.figures.departments, self.department)
		lines += self._most(say("Ticket category"), self.figures.categories, self.category)
		return [*lines, *self._weakest_group(), self._busiest_day()]

	def tables(self) -> list[Table]:
		say, figures = self.say, self.figures
		return [
			self._table(say("Departments"), say("Department"), figures.departments, self.department),
			self._table(say("Countries"), say("Country"), figures.countries, self.country),
			self._table(say("Groups"), say("Group"), figures.groups, self.group),
			self._table(say("Ticket Categories"), say("Ticket category"), figures.categories, self.category),
			*self._still_open(),
		]

	def _still_open(self) -> list[Table]:
		"""The tickets that escalated and are not solved, the longest open first; none, no table."""
		say = self.say
		columns = (
			Column(say("Ticket"), TEXT),
			Column(say("Group"), TEXT),
			Column(say("Ticket category"), TEXT),
			Column(say("Escalated to"), TEXT),
			Column(say("Open for"), DURATION),
			Column(say("Since the last escalation"), DURATION),
		)
		rows: list[tuple[Value, ...]] = [
			(
				unsolved.ticket,
				self.group(unsolved.group),
				self.category(unsolved.category),
				say.name(unsolved.target),
				self.until - unsolved.opened,
				self.until - unsolved.escalated,
			)
			for unsolved in sorted(self.figures.unsolved, key=lambda item: (item.opened, item.ticket))
		]
		return [Table(say("Escalated and Still Open"), columns, rows)] if rows else []

	def notes(self) -> list[str]:
		say = self.say
		lines = [
			say("A ticket counts once in every department, country and group that held it."),
			say(
				"Within the standard: the share of tickets, each reopening counted anew, solved before they escalated."
			),
			say("An escalation counts for the group that held the ticket at that moment."),
			say(
				"Time to solve runs by the clock from opening to the last solution; 90th percentile: nine of ten were faster."
			),
		]
		if self.left_out:
			lines.append(say("Rows left out because they could not be used: {0}.", len(self.left_out)))
		return lines

	def department(self, name: str) -> str:
		return self.say.name(name) or self.say("No department")

	def country(self, code: str) -> str:
		return self.say.name(supported_countries().get(code, code)) or self.say("No country")

	def group(self, name: str) -> str:
		return name or self.say("No group")

	def category(self, name: str) -> str:
		return name or self.say("No category")

	def _days(self) -> tuple[date, date]:
		first, last = (datetime.fromtimestamp(at, self.file.zone).date() for at in (self.first, self.until))
		return first, last

	def _part(self, count: int) -> str:
		received = self.figures.total.received
		return self.say("{0} of received", self.say.share(count / received)) if received else ""

	def _median_card(self) -> Card:
		say = self.say
		median, ninetieth = (self.figures.total.time_to_solve(percent) for percent in (50, 90))
		if median is None or ninetieth is None:
			return Card(say("Median time to solve"), "–", None)
		note = say("90th percentile: {0}", say.duration(ninetieth))
		hours = round(median / 3600, 2)
		return Card(say("Median time to solve"), say.duration(median), hours, "hours", note)

	def _most(self, kind: str, tallies: Mapping[str, Tally], shown: Callable[[str], str]) -> list[str]:
		if len(tallies) < 2:
			return []
		name, tally = max(tallies.items(), key=lambda item: (item[1].levels[1], item[0]))
		part = self.say.share(tally.levels[1] / self.figures.total.levels[1])
		return [self.say("{0} with the most escalations: {1}, {2} of all.", kind, shown(name), part)]

	def _weakest_group(self) -> list[str]:
		judged = {
			name: tally.within_standard
			for name, tally in self.figures.groups.items()
			if tally.kept + tally.levels[1] >= ENOUGH_DECIDED and tally.levels[1]
		}
		if not judged:
			return []
		name = min(judged, key=lambda name: (judged[name], name))
		return [
			self.say(
				"Group furthest from the standard: {0}, {1} within it.",
				self.group(name),
				self.say.share(judged[name]),
			)
		]

	def _busiest_day(self) -> str:
		day, count = max(self.figures.escalated_on.items(), key=lambda item: (item[1], item[0]))
		return self.say("Day with the most escalations: {0} ({1}).", self.say.day(day), count)

	def _table(
		self, title: str, kind: str, tallies: Mapping[str, Tally], shown: Callable[[str], str]
	) -> Table:
		levels = range(1, self.file.depth + 1)
		columns = (
			Column(kind, TEXT),
			Column(self.say("Received"), COUNT),
			Column(self.say("Solved"), COUNT),
			Column(self.say("Open"), COUNT),
			Column(self.say("Reopened"), COUNT),
			*(Column(self.level_title(level), COUNT) for level in levels),
			Column(self.say("Not solved within 24 h"), COUNT),
			Column(self.say("Within the standard"), SHARE),
			Column(self.say("Median time to solve"), DURATION),
			Column(self.say("90th percentile"), DURATION),
		)
		by_weight = sorted(tallies.items(), key=lambda item: (-item[1].levels[1], -item[1].received, item[0]))
		return Table(title, columns, [_row(shown(name), tally, levels) for name, tally in by_weight])


def _row(name: str, tally: Tally, levels: range) -> tuple[Value, ...]:
	return (
		name,
		tally.received,
		tally.solved,
		tally.open,
		tally.reopened,
		*(tally.levels[level] for level in levels),
		tally.failed,
		tally.within_standard,
		tally.time_to_solve(50),
		tally.time_to_solve(90),
	)


def _counted(title: str, count: int, note: str = "", tone: str = PLAIN) -> Card:
	return Card(title, f"{count:,}", count, COUNT, note, tone)


def tone_of(share: float | None) -> str:
	"""The colour of a share within the standard."""
	if share is None:
		return PLAIN
	return GOOD if share >= 0.95 else WARNING if share >= 0.85 else BAD
