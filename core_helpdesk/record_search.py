"""Link search for everything that has row conditions.

The framework's own leaves these out at a caller's word (ignore_user_permissions).
"""

from typing import Any

import frappe
from frappe.model.meta import Meta

from core_helpdesk import record_lookup


@frappe.whitelist()
@frappe.validate_and_sanitize_search_inputs
def records(
	doctype: str,
	txt: str,
	searchfield: str,
	start: int,
	page_len: int,
	filters: dict | list | str | None = None,
	as_dict: bool = False,
	**kwargs: Any,
) -> list:
	"""What a list shows to the user, narrowed down to the text: names, or rows with what says more about them.

	Policy: CORE-11, CORE-13, TSM-12
	"""
	# The framework makes a page of an error in here.
	if not any(frappe.has_permission(doctype, right) for right in ("select", "read")):
		return []
	meta = frappe.get_meta(doctype)
	found = frappe.get_list(
		doctype,
		filters=[*conditions(doctype, filters), *only_enabled(meta)],
		or_filters=[[doctype, field, "like", f"%{txt}%"] for field in described_by(meta) if txt],
		fields=shown(meta, searchfield),
		order_by=f"`tab{doctype}`.creation desc",
		limit_start=start,
		limit_page_length=page_len,
		as_list=not as_dict,
	)
	return sorted(found, key=lambda row: not begins(row, txt))


def conditions(doctype: str, filters: dict | list | str | None) -> list:
	given = frappe.parse_json(filters) or []
	if isinstance(given, dict):
		return [
			[doctype, field, *(value if isinstance(value, list | tuple) else ("=", value))]
			for field, value in given.items()
		]
	return record_lookup.conditions(given)


def only_enabled(meta: Meta) -> list:
	marks = (("enabled", "=", 1), ("disabled", "!=", 1))
	checks = {field.fieldname for field in meta.fields if field.fieldtype == "Check"}
	return [[meta.name, *mark] for mark in marks if mark[0] in checks]


def described_by(meta: Meta) -> list[str]:
	"""The name, and the fields that say what it is."""
	fields = ("name", meta.title_field, *(meta.search_fields or "").split(","))
	return list(dict.fromkeys(field.strip() for field in fields if field and field.strip()))


def shown(meta: Meta, searchfield: str) -> list[str]:
	fields = list(dict.fromkeys([*described_by(meta), searchfield or "name"]))
	if meta.show_title_field_in_link and meta.title_field:
		fields.insert(1, f"{meta.title_field} as label")
	return fields


def begins(row: Any, txt: str) -> bool:
	name = row["name"] if isinstance(row, dict) else row[0]
	return str(name).casefold().startswith(txt.casefold())
