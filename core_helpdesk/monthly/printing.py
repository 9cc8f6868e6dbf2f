"""The paper of a Monthly Report, printed in the Desk and attached to its mail: what its reader may see, in their language.

Policy: QA-12, QA-M1, TSM-13, TSM-M2
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import cstr, formatdate

from core_helpdesk import config, shown
from core_helpdesk.mail import language
from core_helpdesk.mail.remembered import remembered
from core_helpdesk.monthly import actions, acts, reading, rights, steps, summary, tables
from core_helpdesk.reports import cell_words, pdf_writer
from core_helpdesk.reports.drawing import FONTS
from core_helpdesk.reports.names import Names
from core_helpdesk.setup import monthly_workflow as flow
from core_helpdesk.stored_text import as_written

if TYPE_CHECKING:
	from frappe.model.document import Document

	from core_helpdesk.monthly.actions import Shown
	from core_helpdesk.monthly.reading import Seen

TEMPLATE = "core_helpdesk/templates/pdf/monthly_report.html"
NOT_YET = "—"
COLORS = {"red": "#b91c1c", "green": "#15803d", "orange": "#b45309", "": "#111827"}
# In CSS pixels: a chart beside another on a page that lies, and one alone.
HALF, ALONE = 485, 660


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
	return page_of(reading.seen(frappe.get_doc(acts.DOCTYPE, cstr(name))))


def pdf(found: Seen) -> bytes:
	"""The same page as PDF, of what its reader may see.

	To lay it out takes seconds: who reads the same words in one run gets the same file.
	Raises: OSError where the machine lacks a library that WeasyPrint needs.
	Policy: QA-12, TSM-13, TSM-M2
	"""
	html = frappe.get_template(TEMPLATE).render({"month": page_of(found)})
	return remembered(("pdf", html), lambda: pdf_writer.written(html))


def page_of(found: Seen) -> dict[str, Any]:
	"""What the page says, in the present language: plain text, but for the drawings."""
	document, view = found.report, reading.view_of(found)
	has_others = any(line["corrected"] for line in view["others"])
	spoken = frappe.local.lang or "en"
	direction = language.direction(spoken)
	return {
		**view,
		"language": spoken,
		"direction": direction,
		"start": "right" if direction == "rtl" else "left",
		"end": "left" if direction == "rtl" else "right",
		"fonts": FONTS,
		"lying": not tables.is_of_escalations(found),
		"pages": _("Page {0} of {1}").replace("{1}", "{0}").split("{0}"),
		"state": _("State: {0}").format(state_in_words(document)),
		"tiles": cell_words.tiles(tables.tiles(found)),
		"charts": charts(found, direction),
		"heads": heads(has_corrections=view["has_corrections"]),
		"other_heads": heads(has_corrections=has_others),
		"others_corrected": has_others,
		"others_title": _("Further Figures"),
		"before_title": _("In small: the month before."),
		"more": [_more(table["left_out"]) for table in view["tables"]],
		"colors": COLORS,
		**people_words(document),
		"signatures": signatures(document),
		"footer": (
			_("A ticket counts for the group that has it. Hours are by the clock."),
			_("Made on {0}: these figures are final.").format(shown.day(document.made_on)),
			_("Printed on {0}").format(shown.isolated(formatdate(config.from_epoch(config.now_epoch())))),
		),
	}


def _more(count: int) -> str:
	return _("{0} more lines are in the report on tickets.").format(count) if count else ""


def state_in_words(document: Document) -> str:
	"""How far the report is; of one that nobody has handed on, that, too."""
	state = steps.state_of(document)
	said = steps.in_words(state)
	if state != flow.MADE:
		return said
	return f"{said} – {_('not submitted yet') if document.kind == flow.QA_REPORT else _('not sent yet')}"


def charts(found: Seen, direction: str) -> list[dict[str, Any]]:
	"""The charts as drawings with their labels laid over them, which each renderer shapes itself."""
	# Every page that the framework renders loads this module; drawing brings a whole library.
	from core_helpdesk.reports import paper

	drawn = tables.charts(found)
	width = HALF if len(drawn) > 1 else ALONE
	return [{"title": each.title, **paper.drawn(each.drawn, width, direction)} for each in drawn]


def people_words(document: Document) -> dict[str, Any]:
	"""What people said of the report, as its print has it: comment, outcomes, and corrective actions with their effect."""
	return {
		"comment_title": _("Comment", context="Monthly Report"),
		"comment": shown.numbers_kept(as_written(document.comment)).splitlines(),
		"outcomes_title": _("Discussed With the Departments"),
		"outcome_heads": (
			_("Department", context="Core Helpdesk"),
			_("Outcome of the Discussion"),
			_("Discussed On"),
			_("Entered By"),
		),
		"outcomes": summary.outcomes(document),
		**action_words(document),
	}


def action_words(document: Document) -> dict[str, Any]:
	"""The corrective actions that stand on a report, with their effect, as a print has them."""
	return {
		"actions_title": _("Corrective Actions"),
		"action_heads": (
			_("What Is to Be Done"),
			_("Responsible"),
			_("To Be Done By"),
			_("State", context="Corrective Action"),
			_("Effect", context="Corrective Action"),
		),
		"actions": [_action(action) for action in actions.of(document)],
		"no_actions": _("No corrective action was decided on."),
		"overdue": _("Overdue", context="Corrective Action"),
	}


def _action(action: Shown) -> dict[str, Any]:
	effect = action.effect
	said = {"text": actions.effect_in_words(effect), "tone": effect.tone} if effect else None
	return {**action._asdict(), "effect": said}


def heads(*, has_corrections: bool) -> tuple[str, ...]:
	"""The heads of the first table."""
	found = (_("Figure"), _("This Month"), _("Month Before"), _("Change"), _("Goal"))
	return (*found, _("Correction")) if has_corrections else found


def signatures(document: Document) -> list[tuple[str, str, str]]:
	"""The three steps of every report in their order: what, through whom, when.

	A step that was not taken stands there, too: a draft must not look like the report.
	"""
	names = Names()
	if document.kind == flow.QA_REPORT:
		noted = [(_("Submitted By"), "sent"), (_("Reviewed By"), "reviewed"), (_("Signed By"), "signed")]
		return [_step(document, label, step, names) for label, step in noted]
	last = (_("Signed By"), "signed")
	if document.kind == flow.ESCALATION_REPORT:
		last = (_("Forwarded By"), "forwarded")
	made = (_("Made On"), formatdate(document.made_on), "")
	return [made, *(_step(document, label, step, names) for label, step in ((_("Sent By"), "sent"), last))]


def _step(document: Document, label: str, step: str, names: Names) -> tuple[str, str, str]:
	user, on = document.get(f"{step}_by"), document.get(f"{step}_on")
	office, deputy_of = steps.capacity_of(document, step)
	who = [names.person(user), rights.in_words(office, names.person(deputy_of))] if user else [NOT_YET]
	return label, " – ".join(filter(None, who)), formatdate(on) if on else ""
