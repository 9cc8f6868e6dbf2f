"""Why a level is due when it is: the facts of a count, kept as they were so that they stay true.

A later change of the calendar cannot alter what a past escalation says about itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core_helpdesk.domain.clock import Kind, counted, current_level

if TYPE_CHECKING:
	from core_helpdesk.config import SiteRules
	from core_helpdesk.domain.clock import Clock
	from core_helpdesk.domain.working_time import DayLine

Facts = dict[str, Any]


def explain(clock: Clock, until: int, rules: SiteRules) -> Facts:
	"""The facts of the running count until a moment, with one line per local date; empty without a count.

	Time by the clock has no lines; gaps between `spans` are pauses. Reasons are English and translated where they
	are shown.
	Units: moments are seconds since the epoch; limit and what was counted are in the unit of the level.
	Policy: TSM-08, CORE-04, TRC-03
	"""
	return with_lines(facts(clock, until, rules), rules)


def facts(clock: Clock, until: int, rules: SiteRules) -> Facts:
	"""What is true of a count at this moment, without the lines that can be worked out from it."""
	level = current_level(clock, rules)
	if level is None:
		return {}
	spans = spans_until(clock, until)
	works = level.kind.has_calendar
	return {
		"kind": level.kind.value,
		"policy": clock.policy,
		"level": clock.level + 1,
		"target": level.target,
		"limit": level.seconds,
		"counted": counted(clock, until, rules),
		"carried": clock.carried if clock.level == 0 else 0,
		"hurry": clock.hurry,
		"began": clock.began,
		"until": until,
		"due": clock.due,
		"spans": spans,
		"pauses": level.pauses,
		"paused": clock.paused,
		"calendar": clock.calendar if works else "",
		"calendar_changed": rules.calendar_changed(clock.calendar) if works else "",
	}


def with_lines(known: Facts, rules: SiteRules) -> Facts:
	"""The facts with their lines, unless the calendar is another one by now: then they could only be wrong."""
	calendar = known.get("calendar", "")
	if not calendar or known["calendar_changed"] != rules.calendar_changed(calendar):
		return {**known, "lines": []}
	timer = rules.timer(calendar)
	if known["kind"] == Kind.WORKING_DAYS.value:
		days = timer.explain_working_days(known["began"], known["limit"])
	else:
		days = [day for span in known["spans"] for day in timer.explain(*span)]
	lines = [line(day) for day in days]
	return {**known, "zone": timer.rules.zone, "lines": lines}


def spans_until(clock: Clock, until: int) -> list[tuple[int, int]]:
	"""The stretches that were counted, the running one included."""
	running = [(clock.anchor, until)] if 0 < clock.anchor < until else []
	return [*clock.spans, *running]


def line(day: DayLine) -> Facts:
	return {
		"day": day.day.isoformat(),
		"counted": day.counted,
		"seconds": day.seconds,
		"reason": day.reason,
		"kind": day.kind,
		"estimated": day.estimated,
	}
