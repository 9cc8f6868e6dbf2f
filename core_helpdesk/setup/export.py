"""Writes all records of the app to one private file: a line of JSON per record, a file per document type."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import frappe
from frappe.utils import now_datetime

from core_helpdesk.setup.requirements import MODULE

BATCH = 5000


def export_records() -> str:
	"""Returns: the path of the file, inside the site's private files."""
	folder = Path(frappe.get_site_path("private", "files"))
	path = folder / f"core-helpdesk-{now_datetime():%Y%m%d-%H%M%S}.zip"
	counts = {}
	with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
		for doctype in document_types():
			counts[doctype] = write_lines(archive, doctype)
		manifest = {"exported_at": str(now_datetime()), "site": frappe.local.site, "records": counts}
		archive.writestr("manifest.json", json.dumps(manifest, indent=1, ensure_ascii=False))
	return str(path)


def document_types() -> list[str]:
	return frappe.get_all("DocType", filters={"module": MODULE}, pluck="name", order_by="name")


def write_lines(archive: zipfile.ZipFile, doctype: str) -> int:
	written = 0
	with archive.open(f"{frappe.scrub(doctype)}.jsonl", "w") as lines:
		for row in rows(doctype):
			lines.write(json.dumps(row, default=str, ensure_ascii=False).encode() + b"\n")
			written += 1
	return written


def rows(doctype: str) -> Iterator[dict]:
	"""Every row in the order of names, a batch at a time: a site may have millions."""
	if frappe.get_meta(doctype).issingle:
		yield dict(frappe.db.get_singles_dict(doctype))
		return
	table = frappe.qb.DocType(doctype)
	after = ""
	while True:
		query = frappe.qb.from_(table).select("*").where(table.name > after).orderby(table.name).limit(BATCH)
		batch = query.run(as_dict=True)
		yield from batch
		if len(batch) < BATCH:
			return
		after = batch[-1].name
