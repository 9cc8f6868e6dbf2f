"""First records of an empty site: a category and the default policy as a draft."""

import frappe

from core_helpdesk.governance.policies import FIRST_LEVEL_PAUSES
from core_helpdesk.setup import ledger

CATEGORY = "General"
POLICY = "Standard"
LEVELS = (
	{
		"target": "Ticketing System Management",
		"after_hours": 24,
		"clock_kind": "Elapsed Time",
		**FIRST_LEVEL_PAUSES,
	},
	{"target": "General Manager", "after_hours": 24, "clock_kind": "Elapsed Time", "pauses": 0},
)


def seed() -> None:
	seed_category()
	seed_policy()


def seed_category() -> None:
	if ledger.made("Group Category") or frappe.db.exists("Group Category", CATEGORY):
		return
	values = {
		"category_name": CATEGORY,
		"category_name_ar": "عام",
		"standard_hours": LEVELS[0]["after_hours"],
	}
	insert("Group Category", values)


def seed_policy() -> None:
	"""24 hours, then Ticketing System Management; 24 hours more, then the General Manager. A draft: nothing is on.

	Policy: CORE-17, TSM-08
	"""
	if ledger.made("Escalation Policy") or frappe.db.exists("Escalation Policy", {"policy_name": POLICY}):
		return
	# Without a value the site's own default country would be filled in, and make the policy one country's.
	values = {
		"policy_name": POLICY,
		"is_default": 1,
		"country": "",
		"levels": [dict(level) for level in LEVELS],
	}
	insert("Escalation Policy", values)


def insert(doctype: str, values: dict) -> None:
	# Setup runs as whoever installs or migrates.
	document = frappe.get_doc({"doctype": doctype, **values}).insert(ignore_permissions=True)
	ledger.remember(doctype, document.name)
