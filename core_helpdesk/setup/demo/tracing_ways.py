"""Parts of a case's way that fates have in common: planned among the month's events, each returns when it is done."""

from collections.abc import Callable
from typing import NamedTuple

from core_helpdesk import config
from core_helpdesk.setup.demo import parcels, tracing_steps
from core_helpdesk.setup.demo.cast import user
from core_helpdesk.setup.demo.month import Month
from core_helpdesk.setup.demo.tracing_desk import ABROAD, HEADQUARTERS, officer
from core_helpdesk.tracing import closing, handing_over, work

FOUND = "The station found it behind the customs shed; it is on the next delivery."
SOLUTION = "Delivered to the receiver, who signed for it."


class Traced(NamedTuple):
	"""A case on its way: its number in the demo, its own name, its nature, the country abroad."""

	index: int
	name: str
	nature: str
	country: str

	@property
	def group_abroad(self) -> str:
		return ABROAD[self.country]


class Ways:
	def __init__(self, month: Month) -> None:
		self.month, self.plan, self.hours, self.chance = month, month.plan, month.hours, month.chance
		self.officer, self.supervisor = officer(HEADQUARTERS), user("supervisor")

	def do(self, at: int, who: str, case: Traced, act: Callable, *given: object) -> int:
		"""Plans an act whose last argument is the moment."""
		self.plan(at, lambda now: tracing_steps.do(who, case.name, act, *given, now))
		return at

	def update(self, at: int, who: str, case: Traced, contact: str, channel: str, what: str) -> int:
		return self.do(at, who, case, work.add_update, channel, contact, "", "Where is it?", what)

	def taken(self, case: Traced, at: int) -> int:
		"""Headquarters takes the case and has all data of it."""
		accepted = self.do(at + self.hours(0.5, 5), self.officer, case, handing_over.accept)
		filled = accepted + self.hours(0.2, 1)

		def fill_in(now: int) -> None:
			data = parcels.data(case.nature, case.country, case.index, config.from_epoch(now).date())
			tracing_steps.fill_in(self.officer, case.name, data, now)

		self.plan(filled, fill_in)
		return filled

	def passed(self, case: Traced, at: int, team: str, reason: str) -> int:
		moved = at + self.hours(1, 4)
		self.plan(moved, lambda now: tracing_steps.hand_over(self.officer, case.name, team, reason, now))
		return moved

	def taken_abroad(self, case: Traced, at: int) -> int:
		moved = self.passed(case, self.taken(case, at), case.group_abroad, "The receiver is in your country")
		who = officer(case.group_abroad)
		accepted = self.do(moved + self.hours(2, 16), who, case, handing_over.accept)
		return self.update(accepted + self.hours(1, 8), who, case, "Operations", "Phone", FOUND)

	def solved_by(self, case: Traced, at: int, who: str) -> int:
		solved = at + self.hours(4, 16)
		self.plan(solved, lambda now: tracing_steps.solve(who, case.name, SOLUTION, now))
		return solved

	def answered(self, case: Traced, at: int, comment: str, *, is_yes: bool = True) -> int:
		said = at + self.hours(2, 14)
		self.plan(said, lambda now: tracing_steps.answer(case.name, comment, now, is_yes=is_yes))
		return said

	def ended(self, case: Traced, at: int, who: str, act: Callable = closing.close, *reason: str) -> int:
		closed = at + self.hours(0.5, 8)
		self.plan(closed, lambda now: tracing_steps.close(who, case.name, act, now, *reason))
		return closed
