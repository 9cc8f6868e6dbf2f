"""The assignment rule of a governed group is governed with it: off, or with other people, its tickets reach nobody.

The host keeps the rule in step with the members while a group is saved; anybody else's change of it needs a request.
Policy: CORE-10, CORE-11
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import escape_html, now

from core_helpdesk.governance import governed, governed_records
from core_helpdesk.governance.governed_records import RECORD, TEAM
from core_helpdesk.governance.rule_facts import facts_by_rule, facts_of_rule
from core_helpdesk.hosts import hd_team

if TYPE_CHECKING:
	from frappe.model.document import Document

	from core_helpdesk.governance.rule_facts import Facts


def guard(rule: Document) -> None:
	"""Raises: PermissionError with the way to the request, where the rule of a governed group would change.

	Policy: CORE-10
	"""
	before = rule.get_doc_before_save()
	if not before or governed.may_change(rule) or facts_of_rule(before) == facts_of_rule(rule):
		return
	refuse_for(rule.name)


def guard_row(row: Document) -> None:
	"""Raises: PermissionError where a row of such a rule would come, change or go on its own."""
	if governed_records.is_away() or governed.may_change(row):
		return
	stored = frappe.db.get_value(row.doctype, row.name, "parent") if row.name else None
	for rule in {stored, row.parent} - {None, ""}:
		refuse_for(rule)


def refuse_for(rule: str) -> None:
	for team in groups_of(rule):
		if governed.is_governed(team):
			governed.refuse_team(governed.CHANGE_GROUP, team)


def groups_of(rule: str) -> list[str]:
	return frappe.get_all(TEAM, {"assignment_rule": rule}, pluck="name")


def guard_merging(old: str, new: str) -> None:
	"""Of two rules made one every group has the second from then on, past all events of the groups.

	Raises: PermissionError
	Policy: CORE-10, TSM-12
	"""
	resting = set(hd_team.hidden_rules()).intersection((old, new))
	if resting:
		message = _("The assignment rule {0} is kept at rest and is not merged.")
		frappe.throw(message.format(frappe.bold(escape_html(resting.pop()))), frappe.PermissionError)
	if not governed.may_change():
		refuse_for(old)
		refuse_for(new)


def take_again(rule: Document) -> None:
	"""Remembers what a permitted save of a rule changes: not what somebody had changed before it past the app."""
	before = rule.get_doc_before_save()
	was = facts_of_rule(before) if before else {}
	now_facts = facts_of_rule(rule)
	remember(rule.name, {field: value for field, value in now_facts.items() if was.get(field) != value})


def remember(rule: str | None, changed: Facts) -> None:
	"""Of the groups of this rule nothing but these facts."""
	if not rule or not changed or governed_records.is_away():
		return
	for team in groups_of(rule):
		known = {"reference_doctype": TEAM, "reference_name": team, "only_known": 0}
		record = frappe.db.get_value(RECORD, known, ["name", "facts"], as_dict=True)
		if record and record.facts:
			write(record, changed)


def write(record: frappe._dict, present: Facts) -> None:
	known = json.loads(record.facts)
	if any(known.get(field) != value for field, value in present.items()):
		text = json.dumps({**known, **present}, ensure_ascii=False, sort_keys=True)
		values = {"facts": text, "taken_on": now()}
		frappe.db.set_value(RECORD, record.name, values, update_modified=False)


def take_again_of(team: str) -> None:
	"""All of it, after the host has written it anew; what was done to it before must have been looked at."""
	rule = frappe.db.get_value(TEAM, team, "assignment_rule")
	remember(rule, facts_by_rule([rule]).get(rule, {}) if rule else {})
