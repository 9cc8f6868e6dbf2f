"""Compares clocks with the host's tickets and repairs what came in past the events.

The database compares; only what differs is read. Memory stays flat: tickets are compared range by range.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

import frappe
from frappe import _
from frappe.utils import cstr

from core_helpdesk import config
from core_helpdesk.escalations import compare, findings, repair
from core_helpdesk.escalations.transactions import is_out_of_time

if TYPE_CHECKING:
	from collections.abc import Callable, Iterable

REPAIRED = "Repaired by Reconcile"
LISTED = 50
# Two hours, so that neither a repeated hour nor a long transaction hides a change.
OVERLAP = timedelta(hours=2)


class Reconciled(NamedTuple):
	"""How many tickets were repaired and how, and which could not be."""

	repaired: dict[str, int]
	failed: int


def run_changed(now: int) -> Reconciled | None:
	"""Compares the tickets that were changed since the last time; None while the mode is Off."""
	if config.stored_mode() == config.OFF:
		return None
	config.refresh()
	since = frappe.db.get_single_value(config.SETTINGS, "reconciled_until", cache=False)
	begun = config.from_epoch(now)
	first = frappe.utils.get_datetime(since) - OVERLAP if since else begun - timedelta(days=1)
	result = _run(now, compare.changed_since(min(first, begun - OVERLAP)))
	frappe.db.set_single_value(config.SETTINGS, "reconciled_until", cstr(begun), update_modified=False)
	frappe.db.commit()  # nosemgrep: the watermark belongs to the tickets that were repaired and committed
	return result


def run_all(now: int) -> Reconciled | None:
	"""Compares all tickets and all clocks; None while the mode is Off."""
	if config.stored_mode() == config.OFF:
		return None
	config.refresh()
	return _run(now, compare.everything(), compare.without_ticket())


def _run(now: int, *differing: Iterable[list[str]]) -> Reconciled:
	log = _Log()
	for batches in differing:
		for names in batches:
			log.add(names, lambda name: repair.ticket(name, now))
	for clocks in compare.put_aside():
		log.add(clocks, lambda name: repair.try_again(name, now))
	for clocks in compare.without_count(config.site_rules(), now):
		log.add(clocks, lambda name: repair.pick_up(name, now))
	log.report(now)
	return Reconciled({what: len(names) for what, names in log.repaired.items()}, log.failed)


class _Log:
	"""What was repaired in this run: numbers of all, names of the first."""

	def __init__(self) -> None:
		self.repaired: dict[str, list[str]] = {}
		self.failed = 0

	def add(self, names: Iterable[str], mend: Callable[[str], str]) -> None:
		for name in names:
			self._one(name, mend)

	def _one(self, name: str, mend: Callable[[str], str]) -> None:
		try:
			what = mend(name)
			frappe.db.commit()  # nosemgrep: each repair is complete, and no later failure may undo it
		except Exception as error:
			frappe.db.rollback()
			if is_out_of_time(error):
				raise
			frappe.log_error(title=f"{name} not repaired", message=frappe.get_traceback())
			self.failed += 1
			return
		if what:
			self.repaired.setdefault(what, []).append(name)

	def report(self, now: int) -> None:
		"""One finding a day and kind of repair."""
		day = config.from_epoch(now).date()
		for what, names in self.repaired.items():
			shown = ", ".join(names[:LISTED])
			details = _("{0}: {1} tickets, among them {2}").format(_(what), len(names), shown)
			remedy = _("Find what changes tickets past the app, such as a script or a direct database write.")
			findings.report(REPAIRED, f"{what}:{day}", details=details, remedy=remedy)
		frappe.db.commit()  # nosemgrep: the end of the run
