"""The states of policies and categories; made only if missing, since other apps may use the same words."""

import frappe

from core_helpdesk.setup import ledger

DRAFT = "Draft"
DISCUSSED = "Discussed"
ACTIVE = "Active"
SUPERSEDED = "Superseded"
RETIRED = "Retired"
STYLES = {DRAFT: "", DISCUSSED: "Primary", ACTIVE: "Success", SUPERSEDED: "Warning", RETIRED: "Inverse"}


def remember_missing() -> None:
	missing = [state for state in STYLES if not frappe.db.exists("Workflow State", state)]
	ledger.remember_early("Workflow State", missing)


def seed() -> None:
	for state, style in STYLES.items():
		if frappe.db.exists("Workflow State", state):
			continue
		document = {"doctype": "Workflow State", "workflow_state_name": state, "style": style}
		frappe.get_doc(document).insert(ignore_permissions=True)  # setup runs as whoever installs or migrates
		ledger.remember("Workflow State", state)
