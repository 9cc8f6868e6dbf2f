"""Second step of a claim, in bulk: whom it reaches, what follows, and the count day by day.

A claim leaves one row in the outbox, the effect TSM Owner in the state "Claimed"; here the others join it and all of
them become pending, in one transaction.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, NamedTuple

import frappe
from frappe import _

from core_helpdesk import config
from core_helpdesk.escalations import explanation, outbox, tables
from core_helpdesk.escalations.people import People, people_for
from core_helpdesk.escalations.transactions import is_lost, is_out_of_time
from core_helpdesk.mail import notices

if TYPE_CHECKING:
	from collections.abc import Iterator, Sequence
	from datetime import date

	from core_helpdesk.config import SiteRules

ESCALATION = "Ticket Escalation"
RECIPIENT = "Escalation Recipient"
NOT_ANNOUNCED = "Escalation Not Announced"
RECIPIENT_COLUMNS = ("name", "parent", "parenttype", "parentfield", "user", "capacity", "delivery")
ROWS_AT_ONCE = 500
READ = (
	"name",
	"reference_name",
	"cycle",
	"level",
	"target",
	"department",
	"country",
	"policy",
	"explanation",
)


class Claimed(NamedTuple):
	"""A level that was claimed and of which nobody knows yet."""

	effect: str
	clock: str
	sweep: str
	escalation: str
	ticket: str
	cycle: int
	level: int
	target: str
	department: str
	country: str
	policy: str
	explanation: str


def run(now: int, until: float) -> int:
	"""Announces what was claimed, batch by batch, each committed; returns how many levels that were."""
	after, count = "", 0
	today = config.from_epoch(now).date()
	while time.monotonic() < until:
		batch = _claimed(after)
		if not batch:
			break
		after = batch[-1].effect
		count += _announce(batch, today)
	return count


def _claimed(after: str) -> list[Claimed]:
	"""The next claims, locked; those that another sweep announces are left to it."""
	effect, escalation = frappe.qb.DocType(outbox.DOCTYPE), frappe.qb.DocType(ESCALATION)
	found = (
		frappe.qb.from_(effect)
		.select(effect.name, effect.ticket_clock, effect.sweep, effect.ticket_escalation)
		.where((effect.state == outbox.CLAIMED) & (effect.not_before_epoch == 0) & (effect.name > after))
		.orderby(effect.name)
		.limit(ROWS_AT_ONCE)
		.for_update(skip_locked=True)
		.run()
	)
	if not found:
		return []
	names = [row[3] for row in found]
	read = frappe.qb.from_(escalation).select(*READ).where(escalation.name.isin(names)).run()
	facts = {values[0]: values[1:] for values in read}
	return [Claimed(*row, *facts[row[3]]) for row in found if row[3] in facts]


def _announce(batch: Sequence[Claimed], today: date) -> int:
	try:
		_write(batch, today)
		frappe.db.commit()  # nosemgrep: a batch is announced as a whole
		return len(batch)
	except Exception as error:
		frappe.db.rollback()
		if is_out_of_time(error):
			raise
		if is_lost(error):
			return 0
	return sum(_announce_alone(each, today) for each in batch)


def _announce_alone(each: Claimed, today: date) -> bool:
	"""Announces one claim; one that cannot be is marked as failed and shown, so that it stops nobody."""
	try:
		_write([each], today)
		frappe.db.commit()  # nosemgrep: one claim is announced
		return True
	except Exception as error:
		frappe.db.rollback()
		if is_out_of_time(error):
			raise
		if not is_lost(error):
			values = {"state": "Failed", "result": type(error).__name__, "error": frappe.get_traceback()}
			frappe.db.set_value(outbox.DOCTYPE, each.effect, values)
			frappe.log_error(title=f"Escalation {each.escalation} not announced", message=values["error"])
			frappe.db.commit()  # nosemgrep: the failure must stand whatever happens to the next one
			_alarm(each, type(error).__name__)
		return False


def _alarm(each: Claimed, why: str) -> None:
	"""Tells the QA Specialists that nobody was told of a level.

	Policy: TSM-06
	"""
	details = _("Ticket {0} has escalated to {1}, and nobody could be told of it: {2}")
	remedy = _(
		"Repair what the Error Log of this escalation names, then choose Send Again on the escalation."
	)
	shown = details.format(each.ticket, _(each.target), why)
	notices.alarm(NOT_ANNOUNCED, each.escalation, shown, remedy, ESCALATION, each.escalation)
	frappe.db.commit()  # nosemgrep: the alarm belongs to the failure that stands already


def _write(batch: Sequence[Claimed], today: date) -> None:
	rules = config.site_rules()
	reached = _people(batch, today)
	people = [reached[each.target, each.department, each.country] for each in batch]
	recipients = list(_recipients(batch, people))
	names = tables.new_names(len(recipients))
	tables.insert(
		RECIPIENT, RECIPIENT_COLUMNS, [(name, *row) for name, row in zip(names, recipients, strict=True)]
	)
	outbox.insert(_effects(batch, people, rules))
	columns = ("name", "head", "head_capacity", "gap", "explanation")
	tables.replace(ESCALATION, columns, [_known(*pair, rules) for pair in zip(batch, people, strict=True)])
	tables.replace(outbox.DOCTYPE, ("name", "state"), [(each.effect, outbox.PENDING) for each in batch])


def _people(batch: Sequence[Claimed], today: date) -> dict[tuple, People]:
	places = {(each.target, each.department, each.country) for each in batch}
	return {place: people_for(place[0], place[1] or "", place[2] or "", today) for place in places}


def _known(each: Claimed, people: People, rules: SiteRules) -> tuple:
	facts = explanation.with_lines(json.loads(each.explanation or "{}"), rules)
	return (
		each.escalation,
		people.head or None,
		people.head_capacity or None,
		"\n".join(people.gaps) or None,
		json.dumps(facts, ensure_ascii=False),
	)


def _recipients(batch: Sequence[Claimed], people: Sequence[People]) -> Iterator[tuple]:
	for each, reached in zip(batch, people, strict=True):
		for person in reached.recipients:
			yield each.escalation, ESCALATION, "recipients", person.user, person.capacity, "Waiting"


def _effects(batch: Sequence[Claimed], people: Sequence[People], rules: SiteRules) -> Iterator[outbox.Effect]:
	for each, reached in zip(batch, people, strict=True):
		level = rules.policy(each.policy).levels[each.level - 1]
		about = outbox.Effect(
			each.escalation,
			each.clock,
			each.cycle,
			each.level,
			"",
			each.ticket,
			each.sweep,
			escalation=each.escalation,
		)
		yield from outbox.that_follow(about, reached, moves_ticket=level.moves_ticket)
