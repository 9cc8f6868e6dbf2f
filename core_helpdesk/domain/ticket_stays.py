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


def began_by(before: Clock, after: Clock) -> Began:
	"""How the stay that `after` is in began, `before` being in another one or in none."""
	if not before.cycle:
		return Began.RECEIVED
	if before.is_live:
		return Began.HANDED_BACK if _is_handed_back(before, after) else Began.MOVED_IN
	return Began.REOPENED if after.cycle > before.cycle else Began.TAKEN_ON


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

	Policy: CORE-01, QA-16
	"""

	ticket: str
	stays: list[Stay] = field(default_factory=list)
	counted_from: int = 0

	def follow(self, before: Clock, after: Clock, at: int, place: Place) -> None:
		"""Takes a change in; `place` is that of the group as `after` has it.

		Units: `at` is in seconds since the epoch, never before what was taken in last.
		"""
		was, now = in_group(before), in_group(after)
		if was == now:
			if now:
				self.stays[-1] = replace(self.stays[-1], place=place)
			return
		by = began_by(before, after)
		if was:
			how = ended_by(before, after)
			last = self.stays.pop()
			if now and leaves_none(how, last.began, at):
				by = last.by
			else:
				self.stays.append(replace(last, ended=at, how=how, kept=is_kept(before, how)))
		if now:
			self.counted_from = at if by in FRESH else self.counted_from or at
			self.stays.append(Stay(self.ticket, place, at, by, counted_from=self.counted_from))
