"""Everything that can be wrong with what the domain is given, one small class per case.

An error carries its facts as attributes; whoever shows it to a person words it in that person's language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
	from collections.abc import Iterable
	from datetime import date


class CoreError(Exception):
	"""Something the domain cannot work with."""


class CalendarError(CoreError):
	"""A calendar, or a question to it, that cannot be answered."""


class NoWorkingTime(CalendarError):
	"""A calendar in which no second of working time lies between two dates."""

	def __init__(self, first: date, last: date) -> None:
		self.first = first
		self.last = last
		super().__init__(f"There is no working time from {first} to {last}")


class OverlappingIntervals(CalendarError):
	"""Two working intervals of one day share time."""

	def __init__(self, first: str, second: str) -> None:
		self.first = first
		self.second = second
		super().__init__(f"Working hours overlap: {first} and {second}")


class BadInterval(CalendarError):
	"""Text or numbers that are no working interval of one day."""

	def __init__(self, text: str, reason: str) -> None:
		self.text = text
		self.reason = reason
		super().__init__(f"Not a working interval: {text!r}: {reason}")


class BadAmount(CalendarError):
	"""An amount of time or days that cannot be counted."""

	def __init__(self, amount: float, reason: str) -> None:
		self.amount = amount
		self.reason = reason
		super().__init__(f"Cannot count {amount}: {reason}")


class NotOneAmount(CalendarError):
	"""No amount to count, or more than one."""

	def __init__(self, choices: Iterable[str]) -> None:
		self.choices = tuple(choices)
		super().__init__(f"Give exactly one of {', '.join(self.choices)}")


class BadMoment(CalendarError):
	"""Text that is no date and time."""

	def __init__(self, text: str) -> None:
		self.text = text
		super().__init__(f"Not a date and time: {text!r}; expected for example 2026-03-15 09:00")


class BadSeason(CalendarError):
	"""A season that ends before it begins."""

	def __init__(self, name: str, first: date, last: date) -> None:
		self.name = name
		self.first = first
		self.last = last
		super().__init__(f"The season {name} ends on {last}, before it begins on {first}")


class UnknownCountry(CalendarError):
	"""A country code for which no holidays are known."""

	def __init__(self, code: str) -> None:
		self.code = code
		super().__init__(f"No calendar is known for the country {code!r}")


class UnknownTimeZone(CalendarError):
	"""A name that is no time zone."""

	def __init__(self, zone: str) -> None:
		self.zone = zone
		super().__init__(f"Unknown time zone: {zone!r}")


class OutOfTable(CalendarError):
	"""A moment, or the result of a count, that lies outside the dates a calendar was compiled for."""

	def __init__(self, first: date, last: date) -> None:
		self.first = first
		self.last = last
		super().__init__(f"The calendar covers {first} to {last} only")


class PolicyError(CoreError):
	"""An escalation policy that cannot be carried out."""


class NoLevels(PolicyError):
	"""A policy without any level."""

	def __init__(self, policy: str) -> None:
		self.policy = policy
		super().__init__(f"The policy {policy} has no level")


class LevelWithoutTarget(PolicyError):
	"""A level that names nobody to escalate to."""

	def __init__(self, policy: str, level: int) -> None:
		self.policy = policy
		self.level = level
		super().__init__(f"Level {level} of the policy {policy} has no target")


class LevelWithoutTime(PolicyError):
	"""A level whose time is missing, zero or negative."""

	def __init__(self, policy: str, level: int, seconds: int) -> None:
		self.policy = policy
		self.level = level
		self.seconds = seconds
		super().__init__(f"Level {level} of the policy {policy} has no time: {seconds} seconds")


class DaysOutOfPlace(PolicyError):
	"""A level that counts working days where only time is counted: any but the first of a tracing policy."""

	def __init__(self, policy: str, level: int) -> None:
		self.policy = policy
		self.level = level
		super().__init__(f"Level {level} of the policy {policy} cannot count working days")


class NotForTracing(PolicyError):
	"""A rule of a tracing policy that its count does not know: it never pauses, and moves no ticket.

	`level` is 0 for a rule of the whole policy; `rule` is the rule's name in the domain.
	"""

	def __init__(self, policy: str, level: int, rule: str) -> None:
		self.policy = policy
		self.level = level
		self.rule = rule
		super().__init__(f"The policy {policy} is for tracing cases, level {level} cannot have {rule!r}")


class ScopesOverlap(PolicyError):
	"""Two equally specific policies that both match one ticket."""

	def __init__(self, first: str, second: str) -> None:
		self.first = first
		self.second = second
		super().__init__(f"The policies {first} and {second} match the same tickets equally well")


class CircularEscalation(PolicyError):
	"""An escalation that comes back to where it started."""

	def __init__(self, policy: str, path: Iterable[str]) -> None:
		self.policy = policy
		self.path = tuple(path)
		super().__init__(f"The policy {policy} escalates in a circle: {' → '.join(self.path)}")


class InputError(CoreError):
	"""A place in a file that cannot be used."""

	def __init__(self, file: str, line: int, column: str, reason: str) -> None:
		self.file = file
		self.line = line
		self.column = column
		self.reason = reason
		super().__init__(
			": ".join([file, *([f"line {line}"] if line else []), *([column] if column else []), reason])
		)
