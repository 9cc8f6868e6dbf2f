"""The frozen figures behind Monthly Reports: those of the closed month and of the one before, the same for all kinds.

They stand in records that only the app writes: whoever may read a report would otherwise find, or guess by filters, what
it counts of places that they do not see.
Policy: QA-M1, CORE-13
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import frappe
from frappe.query_builder.functions import Min

from core_helpdesk import months
from core_helpdesk.domain import quality
from core_helpdesk.reports import closed_months, quality_counts, ticket_counts

if TYPE_CHECKING:
	from core_helpdesk.domain.quality import Areas
	from core_helpdesk.domain.ticket_lines import Cells


@dataclass(frozen=True)
class Frozen:
	"""What was counted of tickets in a month and in the one before, and beside tickets in both: each read when asked for."""

	month: str

	@cached_property
	def cells(self) -> Cells:
		return cells_of(self.month)

	@cached_property
	def last(self) -> Cells:
		return cells_of(months.before(self.month))

	@cached_property
	def others(self) -> Areas:
		return _others(self.month)

	@cached_property
	def last_others(self) -> Areas:
		return _others(months.before(self.month))


def freeze(month: str, now: int) -> None:
	"""Closes a month that is to be reported on, and the one before, unless they are closed.

	One that is reported on before it has settled is closed with the figures of then: what is found later is a correction,
	as of every closed month. No month is closed before that in which counting began.
	Units: seconds since the epoch.
	"""
	first = began() or month
	for each in (months.before(month), month):
		is_open = (each >= first or each == month) and closed_months.closed_on(each) is None
		if is_open and not closed_months.close(each, now):
			# What another job has closed meanwhile is read by the next transaction alone.
			frappe.db.commit()  # nosemgrep: nothing of a report is written yet


def began() -> str:
	"""The month of the first stay in a group; an empty text before any."""
	leg = frappe.qb.DocType(ticket_counts.LEG)
	first = frappe.qb.from_(leg).select(Min(leg.from_epoch)).run()[0][0]
	return months.of(first) if first else ""


def is_settled(month: str, now: int) -> bool:
	"""Whether a month is closed, or over for so long that it may be.

	Units: seconds since the epoch.
	"""
	is_over = months.window(month).end + closed_months.SETTLING <= now
	return is_over or closed_months.closed_on(month) is not None


def cells_of(month: str) -> Cells:
	"""What was counted of tickets in a closed month; nothing where none was closed."""
	text = closed_months.kept(month, "cells")
	return closed_months.read(text) if text else {}


def _others(month: str) -> Areas:
	if closed_months.closed_on(month) is None:
		return {}
	text = closed_months.kept(month, "quality")
	# Closed before further figures were counted: the nights give it its own.
	return quality.read(text) if text else quality_counts.count(months.window(month))
