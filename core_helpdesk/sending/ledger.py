"""The ledger's rows: a Report Run for each making, a Report Delivery for each report, period and person."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import frappe
from frappe import _

from core_helpdesk import config
from core_helpdesk.domain.deliveries import Delivery, DeliveryState, moved
from core_helpdesk.escalations import tables
from core_helpdesk.mail import language

if TYPE_CHECKING:
	from collections.abc import Iterable

	from core_helpdesk.domain.report_schedule import Rhythm, Run, RunKey
	from core_helpdesk.escalations.people import Recipient

RUN, DELIVERY = "Report Run", "Report Delivery"
MADE, FAILED = "Made", "Failed"
# It was due while the mode was not Live: nobody gets it any more.
PAUSED = "Paused"
# What keeps a delivery back: its report, the mail, or that the person may not read it.
OF_REPORT, OF_MAIL, OF_PERSON = "Report", "Mail", "Person"
RUN_COLUMNS = (
	"name",
	"title",
	"report",
	"rhythm",
	"period_key",
	"period_start",
	"period_end",
	"due_epoch",
	"due_at",
	"state",
	"made_on",
	"next_epoch",
	"tries",
	"error",
)
DELIVERY_COLUMNS = (
	"name",
	"title",
	"report",
	"period_key",
	"recipient",
	"edition",
	"capacity",
	"offices",
	"language",
	"state",
	"due_epoch",
	"due_at",
	"ready_epoch",
	"since_epoch",
	"changed_on",
	"next_epoch",
	"reference_doctype",
	"reference_name",
)
READ = (
	"name",
	"report",
	"period_key",
	"recipient",
	"edition",
	"capacity",
	"offices",
	"state",
	"due_epoch",
	"ready_epoch",
	"since_epoch",
	"next_epoch",
	"tries",
	"cause",
	"email_queue",
	"is_replaced",
	"reference_doctype",
	"reference_name",
)
TRIES_AT_ONCE, HOUR = 3, 3600


# --- Runs


def runs_of(report: str, since: int) -> dict[str, frappe._dict]:
	"""The runs of a report that were due from a moment on, by their period."""
	fields = ["name", "report", "period_key", "state", "due_epoch", "next_epoch", "tries"]
	found = frappe.get_all(RUN, {"report": report, "due_epoch": (">=", since)}, fields)
	return {row.period_key: row for row in found}


def last_due(report: str) -> int:
	"""When the latest run of a report was due; 0 without any."""
	found = frappe.get_all(RUN, {"report": report}, pluck="due_epoch", order_by="due_epoch desc", limit=1)
	return found[0] if found else 0


def begin(run: Run, rhythm: Rhythm, now: int) -> bool:
	"""Counts a try of a run before it is made; False if another has it, or it waits for its next try.

	To be committed at once: what ends its worker waits an hour like anything that failed, and nobody makes it meanwhile.
	"""
	if _insert_run(
		run, rhythm, (FAILED, None, now + HOUR, 1, _("It was begun and has not come to its end."))
	):
		return True
	table = frappe.qb.DocType(RUN)
	waiting = (table.state == FAILED) & (table.next_epoch > 0) & (table.next_epoch <= now)
	found = (
		frappe.qb.from_(table)
		.select(table.name, table.tries)
		.where((table.report == run.report) & (table.period_key == run.period_key) & waiting)
		.for_update(skip_locked=True)
		.run()
	)
	for name, tries in found:
		frappe.db.set_value(RUN, name, {"tries": (tries or 0) + 1, "next_epoch": now + HOUR})
	return bool(found)


def run_made(run: Run, now: int) -> None:
	"""Notes a run that was begun as made, in the present transaction."""
	table = frappe.qb.DocType(RUN)
	query = _begun(run).set(table.state, MADE).set(table.made_on, config.from_epoch(now))
	query.set(table.next_epoch, 0).set(table.error, None).set(table.tries, table.tries - 1).run()


def run_failed(run: Run, error: Exception, now: int) -> None:
	"""Notes why a run that was begun could not be made, and when it is tried again: at the next ticks, then hourly."""
	tries = frappe.db.get_value(RUN, _key(*run.key), "tries") or 0
	table = frappe.qb.DocType(RUN)
	query = _begun(run).set(table.error, kind_of(error))
	query.set(table.next_epoch, next_try(tries, now)).run()


def _begun(run: Run) -> Any:
	# What was made meanwhile stays so, whoever made it.
	table = frappe.qb.DocType(RUN)
	of_run = (table.report == run.report) & (table.period_key == run.period_key)
	return frappe.qb.update(table).where(of_run & (table.state == FAILED))


def content_failed(key: RunKey, error: Exception) -> None:
	"""Notes on a run that its content could not be made for somebody; its deliveries are tried again themselves."""
	name = frappe.db.get_value(RUN, _key(*key), "name", for_update=True)
	if name:
		table = frappe.qb.DocType(RUN)
		query = frappe.qb.update(table).set(table.state, FAILED).set(table.error, kind_of(error))
		query.set(table.tries, table.tries + 1).where(table.name == name).run()


def content_mended(key: RunKey) -> None:
	"""The run counts as made again once its content was made for everybody."""
	failed = {"state": FAILED, "next_epoch": 0}
	name = frappe.db.get_value(RUN, {**_key(*key), **failed})
	if name and not frappe.db.exists(DELIVERY, {**_key(*key), "state": FAILED, "cause": OF_REPORT}):
		frappe.db.set_value(RUN, name, {"state": MADE, "error": None})


def note_paused(runs: Iterable[tuple[Rhythm, Run]]) -> int:
	"""Notes the runs that are not in the ledger as due while nothing was sent; returns how many those were."""
	why = _("Core Helpdesk was not in the mode Live when it was due: it was not sent.")
	return sum(_insert_run(run, rhythm, (PAUSED, None, 0, 0, why)) for rhythm, run in runs)


def _insert_run(run: Run, rhythm: Rhythm, standing: tuple) -> bool:
	about = (_title(*run.key), run.report, rhythm.value, run.period_key, *run.period)
	row = (tables.new_names(1)[0], *about, run.due, config.from_epoch(run.due), *standing)
	return tables.insert(RUN, RUN_COLUMNS, [row]) == 1


# --- Deliveries


def insert(
	deliveries: Iterable[tuple[Delivery, Recipient, str]], ready: int, reference: tuple[str, str]
) -> int:
	"""Writes the rows that are not there yet, each with the person and the offices for which they get it.

	Returns: how many those were.
	"""
	new = list(deliveries)
	names = tables.new_names(len(new))
	rows = [
		_delivery_values(name, row, person, offices, ready, reference)
		for name, (row, person, offices) in zip(names, new, strict=True)
	]
	return tables.insert(DELIVERY, DELIVERY_COLUMNS, rows) if rows else 0


def _delivery_values(
	name: str, row: Delivery, person: Recipient, offices: str, ready: int, reference: tuple[str, str]
) -> tuple:
	since = (row.since, config.from_epoch(row.since))
	about = (_title(*row.run_key), row.report, row.period_key, row.recipient, row.edition)
	as_what = (person.capacity, offices or None, language.language_of(row.recipient), row.state.value)
	when = (row.due, config.from_epoch(row.due), ready, *since, row.due)
	document = tuple(part or None for part in reference)
	return (name, *about, *as_what, *when, *document)


def deliveries(*conditions: list[Any], **values: object) -> list[frappe._dict]:
	"""The rows of these conditions and values, in the order in which they are due."""
	wanted = [*conditions, *([name, "=", value] for name, value in values.items())]
	order = "due_epoch asc, report asc, period_key asc, recipient asc"
	return frappe.get_all(DELIVERY, wanted, list(READ), order_by=order)


def lock(name: str, **wanted: Any) -> frappe._dict | None:
	"""A delivery as last committed, kept from others; None where another has it, or it is not as wanted any more."""
	table = frappe.qb.DocType(DELIVERY)
	query = frappe.qb.from_(table).select(*READ).where(table.name == name)
	for column, value in wanted.items():
		query = query.where(table[column] == value)
	found = query.for_update(skip_locked=True).run(as_dict=True)
	return found[0] if found else None


def begin_delivery(name: str, now: int) -> frappe._dict | None:
	"""Counts a try of a delivery before it is carried out; None if another has it, or it is not due any more.

	To be committed at once, as `begin`.
	"""
	row = lock(name)
	if row is None or not 0 < row.next_epoch <= now:
		return None
	frappe.db.set_value(DELIVERY, name, {"tries": (row.tries or 0) + 1, "next_epoch": now + HOUR})
	return row


def is_nobodys(row: frappe._dict, settings: config.ReportSettings) -> bool:
	"""True of what the clock made due while the mode was not Live; what people have handed on is always somebody's."""
	return not (row.reference_name or settings.sends(row.due_epoch))


def as_delivery(row: frappe._dict) -> Delivery:
	about = (row.report, row.period_key, row.recipient)
	return Delivery(*about, row.due_epoch, DeliveryState(row.state), row.since_epoch or 0, row.edition or 1)


def move(row: frappe._dict, *states: DeliveryState, at: int, **values: object) -> None:
	"""Writes the last of these states, each of which may follow the one before, and further values.

	A run may have waited for what had failed, whatever kept that back in the end.
	Raises: NotAMove.
	"""
	delivery = as_delivery(row)
	for state in states:
		delivery = moved(delivery, state, at)
	since = {"since_epoch": delivery.since, "changed_on": config.from_epoch(delivery.since)}
	frappe.db.set_value(DELIVERY, row.name, {"state": delivery.state.value, **since, **values})
	if row.state == DeliveryState.FAILED.value:
		content_mended((row.report, row.period_key))


# --- Of both


def next_try(tries: int, now: int) -> int:
	"""When what has failed so often is tried again: with each of the next runs at first, later every hour."""
	return now + (1 if tries < TRIES_AT_ONCE else HOUR)


def kind_of(error: Exception) -> str:
	"""All that readers of a row learn of an error: what it says may be of others; the Error Log has the rest."""
	return type(error).__name__


def _key(report: str, period_key: str) -> dict[str, str]:
	return {"report": report, "period_key": period_key}


def _title(report: str, period_key: str) -> str:
	return f"{report} · {period_key}"
