"""Helpdesk's own counting of working time, measured by its bench's Python: `python helpdesk_clock.py < rows.json`.

Runs the host's functions as they are, on a service level agreement that is not in a database.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import datetime, timedelta
from types import SimpleNamespace

WORKDAYS = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday")


def agreement(seconds: int) -> SimpleNamespace:
	"""An agreement with the hours 08:00–17:00 from Sunday to Thursday and this resolution time."""
	from helpdesk.helpdesk.doctype.hd_service_level_agreement import hd_service_level_agreement as module

	host = module.HDServiceLevelAgreement
	workday = {"start_time": timedelta(hours=8), "end_time": timedelta(hours=17)}
	rows = [SimpleNamespace(workday=day, **workday) for day in WORKDAYS]
	made = SimpleNamespace(
		support_and_resolution=rows,
		priorities=[SimpleNamespace(priority="Medium", get=lambda *_: seconds)],
		holiday_list="",
		name="",
	)
	for name, function in vars(host).items():
		if name.startswith(("calc_", "get_", "is_")):
			setattr(made, name, function.__get__(made))
	return made


def measured(rows: dict[str, list[tuple[str, str | int]]]) -> dict[str, object]:
	"""The seconds that one count took, and what was counted.

	Rows: `add` of (start, seconds), `elapsed` of (start, end).
	"""
	counts = [(agreement(seconds), datetime.fromisoformat(start)) for start, seconds in rows["add"]]
	spans = [(agreement(0), start, end) for start, end in rows["elapsed"]]
	began = time.process_time()
	due = [clock.calc_time(start, "Medium", "resolution_time") for clock, start in counts]
	between = time.process_time()
	elapsed = [clock.calc_elapsed_time(start, end) for clock, start, end in spans]
	ended = time.process_time()
	return {
		"add": (between - began) / len(counts),
		"elapsed": (ended - between) / len(spans),
		"due": [str(moment) for moment in due],
		"counted": elapsed,
	}


if __name__ == "__main__":
	json.dump(measured(json.load(sys.stdin)), sys.stdout)
