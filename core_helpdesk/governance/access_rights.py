"""Which roles open what: the rights on doctypes as they are now, and which of them somebody added on this site.

Reads DocPerm and Custom DocPerm past every cache: a site may have changed them a moment ago.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

import frappe
from frappe.utils import cint

if TYPE_CHECKING:
	from collections.abc import Iterable
	from datetime import datetime

CHANGING = ("create", "write", "delete")


class Right(NamedTuple):
	"""What a role may do with a doctype; `since` is empty for what came with an app."""

	role: str
	actions: frozenset[str]
	is_custom: bool
	own_only: bool
	since: datetime | None


def rights(doctypes: Iterable[str]) -> dict[tuple[str, int], list[Right]]:
	"""The rights to change documents, by doctype and level of fields.

	Where a site has rights of its own for a doctype, they take the place of all that came with the app.
	"""
	names = sorted(set(doctypes))
	shipped, own = _rows("DocPerm", names), _rows("Custom DocPerm", names)
	changed = {row.parent for row in own}
	known = {(row.parent, row.permlevel, row.role, action) for row in shipped for action in _actions(row)}
	found: dict[tuple[str, int], list[Right]] = defaultdict(list)
	for row in own + [row for row in shipped if row.parent not in changed]:
		actions = _actions(row)
		if not actions:
			continue
		place = (row.parent, cint(row.permlevel))
		added = {action for action in actions if (*place, row.role, action) not in known}
		is_custom = row.parent in changed and bool(added)
		since = row.creation if is_custom else None
		found[place].append(Right(row.role, actions, is_custom, bool(row.if_owner), since))
	return found


def _rows(doctype: str, parents: list[str]) -> list[frappe._dict]:
	fields = ["parent", "role", "permlevel", "if_owner", "creation", *CHANGING]
	return frappe.get_all(doctype, {"parent": ("in", parents)}, fields, order_by="parent, permlevel, role")


def _actions(row: frappe._dict) -> frozenset[str]:
	# Fields of a higher level are written only; creating and deleting is said at level 0.
	considered = ("write",) if cint(row.permlevel) else CHANGING
	return frozenset(action for action in considered if row.get(action))
