"""Findings of a request in words: what is wrong, with which other group, and what would resolve it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

import frappe
from frappe import _
from frappe.utils import get_fullname

from core_helpdesk import config, hours_in_words
from core_helpdesk.domain.groups import ConflictKind
from core_helpdesk.domain.parity import GapKind
from core_helpdesk.domain.policy import Kind
from core_helpdesk.governance.request_checks import CONFLICT, PARITY, STANDARD, TICKETS
from core_helpdesk.governance.request_facts import PROPOSED
from core_helpdesk.mail.letters import category_named, department_named
from core_helpdesk.shown import country, day, isolated, listed

if TYPE_CHECKING:
	from core_helpdesk.governance.request_checks import Finding

HOUR = 3600


class Said(TypedDict):
	"""A finding for a reader; `tone` is red, orange or blue."""

	check: str
	title: str
	text: str
	remedy: str
	tone: str
	group: str
	other: str


def said(finding: Finding) -> Said:
	"""The finding in the present language.

	Policy: CORE-09, QA-02, QA-05
	"""
	words = WORDS.get((finding["check"], finding["kind"]))
	title, text, remedy, tone = words(finding) if words else (_(finding["kind"]), "", "", "orange")
	return Said(
		check=finding["check"],
		title=title,
		text=text,
		remedy=remedy,
		tone=tone,
		group=group(finding),
		other=finding["other"],
	)


def time_in_words(time: list) -> str:
	"""An Escalation Time as stored with a finding."""
	if not time:
		return _("no time")
	seconds, kind = time
	return hours_in_words.time_in_words(seconds, working=is_working(kind))


def is_working(kind: Any) -> bool:
	return kind == Kind.WORKING.value


def all_or(names: list[str] | str) -> str:
	return listed(names) if names else _("all ticket categories")


def department(name: str) -> str:
	return isolated(department_named(name, frappe.local.lang or "")) or _("(empty)")


def category(name: str) -> str:
	return isolated(category_named(name, frappe.local.lang or ""))


def group(finding: Finding) -> str:
	name = finding["group"]
	return _("the new group") if name == PROPOSED else isolated(name)


def place(name: str) -> str:
	return country(name) or _("(empty)")


def _same_place(finding: Finding) -> tuple[str, str, str, str]:
	facts = finding["facts"]
	text = _(
		"{0} has the same country ({1}), department ({2}) and group category ({3}), and takes {4} as well."
	)
	placed = text.format(
		isolated(finding["other"]),
		place(facts["country"]),
		department(facts["department"]),
		category(facts["category"]),
		all_or(facts["ticket_categories"]),
	)
	remedy = _("Divide the ticket categories between the two groups. Talk to {0}.")
	head = facts.get("other_head")
	who = get_fullname(head) if head else finding["other"]
	return _("Same Place as Another Group"), placed, remedy.format(isolated(who)), "red"


def _policies(finding: Finding) -> tuple[str, str, str, str]:
	facts = finding["facts"]
	text = _("{0} and {1} are both for tickets of this group, and neither is more specific.")
	remedy = _("Narrow one of the two policies, or end it.")
	return (
		_("Two Policies for One Ticket"),
		text.format(facts["policy"], facts["other_policy"]),
		remedy,
		"red",
	)


def _routes(finding: Finding) -> tuple[str, str, str, str]:
	facts = finding["facts"]
	text = _("The rule {0} of this group and the rule {1} of the group {2} can both take the same ticket.")
	remedy = _("Narrow one of the two rules, or give them different priorities.")
	rules = map(isolated, (facts["rule"], facts["other_rule"], finding["other"]))
	return _("Overlapping Routing"), text.format(*rules), remedy, "red"


def _circle(finding: Finding) -> tuple[str, str, str, str]:
	path = " → ".join(_(target) for target in finding["facts"]["path"])
	text = _("Tickets would escalate in a circle: {0}.").format(path)
	return _("Circular Escalation"), text, _("Give one of its levels another target."), "red"


def _no_head(finding: Finding) -> tuple[str, str, str, str]:
	facts = finding["facts"]
	text = _("The department {0} has no head for {1}.")
	named = text.format(department(facts["department"]), place(facts["country"]))
	return _("No Department Head"), named, _("Name the head in the department."), "red"


def _no_members(finding: Finding) -> tuple[str, str, str, str]:
	text = _("Nobody would be in {0}.").format(group(finding))
	return _("No Members"), text, _("Name its members."), "red"


def _no_policy(finding: Finding) -> tuple[str, str, str, str]:
	text = _("No escalation policy is for tickets of {0}: they would never escalate.").format(group(finding))
	return _("No Escalation Policy"), text, _("Make a policy for the group or its category."), "red"


def _no_hours(finding: Finding) -> tuple[str, str, str, str]:
	calendar = finding["facts"]["calendar"]
	text = _("The calendar {0} has no working hours.").format(calendar)
	if not calendar:
		text = _("There is no working calendar for the group.")
	return _("No Working Hours"), text, _("Give the group a calendar with working hours."), "red"


def _not_reached(finding: Finding) -> tuple[str, str, str, str]:
	facts = finding["facts"]
	text = _("The calendar {0} has {1} working hours in {2} weeks: {3} are never reached.")
	said_ = text.format(
		facts["calendar"],
		f"{facts['counted'] / HOUR:g}",
		facts["weeks"],
		time_in_words([facts["seconds"], facts["kind"]]),
	)
	return _("Escalation Time Not Reached"), said_, _("Shorten the time, or correct the calendar."), "red"


def _differs(finding: Finding) -> tuple[str, str, str, str]:
	facts = finding["facts"]
	text = _("{0} instead of {1}, the Standard of {2} for {3} and {4}.")
	said_ = text.format(
		time_in_words(facts["time"]),
		standards(facts),
		place(facts["home"]),
		department(facts["department"]),
		category(facts["category"]),
	)
	remedy = _(
		"Take the Standard, or give the reason and the end of a deviation for the Customer Service Manager to decide."
	)
	return _("Not the Standard"), said_, remedy, "red"


def standards(facts: dict) -> str:
	return " / ".join(map(time_in_words, facts["standard"])) or _("no time")


def _ended(finding: Finding) -> tuple[str, str, str, str]:
	text = _("The deviation {0} ended on {1}.").format(*deviation(finding))
	return _("Deviation Ended"), text, _("Take the Standard, or ask for the deviation again."), "red"


def _ends(finding: Finding) -> tuple[str, str, str, str]:
	text = _("The deviation {0} ends on {1}.").format(*deviation(finding))
	return _("Deviation Ends Soon"), text, _("Ask for it again in time, or take the Standard."), "orange"


def deviation(finding: Finding) -> tuple[str, str]:
	facts = finding["facts"]
	return facts["deviation"], day(config.from_epoch(facts["deviation_ends"] - 1))


def _no_standard(finding: Finding) -> tuple[str, str, str, str]:
	facts = finding["facts"]
	text = _("{0} has no group of the department {1} and the category {2} to compare with.")
	placed = text.format(place(facts["home"]), department(facts["department"]), category(facts["category"]))
	return (
		_("No Standard to Compare With"),
		placed,
		_("The value of the group category counts instead."),
		"blue",
	)


def _home_differs(finding: Finding) -> tuple[str, str, str, str]:
	facts = finding["facts"]
	text = _("Groups of {0} in {1} have different times: {2}.")
	said_ = text.format(department(facts["department"]), place(facts["home"]), standards(facts))
	return _("The Standard Is Not One"), said_, _("Make the times in Saudi Arabia the same first."), "orange"


def _standard(finding: Finding) -> tuple[str, str, str, str]:
	facts = finding["facts"]
	text = _("{0} instead of {1}, which the category {2} carries.")
	said_ = text.format(time_in_words(facts["time"]), standards(facts), category(facts["category"]))
	return _("Not the Value of the Category"), said_, _("Take it, or say why not."), "orange"


def _tickets(finding: Finding) -> tuple[str, str, str, str]:
	text = _("Open tickets of {0}: {1}.").format(group(finding), finding["facts"]["tickets"])
	remedy = _("Solve them or give them to another group before the group retires.")
	return _("Open Tickets"), text, remedy, "orange"


WORDS = {
	(CONFLICT, ConflictKind.SAME_PLACE.value): _same_place,
	(CONFLICT, ConflictKind.POLICIES.value): _policies,
	(CONFLICT, ConflictKind.ROUTES.value): _routes,
	(CONFLICT, ConflictKind.CIRCLE.value): _circle,
	(CONFLICT, ConflictKind.NO_HEAD.value): _no_head,
	(CONFLICT, ConflictKind.NO_MEMBERS.value): _no_members,
	(CONFLICT, ConflictKind.NO_POLICY.value): _no_policy,
	(CONFLICT, ConflictKind.NO_HOURS.value): _no_hours,
	(CONFLICT, ConflictKind.NOT_REACHED.value): _not_reached,
	(PARITY, GapKind.DIFFERS.value): _differs,
	(PARITY, GapKind.ENDED.value): _ended,
	(PARITY, GapKind.ENDS.value): _ends,
	(PARITY, GapKind.NO_STANDARD.value): _no_standard,
	(PARITY, GapKind.HOME_DIFFERS.value): _home_differs,
	(STANDARD, STANDARD): _standard,
	(TICKETS, TICKETS): _tickets,
}
