"""The Standard of headquarters, brought to other countries as drafts of requests: never as a change by itself.

Each draft is addressed to the authorised employee for the department and country, else to the head.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import frappe
from frappe import _
from frappe.utils import getdate

from core_helpdesk import config
from core_helpdesk.documents import CLOCKS, hours_of, time_given
from core_helpdesk.domain.parity import HOME
from core_helpdesk.escalations import people
from core_helpdesk.governance import request_kinds as kinds
from core_helpdesk.governance.standard_groups import Standing, approved_on, groups_at, is_off
from core_helpdesk.mail import language, notices
from core_helpdesk.setup.roles import QA_SPECIALIST, holds, must_hold
from core_helpdesk.setup.workflows import DRAFT, WITHDRAWN

if TYPE_CHECKING:
	from collections.abc import Iterable, Iterator

	from frappe.model.document import Document

	from core_helpdesk.domain.groups import EscalationTime
	from core_helpdesk.governance.standard_groups import Place

TEAM, REQUEST, STATE = "HD Team", "Group Request", "Group Request State"
ENDED = ("Implemented", "Rejected", "Withdrawn")


class Wanted(NamedTuple):
	"""A group abroad that is to have the time of one at headquarters, and the app's own draft that asks otherwise."""

	other: Standing
	own: Standing
	draft: str = ""


Lacking = Wanted | Standing
"""A change that a country needs, or a group of headquarters that it has not."""


def wanted_by(policy: str, starts_on: object) -> list[Wanted]:
	"""The changes that other countries need so that their groups follow those which a policy gives their time.

	Policy: QA-05
	"""
	at = max(config.now_epoch(), config.to_epoch(starts_on))
	standing = groups_at(at)
	home = [group for group in standing if group.country == HOME and group.policy == policy]
	abroad = [group for group in standing if group.country != HOME]
	return list(changes_wanted(home, abroad)) if home else []


def changes_wanted(home: Iterable[Standing], abroad: Iterable[Standing]) -> Iterator[Wanted]:
	"""What would bring the groups abroad to the Standard; what people asked for stays theirs."""
	by_place: dict[Place, Standing] = {}
	for group in home:
		by_place.setdefault(group.place, group)
	approved, asked = approved_on(getdate()), {row.team: row for row in open_changes()}
	for other in abroad:
		own, request = by_place.get(other.place), asked.get(other.team)
		if own and is_off(other, own, approved) and (not request or is_outdated(request, own)):
			yield Wanted(other, own, request.name if request else "")


def is_outdated(request: frappe._dict, own: Standing) -> bool:
	return request.prepared and asked_time(request) != own.time


def asked_time(request: frappe._dict) -> EscalationTime | None:
	return time_given(request.escalation_hours, request.clock_kind)


def as_asked(time: EscalationTime | None) -> dict:
	"""A time by the fields of a request."""
	return {"escalation_hours": hours_of(time) or None, "clock_kind": CLOCKS[time.kind] if time else None}


def open_changes() -> list[frappe._dict]:
	"""Every open request for another time; `prepared` are drafts of the app's own that nobody has submitted, listed first."""
	request, stay = frappe.qb.DocType(REQUEST), frappe.qb.DocType(STATE)
	first = (stay.parenttype == REQUEST) & (stay.parent == request.name) & (stay.idx == 1)
	columns = (
		"name",
		"team",
		"workflow_state",
		"escalation_hours",
		"clock_kind",
		"starts_on",
		"requested_by",
	)
	query = frappe.qb.from_(request).left_join(stay).on(first)
	query = query.select(*(request[name] for name in columns), request.modified, stay.note)
	is_open = (request.kind == kinds.CHANGE_ESCALATION) & request.workflow_state.notin(ENDED)
	rows = query.where(is_open).orderby(request.modified).run(as_dict=True)
	for row in rows:
		row.prepared = row.workflow_state == DRAFT and bool(row.note)
	return sorted(rows, key=lambda row: not row.prepared)


def prepared() -> list[frappe._dict]:
	return [row for row in open_changes() if row.prepared]


def lacking(country: str, department: str = "") -> list[Lacking]:
	"""What a country lacks of the Standard, and nobody has asked for: times that are another, groups that it has not.

	Raises: PermissionError for anybody but a QA Specialist; ValidationError for headquarters' own country.
	Policy: QA-06
	"""
	must_hold(QA_SPECIALIST, _("copy the standard to a country"))
	if not frappe.db.exists("Country", country) or country == HOME:
		frappe.throw(_("Choose a country other than that of headquarters."), title=_("Copy the Standard"))
	standing = groups_at(config.now_epoch())
	home = [group for group in standing if is_of(group, HOME, department)]
	there = [group for group in standing if is_of(group, country, department)]
	present = {group.place for group in there}
	asked = groups_asked_for()
	new = (own for own in home if own.place not in present and name_abroad(own, country) not in asked)
	return [*changes_wanted(home, there), *new]


def groups_asked_for() -> set[str]:
	open_requests = {"kind": kinds.NEW_GROUP, "workflow_state": ("not in", ENDED)}
	return set(frappe.get_all(REQUEST, open_requests, pluck="team_name"))


def name_abroad(own: Standing, country: str) -> str:
	return f"{own.team} {country}"[:140]


def draft_of(one: Lacking, country: str) -> str | None:
	return draft_change(one, None) if isinstance(one, Wanted) else draft_group(one, country)


def is_of(group: Standing, country: str, department: str) -> bool:
	return group.country == country and department in ("", group.place.department)


def draft_change(wanted: Wanted, starts_on: object) -> str | None:
	other, own = wanted.other, wanted.own
	time = {**as_asked(own.time), "starts_on": starts_on}
	reason = _("The Standard of {0} is {1} hours at headquarters: {2}")
	facts = (own.place.category, f"{hours_of(own.time):g}", own.team)
	if wanted.draft:
		return bring_up_to_date(wanted.draft, time, reason, facts)
	values = {"kind": kinds.CHANGE_ESCALATION, "team": other.team, **time}
	return draft(values, other.place.department, other.country, reason, facts)


def bring_up_to_date(name: str, time: dict, reason: str, facts: tuple) -> str | None:
	"""Gives a draft of the app's own that nobody has submitted yet the newer time; what people asked for stays theirs."""
	request = frappe.get_doc(REQUEST, name, for_update=True)
	if not is_prepared(request):
		return None
	with language.speaking(language.language_of(request.requested_by)):
		request.update({**time, "work_reason": _(reason).format(*facts)})
	request.flags.ch_engine = True
	request.save(ignore_permissions=True)  # prepared by the app for somebody else
	return name


def is_prepared(request: Document) -> bool:
	"""Whether this is a draft of the app's own that nobody has submitted."""
	return request.workflow_state == DRAFT and bool(request.states[0].note)


def needless_at(at: int) -> list[str]:
	"""The drafts of times that are not headquarters' any more, as after an undone change.

	Units: `at` is seconds since the epoch.
	Policy: QA-05
	"""
	standing_at = cache(groups_at)
	return [row.name for row in prepared() if is_needless(row, standing_at(begins(row, at)))]


def begins(request: frappe._dict, at: int) -> int:
	return max(at, config.to_epoch(request.starts_on))


def is_needless(request: frappe._dict, standing: list[Standing]) -> bool:
	"""Whether no group at headquarters has the time that a draft asks for, when it would begin."""
	place = next((group.place for group in standing if group.team == request.team), None)
	home = (group for group in standing if group.country == HOME and group.place == place)
	return asked_time(request) not in [group.time for group in home]


def take_back(name: str) -> None:
	"""Withdraws a draft, unless somebody has made it theirs in the meantime."""
	request = frappe.get_doc(REQUEST, name, for_update=True)
	if not is_prepared(request):
		return
	with language.speaking(language.language_of(request.requested_by)):
		reason = _("Headquarters have another time again.")
	request.update({"workflow_state": WITHDRAWN, "decision_reason": reason})
	request.flags.ch_engine = True
	request.save(ignore_permissions=True)  # prepared by the app for somebody else


def draft_group(own: Standing, country: str) -> str:
	team = frappe.get_cached_doc(TEAM, own.team)
	values = {
		"kind": kinds.NEW_GROUP,
		"team_name": name_abroad(own, country),
		"purpose": team.get("ch_purpose"),
		"escalation_process": team.get("ch_process"),
		"group_category": own.place.category,
		"ticket_type": own.place.ticket_type or None,
		**as_asked(own.time),
		"head": people_of(own.place.department, country)[0] or None,
	}
	return draft(values, own.place.department, country, "", ())


def draft(values: dict, department: str, country: str, reason: str, facts: tuple) -> str:
	"""Writes a draft that is its addressee's: who prepares it is not who asks."""
	_head, addressee = people_of(department, country)
	with language.speaking(language.language_of(addressee)):
		why = _(reason).format(*facts) if reason else None
		note = _("Prepared from the Standard.")
	request = frappe.new_doc(REQUEST)
	request.update({**values, "department": department, "country": country, "work_reason": why})
	request.requested_by = addressee
	request.flags.ch_engine = True
	request.flags.ignore_mandatory = True
	request.insert(ignore_permissions=True)  # prepared by the app for somebody else
	frappe.db.set_value(REQUEST, request.name, "owner", addressee, update_modified=False)
	request.states[0].db_set("note", note, update_modified=False)
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
	return head, head or a_specialist()


def a_specialist() -> str:
	"""Who stands in where nobody is in charge: the QA Specialist at work, else the first one."""
	user = frappe.session.user
	if holds(QA_SPECIALIST, user):
		return user
	return next((person.user for person in people.qa_specialists()), user)


def can_work_on_requests(user: str) -> bool:
	is_enabled = frappe.db.get_value("User", user, "enabled")
	return bool(is_enabled and frappe.has_permission(REQUEST, "write", user=user))


def tell(drafts: Iterable[str | None]) -> list[str]:
	"""Each addressee hears once of all drafts that are theirs; returns the drafts."""
	names = [name for name in drafts if name]
	rows = frappe.get_all(REQUEST, {"name": ("in", names or [""])}, ["name", "requested_by"], order_by="name")
	by_person: dict[str, list[str]] = {}
	for row in rows:
		by_person.setdefault(row.requested_by, []).append(row.name)
	for user, own in by_person.items():
		with language.speaking(language.language_of(user)):
			text = _("Drafts that bring your groups to the Standard wait for you: {0}").format(len(own))
			notices.insert(user, text, REQUEST, own[0])
	return names
