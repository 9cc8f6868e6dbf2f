"""Lookups that the framework answers past every permission: how many there are, in which states, whether a name is one,
and what stands in the settings.

For our own documents and for those of the host that speak of hidden groups they are answered as a list is; all others
are the framework's.
"""

from collections import Counter
from typing import Any

import frappe
from frappe import _
from frappe.utils import get_safe_filters

GUARDED = ("Assignment Rule", "Assignment Rule User", "HD Team", "HD Team Member")
MODULE = "Core Helpdesk"
SETTINGS = "Core Helpdesk Settings"


@frappe.whitelist()
def get_count(doctype: str, filters: Any = None, debug: Any = False, cache: Any = False) -> int:
	"""Counts what the user may see.

	Policy: TSM-12, CORE-13
	"""
	if not is_guarded(doctype):
		return frappe.get_attr("frappe.client.get_count")(doctype, filters, debug, cache)
	names = frappe.get_list(
		doctype, filters=get_safe_filters(filters), parent_doctype=parent_of(doctype), pluck="name", limit=0
	)
	# A filter on rows of a document's table finds the document once for each of them.
	return len(set(names))


@frappe.whitelist()
def get_workflow_state_count(
	doctype: str, workflow_state_field: str, states: str | list
) -> list[dict[str, Any]] | None:
	"""How many documents are in which other state, among those that the user may see.

	The framework takes any column for the state, and counts past permissions: here it does so for no doctype, since what
	people are told of our documents stands in notices and other records of its own.
	Policy: TSM-12, CORE-13
	"""
	frappe.has_permission(doctype, "read", throw=True)
	if workflow_state_field not in frappe.get_meta(doctype).get_valid_columns():
		return None
	others = {workflow_state_field: ("not in", frappe.parse_json(states) or [""])}
	# Counted here: how a query says it differs between releases of the framework.
	found = Counter(frappe.get_list(doctype, filters=others, pluck=workflow_state_field, limit=0))
	return [{workflow_state_field: state, "count": times} for state, times in found.items() if state]


@frappe.whitelist()
def validate_link(doctype: str, docname: str, **more: Any) -> dict[str, Any]:
	return confirmed("frappe.client.validate_link", doctype, docname, more)


@frappe.whitelist()
def validate_link_and_fetch(doctype: str, docname: str, **more: Any) -> dict[str, Any]:
	"""The same under its name in later releases of the framework."""
	return confirmed("frappe.client.validate_link_and_fetch", doctype, docname, more)


@frappe.whitelist()
def get_single_value(doctype: str, field: str) -> Any:
	"""The framework answers with fields, too, that are above the reader's level.

	Policy: TSM-12
	"""
	if not is_settings(doctype):
		return frappe.get_attr("frappe.client.get_single_value")(doctype, field)
	return readable_settings().get(field)


@frappe.whitelist()
def get_value(
	doctype: str,
	fieldname: str | list,
	filters: Any = None,
	as_dict: Any = True,
	debug: Any = False,
	parent: str | None = None,
) -> Any:
	"""The same for several fields."""
	if not is_settings(doctype):
		lookup = frappe.get_attr("frappe.client.get_value")
		return lookup(doctype, fieldname, filters, as_dict=as_dict, debug=debug, parent=parent)
	values, wanted = readable_settings(), get_safe_filters(fieldname)
	fields = wanted if isinstance(wanted, list) else [wanted]
	# There is one document, whatever it is looked for by.
	return (
		{field: values.get(field) for field in fields} if as_dict else [values.get(field) for field in fields]
	)


@frappe.whitelist()
def get_list_data(doctype: str, view: str | dict | None = None, **more: Any) -> dict[str, Any]:
	"""The host's lists say each group by a field of the document of that name, whatever document that is.

	Raises: PermissionError unless it is the one that the field links to, and no guarded one.
	Policy: CORE-13, TSM-12
	"""
	shown = frappe.parse_json(view) or {}
	if shown.get("view_type") == "group_by" and shown.get("group_by_field"):
		field, labelled = frappe.get_meta(doctype).get_field(shown["group_by_field"]), shown.get("label_doc")
		is_linked = bool(field and field.fieldtype == "Link" and field.options == labelled)
		if not is_linked or is_guarded(labelled) or not frappe.has_permission(labelled, "read"):
			message = _("The groups of this list cannot be named by {0}.")
			frappe.throw(
				message.format(_(labelled or doctype)), frappe.PermissionError, title=_("Not Permitted")
			)
	return frappe.call(frappe.get_attr("helpdesk.api.doc.get_list_data"), doctype=doctype, view=shown, **more)


def is_settings(doctype: str) -> bool:
	# The database knows the name also in other letters.
	return doctype.strip().casefold() == SETTINGS.casefold()


def readable_settings() -> dict[str, Any]:
	"""The settings as far as the user may read them."""
	settings = frappe.get_doc(SETTINGS)
	settings.check_permission("read")
	settings.apply_fieldlevel_read_permissions()
	return settings.as_dict()


def confirmed(lookup: str, doctype: str, docname: str, more: dict[str, Any]) -> dict[str, Any]:
	"""The framework's answer, empty for a document that the user may not see, as for one that is not there."""
	if is_guarded(doctype) and not may_see(doctype, docname):
		return {}
	return frappe.call(frappe.get_attr(lookup), doctype=doctype, docname=docname, **more)


def conditions(filters: Any) -> list:
	"""A caller's filters as the conditions of a list.

	Raises: ValidationError for texts among them, which the framework would take for columns, unchecked.
	"""
	given = (frappe.parse_json(filters) if filters else None) or []
	found = [{field: value} for field, value in given.items()] if isinstance(given, dict) else list(given)
	if any(not isinstance(each, list | tuple | dict) for each in found):
		frappe.throw(_("A filter names a field, a comparison and a value."), title=_("Not Permitted"))
	return found


def is_guarded(doctype: str) -> bool:
	return doctype in GUARDED or frappe.db.get_value("DocType", doctype, "module", cache=True) == MODULE


def may_see(doctype: str, name: str) -> bool:
	# An answer without the document is the framework's to word.
	if frappe.get_meta(doctype).issingle or not frappe.db.exists(doctype, name):
		return True
	document = frappe.get_doc(doctype, name)
	return any(frappe.has_permission(doctype, right, doc=document) for right in ("select", "read"))


def parent_of(doctype: str) -> str | None:
	"""The document that has this table, if it is one."""
	if not frappe.get_meta(doctype).istable:
		return None
	tables = {"fieldtype": ("in", frappe.model.table_fields), "options": doctype}
	return frappe.db.get_value("DocField", tables, "parent")
