"""Writes all records of the app to one private file: a line of JSON per record, a file per document type.

With them goes what the framework keeps about them in tables of its own: mails, comments, versions, assignments.
"""

import json
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import frappe
from frappe.utils import now_datetime
from pypika.terms import Criterion

from core_helpdesk.setup.host_records import ROWS, TRACES
from core_helpdesk.setup.requirements import MODULE

BATCH = 5000


def export_records() -> str:
	"""Returns: the path of the file, inside the site's private files."""
	folder = Path(frappe.get_site_path("private", "files"))
	path = folder / f"core-helpdesk-{now_datetime():%Y%m%d-%H%M%S}.zip"
	doctypes = document_types()
	with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
		counts = {doctype: write_lines(archive, file_of(doctype), rows(doctype)) for doctype in doctypes}
		traces = {
			doctype: write_lines(archive, f"traces/{file_of(doctype)}", found)
			for doctype, found in traces_of(doctypes)
		}
		manifest = {
			"exported_at": str(now_datetime()),
			"site": frappe.local.site,
			"records": counts,
			"traces": traces,
		}
		archive.writestr("manifest.json", json.dumps(manifest, indent=1, ensure_ascii=False))
	return str(path)


def document_types() -> list[str]:
	return frappe.get_all("DocType", filters={"module": MODULE}, pluck="name", order_by="name")


def file_of(doctype: str) -> str:
	return f"{frappe.scrub(doctype)}.jsonl"


def write_lines(archive: zipfile.ZipFile, name: str, records: Iterable[dict]) -> int:
	written = 0
	with archive.open(name, "w") as lines:
		for row in records:
			lines.write(json.dumps(row, default=str, ensure_ascii=False).encode() + b"\n")
			written += 1
	return written


def traces_of(doctypes: list[str]) -> Iterator[tuple[str, Iterator[dict]]]:
	"""What an uninstall removes from the framework's tables because it names documents of ours."""
	for trace in dict.fromkeys((*TRACES, *ROWS.values())):
		yield trace, rows(trace, naming(trace, doctypes))


def naming(trace: str, doctypes: list[str]) -> Criterion:
	"""True for records that name a document of ours, and for rows that stand in one that does."""
	table = frappe.qb.DocType(trace)
	ways = [table[TRACES[trace]].isin(doctypes)] if trace in TRACES else []
	for record in (record for record, row in ROWS.items() if row == trace):
		holder = frappe.qb.DocType(record)
		names = frappe.qb.from_(holder).select(holder.name).where(naming(record, doctypes))
		ways.append((table.parenttype == record) & table.parent.isin(names))
	return Criterion.any(ways)


def rows(doctype: str, chosen: Criterion | None = None) -> Iterator[dict]:
	"""Every row, or those chosen, in the order of names, a batch at a time: a site may have millions."""
	if frappe.get_meta(doctype).issingle:
		yield dict(frappe.db.get_singles_dict(doctype))
		return
	table = frappe.qb.DocType(doctype)
	after = ""
	while True:
		query = frappe.qb.from_(table).select("*").where(table.name > after).orderby(table.name).limit(BATCH)
		batch = (query.where(chosen) if chosen else query).run(as_dict=True)
		yield from batch
		if len(batch) < BATCH:
			return
		after = batch[-1].name
