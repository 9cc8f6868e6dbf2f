"""Reports as the Desk and other programs run them: over REST, by the framework's own route, as each reader."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import frappe
from frappe.desk import query_report

from tests.site import web
from tests.site.factories import as_user

RUN = f"{web.METHOD}/frappe.desk.query_report.run"
PARITY, CONFLICTS, ACCESS, REQUESTS = "Parity Audit", "Group Conflicts", "Access Audit", "Group Requests"
ALL = (PARITY, CONFLICTS, ACCESS, REQUESTS)

Row = dict[str, Any]


def run(user: str, report: str, /, **filters: object) -> dict[str, Any]:
	"""What the Desk gets."""
	return web.get(user, RUN, report_name=report, filters=filters)


def rows(user: str, report: str, /, **filters: object) -> list[Row]:
	return run(user, report, **filters)["result"]


def cells(found: list[Row], *columns: str) -> list[tuple]:
	"""These columns of the rows."""
	return [tuple(row[column] for column in columns) for row in found]


def text_of(user: str, report: str, /, **filters: object) -> str:
	"""Everything of an answer as one text: what is not in it was not told."""
	return json.dumps(run(user, report, **filters), ensure_ascii=False)


def export(user: str, report: str, file_format: str = "CSV", /, **filters: object) -> bytes:
	"""The file that the Desk's menu exports."""
	form, response = frappe.local.form_dict, frappe.local.response
	with as_user(user):
		frappe.local.form_dict = frappe._dict(
			report_name=report,
			filters=json.dumps(filters),
			file_format_type=file_format,
			visible_idx="[]",
			cmd="frappe.desk.query_report.export_query",
		)
		frappe.local.response = frappe._dict(docs=[])
		try:
			query_report.export_query()
			return frappe.local.response["filecontent"]
		finally:
			frappe.local.form_dict, frappe.local.response = form, response


def exported_rows(user: str, report: str, /, **filters: object) -> list[list[str]]:
	return list(csv.reader(io.StringIO(export(user, report, **filters).decode("utf-8"))))
