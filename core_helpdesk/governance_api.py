"""What the Desk calls to govern groups. Every function checks who asks before it says or does anything.

Writers are POST only: a GET is rolled back by the framework.
"""

from typing import Any

import frappe
from frappe import _

from core_helpdesk.governance import governance_switch, governed, request_discussion, standard_copies, undoing
from core_helpdesk.setup.roles import QA_SPECIALIST, holds, must_hold


@frappe.whitelist()
def governance_of(team: str) -> dict[str, Any]:
	"""Whether a group is governed, what it lacks for that, and where its changes are asked for.

	Policy: CORE-10, QA-01
	"""
	frappe.get_doc("HD Team", team).check_permission("read")
	may_switch = holds(QA_SPECIALIST)
	return {
		"governed": governed.is_governed(team),
		"may_switch": may_switch,
		"gaps": governance_switch.gaps(team) if may_switch else [],
		"kinds": [kind for kind in REQUESTS if frappe.has_permission("Group Request", "create")],
	}


REQUESTS = (
	"Change Group",
	"Change Escalation",
	"Add Members",
	"Remove Members",
	"Retire Group",
	"Data Correction",
)


@frappe.whitelist(methods=["POST"])
def switch_governance(team: str, on: int) -> None:
	governance_switch.switch(team, on=bool(on))


@frappe.whitelist()
def governance_gaps() -> dict[str, list[str]]:
	"""What every group lacks before it can be governed; those that are governed are left out."""
	must_hold(QA_SPECIALIST, _("switch governance of a group"))
	teams = frappe.get_all("HD Team", {"ch_hidden": 0}, pluck="name", order_by="name")
	return {team: governance_switch.gaps(team) for team in teams if not governed.is_governed(team)}


@frappe.whitelist()
def reasons_against_undoing(name: str) -> list[str]:
	request = frappe.get_doc("Group Request", name)
	request.check_permission("read")
	return undoing.reasons_against(request)


@frappe.whitelist(methods=["POST"])
def undo_request(name: str) -> None:
	undoing.undo(frappe.get_doc("Group Request", name))


@frappe.whitelist(methods=["POST"])
def add_discussion_heads(name: str) -> int:
	"""Policy: CORE-17"""
	return request_discussion.add_heads(name)


@frappe.whitelist(methods=["POST"])
def copy_standard(country: str, department: str = "") -> list[str]:
	"""Policy: QA-06"""
	return standard_copies.copy_to_country(country, department)
