"""`python -m benchmarks`: every measurement that needs no site; with `--on-site` those that need one.

Names of modules behind it choose some of them.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from typing import TYPE_CHECKING

import benchmarks

if TYPE_CHECKING:
	from collections.abc import Sequence


def main(names: Sequence[str], *, on_site: bool) -> int:
	"""Runs the modules that have a `main`; the worst of their exit codes comes back."""
	if on_site:
		return importlib.import_module("benchmarks.on_site").main(names)
	worst = 0
	for found in pkgutil.iter_modules(benchmarks.__path__):
		if found.ispkg or found.name.startswith("_"):
			continue
		module = importlib.import_module(f"benchmarks.{found.name}")
		is_chosen = not names or found.name in names
		if is_chosen and hasattr(module, "main") and not getattr(module, "ON_SITE", False):
			print(f"\n{found.name}: {(module.__doc__ or '').splitlines()[0]}", flush=True)
			worst = max(worst, module.main() or 0)
	return worst


if __name__ == "__main__":
	chosen = [argument for argument in sys.argv[1:] if not argument.startswith("--")]
	sys.exit(main(chosen, on_site="--on-site" in sys.argv[1:]))
