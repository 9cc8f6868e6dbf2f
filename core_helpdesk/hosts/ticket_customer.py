"""Who raised a ticket on the host, and how they are reached: from their own record, never from what a caller sends."""

from __future__ import annotations

from typing import NamedTuple

import frappe
from frappe.utils import cstr

from core_helpdesk.hosts.hd_ticket import DOCTYPE


class Customer(NamedTuple):
	"""Whoever raised a ticket; what is not known is empty."""

	email: str = ""
	name: str = ""
	phone: str = ""
	language: str = ""


def of(ticket: str | int) -> Customer:
	"""The customer of a stored ticket; one query."""
	host, contact, user = map(frappe.qb.DocType, (DOCTYPE, "Contact", "User"))
	query = (
		frappe.qb.from_(host)
		.left_join(contact)
		.on(contact.name == host.contact)
		.left_join(user)
		.on(user.name == host.raised_by)
		.select(host.raised_by, contact.first_name, contact.last_name, user.full_name)
		.select(contact.mobile_no, contact.phone, user.language, contact.email_id)
		.where(host.name == cstr(ticket))
	)
	found = query.run()
	if not found:
		return Customer()
	email, first, last, full_name, mobile, phone, language, written = (value or "" for value in found[0])
	return Customer(
		email or written, " ".join(filter(None, (first, last))) or full_name, mobile or phone, language
	)
