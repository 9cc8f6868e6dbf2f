"""A case follows its ticket: it opens with it in a tracing group, goes with it from group to group, ends and comes back.

Called for every change of a ticket that concerns tracing, after the host has written it; a ticket's clock is followed
after its case, which comes before it in the order of locks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe.utils import cstr

from core_helpdesk import config
from core_helpdesk.domain import tracing_legs
from core_helpdesk.domain.clock import TicketState
from core_helpdesk.domain.tracing import handed_to_after
from core_helpdesk.escalations import tracing_clock
from core_helpdesk.escalations.transactions import logged_on_failure, undone_on_failure
from core_helpdesk.hosts import hd_team, hd_ticket, ticket_guard, tsm_guard
from core_helpdesk.tracing import closing, news, opening, records, rules, timing
from core_helpdesk.tracing.opening import Came
from core_helpdesk.tracing.ticket_gate import CASELESS

if TYPE_CHECKING:
	from collections.abc import Callable

	from frappe.model.document import Document

	from core_helpdesk.domain.tracing_legs import Legs
	from core_helpdesk.hosts.hd_ticket import TicketFacts
	from core_helpdesk.tracing.records import Row

PASSING = "ch_passing"
FOLLOWED = ("agent_group", "status", "is_merged")
OPENED, REOPENED, MOVED, ENDED = "Opened", "Reopened", "Moved", "Ended"


def concerns(ticket: Document) -> bool:
	"""Whether a save of a ticket can be tracing's concern: it is in a tracing group, or what a case follows changed.

	Asks the database nothing.
	"""
	# Of this save alone: the same document may be saved again.
	is_caseless = ticket.flags.pop(CASELESS, None)
	if not rules.is_on():
		return False
	if rules.network().is_tracing(ticket.get("agent_group") or ""):
		return True
	before = ticket.get_doc_before_save()
	if not before or is_caseless:
		return False
	return any(cstr(ticket.get(field)) != cstr(before.get(field)) for field in FOLLOWED)


def came(ticket: Document) -> Came:
	"""How a ticket that is being saved comes to its group: an act says it itself, else whoever saves it passes it on.

	Policy: TRC-11
	"""
	said = ticket.flags.get(PASSING)
	if said:
		return said._replace(from_team=readable(said.from_team))
	previous, team = ticket_guard.group_before(ticket), ticket.get("agent_group") or ""
	previous = "" if previous == team else readable(previous)
	return Came(previous, passed_by(ticket, team, previous), is_seen=True)


def readable(team: str) -> str:
	"""A hidden group is no name for whoever may read the case.

	Policy: TSM-12
	"""
	return "" if hd_team.is_hidden(team) else team


def passed_by(ticket: Document, team: str, previous: str) -> str:
	"""The person who chose the group: no customer, no job and no rule of the host.

	Who makes a ticket in a group of their own passes nothing on.
	"""
	user = frappe.session.user
	if not tsm_guard.chosen_by_a_person() or tsm_guard.set_by_host_rule(ticket, team):
		return ""
	# Customers read their ticket, not what is written on its case.
	if frappe.get_cached_value("User", user, "user_type") != "System User":
		return ""
	return user if previous or not hd_team.is_member(team, user) else ""


def follow(ticket: str, at: int, how: Callable[[], Came] = Came) -> str:
	"""Brings the case of a ticket to what the host's row says now; returns what was done, empty for nothing.

	`how` is asked where the ticket came to another group; unless given, nobody knows.
	Units: seconds since the epoch.
	Policy: TRC-02, TRC-09, TRC-12
	"""
	facts, row = hd_ticket.facts(ticket), records.of_ticket(ticket)
	if not wanted(facts, row):
		return ""
	with undone_on_failure():
		row = records.lock(row.name) if row else None
		what = wanted(facts, row)
		if what == OPENED:
			opening.open_case(facts, at, how())
		elif what == REOPENED:
			opening.reopen(frappe.get_doc(records.DOCTYPE, row.name, for_update=True), at)
			if how().is_seen:
				news.later(row.name, news.REOPENED)
		elif what == MOVED:
			move(row, facts, at, how())
		elif what == ENDED:
			closing.follow(frappe.get_doc(records.DOCTYPE, row.name, for_update=True), facts, at)
		return what


def wanted(facts: TicketFacts, row: Row | None) -> str:
	"""What a case must do to agree with its ticket; empty if it does."""
	if row and not row.is_closed:
		if facts.finished or facts.state is TicketState.RESOLVED:
			return ENDED
		# The case of an escalated ticket that is looked after elsewhere stays with the group that must solve it.
		return MOVED if facts.team != row.team and not hd_team.is_hidden(facts.team) else ""
	if not facts.is_live or not facts.team:
		return ""
	if rules.network().is_tracing(facts.team):
		return REOPENED if row else OPENED
	return REOPENED if row and row.team == facts.team else ""


def move(row: Row, facts: TicketFacts, at: int, how: Came) -> None:
	"""The leg ends, and the next one begins in the group that the ticket is in.

	Policy: TRC-03, TRC-09, TRC-11
	"""
	site, network = config.site_rules(), rules.network()
	names, legs = records.stored_legs(row.name)
	at = max(at, legs[-1].left or legs[-1].assigned) if legs else at
	after = passed(legs, facts.team, at, how, site)
	records.write_legs(row.name, names, legs, after)
	values = opening.place(facts.team, site) | timing.columns(row.opened, after, site)
	# Nobody of the group that has it now has taken or seen it.
	values |= {"officer": None, "_seen": None}
	if facts.team:
		values["handed_to"] = handed_to_after(network, row.standing, facts.team) or None
	records.write(row.name, values)
	handling = tracing_legs.handling(after)
	if handling:
		with logged_on_failure(f"Clock of the tracing case {row.name} not passed on"):
			tracing_clock.pass_on(row.ticket, handling.team, at)
	if network.is_abroad(facts.team):
		news.later(row.name, news.HANDED_OVER)


def passed(legs: Legs, team: str, at: int, how: Came, site: config.SiteRules) -> Legs:
	"""The legs after a hand-over; a group that gives the case back has answered whoever had passed it on."""
	running = tracing_legs.current(legs)
	if running and running.from_team == team:
		legs = tracing_legs.replied(legs, at)
	if not team:
		return tracing_legs.ended(legs, at)
	return timing.into_group(legs, at, team, site, passed_by=how.passed_by, reason=how.reason)
