"""Who sees which of our records, and to whom hidden groups exist: conditions for lists, checks for documents.

One scope per user, from Department Head rows, Settings, roles and membership of Ticketing System Management.
"""

import datetime
from dataclasses import dataclass

import frappe
from frappe.model.document import Document
from frappe.utils import getdate

from core_helpdesk import config
from core_helpdesk.escalations import people
from core_helpdesk.hosts import group_stages, hd_team

ROLES_OF_THE_APP = frozenset(
	{
		"QA Specialist",
		"Customer Service Manager",
		"Department Manager",
		"General Manager",
		"TSM Agent",
		"Tracing Officer",
		"Support Supervisor",
		"Customer Care Agent",
		"System Manager",
	}
)
READING = frozenset({"read", "select", "report", "export", "print", "email"})
ESCALATION = "Ticket Escalation"
NEUTRAL = None if int(frappe.__version__.split(".")[0]) < 16 else True


@dataclass(frozen=True, slots=True)
class Area:
	"""A department in one country, or (country empty) in every country but those with a row of their own."""

	department: str
	country: str
	but_not: tuple[str, ...] = ()

	def covers(self, department: str, country: str) -> bool:
		if department != self.department:
			return False
		return country == self.country if self.country else country not in self.but_not

	def condition(self, table: str) -> str:
		department = f"`{table}`.`department` = {frappe.db.escape(self.department)}"
		if self.country:
			return f"({department} and `{table}`.`country` = {frappe.db.escape(self.country)})"
		if not self.but_not:
			return f"({department})"
		others = ", ".join(frappe.db.escape(country) for country in self.but_not)
		return f"({department} and ifnull(`{table}`.`country`, '') not in ({others}))"


@dataclass(frozen=True, slots=True)
class Scope:
	"""What a user may see: everything, or the areas that they answer for and what they are named on."""

	user: str
	sees_all: bool
	areas: tuple[Area, ...] = ()

	def covers(self, department: str | None, country: str | None) -> bool:
		return self.sees_all or any(area.covers(department or "", country or "") for area in self.areas)

	def condition(self, table: str, named: str) -> str:
		"""SQL in parentheses, true for rows of the user's areas and for those where `named` holds."""
		return f"({' or '.join([named, *(area.condition(table) for area in self.areas)])})"


def scope(user: str | None = None, today: datetime.date | None = None) -> Scope:
	"""The scope of a user on a day.

	Policy: CORE-11, CORE-13, TSM-09
	"""
	user = user or frappe.session.user
	today = today or getdate()
	if user == "Administrator" or sees_all(user, today):
		return Scope(user, True)
	return Scope(user, False, (*areas_of(user, today), *read_areas(user)))


def sees_all(user: str, today: datetime.date) -> bool:
	"""The QA Specialist, members of TSM, and who holds an office or acts for its holder: the office's role alone opens
	nothing, since deputies have it all the time.
	"""
	settings = config.settings()
	if "QA Specialist" in frappe.get_roles(user) or hd_team.is_member(settings.tsm_team, user):
		return True
	stands = (settings.general_manager, settings.customer_service_manager)
	return any(user == stand.user or user == deputising(stand, today) for stand in stands)


def areas_of(user: str, today: datetime.date) -> list[Area]:
	"""The areas of which the user is head, or deputy while the head is away."""
	rows = frappe.get_all(
		"Department Head",
		filters={"parenttype": "Core Department"},
		or_filters={"head": user, "deputy": user},
		fields=["parent", "country", "all_countries", *people.STAND_FIELDS],
	)
	acting = [row for row in rows if user in (row.head, deputising(people.stand(row), today))]
	return [_area(row) for row in acting]


def read_areas(user: str) -> list[Area]:
	"""The areas that a head lets the user read: no right to decide on anything comes with them.

	Policy: CORE-13
	"""
	named = {"parenttype": "Core Department", "user": user}
	rows = frappe.get_all("Department Reader", named, ["parent", "country", "all_countries"])
	return [_area(row) for row in rows]


def _area(row: frappe._dict) -> Area:
	if not row.all_countries:
		return Area(row.parent, row.country or "")
	own_rows = {"parenttype": "Core Department", "parent": row.parent, "all_countries": 0}
	return Area(
		row.parent, "", tuple(filter(None, frappe.get_all("Department Head", own_rows, pluck="country")))
	)


def deputising(stand: config.Stand, today: datetime.date) -> str:
	"""The deputy, while the deputy acts; an empty string otherwise."""
	return stand.deputy if stand.deputy and people.is_away(stand, today) else ""


def escalation_conditions(user: str) -> str:
	present = scope(user)
	return (
		"" if present.sees_all else present.condition(f"tab{ESCALATION}", _named_on_escalation(present.user))
	)


def escalation_row_conditions(user: str, doctype: str) -> str:
	"""Rows of the escalations that the user may read."""
	conditions = escalation_conditions(user)
	if not conditions:
		return ""
	return f"(`tab{doctype}`.`parent` in (select name from `tab{ESCALATION}` where {conditions}))"


def record_conditions(user: str, doctype: str) -> str:
	present = scope(user)
	return (
		""
		if present.sees_all
		else present.condition(f"tab{doctype}", _named_on_ticket(present.user, f"tab{doctype}"))
	)


def _named_on_escalation(user: str) -> str:
	return (
		"exists (select 1 from `tabEscalation Recipient` r where r.parenttype = 'Ticket Escalation'"
		f" and r.parent = `tabTicket Escalation`.name and r.user = {frappe.db.escape(user)})"
	)


def _named_on_ticket(user: str, table: str) -> str:
	return (
		"exists (select 1 from `tabTicket Escalation` e join `tabEscalation Recipient` r"
		" on r.parenttype = 'Ticket Escalation' and r.parent = e.name"
		f" where e.reference_doctype = `{table}`.reference_doctype"
		f" and e.reference_name = `{table}`.reference_name and r.user = {frappe.db.escape(user)})"
	)


def is_named_on(escalation: str, user: str) -> bool:
	named = {"parenttype": ESCALATION, "parent": escalation, "user": user}
	return bool(frappe.db.exists("Escalation Recipient", named))


def is_named_on_ticket(doctype: str, name: str, user: str) -> bool:
	escalations = frappe.get_all(
		ESCALATION, {"reference_doctype": doctype, "reference_name": str(name)}, pluck="name"
	)
	return any(is_named_on(escalation, user) for escalation in escalations)


def has_escalation_permission(doc: Document, ptype: str = "read", user: str | None = None) -> bool:
	"""Escalations are read by those in scope and by those named on them; nobody writes them as a document.

	Policy: TSM-05, CORE-13
	"""
	user = user or frappe.session.user
	if ptype not in READING:
		return False
	return scope(user).covers(doc.department, doc.country) or is_named_on(doc.name, user)


def has_record_permission(doc: Document, ptype: str = "read", user: str | None = None) -> bool:
	user = user or frappe.session.user
	if ptype not in READING:
		return False
	return scope(user).covers(doc.department, doc.country) or is_named_on_ticket(
		doc.reference_doctype, doc.reference_name, user
	)


def sees_hidden(team: str, user: str) -> bool:
	"""Hidden groups exist for their members and for the QA Specialist, who owns all groups; for nobody else.

	System Managers are outside it too: giving oneself the role is a recorded step.
	Policy: TSM-12, CORE-02
	"""
	if user == "Administrator" or "QA Specialist" in frappe.get_roles(user):
		return True
	return hd_team.is_member(team, user)


def concealed_from(user: str | None = None) -> list[str]:
	"""The hidden groups that this user is not to see."""
	user = user or frappe.session.user
	hidden = [team for team in hd_team.hidden_teams() if not sees_hidden(team, user)]
	return hidden + group_stages.unseen_by(user)


def team_conditions(user: str) -> str:
	return _not_in("`tabHD Team`.`name`", concealed_from(user))


def team_member_conditions(user: str) -> str:
	return _not_in("`tabHD Team Member`.`parent`", concealed_from(user))


def rule_conditions(user: str) -> str:
	return _not_in("`tabAssignment Rule`.`name`", concealed_rules(user))


def rule_user_conditions(user: str) -> str:
	return _not_in("`tabAssignment Rule User`.`parent`", concealed_rules(user))


def concealed_rules(user: str | None = None) -> list[str]:
	teams = concealed_from(user)
	return frappe.get_all("HD Team", {"name": ("in", teams)}, pluck="assignment_rule") if teams else []


def _not_in(column: str, names: list[str]) -> str:
	listed = ", ".join(frappe.db.escape(name) for name in names if name)
	return f"({column} not in ({listed}))" if listed else ""


def has_team_permission(doc: Document, ptype: str = "read", user: str | None = None) -> bool | None:
	user = user or frappe.session.user
	# The stored group, too: a caller may have written over the mark.
	if (doc.get("ch_hidden") or hd_team.is_hidden(doc.name)) and not sees_hidden(doc.name, user):
		return False
	is_waiting = bool(doc.name) and group_stages.stage_of(doc.name) == group_stages.NOT_OPEN_YET
	return False if is_waiting and doc.name in group_stages.unseen_by(user) else NEUTRAL


def has_rule_permission(doc: Document, ptype: str = "read", user: str | None = None) -> bool | None:
	return False if doc.name in concealed_rules(user) else NEUTRAL


def has_app_permission() -> bool:
	"""Whether the app stands among the apps of the present user."""
	if frappe.session.user == "Administrator":
		return True
	return bool(ROLES_OF_THE_APP.intersection(frappe.get_roles()))
