"""What is missing from the ledger of reports, and whether all is alive that makes and sends them.

Each gap has a code; whoever shows it words it in the reader's language. Values in, values out. Seconds are since the
epoch (UTC), 0 is "never".
"""

from __future__ import annotations

from collections import defaultdict
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from core_helpdesk.domain.deliveries import OVER, DeliveryState

if TYPE_CHECKING:
	from collections.abc import Collection, Mapping, Sequence

	from core_helpdesk.domain.deliveries import Delivery
	from core_helpdesk.domain.report_schedule import Run, RunKey


class Person(NamedTuple):
	"""What decides whether mail can reach somebody."""

	enabled: bool = True
	address: str = ""


NOBODY = Person(enabled=False)


class GapCode(str, Enum):
	"""What is missing."""

	NOT_MADE = "Not Made"
	NO_RECIPIENT = "No Recipient"
	DISABLED = "Disabled"
	NO_ADDRESS = "No Address"
	FAILED = "Failed"
	NOT_QUEUED = "Not Queued"
	NOT_SENT = "Not Sent"


class Gap(NamedTuple):
	"""Something missing from the ledger; `recipient` is "" for what is missing for everybody.

	Units: `since`, from when on what is missing is waited for, is epoch seconds; it lies ahead for a person of whom
	it is known that a report due then would not reach them.
	"""

	code: GapCode
	report: str
	period_key: str
	recipient: str
	since: int
	edition: int = 1


class Limits(NamedTuple):
	"""How long each step may take before it is a gap.

	Units: seconds.
	"""

	to_make: int = 3600
	to_queue: int = 1800
	to_send: int = 1800


DEFAULT_LIMITS = Limits()

NOT_YET_MADE = (GapCode.NOT_MADE, GapCode.FAILED)
"""What the gap of a run that was not made says already of each of its deliveries."""


class Part(str, Enum):
	"""What has to be alive for a report to arrive."""

	SCHEDULER = "Scheduler"
	WORKER = "Worker"
	MAIL_ACCOUNT = "Mail Account"


def gaps(
	runs: Collection[Run],
	made: Collection[RunKey],
	deliveries: Collection[Delivery],
	people: Mapping[str, Person],
	now: int,
	limits: Limits = DEFAULT_LIMITS,
) -> list[Gap]:
	"""All that is missing at a moment, in the order in which it began to be; of one delivery the cause only.

	`made` are those of the runs that were made, for whomever, and `deliveries` has every row of them. A run that was
	not made is one gap, not one for each recipient. Who is not among the `people` counts as disabled; nobody is asked
	about a report that arrived or was withdrawn.

	Units: epoch seconds.
	Policy: QA-12, TSM-09, TSM-13, TSM-14, TRC-18
	"""
	rows: dict[RunKey, list[Delivery]] = defaultdict(list)
	for delivery in deliveries:
		rows[delivery.run_key].append(delivery)
	of_runs = {
		run.key: gap
		for run in runs
		if (gap := _gap_of_run(run, rows.get(run.key, ()), run.key in made, now, limits))
	}
	of_deliveries = (_gap_of(row, people.get(row.recipient, NOBODY), now, limits) for row in deliveries)
	found = [
		gap
		for gap in of_deliveries
		if gap and not (gap.code in NOT_YET_MADE and (gap.report, gap.period_key) in of_runs)
	]
	return sorted([*of_runs.values(), *found], key=lambda gap: (gap.since, gap))


def dead_parts(last_signs: Mapping[Part, int], limits: Mapping[Part, int], now: int) -> list[Part]:
	"""The parts that gave no sign for as long as their limit, or never did; without a limit one is not watched.

	Units: epoch seconds, seconds.
	"""
	return [part for part in Part if part in limits and last_signs.get(part, 0) + limits[part] <= now]


def _gap_of_run(run: Run, rows: Sequence[Delivery], is_made: bool, now: int, limits: Limits) -> Gap | None:
	if is_made:
		return None if rows else Gap(GapCode.NO_RECIPIENT, *run.key, "", run.due)
	failed = [row.since for row in rows if row.state == DeliveryState.FAILED]
	if failed:
		return Gap(GapCode.FAILED, *run.key, "", min(failed))
	return Gap(GapCode.NOT_MADE, *run.key, "", run.due) if run.due + limits.to_make <= now else None


def _gap_of(delivery: Delivery, person: Person, now: int, limits: Limits) -> Gap | None:
	if delivery.state in OVER:
		return None
	has_failed = delivery.state == DeliveryState.FAILED
	since = delivery.since if has_failed else max(delivery.due, delivery.since)
	code = _unreachable(person) or _overdue(delivery.state, now - since, limits)
	return Gap(code, *delivery.run_key, delivery.recipient, since, delivery.edition) if code else None


def _unreachable(person: Person) -> GapCode | None:
	if not person.enabled:
		return GapCode.DISABLED
	return None if person.address else GapCode.NO_ADDRESS


def _overdue(state: DeliveryState, waited: int, limits: Limits) -> GapCode | None:
	if state == DeliveryState.FAILED:
		return GapCode.FAILED
	code, limit = {
		DeliveryState.DUE: (GapCode.NOT_MADE, limits.to_make),
		DeliveryState.MADE: (GapCode.NOT_QUEUED, limits.to_queue),
		DeliveryState.QUEUED: (GapCode.NOT_SENT, limits.to_send),
	}[state]
	return code if waited >= limit else None
