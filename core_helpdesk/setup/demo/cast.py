"""The people of the demo: a user per role, named after the role, some working in Arabic."""

from collections.abc import Iterator
from typing import NamedTuple

import frappe
from frappe.utils.password import update_password

PASSWORD = "core-demo"
DOMAIN = "example.com"


class Person(NamedTuple):
	"""One user: the first part of the address, the name shown, the language and the roles given."""

	key: str
	full_name: str
	language: str = "en"
	roles: tuple[str, ...] = ()
	phone: str = ""

	@property
	def user(self) -> str:
		return f"{self.key}@{DOMAIN}"


OFFICE = (
	Person("system.manager", "System Manager", roles=("System Manager",)),
	Person("qa", "QA Specialist", roles=("QA Specialist",)),
	Person("qa.ar", "اختصاصي ضمان الجودة", "ar", ("QA Specialist",)),
	Person("csm", "Customer Service Manager", roles=("Customer Service Manager",), phone="+966115550102"),
	Person("gm", "General Manager", roles=("General Manager",), phone="+966115550100"),
	Person("gm.ar", "نائب المدير العام", "ar", ("General Manager",), "+966115550101"),
)
TSM = (
	Person("tsm", "TSM Agent", roles=("TSM Agent", "Agent")),
	Person("tsm.ar", "موظف إدارة نظام التذاكر", "ar", ("TSM Agent", "Agent")),
)
HEADS = (
	Person("head.operations.sa", "رئيس إدارة العمليات بالسعودية", "ar", phone="+966115550110"),
	Person("head.operations.ae", "Head of Operations UAE", phone="+97145550111"),
	Person("head.operations.eg", "رئيس إدارة العمليات بمصر", "ar", phone="+20255500112"),
	Person("head.customs", "Head of Customs Clearance", phone="+966115550113"),
	Person("deputy.customs", "Deputy Head of Customs Clearance"),
	Person("head.retail", "Head of Retail Services", phone="+966115550114"),
	Person("head.care", "رئيس إدارة العناية بالعملاء", "ar", phone="+966115550115"),
)
AGENTS = (
	Person("agent.sa", "وكيل خدمة العملاء بالسعودية", "ar", ("Agent",)),
	Person("agent.ae", "Agent UAE", roles=("Agent",)),
	Person("agent.eg", "Agent Egypt", roles=("Agent",)),
	Person("agent.customs", "Agent Customs Clearance", roles=("Agent",)),
	Person("agent.retail", "Agent Retail Services", roles=("Agent",)),
)
OFFICERS = ("Tracing Officer", "Agent")
TRACING = (
	Person("supervisor", "Support Supervisor", roles=("Support Supervisor",)),
	Person("supervisor.ar", "مشرف الدعم", "ar", ("Support Supervisor",)),
	Person("tracing.sa", "Tracing Officer", roles=OFFICERS),
	Person("tracing.sa.ar", "مسؤول التعقب بالسعودية", "ar", OFFICERS),
	Person("tracing.ae", "Tracing Officer UAE", roles=OFFICERS),
	Person("tracing.eg", "مسؤول التعقب بمصر", "ar", OFFICERS),
	Person("tracing.jo", "Tracing Officer Jordan", roles=OFFICERS),
	Person("care", "Customer Care Agent", roles=("Customer Care Agent", "Agent")),
	Person("care.ar", "موظف العناية بالعملاء", "ar", ("Customer Care Agent", "Agent")),
)
EVERYBODY = (*OFFICE, *TSM, *HEADS, *AGENTS, *TRACING)


def user(key: str) -> str:
	return next(person.user for person in EVERYBODY if person.key == key)


def gather() -> None:
	"""Makes the users; those with the role Agent become agents of the host."""
	for person in EVERYBODY:
		if not frappe.db.exists("User", person.user):
			make_user(person)
		if "Agent" in person.roles and not frappe.db.exists("HD Agent", {"user": person.user}):
			agent = {
				"doctype": "HD Agent",
				"user": person.user,
				"agent_name": person.full_name,
				"is_active": 1,
			}
			frappe.get_doc(agent).insert(ignore_permissions=True)  # a command, run by the admin


def make_user(person: Person) -> None:
	document = frappe.get_doc(
		{
			"doctype": "User",
			"email": person.user,
			"first_name": person.full_name,
			"language": person.language,
			"mobile_no": person.phone,
			"send_welcome_email": 0,
			"user_type": "System User",
			"roles": [{"role": role} for role in person.roles],
		}
	)
	document.flags.no_welcome_mail = True
	document.insert(ignore_permissions=True)  # a command, run by the admin
	# Past the check of strength: these users are for looking at a demo site only.
	update_password(person.user, PASSWORD)


def listed() -> Iterator[str]:
	"""One line per user, for whoever wants to sign in."""
	yield f"Every user's password is {PASSWORD}:"
	for person in EVERYBODY:
		yield f"  {person.user:32} {person.full_name} ({person.language})"
