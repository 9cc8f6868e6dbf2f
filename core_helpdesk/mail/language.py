"""Speaks to each reader in their own language, whoever's session or job is running."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import frappe

from core_helpdesk.mail.remembered import remembered

if TYPE_CHECKING:
	from collections.abc import Iterator

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ps", "ur"})


def language_of(user: str) -> str:
	"""The user's language, else the site's."""
	return remembered(("language", user), lambda: _language_of(user))


def _language_of(user: str) -> str:
	own = frappe.db.get_value("User", user, "language") if user else None
	return own or site_language()


def site_language() -> str:
	return frappe.db.get_default("lang") or "en"


def direction(language: str) -> str:
	return "rtl" if language.split("-")[0] in RIGHT_TO_LEFT else "ltr"


@contextmanager
def speaking(language: str) -> Iterator[None]:
	"""Translations and templates speak this language inside, and what they spoke before afterwards."""
	local = frappe.local
	language_before, templates_before = local.lang, local.jenv
	kept = _kept_templates()
	local.lang, local.jenv = language, kept.get(language)
	try:
		yield
	finally:
		kept[language] = local.jenv
		local.lang, local.jenv = language_before, templates_before


def _kept_templates() -> dict[str, object]:
	"""Template environments by language: making one costs more than rendering a mail."""
	if not hasattr(frappe.local, "ch_templates"):
		frappe.local.ch_templates = {}
	return frappe.local.ch_templates
