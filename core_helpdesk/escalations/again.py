"""What did not reach a person, sent once more: when somebody has put right why, and says so."""

from __future__ import annotations

import frappe
from frappe import _

from core_helpdesk.escalations import case as cases
from core_helpdesk.escalations import findings, follow_up
from core_helpdesk.escalations.announce import NOT_ANNOUNCED
from core_helpdesk.escalations.outbox import CLAIMED, COPY_MAIL, TICKET_COMMENT
from core_helpdesk.escalations.outcome import FAILED, PENDING, write
from core_helpdesk.escalations.people import QA_SPECIALIST

DOCTYPE = "Escalation Effect"


def send_again(name: str, now: int) -> int:
	"""Puts everything of an escalation that failed back into the outbox; returns how many effects that were.

	A copy goes out by itself even if it was part of a digest: the digest is of another day. A level that nobody was told
	of is announced anew.
	Policy: TSM-02, TSM-06
	"""
	case = cases.locked(name, now)
	if not may_send_again(case.user):
		cases.refuse(_("Only Ticketing System Management and QA Specialists may send again."))
	failed = of_escalation(name)
	if not failed:
		cases.invalid(_("Everything of this escalation has reached its readers, or is on its way."))
	state = PENDING if is_announced(name) else CLAIMED
	write(DOCTYPE, failed, {"state": state, "attempts": 1, "not_before_epoch": 0, "sweep": None})
	findings.close(NOT_ANNOUNCED, name)
	_show_waiting(name)
	follow_up.log(name, follow_up.MAIL, now, note=_("Sent again: {0}").format(len(failed)))
	frappe.get_doc(cases.ESCALATION, name).notify_update()
	return len(failed)


def is_announced(name: str) -> bool:
	"""Whether a level came further than its claim: the comment on the ticket follows from every announcement."""
	return bool(frappe.db.exists(DOCTYPE, {"ticket_escalation": name, "kind": TICKET_COMMENT}))


def may_send_again(user: str) -> bool:
	return cases.is_tsm(user) or QA_SPECIALIST in frappe.get_roles(user)


def of_escalation(name: str) -> list[str]:
	"""The effects that were given up, and the copies that were queued and came to nothing."""
	given_up = frappe.get_all(DOCTYPE, {"ticket_escalation": name, "state": FAILED}, pluck="name")
	readers = _failed_readers(name)
	copies = {"ticket_escalation": name, "kind": COPY_MAIL, "recipient": ("in", readers or [""])}
	copies |= {"state": ("!=", PENDING)}
	return sorted({*given_up, *frappe.get_all(DOCTYPE, copies, pluck="name")})


def _failed_readers(name: str) -> list[str]:
	failed = {"parenttype": cases.ESCALATION, "parent": name, "delivery": "Failed"}
	return frappe.get_all(cases.RECIPIENT, failed, pluck="user")


def _show_waiting(name: str) -> None:
	table = frappe.qb.DocType(cases.RECIPIENT)
	ours = (table.parenttype == cases.ESCALATION) & (table.parent == name) & (table.delivery == "Failed")
	frappe.qb.update(table).set(table.delivery, "Waiting").set(table.why_not, None).where(ours).run()
