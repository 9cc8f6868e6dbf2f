"""Which groups held a ticket before it escalated, and for how long: every stay in a group is a leg with its own time.

Policy: TSM-M2, CORE-13
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import frappe

from core_helpdesk.domain.measures import percentile
from core_helpdesk.domain.ticket_facts import MISSED_LEVEL, Place
from core_helpdesk.escalations import rows
from core_helpdesk.reports.ticket_counts import ESCALATION, LEG, PLACE, within

if TYPE_CHECKING:
	from collections.abc import Callable, Iterable, Sequence

	from core_helpdesk.domain.period import Period
	from core_helpdesk.reports.month_rows import Values
	from core_helpdesk.reports.ticket_places import Choice

COUNTS: dict[str, Callable[[Held], bool]] = {
	"held": lambda held: True,
	"held_longest": lambda held: held.is_longest,
	"escalated_there": lambda held: held.is_last,
}
"""What a group is told of the tickets that escalated, by name."""


class Held(NamedTuple):
	"""A group's part in one escalation: how long it had the ticket in that cycle until then, all its stays together.

	`leg` is the longest of these stays, and `place` is whose that was.
	Units: `at`, when it escalated, is epoch seconds; `seconds` are by the clock.
	"""

	leg: str
	place: Place
	at: int
	seconds: int
	is_longest: bool
	is_last: bool


class Stay(NamedTuple):
	"""A leg as far as it lies before an escalation."""

	leg: str
	place: Place
	began: int
	seconds: int


def held(period: Period, choice: Choice) -> list[Held]:
	"""The groups' parts in what escalated in the period, as the reader sees these groups.

	A group belongs to its own department, wherever its tickets went on to escalate.
	Policy: CORE-13, TSM-12
	"""
	stays: defaultdict[tuple[str, int], list[Stay]] = defaultdict(list)
	for escalation, at, leg, began, ended, *words in _legs(period):
		place = Place(*(word or "" for word in words))
		stays[escalation, at].append(Stay(leg, place, began, min(ended or at, at) - began))
	seen = cache(choice.seen)
	parts = (part for (_escalation, at), found in stays.items() for part in _parts(found, at))
	return [part._replace(place=place) for part in parts if (place := seen(part.place))]


def _legs(period: Period) -> Sequence[tuple]:
	"""The legs, before they escalated, of the tickets that missed their group's time in the period."""
	escalation, leg = frappe.qb.DocType(ESCALATION), frappe.qb.DocType(LEG)
	of_ticket = (leg.reference_doctype == escalation.reference_doctype) & (
		leg.reference_name == escalation.reference_name
	)
	before = (leg.cycle == escalation.cycle) & (leg.from_epoch < escalation.escalated_epoch)
	missed = (escalation.level == MISSED_LEVEL) & (escalation.clock == rows.GROUP)
	return (
		frappe.qb.from_(escalation)
		.join(leg)
		.on(of_ticket & before)
		.select(
			escalation.name,
			escalation.escalated_epoch,
			leg.name,
			leg.from_epoch,
			leg.to_epoch,
			*(leg[name] for name in PLACE),
		)
		.where(within(escalation.escalated_epoch, period) & missed)
		.run()
	)


def _parts(stays: list[Stay], at: int) -> list[Held]:
	"""Each group's part; of two that had the ticket equally long, the later one is to blame."""
	groups: defaultdict[str, list[Stay]] = defaultdict(list)
	for stay in sorted(stays, key=lambda stay: (stay.began, stay.leg)):
		groups[stay.place.group].append(stay)
	seconds = {group: sum(stay.seconds for stay in found) for group, found in groups.items()}
	longest = max(groups, key=lambda group: (seconds[group], groups[group][-1].began))
	last = max(groups, key=lambda group: groups[group][-1].began)
	found = []
	for group, of_group in groups.items():
		most = max(of_group, key=lambda stay: stay.seconds)
		found.append(Held(most.leg, most.place, at, seconds[group], group == longest, group == last))
	return found


def figures(parts: Iterable[Held]) -> Values:
	"""Every figure of these parts, by name: counts, and seconds by the clock.

	Policy: TSM-M2
	"""
	found = list(parts)
	seconds = [part.seconds for part in found]
	return {
		**{name: sum(map(counts, found)) for name, counts in COUNTS.items()},
		"hours_held": sum(seconds) if found else None,
		"hours_held_median": percentile(seconds, 50),
	}
