"""Tells customers what happened inside a ticket's save once that is committed: the save waits for no mail."""

from __future__ import annotations

from contextlib import suppress
from functools import partial

import frappe

from core_helpdesk.tracing import records, rules

OPENED, REOPENED, HANDED_OVER = "Opened", "Reopened", "Handed Over Abroad"


def later(case: str, event: str) -> None:
	"""Lets a job tell the customer of a case; where none can be queued, nobody is told and the save stands.

	Policy: TRC-21
	"""
	if rules.is_live():
		frappe.db.after_commit.add(partial(_queue, case, event))


def _queue(case: str, event: str) -> None:
	with suppress(Exception):
		frappe.enqueue("core_helpdesk.tracing.news.tell", case=case, event=event)


def tell(case: str, event: str) -> str:
	"""Tells the customer, unless the case is over; returns why not, empty when told."""
	from core_helpdesk.tracing import telling

	found = records.locked(case)
	return telling.tell(found, event) if found.status != records.CLOSED else found.closing
