"""How each group abroad stands to the Standard, with the deviation that covers it, or covered it until it lapsed.

Policy: CORE-09, QA-05
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import frappe

from core_helpdesk.documents import time_given
from core_helpdesk.domain.parity import HOME, GapKind, parity, standards
from core_helpdesk.governance import group_documents

if TYPE_CHECKING:
	from collections.abc import Iterable, Iterator

	from core_helpdesk.domain.groups import EscalationTime, GroupFacts
	from core_helpdesk.domain.parity import Deviation, ParityGap, Standard
	from core_helpdesk.governance.group_documents import KnownGroups

SAME, APPROVED, ENDS_SOON = "As the Standard", "Approved Deviation", "Deviation Ends Soon"
DIFFERS, LAPSED, NO_TIME = "Not the Standard", "Deviation Lapsed", "No Escalation Time"
HOME_DIFFERS, NO_STANDARD, NO_GROUP = "The Standard Is Not One", "No Standard to Compare With", "No Group"
# From what is to be put right to what is in order.
STATES = (DIFFERS, LAPSED, NO_TIME, HOME_DIFFERS, ENDS_SOON, NO_STANDARD, NO_GROUP, APPROVED, SAME)
OF_GAP = {
	GapKind.DIFFERS: DIFFERS,
	GapKind.ENDED: LAPSED,
	GapKind.ENDS: ENDS_SOON,
	GapKind.NO_STANDARD: NO_STANDARD,
	GapKind.HOME_DIFFERS: HOME_DIFFERS,
}


class Standing(NamedTuple):
	"""A group abroad, or the place where there is none, beside the Standard.

	`standard` has several times where headquarters differ; `by_category` says that its group category gives it.
	"""

	state: str
	department: str
	category: str
	ticket_category: str
	country: str
	group: str
	standard: tuple[EscalationTime, ...]
	by_category: bool = False
	time: EscalationTime | None = None
	deviation: str = ""


def standings(known: KnownGroups, *, with_missing: bool = False) -> Iterator[Standing]:
	"""All groups outside headquarters but hidden ones and those without a country; on request the places without one."""
	groups = [group for group in known.groups.values() if group.country and not group.hidden]
	home = standards(groups)
	abroad = [group for group in groups if group.country != HOME]
	approved = group_documents.deviations()
	gaps = {gap.group: gap for gap in parity(abroad, home, approved, known.at)}
	in_force = _in_force(approved, known.at)
	carried = _carried_by_categories()
	for group in abroad:
		times = _times(home, group)
		yield _standing(group, times, gaps.get(group.name), in_force, carried.get(group.category))
	if with_missing:
		yield from _missing(groups)


def _times(home: dict[tuple[str, str], Standard], group: GroupFacts) -> tuple[EscalationTime, ...]:
	standard = home.get((group.department, group.category))
	return standard.times(group) if standard else ()


def _standing(
	group: GroupFacts,
	times: tuple[EscalationTime, ...],
	gap: ParityGap | None,
	in_force: dict[tuple[str, EscalationTime], str],
	carried: EscalationTime | None,
) -> Standing:
	by_category = not times and carried is not None
	state, deviation = _state(group, gap, in_force, carried)
	return Standing(
		state=state,
		department=group.department,
		category=group.category,
		ticket_category=next(iter(sorted(group.ticket_categories)), ""),
		country=group.country,
		group=group.name,
		standard=(carried,) if by_category and carried else times,
		by_category=by_category,
		time=group.time,
		deviation=deviation,
	)


def _state(
	group: GroupFacts,
	gap: ParityGap | None,
	in_force: dict[tuple[str, EscalationTime], str],
	carried: EscalationTime | None,
) -> tuple[str, str]:
	if gap is None:
		deviation = in_force.get((group.name, group.time), "") if group.time else ""
		return (APPROVED, deviation) if deviation else (SAME, "")
	if gap.kind in (GapKind.ENDED, GapKind.ENDS):
		return OF_GAP[gap.kind], gap.deviation
	if group.time is None:
		return NO_TIME, ""
	if gap.kind is GapKind.NO_STANDARD and carried:
		return (SAME if carried == group.time else DIFFERS), ""
	if gap.kind is GapKind.HOME_DIFFERS and group.time not in gap.standard:
		return DIFFERS, ""
	return OF_GAP[gap.kind], ""


def _in_force(approved: Iterable[Deviation], at: int) -> dict[tuple[str, EscalationTime], str]:
	"""The deviation of each group and time that lasts longest."""
	present = sorted((own for own in approved if own.is_in_force(at)), key=lambda own: own.until_epoch)
	return {(own.group, own.time): own.name for own in present}


def _carried_by_categories() -> dict[str, EscalationTime]:
	"""The standard that each Group Category carries: it counts where headquarters has no group of it.

	Policy: CORE-04
	"""
	rows = frappe.get_all("Group Category", fields=["name", "standard_hours", "standard_clock"])
	times = {row.name: time_given(row.standard_hours, row.standard_clock) for row in rows}
	return {name: time for name, time in times.items() if time}


def _missing(groups: list[GroupFacts]) -> Iterator[Standing]:
	"""Each department, group category and ticket category of headquarters, in the countries that have no group of it."""
	home, there = defaultdict(set), defaultdict(set)
	for group in groups:
		place = (group.department, group.category)
		for category in group.ticket_categories or ("",):
			there[(*place, category)].add(group.country)
			there[place].add(group.country)
			if group.country == HOME and group.time and all(place):
				home[(*place, category)].add(group.time)
	countries = {group.country for group in groups} - {HOME}
	for (department, category, ticket_category), times in sorted(home.items()):
		place = (department, category)
		# A group that takes all ticket categories takes this one, too.
		served = there[(*place, ticket_category)] | there[(*place, "")] if ticket_category else there[place]
		for country in sorted(countries - served):
			yield Standing(NO_GROUP, *place, ticket_category, country, "", tuple(sorted(times)))
