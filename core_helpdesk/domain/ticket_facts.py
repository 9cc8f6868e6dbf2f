"""What the reports on tickets are counted from: stays of tickets in groups, and escalations.

A ticket's way is a chain of stays: each begins somehow and ends somehow, and what leaves one group comes to another.
So the figures of a group balance: what was open, and what came, less what went, is what is open.
Values in, values out. Seconds are since the epoch (UTC), 0 means "none".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from typing import NamedTuple

SEPARATOR = "\x1f"
MISSED_LEVEL = 1
"""The level that a ticket reaches by missing its group's escalation time."""


class Began(str, Enum):
	"""How a ticket came to a group.

	`RECEIVED` is its first coming; `TAKEN_ON` came to be counted without coming, as when counting was switched on, or
	when a merge was undone; `HANDED_BACK` stayed where it was and began anew.
	"""

	RECEIVED = "Received"
	TAKEN_ON = "Taken On"
	MOVED_IN = "Moved In"
	REOPENED = "Reopened"
	HANDED_BACK = "Handed Back"


class Ended(str, Enum):
	"""How a stay ended; `GONE` are merged, deleted and no longer counted."""

	NOT = ""
	MOVED_OUT = "Moved Out"
	CLOSED = "Closed"
	GONE = "Gone"
	HANDED_BACK = "Handed Back"


class Dimension(str, Enum):
	"""What figures are told apart by, beside all together; the values are the fields of a Place."""

	COUNTRY = "country"
	DEPARTMENT = "department"
	GROUP_CATEGORY = "group_category"
	GROUP = "group"
	TICKET_CATEGORY = "ticket_category"


class Place(NamedTuple):
	"""Whose a fact is: what its group was when it was noted, and the ticket's category. "" where there is none.

	Policy: QA-12
	"""

	country: str = ""
	department: str = ""
	group_category: str = ""
	group: str = ""
	ticket_category: str = ""

	@property
	def number(self) -> int:
		"""A number below 2**60 that is the same wherever it is worked out, and another for every other place.

		The first fifteen digits of a sum that a database works out as well, so that it can renumber its rows.
		"""
		return int(sha256(SEPARATOR.join(self).encode()).hexdigest()[:15], 16)


@dataclass(frozen=True, slots=True)
class Stay:
	"""A ticket's stay in one group.

	`kept` says that it ended closed, under a policy and before anything escalated; `counted_from` is when the
	ticket was received, or came to be open again.
	Units: `began`, `ended` and `counted_from` are epoch seconds.
	Policy: CORE-01, QA-12, QA-16
	"""

	ticket: str
	place: Place
	began: int
	by: Began
	ended: int = 0
	how: Ended = Ended.NOT
	kept: bool = False
	counted_from: int = 0

	@property
	def seconds_to_close(self) -> int:
		"""Absolute seconds that closing took; of no meaning for a stay that did not end so."""
		return self.ended - self.counted_from


class Answer(str, Enum):
	"""What had come of an escalation when its answer was due; `LAPSED` if there was nothing left to answer."""

	NONE = "None"
	IN_TIME = "In Time"
	LAPSED = "Lapsed"


LAPSED = -1
"""Stands for the end of an escalation whose ticket was merged or deleted: neither solved nor failed."""


@dataclass(frozen=True, slots=True)
class Raised:
	"""An escalation.

	`clock` says whether the group's time was missed or that of a tracing case; `ended` is when it was answered,
	closed with its ticket or handed back, or LAPSED.
	Units: `at`, `answer_due` and `ended` are epoch seconds.
	Policy: TSM-01, TSM-02, TSM-08
	"""

	ticket: str
	place: Place
	at: int
	level: int
	target: str = ""
	clock: str = "Group"
	answer_due: int = 0
	ended: int = 0

	@property
	def answer(self) -> Answer:
		if self.ended == LAPSED:
			return Answer.LAPSED
		return Answer.IN_TIME if 0 < self.ended <= self.answer_due else Answer.NONE
