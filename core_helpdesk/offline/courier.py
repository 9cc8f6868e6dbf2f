"""The courier of the demonstration: its countries, groups, categories and policies, and its policy file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
	from collections.abc import Iterable, Iterator

	from core_helpdesk.offline.words import Words

ZONE = "Asia/Riyadh"
HEADQUARTERS = "SA"
RAMADAN_HOURS = ("10:00-15:00",)
HOURS = {
	"SA": ("08:00-12:00", "13:00-17:00"),
	"AE": ("09:00-18:00",),
	"EG": ("09:00-17:00",),
	"BH": ("08:00-16:00",),
	"KW": ("08:00-16:00",),
	"JO": ("08:30-17:00",),
}


class CourierGroup(NamedTuple):
	"""A group with its share of new tickets and the working hours it typically needs for one."""

	name: str
	department: str
	country: str
	share: float
	pace_hours: float


CARE, OPERATIONS, RETAIL = "Customer Care", "Operations", "Retail Services"
CLAIMS, TRACING, FINANCE = "Claims", "Tracing", "Finance"

GROUPS = (
	CourierGroup("Customer Care Riyadh", CARE, "SA", 20, 1.4),
	CourierGroup("Customer Care Jeddah", CARE, "SA", 12, 1.7),
	CourierGroup("Operations Riyadh", OPERATIONS, "SA", 7, 3.2),
	CourierGroup("Operations Dammam", OPERATIONS, "SA", 5, 5.5),
	CourierGroup("Retail Services Riyadh", RETAIL, "SA", 5, 2.4),
	CourierGroup("Claims Headquarters", CLAIMS, "SA", 4, 7.0),
	CourierGroup("Billing Headquarters", FINANCE, "SA", 4, 3.6),
	CourierGroup("Tracing Headquarters", TRACING, "SA", 5, 8.0),
	CourierGroup("Customer Care Dubai", CARE, "AE", 11, 1.2),
	CourierGroup("Operations Dubai", OPERATIONS, "AE", 4, 2.6),
	CourierGroup("Tracing Dubai", TRACING, "AE", 3, 6.5),
	CourierGroup("Customer Care Cairo", CARE, "EG", 9, 2.0),
	CourierGroup("Operations Cairo", OPERATIONS, "EG", 4, 6.5),
	CourierGroup("Customer Care Manama", CARE, "BH", 3, 1.5),
	CourierGroup("Operations Kuwait", OPERATIONS, "KW", 3, 3.4),
	CourierGroup("Customer Care Amman", CARE, "JO", 4, 1.8),
)

INQUIRY, COMPLAINT, REQUEST, TRACE, CLAIM, ADDRESS = (
	"Inquiry",
	"Complaint",
	"Request",
	"Shipment Tracing",
	"Claim",
	"Address Change",
)


class CourierCategory(NamedTuple):
	"""A ticket category: its share, how much work it is, and where it usually ends up (how often)."""

	name: str
	share: float
	effort: float
	department: str
	handed_over: float


CATEGORIES = (
	CourierCategory(INQUIRY, 30, 0.6, CARE, 0.0),
	CourierCategory(COMPLAINT, 24, 1.3, OPERATIONS, 0.45),
	CourierCategory(REQUEST, 15, 1.0, RETAIL, 0.3),
	CourierCategory(TRACE, 14, 1.5, TRACING, 0.85),
	CourierCategory(CLAIM, 9, 1.6, CLAIMS, 0.8),
	CourierCategory(ADDRESS, 8, 0.5, OPERATIONS, 0.4),
)

CHANNELS = {"Phone": 38, "E-mail": 24, "Website": 18, "Counter": 11, "Social Media": 9}
NEW, ACTIVE, WAITING, RESOLVED, CLOSED = "New", "In Progress", "Awaiting Customer", "Resolved", "Closed"
STATES = {NEW: "open", ACTIVE: "open", WAITING: "paused", RESOLVED: "resolved", CLOSED: "resolved"}

POLICIES = (
	("Inquiries", (INQUIRY, ADDRESS), 8),
	("Complaints", (COMPLAINT,), 16),
	("Tracing and Claims", (TRACE, CLAIM), 40),
	("Standard", (), 24),
)
"""Name, ticket categories (none: all others), working hours until TSM."""


def policy_text(say: Words) -> str:
	"""The courier's policy file, with its names in the language of `say`."""
	lines = [f"timezone = {_text(ZONE)}", "", "[states]"]
	lines += [f"{_text(say.name(state))} = {_text(meaning)}" for state, meaning in STATES.items()]
	for country, hours in HOURS.items():
		lines += ["", f"[calendars.{country}]", f"country = {_text(country)}"]
		lines += [f"hours = {_texts(hours)}", f"ramadan_hours = {_texts(RAMADAN_HOURS)}"]
	lines += ["", "[defaults]", f"country = {_text(HEADQUARTERS)}", f"department = {_text(say.name(CARE))}"]
	for group in GROUPS:
		lines += ["", f"[groups.{_text(say.name(group.name))}]"]
		lines += [f"country = {_text(group.country)}", f"department = {_text(say.name(group.department))}"]
	return "\n".join([*lines, *_policies(say), ""])


def _policies(say: Words) -> Iterator[str]:
	for name, categories, hours in POLICIES:
		yield from ("", "[[policies]]", f"name = {_text(say.name(name))}", 'groups = ["*"]')
		yield f"categories = {_texts([say.name(category) for category in categories] or ['*'])}"
		yield from _level(hours, "working", True, "TSM")
		yield from _level(24, "elapsed", False, "General Manager")


def _level(hours: int, clock: str, pauses: bool, target: str) -> Iterator[str]:
	yield from ("", "[[policies.levels]]", f"after_hours = {hours}", f"clock = {_text(clock)}")
	yield from (f"pauses = {_text(pauses)}", f"target = {_text(target)}")


def _text(value: str | bool) -> str:
	# a JSON string is a TOML basic string
	return json.dumps(value, ensure_ascii=False)


def _texts(values: Iterable[str]) -> str:
	return f"[{', '.join(_text(value) for value in values)}]"
