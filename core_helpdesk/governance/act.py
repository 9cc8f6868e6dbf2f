"""One act of implementing a request: what it made, what it changed, and how each was before.

Kept so that the act can be undone within a day, and refused to be where something has changed since.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import frappe

from core_helpdesk.governance import governed_records

if TYPE_CHECKING:
	from datetime import datetime

	from frappe.model.document import Document

Values = dict[str, Any]


@dataclass
class Act:
	"""What a request has done so far; `made` and `changed` are in the order in which it was done."""

	request: Document
	now: datetime
	made: list[Values] = field(default_factory=list)
	changed: list[Values] = field(default_factory=list)
	results: Values = field(default_factory=dict)

	@property
	def team(self) -> str:
		"""The group that the request is about: its own once it is made."""
		return self.results.get("result_team") or self.request.team or ""

	@property
	def starts_on(self) -> datetime:
		"""When the change begins: what was asked for, but never in the past."""
		asked = self.request.get("starts_on")
		return max(self.now, frappe.utils.get_datetime(asked)) if asked else self.now

	def note_made(self, doctype: str, name: str, **facts: Any) -> None:
		self.made.append({"doctype": doctype, "name": name, **facts})

	def note_changed(self, doctype: str, name: str, before: Values, after: Values, **facts: Any) -> None:
		self.changed.append({"doctype": doctype, "name": name, "before": before, "after": after, **facts})

	def as_text(self) -> str:
		"""What `undo` needs, with how everything stands at the end of the act."""
		documents = {(row["doctype"], row["name"]) for row in (*self.made, *self.changed)}
		stands = [
			{"doctype": doctype, "name": name, "facts": facts(doctype, name)}
			for doctype, name in sorted(documents)
			if doctype in governed_records.FACTS
		]
		kept = {"made": self.made, "changed": self.changed, "stands": stands}
		return json.dumps(kept, ensure_ascii=False, default=str)


def facts(doctype: str, name: str) -> Values | None:
	"""How a group, category or policy stands now; None if it is gone."""
	if not frappe.db.exists(doctype, name):
		return None
	return governed_records.facts_of(frappe.get_doc(doctype, name))
