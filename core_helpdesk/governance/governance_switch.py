"""Switching governance on for a group, once everything about it is known; and off again.

Neither an install nor an upgrade does: a QA Specialist says it group by group.
"""

import frappe
from frappe import _
from frappe.model.document import Document

from core_helpdesk import at_work, config
from core_helpdesk.domain.errors import ScopesOverlap
from core_helpdesk.domain.escalation import Subject, choose
from core_helpdesk.governance import governed, governed_records
from core_helpdesk.hosts import hd_team
from core_helpdesk.setup import department_heads
from core_helpdesk.setup.roles import QA_SPECIALIST, must_hold

TEAM = "HD Team"


def switch(team: str, *, on: bool) -> None:
	"""Raises: PermissionError for anybody but a QA Specialist; ValidationError with everything that is missing.

	Policy: CORE-02, QA-01
	"""
	must_hold(QA_SPECIALIST, _("switch governance of a group"))
	document = frappe.get_doc(TEAM, team, for_update=True)
	if on:
		check_complete(document)
		put_under(document)
	else:
		release(document)
	text = _("{0} switched governance on.") if on else _("{0} switched governance off.")
	document.add_comment("Info", text.format(frappe.session.user))


def check_complete(team: Document) -> None:
	missing = gaps(team.name)
	if missing:
		rows = "".join(f"<li>{gap}</li>" for gap in missing)
		message = _("The group {0} is not complete yet: {1}").format(
			frappe.bold(team.name), f"<ul>{rows}</ul>"
		)
		frappe.throw(message, title=_("Governed Group"))


def gaps(team: str) -> list[str]:
	"""What a group lacks before it can be governed, in words; none if it is complete.

	Policy: QA-01, QA-02
	"""
	if hd_team.is_hidden(team):
		return [_("A hidden group is kept by the app and cannot be governed.")]
	document = frappe.get_doc(TEAM, team)
	own = [
		_("{0} is not set.").format(_(document.meta.get_label(field)))
		for field in ("ch_category", "ch_department", "ch_country", "ch_purpose")
		if not document.get(field)
	]
	return own + gaps_around(document)


def gaps_around(team: Document) -> list[str]:
	"""What is missing beside the group's own row: a head, members, hours to count with, a policy, its category."""
	place = config.group(team.name)
	head = department_heads.head_of(team.ch_department or "", team.ch_country or "")
	found = {
		_("The department has no head for this country."): bool(head) or not team.ch_department,
		_("The group has no members."): bool(hd_team.members(team.name)),
		_("There is no working calendar for this country."): bool(place.calendar),
		_("The group category is not active."): not team.ch_category or is_active(team.ch_category),
		_("No escalation policy is in force for the group."): has_policy(place),
	}
	return [text for text, is_there in found.items() if not is_there]


def is_active(category: str) -> bool:
	return frappe.db.get_value("Group Category", category, "workflow_state") == "Active"


def has_policy(place: config.Group) -> bool:
	"""Whether some policy, now or from its start, is for the group's tickets."""
	rules = config.site_rules()
	subject = Subject(place.name, place.category, "", place.country)
	moments = {config.now_epoch(), *(scope.from_epoch for scope in rules.scopes)}
	try:
		return any(choose(rules.scopes, subject, at) for at in moments if at >= config.now_epoch())
	except ScopesOverlap:
		return False


def put_under(team: Document) -> None:
	"""Marks a group as governed, and remembers it as it is."""
	if not governed.has_begun():
		governed_records.take_all_standards()
	with at_work.the_app():
		frappe.db.set_value(TEAM, team.name, "ch_governed", 1)
		frappe.clear_document_cache(TEAM, team.name)
		governed_records.take_stored(TEAM, team.name)


def release(team: Document) -> None:
	frappe.db.set_value(TEAM, team.name, "ch_governed", 0)
	frappe.clear_document_cache(TEAM, team.name)
	governed_records.forget(TEAM, team.name)
	if not governed.has_begun():
		governed_records.forget_all_standards()
