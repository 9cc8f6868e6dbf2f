"""What must follow from a claim: one row of Escalation Effect each.

The first is written in the claim's transaction, the others by `announce`; `effects` carries them out.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from core_helpdesk.escalations import tables
from core_helpdesk.escalations.people import TSM

if TYPE_CHECKING:
	from collections.abc import Iterable, Iterator

	from core_helpdesk.escalations.people import People
	from core_helpdesk.escalations.rows import Row

DOCTYPE = "Escalation Effect"
COLUMNS = (
	"name",
	"title",
	"effect_key",
	"ticket_escalation",
	"ticket_clock",
	"kind",
	"recipient",
	"state",
	"sweep",
	"payload",
)
COPY_MAIL = "Copy Mail"
NOTICE = "Notice"
WARNING = "Warning"
TICKET_COMMENT = "Ticket Comment"
MOVE_TICKET = "Move Ticket"
TSM_OWNER = "TSM Owner"
GAP_REPORT = "Gap Report"

# Claimed: waits for the others of its level, see `announce`.
CLAIMED, PENDING = "Claimed", "Pending"


class Effect(NamedTuple):
	"""One thing to be done once. `about` names the escalation, or the clock where there is none."""

	about: str
	clock: str
	cycle: int
	level: int
	kind: str
	title: str
	sweep: str
	recipient: str = ""
	escalation: str = ""
	detail: str = ""
	payload: str = ""
	state: str = PENDING

	@property
	def key(self) -> str:
		return f"{self.about}:{self.cycle}:{self.level}:{self.kind}:{self.recipient or self.detail}"[:190]


def of_claim(escalation: str, row: Row, sweep: str) -> Effect:
	"""The effect that a claim leaves behind; the rest follows from it."""
	clock = row.clock
	return Effect(
		escalation,
		row.name,
		clock.cycle,
		clock.level + 1,
		TSM_OWNER,
		row.ticket,
		sweep,
		escalation=escalation,
		state=CLAIMED,
	)


def that_follow(level: Effect, people: People, *, moves_ticket: bool) -> Iterator[Effect]:
	"""The other effects of a level: the internal comment, the copies and notices, the gaps of the set-up.

	Policy: TSM-05, TSM-06
	"""
	yield level._replace(kind=TICKET_COMMENT)
	if moves_ticket:
		yield level._replace(kind=MOVE_TICKET)
	for person in people.recipients:
		if person.capacity != TSM:
			yield level._replace(kind=COPY_MAIL, recipient=person.user)
		yield level._replace(kind=NOTICE, recipient=person.user)
	for gap in people.gaps:
		yield level._replace(kind=GAP_REPORT, detail=gap, payload=json.dumps({"gap": gap}))


def of_warning(row: Row, sweep: str) -> Effect:
	"""The warning of the group before level 1."""
	clock = row.clock
	payload = json.dumps({"team": clock.group, "due": clock.due})
	about = Effect(row.name, row.name, clock.cycle, 1, WARNING, row.ticket, sweep)
	return about._replace(payload=payload, detail=str(clock.began))


def insert(effects: Iterable[Effect]) -> int:
	"""Writes the effects that are not there yet; returns how many those were."""
	new = list(effects)
	names = tables.new_names(len(new))
	return tables.insert(DOCTYPE, COLUMNS, [_values(*each) for each in zip(names, new, strict=True)])


def _values(name: str, effect: Effect) -> tuple:
	return (
		name,
		f"{effect.title} · {effect.kind}",
		effect.key,
		effect.escalation or None,
		effect.clock,
		effect.kind,
		effect.recipient or None,
		effect.state,
		effect.sweep,
		effect.payload or None,
	)
