"""The command `core-helpdesk`: a generated month, a replay of an export, one deadline. Needs no site."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from core_helpdesk import __version__
from core_helpdesk.domain.errors import CoreError, InputError
from core_helpdesk.offline.csv_files import parse_moment, read_export
from core_helpdesk.offline.deadline import deadline as find_deadline
from core_helpdesk.offline.policy_file import read_policy_file
from core_helpdesk.offline.refusals import located, worded
from core_helpdesk.offline.words import LANGUAGES, Words

if TYPE_CHECKING:
	from collections.abc import Iterable, Iterator

	from core_helpdesk.offline.csv_files import Export, Ticket
	from core_helpdesk.offline.outputs import Replayed
	from core_helpdesk.offline.replay_rules import PolicyFile

UNUSABLE = 2
"""Exit code when input cannot be used, or was left out."""
MANY_TICKETS = 50_000

EXISTING = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(file_okay=False, path_type=Path)
language = click.option(
	"--lang", type=click.Choice(LANGUAGES), default="en", show_default=True, help="Language of the answer."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="core-helpdesk")
def main() -> None:
	"""Escalate tickets by policy, without a site: on a CSV export or on a generated month."""


@main.command()
@click.option(
	"--out", type=FOLDER, default="core-helpdesk-demo", show_default=True, help="Folder for the files."
)
@click.option(
	"--tickets",
	type=click.IntRange(1, 1_000_000),
	default=5000,
	show_default=True,
	help="How many tickets the month has.",
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed makes the same month.")
@language
def demo(out: Path, tickets: int, seed: int, lang: str) -> None:
	"""Make up a courier's month and apply all rules to it."""
	_require_report_libraries(Words(lang))
	from core_helpdesk.offline.demo import month_end, write_month

	say = Words(lang)
	click.echo(say("A courier's month is made up: {0} tickets, seed {1} …", f"{tickets:,}", seed), err=True)
	out.mkdir(parents=True, exist_ok=True)
	files = write_month(out, tickets, seed, say)
	file = read_policy_file(files.policy, say)
	export = read_export(files.tickets, files.events, file.zone, file.states, say)
	_report(out, export, file, month_end(), say)
	click.echo(say("The month's files can be replayed with other rules: change {0}, then run", files.policy))
	click.echo(f"  core-helpdesk replay {files.tickets} --events {files.events} --policy {files.policy}")


@main.command()
@click.argument("tickets", type=EXISTING, metavar="TICKETS.csv")
@click.option("--events", type=EXISTING, help="Changes of group and state: ticket,at,event,value.")
@click.option("--policy", type=EXISTING, required=True, help="States, calendars, groups and policies (TOML).")
@click.option(
	"--out", type=FOLDER, default="core-helpdesk-replay", show_default=True, help="Folder for the report."
)
@click.option(
	"--until", help="The end of the replay, as 2026-03-31 17:00; else the latest time in the files."
)
@click.option("--keep-going", is_flag=True, help="Leave unusable rows out, and say which.")
@language
def replay(
	tickets: Path,
	events: Path | None,
	policy: Path,
	out: Path,
	until: str | None,
	keep_going: bool,
	lang: str,
) -> None:
	"""Apply a policy to recorded tickets: what would have escalated, when, to whom and why.

	TICKETS.csv has the columns ticket, opened_at, group, category, resolved_at, closed_at, and any others.
	"""
	say = Words(lang)
	_require_report_libraries(say)
	try:
		file = read_policy_file(policy, say)
		end = _end(until, file, say)
		export = read_export(tickets, events, file.zone, file.states, say)
	except InputError as error:
		_refuse([located(error, say)], say)
	problems = [located(problem, say) for problem in export.problems]
	if problems and not keep_going:
		_refuse(problems, say)
	for place in file.unused:
		click.echo(say("Note: {0}: {1} is not known and was not used.", file.name, place), err=True)
	_report(out, export, file, end if end is not None else export.latest, say)
	if problems:
		_list(problems)
		click.echo(say("Left out because they could not be used: {0}.", len(problems)), err=True)
		raise SystemExit(UNUSABLE)


@main.command()
@click.option("--country", required=True, help="Code of the country, such as SA.")
@click.option("--from", "start", required=True, help='When it was received, such as "2026-03-15 09:00".')
@click.option("--working-days", type=int, help="The day of receipt is not counted.")
@click.option("--working-hours", type=float, help="Hours inside the country's working time.")
@click.option("--hours", type=float, help="Hours by the clock, day and night.")
@click.option("--day", help="The hours of every working day, such as 08:00-12:00,13:00-17:00.")
@click.option("--ramadan", help="The hours in Ramadan, such as 10:00-15:00.")
@click.option("--json", "as_json", is_flag=True, help="Answer for a program.")
@language
def deadline(as_json: bool, lang: str, **question: Any) -> None:
	"""Say when something is due in a country, and which days were counted or skipped."""
	say = Words(lang)
	try:
		answer = find_deadline(lang=lang, **question)
	except CoreError as error:
		_refuse([worded(error, say)], None)
	click.echo(answer.as_json() if as_json else answer.as_text())


def _report(out: Path, export: Export, file: PolicyFile, until: int, say: Words) -> None:
	from core_helpdesk.offline.outputs import run, write_report

	try:
		done = run(export, file, until, say, lambda tickets: _watched(tickets, len(export.tickets), say))
	except CoreError as error:
		_refuse([located(error, say) if isinstance(error, InputError) else worded(error, say)], say)
	paths = write_report(out, done)
	_tell(done, paths, say)


def _watched(tickets: Iterable[Ticket], count: int, say: Words) -> Iterator[Ticket]:
	"""The tickets, with a bar on a terminal that shows how far the replay has come."""
	if not sys.stderr.isatty() and count < MANY_TICKETS:
		yield from tickets
		return
	with click.progressbar(tickets, length=count, label=say("Replaying"), file=sys.stderr) as bar:
		yield from bar


def _tell(done: Replayed, paths: list[Path], say: Words) -> None:
	reporter = done.reporter
	click.echo()
	click.secho(reporter.title(), bold=True)
	click.echo(reporter.period())
	click.echo()
	for finding in reporter.findings():
		click.echo(f"  • {finding}")
	click.echo()
	width = max(len(path.name) for path in paths)
	for path, meaning in zip(paths, _meanings(say), strict=True):
		click.echo(f"  {path.name:<{width}}  {meaning}")
	click.echo()
	click.echo(say("Open the report: {0}", paths[2].resolve()))


def _meanings(say: Words) -> tuple[str, ...]:
	return (
		say("every escalation: when, to whom, why"),
		say("all figures, for other programs"),
		say("the report with charts, for people"),
		say("the report as a workbook"),
	)


def _end(until: str | None, file: PolicyFile, say: Words) -> int | None:
	if until is None:
		return None
	try:
		return parse_moment(until, file.zone, say)
	except ValueError as error:
		raise InputError("--until", 0, "", str(error)) from error


def _require_report_libraries(say: Words) -> None:
	try:
		import matplotlib  # noqa: F401
		import openpyxl  # noqa: F401
	except ImportError as error:
		_refuse(
			[say("{0} is missing; install it with: pip install 'core_helpdesk[offline]'", error.name)], None
		)


def _list(problems: list[str]) -> None:
	for problem in problems:
		click.echo(problem, err=True)


def _refuse(problems: list[str], say: Words | None) -> NoReturn:
	_list(problems)
	if say is not None:
		click.echo(say("Nothing was written. Problems found: {0}.", len(problems)), err=True)
	raise SystemExit(UNUSABLE)
