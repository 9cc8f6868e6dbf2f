"""Frappe Helpdesk as the host: what a ticket is now, and the only writes to it.

Asks the site what it has (status as Select or Link, integer or text names), never which version it runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import frappe
from frappe.model.base_document import get_controller
from frappe.query_builder.functions import Max
from frappe.utils import cstr, get_url

from core_helpdesk.config import to_epoch
from core_helpdesk.domain.clock import TicketState
from core_helpdesk.hosts.as_agent import as_agent

if TYPE_CHECKING:
	from collections.abc import Iterable
	from datetime import datetime

	from frappe.query_builder.builder import Table
	from pypika.dialects import QueryBuilder

DOCTYPE = "HD Ticket"
TEAM = "HD Team"
STATUS = "HD Ticket Status"
# Statuses of hosts that keep them in a Select, and the categories of those that keep them in HD Ticket Status.
STATES = {
	"Open": TicketState.OPEN,
	"Paused": TicketState.PAUSED,
	"Replied": TicketState.PAUSED,
	"Resolved": TicketState.RESOLVED,
	"Closed": TicketState.RESOLVED,
}
COLUMNS = ("name", "subject", "agent_group", "ticket_type", "is_merged", "raised_by", "modified", "creation")


@dataclass(frozen=True, slots=True)
class TicketFacts:
	"""A ticket of the host as its row says; `exists` is False when there is none of this name.

	Units: `modified` and `created` are seconds since the epoch, worked out where they are asked for.
	"""

	name: str
	subject: str = ""
	team: str = ""
	state: TicketState = TicketState.OPEN
	category: str = ""
	merged: bool = False
	raised_by: str = ""
	modified_at: datetime | None = None
	created_at: datetime | None = None
	exists: bool = True

	@property
	def modified(self) -> int:
		return to_epoch(self.modified_at)

	@property
	def created(self) -> int:
		return to_epoch(self.created_at)

	@property
	def finished(self) -> bool:
		return self.merged or not self.exists

	@property
	def is_live(self) -> bool:
		return not self.finished and self.state is not TicketState.RESOLVED


@dataclass(frozen=True, slots=True)
class Message:
	"""One message of a ticket's conversation; `direction` is "Received", "Sent" or "Comment"."""

	at: datetime
	sender: str
	direction: str
	html: str


def facts(name: str, for_update: bool = False) -> TicketFacts:
	"""The ticket as it is in this transaction; with `for_update`, as it was last committed, and locked."""
	if for_update:
		return _locked_facts(name)
	ticket, query = tickets()
	found = query.where(ticket.name == cstr(name)).run()
	return facts_of(found[0]) if found else TicketFacts(cstr(name), exists=False)


def _locked_facts(name: str) -> TicketFacts:
	# Without the join: it would lock the status as well, and with it every other ticket of that status.
	ticket = frappe.qb.DocType(DOCTYPE)
	query = frappe.qb.from_(ticket).select(*COLUMNS, ticket.status).where(ticket.name == cstr(name))
	found = query.for_update().run()
	if not found:
		return TicketFacts(cstr(name), exists=False)
	*columns, status = found[0]
	return facts_of((*columns, _category_of(status)))


def facts_by_name(names: Iterable[str]) -> dict[str, TicketFacts]:
	"""The tickets of these names, those that are gone included; one query, no lock."""
	wanted = {cstr(name): TicketFacts(cstr(name), exists=False) for name in names}
	if wanted:
		ticket, query = tickets()
		# Text compared with an integer column is no use of its key.
		keys = [int(name) for name in wanted if name.isdigit()] if has_integer_names() else list(wanted)
		read = (facts_of(row) for row in query.where(ticket.name.isin(keys or [""])).run())
		wanted.update((found.name, found) for found in read)
	return wanted


def tickets() -> tuple[Table, QueryBuilder]:
	"""The host's table, and a query of it that gives rows for `facts_of`.

	The state comes from the status, not from the category on the ticket: direct writes leave that one stale.
	"""
	ticket = frappe.qb.DocType(DOCTYPE)
	query = frappe.qb.from_(ticket).select(*(ticket[column] for column in COLUMNS))
	if not keeps_statuses():
		return ticket, query.select(ticket.status)
	status = frappe.qb.DocType(STATUS)
	return ticket, query.left_join(status).on(status.name == ticket.status).select(status.category)


def live(ticket: Table, query: QueryBuilder) -> QueryBuilder:
	"""The query narrowed to tickets that a group must solve."""
	over = [status for status, state in STATES.items() if state is TicketState.RESOLVED]
	in_group = (ticket.is_merged == 0) & ticket.agent_group.isnotnull() & (ticket.agent_group != "")
	if not keeps_statuses():
		return query.where(in_group & ticket.status.notin(over))
	category = frappe.qb.DocType(STATUS).category
	return query.where(in_group & (category.isnull() | (category != TicketState.RESOLVED.value)))


def keeps_statuses() -> bool:
	"""True where statuses are documents with a category, False where they are a fixed choice."""
	return frappe.get_meta(DOCTYPE).get_field("status").fieldtype == "Link"


def state_of(status: str | None) -> TicketState:
	"""What a status of the host means for the group."""
	return STATES.get(_category_of(status), TicketState.OPEN)


def _category_of(status: str | None) -> str | None:
	"""The status as `tickets` gives it: by its category where the host keeps one."""
	return frappe.db.get_value(STATUS, status, "category") if status and keeps_statuses() else status


def facts_of(row: tuple) -> TicketFacts:
	name, subject, team, category, merged, raised_by, modified, created, state = row
	return TicketFacts(
		name=cstr(name),
		subject=subject or "",
		team=team or "",
		state=STATES.get(state, TicketState.OPEN),
		category=category or "",
		merged=bool(merged),
		raised_by=raised_by or "",
		modified_at=modified,
		created_at=created,
	)


def has_integer_names() -> bool:
	"""True where the host numbers its tickets; such a column is compared as text only through a cast."""
	return frappe.get_meta(DOCTYPE).autoname == "autoincrement"


def executes_escalation_rules() -> bool:
	"""True on a host that runs its own HD Escalation Rule when a ticket is saved."""
	if not frappe.db.exists("DocType", "HD Escalation Rule"):
		return False
	return "apply_escalation_rule" in get_controller(DOCTYPE).before_validate.__code__.co_names


def enabled_escalation_rules() -> list[str]:
	"""The host's own escalation rules that would move tickets beside ours."""
	if not executes_escalation_rules():
		return []
	return frappe.get_all("HD Escalation Rule", filters={"is_enabled": 1}, pluck="name")


def entered_at(found: Iterable[TicketFacts]) -> dict[str, int]:
	"""Since when tickets are in their groups, as far as the host has noted it; else since they were made."""
	since = {ticket.name: ticket.created for ticket in found}
	activity = frappe.qb.DocType("HD Ticket Activity")
	query = (
		frappe.qb.from_(activity)
		.select(activity.ticket, Max(activity.creation))
		.where(activity.ticket.isin(list(since) or [""]) & activity.action.like("set team to %"))
		.groupby(activity.ticket)
	)
	since.update((cstr(ticket), to_epoch(at)) for ticket, at in query.run())
	return since


def first_replies(names: Iterable[str]) -> dict[str, int]:
	"""When the first of all replies was given to tickets that have one.

	Units: seconds since the epoch.
	"""
	wanted = [int(name) if has_integer_names() else name for name in names]
	replied = {"name": ("in", wanted or [""]), "first_responded_on": ("is", "set")}
	rows = frappe.get_all(DOCTYPE, replied, ["name", "first_responded_on"], order_by=None)
	return {cstr(row.name): to_epoch(row.first_responded_on) for row in rows}


def set_team(name: str, team: str, *, passing: object = None) -> None:
	"""Put a ticket into a group as the engine: the guards of groups and routes let it pass.

	`passing` says to its tracing case who passes it on, and why.
	Policy: TSM-12, TRC-09
	"""
	ticket = frappe.get_doc(DOCTYPE, name)
	ticket.agent_group = team or None
	ticket.flags.ch_engine = True
	ticket.flags.ch_passing = passing
	with as_agent():
		ticket.save(ignore_permissions=True)  # the engine moves tickets for people who may not


def add_internal_comment(name: str, html: str) -> str:
	"""A comment that agents read and customers do not; returns its name."""
	comment = frappe.new_doc("HD Ticket Comment")
	comment.update(
		{"reference_ticket": name, "commented_by": frappe.session.user, "content": html, "is_pinned": 0}
	)
	return comment.insert(ignore_permissions=True).name  # written by a job, for the ticket's group


def conversation(name: str) -> list[Message]:
	"""Messages to and from the customer and internal comments, oldest first."""
	messages = [*_communications(name), *_comments(name)]
	return sorted(messages, key=lambda message: message.at)


def _communications(name: str) -> Iterable[Message]:
	rows = frappe.get_all(
		"Communication",
		filters={
			"reference_doctype": DOCTYPE,
			"reference_name": cstr(name),
			"communication_type": "Communication",
		},
		fields=["communication_date", "creation", "sender", "sent_or_received", "content"],
		order_by="creation asc",
	)
	return (
		Message(
			row.communication_date or row.creation, row.sender or "", row.sent_or_received, row.content or ""
		)
		for row in rows
	)


def _comments(name: str) -> Iterable[Message]:
	rows = frappe.get_all(
		"HD Ticket Comment",
		filters={"reference_ticket": name},
		fields=["creation", "commented_by", "content"],
		order_by="creation asc",
	)
	return (Message(row.creation, row.commented_by or "", "Comment", row.content or "") for row in rows)


def made_by(name: str) -> str:
	"""The user who made the ticket, staff or customer; empty where it is gone."""
	return frappe.db.get_value(DOCTYPE, cstr(name), "owner") or ""


def url(name: str) -> str:
	"""The ticket's page for agents."""
	return get_url(f"/helpdesk/tickets/{cstr(name)}")


def agents_of(team: str) -> tuple[str, ...]:
	"""The enabled users of a group, in the order of the group."""
	member, user = frappe.qb.DocType("HD Team Member"), frappe.qb.DocType("User")
	query = (
		frappe.qb.from_(member)
		.join(user)
		.on(user.name == member.user)
		.select(member.user)
		.where((member.parenttype == TEAM) & (member.parent == team) & (user.enabled == 1))
		.orderby(member.idx)
	)
	return tuple(dict.fromkeys(query.run(pluck=True)))
