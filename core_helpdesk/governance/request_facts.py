"""A Group Request → the group as it would be, for the checks of the domain."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core_helpdesk.documents import time_given
from core_helpdesk.domain.groups import GroupFacts
from core_helpdesk.governance import request_kinds as kinds
from core_helpdesk.governance.group_documents import (
	KnownGroups,
	Place,
	head_among,
	heads_by_place,
	targets_of,
	time_of,
)

if TYPE_CHECKING:
	from frappe.model.document import Document

PROPOSED = "(proposed)"


def proposed(request: Document, known: KnownGroups) -> GroupFacts | None:
	"""The group that the request is about, as it would be; None where it is about none.

	Policy: QA-02, QA-05
	"""
	if request.kind == kinds.NEW_GROUP:
		return _new(request, known)
	present = known.groups.get(request.team or "")
	change = CHANGES.get(request.kind)
	return change(request, present, known) if present and change else None


def _new(request: Document, known: KnownGroups) -> GroupFacts:
	place = Place(request.department or "", request.country or "", request.group_category or "")
	category = request.ticket_type or ""
	policy = known.policy_of(request.team_name or "", place, category)
	return GroupFacts(
		name=(request.team_name or "").strip() or PROPOSED,
		department=place.department,
		country=place.country,
		category=place.category,
		ticket_categories=frozenset({category} - {""}),
		head=request.head or head_among(heads_by_place(), place),
		members=len({row.user for row in request.members}),
		# A group that asks for its time is given a policy of its own where none fits.
		policy=policy or PROPOSED,
		time=time_given(request.escalation_hours, request.clock_kind),
		targets=targets_of(known.rules, policy),
		calendar=request.calendar or known.rules.calendars.get(place.country, ""),
	)


def _changed(request: Document, present: GroupFacts, known: KnownGroups) -> GroupFacts:
	place = Place(
		request.department or present.department,
		request.country or present.country,
		request.group_category or present.category,
	)
	categories = frozenset({request.ticket_type}) if request.ticket_type else present.ticket_categories
	policy = known.policy_of(present.name, place, next(iter(categories), ""))
	calendar = present.calendar
	if request.country and request.country != present.country:
		calendar = known.rules.calendars.get(request.country, calendar)
	return replace(
		present,
		department=place.department,
		country=place.country,
		category=place.category,
		ticket_categories=categories,
		head=request.head or head_among(heads_by_place(), place),
		policy=policy,
		time=time_of(known.rules, policy),
		targets=targets_of(known.rules, policy),
		calendar=request.calendar or calendar,
	)


def _timed(request: Document, present: GroupFacts, known: KnownGroups) -> GroupFacts:
	time = time_given(request.escalation_hours, request.clock_kind)
	return replace(present, time=time, policy=present.policy or PROPOSED) if time else present


def _more(request: Document, present: GroupFacts, known: KnownGroups) -> GroupFacts:
	return replace(present, members=present.members + len({row.user for row in request.members}))


def _fewer(request: Document, present: GroupFacts, known: KnownGroups) -> GroupFacts:
	return replace(present, members=max(0, present.members - len({row.user for row in request.members})))


CHANGES = {
	kinds.CHANGE_GROUP: _changed,
	kinds.CHANGE_ESCALATION: _timed,
	kinds.DEVIATION: _timed,
	kinds.ADD_MEMBERS: _more,
	kinds.REMOVE_MEMBERS: _fewer,
}
