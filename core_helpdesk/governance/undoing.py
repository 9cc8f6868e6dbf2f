"""Undoing an implementation that went wrong: within a day, and only while nothing has changed since.

Everything is put back in the reverse order in which it was done, in one act, or nothing and every reason why not.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import get_datetime, now_datetime

from core_helpdesk import at_work
from core_helpdesk.governance import act as acts
from core_helpdesk.governance import (
	deviations,
	governed_records,
	notices,
	requests,
	standard_following,
	states,
	suggestions,
)
from core_helpdesk.hosts import group_stages, hd_team, team_writer
from core_helpdesk.mail import language, request_letters
from core_helpdesk.mail import notices as desk_notices
from core_helpdesk.setup import department_heads
from core_helpdesk.setup.roles import QA_SPECIALIST, must_hold
from core_helpdesk.setup.workflow_states import ACTIVE, DISCUSSED, DRAFT, SUPERSEDED

if TYPE_CHECKING:
	from collections.abc import Callable

	from frappe.model.document import Document

REQUEST, TEAM, CATEGORY, POLICY = "Group Request", "HD Team", "Group Category", "Escalation Policy"
HEAD, SUGGESTION = "Department Head", "Group Suggestion"
HOURS = 24
SAVEPOINT = "ch_undo"
Row = dict[str, Any]
# What the app moves on by itself in the meantime: a group opens at its start, a version's time ends.
OF_ITSELF = {
	(TEAM, "ch_stage", group_stages.NOT_OPEN_YET, ""),
	(POLICY, "workflow_state", ACTIVE, SUPERSEDED),
}


def undo(request: Document, *, now: object = None) -> None:
	"""Puts everything back as it was before the request was implemented.

	Raises: PermissionError for anybody but a QA Specialist; ValidationError with the reasons why it cannot be.
	Policy: CORE-02
	"""
	must_hold(QA_SPECIALIST, _("undo an implemented request"))
	moment = now or now_datetime().replace(microsecond=0)
	stored = frappe.get_doc(REQUEST, request.name, for_update=True)
	done = json.loads(stored.undo_data or "{}")
	reasons = why_not(stored, done, moment)
	if reasons:
		rows = "".join(f"<li>{reason}</li>" for reason in reasons)
		message = _("{0} cannot be undone: {1}").format(stored.name, f"<ul>{rows}</ul>")
		frappe.throw(message, title=_("Not Undone"))
	put_back(stored, done)
	if any(row["doctype"] == POLICY for row in (*done.get("made", []), *done.get("changed", []))):
		# What other countries were to follow is taken back by a job: there may be hundreds of drafts.
		standard_following.settle_soon(stored.name)
	values = {"undone_on": moment}
	request.update(values)
	frappe.db.set_value(REQUEST, stored.name, values, update_modified=False)
	tell(stored)


def reasons_against(request: Document) -> list[str]:
	"""Every reason why a request cannot be undone now; none if it can."""
	return why_not(request, json.loads(request.undo_data or "{}"), now_datetime())


def why_not(request: Document, done: Row, now: object) -> list[str]:
	"""Every reason why an implementation stays."""
	if not request.implemented_on:
		return [_("It was not implemented.")]
	if request.undone_on:
		return [_("It was undone already.")]
	reasons = []
	if get_datetime(request.implemented_on) < get_datetime(now) - timedelta(hours=HOURS):
		reasons.append(_("More than a day has passed: make a request for the change back."))
	if request.kind == "Data Correction":
		reasons.append(_("A correction is a record of what was wrong: it stays."))
	return reasons + changed_since(done) + used_since(done)


def changed_since(done: Row) -> list[str]:
	message = _("{0} {1} was changed since.")
	found = [
		row
		for row in done.get("stands", [])
		if is_changed(row["doctype"], row["facts"], acts.facts(row["doctype"], row["name"]))
	]
	found += [row for row in done.get("changed", []) if row["doctype"] == HEAD and is_replaced(row)]
	return [message.format(_(row["doctype"]), row["name"]) for row in found]


def is_replaced(row: Row) -> bool:
	"""Whether another head than the one named answers for the place now, or with another deputy or absence."""
	return department_heads.row_of(*row["place"]) != row["after"]


def is_changed(doctype: str, then: Row | None, now: Row | None) -> bool:
	if then is None or now is None:
		return then is not now
	differing = {field for field in {*then, *now} if then.get(field) != now.get(field)}
	return any((doctype, field, then.get(field), now.get(field)) not in OF_ITSELF for field in differing)


def used_since(done: Row) -> list[str]:
	"""What tickets and other groups have made of it in the meantime."""
	found = []
	for row in (*done.get("made", []), *filter(is_put_in_force, done.get("changed", []))):
		used = USES.get(row["doctype"])
		found += used(row) if used else []
	return found


def is_put_in_force(row: Row) -> bool:
	"""Whether this was a draft of others until then: what it is used for since counts as for one that was made."""
	return row["before"].get("workflow_state") in (DRAFT, DISCUSSED)


def tickets_of(team: str) -> list[str]:
	has_tickets = frappe.db.exists("HD Ticket", {"agent_group": team}) or frappe.db.exists(
		"Ticket Leg", {"team": team}
	)
	return [_("The group {0} has had tickets: retire it instead.").format(team)] if has_tickets else []


def use_of_team(row: Row) -> list[str]:
	"""Its tickets, and what is asked and suggested on it and still waits for an answer."""
	team = row["name"]
	taking = frappe.get_all("Group Request Source", {"parenttype": REQUEST, "team": team}, pluck="parent")
	open_requests = {"workflow_state": ("not in", requests.CLOSED)}
	waiting = {
		*frappe.get_all(REQUEST, {**open_requests, "team": team}, pluck="name"),
		*frappe.get_all(REQUEST, {**open_requests, "name": ("in", taking or [""])}, pluck="name"),
		*frappe.get_all(SUGGESTION, {"team": team, "state": ("!=", suggestions.CLOSED)}, pluck="name"),
	}
	message = _("{0} is about the group {1} and still open: close it first.")
	return tickets_of(team) + [message.format(name, team) for name in sorted(waiting)]


def counts_under(row: Row) -> list[str]:
	policy = row["name"]
	is_used = any(frappe.db.exists(doctype, {"policy": policy}) for doctype in ("Ticket Clock", "Ticket Leg"))
	return [_("Tickets are counted by {0} already.").format(policy)] if is_used else []


def groups_in(row: Row) -> list[str]:
	"""The groups that have come to a category since."""
	since = {"ch_category": row["name"], "name": ("not in", row.get("groups") or [""])}
	team = frappe.db.get_value(TEAM, since)
	return [_("The group {0} is of this category.").format(team)] if team else []


USES: dict[str, Callable[[Row], list[str]]] = {TEAM: use_of_team, POLICY: counts_under, CATEGORY: groups_in}


def put_back(request: Document, done: Row) -> None:
	frappe.db.savepoint(SAVEPOINT)
	try:
		with at_work.the_app():
			# Links first: the request itself names what is about to go.
			results = ("result_team", "result_policy", "result_category")
			frappe.db.set_value(REQUEST, request.name, dict.fromkeys(results), update_modified=False)
			for row in reversed(done.get("changed", [])):
				RESTORE[row["doctype"]](row)
			for row in reversed(done.get("made", [])):
				REMOVE[row["doctype"]](row)
	except Exception:
		frappe.db.rollback(save_point=SAVEPOINT)
		raise


def restore_team(row: Row) -> None:
	before = dict(row["before"])
	name = row["name"]
	users = before.pop("users", None)
	old = before.pop("name", None)
	if before:
		team_writer.change(name, before)
	if users is not None:
		team_writer.set_members(name, still_working(users))
	if old:
		team_writer.rename(name, old)


def still_working(users: list[str]) -> list[str]:
	"""Who has left in the meantime does not come back."""
	enabled = set(frappe.get_all("User", {"name": ("in", users or [""]), "enabled": 1}, pluck="name"))
	return [user for user in users if user in enabled]


def restore_head(row: Row) -> None:
	department_heads.put_back(*row["place"], row["before"])


def restore_document(row: Row) -> None:
	"""A policy or category as it was: a draft that the request put in force is one again."""
	before = dict(row["before"])
	document = frappe.get_doc(row["doctype"], row["name"])
	document.flags.ignore_permissions = True  # undo has asked who may
	state = before.pop("workflow_state")
	document.update(before)
	states.move(document, state)


def restore_policy(row: Row) -> None:
	if is_put_in_force(row):
		# No drafts for other countries are due of what is not in force.
		values = {standard_following.DUE: None}
		frappe.db.set_value(POLICY, row["name"], values, update_modified=False)
	restore_document(row)


def remove_team(row: Row) -> None:
	for notice in frappe.get_all(notices.DOCTYPE, {"team": row["name"]}, pluck="name"):
		frappe.db.set_value(notices.DOCTYPE, notice, "team", None, update_modified=False)
	team_writer.delete(row["name"])
	governed_records.forget(TEAM, row["name"])


def remove_agent(row: Row) -> None:
	user = row["name"]
	if hd_team.teams_of(user).difference(row.get("was_in", ())):
		return
	if row["was_agent"]:
		team_writer.rest_agent(user)
	else:
		team_writer.unmake_agent(user, had_role=row["had_role"])


def remove_document(row: Row) -> None:
	"""A policy or category that nothing uses goes back to its draft, and then away."""
	document = frappe.get_doc(row["doctype"], row["name"])
	document.flags.ignore_permissions = True  # undo has asked who may
	document.ended_on = None
	states.move(document, DRAFT)
	frappe.delete_doc(row["doctype"], row["name"], ignore_permissions=True, force=True)


RESTORE: dict[str, Callable[[Row], None]] = {
	TEAM: restore_team,
	CATEGORY: restore_document,
	POLICY: restore_policy,
	HEAD: restore_head,
}
REMOVE: dict[str, Callable[[Row], None]] = {
	TEAM: remove_team,
	"HD Agent": remove_agent,
	POLICY: remove_document,
	CATEGORY: remove_document,
	notices.DOCTYPE: lambda row: notices.withdraw(row["name"]),
	deviations.DOCTYPE: lambda row: deviations.end(row["name"]),
}


def tell(request: Document) -> None:
	"""Who asked for it hears that it was taken back."""
	user = request.requested_by
	if not user or user in frappe.STANDARD_USERS:
		return
	with language.speaking(language.language_of(user)):
		text = _("What your request had changed was put back: {0}").format(request_letters.titled(request))
		desk_notices.insert(user, text, REQUEST, request.name)
