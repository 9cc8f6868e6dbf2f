"""Where messages to a ticket's customer may go: what the stored ticket and its contact say, nothing typed elsewhere."""

from __future__ import annotations

from email.utils import parseaddr
from typing import NamedTuple

import frappe
from frappe.utils import cstr, get_url, validate_email_address

from core_helpdesk.hosts.hd_ticket import DOCTYPE


class Reach(NamedTuple):
	"""How the customer of a ticket is reached; empty is not at all. `user` is their own way into the portal."""

	email: str = ""
	mobile: str = ""
	user: str = ""
	language: str = ""


def reach_of(ticket: str | int) -> Reach:
	"""Policy: TRC-21"""
	found = frappe.db.get_value(DOCTYPE, cstr(ticket), ["raised_by", "contact"], as_dict=True)
	if not found:
		return Reach()
	contact = _contact(found.contact)
	email = _address(found.raised_by) or _address(contact.email_id)
	user = _user(email)
	return Reach(email, contact.mobile_no or "", user.name or "", user.language or "")


def _contact(name: str | None) -> frappe._dict:
	found = frappe.db.get_value("Contact", name, ["email_id", "mobile_no"], as_dict=True) if name else None
	return found or frappe._dict()


def _address(text: str | None) -> str:
	"""One address, and not one of ours that reads mail: what went there would come back."""
	address = parseaddr(text or "")[1].strip().lower()
	if not address or (validate_email_address(address) or "").lower() != address:
		return ""
	own = {"email_id": address, "enable_incoming": 1}
	return "" if frappe.db.exists("Email Account", own) else address


def _user(email: str) -> frappe._dict:
	wanted = {"email": email, "enabled": 1}
	found = frappe.db.get_value("User", wanted, ["name", "language"], as_dict=True) if email else None
	return found or frappe._dict()


def is_staff(user: str) -> bool:
	"""Whether somebody works on the site, rather than being a customer of it or nobody that it knows."""
	return frappe.get_cached_value("User", user, "user_type") == "System User"


def portal_url(ticket: str | int) -> str:
	"""The ticket's page for its customer."""
	return get_url(f"/helpdesk/my-tickets/{cstr(ticket)}")
