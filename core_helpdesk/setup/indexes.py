"""Keys over several columns. The framework's own helper looks for a unique key of this name in every database of the
server, and so leaves a second site on one server without its key; here the site's own table is asked.
"""

import frappe


def keep_index(doctype: str, fields: list[str], name: str) -> None:
	keep(doctype, f"ADD INDEX `{name}`", fields, name)


def keep_unique(doctype: str, fields: list[str], name: str) -> None:
	keep(doctype, f"ADD UNIQUE `{name}`", fields, name)


def keep(doctype: str, action: str, fields: list[str], name: str) -> None:
	if not frappe.db.has_index(f"tab{doctype}", name):
		columns = ", ".join(f"`{field}`" for field in fields)
		# Names from the code only; commits first, as every change of a table does.
		frappe.db.sql_ddl(f"ALTER TABLE `tab{doctype}` {action} ({columns})")  # nosemgrep
