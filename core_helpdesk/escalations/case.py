"""An escalation somebody is about to act on: who may do what, and the rows locked in the order of the app.

Lock order: host ticket → clock → escalation → outbox.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, NoReturn

import frappe
from frappe import _

from core_helpdesk import config, permissions
from core_helpdesk.escalations import last_look, rows
from core_helpdesk.hosts import hd_team, hd_ticket

if TYPE_CHECKING:
	from core_helpdesk.escalations.rows import Row
	from core_helpdesk.hosts.hd_ticket import TicketFacts

ESCALATION, RECIPIENT = "Ticket Escalation", "Escalation Recipient"
OPEN = ("Received", "Head Contacted")
COLUMNS = (
	"name",
	"status",
	"reference_name",
	"clock",
	"team",
	"department",
	"country",
	"cycle",
	"level",
	"tsm_owner",
	"acknowledged_on",
	"contacted_on",
	"outcome_on",
	"ended_epoch",
	"solved_in_time",
	"answer_due_epoch",
)


class Case(NamedTuple):
	"""An escalation as locked, with its ticket and its clock.

	Units: `now` is seconds since the epoch.
	"""

	escalation: frappe._dict
	ticket: TicketFacts
	row: Row | None
	user: str
	now: int

	@property
	def name(self) -> str:
		return self.escalation.name

	@property
	def is_open(self) -> bool:
		return self.escalation.status in OPEN

	@property
	def is_tracing(self) -> bool:
		"""True where a tracing case was escalated, and not the ticket in its group."""
		return self.escalation.clock == rows.TRACING

	@property
	def is_unsolved(self) -> bool:
		return is_unsolved(self.escalation, self.ticket)

	@property
	def is_current(self) -> bool:
		"""True while the clock is still in the escalation's cycle."""
		return self.row is not None and self.row.clock.cycle == self.escalation.cycle


def locked(name: str, now: int) -> Case:
	"""The case with every row that an action may write locked until the transaction ends.

	Raises: DoesNotExistError, PermissionError if the present user may not read the escalation.
	"""
	known = readable(name)
	ticket = hd_ticket.facts(known.reference_name, for_update=True)
	row = rows.lock(known.reference_name, known.clock)
	return Case(_locked_escalation(name), ticket, row, frappe.session.user, now)


def is_unsolved(escalation: frappe._dict, ticket: TicketFacts) -> bool:
	"""True while the ticket is to be solved; where its tracing case was escalated, until that is closed."""
	if escalation.clock == rows.TRACING:
		return not last_look.case_over(ticket)
	return ticket.is_live


def readable(name: str) -> frappe._dict:
	"""The escalation, if the present user may read it."""
	found = frappe.db.get_value(ESCALATION, name, [*COLUMNS, "reference_doctype"], as_dict=True)
	if not found:
		frappe.throw(_("There is no escalation {0}.").format(name), frappe.DoesNotExistError)
	if not may_read(found, frappe.session.user):
		refuse(_("You are not named on this escalation."))
	return found


def _locked_escalation(name: str) -> frappe._dict:
	table = frappe.qb.DocType(ESCALATION)
	return frappe.qb.from_(table).select(*COLUMNS).where(table.name == name).for_update().run(as_dict=True)[0]


def may_read(escalation: frappe._dict, user: str) -> bool:
	return permissions.has_escalation_permission(escalation, "read", user)


def is_tsm(user: str) -> bool:
	"""True for members of Ticketing System Management, who alone work escalations.

	Policy: TSM-03, TSM-05
	"""
	return hd_team.is_member(config.settings().tsm_team, user)


def must_be_tsm(user: str) -> None:
	if not is_tsm(user):
		refuse(_("Only members of Ticketing System Management may do this."))


def must_say(text: str | None, what: str) -> str:
	"""The text without blanks round it.

	Raises: ValidationError if nothing is left.
	"""
	said = (text or "").strip()
	if not said:
		frappe.throw(_("Please enter: {0}").format(what), title=_("Missing"))
	return said


def refuse(message: str) -> NoReturn:
	frappe.throw(message, frappe.PermissionError, title=_("Not Permitted"))


def invalid(message: str) -> NoReturn:
	frappe.throw(message, title=_("Not Possible Now"))
