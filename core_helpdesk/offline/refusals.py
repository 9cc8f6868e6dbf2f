"""What is wrong, said to a person: every error of the domain in the words of the command's language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core_helpdesk.domain import errors

if TYPE_CHECKING:
	from core_helpdesk.domain.errors import CoreError
	from core_helpdesk.offline.words import Words

# the words for an error, and the attributes that fill them
WORDING: dict[type[CoreError], tuple[str, tuple[str, ...]]] = {
	errors.NoWorkingTime: ("There is no working time from {0} to {1}", ("first", "last")),
	errors.OverlappingIntervals: ("Working hours overlap: {0} and {1}", ("first", "second")),
	errors.BadInterval: ("{0} are no working hours: {1}", ("text", "reason")),
	errors.BadAmount: ("{0} cannot be counted: {1}", ("amount", "reason")),
	errors.BadMoment: ("{0} is no date and time; expected for example 2026-03-15 09:00", ("text",)),
	errors.NotOneAmount: ("exactly one of these is asked for: {0}", ("choices",)),
	errors.UnknownCountry: ("the country {0} is unknown", ("code",)),
	errors.UnknownTimeZone: ("{0} is no time zone", ("zone",)),
	errors.OutOfTable: ("Only moments from {0} to {1} can be answered", ("first", "last")),
}


def worded(error: CoreError, say: Words) -> str:
	"""The error in the language of `say`."""
	if type(error) not in WORDING:
		return str(error)
	text, names = WORDING[type(error)]
	return say(text, *(_fact(getattr(error, name), say) for name in names))


def located(problem: errors.InputError, say: Words) -> str:
	"""A problem with the file, line and column where it stands."""
	line = say("line {0}", problem.line) if problem.line else ""
	column = say("column {0}", problem.column) if problem.line and problem.column else problem.column
	return ": ".join(part for part in (problem.file, line, column, problem.reason) if part)


def _fact(value: object, say: Words) -> str:
	if isinstance(value, tuple):
		return ", ".join(str(part) for part in value)
	return say.name(str(value))
