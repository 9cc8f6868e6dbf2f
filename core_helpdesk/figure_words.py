"""The figures of a report as people read them: what each is called and counts, as a number and in words."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from frappe import _

from core_helpdesk import shown

HOUR = 3600
Number = float | None


class Unit(str, Enum):
	"""What a value counts."""

	CASES = "Int"
	DAYS = "Days"
	HOURS = "Float"
	SHARE = "Percent"


class Meaning(NamedTuple):
	"""What a figure is called and counts; `better` is 1 where more is better, -1 where less is, 0 where neither."""

	label: str
	unit: Unit = Unit.CASES
	better: int = 0


def as_number(unit: Unit, value: Number) -> Number:
	"""The value as people count it: percent, hours, days or cases; None stays None."""
	if value is None:
		return None
	if unit is Unit.SHARE:
		return round(100 * value, 1)
	return round(value / HOUR, 1) if unit is Unit.HOURS else value


def in_words(unit: Unit, value: Number) -> str:
	"""The value as it stands in a letter; a dash where a month has none."""
	number = as_number(unit, value)
	if number is None:
		return "–"
	text = f"{number:,.1f}".removesuffix(".0")
	return f"{text}%" if unit is Unit.SHARE else text


def change_in_words(unit: Unit, this: Number, last: Number) -> str:
	"""By how much the value changed, with its sign, a share in points; empty where one of the months has none."""
	now, then = as_number(unit, this), as_number(unit, last)
	if now is None or then is None:
		return ""
	change = signed(now - then)
	if unit is not Unit.SHARE:
		return change
	return shown.from_its_side(_("{0} pts").format(shown.isolated(change)))


def signed(number: float) -> str:
	"""A change as it stands everywhere: "+21", "−2", "0", with one decimal where it needs it."""
	text = f"{abs(number):,.1f}".removesuffix(".0")
	return text if text == "0" else f"{'+' if number > 0 else '−'}{text}"


def against(goal: Number, meaning: Meaning, value: Number) -> str:
	"""Green where the goal is reached, red where it is missed; none without a goal or a value."""
	if goal is None or value is None:
		return ""
	missed = value < goal if meaning.better > 0 else value > goal
	return "red" if missed else "green"
