"""Reads what was promised to customers and decided in a period: complaints by working days, inquiries by the clock.

Which ticket categories hold complaints or inquiries the settings say; without any, nothing is promised.

Policy: CX-2.1, CX-3.7, QA-12
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import frappe
from pypika.terms import Criterion

from core_helpdesk import config, promised_times
from core_helpdesk.domain.calendar_rules import DAY
from core_helpdesk.domain.promises import Course, Kind, Promise, courses
from core_helpdesk.domain.ticket_facts import Began, Ended, Place, Stay
from core_helpdesk.hosts import hd_ticket
from core_helpdesk.reports.ticket_counts import LEG, PLACE
from core_helpdesk.tracing import timing

if TYPE_CHECKING:
	from collections.abc import Iterable, Iterator

	from pypika.dialects import QueryBuilder

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
	asked = tickets(promised, period)
	names = sorted(asked.run(pluck=True)) if asked else []
	found: dict[Kind, list[Promise]] = {kind: [] for kind in Kind}
	for first in range(0, len(names), BATCH):
		part = list(courses(_stays(names[first : first + BATCH])))
		for kind, made in ((Kind.COMPLAINT, _complaints), (Kind.INQUIRY, _inquiries)):
			own = [course for course in part if course.category in promised.categories(kind)]
			found[kind] += [promise for promise in made(own, promised) if promise.is_decided(period)]
	return found


def tickets(promised: Promised, period: Period) -> QueryBuilder | None:
	"""The query for the tickets of which something may have been decided in the period, of both kinds; None where
	nothing is promised. Answered from a key alone.
	"""
	longest = {
		Kind.COMPLAINT: LONGEST_MEAN * promised.complaint_days,
		Kind.INQUIRY: round(HOUR * promised.inquiry_hours),
	}
	leg = frappe.qb.DocType(LEG)
	wanted = []
	for kind, seconds in longest.items():
		lasted = (leg.to_epoch == 0) | (leg.to_epoch >= max(period.start - seconds, 1))
		if categories := sorted(promised.categories(kind)):
			wanted.append(leg.ticket_category.isin(categories) & lasted)
	if not wanted:
		return None
	query = frappe.qb.from_(leg).select(leg.reference_name).distinct()
	return query.where((leg.from_epoch < period.end) & Criterion.any(wanted))


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
