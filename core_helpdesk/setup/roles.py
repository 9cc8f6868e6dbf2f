"""The roles of the policy: their names, seeding them, granting them, and who really holds one."""

import frappe
from frappe import _

from core_helpdesk.setup import ledger

QA_SPECIALIST = "QA Specialist"
CUSTOMER_SERVICE_MANAGER = "Customer Service Manager"
DEPARTMENT_MANAGER = "Department Manager"
GENERAL_MANAGER = "General Manager"
TSM_AGENT = "TSM Agent"
TRACING_OFFICER = "Tracing Officer"
SUPPORT_SUPERVISOR = "Support Supervisor"
CUSTOMER_CARE_AGENT = "Customer Care Agent"
ROLES = (
	QA_SPECIALIST,
	CUSTOMER_SERVICE_MANAGER,
	DEPARTMENT_MANAGER,
	GENERAL_MANAGER,
	TSM_AGENT,
	TRACING_OFFICER,
	SUPPORT_SUPERVISOR,
	CUSTOMER_CARE_AGENT,
)


def remember_missing() -> None:
	"""Notes the roles that this install will make: syncing the doctypes makes them before any later hook runs."""
	ledger.remember_early("Role", [role for role in ROLES if not frappe.db.exists("Role", role)])


def seed() -> None:
	for role in ROLES:
		if frappe.db.exists("Role", role) or role in ledger.made("Role"):
			continue
		# Setup runs as whoever installs or migrates.
		frappe.get_doc({"doctype": "Role", "role_name": role, "desk_access": 1}).insert(
			ignore_permissions=True
		)
		ledger.remember("Role", role)


def holds(role: str, user: str | None = None) -> bool:
	"""Whether a role was given to this person.

	Administrator has every role by the framework's rule, and so does not count as having been given one.
	Policy: CORE-02, CORE-11
	"""
	user = user or frappe.session.user
	if user == "Administrator":
		return False
	return bool(frappe.db.exists("Has Role", {"parenttype": "User", "parent": user, "role": role}))


def holders(role: str) -> list[str]:
	"""The enabled people to whom a role was given, by name."""
	named = frappe.get_all("Has Role", {"parenttype": "User", "role": role}, pluck="parent")
	people = {"name": ("in", set(named) - {"Administrator"} or {""}), "enabled": 1}
	return frappe.get_all("User", people, pluck="name", order_by="name")


def must_hold(role: str, what: str) -> None:
	"""Raises: PermissionError unless the present user was given the role."""
	if not holds(role):
		message = _("Only a {0} may do this: {1}").format(_(role), what)
		frappe.throw(message, frappe.PermissionError, title=_("Not Permitted"))


def grant(role: str, users: list[str]) -> list[str]:
	"""Gives a role to those of these enabled users who lack it; returns their names."""
	granted = [user for user in dict.fromkeys(users) if user and lacks(role, user)]
	for user in granted:
		document = frappe.get_doc("User", user)
		# Whoever may name a head may let the head read what heads read.
		document.flags.ignore_permissions = True
		document.add_roles(role)
	return granted


def lacks(role: str, user: str) -> bool:
	return (
		user != "Administrator"
		and not holds(role, user)
		and bool(frappe.db.get_value("User", user, "enabled"))
	)


def grant_and_say(role: str, users: list[str]) -> list[str]:
	granted = grant(role, users)
	if granted:
		message = _("The role {0} was given to: {1}").format(_(role), ", ".join(granted))
		frappe.msgprint(message, alert=True)
	return granted


def take(role: str, user: str) -> None:
	if frappe.db.exists("User", user) and holds(role, user):
		document = frappe.get_doc("User", user)
		document.flags.ignore_permissions = True  # who may give it may take it
		document.remove_roles(role)
