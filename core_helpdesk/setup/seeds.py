"""First records of an empty site: a category, and the policies for groups and for tracing cases as drafts."""

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
TRACING_POLICY = "Tracing"
TRACING_LEVELS = (
	{
		"target": "Ticketing System Management",
		"after_days": 10,
		"clock_kind": "Working Days",
		"pauses": 0,
	},
	LEVELS[1],
)


def seed() -> None:
	seed_category()
	seed_policy()
	seed_tracing_policy()


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
	if made_policy(POLICY) or frappe.db.exists("Escalation Policy", {"policy_name": POLICY}):
		return
	# Without a value the site's own default country would be filled in, and make the policy one country's.
	values = {
		"policy_name": POLICY,
		"is_default": 1,
		"country": "",
		"levels": [dict(level) for level in LEVELS],
	}
	insert("Escalation Policy", values)


def seed_tracing_policy() -> None:
	"""Ten working days since a case was opened, then as for groups. A draft, also where the app is upgraded.

	Policy: TRC-03
	"""
	if made_policy(TRACING_POLICY) or frappe.db.exists("Escalation Policy", {"policy_name": TRACING_POLICY}):
		return
	values = {
		"policy_name": TRACING_POLICY,
		"is_tracing": 1,
		"is_default": 1,
		"country": "",
		"warn_percent": 80,
		"levels": [dict(level) for level in TRACING_LEVELS],
	}
	insert("Escalation Policy", values)


def made_policy(policy_name: str) -> bool:
	"""Whether setup made this policy once, also if it is gone since."""
	return f"{policy_name}-v1" in ledger.made("Escalation Policy")


def insert(doctype: str, values: dict) -> None:
	# Setup runs as whoever installs or migrates.
	document = frappe.get_doc({"doctype": doctype, **values}).insert(ignore_permissions=True)
	ledger.remember(doctype, document.name)
