"""Makes the Tracing Month of each month that is over: its figures are counted once, over all cases, and then stand.

Policy: TRC-18, TRC-M1
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import frappe

from core_helpdesk import config, months
from core_helpdesk.domain.tracing_figures import Figures, Grouping, claims_compared, figures, values
from core_helpdesk.escalations import machine_clock
from core_helpdesk.hosts import hd_team
from core_helpdesk.mail import month_notices
from core_helpdesk.setup import roles
from core_helpdesk.tracing import month_reading, rules

if TYPE_CHECKING:
	from collections.abc import Iterator

	from frappe.model.document import Document

	from core_helpdesk.domain.tracing_figures import MonthFigures

DOCTYPE = "Tracing Month"
MADE, SENT = "Made", "Sent"


def make_missing(now: int) -> list[str]:
	"""Makes what is not there yet of all months since the first case, the earliest first; returns their names.

	By a clock that is not right none is made.
	Units: seconds since the epoch.
	Policy: TRC-18
	"""
	if not rules.is_on() or not machine_clock.is_right(now):
		return []
	return [make(month, now).name for month in missing(now)]


def missing(now: int) -> Iterator[str]:
	first = month_reading.first_opened()
	month, last = months.of(first) if first else "", months.last_closed(now)
	made = set(frappe.get_all(DOCTYPE, pluck="name"))
	while month and month <= last:
		if month not in made:
			yield month
		month = months.after(month)


def make(month: str, now: int) -> Document:
	"""The frozen report of a month that is over.

	Units: seconds since the epoch.
	"""
	document = frappe.new_doc(DOCTYPE)
	made_on = config.from_epoch(now)
	document.update({"month": month, "status": MADE, "made_on": made_on, "figures": frozen(month)})
	document.flags.ch_act = True
	document.insert(ignore_permissions=True)  # made by a job, for the supervisor
	month_notices.made(document.name, roles.holders(roles.SUPPORT_SUPERVISOR))
	return document


def frozen(month: str) -> str:
	"""The figures of the month and of the one before as JSON; nobody's rights narrow them."""
	site = config.site_rules()
	timers = month_reading.Timers(site)

	def counted(of: str) -> MonthFigures:
		window = months.window(of)
		return figures(month_reading.cases(window, site, for_reader=False), window, timers)

	this, last = counted(month), counted(months.before(month))
	kept = {
		"month": month,
		"working_days": rules.terms().working_days,
		"regulator_days": rules.terms().regulator_days,
		"total": values(this.total),
		"last": values(last.total),
		"claims": _claims(this.total, last.total),
		"groups": {by.value: _lines(this, by) for by in Grouping},
	}
	return json.dumps(kept, ensure_ascii=False)


def _lines(report: MonthFigures, by: Grouping) -> dict[str, dict[str, float | None]]:
	"""The lines of a grouping, but those of hidden groups: whoever reads a month need not know them.

	Policy: TSM-12
	"""
	hidden = set(hd_team.hidden_teams()) if by is Grouping.LEG_TEAM else set()
	return {name: values(line) for name, line in report.groups[by].items() if name not in hidden}


def _claims(this: Figures, last: Figures) -> list[dict[str, Any]]:
	"""The claims by step and currency; sums are texts, since JSON has no decimals."""
	return [
		{
			"step": key.step.value,
			"currency": key.currency,
			"count": this.claims[key].count if key in this.claims else 0,
			"this": str(change.this),
			"last": str(change.last),
		}
		for key, change in claims_compared(this, last).items()
	]


def stored(month: str) -> dict[str, Any] | None:
	"""The frozen figures of a month that was made, if they hold all that is counted now."""
	found = frappe.db.get_value(DOCTYPE, month, "figures")
	kept = json.loads(found) if found else None
	return kept if kept and values(Figures()).keys() <= kept["total"].keys() else None


def read(document: Document) -> dict[str, Any]:
	"""The frozen figures of a stored month."""
	return json.loads(document.figures)
