"""How far an impact study has come: kept in the cache for whoever looks, told at once to whoever asked for it.

The cache also tells that a study still runs: a worker that was killed leaves no other trace.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, TypedDict

import frappe

from core_helpdesk import config

if TYPE_CHECKING:
	from collections.abc import Callable

EVENT = "ch_impact"
STALE_AFTER = 300
"""Seconds without a sign of life after which a study counts as interrupted; while it is queued it gives none."""
SECONDS_BETWEEN = 0.5
KEPT_FOR = 3600


class Beat(TypedDict):
	"""A study's last sign of life: which study, when, and how many of how many tickets are done."""

	run: str
	at: int
	done: int
	total: int


class Overtaken(Exception):
	"""Another study of the same request was started since."""


def begin(name: str, run: str, now: int) -> None:
	keep(name, Beat(run=run, at=now, done=0, total=0))


def telling(name: str, run: str, user: str, total: int) -> Callable[[int], None]:
	"""A function that is told how many tickets are done, and tells it on twice a second.

	Raises: Overtaken, by that function.
	"""
	last = time.monotonic()

	def tell(done: int) -> None:
		nonlocal last
		if time.monotonic() - last < SECONDS_BETWEEN:
			return
		last = time.monotonic()
		beat = last_beat(name)
		if beat and beat["run"] != run:
			raise Overtaken(name)
		keep(name, Beat(run=run, at=config.now_epoch(), done=done, total=total))
		frappe.publish_realtime(EVENT, {"name": name, "progress": percent(done, total)}, user=user)

	return tell


def end(name: str, user: str) -> None:
	"""Nothing more is to be waited for, once this transaction is committed."""
	frappe.cache.delete_value(_key(name))
	frappe.publish_realtime(EVENT, {"name": name, "progress": 100}, user=user, after_commit=True)


def progress_of(name: str, run: str) -> int:
	"""How many of a hundred parts are done."""
	beat = last_beat(name)
	return percent(beat["done"], beat["total"]) if beat and beat["run"] == run else 0


def percent(done: int, total: int) -> int:
	return min(99, 100 * done // total) if total else 0


def is_alive(name: str, run: str, asked_at: int, now: int) -> bool:
	"""Whether a study that was asked for may still run, or wait for its turn."""
	beat = last_beat(name)
	seen = beat["at"] if beat and beat["run"] == run else 0
	return now - max(asked_at, seen) < STALE_AFTER


def last_beat(name: str) -> Beat | None:
	# Not what this process remembers: another one writes it.
	return frappe.cache.get_value(_key(name), expires=True)


def keep(name: str, beat: Beat) -> None:
	frappe.cache.set_value(_key(name), beat, expires_in_sec=KEPT_FOR)


def _key(name: str) -> str:
	return f"ch_impact::{name}"
