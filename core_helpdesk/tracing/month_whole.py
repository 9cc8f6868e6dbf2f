"""A line of a tracing month as it is shown: its values, and its claims in words; counted now, or as they were frozen.

Policy: TRC-18, TRC-19
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from core_helpdesk.domain.tracing_sums import values
from core_helpdesk.tracing.month_words import STEPS

if TYPE_CHECKING:
	from core_helpdesk.domain.tracing_sums import Figures
	from core_helpdesk.figure_words import Number


class Whole(NamedTuple):
	"""All that is shown of a line."""

	values: dict[str, Number]
	claims: dict[str, str]


class Claims(NamedTuple):
	"""The claims of one step and currency: how many, and their sum."""

	step: str
	currency: str
	count: int
	total: Decimal


def counted(figures: Figures) -> Whole:
	claims = [Claims(*key, own.count, own.total) for key, own in sorted(figures.claims.items())]
	return Whole(values(figures), in_words(claims))


def frozen(kept: dict[str, Any]) -> Whole:
	"""All cases together, of the figures that a month has kept."""
	claims = [
		Claims(own["step"], own["currency"], own["count"], Decimal(own["this"])) for own in kept["claims"]
	]
	return Whole(kept["total"], in_words(claims))


def in_words(claims: list[Claims]) -> dict[str, str]:
	"""For each step how many claims, and their sum in each currency, as "3 (1,200.00 SAR)"; empty for none."""
	return {name: _sums([own for own in claims if own.step == step]) for name, step in STEPS.items()}


def _sums(claims: list[Claims]) -> str:
	count = sum(own.count for own in claims)
	money = " · ".join(f"{own.total:,.2f} {own.currency}" for own in claims if own.count)
	return f"{count} ({money})" if count else ""
