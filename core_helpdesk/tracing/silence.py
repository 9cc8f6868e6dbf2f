"""How long a customer may stay silent before the officer may close without an answer.

Counted in working days from when the customer was last asked, in the calendar of the country that handles the case:
the reminders still to come first, then the days of the settings. Decided here, since the policy leaves it open: where no mail could ask,
the days count from the solution, and the officer must have tried to reach the customer by other means.
"""

from __future__ import annotations

from email.utils import parseaddr
from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import cint, format_datetime

from core_helpdesk import config
from core_helpdesk.escalations.case import invalid
from core_helpdesk.hosts import customer_reach, hd_ticket
from core_helpdesk.tracing import originator, rules, staleness, timing

if TYPE_CHECKING:
	from frappe.model.document import Document

	from core_helpdesk.config import SiteRules


def over_at(case: Document) -> int:
	"""From when on the case may be closed unconfirmed; 0 if never, or while there is no solution.

	Units: epoch seconds.
	Policy: TRC-22
	"""
	settings = rules.settings()
	days, asked = cint(settings.unconfirmed_days), since(case)
	if not (days and asked and case.status == "Solved"):
		return 0
	still_to_come = max(0, cint(settings.reminders) - cint(case.reminders_sent)) * cint(
		settings.reminder_days
	)
	return days_after(case, asked, days + still_to_come, config.site_rules())


def days_after(case: Document, start: int, days: int, site: SiteRules) -> int:
	"""When so many working days of the country that handles the case are over; without a calendar, days by the clock.

	Units: epoch seconds.
	Policy: TRC-22
	"""
	timer = timing.timer(site, case.calendar or rules.home_calendar(site))
	return timer.add_working_days(start, days) or start + days * staleness.DAY


def last_asked(case: Document) -> int:
	"""When the customer was last asked or reminded; 0 if never.

	Units: epoch seconds.
	"""
	return max(cint(case.confirmation_asked_epoch), cint(case.reminded_epoch))


def since(case: Document) -> int:
	"""From when on the customer is silent if nothing comes from them: when they were last asked, else the solution.

	Units: epoch seconds.
	"""
	return last_asked(case) or config.to_epoch(case.solved_on)


def must_be_over(case: Document, now: int) -> None:
	"""Raises: ValidationError unless the customer has been silent for long enough.

	Policy: TRC-22
	"""
	if case.answer not in ("", None):
		answer = _(case.answer, context=case.doctype)
		invalid(_("The customer has answered: {0}. Only silence is closed unconfirmed.").format(answer))
	over = over_at(case)
	if not over:
		invalid(
			_("This case cannot be closed unconfirmed: it is not solved, or the settings do not allow it.")
		)
	if now < over:
		shown = format_datetime(config.from_epoch(over))
		invalid(_("The customer still has time to answer, with reminders until {0}.").format(shown))
	if reminders_missing(case):
		invalid(_("The customer has not had all reminders yet."))
	if not was_tried(case):
		invalid(
			_(
				"No mail could ask this customer. Please try to reach them by phone or otherwise, and add an update about it."
			)
		)
	if has_written(case):
		invalid(_("The customer has written since they were asked: record what they say as the answer."))


def reminders_missing(case: Document) -> bool:
	"""Whether a customer who was asked by mail is still to be reminded."""
	return bool(case.confirmation_asked_epoch) and cint(case.reminders_sent) < cint(
		rules.settings().reminders
	)


def was_tried(case: Document) -> bool:
	"""Whether the customer was asked: by our mail, else by somebody who noted it since the solution."""
	if case.confirmation_asked_epoch:
		return True
	tried = (row for row in case.updates if row.by and row.contact == "Customer")
	return any(row.at >= case.solved_on for row in tried)


def has_written(case: Document) -> bool:
	"""Whether anything came from the customer, to the ticket or to the case, since they were last asked.

	Policy: TRC-22
	"""
	received = {
		"reference_doctype": ("in", (case.doctype, hd_ticket.DOCTYPE)),
		"reference_name": ("in", (case.name, case.ticket)),
		"sent_or_received": "Received",
		"creation": (">", config.from_epoch(since(case))),
	}
	return any(
		_is_customers(case, sender) for sender in frappe.get_all("Communication", received, pluck="sender")
	)


def _is_customers(case: Document, sender: str | None) -> bool:
	"""Staff write nobody's answer, but for whoever of them raised the ticket."""
	address = parseaddr(sender or "")[1].lower()
	return address == originator.email_of(case) or not customer_reach.is_staff(address)


def is_over(case: Document, now: int) -> bool:
	over = over_at(case)
	return (
		bool(over)
		and over <= now
		and case.answer in ("", None)
		and not reminders_missing(case)
		and was_tried(case)
		and not has_written(case)
	)
