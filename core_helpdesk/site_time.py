"""The site's own time ↔ seconds since the epoch: documents keep naive moments, everything else counts seconds."""

from __future__ import annotations

import time
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from frappe.utils import get_datetime, get_system_timezone

if TYPE_CHECKING:
	from collections.abc import Callable

QUARTER = 900
"""Clocks are put forward and back at a quarter of an hour."""
YEAR_ONE = 366 * 86_400
"""When the first moment that Python knows was, as the database counts."""


def now_epoch() -> int:
	"""The present second; for entry points only."""
	return int(time.time())


def to_epoch(at: datetime | str | None) -> int:
	"""Seconds since the epoch of a naive moment in the site's time zone, 0 for none; of a repeated hour the first."""
	if not at:
		return 0
	moment = at if isinstance(at, datetime) else get_datetime(at)
	return int(moment.replace(tzinfo=_zone()).timestamp())


def epoch_reader() -> Callable[[int | None], int]:
	"""`to_epoch` for moments by the hundred thousand, as the database's `to_seconds` gives them.

	To the second: to make a moment of each would take as long as all else that is done with it.
	"""
	shifts = _Shifts(_zone())

	def read(seconds: int | None) -> int:
		return seconds + shifts[seconds // QUARTER] if seconds else 0

	return read


class _Shifts(dict[int, int]):
	"""What makes seconds since the epoch of seconds since the year 0, by the quarter of an hour that they are in."""

	def __init__(self, zone: ZoneInfo) -> None:
		super().__init__()
		self.zone = zone

	def __missing__(self, quarter: int) -> int:
		moment = datetime.min + timedelta(seconds=quarter * QUARTER - YEAR_ONE)
		shift = int(moment.replace(tzinfo=self.zone).timestamp()) - quarter * QUARTER
		self[quarter] = shift
		return shift


def from_epoch(epoch: int) -> datetime | None:
	"""The naive moment in the site's time zone, None for 0."""
	return datetime.fromtimestamp(epoch, _zone()).replace(tzinfo=None) if epoch else None


def _zone() -> ZoneInfo:
	return ZoneInfo(get_system_timezone())
