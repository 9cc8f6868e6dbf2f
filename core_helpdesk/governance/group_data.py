"""What governs a group, changed on the group itself: allowed, and never without a trace.

Until changes to groups have a procedure of their own, such a change is reported to the QA Specialist.
"""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime

from core_helpdesk.escalations import findings
from core_helpdesk.setup import groups
from core_helpdesk.setup.group_values import START, as_text
from core_helpdesk.setup.roles import QA_SPECIALIST, holds

CHANGED_DIRECTLY = "Changed Directly"


def report_direct_change(team: Document) -> None:
	"""Opens a finding that says who changed what, unless it is the QA Specialist's own change or came by the grid of
	all groups or a file.

	Policy: CORE-02, CORE-10
	"""
	before = team.get_doc_before_save()
	if not before or team.flags.ch_governed or holds(QA_SPECIALIST):
		return
	changed = [field for field in groups.OWN_FIELDS if shown(team, field) != shown(before, field)]
	if not changed:
		return
	changes = "; ".join(in_words(team, before, field) for field in changed)
	findings.report(
		CHANGED_DIRECTLY,
		f"{team.name}:{team.modified}",
		team.doctype,
		team.name,
		_("{0} changed the group {1}. {2}").format(frappe.session.user, team.name, changes),
		_("Ask who changed it why. Keep it and close this finding, or put it back in Groups at Once."),
	)


def in_words(team: Document, before: Document, field: str) -> str:
	label, change = _(team.meta.get_label(field)), _("{0}: from {1} to {2}")
	return change.format(label, shown(before, field) or "–", shown(team, field) or "–")


def shown(team: Document, field: str) -> str:
	value = team.get(field)
	return as_text(get_datetime(value) if value and field == START else value)
