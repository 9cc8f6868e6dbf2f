"""Follows each queued report to its end: sent, or given up by the mail queue with the reason.

Policy: TSM-13, TSM-14, TRC-18
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe

from core_helpdesk.domain.calendar_rules import DAY
from core_helpdesk.domain.deliveries import DeliveryState
from core_helpdesk.mail.delivery import QUEUE, why_given_up
from core_helpdesk.sending import editions, entitlement, ledger, mails

if TYPE_CHECKING:
	from collections.abc import Iterable

QUEUED, SENT, FAILED = DeliveryState.QUEUED, DeliveryState.SENT, DeliveryState.FAILED
# A mail that was given up may be let go after all, for as long as the framework's queue keeps it.
WATCHED = 30 * DAY
BATCH = 500


def follow(now: int) -> int:
	"""Writes how the mails under way fared; returns how many deliveries moved on.

	A mail whose sending has come to a halt goes on.

	Units: epoch seconds.
	"""
	lately = (["email_queue", "is", "set"], ["since_epoch", ">", now - WATCHED])
	rows = [*ledger.deliveries(state=QUEUED.value), *ledger.deliveries(*lately, state=FAILED.value)]
	parts = (rows[start : start + BATCH] for start in range(0, len(rows), BATCH))
	return sum(_follow(part, now) for part in parts)


def _follow(rows: Iterable[frappe._dict], now: int) -> int:
	names = [row.email_queue for row in rows]
	found = frappe.get_all(QUEUE, {"name": ("in", names or [""])}, ["name", "status", "error", "modified"])
	by_name = {mail.name: mail for mail in found}
	return sum(_follow_one(row, by_name.get(row.email_queue), now) for row in rows)


def _follow_one(row: frappe._dict, mail: frappe._dict | None, now: int) -> bool:
	is_sent, why = bool(mail) and mail.status == "Sent", why_given_up(mail)
	is_over = why and row.state != FAILED.value
	is_halted = bool(mail) and mails.is_halted(mail, now)
	if not (is_sent or is_over or is_halted or row.is_replaced):
		return False
	# Somebody may have read it, or had it sent again, since it was looked up.
	locked = ledger.lock(row.name, state=row.state)
	if locked is None or locked.email_queue != row.email_queue:
		return False
	if is_halted:
		is_sent = mails.go_on(row.email_queue, now, may_go=entitlement.is_theirs(locked, now))
	if row.is_replaced and not is_sent:
		return editions.take_back_replaced(locked, now)
	if is_sent:
		ledger.move(locked, SENT, at=now, why_not=None, cause=None, next_epoch=0)
	elif is_over:
		# An account that refuses may be put right; a mail that is gone, or that nobody takes, is a person's matter.
		again = 0 if mail is None or mails.is_refusal(why) else now + ledger.HOUR
		ledger.move(locked, FAILED, at=now, why_not=why, cause=ledger.OF_MAIL, next_epoch=again)
	return bool(is_sent or is_over)
