"""What a person must know or repair: one open Escalation Finding per subject, counted instead of repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe.utils import now, sanitize_html

from core_helpdesk.escalations import tables

if TYPE_CHECKING:
	from collections.abc import Iterable

DOCTYPE = "Escalation Finding"
COLUMNS = (
	"name",
	"kind",
	"state",
	"subject_key",
	"reference_doctype",
	"reference_name",
	"last_seen",
	"times",
	"details",
	"remedy",
)


def report(
	kind: str,
	key: str,
	reference_doctype: str = "",
	reference_name: str = "",
	details: str = "",
	remedy: str = "",
) -> str:
	"""Opens a finding, or counts it once more while it is open; returns its name."""
	name = _open_finding(kind, key)
	if name:
		table = frappe.qb.DocType(DOCTYPE)
		query = frappe.qb.update(table).set(table.times, table.times + 1).set(table.last_seen, now())
		query.set(table.modified, now()).set(table.details, _without_scripts(details)).where(
			table.name == name
		).run()
		return name
	return _insert(kind, key, reference_doctype, reference_name, details, remedy)


def open_once(
	kind: str, key: str, reference_doctype: str, reference_name: str, details: str, remedy: str
) -> None:
	"""Opens a finding unless it is open; a handler must not wait for others to count theirs."""
	if not _open_finding(kind, key):
		_insert(kind, key, reference_doctype, reference_name, details, remedy)


def _insert(kind: str, key: str, *rest: str) -> str:
	name = tables.new_names(1)[0]
	doctype, document, details, remedy = rest
	details = _without_scripts(details)
	row = (name, kind, "Open", key[:190], doctype or None, document or None, now(), 1, details, remedy)
	tables.insert(DOCTYPE, COLUMNS, [row])
	return name


def _without_scripts(details: str) -> str:
	# Details may quote what came by mail, and a finding is written past the framework's cleaning.
	return sanitize_html(details, always_sanitize=True) if "<" in details else details


def close(kind: str, key: str) -> None:
	"""Closes the open finding of this subject, if there is one."""
	name = _open_finding(kind, key)
	if name:
		end(name)


def end(name: str) -> None:
	"""Closes this finding, through no person."""
	frappe.db.set_value(DOCTYPE, name, {"state": "Closed", "closed_on": now()})


def is_open(kind: str, key: str) -> bool:
	return bool(_open_finding(kind, key))


def was_put_aside(kind: str, key: str) -> bool:
	"""Whether a person has ever closed a finding of this subject: it is accepted."""
	by_hand = {"state": "Closed", "closed_by": ("is", "set")}
	return bool(frappe.db.exists(DOCTYPE, {"kind": kind, "subject_key": key[:190], **by_hand}))


def is_known(kind: str, key: str) -> bool:
	"""Whether a finding of this subject is open, or a person has put one aside."""
	return is_open(kind, key) or was_put_aside(kind, key)


def open_of(kinds: Iterable[str], **about: object) -> list[frappe._dict]:
	"""The open findings of these kinds, all of them or those about a document."""
	fields = ["name", "kind", "subject_key", "reference_doctype", "reference_name", "creation"]
	wanted = {"kind": ("in", list(kinds)), "state": "Open", **about}
	return frappe.get_all(DOCTYPE, wanted, fields, order_by="name")


def _open_finding(kind: str, key: str) -> str | None:
	return frappe.db.get_value(DOCTYPE, {"kind": kind, "subject_key": key[:190], "state": "Open"}, "name")
