"""What a report says: title, figures, findings and tables, in words and numbers but in no file format yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from core_helpdesk.calendars import supported_countries
from core_helpdesk.domain.ticket_facts import Dimension
from core_helpdesk.domain.ticket_measures import OPEN

if TYPE_CHECKING:
	from collections.abc import Callable

	from core_helpdesk.domain.errors import InputError
	from core_helpdesk.offline.figures import Figures, Line
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
		within = total.cell.within_standard
		cards = [
			_counted(say("Received"), total.cell["received"]),
			_counted(say("Closed tickets"), total.cell["closed"]),
			_counted(say("Still open"), total.cell[OPEN], self._part(total.cell[OPEN])),
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
				"Received: {0} tickets. Closed: {1}. Still open: {2}.",
				*(f"{total.cell[name]:,}" for name in ("received", "closed", OPEN)),
			)
		]
		if not total.levels[1]:
			return [*lines, say("No ticket escalated.")]
		levels = range(1, self.file.depth + 1)
		lines += [say("{0}: {1}.", self.level_title(level), f"{total.levels[level]:,}") for level in levels]
		if total.cell["failed"]:
			lines.append(say("Not solved within 24 hours of escalation: {0}.", f"{total.cell['failed']:,}"))
		lines += self._most(say("Department"), Dimension.DEPARTMENT, self.department)
		lines += self._most(say("Ticket category"), Dimension.TICKET_CATEGORY, self.category)
		return [*lines, *self._weakest_group(), self._busiest_day()]

	def tables(self) -> list[Table]:
		say = self.say
		return [
			self._table(say("Departments"), say("Department"), Dimension.DEPARTMENT, self.department),
			self._table(say("Countries"), say("Country"), Dimension.COUNTRY, self.country),
			self._table(say("Groups"), say("Group"), Dimension.GROUP, self.group),
			self._table(
				say("Ticket Categories"), say("Ticket category"), Dimension.TICKET_CATEGORY, self.category
			),
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
			say(
				"A ticket is received by the first group that has it, and moved in wherever it comes afterwards."
			),
			say(
				"Within the standard: the share of tickets, each reopening counted anew, solved before they escalated."
			),
			say("An escalation counts for the group that held the ticket at that moment."),
			say(
				"Time to solve runs by the clock from receipt or reopening to closing; 90th percentile: nine of ten were faster."
			),
		]
		if self.figures.homeless:
			lines.append(say("Tickets that no group ever had, in no figure: {0}.", self.figures.homeless))
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
		received = self.figures.total.cell["received"]
		return self.say("{0} of received", self.say.share(count / received)) if received else ""

	def _median_card(self) -> Card:
		say = self.say
		median, ninetieth = self.figures.total.cell.times_to_close(50, 90)
		if median is None or ninetieth is None:
			return Card(say("Median time to solve"), "–", None)
		note = say("90th percentile: {0}", say.duration(ninetieth))
		hours = round(median / 3600, 2)
		return Card(say("Median time to solve"), say.duration(median), hours, "hours", note)

	def _most(self, kind: str, by: Dimension, shown: Callable[[str], str]) -> list[str]:
		found = self.figures.by(by)
		if len(found) < 2:
			return []
		name, line = max(found.items(), key=lambda item: (item[1].levels[1], item[0]))
		part = self.say.share(line.levels[1] / self.figures.total.levels[1])
		return [self.say("{0} with the most escalations: {1}, {2} of all.", kind, shown(name), part)]

	def _weakest_group(self) -> list[str]:
		judged = {
			name: line.cell.within_standard
			for name, line in self.figures.by(Dimension.GROUP).items()
			if line.cell["kept"] + line.cell["missed"] >= ENOUGH_DECIDED and line.cell["missed"]
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

	def _table(self, title: str, kind: str, by: Dimension, shown: Callable[[str], str]) -> Table:
		levels = range(1, self.file.depth + 1)
		say = self.say
		columns = (
			Column(kind, TEXT),
			Column(say("Received"), COUNT),
			Column(say("Moved in"), COUNT),
			Column(say("Reopened"), COUNT),
			Column(say("Closed tickets"), COUNT),
			Column(say("Moved out"), COUNT),
			Column(say("Open"), COUNT),
			*(Column(self.level_title(level), COUNT) for level in levels),
			Column(say("Not solved within 24 h"), COUNT),
			Column(say("Within the standard"), SHARE),
			Column(say("Median time to solve"), DURATION),
			Column(say("90th percentile"), DURATION),
		)
		by_weight = sorted(self.figures.by(by).items(), key=_weight)
		return Table(title, columns, [_row(shown(name), line, levels) for name, line in by_weight])


COUNTED = ("received", "moved_in", "reopened", "closed", "moved_out", OPEN)


def _weight(item: tuple[str, Line]) -> tuple[int, int, str]:
	name, line = item
	return -line.levels[1], -line.cell["received"], name


def _row(name: str, line: Line, levels: range) -> tuple[Value, ...]:
	cell = line.cell
	return (
		name,
		*(cell[measure] for measure in COUNTED),
		*(line.levels[level] for level in levels),
		cell["failed"],
		cell.within_standard,
		*cell.times_to_close(50, 90),
	)


def _counted(title: str, count: int, note: str = "", tone: str = PLAIN) -> Card:
	return Card(title, f"{count:,}", count, COUNT, note, tone)


def tone_of(share: float | None) -> str:
	"""The colour of a share within the standard."""
	if share is None:
		return PLAIN
	return GOOD if share >= 0.95 else WARNING if share >= 0.85 else BAD
