"""Who traces in the demo, and by what rules: groups at home and abroad, the settings, the policy put in force."""

from datetime import datetime

import frappe

from core_helpdesk.setup.demo import standards
from core_helpdesk.setup.demo.cast import user
from core_helpdesk.setup.demo.month import acting_as

CATEGORY, DEPARTMENT = "Tracing", "Customer Care"
HEADQUARTERS, CARE = "Tracing KSA", "Customer Care KSA"
# A stay in one of these groups may take longer than the ten working days in which its case is due.
STAY_HOURS, WORKING = 160, "Working Time"
# Group → country, members.
GROUPS = {
	HEADQUARTERS: ("Saudi Arabia", ("tracing.sa", "tracing.sa.ar")),
	"Tracing UAE": ("United Arab Emirates", ("tracing.ae",)),
	"Tracing Egypt": ("Egypt", ("tracing.eg",)),
	"Tracing Jordan": ("Jordan", ("tracing.jo",)),
}
ABROAD = {country: team for team, (country, _members) in GROUPS.items() if team != HEADQUARTERS}
SETTINGS = {
	"headquarters_team": HEADQUARTERS,
	"customer_care_team": CARE,
	"regulator": "Postal Regulator",
	"regulator_days": 20,
	"claim_limit": 3000,
	"claim_currency": "SAR",
	"guidelines": "Names as on the air waybill.\nPhone numbers with the country's code.",
	"guidelines_ar": "الأسماء كما هي في بوليصة الشحن.\nأرقام الهاتف مع رمز الدولة.",
}
STANDARDS = (
	("Tracing Procedure", "إجراءات التعقب", "https://intranet.example.com/tracing-procedure"),
	("Claims Procedure", "إجراءات المطالبات", "https://intranet.example.com/claims-procedure"),
)


def officer(team: str) -> str:
	"""Who works the cases of a tracing group."""
	return user(GROUPS[team][1][0])


def establish(since: datetime) -> None:
	"""Everything that tracing needs before its first case; cases count from `since`."""
	make_groups()
	settle()
	with acting_as(user("qa")):
		name = frappe.db.get_value("Escalation Policy", {"is_tracing": 1, "is_default": 1})
		standards.activate(frappe.get_doc("Escalation Policy", name), since)
		stays = standards.make_policy("Tracing Groups", {"group_category": CATEGORY}, STAY_HOURS, WORKING, 0)
		standards.activate(stays, since)


def make_groups() -> None:
	values = {
		"category_name": CATEGORY,
		"category_name_ar": "التعقب",
		"standard_hours": STAY_HOURS,
		"standard_clock": WORKING,
	}
	standards.ensure("Group Category", CATEGORY, values)
	with acting_as(user("qa")):
		category = frappe.get_doc("Group Category", CATEGORY)
		if category.workflow_state == "Draft":
			category.activate()
	for team, (country, members) in GROUPS.items():
		purpose = f"Traces international shipments of {country}"
		traced = {"ch_tracing": 1, "ch_purpose": purpose}
		standards.ensure(
			"HD Team", team, standards.group(team, CATEGORY, DEPARTMENT, country, members) | traced
		)
	care = standards.group(CARE, "Claims", DEPARTMENT, "Saudi Arabia", ("care", "care.ar"))
	standards.ensure("HD Team", CARE, care)


def settle() -> None:
	settings = frappe.get_doc("Tracing Settings")
	settings.update(SETTINGS)
	for title, title_ar, link in STANDARDS:
		settings.append("standards", {"title": title, "title_ar": title_ar, "link": link})
	settings.flags.ignore_permissions = True  # a command of the admin
	settings.save()
