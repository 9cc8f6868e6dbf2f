"""What the set-up lacks for an escalation to reach its people, and where a person mends it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from frappe import _

from core_helpdesk import config
from core_helpdesk.escalations import findings, people
from core_helpdesk.shown import country

if TYPE_CHECKING:
	import frappe

SETTINGS = "Core Helpdesk Settings"


class Place(NamedTuple):
	"""The document that lacks something, and what to do there."""

	doctype: str
	name: str
	remedy: str


def report(gap: str, escalation: frappe._dict) -> None:
	"""One open finding per gap and place, however many escalations meet it."""
	place = _place(gap, escalation)
	key = f"{place.doctype}:{place.name}:{escalation.country or ''}" if gap == people.NO_HEAD else gap
	details = _("Met when ticket {0} of the group {1} was escalated. Department: {2}, country: {3}.")
	findings.report(
		gap,
		key,
		place.doctype,
		place.name,
		details.format(
			escalation.reference_name,
			escalation.team or "",
			escalation.department or "–",
			country(escalation.country) or "–",
		),
		place.remedy,
	)


def _place(gap: str, escalation: frappe._dict) -> Place:
	if gap == people.NO_HEAD and escalation.department:
		return Place("Core Department", escalation.department, _("Name a head for the country, or a deputy."))
	if gap == people.NO_HEAD:
		return Place("HD Team", escalation.team or "", _("Give the group a department with a head."))
	if gap == people.NO_TSM_MEMBER:
		remedy = _("Add members to the group Ticketing System Management.")
		return Place("HD Team", config.settings().tsm_team, remedy)
	if gap == people.NO_GENERAL_MANAGER:
		return Place(SETTINGS, SETTINGS, _("Name the General Manager, or a deputy, who is an enabled user."))
	return Place(
		SETTINGS, SETTINGS, _("Name the Customer Service Manager, or a deputy, who is an enabled user.")
	)
