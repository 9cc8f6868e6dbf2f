"""Documents of a courier's site, valid by default; every argument is named, new ones come last."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import frappe

from tests.site import copied_users
from tests.site.copied_users import Kind

if TYPE_CHECKING:
	from collections.abc import Iterator

	from frappe.model.document import Document


@contextmanager
def as_user(user: str) -> Iterator[None]:
	"""Acts as this user until the block ends."""
	before = frappe.session.user
	frappe.set_user(user)
	try:
		yield
	finally:
		frappe.set_user(before)


def make_user(*roles: str, email: str = "", language: str = "en") -> str:
	"""A user with these roles; returns the e-mail address, which is the name."""
	return make_person(Kind(roles, language, is_agent=False), email)


def make_agent(*roles: str, email: str = "", language: str = "en") -> str:
	"""A user whom Helpdesk knows as an agent."""
	return make_person(Kind(roles, language, is_agent=True), email)


def make_person(kind: Kind, email: str) -> str:
	address = email or f"{frappe.generate_hash(length=8)}@example.com"
	if kind in copied_users.MODELS:
		return copied_users.copy(kind, address)
	insert_user(kind, address)
	# Others are named after a model's name, which a word that may stand anywhere cannot be.
	if not email:
		copied_users.keep(kind, address)
	return address


def insert_user(kind: Kind, address: str) -> None:
	"""Makes a user as an admin does."""
	user = frappe.get_doc(
		{
			"doctype": "User",
			"email": address,
			"first_name": address.partition("@")[0],
			"language": kind.language,
			"send_welcome_email": 0,
			"user_type": "System User",
			"roles": [{"role": role} for role in kind.roles],
		}
	)
	user.flags.no_welcome_mail = True
	user.insert(ignore_permissions=True)
	if kind.is_agent:
		agent = {"doctype": "HD Agent", "user": address, "agent_name": address, "is_active": 1}
		frappe.get_doc(agent).insert()


def make_team(*, name: str = "", agents: tuple[str, ...] = (), **fields: object) -> str:
	"""A group; further fields, such as the app's own, are set as given."""
	team = frappe.get_doc(
		{
			"doctype": "HD Team",
			"team_name": name or f"Group {frappe.generate_hash(length=6)}",
			"users": [{"user": agent} for agent in agents],
			**fields,
		}
	).insert()
	return team.name


def make_ticket(
	*, customer: str = "", group: str = "", subject: str = "Parcel not delivered", **fields: object
) -> Document:
	"""A ticket that a customer raised, put into a group."""
	return frappe.get_doc(
		{
			"doctype": "HD Ticket",
			"subject": subject,
			"raised_by": customer or "customer@example.com",
			"agent_group": group or None,
			**fields,
		}
	).insert()


def make_department(*, head: str = "", name: str = "", **row: object) -> str:
	"""A department with one head for all countries, or for `country`."""
	department = frappe.get_doc(
		{
			"doctype": "Core Department",
			"department_name": name or f"Department {frappe.generate_hash(length=6)}",
			"heads": [{"head": head, "all_countries": 0 if row.get("country") else 1, **row}] if head else [],
		}
	).insert()
	return department.name


def add_head(department: str, *, head: str, **row: object) -> None:
	"""One head more of a department, for `country` or, with `all_countries`, for those without their own."""
	document = frappe.get_doc("Core Department", department)
	document.append("heads", {"head": head, **row})
	document.save()


def give_role(user: str, role: str) -> None:
	frappe.get_doc("User", user).add_roles(role)


def make_category(*, hours: float = 24, state: str = "Active") -> str:
	"""A group category in this state, as if it had come there."""
	values = {"category_name": f"Category {frappe.generate_hash(length=6)}", "standard_hours": hours}
	category = frappe.get_doc({"doctype": "Group Category", **values}).insert()
	frappe.db.set_value("Group Category", category.name, "workflow_state", state)
	return category.name


def make_ticket_type(*, name: str = "") -> str:
	named = name or f"Ticket Category {frappe.generate_hash(length=6)}"
	return frappe.get_doc({"doctype": "HD Ticket Type", "name": named}).insert().name


def make_policy(
	*levels: dict,
	name: str = "",
	starts_on: str = "2026-01-01 00:00:00",
	active: bool = True,
	**fields: object,
) -> str:
	"""An Escalation Policy, the default one unless `fields` say otherwise, in force as if activated at `starts_on`.

	A level's own fields go over 24 hours by the clock; without levels: 24 hours to TSM, 24 more to the General Manager.
	"""
	scope = fields.keys() & {"team", "group_category", "ticket_type", "country"}
	policy = frappe.get_doc(
		{
			"doctype": "Escalation Policy",
			"policy_name": name or f"Policy {frappe.generate_hash(length=6)}",
			"is_default": 0 if scope else 1,
			"levels": [make_level(**level) for level in levels]
			or [make_level(), make_level(target="General Manager")],
			**fields,
		}
	).insert()
	if active:
		frappe.db.set_value(
			"Escalation Policy", policy.name, {"workflow_state": "Active", "starts_on": starts_on}
		)
	return policy.name


def make_level(**fields: object) -> dict:
	return {
		"target": "Ticketing System Management",
		"after_hours": 24,
		"clock_kind": "Elapsed Time",
		"pauses": 0,
		**fields,
	}


def make_deviation(**fields: object) -> str:
	"""A Parity Deviation of 36 hours in force, as if a request for it had been implemented."""
	deviation = frappe.get_doc(
		{
			"doctype": "Parity Deviation",
			"hours": 36,
			"clock_kind": "Elapsed Time",
			"starts_on": "2020-01-01 00:00:00",
			"ends_on": "2099-12-31",
			"state": "In Force",
			**fields,
		}
	)
	deviation.flags.ch_engine = True
	return deviation.insert(ignore_permissions=True).name


def switch_mode(mode: str = "Live", *, governed_from: str = "2026-01-01 00:00:00") -> None:
	"""The mode as if it had been confirmed for this site; tickets count from `governed_from`."""
	from core_helpdesk import config

	values = {"mode": mode, "governed_from": governed_from or None, "confirmed_host": config.this_host()}
	frappe.db.set_single_value("Core Helpdesk Settings", values)


def make_desk(mode: str = "Live", *, levels: tuple[dict, ...] = (), members: int = 1) -> frappe._dict:
	"""A site that escalates: a head, a General Manager, TSM members, a group `team` and the default `policy`."""
	settings = frappe.get_doc("Core Helpdesk Settings")
	desk = frappe._dict(
		head=make_user(), general_manager=make_user(), tsm=[make_agent() for _ in range(members)]
	)
	tsm = frappe.get_doc("HD Team", settings.tsm_team)
	for member in desk.tsm:
		tsm.append("users", {"user": member})
	tsm.flags.ch_engine = True
	tsm.save()
	desk.tsm_team = tsm.name
	desk.department = make_department(head=desk.head)
	values = {
		"general_manager": desk.general_manager,
		"reply_to": "answers@example.com",
		"default_department": desk.department,
		"default_country": "Saudi Arabia",
	}
	frappe.db.set_single_value("Core Helpdesk Settings", values)
	desk.team = make_team(agents=(make_agent(),), ch_department=desk.department, ch_country="Saudi Arabia")
	desk.policy = make_policy(*levels)
	switch_mode(mode)
	return desk
