"""What governs the demo's groups: departments with heads, categories, policies discussed and activated."""

from datetime import datetime

import frappe

from core_helpdesk.setup.demo.cast import user

SETTINGS = "Core Helpdesk Settings"
# Department → its name in Arabic and its heads: country ("" for all), head, deputy.
DEPARTMENTS = {
	"Operations": (
		"إدارة العمليات",
		(
			("Saudi Arabia", "head.operations.sa", None),
			("United Arab Emirates", "head.operations.ae", None),
			("Egypt", "head.operations.eg", None),
			("", "head.operations.sa", None),
		),
	),
	"Customs Clearance": ("إدارة التخليص الجمركي", (("", "head.customs", "deputy.customs"),)),
	"Retail Services": ("إدارة خدمات التجزئة", (("", "head.retail", None),)),
	"Customer Care": ("إدارة العناية بالعملاء", (("", "head.care", None),)),
}
CATEGORIES = {
	"Delivery": ("التوصيل", 24, "Elapsed Time"),
	"Clearance": ("التخليص", 16, "Working Time"),
	"Retail": ("التجزئة", 8, "Working Time"),
	"Claims": ("المطالبات", 48, "Elapsed Time"),
}
TICKET_CATEGORIES = ("Complaint", "Claim", "Request", "Inquiry")
# Group → category, department, country, agents. One has no department yet: gaps are part of a month.
GROUPS = {
	"Delivery KSA": ("Delivery", "Operations", "Saudi Arabia", ("agent.sa",)),
	"Delivery UAE": ("Delivery", "Operations", "United Arab Emirates", ("agent.ae",)),
	"Delivery Egypt": ("Delivery", "Operations", "Egypt", ("agent.eg",)),
	"Delivery Jordan": ("Delivery", "Operations", "Jordan", ("agent.ae", "agent.sa")),
	"توصيل الشحنات بالمنطقة الشرقية": ("Delivery", "Operations", "Saudi Arabia", ("agent.sa",)),
	"Customs Clearance KSA": ("Clearance", "Customs Clearance", "Saudi Arabia", ("agent.customs",)),
	"Customs Clearance UAE": ("Clearance", "Customs Clearance", "United Arab Emirates", ("agent.customs",)),
	"Retail Services Kuwait": ("Retail", "Retail Services", "Kuwait", ("agent.retail",)),
	"Retail Services Bahrain": ("Retail", "Retail Services", "Bahrain", ("agent.retail",)),
	"Claims KSA": ("Claims", "Customer Care", "Saudi Arabia", ("agent.sa", "agent.retail")),
	"Walk-in Counter Oman": ("", "", "Oman", ("agent.retail",)),
}
# Group category → what a group of it is for.
PURPOSES = {
	"Delivery": "Parcels that are late, went to a wrong address or did not arrive",
	"Clearance": "Shipments that customs hold for papers, duty or inspection",
	"Retail": "Complaints about counters, parcel lockers and collection points",
	"Claims": "Claims for lost or damaged parcels, until they are paid or refused",
}
TSM_LEVELS = (("Ticketing System Management", None), ("General Manager", 24))
# Policy → its scope, the time until TSM, how that is counted, and the share of it after which the group is warned.
POLICIES = {
	"Clearance": ({"group_category": "Clearance"}, 16, "Working Time", 80),
	"Retail": ({"group_category": "Retail"}, 8, "Working Time", 75),
	"Claims": ({"group_category": "Claims"}, 48, "Elapsed Time", 0),
	"Delivery Inquiries": ({"group_category": "Delivery", "ticket_type": "Inquiry"}, 12, "Elapsed Time", 0),
}


def establish(since: datetime) -> None:
	"""Everything a live site has before its first ticket; clocks count from `since`."""
	for name in TICKET_CATEGORIES:
		ensure("HD Ticket Type", name, {"name": name})
	for name, (arabic, heads) in DEPARTMENTS.items():
		ensure("Core Department", name, department(name, arabic, heads))
	for name, (arabic, hours, clock) in CATEGORIES.items():
		values = {
			"category_name": name,
			"category_name_ar": arabic,
			"standard_hours": hours,
			"standard_clock": clock,
		}
		ensure("Group Category", name, values)
	settle(since)
	for name, (category, place, country, agents) in GROUPS.items():
		ensure("HD Team", name, group(name, category, place, country, agents))
	fill_tsm()
	as_specialist(since)


def ensure(doctype: str, name: str, values: dict) -> None:
	if not frappe.db.exists(doctype, name):
		frappe.get_doc({"doctype": doctype, **values}).insert(
			ignore_permissions=True
		)  # a command of the admin


def department(name: str, arabic: str, heads: tuple) -> dict:
	rows = [
		{
			# Empty text, not None: the framework would fill in the site's own country.
			"country": country,
			"all_countries": int(not country),
			"head": user(head),
			"deputy": user(deputy) if deputy else None,
		}
		for country, head, deputy in heads
	]
	return {"department_name": name, "department_name_ar": arabic, "heads": rows}


def group(name: str, category: str, place: str, country: str, agents: tuple[str, ...]) -> dict:
	return {
		"team_name": name,
		"ch_category": category or None,
		"ch_department": place or None,
		"ch_country": country,
		"ch_purpose": PURPOSES.get(category),
		"users": [{"user": user(agent)} for agent in agents],
	}


def settle(since: datetime) -> None:
	settings = frappe.get_doc(SETTINGS)
	settings.update(
		{
			"general_manager": user("gm"),
			"general_manager_deputy": user("gm.ar"),
			"customer_service_manager": user("csm"),
			"default_country": "Saudi Arabia",
			"reply_to": "ticketing@example.com",
			"support_phone": "+966 11 555 0199",
			"support_email": "support@example.com",
			"procedure_url": "https://intranet.example.com/tsm-procedure",
		}
	)
	settings.flags.ignore_permissions = True  # a command of the admin
	settings.save()
	# A month is told backwards: its clocks count from its first day, which the settings' own button would refuse.
	frappe.db.set_single_value(SETTINGS, "governed_from", since)


def fill_tsm() -> None:
	team = frappe.get_doc("HD Team", frappe.db.get_single_value(SETTINGS, "tsm_team"))
	members = {row.user for row in team.users}
	for key in ("tsm", "tsm.ar"):
		if user(key) not in members:
			team.append("users", {"user": user(key)})
	team.flags.ignore_permissions = True  # a command of the admin
	team.save()


def as_specialist(since: datetime) -> None:
	"""Categories and policies activated by the one role that may (CORE-02)."""
	before = frappe.session.user
	frappe.set_user(user("qa"))  # nosemgrep: the demo acts as each of its people in turn
	try:
		for name in CATEGORIES:
			category = frappe.get_doc("Group Category", name)
			if category.workflow_state == "Draft":
				category.activate()
		activate(frappe.get_doc("Escalation Policy", default_policy()), since)
		for name, terms in POLICIES.items():
			if not frappe.db.exists("Escalation Policy", {"policy_name": name}):
				activate(make_policy(name, *terms), since)
	finally:
		frappe.set_user(before)  # nosemgrep: as above


def default_policy() -> str:
	return frappe.db.get_value(
		"Escalation Policy", {"is_default": 1, "is_tracing": 0}, order_by="creation asc"
	)


def make_policy(name: str, scope: dict, hours: float, clock: str, warn_percent: int) -> "frappe.Document":
	levels = [
		{
			"target": target,
			"after_hours": after or hours,
			"clock_kind": clock if after is None else "Elapsed Time",
			"pauses": int(after is None),
		}
		for target, after in TSM_LEVELS
	]
	# Empty text, not None: the framework would fill in the site's own country.
	values = {"policy_name": name, "country": "", "levels": levels, "warn_percent": warn_percent, **scope}
	return frappe.get_doc({"doctype": "Escalation Policy", **values}).insert()


def activate(policy: "frappe.Document", since: datetime) -> None:
	if policy.workflow_state not in ("Draft", "Discussed"):
		return
	policy.add_heads()
	policy.reload()
	for row in policy.discussion:
		row.update({"discussed_on": since.date(), "answer": "Agreed"})
	if policy.is_default and policy.discussion and not policy.is_tracing:
		policy.discussion[0].answer = "Objected"
		policy.decision_reason = "The standard of 24 hours holds for every country (CORE-09)."
	policy.save()
	policy.activate()
	# In force since the month began, so that its tickets are counted by it.
	frappe.db.set_value("Escalation Policy", policy.name, "starts_on", since)
