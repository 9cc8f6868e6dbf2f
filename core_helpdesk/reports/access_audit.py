"""The report Access Audit: who can change groups and escalation, through what, since when, last used, and as meant or not.

Policy: CORE-11, QA-04
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import frappe
from frappe import _

from core_helpdesk import shown
from core_helpdesk.governance import access_control as control
from core_helpdesk.governance import access_objects as objects
from core_helpdesk.governance import requests
from core_helpdesk.governance.access_people import EVERYBODY
from core_helpdesk.permissions import concealed_from
from core_helpdesk.reports import conflict_wording, readers
from core_helpdesk.reports.answer import MOMENT, Answer, Column, Row, column, figure
from core_helpdesk.reports.names import Names
from core_helpdesk.setup.roles import QA_SPECIALIST

if TYPE_CHECKING:
	from core_helpdesk.governance.access_control import Access

REPORT = "Access Audit"
FILTERS = ("user", "what", "verdict", "kind")
ORDER = (control.LOOK, control.ACCEPTED, control.REFUSED, control.BY_POLICY)
TONES = {control.LOOK: "red", control.ACCEPTED: "blue", control.REFUSED: "gray", control.BY_POLICY: "green"}


def run(filters: dict[str, Any] | None) -> Answer:
	"""Raises: PermissionError for anybody but QA Specialists, the Customer Service Manager and System Managers.

	Policy: CORE-11, QA-04, TSM-12
	"""
	if not may_read():
		readers.refuse()
	concealed = frozenset(concealed_from())
	wanted = readers.chosen_of(filters, *FILTERS)
	found = [
		access
		for access in control.accesses()
		if is_for_reader(access, concealed)
		and all(getattr(access, name) == value for name, value in wanted.items())
	]
	found.sort(key=lambda access: (ORDER.index(access.verdict), access.user, access.what, access.through))
	names = Names()
	rows = [row_of(access, concealed, names) for access in found]
	return Answer(columns(), rows, message_of(rows), summary=summary_of(found))


def may_read() -> bool:
	user = frappe.session.user
	return bool({QA_SPECIALIST, "System Manager"}.intersection(frappe.get_roles())) or requests.is_manager(
		user
	)


def is_for_reader(access: Access, concealed: frozenset[str]) -> bool:
	"""A hidden group that does not exist for the reader has no members to be changed, either."""
	return access.what != objects.HIDDEN_GROUP or not concealed.intersection(control.hidden_groups())


def columns() -> list[Column]:
	return [
		column("verdict", _("Judgement"), width=150),
		column("person", _("Person"), width=160),
		column("what", _("Can Change"), width=235),
		column("through", _("Through"), width=200),
		column("kind", _("By"), width=110),
		column("since", _("Since"), kind=MOMENT, width=185),
		column("last_used", _("Last Used"), kind=MOMENT, width=185),
		column("actions", _("In Which Way"), width=180),
		column("user", _("User", context="Access Audit"), width=220),
		column("places", _("Belongs To"), width=240),
		column("key", _("API Key"), width=120),
		column("limited_to", _("Limited To"), width=150),
		column("reason", _("Accepted Because"), width=220),
	]


def row_of(access: Access, concealed: frozenset[str], names: Names) -> Row:
	return {
		"verdict": _(access.verdict, context=REPORT),
		"person": access.full_name or _("Everybody"),
		"user": access.user,
		"what": _(access.what),
		"actions": actions_in_words(access),
		"kind": _(access.kind, context=REPORT),
		"through": through(access, concealed),
		"limited_to": shown.listed(name for name in access.limited_to if name not in concealed),
		"since": access.since,
		"last_used": access.last_used,
		"places": conflict_wording.some([names.place(*place) for place in access.places]),
		"key": _("has an API key") if access.has_key else "",
		"reason": access.reason,
		"links": {"user": ["User", access.user], "person": ["User", access.user]},
		"tones": {"verdict": TONES[access.verdict]},
	}


def actions_in_words(access: Access) -> str:
	words = {
		"create": _("make", context="Access Audit"),
		"write": _("change", context="Access Audit"),
		"delete": _("delete", context="Access Audit"),
	}
	text = shown.listed(word for action, word in words.items() if action in access.actions)
	return _("{0} (own documents)").format(text) if access.own_only else text


def through(access: Access, concealed: frozenset[str]) -> str:
	if access.kind == control.BY_ACCOUNT:
		return _("the site's own account")
	if access.kind == control.BY_SHARE:
		return _("a group") if access.through in concealed else access.through
	role = _(access.through)
	if access.through in EVERYBODY:
		return _("{0} (nobody is given this role, everybody has it)").format(role)
	return _("{0}, by the role profile {1}").format(role, access.profile) if access.profile else role


def message_of(rows: list[Row]) -> str:
	if not rows:
		return _("Nobody has such access.")
	return _(
		"Disabled users are left out. Whoever is to be looked at has control that the policy does not give them: take it away, or accept it with a reason."
	)


def summary_of(found: list[Access]) -> list[dict[str, Any]]:
	if not found:
		return []
	people = {verdict: {own.user for own in found if own.verdict == verdict} for verdict in ORDER}
	to_look = len(people[control.LOOK])
	return [
		figure(len({own.user for own in found}), _("People with Access")),
		figure(to_look, _("To Be Looked At", context="Access Audit"), "red" if to_look else "green"),
		figure(len({own.user for own in found if own.has_key}), _("With an API Key")),
	]
