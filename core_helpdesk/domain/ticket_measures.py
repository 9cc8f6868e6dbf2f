"""The measures of the reports on tickets, each said once.

A measure is a kind of fact, the moment that decides in which period it counts, and what the fact must be like. The
same words count the facts of a replay here and those of a site in its database, and find the tickets behind a figure.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from core_helpdesk.domain.ticket_facts import MISSED_LEVEL, Answer, Began, Ended, Raised, Stay

if TYPE_CHECKING:
	from collections.abc import Mapping

	from core_helpdesk.domain.period import Period

TSM, GENERAL_MANAGER = "Ticketing System Management", "General Manager"
"""Whom an escalation goes to, as policies name them."""

OPEN = "open"
"""Stands at the end of a period, and is no event in it."""


class Source(str, Enum):
	"""Which facts a measure counts."""

	STAYS = "stays"
	ESCALATIONS = "escalations"


@dataclass(frozen=True, slots=True)
class Measure:
	"""Counts the facts of a source whose `moment` lies in the period and whose fields have the values of `where`.

	`answers` are what may have come of an escalation when its answer was due; empty where that is not asked.
	"""

	source: Source
	moment: str
	where: Mapping[str, object] = field(default_factory=dict)
	answers: tuple[Answer, ...] = ()

	def counts(self, fact: Stay | Raised, period: Period) -> bool:
		"""Whether the fact is one of those that the measure counts in the period."""
		return period.holds(getattr(fact, self.moment)) and self.fits(fact)

	def fits(self, fact: Stay | Raised) -> bool:
		"""Whether the fact is of the kind that the measure counts, whenever it happened."""
		if any(getattr(fact, name) != value for name, value in self.where.items()):
			return False
		return not self.answers or fact.answer in self.answers


def _came(how: Began) -> Measure:
	return Measure(Source.STAYS, "began", {"by": how})


def _went(how: Ended, **more: object) -> Measure:
	return Measure(Source.STAYS, "ended", {"how": how, **more})


def _escalated(**where: object) -> Measure:
	return Measure(Source.ESCALATIONS, "at", where)


def _answered(*answers: Answer) -> Measure:
	return Measure(Source.ESCALATIONS, "answer_due", {"level": MISSED_LEVEL}, answers)


MEASURES: dict[str, Measure] = {
	"received": _came(Began.RECEIVED),
	"taken_on": _came(Began.TAKEN_ON),
	"moved_in": _came(Began.MOVED_IN),
	"reopened": _came(Began.REOPENED),
	"closed": _went(Ended.CLOSED),
	"moved_out": _went(Ended.MOVED_OUT),
	"gone": _went(Ended.GONE),
	"kept": _went(Ended.CLOSED, kept=True),
	"missed": _escalated(clock="Group", level=MISSED_LEVEL),
	"escalated": _escalated(target=TSM),
	"to_general_manager": _escalated(target=GENERAL_MANAGER),
	"answer_due": _answered(Answer.NONE, Answer.IN_TIME),
	"failed": _answered(Answer.NONE),
}
"""Events of a period, by name.

`kept` and `missed` together are the cycles that were decided: closed in time, or escalated by the group's clock.
`answer_due` are escalations whose 24 hours ended in the period, `failed` those of them without a solution by then;
one whose ticket was merged or deleted is neither.
Policy: QA-12, QA-16, TSM-01, TSM-02, TSM-08, TSM-M1
"""

CAME = ("received", "taken_on", "moved_in", "reopened")
WENT = ("closed", "moved_out", "gone")


def is_open(stay: Stay, period: Period) -> bool:
	"""Whether the ticket was in this group when the period ended."""
	return stay.began < period.end and period.ends_before(stay.ended)
