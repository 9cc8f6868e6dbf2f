"""Approved exceptions from the Standard: written when their request is implemented, warned of, and lapsing by themselves.

Policy: CORE-09, QA-05
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import add_days, date_diff, formatdate, getdate

from core_helpdesk import config
from core_helpdesk.documents import CLOCKS, DEFAULT_CLOCK, hours_of, time_given
from core_helpdesk.domain import parity
from core_helpdesk.domain.errors import ScopesOverlap
from core_helpdesk.domain.escalation import Subject, choose
from core_helpdesk.escalations import findings, people
from core_helpdesk.governance import carrying_out
from core_helpdesk.governance.group_documents import category_standard
from core_helpdesk.governance.group_documents import time_of as time_by
from core_helpdesk.mail import language, notices

if TYPE_CHECKING:
	from datetime import date, datetime

	from frappe.model.document import Document

	from core_helpdesk.domain.groups import EscalationTime

DOCTYPE = "Parity Deviation"
IN_FORCE, LAPSED, ENDED = "In Force", "Lapsed", "Ended"
WARNING_DAYS = (30, 7)
LAPSED_FINDING = "Deviation Lapsed"


def make(request: Document, team: str, starts_on: datetime) -> str:
	"""Writes the exception that a request was approved for; returns its name.

	Raises: ValidationError if its last day has passed.
	"""
	if getdate(request.valid_until) < getdate(starts_on):
		message = _("The deviation would end on {0}, before it begins.")
		frappe.throw(message.format(formatdate(request.valid_until)), title=_("Parity Deviation"))
	group = config.group(team)
	at = config.to_epoch(starts_on)
	# A group that moves to another place keeps its own time.
	asked = time_given(request.escalation_hours, request.clock_kind)
	own = asked or time_of(config.site_rules(), team, at)
	home = home_time(group.department, group.category, at)
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
			"hours": hours_of(own),
			"clock_kind": CLOCKS[own.kind] if own else DEFAULT_CLOCK,
			"home_hours": hours_of(home),
			"home_clock_kind": CLOCKS[home.kind] if home else "",
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


def home_time(department: str, category: str, at: int) -> EscalationTime | None:
	"""The Standard: the time of a group at headquarters of this department and category.

	Without such a group it is what the category itself says.
	"""
	place = {"ch_department": department, "ch_category": category, "ch_country": parity.HOME}
	rules = config.site_rules()
	for team in frappe.get_all("HD Team", place, pluck="name", order_by="name"):
		found = time_of(rules, team, at)
		if found:
			return found
	return category_standard(category)


def time_of(rules: config.SiteRules, team: str, at: int) -> EscalationTime | None:
	"""A group's Escalation Time by the policy in force at a moment."""
	return time_by(rules, policy_for(rules, team, at))


def policy_for(rules: config.SiteRules, team: str, at: int) -> str:
	"""The policy that is for a group's tickets at a moment; empty if there is none, or if two of them collide."""
	group = rules.group(team)
	ticket_type = frappe.db.get_value("HD Team", team, "ch_ticket_type") or ""
	try:
		scope = choose(rules.scopes, Subject(team, group.category, ticket_type, group.country), at)
	except ScopesOverlap:
		return ""
	return scope.policy if scope else ""


def covers(team: str, time: EscalationTime, day: date) -> bool:
	"""Whether a deviation in force allows a group this very time on a day."""
	in_force = {"team": team, "state": IN_FORCE, "ends_on": (">=", day)}
	rows = frappe.get_all(DOCTYPE, in_force, ["hours", "clock_kind"])
	return time in [time_given(row.hours, row.clock_kind) for row in rows]


def is_settled(name: str, at: int) -> bool:
	"""Whether a group whose deviation lapsed has the Standard's time again, or another deviation for its own.

	Units: `at` is seconds since the epoch.
	Policy: CORE-09
	"""
	known = frappe.db.get_value(DOCTYPE, name, ["team", "department", "group_category"], as_dict=True)
	if not known or not frappe.db.exists("HD Team", known.team):
		return True
	time = time_of(config.site_rules(), known.team, at)
	standard = home_time(known.department or "", known.group_category or "", at)
	if time is None or standard in (None, time):
		return True
	return covers(known.team, time, config.from_epoch(at).date())


def end(name: str) -> None:
	document = frappe.get_doc(DOCTYPE, name)
	document.state = ENDED
	save(document)


def settle(today: date) -> dict[str, list[str]]:
	"""Lets deviations lapse whose last day has passed, and warns of those that soon do; returns their names.

	Policy: CORE-09
	"""
	rows = frappe.get_all(DOCTYPE, {"state": IN_FORCE}, ["name", "ends_on"])
	past = [row.name for row in rows if getdate(row.ends_on) < today]
	soon = [row.name for row in rows if 0 <= date_diff(row.ends_on, today) <= max(WARNING_DAYS)]
	not_lapsed = _("The deviation {0} is over and could not lapse.")
	not_warned = _("Nobody could be warned of the end of the deviation {0}.")

	def warn_of(name: str) -> bool:
		return warn(frappe.get_doc(DOCTYPE, name), today)

	return {
		"lapsed": carrying_out.each(
			DOCTYPE, past, lambda name: lapse(frappe.get_doc(DOCTYPE, name)), "lapse", not_lapsed
		),
		"warned": carrying_out.each(DOCTYPE, soon, warn_of, "warn", not_warned),
	}


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
