"""What stands in the way of closing a case, and how its customer's answer counts; values in, values out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from core_helpdesk.domain.tracing_data import Fault
from core_helpdesk.domain.unsolved import UNSOLVED_PHRASES, says_unsolved

if TYPE_CHECKING:
	from collections.abc import Iterable, Iterator

__all__ = [
	"UNSOLVED_PHRASES",
	"Answer",
	"Closing",
	"ClosingFacts",
	"Reason",
	"ReasonCode",
	"answered",
	"is_satisfied",
	"reasons",
	"says_unsolved",
]


class Answer(str, Enum):
	"""What the originator says to the solution.

	DOUBTFUL: a yes whose comment says that it is not solved, until a person has looked at it. EXCEPTION: nothing
	was said, and the case was closed all the same.
	Policy: TRC-12, TRC-22, CX-3.9
	"""

	NONE = ""
	YES = "Satisfied"
	NO = "Not Satisfied"
	DOUBTFUL = "Doubtful"
	EXCEPTION = "Closed Unconfirmed"


class Closing(str, Enum):
	"""As what a case was closed: in order, by a named exception, or past the rules; merged and deleted ones just ended.

	Policy: TRC-12, TRC-13, TRC-22
	"""

	NONE = ""
	CONFIRMED = "Confirmed"
	UNCONFIRMED = "Closed Unconfirmed"
	OVERRIDE = "Override"
	PAST_THE_RULES = "Closed Past the Rules"
	MERGED = "Merged"
	DELETED = "Deleted"


class ReasonCode(str, Enum):
	"""Why a case cannot be closed, in the order in which the reasons are told."""

	NOT_MEMBER = "Not Member"
	NOT_SOLVED = "Not Solved"
	DATA_MISSING = "Data Missing"
	DOCUMENTS_MISSING = "Documents Missing"
	CLAIM_UNDECIDED = "Claim Undecided"
	LEG_NOT_ACCEPTED = "Leg Not Accepted"
	REPLIES_OUTSTANDING = "Replies Outstanding"
	NOT_CONFIRMED = "Not Confirmed"
	ANSWERED_NO = "Answered No"
	ANSWER_DOUBTFUL = "Answer Doubtful"


class Reason(NamedTuple):
	"""One reason, and the fields, documents, claims, groups or legs that it is about."""

	code: ReasonCode
	about: tuple[str, ...] = ()


UNCONFIRMED = {Answer.NO: ReasonCode.ANSWERED_NO, Answer.DOUBTFUL: ReasonCode.ANSWER_DOUBTFUL}
CONFIRMED = (Answer.YES, Answer.EXCEPTION)


@dataclass(frozen=True, slots=True)
class ClosingFacts:
	"""What is known when somebody closes a case.

	`is_member`: of the group that the ticket is in. `data_faults`: those of the case's data, or how many.
	`unaccepted_leg`: the group that has not accepted it yet. `override_reason`: a supervisor's, empty without one.
	Policy: TRC-12, TRC-13, TRC-14
	"""

	is_member: bool
	is_solved: bool
	data_faults: tuple[Fault | str, ...] | int = ()
	documents_missing: tuple[str, ...] = ()
	claims_undecided: tuple[str, ...] = ()
	unaccepted_leg: str = ""
	replies_outstanding: tuple[str, ...] = ()
	answer: str = Answer.NONE
	override_reason: str = ""


def reasons(facts: ClosingFacts) -> tuple[Reason, ...]:
	"""Every reason against closing, all at once; none means that the case may be closed.

	A supervisor's override needs a reason of its own in words, and lifts all but a claim on which nobody decided.
	Policy: TRC-12, TRC-13, TRC-14, CX-3.9
	"""
	is_overridden = any(map(str.isalnum, facts.override_reason))
	return tuple(
		reason for reason in _reasons(facts) if not is_overridden or reason.code is ReasonCode.CLAIM_UNDECIDED
	)


def is_satisfied(answer: str) -> bool:
	"""True for a plain yes only: silence, doubt and closing without an answer never count.

	Policy: TRC-22
	"""
	return answer == Answer.YES


def answered(is_yes: bool, comment: str, phrases: Iterable[str] = UNSOLVED_PHRASES) -> Answer:
	"""What an answer with its comment counts as.

	Policy: TRC-22, CX-3.9
	"""
	if not is_yes:
		return Answer.NO
	return Answer.DOUBTFUL if says_unsolved(comment, phrases) else Answer.YES


def _reasons(facts: ClosingFacts) -> Iterator[Reason]:
	if not facts.is_member:
		yield Reason(ReasonCode.NOT_MEMBER)
	if not facts.is_solved:
		yield Reason(ReasonCode.NOT_SOLVED)
	if facts.data_faults:
		yield Reason(ReasonCode.DATA_MISSING, _fields(facts.data_faults))
	for code, about in (
		(ReasonCode.DOCUMENTS_MISSING, facts.documents_missing),
		(ReasonCode.CLAIM_UNDECIDED, facts.claims_undecided),
		(ReasonCode.LEG_NOT_ACCEPTED, (facts.unaccepted_leg,) if facts.unaccepted_leg else ()),
		(ReasonCode.REPLIES_OUTSTANDING, facts.replies_outstanding),
	):
		if about:
			yield Reason(code, tuple(about))
	if facts.answer not in CONFIRMED:
		yield Reason(UNCONFIRMED.get(facts.answer, ReasonCode.NOT_CONFIRMED))


def _fields(faults: tuple[Fault | str, ...] | int) -> tuple[str, ...]:
	if isinstance(faults, int):
		return ()
	return tuple(dict.fromkeys(fault.field if isinstance(fault, Fault) else fault for fault in faults))
