"""The time that entry points read, set by the tests: literal moments of the site's own time zone."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk import config
from core_helpdesk.escalations import machine_clock

if TYPE_CHECKING:
	from collections.abc import Iterator

FAR = 2**31


class Moment:
	"""What time it is for everything that asks `config.now_epoch`."""

	def __init__(self, patch: pytest.MonkeyPatch, text: str) -> None:
		self.now = 0
		self.set(text)
		patch.setattr(config, "now_epoch", lambda: self.now)
		# The machine's own day may lie before that of a test.
		patch.setattr(machine_clock, "of_database", lambda: FAR)

	def set(self, text: str) -> int:
		self.now = epoch(text)
		return self.now

	def set_epoch(self, now: int) -> int:
		self.now = now
		return now

	def later(self, **delta: float) -> int:
		self.now += int(timedelta(**delta).total_seconds())
		return self.now


def moment_of_all(patch: pytest.MonkeyPatch, text: str) -> Iterator[Moment]:
	"""The time for this app and for what the framework writes on documents; for a fixture to yield from."""
	moment = Moment(patch, text)

	def now() -> datetime:
		# Not a whole second: the framework would write it in two ways and think that somebody else saved.
		return config.from_epoch(moment.now).replace(microsecond=1)

	patch.setattr("frappe.utils.data.now_datetime", now)
	yield moment
	forget_time_zone()


def moment_from(text: str) -> object:
	"""A fixture of the time for all, which begins at this moment; a test file names it `moment`."""

	@pytest.fixture
	def moment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Moment]:
		yield from moment_of_all(monkeypatch, text)

	return moment


def epoch(text: str) -> int:
	"""Seconds since the epoch of a moment in the site's time zone."""
	return config.to_epoch(datetime.fromisoformat(text))


def set_time_zone(zone: str) -> None:
	"""Changes the site's time zone, for this connection too."""
	frappe.db.set_single_value("System Settings", "time_zone", zone)
	forget_time_zone()


def forget_time_zone() -> None:
	"""Lets the next reader ask the site again: the framework keeps the settings as long as its connection."""
	if hasattr(frappe, "client_cache"):
		frappe.client_cache.delete_value(frappe.get_document_cache_key("System Settings", "System Settings"))
	else:
		frappe.clear_document_cache("System Settings", "System Settings")
	if hasattr(frappe.local, "system_settings"):
		del frappe.local.system_settings
