"""A site that traces and pays claims: who makes them, who decides, who pays, and every way to take a step."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import frappe
from frappe.model.workflow import apply_workflow

from core_helpdesk.setup import claim_workflow as flow
from core_helpdesk.tracing import claims
from tests.site import document_ways, request_ways, web
from tests.site.factories import as_user, make_agent, make_team, make_user
from tests.site.tracing_desk import HOME, make_case, make_tracing_desk, set_tracing

if TYPE_CHECKING:
	from collections.abc import Callable

	from frappe.model.document import Document

DOCTYPE = claims.DOCTYPE
API = "core_helpdesk.claim_api"
LIMIT, CURRENCY = 1000, "SAR"
REASON = "The invoice is of another parcel."
PAYMENT = {"paid_on": "2026-03-01", "payment_reference": "TT 4711"}


def make_claims_desk(mode: str = "Live", *, care: bool = True) -> frappe._dict:
	"""What `make_tracing_desk` makes, and who decides and pays.

	`manager` holds the Customer Service Manager's office; `carer` is in the Customer Care group `care_team`; claims up
	to 1000 riyals are the supervisor's. `abroad` is the officer of another country, `colleague` one of headquarters.
	"""
	desk = make_tracing_desk(mode)
	frappe.db.set_value("Currency", CURRENCY, "enabled", 1)
	desk.manager = make_user("Customer Service Manager")
	frappe.db.set_single_value("Core Helpdesk Settings", {"customer_service_manager": desk.manager})
	desk.qa = make_user("QA Specialist")
	desk.carer = make_agent("Customer Care Agent")
	desk.care_team = make_team(agents=(desk.carer,), ch_department=desk.department, ch_country=HOME)
	desk.abroad = desk.officers["United Arab Emirates"]
	desk.colleague = make_agent("Tracing Officer")
	add_member(desk.headquarters, desk.colleague)
	set_tracing(
		customer_care_team=desk.care_team if care else None, claim_limit=LIMIT, claim_currency=CURRENCY
	)
	return desk


def add_member(team: str, user: str) -> None:
	document = frappe.get_doc("HD Team", team)
	document.append("users", {"user": user})
	document.save()


def people(desk: frappe._dict) -> dict[str, str]:
	"""Everybody who may have to do with a claim, and some who have not."""
	names = ("officer", "colleague", "abroad", "supervisor", "manager", "carer", "qa", "worker", "head")
	return {name: desk[name] for name in names} | {"administrator": "Administrator"}


def make_claim(
	desk: frappe._dict, case: Document | None = None, *, by: str = "", amount: float = 500, **values: Any
) -> Document:
	"""A draft that lacks nothing, of the officer at headquarters."""
	given = {"amount": amount, "currency": CURRENCY, "grounds": "The parcel is lost.", **values}
	case = case or make_case(desk)
	with as_user(by or desk.officer):
		claim = frappe.get_doc({"doctype": DOCTYPE, "tracing_case": case.name, **given}).insert()
		for row in claim.documents:
			row.is_received = 1
		claim.save()
	return fresh(claim)


def fresh(claim: Document | str) -> Document:
	return frappe.get_doc(DOCTYPE, claim if isinstance(claim, str) else claim.name)


def put_into(desk: frappe._dict, claim: Document, state: str) -> Document:
	"""The claim as if it had come there, approved by whoever decides on such."""
	values: dict[str, Any] = {"workflow_state": state}
	if state in (flow.APPROVED, flow.HANDED_OVER, flow.PAID):
		values |= {
			"supervisor": desk.supervisor,
			"approved_by": desk.supervisor,
			"approved_on": frappe.utils.now(),
		}
	if state == flow.MANAGER_APPROVAL:
		values["supervisor"] = desk.supervisor
	frappe.db.set_value(DOCTYPE, claim.name, values)
	return fresh(claim)


def written(wanted: str) -> dict[str, Any]:
	"""What somebody writes who knows the fields: the next state, and what some steps ask for."""
	if wanted == flow.PAID:
		return {"workflow_state": wanted, **PAYMENT}
	needs_reason = wanted in (flow.DRAFT, flow.REFUSED, flow.WITHDRAWN)
	return {"workflow_state": wanted, **({"decision_reason": REASON} if needs_reason else {})}


# --- Every way to take a step


def by_rest(user: str, name: str, wanted: str) -> None:
	web.put(user, f"{web.RESOURCE}/{DOCTYPE}/{name}", **written(wanted))


def by_form(user: str, name: str, wanted: str) -> None:
	with as_user(user):
		claim = fresh(name)
		claim.update(written(wanted))
		claim.save()


def by_button(user: str, name: str, wanted: str) -> None:
	"""The form's button, with what its question writes before."""
	states = (claims.state_of(fresh(name)), wanted)
	move = claims.MOVES.get(states)
	action = move.action if move else flow.APPROVE
	if move and move.has_reason:
		web.call(user, f"{API}.write_reason", name=name, action=action, reason=REASON)
	if wanted == flow.PAID:
		web.call(user, f"{API}.write_payment", name=name, **PAYMENT)
	with as_user(user):
		apply_workflow(fresh(name).as_json(), action)


def by_list(user: str, name: str, wanted: str) -> None:
	web.call(user, "frappe.client.set_value", doctype=DOCTYPE, name=name, fieldname=written(wanted))


def by_desk(user: str, name: str, wanted: str) -> None:
	document_ways.by_savedocs(user, DOCTYPE, name, **written(wanted))


def by_bulk_edit(user: str, name: str, wanted: str) -> None:
	data = frappe.as_json(written(wanted))
	request_ways.in_bulk(
		user, request_ways.BULK_EDIT, doctype=DOCTYPE, docnames=[name], action="update", data=data
	)


def by_bulk_approval(user: str, name: str, wanted: str) -> None:
	move = claims.MOVES.get((claims.state_of(fresh(name)), wanted))
	action = move.action if move else flow.APPROVE
	request_ways.in_bulk(
		user, request_ways.BULK_APPROVAL, docnames=frappe.as_json([name]), doctype=DOCTYPE, action=action
	)


def by_import(user: str, name: str, wanted: str) -> None:
	document_ways.by_import(user, DOCTYPE, name, **written(wanted))


def past_permissions(user: str, name: str, wanted: str) -> None:
	document_ways.by_another_app(user, DOCTYPE, name, **written(wanted))


WAYS: dict[str, Callable[[str, str, str], None]] = {
	"rest": by_rest,
	"form": by_form,
	"button": by_button,
	"list": by_list,
	"desk": by_desk,
	"bulk edit": by_bulk_edit,
	"bulk approval": by_bulk_approval,
	"import": by_import,
	"another app": past_permissions,
}


def handed_over(desk: frappe._dict, case: Document | None = None, **values: Any) -> Document:
	"""A claim that went the whole way to Customer Care."""
	claim = make_claim(desk, case, **values)
	by_button(desk.officer, claim.name, flow.SUPERVISOR_APPROVAL)
	by_button(desk.supervisor, claim.name, flow.APPROVED)
	return fresh(claim)


def make_file(owner: str, *, name: str = "", private: bool = True, **attached: Any) -> Document:
	"""A file of this person, attached to a document if one is named."""
	with as_user(owner):
		return frappe.get_doc(
			{
				"doctype": "File",
				"file_name": name or f"invoice-{frappe.generate_hash(length=8)}.txt",
				"content": f"Invoice {frappe.generate_hash(length=12)}",
				"is_private": int(private),
				**attached,
			}
		).insert(ignore_permissions=True)
