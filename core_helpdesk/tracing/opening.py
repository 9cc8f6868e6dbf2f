"""A case opens when its ticket reaches a tracing group, and again when the ticket comes back.

Opening runs inside the ticket's save: rows by statement, two of its own for the name, no document.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, NamedTuple

import frappe
from frappe.model.naming import make_autoname
from frappe.utils import cstr

from core_helpdesk import config
from core_helpdesk.domain import tracing_legs, tracing_terms
from core_helpdesk.domain.tracing import Standing
from core_helpdesk.escalations import tables, tracing_clock
from core_helpdesk.escalations.transactions import logged_on_failure
from core_helpdesk.hosts import hd_ticket, ticket_customer
from core_helpdesk.mail.language import site_language
from core_helpdesk.stored_text import as_text
from core_helpdesk.tracing import case_data, news, records, rules, timing

if TYPE_CHECKING:
	from frappe.model.document import Document

	from core_helpdesk.config import SiteRules
	from core_helpdesk.domain.tracing_legs import Legs
	from core_helpdesk.hosts.hd_ticket import TicketFacts

SERIES = "TC-.YYYY.-.#####"
# What a case forgets that goes on after it was closed.
OF_THE_END = (
	"closed_on",
	"closed_by",
	"closing",
	"closing_reason",
	"answer",
	"answered_on",
	"solved_on",
	"solved_by",
	"confirmation_key",
)


class Came(NamedTuple):
	"""How a ticket came to its group: from which, by whom if a person passed it on, and why.

	`is_seen` is False where it was only found there, and its customer has heard nothing for long.
	"""

	from_team: str = ""
	passed_by: str = ""
	reason: str = ""
	is_seen: bool = False


NOBODY_KNOWS = Came()


def open_case(facts: TicketFacts, at: int, came: Came = NOBODY_KNOWS) -> str:
	"""Opens the case of a ticket that is in a group; returns its name, empty if somebody else opened it just now.

	Units: seconds since the epoch.
	Policy: TRC-02, TRC-09
	"""
	site = config.site_rules()
	legs = timing.into_group((), at, facts.team, site, passed_by=came.passed_by, reason=came.reason)
	legs = (replace(legs[0], from_team=came.from_team),)
	name = make_autoname(SERIES)
	values = {"name": name, **_identity(facts), **_beginning(facts.team, at, legs, site)}
	values["faults"] = len(case_data.faults(frappe._dict(values)))
	# A second save that comes here at the same time finds the ticket's key taken.
	if not tables.insert(records.DOCTYPE, tuple(values), [tuple(values.values())]):
		return ""
	records.insert_legs(name, legs)
	records.insert_cycle(name, 1, at, values["due_epoch"])
	# Without a calendar, say, there is no count; the case is worked all the same, and reconcile tries again.
	with logged_on_failure(f"Clock of the tracing case {name} not begun"):
		tracing_clock.begin(facts.name, facts.team, facts.category, at, at)
	if came.is_seen:
		news.later(name, news.OPENED)
	return name


def _identity(facts: TicketFacts) -> dict[str, Any]:
	customer = ticket_customer.of(facts.name)
	# Written past the framework's cleaning.
	name, email, phone = (as_text(said)[:140] for said in (customer.name, customer.email, customer.phone))
	return {
		"ticket": facts.name,
		"open_ticket": facts.name,
		"title": f"{facts.name} · {name}"[:140] if name else facts.name,
		"customer_email": email or None,
		"customer_name": name or None,
		"customer_phone": phone or None,
		"language": customer.language or site_language(),
	}


def _beginning(team: str, at: int, legs: Legs, site: SiteRules) -> dict[str, Any]:
	return {
		"status": records.OPEN,
		"cycle": 1,
		"handed_to": handed_to(Standing(""), team) or None,
		**place(team, site),
		**timing.shown(opened=at, last_update=at),
		**timing.columns(at, legs, site),
	}


def place(team: str, site: SiteRules) -> dict[str, Any]:
	"""The group that has the case, with the department and the country whose heads may read it."""
	group = site.group(team) if team else None
	return {
		"team": team or None,
		"department": (group.department or None) if group else None,
		"country": (group.country or None) if group else None,
	}


def handed_to(standing: Standing, team: str) -> str:
	"""The country that a case counts as handed to where nobody watched it come to this group."""
	network = rules.network()
	if network.is_abroad(team):
		return network.country_of(team)
	return "" if team == network.headquarters else standing.handed_to


def reopen(case: Document, now: int) -> None:
	"""A closed case goes on with its ticket: in a new cycle if the customer had confirmed it, else in the same.

	The case is locked; saves it.
	Units: seconds since the epoch.
	Policy: TRC-03, TRC-12
	"""
	facts, site = hd_ticket.facts(case.ticket), config.site_rules()
	cycles = tracing_terms.reopened(records.cycles_of(case), now)
	opened, is_next = cycles[-1].opened, len(cycles) > len(case.cycles)
	case.update({**dict.fromkeys(OF_THE_END), **place(facts.team, site), "status": records.OPEN})
	case.update(
		{
			"open_ticket": cstr(case.ticket),
			"handed_to": handed_to(records.standing_of(case), facts.team) or None,
			"officer": None,
			"cycle": cycles[-1].number,
			"confirmation_asked_epoch": 0,
			"reminders_sent": 0,
			"reminded_epoch": 0,
		}
	)
	_go_on(case, facts.team, now, opened, site)
	handling = tracing_legs.handling(records.legs_of(case))
	team = handling.team if handling else facts.team
	_put_cycle(case, cycles[-1], is_next=is_next)
	records.save(case)
	with logged_on_failure(f"Clock of the tracing case {case.name} not taken up"):
		if is_next:
			tracing_clock.begin(facts.name, team, facts.category, opened, now)
		else:
			tracing_clock.resume(facts.name, team, now)


def _go_on(case: Document, team: str, now: int, opened: int, site: SiteRules) -> None:
	"""A leg begins in the group that the ticket is in, and the moments follow."""
	legs = tracing_legs.ended(records.legs_of(case), now)
	if team:
		legs = timing.into_group(legs, now, team, site)
	records.put_legs(case, legs)
	case.update({**timing.shown(opened=opened, last_update=now), **timing.columns(opened, legs, site)})


def _put_cycle(case: Document, cycle: tracing_terms.Cycle, *, is_next: bool) -> None:
	row = case.append("cycles", {"number": cycle.number}) if is_next else case.cycles[-1]
	row.update(
		{
			**timing.shown(opened=cycle.opened, solved=0, closed=0, due=case.due_epoch),
			"closing": None,
			"answer": None,
		}
	)
