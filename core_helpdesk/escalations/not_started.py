"""Tickets that no clock counts because they came to their group before tickets count there: listed, never started.

They stay listed, group by group, until somebody says from when they count, or they are solved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import frappe
from frappe import _
from frappe.query_builder.functions import Count, Min
from frappe.utils import format_datetime

from core_helpdesk import config
from core_helpdesk.domain.clock import TicketState
from core_helpdesk.escalations import findings, rows
from core_helpdesk.hosts import hd_team

if TYPE_CHECKING:
	from collections.abc import Iterable, Iterator
	from datetime import datetime

NOT_STARTED = "Not Started"


class NotStarted(NamedTuple):
	"""How many open tickets of a group have no count, and since when the oldest has been there."""

	team: str
	count: int
	since: datetime | None


def report() -> None:
	"""One open finding per group that has such tickets; closes those of groups that have none any more.

	Policy: CORE-01
	"""
	if config.mode() == config.OFF:
		return
	found = list(not_started())
	for each in found:
		_report(each)
	for finding in findings.open_of([NOT_STARTED]):
		if finding.subject_key not in {each.team for each in found}:
			findings.close(NOT_STARTED, finding.subject_key)


def _report(each: NotStarted) -> None:
	details = _(
		"Open tickets that came to the group {0} before tickets count there: {1}, the oldest since {2}."
	)
	remedy = _(
		"Solve them, or let them count: Start Clocks From in Core Helpdesk Settings. The list of Ticket Clocks shows "
		"them by the state No Clock."
	)
	shown = details.format(each.team, each.count, format_datetime(each.since) if each.since else "–")
	findings.report(NOT_STARTED, each.team, hd_team.TEAM, each.team, shown, remedy)


def not_started() -> Iterator[NotStarted]:
	"""The groups in question, read at once for all groups with the same start."""
	rules, starts = config.site_rules(), {}
	for each in _without_count():
		group = rules.group(each.team)
		if not group.hidden:
			starts.setdefault(group.governed_from, []).append(each.team)
	for start, teams in starts.items():
		# A group without any start has started none.
		yield from _without_count(teams, before=config.from_epoch(start) if start else None)


def _without_count(teams: Iterable[str] = (), before: datetime | None = None) -> list[NotStarted]:
	clock = frappe.qb.DocType(rows.DOCTYPE)
	query = (
		frappe.qb.from_(clock)
		.select(clock.team, Count("*"), Min(clock.group_since))
		.where(clock.clock == rows.GROUP)
		.where((clock.finished == 0) & (clock.level == 0) & clock.policy.isnull() & clock.team.isnotnull())
		.where(clock.ticket_state != TicketState.RESOLVED.value)
		.groupby(clock.team)
	)
	query = query.where(clock.team.isin(list(teams))) if teams else query
	query = query.where(clock.group_since < before) if before else query
	return [NotStarted(*values) for values in query.run()]
