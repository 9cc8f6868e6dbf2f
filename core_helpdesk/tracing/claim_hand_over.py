"""An approved claim goes to Customer Care: its ticket with an internal comment of the facts, and every file with it.

In the transaction of the approval. What stands against it does not undo the approval: it is said, opens a finding, and is
tried again by a job.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import escape_html, get_fullname

from core_helpdesk import config
from core_helpdesk.escalations.transactions import ends_all
from core_helpdesk.governance import carrying_out
from core_helpdesk.governance.carrying_out import Doing, NotYet
from core_helpdesk.hosts import hd_team, hd_ticket
from core_helpdesk.mail import claim_letters, language
from core_helpdesk.setup import claim_workflow as flow
from core_helpdesk.stored_text import as_written
from core_helpdesk.tracing import claim_papers, claims, records, rules
from core_helpdesk.tracing.opening import Came

if TYPE_CHECKING:
	from frappe.model.document import Document

STEP, SAVEPOINT = "hand over", "ch_claim_hand_over"


def after_approval(claim: Document) -> None:
	"""Hands over the claim that was just approved; what was written is in the document as well.

	Policy: TRC-19
	"""
	now = config.now_epoch()
	with language.speaking(language.site_language()):
		doing = Doing(claims.DOCTYPE, claim.name, STEP, _failure().format(claim.name))
	messages = len(frappe.local.message_log)
	if carrying_out.tried(doing, lambda: _all_or_nothing(claim, now)):
		claim.db_set({"workflow_state": flow.HANDED_OVER, "handed_over_on": config.from_epoch(now)})
		return
	# What was thrown on the way is in the finding: the approval itself stands.
	del frappe.local.message_log[messages:]
	message = _(
		"The claim is approved, but could not be handed over to Customer Care yet. It is tried again by itself."
	)
	frappe.msgprint(message, title=_("Not Handed Over"), indicator="orange")


def _all_or_nothing(claim: Document, now: int) -> None:
	# A savepoint of its own: those inside the ticket's save are all of one name, and each ends the one before it.
	frappe.db.savepoint(SAVEPOINT)
	try:
		to_customer_care(claim, now)
	except Exception as error:
		if not ends_all(error):
			frappe.db.rollback(save_point=SAVEPOINT)
		raise


def hand_over_waiting() -> list[str]:
	"""Hands over what was approved and could not be; returns the claims with which it was done.

	Policy: TRC-19
	"""
	waiting = frappe.get_all(
		claims.DOCTYPE, {"workflow_state": flow.APPROVED}, pluck="name", order_by="approved_on, name"
	)
	return carrying_out.each(claims.DOCTYPE, waiting, _again, STEP, _failure())


def _failure() -> str:
	return _("The approved claim {0} could not be handed over to Customer Care.")


def _again(name: str) -> bool:
	case = frappe.db.get_value(claims.DOCTYPE, name, "tracing_case")
	records.locked(case)
	claim = frappe.get_doc(claims.DOCTYPE, name, for_update=True)
	if claim.workflow_state != flow.APPROVED:
		return False
	now = config.now_epoch()
	to_customer_care(claim, now)
	claim.update({"workflow_state": flow.HANDED_OVER, "handed_over_on": config.from_epoch(now)})
	claim.flags.ch_engine = True
	claim.save(ignore_permissions=True)  # the approver's right was asked for with the approval
	return True


def to_customer_care(claim: Document, now: int) -> None:
	"""Moves the ticket, and leaves on it what Customer Care needs. The ticket and its case are locked.

	A ticket that is gone or merged moves nowhere: Customer Care reads the claim itself.
	Raises: NotYet while there is no group to hand over to
	Policy: TRC-19
	"""
	team = _customer_care()
	ticket = hd_ticket.facts(claim.ticket, for_update=True)
	if ticket.finished:
		claim.add_comment(
			"Info", _("The ticket {0} is gone or merged: it could not move.").format(claim.ticket)
		)
		return
	with language.speaking(language.site_language()):
		hd_ticket.add_internal_comment(ticket.name, facts_in_html(claim))
		reason = _("Claim {0} is approved").format(claim.name)
	# Not on the comment: every agent of the host may read those.
	claim_papers.gather(claim)
	if ticket.team != team:
		hd_ticket.set_team(ticket.name, team, passing=Came(ticket.team, claim.approved_by or "", reason))


def _customer_care() -> str:
	"""Raises: NotYet with what to do."""
	team = rules.customer_care()
	if not team or not frappe.db.exists(hd_team.TEAM, team):
		raise NotYet(
			_("Tracing Settings name no Customer Care group."),
			_("Choose the Customer Care Group in Tracing Settings. The claim is then handed over by itself."),
		)
	door = hd_team.door(team)
	is_disabled = frappe.get_meta(hd_team.TEAM).has_field("disabled") and frappe.db.get_value(
		hd_team.TEAM, team, "disabled"
	)
	if door.is_hidden or door.stage or is_disabled:
		raise NotYet(
			_("The group {0} takes no tickets.").format(team),
			_("Choose another Customer Care Group in Tracing Settings, or open this one."),
		)
	return team


def facts_in_html(claim: Document) -> str:
	"""The claim for whoever reads the ticket, in the present language."""
	heading = _("Approved claim {0}").format(claim.name)
	items = "".join(
		f"<li>{escape_html(label)}: <b>{escape_html(as_written(value))}</b></li>"
		for label, value in facts(claim)
		if value
	)
	grounds = escape_html(as_written(claim.grounds)).replace("\n", "<br>")
	return f"<p><b>{escape_html(heading)}</b></p><ul>{items}</ul><p>{grounds}</p>"


def facts(claim: Document) -> list[tuple[str, str]]:
	"""Label and value of everything that a reader needs, in the present language."""
	number = frappe.db.get_value(records.DOCTYPE, claim.tracing_case, "shipment_number")
	papers = [claim_papers.in_words(row.document) for row in claim.documents if row.is_received]
	return [
		(_("Amount", context=claims.DOCTYPE), claim_letters.amount(claim)),
		(_("Tracing Case"), claim.tracing_case),
		(_("Air Waybill Number", context=records.DOCTYPE), number or ""),
		(_("Requested By"), _named(claim.requested_by)),
		(_("Approved by Supervisor", context=claims.DOCTYPE), _named(claim.supervisor)),
		(_("Approved By", context=claims.DOCTYPE), _named(claim.approved_by)),
		(_("Documents", context=claims.DOCTYPE), ", ".join(papers)),
	]


def _named(user: str | None) -> str:
	return get_fullname(user) if user else ""
