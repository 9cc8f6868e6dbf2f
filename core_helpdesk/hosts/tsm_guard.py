"""Keeps tickets out of hidden groups: refuses a person's choice, puts anything else back where it was.

Called while a ticket is validated, and by reconcile for what was written past the app.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _

from core_helpdesk.hosts import hd_team

if TYPE_CHECKING:
	from frappe.model.document import Document

TICKET = "HD Ticket"
HOST_RULE = "HD Escalation Rule"
PUT_BACK = "Assignment Put Back"
# Jobs that carry out what a person chose in a list: their changes are that person's.
PERSONS_JOBS = ("bulk_update", "data_import")


def keep_out_of_tsm(doc: Document) -> None:
	"""Leaves the ticket outside every hidden group, unless the engine itself is moving it.

	Raises: ValidationError where a person chose the group by form, list, bulk edit, API or import.
	Policy: TSM-12
	"""
	team, previous = doc.get("agent_group"), _previous_team(doc)
	if not team or team == previous or doc.flags.ch_engine or not hd_team.is_hidden(team):
		return
	source = _split_from(doc, team)
	if source:
		put_back(doc, team, _taken_from(source))
		return
	if chosen_by_a_person() and not _set_by_host_rule(doc, team):
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


def put_back(doc: Document, team: str, previous: str) -> None:
	"""Undoes the change in the save that is under way; the rest of the save goes on."""
	doc.agent_group = previous or None
	# The host has just chosen a service level by the group that is undone.
	if callable(getattr(doc, "set_sla", None)):
		doc.set_sla()
	_report_safely(doc, team, previous)


def _report_safely(doc: Document, team: str, previous: str) -> None:
	"""The finding must not cost the host its save."""
	from core_helpdesk.escalations import transactions

	try:
		with transactions.undone_on_failure():
			report_put_back(doc.name, doc.get("subject"), team, previous)
	except Exception as error:
		if transactions.is_lost(error):
			raise
		frappe.log_error(title="Core Helpdesk: put-back not reported", message=frappe.get_traceback())


def report_put_back(name: str | int | None, subject: str | None, team: str, previous: str) -> None:
	from core_helpdesk.escalations import findings

	to = frappe.bold(previous) if previous else _("no group")
	details = _("Ticket {0} ({1}) was assigned to the hidden group {2} and put back to {3}.")
	findings.report(
		PUT_BACK,
		f"{TICKET}:{name or subject or ''}",
		TICKET,
		str(name or ""),
		details.format(name or _("new"), subject or "", team, to),
		_("Find the job, assignment rule or host rule that chooses this group, and correct it."),
	)


def _previous_team(doc: Document) -> str:
	before = doc.get_doc_before_save()
	return (before.get("agent_group") or "") if before else ""


def _split_from(doc: Document, team: str) -> str:
	"""The ticket that a new one was split from, if that is where its group comes from: nobody chose it."""
	source = doc.get("ticket_split_from") if doc.is_new() else None
	return source if source and frappe.db.get_value(TICKET, source, "agent_group") == team else ""


def _taken_from(ticket: str) -> str:
	"""The group that an escalation took the ticket from."""
	taken = {"reference_doctype": TICKET, "reference_name": str(ticket), "previous_team": ("is", "set")}
	found = frappe.get_all(
		"Ticket Escalation", taken, pluck="previous_team", order_by="escalated_epoch desc", limit=1
	)
	return found[0] if found else ""


def _set_by_host_rule(doc: Document, team: str) -> bool:
	"""True if the host runs its own escalation rules while saving and one of them leads here.

	Such a rule also runs in a person's save, who then did not choose the group.
	"""
	if not hasattr(doc, "apply_escalation_rule") or doc.is_new():
		return False
	return bool(frappe.db.exists(HOST_RULE, {"to_team": team, "is_enabled": 1}))
