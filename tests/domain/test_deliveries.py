"""The ledger of reports: its moves, the dry run of a day, what is missing, and what has died."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core_helpdesk.domain.deliveries import (
	MOVES,
	Delivery,
	DeliveryState,
	Mailing,
	NotAMove,
	Recipient,
	deliveries_of,
	deliveries_on,
	moved,
)
from core_helpdesk.domain.delivery_gaps import Gap, GapCode, Limits, Part, Person, dead_parts, gaps
from core_helpdesk.domain.period import Period
from core_helpdesk.domain.report_schedule import Rhythm, Run, Schedule, runs_due
from tests.domain import report_oracle
from tests.domain.report_cases import DAY, HOUR, MINUTE, country, some_calendar, some_schedule, unhurried
from tests.domain.working_time_cases import at, shown

DUE, MADE, QUEUED, SENT, FAILED, ACKNOWLEDGED, WITHDRAWN = DeliveryState
RIYADH = ZoneInfo("Asia/Riyadh")
NOW = at("2026-11-22 12:00")
SIX = at("2026-11-22 06:00")

FOLLOW = {
	DUE: {MADE, FAILED, WITHDRAWN},
	MADE: {QUEUED, FAILED, ACKNOWLEDGED, WITHDRAWN},
	QUEUED: {SENT, FAILED, ACKNOWLEDGED, WITHDRAWN},
	SENT: {ACKNOWLEDGED},
	FAILED: {MADE, QUEUED, SENT, ACKNOWLEDGED, WITHDRAWN},
	ACKNOWLEDGED: set(),
	WITHDRAWN: {DUE},
}


def row(state=DUE, since=0, *, report="daily", key="2026-11-21", to="mona", due=SIX):
	return Delivery(report, key, to, due, state, since)


def run(report="daily", key="2026-11-21", due=SIX):
	return Run(report, Period(due - DAY, due), key, due)


@pytest.mark.parametrize(("before", "after"), list(product(DeliveryState, DeliveryState)))
def test_delivery_moves_only_where_it_may(before, after):
	delivery = row(before, SIX)
	if before is after:
		assert moved(delivery, after, NOW) is delivery
	elif after in FOLLOW[before]:
		assert moved(delivery, after, NOW) == replace(delivery, state=after, since=NOW)
	else:
		with pytest.raises(NotAMove, match=f"{before.value} cannot become {after.value}"):
			moved(delivery, after, NOW)


@given(st.lists(st.sampled_from(DeliveryState), max_size=30))
def test_what_is_sent_or_read_never_goes_out_again(wishes):
	delivery, arrived = row(), False
	for at_second, wish in enumerate(wishes, SIX):
		if wish in MOVES[delivery.state]:
			delivery = moved(delivery, wish, at_second)
		arrived = arrived or delivery.state in (SENT, ACKNOWLEDGED)
		assert not arrived or delivery.state in (SENT, ACKNOWLEDGED)


@pytest.mark.parametrize("after", [state for state in DeliveryState if state not in (WITHDRAWN, DUE)])
def test_what_is_withdrawn_is_due_anew_before_it_goes_out(after):
	with pytest.raises(NotAMove):
		moved(row(WITHDRAWN), after, NOW)


def schedule(report, rhythm=Rhythm.DAILY, **facts):
	return Schedule(report, rhythm, 7 * HOUR, RIYADH, **facts)


def recipients(**countries):
	return tuple(Recipient(person, country(code)) for person, code in countries.items())


MAILINGS = (
	Mailing(schedule("escalated", every_day=True), recipients(tsm="SA")),
	Mailing(schedule("departments", Rhythm.WEEKLY), recipients(huda="SA", omar="EG", sara="AE")),
	Mailing(schedule("month", Rhythm.MONTHLY), recipients(huda="SA", sara="AE")),
)

# A date, and what goes out on it in Riyadh's time.
DRY_RUNS = [
	(
		"2026-11-01",
		[
			("07:00", "departments", "2026-10-25..2026-10-31", "huda"),
			("07:00", "departments", "2026-10-25..2026-10-31", "omar"),
			("07:00", "escalated", "2026-10-31", "tsm"),
			("07:00", "month", "2026-10", "huda"),
		],
	),
	(
		"2026-11-02",
		[
			("06:00", "departments", "2026-10-25..2026-10-31", "sara"),
			("06:00", "month", "2026-10", "sara"),
			("07:00", "escalated", "2026-11-01", "tsm"),
		],
	),
	("2026-11-06", [("07:00", "escalated", "2026-11-05", "tsm")]),
	# Eid: the week waits until Thursday with its makers; no day off is left for anybody by then.
	("2025-03-30", [("07:00", "escalated", "2025-03-29", "tsm")]),
	(
		"2025-04-03",
		[
			("07:00", "departments", "2025-03-23..2025-03-29", "huda"),
			("07:00", "departments", "2025-03-23..2025-03-29", "omar"),
			("07:00", "departments", "2025-03-23..2025-03-29", "sara"),
			("07:00", "escalated", "2025-04-02", "tsm"),
			("07:00", "month", "2025-03", "huda"),
			("07:00", "month", "2025-03", "sara"),
		],
	),
]


@pytest.mark.parametrize(("day", "expected"), DRY_RUNS, ids=[day for day, _ in DRY_RUNS])
def test_dry_run_says_what_goes_to_whom_on_a_day(day, expected):
	found = deliveries_on(date.fromisoformat(day), MAILINGS, country("SA"))
	assert [
		(shown(delivery.due)[11:], delivery.report, delivery.period_key, delivery.recipient)
		for delivery in found
	] == expected
	assert all(shown(delivery.due)[:10] == day for delivery in found)
	assert all(delivery.state is DUE for delivery in found)


def test_daily_report_of_days_off_arrives_with_that_of_the_first_working_day():
	mailing = Mailing(schedule("escalated"), recipients(huda="SA"))
	days = [date(2026, 11, 19) + timedelta(days=n) for n in range(4)]
	found = [[d.period_key for d in deliveries_on(day, [mailing], country("SA"))] for day in days]
	assert found == [["2026-11-18"], [], [], ["2026-11-19", "2026-11-20", "2026-11-21"]]


def test_delivery_at_midnight_is_one_of_the_day_that_begins():
	midnight = Schedule("escalated", Rhythm.DAILY, 0, RIYADH)
	mailing = Mailing(midnight, recipients(huda="SA"))
	days = [date(2026, 11, 19) + timedelta(days=n) for n in range(4)]
	found = [[d.period_key for d in deliveries_on(day, [mailing], country("SA"))] for day in days]
	assert found == [["2026-11-18"], [], [], ["2026-11-19", "2026-11-20", "2026-11-21"]]


def test_whoever_is_named_twice_gets_a_report_once():
	twice = Mailing(schedule("escalated"), recipients(huda="SA", omar="EG") + recipients(huda="AE"))
	due = runs_due(twice.schedule, country("SA"), at("2026-11-21 12:00"), NOW)
	assert [(row.recipient, shown(row.due)) for row in deliveries_of(due[0], twice)] == [
		("huda", "2026-11-22 07:00"),
		("omar", "2026-11-22 07:00"),
	]
	for day in (date(2026, 11, 22), date(2026, 11, 23)):
		found = [row for row in deliveries_on(day, [twice], country("SA")) if row.recipient == "huda"]
		assert len(found) == len({row.run_key for row in found})
	assert not [
		row
		for row in deliveries_on(date(2026, 11, 23), [twice], country("SA"))
		if row.period_key == "2026-11-21"
	]


@unhurried
@given(st.data())
def test_dry_run_is_that_of_the_oracle(data):
	near, drawn = data.draw(some_schedule())
	makers = data.draw(some_calendar(near))
	people = {"huda": data.draw(some_calendar(near)), "omar": data.draw(some_calendar(near))}
	mailing = Mailing(drawn, tuple(Recipient(*each) for each in people.items()))
	day = near + timedelta(days=data.draw(st.integers(-15, 15)))
	found = [(d.period_key, d.recipient, d.due) for d in deliveries_on(day, [mailing], makers)]
	rules = {person: calendar.rules for person, calendar in people.items()}
	assert len(set(found)) == len(found)
	assert set(found) == report_oracle.sent_on(day, drawn, rules, makers.rules)


@unhurried
@given(st.data())
def test_days_of_the_dry_run_together_are_the_rows_of_the_ledger(data):
	near, drawn = data.draw(some_schedule())
	makers = data.draw(some_calendar(near))
	mailing = Mailing(drawn, (Recipient("huda", data.draw(some_calendar(near))),))
	days = [near + timedelta(days=n) for n in range(-45, 46)]
	on_days = [delivery for day in days for delivery in deliveries_on(day, [mailing], makers)]
	assert len({delivery.run_key for delivery in on_days}) == len(on_days)
	middle = at(f"{near} 12:00", drawn.zone.key)
	rows = [
		delivery
		for each in runs_due(drawn, makers, middle - 20 * DAY, middle + 5 * DAY)
		for delivery in deliveries_of(each, mailing)
	]
	assert {delivery for delivery in rows if delivery.due < middle + 40 * DAY} <= set(on_days)


MONA = {"mona": Person(address="mona@courier.example")}
LATE, SOON = NOW - 30 * MINUTE, NOW - 30 * MINUTE + 1

# What the ledger has of one delivery of a run that was made, and what is missing at noon.
ROWS = [
	(row(SENT, LATE), MONA, None, "sent"),
	(row(ACKNOWLEDGED, LATE), MONA, None, "read"),
	(row(SENT, LATE), {}, None, "sent to somebody who has left since"),
	(row(WITHDRAWN, LATE), {}, None, "withdrawn"),
	(row(MADE, SOON), MONA, None, "just made"),
	(row(MADE, LATE), MONA, GapCode.NOT_QUEUED, "made and not queued"),
	(row(MADE, SIX, due=SOON), MONA, None, "made, and due just now"),
	(row(MADE, SIX, due=NOW + DAY), MONA, None, "made, and waits for a working day"),
	(row(QUEUED, SOON), MONA, None, "just queued"),
	(row(QUEUED, LATE), MONA, GapCode.NOT_SENT, "unsent for 30 minutes"),
	(row(FAILED, NOW), MONA, GapCode.FAILED, "just failed"),
	(row(FAILED, SIX, due=NOW + DAY), MONA, GapCode.FAILED, "failed before it was due"),
	(row(due=NOW - HOUR + 1), MONA, None, "just due"),
	(row(due=NOW - HOUR), MONA, GapCode.NOT_MADE, "made for others only"),
	(row(QUEUED, SOON), {}, GapCode.DISABLED, "to somebody unknown"),
	(row(QUEUED, SOON), {"mona": Person(enabled=False)}, GapCode.DISABLED, "to somebody disabled"),
	(row(MADE, SOON), {"mona": Person()}, GapCode.NO_ADDRESS, "to somebody without address"),
	(row(FAILED, LATE), {"mona": Person()}, GapCode.NO_ADDRESS, "failed for want of an address"),
	(row(due=NOW + DAY), {"mona": Person()}, GapCode.NO_ADDRESS, "known before it is due"),
]


@pytest.mark.parametrize(("delivery", "people", "code", "case"), ROWS, ids=[case for *_, case in ROWS])
def test_gap_of_a_delivery(delivery, people, code, case):
	found = gaps([run()], {run().key}, [delivery], people, NOW)
	assert [(gap.code, gap.recipient) for gap in found] == ([(code, "mona")] if code else [])


def test_gap_says_since_when():
	found = gaps(
		[],
		(),
		[
			row(QUEUED, SIX + MINUTE),
			row(MADE, SIX, key="b", due=SIX + HOUR),
			row(FAILED, SIX, key="c", due=NOW + DAY),
		],
		MONA,
		NOW,
	)
	assert found == [
		Gap(GapCode.FAILED, "daily", "c", "mona", SIX),
		Gap(GapCode.NOT_SENT, "daily", "2026-11-21", "mona", SIX + MINUTE),
		Gap(GapCode.NOT_QUEUED, "daily", "b", "mona", SIX + HOUR),
	]


@pytest.mark.parametrize(
	("made", "rows", "now", "expected"),
	[
		(False, [], SIX + HOUR - 1, []),
		(False, [], SIX + HOUR, [(GapCode.NOT_MADE, "", SIX)]),
		(False, [row(), row(to="omar")], SIX + HOUR, [(GapCode.NOT_MADE, "", SIX)]),
		(False, [row(FAILED, SIX + 5), row(FAILED, SIX + 9, to="omar")], SIX + 9, [(GapCode.FAILED, "", SIX + 5)]),
		(True, [], SIX, [(GapCode.NO_RECIPIENT, "", SIX)]),
		(True, [row(SENT, SIX)], SIX + DAY, []),
		(True, [row(SENT, SIX), row(to="omar")], SIX + HOUR, [(GapCode.NOT_MADE, "omar", SIX)]),
		(True, [row(SENT, SIX), row(FAILED, SIX, to="omar")], SIX + 9, [(GapCode.FAILED, "omar", SIX)]),
	],
)  # fmt: skip
def test_gap_of_a_run_stands_for_all_its_deliveries(made, rows, now, expected):
	people = MONA | {"omar": Person(address="omar@courier.example")}
	found = gaps([run()], {run().key} if made else (), rows, people, now)
	assert [(gap.code, gap.recipient, gap.since) for gap in found] == expected


def test_run_that_was_not_made_does_not_hide_who_cannot_be_reached():
	found = gaps([run()], (), [row(), row(to="omar")], MONA, NOW)
	assert [(gap.code, gap.recipient) for gap in found] == [
		(GapCode.DISABLED, "omar"),
		(GapCode.NOT_MADE, ""),
	]


def test_gap_says_of_which_edition_it_is():
	(found,) = gaps([], (), [replace(row(FAILED, SIX), edition=2)], MONA, NOW)
	assert found == Gap(GapCode.FAILED, "daily", "2026-11-21", "mona", SIX, edition=2)


def test_limits_are_those_given():
	limits = Limits(to_make=10, to_queue=20, to_send=30)
	rows = [row(key="a", due=SIX), row(MADE, SIX, key="b"), row(QUEUED, SIX, key="c")]
	counts = [len(gaps([], (), rows, MONA, SIX + waited, limits)) for waited in (9, 10, 19, 20, 29, 30)]
	assert counts == [0, 1, 1, 2, 2, 3]


some_rows = st.lists(
	st.builds(
		row,
		st.sampled_from(DeliveryState),
		st.integers(NOW - 4000, NOW),
		key=st.sampled_from("abc"),
		to=st.sampled_from(["mona", "omar", "sara", "gone"]),
		due=st.integers(NOW - 4000, NOW + 100),
	),
	max_size=12,
)
some_runs = st.dictionaries(st.sampled_from("abcd"), st.integers(NOW - 4000, NOW), max_size=4)
PEOPLE = MONA | {"omar": Person(), "sara": Person(enabled=False, address="sara@courier.example")}


@given(some_rows, some_runs, st.sets(st.sampled_from("abcd")), st.builds(Limits, *[st.integers(0, 4000)] * 3))
def test_gaps_are_those_of_the_oracle(rows, due, made, limits):
	runs = [run(key=key, due=moment) for key, moment in due.items()]
	made_keys = {("daily", key) for key in made}
	found = gaps(runs, made_keys, rows, PEOPLE, NOW, limits)
	assert {(gap.code.value, *gap[1:4]) for gap in found} == report_oracle.missing(
		runs, made_keys, rows, PEOPLE, NOW, limits
	)
	assert [gap.since for gap in found] == sorted(gap.since for gap in found)


def test_mail_account_that_fails_for_a_day_shows_until_all_is_sent_and_nothing_is_sent_twice():
	delivery, sent = row(QUEUED, SIX), 0
	seen = []
	for hour in range(30):
		now = SIX + hour * HOUR
		if hour == 3:
			delivery = moved(delivery, FAILED, now)
		if hour == 24:
			delivery = moved(moved(delivery, QUEUED, now), SENT, now)
			sent += 1
		seen += [gap.code for gap in gaps([run()], {run().key}, [delivery], MONA, now)]
	assert seen == [GapCode.NOT_SENT] * 2 + [GapCode.FAILED] * 21
	assert sent == 1
	with pytest.raises(NotAMove):
		moved(delivery, QUEUED, SIX + 30 * HOUR)


def test_three_days_without_scheduler_are_gaps_until_the_runs_are_made_up():
	daily = Mailing(schedule("escalated", every_day=True), recipients(mona="SA"))
	back = at("2026-11-23 12:00")
	missed = runs_due(daily.schedule, country("SA"), back - 3 * DAY, back)
	assert [(gap.code, gap.period_key) for gap in gaps(missed, (), (), MONA, back)] == [
		(GapCode.NOT_MADE, "2026-11-20"),
		(GapCode.NOT_MADE, "2026-11-21"),
		(GapCode.NOT_MADE, "2026-11-22"),
	]
	rows = [moved(delivery, MADE, back) for each in missed for delivery in deliveries_of(each, daily)]
	assert not gaps(missed, {each.key for each in missed}, rows, MONA, back + 29 * MINUTE)
	rows = [moved(moved(delivery, QUEUED, back), SENT, back + MINUTE) for delivery in rows]
	assert not gaps(missed, {each.key for each in missed}, rows, MONA, back + DAY)


WATCHED = {Part.SCHEDULER: 15 * MINUTE, Part.WORKER: 15 * MINUTE, Part.MAIL_ACCOUNT: DAY}


@pytest.mark.parametrize(
	("signs", "limits", "expected"),
	[
		((NOW, NOW, NOW), WATCHED, []),
		((0, 0, 0), WATCHED, list(Part)),
		((NOW - 15 * MINUTE + 1, NOW, NOW - DAY + 1), WATCHED, []),
		((NOW - 15 * MINUTE, NOW, NOW), WATCHED, [Part.SCHEDULER]),
		((NOW, NOW - HOUR, NOW - HOUR), WATCHED, [Part.WORKER]),
		((NOW, NOW, NOW - DAY), WATCHED, [Part.MAIL_ACCOUNT]),
		((NOW + HOUR, NOW + HOUR, NOW + HOUR), WATCHED, []),
		((0, 0, 0), {Part.WORKER: HOUR}, [Part.WORKER]),
	],
)
def test_part_is_dead_without_sign_for_its_limit(signs, limits, expected):
	assert dead_parts(dict(zip(Part, signs, strict=True)), limits, NOW) == expected


def test_part_that_never_gave_a_sign_is_dead():
	assert dead_parts({Part.SCHEDULER: NOW}, WATCHED, NOW) == [Part.WORKER, Part.MAIL_ACCOUNT]
