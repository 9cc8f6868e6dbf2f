"""The figures of one line of the tracing report, each held as the cases that make it.

A figure is never counted apart from its drill-down, so the two cannot differ. Values in, values out.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from core_helpdesk.domain.closing import Answer, Closing, is_satisfied
from core_helpdesk.domain.measures import percentile, share

if TYPE_CHECKING:
	from collections.abc import Iterable
	from decimal import Decimal


class Counted(NamedTuple):
	"""A case in a figure, with what it adds: seconds, working days or money, by the figure it is in."""

	name: str
	amount: int | Decimal = 0


class ClaimStep(str, Enum):
	"""What may happen to a claim within a month."""

	OPENED = "Opened"
	APPROVED = "Approved"
	PAID = "Paid"
	REFUSED = "Refused"


class ClaimSum(NamedTuple):
	"""What claims are added up by: only amounts of one currency have a sum.

	Policy: TRC-19
	"""

	step: ClaimStep
	currency: str


@dataclass(slots=True)
class Figure:
	"""The cases counted; one may be there twice, as with two legs that were late.

	Names and amounts lie apart: hundreds of thousands of pairs would keep the collector of garbage busy.
	"""

	named: list[str] = field(default_factory=list)
	amounts: list[int | Decimal] = field(default_factory=list)

	@property
	def cases(self) -> tuple[Counted, ...]:
		return tuple(map(Counted, self.named, self.amounts))

	@property
	def count(self) -> int:
		return len(self.named)

	@property
	def names(self) -> tuple[str, ...]:
		"""The drill-down: as many names as the figure counts."""
		return tuple(self.named)

	@property
	def total(self) -> int | Decimal:
		return sum(self.amounts)

	def percentile(self, percent: int) -> int | None:
		"""The amount that `percent` % of the cases do not exceed, by nearest rank; None without cases."""
		return percentile(self.amounts, percent)

	def share_of(self, whole: Figure) -> float | None:
		"""Between 0 and 1; None where there is nothing to take a part of."""
		return share(self.count, whole.count)

	def add(self, name: str, amount: int | Decimal = 0) -> None:
		self.named.append(name)
		self.amounts.append(amount)

	def take(self, other: Figure) -> None:
		"""Counts what another figure counts, too."""
		self.named += other.named
		self.amounts += other.amounts


def together(figures: Iterable[Figure]) -> Figure:
	"""All that the figures count."""
	whole = Figure()
	for figure in figures:
		whole.take(figure)
	return whole


def _by_answer() -> dict[Answer, Figure]:
	return {answer: Figure() for answer in Answer}


@dataclass(slots=True)
class Figures:
	"""A month's figures of all cases together, or of those of one country, direction, nature, officer or leg team.

	`opened` to `answers` count cases, those from `leg_*` on legs. `closed` are those that came to an end of their
	own, whose shares are told; `by_override`, `unconfirmed` and `past_the_rules` are the exceptions among them.
	`merged_or_deleted` were open when their ticket went away, and are in none of these. `outstanding` and what
	follows it up to `overdue_for_regulator` stand at the end of the month; none inbound is the goal.
	Units: `late`, `late_for_regulator` and `leg_late` hold working days; `to_open`, `leg_to_accept` and
	`leg_held` absolute seconds; `claims` money of their currency; all others hold nothing but the case.
	Policy: TRC-03, TRC-11, TRC-12, TRC-13, TRC-18, TRC-19, TRC-22
	"""

	opened: Figure = field(default_factory=Figure)
	closed: Figure = field(default_factory=Figure)
	by_override: Figure = field(default_factory=Figure)
	unconfirmed: Figure = field(default_factory=Figure)
	past_the_rules: Figure = field(default_factory=Figure)
	merged_or_deleted: Figure = field(default_factory=Figure)
	within: Figure = field(default_factory=Figure)
	late: Figure = field(default_factory=Figure)
	late_for_regulator: Figure = field(default_factory=Figure)
	outstanding: Figure = field(default_factory=Figure)
	inbound_outstanding: Figure = field(default_factory=Figure)
	overdue: Figure = field(default_factory=Figure)
	overdue_for_regulator: Figure = field(default_factory=Figure)
	to_open: Figure = field(default_factory=Figure)
	first_level: Figure = field(default_factory=Figure)
	answers: dict[Answer, Figure] = field(default_factory=_by_answer)
	leg_assigned: Figure = field(default_factory=Figure)
	leg_to_accept: Figure = field(default_factory=Figure)
	leg_held: Figure = field(default_factory=Figure)
	leg_late: Figure = field(default_factory=Figure)
	leg_overdue: Figure = field(default_factory=Figure)
	leg_unanswered: Figure = field(default_factory=Figure)
	claims: dict[ClaimSum, Figure] = field(default_factory=dict)

	@property
	def satisfied(self) -> Figure:
		"""The cases closed on a clear yes of the originator.

		Policy: TRC-22
		"""
		return together(figure for answer, figure in self.answers.items() if is_satisfied(answer))

	@property
	def satisfaction(self) -> float | None:
		"""The share of the closed cases whose originator is satisfied, against 1: silence is no yes.

		Policy: TRC-22
		"""
		return self.satisfied.share_of(self.closed)

	@property
	def within_share(self) -> float | None:
		"""The share of the closed cases that were closed in time.

		Policy: TRC-03
		"""
		return self.within.share_of(self.closed)

	@property
	def first_level_share(self) -> float | None:
		"""The share of the closed cases that the first group solved without passing them on."""
		return self.first_level.share_of(self.closed)

	def claim(self, step: ClaimStep, currency: str) -> Figure:
		"""The claims of one step and currency, kept for more to be added."""
		return self.claims.setdefault(ClaimSum(step, currency), Figure())

	def take(self, other: Figures) -> None:
		"""Counts what another line counts, too."""
		for name in PLAIN:
			getattr(self, name).take(getattr(other, name))
		for answer, figure in other.answers.items():
			self.answers[answer].take(figure)
		for (step, currency), figure in other.claims.items():
			self.claim(step, currency).take(figure)


PLAIN = tuple(fact.name for fact in fields(Figures) if fact.name not in ("answers", "claims"))
EXCEPTIONS = {
	Closing.OVERRIDE: "by_override",
	Closing.UNCONFIRMED: "unconfirmed",
	Closing.PAST_THE_RULES: "past_the_rules",
}
"""The figures of closings that are told apart."""


class Change(NamedTuple):
	"""A value of this month beside that of the month before; None where a month has none."""

	this: float | Decimal | None
	last: float | Decimal | None

	@property
	def difference(self) -> float | Decimal | None:
		return None if self.this is None or self.last is None else self.this - self.last


MEASURED = ("late", "late_for_regulator", "to_open", "leg_to_accept", "leg_held", "leg_late")
SHARES = ("within_share", "first_level_share", "satisfaction")


def values(figures: Figures) -> dict[str, float | None]:
	"""Every value that a line shows, by name: counts, then medians and 90th percentiles, then shares.

	Those of answers are named after the answer, as in `answer_satisfied`.
	"""
	found: dict[str, float | None] = {name: getattr(figures, name).count for name in PLAIN}
	for answer, figure in figures.answers.items():
		found[f"answer_{answer.name.lower()}"] = figure.count
	for name in MEASURED:
		figure = getattr(figures, name)
		found[f"{name}_median"] = figure.percentile(50)
		found[f"{name}_p90"] = figure.percentile(90)
	return found | {name: getattr(figures, name) for name in SHARES}


def compared(this: Figures, last: Figures) -> dict[str, Change]:
	"""Every value of a line beside that of the month before.

	Policy: TRC-18
	"""
	before = values(last)
	return {name: Change(value, before[name]) for name, value in values(this).items()}


def claims_compared(this: Figures, last: Figures) -> dict[ClaimSum, Change]:
	"""The sums of claims beside those of the month before, for every step and currency of either, in their order.

	Policy: TRC-18, TRC-19
	"""
	none, steps = Figure(), tuple(ClaimStep)
	found = {*this.claims, *last.claims}
	return {
		key: Change(this.claims.get(key, none).total, last.claims.get(key, none).total)
		for key in sorted(found, key=lambda key: (steps.index(key.step), key.currency))
	}
