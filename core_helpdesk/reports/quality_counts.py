"""Counts what the QA Monthly Report tells beside the figures of tickets, by department and country.

What stands at a month's end (groups whose data is right, deviations in force) is read from what says since when it is
so, and until when it was.

Policy: QA-01, QA-12, CORE-09, CORE-19, TRC-03, TRC-19, TRC-22, CX-2.1, CX-3.7
"""

from __future__ import annotations

from collections import defaultdict
from itertools import islice
from typing import TYPE_CHECKING

import frappe

from core_helpdesk import config
from core_helpdesk.domain import tracing_legs
from core_helpdesk.domain.promises import Kind
from core_helpdesk.domain.quality import TIME, Area, Areas, Quality, together
from core_helpdesk.domain.tracing_figures import figures
from core_helpdesk.escalations import findings
from core_helpdesk.governance.requests import DOCTYPE
from core_helpdesk.reports import promise_reading, request_stays
from core_helpdesk.tracing import month_reading

if TYPE_CHECKING:
	from collections.abc import Callable, Iterable, Iterator

	from core_helpdesk.config import SiteRules
	from core_helpdesk.domain.period import Period
	from core_helpdesk.domain.tracing_figures import CaseFacts, Month
	from core_helpdesk.domain.tracing_sums import Figures

# So many cases are held at once.
BATCH = 2000
DEVIATION, TEAM = "Parity Deviation", "HD Team"
PROMISES = ("complaints", "inquiries")
PROMISED = {Kind.COMPLAINT: "complaints", Kind.INQUIRY: "inquiries"}


def count(month: Month, name: str = "", promises: Areas | None = None) -> Areas:
	"""What happened in the month and what stood at its end, of all areas; exact.

	All of it, or no more than what is counted together with a figure of this name. `promises` are those that were
	decided in the month, if they have been counted already.
	Policy: QA-12
	"""
	found: defaultdict[Area, Quality] = defaultdict(Quality)
	for names, counter in COUNTERS.items():
		if (not name or name.startswith(names)) and (promises is None or names != PROMISES):
			counter(found, month)
	counted = together(found, promises or {})
	return {area: quality for area, quality in counted.items() if any(quality.counts.values())}


def count_promises(period: Period) -> Areas:
	"""The promises decided in a period, of all areas; exact.

	Policy: CX-2.1, CX-3.7
	"""
	found: defaultdict[Area, Quality] = defaultdict(Quality)
	_count_promises(found, period)
	return dict(found)


def _count_tracing(found: Areas, month: Month) -> None:
	"""By the department of the group that handles the case, and the country that does."""
	site = config.site_rules()
	timers = month_reading.Timers(site)
	cases = month_reading.cases(month, site, for_reader=False)
	while batch := list(islice(cases, BATCH)):
		for area, own in _by_area(batch, site).items():
			_take_tracing(found[area], figures(own, month, timers).total)


def _by_area(cases: Iterable[CaseFacts], site: SiteRules) -> dict[Area, list[CaseFacts]]:
	found: defaultdict[Area, list[CaseFacts]] = defaultdict(list)
	for case in cases:
		handling = tracing_legs.handling(case.legs)
		department = site.group(handling.team).department if handling else ""
		found[Area(department, case.country)].append(case)
	return found


def _take_tracing(quality: Quality, counted: Figures) -> None:
	quality.add("tracing_closed", *counted.closed.names)
	quality.add("tracing_within", *counted.within.names)
	quality.add("tracing_satisfied", *counted.satisfied.names)
	for (step, _currency), figure in counted.claims.items():
		quality.add(f"claims_{step.name.lower()}", *figure.names)


def _count_promises(found: Areas, period: Period) -> None:
	for kind, promises in promise_reading.decided(period).items():
		for promise in promises:
			quality = found[Area(promise.place.department, promise.place.country)]
			quality.add(f"{PROMISED[kind]}_decided", promise.stay)
			if promise.is_kept:
				quality.add(f"{PROMISED[kind]}_kept", promise.stay)


def _count_requests(found: Areas, month: Month) -> None:
	"""Requests submitted in the month, and those that came to their end in it with the time from the one to the other."""
	changed = [[DOCTYPE, "modified", ">=", config.from_epoch(month.start)]]
	for request in request_stays.read_all(changed):
		quality = found[Area(request.department, request.country)]
		submitted, ended = request_stays.submitted(request), request_stays.ended(request)
		if month.holds(submitted):
			quality.add("requests_made", request.name)
			quality.add(f"requests_made {request.kind}", request.name)
		if submitted and month.holds(ended):
			quality.add("requests_ended", request.name)
			quality.add(f"requests_ended {request.kind}", request.name)
			for name in (f"{TIME}requests", f"{TIME}requests {request.kind}"):
				quality.times[name].append(ended - submitted)


def _count_deviations(found: Areas, month: Month) -> None:
	moment = config.from_epoch(month.end)
	begun = {"starts_on": ("<", moment), "ends_on": (">=", moment.date())}
	for row in frappe.get_all(DEVIATION, begun, ["name", "department", "country", "state", "ended_on"]):
		if row.state == "In Force" or (row.ended_on and row.ended_on >= moment):
			found[Area(row.department or "", row.country or "")].add("deviations", row.name)


def _count_groups(found: Areas, month: Month) -> None:
	"""The governed groups of today that were there, and those of them without an open finding or correction."""
	site, end = config.site_rules(), month.end
	wrong = set(_with_findings(end)) | set(_with_corrections(end))
	there = {"creation": ("<", config.from_epoch(end))}
	for team in frappe.get_all(TEAM, there, pluck="name"):
		group = site.group(team)
		if group.hidden or not 0 < group.governed_from < end:
			continue
		quality = found[Area(group.department, group.country)]
		quality.add("groups", team)
		if team not in wrong:
			quality.add("groups_right", team)


def _with_findings(end: int) -> Iterator[str]:
	moment = config.from_epoch(end)
	of_groups = {"reference_doctype": TEAM, "creation": ("<", moment)}
	for row in frappe.get_all(findings.DOCTYPE, of_groups, ["reference_name", "state", "closed_on"]):
		if row.state == "Open" or (row.closed_on and row.closed_on >= moment):
			yield row.reference_name


def _with_corrections(end: int) -> Iterator[str]:
	"""The groups of which a department has said that their data is wrong.

	Policy: CORE-19
	"""
	wanted = [[DOCTYPE, "kind", "=", "Data Correction"], [DOCTYPE, "team", "is", "set"]]
	teams = dict(frappe.get_all(DOCTYPE, wanted, ["name", "team"], as_list=True))
	for request in request_stays.read_all(wanted):
		submitted, ended = request_stays.submitted(request), request_stays.ended(request)
		if 0 < submitted < end and not 0 < ended < end:
			yield teams[request.name]


COUNTERS: dict[tuple[str, ...], Callable[[Areas, Month], None]] = {
	("tracing", "claims"): _count_tracing,
	PROMISES: _count_promises,
	("requests",): _count_requests,
	("deviations",): _count_deviations,
	("groups",): _count_groups,
}
"""What counts the figures whose names begin so."""
