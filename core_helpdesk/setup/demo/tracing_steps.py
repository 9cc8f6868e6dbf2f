"""What people and customers do with a tracing case at a moment of the demo's month, by the functions that the buttons call.

As with tickets, the host's documents are written while the mode is Off; the case then follows its ticket, told the
moment. Mails wait until it is on record, since a case that opens would have them written by a job, with today's date.
"""

from collections.abc import Callable
from typing import Any

import frappe

from core_helpdesk import config
from core_helpdesk.escalations import sync
from core_helpdesk.hosts import hd_ticket
from core_helpdesk.setup.demo.letters import Letter
from core_helpdesk.setup.demo.month import acting_as, engine_at_rest, make_ticket, save_ticket, touch
from core_helpdesk.tracing import (
	answers,
	claim_acts,
	confirmation,
	following,
	missing_data,
	news,
	records,
	rules,
	telling,
	work,
)
from core_helpdesk.tracing.opening import NOBODY_KNOWS, Came

CLAIM = "Tracing Claim"


def open_case(letter: Letter, team: str, index: int, shipment: str, now: int) -> str:
	"""A customer writes to a tracing group; returns the name of the case that opens by it."""
	ticket = make_ticket(letter, team, index, now, shipment)
	follow(ticket, now)
	name = records.of_ticket(ticket).name
	news.tell(name, news.OPENED)
	return name


def follow(ticket: str, now: int, how: Came = NOBODY_KNOWS) -> None:
	with engine_at_rest(config.OBSERVE):
		following.follow(ticket, now, lambda: how)
	sync.sync(ticket, now)


def do(who: str, case: str, act: Callable[..., object], *given: object, **named: object) -> None:
	"""An act of a person on the locked case."""
	with acting_as(who):
		act(records.locked(case), *given, **named)


def fill_in(who: str, case: str, data: dict[str, Any], now: int, *, papers: bool = True) -> None:
	"""An officer enters what the case needs, with the papers that came."""
	with acting_as(who):
		document = frappe.get_doc(records.DOCTYPE, case)
		document.update(data)
		document.save()
		if papers and document.documents:
			for row in document.documents:
				row.is_received = 1
			document.save()
	note_received(case, now)


def note_received(parent: str, now: int) -> None:
	"""The papers of a case or a claim came at the moment."""
	received = {"parent": parent, "received_on": (">", config.from_epoch(now))}
	frappe.db.set_value("Tracing Document", received, "received_on", config.from_epoch(now))


def hand_over(who: str, case: str, team: str, reason: str, now: int) -> None:
	"""The ticket goes to another group, and the case with it."""
	known = frappe.db.get_value(records.DOCTYPE, case, ["ticket", "team"], as_dict=True)
	how = Came(known.team, who, reason)
	with acting_as(who), engine_at_rest():
		hd_ticket.set_team(known.ticket, team, passing=how)
		touch(known.ticket, now)
	follow(known.ticket, now, how)
	if rules.network().is_abroad(team):
		news.tell(case, news.HANDED_OVER)


def ask_for_missing(who: str, case: str, now: int) -> None:
	do(who, case, missing_data.ask)
	frappe.db.set_value(records.DOCTYPE, case, "asked_on", config.from_epoch(now))


def solve(who: str, case: str, solution: str, now: int) -> None:
	"""The customer is asked at once; the framework's clock says when, so it is set to the moment."""
	do(who, case, work.mark_solved, solution, now)
	asked = {"name": case, "confirmation_asked_epoch": (">", now)}
	frappe.db.set_value(records.DOCTYPE, asked, "confirmation_asked_epoch", now)


def answer(case: str, comment: str, now: int, *, is_yes: bool = True) -> None:
	"""The customer's answer by the link, also to a case that is closed: its ticket then opens again."""
	with engine_at_rest():
		do("Guest", case, confirmation.withdraw)
		do("Guest", case, answers.take, is_yes, answers.LINK, comment, now)
	written(case, now)


def close(who: str, case: str, act: Callable[..., object], now: int, *reason: str) -> None:
	"""One of the ways in which people close; the customer is told."""
	with engine_at_rest():
		do(who, case, act, *reason, now)
	written(case, now)
	telling.tell(frappe.get_doc(records.DOCTYPE, case), "Closed")


def end_past_the_rules(case: str, now: int, **values: object) -> None:
	"""Something changes the ticket without asking, as a job of the host does."""
	ticket = frappe.db.get_value(records.DOCTYPE, case, "ticket")
	save_ticket(ticket, now, **values)
	follow(ticket, now)


def written(case: str, now: int) -> None:
	"""What an act did to the ticket happened at the moment."""
	ticket = frappe.db.get_value(records.DOCTYPE, case, "ticket")
	touch(ticket, now)
	follow(ticket, now)


# --- Claims


def claim_from(who: str, case: str, amount: float, now: int) -> str:
	"""A draft of all that the case says; returns its name."""
	with acting_as(who):
		values = claim_acts.draft_values(frappe.get_doc(records.DOCTYPE, case)) | {"amount": amount}
		name = frappe.get_doc({"doctype": CLAIM, **values}).insert().name
	note_received(name, now)
	return name


def move_claim(who: str, claim: str, state: str, now: int, **values: object) -> None:
	"""A step of a claim; an approved one takes its ticket to Customer Care."""
	with acting_as(who), engine_at_rest():
		document = frappe.get_doc(CLAIM, claim)
		if values:
			document.update(values)
			document.save()
		document.workflow_state = state
		document.save()
	moment = config.from_epoch(now)
	for column in ("approved_on", "refused_on", "paid_recorded_on", "handed_over_on"):
		frappe.db.set_value(CLAIM, {"name": claim, column: (">", moment)}, column, moment)
	ticket, team = frappe.db.get_value(CLAIM, claim, ["ticket", "team"])
	touch(ticket, now)
	follow(ticket, now, Came(team, who, f"Claim {claim} is approved"))
