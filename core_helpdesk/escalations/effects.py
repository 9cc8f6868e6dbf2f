"""Carries out what a claim wrote into the outbox: each effect once, in a transaction of its own.

An effect is ticked off in the transaction that does it, so a killed worker leaves it either done or untouched.
Two workers share the outbox by row locks; a level's clock is never touched here.
"""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import frappe

from core_helpdesk import config
from core_helpdesk.escalations import digest, kinds, transactions
from core_helpdesk.escalations.outcome import DONE, FAILED, PENDING, SKIPPED, WAITS, Outcome, write
from core_helpdesk.mail import delivery, language
from core_helpdesk.mail.outgoing import NotQueued
from core_helpdesk.mail.remembered import remembering

if TYPE_CHECKING:
	from collections.abc import Iterator

DOCTYPE = "Escalation Effect"
TAKEN = "Taken"
LOST = "Lost"
COLUMNS = (
	"name",
	"kind",
	"ticket_escalation",
	"ticket_clock",
	"recipient",
	"sweep",
	"payload",
	"attempts",
)
SAVEPOINT = "ch_effect"
BATCH = 200
ATTEMPTS = 10
FIRST_WAIT, LONGEST_WAIT = 60, 2 * 3600


class Next(NamedTuple):
	"""Where a pass through the outbox stands: what comes after this."""

	not_before: int = -1
	name: str = ""


def run(now: int, until_monotonic: float) -> dict[str, int]:
	"""Carries out what is pending until nothing is left or the time is up; returns how many ended how.

	Units: `now` is seconds since the epoch; `until_monotonic` is on the clock of `time.monotonic`.
	Policy: TSM-05, TSM-06
	"""
	counts: Counter[str] = Counter()
	with transactions.read_committed(), language.speaking(language.site_language()), remembering():
		while _pass(now, until_monotonic, counts):
			continue
	return dict(counts)


def _pass(now: int, until: float, counts: Counter[str]) -> bool:
	"""One pass through the outbox; True if it moved anything on and time is left."""
	moved = 0
	for batch in _pending(now):
		storms = digest.open_storms(batch, now)
		frappe.db.commit()  # nosemgrep: the digests of this batch stand before any of its mails
		for effect in digest.first(batch, storms):
			if time.monotonic() >= until:
				return False
			state = _one(effect, now)
			counts[state] += 1
			moved += state in (DONE, SKIPPED, FAILED)
	return moved > 0


def _pending(now: int) -> Iterator[list[frappe._dict]]:
	after = Next()
	while True:
		batch = _batch(now, after)
		if not batch:
			return
		after = Next(batch[-1].not_before_epoch, batch[-1].name)
		yield batch


def _batch(now: int, after: Next) -> list[frappe._dict]:
	table = frappe.qb.DocType(DOCTYPE)
	later = (table.not_before_epoch > after.not_before) | (
		(table.not_before_epoch == after.not_before) & (table.name > after.name)
	)
	query = (
		frappe.qb.from_(table)
		.select(table.name, table.kind, table.sweep, table.recipient, table.not_before_epoch)
		.where((table.state == PENDING) & (table.not_before_epoch <= now) & later)
		.orderby(table.not_before_epoch)
		.orderby(table.name)
		.limit(BATCH)
	)
	return query.run(as_dict=True)


def _one(name: str, now: int) -> str:
	try:
		state = carry_out(name, now)
	except Exception as error:
		frappe.db.rollback()
		if not transactions.is_lost(error):
			raise
		return LOST
	frappe.db.commit()  # nosemgrep: each effect is a transaction of its own
	frappe.local.message_log = []
	return state


def carry_out(name: str, now: int) -> str:
	"""Does one effect and ticks it off, in the caller's transaction; returns how it ended.

	"Taken": somebody else is at it, or it is not pending any more. A failure is noted on the effect, which waits
	longer each time; the last one fails it, visibly. A lost transaction raises, and so does the end of the job.
	"""
	effect = _lock(name)
	if effect is None:
		return TAKEN
	frappe.db.savepoint(SAVEPOINT)
	try:
		outcome = kinds.do(effect, now)
	except Exception as error:
		if transactions.ends_all(error):
			raise
		frappe.db.rollback(save_point=SAVEPOINT)
		return _note_failure(effect, now, error)
	_tick_off(effect, outcome, now)
	return outcome.state


def _lock(name: str) -> frappe._dict | None:
	table = frappe.qb.DocType(DOCTYPE)
	query = (
		frappe.qb.from_(table)
		.select(*COLUMNS)
		.where((table.name == name) & (table.state == PENDING))
		.for_update(skip_locked=True)
	)
	found = query.run(as_dict=True)
	return found[0] if found else None


def _tick_off(effect: frappe._dict, outcome: Outcome, now: int) -> None:
	values: dict[str, object] = {"state": outcome.state, "result": outcome.result[:140], "error": None}
	if outcome.state == PENDING:
		values["not_before_epoch"] = now + FIRST_WAIT
	else:
		values |= {"attempts": effect.attempts + 1, "done_on": config.from_epoch(now)}
	write(DOCTYPE, [effect.name], values)


def _note_failure(effect: frappe._dict, now: int, error: Exception) -> str:
	attempts = (effect.attempts or 0) + 1
	is_passing = error.passing if isinstance(error, NotQueued) else True
	state = PENDING if is_passing and attempts < ATTEMPTS else FAILED
	why = error.reason if isinstance(error, NotQueued) else f"{type(error).__name__}: {error}"
	values = {
		"state": state,
		"attempts": attempts,
		"not_before_epoch": now + min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT),
		"error": why if isinstance(error, NotQueued) else frappe.get_traceback(),
		"result": why[:140],
	}
	write(DOCTYPE, [effect.name], values)
	# The effect waits all the same if its failure cannot be shown: it would stop the others at every tick.
	with transactions.logged_on_failure(f"Failure of effect {effect.name} not shown"):
		_show_failure(effect, why, state, values["not_before_epoch"])
	return WAITS if state == PENDING else state


def _show_failure(effect: frappe._dict, why: str, state: str, not_before: int) -> None:
	"""A mail shows its failure at once, anything else once it is given up."""
	if effect.kind == digest.DIGEST_MAIL:
		digest.fail(effect, why, state, not_before)
	elif effect.kind == kinds.COPY_MAIL:
		delivery.failed([effect.ticket_escalation], effect.recipient, why)
	elif state == FAILED:
		is_leveled = bool(effect.ticket_escalation)
		name = effect.ticket_escalation if is_leveled else effect.ticket_clock
		doctype = delivery.ESCALATION if is_leveled else "Ticket Clock"
		delivery.alarm(name, effect.recipient or effect.kind, why, doctype)
