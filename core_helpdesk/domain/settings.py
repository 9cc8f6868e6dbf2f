"""What an admin sets, as frozen values: settings, people with their deputies, reports, groups with what governs them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
	from datetime import date

	from core_helpdesk.domain.report_schedule import WeekdayFrom


@dataclass(frozen=True, slots=True)
class Stand:
	"""A person with a deputy, and the days of the person's absence (both ends included)."""

	user: str
	deputy: str
	absent_from: date | None
	absent_until: date | None


@dataclass(frozen=True, slots=True)
class Settings:
	"""The settings of the site; a name that is not set is empty."""

	mode: str
	confirmed_host: str
	governed_from: int
	default_department: str
	default_country: str
	tsm_team: str
	general_manager: Stand
	customer_service_manager: Stand
	reply_to: str
	storm_threshold: int
	support_phone: str
	support_email: str
	procedure_url: str
	export_on_uninstall: bool


class Pause(NamedTuple):
	"""A time in which the mode was not Live.

	Units: epoch seconds; `until` is 0 while it lasts.
	"""

	since: int
	until: int = 0

	def holds(self, moment: int) -> bool:
		return self.since < moment and (not self.until or moment <= self.until)


@dataclass(frozen=True, slots=True)
class ReportSettings:
	"""When reports are made, what a mail holds, and who gets one besides those whom the policy names.

	`weekdays` says before which weekday weeks end, and since when; none where `weekly_day` was never another one.
	Units: times are seconds of the site's day, weekdays begin with Monday at 0; `reports_from`, from which on reports are
	due, is seconds since the epoch, 0 for never.
	Policy: TSM-09, TSM-13, TSM-14, QA-12
	"""

	daily_time: int
	weekly_time: int
	monthly_time: int
	weekly_day: int
	rows_in_mail: int
	attachment: str
	reports_from: int
	pauses: tuple[Pause, ...] = ()
	weekdays: tuple[WeekdayFrom, ...] = ()
	further: tuple[tuple[str, str], ...] = ()

	def pause_at(self, moment: int) -> Pause | None:
		"""The pause in which a moment lies, if it does.

		Units: epoch seconds.
		"""
		return next((pause for pause in self.pauses if pause.holds(moment)), None)

	def sends(self, due: int) -> bool:
		"""Whether what the clock makes due at a moment is sent: reports have begun, and it lies in no pause.

		Units: epoch seconds.
		Policy: QA-12, TSM-09, TSM-14
		"""
		return 0 < self.reports_from < due and not self.pause_at(due)


@dataclass(frozen=True, slots=True)
class Group:
	"""A team of the host with what governs it; department and country fall back to the defaults of Settings.

	`gaps` names what neither the team nor Settings says.
	"""

	name: str
	category: str
	department: str
	country: str
	calendar: str
	hidden: bool
	governed_from: int
	gaps: tuple[str, ...] = ()

	def is_governed(self, at: int) -> bool:
		"""True if a ticket that entered the group at `at` gets a clock.

		Policy: CORE-01
		"""
		return bool(self.governed_from) and self.governed_from <= at and not self.hidden
