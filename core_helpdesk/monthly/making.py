"""Makes the reports of a month that is over, each once, with figures that stand from then on.

Policy: QA-12, TSM-13, TSM-M2
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING

import frappe
from frappe import _

from core_helpdesk import config, months
from core_helpdesk.domain.errors import CoreError
from core_helpdesk.domain.report_schedule import runs_due
from core_helpdesk.escalations import machine_clock, transactions
from core_helpdesk.monthly import acts, figures, rights, steps
from core_helpdesk.setup import monthly_workflow as flow

if TYPE_CHECKING:
	from collections.abc import Iterator

	from frappe.model.document import Document

	from core_helpdesk.domain.ticket_lines import Cells

DOCTYPE = flow.NAME
SHORT = {flow.QA_REPORT: "QA", flow.TSM_REPORT: "TSM", flow.ESCALATION_REPORT: "DE"}
OF_ESCALATIONS = ("escalated", "to_general_manager", "answer_due")
"""A department has escalations where one of these was counted."""
# A site with years of tickets gets its reports over some calls.
SECONDS = 300


def name_of(kind: str, month: str) -> str:
	"""The name of the report of a kind and month, of which there is one."""
	return f"MR-{SHORT[kind]}-{month}"


def make(kind: str, month: str, now: int) -> Document:
	"""The report of a kind on a month that is over: the one that is there, or a new one with the figures of the month.
	Its makers hear of it.

	Units: seconds since the epoch.
	Raises: ValueError for what is no kind, or no month that is over.
	Policy: QA-12, TSM-13, TSM-M2
	"""
	report = made(kind, month, now)
	if steps.state_of(report) == flow.MADE and config.mode() == config.LIVE:
		acts.tell(
			report, rights.makers(kind), lambda: _("{0} is made: please add your comments, and hand it on.")
		)
	return report


def made(kind: str, month: str, now: int) -> Document:
	"""The same, of which nobody hears.

	Units: seconds since the epoch.
	Raises: ValueError for what is no kind, or no month that is over.
	"""
	if kind not in SHORT or not months.is_month(month) or month > months.last_closed(now):
		raise ValueError(f"There is no {kind} of {month}")
	name = name_of(kind, month)
	if frappe.db.exists(DOCTYPE, name):
		return frappe.get_doc(DOCTYPE, name)
	figures.freeze(month, now)
	return _insert(kind, month, now)


def _insert(kind: str, month: str, now: int) -> Document:
	report = frappe.new_doc(DOCTYPE)
	report.update(
		{"kind": kind, "month": month, "made_on": config.from_epoch(now), "workflow_state": flow.MADE}
	)
	if kind == flow.ESCALATION_REPORT:
		for department, country in escalated_places(figures.cells_of(month)):
			report.append("outcomes", {"department": department or None, "country": country or None})
	report.flags.ch_act = True
	return report.insert(ignore_permissions=True)  # made by a job, for its makers


def escalated_places(cells: Cells) -> list[tuple[str, str]]:
	"""The departments with their countries in which something escalated, or waited for a solution.

	Policy: TSM-M2
	"""
	found = {
		(place.department, place.country)
		for place, cell in cells.items()
		if any(cell[name] for name in OF_ESCALATIONS)
	}
	return sorted(found)


def missing(now: int) -> Iterator[tuple[str, str]]:
	"""The kinds and months of which there is no report, the earliest first: from the month in which counting began to the
	last that has settled. In the mode Live those are left out whose day has not come yet: their run makes them.

	Units: seconds since the epoch.
	"""
	month, last = figures.began(), months.last_closed(now)
	if not month:
		return
	there = set(frappe.get_all(DOCTYPE, pluck="name"))
	while month <= last and figures.is_settled(month, now):
		for kind in flow.KINDS:
			if name_of(kind, month) not in there and not _is_to_come(kind, month, now):
				yield kind, month
		month = months.after(month)


def _is_to_come(kind: str, month: str, now: int) -> bool:
	"""Whether the run that makes it is still to come; where no day is a working day, none is waited for."""
	if config.stored_mode() != config.LIVE or month < months.last_closed(now):
		return False
	from core_helpdesk.sending import catalogue
	from core_helpdesk.sending.timetable import Timetable

	timetable = Timetable.present()
	schedule = timetable.schedule(catalogue.of(kind))
	try:
		runs = runs_due(schedule, timetable.makers(), months.window(month).end - 1, now)
	except CoreError:
		return False
	return all(run.period_key != month for run in runs)


def make_missing(now: int, seconds: float = SECONDS) -> list[str]:
	"""Makes what is not there yet of all months, and tells nobody; returns the names.

	Each is committed, and one that fails keeps none of the others. What there is no time for is left to the next call,
	but one is made in any.
	Units: `now` is seconds since the epoch; `seconds` is how long it may go on to begin another report.
	Policy: QA-12, TSM-13, TSM-M2
	"""
	if config.stored_mode() == config.OFF or not machine_clock.is_right(now):
		return []
	until, names = monotonic() + seconds, []
	for kind, month in missing(now):
		if names and monotonic() >= until:
			break
		with transactions.logged_on_failure(f"The {kind} of {month} was not made"):
			names.append(made(kind, month, now).name)
		frappe.db.commit()  # nosemgrep: a report stands, whatever becomes of the next
	return names
