"""Taking a case, handing it over, and opening one by hand: acts of the people of its groups.

Authority goes with the ticket: whoever is in its group may accept it and hand it on. The case given to an act is locked.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import frappe
from frappe import _
from frappe.utils import escape_html, get_fullname

from core_helpdesk import config, permissions
from core_helpdesk.domain import tracing_legs
from core_helpdesk.domain.tracing import destination, rule
from core_helpdesk.escalations.case import invalid, must_say, refuse
from core_helpdesk.hosts import group_stages, hd_team, hd_ticket
from core_helpdesk.stored_text import as_text
from core_helpdesk.tracing import following, records, rights, rules, ticket_gate, work
from core_helpdesk.tracing.opening import Came

if TYPE_CHECKING:
	from frappe.model.document import Document

	from core_helpdesk.domain.tracing import Network, Standing


class Offer(NamedTuple):
	"""A group to which a case may go; `why` says in words what recommends it, if anything does."""

	team: str
	country: str
	is_tracing: bool
	why: str = ""


def accept(case: Document, now: int) -> None:
	"""The present user takes the case for the group that has it; from a colleague with an update that says so.

	Raises: PermissionError for others than its members, ValidationError for a closed case.
	Policy: TRC-09, TRC-10
	"""
	user = frappe.session.user
	must_be_open(case)
	if not hd_team.is_member(rights.team_of(case), user):
		refuse(_("Only members of the group {0} may take this case.").format(rights.team_of(case)))
	if may_take_over(case, user):
		work.note(case, "Taken over from", get_fullname(case.officer), now)
	take(case, user, now)


def may_take_over(case: Document, user: str) -> bool:
	"""Whether a colleague has the case, whom a member of the group replaces by taking it.

	Policy: TRC-10
	"""
	is_others = bool(case.officer) and case.officer != user
	return is_others and hd_team.is_member(rights.team_of(case), user)


def take(case: Document, user: str, now: int) -> None:
	"""Notes who took the case; the first acceptance of a leg stays, its officer may change.

	Units: seconds since the epoch.
	"""
	records.put_legs(case, tracing_legs.accepted(records.legs_of(case), now, user))
	case.officer = user
	records.save(case)


def hand_over(case: Document, team: str, reason: str, now: int) -> None:
	"""Hands case and ticket to another group, with a reason; the case follows with its next leg.

	Raises: PermissionError for others than supervisors and the members of the group that has the ticket,
	ValidationError for a group that the route does not lead to, with the right one, and for a case that may not leave
	for abroad yet, with all that is missing.
	Policy: TRC-04, TRC-09, TRC-11, TSM-12
	"""
	user = frappe.session.user
	must_move(case, user)
	must_be_open(case)
	reason = must_say(reason, _("Reason"))
	must_take_tickets(team, case)
	hd_ticket.set_team(case.ticket, team, passing=Came(rights.team_of(case), user, as_text(reason)))
	case.reload()
	if case.team != team:
		# Following is never allowed to fail a ticket's save, but an act must say so.
		frappe.throw(_("The case could not follow its ticket. Please try again."), title=_("Not Handed Over"))


def must_move(case: Document, user: str) -> None:
	"""Raises: PermissionError for others than supervisors and the members of the group that has the ticket.

	While another, hidden one looks after it, the case stays with its group, but the ticket is not theirs to move.
	Policy: TRC-09, TSM-12
	"""
	team = hd_ticket.facts(case.ticket, for_update=True).team
	if hd_team.is_hidden(team):
		ticket_gate.must_have_authority(team, user)
	else:
		rights.must_work(case, user)


def must_take_tickets(team: str, case: Document) -> None:
	"""Raises: ValidationError unless the ticket of this case may go to that group now."""
	if not team or not frappe.db.exists(hd_team.TEAM, team) or team in permissions.concealed_from():
		invalid(_("There is no group {0}.").format(escape_html(team or "")))
	door = hd_team.door(team)
	if door.is_hidden or door.stage:
		invalid(_("The group {0} takes no tickets.").format(escape_html(team)))
	if team == rights.team_of(case):
		invalid(_("The ticket is in the group {0} already.").format(escape_html(team)))
	ruling = ticket_gate.ruling_of(case.name, standing_now(case), team)
	if not ruling.is_allowed and rules.is_live():
		frappe.throw(ticket_gate.in_words(team, ruling, case.name), title=_("Another Group"))


def standing_now(case: Document) -> Standing:
	"""Where the case stands, by the group that the stored ticket is in."""
	return replace(records.standing_of(case), team=rights.team_of(case))


def must_be_open(case: Document) -> None:
	if case.status == records.CLOSED:
		invalid(_("This case is closed."))


def offered_groups(case: Document) -> list[Offer]:
	"""The groups to which the route leads: the recommended one, other tracing groups, then sections, by name.

	Those abroad also while the case lacks data that it needs there: choosing one says what is missing.
	Policy: TRC-09
	"""
	network, standing = rules.network(), standing_now(case)
	closed = {*permissions.concealed_from(), *hd_team.hidden_teams(), *group_stages.closed_groups()}
	names = frappe.get_all(hd_team.TEAM, pluck="name", order_by="name")
	open_ones = [team for team in names if team not in closed and team != standing.team]
	site, best = config.site_rules(), recommended(network, standing)
	offers = [
		Offer(team, site.group(team).country, network.is_tracing(team), why(team, best, network))
		for team in open_ones
		if rule(network, standing, team).is_allowed or not rules.is_live()
	]
	return sorted(offers, key=lambda offer: (not offer.why, not offer.is_tracing))


def recommended(network: Network, standing: Standing) -> str:
	"""The group abroad that headquarters hands this case to; from anywhere else headquarters."""
	if standing.team != network.headquarters:
		return network.headquarters
	return destination(network, standing.countries)[0]


def why(team: str, best: str, network: Network) -> str:
	if team != best:
		return ""
	return _("Headquarters") if team == network.headquarters else _("Country of the shipment")


def countries_without_group(case: Document) -> tuple[str, ...]:
	"""The countries of the shipment, other than home, that have no tracing group: headquarters keeps their cases.

	Policy: TRC-09
	"""
	return destination(rules.network(), records.standing_of(case).countries)[1]


def open_by_hand(ticket: str, now: int) -> str:
	"""Opens the case of a ticket for a member of a tracing group or a Support Supervisor; returns its name.

	A ticket outside the tracing groups is handed to headquarters by it.

	Raises: PermissionError, ValidationError
	Policy: TRC-01, TRC-02
	"""
	user = frappe.session.user
	# Nobody holds a ticket's lock whose case they may not open.
	must_open(hd_ticket.facts(ticket), user)
	facts = hd_ticket.facts(ticket, for_update=True)
	if not facts.is_live:
		invalid(_("The ticket {0} is closed or merged: reopen it first.").format(facts.name))
	present = records.open_of(facts.name)
	if present:
		return present.name
	network = rules.network()
	if network.is_tracing(facts.team):
		is_own = hd_team.is_member(facts.team, user)
		following.follow(facts.name, now, lambda: Came(passed_by="" if is_own else user))
	else:
		how = Came(facts.team, user, _("Opened by hand"))
		hd_ticket.set_team(facts.name, network.headquarters, passing=how)
	opened = records.open_of(facts.name)
	if not opened:
		frappe.throw(_("The case could not be opened. Please try again."), title=_("Not Opened"))
	return opened.name


def must_open(facts: hd_ticket.TicketFacts, user: str) -> None:
	"""Raises: PermissionError unless this user may open the case of this ticket; ValidationError where nothing is traced."""
	if not rules.is_on():
		invalid(_("Nothing is traced: the app is switched off, or Tracing Settings name no headquarters."))
	is_supervisor = rights.is_supervisor(user)
	if not (is_supervisor or hd_team.teams_of(user) & set(rules.network().groups)):
		refuse(_("Only members of a tracing group and Support Supervisors may open a tracing case."))
	if not facts.exists or not (is_supervisor or may_read(facts.name)):
		refuse(_("There is no such ticket, or you may not read it."))


def may_read(ticket: str) -> bool:
	return bool(frappe.has_permission(hd_ticket.DOCTYPE, "read", doc=ticket))


def taken_by_assignment(ticket: str, user: str, now: int) -> None:
	"""Somebody of the group took a ticket on the host: they have taken its case as well.

	Policy: TRC-10
	"""
	row = records.open_of(ticket)
	if row and hd_team.is_member(row.team, user):
		case = records.locked(row.name)
		if case.status != records.CLOSED and case.officer != user:
			take(case, user, now)
