"""The fields that the app adds to the host's doctypes; nothing on HD Ticket has a column.

Created once: what an admin changes later (labels, places, visibility) stays.
"""

import frappe
from frappe.custom.doctype.custom_field.custom_field import create_custom_fields

MODULE = "Core Helpdesk"
SCHEMA_KEYS = ("fieldtype", "options", "module", "read_only")
FIELDS = {
	"HD Team": [
		{
			"fieldname": "ch_section",
			"fieldtype": "Section Break",
			"label": "Core Helpdesk",
			"insert_after": "ignore_restrictions",
		},
		{
			"fieldname": "ch_category",
			"fieldtype": "Link",
			"options": "Group Category",
			"label": "Group Category",
			"insert_after": "ch_section",
		},
		{
			"fieldname": "ch_department",
			"fieldtype": "Link",
			"options": "Core Department",
			"label": "Department",
			"insert_after": "ch_category",
		},
		{
			"fieldname": "ch_country",
			"fieldtype": "Link",
			"options": "Country",
			"label": "Country",
			"insert_after": "ch_department",
		},
		{
			"fieldname": "ch_calendar",
			"fieldtype": "Link",
			"options": "Working Calendar",
			"label": "Working Calendar",
			"description": "Empty: the calendar of the group's country.",
			"insert_after": "ch_country",
		},
		{"fieldname": "ch_column", "fieldtype": "Column Break", "insert_after": "ch_calendar"},
		{
			"fieldname": "ch_purpose",
			"fieldtype": "Small Text",
			"label": "Purpose",
			"insert_after": "ch_column",
		},
		{
			"fieldname": "ch_governed_from",
			"fieldtype": "Datetime",
			"label": "Tickets Count From",
			"description": "Tickets that came to this group earlier have no clock. Empty: the start in Core Helpdesk Settings.",
			"no_copy": 1,
			"insert_after": "ch_purpose",
		},
		{
			"fieldname": "ch_hidden",
			"fieldtype": "Check",
			"label": "Hidden Group",
			"description": "Only escalated tickets come here; nobody can assign a ticket to it (TSM-12).",
			"read_only": 1,
			"no_copy": 1,
			"insert_after": "ch_governed_from",
		},
		{
			"fieldname": "ch_ticket_type",
			"fieldtype": "Link",
			"options": "HD Ticket Type",
			"label": "Ticket Category",
			"description": "Empty: the group takes every ticket category.",
			"insert_after": "ch_category",
		},
		{
			"fieldname": "ch_process",
			"fieldtype": "Small Text",
			"label": "Escalation Process",
			"insert_after": "ch_purpose",
		},
		{
			"fieldname": "ch_tracing",
			"fieldtype": "Check",
			"label": "Tracing Group",
			"description": "Its tickets are traced: each has a Tracing Case (TRC-02).",
			"no_copy": 1,
			"in_standard_filter": 1,
			"insert_after": "ch_calendar",
		},
		{
			"fieldname": "ch_governed",
			"fieldtype": "Check",
			"label": "Governed",
			"description": "The group changes by a request alone (CORE-02).",
			"read_only": 1,
			"no_copy": 1,
			"in_standard_filter": 1,
			"insert_after": "ch_hidden",
		},
		{
			"fieldname": "ch_stage",
			"fieldtype": "Select",
			"options": "\nNot Open Yet\nRetired",
			"label": "Stage",
			"description": "A group before its start and one that is retired take no tickets.",
			"read_only": 1,
			"no_copy": 1,
			"insert_after": "ch_governed",
		},
		{
			"fieldname": "ch_opens_on",
			"fieldtype": "Datetime",
			"label": "Opens on",
			"read_only": 1,
			"no_copy": 1,
			"insert_after": "ch_stage",
		},
		{
			"fieldname": "ch_retired_on",
			"fieldtype": "Date",
			"label": "Retired on",
			"read_only": 1,
			"no_copy": 1,
			"insert_after": "ch_opens_on",
		},
	],
	"HD Ticket": [
		{
			"fieldname": "ch_section",
			"fieldtype": "Section Break",
			"label": "Escalation",
			# The end of a section: from 16 on a section break in the middle of one goes behind its last field.
			"insert_after": "summary",
		},
		{
			"fieldname": "ch_timeline",
			"fieldtype": "HTML",
			"label": "Escalation Timeline",
			"insert_after": "ch_section",
		},
	],
}
WITHOUT_COLUMN = ("Section Break", "Column Break", "HTML")


def seed() -> None:
	for doctype, fields in FIELDS.items():
		missing = [
			field
			for field in fields
			if not frappe.db.exists("Custom Field", f"{doctype}-{field['fieldname']}")
		]
		if missing:
			described = [{**field, "module": MODULE, "translatable": 0} for field in missing]
			create_custom_fields({doctype: described}, ignore_validate=True)
		for field in fields:
			keep_schema(doctype, {**field, "module": MODULE})


def keep_schema(doctype: str, field: dict[str, str]) -> None:
	"""Puts back what the code relies on, and only if it differs: writing a custom field alters the host's table."""
	name = f"{doctype}-{field['fieldname']}"
	stored = frappe.db.get_value("Custom Field", name, SCHEMA_KEYS, as_dict=True)
	wanted = {key: field.get(key) for key in SCHEMA_KEYS}
	if any((stored[key] or None) != wanted[key] for key in SCHEMA_KEYS):
		document = frappe.get_doc("Custom Field", name)
		document.update(wanted)
		document.flags.ignore_validate = True
		document.save(ignore_permissions=True)  # setup runs as whoever installs or migrates


def has_leftovers() -> bool:
	"""Whether an earlier install left its columns, with their values, on the host's groups."""
	return any(frappe.db.has_column("HD Team", column) for column in columns("HD Team"))


def forget_leftovers() -> None:
	"""Empties what an earlier install left and this one must not go by: its links and the start of its clocks."""
	for field in FIELDS["HD Team"]:
		if field["fieldtype"] == "Link" and field["options"] != "Country":
			empty("HD Team", field["fieldname"])
	for column in ("ch_governed_from", "ch_stage", "ch_opens_on", "ch_retired_on"):
		empty("HD Team", column)
	team = frappe.qb.DocType("HD Team")
	frappe.qb.update(team).set(team.ch_governed, 0).set(team.ch_tracing, 0).run()


def empty(doctype: str, column: str) -> None:
	table = frappe.qb.DocType(doctype)
	frappe.qb.update(table).set(table[column], None).where(table[column].isnotnull()).run()


def columns(doctype: str) -> list[str]:
	"""The columns that these fields leave on the host's table."""
	return [field["fieldname"] for field in FIELDS[doctype] if field["fieldtype"] not in WITHOUT_COLUMN]
