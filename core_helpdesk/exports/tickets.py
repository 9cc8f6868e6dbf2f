"""The site's tickets with their past, as the two files that `core-helpdesk replay` reads."""

from __future__ import annotations

import csv
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from zoneinfo import ZoneInfo

from frappe.utils import get_system_timezone

from core_helpdesk.domain.cells import written
from core_helpdesk.hosts import past_tickets, ticket_history
from core_helpdesk.hosts.past_tickets import Reader

if TYPE_CHECKING:
	from core_helpdesk.hosts.ticket_history import RecordedTicket

TICKET_COLUMNS = ("ticket", "opened_at", "group", "category", "resolved_at", "closed_at")
EVENT_COLUMNS = ("ticket", "at", "event", "value")


class Written(NamedTuple):
	"""How much was written, and how many changes to a status that the site no longer has were left out."""

	tickets: int
	changes: int
	left_out: int


def export(folder: str) -> Written:
	"""Writes tickets.csv and events.csv into the folder, which is made if it is not there."""
	reader, zone = Reader.of_site(), ZoneInfo(get_system_timezone())
	Path(folder).mkdir(parents=True, exist_ok=True)
	total = Written(0, 0, 0)
	with _csv(folder, "tickets.csv") as first, _csv(folder, "events.csv") as second:
		tickets, events = csv.writer(first, lineterminator="\n"), csv.writer(second, lineterminator="\n")
		tickets.writerow(TICKET_COLUMNS)
		events.writerow(EVENT_COLUMNS)
		for batch in ticket_history.batches():
			added = _write(batch, reader, zone, tickets, events)
			total = Written(*map(sum, zip(total, added, strict=True)))
	return total


def _csv(folder: str, name: str):
	# With a byte order mark a spreadsheet reads Arabic as Arabic.
	return (Path(folder) / name).open("w", encoding="utf-8-sig", newline="")


def _write(batch: list[RecordedTicket], reader: Reader, zone: ZoneInfo, tickets, events) -> Written:
	names = [ticket.name for ticket in batch]
	noted, legs = ticket_history.noted(names), past_tickets.legs_of(names)
	changes = left_out = 0
	for ticket in batch:
		past = reader.past(ticket, noted[ticket.name], legs[ticket.name])
		resolved = ticket.resolved if past.over_since else 0
		opened, *ended = [_moment(at, zone) for at in (ticket.created, resolved, past.over_since)]
		name = written(ticket.name)
		tickets.writerow((name, opened, written(past.group), written(ticket.category), *ended))
		events.writerows(
			(name, _moment(at, zone), event, written(value)) for at, event, value in past.changes
		)
		changes += len(past.changes)
		left_out += sum(
			change.event == "state" and change.value not in reader.states for change in noted[ticket.name]
		)
	return Written(len(batch), changes, left_out)


def _moment(at: int, zone: ZoneInfo) -> str:
	"""A moment in the site's time zone; the second of a repeated hour says so by its offset."""
	if not at:
		return ""
	moment = datetime.fromtimestamp(at, zone)
	return moment.isoformat(" ") if moment.fold else f"{moment:%Y-%m-%d %H:%M:%S}"
