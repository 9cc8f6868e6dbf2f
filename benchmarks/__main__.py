"""`python -m benchmarks`: every measurement that needs no site; with `--on-site` those that need one."""

from __future__ import annotations

import importlib
import pkgutil
import sys

import benchmarks


def main(*, on_site: bool) -> int:
	"""Runs the modules that have a `main`; the worst of their exit codes comes back."""
	worst = 0
	for found in pkgutil.iter_modules(benchmarks.__path__):
		if found.ispkg or found.name.startswith("_"):
			continue
		module = importlib.import_module(f"benchmarks.{found.name}")
		if hasattr(module, "main") and getattr(module, "ON_SITE", False) == on_site:
			print(f"\n{found.name}: {(module.__doc__ or '').splitlines()[0]}", flush=True)
			worst = max(worst, module.main() or 0)
	return worst


if __name__ == "__main__":
	sys.exit(main(on_site="--on-site" in sys.argv[1:]))
