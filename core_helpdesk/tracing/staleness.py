"""Before which moment a case counts as not updated: so many working days back, in the calendar of each country.

Asked for all open cases at once, so it is not each case's own due moment that is looked at but one moment per calendar.
Policy: TRC-08, TRC-11, TRC-23
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import frappe

from core_helpdesk import config
from core_helpdesk.domain.errors import CalendarError

if TYPE_CHECKING:
	from collections.abc import Iterable, Mapping

	from core_helpdesk.domain.working_time import Timer

DAY = 86_400
# Whose turn it is since when: who has a case since yesterday owes no update for the days before.
LAST_UPDATE = "greatest(w.last_update_epoch, w.came_epoch)"
"""SQL: when a case was updated last, or came to the group that has it."""
# Between two moments in which so many working days lie are never more days than this for each of them, and these.
DAYS_FOR_EACH, DAYS_BESIDE = 7, 60


class Cutoffs(NamedTuple):
	"""The moment for each calendar, and the one for cases without any.

	Units: seconds since the epoch.
	"""

	by_calendar: Mapping[str, int]
	otherwise: int

	def of(self, calendar: str | None) -> int:
		return self.by_calendar.get(calendar or "", self.otherwise)

	def condition(self, moment: str, calendar: str, values: dict[str, object], name: str) -> str:
		"""SQL that is true where the column `moment` lies before the cutoff of the column `calendar`."""
		values[f"{name}_else"] = self.otherwise
		cases = []
		for number, (known, cutoff) in enumerate(self.by_calendar.items()):
			values |= {f"{name}_c{number}": known, f"{name}_t{number}": cutoff}
			cases.append(f"when %({name}_c{number})s then %({name}_t{number})s")
		chosen = (
			f"case {calendar} {' '.join(cases)} else %({name}_else)s end" if cases else f"%({name}_else)s"
		)
		return f"{moment} < {chosen}"


def cutoffs(calendars: Iterable[str], days: int, now: int) -> Cutoffs:
	"""What was last updated before these moments has had no update for `days` working days.

	A calendar that cannot be counted in is logged, and its cases are judged by the clock.
	"""
	rules, by_clock = config.site_rules(), now - days * DAY
	found = {}
	for calendar in sorted(set(filter(None, calendars))):
		try:
			found[calendar] = _latest(rules.timer(calendar), days, now)
		except (CalendarError, frappe.DoesNotExistError):
			frappe.log_error(title=f"Core Helpdesk: no reminders by the calendar {calendar}"[:140])
	return Cutoffs(found, by_clock)


def _latest(timer: Timer, days: int, now: int) -> int:
	"""The first moment from which `days` working days are not over yet at `now`."""
	early, late = now - (days * DAYS_FOR_EACH + DAYS_BESIDE) * DAY, now
	while early < late:
		middle = (early + late) // 2
		if timer.add_working_days(middle, days) <= now:
			early = middle + 1
		else:
			late = middle
	return early
