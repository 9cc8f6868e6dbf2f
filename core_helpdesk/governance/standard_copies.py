"""The Standard of headquarters, brought to other countries as drafts of requests: never as a change by itself.

Each draft is addressed to the authorised employee for the department and country, else to the head.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import frappe
from frappe import _
from frappe.utils import getdate

from core_helpdesk import config
from core_helpdesk.domain.parity import HOME
from core_helpdesk.escalations import people
from core_helpdesk.governance import deviations
from core_helpdesk.governance import request_kinds as kinds
from core_helpdesk.hosts import group_stages, hd_team
from core_helpdesk.mail import language, notices
from core_helpdesk.setup.roles import QA_SPECIALIST, must_hold
from core_helpdesk.setup.workflow_states import ACTIVE

if TYPE_CHECKING:
	from collections.abc import Iterable

	from frappe.model.document import Document

TEAM, REQUEST = "HD Team", "Group Request"
ENDED = ("Implemented", "Rejected", "Withdrawn")


class Place(NamedTuple):
	"""What has one Standard in every country: a department, a category of groups, and a ticket category or all."""

	department: str
	category: str
	ticket_type: str


class Standing(NamedTuple):
	"""A group with its place, its country, and its Escalation Time in hours of a clock."""

	team: str
	place: Place
	country: str
	hours: float
	clock_kind: str

	@property
	def time(self) -> tuple[float, str]:
		return self.hours, self.clock_kind


def follow_headquarters(policy: Document) -> list[str]:
	"""Drafts the same change for every other country when a policy gives groups at headquarters their time.

	Policy: QA-05
	"""
	before = policy.get_doc_before_save()
	if policy.workflow_state != ACTIVE or not before or before.workflow_state == ACTIVE:
		return []
	at = config.to_epoch(policy.starts_on)
	standing = groups_at(at)
	home = [group for group in standing if group.country == HOME and policy_of(group, at) == policy.name]
	abroad = [group for group in standing if group.country != HOME]
	drafts = [
		draft_change(other, own, policy.starts_on)
		for own in home
		for other in abroad
		if other.place == own.place and is_off(other, own)
	]
	return tell(filter(None, drafts))


def copy_to_country(country: str, department: str = "") -> list[str]:
	"""Drafts what a country lacks of the Standard: groups that it does not have, times that are not the Standard's.

	Raises: PermissionError for anybody but a QA Specialist; ValidationError for headquarters' own country.
	Policy: QA-06
	"""
	must_hold(QA_SPECIALIST, _("copy the standard to a country"))
	if not frappe.db.exists("Country", country) or country == HOME:
		frappe.throw(_("Choose a country other than that of headquarters."), title=_("Copy the Standard"))
	standing = groups_at(config.now_epoch())
	home = [group for group in standing if is_of(group, HOME, department)]
	there = [group for group in standing if is_of(group, country, department)]
	return tell(filter(None, (draft_copy(own, there, country) for own in home)))


def is_of(group: Standing, country: str, department: str) -> bool:
	return group.country == country and department in ("", group.place.department)


def draft_copy(own: Standing, there: list[Standing], country: str) -> str | None:
	counterpart = next((other for other in there if other.place == own.place), None)
	if counterpart:
		return draft_change(counterpart, own, None) if is_off(counterpart, own) else None
	return draft_group(own, country)


def groups_at(at: int) -> list[Standing]:
	"""Every group that takes tickets and has a department, a category and a country, as it stands at a moment."""
	rules = config.site_rules()
	closed = {team for team, stage in group_stages.closed_groups().items() if stage == group_stages.RETIRED}
	rows = frappe.get_all(TEAM, fields=["name", "ch_ticket_type"], order_by="name")
	hidden = set(hd_team.hidden_teams())
	found = []
	for row in rows:
		group = rules.group(row.name)
		if (
			row.name in closed
			or row.name in hidden
			or not (group.department and group.category and group.country)
		):
			continue
		place = Place(group.department, group.category, row.ch_ticket_type or "")
		time = deviations.time_of(rules, row.name, at) or (0.0, "")
		found.append(Standing(row.name, place, group.country, *time))
	return found


def policy_of(group: Standing, at: int) -> str:
	return deviations.policy_for(config.site_rules(), group.team, at)


def is_off(other: Standing, own: Standing) -> bool:
	"""Whether a group abroad has another time than headquarters, and no approved deviation allows it."""
	if not own.hours or other.time == own.time:
		return False
	return not deviations.covers(other.team, other.hours, other.clock_kind, getdate())


def draft_change(other: Standing, own: Standing, starts_on: object) -> str | None:
	if has_open_request({"kind": kinds.CHANGE_ESCALATION, "team": other.team}):
		return None
	values = {
		"kind": kinds.CHANGE_ESCALATION,
		"team": other.team,
		"escalation_hours": own.hours,
		"clock_kind": own.clock_kind,
		"starts_on": starts_on,
	}
	reason = _("The Standard of {0} is {1} hours at headquarters: {2}")
	return draft(
		values, other.place.department, other.country, reason, (own.place.category, own.hours, own.team)
	)


def draft_group(own: Standing, country: str) -> str | None:
	name = f"{own.team} {country}"[:140]
	if has_open_request({"kind": kinds.NEW_GROUP, "team_name": name}):
		return None
	team = frappe.get_cached_doc(TEAM, own.team)
	values = {
		"kind": kinds.NEW_GROUP,
		"team_name": name,
		"purpose": team.get("ch_purpose"),
		"escalation_process": team.get("ch_process"),
		"group_category": own.place.category,
		"ticket_type": own.place.ticket_type or None,
		"escalation_hours": own.hours or None,
		"clock_kind": own.clock_kind or None,
		"head": people_of(own.place.department, country)[0] or None,
	}
	return draft(values, own.place.department, country, "", ())


def has_open_request(wanted: dict) -> bool:
	return bool(frappe.db.exists(REQUEST, {**wanted, "workflow_state": ("not in", ENDED)}))


def draft(values: dict, department: str, country: str, reason: str, facts: tuple) -> str:
	"""Writes a draft that is its addressee's: who prepares it is not who asks."""
	_head, addressee = people_of(department, country)
	with language.speaking(language.language_of(addressee)):
		why = _(reason).format(*facts) if reason else None
	request = frappe.new_doc(REQUEST)
	request.update({**values, "department": department, "country": country, "work_reason": why})
	request.requested_by = addressee
	request.flags.ch_engine = True
	request.flags.ignore_mandatory = True
	request.insert(ignore_permissions=True)  # prepared by the app for somebody else
	frappe.db.set_value(REQUEST, request.name, "owner", addressee, update_modified=False)
	return request.name


def people_of(department: str, country: str) -> tuple[str, str]:
	"""The head of a department in a country, and who is in charge of its groups there.

	Policy: QA-06
	"""
	acting = people.head_of(department, country, getdate())
	head = acting.people[0].user if acting.people else ""
	row = {"parenttype": "Core Department", "parent": department, "country": country}
	employee = frappe.db.get_value("Department Head", row, "authorised_employee")
	if employee and can_work_on_requests(employee):
		return head, employee
	return head, head or frappe.session.user


def can_work_on_requests(user: str) -> bool:
	is_enabled = frappe.db.get_value("User", user, "enabled")
	return bool(is_enabled and frappe.has_permission(REQUEST, "write", user=user))


def tell(drafts: Iterable[str]) -> list[str]:
	"""Each addressee hears once of all drafts that are theirs; returns the drafts."""
	names = list(drafts)
	by_person: dict[str, list[str]] = {}
	for name in names:
		by_person.setdefault(frappe.db.get_value(REQUEST, name, "requested_by"), []).append(name)
	for user, own in by_person.items():
		with language.speaking(language.language_of(user)):
			text = _("Drafts that bring your groups to the Standard wait for you: {0}").format(len(own))
			notices.insert(user, text, REQUEST, own[0])
	return names
