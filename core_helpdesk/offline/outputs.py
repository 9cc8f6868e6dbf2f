"""The files of a report folder: all are made in memory first, so that a failure leaves nothing half done."""

from __future__ import annotations

import csv
import io
import json
import os
from typing import TYPE_CHECKING, NamedTuple

from core_helpdesk.domain.ticket_facts import Dimension
from core_helpdesk.domain.ticket_measures import CAME, OPEN, WENT
from core_helpdesk.offline import charts, page, workbook
from core_helpdesk.offline.figures import Figures, Line, count
from core_helpdesk.offline.replay import Life, reason, replay, rules_for, sorted_escalations, written
from core_helpdesk.offline.report import Reporter

if TYPE_CHECKING:
	from collections.abc import Callable, Iterable, Mapping
	from datetime import date
	from pathlib import Path

	from core_helpdesk.offline.csv_files import Export, Ticket
	from core_helpdesk.offline.replay_rules import PolicyFile, ReplayRules
	from core_helpdesk.offline.words import Words

ESCALATION_COLUMNS = ("ticket", "cycle", "level", "group", "target", "due_at", "reason")


class Replayed(NamedTuple):
	"""A finished replay: the lives of its tickets, their figures, and who words them."""

	lives: list[Life]
	figures: Figures
	reporter: Reporter
	rules: ReplayRules


def run(
	export: Export,
	file: PolicyFile,
	until: int,
	say: Words,
	watch: Callable[[Iterable[Ticket]], Iterable[Ticket]] = iter,
) -> Replayed:
	"""All tickets replayed until a moment and counted; `watch` sees each ticket pass.

	Raises: InputError if the policy file lacks a calendar that is needed.
	"""
	rules = rules_for(file, export, until, say)
	lives = list(replay(watch(export.tickets.values()), rules, until))
	figures = count(lives, file, until)
	reporter = Reporter(figures, file, min(export.earliest, until), until, say, export.problems)
	return Replayed(lives, figures, reporter, rules)


def write_report(folder: Path, done: Replayed) -> list[Path]:
	"""Writes escalations.csv, summary.json, report.html and report.xlsx; returns their paths."""
	reporter = done.reporter
	report = reporter.report()
	rows = escalation_rows(done)
	contents = {
		"escalations.csv": _csv([ESCALATION_COLUMNS, *rows]).encode(),
		"summary.json": (json.dumps(summary(done), ensure_ascii=False, indent="\t") + "\n").encode(),
		"report.html": page.html_page(
			report, charts.draw_charts(reporter, _days_off(done)), reporter.say
		).encode(),
		"report.xlsx": workbook.workbook(report, rows, reporter.say),
	}
	folder.mkdir(parents=True, exist_ok=True)
	return [_write(folder / name, content) for name, content in contents.items()]


def escalation_rows(done: Replayed) -> list[tuple[str, ...]]:
	"""The rows of escalations.csv, in their order."""
	zone, say = done.reporter.file.zone, done.reporter.say
	return [
		(
			item.ticket,
			str(item.fired.cycle),
			str(item.fired.level),
			item.fired.group,
			item.fired.target,
			written(item.fired.due, zone),
			reason(item, zone, say),
		)
		for item in sorted_escalations(done.lives)
	]


def summary(done: Replayed) -> dict[str, object]:
	"""The figures for other programs; keys are English whatever the language.

	Units: times to solve are in seconds.
	"""
	figures, reporter = done.figures, done.reporter
	zone = reporter.file.zone
	return {
		"first_opened_at": written(reporter.first, zone),
		"until": written(reporter.until, zone),
		"timezone": zone.key,
		"tickets": figures.tickets,
		"in_no_group": figures.homeless,
		"escalations": sum(figures.total.levels.values()),
		"by_target": dict(sorted(figures.targets.items())),
		"total": _line(figures.total),
		"departments": _lines(figures.by(Dimension.DEPARTMENT)),
		"countries": _lines(figures.by(Dimension.COUNTRY)),
		"groups": _lines(figures.by(Dimension.GROUP)),
		"categories": _lines(figures.by(Dimension.TICKET_CATEGORY)),
		"left_out": [
			{"file": item.file, "line": item.line, "column": item.column, "reason": item.reason}
			for item in reporter.left_out
		],
	}


def _lines(lines: Mapping[str, Line]) -> dict[str, dict[str, object]]:
	return {name: _line(line) for name, line in sorted(lines.items())}


def _line(line: Line) -> dict[str, object]:
	cell = line.cell
	median, ninetieth = cell.times_to_close(50, 90)
	return {
		**{name: cell[name] for name in (*CAME, *WENT, OPEN)},
		"escalated_by_level": {str(level): line.levels[level] for level in sorted(line.levels)},
		"not_solved_within_24_hours": cell["failed"],
		"within_standard": cell.within_standard,
		"median_time_to_solve": median,
		"90th_percentile_time_to_solve": ninetieth,
	}


def _days_off(done: Replayed) -> frozenset[date]:
	"""The days of the report on which the default country does not work."""
	file = done.reporter.file
	if file.default.country not in file.calendars:
		return frozenset()
	calendar = done.rules.calendar(file.default.country)
	return frozenset(part.first for part in done.figures.bins() if not calendar.rules.day(part.first).hours)


def _csv(rows: Iterable[tuple[str, ...]]) -> str:
	text = io.StringIO(newline="")
	csv.writer(text, lineterminator="\n").writerows(rows)
	return text.getvalue()


def _write(path: Path, content: bytes) -> Path:
	"""Writes beside the file first: a reader sees the old one or the new one, never half of it."""
	beside = path.with_name(f".{path.name}.part")
	beside.write_bytes(content)
	os.replace(beside, path)
	return path
