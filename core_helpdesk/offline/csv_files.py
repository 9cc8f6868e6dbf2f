"""Tickets and their changes from CSV files: every row that cannot be used is kept as a problem, none is guessed."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, NamedTuple

from core_helpdesk.domain.cells import as_read
from core_helpdesk.domain.errors import InputError

if TYPE_CHECKING:
	from collections.abc import Iterator, Mapping
	from pathlib import Path
	from zoneinfo import ZoneInfo

	from core_helpdesk.domain.clock import TicketState
	from core_helpdesk.offline.words import Words

TICKET_COLUMNS = ("ticket", "opened_at", "group", "category", "resolved_at", "closed_at")
EVENT_COLUMNS = ("ticket", "at", "event", "value")
MOMENT = re.compile(
	r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(:\d\d)?(?:[.,]\d+)?)?\s*(Z|[+-]\d\d(?::?\d\d)?)?", re.ASCII | re.I
)
YEARS = range(1971, 2200)


class Change(NamedTuple):
	"""A change of group or of state, at a moment in seconds since the epoch."""

	at: int
	group: str | None = None
	state: TicketState | None = None


@dataclass(slots=True)
class Ticket:
	"""A ticket as recorded; `resolved` is the earlier of resolved_at and closed_at, 0 for none."""

	name: str
	opened: int
	group: str
	category: str
	resolved: int = 0
	latest: int = 0
	changes: list[Change] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Row:
	"""One row of a CSV file with the place where it stands."""

	file: str
	line: int
	fields: Mapping[str, str | None]
	surplus: bool = False

	def problem(self, column: str, reason: str) -> InputError:
		return InputError(self.file, self.line, column, reason)


@dataclass(slots=True)
class Export:
	"""The readable part of an export, and what was wrong with the rest."""

	tickets: dict[str, Ticket] = field(default_factory=dict)
	problems: list[InputError] = field(default_factory=list)
	changes: int = 0
	left_out: set[str] = field(default_factory=set)

	@property
	def latest(self) -> int:
		"""The latest moment in the input, in seconds since the epoch."""
		return max((ticket.latest for ticket in self.tickets.values()), default=0)

	@property
	def earliest(self) -> int:
		return min((ticket.opened for ticket in self.tickets.values()), default=0)


def read_export(
	tickets: Path, events: Path | None, zone: ZoneInfo, states: Mapping[str, TicketState], say: Words
) -> Export:
	"""The tickets of one file with the changes of another.

	Raises: InputError if a file cannot be read at all (no CSV, no UTF-8, columns missing).
	"""
	export = Export()
	for row in read_rows(tickets, TICKET_COLUMNS, say):
		_add_ticket(export, row, zone, say)
	for row in read_rows(events, EVENT_COLUMNS, say) if events else ():
		_add_change(export, row, zone, states, say)
	return export


def read_rows(path: Path, columns: tuple[str, ...], say: Words) -> Iterator[Row]:
	"""The rows of a CSV file that has these columns.

	Raises: InputError if it cannot be read.
	"""
	reader = csv.reader(io.StringIO(read_text(path, say), newline=""), strict=True)
	try:
		header = [name.strip() for name in next(reader, [])]
		_check_header(path, header, columns, say)
		line = reader.line_num + 1
		for values in reader:
			if values:
				named = dict(zip(header, map(as_read, values), strict=False))
				yield Row(path.name, line, named, surplus=len(values) > len(header))
			line = reader.line_num + 1
	except csv.Error as error:
		raise InputError(path.name, reader.line_num, "", say("Not readable as CSV: {0}", error)) from error


def read_text(path: Path, say: Words) -> str:
	"""The text of a UTF-8 file, with or without a byte order mark.

	Raises: InputError naming the line of the first byte that is not UTF-8.
	"""
	try:
		content = path.read_bytes()
	except OSError as error:
		raise InputError(path.name, 0, "", say("Cannot be opened: {0}", error.strerror)) from error
	try:
		return content.decode("utf-8-sig")
	except UnicodeDecodeError as error:
		line = content.count(b"\n", 0, error.start) + 1
		reason = say("Not UTF-8 text (byte {0}): save the file as UTF-8", f"0x{content[error.start]:02X}")
		raise InputError(path.name, line, "", reason) from error


def parse_moment(text: str, zone: ZoneInfo, say: Words) -> int:
	"""Seconds since the epoch of a date and time, in `zone` unless it carries an offset.

	Raises: ValueError with the reason, in the words of `say`.
	"""
	match = MOMENT.fullmatch(text.strip())
	if not match:
		raise ValueError(
			say("{0} is no date and time; expected for example {1}", text, "2026-03-15 09:00:00")
		)
	try:
		date, minutes, seconds, offset = match.groups()
		wall = datetime.fromisoformat(f"{date} {minutes or '00:00'}{seconds or ':00'}")
		if wall.year not in YEARS:
			raise ValueError(say("the year must lie between {0} and {1}", YEARS[0], YEARS[-1]))
		return _epoch(wall, offset, zone, say)
	except ValueError as error:
		raise ValueError(say("{0} is an impossible time: {1}", text, error)) from error


def _epoch(wall: datetime, offset: str | None, zone: ZoneInfo, say: Words) -> int:
	if offset:
		return int(wall.replace(tzinfo=_fixed(offset, say)).timestamp())
	epoch = int(wall.replace(tzinfo=zone).timestamp())
	if datetime.fromtimestamp(epoch, zone).replace(tzinfo=None) != wall:
		raise ValueError(say("clocks in {0} are put forward over it", zone.key))
	return epoch


def _fixed(offset: str, say: Words) -> timezone:
	if offset in ("Z", "z"):
		return timezone.utc
	digits = offset[1:].replace(":", "").ljust(4, "0")
	hours, minutes = int(digits[:2]), int(digits[2:])
	if hours > 23 or minutes > 59:
		raise ValueError(say("there is no offset {0}", offset))
	length = timedelta(hours=hours, minutes=minutes)
	return timezone(-length if offset[0] == "-" else length)


def _check_header(path: Path, header: list[str], columns: tuple[str, ...], say: Words) -> None:
	found = ", ".join(header) or say("none")
	for column in columns:
		if column not in header:
			raise InputError(path.name, 1, column, say("Missing column; the columns found are: {0}", found))
		if header.count(column) > 1:
			raise InputError(path.name, 1, column, say("The column stands there twice"))


def _missing(row: Row, columns: tuple[str, ...], say: Words) -> list[InputError]:
	if row.surplus:
		return [row.problem("", say("More fields than columns: is a text with a comma not quoted?"))]
	return [
		row.problem(column, say("The row ends before this column"))
		for column in columns
		if column not in row.fields
	]


def _moment(row: Row, column: str, zone: ZoneInfo, say: Words, problems: list[InputError]) -> int:
	"""The moment in a column, 0 when it is empty or wrong; what is wrong joins `problems`."""
	text = row.fields[column] or ""
	if not text.strip():
		return 0
	try:
		return parse_moment(text, zone, say)
	except ValueError as error:
		problems.append(row.problem(column, str(error)))
		return 0


def _add_ticket(export: Export, row: Row, zone: ZoneInfo, say: Words) -> None:
	problems = _missing(row, TICKET_COLUMNS, say)
	name = row.fields.get("ticket") or ""
	if not problems:
		if not name.strip():
			problems.append(row.problem("ticket", say("No ticket is named")))
		elif name in export.tickets or name in export.left_out:
			problems.append(row.problem("ticket", say("The ticket {0} stands there already", name)))
		ticket = _ticket(name, row, zone, say, problems)
	if not problems:
		export.tickets[name] = ticket
	elif name not in export.tickets:
		export.left_out.add(name)
	export.problems.extend(problems)


def _ticket(name: str, row: Row, zone: ZoneInfo, say: Words, problems: list[InputError]) -> Ticket:
	opened, resolved, closed = (
		_moment(row, column, zone, say, problems) for column in ("opened_at", "resolved_at", "closed_at")
	)
	if not (row.fields["opened_at"] or "").strip():
		problems.append(row.problem("opened_at", say("No time is given")))
	return Ticket(
		name,
		opened,
		row.fields["group"] or "",
		row.fields["category"] or "",
		resolved=min((moment for moment in (resolved, closed) if moment), default=0),
		latest=max(opened, resolved, closed),
	)


def _add_change(
	export: Export, row: Row, zone: ZoneInfo, states: Mapping[str, TicketState], say: Words
) -> None:
	problems = _missing(row, EVENT_COLUMNS, say)
	if problems:
		export.problems.extend(problems)
		return
	name = row.fields["ticket"] or ""
	change = _change(row, zone, states, say, problems)
	ticket = export.tickets.get(name)
	if ticket is None:
		problems.append(row.problem("ticket", _why_unknown(export, name, say)))
	elif not problems:
		ticket.changes.append(change)
		ticket.latest = max(ticket.latest, change.at)
		export.changes += 1
	export.problems.extend(problems)


def _why_unknown(export: Export, name: str, say: Words) -> str:
	if not name.strip():
		return say("No ticket is named")
	if name in export.left_out:
		return say("The ticket {0} was left out", name)
	return say("The ticket {0} is unknown", name)


def _change(
	row: Row, zone: ZoneInfo, states: Mapping[str, TicketState], say: Words, problems: list[InputError]
) -> Change:
	at = _moment(row, "at", zone, say, problems)
	if not (row.fields["at"] or "").strip():
		problems.append(row.problem("at", say("No time is given")))
	event, value = row.fields["event"] or "", row.fields["value"] or ""
	if event == "group":
		return Change(at, group=value)
	if event != "state":
		problems.append(
			row.problem("event", say("The event {0} is unknown; expected group or state", event or '""'))
		)
	elif value not in states:
		problems.append(row.problem("value", say("The state {0} is not in the policy file", value or '""')))
	return Change(at, state=states.get(value))
