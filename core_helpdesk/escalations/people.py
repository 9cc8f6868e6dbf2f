"""Whom an escalation reaches: heads, managers, deputies while they act, and who stands in where nobody is.

Reads departments, settings and users; writes nothing. `today` is always an argument.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import frappe

from core_helpdesk import config
from core_helpdesk.hosts import hd_team

if TYPE_CHECKING:
	from collections.abc import Iterable
	from datetime import date

TSM = "Ticketing System Management"
GENERAL_MANAGER = "General Manager"
CUSTOMER_SERVICE_MANAGER = "Customer Service Manager"
DEPARTMENT_HEAD = "Department Head"
DEPUTY = "Deputy"
QA_SPECIALIST = "QA Specialist"

NO_HEAD = "No Department Head"
NO_GENERAL_MANAGER = "No General Manager"
NO_CUSTOMER_SERVICE_MANAGER = "No Customer Service Manager"
NO_TSM_MEMBER = "No TSM Member"

STAND_FIELDS = ("head", "deputy", "absent_from", "absent_until")


class Recipient(NamedTuple):
	user: str
	capacity: str


class People(NamedTuple):
	"""Whom one level reaches, who is the head of the department, and what the set-up lacks."""

	recipients: tuple[Recipient, ...]
	head: str
	head_capacity: str
	gaps: tuple[str, ...]


class Found(NamedTuple):
	"""The people who act in a role, and the gaps met while looking for them."""

	people: tuple[Recipient, ...]
	gaps: tuple[str, ...] = ()


def people_for(target: str, department: str, country: str, today: date) -> People:
	"""The people of one level, each named once, the first capacity counting.

	Policy: TSM-05, TSM-06, TSM-08
	"""
	head = head_of(department, country, today)
	managers = MANAGERS.get(target)
	# Managers before TSM: who is both gets the manager's mail.
	found = (*((managers(today),) if managers else ()), head, tsm_members())
	recipients = _once(person for part in found for person in part.people)
	gaps = tuple(dict.fromkeys(gap for part in found for gap in part.gaps))
	first = head.people[0] if head.people else Recipient("", "")
	return People(recipients, first.user, first.capacity, gaps)


def head_of(department: str, country: str, today: date) -> Found:
	"""The department's head for the country, the deputy while the head is away, else the Customer Service Manager.

	A disabled head counts as away, and shows as a gap even while the deputy acts.
	"""
	rows = _rows(department, country)
	acting = _acting_of(rows, today)
	gaps = (NO_HEAD,) if acting is None or _is_disabled(rows[0].head) else ()
	if acting:
		return Found((acting,), gaps)
	manager = customer_service_manager(today)
	return Found(manager.people, gaps + manager.gaps)


def acting_head(department: str, country: str, today: date) -> Recipient | None:
	"""The department's head for the country, or the deputy of that head; None if neither acts, whoever stands in then."""
	return _acting_of(_rows(department, country), today)


def acting_in_place(department: str, country: str, today: date) -> Recipient | None:
	"""Who acts for the head whom `named_head` names: that head or their deputy; None if neither does, though the head of
	other countries may.
	"""
	row = next(iter(_rows(department, country)), None)
	return _acting(stand(row), today, DEPARTMENT_HEAD) if row else None


def named_head(department: str, country: str) -> Recipient | None:
	"""Whose office it is to head the department in the country, whether or not they act; None if nobody is named."""
	return _named(next((row.head for row in _rows(department, country)), ""), DEPARTMENT_HEAD)


def _named(user: str | None, capacity: str) -> Recipient | None:
	return Recipient(user, capacity) if user else None


def _acting_of(rows: Iterable[frappe._dict], today: date) -> Recipient | None:
	return next(filter(None, (_acting(stand(row), today, DEPARTMENT_HEAD) for row in rows)), None)


def acting_general_manager(today: date) -> Recipient | None:
	"""The General Manager, or their deputy; None if neither acts, whoever stands in then."""
	return _acting(config.settings().general_manager, today, GENERAL_MANAGER)


def acting_customer_service_manager(today: date) -> Recipient | None:
	"""The Customer Service Manager, or their deputy; None if neither acts."""
	return _acting(config.settings().customer_service_manager, today, CUSTOMER_SERVICE_MANAGER)


def named_general_manager() -> Recipient | None:
	"""The General Manager, away and disabled or not; None if nobody is named."""
	return _named(config.settings().general_manager.user, GENERAL_MANAGER)


def named_customer_service_manager() -> Recipient | None:
	"""The Customer Service Manager, away and disabled or not; None if nobody is named."""
	return _named(config.settings().customer_service_manager.user, CUSTOMER_SERVICE_MANAGER)


def general_manager(today: date) -> Found:
	acting = acting_general_manager(today)
	user = config.settings().general_manager.user
	gaps = (NO_GENERAL_MANAGER,) if acting is None or _is_disabled(user) else ()
	if acting:
		return Found((acting,), gaps)
	manager = customer_service_manager(today)
	return Found(manager.people, gaps + manager.gaps)


def customer_service_manager(today: date) -> Found:
	"""The Customer Service Manager or deputy; nobody there: the QA Specialists, and a gap."""
	acting = acting_customer_service_manager(today)
	user = config.settings().customer_service_manager.user
	gaps = (NO_CUSTOMER_SERVICE_MANAGER,) if acting is None or _is_disabled(user) else ()
	return Found((acting,) if acting else qa_specialists(), gaps)


def tsm_members() -> Found:
	users = hd_team.members(config.settings().tsm_team)
	gaps = () if users else (NO_TSM_MEMBER,)
	return Found(tuple(Recipient(user, TSM) for user in users), gaps)


# The department head and Ticketing System Management are told of every level.
MANAGERS = {GENERAL_MANAGER: general_manager, CUSTOMER_SERVICE_MANAGER: customer_service_manager}


def qa_specialists() -> tuple[Recipient, ...]:
	"""Enabled people who hold the role."""
	holders = frappe.get_all("Has Role", {"parenttype": "User", "role": QA_SPECIALIST}, pluck="parent")
	users = frappe.get_all(
		"User", {"name": ("in", holders or [""]), "enabled": 1}, pluck="name", order_by="name"
	)
	return tuple(Recipient(user, QA_SPECIALIST) for user in users if user != "Administrator")


def stand(row: frappe._dict) -> config.Stand:
	"""A Department Head row as a person with a deputy."""
	return config.Stand(row.head or "", row.deputy or "", row.absent_from, row.absent_until)


def is_away(stand: config.Stand, today: date) -> bool:
	"""True if the person is absent on that day, or can no longer log in."""
	return is_absent(stand, today) or _is_disabled(stand.user)


def is_absent(stand: config.Stand, today: date) -> bool:
	"""Both days are included; an open end reaches on."""
	if not (stand.absent_from or stand.absent_until):
		return False
	begun = not stand.absent_from or stand.absent_from <= today
	return begun and not (stand.absent_until and stand.absent_until < today)


def _is_disabled(user: str) -> bool:
	return bool(user) and not frappe.db.get_value("User", user, "enabled")


def _acting(stand: config.Stand, today: date, capacity: str) -> Recipient | None:
	if stand.user and not is_away(stand, today):
		return Recipient(stand.user, capacity)
	if stand.deputy and not _is_disabled(stand.deputy):
		return Recipient(stand.deputy, DEPUTY)
	return None


def _rows(department: str, country: str) -> list[frappe._dict]:
	"""Head rows that serve the country: its own first, then those for all countries."""
	if not department:
		return []
	rows = frappe.get_all(
		"Department Head",
		{"parenttype": "Core Department", "parent": department},
		["country", "all_countries", *STAND_FIELDS],
		order_by="idx",
	)
	own = [row for row in rows if not row.all_countries and row.country and row.country == country]
	return own + [row for row in rows if row.all_countries]


def _once(people: Iterable[Recipient]) -> tuple[Recipient, ...]:
	first: dict[str, Recipient] = {}
	for person in people:
		first.setdefault(person.user, person)
	return tuple(first.values())
