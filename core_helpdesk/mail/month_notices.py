"""Notices in the Desk about the months of tracing, each in its reader's language: made, not sent yet, to be reviewed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _

from core_helpdesk import months
from core_helpdesk.mail import language, notices

if TYPE_CHECKING:
	from collections.abc import Callable, Iterable, Sequence

DOCTYPE = "Tracing Month"


def made(month: str, users: Iterable[str]) -> None:
	"""Who sends the report hears that it waits.

	Policy: TRC-18
	"""
	_tell(
		users, [month], lambda: _("The tracing report of {0} is made: please add your remarks, and send it.")
	)


def not_sent(found: Sequence[str], users: Iterable[str]) -> None:
	"""One notice for all months that wait, leading to the first.

	Policy: TRC-18
	"""
	_tell(users, found, lambda: _("Tracing reports that are made and still not sent: {0}"))


def to_review(month: str, users: Iterable[str]) -> None:
	"""Policy: TRC-20"""
	_tell(users, [month], lambda: _("The tracing report of {0} waits for your review."))


def _tell(users: Iterable[str], found: Sequence[str], text: Callable[[], str]) -> None:
	for user in users:
		with language.speaking(language.language_of(user)):
			named = ", ".join(months.in_words(month, frappe.local.lang) for month in found)
			notices.insert(user, text().format(named), DOCTYPE, found[0])
