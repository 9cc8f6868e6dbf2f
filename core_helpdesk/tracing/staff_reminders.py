"""Reminds staff of cases: officers of what was not updated, is to be followed up, urgent or to be closed; whoever passed a
case on; and Support Supervisors where a reminder stayed without effect.

One notice and one mail to a person for each kind, however many cases: they list them. The cases of one officer, or of one
group where nobody has taken them, are marked and told of in one transaction; one that fails keeps no other back.
Policy: TRC-08, TRC-11, TRC-12, TRC-16, TRC-23
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import frappe
from frappe.utils import add_days, cint, flt

from core_helpdesk import config
from core_helpdesk.escalations import transactions
from core_helpdesk.hosts import hd_team
from core_helpdesk.mail import tracing_reminders as words
from core_helpdesk.setup import roles
from core_helpdesk.tracing import rules, staleness, urgency, work_lists

if TYPE_CHECKING:
	from collections.abc import Iterable, Sequence

DAY = 86_400
# Older ones have been reminded of as not updated.
FOLLOW_UP_DAYS = 7
BATCH = 500
COLUMNS = """w.name, w.ticket, w.team, w.officer, w.status, w.answer, w._seen, w.urgent_since, w.last_update_epoch,
	w.officer_reminded_epoch, w.follow_up_on"""
OPEN = "w.status in ('Open', 'Solved')"
LAST_UPDATE = staleness.LAST_UPDATE
OFFICER, SUPERVISOR = "officer_reminded_epoch", "supervisor_reminded_epoch"


class Kind(NamedTuple):
	"""What people are reminded of, and which of a case's marks says that they were."""

	told: words.Reminder
	marks: tuple[str, ...]
	supervisors: bool = False
	officers: bool = True


NOT_UPDATED = Kind(words.NOT_UPDATED, (OFFICER,))
FOLLOW_UP = Kind(words.FOLLOW_UP, (OFFICER,))
TO_CLOSE = Kind(words.TO_CLOSE, (OFFICER,))
URGENT = Kind(words.URGENT, (OFFICER, SUPERVISOR), supervisors=True)
WITHOUT_EFFECT = Kind(words.WITHOUT_EFFECT, (SUPERVISOR,), supervisors=True, officers=False)


def remind(now: int) -> int:
	"""Reminds everybody of what is due to be reminded of; returns of how many cases.

	Units: `now` is seconds since the epoch.
	Policy: TRC-08, TRC-11, TRC-16, TRC-23
	"""
	if config.stored_mode() != config.LIVE or not rules.is_live():
		return 0
	with transactions.logged_on_failure("Core Helpdesk: new tracing cases not looked at for urgency"):
		urgency.look_at_new(now)
	# The most pressing first: a case is told of once in a run.
	found = ((URGENT, _urgent(now)), (TO_CLOSE, _to_close(now)), (FOLLOW_UP, _follow_up(now)))
	told: set[str] = set()
	for kind, cases in (*found, (NOT_UPDATED, _not_updated(now)), (WITHOUT_EFFECT, _without_effect(now))):
		fresh = [case for case in cases if case.name not in told]
		told.update(case.name for case in fresh)
		_remind_of(kind, fresh, now)
		if kind is NOT_UPDATED:
			_remind_who_passed_on(fresh)
	return len(told)


# --- Which cases


def _cases(condition: str, values: dict[str, Any]) -> list[frappe._dict]:
	query = (
		f"select {COLUMNS} from `tabTracing Case` w where {OPEN} and {condition} order by w.due_epoch, w.name"
	)
	return frappe.db.sql(query, values, as_dict=True)  # nosemgrep: words of the code only


def _before(days: int, now: int, moment: str) -> tuple[str, dict[str, Any]]:
	"""SQL: `days` working days are over since the moment, in the calendar of whoever handles the case."""
	values: dict[str, Any] = {}
	found = staleness.cutoffs(work_lists.calendars(), days, now)
	return found.condition(moment, "w.calendar", values, "before"), values


def _not_updated(now: int) -> list[frappe._dict]:
	"""Reminded of again each time as many days have gone by."""
	days = cint(rules.settings().follow_up_days)
	if not days:
		return []
	return _cases(*_before(days, now, f"greatest({LAST_UPDATE}, w.{OFFICER})"))


def _without_effect(now: int) -> list[frappe._dict]:
	"""Policy: TRC-23"""
	days = cint(rules.settings().supervisor_days)
	if not days:
		return []
	over, values = _before(days, now, f"w.{OFFICER}")
	stayed = f"w.{OFFICER} > {LAST_UPDATE} and w.{SUPERVISOR} < w.{OFFICER}"
	return _cases(f"{stayed} and {over}", values)


def _to_close(now: int) -> list[frappe._dict]:
	"""Policy: TRC-12"""
	over, values = _before(1, now, f"greatest({LAST_UPDATE}, w.{OFFICER})")
	return _cases(f"w.status = 'Solved' and w.answer = 'Satisfied' and {over}", values)


def _follow_up(now: int) -> list[frappe._dict]:
	"""Those whose day has come, once each."""
	today = config.from_epoch(now).date()
	first = add_days(today, -FOLLOW_UP_DAYS)
	due = _cases("w.follow_up_on between %(first)s and %(today)s", {"first": first, "today": today})

	def is_new(case: frappe._dict) -> bool:
		day = config.to_epoch(f"{case.follow_up_on} 00:00:00")
		return max(cint(case.last_update_epoch), cint(case.officer_reminded_epoch)) < day

	return [case for case in due if is_new(case)]


def _urgent(now: int) -> list[frappe._dict]:
	"""Urgent ones that nobody of their group has opened since they became so.

	Policy: TRC-16
	"""
	hours = flt(rules.settings().urgent_hours)
	if hours <= 0:
		return []
	before = config.from_epoch(now - int(hours * 3600))
	found = _cases("w.urgent = 1 and w.urgent_since <= %(before)s", {"before": before})
	members = {team: hd_team.members(team) for team in {case.team or "" for case in found}}
	return [case for case in found if not _was_opened(case, members[case.team or ""])]


def _was_opened(case: frappe._dict, members: Iterable[str]) -> bool:
	since = config.to_epoch(case.urgent_since)
	if max(cint(case.last_update_epoch), cint(case.officer_reminded_epoch)) > since:
		return True
	seen = set(frappe.parse_json(case._seen or "[]"))
	return bool(seen.intersection(members))


# --- Whom


def _remind_of(kind: Kind, cases: Sequence[frappe._dict], now: int) -> None:
	everybody = roles.holders(roles.SUPPORT_SUPERVISOR) if kind.supervisors and cases else ()
	if not kind.officers:
		_told(kind, cases, everybody, now)
		return
	for (officer, team), theirs in _by_worker(cases).items():
		_told(kind, theirs, _who_works(officer, team), now)
	for supervisor in everybody:
		_tell(supervisor, kind.told, cases)


def _by_worker(cases: Iterable[frappe._dict]) -> dict[tuple[str, str], list[frappe._dict]]:
	found = defaultdict(list)
	for case in cases:
		found[case.officer or "", case.team or ""].append(case)
	return found


def _who_works(officer: str, team: str) -> tuple[str, ...]:
	"""The officer; while there is none who can sign in, everybody in the group."""
	if officer and frappe.db.get_value("User", officer, "enabled"):
		return (officer,)
	return hd_team.members(team)


def _told(kind: Kind, cases: Sequence[frappe._dict], users: Iterable[str], now: int) -> None:
	"""Marks the cases and tells of them, in one transaction."""
	if not cases:
		return
	with transactions.logged_on_failure("Core Helpdesk: staff not reminded of tracing cases"):
		_mark(kind.marks, [case.name for case in cases], now)
		for user in users:
			words.tell(user, kind.told, cases)
	frappe.db.commit()  # nosemgrep: the next officer is another matter


def _tell(user: str, told: words.Reminder, cases: Sequence[frappe._dict]) -> None:
	if not cases:
		return
	with transactions.logged_on_failure("Core Helpdesk: staff not reminded of tracing cases"):
		words.tell(user, told, cases)
	frappe.db.commit()  # nosemgrep: the next person is another matter


def _mark(marks: Iterable[str], names: Sequence[str], now: int) -> None:
	table = frappe.qb.DocType("Tracing Case")
	for first in range(0, len(names), BATCH):
		query = frappe.qb.update(table).where(table.name.isin(names[first : first + BATCH]))
		for mark in marks:
			query = query.set(table[mark], now)
		query.run()


def _remind_who_passed_on(cases: Sequence[frappe._dict]) -> None:
	"""Tells those who passed these cases to the groups that have not updated them.

	Policy: TRC-11
	"""
	by_name = {case.name: case for case in cases}
	passed = defaultdict(dict)
	leg = frappe.qb.DocType("Tracing Leg")
	for first in range(0, len(cases), BATCH):
		names = [case.name for case in cases[first : first + BATCH]]
		query = frappe.qb.from_(leg).select(leg.parent, leg.passed_by, leg.team).where(leg.parent.isin(names))
		for parent, user, _team in query.where(leg.passed_by.isnotnull() & (leg.passed_by != "")).run():
			passed[user][parent] = by_name[parent]
	for user, found in passed.items():
		own_groups = hd_team.teams_of(user)
		_tell(user, words.PASSED_ON, [case for case in found.values() if case.team not in own_groups])
