"""Governance in the demo: a few groups governed, and requests at each stage of their way, each step by its own person."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import frappe
from frappe.utils import add_days, nowdate

from core_helpdesk.governance import governance_switch
from core_helpdesk.setup import workflows as flow
from core_helpdesk.setup.demo.cast import user

REQUEST = "Group Request"
GOVERNED = ("Delivery KSA", "Delivery UAE", "Customs Clearance KSA", "Claims KSA")
# Whose request, what for, and the steps taken since with the person of each.
REQUESTS: tuple[tuple[str, dict[str, Any], tuple[tuple[str, str, dict[str, str]], ...]], ...] = (
	(
		"head.customs",
		{
			"kind": "New Group",
			"team_name": "Customs Clearance Kuwait",
			"purpose": "Shipments held by Kuwait customs for papers or duty",
			"escalation_process": "After 16 working hours to Ticketing System Management, then to the General Manager",
			"group_category": "Clearance",
			"ticket_type": "Complaint",
			"escalation_hours": 16,
			"clock_kind": "Working Time",
			"department": "Customs Clearance",
			"country": "Kuwait",
			"head": "head.customs",
			"members": ["agent.customs"],
		},
		((flow.REVIEW, "head.customs", {}),),
	),
	(
		"head.operations.ae",
		{
			"kind": "Change Escalation",
			"team": "Delivery UAE",
			"escalation_hours": 36,
			"clock_kind": "Elapsed Time",
			"work_reason": "Free-zone gates are closed at night.",
			"deviation_reason": "Parcels for free zones leave the depot a day later.",
			"valid_until": 180,
		},
		((flow.REVIEW, "head.operations.ae", {}), (flow.MANAGER_APPROVAL, "qa", {})),
	),
	(
		"head.operations.eg",
		{"kind": "Change Group", "team": "Delivery Egypt", "purpose": "Parcels", "work_reason": "Shorter"},
		(
			(flow.REVIEW, "head.operations.eg", {}),
			(
				flow.NEEDS_INFORMATION,
				"qa",
				{"needs": "Say which parcels: Greater Cairo only, or all of Egypt?"},
			),
		),
	),
	(
		"head.retail",
		{
			"kind": "Add Members",
			"team": "Retail Services Kuwait",
			"members": ["agent.ae"],
			"work_reason": "The counter is open until midnight during the sales.",
		},
		((flow.REVIEW, "head.retail", {}),),
	),
)


def govern() -> None:
	"""Switches governance on where nothing is missing, and lets people ask."""
	with acting_as("qa"):
		governance_switch.switch_all(GOVERNED, on=True)
	for asker, asked, steps in REQUESTS:
		with acting_as(asker):
			name = frappe.get_doc({"doctype": REQUEST, **as_values(asked)}).insert().name
		for state, who, reasons in steps:
			take(name, state, who, reasons)


def as_values(asked: dict[str, Any]) -> dict[str, Any]:
	values = dict(asked)
	if "members" in asked:
		values["members"] = [{"user": user(key)} for key in asked["members"]]
	if "head" in asked:
		values["head"] = user(asked["head"])
	if "valid_until" in asked:
		values["valid_until"] = add_days(nowdate(), asked["valid_until"])
	return values


def take(name: str, state: str, who: str, reasons: dict[str, str]) -> None:
	with acting_as(who):
		request = frappe.get_doc(REQUEST, name)
		request.update({"workflow_state": state, **reasons})
		request.save()


@contextmanager
def acting_as(key: str) -> Iterator[None]:
	before = frappe.session.user
	frappe.set_user(user(key))  # nosemgrep: the demo acts as each of its people in turn
	try:
		yield
	finally:
		frappe.set_user(before)  # nosemgrep: as above
