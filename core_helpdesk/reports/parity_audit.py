"""The report Parity Audit: the Standard beside every other country's Escalation Time, and what covers a difference.

Policy: CORE-09, QA-05
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import cint

from core_helpdesk import config
from core_helpdesk.documents import HOUR
from core_helpdesk.domain.parity import HOME
from core_helpdesk.governance.group_documents import known_groups
from core_helpdesk.governance.request_wording import time_in_words
from core_helpdesk.reports import parity_standing as stand
from core_helpdesk.reports import readers
from core_helpdesk.reports.answer import DAY, NUMBER, Answer, Column, Row, bars, column, figure
from core_helpdesk.reports.names import Names

if TYPE_CHECKING:
	from core_helpdesk.domain.groups import EscalationTime
	from core_helpdesk.reports.parity_standing import Standing

FILTERS = ("department", "category", "ticket_category", "country", "state")
TONES = {
	stand.SAME: "green",
	stand.APPROVED: "blue",
	stand.ENDS_SOON: "orange",
	stand.HOME_DIFFERS: "orange",
	stand.NO_STANDARD: "gray",
	stand.NO_GROUP: "gray",
}
TO_MEND = (stand.DIFFERS, stand.LAPSED, stand.NO_TIME, stand.HOME_DIFFERS)
# More bars than this are not read any more.
COUNTRIES_SHOWN = 12
DETAILS = ("name", "reason", "approved_by", "ends_on")


def run(filters: dict[str, Any] | None) -> Answer:
	"""Raises: PermissionError for anybody who is no reader.

	Policy: CORE-09, CORE-13, QA-05
	"""
	reader = readers.reader()
	wanted = readers.chosen_of(filters, *FILTERS)
	with_missing = bool(cint(readers.chosen(filters, "missing"))) or wanted.get("state") == stand.NO_GROUP
	found = [
		standing
		for standing in stand.standings(known_groups(config.now_epoch()), with_missing=with_missing)
		if reader.sees(standing.department, standing.country)
		and reader.knows([standing.group])
		and all(getattr(standing, name) == value for name, value in wanted.items())
	]
	found.sort(key=lambda own: (own.department, own.category, own.ticket_category, own.country, own.group))
	rows = rows_of(found)
	message = message_of(reader, found, wanted)
	return Answer(columns(), rows, message, chart_of(found), summary_of(found))


def columns() -> list[Column]:
	return [
		column("state", _("State", context="Parity Deviation"), width=215),
		column("department", _("Department", context="Parity Deviation"), width=150),
		column("category", _("Group Category"), width=140),
		column("country", _("Country"), width=180),
		column("group", _("Group", context="Parity Deviation"), width=150),
		column("standard", _("The Standard"), width=150),
		column("time", _("Escalation Time"), width=130),
		column("difference", _("Difference (Hours)"), kind=NUMBER, width=140),
		column("ticket_category", _("Ticket Category"), width=170),
		column("deviation", _("Deviation"), width=100),
		column("reason", _("Reason for the Deviation"), width=240),
		column("approved_by", _("Approved by"), width=150),
		column("until", _("In Force Until"), kind=DAY, width=120),
	]


class Words:
	"""Times in words, each put into them once for a report."""

	def __init__(self) -> None:
		self.known: dict[EscalationTime | None, str] = {}

	def of(self, time: EscalationTime | None) -> str:
		if time not in self.known:
			self.known[time] = time_in_words([time.seconds, time.kind.value] if time else [])
		return self.known[time]

	def of_standard(self, own: Standing) -> str:
		times = " / ".join(map(self.of, own.standard))
		return _("{0} (group category)").format(times) if own.by_category else times or self.of(None)


def rows_of(found: list[Standing]) -> list[Row]:
	names, words = Names(), Words()
	deviations = details_of({own.deviation for own in found} - {""})
	return [row_of(own, names, words, deviations.get(own.deviation)) for own in found]


def details_of(deviations: set[str]) -> dict[str, frappe._dict]:
	if not deviations:
		return {}
	rows = frappe.get_all("Parity Deviation", {"name": ("in", sorted(deviations))}, list(DETAILS))
	return {row.name: row for row in rows}


def row_of(own: Standing, names: Names, words: Words, deviation: frappe._dict | None) -> Row:
	approved = deviation or frappe._dict()
	return {
		"department": names.department(own.department),
		"category": names.category(own.category),
		"ticket_category": own.ticket_category or _("all ticket categories"),
		"country": names.country(own.country),
		"group": own.group,
		"standard": words.of_standard(own),
		"time": "" if own.state == stand.NO_GROUP else words.of(own.time),
		"difference": difference(own),
		"state": _(own.state),
		"deviation": own.deviation,
		"reason": approved.reason or "",
		"approved_by": names.person(approved.approved_by),
		"until": approved.ends_on,
		"links": {"group": ["HD Team", own.group], "deviation": ["Parity Deviation", own.deviation]},
		"tones": {"state": TONES.get(own.state, "red")},
	}


def difference(own: Standing) -> float | None:
	"""Hours more than the Standard, less below zero; none where two clocks or several times cannot be compared."""
	if own.time is None or len(own.standard) != 1 or own.time.kind is not own.standard[0].kind:
		return None
	return round((own.time.seconds - own.standard[0].seconds) / HOUR, 4)


def message_of(reader: readers.Reader, found: list[Standing], wanted: dict[str, str]) -> str:
	home = Names().country(HOME)
	if found:
		text = _(
			"The time of the groups in {0} is the Standard of their department and group category; any other needs a deviation."
		)
		return text.format(home)
	none = _("No group outside {0} that you answer for.").format(home)
	return readers.why_nothing(reader, wanted) or none


def chart_of(found: list[Standing]) -> dict[str, Any] | None:
	groups = [own for own in found if own.state != stand.NO_GROUP]
	countries = [country for country, _count in Counter(own.country for own in groups).most_common()]
	shown = countries[:COUNTRIES_SHOWN]
	names = Names()
	parts = {
		_("Same Time"): (stand.SAME,),
		_("Approved"): (stand.APPROVED, stand.ENDS_SOON),
		_("To Be Put Right"): TO_MEND,
	}
	counts = Counter((own.country, own.state) for own in groups)
	values = {
		name: [sum(counts[country, state] for state in states) for country in shown]
		for name, states in parts.items()
	}
	colors = ["#48bb74", "#4299e1", "#e24c4c"]
	return bars([names.country(country) for country in shown], values, colors, stacked=True)


def summary_of(found: list[Standing]) -> list[dict[str, Any]]:
	states = Counter(own.state for own in found)
	groups = len(found) - states[stand.NO_GROUP]
	if not found:
		return []
	return [
		figure(groups, _("Groups Abroad")),
		figure(states[stand.SAME], _("As the Standard"), "green"),
		figure(states[stand.APPROVED] + states[stand.ENDS_SOON], _("Approved Deviation"), "blue"),
		figure(sum(states[state] for state in TO_MEND), _("To Be Put Right"), "red"),
	]
