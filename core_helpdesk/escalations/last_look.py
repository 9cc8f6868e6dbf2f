"""The last look before an effect: whether what was claimed still holds now.

Policy: TSM-05 (a ticket solved meanwhile mails nobody)
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe

from core_helpdesk import config
from core_helpdesk.domain.clock import TicketState
from core_helpdesk.escalations import open_cases, rows
from core_helpdesk.hosts import hd_ticket
from core_helpdesk.mail import letters

if TYPE_CHECKING:
	from collections.abc import Iterable

	from core_helpdesk.hosts.hd_ticket import TicketFacts

ENDED = ("Solved", "Handed Back", "Closed with Ticket")


def escalations_named(names: Iterable[str]) -> list[frappe._dict]:
	"""Escalations with what letters and notices say of them, oldest first."""
	table = frappe.qb.DocType(letters.ESCALATION)
	query = (
		frappe.qb.from_(table)
		.select(
			table.status,
			table.clock,
			table.cycle,
			table.tsm_owner,
			*(table[field] for field in letters.FIELDS),
		)
		.where(table.name.isin(list(names) or [""]))
		.orderby(table.escalated_epoch)
		.orderby(table.name)
	)
	return query.run(as_dict=True)


def escalation_of(effect: frappe._dict) -> frappe._dict | None:
	found = escalations_named([effect.ticket_escalation]) if effect.ticket_escalation else []
	return found[0] if found else None


def mode_says_no() -> str:
	"""The mode, while nothing is to be sent; as it is at this moment, since switching it off must stop a run."""
	mode = config.stored_mode()
	return "" if mode == config.LIVE else mode


def over(escalation: frappe._dict | None, ticket: TicketFacts) -> str:
	"""Why nothing of the escalation is to be done any more; empty while it holds."""
	if escalation is None:
		return "Escalation Gone"
	if escalation.status in ENDED:
		return escalation.status
	return case_over(ticket) if escalation.clock == rows.TRACING else ticket_over(ticket)


def ticket_over(ticket: TicketFacts) -> str:
	return ticket_gone(ticket) or ("Ticket Solved" if ticket.state is TicketState.RESOLVED else "")


def case_over(ticket: TicketFacts) -> str:
	"""A tracing case outlives the solution: it is over once it is closed."""
	return ticket_gone(ticket) or ("" if open_cases.is_open(ticket.name) else "Case Closed")


def ticket_gone(ticket: TicketFacts) -> str:
	if not ticket.exists:
		return "Ticket Deleted"
	return "Ticket Merged" if ticket.merged else ""


def ticket_of(escalation: frappe._dict | None) -> TicketFacts:
	if escalation is None:
		return hd_ticket.TicketFacts("", exists=False)
	return hd_ticket.facts(escalation.reference_name)


def over_now(escalation: frappe._dict | None) -> str:
	return over(escalation, ticket_of(escalation))


def warning_over(effect: frappe._dict, team: str) -> str:
	"""Why a group need not be warned: the ticket left it, is over, or has escalated already."""
	columns = ("reference_name", "clock", "team", "level", "finished")
	clock = frappe.db.get_value("Ticket Clock", effect.ticket_clock, columns, as_dict=True)
	if not clock or clock.finished:
		return "Ticket Deleted"
	if clock.level:
		return "Escalated Meanwhile"
	if clock.clock == rows.TRACING:
		# Whichever group has the case is warned: its time is the case's own.
		return case_over(hd_ticket.facts(clock.reference_name))
	if team and clock.team != team:
		return "Moved Meanwhile"
	return ticket_over(hd_ticket.facts(clock.reference_name))
