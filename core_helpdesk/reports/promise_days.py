"""Promises to customers in a month that is not closed: of the days that are over counted once, of today whenever asked.

What is decided stays so, and days add up. What comes late to a day that is over, as a repair or another category does,
is counted when all days are counted anew, every night.

Policy: CX-2.1, CX-3.7, QA-12
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

import frappe

from core_helpdesk import config, months, promised_times
from core_helpdesk.domain.period import Period
from core_helpdesk.domain.quality import read, together, written
from core_helpdesk.reports import closed_months, quality_counts
from core_helpdesk.reports.days import Days, today

if TYPE_CHECKING:
	from core_helpdesk.domain.quality import Areas

CACHE = "ch_further_figures_of_days"
# As long as they are added to without having been counted anew: a night may fail.
KEPT_SECONDS = 2 * 24 * 3600


class Kept(NamedTuple):
	"""What was decided in a month before a midnight, as text, and when it was counted anew.

	Units: `until` and `counted_at` are seconds since the epoch.
	"""

	until: int
	counted_at: int
	text: str


def decided(month: str, now: int) -> Areas:
	"""The counts of the promises that were decided in a month until now, of all areas.

	Units: seconds since the epoch.
	Policy: CX-2.1, CX-3.7
	"""
	key, midnight, end = _key(month), _midnight(month, now), months.window(month, now).end
	kept = _kept(key, month, now)
	if kept.until < midnight:
		kept = _keep(key, kept, midnight)
	found = read(kept.text)
	return together(found, quality_counts.count_promises(Period(midnight, end))) if midnight < end else found


def count_anew(now: int) -> list[str]:
	"""Counts all days that are over anew, of this month and the one before unless they are closed; returns the months.

	Units: seconds since the epoch.
	"""
	this = months.of(now)
	counted = [month for month in (months.before(this), this) if closed_months.closed_on(month) is None]
	for month in counted:
		_keep(_key(month), _nothing(month, now), _midnight(month, now))
	return counted


def _kept(key: str, month: str, now: int) -> Kept:
	text = frappe.cache().get_value(key, expires=True)
	kept = Kept(*json.loads(text)) if text else None
	if kept and kept.until <= _midnight(month, now) and now - kept.counted_at < KEPT_SECONDS:
		return kept
	return _nothing(month, now)


def _nothing(month: str, now: int) -> Kept:
	return Kept(months.window(month).start, now, written({}))


def _keep(key: str, kept: Kept, midnight: int) -> Kept:
	"""Adds the days until midnight."""
	days = Period(kept.until, midnight)
	more = quality_counts.count_promises(days) if days.start < days.end else {}
	kept = Kept(midnight, kept.counted_at, written(together(read(kept.text), more)))
	frappe.cache().set_value(key, json.dumps(kept), expires_in_sec=KEPT_SECONDS)
	return kept


def _midnight(month: str, now: int) -> int:
	"""When the last of the month's days ended that are over; its beginning before any is."""
	window, day = months.window(month, now), today(now)
	return min(max(Days(day, day).period(now).start, window.start), window.end)


def _key(month: str) -> str:
	"""Another one whenever something else is promised, a calendar changed, or a department has another name."""
	promised, site = promised_times.promised(), config.site_rules()
	told = (
		sorted(promised.complaints),
		sorted(promised.inquiries),
		promised.complaint_days,
		promised.inquiry_hours,
		sorted(site.calendars.items()),
		sorted(site.versions.items()),
		sorted(frappe.get_all("Core Department", pluck="name", order_by=None)),
	)
	return f"{CACHE}:{month}:{sha256(json.dumps(told).encode()).hexdigest()[:16]}"
