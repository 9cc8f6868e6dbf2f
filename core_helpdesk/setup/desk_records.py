"""The records of the Desk and of the agent pages that Frappe does not sync from files: blocks of the workspaces and
the form script of the ticket page. Their scripts live in public/; an admin's own edits are kept.
"""

import hashlib
from pathlib import Path

import frappe

from core_helpdesk.setup import ledger, roles

PUBLIC = Path(__file__).resolve().parents[1] / "public"
FIRST_STEPS = "Core Helpdesk First Steps"
AT_HAND = "Core Helpdesk at Hand"
TRACING_AT_HAND = "Core Helpdesk Tracing at Hand"
FORM_SCRIPT = "Core Helpdesk Escalation"
BLOCKS = {
	FIRST_STEPS: ("first_steps", (roles.QA_SPECIALIST, "System Manager")),
	AT_HAND: ("at_hand", ()),
	TRACING_AT_HAND: ("tracing_at_hand", ()),
}


def seed() -> None:
	for name, (stem, readers) in BLOCKS.items():
		keep("Custom HTML Block", name, _block(stem, readers))
	keep("HD Form Script", FORM_SCRIPT, _form_script())


def keep(doctype: str, name: str, content: dict) -> None:
	"""Makes a record, or brings it up to date where nobody has edited what was shipped last."""
	shipped = _digest(content)
	if not frappe.db.exists(doctype, name):
		# Setup runs as whoever installs or migrates.
		frappe.get_doc({"doctype": doctype, "name": name, **content}).insert(ignore_permissions=True)
	elif not _is_as_shipped(doctype, name, content):
		return
	elif ledger.made(doctype).get(name) != shipped:
		document = frappe.get_doc(doctype, name)
		document.update(_without_switch(content))
		document.save(ignore_permissions=True)  # setup runs as whoever installs or migrates
	ledger.remember(doctype, name, shipped)


def _block(stem: str, readers: tuple[str, ...]) -> dict:
	return {
		"html": f'<div class="{stem.replace("_", "-")}"></div>',
		"script": _text(f"js/{stem}.js"),
		"style": _text(f"css/{stem}.css"),
		"private": 0,
		"roles": [{"role": role} for role in readers],
	}


def _form_script() -> dict:
	"""The agent pages run one text: what renders the timeline, then the function that they call."""
	return {
		"dt": "HD Ticket",
		"apply_to": "Form",
		"enabled": 1,
		"script": _text("js/ticket_timeline.js") + "\n" + _text("js/hd_form_script.js"),
	}


def _is_as_shipped(doctype: str, name: str, content: dict) -> bool:
	document = frappe.get_doc(doctype, name)
	stored = {key: document.get(key) for key in content if key != "roles"}
	if "roles" in content:
		stored["roles"] = [{"role": row.role} for row in document.roles]
	return _digest(stored) == ledger.made(doctype).get(name)


def _digest(content: dict) -> str:
	return hashlib.sha256(frappe.as_json(_without_switch(content)).encode()).hexdigest()[:16]


def _without_switch(content: dict) -> dict:
	"""`enabled` is the admin's: turned off, the script still counts as ours and stays off."""
	return {key: value for key, value in content.items() if key != "enabled"}


def _text(path: str) -> str:
	return (PUBLIC / path).read_text(encoding="utf-8")
