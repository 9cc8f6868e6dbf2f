"""What a printed Tracing Month says: its frozen figures in the language of the print, for who may read it.

Policy: TRC-18, TRC-20
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import cstr, formatdate

from core_helpdesk import config, months, shown
from core_helpdesk.mail import language
from core_helpdesk.monthly import printing, rights
from core_helpdesk.reports.names import Names
from core_helpdesk.stored_text import as_written
from core_helpdesk.tracing import month_lines, month_making

if TYPE_CHECKING:
	from frappe.model.document import Document

COLORS = {"red": "#b91c1c", "green": "#15803d", "": "#111827"}


def tracing_month(name: str) -> dict[str, Any]:
	"""The words of a stored month; its print format calls it by this name.

	Raises: DoesNotExistError, PermissionError
	Policy: TRC-18, TRC-20
	"""
	document = frappe.get_doc(month_making.DOCTYPE, cstr(name))
	document.check_permission("read")
	frozen = month_making.read(document)
	spoken = frappe.local.lang or "en"
	direction = language.direction(spoken)
	return {
		"language": spoken,
		"direction": direction,
		"start": "right" if direction == "rtl" else "left",
		"end": "left" if direction == "rtl" else "right",
		"title": _("Tracing report for {0}").format(months.in_words(document.month, spoken)),
		"lead": _("All international tracing of the month, beside the month before and the goals."),
		"remarks_title": _("Remarks of the Support Supervisor"),
		"remarks": shown.numbers_kept(as_written(document.remarks)).splitlines(),
		"heads": (_("Figure"), _("This Month"), _("Month Before"), _("Change"), _("Goal")),
		"total_title": _("All Cases"),
		"lines": month_lines.head(frozen),
		"tables": month_lines.tables(frozen),
		"colors": COLORS,
		"reviews_title": _("Reviews", context="Tracing Month"),
		"review_heads": (_("Reviewed By"), _("Reviewed On"), _("Note", context="Tracing Month")),
		"reviews": _reviews(document),
		**printing.action_words(document),
		"signatures": _signature(document),
		"footer": (
			_("Days late are working days; hours are by the clock."),
			_("Customers who did not answer do not count as satisfied."),
			_("Printed on {0}").format(shown.isolated(formatdate(config.from_epoch(config.now_epoch())))),
		),
	}


def _signature(document: Document) -> list[tuple[str, str, str]]:
	"""Who signed for management, and when, if it is signed."""
	if not document.signed_by:
		return []
	names = Names()
	capacity = rights.in_words(document.signed_as or "", names.person(document.signed_for))
	who = " – ".join(filter(None, (names.person(document.signed_by), capacity)))
	return [(_("Signed By"), who, formatdate(document.signed_on))]


def _reviews(document: Document) -> list[tuple[str, str, str]]:
	names = Names()
	return [
		(names.person(row.user), formatdate(row.at), shown.numbers_kept(as_written(row.note)))
		for row in document.reviews
	]
