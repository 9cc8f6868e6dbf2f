"""`python -m tests.benches test|soak|measure|site`: what the Makefile calls."""

from __future__ import annotations

import argparse
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from tests.benches import layers, servers
from tests.benches.found import Bench, benches
from tests.benches.layers import Outcome, say
from tests.benches.serve import measure, serve_site
from tests.benches.tools import ToolsMissing
from tests.benches.workplace import StepFailed, Workplace, fresh_site

PLAIN_LAYERS = ("domain", "contract")
BENCH_LAYERS = ("site", "browser")
# After so long a test's stacks are shown, which may end its process: only for one that hangs.
HUNG_SECONDS = {"test": 600, "soak": 7200}


def parse(arguments: list[str]) -> argparse.Namespace:
	border = arguments.index("--") if "--" in arguments else len(arguments)
	parser = argparse.ArgumentParser(
		prog="python -m tests.benches",
		epilog="What follows -- goes to pytest; to measure, names of benchmarks.",
	)
	parser.add_argument("task", choices=("test", "soak", "measure", "site"))
	parser.add_argument("--bench", default="", help="the bench of this folder name only")
	parser.add_argument("--only", default="", help="these layers only, separated by commas")
	parser.add_argument("--keep", action="store_true", help="keep the site's folder after the run")
	parser.add_argument("--port", type=int, default=0, help="site: the web server's port")
	parsed = parser.parse_args(arguments[:border])
	parsed.pytest = arguments[border + 1 :]
	return parsed


def main() -> int:
	options = parse(sys.argv[1:])
	if options.task == "site":
		return serve_site(benches(options.bench), options.port)
	if options.task == "measure":
		return measure(benches(options.bench), options.pytest)
	began = time.monotonic()
	outcomes = run_layers(options)
	say(f"\n{layers.table(outcomes)}\n\n{layers.faults(outcomes)}")
	say(layers.closing_line(outcomes, time.monotonic() - began))
	return int(any(outcome.failed for outcome in outcomes))


def run_layers(options: argparse.Namespace) -> list[Outcome]:
	chosen = options.only.split(",") if options.only else ["lint", *PLAIN_LAYERS, *BENCH_LAYERS]
	hung = ["-o", f"faulthandler_timeout={HUNG_SECONDS[options.task]}"]
	marks = ["-m", "soak" if options.task == "soak" else "not soak", *hung, *options.pytest]
	named = {part.split("/")[1] for part in options.pytest if part.startswith("tests/")}
	chosen = [layer for layer in chosen if not named or layer in named]
	outcomes = [layers.ruff()] if "lint" in chosen and options.task == "test" else []
	outcomes += [layers.pytest(layer, marks) for layer in PLAIN_LAYERS if layer in chosen]
	wanted = [layer for layer in BENCH_LAYERS if layer in chosen]
	return outcomes + (on_benches(options, wanted, marks) if wanted else [])


def on_benches(options: argparse.Namespace, wanted: list[str], marks: list[str]) -> list[Outcome]:
	"""The layers that need a bench, on all benches at once: each has servers and a site of its own."""
	found = benches(options.bench)
	if not found:
		reason = "no bench: neither BENCH_PATH nor ~/frappe-bench*"
		return [Outcome(layer, reason=reason) for layer in wanted]
	with ThreadPoolExecutor(len(found)) as pool:
		runs = pool.map(lambda bench: on_bench(bench, wanted, marks, keep=options.keep), found)
		return [outcome for outcomes in runs for outcome in outcomes]


def on_bench(bench: Bench, wanted: list[str], marks: list[str], *, keep: bool) -> list[Outcome]:
	missing = servers.missing_programs()
	reason = bench.unusable() or (f"the machine has no {', '.join(missing)}" if missing else "")
	if reason:
		return [Outcome(layer, bench.name, reason=reason) for layer in wanted]
	began = time.monotonic()
	failure = ""
	# A package index or a port may fail once; whatever fails twice is the bench's or the app's.
	for attempt in ("making a site on", "once more: making a site on"):
		say(f"{attempt} {bench.title}", bench.name)
		try:
			with fresh_site(bench, keep=keep) as place:
				say(f"site ready after {time.monotonic() - began:.0f} s", bench.name)
				return [bench_layer(place, layer, marks) for layer in wanted]
		except (StepFailed, ToolsMissing, servers.ServerFailed) as failed:
			failure = str(failed)
			say(failure, bench.name)
	seconds = time.monotonic() - began
	reason = f"no site: {failure}"
	return [Outcome(layer, bench.name, failed=1, seconds=seconds, reason=reason) for layer in wanted]


def bench_layer(place: Workplace, layer: str, marks: list[str]) -> Outcome:
	if layer == "browser" and not servers.chromium():
		return Outcome(layer, place.bench.name, reason="the machine has no Chromium")
	return layers.pytest(
		layer,
		[
			"--continue-on-collection-errors",
			"--disable-warnings",
			*marks,
		],
		where=place.bench.name,
		python=place.bench.python,
		environment=place.environment(),
	)


if __name__ == "__main__":
	try:
		sys.exit(main())
	except KeyboardInterrupt:
		say("stopped")
		sys.exit(130)
