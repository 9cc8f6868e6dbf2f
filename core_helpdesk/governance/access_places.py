"""Where people belong: the departments and groups they head, read or work in, hidden groups left out.

Controlling roles are for Customer Service at headquarters: whoever belongs abroad only is to be looked at.
Policy: CORE-11
"""

from __future__ import annotations

from typing import NamedTuple

import frappe

from core_helpdesk.domain.parity import HOME
from core_helpdesk.hosts import hd_team


class Place(NamedTuple):
	"""A department in one country; in all countries where that is empty."""

	department: str
	country: str

	@property
	def is_abroad(self) -> bool:
		return self.country not in ("", HOME)


def places() -> dict[str, tuple[Place, ...]]:
	"""The places of each person who has any, in order."""
	found: dict[str, set[Place]] = {}
	for user, place in (*_of_departments(), *_of_groups()):
		if user:
			found.setdefault(user, set()).add(place)
	return {user: tuple(sorted(own)) for user, own in found.items()}


def are_abroad(own: tuple[Place, ...]) -> bool:
	"""Whether somebody belongs abroad, and nowhere at headquarters; of who belongs nowhere nothing is known."""
	return bool(own) and all(place.is_abroad for place in own)


def _of_departments() -> list[tuple[str, Place]]:
	found = []
	for doctype, people in (("Department Head", ("head", "deputy")), ("Department Reader", ("user",))):
		for row in frappe.get_all(
			doctype, {"parenttype": "Core Department"}, ["parent", "country", "all_countries", *people]
		):
			place = Place(row.parent, "" if row.all_countries else row.country or "")
			found += [(row[person], place) for person in people]
	return found


def _of_groups() -> list[tuple[str, Place]]:
	groups = frappe.get_all(
		hd_team.TEAM,
		{"name": ("not in", hd_team.hidden_teams() or ("",))},
		["name", "ch_department", "ch_country"],
	)
	known = {row.name: Place(row.ch_department or "", row.ch_country or "") for row in groups}
	members = frappe.get_all(hd_team.MEMBER, {"parenttype": hd_team.TEAM}, ["parent", "user"])
	return [(row.user, known[row.parent]) for row in members if any(known.get(row.parent, ()))]
