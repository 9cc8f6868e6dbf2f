"""What the app knows of many documents, read and remembered in a few queries however many they are."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import frappe
from frappe.utils import now

from core_helpdesk.escalations import tables
from core_helpdesk.governance import rule_facts
from core_helpdesk.governance.governed_records import CATEGORY, POLICY, RECORD, TEAM, facts_of

if TYPE_CHECKING:
	from collections.abc import Mapping, Sequence

	from frappe.model.document import Document

COLUMNS = (
	"name",
	"title",
	"reference_doctype",
	"reference_name",
	"only_known",
	"taken_on",
	"facts",
)


def stored(doctype: str, names: Sequence[str], *, for_update: bool = False) -> list[Document]:
	"""These documents with their rows, in the order of their names; locked, if they are to be, as committed by now."""
	table = frappe.qb.DocType(doctype)
	query = frappe.qb.from_(table).select("*").where(table.name.isin(list(names) or [""])).orderby(table.name)
	found = (query.for_update() if for_update else query).run(as_dict=True)
	fields = frappe.get_meta(doctype).get_table_fields()
	rows = {field.fieldname: rows_of(field.options, doctype, field.fieldname, names) for field in fields}
	return [
		frappe.get_doc(
			{"doctype": doctype, **row, **{field: rows[field].get(row.name, []) for field in rows}}
		)
		for row in found
	]


def rows_of(table: str, doctype: str, field: str, names: Sequence[str]) -> dict[str, list[frappe._dict]]:
	wanted = {"parenttype": doctype, "parentfield": field, "parent": ("in", list(names) or [""])}
	found: dict[str, list[frappe._dict]] = {}
	for row in frappe.get_all(table, wanted, ["*"], order_by="parent, idx"):
		found.setdefault(row.parent, []).append(row)
	return found


def take(documents: Sequence[Document]) -> None:
	"""Remembers documents of one kind as they are now; of what is known as it is already, the moment stays.

	Policy: QA-01
	"""
	if not documents:
		return
	doctype = documents[0].doctype
	texts = texts_of(doctype, documents)
	known = known_texts(doctype, list(texts))
	changed = [name for name, text in texts.items() if known.get(name) != text]
	forget(doctype, changed)
	note(doctype, {name: texts[name] for name in changed})


def note(doctype: str, texts: Mapping[str, str | None]) -> None:
	"""Notes documents that have no record yet, with the facts about each; without facts it is known by its name alone."""
	moment = now()
	rows = [
		(key, name, doctype, name, int(text is None), moment, text)
		for key, (name, text) in zip(tables.new_names(len(texts)), texts.items(), strict=True)
	]
	tables.insert(RECORD, COLUMNS, rows)


def texts_of(doctype: str, documents: Sequence[Document]) -> dict[str, str]:
	"""The facts about each, by its name; what stands in other tables is read for all of them."""
	if doctype == TEAM:
		rule_facts.read_along(documents)
	try:
		return {
			document.name: json.dumps(facts_of(document), ensure_ascii=False, sort_keys=True)
			for document in documents
		}
	finally:
		rule_facts.forget(documents)


def known_texts(doctype: str, names: Sequence[str]) -> dict[str, str]:
	"""What is known of those of these documents that are governed, by name."""
	wanted = {"reference_doctype": doctype, "reference_name": ("in", list(names) or [""]), "only_known": 0}
	rows = frappe.get_all(RECORD, wanted, ["reference_name", "facts"])
	return {row.reference_name: row.facts for row in rows}


def forget(doctype: str, names: Sequence[str]) -> None:
	if names:
		frappe.db.delete(RECORD, {"reference_doctype": doctype, "reference_name": ("in", list(names))})


def take_all_standards() -> None:
	"""Every category and policy, when the first group becomes governed."""
	for doctype in (CATEGORY, POLICY):
		take(stored(doctype, frappe.get_all(doctype, pluck="name")))
