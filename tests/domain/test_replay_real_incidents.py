"""445 real incidents: the replay must list, row by row, what independent programs calculated."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

from core_helpdesk.offline.cli import main

DATA = Path(__file__).resolve().parents[3] / "shared" / "data"
needs_data = pytest.mark.skipif(
	not (DATA / "expected_escalations.csv").exists(),
	reason="not run: the real incidents (../shared/data) do not lie beside this checkout",
)


def rows(path: Path) -> list[list[str]]:
	with path.open(encoding="utf-8", newline="") as file:
		return list(csv.reader(file))


@needs_data
@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_real_incidents_escalate_as_expected_row_by_row(tmp_path: Path, language: str) -> None:
	arguments = [str(DATA / "incidents.csv"), "--events", str(DATA / "incident_events.csv")]
	arguments += ["--policy", str(DATA / "policy.toml"), "--out", str(tmp_path), "--lang", language]
	result = CliRunner().invoke(main, ["replay", *arguments])
	assert result.exit_code == 0, result.output
	written, expected = rows(tmp_path / "escalations.csv"), rows(DATA / "expected_escalations.csv")
	assert len(expected) == 491
	assert [row[:6] for row in written] == expected
	assert all(row[6] for row in written)
