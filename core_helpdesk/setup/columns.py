"""The explicit end of an uninstall: columns of the host's tables that our custom fields leave behind."""

import click
import frappe

from core_helpdesk.setup import custom_fields


def clean(site: str, *, ask: bool) -> list[str]:
	"""Drops what is left on a site without the app; returns the columns dropped.

	Raises: click.ClickException while the app is installed.
	"""
	if "core_helpdesk" in frappe.get_installed_apps():
		raise click.ClickException(f"Core Helpdesk is installed on {site}: uninstall it first.")
	dropped = []
	for doctype in custom_fields.FIELDS:
		left = leftovers(doctype)
		if left and (not ask or click.confirm(f"Drop {', '.join(left)} of {doctype} on {site}?")):
			drop(doctype, left)
			dropped += left
	click.echo(f"{site}: {', '.join(dropped) or 'nothing to drop'}")
	return dropped


def leftovers(doctype: str) -> list[str]:
	"""Columns of ours on the host's table; one that a field of somebody else uses by now is not ours any more."""
	if not frappe.db.table_exists(doctype):
		return []
	present = frappe.db.get_table_columns(doctype)
	mine = [column for column in custom_fields.columns(doctype) if column in present]
	return [
		column
		for column in mine
		if not frappe.db.exists("Custom Field", {"dt": doctype, "fieldname": column})
	]


def drop(doctype: str, columns: list[str]) -> None:
	actions = ", ".join(f"DROP COLUMN `{column}`" for column in columns)
	# Names from the code only; commits first, as every change of a table does.
	frappe.db.sql_ddl(f"ALTER TABLE `tab{doctype}` {actions}")  # nosemgrep
	frappe.clear_cache(doctype=doctype)
