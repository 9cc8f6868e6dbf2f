"""A governed site: a courier's department at headquarters, its people, a group, and requests as approved."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import frappe

from core_helpdesk import at_work
from core_helpdesk.governance import governance_switch, implementing, request_checks
from core_helpdesk.hosts import team_writer
from core_helpdesk.setup import workflows as flow
from tests.site import courier as couriers
from tests.site.factories import (
	add_head,
	as_user,
	make_agent,
	make_category,
	make_team,
	make_ticket_type,
	make_user,
)

if TYPE_CHECKING:
	from frappe.model.document import Document

	from core_helpdesk.governance.act import Act

HOME = "Saudi Arabia"
REQUEST = "Group Request"


@dataclass(frozen=True)
class Cast:
	courier: couriers.Courier
	department: str
	group: str
	category: str
	ticket_type: str
	head: str
	agent: str
	qa: str
	second_qa: str
	manager: str


@at_work.the_app()
def open_cast(*, language: str = "en") -> Cast:
	courier = couriers.open_courier(language=language)
	category = make_category()
	cast = Cast(
		courier=courier,
		department=courier.department,
		group=courier.group,
		category=category,
		ticket_type=make_ticket_type(),
		head=courier.head,
		agent=courier.agent,
		qa=courier.qa,
		second_qa=make_user("QA Specialist"),
		manager=courier.customer_service_manager,
	)
	frappe.db.set_value(
		"HD Team", cast.group, {"ch_category": category, "ch_purpose": "Parcels that did not arrive"}
	)
	frappe.clear_document_cache("HD Team", cast.group)
	return cast


def make_request(cast: Cast, kind: str, *, by: str = "", state: str = "Approved", **data: Any) -> Document:
	"""A request that has come to this state by the right people, as its own rows would say."""
	request = frappe.new_doc(REQUEST)
	request.update({"kind": kind, "department": cast.department, "country": HOME, **data})
	request.requested_by = by or cast.head
	request.flags.ch_engine = True
	request.insert(ignore_permissions=True)
	frappe.db.set_value(REQUEST, request.name, {"owner": request.requested_by, "workflow_state": state})
	if state == flow.APPROVED:
		write_approval(cast, request)
	return frappe.get_doc(REQUEST, request.name)


def write_approval(cast: Cast, request: Document) -> None:
	"""The rows of a request that was decided on by those who decide on such a one."""
	stays = [(flow.REVIEW, request.requested_by), (flow.APPROVED, cast.second_qa)]
	if request_checks.why_manager(request):
		stays[1:] = [(flow.MANAGER_APPROVAL, cast.second_qa), (flow.APPROVED, cast.manager)]
	for state, by in stays:
		row = {"state": state, "by": by, "entered_at": request.requested_on}
		request.append("states", row).db_insert()


def new_group(cast: Cast, **data: Any) -> Document:
	"""A request for a group as the Standard has it, with one new member who is no agent yet."""
	values = {
		"team_name": f"Returns {frappe.generate_hash(length=5)}",
		"purpose": "Parcels that go back to their shippers",
		"escalation_process": "To Ticketing System Management, then to the General Manager",
		"group_category": cast.category,
		"ticket_type": cast.ticket_type,
		"escalation_hours": 24,
		"clock_kind": "Elapsed Time",
		"head": cast.head,
		"members": [{"user": cast.agent}],
	}
	return make_request(cast, "New Group", **{**values, **data})


def implement(cast: Cast, request: Document) -> Act:
	with as_user(cast.qa):
		return implementing.implement(request)


def govern(cast: Cast, team: str = "") -> str:
	"""Switches governance on for a group, as its QA Specialist does."""
	with as_user(cast.qa):
		governance_switch.switch(team or cast.group, on=True)
	return team or cast.group


def make_group(cast: Cast, *, country: str = HOME, **fields: Any) -> str:
	"""A complete group of the department in a country."""
	values = {
		"ch_department": cast.department,
		"ch_category": cast.category,
		"ch_country": country,
		"ch_purpose": "Parcels",
		**fields,
	}
	return make_team(agents=(make_agent(),), **values)


def make_free_group(cast: Cast) -> str:
	"""A group that nobody governs, as the app itself makes one."""
	return team_writer.make({"team_name": f"Free {frappe.generate_hash(length=5)}"}, [cast.agent])


def head_in(cast: Cast, country: str, *, employee: str = "") -> str:
	"""One head more of the department, for a country; may name an employee who asks in their place."""
	head = make_user("Department Manager")
	add_head(cast.department, head=head, country=country, authorised_employee=employee or None)
	return head


def change_home_time(cast: Cast, hours: float = 12) -> Document:
	"""What headquarters asked for, implemented; its drafts are due."""
	time = {"escalation_hours": hours, "clock_kind": "Elapsed Time", "work_reason": "Agreed"}
	request = make_request(cast, "Change Escalation", team=cast.group, **time)
	implement(cast, request)
	return request


def notices_of(user: str, doctype: str = "") -> list[str]:
	wanted = {"for_user": user, **({"document_type": doctype} if doctype else {})}
	return frappe.get_all("Notification Log", wanted, pluck="subject", order_by="creation")
