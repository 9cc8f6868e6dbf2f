"""What is due when for a case on this site: its legs and itself by the calendars of its groups.

A group without a calendar has no due moments; its cases are traced all the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core_helpdesk import config
from core_helpdesk.config import from_epoch
from core_helpdesk.domain import tracing_legs
from core_helpdesk.domain.tracing_terms import CaseTimes, case_times, due
from core_helpdesk.tracing import rules as tracing_rules

if TYPE_CHECKING:
	from core_helpdesk.config import SiteRules
	from core_helpdesk.domain.tracing_legs import Legs
	from core_helpdesk.domain.tracing_terms import DayTimer


class Timeless:
	"""Stands for a calendar that is not there: nothing is ever due by it."""

	def add_working_days(self, start: int, days: int) -> int:
		return 0

	def working_days(self, start: int, end: int) -> int:
		return 0


def timer(site: SiteRules, calendar: str) -> DayTimer:
	"""The calendar compiled, or one by which nothing is due."""
	try:
		return site.timer(calendar)
	except config.NoCalendar:
		return Timeless()


def into_group(
	legs: Legs, at: int, team: str, site: SiteRules, *, passed_by: str = "", reason: str = ""
) -> Legs:
	"""The legs after the case came to a group of the site.

	Units: seconds since the epoch.
	Policy: TRC-03
	"""
	group = site.group(team)
	return tracing_legs.opened(
		legs,
		at,
		team,
		group.country,
		group.calendar,
		tracing_rules.network().is_tracing(team),
		timer(site, group.calendar),
		tracing_rules.terms(),
		passed_by,
		reason,
	)


def times(opened: int, calendar: str, site: SiteRules) -> CaseTimes:
	"""The case's own count; another owner's days are counted at home, whoever handles the case.

	Policy: TRC-03
	"""
	terms = tracing_rules.terms()
	own = case_times(opened, timer(site, calendar), terms, calendar)
	home = timer(site, tracing_rules.home_calendar(site))
	return own._replace(regulator_due=due(home, opened, terms.regulator_days))


def calendar_of(legs: Legs) -> str:
	"""The calendar of the country that handles the case now."""
	handling = tracing_legs.handling(legs)
	return handling.calendar if handling else ""


def columns(opened: int, legs: Legs, site: SiteRules) -> dict[str, Any]:
	"""What a case shows of its moments, for its legs as they are now."""
	found = times(opened, calendar_of(legs), site)
	running = tracing_legs.current(legs)
	came = running.assigned if running else 0
	return {"calendar": found.calendar or None, "warn_epoch": found.warn, "came_epoch": came} | shown(
		due=found.due, leg_due=running.due if running else 0, regulator_due=found.regulator_due
	)


def shown(**moments: int) -> dict[str, Any]:
	"""Moments as the case keeps them: as seconds, and as people read them."""
	return {f"{name}_epoch": at for name, at in moments.items()} | {
		f"{name}_on": from_epoch(at) for name, at in moments.items()
	}
