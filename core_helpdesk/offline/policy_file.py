"""Reads the policy file of a replay: every value is checked before anything is replayed."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from core_helpdesk.calendars import zone_of
from core_helpdesk.domain.clock import Kind, Level, Policy, TicketState, check_policy
from core_helpdesk.domain.errors import CalendarError, LevelWithoutTarget, LevelWithoutTime, NoLevels
from core_helpdesk.domain.working_time import DayException, parse_hours
from core_helpdesk.offline.refusals import worded
from core_helpdesk.offline.replay_rules import CalendarSource, Entry, GroupFacts, PolicyFile
from core_helpdesk.offline.toml_table import TomlTable, read_toml

if TYPE_CHECKING:
	from collections.abc import Mapping
	from pathlib import Path

	from core_helpdesk.domain.working_time import Hours
	from core_helpdesk.offline.words import Words

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
STATES = {state.value.lower(): state for state in TicketState}


def read_policy_file(path: Path, say: Words) -> PolicyFile:
	"""The checked content of a policy file.

	Raises: InputError at the first value that cannot be carried out.
	"""
	return build_policy_file(read_toml(path, say))


def build_policy_file(top: TomlTable) -> PolicyFile:
	"""The checked content of a policy file's top table.

	Raises: InputError at the first value that cannot be carried out.
	"""
	zone = _zone(top, "timezone", "")
	calendars = _calendars(top.table("calendars"))
	default = _group(top.table("defaults"), GroupFacts("", ""), calendars)
	groups = {
		name: _group(table, default, calendars) for name, table in top.table("groups").subtables().items()
	}
	entries = _entries(top)
	states = _states(top.table("states"))
	return PolicyFile(
		top.file, ZoneInfo(zone), states, calendars, groups, default, entries, tuple(top.unused())
	)


def _zone(table: TomlTable, key: str, default: str) -> str:
	name = table.text(key, default)
	if not name:
		raise table.refusal(key, table.say("the time zone is missing"))
	try:
		return ZoneInfo(name).key
	except (KeyError, ValueError, OSError) as error:
		raise table.refusal(key, table.say("{0} is no time zone", name)) from error


def _states(table: TomlTable) -> dict[str, TicketState]:
	for name in table.values:
		if table.text(name) not in STATES:
			raise table.refusal(name, table.say("must be open, paused or resolved"))
	return {name: STATES[value] for name, value in table.values.items()}


def _calendars(tables: TomlTable) -> dict[str, CalendarSource]:
	sources: dict[str, CalendarSource] = {}
	for name, table in tables.subtables().items():
		source = _calendar(name, table)
		if source.country in sources:
			raise table.refusal("country", table.say("{0} has a calendar already", source.country))
		sources[source.country] = source
	return sources


def _calendar(name: str, table: TomlTable) -> CalendarSource:
	country = table.text("country", name)
	try:
		usual_zone = zone_of(country)
	except CalendarError as error:
		raise table.refusal("country", table.say("the country {0} is unknown", country or '""')) from error
	hours = _hours(table, "hours")
	weekday_hours = _weekday_hours(table.table("weekday_hours"))
	if not hours and not any(weekday_hours.values()):
		raise table.refusal("hours", table.say("the calendar has no working time"))
	return CalendarSource(
		country,
		_zone(table, "timezone", usual_zone),
		hours,
		weekday_hours,
		_hours(table, "ramadan_hours"),
		_exceptions(table.table("exceptions")),
	)


def _hours(table: TomlTable, key: str) -> Hours:
	texts = table.texts(key)
	try:
		return parse_hours(",".join(texts)) if texts else ()
	except CalendarError as error:
		raise table.refusal(key, worded(error, table.say)) from error


def _weekday_hours(table: TomlTable) -> dict[int, Hours]:
	for name in table.values:
		if name not in WEEKDAYS:
			raise table.refusal(
				name, table.say("is no day of the week; expected for example {0}", WEEKDAYS[4])
			)
	return {WEEKDAYS.index(name): _hours(table, name) for name in table.values}


def _exceptions(table: TomlTable) -> tuple[DayException, ...]:
	return tuple(DayException(_date(table, key), _hours(table, key), "") for key in table.values)


def _date(table: TomlTable, key: str) -> date:
	try:
		return datetime.strptime(key, "%Y-%m-%d").date()
	except ValueError as error:
		raise table.refusal(
			key, table.say("{0} is no date; expected for example {1}", key, "2026-03-15")
		) from error


def _group(table: TomlTable, default: GroupFacts, calendars: Mapping[str, CalendarSource]) -> GroupFacts:
	country = table.text("country") or default.country
	if country and country not in calendars:
		raise table.refusal("country", table.say("the country {0} has no calendar in this file", country))
	return GroupFacts(country, table.text("department") or default.department)


def _entries(top: TomlTable) -> tuple[Entry, ...]:
	tables = top.tables("policies")
	if not tables:
		raise top.refusal("policies", top.say("the file has no policy"))
	names = [table.text("name") for table in tables]
	# the clock knows a policy by its name: one without, or with another's, takes its number as well
	unique = [name if names.count(name) == 1 and name else f"{name} ({n})" for n, name in enumerate(names, 1)]
	return tuple(_entry(name.strip(), table) for name, table in zip(unique, tables, strict=True))


def _entry(name: str, table: TomlTable) -> Entry:
	levels = tuple(_level(level) for level in table.tables("levels"))
	policy = Policy(name, levels, table.share("warn_share"), table.hours("total_cap_hours"))
	try:
		check_policy(policy)
	except NoLevels as error:
		raise table.refusal("levels", table.say("the policy {0} has no level", name)) from error
	except LevelWithoutTarget as error:
		raise table.refusal(f"levels {error.level}.target", table.say("the target is missing")) from error
	except LevelWithoutTime as error:
		reason = table.say("must be more than 0 hours")
		raise table.refusal(f"levels {error.level}.after_hours", reason) from error
	any_one = ("*",)
	return Entry(
		policy, frozenset(table.texts("groups", any_one)), frozenset(table.texts("categories", any_one))
	)


def _level(table: TomlTable) -> Level:
	clock = table.text("clock", Kind.ELAPSED.value.lower())
	kinds = {kind.value.lower(): kind for kind in Kind}
	if clock not in kinds:
		raise table.refusal("clock", table.say("must be elapsed or working"))
	return Level(
		table.hours("after_hours"),
		table.text("target"),
		kinds[clock],
		table.flag("pauses"),
		table.hours("pause_cap_hours"),
	)
