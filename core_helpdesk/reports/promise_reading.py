"""Reads what was promised to customers and decided in a period: complaints by working days, inquiries by the clock.

Which ticket categories hold complaints or inquiries the settings say; without any, nothing is promised.

Policy: CX-2.1, CX-3.7, QA-12
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import frappe

from core_helpdesk import config, promised_times
from core_helpdesk.domain.calendar_rules import DAY
from core_helpdesk.domain.promises import Course, Kind, Promise, courses
from core_helpdesk.domain.ticket_facts import Began, Ended, Place, Stay
from core_helpdesk.hosts import hd_ticket
from core_helpdesk.reports.ticket_counts import LEG, PLACE
from core_helpdesk.tracing import timing

if TYPE_CHECKING:
	from collections.abc import Iterable, Iterator

	from core_helpdesk.domain.period import Period
	from core_helpdesk.domain.promises import Promised

HOUR = 3600
BATCH = 2000
# However many holidays lie between, no working day is further away than three days in the mean.
LONGEST_MEAN = 3 * DAY
FIELDS = ("name", "reference_name", "from_epoch", "to_epoch", "began_by", "ended_by", *PLACE)


@dataclass(frozen=True, slots=True)
class Leg(Stay):
	"""A stay with the name of its record."""

	name: str = ""


def decided(period: Period) -> dict[Kind, list[Promise]]:
	"""The promises of each kind that were kept or fell due within the period; exact.

	Policy: CX-2.1, CX-3.7, QA-12
	"""
	promised = promised_times.promised()
	return {kind: list(_decided(kind, promised, period)) for kind in Kind}


def _decided(kind: Kind, promised: Promised, period: Period) -> Iterator[Promise]:
	categories = promised.categories(kind)
	longest = (
		LONGEST_MEAN * promised.complaint_days if kind is Kind.COMPLAINT else HOUR * promised.inquiry_hours
	)
	names = _tickets(categories, period.start - longest, period.end) if categories else []
	for first in range(0, len(names), BATCH):
		part = names[first : first + BATCH]
		found = [course for course in courses(_stays(part)) if course.category in categories]
		made = _complaints(found, promised) if kind is Kind.COMPLAINT else _inquiries(found, promised)
		yield from (promise for promise in made if promise.is_decided(period))


def _tickets(categories: Iterable[str], since: int, until: int) -> list[str]:
	"""The tickets with a stay in a group since a moment that has one of these categories."""
	leg = frappe.qb.DocType(LEG)
	lasted = (leg.to_epoch == 0) | (leg.to_epoch >= max(since, 1))
	query = frappe.qb.from_(leg).select(leg.reference_name).distinct()
	query = query.where(leg.ticket_category.isin(list(categories)) & (leg.from_epoch < until) & lasted)
	return sorted(query.run(pluck=True))


def _stays(names: list[str]) -> Iterator[Leg]:
	"""All stays of these tickets, ticket by ticket, in their order."""
	wanted = {"reference_doctype": hd_ticket.DOCTYPE, "reference_name": ("in", names)}
	rows = frappe.get_all(
		LEG, wanted, list(FIELDS), order_by="reference_name, from_epoch, cycle, creation", as_list=True
	)
	for name, ticket, began, ended, by, how, *place in rows:
		where = Place(*(word or "" for word in place))
		yield Leg(ticket, where, began, Began(by or Began.MOVED_IN), ended or 0, Ended(how or ""), name=name)


def _complaints(found: Iterable[Course], promised: Promised) -> Iterator[Promise]:
	"""A complaint is answered when its ticket is closed, in the working days of the country that received it."""
	site = config.site_rules()
	for course in found:
		calendar = timing.timer(site, site.calendar_of(course.first.place.group))
		due = calendar.add_working_days(course.first.began, promised.complaint_days)
		yield Promise(course.first.name, course.first.place, due, course.ended, course.is_gone)


def _inquiries(found: Iterable[Course], promised: Promised) -> Iterator[Promise]:
	"""An inquiry is answered by the first reply, or by closing its ticket; the host keeps the first reply of all, so
	that one which is reopened is answered by its closing.
	"""
	found = list(found)
	replied = hd_ticket.first_replies(course.first.ticket for course in found if course.is_first)
	for course in found:
		reply = replied.get(course.first.ticket, 0) if course.is_first else 0
		moments = [at for at in (reply, course.ended) if at >= course.first.began]
		kept = min(moments, default=0)
		due = course.first.began + round(HOUR * promised.inquiry_hours)
		# A reply counts though the ticket was merged after it.
		yield Promise(
			course.first.name, course.first.place, due, kept, course.is_gone and kept == course.ended
		)
