"""A courier's site in working order: a department with its people, a group, a policy in force, mail that can go out."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING
from unittest.mock import patch

import frappe

from core_helpdesk import at_work, config
from core_helpdesk.escalations import sweep
from tests.site.factories import make_agent, make_team, make_ticket, make_user

if TYPE_CHECKING:
	from frappe.model.document import Document

SETTINGS = "Core Helpdesk Settings"
HOUR = 3600
REPLY_TO = "escalations@example.com"
SUPPORT_INBOX = "support@example.com"


@dataclass(frozen=True)
class Courier:
	"""Who is who; `policy` escalates after 24 hours to TSM and after 24 more to the General Manager."""

	department: str
	group: str
	agent: str
	head: str
	deputy: str
	general_manager: str
	customer_service_manager: str
	qa: str
	tsm: tuple[str, str]
	tsm_team: str
	policy: str


# On Frappe 15 saving a user asks whether anybody owes a mail password, and thereby empties every cache of the site.
@patch("frappe.core.doctype.user.user.ask_pass_update", new=lambda: None)
@at_work.the_app()
def open_courier(*, mode: str = "Live", language: str = "en") -> Courier:
	qa = make_user("QA Specialist")
	head = make_user("Department Manager", language=language)
	deputy = make_user("Department Manager")
	tsm = (make_agent("TSM Agent"), make_agent("TSM Agent"))
	agent = make_agent()
	courier = Courier(
		department=make_department(head=head, deputy=deputy),
		group="",
		agent=agent,
		head=head,
		deputy=deputy,
		general_manager=make_user("General Manager"),
		customer_service_manager=make_user("Customer Service Manager"),
		qa=qa,
		tsm=tuple(sorted(tsm)),
		tsm_team=config.settings().tsm_team,
		policy=make_policy(),
	)
	group = make_team(agents=(agent,), ch_department=courier.department, ch_country="Saudi Arabia")
	join_tsm(*courier.tsm)
	set_settings(
		mode=mode,
		confirmed_host=config.this_host(),
		governed_from="2020-01-01 00:00:00",
		general_manager=courier.general_manager,
		customer_service_manager=courier.customer_service_manager,
		reply_to=REPLY_TO,
		storm_threshold=10,
		support_phone="+966 11 000 0000",
		support_email="core.support@example.com",
	)
	make_outgoing_account()
	return Courier(**{**courier.__dict__, "group": group})


def set_settings(**values: object) -> None:
	for name, value in values.items():
		frappe.db.set_single_value(SETTINGS, name, value)
	frappe.clear_document_cache(SETTINGS, SETTINGS)


def make_department(*, head: str, deputy: str = "", country: str = "Saudi Arabia", **row: object) -> str:
	heads = [{"country": country, "head": head, "deputy": deputy or None, **row}]
	department = {"department_name": f"Operations {frappe.generate_hash(length=5)}", "heads": heads}
	return frappe.get_doc({"doctype": "Core Department", **department}).insert().name


def make_policy(**level_one: object) -> str:
	"""The default policy, put in force as setup would: activating one is the documents' business."""
	levels = [
		{
			"target": "Ticketing System Management",
			"after_hours": 24,
			"clock_kind": "Elapsed Time",
			"pauses": 0,
			**level_one,
		},
		{"target": "General Manager", "after_hours": 24, "clock_kind": "Elapsed Time"},
	]
	policy = {"policy_name": f"Standard {frappe.generate_hash(length=5)}", "is_default": 1, "levels": levels}
	frappe.db.set_value(
		"Escalation Policy",
		{"workflow_state": "Active"},
		{"workflow_state": "Superseded", "ended_on": "2020-01-01"},
	)
	name = frappe.get_doc({"doctype": "Escalation Policy", **policy}).insert().name
	frappe.db.set_value("Escalation Policy", name, {"workflow_state": "Active", "starts_on": "2020-01-01"})
	return name


def join_tsm(*users: str) -> None:
	team = frappe.get_doc("HD Team", config.settings().tsm_team)
	for user in users:
		team.append("users", {"user": user})
	team.save()


def make_account(name: str, address: str, **values: object) -> str:
	"""An e-mail account that is stored as given: no server is asked."""
	account = frappe.get_doc(
		{
			"doctype": "Email Account",
			"email_account_name": name,
			"email_id": address,
			"smtp_server": "localhost",
			"email_server": "localhost",
			"no_smtp_authentication": 1,
			**values,
		}
	)
	account.flags.ignore_validate = True
	account.flags.ignore_mandatory = True
	account.name = name
	account.insert(ignore_if_duplicate=True)
	return account.name


def make_outgoing_account(address: str = "desk@example.com") -> str:
	return make_account("Courier Outgoing", address, enable_outgoing=1, default_outgoing=1)


def escalated(
	courier: Courier, *, subject: str = "Parcel not delivered", hours: int = 25, **fields: object
) -> Document:
	"""A ticket of the group that has stayed with it until level 1 was claimed and every effect carried out."""
	ticket = make_ticket(group=courier.group, subject=subject, **fields)
	sweep.run(config.now_epoch() + hours * HOUR)
	return frappe.get_doc("HD Ticket", ticket.name)


def claim(now: int) -> None:
	"""Claims what is due and leaves every effect pending."""
	sweep.claim_due(now, time.monotonic() + 60)


def escalation_of(ticket: Document, level: int = 1) -> Document:
	named = {"reference_name": str(ticket.name), "level": level}
	name = frappe.db.get_value("Ticket Escalation", named, "name", order_by="cycle desc")
	return frappe.get_doc("Ticket Escalation", name)


def effects(escalation: str, kind: str = "") -> list[frappe._dict]:
	wanted = {"ticket_escalation": escalation, **({"kind": kind} if kind else {})}
	return frappe.get_all(
		"Escalation Effect",
		wanted,
		["name", "kind", "recipient", "state", "result", "error"],
		order_by="kind, recipient",
	)


def mails(address: str = "") -> list[Document]:
	"""The app's mails in the queue, oldest first."""
	named = {"recipient": address} if address else {}
	names = frappe.get_all("Email Queue Recipient", named, pluck="parent", order_by="creation")
	found = [frappe.get_doc("Email Queue", name) for name in dict.fromkeys(names)]
	return [mail for mail in found if mail.reference_doctype == "Ticket Escalation"]


def switch_outgoing_account(*, on: bool) -> None:
	"""As another session would: the framework remembers its accounts for the length of one."""
	frappe.db.set_value(
		"Email Account", "Courier Outgoing", {"enable_outgoing": int(on), "default_outgoing": int(on)}
	)
	frappe.local.outgoing_email_account = {}
