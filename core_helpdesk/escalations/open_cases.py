"""Which tickets have a tracing case that is still open: while it is, its own clock counts and its escalations hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe.utils import cstr

if TYPE_CHECKING:
	from collections.abc import Iterable

DOCTYPE = "Tracing Case"
CLOSED = "Closed"


def is_open(ticket: str) -> bool:
	return bool(among([ticket]))


def among(tickets: Iterable[str]) -> set[str]:
	"""Those of the tickets that have an open case.

	Policy: TRC-03
	"""
	wanted = {"ticket": ("in", [cstr(ticket) for ticket in tickets] or [""]), "status": ("!=", CLOSED)}
	return set(frappe.get_all(DOCTYPE, wanted, pluck="ticket"))
