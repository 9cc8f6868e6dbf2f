"""A ticket's stays in groups, read off its clock as that changes.

A stay of no length leaves none, unless the ticket was over with it: what comes after it began as that did.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple

from core_helpdesk.domain.clock import TicketState
from core_helpdesk.domain.ticket_facts import Began, Ended, Stay

if TYPE_CHECKING:
	from core_helpdesk.domain.clock import Clock
	from core_helpdesk.domain.ticket_facts import Place

FRESH = (Began.RECEIVED, Began.TAKEN_ON, Began.REOPENED)
"""Beginnings from which the time to close counts anew."""


class InGroup(NamedTuple):
	"""What makes two moments belong to one stay."""

	cycle: int
	group: str


def in_group(clock: Clock) -> InGroup | None:
	"""The stay that a clock is in; None before its first cycle, in no group, or once it is over."""
	if not (clock.cycle and clock.group and clock.is_live):
		return None
	return InGroup(clock.cycle, clock.group)


def began_by(before: Clock, after: Clock, *, is_first: bool = False, is_known: bool = False) -> Began:
	"""How the stay that `after` is in began, `before` being in another one or in none.

	`is_first` says of a ticket that came from no group that its cycle has had no stay yet. `is_known` says of a ticket
	that no cycle counted that it was there nevertheless: it is taken on where it stands, or reopened. Any other that
	comes to be counted is received.
	"""
	if not before.cycle:
		if not (is_known and before.group):
			return Began.RECEIVED
		if not before.is_live:
			return Began.REOPENED
		return Began.TAKEN_ON if before.group == after.group else Began.RECEIVED
	if not before.is_live:
		return Began.TAKEN_ON if before.cycle == after.cycle else Began.REOPENED
	if is_first and not in_group(before):
		return Began.REOPENED
	return Began.HANDED_BACK if _is_handed_back(before, after) else Began.MOVED_IN


def ended_by(before: Clock, after: Clock) -> Ended:
	"""How the stay that `before` was in ended."""
	if after.finished:
		return Ended.GONE
	if after.state is TicketState.RESOLVED:
		return Ended.CLOSED
	return Ended.HANDED_BACK if _is_handed_back(before, after) else Ended.MOVED_OUT


def is_kept(before: Clock, how: Ended) -> bool:
	"""Whether a stay that ended so was closed within the Standard: under a policy, and before it escalated.

	Policy: TSM-M1
	"""
	return how is Ended.CLOSED and bool(before.policy) and before.level == 0


def leaves_none(how: Ended, began: int, ended: int) -> bool:
	"""Whether a stay is forgotten: one of no length, with the ticket on its way to another group."""
	return began >= ended and how in (Ended.MOVED_OUT, Ended.HANDED_BACK)


def _is_handed_back(before: Clock, after: Clock) -> bool:
	return before.group == after.group and after.cycle > before.cycle


@dataclass(slots=True)
class Way:
	"""The stays of one ticket, as its clock changes from moment to moment.

	Units: `counted_from` is epoch seconds; `cycle` is that of the last stay.
	Policy: CORE-01, QA-16
	"""

	ticket: str
	stays: list[Stay] = field(default_factory=list)
	counted_from: int = 0
	cycle: int = 0

	def follow(self, before: Clock, after: Clock, at: int, place: Place) -> None:
		"""Takes a change in; `place` is that of the group as `after` has it.

		A category that is given while closing belongs to the stay that ends.

		Units: `at` is in seconds since the epoch, never before what was taken in last.
		"""
		was, now = in_group(before), in_group(after)
		if was == now:
			if now:
				self.stays[-1] = replace(self.stays[-1], place=place)
			return
		by = began_by(before, after, is_first=self.cycle < after.cycle)
		if was:
			by = self._ended(before, after, at, place.ticket_category) or by
		if now:
			self.cycle = now.cycle
			self.counted_from = at if by in FRESH else self.counted_from or at
			self.stays.append(Stay(self.ticket, place, at, by, counted_from=self.counted_from))

	def _ended(self, before: Clock, after: Clock, at: int, category: str) -> Began | None:
		"""Ends the last stay; returns how it began if it leaves none."""
		last, how = self.stays.pop(), ended_by(before, after)
		if in_group(after) and leaves_none(how, last.began, at):
			return last.by
		place = last.place._replace(ticket_category=category) if how is Ended.CLOSED else last.place
		self.stays.append(replace(last, place=place, ended=at, how=how, kept=is_kept(before, how)))
		return None
