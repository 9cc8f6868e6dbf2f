"""Moments as callers write them, refused in words where they are none."""

from datetime import datetime

import frappe
from frappe import _
from frappe.utils import get_datetime

YEARS = range(2000, 2200)


def given_moment(text: str | None) -> datetime | None:
	"""The moment in the site's own time, None for an empty text.

	Raises: ValidationError
	"""
	if not text:
		return None
	try:
		moment = get_datetime(text)
	except (ValueError, OverflowError, TypeError):
		moment = None
	if moment is None or moment.tzinfo or moment.year not in YEARS:
		frappe.throw(_("{0} is no date and time. Write it as 2026-03-01 08:00.").format(text))
	return moment
