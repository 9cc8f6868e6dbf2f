"""The ledger of reports: how far each has come on its way to each person, and what is to be sent to whom on a day.

Values in, values out: no frappe, no reading of the time of day. Seconds are since the epoch (UTC), 0 is "never".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from core_helpdesk.domain.calendar_rules import DAY
from core_helpdesk.domain.errors import CoreError
from core_helpdesk.domain.report_schedule import ONE_DAY, dates, delivery_due, latest_runs

if TYPE_CHECKING:
	from collections.abc import Iterable, Iterator
	from datetime import date

	from core_helpdesk.domain.report_schedule import Calendar, Run, RunKey, Schedule


class DeliveryState(str, Enum):
	"""How far a report has come on its way to one person.

	Policy: TSM-09, TSM-13, TSM-14, TRC-18
	"""

	DUE = "Due"
	MADE = "Made"
	QUEUED = "Queued"
	SENT = "Sent"
	FAILED = "Failed"
	ACKNOWLEDGED = "Acknowledged"
	WITHDRAWN = "Withdrawn"


MOVES = {
	DeliveryState.DUE: (DeliveryState.MADE, DeliveryState.FAILED, DeliveryState.WITHDRAWN),
	DeliveryState.MADE: (
		DeliveryState.QUEUED,
		DeliveryState.FAILED,
		DeliveryState.ACKNOWLEDGED,
		DeliveryState.WITHDRAWN,
	),
	DeliveryState.QUEUED: (
		DeliveryState.SENT,
		DeliveryState.FAILED,
		DeliveryState.ACKNOWLEDGED,
		DeliveryState.WITHDRAWN,
	),
	DeliveryState.FAILED: (
		DeliveryState.MADE,
		DeliveryState.QUEUED,
		DeliveryState.SENT,
		DeliveryState.ACKNOWLEDGED,
		DeliveryState.WITHDRAWN,
	),
	DeliveryState.SENT: (DeliveryState.ACKNOWLEDGED,),
	DeliveryState.ACKNOWLEDGED: (),
	DeliveryState.WITHDRAWN: (DeliveryState.DUE,),
}
"""From each state to those that may follow.

What is made may be read in the Desk before its mail arrives, or though it never does. What failed may be made or
queued again, or go out after all; what is sent or read never goes out again. What has not left may be withdrawn; it is
due anew for a person to whom it comes back.
"""

ARRIVED = (DeliveryState.SENT, DeliveryState.ACKNOWLEDGED)
OVER = (*ARRIVED, DeliveryState.WITHDRAWN)
"""States after which nobody waits for a delivery any more."""


class NotAMove(CoreError):
	"""A state that cannot follow the one in which a delivery is."""

	def __init__(self, before: DeliveryState, after: DeliveryState) -> None:
		self.before = before
		self.after = after
		super().__init__(f"A delivery that is {before.value} cannot become {after.value}")


@dataclass(frozen=True, slots=True)
class Delivery:
	"""A row of the ledger: one report on one period for one person.

	A report that was returned to its makers and handed on again has another `edition`, counted from 1.
	Units: `due`, and `since` when it came into its state, are epoch seconds.
	Policy: TSM-13, TSM-14, TRC-18
	"""

	report: str
	period_key: str
	recipient: str
	due: int
	state: DeliveryState = DeliveryState.DUE
	since: int = 0
	edition: int = 1

	@property
	def run_key(self) -> RunKey:
		return self.report, self.period_key


class Recipient(NamedTuple):
	"""A person, and the calendar of the country where they work."""

	person: str
	calendar: Calendar


class Mailing(NamedTuple):
	"""A schedule, and to whom its report goes; whoever is named twice gets it once."""

	schedule: Schedule
	recipients: tuple[Recipient, ...]


def moved(delivery: Delivery, state: DeliveryState, at: int) -> Delivery:
	"""The delivery in its next state; unchanged if it is in that state.

	Units: epoch seconds.
	Raises: NotAMove.
	Policy: TSM-13, TSM-14, TRC-18
	"""
	if state == delivery.state:
		return delivery
	if state not in MOVES[delivery.state]:
		raise NotAMove(delivery.state, state)
	return replace(delivery, state=state, since=at)


def deliveries_of(run: Run, mailing: Mailing) -> list[Delivery]:
	"""The ledger's rows for a run of the mailing's schedule, one for each person.

	Raises: NoWorkingTime if nobody works in a recipient's country for a year.
	Policy: TSM-09, TSM-13, TSM-14, TRC-18
	"""
	return [_delivery(run, mailing.schedule, to) for to in _each_once(mailing.recipients)]


def deliveries_on(day: date, mailings: Iterable[Mailing], makers: Calendar) -> list[Delivery]:
	"""What would be sent to whom on a date of the site, in order, if nothing went wrong: the dry run.

	Raises: NoWorkingTime if the makers, or those of a recipient's country, do not work for a year.
	Policy: TSM-09, TSM-13, TSM-14, TRC-18
	"""
	found = [
		delivery
		for schedule, recipients in mailings
		for to in _each_once(recipients)
		for delivery in _deliveries_on(day, schedule, to, makers)
	]
	return sorted(found, key=lambda delivery: (delivery.due, delivery.run_key, delivery.recipient))


def _delivery(run: Run, schedule: Schedule, to: Recipient) -> Delivery:
	return Delivery(*run.key, to.person, delivery_due(schedule, run.due, to.calendar))


def _each_once(recipients: tuple[Recipient, ...]) -> Iterable[Recipient]:
	"""Whoever is named twice, as a head of two departments is, where they were named first."""
	found: dict[str, Recipient] = {}
	for to in recipients:
		found.setdefault(to.person, to)
	return found.values()


def _deliveries_on(day: date, schedule: Schedule, to: Recipient, makers: Calendar) -> Iterator[Delivery]:
	start, end = dates(schedule.zone, day, day + ONE_DAY)
	for run in latest_runs(schedule, makers, end - 1):
		delivery = _delivery(run, schedule, to)
		if start <= delivery.due < end:
			yield delivery
		# What waited for a working day may come after what is due on that day itself, but by hours only.
		if delivery.due < start - 2 * DAY:
			return
