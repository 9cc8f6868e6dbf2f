"""How a time is taken: the processor's time of this process, in several rounds in turn.

So what else the machine does is left out, and all who are compared meet the same machine.
"""

from __future__ import annotations

import time
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
	from collections.abc import Callable, Mapping

	Work = Callable[[], object]

ROUNDS = 9


def rounds_in_turn(works: Mapping[str, Work], rounds: int = ROUNDS) -> dict[str, float]:
	"""The median time of each work.

	Units: seconds.
	"""
	taken: dict[str, list[float]] = {name: [] for name in works}
	for _ in range(rounds):
		for name, work in works.items():
			work()  # nobody pays for what another one left in the processor's memory
			began = time.process_time()
			work()
			taken[name].append(time.process_time() - began)
	return {name: median(times) for name, times in taken.items()}


def shown(seconds: float) -> str:
	"""A time with a fitting unit."""
	for factor, unit in ((1e9, "ns"), (1e6, "µs"), (1e3, "ms")):
		if seconds * factor < 1000:
			return f"{seconds * factor:.3g} {unit}"
	return f"{seconds:.3g} s"
