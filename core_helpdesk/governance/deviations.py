"""Approved exceptions from the Standard: written when their request is implemented, warned of, and lapsing by themselves.

Policy: CORE-09, QA-05
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import add_days, date_diff, formatdate, getdate

from core_helpdesk import config
from core_helpdesk.documents import HOUR
from core_helpdesk.domain import parity
from core_helpdesk.domain.errors import ScopesOverlap
from core_helpdesk.domain.escalation import Subject, choose
from core_helpdesk.domain.policy import Kind
from core_helpdesk.escalations import findings, people
from core_helpdesk.mail import language, notices

if TYPE_CHECKING:
	from datetime import date, datetime

	from frappe.model.document import Document

DOCTYPE = "Parity Deviation"
IN_FORCE, LAPSED, ENDED = "In Force", "Lapsed", "Ended"
WARNING_DAYS = (30, 7)
LAPSED_FINDING = "Deviation Lapsed"
CLOCKS = {Kind.ELAPSED: "Elapsed Time", Kind.WORKING: "Working Time"}


def make(request: Document, team: str, starts_on: datetime) -> str:
	"""Writes the exception that a request was approved for; returns its name.

	Raises: ValidationError if its last day has passed.
	"""
	if getdate(request.valid_until) < getdate(starts_on):
		message = _("The deviation would end on {0}, before it begins.")
		frappe.throw(message.format(formatdate(request.valid_until)), title=_("Parity Deviation"))
	group = config.group(team)
	hours, kind = home_time(group.department, group.category, config.to_epoch(starts_on))
	document = frappe.new_doc(DOCTYPE)
	document.update(
		{
			"department": group.department or None,
			"group_category": group.category or None,
			"country": group.country or None,
			"team": team,
			"state": IN_FORCE,
			"starts_on": starts_on,
			"ends_on": request.valid_until,
			"hours": request.escalation_hours,
			"clock_kind": request.clock_kind or "Elapsed Time",
			"home_hours": hours,
			"home_clock_kind": kind,
			"reason": request.deviation_reason,
			"request": request.name,
			"approved_by": approver(request),
		}
	)
	return save(document).name


def save(document: Document) -> Document:
	document.flags.ch_engine = True
	return document.save(ignore_permissions=True)  # the app alone writes them


def approver(request: Document) -> str | None:
	"""Who approved the request, as its own rows say."""
	return next((row.by for row in reversed(request.get("states") or []) if row.state == "Approved"), None)


def home_time(department: str, category: str, at: int) -> tuple[float, str]:
	"""Hours and clock of the Standard: that of a group at headquarters of this department and category.

	Without such a group it is what the category itself says.
	"""
	place = {"ch_department": department, "ch_category": category, "ch_country": parity.HOME}
	rules = config.site_rules()
	for team in frappe.get_all("HD Team", place, pluck="name", order_by="name"):
		found = time_of(rules, team, at)
		if found:
			return found
	own = (
		frappe.db.get_value("Group Category", category, ["standard_hours", "standard_clock"])
		if category
		else None
	)
	return (own[0] or 0, own[1] or "") if own else (0, "")


def time_of(rules: config.SiteRules, team: str, at: int) -> tuple[float, str] | None:
	"""Hours and clock of a group's first level, by the policy in force at a moment."""
	policy = policy_for(rules, team, at)
	if not policy:
		return None
	level = rules.policy(policy).levels[0]
	return level.seconds / HOUR, CLOCKS[level.kind]


def policy_for(rules: config.SiteRules, team: str, at: int) -> str:
	"""The policy that is for a group's tickets at a moment; empty if there is none, or if two of them collide."""
	group = rules.group(team)
	ticket_type = frappe.db.get_value("HD Team", team, "ch_ticket_type") or ""
	try:
		scope = choose(rules.scopes, Subject(team, group.category, ticket_type, group.country), at)
	except ScopesOverlap:
		return ""
	return scope.policy if scope else ""


def covers(team: str, hours: float, clock_kind: str, day: date) -> bool:
	"""Whether a deviation in force allows a group this very time on a day."""
	rows = frappe.get_all(
		DOCTYPE,
		{"team": team, "state": IN_FORCE, "ends_on": (">=", day), "clock_kind": clock_kind},
		pluck="hours",
	)
	return any(abs(approved - hours) < 1 / HOUR for approved in rows)


def end(name: str) -> None:
	document = frappe.get_doc(DOCTYPE, name)
	document.state = ENDED
	save(document)


def settle(today: date) -> dict[str, list[str]]:
	"""Lets deviations lapse whose last day has passed, and warns of those that soon do; returns their names.

	Policy: CORE-09
	"""
	rows = frappe.get_all(DOCTYPE, {"state": IN_FORCE}, ["name", "ends_on"])
	lapsed = [row.name for row in rows if getdate(row.ends_on) < today]
	for name in lapsed:
		lapse(frappe.get_doc(DOCTYPE, name))
	soon = [row.name for row in rows if 0 <= date_diff(row.ends_on, today) <= max(WARNING_DAYS)]
	return {"lapsed": lapsed, "warned": [name for name in soon if warn(frappe.get_doc(DOCTYPE, name), today)]}


def lapse(deviation: Document) -> None:
	deviation.state = LAPSED
	save(deviation)
	details = _("The deviation of {0} from the Standard lapsed on {1}.").format(
		deviation.team, formatdate(deviation.ends_on)
	)
	remedy = _("Put the group back to the Standard with a Group Request, or ask for another deviation.")
	findings.report(LAPSED_FINDING, deviation.name, DOCTYPE, deviation.name, details, remedy)
	tell(deviation, _lapsed_text)


def warn(deviation: Document, today: date) -> bool:
	"""Tells once at each of the two distances before the last day.

	A warning that a stopped scheduler missed is given as soon as it runs.
	"""
	left = date_diff(deviation.ends_on, today)
	reached = min((days for days in WARNING_DAYS if left <= days), default=None)
	if reached is None:
		return False
	since = add_days(getdate(deviation.ends_on), -reached)
	if deviation.warned_on and getdate(deviation.warned_on) >= since:
		return False
	deviation.warned_on = today
	save(deviation)
	tell(deviation, _warning_text)
	return True


def tell(deviation: Document, text_of: object) -> None:
	"""The head of the group's department, the QA Specialists and the Customer Service Manager, each in their language."""
	today = getdate()
	concerned = (
		*people.head_of(deviation.department or "", deviation.country or "", today).people,
		*people.customer_service_manager(today).people,
		*people.qa_specialists(),
	)
	for user in dict.fromkeys(person.user for person in concerned):
		with language.speaking(language.language_of(user)):
			notices.insert(user, text_of(deviation), DOCTYPE, deviation.name)


def _lapsed_text(deviation: Document) -> str:
	message = _("The deviation of {0} from the Standard has lapsed: the Standard counts again.")
	return message.format(deviation.team)


def _warning_text(deviation: Document) -> str:
	message = _("The deviation of {0} from the Standard ends on {1}.")
	return message.format(deviation.team, formatdate(deviation.ends_on))
