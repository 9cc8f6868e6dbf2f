"""What each kind of effect does. Everything here happens in the transaction that ticks the effect off."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import frappe
from frappe import _

from core_helpdesk import config
from core_helpdesk.escalations import digest, gaps, last_look, owner, rows
from core_helpdesk.escalations.outbox import (
	COPY_MAIL,
	GAP_REPORT,
	MOVE_TICKET,
	NOTICE,
	TICKET_COMMENT,
	TSM_OWNER,
	WARNING,
)
from core_helpdesk.escalations.outcome import PENDING, Outcome, done, skipped
from core_helpdesk.hosts import hd_ticket
from core_helpdesk.mail import delivery, language, letters, moments, notices, outgoing

if TYPE_CHECKING:
	from collections.abc import Callable

# Records of ours, made in Observe as well: they reach nobody outside.
RECORDS = frozenset({GAP_REPORT, TSM_OWNER})


def do(effect: frappe._dict, now: int) -> Outcome:
	"""Carries the effect out, unless the mode or a last look says no."""
	no = "" if effect.kind in RECORDS else last_look.mode_says_no()
	if no:
		return _leave(effect, no)
	return KINDS[effect.kind](effect, now)


def _leave(effect: frappe._dict, why: str) -> Outcome:
	if effect.kind == COPY_MAIL:
		delivery.not_sent(effect.ticket_escalation, effect.recipient, why)
	return skipped(why)


def copy_mail(effect: frappe._dict, now: int) -> Outcome:
	escalation = last_look.escalation_of(effect)
	ticket = last_look.ticket_of(escalation)
	over = last_look.over(escalation, ticket)
	if over:
		return _leave(effect, over)
	if digest.is_storm(effect):
		digest.ensure(effect.sweep, effect.recipient, now)
		return Outcome(PENDING, "Waits for Digest")
	mail = outgoing.queue(letters.copy_of_ticket(escalation, ticket, effect.recipient))
	delivery.queued([escalation.name], effect.recipient, mail, now, after_failure=effect.attempts > 0)
	return done(mail.email_queue)


def notice(effect: frappe._dict, now: int) -> Outcome:
	escalation = last_look.escalation_of(effect)
	over = last_look.over_now(escalation)
	if over:
		return skipped(over)
	delivery.noticed(escalation.name, effect.recipient, now)
	return done(notices.of_escalation(escalation, effect.recipient))


def warning(effect: frappe._dict, now: int) -> Outcome:
	"""Policy: CORE-04, TRC-03 (the group is warned before its time, or the case's, is used up)"""
	facts = json.loads(effect.payload or "{}")
	over = last_look.warning_over(effect, facts.get("team", ""))
	if over:
		return skipped(over)
	row = rows.named(effect.ticket_clock)
	ticket, due = hd_ticket.facts(row.ticket), facts.get("due", 0)
	if row.kind == rows.TRACING:
		team = row.clock.group
		warned = notices.of_case_warning(hd_ticket.agents_of(team), ticket.name, ticket.subject, team, due)
	else:
		members = hd_ticket.agents_of(ticket.team)
		warned = notices.of_warning(members, ticket.name, ticket.subject, ticket.team, due)
	return done(f"{warned}") if warned else skipped("No Members")


def ticket_comment(effect: frappe._dict, now: int) -> Outcome:
	"""A comment that the ticket's agents read; it names no hidden group.

	Policy: TSM-12
	"""
	escalation = last_look.escalation_of(effect)
	over = last_look.over_now(escalation)
	if over:
		return skipped(over)
	reader = letters.Reader("", language.site_language(), moments.zone_of_place(escalation.country))
	with language.speaking(reader.language):
		known = _("This ticket was escalated (level {0}): it was due in the group {1} on {2} ({3}).")
		if escalation.clock == rows.TRACING:
			known = _(
				"The tracing case of this ticket was escalated (level {0}): it was due on {2} ({3}), and is with the "
				"group {1}."
			)
		moment = reader.moment(escalation.due_epoch)
		text = known.format(escalation.level, escalation.team or "", moment, reader.zone.key)
	html = f"<p>{frappe.utils.escape_html(text)}</p>"
	return done(hd_ticket.add_internal_comment(escalation.reference_name, html))


def move_ticket(effect: frappe._dict, now: int) -> Outcome:
	"""Moves the ticket into the management group, and keeps the way back.

	Policy: TSM-05, TSM-12
	"""
	known = last_look.escalation_of(effect)
	if known is None:
		return skipped("Escalation Gone")
	# Lock order: the host's ticket first. What TSM did while it was waited for is read with it.
	ticket = hd_ticket.facts(known.reference_name, for_update=True)
	escalation = last_look.escalation_of(effect)
	over, team = last_look.over(escalation, ticket), config.settings().tsm_team
	if over or not team:
		return skipped(over or "No TSM Group")
	if ticket.team == team:
		return skipped("There Already")
	frappe.db.set_value(letters.ESCALATION, escalation.name, "previous_team", ticket.team or None)
	hd_ticket.set_team(ticket.name, team)
	return done(ticket.team)


def tsm_owner(effect: frappe._dict, now: int) -> Outcome:
	escalation = last_look.escalation_of(effect)
	over = last_look.over_now(escalation)
	return skipped(over) if over else owner.give(escalation, now)


def gap_report(effect: frappe._dict, now: int) -> Outcome:
	"""Reports what the set-up lacks, with where to mend it.

	Policy: QA-02
	"""
	gap = json.loads(effect.payload or "{}").get("gap", "")
	escalation = last_look.escalation_of(effect)
	if not gap or escalation is None:
		return skipped("Escalation Gone")
	gaps.report(gap, escalation)
	return done(gap)


KINDS: dict[str, Callable[[frappe._dict, int], Outcome]] = {
	COPY_MAIL: copy_mail,
	NOTICE: notice,
	WARNING: warning,
	TICKET_COMMENT: ticket_comment,
	MOVE_TICKET: move_ticket,
	TSM_OWNER: tsm_owner,
	GAP_REPORT: gap_report,
	digest.DIGEST_MAIL: digest.send,
}
