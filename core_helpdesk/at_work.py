"""Who changes what is governed: the app while it carries something out, or a person.

Every guard asks here; nothing a caller sends along can claim it.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import frappe

if TYPE_CHECKING:
	from collections.abc import Iterator

	from frappe.model.document import Document

SETTING_UP = ("in_install", "in_uninstall", "in_migrate", "in_patch")


@contextmanager
def the_app() -> Iterator[None]:
	"""Inside, what changes is the app's own doing: an approved request, or a date that has come."""
	before = frappe.flags.ch_at_work
	frappe.flags.ch_at_work = True
	try:
		yield
	finally:
		frappe.flags.ch_at_work = before


@contextmanager
def as_administrator() -> Iterator[None]:
	"""Hosts change their assignment rules with the rights of whoever saves a group, which a QA Specialist lacks.

	Only the name is lent: the framework's own way to change the user would end the session that is asking.
	"""
	session, user = frappe.local.session, frappe.session.user
	session.user = "Administrator"
	try:
		yield
	finally:
		session.user = user


def is_the_app(document: Document | None = None) -> bool:
	"""Whether a change is the app's own, or part of setting the site up."""
	if frappe.flags.ch_at_work or any(frappe.flags.get(flag) for flag in SETTING_UP):
		return True
	return bool(document and (document.flags.ch_engine or document.flags.ch_setup))
