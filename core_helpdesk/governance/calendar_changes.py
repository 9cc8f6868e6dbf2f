"""Changes of a calendar's dates, and the clocks that run by it: they are timed anew and listed."""

import csv
import io
from datetime import date, datetime
from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import add_days, escape_html, format_datetime, formatdate, getdate, now_datetime
from frappe.utils.file_manager import save_file

from core_helpdesk.governance.library_comparison import MANUAL, plain, put_rows

if TYPE_CHECKING:
	from core_helpdesk.escalations.retime import Retimed

AT_ONCE = 2000
LISTED = 50
DAYS_SHOWN = 7
GROUPS_SHOWN = 5
# Longer than any save or sweep that began with the dates before.
SETTLED_AFTER = 15 * 60
CHANGED = "Calendar Changed"


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
	from core_helpdesk.tracing import retiming

	running = frappe.db.count("Ticket Clock", {"calendar": calendar.name, "finished": 0})
	running += retiming.count(calendar.name)
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
		alone=True,
		enqueue_after_commit=True,
		# Of each version: the job of the one before may have passed half of the clocks.
		job_id=f"ch_retime_{calendar.name}_{calendar.version}",
		deduplicate=True,
	)


def time_the_rest(now: datetime) -> list[str]:
	"""Times the clocks of changed calendars once more, when no one can be writing by the dates before any longer.

	That finds what a job left that was killed, and what was computed while the calendar was being saved. Until it is
	done a calendar's `timed_version` stays behind its version. Returns: the calendars that are done.
	"""
	calendar = frappe.qb.DocType("Working Calendar")
	settled = frappe.utils.add_to_date(now, seconds=-SETTLED_AFTER)
	behind = (calendar.version != calendar.timed_version) & (calendar.modified <= settled)
	changed = frappe.qb.from_(calendar).select(calendar.name, calendar.version).where(behind).run()
	for name, version in changed:
		retime_and_report(name, ":rest", alone=True)
		frappe.db.set_value("Working Calendar", name, "timed_version", version, update_modified=False)
		frappe.db.commit()  # nosemgrep: clocks and mark of one calendar belong together, those of the next do not
	return [name for name, _version in changed]


def refuse_deletion(calendar: Document) -> None:
	"""Raises: ValidationError while clocks run by the calendar, or groups would start new ones by it."""
	from core_helpdesk import config

	title = _("Calendar in Use")
	running = frappe.db.count("Ticket Clock", {"calendar": calendar.name, "finished": 0})
	if running:
		message = _(
			"The calendar {0} cannot be deleted: {1} running clocks count by it. Choose another calendar for its "
			"groups first, and wait until these clocks have ended."
		)
		frappe.throw(message.format(frappe.bold(calendar.name), running), title=title)
	rules = config.site_rules()
	groups = [rules.group(team) for team in frappe.get_all("HD Team", pluck="name", order_by="name")]
	served = [group.name for group in groups if group.calendar == calendar.name and not group.hidden]
	if served:
		message = _(
			"The calendar {0} cannot be deleted: it is the calendar of the groups {1}. Choose another calendar for "
			"them first."
		)
		shown = ", ".join(map(escape_html, served[:GROUPS_SHOWN])) + ("…" if served[GROUPS_SHOWN:] else "")
		frappe.throw(message.format(frappe.bold(calendar.name), shown), title=title)


def retime_and_report(calendar: str, part: str = "", *, alone: bool = False) -> list[str]:
	"""Says in a finding which tickets are due at another moment now, and from when to when.

	A `part` is what was left of a version, with a finding of its own. `alone`: nothing else is in the transaction.

	Returns: one line for each of the tickets. A list too long to read is attached whole.
	"""
	from core_helpdesk import config
	from core_helpdesk.escalations import findings
	from core_helpdesk.escalations.retime import retime as retime_clocks
	from core_helpdesk.tracing import retiming

	# Cases come before clocks in the order of locks.
	retiming.retime(calendar)
	changed = sorted(retime_clocks(calendar, config.now_epoch(), alone=alone), key=lambda clock: clock.due)
	moments = [
		(subject(clock), config.from_epoch(clock.due_before), config.from_epoch(clock.due))
		for clock in changed
	]
	lines = [line(*each) for each in moments]
	if lines:
		version = frappe.db.get_value("Working Calendar", calendar, "version")
		details = _("{0} clocks were timed anew:").format(len(lines)) + "\n" + listed(lines)
		remedy = _("Nothing, unless a date of the calendar is wrong.")
		key = f"{calendar}:{version}{part}"
		finding = findings.report(CHANGED, key, "Working Calendar", calendar, details, remedy)
		if len(lines) > LISTED:
			attach(finding, moments)
	return lines


def subject(clock: "Retimed") -> str:
	"""The ticket whose clock it is; a ticket's tracing case has another one."""
	from core_helpdesk.escalations.rows import TRACING

	return _("{0} (tracing case)").format(clock.ticket) if clock.kind == TRACING else clock.ticket


def line(ticket: str, before: datetime | None, after: datetime | None) -> str:
	return _("{0}: due {1} instead of {2}").format(ticket, _moment(after), _moment(before))


def _moment(at: datetime | None) -> str:
	return format_datetime(at, "yyyy-MM-dd HH:mm") if at else "–"


def listed(lines: list[str]) -> str:
	shown = "\n".join(lines[:LISTED])
	more = _("and {0} more").format(len(lines) - LISTED)
	return shown if len(lines) <= LISTED else f"{shown}\n{more}"


def attach(finding: str, moments: list[tuple]) -> None:
	"""The whole list as a private file of the finding, read by those who read it."""
	written = io.StringIO()
	table = csv.writer(written)
	table.writerow([_("Ticket"), _("Due Before"), _("Due Now")])
	table.writerows(moments)
	# The mark lets spreadsheets read Arabic headings.
	content = "\ufeff" + written.getvalue()
	save_file("clocks-timed-anew.csv", content.encode(), "Escalation Finding", finding, is_private=1)


def say(lines: list[str]) -> None:
	if lines:
		message = "<br>".join(
			(_("{0} clocks were timed anew:").format(len(lines)), *map(escape_html, lines[:LISTED]))
		)
		if len(lines) > LISTED:
			message += "<br>" + _("and {0} more").format(len(lines) - LISTED)
	else:
		message = _("No running clock changes by this.")
	frappe.msgprint(message, title=_("Calendar Changed"))


def close_read() -> None:
	"""Closes findings of changes that asked for nothing, once everybody had a week to read them."""
	from core_helpdesk.escalations import findings

	read_by = add_days(now_datetime(), -DAYS_SHOWN)
	old = {"kind": CHANGED, "state": "Open", "last_seen": ("<", read_by)}
	for name in frappe.get_all("Escalation Finding", old, pluck="name"):
		findings.end(name)
