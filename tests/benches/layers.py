"""The layers of the tests: which command each is, how it went, and the table at the end."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.benches.found import BUILD, CHECKOUT

if TYPE_CHECKING:
	from collections.abc import Iterable, Sequence
	from pathlib import Path

RESULTS = BUILD / "results"
NOTHING_COLLECTED = 5
printing = threading.Lock()


@dataclass(frozen=True, slots=True)
class Outcome:
	"""How one layer went at one place; `reason` says why it did not run, or what broke before the first test."""

	layer: str
	where: str = ""
	passed: int = 0
	failed: int = 0
	skipped: int = 0
	seconds: float = 0.0
	reason: str = ""
	failures: tuple[str, ...] = ()

	@property
	def ran(self) -> bool:
		return bool(self.passed or self.failed or self.skipped)


def say(text: str, prefix: str = "") -> None:
	with printing:
		print(f"[{prefix}] {text}" if prefix else text, flush=True)


def stream(command: Sequence[str], prefix: str = "", **options: object) -> int:
	"""Runs a command, shows its output line by line under a prefix, and returns its exit code."""
	started = subprocess.Popen(
		command,
		stdout=subprocess.PIPE,
		stderr=subprocess.STDOUT,
		stdin=subprocess.DEVNULL,
		text=True,
		**options,
	)
	with started:
		for line in started.stdout:
			say(line.rstrip("\n"), prefix)
	return started.returncode


def ruff() -> Outcome:
	"""Lint rules and formatting of the whole checkout; each of the two counts as one test."""
	began = time.monotonic()
	codes = [
		stream([sys.executable, "-m", "ruff", *step, "."], cwd=CHECKOUT)
		for step in (["check"], ["format", "--check"])
	]
	failed = sum(code != 0 for code in codes)
	return Outcome("lint", passed=len(codes) - failed, failed=failed, seconds=time.monotonic() - began)


def pytest(
	layer: str,
	arguments: Sequence[str],
	*,
	where: str = "",
	python: Path | str = sys.executable,
	environment: dict[str, str] | None = None,
) -> Outcome:
	"""Runs `tests/<layer>` and reads the counts from pytest's own result file."""
	RESULTS.mkdir(parents=True, exist_ok=True)
	result = RESULTS / f"{layer}{'-' + where if where else ''}.xml"
	result.unlink(missing_ok=True)
	folder = [] if any(argument.startswith("tests/") for argument in arguments) else [f"tests/{layer}"]
	command = [str(python), "-m", "pytest", *folder, f"--junit-xml={result}", *arguments]
	began = time.monotonic()
	code = stream(command, prefix=where, cwd=CHECKOUT, env=environment)
	seconds = time.monotonic() - began
	if code == NOTHING_COLLECTED:
		return Outcome(layer, where, seconds=seconds, reason="no test was selected")
	return outcome_of(layer, where, result, code, seconds)


def outcome_of(layer: str, where: str, result: Path, code: int, seconds: float) -> Outcome:
	if not result.exists():
		return Outcome(layer, where, failed=1, seconds=seconds, reason=f"pytest ended with code {code}")
	suites = ElementTree.parse(result).getroot().iter("testsuite")
	counts = dict.fromkeys(("tests", "failures", "errors", "skipped"), 0)
	failures = []
	for suite in suites:
		for name in counts:
			counts[name] += int(suite.get(name, 0))
		failures += [
			f"{case.get('classname')}.{case.get('name')}"
			for case in suite.iter("testcase")
			if case.find("failure") is not None or case.find("error") is not None
		]
	failed = counts["failures"] + counts["errors"]
	passed = counts["tests"] - failed - counts["skipped"]
	# An interrupted or crashed run may have no failed test; it is no success either.
	broken = "" if failed or code == 0 else f"pytest ended with code {code}"
	failed += bool(broken)
	return Outcome(layer, where, passed, failed, counts["skipped"], seconds, broken, tuple(failures))


def table(outcomes: Iterable[Outcome]) -> str:
	"""One line per layer and place."""
	rows = [("layer", "where", "passed", "failed", "not run", "seconds", "")]
	for outcome in outcomes:
		counts = (outcome.passed, outcome.failed, outcome.skipped) if outcome.ran else ("-", "-", "all")
		seconds = f"{outcome.seconds:.0f}" if outcome.seconds else "-"
		reason = outcome.reason.partition("\n")[0]
		rows.append((outcome.layer, outcome.where or "-", *map(str, counts), seconds, reason))
	widths = [max(len(row[column]) for row in rows) for column in range(6)]
	lines = []
	for row in rows:
		words = [cell.ljust(width) for cell, width in zip(row[:2], widths[:2], strict=True)]
		numbers = [cell.rjust(width) for cell, width in zip(row[2:6], widths[2:6], strict=True)]
		lines.append("  ".join((*words, *numbers, row[6])).rstrip())
	return "\n".join(lines)


def faults(outcomes: Iterable[Outcome]) -> str:
	"""What the table has no room for: each failed test, and why a site could not be made."""
	lines = [
		f"failed: {outcome.layer} {outcome.where} {name}" for outcome in outcomes for name in outcome.failures
	]
	reasons = {outcome.reason: outcome.where for outcome in outcomes if "\n" in outcome.reason}
	lines += [f"{where}: {reason}" for reason, where in reasons.items()]
	return "".join(f"{line}\n" for line in lines)


def closing_line(outcomes: Sequence[Outcome], seconds: float) -> str:
	"""The totals in the words that pytest uses."""
	totals = {
		"failed": sum(outcome.failed for outcome in outcomes),
		"passed": sum(outcome.passed for outcome in outcomes),
		"skipped": sum(outcome.skipped for outcome in outcomes),
	}
	counts = ", ".join(f"{number} {word}" for word, number in totals.items() if number)
	return f"{counts or 'no tests ran'} in {seconds:.2f}s"
