"""The generated month: the same seed makes the same month, and its files replay like anyone's."""

from __future__ import annotations

import csv
import json
from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner

from core_helpdesk.offline import courier
from core_helpdesk.offline.cli import main
from core_helpdesk.offline.words import Words

if TYPE_CHECKING:
	from pathlib import Path

INPUT = ("tickets.csv", "events.csv", "policy.toml")
OUTPUT = ("escalations.csv", "summary.json", "report.html")


def demo(folder: Path, *more: str) -> str:
	result = CliRunner().invoke(main, ["demo", "--out", str(folder), "--tickets", "600", *more])
	assert result.exit_code == 0, result.output
	return result.output


def rows(path: Path) -> list[dict[str, str]]:
	with path.open(encoding="utf-8-sig", newline="") as file:
		return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def month(tmp_path_factory: pytest.TempPathFactory) -> Path:
	folder = tmp_path_factory.mktemp("month")
	demo(folder)
	return folder


def test_the_same_seed_makes_the_same_files(month: Path, tmp_path: Path) -> None:
	demo(tmp_path)
	for name in (*INPUT, *OUTPUT):
		assert (tmp_path / name).read_bytes() == (month / name).read_bytes(), name


def test_another_seed_makes_another_month(month: Path, tmp_path: Path) -> None:
	demo(tmp_path, "--seed", "2")
	assert (tmp_path / "tickets.csv").read_bytes() != (month / "tickets.csv").read_bytes()


def test_the_month_has_all_that_happens_to_tickets(month: Path) -> None:
	tickets, events = rows(month / "tickets.csv"), rows(month / "events.csv")
	assert len(tickets) == 600
	assert {ticket["group"] for ticket in tickets} == {group.name for group in courier.GROUPS}
	assert {ticket["category"] for ticket in tickets} == {category.name for category in courier.CATEGORIES}
	assert all(
		datetime.fromisoformat(ticket["opened_at"]).strftime("%Y-%m") in ("2026-03", "2026-02", "2026-04")
		for ticket in tickets
	)
	assert {event["value"] for event in events if event["event"] == "state"} == set(courier.STATES) - {
		courier.NEW
	}
	summary = json.loads((month / "summary.json").read_text(encoding="utf-8"))
	total = summary["total"]
	assert total["reopened"] > 5
	assert 0.02 < total["escalated_by_level"]["1"] / total["received"] < 0.15
	assert 0 < total["escalated_by_level"]["2"] < total["escalated_by_level"]["1"]
	assert set(summary["countries"]) == set(courier.HOURS)


def test_the_months_files_replay_to_the_same_escalations(month: Path, tmp_path: Path) -> None:
	paths = [str(month / name) for name in INPUT]
	arguments = [paths[0], "--events", paths[1], "--policy", paths[2], "--until", "2026-03-31 23:59:59"]
	result = CliRunner().invoke(main, ["replay", *arguments, "--out", str(tmp_path)])
	assert result.exit_code == 0, result.output
	assert (tmp_path / "escalations.csv").read_bytes() == (month / "escalations.csv").read_bytes()


def test_in_arabic_the_same_tickets_escalate_at_the_same_moments(month: Path, tmp_path: Path) -> None:
	output = demo(tmp_path, "--lang", "ar")
	key = ("ticket", "cycle", "level", "due_at")
	english, arabic = rows(month / "escalations.csv"), rows(tmp_path / "escalations.csv")
	assert [[row[name] for name in key] for row in arabic] == [[row[name] for name in key] for row in english]
	names = {Words("ar").name(group.name) for group in courier.GROUPS}
	assert {row["group"] for row in arabic} <= names
	assert Words("ar")("What stands out") in (tmp_path / "report.html").read_text(encoding="utf-8")
	assert Words("ar")("Monthly Escalation Report: {0}", "مارس 2026") in output


def test_it_ends_by_saying_what_was_found_and_where_the_report_is(tmp_path: Path) -> None:
	output = demo(tmp_path)
	assert "Received: 600 tickets." in output
	assert f"Open the report: {(tmp_path / 'report.html').resolve()}" in output
	assert "core-helpdesk replay" in output
