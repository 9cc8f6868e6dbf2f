"""Words the monthly tracing report as a mail: what it shows beside the month before, in its reader's language.

Policy: TRC-18
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import get_url_to_form

from core_helpdesk import months, shown
from core_helpdesk.mail import language, letters
from core_helpdesk.mail.outgoing import Letter
from core_helpdesk.stored_text import as_written
from core_helpdesk.tracing import month_lines, month_making

if TYPE_CHECKING:
	from frappe.model.document import Document

PAGE = "core_helpdesk/templates/emails/ch_month.html"
COLORS = {"red": "#b91c1c", "green": "#15803d", "": "#111827"}


def of_month(document: Document, user: str) -> Letter:
	"""The mail of a month to one of its readers."""
	reader = letters.reader_of(user)
	with language.speaking(reader.language):
		page = _page(document, reader)
		html = frappe.get_template(PAGE).render(page)
		return Letter(user, page["title"], html, _text(page), document.doctype, document.name)


def _page(document: Document, reader: letters.Reader) -> dict[str, Any]:
	month = months.in_words(document.month, reader.language)
	direction = language.direction(reader.language)
	lines = month_lines.head(month_making.read(document))
	return {
		"language": reader.language,
		"direction": direction,
		"start": "right" if direction == "rtl" else "left",
		"end": "left" if direction == "rtl" else "right",
		"title": _("Tracing report for {0}").format(month),
		"lead": _("All international tracing of the month, beside the month before and the goals."),
		"remarks_title": _("Remarks of the Support Supervisor"),
		"remarks": shown.numbers_kept(as_written(document.remarks)).splitlines(),
		"heads": (_("Figure"), _("This Month"), _("Month Before")),
		"goal_label": _("Goal"),
		"lines": [(line, COLORS[line.tone]) for line in lines],
		"link": get_url_to_form(document.doctype, document.name),
		"link_label": _("Open the Report"),
		"footer": [
			_("Days late are working days; hours are by the clock."),
			_("Customers who did not answer do not count as satisfied."),
		],
	}


def _text(page: dict[str, Any]) -> str:
	"""The same mail for readers without HTML."""
	said = [page["title"], page["lead"], ""]
	if page["remarks"]:
		said += [f"{page['remarks_title']}:", *page["remarks"], ""]
	for line, _color in page["lines"]:
		goal = f", {page['goal_label']}: {line.goal}" if line.goal else ""
		said.append(f"{line.label}: {line.this} ({page['heads'][2]}: {line.last}{goal})")
	return "\n".join([*said, "", f"{page['link_label']}: {page['link']}", "", *page["footer"]])
