"""Switching governance on for groups, once everything about them is known; and off again.

Neither an install nor an upgrade does: a QA Specialist says it, for one group or for several at once.
"""

from collections.abc import Sequence

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import escape_html

from core_helpdesk import at_work
from core_helpdesk.escalations import tables
from core_helpdesk.governance import governed, group_roll, records_at_once
from core_helpdesk.governance.governance_gaps import gaps_of, surroundings
from core_helpdesk.setup.roles import QA_SPECIALIST, must_hold
from core_helpdesk.setup.workflow_states import ACTIVE

TEAM = "HD Team"
# A longer refusal is read by nobody.
SHOWN = 10


def switch(team: str, *, on: bool) -> None:
	switch_all([team], on=on)


def switch_all(teams: Sequence[str], *, on: bool) -> int:
	"""Switches governance of these groups, or of none of them; returns how many were not so before.

	Raises: PermissionError for anybody but a QA Specialist; ValidationError with everything that is missing.
	Policy: CORE-02, QA-01
	"""
	must_hold(QA_SPECIALIST, _("switch governance of a group"))
	concerned = standing_otherwise(sorted(set(teams)), on=on)
	if on:
		check_complete(concerned)
		put_all_under(concerned)
	else:
		release_all(concerned)
	text = _("{0} switched governance on.") if on else _("{0} switched governance off.")
	comment_on([document.name for document in concerned], text.format(frappe.session.user))
	return len(concerned)


def standing_otherwise(teams: Sequence[str], *, on: bool) -> list[Document]:
	"""By their mark or by what is known of them: the mark may have been changed past the app.

	Raises: DoesNotExistError for a group that there is not.
	"""
	documents = records_at_once.stored(TEAM, teams, for_update=True)
	for team in set(teams) - {document.name for document in documents}:
		frappe.get_doc(TEAM, team)
	known = records_at_once.known_texts(TEAM, teams)
	return [
		document
		for document in documents
		if {bool(document.get("ch_governed")), document.name in known} != {on}
	]


def check_complete(teams: Sequence[Document]) -> None:
	around = surroundings()
	around.rules.take_groups(teams)
	messages = [not_complete(team.name, missing) for team in teams if (missing := gaps_of(team, around))]
	if messages:
		more = len(messages) - SHOWN
		rest = [_("and {0} more").format(more)] if more > 0 else []
		frappe.throw("<br>".join(messages[:SHOWN] + rest), title=_("Governed Group"))


def not_complete(team: str, missing: list[str]) -> str:
	rows = "".join(f"<li>{gap}</li>" for gap in missing)
	message = _("The group {0} is not complete yet: {1}")
	return message.format(frappe.bold(escape_html(team)), f"<ul>{rows}</ul>")


def is_active(category: str) -> bool:
	return frappe.db.get_value("Group Category", category, "workflow_state") == ACTIVE


def put_under(team: Document) -> None:
	"""Marks a group as governed, and remembers it as it is."""
	put_all_under([team])


def put_all_under(teams: Sequence[Document]) -> None:
	if not governed.has_begun():
		records_at_once.take_all_standards()
		group_roll.begin()
	with at_work.the_app():
		mark(teams, 1)
		records_at_once.take(teams)


def release_all(teams: Sequence[Document]) -> None:
	mark(teams, 0)
	group_roll.put_back([team.name for team in teams])


def mark(teams: Sequence[Document], value: int) -> None:
	for team in teams:
		team.ch_governed = value
	frappe.db.set_value(TEAM, {"name": ("in", [team.name for team in teams] or [""])}, "ch_governed", value)
	for team in teams:
		frappe.clear_document_cache(TEAM, team.name)


def comment_on(teams: Sequence[str], text: str) -> None:
	"""Says it in the timeline of each group."""
	columns = ("name", "comment_type", "comment_email", "reference_doctype", "reference_name", "content")
	rows = [
		(name, "Info", frappe.session.user, TEAM, team, text)
		for name, team in zip(tables.new_names(len(teams)), teams, strict=True)
	]
	tables.insert("Comment", columns, rows)
