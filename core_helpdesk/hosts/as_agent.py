"""Writing to the host for people whom the app has asked before, and whom the host does not take for agents."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import frappe

if TYPE_CHECKING:
	from collections.abc import Iterator

AGENT = "Agent"


@contextmanager
def as_agent() -> Iterator[None]:
	"""The block runs as somebody whom the host takes for an agent.

	It asks everybody else for feedback before a ticket is closed, lets them change no ticket that has it, and lets them
	take nobody off a ticket who is not in its new group.
	"""
	user = frappe.session.user
	# Not `set_user`: it would empty the session, whose owner is still there after this save.
	frappe.session.user = user if AGENT in frappe.get_roles(user) else "Administrator"
	try:
		yield
	finally:
		frappe.session.user = user
