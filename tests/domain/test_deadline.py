"""The `deadline` question: literal answers for several countries, and a clear refusal of every bad question."""

from __future__ import annotations

import json

import pytest

from core_helpdesk.domain import errors
from core_helpdesk.offline.deadline import deadline

# The working days of these weeks are settled: no date depends on a moon not yet seen.
ANSWERS = [
	("SA", "2024-03-31 09:00", {"working_days": 10}, "2024-04-18T17:00:00", "over Ramadan and Eid al-Fitr"),
	("SA", "2024-03-31 09:00", {"working_days": 1}, "2024-04-01T16:00:00", "closes with Ramadan hours"),
	("SA", "2024-05-05 09:00", {"working_days": 11}, "2024-05-20T17:00:00", "eleven days over two weekends"),
	("SA", "2013-06-26 09:00", {"working_days": 2}, "2013-07-01T17:00:00", "the weekend changes"),
	("SA", "2024-05-09 16:00", {"working_hours": 16}, "2024-05-13T14:00:00", "hours over a weekend"),
	("SA", "2024-05-09 16:00", {"hours": 24}, "2024-05-10T16:00:00", "by the clock, over a weekend"),
	("SA", "2024-05-09 16:00", {"hours": 1.5}, "2024-05-09T17:30:00", "an hour and a half"),
	("AE", "2024-05-09 16:00", {"working_hours": 4}, "2024-05-10T11:00:00", "half-day Friday"),
	("AE", "2024-05-09 16:00", {"working_days": 1}, "2024-05-10T12:00:00", "a half day closes at noon"),
	("AE", "2021-05-20 16:00", {"working_days": 1}, "2021-05-23T17:00:00", "Friday and Saturday off in 2021"),
	("EG", "2024-04-25 10:00", {"hours": 24}, "2024-04-26T11:00:00", "the clock goes forward at midnight"),
	("EG", "2023-10-26 12:00", {"hours": 24}, "2023-10-27T11:00:00", "the clock goes back"),
	("DE", "2024-03-28 10:00", {"working_days": 1}, "2024-04-02T17:00:00", "Easter"),
	("JO", "2024-05-23 17:00", {"working_hours": 1}, "2024-05-26T09:00:00", "Independence Day on Saturday"),
]


@pytest.mark.parametrize(
	("country", "start", "amount", "due", "case"), ANSWERS, ids=[f"{row[0]}: {row[4]}" for row in ANSWERS]
)
def test_deadline_is_counted_with_the_calendar_of_the_country(country, start, amount, due, case):
	assert json.loads(deadline(country, start, **amount).as_json())["due"] == due


def test_hours_given_leave_out_half_day_and_season():
	asked = {"working_hours": 8, "day": "08:00-12:00,13:00-17:00"}
	# Friday 2024-03-15 in the UAE is a half day in Ramadan.
	assert '"due": "2024-03-15T17:00:00"' in deadline("AE", "2024-03-15 08:00", **asked).as_json()
	asked["ramadan"] = "10:00-15:00"
	assert '"due": "2024-03-18T13:00:00"' in deadline("AE", "2024-03-15 08:00", **asked).as_json()


def test_answer_for_a_program_has_exactly_the_due_moment_the_intervals_and_the_dates_skipped():
	answer = deadline("SA", "2024-05-09 16:00", working_hours=9, day="08:00-12:00,13:00-17:00").as_json()
	assert json.loads(answer) == {
		"due": "2024-05-12T17:00:00",
		"counted": [
			{"date": "2024-05-09", "from": "2024-05-09T16:00:00", "to": "2024-05-09T17:00:00"},
			{"date": "2024-05-12", "from": "2024-05-12T08:00:00", "to": "2024-05-12T12:00:00"},
			{"date": "2024-05-12", "from": "2024-05-12T13:00:00", "to": "2024-05-12T17:00:00"},
		],
		"skipped": [
			{"date": "2024-05-10", "reason": "Weekend"},
			{"date": "2024-05-11", "reason": "Weekend"},
		],
	}


def test_day_of_receipt_and_holidays_are_named_among_the_dates_skipped():
	answer = json.loads(deadline("SA", "2024-09-22 09:00", working_days=1).as_json())
	assert answer["due"] == "2024-09-24T17:00:00"
	assert answer["skipped"] == [
		{"date": "2024-09-22", "reason": "Day of receipt"},
		{"date": "2024-09-23", "reason": "National Day Holiday"},
	]


def test_estimated_dates_are_said_to_be_estimated():
	answer = json.loads(deadline("SA", "2040-10-04 09:00", working_hours=72).as_json())
	assert any(line["reason"].endswith("Holiday (estimated)") for line in answer["skipped"])


def test_answer_for_a_person_has_a_line_for_each_date():
	text = deadline("AE", "2024-03-14 15:00", working_hours=7).as_text()
	assert text.splitlines() == [
		"Received: 2024-03-14 15:00",
		"Due: 2024-03-18 11:00 (Asia/Dubai)",
		"",
		"2024-03-14  Thursday: 15:00–16:00 – Ramadan",
		"2024-03-15  Friday: 08:00–12:00 – Half day",
		"2024-03-16  Saturday: not counted – Weekend",
		"2024-03-17  Sunday: not counted – Weekend",
		"2024-03-18  Monday: 09:00–11:00 – Ramadan",
	]


def test_interval_by_the_clock_names_the_date_on_which_it_ends():
	text = deadline("SA", "2024-05-09 16:00", hours=24).as_text()
	assert text.splitlines()[-1] == "2024-05-09  Thursday: 16:00–2024-05-10 16:00"


def test_arabic_answer_names_holidays_and_reasons_in_arabic():
	answer = json.loads(deadline("SA", "2024-09-19 09:00", working_days=2, lang="ar").as_json())
	reasons = {line["date"]: line["reason"] for line in answer["skipped"]}
	assert reasons["2024-09-23"] == "اليوم الوطني"
	assert all(any("\u0600" <= letter <= "\u06ff" for letter in reason) for reason in reasons.values())


@pytest.mark.parametrize(
	("start", "due"),
	[
		("2024-05-09T16:00", "2024-05-09T17:00:00"),
		(" 2024-05-09 16:00:30 ", "2024-05-09T17:00:30"),
		("2024-05-09T13:00:00+00:00", "2024-05-09T17:00:00"),
		("2024-05-09T13:00:00Z", "2024-05-09T17:00:00"),
		("2024-05-09", "2024-05-09T01:00:00"),
	],
)
def test_start_is_local_time_unless_it_carries_an_offset(start, due):
	assert json.loads(deadline("sa", start, hours=1).as_json())["due"] == due


def test_count_of_many_years_is_answered():
	answer = json.loads(deadline("SA", "2024-05-09 16:00", working_days=5000).as_json())
	assert answer["due"].startswith("2044-")


@pytest.mark.parametrize(
	("country", "start", "asked", "error", "message"),
	[
		("ZZ", "2024-05-09", {"hours": 1}, errors.UnknownCountry, "'ZZ'"),
		("", "2024-05-09", {"hours": 1}, errors.UnknownCountry, "''"),
		("SA", "2024-13-09", {"hours": 1}, errors.BadMoment, "'2024-13-09'; expected for example"),
		("SA", "tomorrow", {"hours": 1}, errors.BadMoment, "'tomorrow'"),
		("SA", "0001-01-01T00:00+14:00", {"hours": 1}, errors.BadMoment, "0001-01-01"),
		("SA", "1890-01-01", {"hours": 1}, errors.OutOfTable, "covers 1970-01-01 to 2099-12-31"),
		("SA", "2024-05-09", {}, errors.NotOneAmount, "--working-days, --working-hours, --hours"),
		("SA", "2024-05-09", {"hours": 1, "working_days": 1}, errors.NotOneAmount, "exactly one"),
		("SA", "2024-05-09", {"hours": 0}, errors.BadAmount, "Cannot count 0: it must be more than zero"),
		("SA", "2024-05-09", {"working_hours": -3}, errors.BadAmount, "Cannot count -3: it must be more"),
		("SA", "2024-05-09", {"working_days": 1.5}, errors.BadAmount, "working days are whole days"),
		("SA", "2024-05-09", {"hours": float("nan")}, errors.BadAmount, "Cannot count nan"),
		("SA", "2024-05-09", {"hours": 1e300}, errors.BadAmount, "it is too long"),
		("SA", "2024-05-09", {"hours": 1e8}, errors.OutOfTable, "2099-12-31"),
		("SA", "2024-05-09", {"working_days": 100_000}, errors.OutOfTable, "2099-12-31"),
		("SA", "2024-05-09", {"hours": 1, "day": ""}, errors.BadInterval, "no hours are given"),
		(
			"SA",
			"2024-05-09",
			{"hours": 1, "day": "08:00-12:00,11:00-17:00"},
			errors.OverlappingIntervals,
			"11:00",
		),
		("SA", "2024-05-09", {"hours": 1, "ramadan": "22:00-06:00"}, errors.BadInterval, "past midnight"),
	],
)
def test_bad_question_is_refused_with_its_reason(country, start, asked, error, message):
	with pytest.raises(error, match=message) as refused:
		deadline(country, start, **asked)
	assert isinstance(refused.value, errors.CoreError)
