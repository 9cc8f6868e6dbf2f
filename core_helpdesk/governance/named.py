"""What people are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe

if TYPE_CHECKING:
	from collections.abc import Iterable


def full_names(users: Iterable[str | None]) -> dict[str, str]:
	"""The name of each user there is."""
	named = sorted({user for user in users if user})
	rows = frappe.get_all("User", {"name": ("in", named or [""])}, ["name", "full_name"])
	return {row.name: row.full_name or row.name for row in rows}
