"""A courier's site where groups are asked for: who is who, requests of every kind, and every way to take a step."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import frappe
from frappe.model.workflow import apply_workflow

from core_helpdesk import at_work
from core_helpdesk.governance import request_kinds as kinds
from core_helpdesk.setup import workflows as flow
from tests.site import courier as couriers
from tests.site import web
from tests.site.factories import (
	add_head,
	as_user,
	make_agent,
	make_category,
	make_team,
	make_ticket,
	make_ticket_type,
	make_user,
)

if TYPE_CHECKING:
	from collections.abc import Callable

	from frappe.model.document import Document

DOCTYPE = "Group Request"
SA, AE = "Saudi Arabia", "United Arab Emirates"
LATER = "2099-01-31"


@dataclass(frozen=True)
class Desk:
	"""Two QA Specialists, so that one may ask and another decide; a group at home and one abroad."""

	courier: couriers.Courier
	qa: str
	other_qa: str
	manager: str
	general_manager: str
	head: str
	deputy: str
	head_abroad: str
	other_head: str
	agent: str
	outsider: str
	department: str
	other_department: str
	category: str
	ticket_type: str
	other_type: str
	home: str
	abroad: str
	other_group: str

	def people(self) -> dict[str, str]:
		names = (
			"qa",
			"other_qa",
			"manager",
			"general_manager",
			"head",
			"deputy",
			"head_abroad",
			"other_head",
			"agent",
			"outsider",
		)
		return {name: getattr(self, name) for name in names} | {"administrator": "Administrator"}


# Where groups are governed already, an admin may not make what a test needs.
@at_work.the_app()
def open_desk(*, mode: str = "Live", language: str = "en") -> Desk:
	courier = couriers.open_courier(mode=mode, language=language)
	head_abroad = make_user("Department Manager")
	add_head(courier.department, head=head_abroad, country=AE)
	other_head = make_user("Department Manager")
	other_department = couriers.make_department(head=other_head)
	category, ticket_type = make_category(), make_ticket_type()
	place = {"ch_department": courier.department, "ch_category": category, "ch_ticket_type": ticket_type}
	agent = make_agent()
	return Desk(
		courier=courier,
		qa=courier.qa,
		other_qa=make_user("QA Specialist"),
		manager=courier.customer_service_manager,
		general_manager=courier.general_manager,
		head=courier.head,
		deputy=courier.deputy,
		head_abroad=head_abroad,
		other_head=other_head,
		agent=agent,
		outsider=make_user("TSM Agent"),
		department=courier.department,
		other_department=other_department,
		category=category,
		ticket_type=ticket_type,
		other_type=make_ticket_type(),
		home=make_team(agents=(agent,), ch_country=SA, **place),
		abroad=make_team(agents=(make_agent(),), ch_country=AE, **place),
		other_group=make_team(agents=(make_agent(),), ch_department=other_department, ch_country=SA),
	)


def data_of(kind: str, desk: Desk) -> dict[str, Any]:
	"""Everything that a request of this kind needs, for the group at home."""
	time = {"escalation_hours": 24, "clock_kind": "Elapsed Time"}
	reason = {"work_reason": "Parcels from the north come in at night."}
	asked = {
		kinds.NEW_GROUP: {
			"team_name": f"Returns {frappe.generate_hash(length=5)}",
			"purpose": "Returned parcels",
			"escalation_process": "The head is told; TSM follows up.",
			"group_category": desk.category,
			"ticket_type": desk.other_type,
			**time,
			"department": desk.department,
			"country": SA,
			"head": desk.head,
			"members": [{"user": desk.agent}],
		},
		kinds.NEW_CATEGORY: {
			"category_name": f"Returns {frappe.generate_hash(length=5)}",
			"category_name_ar": "المرتجعات",
			"purpose": "Groups for returned parcels",
			"standard_hours": 12,
			"standard_clock_kind": "Elapsed Time",
			"department": desk.department,
			"country": SA,
		},
		kinds.CHANGE_GROUP: {"team": desk.home, "purpose": "Returned parcels", **reason},
		kinds.CHANGE_ESCALATION: {"team": desk.home, **time, **reason},
		kinds.ADD_MEMBERS: {"team": desk.home, "members": [{"user": desk.courier.agent}], **reason},
		kinds.REMOVE_MEMBERS: {"team": desk.home, "members": [{"user": desk.agent}], **reason},
		kinds.RETIRE_GROUP: {"team": desk.home, "retire_on": LATER, **reason},
		kinds.DEVIATION: {
			"team": desk.abroad,
			"escalation_hours": 36,
			"clock_kind": "Elapsed Time",
			"deviation_reason": "Customs are closed at night.",
			"valid_until": LATER,
		},
		kinds.CORRECTION: {"wrong": "Wrong Data", "correction": "Its purpose is another.", "team": desk.home},
	}
	return asked[kind]


def make_request(desk: Desk, kind: str = kinds.CHANGE_GROUP, *, by: str = "", **values: Any) -> Document:
	"""A draft that lacks nothing."""
	with as_user(by or (desk.head_abroad if kind == kinds.DEVIATION else desk.head)):
		return frappe.get_doc({"doctype": DOCTYPE, "kind": kind, **data_of(kind, desk), **values}).insert()


def put_into(request: Document, state: str) -> Document:
	"""The request as if it had come there, its last stay in OPEN having been the requester's."""
	path = {
		flow.DRAFT: (),
		flow.REVIEW: (flow.REVIEW,),
		flow.NEEDS_INFORMATION: (flow.REVIEW, flow.NEEDS_INFORMATION),
		flow.MANAGER_APPROVAL: (flow.REVIEW, flow.MANAGER_APPROVAL),
		flow.APPROVED: (flow.REVIEW, flow.APPROVED),
		flow.IMPLEMENTED: (flow.REVIEW, flow.APPROVED, flow.IMPLEMENTED),
		flow.REJECTED: (flow.REVIEW, flow.REJECTED),
		flow.WITHDRAWN: (flow.WITHDRAWN,),
	}[state]
	if flow.APPROVED in path and fresh(request).needs_manager_approval:
		path = (flow.REVIEW, flow.MANAGER_APPROVAL, *path[1:])
	for step in path:
		request = fresh(request)
		request.workflow_state = step
		request.flags.ch_engine = True
		with as_user(request.requested_by):
			request.save(ignore_permissions=True)
	return fresh(request)


def fresh(request: Document | str) -> Document:
	return frappe.get_doc(DOCTYPE, request if isinstance(request, str) else request.name)


# --- Every way to take a step

REASONS = {
	flow.ASK: "needs",
	flow.REJECT: "decision_reason",
	flow.RETURN: "decision_reason",
	flow.WITHDRAW: "decision_reason",
}
NEXT = {
	flow.SUBMIT: flow.REVIEW,
	flow.ASK: flow.NEEDS_INFORMATION,
	flow.RESUBMIT: flow.REVIEW,
	flow.SEND: flow.MANAGER_APPROVAL,
	flow.APPROVE: flow.APPROVED,
	flow.REJECT: flow.REJECTED,
	flow.RETURN: flow.REVIEW,
	flow.WITHDRAW: flow.WITHDRAWN,
	flow.IMPLEMENT: flow.IMPLEMENTED,
}
REASON = "The purpose is not said."


def by_form(user: str, name: str, action: str) -> None:
	"""The document as the form would send it, with the state of the button's step written in."""
	with as_user(user):
		request = fresh(name)
		request.workflow_state = NEXT[action]
		request.update({REASONS[action]: REASON} if action in REASONS else {})
		request.save()


def by_button(user: str, name: str, action: str) -> None:
	with as_user(user):
		request = fresh(name)
		if action in REASONS:
			web.call(user, "core_helpdesk.request_api.write_reason", name=name, action=action, reason=REASON)
		apply_workflow(fresh(request).as_json(), action)


def by_rest(user: str, name: str, action: str) -> None:
	reason = {REASONS[action]: REASON} if action in REASONS else {}
	web.put(user, f"{web.RESOURCE}/{DOCTYPE}/{name}", workflow_state=NEXT[action], **reason)


WAYS: dict[str, Callable[[str, str, str], None]] = {"form": by_form, "button": by_button, "rest": by_rest}


def mails_to(address: str) -> list[Document]:
	"""The mails about requests in the queue for a person, oldest first."""
	names = frappe.get_all(
		"Email Queue Recipient", {"recipient": address}, pluck="parent", order_by="creation"
	)
	found = [frappe.get_doc("Email Queue", name) for name in dict.fromkeys(names)]
	return [mail for mail in found if mail.reference_doctype == DOCTYPE]


def notices_to(user: str, request: str) -> list[str]:
	"""What stands in a person's notices about a request, oldest first."""
	named = {"for_user": user, "document_type": DOCTYPE, "document_name": request}
	return frappe.get_all("Notification Log", named, pluck="subject", order_by="creation")


def open_ticket(team: str) -> str:
	return make_ticket(group=team).name
