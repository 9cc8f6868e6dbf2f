"""A file that is imported as a person does it: one row, through the framework's own reader of such files."""

from __future__ import annotations

import csv
import os
import tempfile
from typing import Any

import frappe
from frappe.core.doctype.data_import.importer import Importer

from tests.site.factories import as_user

INSERT, UPDATE = "Insert New Records", "Update Existing Records"


def import_row(user: str, doctype: str, kind: str, values: dict[str, Any]) -> None:
	"""Raises: whatever the import of this row meets."""
	with tempfile.NamedTemporaryFile("w", suffix=".csv", delete=False, newline="") as file:
		csv.writer(file).writerows((list(values), list(values.values())))
	importing = frappe.flags.in_import
	try:
		# Releases differ in whether a path may lie outside the site's own files; a console's always may.
		importer = Importer(doctype, file_path=file.name, import_type=kind, console=True)
		rows = importer.import_file.get_payloads_for_import()
		assert len(rows) == 1, importer.import_file.warnings
		frappe.flags.in_import = True
		with as_user(user):
			importer.process_doc(rows[0].doc)
	finally:
		frappe.flags.in_import = importing
		os.unlink(file.name)
