"""The site's own time ↔ seconds since the epoch: documents keep naive moments, everything else counts seconds."""

from __future__ import annotations

import time
from datetime import datetime
from zoneinfo import ZoneInfo

from frappe.utils import get_datetime, get_system_timezone


def now_epoch() -> int:
	"""The present second; for entry points only."""
	return int(time.time())


def to_epoch(at: datetime | str | None) -> int:
	"""Seconds since the epoch of a naive moment in the site's time zone, 0 for none; of a repeated hour the first."""
	if not at:
		return 0
	moment = at if isinstance(at, datetime) else get_datetime(at)
	return int(moment.replace(tzinfo=_zone()).timestamp())


def from_epoch(epoch: int) -> datetime | None:
	"""The naive moment in the site's time zone, None for 0."""
	return datetime.fromtimestamp(epoch, _zone()).replace(tzinfo=None) if epoch else None


def _zone() -> ZoneInfo:
	return ZoneInfo(get_system_timezone())
