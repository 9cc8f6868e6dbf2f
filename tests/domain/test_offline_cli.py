"""The command line itself: what it answers, where, and with which exit code."""

from __future__ import annotations

import json

import pytest
from click.testing import CliRunner, Result

from core_helpdesk.offline.cli import main
from core_helpdesk.offline.words import Words


def run(*arguments: str) -> Result:
	return CliRunner().invoke(main, arguments)


def test_help_names_the_three_commands() -> None:
	result = run("--help")
	assert result.exit_code == 0
	assert [name in result.output for name in ("demo", "replay", "deadline")] == [True] * 3


def test_a_deadline_is_answered_for_a_program() -> None:
	# Thursday 5 March 2026, 15:00: two hours that day, the rest on Sunday
	asked = (
		"--country",
		"SA",
		"--from",
		"2026-03-05 15:00",
		"--working-hours",
		"4",
		"--day",
		"08:00-12:00,13:00-17:00",
	)
	result = run("deadline", *asked, "--json")
	assert result.exit_code == 0, result.output
	answer = json.loads(result.output)
	assert answer["due"] == "2026-03-08T10:00:00"
	assert [day["date"] for day in answer["skipped"]] == ["2026-03-06", "2026-03-07"]


def test_a_deadline_is_answered_for_a_person_in_arabic() -> None:
	result = run(
		"deadline", "--country", "SA", "--from", "2026-03-05 15:00", "--working-days", "2", "--lang", "ar"
	)
	assert result.exit_code == 0, result.output
	assert Words("ar")("Day of receipt") in result.output
	assert Words("ar")("Weekend") in result.output


@pytest.mark.parametrize(
	("asked", "problem"),
	[
		(("--country", "ZZ", "--hours", "3"), "the country ZZ is unknown"),
		(("--country", "SA"), "exactly one of these is asked for: --working-days, --working-hours, --hours"),
		(("--country", "SA", "--hours", "3", "--working-days", "2"), "exactly one of these is asked for"),
		(("--country", "SA", "--hours", "-3"), "cannot be counted: it must be more than zero"),
		(("--country", "SA", "--working-hours", "3", "--day", "17:00-08:00"), "it runs past midnight"),
		(
			("--country", "SA", "--working-hours", "3", "--day", "08:00-12:00,11:00-13:00"),
			"Working hours overlap",
		),
	],
)
def test_a_question_that_cannot_be_answered_ends_with_exit_code_2(
	asked: tuple[str, ...], problem: str
) -> None:
	result = run("deadline", "--from", "2026-03-05 15:00", *asked)
	assert (result.exit_code, result.stdout) == (2, "")
	assert problem in result.stderr


def test_a_start_that_is_no_time_is_refused_in_arabic() -> None:
	result = run("deadline", "--country", "SA", "--from", "soon", "--hours", "3", "--lang", "ar")
	assert result.exit_code == 2
	assert (
		Words("ar")("{0} is no date and time; expected for example 2026-03-15 09:00", "soon") in result.stderr
	)


def test_a_file_that_does_not_exist_is_named() -> None:
	result = run("replay", "nowhere.csv", "--policy", "nowhere.toml")
	assert result.exit_code == 2
	assert "nowhere.toml" in result.stderr
