"""Making a Tracing Claim, filling it in, and taking a step with it: checked by what is stored, whoever saves it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import cstr, flt, getdate

from core_helpdesk import config
from core_helpdesk.escalations.case import invalid, refuse
from core_helpdesk.setup import claim_workflow as flow
from core_helpdesk.stored_text import as_text, keep_as_text
from core_helpdesk.tracing import claim_limit, claim_papers, claims, opening, records, rules

if TYPE_CHECKING:
	from collections.abc import Iterable

	from frappe.model.document import Document

# Written by the app, whatever a form, an import or a call sends along.
BY_THE_APP = (
	"owner",
	"creation",
	"ticket",
	"limit_amount",
	"limit_currency",
	"requested_by",
	"supervisor",
	"approved_by",
	"approved_on",
	"refused_on",
	"paid_recorded_on",
	"handed_over_on",
	"reason_by",
	"reminded_on",
	"team",
	"department",
	"country",
	"title",
)
CLAIMED = ("amount", "currency", "grounds")
PAYMENT = ("paid_on", "payment_reference")
LATEST_APPROVAL = ("supervisor", "approved_by", "approved_on")


def begin(claim: Document) -> None:
	"""A claim is of whoever makes it, for an open case of their group, and begins as a draft.

	Raises: PermissionError, ValidationError
	Policy: TRC-19
	"""
	user = frappe.session.user
	if claims.state_of(claim) != flow.DRAFT:
		refuse(_("A claim begins as a draft."))
	case = records.locked(claim.tracing_case)
	if not claims.is_officer(case.name, user):
		team = claims.team_now(case.name) or _("no group")
		refuse(_("Only Tracing Officers of the group {0}, in which the ticket is, make claims.").format(team))
	if case.status == records.CLOSED:
		invalid(_("The case {0} is closed: claims are made for open cases only.").format(case.name))
	present = claims.undecided_of(case.name)
	if present:
		invalid(_("Nobody has decided yet on the claim {0} of this case.").format(present[0]))
	for field in (*BY_THE_APP[2:], *PAYMENT, "decision_reason"):
		claim.set(field, None)
	claim.owner = claim.requested_by = user
	claim.workflow_state, claim.ticket = flow.DRAFT, case.ticket
	claim_papers.require(claim)


def keep(claim: Document) -> None:
	"""Puts back what is not the caller's to write, and refuses what is not theirs to change.

	Raises: PermissionError
	"""
	before = claim.get_doc_before_save()
	if not before or claim.flags.ch_engine:
		return
	for field in BY_THE_APP:
		claim.set(field, before.get(field))
	if claim.tracing_case != before.tracing_case:
		refuse(_("The case of a claim is fixed: withdraw the claim and make another one."))
	_keep_claimed(claim, before)
	_keep_payment(claim, before)
	_keep_reason(claim, before)


def _keep_claimed(claim: Document, before: Document) -> None:
	changed = _changed(claim, before, CLAIMED)
	if claim_papers.rows_of(claim) != claim_papers.rows_of(before):
		changed.append("documents")
	if not changed:
		return
	labels = _labels(claim, changed)
	if claims.state_of(before) != flow.DRAFT:
		state = claims.in_words(claims.state_of(before))
		refuse(_("{0} is {1}: what is claimed is fixed ({2}).").format(before.name, state, labels))
	if not claims.may_write(before, frappe.session.user):
		refuse(_("Only {0} may change this: {1}").format(claims.the_maker(), labels))


def _keep_payment(claim: Document, before: Document) -> None:
	changed = _changed(claim, before, PAYMENT)
	is_time = claims.state_of(before) == flow.HANDED_OVER
	if changed and not (is_time and claims.pays(before, frappe.session.user)):
		message = _("{0} is filled in after the hand-over, by {1}.")
		refuse(message.format(_labels(claim, changed), claims.customer_care()))


def _keep_reason(claim: Document, before: Document) -> None:
	"""Keeps who wrote the reason. What a dialog asked for was written anew, also where it says the same again."""
	if not _changed(claim, before, ("decision_reason",)) and not claim.flags.ch_said:
		return
	if not claims.may_give_reason(before, frappe.session.user):
		refuse(_("{0} is written by who decides on the claim.").format(_labels(claim, ("decision_reason",))))
	claim.reason_by = frappe.session.user


def _changed(claim: Document, before: Document, fields: Iterable[str]) -> list[str]:
	return [field for field in fields if _comparable(claim, field) != _comparable(before, field)]


def _comparable(claim: Document, field: str) -> Any:
	"""A value that is the same whether it was read from the database or sent along."""
	value = claim.get(field)
	if field == "amount":
		return flt(value, claim.precision(field))
	if field == "paid_on":
		return getdate(value) if value else None
	return as_text(cstr(value)).strip()


def _labels(claim: Document, fields: Iterable[str]) -> str:
	return ", ".join(_(claim.meta.get_label(field), context=claim.doctype) for field in fields)


def settle(claim: Document) -> None:
	"""Checks the amount, and fills what follows from the rest while nobody has decided.

	Raises: ValidationError
	Policy: TRC-19
	"""
	keep_as_text(claim)
	amount = flt(claim.amount)
	if not (math.isfinite(amount) and amount > 0):
		frappe.throw(_("Enter an amount greater than zero."), title=_("Amount", context=claim.doctype))
	if _stored_state(claim) in claims.UNDECIDED:
		claim_limit.keep(claim)
		team = claims.team_now(claim.tracing_case)
		claim.update(opening.place(team, config.site_rules()))
		number = frappe.db.get_value(records.DOCTYPE, claim.tracing_case, "shipment_number")
		claim.title = f"{claim.name} · {number or claim.ticket}"
	if _stored_state(claim) == flow.DRAFT:
		claim_papers.note(claim)


def _stored_state(claim: Document) -> str:
	return claims.state_of(claim.get_doc_before_save() or claim)


def take(claim: Document) -> None:
	"""Carries out the change of state that a saved claim asks for, if it does.

	Raises: PermissionError, ValidationError
	Policy: TRC-19
	"""
	before = claim.get_doc_before_save()
	if not before or claims.state_of(before) == claims.state_of(claim):
		return
	if claim.flags.ch_engine:
		_check_own_step(before, claim)
		return
	user = frappe.session.user
	move = claims.check_move(before, claim, user)
	_carry_out(move.action, before, claim, user)
	# Said again at each step: the reason of an earlier one does not count for the next.
	if not move.has_reason:
		claim.decision_reason = claim.reason_by = None


def _carry_out(action: str, before: Document, claim: Document, user: str) -> None:
	if claim.workflow_state == flow.SUPERVISOR_APPROVAL:
		_submit(claim)
	elif action == flow.APPROVE:
		_approve(before, claim, user)
	elif action == flow.REFUSE:
		claim.refused_on = config.from_epoch(config.now_epoch())
	elif action == flow.RETURN:
		claim.update(dict.fromkeys(LATEST_APPROVAL))
	elif action == flow.PAY:
		_pay(claim)


def _check_own_step(before: Document, claim: Document) -> None:
	if not claims.is_legal(claims.state_of(before), claims.state_of(claim)):
		was, wanted = (claims.in_words(claims.state_of(found)) for found in (before, claim))
		refuse(_("A claim that is {0} cannot become {1}.").format(was, wanted))


def _submit(claim: Document) -> None:
	"""Raises: ValidationError while the case is closed or papers are missing."""
	status = frappe.db.get_value(records.DOCTYPE, claim.tracing_case, "status", for_update=True)
	if status == records.CLOSED:
		message = _("The case {0} is closed: claims are made for open cases only.")
		invalid(message.format(claim.tracing_case))
	lacking = claim_papers.missing(claim)
	if lacking:
		named = ", ".join(map(claim_papers.in_words, lacking))
		message = _("Required documents have not been received: {0}.").format(named)
		frappe.throw(message, title=_("What Is Missing"))


def _approve(before: Document, claim: Document, user: str) -> None:
	"""Raises: PermissionError where the step is another than the limit asks for."""
	if claims.state_of(before) == flow.SUPERVISOR_APPROVAL:
		_refuse_off_limit(claim)
		claim.supervisor = user
	if claim.workflow_state == flow.APPROVED:
		claim.approved_by, claim.approved_on = user, config.from_epoch(config.now_epoch())


def _refuse_off_limit(claim: Document) -> None:
	wanted = claim_limit.next_state(claim)
	if wanted == flow.MANAGER_APPROVAL and claim.workflow_state == flow.APPROVED:
		refuse(
			_("This claim is above what a Support Supervisor approves alone: the manager decides after you.")
		)
	if wanted == flow.APPROVED and claim.workflow_state == flow.MANAGER_APPROVAL:
		refuse(_("This claim does not need the Customer Service Manager: approve or refuse it."))


def _pay(claim: Document) -> None:
	lacking = [field for field in PAYMENT if not cstr(claim.get(field)).strip()]
	if lacking:
		message = _("Please enter: {0}").format(_labels(claim, lacking))
		frappe.throw(message, frappe.MandatoryError, title=_("What Is Missing"))
	today = config.from_epoch(config.now_epoch()).date()
	if getdate(claim.paid_on) > today:
		frappe.throw(_("The day of payment is in the future."), title=_("Paid On", context=claim.doctype))
	# The day may lie in a month whose report stands: it is reported in that in which it became known.
	claim.paid_recorded_on = config.from_epoch(config.now_epoch())


def draft_values(case: Document) -> dict[str, Any]:
	"""What a new claim takes from its case; the user may read the case."""
	return {
		"tracing_case": case.name,
		"amount": flt(case.claim_amount) or None,
		"currency": case.claim_currency or claim_limit.limit().currency or None,
		"grounds": "\n".join(filter(None, (case.failure, case.description))) or None,
		"documents": claim_papers.from_case(case, rules.required_documents(claim_papers.NATURE)),
	}
