"""The kinds of Group Requests: which data each asks for, and which of them it cannot do without.

Values only; the form shows what is listed here, and the server empties everything else.
"""

from __future__ import annotations

from typing import NamedTuple

NEW_GROUP = "New Group"
NEW_CATEGORY = "New Group Category"
CHANGE_GROUP = "Change Group"
CHANGE_ESCALATION = "Change Escalation"
ADD_MEMBERS = "Add Members"
REMOVE_MEMBERS = "Remove Members"
RETIRE_GROUP = "Retire Group"
DEVIATION = "Parity Deviation"
CORRECTION = "Data Correction"

# What a Change Group may change; empty means that it stays as it is.
CHANGEABLE = (
	"team_name",
	"purpose",
	"escalation_process",
	"group_category",
	"ticket_type",
	"department",
	"country",
	"head",
	"calendar",
	"tracing",
)
# Where the group's own document keeps it; the rest is kept elsewhere and always counts as new.
ON_TEAM = {
	"team_name": "team_name",
	"purpose": "ch_purpose",
	"escalation_process": "ch_process",
	"group_category": "ch_category",
	"ticket_type": "ch_ticket_type",
	"department": "ch_department",
	"country": "ch_country",
	"calendar": "ch_calendar",
	"tracing": "ch_tracing",
}
# What a request says in a word, since empty means that it stays, is a mark on the group.
MARKS = {"tracing": {"Yes": 1, "No": 0}}
TIME = ("escalation_hours", "clock_kind")
# Asked for only where the Escalation Time is not the Standard (CORE-09).
DEVIATING = ("deviation_reason", "valid_until")
# Every request belongs to a department in a country: whoever answers for it may see it.
ALWAYS = ("kind", "department", "country")


class Kind(NamedTuple):
	"""What a kind cannot do without, and what it may have besides."""

	required: tuple[str, ...]
	optional: tuple[str, ...] = ()

	@property
	def fields(self) -> tuple[str, ...]:
		return tuple(dict.fromkeys((*self.required, *self.optional)))


KINDS = {
	NEW_GROUP: Kind(
		(
			"team_name",
			"purpose",
			"escalation_process",
			"group_category",
			"ticket_type",
			*TIME,
			"department",
			"country",
			"head",
			"members",
		),
		("work_reason", "calendar", "tracing", "starts_on", "tell_front_line", "takes_from", *DEVIATING),
	),
	NEW_CATEGORY: Kind(
		(
			"category_name",
			"category_name_ar",
			"purpose",
			"standard_hours",
			"standard_clock_kind",
			"department",
		),
		("country",),
	),
	CHANGE_GROUP: Kind(("team", "work_reason"), (*CHANGEABLE, "starts_on", "tell_front_line", *DEVIATING)),
	CHANGE_ESCALATION: Kind(
		("team", *TIME, "work_reason"),
		("department", "country", "starts_on", "tell_front_line", *DEVIATING),
	),
	ADD_MEMBERS: Kind(("team", "members", "work_reason"), ("department", "country")),
	REMOVE_MEMBERS: Kind(("team", "members", "work_reason"), ("department", "country")),
	RETIRE_GROUP: Kind(("team", "retire_on", "work_reason"), ("department", "country", "tell_front_line")),
	DEVIATION: Kind(("team", *TIME, *DEVIATING), ("department", "country", "starts_on")),
	CORRECTION: Kind(
		("wrong", "correction"), ("team", "reference_doctype", "reference_name", "department", "country")
	),
}
DATA_FIELDS = tuple(dict.fromkeys(field for kind in KINDS.values() for field in kind.fields))
TABLES = {"members": ("user", "note"), "takes_from": ("team",)}
# Of a group that exists: its department and country are the request's, but where these are to change.
KINDS_OF_A_GROUP = (
	CHANGE_GROUP,
	CHANGE_ESCALATION,
	ADD_MEMBERS,
	REMOVE_MEMBERS,
	RETIRE_GROUP,
	DEVIATION,
	CORRECTION,
)
# Kinds that propose an Escalation Time, or that can put a group beside another Standard.
TIMED = (NEW_GROUP, CHANGE_GROUP, CHANGE_ESCALATION, DEVIATION)
# What has an impact worth a study on past tickets.
STUDIED = (NEW_GROUP, CHANGE_GROUP, CHANGE_ESCALATION, DEVIATION, RETIRE_GROUP)


def for_team(field: str, asked: str | None) -> str | int | None:
	"""What the group is given for what a request says."""
	return MARKS[field].get(asked or "", 0) if field in MARKS else asked or None


def as_asked(field: str, value: object) -> object:
	"""What a request would say for what the group has."""
	if field in MARKS:
		return next(word for word, mark in MARKS[field].items() if mark == int(bool(value)))
	return value or ""


def kinds_with(field: str) -> tuple[str, ...]:
	"""The kinds that ask for a field, in the order of the form's list."""
	return tuple(name for name, kind in KINDS.items() if field in kind.fields)
