"""A site that traces: headquarters in Saudi Arabia, groups of other countries, their officers, and cases on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe

from core_helpdesk import config
from core_helpdesk.tracing import handing_over, records, rules
from tests.site.factories import (
	as_user,
	make_agent,
	make_desk,
	make_level,
	make_policy,
	make_team,
	make_ticket,
	make_user,
)

if TYPE_CHECKING:
	from frappe.model.document import Document

HOME = "Saudi Arabia"
ABROAD = ("United Arab Emirates", "Egypt")
# Without a group of its own in the desk.
GROUPLESS = "Kuwait"
COMPLETE = {
	"shipment_number": "176-12345675",
	"direction": "Outbound",
	"origin_country": HOME,
	"destination_country": "United Arab Emirates",
	"nature": "Service Failure Complaint",
	"description": "The parcel left the airport ten days ago and has not been seen by the consignee since.",
	"shipper_name": "Sender of the Parcel",
	"shipper_phone": "+966112345678",
	"shipper_email": "sender@example.com",
	"shipper_address": "King Road 1, Riyadh",
	"consignee_name": "Receiver of the Parcel",
	"consignee_phone": "+97143210000",
	"consignee_email": "receiver@example.com",
	"consignee_address": "Creek Street 2, Dubai",
	"failure": "Not delivered",
	"event_date": "2026-03-01",
}


def make_tracing_desk(
	mode: str = "Live", *, countries: tuple[str, ...] = ABROAD, policy: bool = True, **settings: object
) -> frappe._dict:
	"""What `make_desk` makes, and who traces.

	`headquarters` in Saudi Arabia; `groups` and `officers` by country, home included (each officer is an agent with
	the role Tracing Officer and a member of the country's group only); `section` and its `worker`, a group concerned
	at home; `supervisor`, who is in no group; `tracing_policy` if wanted. Further settings are Tracing Settings'.
	"""
	desk = make_desk(mode)
	desk.officers = {country: make_agent("Tracing Officer") for country in (HOME, *countries)}
	desk.groups = {
		country: make_tracing_group(country=country, agents=(officer,), ch_department=desk.department)
		for country, officer in desk.officers.items()
	}
	desk.headquarters, desk.officer = desk.groups[HOME], desk.officers[HOME]
	desk.worker = make_agent()
	desk.section = make_team(agents=(desk.worker,), ch_department=desk.department, ch_country=HOME)
	desk.supervisor = make_user("Support Supervisor")
	set_tracing(headquarters_team=desk.headquarters, **settings)
	desk.tracing_policy = make_tracing_policy() if policy else ""
	return desk


def make_tracing_group(*, country: str = HOME, agents: tuple[str, ...] = (), **fields: object) -> str:
	return make_team(agents=agents, ch_country=country, ch_tracing=1, **fields)


def set_tracing(**values: object) -> None:
	"""Changes Tracing Settings, as the form does."""
	settings = frappe.get_doc(rules.SETTINGS)
	settings.update(values)
	settings.save()


def make_tracing_policy() -> str:
	"""The default one in force: ten working days to TSM, a day later to the General Manager."""
	first = make_level(clock_kind="Working Days", after_days=10, after_hours=0)
	return make_policy(first, make_level(target="General Manager"), is_tracing=1, warn_percent=80)


def make_case(desk: frappe._dict, *, team: str = "", customer: str = "", **data: object) -> Document:
	"""The open case of a new ticket, which is in headquarters and then handed to `team` if one is given.

	`data` goes over the complete data of a case; `make_bare_case` leaves all of it out.
	"""
	case = fill(make_bare_case(desk, customer=customer), **data)
	return pass_to(case, team) if team and team != case.team else case


def make_bare_case(desk: frappe._dict, *, customer: str = "", **ticket: object) -> Document:
	"""A case as its ticket opened it: nothing about the shipment is known."""
	made = make_ticket(group=desk.headquarters, customer=customer, **ticket)
	return case_of(made.name)


def fill(case: Document, **data: object) -> Document:
	"""The case with all data that closing and handing abroad ask for."""
	case.update({**COMPLETE, **data})
	case.save()
	return case.reload()


def case_of(ticket: object) -> Document | None:
	"""The case of a ticket, open or closed."""
	row = records.of_ticket(getattr(ticket, "name", ticket))
	return frappe.get_doc(records.DOCTYPE, row.name) if row else None


def accept(case: Document, user: str = "") -> Document:
	"""The case taken by somebody of its group, the first member unless named."""
	with as_user(user or member_of(case.team)):
		handing_over.accept(records.locked(case.name), config.now_epoch())
	return case.reload()


def pass_to(case: Document, team: str, *, by: str = "", reason: str = "For your country") -> Document:
	"""The case handed to another group by a member of its present one."""
	with as_user(by or member_of(case.team)):
		handing_over.hand_over(records.locked(case.name), team, reason, config.now_epoch())
	return case.reload()


def member_of(team: str) -> str:
	return frappe.get_all("HD Team Member", {"parent": team}, pluck="user", order_by="idx")[0]
