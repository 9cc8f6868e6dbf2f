"""The working time of Python libraries: `holidays`, pandas, numpy's business days.

Each is given the same weekend, holidays and hours (08:00–17:00); a peer that is not installed is left out.
"""

from __future__ import annotations

from datetime import date, datetime, timezone
from typing import TYPE_CHECKING

if TYPE_CHECKING:
	from collections.abc import Callable, Sequence

	import numpy as np

	from core_helpdesk.domain.working_time import CalendarRules

RIYADH_AHEAD = 3 * 3600
WEEKMASK = "1111001"  # Friday and Saturday off


def local(moment: int) -> datetime:
	"""What a clock in Riyadh shows; without a zone, as the libraries want it."""
	return datetime.fromtimestamp(moment + RIYADH_AHEAD, timezone.utc).replace(tzinfo=None)


def midnight(day: date) -> int:
	"""The moment at which a date begins in Riyadh, where the clock is never changed."""
	return (day - date(1970, 1, 1)).days * 86_400 - RIYADH_AHEAD


def dates(moments: Sequence[int]) -> np.ndarray:
	"""The dates that calendars in Riyadh show."""
	import numpy as np

	return ((np.asarray(moments) + RIYADH_AHEAD) // 86_400).astype("datetime64[D]")


def holidays_nth_working_day(years: range) -> Callable[[datetime, int], object]:
	import holidays

	return holidays.country_holidays("SA", years=years).get_nth_working_day


def pandas_business_hours(rules: CalendarRules) -> Callable[[datetime, int], object]:
	"""One offset for each amount, made once: what is measured is the counting."""
	import pandas

	days_off = [holiday.day for holiday in rules.holidays]
	offset_of = {
		hours: pandas.offsets.CustomBusinessHour(
			hours, start="08:00", end="17:00", weekmask="Sun Mon Tue Wed Thu", holidays=days_off
		)
		for hours in range(1, 30 * 9 + 1)
	}
	return lambda start, hours: start + offset_of[hours]


def numpy_business_days(
	rules: CalendarRules, starts: Sequence[int], ends: Sequence[int], days: Sequence[int]
) -> dict[str, Callable[[], object]]:
	import numpy as np

	days_off = [np.datetime64(holiday.day) for holiday in rules.holidays]
	calendar = np.busdaycalendar(WEEKMASK, days_off)
	begins, finishes, amounts = dates(starts), dates(ends), np.asarray(days)
	return {
		"days": lambda: np.busday_offset(begins, amounts, roll="forward", busdaycal=calendar),
		"elapsed": lambda: np.busday_count(begins, finishes, busdaycal=calendar),
	}
