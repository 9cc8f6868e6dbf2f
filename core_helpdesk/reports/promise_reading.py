"""Reads what was promised to customers and decided in a period: complaints by working days, inquiries by the clock.

Which ticket categories hold complaints or inquiries the settings say; without any, nothing is promised.

Policy: CX-2.1, CX-3.7, QA-12
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import frappe

from core_helpdesk import config, promised_times
from core_helpdesk.domain.promises import FRESH, Course, Kind, Promise, courses
from core_helpdesk.domain.ticket_facts import Began, Ended, Place, Stay
from core_helpdesk.hosts import hd_ticket
from core_helpdesk.reports.ticket_counts import LEG, PLACE
from core_helpdesk.tracing import timing

if TYPE_CHECKING:
	from collections.abc import Iterable, Iterator

	from pypika.dialects import QueryBuilder
	from pypika.queries import Table

	from core_helpdesk.config import SiteRules
	from core_helpdesk.domain.period import Period
	from core_helpdesk.domain.promises import Promised

HOUR = 3600
BATCH = 2000
FIELDS = ("name", "reference_name", "from_epoch", "to_epoch", "began_by", "ended_by", *PLACE)


@dataclass(frozen=True, slots=True)
class Leg(Stay):
	"""A stay with the name of its record."""

	name: str = ""


def decided(period: Period) -> dict[Kind, list[Promise]]:
	"""The promises of each kind that were kept or fell due within the period; exact.

	Policy: CX-2.1, CX-3.7, QA-12
	"""
	promised, site = promised_times.promised(), config.site_rules()
	names = _names(promised, period)
	found: dict[Kind, list[Promise]] = {kind: [] for kind in Kind}
	for first in range(0, len(names), BATCH):
		part = list(courses(_stays(names[first : first + BATCH])))
		for kind, made in ((Kind.COMPLAINT, _complaints), (Kind.INQUIRY, _inquiries)):
			own = [course for course in part if course.category in promised.categories(kind)]
			found[kind] += [promise for promise in made(own, promised, site) if promise.is_decided(period)]
	return found


def _names(promised: Promised, period: Period) -> list[str]:
	"""The tickets of which something may have been decided in the period.

	What is decided is so before its course ends: the last stay of the course was not over when the period began, and
	has the category that counts.
	"""
	asked = tickets(promised, period)
	if not asked:
		return []
	return sorted({*asked.run(pluck=True), *_come_back(promised, period).run(pluck=True)})


def tickets(promised: Promised, period: Period) -> QueryBuilder | None:
	"""The query for the tickets that were in a promised category within the period; None where nothing is promised.
	Answered from a key alone.
	"""
	leg = frappe.qb.DocType(LEG)
	asked = _of_promised(leg, promised)
	if not asked:
		return None
	lasted = (leg.to_epoch == 0) | (leg.to_epoch >= max(period.start, 1))
	return asked.where((leg.from_epoch < period.end) & lasted)


def _come_back(promised: Promised, period: Period) -> QueryBuilder:
	"""The query for those that came to a group, or to the category, after the period, and had been waited for before."""
	leg = frappe.qb.DocType(LEG)
	is_old = leg.began_by.notin([by.value for by in FRESH]) | leg.began_by.isnull()
	return _of_promised(leg, promised).where((leg.from_epoch >= period.end) & is_old)


def _of_promised(leg: Table, promised: Promised) -> QueryBuilder | None:
	categories = sorted(promised.complaints | promised.inquiries)
	if not categories:
		return None
	query = frappe.qb.from_(leg).select(leg.reference_name).distinct()
	return query.where(leg.ticket_category.isin(categories))


def _stays(names: list[str]) -> Iterator[Leg]:
	"""All stays of these tickets, ticket by ticket, in their order."""
	wanted = {"reference_doctype": hd_ticket.DOCTYPE, "reference_name": ("in", names)}
	rows = frappe.get_all(
		LEG, wanted, list(FIELDS), order_by="reference_name, from_epoch, cycle, creation", as_list=True
	)
	for name, ticket, began, ended, by, how, *place in rows:
		where = Place(*(word or "" for word in place))
		yield Leg(ticket, where, began, Began(by or Began.MOVED_IN), ended or 0, Ended(how or ""), name=name)


def _complaints(found: Iterable[Course], promised: Promised, site: SiteRules) -> Iterator[Promise]:
	"""A complaint is answered when its ticket is closed, in the working days of the country that received it."""
	for course in found:
		calendar = timing.timer(site, site.calendar_of(course.first.place.group))
		due = calendar.add_working_days(course.first.began, promised.complaint_days)
		yield Promise(course.first.name, course.first.place, due, course.ended, course.is_gone)


def _inquiries(found: Iterable[Course], promised: Promised, _site: SiteRules) -> Iterator[Promise]:
	"""An inquiry is answered by the first reply, or by closing its ticket; the host keeps the first reply of all, so
	that one which is reopened is answered by its closing. What was answered before it came to be counted is not.
	"""
	found = list(found)
	replied = hd_ticket.first_replies(course.first.ticket for course in found if course.waits_for_first_reply)
	for course in found:
		reply = replied.get(course.first.ticket, 0) if course.waits_for_first_reply else 0
		if 0 < reply < course.first.began:
			continue
		kept = min((at for at in (reply, course.ended) if at), default=0)
		due = course.first.began + round(HOUR * promised.inquiry_hours)
		# A reply counts though the ticket was merged after it.
		yield Promise(
			course.first.name, course.first.place, due, kept, course.is_gone and kept == course.ended
		)
