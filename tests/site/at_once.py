"""People who act at the same instant, each in a process and a session of their own."""

from __future__ import annotations

import json
import re
import tempfile
from contextlib import suppress
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from threading import BrokenBarrierError
from typing import TYPE_CHECKING

import frappe
from frappe.utils import strip_html

from tests.site import killing, sessions

if TYPE_CHECKING:
	from collections.abc import Callable, Sequence
	from multiprocessing.synchronize import Barrier

	Act = Callable[[], object]

FIRST_LOCK = re.compile(r"\bfor update\b|^\s*(insert|update|delete)\b", re.IGNORECASE)
DONE, TOLD = "", "Told: "
SECONDS = 8


def at_once(*acts: Act) -> list[str]:
	"""Does the acts side by side: all have looked before any of them locks or changes something.

	Returns: how each ended, in their order: `DONE`, `TOLD` and what the loser is told, or an error that is no message.
	"""
	return [ended for (ended,) in side_by_side([[act] for act in acts])]


def side_by_side(lanes: Sequence[Sequence[Act]]) -> list[list[str]]:
	"""As `at_once`, for several acts one after the other in each process; the n-th of all begin together."""
	barrier = get_context("fork").Barrier(len(lanes))
	with tempfile.TemporaryDirectory() as folder:
		places = [Path(folder, str(number)) for number in range(len(lanes))]
		children = [
			killing.start_child(partial(_do_all, lane, barrier, place))
			for lane, place in zip(lanes, places, strict=True)
		]
		assert all([killing.ended_well(child) for child in children])
		ended = [json.loads(place.read_text()) for place in places]
	frappe.db.rollback()
	sessions.clear_caches()
	return ended


def _do_all(acts: Sequence[Act], barrier: Barrier, place: Path) -> None:
	# In test mode the framework does at once what it else leaves to jobs, and commits in the middle of an act.
	sessions.leave_test_mode()
	place.write_text(json.dumps([_ended(act, barrier) for act in acts]))


def _ended(act: Act, barrier: Barrier) -> str:
	"""Does one act as a request does: committed at its end, undone if it fails."""
	db, send, has_met = frappe.local.db, type(frappe.local.db).sql, False

	def meeting(query: object, *args: object, **kwargs: object) -> object:
		nonlocal has_met
		if not has_met and FIRST_LOCK.search(str(query)):
			has_met = True
			with suppress(BrokenBarrierError):
				barrier.wait(SECONDS)
		return send(db, query, *args, **kwargs)

	db.sql = meeting
	try:
		act()
		db.commit()
	except Exception as error:
		db.rollback()
		kind = TOLD if isinstance(error, (frappe.ValidationError, frappe.PermissionError)) else repr(error)
		return f"{kind}{strip_html(str(error))}"
	finally:
		db.__dict__.pop("sql", None)
	return DONE
