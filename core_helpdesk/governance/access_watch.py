"""Access that the policy does not give: one finding for each way that somebody has it, ended or accepted with a reason.

Looked for every day, and as soon as somebody is given more roles.
Policy: CORE-11, QA-04
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _

from core_helpdesk.escalations import findings, people
from core_helpdesk.governance import access_control as control
from core_helpdesk.governance import access_objects as objects
from core_helpdesk.governance import access_rights
from core_helpdesk.mail import language, notices
from core_helpdesk.setup.roles import CUSTOMER_SERVICE_MANAGER, QA_SPECIALIST

if TYPE_CHECKING:
	from frappe.model.document import Document

	from core_helpdesk.governance.access_control import Access

KIND = control.FINDING
# The host lets every agent change groups: that is one thing to mend, not one for each of them.
OF_EVERY_AGENT = ("Agent", objects.GROUPS)
GIVES_CONTROL = (QA_SPECIALIST, CUSTOMER_SERVICE_MANAGER)


def watch() -> list[str]:
	"""Reports who has access that is to be looked at, once, and closes what has ended; returns the new findings' keys.

	Policy: QA-04
	"""
	found = control.accesses()
	present = {access.key: access for access in found if is_reported(access)}
	was_open = {row.subject_key for row in findings.open_of([KIND])}
	for key in was_open - present.keys():
		findings.close(KIND, key)
	new = [access for key, access in present.items() if key not in was_open]
	for access in new:
		report(access)
	tell_of(new)
	tell_of_holders([access for access in found if is_new_holder(access)])
	return [access.key for access in new]


def is_reported(access: Access) -> bool:
	return access.verdict == control.LOOK and (access.through, access.what) != OF_EVERY_AGENT


def report(access: Access) -> None:
	text = _("{0} can change {1} through: {2}.")
	who = access.full_name or _("Everybody")
	details = text.format(who, _(access.what), _(access.through))
	remedy = _("Take the access away, or write why it is accepted and close this finding.")
	reference = ("User", access.user) if access.user else ("", "")
	findings.report(KIND, access.key, *reference, details, remedy)


def tell_of(new: list[Access]) -> None:
	"""Tells the QA Specialists: of one way by name, of several by their number."""
	if not new:
		return
	first = frappe.db.get_value(findings.DOCTYPE, {"kind": KIND, "subject_key": new[0].key, "state": "Open"})
	for specialist in people.qa_specialists():
		with language.speaking(language.language_of(specialist.user)):
			text = _("{0} can change {1}: the policy does not give them that.").format(
				new[0].full_name or _("Everybody"), _(new[0].what)
			)
			if len(new) > 1:
				text = _("{0} ways to change groups or escalation are to be looked at.").format(len(new))
			notices.insert(specialist.user, text, findings.DOCTYPE, first)


def is_new_holder(access: Access) -> bool:
	"""Whether somebody was given a controlling role in the last days: the policy means few to have it."""
	return (
		access.kind == control.BY_ROLE
		and access.what == objects.DECISIONS
		and access.through in GIVES_CONTROL
		and bool(access.since)
		and access.since > frappe.utils.add_days(frappe.utils.now_datetime(), -control.NEW_FOR_DAYS)
	)


def tell_of_holders(holders: list[Access]) -> None:
	"""Tells each QA Specialist once who holds a controlling role since lately.

	Policy: CORE-11
	"""
	for specialist in people.qa_specialists():
		for access in holders:
			if access.user != specialist.user and not was_told(specialist.user, access):
				with language.speaking(language.language_of(specialist.user)):
					text = _("{0} was given the role {1}.").format(access.full_name, _(access.through))
					notices.insert(specialist.user, text, "User", access.user)


def was_told(user: str, access: Access) -> bool:
	told = {"for_user": user, "document_type": "User", "document_name": access.user}
	return bool(frappe.db.exists(notices.DOCTYPE, {**told, "creation": (">=", access.since)}))


def check_reason(finding: Document) -> None:
	"""Access that still is there is closed by accepting it, and that needs a reason.

	Raises: ValidationError
	Policy: QA-04
	"""
	is_closed = finding.has_value_changed("state") and finding.state == "Closed"
	if finding.kind != KIND or not is_closed or (finding.accepted_because or "").strip():
		return
	if finding.subject_key in {access.key for access in control.accesses() if is_reported(access)}:
		message = _("The access is still there: take it away, or write why it is accepted.")
		frappe.throw(message, title=_("Reason Missing"))


def gained_roles(user: Document) -> set[str]:
	"""The roles that a saved user has more than before."""
	before = user.get_doc_before_save()
	known = {row.role for row in before.roles} if before else set()
	return {row.role for row in user.roles} - known


def gives_control(roles: set[str]) -> bool:
	"""Whether one of these roles opens anything that is controlled; what every agent may counts for nothing."""
	if not roles - {OF_EVERY_AGENT[0]}:
		return False
	rights = access_rights.rights(own.doctype for own in objects.CONTROLLED if own.is_by_rights)
	places = {(own.doctype, own.level) for own in objects.CONTROLLED if own.is_by_rights}
	opening = {right.role for place in places for right in rights.get(place, ())}
	opening.update(role for own in objects.CONTROLLED for role in own.app_roles)
	return bool((roles - {OF_EVERY_AGENT[0]}) & opening)
