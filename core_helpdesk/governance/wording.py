"""Errors of the domain in the language of the person who has to put them right."""

import frappe
from frappe import _

from core_helpdesk.domain import errors
from core_helpdesk.shown import day, in_arabic, isolated


def throw(error: errors.CoreError, title: str) -> None:
	"""Raises: ValidationError with the domain's error in words."""
	frappe.throw(wording(error), title=title, exc=frappe.ValidationError)


def wording(error: errors.CoreError) -> str:
	words = WORDINGS.get(type(error))
	return words(error) if words else str(error)


def no_working_time(error: errors.NoWorkingTime) -> str:
	message = _("The calendar has no working time from {0} to {1}.")
	return message.format(day(error.first), day(error.last))


def overlapping(error: errors.OverlappingIntervals) -> str:
	return _("Working hours overlap: {0} and {1}.").format(isolated(error.first), isolated(error.second))


def bad_interval(error: errors.BadInterval) -> str:
	# The domain's few reasons are messages of their own, translated as such.
	return _("{0} is no working interval: {1}.").format(isolated(error.text) or _("(empty)"), _(error.reason))


def bad_season(error: errors.BadSeason) -> str:
	message = _("The season {0} ends on {1}, before it begins on {2}.")
	return message.format(error.name, day(error.last), day(error.first))


def unknown_country(error: errors.UnknownCountry) -> str:
	return _("No public holidays are known for the country {0}; enter its calendar by hand.").format(
		error.code
	)


def unknown_time_zone(error: errors.UnknownTimeZone) -> str:
	return _("{0} is no time zone. Write it as in Asia/Riyadh.").format(error.zone)


def no_levels(error: errors.NoLevels) -> str:
	return _("The policy needs one level at least.")


def level_without_target(error: errors.LevelWithoutTarget) -> str:
	return _("Level {0} does not say to whom it escalates.").format(error.level)


def level_without_time(error: errors.LevelWithoutTime) -> str:
	return _("Level {0} needs a time of more than zero.").format(error.level)


def days_out_of_place(error: errors.DaysOutOfPlace) -> str:
	message = _(
		"Level {0} cannot count working days: only the first level of a policy for tracing cases does. Choose elapsed "
		"or working time for it."
	)
	return message.format(error.level)


def not_for_tracing(error: errors.NotForTracing) -> str:
	messages = {
		"pauses": _("Level {0} cannot pause: the time of a tracing case goes on until it is closed."),
		"moves_ticket": _(
			"Level {0} cannot move the ticket: a tracing case stays with the group that has it."
		),
		"total_cap": _(
			"A policy for tracing cases has no time over all groups: its count goes on through all of them."
		),
	}
	return messages[error.rule].format(error.level)


def scopes_overlap(error: errors.ScopesOverlap) -> str:
	message = _("{0} and {1} would both be for the same tickets, and neither is more specific.")
	return message.format(error.first, error.second)


def circular(error: errors.CircularEscalation) -> str:
	return _("The policy escalates in a circle: {0}.").format(_path(error.path))


def _path(targets: tuple[str, ...]) -> str:
	return (" ← " if in_arabic() else " → ").join(_(target) for target in targets)


WORDINGS = {
	errors.NoWorkingTime: no_working_time,
	errors.OverlappingIntervals: overlapping,
	errors.BadInterval: bad_interval,
	errors.BadSeason: bad_season,
	errors.UnknownCountry: unknown_country,
	errors.UnknownTimeZone: unknown_time_zone,
	errors.NoLevels: no_levels,
	errors.LevelWithoutTarget: level_without_target,
	errors.LevelWithoutTime: level_without_time,
	errors.DaysOutOfPlace: days_out_of_place,
	errors.NotForTracing: not_for_tracing,
	errors.ScopesOverlap: scopes_overlap,
	errors.CircularEscalation: circular,
}
