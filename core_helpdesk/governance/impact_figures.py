"""The figures of a request's impact study: compact as they are stored, and in words for a reader.

Hidden groups are in neither: no ticket's past has them. A group that the reader may not see has no name here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frappe import _

from core_helpdesk import config, permissions, shown
from core_helpdesk.governance import request_kinds as kinds
from core_helpdesk.governance.request_proposal import GOES, NAMED, OF_COUNTRY, STAYS, Study

if TYPE_CHECKING:
	from collections.abc import Iterable

	from frappe.model.document import Document

	from core_helpdesk.domain.impact import Figures, Impact
	from core_helpdesk.hosts.past_tickets import Seen

HOUR = 3600
MOST_GROUPS = 12
Values = dict[str, Any]


# --- As it is stored


def stored(study: Study, found: Impact, seen: Seen, period: tuple[int, int], zone: str) -> Values:
	"""What is kept of a study.

	`levels`, `groups`, `hours` and `weekdays` give today's figure before the proposed one; of these, all but
	`groups` are of the tickets that the request concerns.
	Units: seconds since the epoch; the load of a group is in seconds.
	Policy: QA-03
	"""
	rows = list(_group_rows(study, found))
	return {
		"from": period[0],
		"until": period[1],
		"read": seen.tickets,
		"concerned": found.concerned,
		"received": [found.today.received[study.group], found.proposed.received[study.group]],
		"levels": _levels(found.before, found.after),
		"hours": [found.before.by_hour, found.after.by_hour],
		"weekdays": [found.before.by_weekday, found.after.by_weekday],
		"zone": zone,
		"groups": rows[:MOST_GROUPS],
		"more_groups": max(0, len(rows) - MOST_GROUPS),
		"group": study.group,
		"moves": study.moves,
		"categories": list(study.categories),
		"country": study.country,
		"without_first": seen.without_first,
		"assumed": seen.assumed,
		"without_hours": sorted(study.rules.without_hours)[:MOST_GROUPS],
	}


def _levels(before: Figures, after: Figures) -> list[list]:
	today, proposed = before.by_level, after.by_level
	return [[*key, today[key], proposed[key]] for key in sorted({*today, *proposed})]


def _group_rows(study: Study, found: Impact) -> Iterable[list]:
	"""The group itself, then those whose load changes most."""
	today, proposed = found.today, found.proposed

	def more(name: str) -> int:
		return proposed.load[name] - today.load[name]

	others = {name for name in {*today.received, *proposed.received} - {study.group} if _differs(found, name)}
	if study.moves == NAMED:
		others |= study.involved - {study.group}
	for name in (study.group, *sorted(others, key=lambda name: (-abs(more(name)), name))):
		yield [
			name,
			*(figures.received[name] for figures in (today, proposed)),
			*(figures.load[name] for figures in (today, proposed)),
			*(_escalated(figures, name) for figures in (today, proposed)),
		]


def _differs(found: Impact, name: str) -> bool:
	today, proposed = found.today, found.proposed
	return (today.load[name], today.received[name]) != (proposed.load[name], proposed.received[name])


def _escalated(figures: Figures, group: str) -> int:
	return sum(count for (name, *_level), count in figures.escalated.items() if name == group)


# --- As it is read


def said(request: Document, kept: Values, user: str) -> Values:
	"""The study for a reader, in the present language.

	Policy: QA-03, TSM-12
	"""
	names = _Names(user)
	days = round((kept["until"] - kept["from"]) / 86_400)
	return {
		"days": days,
		"read": kept["read"],
		"concerned": kept["concerned"],
		"computed_on": config.from_epoch(kept["until"]),
		"from": config.from_epoch(kept["from"]),
		"headline": _headline(request, kept, days),
		"is_empty": not kept["concerned"],
		"rows": list(_rows(kept)),
		"groups": [_group(row, names) for row in kept["groups"]],
		"more_groups": kept["more_groups"],
		"hours": kept["hours"],
		"weekdays": kept["weekdays"],
		"zone": kept["zone"],
		"notes": [*_assumptions(request, kept, names), *_unknown(kept, names)],
	}


class _Names:
	"""Groups by their names, those that the reader may not see by none."""

	def __init__(self, user: str) -> None:
		self.concealed = set(permissions.concealed_from(user))

	def of(self, group: str) -> str:
		return _("Another group") if group in self.concealed else group


def _headline(request: Document, kept: Values, days: int) -> str:
	if not kept["read"]:
		return _("There are no tickets of the last {0} days.").format(days)
	if not kept["concerned"]:
		return _nobody(request, kept).format(days)
	message = _("Of {0} tickets of the last {1} days, the request concerns {2}.")
	return message.format(kept["read"], days, kept["concerned"])


def _nobody(request: Document, kept: Values) -> str:
	if kept["moves"] in (NAMED, OF_COUNTRY):
		return _("No ticket of the last {0} days would have come to this group.")
	return _("No ticket of the last {0} days was in this group.")


def _rows(kept: Values) -> Iterable[Values]:
	yield _row(_("Tickets the group receives"), kept["received"])
	for level, target, *counts in kept["levels"]:
		yield _row(_("Escalated to {0} (level {1})").format(_(target), level), counts)


def _row(label: str, counts: list[int]) -> Values:
	return {"label": label, "today": counts[0], "proposed": counts[1], "change": counts[1] - counts[0]}


def _group(row: list, names: _Names) -> Values:
	name, received, received_after, load, load_after, escalated, escalated_after = row
	return {
		"group": names.of(name),
		"received": [received, received_after],
		# Hours with one figure behind the point: a few minutes are no load.
		"load": [round(load / HOUR, 1), round(load_after / HOUR, 1)],
		"escalated": [escalated, escalated_after],
	}


def _assumptions(request: Document, kept: Values, names: _Names) -> Iterable[str]:
	categories = shown.listed(kept["categories"])
	if kept["moves"] == OF_COUNTRY:
		text = _(
			"Nobody said from which groups it takes tickets: those of {0} in all groups of {1} are counted for it."
		)
		yield text.format(categories, shown.country(kept["country"]))
	elif kept["moves"] == NAMED:
		yield _("Tickets of {0} come to it from the groups it takes from.").format(categories)
	elif kept["moves"] == GOES:
		yield _("Its tickets would need another group; where they would go is not said, so nobody has them.")
	if request.kind == kinds.CHANGE_GROUP and kept["moves"] != STAYS:
		yield _("Tickets of other categories stay with it: where they would go is not said.")
	yield _("Both sides count by the rules of this moment, as if clocks had run in every group all the time.")


def _unknown(kept: Values, names: _Names) -> Iterable[str]:
	if kept["without_first"]:
		text = _("{0} tickets had no recorded group before they first moved; that time counts for no group.")
		yield text.format(kept["without_first"])
	if kept["assumed"]:
		text = _(
			"Nobody recorded when {0} tickets came to their present status; the host's dates stand for it."
		)
		yield text.format(kept["assumed"])
	if kept["without_hours"]:
		groups = shown.listed(names.of(group) for group in kept["without_hours"])
		text = _("Without a working calendar nothing of these groups escalates: {0}.")
		yield text.format(groups)
