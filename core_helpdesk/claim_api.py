"""What the forms and lists of Tracing Claims call. Every function asks first who may read the claim or its case.

Writers are POST only: a GET is rolled back by the framework.
"""

from typing import Any

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import flt

from core_helpdesk.escalations import transactions
from core_helpdesk.setup import claim_workflow as flow
from core_helpdesk.tracing import claim_acts, claim_limit, claim_papers, claim_turns, claims, records

BEFORE_THE_MANAGER = (flow.DRAFT, flow.SUPERVISOR_APPROVAL)


@frappe.whitelist()
def draft_of(case: str) -> dict[str, Any]:
	"""What a new claim takes from its case, for a form that its maker goes on with.

	Raises: PermissionError
	Policy: TRC-19
	"""
	return claim_acts.draft_values(_case(case))


@frappe.whitelist(methods=["POST"])
@transactions.act
def make_claim(
	case: str, amount: float | None = None, currency: str | None = None, grounds: str | None = None
) -> str:
	"""Makes the draft of a claim from its case, with what is given over it; returns its name.

	Raises: PermissionError, ValidationError
	Policy: TRC-19
	"""
	given = {"amount": flt(amount) or None, "currency": currency, "grounds": grounds}
	values = claim_acts.draft_values(_case(case)) | {name: value for name, value in given.items() if value}
	return frappe.get_doc({"doctype": claims.DOCTYPE, **values}).insert().name


def _case(name: str) -> Document:
	case = frappe.get_doc(records.DOCTYPE, name)
	case.check_permission("read")
	return case


def _claim(name: str, right: str = "read") -> Document:
	claim = frappe.get_doc(claims.DOCTYPE, name)
	claim.check_permission(right)
	return claim


@frappe.whitelist()
def look_at(claim: str) -> dict[str, Any]:
	"""What the form shows beside the fields: what this user may do, what is missing, who is to act.

	Raises: PermissionError
	Policy: TRC-19
	"""
	found = _claim(claim)
	user, state = frappe.session.user, claims.state_of(found)
	is_draft = state == flow.DRAFT
	return {
		"actions": claims.moves_from(found, user),
		"may_write": is_draft and claims.may_write(found, user),
		"may_pay": state == flow.HANDED_OVER and claims.pays(found, user),
		"missing": list(map(claim_papers.in_words, claim_papers.missing(found))) if is_draft else [],
		"papers": {row.document: claim_papers.in_words(row.document) for row in found.documents},
		"needs_manager": state in BEFORE_THE_MANAGER and claim_limit.needs_manager(found),
		"turn": [_named(person) for person in claim_turns.turn_of(found)],
		"others": _others(found),
		"reads_case": bool(frappe.has_permission(records.DOCTYPE, "read", doc=found.tracing_case)),
	}


def _named(user: str) -> dict[str, str]:
	return {"user": user, "full_name": frappe.get_cached_value("User", user, "full_name") or user}


def _others(claim: Document) -> list[dict[str, Any]]:
	"""Other claims of the same case that this user may read: whoever decides sees what was asked for before."""
	wanted = {"tracing_case": claim.tracing_case, "name": ("!=", claim.name)}
	fields = ["name", "workflow_state", "amount", "currency"]
	return frappe.get_list(claims.DOCTYPE, wanted, fields, order_by="creation", limit=20)


@frappe.whitelist(methods=["POST"])
@transactions.act
def write_reason(name: str, action: str, reason: str) -> None:
	"""The reason of a step that its button is about to take.

	Raises: PermissionError, ValidationError
	"""
	if not any(map(str.isalnum, reason)):
		frappe.throw(_("Please give the reason in words."), title=_("Missing"))
	claim = _claim(name, "write")
	if any(move.action == action and move.has_reason for move in claims.MOVES.values()):
		claim.flags.ch_said = True
		claim.decision_reason = reason
		claim.save()


@frappe.whitelist(methods=["POST"])
@transactions.act
def write_payment(name: str, paid_on: str, payment_reference: str) -> None:
	"""Day and reference of a payment that the button is about to record.

	Raises: PermissionError, ValidationError
	"""
	claim = _claim(name, "write")
	claim.update({"paid_on": paid_on, "payment_reference": payment_reference})
	claim.save()


@frappe.whitelist()
def waiting_for_me() -> list[str]:
	"""The claims with which the user has to do something now.

	Raises: PermissionError for whoever reads no claims at all.
	"""
	frappe.has_permission(claims.DOCTYPE, "read", throw=True)
	return claim_turns.waiting_for(frappe.session.user)


@frappe.whitelist()
def waiting_card(filters: str | list | None = None) -> dict[str, Any]:
	"""The number card Claims Waiting for Me.

	Policy: TRC-19
	"""
	names = waiting_for_me()
	return {
		"value": len(names),
		"fieldtype": "Int",
		"route": ["List", claims.DOCTYPE],
		"route_options": {"name": ["in", names or [""]]},
	}
