"""A group that is not governed, changed directly: allowed, and never without a trace.

Governed groups change by a request; every such change to another one is reported to the QA Specialist.
"""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cstr, get_datetime, now_datetime

from core_helpdesk import at_work, config
from core_helpdesk.escalations import findings
from core_helpdesk.governance import governed
from core_helpdesk.governance.governed_records import plain
from core_helpdesk.setup import groups
from core_helpdesk.setup.group_values import START, as_text
from core_helpdesk.setup.roles import QA_SPECIALIST, holds

TEAM = "HD Team"
CHANGED_DIRECTLY = "Changed Directly"
# What a group is for can be a page long.
LONGEST = 140


def report_made(team: Document) -> None:
	if is_reported(team):
		report(team.name, _("{0} made the group {1}."))


def report_deleted(team: Document) -> None:
	if is_reported(team):
		report(team.name, _("{0} deleted the group {1}."))


def report_renamed(old: str, new: str, *, merge: bool) -> None:
	if is_reported():
		text = _("{0} merged the group {2} into {1}.") if merge else _("{0} renamed the group {2} to {1}.")
		report(new, text, old)


def report_direct_change(team: Document) -> None:
	"""Opens a finding that says who changed what, unless it is the QA Specialist's own change, came by the grid of
	all groups or a file, or is the app carrying out a request.

	Policy: CORE-02, CORE-10
	"""
	before = team.get_doc_before_save()
	if not before or is_known(team):
		return
	changes = [in_words(team, before, field) for field in fields_changed(team, before)]
	changes += members_in_words(team, before) if is_counting() else []
	if changes:
		report(team.name, _("{0} changed the group {1}. {2}"), "; ".join(changes))


def is_reported(team: Document | None = None) -> bool:
	return not is_known(team) and is_counting()


def is_counting() -> bool:
	"""While the app is off, a site is still being set up."""
	return config.mode() != config.OFF


def is_known(team: Document | None = None) -> bool:
	return bool(team and team.flags.ch_governed) or at_work.is_the_app(team) or holds(QA_SPECIALIST)


def fields_changed(team: Document, before: Document) -> list[str]:
	"""What decides on the clocks of a group is reported from the first day on."""
	fields = governed.own_fields(team) if is_counting() else groups.OWN_FIELDS
	return [field for field in fields if plain(team, field) != plain(before, field)]


def members_in_words(team: Document, before: Document) -> list[str]:
	was, is_now = governed.members(before), governed.members(team)
	parts = ((_("joined: {0}"), is_now - was), (_("left: {0}"), was - is_now))
	return [text.format(", ".join(sorted(users))) for text, users in parts if users]


def report(team: str, text: str, more: str = "") -> None:
	findings.report(
		CHANGED_DIRECTLY,
		f"{team}:{now_datetime()}",
		TEAM,
		team,
		text.format(frappe.session.user, team, more),
		_("Ask who changed it why. Keep it and close this finding, or put it back."),
	)


def in_words(team: Document, before: Document, field: str) -> str:
	label, change = _(team.meta.get_label(field), context=team.doctype), _("{0}: from {1} to {2}")
	return change.format(label, short(shown(before, field)), short(shown(team, field)))


def short(text: str) -> str:
	return text[: LONGEST - 1] + "…" if len(text) > LONGEST else text or "–"


def shown(team: Document, field: str) -> str:
	value = team.get(field)
	return as_text(get_datetime(value)) if value and field == START else cstr(value)
