"""Keeps tickets on tracing's routes, and from being closed before their cases may be, whichever way a change comes in.

Judged by the stored ticket and its stored case. What a person chooses wrongly is refused, with the right group; what
anything else chooses is put right in the same save, and noted.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import cstr, escape_html

from core_helpdesk.domain.clock import TicketState
from core_helpdesk.domain.tracing import RouteReason, Ruling, Standing, leaves_for_abroad, rule
from core_helpdesk.escalations import findings, transactions
from core_helpdesk.hosts import group_stages, hd_team, hd_ticket, ticket_guard, ticket_status, tsm_guard
from core_helpdesk.stored_text import as_text
from core_helpdesk.tracing import case_data, closing_gate, records, rights, rules

if TYPE_CHECKING:
	from frappe.model.document import Document

	from core_helpdesk.tracing.records import Row

REROUTED = "Tracing Rerouted"
CASELESS, GUARDED = "ch_caseless", "ch_guarded"


def guard_again(ticket: Document) -> None:
	"""The same where something has changed the ticket since it was guarded in this save, as the host's own rules do."""
	if ticket.flags.get(GUARDED) != _what_counts(ticket):
		guard(ticket)


def guard(ticket: Document) -> None:
	"""Raises: ValidationError where a person chose a group that the route does not lead to, or closes too early.

	A save that changes neither group nor status asks the database nothing; any other one question.
	Policy: TRC-09, TRC-12, TRC-13
	"""
	if ticket.flags.ch_engine:
		return
	ticket.flags[GUARDED] = None
	_guard(ticket)
	ticket.flags[GUARDED] = _what_counts(ticket)


def _what_counts(ticket: Document) -> tuple[str, ...]:
	return tuple(cstr(ticket.get(field)) for field in ("agent_group", "status", "is_merged"))


def _guard(ticket: Document) -> None:
	is_moved, is_ending = _is_moved(ticket), _is_ending(ticket)
	if not (is_moved or is_ending) or not rules.is_on():
		return
	case = _case_of(ticket)
	if is_moved and case:
		ask_authority(ticket)
	if is_moved and rules.network().is_abroad(ticket.get("agent_group") or ""):
		keep_on_route(ticket, case)
	if is_moved and not case:
		refuse_brought_in_closed(ticket)
	if is_ending and case:
		closing_gate.guard(ticket, case.name)


def _case_of(ticket: Document) -> Row | None:
	"""The case of the stored ticket, if one is not closed; that it has none at all spares the following a look."""
	found = records.of_ticket(ticket.name) if ticket.get_doc_before_save() else None
	ticket.flags[CASELESS] = found is None
	return found if found and not found.is_closed else None


def _is_moved(ticket: Document) -> bool:
	return (ticket.get("agent_group") or "") != ticket_guard.group_before(ticket)


def _is_ending(ticket: Document) -> bool:
	"""Whether the stored ticket's status changes, or what says that it was merged."""
	before = ticket.get_doc_before_save()
	return bool(before) and any(
		cstr(ticket.get(field)) != cstr(before.get(field)) for field in ("status", "is_merged")
	)


def ask_authority(ticket: Document) -> None:
	"""Raises: PermissionError where a person moves a traced ticket that is not with a group of theirs.

	Authority to move it goes with it; Support Supervisors answer for all of tracing.
	Policy: TRC-09, TRC-11, TRC-23
	"""
	if not (rules.is_live() and _is_persons(ticket)) or frappe.session.user == "Administrator":
		return
	if not ticket.get("agent_group"):
		frappe.throw(
			_("A ticket that is traced needs a group: please choose the one that works on it next."),
			title=_("Another Group"),
		)
	must_have_authority(ticket_guard.group_before(ticket), frappe.session.user)


def must_have_authority(team: str, user: str) -> None:
	"""Raises: PermissionError for whoever may not move what is in this group; a hidden one is not named.

	Policy: TRC-09, TRC-23, TSM-12
	"""
	if not team or hd_team.is_member(team, user) or rights.is_supervisor(user):
		return
	if hd_team.is_hidden(team):
		message = _(
			"The ticket has been escalated, and whoever looks after it moves it on. Please write on the tracing case "
			"what you need, or ask a Support Supervisor to hand it over."
		)
	else:
		message = _(
			"Only members of the group {0}, in which the ticket is, and Support Supervisors may move it."
		).format(frappe.bold(escape_html(team)))
	frappe.throw(message, frappe.PermissionError, title=_("Not Permitted"))


def refuse_brought_in_closed(ticket: Document) -> None:
	"""Raises: ValidationError where a person brings a ticket to tracing and closes it in the same save.

	Policy: TRC-02, TRC-13
	"""
	if not (rules.is_live() and rules.network().is_tracing(ticket.get("agent_group") or "")):
		return
	if hd_ticket.state_of(ticket.get("status")) is TicketState.RESOLVED and _is_persons(ticket):
		frappe.throw(
			_(
				"What comes to a tracing group is traced: please assign the ticket first, and close it when it is solved."
			),
			title=_("Not to Be Closed Yet"),
		)


def _is_persons(ticket: Document) -> bool:
	"""Whether somebody of the staff chose the group; an import is put right as what a rule chooses is."""
	job = cstr((getattr(frappe.local, "job", None) or {}).get("method"))
	if frappe.flags.in_import or "data_import" in job:
		return False
	return group_stages.is_chosen(ticket, ticket.get("agent_group") or "")


def keep_on_route(ticket: Document, case: Row | None) -> None:
	"""Raises: ValidationError for a person's wrong choice.

	Policy: TRC-09
	"""
	team = ticket.agent_group
	# A part of a ticket that the group still has stays with it.
	if tsm_guard.split_from(ticket, team) and ticket_status.is_host_splitting():
		return
	ruling = ruling_for(ticket_guard.group_before(ticket), case, team)
	if ruling.is_allowed:
		return
	if not rules.is_live():
		note(ticket, team, ruling)
	elif _is_persons(ticket):
		refuse(team, ruling, case.name if case else "")
	else:
		tsm_guard.choose(ticket, ruling.instead)
		note(ticket, team, ruling)


def ruling_for(stands_in: str, case: Row | None, team: str) -> Ruling:
	"""Whether a ticket that stands in a group may go to another one."""
	standing = case.standing if case else Standing("")
	return ruling_of(case.name if case else "", replace(standing, team=stands_in), team)


def ruling_of(case: str, standing: Standing, team: str) -> Ruling:
	"""Whether a case may go to another group from where it stands: abroad with all its data only, as it is stored.

	Policy: TRC-04, TRC-09
	"""
	network = rules.network()
	ruling = rule(network, standing, team)
	if leaves_for_abroad(network, standing, team, ruling) and case_data.faults(stored(case)):
		return Ruling(False, network.headquarters, RouteReason.DATA_MISSING)
	return ruling


def stored(case: str) -> Document:
	return frappe.get_doc(records.DOCTYPE, case)


def refuse(team: str, ruling: Ruling, case: str) -> None:
	frappe.throw(in_words(team, ruling, case), title=_("Another Group"))


def in_words(team: str, ruling: Ruling, case: str = "") -> str:
	"""Why a group is the wrong one, and which is right, in the present language."""
	if ruling.reason is RouteReason.DATA_MISSING:
		return data_in_words(team, stored(case))
	shown, right = (frappe.bold(escape_html(name)) for name in (team, ruling.instead))
	messages = {
		RouteReason.THROUGH_HEADQUARTERS: _(
			"Tickets for the group {0} go through headquarters. Please assign this one to the group {1}, "
			"which hands it to its country."
		),
		RouteReason.COUNTRIES_UNKNOWN: _(
			"Nobody has entered which countries the shipment concerns, and so it cannot go to the group {0} yet. "
			"Please enter origin and destination on the tracing case {2}; until then it stays with the group {1}."
		),
		RouteReason.OTHER_COUNTRY: _(
			"The shipment does not concern the country of the group {0}. Please assign it to the group {1}, or "
			"correct origin and destination on the tracing case {2}."
		),
		RouteReason.NO_COUNTRY: _(
			"Nobody has entered which country the group {0} is in, and so no shipment goes to it yet. Please assign the "
			"ticket to the group {1}, or ask a QA Specialist to give the group its country."
		),
	}
	return messages[ruling.reason].format(shown, right, case)


def data_in_words(team: str, case: Document) -> str:
	"""All that keeps a case from going abroad.

	Policy: TRC-04, TRC-05
	"""
	opening = _(
		"The tracing case {0} cannot go to the group {1} yet. Please complete it, or ask the customer for what is missing:"
	)
	listed = "".join(f"<li>{escape_html(fault['text'])}</li>" for fault in case_data.in_words(case))
	return f"{opening.format(case.name, frappe.bold(escape_html(team)))}<ul>{listed}</ul>"


def note(ticket: Document, team: str, ruling: Ruling) -> None:
	# The finding must not cost the host its save.
	with transactions.logged_on_failure("Core Helpdesk: rerouted ticket not reported"):
		report(ticket.name, ticket.get("subject"), team, ruling, is_done=rules.is_live())


def report(name: str | int | None, subject: str | None, team: str, ruling: Ruling, *, is_done: bool) -> None:
	"""Opens a finding on a ticket that came to a group past the route, once while it is open."""
	details, remedy = _reported(ruling.reason, is_done=is_done)
	shown = name or _("new"), as_text(subject), team, ruling.instead
	key = f"{hd_ticket.DOCTYPE}:{name or subject or ''}"
	findings.open_once(REROUTED, key, hd_ticket.DOCTYPE, cstr(name), details.format(*shown), remedy)


def _reported(reason: RouteReason, *, is_done: bool) -> tuple[str, str]:
	"""What happened, and what to do about it."""
	remedy = _("Find the job, mail rule, assignment rule or import that chooses this group, and correct it.")
	if reason is RouteReason.DATA_MISSING:
		done = _(
			"Ticket {0} ({1}) was to go to the tracing group {2} without the data that its case needs, and stays in {3}."
		)
		seen = _(
			"Ticket {0} ({1}) went to the tracing group {2} without the data that its case needs; it belongs into {3}."
		)
		remedy = _("Complete the tracing case, and hand it over then.") + " " + remedy
	elif reason is RouteReason.NO_COUNTRY:
		done = _(
			"Ticket {0} ({1}) was assigned to the tracing group {2}, which has no country, and put into {3} instead."
		)
		seen = _(
			"Ticket {0} ({1}) was assigned to the tracing group {2}, which has no country; it belongs into {3}."
		)
	else:
		done = _(
			"Ticket {0} ({1}) was assigned to the tracing group {2} past headquarters, and put into {3} instead."
		)
		seen = _(
			"Ticket {0} ({1}) was assigned to the tracing group {2} past headquarters; it belongs into {3}."
		)
	return (done if is_done else seen), remedy
