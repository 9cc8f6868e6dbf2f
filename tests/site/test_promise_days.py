"""Promises to customers: read from as few tickets as may decide one, and of days that are over counted once."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk import config, months, promised_times
from core_helpdesk.domain.period import Period
from core_helpdesk.domain.promises import Kind
from core_helpdesk.domain.quality import together, total, written
from core_helpdesk.domain.ticket_facts import Place
from core_helpdesk.escalations import places, tables
from core_helpdesk.hosts import hd_ticket
from core_helpdesk.reports import promise_days, promise_reading, quality_counts, quality_figures
from tests.domain.test_promises_read import END, Life, life, until
from tests.site.factories import make_department, make_desk, make_team, make_ticket_type
from tests.site.moments import Moment, epoch, moment_from
from tests.site.test_quality_figures import promise

if TYPE_CHECKING:
	from collections.abc import Iterator

HOUR, DAY = 3600, 24 * 3600
FIRST, MONTHS = "2026-01-01", ("2026-01", "2026-02", "2026-03")
LEG = (
	"name", "reference_doctype", "reference_name", "cycle", *places.COLUMNS,
	"from_epoch", "to_epoch", "began_by", "ended_by",
)  # fmt: skip

moment = moment_from(FIRST)


@pytest.fixture
def desk(moment: Moment) -> Iterator[frappe._dict]:
	"""Two groups of two departments, and one that is no more; ticket categories that hold complaints or inquiries."""
	desk = make_desk()
	other = make_department()
	desk.teams = [
		(desk.department, desk.team),
		(other, make_team(ch_department=other, ch_country="Saudi Arabia")),
		(desk.department, "Deleted"),
	]
	desk.categories = {name: make_ticket_type() for name in ("Complaint", "Claim", "Inquiry", "Praise")}
	promise(
		(desk.categories["Complaint"], "Complaint"),
		(desk.categories["Claim"], "Complaint"),
		(desk.categories["Inquiry"], "Inquiry"),
	)
	quality_figures.forget()
	yield desk
	quality_figures.forget()


def seconds(hours: int) -> int:
	"""A moment of a life, whose units are hours, on the site; 0 is none."""
	return epoch(FIRST) + hours * HOUR if hours else 0


def lay(desk: frappe._dict, lives: list[Life]) -> None:
	"""Lets these be all the tickets that the site ever had."""
	frappe.db.delete("HD Ticket")
	frappe.db.delete("Ticket Leg")
	legs, tickets = [], []
	for number, own in enumerate(lives, start=1):
		department, team = desk.teams[number % len(desk.teams)]
		name = number if hd_ticket.has_integer_names() else str(number)
		reply = str(config.from_epoch(seconds(own.reply))) if own.reply else None
		tickets.append((name, f"Ticket {number}", reply))
		for step, stay in enumerate(own.stays):
			category = desk.categories.get(stay.place.ticket_category, "")
			place = Place("Saudi Arabia", department, "", team, category)
			when = (seconds(stay.began), seconds(stay.ended), stay.by.value, stay.how.value)
			legs.append((f"{number}-{step}", "HD Ticket", str(number), step, *places.values(place), *when))
	tables.insert("HD Ticket", ("name", "subject", "first_responded_on"), tickets)
	tables.insert("Ticket Leg", LEG, legs)


def some_lives(seed: int, count: int, *, is_plain: bool = False) -> list[Life]:
	chance = random.Random(seed)
	return [life(chance, str(number), is_plain=is_plain) for number in range(1, count + 1)]


def some_periods(chance: random.Random) -> list[Period]:
	"""Months, days, and any others."""
	starts = [epoch(FIRST) + chance.randrange(END * HOUR) for _each in range(6)]
	any_length = [Period(start, start + chance.randrange(1, 40 * DAY)) for start in starts]
	days = [Period(at, at + DAY) for at in chance.sample(range(epoch(FIRST), seconds(END), DAY), 8)]
	return [*map(months.window, MONTHS), *days, *any_length]


@pytest.mark.parametrize("seed", range(2))
def test_whoever_reads_all_tickets_finds_no_other_promise(
	desk: frappe._dict, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
	"""Policy: CX-2.1, CX-3.7, QA-12"""
	lay(desk, some_lives(seed, 700))
	everybody = sorted(map(str, range(1, 701)))
	found, read = {kind: 0 for kind in Kind}, []
	names = promise_reading._names
	for period in some_periods(random.Random(seed)):
		told = promise_reading.decided(period)
		read.append(len(names(promised_times.promised(), period)))
		with monkeypatch.context() as patch:
			patch.setattr(promise_reading, "_names", lambda *_given: everybody)
			assert told == promise_reading.decided(period), period
		for kind, promises in told.items():
			found[kind] += len(promises)
	assert all(count > 100 for count in found.values())
	assert max(read) < len(everybody)


def test_what_has_a_promise_reads_the_rules_of_the_site_once(
	desk: frappe._dict, monkeypatch: pytest.MonkeyPatch
) -> None:
	lay(desk, some_lives(3, 300))
	asked, rules = [], config.site_rules
	monkeypatch.setattr(promise_reading, "BATCH", 20)
	monkeypatch.setattr(config, "site_rules", lambda: asked.append(1) or rules())
	assert promise_reading.decided(months.window("2026-02"))[Kind.COMPLAINT]
	assert len(asked) == 1


def all_anew(month: str, now: int) -> str:
	return written(quality_counts.count_promises(months.window(month, now)))


@pytest.mark.parametrize("seed", range(2))
def test_days_that_are_over_are_counted_once_and_add_up(
	desk: frappe._dict, moment: Moment, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
	"""Policy: CX-2.1, CX-3.7, QA-12"""
	chance, lives = random.Random(seed), some_lives(seed, 300, is_plain=True)
	read, decided = [], promise_reading.decided
	monkeypatch.setattr(promise_days, "KEPT_SECONDS", 90 * DAY)
	at, counted = 700, 0
	while (at := at + chance.choice((3, 9, 30, 60))) < 1500:
		lay(desk, until(lives, at))
		now = moment.set_epoch(seconds(at) - 1)
		month, midnight = months.of(now), now - (now - epoch(FIRST)) % DAY
		with monkeypatch.context() as patch:
			patch.setattr(promise_reading, "decided", lambda period: read.append(period) or decided(period))
			told = promise_days.decided(month, now)
		assert written(together(told)) == all_anew(month, now), at
		assert read[-1] == Period(midnight, now + 1)
		counted += sum(total(told).counts.values())
	assert counted > 500
	# No day is read twice once it is over.
	over = [period for period in read if period.end % DAY == epoch(FIRST) % DAY]
	assert over == sorted(set(over))
	assert all(before.end <= after.start for before, after in pairwise(over))


def test_what_comes_late_to_a_day_is_counted_the_night_after(desk: frappe._dict, moment: Moment) -> None:
	"""Policy: QA-12"""
	lay(desk, until(some_lives(5, 300), 400))
	now = moment.set_epoch(seconds(400) - 1)
	before = written(promise_days.decided("2026-01", now))
	assert before == all_anew("2026-01", now)
	lay(desk, until(some_lives(6, 300), 400))
	anew = all_anew("2026-01", now)
	assert written(promise_days.decided("2026-01", now)) != anew
	assert promise_days.count_anew(now) == ["2025-12", "2026-01"]
	assert written(promise_days.decided("2026-01", now)) == anew


def test_days_are_counted_anew_though_the_nights_fail(desk: frappe._dict, moment: Moment) -> None:
	lay(desk, until(some_lives(5, 300), 400))
	now = moment.set_epoch(seconds(400) - 1)
	promise_days.decided("2026-01", now)
	lay(desk, until(some_lives(6, 300), 400))
	now = moment.later(days=1)
	assert written(promise_days.decided("2026-01", now)) != all_anew("2026-01", now)
	now = moment.later(days=1)
	assert written(promise_days.decided("2026-01", now)) == all_anew("2026-01", now)


def test_whoever_promises_something_else_is_told_of_that(desk: frappe._dict, moment: Moment) -> None:
	lay(desk, until(some_lives(7, 300), 400))
	now = moment.set_epoch(seconds(400) - 1)
	before = written(promise_days.decided("2026-01", now))
	promise((desk.categories["Inquiry"], "Inquiry"))
	assert written(promise_days.decided("2026-01", now)) == all_anew("2026-01", now) != before
	frappe.rename_doc("Core Department", desk.department, "Renamed")
	assert written(promise_days.decided("2026-01", now)) == all_anew("2026-01", now)
	assert "Renamed" in all_anew("2026-01", now)


def test_a_month_of_which_the_days_are_over_is_counted_whole(desk: frappe._dict, moment: Moment) -> None:
	lay(desk, some_lives(8, 300))
	for month, text in (("2026-01", "2026-02-01 00:20"), ("2026-02", "2026-03-04 09:00")):
		now = moment.set(text)
		for _again in range(2):
			assert written(promise_days.decided(month, now)) == all_anew(month, now)
	# A clock that was put back finds days kept that are not over.
	for text in ("2026-03-20 10:00", "2026-03-10 10:00"):
		now = moment.set(text)
		assert written(promise_days.decided("2026-03", now)) == all_anew("2026-03", now)
