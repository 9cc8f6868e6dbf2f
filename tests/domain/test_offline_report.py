"""The files of a report: figures as they are, one page that needs nothing else, a workbook with numbers."""

from __future__ import annotations

import json
import re
from datetime import datetime
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import openpyxl
import pytest
from click.testing import CliRunner

from core_helpdesk.offline.cli import main
from core_helpdesk.offline.words import Words
from tests.domain.test_replay_rules import DAY_THEN_DAY, HEADER, TOP

if TYPE_CHECKING:
	from pathlib import Path

# A escalates twice and stays open; B once and is solved in its 24 hours; C is solved in time, D reopened;
# E is in no group.
TICKETS = """A,2026-03-01 09:00,Riyadh,Claim,,
B,2026-03-01 10:00,Cairo,Claim,,
C,2026-03-02 09:00,Dubai,Inquiry,2026-03-02 11:00,
D,2026-03-02 09:00,Dubai,Inquiry,,
E,2026-03-03 09:00,,,,
"=2+2",2026-03-03 09:00,<b>Riyadh</b> & {0},,2026-03-03 10:00,
"""
EVENTS = """ticket,at,event,value
B,2026-03-02 12:00,state,Solved
D,2026-03-02 13:00,state,Solved
D,2026-03-04 09:00,state,New
D,2026-03-04 19:00,state,Solved
"""


@pytest.fixture(scope="module", params=["en", "ar"])
def report(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Words]:
	folder = tmp_path_factory.mktemp(request.param)
	(folder / "tickets.csv").write_text(HEADER + TICKETS, encoding="utf-8")
	(folder / "events.csv").write_text(EVENTS, encoding="utf-8")
	(folder / "policy.toml").write_text(TOP + DAY_THEN_DAY, encoding="utf-8")
	arguments = [str(folder / "tickets.csv"), "--events", str(folder / "events.csv"), "--until", "2026-03-10"]
	arguments += [
		"--policy",
		str(folder / "policy.toml"),
		"--out",
		str(folder / "out"),
		"--lang",
		request.param,
	]
	result = CliRunner().invoke(main, ["replay", *arguments])
	assert result.exit_code == 0, result.output
	return folder / "out", Words(request.param)


def test_the_summary_holds_the_figures(report: tuple[Path, Words]) -> None:
	summary = json.loads((report[0] / "summary.json").read_text(encoding="utf-8"))
	assert (summary["tickets"], summary["in_no_group"], summary["escalations"]) == (6, 1, 3)
	assert summary["by_target"] == {"General Manager": 1, "TSM": 2}
	assert summary["total"] == {
		"received": 5,
		"taken_on": 0,
		"moved_in": 0,
		"reopened": 1,
		"closed": 5,
		"moved_out": 0,
		"gone": 0,
		"open": 1,
		"escalated_by_level": {"1": 2, "2": 1},
		"not_solved_within_24_hours": 1,
		"within_standard": 4 / 6,
		"median_time_to_solve": 4 * 3600,
		"90th_percentile_time_to_solve": 26 * 3600,
	}
	assert summary["countries"]["EG"]["escalated_by_level"] == {"1": 1}
	assert summary["groups"]["Dubai"]["within_standard"] == 1.0


class Page(HTMLParser):
	"""Tags and words of a page, and whatever it would fetch."""

	def __init__(self, text: str) -> None:
		super().__init__()
		self.tags: list[str] = []
		self.fetched: list[str] = []
		self.root: dict[str, str | None] = {}
		self.words = ""
		self.feed(text)

	def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
		self.tags.append(tag)
		if tag == "html":
			self.root = dict(attributes)
		self.fetched += [
			value or ""
			for name, value in attributes
			if name in ("src", "href", "xlink:href") and value[0] != "#"
		]

	def handle_data(self, text: str) -> None:
		self.words += text


def test_the_page_needs_nothing_else_and_reads_in_its_direction(report: tuple[Path, Words]) -> None:
	text, say = (report[0] / "report.html").read_text(encoding="utf-8"), report[1]
	page = Page(text)
	assert page.fetched == []
	assert not {"script", "link", "img", "iframe", "image"} & set(page.tags)
	assert not re.search(r"@import|url\((?!#)", text)
	assert (page.root["lang"], page.root["dir"]) == (say.language, say.direction)
	assert page.tags.count("svg") == 5
	assert page.tags.count("table") == 5


def test_the_page_shows_the_figures_in_its_language(report: tuple[Path, Words]) -> None:
	folder, say = report
	words = Page((folder / "report.html").read_text(encoding="utf-8")).words
	title = say("Monthly Escalation Report: {0}", f"{say('March')} 2026")
	for text in (
		title,
		say("Received: {0} tickets. Closed: {1}. Still open: {2}.", 5, 5, 1),
		say("Escalated and Still Open"),
	):
		assert text in words
	if say.language == "ar":
		own = ("Riyadh", "Dubai", "Cairo", "Claim", "Inquiry", "Asia", "h", "A", "E", "b")
		left = re.sub("|".join(own), "", re.sub(r"<style>.*?</style>|\*\{.*?\}", "", words, flags=re.S))
		assert re.findall(r"[A-Za-z]{3,}", left.split("}\n")[-1]) == []


def test_text_of_the_data_stays_text(report: tuple[Path, Words]) -> None:
	text = (report[0] / "report.html").read_text(encoding="utf-8")
	assert "<b>Riyadh" not in text
	assert "&lt;b&gt;Riyadh&lt;/b&gt; &amp; {0}" in text


def test_charts_keep_their_words_as_text(report: tuple[Path, Words]) -> None:
	folder, say = report
	text = (folder / "report.html").read_text(encoding="utf-8")
	drawn = "".join(re.findall(r"<text[^>]*>([^<]*)</text>", text))
	assert say("Received") in drawn
	assert say("Escalated to {0}", say.name("TSM")) in drawn


def test_the_workbook_holds_numbers_as_numbers(report: tuple[Path, Words]) -> None:
	folder, say = report
	book = openpyxl.load_workbook(folder / "report.xlsx")
	assert all(bool(sheet.sheet_view.rightToLeft) is (say.language == "ar") for sheet in book)
	countries = book[say("Countries")]
	head = [cell.value for cell in countries[1]]
	rows = {
		row[0].value: {name: cell.value for name, cell in zip(head, row, strict=True)}
		for row in countries.iter_rows(min_row=2)
	}
	egypt = rows[say("Egypt")]
	assert egypt[say("Received")] == 1
	assert egypt[say("{0} (hours)", say("Median time to solve"))] == 26
	assert egypt[say("Within the standard")] == 0


def test_the_workbook_lists_every_escalation_with_real_dates(report: tuple[Path, Words]) -> None:
	sheet = openpyxl.load_workbook(report[0] / "report.xlsx")[report[1]("Escalations")]
	values = [[cell.value for cell in row[:6]] for row in sheet.iter_rows(min_row=2)]
	say = report[1]
	assert values == [
		["A", 1, 1, "Riyadh", say.name("TSM"), datetime(2026, 3, 2, 9)],
		["B", 1, 1, "Cairo", say.name("TSM"), datetime(2026, 3, 2, 10)],
		["A", 1, 2, "Riyadh", say.name("General Manager"), datetime(2026, 3, 3, 9)],
	]


def test_text_that_looks_like_a_formula_stays_text_in_the_workbook(report: tuple[Path, Words]) -> None:
	folder, say = report
	for row in openpyxl.load_workbook(folder / "report.xlsx")[say("Groups")].iter_rows():
		assert all(cell.data_type != "f" for cell in row)


def test_a_second_run_replaces_the_files_and_leaves_no_others(report: tuple[Path, Words]) -> None:
	names = {path.name for path in report[0].iterdir()}
	assert names == {"escalations.csv", "summary.json", "report.html", "report.xlsx"}


def test_reasons_are_in_words(report: tuple[Path, Words]) -> None:
	folder, say = report
	first = (folder / "escalations.csv").read_text(encoding="utf-8").splitlines()[1]
	assert (
		say("{0} hours without a solution, counted since {1} ({2})", 24, "2026-03-01 09:00", "All") in first
	)
