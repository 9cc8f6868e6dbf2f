"""Group Requests and where they were: what a reader may see of them, with the figures of a set of them.

Policy: CORE-05, CORE-06, QA-12
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from statistics import fmean, median
from typing import TYPE_CHECKING, Any, NamedTuple

import frappe

from core_helpdesk import config
from core_helpdesk.domain.measures import share
from core_helpdesk.governance import request_turns
from core_helpdesk.governance.requests import CLOSED, DOCTYPE
from core_helpdesk.setup import workflows as flow

if TYPE_CHECKING:
	from collections.abc import Callable, Iterable

STATE = "Group Request State"
FIELDS = ("name", "kind", "department", "country", "workflow_state")
# A list of names longer than this costs more than reading the whole table.
NAMES_AT_ONCE = 1000


class Stay(NamedTuple):
	"""A stay in a state; `end` is 0 while it lasts.

	Units: seconds since the epoch.
	"""

	state: str
	start: int
	end: int


class Asked(NamedTuple):
	"""A request with its stays, the first one first."""

	name: str
	kind: str
	department: str
	country: str
	state: str
	stays: tuple[Stay, ...]

	@property
	def way(self) -> int | None:
		"""Seconds from leaving Draft until it was closed; None while it is open, or was given up as a draft."""
		begin, end = submitted(self), ended(self)
		return end - begin if begin and end else None


@dataclass
class Figures:
	"""What is known of a state of some requests, or of their whole way.

	Units: `times` and `waiting` are seconds; `waiting` is until now, of those that wait for somebody.
	"""

	requests: set[str] = field(default_factory=set)
	times: list[int] = field(default_factory=list)
	waiting: list[int] = field(default_factory=list)
	overdue: int = 0

	@property
	def median(self) -> float | None:
		return median(self.times) if self.times else None

	@property
	def mean(self) -> float | None:
		return fmean(self.times) if self.times else None

	@property
	def longest(self) -> float | None:
		return max(self.times, default=None)


def submitted(request: Asked) -> int:
	"""When it first left Draft; 0 for one that did not, or was given up as a draft.

	Units: seconds since the epoch.
	"""
	if request.state == flow.WITHDRAWN and len(request.stays) <= 2:
		return 0
	return next((stay.start for stay in request.stays if stay.state != flow.DRAFT), 0)


def ended(request: Asked) -> int:
	"""When it was first closed; 0 while it is open.

	Units: seconds since the epoch.
	"""
	return next((stay.start for stay in request.stays if stay.state in CLOSED), 0)


def read(filters: list[list[Any]]) -> list[Asked]:
	"""The requests that the present user may see, by the rules of their own list."""
	return _asked(frappe.get_list, filters)


def read_all(filters: list[list[Any]]) -> list[Asked]:
	"""The requests whoever may see them, for figures that are narrowed afterwards."""
	return _asked(frappe.get_all, filters)


def _asked(rows_of: Callable[..., list[frappe._dict]], filters: list[list[Any]]) -> list[Asked]:
	rows = rows_of(DOCTYPE, filters=filters, fields=list(FIELDS), limit_page_length=0, order_by="name")
	stays = _stays([row.name for row in rows])
	return [
		Asked(
			row.name,
			row.kind or "",
			row.department or "",
			row.country or "",
			row.workflow_state or "",
			tuple(stays[row.name]),
		)
		for row in rows
	]


def _stays(names: list[str]) -> dict[str, list[Stay]]:
	found: dict[str, list[Stay]] = {name: [] for name in names}
	wanted: dict[str, Any] = {"parenttype": DOCTYPE}
	if len(names) <= NAMES_AT_ONCE:
		wanted["parent"] = ("in", names or [""])
	fields = ["parent", "state", "entered_at", "left_at"]
	for row in frappe.get_all(STATE, wanted, fields, order_by="parent, idx"):
		if row.parent in found and row.entered_at:
			end = config.to_epoch(row.left_at) if row.left_at else 0
			found[row.parent].append(Stay(row.state or "", config.to_epoch(row.entered_at), end))
	return found


def by_state(requests: Iterable[Asked], now: int) -> dict[str, Figures]:
	"""The figures of each state that one of the requests was in.

	Units: `now` is seconds since the epoch.
	"""
	rules = config.site_rules()
	found: dict[str, Figures] = defaultdict(Figures)
	for request in requests:
		for stay in request.stays:
			figures = found[stay.state]
			figures.requests.add(request.name)
			if stay.state in CLOSED:
				continue
			if stay.end:
				figures.times.append(max(0, stay.end - stay.start))
			elif stay.state == request.state and stay.state in request_turns.WAITING:
				figures.waiting.append(max(0, now - stay.start))
				figures.overdue += now > request_turns.waited_enough(stay.start, request.country, rules)
	return dict(found)


def whole_way(requests: Iterable[Asked], states: dict[str, Figures]) -> Figures:
	"""From leaving Draft until the end, and what waits in any state."""
	figures = Figures()
	for request in requests:
		figures.requests.add(request.name)
		if request.way is not None:
			figures.times.append(request.way)
	for own in states.values():
		figures.waiting += own.waiting
		figures.overdue += own.overdue
	return figures


def rejected_share(requests: Iterable[Asked]) -> float | None:
	"""Rejected ones among those that were decided on, withdrawn ones left out; None before any is decided."""
	states = Counter(request.state for request in requests)
	decided = states[flow.REJECTED] + states[flow.APPROVED] + states[flow.IMPLEMENTED]
	return share(states[flow.REJECTED], decided)
