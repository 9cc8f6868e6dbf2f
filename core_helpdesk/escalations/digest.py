"""A storm of copies to one person in one sweep becomes one mail that lists them.

The digest is an effect like any other, unique by its key; carrying it out locks the single copies, lists those that
still hold, and ticks them off in the same transaction.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

import frappe
from frappe.query_builder.functions import Count

from core_helpdesk import config
from core_helpdesk.escalations import last_look, tables
from core_helpdesk.escalations.outbox import COPY_MAIL
from core_helpdesk.escalations.outcome import DONE, FAILED, PENDING, SKIPPED, Outcome, done, skipped, write
from core_helpdesk.hosts import hd_ticket
from core_helpdesk.mail import delivery, letters, outgoing

if TYPE_CHECKING:
	from collections.abc import Iterable, Iterator, Sequence

DOCTYPE = "Escalation Effect"
DIGEST_MAIL = "Digest Mail"
COLUMNS = (
	"name",
	"title",
	"effect_key",
	"kind",
	"recipient",
	"state",
	"sweep",
	"not_before_epoch",
	"payload",
)


class Storm(NamedTuple):
	"""Copies of one sweep to one person, more of them than Settings sends one by one."""

	sweep: str
	user: str


def is_storm(effect: frappe._dict) -> bool:
	"""True if the copy's reader gets more of this sweep than Settings sends one by one."""
	threshold = config.settings().storm_threshold
	if not (threshold and effect.sweep):
		return False
	same = {"sweep": effect.sweep, "kind": COPY_MAIL, "recipient": effect.recipient}
	return len(frappe.get_all(DOCTYPE, same, pluck="name", limit=threshold + 1)) > threshold


def storms_of(sweeps: Iterable[str | None]) -> set[Storm]:
	"""The storms in these sweeps: one query over the copies of the sweeps."""
	known = [sweep for sweep in set(sweeps) if sweep]
	threshold = config.settings().storm_threshold
	if not known or not threshold:
		return set()
	table = frappe.qb.DocType(DOCTYPE)
	query = (
		frappe.qb.from_(table)
		.select(table.sweep, table.recipient)
		.where(table.sweep.isin(known) & (table.kind == COPY_MAIL))
		.groupby(table.sweep, table.recipient)
		.having(Count("*") > threshold)
	)
	return {Storm(*row) for row in query.run()}


def open_storms(batch: Sequence[frappe._dict], now: int) -> set[Storm]:
	"""The storms that a batch of pending effects belongs to, each with a digest that waits to be carried out."""
	copies = [effect for effect in batch if effect.kind == COPY_MAIL]
	if not copies or last_look.mode_says_no():
		return set()
	storms = storms_of(effect.sweep for effect in copies) & {
		Storm(copy.sweep, copy.recipient) for copy in copies
	}
	for storm in storms:
		ensure(storm.sweep, storm.user, now)
	return storms


def first(batch: Sequence[frappe._dict], storms: set[Storm]) -> Iterator[str]:
	"""The names of a batch in the order of work: digests, then all but the copies that these tick off."""
	yield from (name for storm in sorted(storms) for name in _pending_digests(storm))
	for effect in batch:
		is_listed = effect.kind == COPY_MAIL and Storm(effect.sweep, effect.recipient) in storms
		if not is_listed:
			yield effect.name


def ensure(sweep: str, user: str, now: int) -> None:
	"""Makes a digest for the storm unless one is pending; of two workers one makes it."""
	if _pending_digests(Storm(sweep, user)):
		return
	number = frappe.db.count(DOCTYPE, {"sweep": sweep, "kind": DIGEST_MAIL, "recipient": user}) + 1
	key = f"digest:{sweep}:{user}:{number}"[:190]
	row = (
		tables.new_names(1)[0],
		f"{user} · {DIGEST_MAIL}",
		key,
		DIGEST_MAIL,
		user,
		PENDING,
		sweep,
		now,
		None,
	)
	tables.insert(DOCTYPE, COLUMNS, [row])


def _pending_digests(storm: Storm) -> list[str]:
	pending = {"sweep": storm.sweep, "kind": DIGEST_MAIL, "recipient": storm.user, "state": PENDING}
	return frappe.get_all(DOCTYPE, pending, pluck="name")


def send(effect: frappe._dict, now: int) -> Outcome:
	"""Lists every copy of the storm that still holds in one mail, and ticks all of them off."""
	copies = _locked_copies(effect)
	holding, over = _sorted_out(copies)
	for copy, why in over:
		_tick_off([copy], SKIPPED, why, now)
		delivery.not_sent(copy.ticket_escalation, effect.recipient, why)
	if not holding:
		return skipped("Nothing Left")
	letter = letters.digest([escalation for _copy, escalation in holding], effect.recipient, now)
	mail = outgoing.queue(letter)
	names = [escalation.name for _copy, escalation in holding]
	_tick_off([copy for copy, _escalation in holding], DONE, f"Digest {effect.name}", now)
	delivery.queued(names, effect.recipient, mail, now, after_failure=effect.attempts > 0)
	write(DOCTYPE, [effect.name], {"payload": json.dumps({"escalations": names})})
	return done(mail.email_queue)


def _locked_copies(effect: frappe._dict) -> list[frappe._dict]:
	"""The pending copies of the storm, but those that another worker is at: they make a digest of their own."""
	table = frappe.qb.DocType(DOCTYPE)
	query = (
		frappe.qb.from_(table)
		.select(table.name, table.ticket_escalation, table.attempts)
		.where(
			(table.sweep == effect.sweep)
			& (table.kind == COPY_MAIL)
			& (table.recipient == effect.recipient)
			& (table.state == PENDING)
		)
		.for_update(skip_locked=True)
	)
	return query.run(as_dict=True)


def _sorted_out(
	copies: Sequence[frappe._dict],
) -> tuple[list[tuple[frappe._dict, frappe._dict]], list[tuple[frappe._dict, str]]]:
	"""Copies whose escalation holds, with it, and those that are over, with why."""
	found = last_look.escalations_named(copy.ticket_escalation for copy in copies)
	escalations = {escalation.name: escalation for escalation in found}
	tickets = hd_ticket.facts_by_name(escalation.reference_name for escalation in found)
	holding, over = [], []
	for copy in copies:
		escalation = escalations.get(copy.ticket_escalation)
		ticket = tickets[escalation.reference_name] if escalation else hd_ticket.TicketFacts("", exists=False)
		why = last_look.over(escalation, ticket)
		over.append((copy, why)) if why else holding.append((copy, escalation))
	return sorted(holding, key=lambda pair: (pair[1].escalated_epoch or 0, pair[1].name)), over


def _tick_off(copies: Sequence[frappe._dict], state: str, result: str, now: int) -> None:
	names = [copy.name for copy in copies]
	values = {"state": state, "result": result, "attempts": 1, "done_on": config.from_epoch(now)}
	write(DOCTYPE, names, values)


def fail(effect: frappe._dict, why: str, state: str, not_before: int) -> None:
	"""Shows a failed digest on every escalation it lists; its copies wait, or fail, with it."""
	copies = _locked_copies(effect)
	if not copies:
		return
	names = [copy.name for copy in copies]
	values = {"state": state, "result": why[:140], "not_before_epoch": not_before}
	write(DOCTYPE, names, values)
	delivery.failed([copy.ticket_escalation for copy in copies], effect.recipient, why)
	if state == FAILED:
		write(DOCTYPE, [effect.name], {"payload": json.dumps({"copies": names})})
