"""What the app knows of governed groups, categories and policies, and what the site holds that it does not know.

A record is taken when something is changed by those who may; the daily watch reports whatever differs from it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import cstr, get_datetime, now

from core_helpdesk.escalations import findings
from core_helpdesk.governance.policies import LEVEL_FIELDS, RULE_FIELDS

if TYPE_CHECKING:
	from collections.abc import Callable

	from frappe.model.document import Document

RECORD = "Governed Record"
TEAM, CATEGORY, POLICY = "HD Team", "Group Category", "Escalation Policy"
PAST_THE_APP = "Changed Past the App"
TEAM_FIELDS = (
	"team_name",
	"disabled",
	"ignore_restrictions",
	"ch_category",
	"ch_department",
	"ch_country",
	"ch_calendar",
	"ch_ticket_type",
	"ch_purpose",
	"ch_process",
	"ch_governed",
	"ch_governed_from",
	"ch_stage",
	"ch_opens_on",
	"ch_retired_on",
)
CATEGORY_FIELDS = ("category_name_ar", "standard_hours", "standard_clock", "description", "workflow_state")
POLICY_FIELDS = (*RULE_FIELDS, "workflow_state", "starts_on", "ended_on", "decision_reason")

Facts = dict[str, Any]


def team_facts(team: Document) -> Facts:
	members = sorted(row.user for row in team.get("users") or [] if row.user)
	return {**values(team, TEAM_FIELDS), "users": members}


def category_facts(category: Document) -> Facts:
	return values(category, CATEGORY_FIELDS)


def policy_facts(policy: Document) -> Facts:
	levels = [[plain(row, field) for field in LEVEL_FIELDS] for row in policy.levels]
	return {**values(policy, POLICY_FIELDS), "levels": levels}


FACTS: dict[str, Callable[[Document], Facts]] = {
	TEAM: team_facts,
	CATEGORY: category_facts,
	POLICY: policy_facts,
}


def values(document: Document, fields: tuple[str, ...]) -> Facts:
	return {field: plain(document, field) for field in fields if document.meta.has_field(field)}


def plain(document: Document, field: str) -> str:
	"""A value as text that is the same before and after it went through the database."""
	value = document.get(field)
	definition = document.meta.get_field(field)
	if value in (None, "", 0, 0.0, "0"):
		return ""
	if definition and definition.fieldtype in ("Datetime", "Date"):
		return cstr(get_datetime(value))
	if definition and definition.fieldtype in ("Float", "Percent", "Int", "Check"):
		return f"{float(value):g}"
	return cstr(value)


def facts_of(document: Document) -> Facts:
	return FACTS[document.doctype](document)


def has_begun() -> bool:
	return bool(frappe.db.exists(RECORD, {"reference_doctype": TEAM}))


def exists(doctype: str, name: str) -> bool:
	return bool(name_of(doctype, name))


def name_of(doctype: str, name: str) -> str | None:
	return frappe.db.get_value(RECORD, {"reference_doctype": doctype, "reference_name": name})


def take(document: Document) -> None:
	"""Remembers a document as it is now.

	Policy: QA-01
	"""
	record = name_of(document.doctype, document.name)
	entry = frappe.get_doc(RECORD, record) if record else frappe.new_doc(RECORD)
	entry.update(
		{
			"title": f"{_(document.doctype)}: {document.name}",
			"reference_doctype": document.doctype,
			"reference_name": document.name,
			"taken_on": now(),
			"facts": json.dumps(facts_of(document), ensure_ascii=False, sort_keys=True),
		}
	)
	entry.flags.ch_engine = True
	entry.save(ignore_permissions=True)  # whoever may change the document lets the app know it


def take_stored(doctype: str, name: str) -> None:
	take(frappe.get_doc(doctype, name))


def take_all_standards() -> None:
	"""Every category and policy, when the first group becomes governed."""
	for doctype in (CATEGORY, POLICY):
		for name in frappe.get_all(doctype, pluck="name"):
			take_stored(doctype, name)


def forget(doctype: str, name: str) -> None:
	frappe.db.delete(RECORD, {"reference_doctype": doctype, "reference_name": name})


def forget_all_standards() -> None:
	frappe.db.delete(RECORD, {"reference_doctype": ("in", (CATEGORY, POLICY))})


def renamed(doctype: str, old: str, new: str) -> None:
	if frappe.flags.in_uninstall:
		return
	record = name_of(doctype, old)
	if record:
		frappe.db.set_value(RECORD, record, {"reference_name": new, "title": f"{_(doctype)}: {new}"})


def watch() -> list[str]:
	"""Compares everything that is known with the site; returns the documents that differ, each with a finding.

	Policy: CORE-02, QA-04
	"""
	if not has_begun():
		return []
	known = frappe.get_all(RECORD, fields=["reference_doctype", "reference_name", "facts"])
	differing = [row.reference_name for row in known if not agrees(row)]
	present = {(row.reference_doctype, row.reference_name) for row in known}
	return differing + [name for doctype in (CATEGORY, POLICY) for name in unknown(doctype, present)]


def agrees(known: frappe._dict) -> bool:
	doctype, name = known.reference_doctype, known.reference_name
	facts = json.loads(known.facts or "{}")
	if not frappe.db.exists(doctype, name):
		report(doctype, name, _("{0} {1} is gone, and no request took it away.").format(_(doctype), name))
		return False
	document = frappe.get_doc(doctype, name)
	different = differences(document, facts)
	if different:
		text = _("{0} {1} was changed past the app. {2}")
		report(doctype, name, text.format(_(doctype), name, "; ".join(different)))
	return not different


def differences(document: Document, facts: Facts) -> list[str]:
	change = _("{0}: from {1} to {2}")
	return [
		change.format(label(document, field), shown(facts.get(field)), shown(value))
		for field, value in facts_of(document).items()
		# A field that the app did not have yet when the record was taken is no change.
		if field in facts and facts[field] != value
	]


def label(document: Document, field: str) -> str:
	return _(document.meta.get_label(field) or field)


def shown(value: Any) -> str:
	if isinstance(value, list):
		return ", ".join(map(shown, value)) or "–"
	return cstr(value) or "–"


def unknown(doctype: str, present: set[tuple[str, str]]) -> list[str]:
	names = [name for name in frappe.get_all(doctype, pluck="name") if (doctype, name) not in present]
	for name in names:
		report(doctype, name, _("{0} {1} is new, and no request made it.").format(_(doctype), name))
	return names


def report(doctype: str, name: str, details: str) -> None:
	remedy = _(
		"Find out who did it and why. Put it back, or make a Group Request for it and save the document."
	)
	findings.report(PAST_THE_APP, f"{doctype}:{name}", doctype, name, details, remedy)


def take_again(document: Document) -> None:
	"""Remembers a governed group after a change that was permitted."""
	# When the app leaves, its tables go before its last changes to the host's records.
	if not frappe.flags.in_uninstall and exists(document.doctype, document.name):
		take(document)


def watch_before(document: Document) -> None:
	if not document.is_new() and not frappe.flags.in_uninstall:
		watch_one(document.doctype, document.name)


def watch_one(doctype: str, name: str) -> None:
	"""Looks at one document before a permitted change would hide what was done to it past the app."""
	found = frappe.db.get_value(
		RECORD,
		{"reference_doctype": doctype, "reference_name": name},
		["reference_doctype", "reference_name", "facts"],
		as_dict=True,
	)
	if found:
		agrees(found)
