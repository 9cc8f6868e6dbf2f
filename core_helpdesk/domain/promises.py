"""Times that were promised to customers: how long a complaint or an inquiry may take, and in which period one counts.

A promise is decided by what comes first: the answer, or the moment at which it was due. So a period counts what was
decided in it, and what is decided once stays so.
Values in, values out. Seconds are since the epoch (UTC), 0 means "none".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from core_helpdesk.domain.ticket_facts import Began, Ended

if TYPE_CHECKING:
	from collections.abc import Iterable, Iterator

	from core_helpdesk.domain.period import Period
	from core_helpdesk.domain.ticket_facts import Place, Stay

FRESH = (Began.RECEIVED, Began.TAKEN_ON, Began.REOPENED)
"""How what a customer waits for begins: what is reopened is promised anew."""


class Kind(str, Enum):
	"""What a ticket category holds of which a time is promised.

	Policy: CX-2.1, CX-3.7
	"""

	COMPLAINT = "Complaint"
	INQUIRY = "Inquiry"


@dataclass(frozen=True, slots=True)
class Promised:
	"""What is promised for which ticket categories; nothing is promised for a kind without any.

	Units: `complaint_days` are working days, `inquiry_hours` are by the clock.
	Policy: CX-2.1, CX-3.7
	"""

	complaints: frozenset[str] = frozenset()
	inquiries: frozenset[str] = frozenset()
	complaint_days: int = 11
	inquiry_hours: float = 24

	def categories(self, kind: Kind) -> frozenset[str]:
		"""The ticket categories of a kind."""
		return self.complaints if kind is Kind.COMPLAINT else self.inquiries


class Course(NamedTuple):
	"""What a customer waits for, from its receipt until it is closed: the stays of a ticket from the first to the last."""

	first: Stay
	last: Stay
	is_first: bool

	@property
	def category(self) -> str:
		"""The ticket's category when it was over, or now."""
		return self.last.place.ticket_category

	@property
	def ended(self) -> int:
		"""Epoch seconds; 0 while it lasts."""
		return self.last.ended

	@property
	def is_gone(self) -> bool:
		"""Whether it ended without being closed: merged, deleted, or taken out of all groups."""
		return self.last.how not in (Ended.NOT, Ended.CLOSED)

	@property
	def waits_for_first_reply(self) -> bool:
		"""Whether the first of all replies to the ticket answers it: what is reopened waits for another."""
		return self.is_first or self.first.by in (Began.RECEIVED, Began.TAKEN_ON)


@dataclass(frozen=True, slots=True)
class Promise:
	"""Something due to a customer, and when it was given; `stay` names the stay in a group with which it began.

	Units: epoch seconds; `kept` is 0 while it is not given, `due` is 0 where no calendar says when.
	Policy: CX-2.1, CX-3.7
	"""

	stay: str
	place: Place
	due: int
	kept: int = 0
	is_gone: bool = False

	def is_decided(self, period: Period) -> bool:
		"""Whether it was given in time or fell due within the period; what was merged or deleted before is neither."""
		if not self.due or (self.is_gone and self.kept <= self.due):
			return False
		return period.holds(min(self.kept, self.due) if self.kept else self.due)

	@property
	def is_kept(self) -> bool:
		return 0 < self.kept <= self.due


def courses(stays: Iterable[Stay]) -> Iterator[Course]:
	"""The courses of tickets, whose stays come ticket by ticket, each in its order.

	A stay that begins in a way that is not fresh goes on with the course before it; without one, it is a course of
	its own.
	"""
	first: Stay | None = None
	last: Stay | None = None
	seen: set[str] = set()
	for stay in stays:
		goes_on = last and stay.ticket == last.ticket and stay.by not in FRESH and not _is_over(last)
		if not goes_on:
			if first and last:
				yield Course(first, last, first.ticket not in seen)
				seen.add(first.ticket)
			first = stay
		last = stay
	if first and last:
		yield Course(first, last, first.ticket not in seen)


def _is_over(stay: Stay) -> bool:
	return stay.how in (Ended.CLOSED, Ended.GONE)
