"""Who reads a report, and what of it: asked by the reports themselves, whatever way they are run.

Policy: CORE-11, CORE-13, TSM-12
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import frappe
from frappe import _
from frappe.utils import cstr

from core_helpdesk import permissions
from core_helpdesk.setup.roles import (
	CUSTOMER_SERVICE_MANAGER,
	DEPARTMENT_MANAGER,
	GENERAL_MANAGER,
	QA_SPECIALIST,
	TSM_AGENT,
)

if TYPE_CHECKING:
	from collections.abc import Iterable

READERS = (QA_SPECIALIST, CUSTOMER_SERVICE_MANAGER, DEPARTMENT_MANAGER, GENERAL_MANAGER)
OF_TICKETS = (*READERS, TSM_AGENT)


class Reader(NamedTuple):
	"""Who asks, what they may see, and the groups that do not exist for them."""

	user: str
	scope: permissions.Scope
	concealed: frozenset[str]

	def sees(self, department: str, country: str) -> bool:
		return self.scope.covers(department, country)

	def knows(self, groups: Iterable[str]) -> bool:
		"""Whether none of these names is to be kept from the reader."""
		return self.concealed.isdisjoint(groups)


def reader(roles: tuple[str, ...] = READERS) -> Reader:
	"""The present user as a reader of groups and requests, or of what else these roles read.

	Raises: PermissionError for anybody without one of the roles.
	"""
	if not set(roles).intersection(frappe.get_roles()):
		refuse()
	user = frappe.session.user
	return Reader(user, permissions.scope(user), frozenset(permissions.concealed_from(user)))


def refuse() -> None:
	message = _("This report is not for you. Ask a QA Specialist for what you need.")
	frappe.throw(message, frappe.PermissionError, title=_("Not Permitted"))


def chosen(filters: dict[str, Any] | None, name: str) -> str:
	"""A filter's value as text: what comes over REST need not be any."""
	value = (filters or {}).get(name)
	return "" if value is None or isinstance(value, (dict, list)) else cstr(value).strip()


def chosen_of(filters: dict[str, Any] | None, *names: str) -> dict[str, str]:
	"""The filters that are set."""
	found = {name: chosen(filters, name) for name in names}
	return {name: value for name, value in found.items() if value}


def why_nothing(reader: Reader, wanted: dict[str, str]) -> str:
	"""What stands where nothing is: the reader answers for no department, or asked for less; empty if neither is so."""
	if not reader.scope.sees_all and not reader.scope.areas:
		return _("You are not head of a department now, nor acting as deputy: there is nothing to show.")
	return nothing_matches() if wanted else ""


def nothing_matches() -> str:
	return _("Nothing that you may see matches these filters.")
