"""What a printed Monthly Report says: what its reader may see, in the language of the print.

Policy: QA-12, QA-M1, TSM-13, TSM-M2
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import cstr, formatdate

from core_helpdesk import config, shown
from core_helpdesk.mail import language
from core_helpdesk.monthly import actions, acts, reading, steps, summary
from core_helpdesk.reports.names import Names
from core_helpdesk.setup import monthly_workflow as flow
from core_helpdesk.stored_text import as_written

if TYPE_CHECKING:
	from frappe.model.document import Document

NOT_YET = "—"
COLORS = {"red": "#b91c1c", "green": "#15803d", "": "#111827"}


def monthly_report(name: str) -> dict[str, Any]:
	"""The words of a stored report; its print format calls it by this name.

	Raises: DoesNotExistError, PermissionError
	Policy: QA-12, TSM-13, TSM-M2
	"""
	# The framework's queue of mails prints as Administrator, whoever asked: that would be all departments' figures.
	if frappe.session.user in frappe.STANDARD_USERS:
		frappe.throw(
			_("A monthly report is printed by its readers, and mailed by its own steps alone."),
			frappe.PermissionError,
		)
	document = frappe.get_doc(acts.DOCTYPE, cstr(name))
	view = reading.view(document)
	spoken = frappe.local.lang or "en"
	direction = language.direction(spoken)
	return {
		**view,
		"language": spoken,
		"direction": direction,
		"start": "right" if direction == "rtl" else "left",
		"end": "left" if direction == "rtl" else "right",
		"state": _("State: {0}").format(steps.in_words(steps.state_of(document))),
		"comment_title": _("Comment", context="Monthly Report"),
		"comment": shown.numbers_kept(as_written(document.comment)).splitlines(),
		"heads": heads(has_corrections=view["has_corrections"]),
		"others_title": _("Further Figures"),
		"colors": COLORS,
		"outcomes_title": _("Discussed With the Departments"),
		"outcome_heads": (
			_("Department", context="Core Helpdesk"),
			_("Outcome of the Discussion"),
			_("Discussed On"),
			_("Entered By"),
		),
		"outcomes": summary.outcomes(document),
		**action_words(document),
		"signatures": signatures(document),
		"footer": (
			_("A ticket counts for the group that has it. Hours are by the clock."),
			_("Made on {0}: these figures stand.").format(shown.day(document.made_on)),
			_("Printed on {0}").format(shown.isolated(formatdate(config.from_epoch(config.now_epoch())))),
		),
	}


def heads(*, has_corrections: bool) -> tuple[str, ...]:
	"""The heads of the first table."""
	found = (_("Figure"), _("This Month"), _("Month Before"), _("Change"), _("Goal"))
	return (*found, _("Correction")) if has_corrections else found


def action_words(document: Document) -> dict[str, Any]:
	"""The corrective actions that stand on a report, with their effect, as its print has them."""
	return {
		"actions_title": _("Corrective Actions"),
		"action_heads": (
			_("What Is to Be Done"),
			_("Responsible"),
			_("Due On"),
			_("State", context="Corrective Action"),
			_("Effect", context="Corrective Action"),
		),
		"actions": actions.of(document),
		"effect_in_words": actions.effect_in_words,
		"overdue": _("Overdue", context="Corrective Action"),
	}


def signatures(document: Document) -> list[tuple[str, str, str]]:
	"""The steps of a report in their order: what, through whom, when."""
	names = Names()
	noted = [(_("Sent By"), "sent")]
	if document.kind == flow.QA_REPORT:
		noted.append((_("Reviewed By"), "reviewed"))
	if document.kind == flow.ESCALATION_REPORT:
		noted.append((_("Forwarded By"), "forwarded"))
	else:
		noted.append((_("Signed By"), "signed"))
	return [_step(document, label, step, names) for label, step in noted]


def _step(document: Document, label: str, step: str, names: Names) -> tuple[str, str, str]:
	"""A step that was not taken stands there, too: a draft must not look like the report."""
	user, on = document.get(f"{step}_by"), document.get(f"{step}_on")
	return label, names.person(user) if user else NOT_YET, formatdate(on) if on else ""
