"""Reminds Support Supervisors of the months that are made and that they have not sent yet.

Policy: TRC-18
"""

from __future__ import annotations

import frappe
from frappe.utils import cint

from core_helpdesk import config
from core_helpdesk.mail import month_notices
from core_helpdesk.setup import roles
from core_helpdesk.tracing import rules, staleness
from core_helpdesk.tracing.month_making import DOCTYPE, MADE


def remind(now: int) -> list[str]:
	"""One notice for all that wait, each time as many working days of headquarters as set are over; returns the months.

	Only in the mode Live: in others nothing can be sent.
	Units: seconds since the epoch.
	Policy: TRC-18
	"""
	if config.stored_mode() != config.LIVE or not rules.is_live():
		return []
	found = _waiting(now)
	if found:
		for month in found:
			moment = config.from_epoch(now)
			frappe.db.set_value(DOCTYPE, month, "reminded_on", moment, update_modified=False)
		month_notices.not_sent(found, roles.holders(roles.SUPPORT_SUPERVISOR))
	return found


def _waiting(now: int) -> list[str]:
	days = cint(rules.settings().month_reminder_days)
	if not days:
		return []
	home = rules.home_calendar(config.site_rules())
	before = staleness.cutoffs([home], days, now).of(home)
	made = frappe.get_all(DOCTYPE, {"status": MADE}, ["name", "made_on", "reminded_on"], order_by="month")
	return [row.name for row in made if config.to_epoch(row.reminded_on or row.made_on) < before]
