"""What setup made on this site, so that uninstall takes away that much and nothing else.

Kept as JSON in Core Helpdesk Settings; before the settings exist, in a default value of the site.
"""

import json

import frappe

SETTINGS = "Core Helpdesk Settings"
EARLY = "core_helpdesk_made_early"


def made(doctype: str) -> dict[str, str]:
	"""Names of a doctype that setup made, each with the digest of the content last shipped (often empty)."""
	return recorded().get(doctype, {})


def recorded() -> dict[str, dict[str, str]]:
	return json.loads(frappe.db.get_single_value(SETTINGS, "installed_records") or "{}")


def to_change() -> dict[str, dict[str, str]]:
	"""What is recorded, as committed by now: whoever changes it too waits until this transaction ends."""
	stored = frappe.db.get_singles_dict(SETTINGS, for_update=True)
	return json.loads(stored.get("installed_records") or "{}")


def remember(doctype: str, name: str, digest: str = "") -> None:
	records = to_change()
	records.setdefault(doctype, {})[name] = digest
	write(records)


def forget(doctype: str, name: str) -> None:
	records = to_change()
	records.get(doctype, {}).pop(name, None)
	write(records)


def write(records: dict[str, dict[str, str]]) -> None:
	text = json.dumps(records, sort_keys=True, ensure_ascii=False)
	frappe.db.set_single_value(SETTINGS, "installed_records", text, update_modified=False)


def remember_early(doctype: str, names: list[str]) -> None:
	"""Before our doctypes exist: a retried install keeps what the first attempt noted."""
	records = early()
	records.setdefault(doctype, {}).update(dict.fromkeys(names, ""))
	frappe.db.set_default(EARLY, json.dumps(records))


def early() -> dict[str, dict[str, str]]:
	# Past the framework's cache of defaults, which an install does not clear.
	return json.loads(frappe.db.get_value("DefaultValue", {"defkey": EARLY}, "defvalue") or "{}")


def adopt_early() -> None:
	"""Moves what was noted before the install into the settings."""
	for doctype, names in early().items():
		for name in names:
			remember(doctype, name)
	frappe.defaults.clear_default(key=EARLY, parent="__default")
