"""Keeps tickets out of hidden groups: refuses a person's choice, puts anything else back where it was.

Called while a ticket is validated, and by reconcile for what was written past the app.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _

from core_helpdesk.domain.clock import TicketState
from core_helpdesk.hosts import hd_team, hd_ticket
from core_helpdesk.stored_text import as_text

if TYPE_CHECKING:
	from frappe.model.document import Document

TICKET = "HD Ticket"
HOST_RULE = "HD Escalation Rule"
PUT_BACK, WITHOUT_GROUP = "Assignment Put Back", "Reopened Without a Group"
# Jobs that carry out what a person chose in a list: their changes are that person's.
PERSONS_JOBS = ("bulk_update", "data_import")


def keep_out(doc: Document, team: str, previous: str) -> None:
	"""Leaves the ticket outside a hidden group.

	Raises: ValidationError where a person chose the group by form, list, bulk edit, API or import.
	Policy: TSM-12
	"""
	source = split_from(doc, team)
	if source:
		put_back(doc, team, way_back(source))
		return
	if chosen_by_a_person() and not set_by_host_rule(doc, team):
		refuse(team)
	put_back(doc, team, previous)


def chosen_by_a_person() -> bool:
	"""True in a web request, an import, or a job that does a person's bulk edit."""
	if frappe.flags.in_import or getattr(frappe.local, "request", None):
		return True
	job = getattr(frappe.local, "job", None)
	return bool(job) and any(name in str(job.get("method") or "") for name in PERSONS_JOBS)


def refuse(team: str) -> None:
	message = _("No ticket can be assigned to the group {0}. It only receives escalated tickets.")
	frappe.throw(message.format(frappe.bold(team)), title=_("Group Not Available"))


def give_back_if_reopened(doc: Document) -> None:
	"""A ticket that a level had moved here and that was solved goes back to its group when it is reopened.

	Policy: TSM-08
	"""
	before = doc.get_doc_before_save()
	# Statuses first: nearly every save ends here, and asks the database nothing.
	if not before or before.get("status") == doc.get("status") or not hd_team.is_hidden(doc.agent_group):
		return
	was, is_now = (hd_ticket.state_of(ticket.get("status")) for ticket in (before, doc))
	if was is TicketState.RESOLVED and is_now is not TicketState.RESOLVED:
		group = way_back(doc.name)
		choose(doc, group)
		if not group:
			report_without_group(doc)


def report_without_group(doc: Document) -> None:
	"""No clock runs for a ticket without a group: somebody must give it one."""
	from core_helpdesk.escalations import findings, transactions

	details = _("Ticket {0} ({1}) was reopened, and the group it came from takes no tickets any more.")
	with transactions.logged_on_failure("Core Helpdesk: reopened ticket not reported"):
		findings.open_once(
			WITHOUT_GROUP,
			f"{TICKET}:{doc.name}",
			TICKET,
			str(doc.name),
			details.format(doc.name, as_text(doc.get("subject"))),
			_("Give the ticket a group, then close this finding."),
		)


def put_back(doc: Document, team: str, previous: str) -> None:
	"""Undoes the change in the save that is under way; the rest of the save goes on."""
	from core_helpdesk.escalations import transactions

	choose(doc, previous)
	# The finding must not cost the host its save.
	with transactions.logged_on_failure("Core Helpdesk: put-back not reported"):
		report_put_back(doc.name, doc.get("subject"), team, previous)


def choose(doc: Document, team: str) -> None:
	"""Another group for the ticket in the save that is under way."""
	doc.agent_group = team or None
	# The host has just chosen a service level by the group that is undone.
	if callable(getattr(doc, "set_sla", None)):
		doc.set_sla()


def report_put_back(name: str | int | None, subject: str | None, team: str, previous: str) -> None:
	from core_helpdesk.escalations import findings

	to = frappe.bold(previous) if previous else _("no group")
	details = _("Ticket {0} ({1}) was assigned to the hidden group {2} and put back to {3}.")
	# Counted once: a save must not wait for another one that counts.
	findings.open_once(
		PUT_BACK,
		f"{TICKET}:{name or subject or ''}",
		TICKET,
		str(name or ""),
		details.format(name or _("new"), as_text(subject), team, to),
		_("Find the job, assignment rule or host rule that chooses this group, and correct it."),
	)


def split_from(doc: Document, team: str) -> str:
	"""The ticket that a new one was split from, if that is where its group comes from: nobody chose it."""
	source = doc.get("ticket_split_from") if doc.is_new() else None
	return source if source and frappe.db.get_value(TICKET, source, "agent_group") == team else ""


def way_back(ticket: str | int) -> str:
	"""The group that an escalation last took the ticket from, or that it was last in; empty if there is none."""
	ours = {"reference_doctype": TICKET, "reference_name": str(ticket)}
	taken = {**ours, "previous_team": ("is", "set")}
	teams = [
		*frappe.get_all("Ticket Escalation", taken, pluck="previous_team", order_by="escalated_epoch desc"),
		*frappe.get_all("Ticket Leg", ours, pluck="team", order_by="from_epoch desc", limit=20),
	]
	# The host deletes groups that our records still name.
	return next((team for team in dict.fromkeys(teams) if may_return_to(team)), "")


def may_return_to(team: str | None) -> bool:
	"""Not where no tickets are taken: the save that gives the ticket back would be refused next."""
	return bool(team) and hd_team.door(team) == hd_team.Door() and bool(frappe.db.exists("HD Team", team))


def set_by_host_rule(doc: Document, team: str) -> bool:
	"""True if the host runs its own escalation rules while saving and one of them leads here.

	Such a rule also runs in a person's save, who then did not choose the group.
	"""
	if not hasattr(doc, "apply_escalation_rule") or doc.is_new():
		return False
	return bool(frappe.db.exists(HOST_RULE, {"to_team": team, "is_enabled": 1}))
