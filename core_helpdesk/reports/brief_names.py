"""Names as there is room for them under the bars of a chart: without the words that all of them begin with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frappe import _

if TYPE_CHECKING:
	from collections.abc import Iterable


def brief(names: Iterable[str]) -> list[str]:
	"""The names without the word for a department before them, and without a first word that all of them share."""
	found = [_without(_("Department", context="Core Helpdesk"), name) for name in names]
	first = {name.partition(" ")[0] for name in found}
	return [_without(word, name) for word in first for name in found] if len(first) == 1 else found


def _without(word: str, name: str) -> str:
	"""The name without its first word, if it is this one and not all of it."""
	first, _space, rest = name.partition(" ")
	return rest if first == word and rest else name
