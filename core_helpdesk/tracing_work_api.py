"""What the screens of tracing ask for: the lists that are watched, number cards, the standards at hand, and the way
from a ticket to its case. Everybody sees their own groups' cases and what they passed on; who watches over all, all.
"""

from typing import Any

import frappe
from frappe import _
from frappe.utils import cint, cstr, get_fullname

from core_helpdesk import config, shown
from core_helpdesk.hosts import hd_ticket
from core_helpdesk.setup import roles
from core_helpdesk.tracing import records, rules, screen, work_lists
from core_helpdesk.tracing.work_lists import Lists, Wanted

DOCTYPE = "Tracing Case"
PAGE = "tracing-work"
MOST_DAYS = 90


@frappe.whitelist()
def watch(
	name: str = "mine", team: str = "", officer: str = "", text: str = "", days: int = 0, limit: int = 50
) -> dict[str, Any]:
	"""The head of a list, the counts of all lists, and the names of the people in it; asked again while it is watched.

	Policy: TRC-08, TRC-10, TRC-11, TRC-16, TRC-23
	"""
	frappe.has_permission(DOCTYPE, "read", throw=True)
	now, looking = config.now_epoch(), work_lists.watcher(frappe.session.user)
	wanted = Wanted(
		name if name in work_lists.LISTS else work_lists.MINE,
		*(cstr(given).strip()[:140] for given in (team, officer, text)),
		min(max(cint(days), 0), MOST_DAYS),
		cint(limit),
	)
	lists = Lists(looking, now, wanted.days or None)
	rows = lists.rows(wanted)
	tickets = hd_ticket.facts_by_name(row.ticket for row in rows)
	return {
		"list": wanted.name,
		"counts": lists.counts(),
		"rows": [_row(row, tickets[cstr(row.ticket)].subject, looking) for row in rows],
		"page": work_lists.PAGE,
		"most": work_lists.MOST,
		"days": lists.days,
		"regulator": rules.settings().regulator or _("Second clock"),
		"follow_up_days": cint(rules.settings().follow_up_days),
		"people": _people(rows),
		"groups": work_lists.groups() if looking.sees_all else list(looking.teams),
		"sees_all": looking.sees_all,
		"is_on": rules.is_on(),
		"now_epoch": now,
	}


def _row(row: frappe._dict, subject: str, looking: work_lists.Watcher) -> dict[str, Any]:
	row.subject = subject or row.title
	row.is_new = not work_lists.is_seen(row, looking.user)
	row.may_accept = not row.accepted_epoch and row.team in looking.teams
	del row["_seen"]
	return row


def _people(rows: list[frappe._dict]) -> dict[str, str]:
	users = {user for row in rows for user in (row.officer, row.passed_by) if user}
	if not users:
		return {}
	return dict(frappe.get_all("User", {"name": ("in", sorted(users))}, ["name", "full_name"], as_list=True))


def _card(name: str) -> dict[str, Any]:
	frappe.has_permission(DOCTYPE, "read", throw=True)
	lists = Lists(work_lists.watcher(frappe.session.user), config.now_epoch())
	return {
		"value": lists.count(name),
		"fieldtype": "Int",
		"route": [PAGE, name],
	}


@frappe.whitelist()
def my_tickets(filters: str | list | dict | None = None) -> dict[str, Any]:
	"""Policy: TRC-10"""
	return _card("mine")


@frappe.whitelist()
def untaken(filters: str | list | dict | None = None) -> dict[str, Any]:
	"""Policy: TRC-10"""
	return _card("untaken")


@frappe.whitelist()
def urgent(filters: str | list | dict | None = None) -> dict[str, Any]:
	"""Policy: TRC-16"""
	return _card("urgent")


@frappe.whitelist()
def due_this_week(filters: str | list | dict | None = None) -> dict[str, Any]:
	"""Policy: TRC-03"""
	return _card("due_this_week")


@frappe.whitelist()
def passed_on(filters: str | list | dict | None = None) -> dict[str, Any]:
	"""Policy: TRC-11"""
	return _card("passed_on")


@frappe.whitelist()
def not_updated(filters: str | list | dict | None = None) -> dict[str, Any]:
	"""Policy: TRC-23"""
	return _card("not_updated")


@frappe.whitelist()
def no_follow_up(filters: str | list | dict | None = None) -> dict[str, Any]:
	"""Policy: TRC-08"""
	return _card("no_follow_up")


@frappe.whitelist()
def answered(filters: str | list | dict | None = None) -> dict[str, Any]:
	"""Policy: TRC-12"""
	return _card("answered")


@frappe.whitelist()
def at_hand() -> dict[str, Any]:
	"""The tracing standards, the guidelines and the mode, for the head of the workspace.

	Policy: TRC-06, TRC-15
	"""
	frappe.has_permission(DOCTYPE, "read", throw=True)
	settings, mode = rules.settings(), config.mode()
	return {
		"is_on": rules.is_on(),
		"mode": mode,
		"mode_label": _(mode, context="Core Helpdesk Settings"),
		"standards": screen.standards(),
		"guidelines": (shown.in_arabic() and settings.guidelines_ar) or settings.guidelines or "",
		"may_set": roles.holds(roles.QA_SPECIALIST),
	}


@frappe.whitelist()
def of_ticket(ticket: str | int) -> dict[str, Any]:
	"""The case of a ticket if this user may read it, and whether they may open one by hand.

	Policy: TRC-02
	"""
	frappe.has_permission("HD Ticket", "read", cstr(ticket), throw=True)
	found = records.of_ticket(ticket)
	if found and frappe.has_permission(DOCTYPE, "read", found.name):
		case = frappe.db.get_value(DOCTYPE, found.name, ["name", "status", "due_on", "officer"], as_dict=True)
		return {**case, "officer_name": get_fullname(case.officer) if case.officer else "", "may_open": False}
	return {"name": "", "may_open": not found and rules.is_on() and _may_open()}


def _may_open() -> bool:
	"""Members of a tracing group and supervisors; whether this ticket may have a case is asked when it is opened."""
	user = frappe.session.user
	if roles.holds(roles.SUPPORT_SUPERVISOR, user):
		return True
	return bool(set(work_lists.watcher(user).teams) & set(rules.network().groups))
