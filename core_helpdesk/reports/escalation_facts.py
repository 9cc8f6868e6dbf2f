"""Reads escalations and what was done about each, as far as it matters to the figures of a stretch of time.

Escalations are few beside tickets, and each stands for a person's work: they are read one by one.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import frappe

from core_helpdesk import config
from core_helpdesk.domain.escalation_measures import Followed, Outcome
from core_helpdesk.domain.ticket_facts import LAPSED, Place
from core_helpdesk.escalations import follow_up
from core_helpdesk.reports.ticket_counts import ESCALATION, PLACE, within

if TYPE_CHECKING:
	from collections.abc import Iterable, Iterator

	from pypika.queries import Table
	from pypika.terms import Criterion

	from core_helpdesk.domain.period import Period
	from core_helpdesk.reports.ticket_places import Choice

RECIPIENT = "Escalation Recipient"
FIELDS = (
	"name",
	"reference_name",
	"escalated_epoch",
	"level",
	"target",
	"clock",
	"answer_due_epoch",
	"ended_epoch",
	"status",
	"outcome_on",
	"tsm_owner",
	"head",
	*PLACE,
)
OUTCOMES = {
	"Solved": Outcome.SOLVED,
	"Closed with Ticket": Outcome.SOLVED,
	"Failed": Outcome.FAILED,
	"Handed Back": Outcome.HANDED_BACK,
}
DONE = (
	follow_up.ACKNOWLEDGED,
	follow_up.HEAD_CONTACTED,
	follow_up.NOTE,
	follow_up.MAIL,
	follow_up.SOLVED,
	follow_up.FAILED,
	follow_up.HANDED_BACK,
)
"""Entries of the log that are follow-up, in contrast to what is noted by itself."""
ROWS_AT_ONCE = 1000


def of(period: Period, choice: Choice) -> list[Followed]:
	"""The escalations that any measure counts in the period or a part of it, as the reader sees them, by name.

	Policy: CORE-13, TSM-12
	"""
	table, rows = frappe.qb.DocType(ESCALATION), {}
	for condition in _conditions(table, period):
		for row in frappe.qb.from_(table).select(*FIELDS).where(condition).run():
			rows[row[0]] = row
	seen = cache(lambda *words: choice.seen(Place(*(word or "" for word in words))))
	facts = [
		_fact(frappe._dict(zip(FIELDS, row, strict=True)), place)
		for _name, row in sorted(rows.items())
		if (place := seen(*row[-len(PLACE) :]))
	]
	confirmed = _confirmed([fact.name for fact in facts if fact.head])
	return [
		replace(fact, confirmed=confirmed[fact.name, fact.head])
		if (fact.name, fact.head) in confirmed
		else fact
		for fact in facts
	]


def _conditions(table: Table, period: Period) -> Iterator[Criterion]:
	"""What came in the period, then of what came before it what was due, ended or open in it: each a range of one key."""
	start = max(period.start, 1)
	came_before = table.escalated_epoch < start
	yield within(table.escalated_epoch, period)
	yield within(table.answer_due_epoch, period) & came_before
	yield (table.ended_epoch >= start) & came_before
	yield (table.ended_epoch == 0) & table.outcome_on.isnull() & came_before
	# Given up: no end, but an outcome.
	yield (table.ended_epoch == 0) & (table.outcome_on >= config.from_epoch(start)) & came_before


def _fact(row: frappe._dict, place: Place) -> Followed:
	ended = row.ended_epoch or 0
	# A ticket that was merged or deleted leaves nothing to solve.
	outcome = Outcome.NONE if ended == LAPSED else OUTCOMES.get(row.status, Outcome.NONE)
	return Followed(
		row.reference_name,
		place,
		row.escalated_epoch or 0,
		row.level,
		row.target or "",
		row.clock or "",
		row.answer_due_epoch or 0,
		ended,
		name=row.name,
		owner=row.tsm_owner or "",
		head=row.head or "",
		outcome=outcome,
		over=0 if outcome is Outcome.NONE else ended or config.to_epoch(row.outcome_on),
	)


def _confirmed(names: list[str]) -> dict[tuple[str, str], int]:
	"""When a person confirmed receipt of an escalation."""
	found = {}
	for part in _some(names):
		filters = {"parenttype": ESCALATION, "parent": ("in", part), "confirmed_on": ("is", "set")}
		fields = ["parent", "user", "confirmed_on"]
		for row in frappe.get_all(RECIPIENT, filters, fields, order_by=None):
			found[row.parent, row.user] = config.to_epoch(row.confirmed_on)
	return found


def with_neglect(facts: Iterable[Followed], period: Period) -> list[Followed]:
	"""The same facts with the next actions whose time passed in the period and nothing had been done.

	Policy: TSM-07
	"""
	facts = list(facts)
	logs = _logs([fact.name for fact in facts if fact.ended != LAPSED and not 0 < fact.over < period.start])
	return [
		replace(fact, neglected=tuple(filter(period.holds, _neglected(fact, logs[fact.name]))))
		if fact.name in logs
		else fact
		for fact in facts
	]


def _logs(names: list[str]) -> dict[str, list[tuple[int, int]]]:
	"""Of each escalation with a log of follow-up, in its order, when something was done and what was next due."""
	found: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
	for part in _some(names):
		filters = {"parenttype": ESCALATION, "parent": ("in", part), "kind": ("in", DONE)}
		fields = ["parent", "at", "next_action_at"]
		for row in frappe.get_all(follow_up.DOCTYPE, filters, fields, order_by="parent, idx"):
			found[row.parent].append((config.to_epoch(row.at), config.to_epoch(row.next_action_at)))
	return found


def _neglected(fact: Followed, log: list[tuple[int, int]]) -> Iterator[int]:
	"""The moments of next actions before which nothing came: neither an entry nor the end."""
	for number, (_at, due) in enumerate(log):
		after = [at for at, _due in log[number + 1 :]] + ([fact.over] if fact.over else [])
		if due and not any(at <= due for at in after):
			yield due


def _some(names: list[str]) -> Iterator[list[str]]:
	for first in range(0, len(names), ROWS_AT_ONCE):
		yield names[first : first + ROWS_AT_ONCE]
