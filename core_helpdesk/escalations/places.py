"""Whose a leg or an escalation is, as it is written into its row: what the group was then, and the ticket's category."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe

from core_helpdesk.domain.ticket_facts import SEPARATOR, Place

if TYPE_CHECKING:
	from core_helpdesk.config import SiteRules

WORDS = {
	"country": "Country",
	"department": "Core Department",
	"group_category": "Group Category",
	"team": "HD Team",
	"ticket_category": "HD Ticket Type",
}
"""The columns that hold the fields of a Place, in their order, and what they name."""
COLUMNS = (*WORDS, "place")
KEPT_IN = ("Ticket Leg", "Ticket Escalation")


def of(group: str, category: str, rules: SiteRules) -> Place:
	"""The place of a ticket of this category in a group, by the documents as they are now.

	A ticket in no group is where the defaults of Settings say.
	"""
	if not group:
		return Place(rules.general.default_country, rules.general.default_department, "", "", category)
	found = rules.group(group)
	return Place(found.country, found.department, found.category, group, category)


def values(place: Place) -> tuple[str | int | None, ...]:
	"""The values of `COLUMNS`; an empty link is NULL."""
	return (*(word or None for word in place), place.number)


def renamed(doctype: str, new: str) -> None:
	"""Numbers the rows anew that name a renamed document: another one may take its old name, and its old number."""
	for column, named in WORDS.items():
		if named == doctype:
			for kept in KEPT_IN:
				number(kept, f"`{column}` = %(new)s", {"new": new})


def number(doctype: str, where: str, given: dict[str, str]) -> None:
	"""Writes the numbers of the places of these rows, worked out by the database as by a Place."""
	words = ", ".join(f"ifnull(`{column}`, '')" for column in WORDS)
	frappe.db.sql(  # nosemgrep: a sum over columns is beyond the query builder; values are parameters
		f"""update `tab{doctype}` set place = conv(left(sha2(concat_ws(%(separator)s, {words}), 256), 15), 16, 10)
			where {where}""",
		{**given, "separator": SEPARATOR},
	)
