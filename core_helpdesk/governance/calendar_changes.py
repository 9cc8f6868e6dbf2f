"""Changes of a calendar's dates, and the clocks that run by it: they are timed anew and listed."""

from datetime import date

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import formatdate, getdate

from core_helpdesk.governance.library_comparison import MANUAL, plain, put_rows

AT_ONCE = 2000
LISTED = 50


def dates(days: str | list) -> set[date]:
	return {getdate(day) for day in frappe.parse_json(days)}


def confirm(calendar: Document, days: set[date]) -> None:
	"""The estimated holidays on these days become certain."""
	for row in rows_on(calendar, days):
		row.estimated, row.source = 0, MANUAL
	calendar.save()


def shift(calendar: Document, days: set[date], first_day: date) -> None:
	"""The holidays on these days move together, to begin on the announced day, and become certain.

	Raises: ValidationError if another holiday is there.
	"""
	moved = rows_on(calendar, days)
	by = first_day - min(days)
	for row in moved:
		row.day, row.estimated, row.source = getdate(row.day) + by, 0, MANUAL
	put_rows(calendar, list(map(plain, calendar.holidays)))
	calendar.save()


def rows_on(calendar: Document, days: set[date]) -> list[Document]:
	rows = [row for row in calendar.holidays if getdate(row.day) in days]
	unknown = days - {getdate(row.day) for row in rows}
	if unknown or not days:
		listed = ", ".join(formatdate(day) for day in sorted(unknown)) or _("(empty)")
		frappe.throw(_("The calendar has no holiday on {0}.").format(listed), title=_("Working Calendar"))
	return rows


def retime(calendar: Document) -> None:
	"""Times the running clocks of a changed calendar anew: a few at once, with the result shown, many as a job."""
	# The framework forgets the cached document only after `on_update`, which is now.
	frappe.clear_document_cache(calendar.doctype, calendar.name)
	running = frappe.db.count("Ticket Clock", {"calendar": calendar.name, "finished": 0})
	if running > AT_ONCE:
		start_job(calendar)
		message = _(
			"{0} clocks run by this calendar; they are being timed anew, see Escalation Findings for the result."
		)
		frappe.msgprint(message.format(running), title=_("Calendar Changed"))
	elif running:
		say(retime_and_report(calendar.name))


def start_job(calendar: Document) -> None:
	frappe.enqueue(
		"core_helpdesk.governance.calendar_changes.retime_and_report",
		queue="long",
		calendar=calendar.name,
		enqueue_after_commit=True,
		job_id=f"ch_retime_{calendar.name}",
		deduplicate=True,
	)


def retime_and_report(calendar: str) -> list[str]:
	"""Returns: the tickets whose due moment changed; they stand in a finding, too."""
	from core_helpdesk import config
	from core_helpdesk.escalations import findings
	from core_helpdesk.escalations.retime import retime as retime_clocks

	clocks = retime_clocks(calendar, config.now_epoch())
	tickets = tickets_of(clocks)
	if tickets:
		details = _("{0} clocks were timed anew: {1}").format(len(tickets), listed(tickets))
		remedy = _("Nothing, unless a date of the calendar is wrong.")
		version = frappe.db.get_value("Working Calendar", calendar, "version")
		findings.report(
			"Calendar Changed", f"{calendar}:{version}", "Working Calendar", calendar, details, remedy
		)
	return tickets


def tickets_of(clocks: list[str]) -> list[str]:
	if not clocks:
		return []
	return frappe.get_all(
		"Ticket Clock", filters={"name": ["in", clocks]}, pluck="reference_name", order_by="name"
	)


def listed(tickets: list[str]) -> str:
	shown = ", ".join(tickets[:LISTED])
	return shown if len(tickets) <= LISTED else _("{0} and {1} more").format(shown, len(tickets) - LISTED)


def say(tickets: list[str]) -> None:
	if tickets:
		message = _("{0} clocks were timed anew, of the tickets: {1}").format(len(tickets), listed(tickets))
	else:
		message = _("No running clock changes by this.")
	frappe.msgprint(message, title=_("Calendar Changed"))
