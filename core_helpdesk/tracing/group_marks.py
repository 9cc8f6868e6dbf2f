"""What a change of a group means for tracing: which groups trace is read anew, and what is in a new one is found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core_helpdesk.governance.governed_records import plain
from core_helpdesk.tracing import reconcile, rules

if TYPE_CHECKING:
	from frappe.model.document import Document

MARKS = (rules.FIELD, "ch_country", "ch_hidden", "ch_stage", "disabled")


def follow(team: Document) -> None:
	"""Tickets that are in a group when it is marked are traced from then on, by a job.

	Policy: TRC-02
	"""
	before = team.get_doc_before_save()
	if before and all(plain(team, mark) == plain(before, mark) for mark in MARKS):
		return
	rules.forget()
	if before and team.get(rules.FIELD) and rules.is_on():
		reconcile.soon()


def forget() -> None:
	rules.forget()
