"""A Tracing Case ↔ the domain's legs, cycles and standing: finding, locking and writing it.

Lock order everywhere: host ticket → case → clock → escalation → outbox. Acts begin with `locked`, change the document
and end with `save`; what runs inside a ticket's save reads a `Row` and writes single rows by their names, so that it
locks no range of rows that others add to.
"""

from __future__ import annotations

from dataclasses import fields as fields_of
from typing import TYPE_CHECKING, Any, NamedTuple

import frappe
from frappe.utils import cstr

from core_helpdesk.config import from_epoch
from core_helpdesk.domain.closing import Answer
from core_helpdesk.domain.tracing import Standing
from core_helpdesk.domain.tracing_legs import Leg, Legs
from core_helpdesk.domain.tracing_terms import Cycle, Cycles
from core_helpdesk.escalations import tables
from core_helpdesk.hosts import hd_ticket

if TYPE_CHECKING:
	from collections.abc import Iterable

	from frappe.model.document import Document

DOCTYPE, LEG, CYCLE = "Tracing Case", "Tracing Leg", "Tracing Cycle"
OPEN, SOLVED, CLOSED = "Open", "Solved", "Closed"
# Columns of a leg, in the order of the domain's fields, and those that show its moments to people.
LEG_COLUMNS = (
	"number",
	"team",
	"country",
	"calendar",
	"is_tracing",
	"assigned_epoch",
	"accepted_epoch",
	"left_epoch",
	"due_epoch",
	"warn_epoch",
	"from_team",
	"passed_by",
	"accepted_by",
	"reason",
	"replied_epoch",
)
LEG_SHOWN = {
	f"{moment}_on": f"{moment}_epoch" for moment in ("assigned", "accepted", "left", "due", "replied")
}
LEG_FIELDS = tuple(field.name for field in fields_of(Leg))
NUMBERS = frozenset(
	{"number", "is_tracing"} | {column for column in LEG_COLUMNS if column.endswith("_epoch")}
)


class Row(NamedTuple):
	"""What the events and the comparison need of a case, as stored.

	Units: `opened` is seconds since the epoch; `destination` and `origin` are countries, empty where unknown.
	"""

	name: str
	ticket: str
	status: str
	team: str
	officer: str
	handed_to: str
	calendar: str
	cycle: int
	opened: int
	destination: str
	origin: str
	answer: str
	closing: str

	@property
	def is_closed(self) -> bool:
		return self.status == CLOSED

	@property
	def standing(self) -> Standing:
		"""Where the case stands on its way."""
		return Standing(self.team, self.handed_to, tuple(filter(None, (self.destination, self.origin))))


COLUMNS = (
	"name",
	"ticket",
	"status",
	"team",
	"officer",
	"handed_to",
	"calendar",
	"cycle",
	"opened_epoch",
	"destination_country",
	"origin_country",
	"answer",
	"closing",
)


def of_ticket(ticket: str | int) -> Row | None:
	"""The case of a ticket: the one that is not closed, else the last one. One query by key, no lock."""
	table = frappe.qb.DocType(DOCTYPE)
	query = frappe.qb.from_(table).select(*COLUMNS).where(table.ticket == cstr(ticket))
	# An open ticket's key is filled in, a closed one's is null: it comes last.
	found = query.orderby(table.open_ticket, order=frappe.qb.desc).orderby(
		table.opened_epoch, order=frappe.qb.desc
	)
	return _row(found.limit(1).run())


def open_of(ticket: str | int) -> Row | None:
	"""The case of a ticket that is not closed."""
	table = frappe.qb.DocType(DOCTYPE)
	return _row(
		frappe.qb.from_(table).select(*COLUMNS).where(table.open_ticket == cstr(ticket)).limit(1).run()
	)


def lock(name: str) -> Row | None:
	"""The case as last committed, kept from others; by its own key, so that nothing beside it is locked."""
	table = frappe.qb.DocType(DOCTYPE)
	return _row(frappe.qb.from_(table).select(*COLUMNS).where(table.name == name).for_update().run())


def locked(name: str) -> Document:
	"""The case for an act: its ticket locked first, then itself.

	Raises: DoesNotExistError
	"""
	ticket = frappe.db.get_value(DOCTYPE, name, "ticket")
	if ticket:
		hd_ticket.facts(ticket, for_update=True)
	return frappe.get_doc(DOCTYPE, name, for_update=True)


def save(case: Document) -> None:
	"""Saves what an act changed, whose rights the act has asked for."""
	case.flags.ch_act = True
	case.save(ignore_permissions=True)


def write(name: str, values: dict[str, Any]) -> None:
	"""Writes columns of a case past its document; whoever has it open must read it again."""
	frappe.db.set_value(DOCTYPE, name, values)


def standing_of(case: Document) -> Standing:
	countries = filter(None, (case.destination_country, case.origin_country))
	return Standing(case.team or "", case.handed_to or "", tuple(countries))


def legs_of(case: Document) -> Legs:
	"""The legs of a case in memory."""
	return tuple(leg_from([row.get(column) for column in LEG_COLUMNS]) for row in case.legs)


def put_legs(case: Document, legs: Legs) -> None:
	"""Writes legs into a case in memory, to be saved with it; rows keep their names."""
	for number, leg in enumerate(legs):
		row = case.legs[number] if number < len(case.legs) else case.append("legs", {})
		row.update(leg_values(leg))


def stored_legs(name: str) -> tuple[tuple[str, ...], Legs]:
	"""The stored legs of a case in their order, and the names of their rows."""
	table = frappe.qb.DocType(LEG)
	query = frappe.qb.from_(table).select("name", *LEG_COLUMNS).where(table.parent == name)
	found = query.where(table.parenttype == DOCTYPE).orderby(table.idx).run()
	return tuple(row[0] for row in found), tuple(leg_from(row[1:]) for row in found)


def write_legs(case: str, names: tuple[str, ...], before: Legs, after: Legs) -> None:
	"""Writes legs that came, and of those that were there what changed."""
	for name, old, new in zip(names, before, after, strict=False):
		if old != new:
			known, wanted = leg_values(old), leg_values(new)
			changed = {column: value for column, value in wanted.items() if value != known[column]}
			frappe.db.set_value(LEG, name, changed)
	insert_legs(case, after[len(before) :])


def insert_legs(case: str, legs: Iterable[Leg]) -> None:
	rows = [(leg_values(leg), leg.number) for leg in legs]
	if rows:
		columns = ("name", "parent", "parenttype", "parentfield", "idx", *rows[0][0])
		names = tables.new_names(len(rows))
		values = [
			(name, case, DOCTYPE, "legs", number, *row.values())
			for name, (row, number) in zip(names, rows, strict=True)
		]
		tables.insert(LEG, columns, values)


def leg_values(leg: Leg) -> dict[str, Any]:
	"""A leg as columns; an empty text is NULL, so that nothing links to it."""
	values = {column: getattr(leg, field) for column, field in zip(LEG_COLUMNS, LEG_FIELDS, strict=True)}
	stored = {column: int(value) if column in NUMBERS else value or None for column, value in values.items()}
	return stored | {shown: from_epoch(stored[epoch]) for shown, epoch in LEG_SHOWN.items()}


def cycles_of(case: Document) -> Cycles:
	"""The cycles of a case in memory."""
	return tuple(
		Cycle(row.number, row.opened_epoch or 0, row.closed_epoch or 0, _answer(row.answer))
		for row in case.cycles
	)


def insert_cycle(case: str, number: int, opened: int, due: int) -> None:
	columns = ("name", "parent", "parenttype", "parentfield", "idx", "number")
	columns += ("opened_epoch", "opened_on", "due_epoch", "due_on")
	moments = (opened, from_epoch(opened), due, from_epoch(due))
	tables.insert(
		CYCLE, columns, [(tables.new_names(1)[0], case, DOCTYPE, "cycles", number, number, *moments)]
	)


def leg_from(values: Iterable[Any]) -> Leg:
	return Leg(*(_read(column, value) for column, value in zip(LEG_COLUMNS, values, strict=True)))


def _read(column: str, value: Any) -> Any:
	if column == "is_tracing":
		return bool(value)
	return int(value or 0) if column in NUMBERS else value or ""


def _answer(text: str | None) -> Answer:
	return Answer(text or "")


def _row(found: list[tuple]) -> Row | None:
	if not found:
		return None
	read = zip(COLUMNS, found[0], strict=True)
	return Row(*(value or (0 if column in ("cycle", "opened_epoch") else "") for column, value in read))
