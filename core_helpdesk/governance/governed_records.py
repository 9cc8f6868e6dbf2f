"""What the app knows of governed groups, categories and policies, and what the site holds that it does not know.

A record is taken when something is changed by those who may; the daily watch reports whatever differs from it.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import cstr, flt, get_datetime, now

from core_helpdesk.escalations import findings
from core_helpdesk.governance import rule_facts
from core_helpdesk.governance.policies import LEVEL_FIELDS, RULE_FIELDS

if TYPE_CHECKING:
	from collections.abc import Callable
	from datetime import datetime

	from frappe.model.document import Document

RECORD = "Governed Record"
TEAM, CATEGORY, POLICY = "HD Team", "Group Category", "Escalation Policy"
PAST_THE_APP = "Changed Past the App"
TEAM_FIELDS = (
	"docstatus",
	"team_name",
	"disabled",
	"ignore_restrictions",
	"ch_category",
	"ch_department",
	"ch_country",
	"ch_calendar",
	"ch_tracing",
	"ch_ticket_type",
	"ch_purpose",
	"ch_process",
	"ch_governed",
	"ch_governed_from",
	"ch_stage",
	"ch_opens_on",
	"ch_retired_on",
)
CATEGORY_FIELDS = (
	"docstatus",
	"category_name_ar",
	"standard_hours",
	"standard_clock",
	"description",
	"workflow_state",
)
POLICY_FIELDS = ("docstatus", *RULE_FIELDS, "workflow_state", "starts_on", "ended_on", "decision_reason")
STORED_DECIMALS = 9
AWAY = ("in_install", "in_uninstall", "in_migrate")
DISCUSSION_FIELDS = ("department", "country", "head", "discussed_on", "answer")

Facts = dict[str, Any]


def team_facts(team: Document) -> Facts:
	members = sorted(row.user for row in team.get("users") or [] if row.user)
	return {**values(team, TEAM_FIELDS), "users": members, **rule_facts.of_group(team)}


def category_facts(category: Document) -> Facts:
	return values(category, CATEGORY_FIELDS)


def policy_facts(policy: Document) -> Facts:
	return {
		**values(policy, POLICY_FIELDS),
		"levels": [level_facts(row) for row in policy.levels],
		"discussion": [[plain(row, field) for field in DISCUSSION_FIELDS] for row in policy.discussion],
	}


def level_facts(row: Document) -> list[str]:
	"""The days stand last, and only where there are any: a record from before levels had them stays the same."""
	facts = [plain(row, field) for field in LEVEL_FIELDS]
	return facts if facts[-1] else facts[:-1]


FACTS: dict[str, Callable[[Document], Facts]] = {
	TEAM: team_facts,
	CATEGORY: category_facts,
	POLICY: policy_facts,
}


def values(document: Document, fields: tuple[str, ...]) -> Facts:
	return {field: plain(document, field) for field in fields if is_stored(document, field)}


def is_stored(document: Document, field: str) -> bool:
	return field == "docstatus" or document.meta.has_field(field)


def plain(document: Document, field: str) -> str:
	"""A value as text that is the same before and after it went through the database."""
	value = document.get(field)
	definition = document.meta.get_field(field)
	kind = definition.fieldtype if definition else ""
	if value in (None, "", 0, 0.0, "0"):
		return ""
	if kind in ("Datetime", "Date"):
		return cstr(get_datetime(value))
	if kind in ("Float", "Percent", "Int", "Check"):
		return f"{round(flt(value), STORED_DECIMALS):.12g}"
	return cstr(value)


def facts_of(document: Document) -> Facts:
	return FACTS[document.doctype](document)


def is_away() -> bool:
	"""Whether the app's tables may not be there yet, as while another app is installed or upgraded, or no more."""
	return any(frappe.flags.get(flag) for flag in AWAY)


def has_begun() -> bool:
	return bool(frappe.db.exists(RECORD, {"reference_doctype": TEAM, "only_known": 0}))


def exists(doctype: str, name: str) -> bool:
	known = {"reference_doctype": doctype, "reference_name": name, "only_known": 0}
	return bool(frappe.db.exists(RECORD, known))


def name_of(doctype: str, name: str) -> str | None:
	return frappe.db.get_value(RECORD, {"reference_doctype": doctype, "reference_name": name})


def take(document: Document) -> None:
	"""Remembers a document as it is now; the moment tells since when it has been so.

	Policy: QA-01
	"""
	record = name_of(document.doctype, document.name)
	entry = frappe.get_doc(RECORD, record) if record else frappe.new_doc(RECORD)
	facts = json.dumps(facts_of(document), ensure_ascii=False, sort_keys=True)
	if record and entry.facts == facts and not entry.only_known:
		return
	entry.update(
		{
			"title": document.name,
			"reference_doctype": document.doctype,
			"reference_name": document.name,
			"only_known": 0,
			"taken_on": now(),
			"facts": facts,
		}
	)
	entry.flags.ch_engine = True
	entry.save(ignore_permissions=True)  # whoever may change the document lets the app know it


def take_stored(doctype: str, name: str) -> None:
	take(frappe.get_doc(doctype, name))


def forget(doctype: str, name: str) -> None:
	frappe.db.delete(RECORD, {"reference_doctype": doctype, "reference_name": name})


def renamed(doctype: str, old: str, new: str) -> None:
	if is_away():
		return
	record = name_of(doctype, old)
	if record:
		frappe.db.set_value(RECORD, record, {"reference_name": new, "title": new})


def watch() -> list[str]:
	"""Compares everything that is known with the site; returns the documents that differ, each with a finding.

	Policy: CORE-02, QA-04
	"""
	if not has_begun():
		return []
	known = frappe.get_all(RECORD, fields=["reference_doctype", "reference_name", "facts"])
	differing = [row.reference_name for row in known if not agrees(row)]
	present = {(row.reference_doctype, row.reference_name) for row in known}
	return differing + [name for doctype in FACTS for name in unknown(doctype, present)]


def agrees(known: frappe._dict) -> bool:
	doctype, name = known.reference_doctype, known.reference_name
	facts = json.loads(known.facts or "{}")
	if not frappe.db.exists(doctype, name):
		report(
			doctype, name, _("{0} {1} is gone, and no request took it away.").format(called(doctype), name)
		)
		return False
	different = differences(frappe.get_doc(doctype, name), facts) if facts else []
	if different:
		text = _("{0} {1} was changed past the app. {2}")
		report(doctype, name, text.format(called(doctype), name, "; ".join(different)))
	return not different


def differences(document: Document, facts: Facts) -> list[str]:
	change = _("{0}: from {1} to {2}")
	return [
		change.format(label(document, field), shown(facts.get(field)), shown(value))
		for field, value in facts_of(document).items()
		# A field that the app did not have yet when the record was taken is no change.
		if field in facts and facts[field] != value
	]


def called(doctype: str) -> str:
	return _("Group", context="Core Helpdesk") if doctype == TEAM else _(doctype)


def label(document: Document, field: str) -> str:
	own = rule_facts.label(field) if document.doctype == TEAM else ""
	return own or _(document.meta.get_label(field) or field, context=document.doctype)


def shown(value: Any) -> str:
	if isinstance(value, list):
		return ", ".join(map(shown, value)) or "–"
	return cstr(value) or "–"


def unknown(doctype: str, present: set[tuple[str, str]]) -> list[str]:
	names = [name for name in frappe.get_all(doctype, pluck="name") if (doctype, name) not in present]
	for name in names:
		report(doctype, name, _("{0} {1} is new, and no request made it.").format(called(doctype), name))
	return names


def report(doctype: str, name: str, details: str) -> None:
	remedy = _("Find out who did it and why. Put it back, or close this finding to keep it as it is now.")
	findings.report(PAST_THE_APP, f"{doctype}:{name}", doctype, name, details, remedy)


def is_put_back(doctype: str, name: str, since: datetime) -> bool:
	"""Whether a document is again what the app knew before `since`, when a difference was found."""
	known = frappe.db.get_value(
		RECORD, {"reference_doctype": doctype, "reference_name": name}, ["facts", "taken_on"], as_dict=True
	)
	if not known or not frappe.db.exists(doctype, name):
		return not known and (not has_begun() or not frappe.db.exists(doctype, name))
	facts = json.loads(known.facts or "{}")
	# A record taken later holds what was found, as far as that was kept.
	is_older = get_datetime(known.taken_on) <= get_datetime(since)
	return is_older and not (facts and differences(frappe.get_doc(doctype, name), facts))


def take_again(document: Document) -> None:
	"""Remembers a governed group after a change that was permitted."""
	if not is_away() and exists(document.doctype, document.name):
		take(document)


def watch_one(doctype: str, name: str) -> None:
	"""Compares one document that is known with the site."""
	found = frappe.db.get_value(
		RECORD,
		{"reference_doctype": doctype, "reference_name": name},
		["reference_doctype", "reference_name", "facts"],
		as_dict=True,
	)
	if found:
		agrees(found)
