"""What reports on escalations count of what was done about each, beside the measures that all reports have in common.

Values in, values out. Seconds are since the epoch (UTC), 0 means "none".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from core_helpdesk.domain import ticket_measures
from core_helpdesk.domain.measures import percentile, share
from core_helpdesk.domain.ticket_facts import LAPSED, MISSED_LEVEL, Answer, Raised
from core_helpdesk.domain.ticket_measures import Measure, Source

if TYPE_CHECKING:
	from collections.abc import Callable, Sequence

	from core_helpdesk.domain.period import Period

	Counts = Callable[["Followed", Period], bool]


class Outcome(str, Enum):
	"""What came of an escalation; `FAILED` was given up, and its ticket may be open still."""

	NONE = ""
	SOLVED = "Solved"
	FAILED = "Failed"
	HANDED_BACK = "Handed Back"


@dataclass(frozen=True, slots=True)
class Followed(Raised):
	"""An escalation with what was done about it.

	`over` is when its outcome came, `confirmed` when the department's head said that it reached them, and `neglected`
	are the moments of next actions at which nothing had been done since they were set.
	Units: moments are epoch seconds.
	Policy: TSM-01, TSM-02, TSM-07
	"""

	name: str = ""
	owner: str = ""
	head: str = ""
	outcome: Outcome = Outcome.NONE
	over: int = 0
	confirmed: int = 0
	neglected: tuple[int, ...] = ()


def is_open(fact: Followed, period: Period) -> bool:
	"""Whether it had no outcome when the period ended; one whose ticket was merged or deleted has none to come."""
	return 0 < fact.at < period.end and fact.ended != LAPSED and period.ends_before(fact.over)


def is_confirmed(fact: Followed, period: Period) -> bool:
	"""Whether it came in the period, and its head confirmed receipt before that ended.

	Policy: TSM-01
	"""
	return _came_to_a_head(fact, period) and not period.ends_before(fact.confirmed)


def is_unconfirmed(fact: Followed, period: Period) -> bool:
	"""Whether it came in the period, and its head had not confirmed receipt when that ended.

	Policy: TSM-01
	"""
	return _came_to_a_head(fact, period) and period.ends_before(fact.confirmed)


def _came_to_a_head(fact: Followed, period: Period) -> bool:
	return fact.level == MISSED_LEVEL and bool(fact.head) and period.holds(fact.at)


def is_solved(fact: Followed, period: Period) -> bool:
	"""Whether it was solved in the period, by itself or with its ticket.

	Policy: TSM-02
	"""
	return fact.level == MISSED_LEVEL and fact.outcome is Outcome.SOLVED and period.holds(fact.over)


def is_handed_back(fact: Followed, period: Period) -> bool:
	return fact.outcome is Outcome.HANDED_BACK and period.holds(fact.over)


def is_neglected(fact: Followed, period: Period) -> bool:
	"""Whether the time of a next action passed in the period, and nothing had been done.

	Policy: TSM-07
	"""
	return any(map(period.holds, fact.neglected))


IN_TIME = Measure(Source.ESCALATIONS, "answer_due", {"level": MISSED_LEVEL}, (Answer.IN_TIME,))
SHARED = ("escalated", "to_general_manager", "missed", "answer_due", "failed")
MEASURES: dict[str, Counts] = {
	**{name: ticket_measures.MEASURES[name].counts for name in SHARED},
	"in_time": IN_TIME.counts,
	ticket_measures.OPEN: is_open,
	"handed_back": is_handed_back,
	"unconfirmed": is_unconfirmed,
	"confirmed": is_confirmed,
	"solved": is_solved,
	"neglected": is_neglected,
}
"""By name, whether a fact is counted in a period; those in `SHARED` are as in every other report.

Policy: TSM-01, TSM-02, TSM-07, TSM-08
"""


def figures(facts: Sequence[Followed], period: Period) -> dict[str, float | None]:
	"""Every figure of these facts in the period, by name: counts, shares between 0 and 1, medians in seconds.

	Policy: TSM-01, TSM-02, TSM-14
	"""
	behind = {name: [fact for fact in facts if counts(fact, period)] for name, counts in MEASURES.items()}
	return {
		**{name: len(found) for name, found in behind.items()},
		"solved_in_time": share(len(behind["in_time"]), len(behind["answer_due"])),
		"confirm_median": percentile([fact.confirmed - fact.at for fact in behind["confirmed"]], 50),
		"solve_median": percentile([fact.over - fact.at for fact in behind["solved"]], 50),
	}
