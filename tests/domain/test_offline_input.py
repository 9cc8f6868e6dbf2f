"""Input that cannot be used: each fault is named with its place, nothing is guessed, nothing is half done."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from core_helpdesk.offline.cli import main
from core_helpdesk.offline.words import Words
from tests.domain.test_replay_rules import DAY_THEN_DAY, EVERYTHING, HEADER, TOP, WORKING, level

if TYPE_CHECKING:
	from pathlib import Path

GOOD_TICKET = "A,2026-03-01 09:00,Riyadh,,,\n"
EVENT_HEADER = "ticket,at,event,value\n"


class Files:
	"""The input files of a replay and the command that is run on them."""

	def __init__(self, folder: Path) -> None:
		self.folder, self.out = folder, folder / "report"
		self.write("tickets.csv", HEADER + GOOD_TICKET)
		self.write("events.csv", EVENT_HEADER)
		self.write("policy.toml", TOP + DAY_THEN_DAY)

	def write(self, name: str, content: str | bytes) -> None:
		(self.folder / name).write_bytes(content.encode() if isinstance(content, str) else content)

	def replay(self, *more: str) -> Result:
		paths = {name: str(self.folder / name) for name in ("tickets.csv", "events.csv", "policy.toml")}
		arguments = [paths["tickets.csv"], "--events", paths["events.csv"], "--policy", paths["policy.toml"]]
		return CliRunner().invoke(main, ["replay", *arguments, "--out", str(self.out), *more])

	def refused(self, *more: str) -> list[str]:
		result = self.replay(*more)
		assert result.exit_code == 2, result.output
		assert not self.out.exists()
		*problems, last = result.stderr.splitlines()
		assert last.startswith(f"Nothing was written. Problems found: {len(problems)}")
		return problems


@pytest.fixture
def files(tmp_path: Path) -> Files:
	return Files(tmp_path)


@pytest.mark.parametrize(
	("row", "problem"),
	[
		("B,,Riyadh,,,", "column opened_at: No time is given"),
		("B,2026-02-30 09:00,Riyadh,,,", "column opened_at: 2026-02-30 09:00 is an impossible time"),
		("B,2026-03-01 24:61,Riyadh,,,", "column opened_at: 2026-03-01 24:61 is an impossible time"),
		("B,01/03/2026 09:00,Riyadh,,,", "column opened_at: 01/03/2026 09:00 is no date and time"),
		("B,2026-03-01 09:00,Riyadh,,soon,", "column resolved_at: soon is no date and time"),
		(
			"B,2026-03-01 09:00,Riyadh,,,0016-03-01 10:00",
			"column closed_at: 0016-03-01 10:00 is an impossible time",
		),
		(
			"B,2026-03-01 09:00+25:00,Riyadh,,,",
			"column opened_at: 2026-03-01 09:00+25:00 is an impossible time",
		),
		("A,2026-03-01 10:00,Dubai,,,", "column ticket: The ticket A stands there already"),
		(" ,2026-03-01 10:00,Dubai,,,", "column ticket: No ticket is named"),
		("B,2026-03-01 10:00,Dubai", "column category: The row ends before this column"),
		("B,2026-03-01 10:00,Dubai,Lost, damaged,,", "More fields than columns"),
	],
)
def test_an_unusable_ticket_row_is_named_with_line_and_column(files: Files, row: str, problem: str) -> None:
	files.write("tickets.csv", f"{HEADER}{GOOD_TICKET}{row}\n")
	problems = files.refused()
	assert f"tickets.csv: line 3: {problem}" in problems[0]


@pytest.mark.parametrize(
	("row", "problem"),
	[
		("A,2026-03-01 10:00,state,Lost", "column value: The state Lost is not in the policy file"),
		("A,2026-03-01 10:00,state,new", "column value: The state new is not in the policy file"),
		("A,2026-03-01 10:00,state,", 'column value: The state "" is not in the policy file'),
		("A,2026-03-01 10:00,owner,Sami", "column event: The event owner is unknown"),
		("A,2026-03-01 10:00,,New", 'column event: The event "" is unknown'),
		("Z,2026-03-01 10:00,state,New", "column ticket: The ticket Z is unknown"),
		("A,,state,New", "column at: No time is given"),
		("A,2026-13-01 10:00,state,New", "column at: 2026-13-01 10:00 is an impossible time"),
		("A,2026-03-01 10:00,state", "column value: The row ends before this column"),
	],
)
def test_an_unusable_event_row_is_named_with_line_and_column(files: Files, row: str, problem: str) -> None:
	files.write("events.csv", f"{EVENT_HEADER}A,2026-03-01 09:30,state,New\n{row}\n")
	assert f"events.csv: line 3: {problem}" in files.refused()[0]


def test_a_local_time_that_the_clocks_skip_is_impossible(files: Files) -> None:
	# on 29 March 2026 clocks in Germany go from 02:00 to 03:00
	files.write(
		"policy.toml",
		(TOP + DAY_THEN_DAY).replace('timezone = "Asia/Riyadh"', 'timezone = "Europe/Berlin"', 1),
	)
	files.write("tickets.csv", HEADER + "A,2026-03-29 02:30,Riyadh,,,\n")
	assert "clocks in Europe/Berlin are put forward over it" in files.refused()[0]
	files.write("tickets.csv", HEADER + "A,2026-03-29 02:30+01:00,Riyadh,,,\n")
	assert files.replay().exit_code == 0


def test_every_fault_of_every_row_is_listed_at_once(files: Files) -> None:
	files.write(
		"tickets.csv",
		HEADER + "A,never,Riyadh,,soon,\nB,2026-03-01 09:00,Riyadh,,,\nB,2026-03-01 09:00,,,,\n",
	)
	files.write("events.csv", EVENT_HEADER + "A,2026-03-01 10:00,state,New\nB,x,state,y\n")
	problems = files.refused()
	assert [problem.split(": ")[:3] for problem in problems] == [
		["tickets.csv", "line 2", "column opened_at"],
		["tickets.csv", "line 2", "column resolved_at"],
		["tickets.csv", "line 4", "column ticket"],
		["events.csv", "line 2", "column ticket"],
		["events.csv", "line 3", "column at"],
		["events.csv", "line 3", "column value"],
	]
	assert "The ticket A was left out" in problems[3]


def test_lines_are_counted_as_an_editor_shows_them(files: Files) -> None:
	files.write("tickets.csv", HEADER + '"A",2026-03-01 09:00,"Riyadh\nNorth",,,\n\nB,never,Riyadh,,,\n')
	assert "tickets.csv: line 5: column opened_at" in files.refused()[0]


def test_keep_going_replays_the_rest_and_says_what_was_left_out(files: Files) -> None:
	files.write("tickets.csv", HEADER + GOOD_TICKET + "B,never,Riyadh,,,\nC,2026-03-09 09:00,Riyadh,,,\n")
	files.write("events.csv", EVENT_HEADER + "C,2026-03-09 10:00,state,Lost\n")
	result = files.replay("--keep-going")
	assert result.exit_code == 2
	assert "tickets.csv: line 3: column opened_at" in result.stderr
	assert "Left out because they could not be used: 2." in result.stderr
	rows = (files.out / "escalations.csv").read_text(encoding="utf-8").splitlines()[1:]
	assert [row.split(",")[0] for row in rows] == ["A", "A"]
	assert '"line": 3' in (files.out / "summary.json").read_text(encoding="utf-8")
	assert "Rows left out because they could not be used: 2." in (files.out / "report.html").read_text(
		encoding="utf-8"
	)


def test_keep_going_without_faults_ends_well(files: Files) -> None:
	assert files.replay("--keep-going").exit_code == 0


@pytest.mark.parametrize("column", ["ticket", "opened_at", "group", "category", "resolved_at", "closed_at"])
@pytest.mark.parametrize("option", [(), ("--keep-going",)])
def test_a_missing_column_is_named_and_nothing_is_written(
	files: Files, column: str, option: tuple[str, ...]
) -> None:
	files.write("tickets.csv", HEADER.replace(column, "other") + GOOD_TICKET)
	(problem,) = files.refused(*option)
	assert problem.startswith(
		f"tickets.csv: line 1: column {column}: Missing column; the columns found are: "
	)


def test_a_column_that_stands_there_twice_is_refused(files: Files) -> None:
	files.write("tickets.csv", HEADER.strip() + ",group\n" + GOOD_TICKET.strip() + ",Dubai\n")
	assert "column group: The column stands there twice" in files.refused()[0]


def test_columns_may_come_in_any_order_with_others_between(files: Files) -> None:
	files.write(
		"tickets.csv",
		"made_sla,closed_at,group,opened_at,resolved_at,ticket,category\nTRUE,,Riyadh,2026-03-01 09:00,,A,\n",
	)
	files.write("events.csv", "value,ticket,by,event,at\nDubai,A,Sami,group,2026-03-04 09:00\n")
	assert files.replay().exit_code == 0
	assert "A,1,1,Riyadh,TSM,2026-03-02 09:00:00" in (files.out / "escalations.csv").read_text(
		encoding="utf-8"
	)


def test_a_byte_order_mark_is_no_part_of_the_first_column(files: Files) -> None:
	files.write("tickets.csv", (HEADER + "أ,2026-03-01 09:00,الرياض,,,\n").encode("utf-8-sig"))
	files.write("policy.toml", (TOP + DAY_THEN_DAY).encode("utf-8-sig"))
	assert files.replay("--until", "2026-03-05").exit_code == 0
	assert "أ,1,1,الرياض,TSM,2026-03-02 09:00:00" in (files.out / "escalations.csv").read_text(
		encoding="utf-8"
	)


@pytest.mark.parametrize("encoding", ["cp1256", "utf-16", "cp1252"])
def test_another_encoding_is_refused_with_the_line(files: Files, encoding: str) -> None:
	text = "é" if encoding == "cp1252" else "الرياض"
	files.write("tickets.csv", (HEADER + f"A,2026-03-01 09:00,{text},,,\n").encode(encoding))
	(problem,) = files.refused()
	line = 1 if encoding == "utf-16" else 2
	assert problem.startswith(f"tickets.csv: line {line}: Not UTF-8 text (byte 0x")


@pytest.mark.parametrize(
	("content", "problem"),
	[
		("", "Missing column; the columns found are: none"),
		(HEADER + 'A,"2026-03-01 09:00,Riyadh,,,\n', "Not readable as CSV: unexpected end of data"),
		("ticket;opened_at;group;category;resolved_at;closed_at\n", "Missing column"),
	],
)
def test_a_file_that_is_no_csv_of_tickets_is_refused(files: Files, content: str, problem: str) -> None:
	files.write("tickets.csv", content)
	assert problem in files.refused()[0]


@pytest.mark.parametrize(
	("old", "new", "problem"),
	[
		('hours = ["09:00-18:00"]', "hours = []", "calendars.AE.hours: the calendar has no working time"),
		('hours = ["09:00-18:00"]', "", "calendars.AE.hours: the calendar has no working time"),
		(
			'"08:00-12:00", "13:00-17:00"',
			'"08:00-12:00", "11:00-17:00"',
			"calendars.SA.hours: Working hours overlap: 08:00-12:00 and 11:00-17:00",
		),
		(
			'"09:00-18:00"',
			'"22:00-06:00"',
			"calendars.AE.hours: 22:00-06:00 are no working hours: it runs past midnight",
		),
		(
			'"09:00-18:00"',
			'"09:00-25:00"',
			"calendars.AE.hours: 09:00-25:00 are no working hours: a day has 24 hours",
		),
		('"09:00-18:00"', '"nine to five"', "calendars.AE.hours: nine to five are no working hours"),
		(
			'[groups.Cairo]\ncountry = "EG"',
			'[groups.Cairo]\ncountry = "JO"',
			"groups.Cairo.country: the country JO has no calendar",
		),
		(
			'[defaults]\ncountry = "SA"',
			'[defaults]\ncountry = "QA"',
			"defaults.country: the country QA has no calendar",
		),
		(
			'[calendars.EG]\ncountry = "EG"',
			'[calendars.EG]\ncountry = "XX"',
			"calendars.EG.country: the country XX is unknown",
		),
		(
			'[calendars.EG]\ncountry = "EG"',
			'[calendars.EG]\ncountry = "AE"',
			"calendars.EG.country: AE has a calendar already",
		),
		(
			'timezone = "Africa/Cairo"',
			'timezone = "Africa/Atlantis"',
			"calendars.EG.timezone: Africa/Atlantis is no time zone",
		),
		('timezone = "Asia/Riyadh"\n[states]', "[states]", "timezone: the time zone is missing"),
		('Waiting = "paused"', 'Waiting = "waiting"', "states.Waiting: must be open, paused or resolved"),
		("after_hours = 24", "after_hours = 0", "policies 1.levels 1.after_hours: must be more than 0 hours"),
		(
			"after_hours = 24",
			"after_hours = -3",
			"policies 1.levels 1.after_hours: must be more than 0 hours",
		),
		("after_hours = 24\n", "", "policies 1.levels 1.after_hours: must be more than 0 hours"),
		(
			"after_hours = 24",
			'after_hours = "24"',
			"policies 1.levels 1.after_hours: must be a number of hours",
		),
		(
			"after_hours = 24",
			"after_hours = true",
			"policies 1.levels 1.after_hours: must be a number of hours",
		),
		(
			"after_hours = 24",
			"after_hours = nan",
			"policies 1.levels 1.after_hours: must be a number of hours",
		),
		('target = "TSM"\n', "", "policies 1.levels 1.target: the target is missing"),
		('clock = "elapsed"', 'clock = "sidereal"', "policies 1.levels 1.clock: must be elapsed or working"),
		("pauses = true", 'pauses = "yes"', "policies 1.levels 1.pauses: must be true or false"),
		('groups = ["*"]', "groups = [1]", "policies 1.groups: must be a list of texts"),
		("[states]", "states = 3\n[other]", "states: must be a table"),
		("[states]", "[states", "Not readable as TOML"),
	],
)
def test_a_policy_file_that_cannot_be_carried_out_is_refused(
	files: Files, old: str, new: str, problem: str
) -> None:
	text = TOP + DAY_THEN_DAY
	assert old in text
	files.write("policy.toml", text.replace(old, new, 1))
	(found,) = files.refused()
	assert found.startswith(f"policy.toml: {problem}")


def test_a_file_without_policies_and_a_policy_without_levels_are_refused(files: Files) -> None:
	files.write("policy.toml", TOP + EVERYTHING)
	assert files.refused() == ["policy.toml: policies 1.levels: the policy All has no level"]
	files.write("policy.toml", TOP)
	assert files.refused() == ["policy.toml: policies: the file has no policy"]


def test_a_working_level_for_a_group_without_any_country_is_refused(files: Files) -> None:
	files.write("policy.toml", (TOP + WORKING).replace('[defaults]\ncountry = "SA"', "[defaults]"))
	assert files.refused()[0].startswith("policy.toml: defaults.country: is missing")
	files.write("tickets.csv", HEADER + "A,2026-03-01 09:00,Dubai,,,\n")
	assert files.replay().exit_code == 0


def test_a_key_that_nobody_knows_is_told(files: Files) -> None:
	files.write("policy.toml", TOP + EVERYTHING + level(24, "elapsed", "TSM") + "pausess = true\n")
	result = files.replay()
	assert result.exit_code == 0
	assert "policies 1.levels 1.pausess is not known and was not used" in result.stderr


def test_two_policies_may_have_one_name(files: Files) -> None:
	first = EVERYTHING.replace('categories = ["*"]', 'categories = ["Claim"]') + level(1, "elapsed", "TSM")
	files.write("policy.toml", TOP + first + EVERYTHING + level(2, "elapsed", "TSM"))
	files.write("tickets.csv", HEADER + "A,2026-03-01 09:00,Riyadh,,,\nB,2026-03-01 09:00,Riyadh,Claim,,\n")
	assert files.replay("--until", "2026-03-02").exit_code == 0
	rows = (files.out / "escalations.csv").read_text(encoding="utf-8").splitlines()[1:]
	assert [row.split(",")[5] for row in rows] == ["2026-03-01 10:00:00", "2026-03-01 11:00:00"]


def test_an_end_that_is_no_time_is_refused(files: Files) -> None:
	assert files.refused("--until", "tomorrow")[0].startswith("--until: tomorrow is no date and time")


def test_faults_are_told_in_arabic(files: Files) -> None:
	files.write("tickets.csv", HEADER + GOOD_TICKET + "A,2026-03-01 10:00,Dubai,,,\n")
	result = files.replay("--lang", "ar")
	assert result.exit_code == 2
	assert Words("ar")("The ticket {0} stands there already", "A") in result.stderr


def test_no_tickets_at_all_is_an_empty_report(files: Files) -> None:
	files.write("tickets.csv", HEADER)
	result = files.replay()
	assert result.exit_code == 0, result.output
	assert (files.out / "escalations.csv").read_text(
		encoding="utf-8"
	) == "ticket,cycle,level,group,target,due_at,reason\n"
