"""Before a policy becomes active: the groups abroad to which it would give another time than headquarters'.

A group that has this very time already is left to the reports: activating changes nothing for it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import frappe
from frappe import _
from frappe.utils import escape_html

from core_helpdesk import config, hours_in_words
from core_helpdesk.domain.escalation import ScopeTable, Subject
from core_helpdesk.domain.groups import EscalationTime
from core_helpdesk.domain.parity import GapKind, parity, standards
from core_helpdesk.domain.policy import Kind
from core_helpdesk.governance.group_documents import (
	KnownGroups,
	deviations,
	known_groups,
	policy_for,
	time_of,
)
from core_helpdesk.shown import isolated

if TYPE_CHECKING:
	from collections.abc import Iterator

	from frappe.model.document import Document

	from core_helpdesk.domain.groups import GroupFacts
	from core_helpdesk.domain.parity import ParityGap

REFUSED = (GapKind.DIFFERS, GapKind.ENDED)


class Change(NamedTuple):
	"""A group as it is, and as the policy would make it."""

	before: GroupFacts
	after: GroupFacts


def refuse_other_times(policy: Document, previous: Document | None) -> None:
	"""Raises: ValidationError that names every group whose time would not be the Standard without an approved deviation.

	Policy: CORE-09, QA-05
	"""
	gaps = list(gaps_after(policy, previous))
	if not gaps:
		return
	rows = "".join(f"<li>{escape_html(in_words(gap))}</li>" for gap in gaps)
	message = _(
		"The escalation time must be that of headquarters, or a Parity Deviation must be approved first: {0}"
	)
	frappe.throw(message.format(f"<ul>{rows}</ul>"), title=_("Not the Standard"))


def gaps_after(policy: Document, previous: Document | None) -> Iterator[ParityGap]:
	"""How the groups that the policy gives another time would stand to the Standard."""
	at = config.to_epoch(policy.starts_on)
	changes = changes_of(policy, previous, known_groups(at))
	home = standards(change.after for change in changes)
	changed = [change.after for change in changes if change.after.time != change.before.time]
	return (gap for gap in parity(changed, home, deviations(), at) if gap.kind in REFUSED)


def changes_of(policy: Document, previous: Document | None, known: KnownGroups) -> list[Change]:
	"""All groups, before the policy becomes active and after."""
	own, level = config.scope_of(policy), config.policy_of(policy).levels[0]
	ended = previous.name if previous else ""
	table = ScopeTable([own, *(scope for scope in known.scopes if scope.policy != ended)], known.at)
	time = EscalationTime(level.seconds, level.kind)
	changes = []
	for group in known.groups.values():
		category = next(iter(group.ticket_categories), "")
		chosen = policy_for(table, Subject(group.name, group.category, category, group.country))
		after = time if chosen == policy.name else time_of(known.rules, chosen)
		changes.append(Change(group, replace(group, time=after)))
	return changes


def in_words(gap: ParityGap) -> str:
	text = _("{0}: {1} instead of {2}")
	times = [said(time) for time in (gap.time, gap.standard[0])]
	return text.format(isolated(gap.group), *times)


def said(time: EscalationTime | None) -> str:
	if time is None:
		return _("no time")
	return hours_in_words.time_in_words(time.seconds, working=time.kind is Kind.WORKING)
