"""Whether a mail reached its reader: what stands on the escalation, and the alarm when it did not.

Policy: TSM-01, TSM-02 (an undelivered copy shows to Ticketing System Management)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _

from core_helpdesk import config
from core_helpdesk.escalations import findings
from core_helpdesk.escalations.people import TSM
from core_helpdesk.mail import language, notices
from core_helpdesk.stored_text import as_text

if TYPE_CHECKING:
	from collections.abc import Iterable, Sequence

	from core_helpdesk.mail.outgoing import Queued

ESCALATION, RECIPIENT, QUEUE = "Ticket Escalation", "Escalation Recipient", "Email Queue"
NOT_DELIVERED = "Mail Not Delivered"
# States in which the framework has given a mail up.
GIVEN_UP = ("Error", "Expired")
UNSENT_SECONDS = 30 * 60
BATCH = 500


def queued(escalations: Sequence[str], user: str, mail: Queued, now: int, *, after_failure: bool) -> None:
	"""The mail is in the framework's queue; what an earlier failure reported is over."""
	moment = config.from_epoch(now)
	values = {"delivery": "Queued", "email_queue": mail.email_queue, "queued_on": moment, "why_not": None}
	_write(escalations, user, values)
	for escalation in escalations if after_failure else ():
		findings.close(NOT_DELIVERED, _key(escalation, user))


def not_sent(escalation: str | None, user: str | None, why: str) -> None:
	"""The mail is not needed any more, or the mode sends none."""
	if escalation and user:
		_write([escalation], user, {"delivery": "Not Sent", "why_not": as_text(why)})


def failed(escalations: Sequence[str], user: str, why: str) -> None:
	"""Shows the reason on the escalations and alarms the QA Specialists, once for each copy."""
	_write(escalations, user, {"delivery": "Failed", "why_not": as_text(why)})
	for escalation in escalations:
		alarm(escalation, user, why)


def noticed(escalation: str, user: str, now: int) -> None:
	"""A member of Ticketing System Management gets the notice only: with it their copy is complete."""
	table = frappe.qb.DocType(RECIPIENT)
	(
		frappe.qb.update(table)
		.set(table.delivery, "Sent")
		.set(table.queued_on, config.from_epoch(now))
		.where((table.parenttype == ESCALATION) & (table.parent == escalation) & (table.user == user))
		.where((table.capacity == TSM) & (table.delivery == "Waiting"))
		.run()
	)


def alarm(escalation: str, user: str, why: str, doctype: str = ESCALATION) -> None:
	"""Reports that something did not reach a person, and tells the QA Specialists the first time."""
	details = _("The copy for {0} was not delivered: {1}").format(user, why)
	remedy = _("Tell the recipient by phone, and correct the e-mail account, the address or the user.")
	notices.alarm(NOT_DELIVERED, _key(escalation, user), details, remedy, doctype, escalation)


def _key(escalation: str, user: str) -> str:
	return f"{escalation}:{user}"[:190]


def _write(escalations: Sequence[str], user: str, values: dict[str, object]) -> None:
	table = frappe.qb.DocType(RECIPIENT)
	query = frappe.qb.update(table).where(
		(table.parenttype == ESCALATION) & table.parent.isin(list(escalations)) & (table.user == user)
	)
	for column, value in values.items():
		query = query.set(table[column], value)
	query.run()


def watch_delivery(now: int) -> int:
	"""Follows every queued copy to its end; returns how many were found undelivered.

	Sent: so it stands on the escalation. In error, expired, gone, or unsent for 30 minutes: the reason stands there.
	"""
	with language.speaking(language.site_language()):
		return sum(_follow(rows, now) for rows in _under_way())


def _under_way() -> Iterable[list[frappe._dict]]:
	"""Queued copies by their names, so that rows that stay queued do not come again."""
	last = ""
	while True:
		rows = frappe.get_all(
			RECIPIENT,
			{"delivery": "Queued", "parenttype": ESCALATION, "name": (">", last)},
			["name", "parent", "user", "email_queue", "queued_on", "why_not"],
			order_by="name",
			limit=BATCH,
		)
		if not rows:
			return
		last = rows[-1].name
		yield rows


def _follow(rows: list[frappe._dict], now: int) -> int:
	mails = frappe.get_all(
		QUEUE,
		{"name": ("in", [row.email_queue for row in rows])},
		["name", "status", "error"],
		order_by="name",
	)
	by_name = {mail.name: mail for mail in mails}
	return sum(_follow_one(row, by_name.get(row.email_queue), now) for row in rows)


def _follow_one(row: frappe._dict, mail: frappe._dict | None, now: int) -> bool:
	if mail and mail.status == "Sent":
		frappe.db.set_value(RECIPIENT, row.name, {"delivery": "Sent", "why_not": None}, update_modified=False)
		findings.close(NOT_DELIVERED, _key(row.parent, row.user))
		return False
	why = _trouble(row, mail, now)
	if not why:
		return False
	ended = mail is None or mail.status in GIVEN_UP
	values = {"why_not": why} | ({"delivery": "Failed"} if ended else {})
	if row.why_not != why or ended:
		frappe.db.set_value(RECIPIENT, row.name, values, update_modified=False)
		alarm(row.parent, row.user, why)
	return True


def why_given_up(mail: frappe._dict | None) -> str:
	"""Why the framework sends a mail no more; empty while it may, and for one that it has sent."""
	if mail is None:
		return _("The mail is no longer in the queue.")
	if mail.status not in GIVEN_UP:
		return ""
	lines = (mail.error or "").strip().splitlines()
	return as_text(lines[-1][:300]) if lines else _unexplained(mail.status)


def _trouble(row: frappe._dict, mail: frappe._dict | None, now: int) -> str:
	why = why_given_up(mail)
	if why:
		return why
	if now - config.to_epoch(row.queued_on) > UNSENT_SECONDS:
		return _("Still unsent after {0} minutes.").format(UNSENT_SECONDS // 60)
	return ""


def _unexplained(status: str) -> str:
	if status == "Expired":
		return _("It was not sent in time and has expired.")
	return _("The mail server refused it.")
