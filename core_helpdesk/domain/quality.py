"""What the QA Monthly Report tells beside the figures of tickets: tracing, promises to customers, requests, accuracy.

Counts and times lie by department and country, and so whoever reads counts what they answer for. Values in, values out.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from core_helpdesk.domain.measures import percentile, share

if TYPE_CHECKING:
	from collections.abc import Callable, Mapping


class Area(NamedTuple):
	"""A department in a country; "" where that is not known."""

	department: str = ""
	country: str = ""


@dataclass(slots=True)
class Quality:
	"""What happened in an area in a month, or stood there at its end, by the names of what was counted.

	`behind` are the names of what was counted, as long as it is counted now: what was kept is counts alone.
	Units: `times` are absolute seconds, in any order.
	Policy: QA-12
	"""

	counts: Counter[str] = field(default_factory=Counter)
	times: defaultdict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
	behind: defaultdict[str, list[str]] = field(default_factory=lambda: defaultdict(list), compare=False)

	def add(self, name: str, *names: str) -> None:
		"""Counts what has these names."""
		self.counts[name] += len(names)
		self.behind[name] += names

	def take(self, other: Quality) -> None:
		"""Counts what another area counts, too."""
		self.counts.update(other.counts)
		for own, others in ((self.times, other.times), (self.behind, other.behind)):
			for name, values in others.items():
				own[name] += values

	def value(self, name: str) -> float | None:
		"""A figure by its name: a count, a share between 0 and 1, or the median of times in seconds.

		None for a share of nothing and a median of no times.
		Policy: QA-12, QA-01, TRC-03, TRC-22, CX-2.1, CX-3.7
		"""
		if name in SHARES:
			part, whole = SHARES[name]
			return share(self.counts[part], self.counts[whole])
		return percentile(self.times.get(name, []), 50) if name.startswith(TIME) else self.counts[name]


TIME = "time_"
SHARES = {
	"tracing_in_time": ("tracing_within", "tracing_closed"),
	"satisfaction": ("tracing_satisfied", "tracing_closed"),
	"complaints_in_time": ("complaints_kept", "complaints_decided"),
	"inquiries_in_time": ("inquiries_kept", "inquiries_decided"),
	"data_accuracy": ("groups_right", "groups"),
}
"""Shares, each of what and of which whole; all of it is the goal of every one."""

STANDING = ("groups", "groups_right", "data_accuracy")
"""What stands at a month's end, and cannot be counted any more once groups have changed."""

Areas = dict[Area, Quality]


def total(found: Mapping[Area, Quality], wanted: Callable[[Area], bool] = lambda _area: True) -> Quality:
	"""The areas that are wanted, together."""
	whole = Quality()
	for area, quality in found.items():
		if wanted(area):
			whole.take(quality)
	return whole


def of_names(found: Mapping[Area, Quality], beginnings: tuple[str, ...]) -> Areas:
	"""The counts alone whose names begin so."""
	return {
		area: Quality(Counter({name: of for name, of in own.counts.items() if name.startswith(beginnings)}))
		for area, own in found.items()
	}


def together(*parts: Mapping[Area, Quality]) -> Areas:
	"""What each of the parts counts, area by area."""
	found: defaultdict[Area, Quality] = defaultdict(Quality)
	for part in parts:
		for area, quality in part.items():
			found[area].take(quality)
	return dict(found)


def differ(then: Areas, today: Areas) -> bool:
	"""Whether any area counts another number today, of what can be counted later."""
	areas = [(then.get(area, Quality()), today.get(area, Quality())) for area in {**then, **today}]
	return any(
		before.counts[name] != now.counts[name] or sorted(before.times[name]) != sorted(now.times[name])
		for before, now in areas
		for name in {*before.counts, *now.counts, *before.times, *now.times} - set(STANDING)
	)


def written(found: Mapping[Area, Quality]) -> str:
	"""Areas as text, in their order: the same figures give the same text."""
	kept = [
		[
			*area,
			dict(sorted(quality.counts.items())),
			{name: sorted(of) for name, of in quality.times.items()},
		]
		for area, quality in sorted(found.items())
	]
	return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def read(text: str) -> Areas:
	"""`written` undone; areas that have become one by a renaming are one."""
	found: defaultdict[Area, Quality] = defaultdict(Quality)
	for department, country, counts, times in json.loads(text):
		own = Quality(Counter(counts))
		own.times.update(times)
		found[Area(department, country)].take(own)
	return dict(found)
