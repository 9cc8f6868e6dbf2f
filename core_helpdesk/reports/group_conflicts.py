"""The report Group Conflicts: everything that is wrong between groups or with one, why, and what would resolve it.

Policy: QA-02
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

from frappe import _

from core_helpdesk import config
from core_helpdesk.domain.groups import ConflictKind, GroupFacts, conflicts
from core_helpdesk.governance.group_documents import known_groups
from core_helpdesk.reports import conflict_wording, readers
from core_helpdesk.reports.answer import Answer, Column, Row, bars, column, figure
from core_helpdesk.reports.conflict_groups import Concerned
from core_helpdesk.reports.names import Names

if TYPE_CHECKING:
	from core_helpdesk.domain.group_facts import Conflict
	from core_helpdesk.governance.group_documents import KnownGroups

FILTERS = ("group", "department", "country", "kind")
BETWEEN = (ConflictKind.SAME_PLACE, ConflictKind.POLICIES, ConflictKind.ROUTES)


class Found(NamedTuple):
	"""A conflict with the groups that it concerns, as far as the reader may know of them."""

	conflict: Conflict
	groups: tuple[str, ...]


def run(filters: dict[str, Any] | None) -> Answer:
	"""Raises: PermissionError for anybody who is no reader.

	Policy: CORE-13, QA-02, TSM-12
	"""
	reader = readers.reader()
	wanted = readers.chosen_of(filters, *FILTERS)
	known = known_groups(config.now_epoch())
	found = [own for own in seen(reader, known) if is_wanted(own, known, wanted)]
	found.sort(key=lambda own: (own.groups[:1], own.conflict.kind.value, own.conflict.other))
	names = Names()
	rows = [row_of(own, known, names) for own in found]
	message = "" if rows else why_none(reader, known, wanted)
	return Answer(columns(), rows, message, chart_of(found), summary_of(found))


def seen(reader: readers.Reader, known: KnownGroups) -> list[Found]:
	"""The conflicts of groups that the reader answers for; none that names what is kept from them."""
	concerned = Concerned(known)
	found = []
	for conflict in conflicts(known.groups.values(), known.scopes, known.routes, known.hours):
		groups = tuple(name for name in concerned.by(conflict) if is_seen(name, reader, known))
		if groups and reader.knows(concerned.named_in(conflict)):
			found.append(Found(conflict, groups))
	return found


def is_seen(name: str, reader: readers.Reader, known: KnownGroups) -> bool:
	group = known.groups[name]
	return reader.knows([name]) and reader.sees(group.department, group.country)


def is_wanted(own: Found, known: KnownGroups, wanted: dict[str, str]) -> bool:
	if wanted.get("kind", own.conflict.kind.value) != own.conflict.kind.value:
		return False
	groups = [known.groups[name] for name in {*own.groups, own.conflict.other} if name in known.groups]
	return any(
		wanted.get("group", group.name) == group.name
		and wanted.get("department", group.department) == group.department
		and wanted.get("country", group.country) == group.country
		for group in groups
	)


def columns() -> list[Column]:
	return [
		column("kind", _("Conflict"), width=200),
		column("group", _("Group", context="Group Request"), width=160),
		column("other", _("With"), width=160),
		column("why", _("Why"), width=430),
		column("request", _("Group Request"), width=150),
		column("remedy", _("What Would Resolve It"), width=340),
		column("department", _("Department", context="Group Request"), width=160),
		column("country", _("Country"), width=180),
	]


def row_of(own: Found, known: KnownGroups, names: Names) -> Row:
	conflict = own.conflict
	first = conflict.group or (own.groups[0] if len(own.groups) == 1 else "")
	group = known.groups.get(first) or GroupFacts("")
	words = conflict_wording.worded(conflict, known)
	kind, link = conflict_wording.request_for(conflict, first if first in own.groups else own.groups[0])
	return {
		"group": first or conflict_wording.some(own.groups),
		"department": names.department(group.department),
		"country": names.country(group.country),
		"kind": words.title,
		"other": conflict.other,
		"why": words.text,
		"remedy": words.remedy,
		"request": _(kind),
		"links": {
			"group": ["HD Team", first],
			"other": ["HD Team", conflict.other],
			"request": {"url": link, "needs": "Group Request"},
		},
		"tones": {"kind": "red"},
	}


def why_none(reader: readers.Reader, known: KnownGroups, wanted: dict[str, str]) -> str:
	groups = sum(is_seen(name, reader, known) for name in known.groups)
	none = _("No conflict among the groups that you answer for ({0}).").format(groups)
	return readers.why_nothing(reader, wanted) or none


def chart_of(found: list[Found]) -> dict[str, Any] | None:
	kinds = Counter(own.conflict.kind for own in found).most_common()
	labels = [conflict_wording.title_of(kind) for kind, _count in kinds]
	return bars(labels, {_("Conflicts"): [count for _kind, count in kinds]}, ["#e24c4c"])


def summary_of(found: list[Found]) -> list[dict[str, Any]]:
	if not found:
		return []
	groups = {name for own in found for name in own.groups}
	between = sum(own.conflict.kind in BETWEEN for own in found)
	return [
		figure(len(found), _("Conflicts"), "red"),
		figure(between, _("Between Groups or Policies")),
		figure(len(found) - between, _("Of One Group Alone")),
		figure(len(groups), _("Groups Concerned")),
	]
