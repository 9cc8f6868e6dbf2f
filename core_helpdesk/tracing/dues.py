"""What is due when on a case, by which calendar, and why: for its form, in the reader's language.

Policy: TRC-03
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from frappe import _
from frappe.utils import cint

from core_helpdesk import config
from core_helpdesk.domain import tracing_legs
from core_helpdesk.domain.errors import CalendarError
from core_helpdesk.escalations import explanation, timeline
from core_helpdesk.tracing import records, rules

if TYPE_CHECKING:
	from collections.abc import Iterator

	from frappe.model.document import Document

	from core_helpdesk.config import SiteRules


class Due(NamedTuple):
	"""One moment by which something is due.

	Units: `began` and `due` are seconds since the epoch, `days` working days.
	"""

	label: str
	began: int
	days: int
	due: int
	calendar: str


def dues(case: Document) -> list[Due]:
	"""The case's own, that of the group that has it, and another owner's, in this order; those there are none of left out."""
	return [each for each in _all(case) if each.due]


def _all(case: Document) -> Iterator[Due]:
	terms = rules.terms()
	opened = cint(case.opened_epoch)
	yield Due(_("Whole case"), opened, terms.working_days, cint(case.due_epoch), case.calendar or "")
	leg = tracing_legs.current(records.legs_of(case))
	if leg:
		label = _("With {0}").format(leg.team)
		yield Due(label, leg.assigned, terms.working_days, leg.due, leg.calendar)
	owner = rules.settings().regulator or _("Second clock")
	home = rules.home_calendar(config.site_rules())
	yield Due(owner, opened, terms.regulator_days, cint(case.regulator_due_epoch), home)


def shown(case: Document, now: int) -> list[dict[str, Any]]:
	"""The dues as the head of the form shows them."""
	# What is closed cannot become late any more.
	at = config.to_epoch(case.closed_on) or now
	return [_shown(each, at) for each in dues(case)]


def _shown(each: Due, at: int) -> dict[str, Any]:
	return {
		"label": each.label,
		"due_on": config.from_epoch(each.due),
		"calendar": each.calendar,
		"is_late": at > each.due,
	}


def explained(case: Document, now: int) -> list[dict[str, Any]]:
	"""The dues with the days that were counted, and those that were not and why."""
	site = config.site_rules()
	return [{**line, **_days(each, site)} for line, each in zip(shown(case, now), dues(case), strict=True)]


def _days(each: Due, site: SiteRules) -> dict[str, Any]:
	try:
		timer = site.timer(each.calendar)
		days = timer.explain_working_days(each.began, each.days)
	except CalendarError:
		return {"counted": [], "skipped": [], "lines": []}
	known = {"zone": timer.rules.zone, "lines": [explanation.line(day) for day in days]}
	lines = timeline.lines_of(known)
	return {
		"lines": lines,
		"counted": [line for line in lines if line["spans_text"]],
		"skipped": [line for line in lines if not line["spans_text"]],
	}
