"""Whether all is alive that a report needs to arrive: scheduler, worker and mail account, by the last sign of each.

Policy: QA-12
"""

from __future__ import annotations

from typing import NamedTuple

import frappe
from frappe import _
from frappe.query_builder.functions import Min
from frappe.utils.scheduler import is_scheduler_inactive

from core_helpdesk import config
from core_helpdesk.domain.deliveries import DeliveryState
from core_helpdesk.domain.delivery_gaps import Part, dead_parts
from core_helpdesk.escalations import findings, machine_clock
from core_helpdesk.mail import notices, outgoing
from core_helpdesk.sending import ledger

STANDSTILL = machine_clock.KIND
LIMITS = {Part.SCHEDULER: 1200, Part.WORKER: 1200, Part.MAIL_ACCOUNT: 1800}
UNSENT = ("Not Sent", "Sending", "Partially Sent")


class Sign(NamedTuple):
	"""A part, when it last gave a sign, and whether that is too long ago.

	Units: epoch seconds, 0 for never.
	"""

	part: Part
	last: int
	is_dead: bool


def note(now: int) -> None:
	"""Notes that the run for reports has come to its end; by a clock that is not right that is no sign of life.

	Units: epoch seconds.
	"""
	if not machine_clock.is_right(now):
		return
	frappe.db.set_single_value(
		config.SETTINGS, "last_report_run", config.from_epoch(now), update_modified=False
	)


def watch(now: int) -> None:
	"""Alarms about a mail account that does not send.

	Units: epoch seconds.
	"""
	if config.stored_mode() != config.LIVE:
		return
	part = Part.MAIL_ACCOUNT
	if not dead_parts({part: mail_account(now)}, {part: LIMITS[part]}, now):
		findings.close(STANDSTILL, part.value)
	elif not findings.is_open(STANDSTILL, part.value):
		details = _("Mails with reports are waiting: the e-mail account does not send.")
		remedy = _("Look at the e-mail account and at the queue of mails.")
		notices.alarm(STANDSTILL, part.value, details, remedy, config.SETTINGS, config.SETTINGS)


def signs(now: int) -> list[Sign]:
	"""Each part with its last sign.

	Units: epoch seconds.
	"""
	last = {Part.SCHEDULER: scheduler(), Part.WORKER: worker(), Part.MAIL_ACCOUNT: mail_account(now)}
	dead = dead_parts(last, LIMITS, now)
	return [Sign(part, last[part], part in dead) for part in Part]


def scheduler() -> int:
	"""When any job of the site was last begun; 0 where the scheduler is switched off."""
	if is_scheduler_inactive(verbose=False):
		return 0
	begun = {"last_execution": ("is", "set")}
	order = "last_execution desc"
	found = frappe.get_all("Scheduled Job Type", begun, pluck="last_execution", order_by=order, limit=1)
	return config.to_epoch(found[0]) if found else 0


def worker() -> int:
	"""When the run for reports last came to its end."""
	return machine_clock.last_run()


def mail_account(now: int) -> int:
	"""Since when the oldest of our mails waits, by when it was queued or let go last, else now; 0 where no account can
	send."""
	if not outgoing.account(ledger.DELIVERY):
		return 0
	delivery, mail = frappe.qb.DocType(ledger.DELIVERY), frappe.qb.DocType("Email Queue")
	waiting = (delivery.state == DeliveryState.QUEUED.value) & mail.status.isin(UNSENT)
	query = frappe.qb.from_(delivery).join(mail).on(mail.name == delivery.email_queue)
	found = query.select(Min(delivery.since_epoch)).where(waiting).run(pluck=True)
	return found[0] or now
