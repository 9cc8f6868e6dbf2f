"""The report Group Requests: how many of each kind, department or country, where they stay how long, and what waits.

Policy: CORE-13, QA-12
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from frappe import _
from frappe.utils import add_days, getdate

from core_helpdesk import config
from core_helpdesk.documents import HOUR
from core_helpdesk.reports import readers, request_stays
from core_helpdesk.reports.answer import NUMBER, SHARE, WHOLE, Answer, Column, Row, bars, column, figure
from core_helpdesk.reports.names import Names
from core_helpdesk.setup import workflows as flow

if TYPE_CHECKING:
	from collections.abc import Callable

	from core_helpdesk.reports.request_stays import Asked, Figures

KIND, DEPARTMENT, COUNTRY = "Kind", "Department", "Country"
EQUALS = {"kind": "kind", "department": "department", "country": "country"}


def run(filters: dict[str, Any] | None) -> Answer:
	"""Raises: PermissionError for anybody who is no reader.

	Policy: CORE-13, QA-12
	"""
	readers.reader()
	by = readers.chosen(filters, "by")
	by = by if by in (KIND, DEPARTMENT, COUNTRY) else KIND
	requests = request_stays.read(conditions(filters))
	now = config.now_epoch()
	rows = [row for part in parts(requests, by) for row in rows_of(*part, by, now)]
	message = "" if rows else why_none(filters)
	states = request_stays.by_state(requests, now)
	return Answer(columns(by), rows, message, chart_of(states), summary_of(requests, states))


def why_none(filters: dict[str, Any] | None) -> str:
	if readers.chosen_of(filters, *EQUALS):
		return readers.nothing_matches()
	return _("No request in this period that you may see.")


def conditions(filters: dict[str, Any] | None) -> list[list[Any]]:
	chosen = readers.chosen_of(filters, *EQUALS)
	found: list[list[Any]] = [["Group Request", EQUALS[name], "=", value] for name, value in chosen.items()]
	since, until = readers.chosen(filters, "since"), readers.chosen(filters, "until")
	if since:
		found.append(["Group Request", "requested_on", ">=", getdate(since)])
	if until:
		found.append(["Group Request", "requested_on", "<", add_days(getdate(until), 1)])
	return found


def parts(requests: list[Asked], by: str) -> list[tuple[str, list[Asked]]]:
	"""The requests of each kind, department or country, under its name for the reader; most requests first."""
	names = Names()
	read: dict[str, Callable[[Asked], str]] = {
		KIND: lambda request: _(request.kind),
		DEPARTMENT: lambda request: names.department(request.department) or _("No Department"),
		COUNTRY: lambda request: names.country(request.country) or _("No Country"),
	}
	found: dict[str, list[Asked]] = defaultdict(list)
	for request in requests:
		found[read[by](request)].append(request)
	return sorted(found.items(), key=lambda part: (-len(part[1]), part[0]))


def columns(by: str) -> list[Column]:
	labels = {
		KIND: _("Kind"),
		DEPARTMENT: _("Department", context="Group Request"),
		COUNTRY: _("Country"),
	}
	return [
		column("part", labels[by], width=200),
		column("state", _("State", context="Group Request"), width=250),
		column("requests", _("Requests"), kind=WHOLE, width=100),
		column("median", _("Median (Hours)"), kind=NUMBER, width=145),
		column("mean", _("Mean (Hours)"), kind=NUMBER, width=150),
		column("longest", _("Longest (Hours)"), kind=NUMBER, width=150),
		column("waiting", _("Waiting Now"), kind=WHOLE, width=120),
		column("waiting_longest", _("Waiting Longest (Hours)"), kind=NUMBER, width=205),
		column("overdue", _("Over Two Working Days"), kind=WHOLE, width=205),
		column("rejected", _("Rejected (%)"), kind=SHARE, width=120),
	]


def rows_of(name: str, requests: list[Asked], by: str, now: int) -> list[Row]:
	"""First the whole way of these requests, then each state that one of them was in."""
	states = request_stays.by_state(requests, now)
	rejected = request_stays.rejected_share(requests)
	whole = as_row(name, _("From Submission to the End"), request_stays.whole_way(requests, states))
	whole["rejected"] = None if rejected is None else round(100 * rejected, 1)
	whole["bold"] = 1
	rest = [as_row(name, _(state, context="Workflow State"), states[state]) for state in in_order(states)]
	for row, state in zip(rest, in_order(states), strict=True):
		row["links"] = {"waiting": {"list": "Group Request", "where": where(requests[0], by, state)}}
	return [whole, *rest]


def where(request: Asked, by: str, state: str) -> dict[str, str]:
	"""What the list of requests is to be narrowed to."""
	own = {
		KIND: ("kind", request.kind),
		DEPARTMENT: ("department", request.department),
		COUNTRY: ("country", request.country),
	}
	field, value = own[by]
	return {"workflow_state": state, **({field: value} if value else {})}


def in_order(states: dict[str, Figures]) -> list[str]:
	"""The workflow's states as it goes, then those that an admin added."""
	own = [state for state in flow.STATES if state in states]
	return own + sorted(state for state in states if state not in flow.STATES)


def as_row(name: str, state: str, figures: Figures) -> Row:
	return {
		"part": name,
		"state": state,
		"requests": len(figures.requests),
		"median": hours(figures.median),
		"mean": hours(figures.mean),
		"longest": hours(figures.longest),
		"waiting": len(figures.waiting),
		"waiting_longest": hours(max(figures.waiting, default=None)),
		"overdue": figures.overdue,
		"rejected": None,
		"tones": {"overdue": "red"} if figures.overdue else {},
	}


def hours(seconds: float | None) -> float | None:
	return None if seconds is None else round(seconds / HOUR, 2)


def chart_of(states: dict[str, Figures]) -> dict[str, Any] | None:
	timed = [state for state in in_order(states) if states[state].times and state != flow.DRAFT]
	if not timed:
		return None
	medians = [hours(states[state].median) or 0 for state in timed]
	return bars(
		[_(state, context="Workflow State") for state in timed], {_("Median (Hours)"): medians}, ["#4299e1"]
	)


def summary_of(requests: list[Asked], states: dict[str, Figures]) -> list[dict[str, Any]]:
	if not requests:
		return []
	whole = request_stays.whole_way(requests, states)
	rejected = sum(request.state == flow.REJECTED for request in requests)
	return [
		figure(len(requests), _("Requests")),
		figure(len(whole.waiting), _("Waiting Now"), "orange" if whole.waiting else ""),
		figure(whole.overdue, _("Over Two Working Days"), "red" if whole.overdue else "green"),
		figure(rejected, _("Rejected")),
	]
