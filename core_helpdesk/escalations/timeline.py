"""What the Desk and the agent pages show of a ticket: clock, stays in groups, escalations, and why it is due when.

Plain translated data. Who is outside Ticketing System Management and not named learns that a ticket escalated,
but neither to whom nor what came of it.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import frappe
from frappe import _
from frappe.utils import cstr, get_system_timezone, get_url_to_form

from core_helpdesk import config
from core_helpdesk.domain import clock as clocks
from core_helpdesk.escalations import actions, again, contacts, explanation, rows
from core_helpdesk.escalations import case as cases
from core_helpdesk.hosts import hd_ticket

if TYPE_CHECKING:
	from collections.abc import Sequence

	from core_helpdesk.config import SiteRules
	from core_helpdesk.escalations.rows import Row

ESCALATION = cases.ESCALATION
LEG_FIELDS = (
	"team",
	"cycle",
	"entered_at",
	"left_at",
	"from_epoch",
	"held_seconds",
	"counted_seconds",
	"paused_seconds",
	"levels_reached",
)
ESCALATION_FIELDS = (
	"name",
	"clock",
	"status",
	"level",
	"cycle",
	"target",
	"late_seconds",
	"escalated_at",
	"due_at",
	"answer_due_at",
	"head",
	"tsm_owner",
	"team",
	"department",
	"country",
)


def of_ticket(ticket: str, user: str, now: int) -> dict[str, Any]:
	"""The timeline of a ticket for a user who may read it."""
	escalations = _escalations(ticket)
	sees_inside = _sees_inside(escalations, user)
	row = rows.read(ticket)
	rules = config.site_rules()
	return {
		"now_epoch": now,
		"clock": _clock(row, rules, now, sees_inside=sees_inside) if row and row.clock.cycle else None,
		"no_clock_reason": _no_clock_reason(ticket, row, rules, now),
		"tracing": _tracing(ticket, rules),
		"legs": _legs(ticket, now),
		"escalations": [_inside(each) if sees_inside else _outside(each) for each in escalations],
		"explanation": _running_explanation(row, rules) if row else [],
	}


def of_escalation(name: str, user: str, now: int) -> dict[str, Any]:
	"""The same for the form of an escalation, with what this user may do and whom TSM may contact."""
	escalation = cases.readable(name)
	shown = of_ticket(escalation.reference_name, user, now)
	kept = frappe.db.get_value(ESCALATION, name, "explanation")
	shown["explanation"] = lines_of(json.loads(kept)) if kept else []
	offered = actions.available(escalation, user)
	if again.may_send_again(user) and again.of_escalation(name):
		offered.append("send_again")
	shown["escalation"] = {
		"actions": offered,
		"unconfirmed": contacts.unconfirmed(name),
		"contacts": contacts.of_escalation(name),
	}
	return shown


def _escalations(ticket: str) -> list[frappe._dict]:
	named = {"reference_doctype": hd_ticket.DOCTYPE, "reference_name": cstr(ticket)}
	return frappe.get_all(ESCALATION, named, list(ESCALATION_FIELDS), order_by="cycle, level")


def _sees_inside(escalations: Sequence[frappe._dict], user: str) -> bool:
	return any(cases.may_read(escalation, user) for escalation in escalations)


def _inside(escalation: frappe._dict) -> dict[str, Any]:
	return {
		"name": escalation.name,
		"clock": escalation.clock,
		"clock_label": _clock_label(escalation),
		"url": get_url_to_form(ESCALATION, escalation.name),
		"level": escalation.level,
		"cycle": escalation.cycle,
		"target": _(escalation.target),
		"status": escalation.status,
		"status_label": _(escalation.status, context=ESCALATION),
		"late_seconds": escalation.late_seconds,
		"escalated_at": _text(escalation.escalated_at),
		"due_at": _text(escalation.due_at),
		"answer_due_at": _text(escalation.answer_due_at),
		"head_name": full_name(escalation.head),
		"owner_name": full_name(escalation.tsm_owner),
		"unconfirmed": contacts.unconfirmed(escalation.name),
	}


def _outside(escalation: frappe._dict) -> dict[str, Any]:
	"""Policy: TSM-12"""
	is_open = escalation.status in (*cases.OPEN, "Failed")
	return {
		"clock": escalation.clock,
		"clock_label": _clock_label(escalation),
		"level": escalation.level,
		"cycle": escalation.cycle,
		"target": _("Management"),
		"status": "Received" if is_open else "Closed with Ticket",
		"status_label": _("Escalated") if is_open else _("Ended"),
		"late_seconds": 0,
		"escalated_at": _text(escalation.escalated_at),
		"due_at": _text(escalation.due_at),
	}


def _clock_label(escalation: frappe._dict) -> str:
	"""What is escalated where it is not the ticket in its group."""
	return _("Tracing") if escalation.clock == rows.TRACING else ""


def full_name(user: str | None) -> str:
	return (frappe.get_cached_value("User", user, "full_name") or user) if user else ""


def _text(moment: datetime | None) -> str:
	return moment.strftime("%Y-%m-%d %H:%M:%S") if moment else ""


def _clock(row: Row, rules: SiteRules, now: int, *, sees_inside: bool) -> dict[str, Any]:
	clock = row.clock
	level = clocks.current_level(clock, rules)
	state = rows.state_of(clock)
	return {
		"name": row.name if sees_inside else "",
		"state": state,
		"state_label": _(state, context=rows.DOCTYPE),
		"team": clock.group,
		"group_since": _text(config.from_epoch(row.since)),
		"cycle": clock.cycle,
		"level": clock.level,
		"due_epoch": clock.due,
		"due_at": _text(config.from_epoch(clock.due)),
		"next_target": _(level.target) if level and sees_inside else "",
		"policy": clock.policy,
		"calendar": clock.calendar if level and level.kind.has_calendar else "",
		"allowed_seconds": level.seconds if level else 0,
		"counted_seconds": clocks.counted(clock, now, rules) if level else 0,
		"stuck_reason": row.stuck_reason if sees_inside else "",
	}


def _tracing(ticket: str, rules: SiteRules) -> dict[str, Any] | None:
	"""The own clock of the ticket's tracing case, beside that of its group; None without one.

	Policy: TRC-03
	"""
	row = rows.read(ticket, rows.TRACING)
	if row is None:
		return None
	state = rows.state_of(row.clock)
	return {
		"state": state,
		"state_label": _(state, context=rows.DOCTYPE),
		"level": row.clock.level,
		"cycle": row.clock.cycle,
		"due_epoch": row.clock.due,
		"due_at": _text(config.from_epoch(row.clock.due)),
		"policy": row.clock.policy,
		"explanation": _running_explanation(row, rules),
	}


def _no_clock_reason(ticket: str, row: Row | None, rules: SiteRules, now: int) -> str:
	"""Why nothing is counted, for whoever wonders; empty while a clock runs."""
	if row and row.clock.cycle:
		return ""
	team = hd_ticket.facts(ticket).team
	if config.mode() == config.OFF:
		return _("Escalation is switched off.")
	if not team:
		return _("The ticket is in no group.")
	if not rules.group(team).is_governed(now):
		return _("The group {0} has no clocks yet.").format(team)
	return _("The ticket came to its group before clocks were started.")


def _legs(ticket: str, now: int) -> list[dict[str, Any]]:
	named = {"reference_doctype": hd_ticket.DOCTYPE, "reference_name": cstr(ticket)}
	found = frappe.get_all("Ticket Leg", named, list(LEG_FIELDS), order_by="from_epoch, creation")
	return [_leg(leg, now) for leg in found]


def _leg(leg: frappe._dict, now: int) -> dict[str, Any]:
	open_for = max(0, now - leg.from_epoch) if not leg.left_at else leg.held_seconds
	return {
		"team": leg.team,
		"cycle": leg.cycle,
		"entered_at": _text(leg.entered_at),
		"left_at": _text(leg.left_at),
		"held_seconds": open_for,
		"counted_seconds": leg.counted_seconds,
		"paused_seconds": leg.paused_seconds,
		"levels_reached": leg.levels_reached,
	}


def _running_explanation(row: Row, rules: SiteRules) -> list[dict[str, Any]]:
	"""Why the running count is due when it is."""
	if not row.clock.due:
		return []
	return lines_of(explanation.explain(row.clock, row.clock.due, rules))


def of_clock(name: str) -> list[dict[str, Any]]:
	"""Why a clock is due when it is, line by line."""
	row = rows.named(name)
	return _running_explanation(row, config.site_rules()) if row else []


def lines_of(facts: dict[str, Any]) -> list[dict[str, Any]]:
	"""One line per local date of working time, or one per stretch of time by the clock; pauses between them.

	Every line names the zone that its hours are in: the calendar's, or the site's for time by the clock.
	"""
	if not facts:
		return []
	if facts.get("lines"):
		zone = ZoneInfo(facts["zone"])
		return [_day(line, zone) for line in facts["lines"]]
	return [_stretch(span) for span in facts.get("spans", [])]


def _day(line: dict[str, Any], zone: ZoneInfo) -> dict[str, Any]:
	reason = _(line["reason"]) if line["reason"] else ""
	if line.get("estimated"):
		reason = _("{0} (estimated)").format(reason)
	return {
		"day": line["day"],
		"zone": zone.key,
		"kind": line["kind"],
		"seconds": line["seconds"],
		"reason": reason,
		"spans_text": ", ".join(_hours(span, zone) for span in line["counted"]),
	}


def _hours(span: Sequence[int], zone: ZoneInfo) -> str:
	start, end = (datetime.fromtimestamp(moment, zone).strftime("%H:%M") for moment in span)
	return f"{start}–{end}"


def _stretch(span: Sequence[int]) -> dict[str, Any]:
	"""A stretch counted by the clock, in the site's own time like the other moments shown."""
	start, end = (config.from_epoch(moment) for moment in span)
	same_day = start.date() == end.date()
	return {
		"day": start.date().isoformat(),
		"zone": get_system_timezone(),
		"kind": "clock",
		"seconds": span[1] - span[0],
		"reason": _("Counted by the clock, day and night"),
		"spans_text": start.strftime("%H:%M–") + (end.strftime("%H:%M") if same_day else ""),
		"until": "" if same_day else _text(end),
	}
