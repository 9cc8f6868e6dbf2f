"""Makes the reports of a month that is over, each once, with figures that stand from then on.

Policy: QA-12, TSM-13, TSM-M2
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _

from core_helpdesk import config, months
from core_helpdesk.monthly import acts, figures, rights
from core_helpdesk.setup import monthly_workflow as flow

if TYPE_CHECKING:
	from collections.abc import Iterator

	from frappe.model.document import Document

	from core_helpdesk.domain.ticket_lines import Cells

DOCTYPE = flow.NAME
SHORT = {flow.QA_REPORT: "QA", flow.TSM_REPORT: "TSM", flow.ESCALATION_REPORT: "DE"}
OF_ESCALATIONS = ("escalated", "to_general_manager", "answer_due")
"""A department has escalations where one of these was counted."""


def name_of(kind: str, month: str) -> str:
	"""The name of the report of a kind and month, of which there is one."""
	return f"MR-{SHORT[kind]}-{month}"


def make(kind: str, month: str, now: int) -> Document:
	"""The report of a kind on a month that is over: the one that is there, or a new one with the figures of the month.

	Units: seconds since the epoch.
	Raises: ValueError for what is no kind, or no month that is over.
	Policy: QA-12, TSM-13, TSM-M2
	"""
	if kind not in SHORT or not months.is_month(month) or month > months.last_closed(now):
		raise ValueError(f"There is no {kind} of {month}")
	name = name_of(kind, month)
	if frappe.db.exists(DOCTYPE, name):
		return frappe.get_doc(DOCTYPE, name)
	figures.freeze(name, month, now)
	return _insert(kind, month, now)


def _insert(kind: str, month: str, now: int) -> Document:
	report = frappe.new_doc(DOCTYPE)
	report.update(
		{"kind": kind, "month": month, "made_on": config.from_epoch(now), "workflow_state": flow.MADE}
	)
	if kind == flow.ESCALATION_REPORT:
		for department, country in escalated_places(figures.kept(name_of(kind, month)).cells):
			report.append("outcomes", {"department": department or None, "country": country or None})
	report.flags.ch_act = True
	report.insert(ignore_permissions=True)  # made by a job, for its makers
	if config.mode() == config.LIVE:
		acts.tell(
			report, rights.makers(kind), lambda: _("{0} is made: please add your comments, and hand it on.")
		)
	return report


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
	"""The kinds and months of which there is no report: from the first that was made on, or of the last month alone.

	Units: seconds since the epoch.
	"""
	last = months.last_closed(now)
	made = {(row.kind, row.month) for row in frappe.get_all(DOCTYPE, fields=["kind", "month"])}
	for kind in flow.KINDS:
		month = min((month for of, month in made if of == kind), default=last)
		while month <= last:
			if (kind, month) not in made:
				yield kind, month
			month = months.after(month)


def make_missing(now: int) -> list[str]:
	"""Makes what is not there yet; returns the names.

	Units: seconds since the epoch.
	"""
	if config.stored_mode() == config.OFF:
		return []
	return [make(kind, month, now).name for kind, month in sorted(missing(now), key=lambda each: each[1])]
