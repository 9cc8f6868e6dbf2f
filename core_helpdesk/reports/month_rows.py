"""What the rows of all monthly reports have in common: figures as numbers in their colours, and where they lead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frappe import _

from core_helpdesk.figure_words import as_number

if TYPE_CHECKING:
	from collections.abc import Callable, Iterable, Mapping

	from core_helpdesk.figure_words import Meaning, Number
	from core_helpdesk.reports.answer import Row

	Meanings = Mapping[str, Meaning]
	Values = Mapping[str, Number]
	Tone = Callable[[str, Meaning, Number], str]


def row(label: str, names: Iterable[str], meanings: Meanings, values: Values, tone: Tone) -> Row:
	"""The figures of these names as numbers, and the colours of those that have one."""
	names = tuple(names)
	tones = {name: tone(name, meanings[name], values[name]) for name in names}
	return {
		"part": label,
		**{name: as_number(meanings[name].unit, values[name]) for name in names},
		"tones": {name: tone for name, tone in tones.items() if tone},
	}


def change(names: Iterable[str], meanings: Meanings, this: Values, last: Values) -> Row:
	"""By how much each figure changed, green where that is better."""
	found: Row = {"part": _("Change"), "tones": {}}
	for name in names:
		now, then = (as_number(meanings[name].unit, month[name]) for month in (this, last))
		found[name] = None if now is None or then is None else round(now - then, 1)
		if found[name] and meanings[name].better:
			found["tones"][name] = "green" if found[name] * meanings[name].better > 0 else "red"
	return found


def drill(part: str, month: str) -> Row:
	"""Says to the page which records the figures of a line are of."""
	return {"drill": {"part": part, "month": month}}
