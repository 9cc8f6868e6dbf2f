"""Conflicts of groups that are there, in words; and the request that resolves each, filled in as far as it can be.

Policy: QA-02
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from frappe import _

from core_helpdesk import shown
from core_helpdesk.domain.groups import ConflictKind
from core_helpdesk.governance import governed, request_wording
from core_helpdesk.governance import request_kinds as kinds
from core_helpdesk.governance.request_checks import of_conflict

if TYPE_CHECKING:
	from collections.abc import Sequence

	from core_helpdesk.domain.group_facts import Conflict
	from core_helpdesk.governance.group_documents import KnownGroups

NAMES_SHOWN = 3
REQUESTS = {
	ConflictKind.SAME_PLACE: kinds.CHANGE_GROUP,
	ConflictKind.POLICIES: kinds.CORRECTION,
	ConflictKind.ROUTES: kinds.CORRECTION,
	ConflictKind.CIRCLE: kinds.CORRECTION,
	ConflictKind.NO_HEAD: kinds.CHANGE_GROUP,
	ConflictKind.NO_MEMBERS: kinds.ADD_MEMBERS,
	ConflictKind.NO_POLICY: kinds.CHANGE_ESCALATION,
	ConflictKind.NO_HOURS: kinds.CHANGE_GROUP,
	ConflictKind.NOT_REACHED: kinds.CHANGE_ESCALATION,
}


class Words(NamedTuple):
	title: str
	text: str
	remedy: str


def worded(conflict: Conflict, known: KnownGroups) -> Words:
	"""As a request words it, but for what is, where a request speaks of what would be."""
	said = request_wording.said(of_conflict(conflict, known))
	words = Words(said["title"], said["text"], said["remedy"])
	if conflict.kind is ConflictKind.NO_MEMBERS:
		text = _("Nobody is in {0}, or nobody whose account is enabled.").format(conflict.group)
		return words._replace(text=text)
	if conflict.kind is ConflictKind.POLICIES:
		return words._replace(text=_two_policies(conflict))
	if conflict.kind is ConflictKind.NO_HEAD and not all(conflict.facts.values()):
		text = _("{0} has no department or no country, so that nobody heads it.").format(conflict.group)
		return words._replace(text=text, remedy=_("Give the group its department and country."))
	return words


def _two_policies(conflict: Conflict) -> str:
	facts = {name: str(value) for name, value in conflict.facts.items()}
	text = _("{0} and {1} are both for the same tickets ({2}), and neither is more specific.")
	country = shown.country(facts["country"]) if facts["country"] else ""
	place = [conflict.group, facts["group_category"], facts["ticket_category"], country]
	which = shown.listed(part for part in place if part) or _("all tickets")
	return text.format(facts["policy"], facts["other_policy"], which)


def title_of(kind: ConflictKind) -> str:
	"""The heading under which a conflict of this kind stands."""
	return _(TITLES[kind])


TITLES = {
	ConflictKind.SAME_PLACE: "Same Place as Another Group",
	ConflictKind.POLICIES: "Two Policies for One Ticket",
	ConflictKind.ROUTES: "Overlapping Routing",
	ConflictKind.CIRCLE: "Circular Escalation",
	ConflictKind.NO_HEAD: "No Department Head",
	ConflictKind.NO_MEMBERS: "No Members",
	ConflictKind.NO_POLICY: "No Escalation Policy",
	ConflictKind.NO_HOURS: "No Working Hours",
	ConflictKind.NOT_REACHED: "Escalation Time Not Reached",
}


def request_for(conflict: Conflict, group: str) -> tuple[str, str]:
	"""Kind of the request that resolves it, and the link to its form, filled in."""
	kind = REQUESTS[conflict.kind]
	given = {"team": group}
	if conflict.kind is ConflictKind.POLICIES:
		reference = {"reference_doctype": governed.POLICY, "reference_name": str(conflict.facts["policy"])}
		given = {**given, **reference, "wrong": "Wrong Escalation"}
	elif kind == kinds.CORRECTION:
		given["wrong"] = "Wrong Escalation"
	return kind, governed.request_link(kind, **given)


def some(names: Sequence[str]) -> str:
	"""The first of the names, and how many more there are."""
	first = shown.listed(names[:NAMES_SHOWN])
	left = len(names) - NAMES_SHOWN
	return _("{0} and {1} more").format(first, left) if left > 0 else first
