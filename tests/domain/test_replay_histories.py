"""Random exports: the replay and a slow program that reads the same files must list the same escalations."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest

from core_helpdesk.offline.csv_files import read_export
from core_helpdesk.offline.outputs import escalation_rows, run
from core_helpdesk.offline.policy_file import read_policy_file
from core_helpdesk.offline.words import Words
from tests.domain.replay_oracle import Walk, write_random_folder

if TYPE_CHECKING:
	from pathlib import Path

SAY = Words("en")


def replayed(folder: Path, until: int = 0) -> tuple[list[list[str]], int]:
	"""The rows of escalations.csv without their reason, and the end of the replay."""
	file = read_policy_file(folder / "policy.toml", SAY)
	export = read_export(folder / "tickets.csv", folder / "events.csv", file.zone, file.states, SAY)
	assert export.problems == []
	end = until or export.latest
	return [list(row[:-1]) for row in escalation_rows(run(export, file, end, SAY))], end


def check(seed: int, folder: Path) -> int:
	chance = random.Random(seed)
	write_random_folder(chance, folder)
	rows, end = replayed(folder)
	assert rows == Walk(folder).run(), f"seed {seed}"
	earlier = end - 900 * chance.randrange(700)
	assert replayed(folder, earlier)[0] == Walk(folder, until=earlier).run(), f"seed {seed} until {earlier}"
	return len(rows)


def test_random_exports_replay_as_the_slow_program_does(tmp_path: Path) -> None:
	assert sum(check(seed, tmp_path) for seed in range(12)) > 200


@pytest.mark.soak
def test_many_random_exports_replay_as_the_slow_program_does(tmp_path: Path) -> None:
	assert sum(check(seed, tmp_path) for seed in range(12, 300)) > 5_000
