"""What the Desk calls to govern groups. Every function checks who asks before it says or does anything.

Writers are POST only: a GET is rolled back by the framework.
"""

from typing import Any

import frappe
from frappe import _

from core_helpdesk.governance import department_readers as readers
from core_helpdesk.governance import (
	governance_gaps,
	governance_switch,
	governed,
	policy_history,
	request_discussion,
	standard_copying,
	undoing,
)
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
		"gaps": governance_gaps.gaps(team) if may_switch else [],
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


@frappe.whitelist(methods=["POST"])
def switch_governance_of(teams: Any, on: int) -> int:
	"""The same for several groups, all or none; returns how many changed.

	Policy: CORE-02
	"""
	names = frappe.parse_json(teams)
	if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
		frappe.throw(_("These are no rows of groups."), title=_("Groups"))
	return governance_switch.switch_all(names, on=bool(on))


@frappe.whitelist()
def gaps_of_groups() -> dict[str, list[str]]:
	"""What every group lacks before it can be governed; those that are governed are left out."""
	must_hold(QA_SPECIALIST, _("switch governance of a group"))
	return governance_gaps.gaps_of_all()


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


@frappe.whitelist()
def department_readers(department: str) -> list[Any]:
	"""Policy: CORE-13"""
	return readers.of_department(department)


@frappe.whitelist(methods=["POST"])
def name_readers(department: str, users: Any, country: str = "") -> None:
	"""Policy: CORE-13"""
	names = frappe.parse_json(users)
	if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
		frappe.throw(_("Name the people by their e-mail addresses."), title=_("Staff Who See Reports"))
	readers.name_readers(department, country, names)


@frappe.whitelist()
def policy_versions(name: str) -> list[dict[str, Any]]:
	"""Every version of the policy of which this is one, with its differences.

	Policy: QA-07
	"""
	policy = frappe.get_doc("Escalation Policy", name)
	policy.check_permission("read")
	return policy_history.versions(policy.policy_name)


@frappe.whitelist(methods=["POST"])
def copy_standard(country: str, department: str = "") -> standard_copying.Copied:
	"""Policy: QA-06"""
	return standard_copying.copy(country, department)
