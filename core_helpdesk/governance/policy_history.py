"""The versions of an escalation policy, each with what it changed against the one before it, in words.

Policy: QA-07, CORE-17
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

import frappe
from frappe import _
from frappe.utils import cint, flt

from core_helpdesk import hours_in_words
from core_helpdesk.governance.policies import DOCTYPE, LEVEL_FIELDS, RULE_FIELDS
from core_helpdesk.shown import country

if TYPE_CHECKING:
	from frappe.model.document import Document
	from frappe.model.meta import Meta

HOURS = ("after_hours", "pause_cap_hours", "acknowledge_within_hours", "total_cap_hours")
LEVEL = "Escalation Level"


class Change(TypedDict):
	"""One rule that a version has otherwise than the one before it."""

	label: str
	before: str
	after: str


class Version(TypedDict):
	"""A version with when it was in force, what it changed, and how objections were decided on."""

	name: str
	version: int
	state: str
	starts_on: object
	ended_on: object
	changes: list[Change]
	answers: list[dict[str, Any]]
	decision: str


def versions(policy_name: str) -> list[Version]:
	"""Every version of a policy, the latest first."""
	names = frappe.get_all(DOCTYPE, {"policy_name": policy_name}, pluck="name", order_by="version")
	documents = [frappe.get_doc(DOCTYPE, name) for name in names]
	before = [None, *documents[:-1]]
	return [as_version(*pair) for pair in zip(documents, before, strict=True)][::-1]


def as_version(policy: Document, before: Document | None) -> Version:
	answers = [
		{"head": row.head, "department": row.department, "answer": row.answer, "on": row.discussed_on}
		for row in policy.discussion
		if row.answer
	]
	return Version(
		name=policy.name,
		version=policy.version,
		state=policy.workflow_state,
		starts_on=policy.starts_on,
		ended_on=policy.ended_on,
		changes=differences(before, policy) if before else [],
		answers=answers,
		decision=policy.decision_reason or "",
	)


def differences(before: Document, after: Document) -> list[Change]:
	"""What a version says otherwise than the one before: its scope and limits, then level by level."""
	was, now = rules_in_words(before), rules_in_words(after)
	return [
		Change(label=label, before=was.get(label, "–"), after=now.get(label, "–"))
		for label in dict.fromkeys((*was, *now))
		if was.get(label, "–") != now.get(label, "–")
	]


def rules_in_words(policy: Document) -> dict[str, str]:
	found = {label(policy.meta, field): shown(policy, field) for field in RULE_FIELDS}
	for number, row in enumerate(policy.levels, 1):
		title = _("Level {0}").format(number)
		found |= {f"{title}: {label(row.meta, field)}": shown(row, field) for field in LEVEL_FIELDS}
	return found


def label(meta: Meta, field: str) -> str:
	return _(meta.get_label(field), context=meta.name)


def shown(document: Document, field: str) -> str:
	value = document.get(field)
	kind = document.meta.get_field(field).fieldtype
	if kind == "Check":
		return _("Yes") if cint(value) else _("No")
	if field == "after_days":
		return hours_in_words.days_in_words(cint(value)) if cint(value) else "–"
	if kind in ("Float", "Percent"):
		return amount(field, flt(value))
	if field == "country":
		return country(value) or "–"
	return (_(value, context=document.doctype) if kind == "Select" and value else value) or "–"


def amount(field: str, value: float) -> str:
	if not value:
		return "–"
	if field in HOURS:
		return hours_in_words.time_in_words(round(value * hours_in_words.HOUR))
	return f"{value:g} %"
