"""What the Desk and the agent pages call. Every function checks who asks before it says or does anything.

Writers are POST only: a GET is rolled back by the framework.
"""

from typing import Any

import frappe
from frappe import _

from core_helpdesk import config, permissions
from core_helpdesk.escalations import actions, again, conversation, going_live, people, timeline
from core_helpdesk.escalations import case as cases
from core_helpdesk.exports import policies
from core_helpdesk.given_moment import given_moment
from core_helpdesk.hosts import hd_ticket
from core_helpdesk.setup import checklist, group_import, groups, tsm_team


@frappe.whitelist()
def ticket_timeline(doctype: str, name: str) -> dict[str, Any]:
	"""The clock, the stays in groups, the escalations and the reckoning of the deadline.

	Raises: PermissionError unless the user is an agent who may read the ticket, or may read its escalation.
	Policy: CORE-01, TSM-12
	"""
	user, now = frappe.session.user, config.now_epoch()
	if doctype == cases.ESCALATION:
		return timeline.of_escalation(name, user, now)
	if doctype != hd_ticket.DOCTYPE or not _may_see_timeline(name, user):
		raise_not_permitted(_("You may not see how this ticket escalates."))
	return timeline.of_ticket(name, user, now)


def _may_see_timeline(ticket: str, user: str) -> bool:
	"""Agents who can read the ticket, and the people named on an escalation of it; never the customer."""
	if permissions.is_named_on_ticket(hd_ticket.DOCTYPE, ticket, user) or permissions.scope(user).sees_all:
		return True
	is_staff = "Agent" in frappe.get_roles(user) or user == "Administrator"
	return is_staff and bool(frappe.has_permission(hd_ticket.DOCTYPE, "read", doc=ticket, user=user))


def raise_not_permitted(message: str) -> None:
	frappe.throw(message, frappe.PermissionError, title=_("Not Permitted"))


@frappe.whitelist()
def explain(clock: str) -> list[dict[str, Any]]:
	"""Why a Ticket Clock is due when it is, one line per day."""
	frappe.get_doc("Ticket Clock", clock).check_permission("read")
	return timeline.of_clock(clock)


@frappe.whitelist()
def escalation_conversation(name: str) -> list[dict[str, Any]]:
	"""The ticket's conversation for those who may read the escalation.

	Policy: TSM-05
	"""
	return conversation.of_ticket(cases.readable(name).reference_name)


@frappe.whitelist(methods=["POST"])
def acknowledge(name: str) -> None:
	actions.acknowledge(name, config.now_epoch())


@frappe.whitelist(methods=["POST"])
def contacted(name: str, person: str, channel: str, note: str, next_action_at: str | None = None) -> None:
	actions.contacted(name, person, channel, note, config.now_epoch(), next_action_at)


@frappe.whitelist(methods=["POST"])
def add_note(name: str, note: str, next_action_at: str | None = None) -> None:
	actions.add_note(name, note, config.now_epoch(), next_action_at)


@frappe.whitelist(methods=["POST"])
def solve(name: str, note: str, next_action_at: str | None = None) -> None:
	actions.solve(name, note, config.now_epoch())


@frappe.whitelist(methods=["POST"])
def fail(name: str, reason: str, next_action_at: str | None = None) -> None:
	actions.fail(name, reason, config.now_epoch())


@frappe.whitelist(methods=["POST"])
def hand_back(name: str, reason: str, next_action_at: str | None = None) -> None:
	actions.hand_back(name, reason, config.now_epoch())


@frappe.whitelist(methods=["POST"])
def confirm_receipt(name: str) -> None:
	actions.confirm_receipt(name, config.now_epoch())


@frappe.whitelist(methods=["POST"])
def take_over(name: str) -> None:
	actions.take_over(name, config.now_epoch())


@frappe.whitelist(methods=["POST"])
def send_again(name: str) -> int:
	"""Policy: TSM-06"""
	return again.send_again(name, config.now_epoch())


@frappe.whitelist()
def go_live_preview() -> dict[str, Any]:
	"""What going live would do, worded for its dialog.

	Policy: CORE-11
	"""
	groups.check_permission(_("see what going live would do"))
	now = config.now_epoch()
	found = going_live.preview(now)
	return {
		**found,
		"clocks": found["running"],
		"people": [_named(row) for row in found["recipients"]],
		"gaps": sorted({_(gap) for row in found["escalating"] for gap in _gaps(row, now)}),
	}


def _named(row: dict[str, Any]) -> dict[str, Any]:
	return {**row, "full_name": timeline.full_name(row["user"]), "capacity": _(row["capacity"])}


def _gaps(row: dict[str, Any], now: int) -> tuple[str, ...]:
	today = config.from_epoch(now).date()
	return people.people_for(row["target"], row["department"], row["country"], today).gaps


@frappe.whitelist(methods=["POST"])
def set_mode(mode: str, confirm: int = 0) -> dict[str, Any]:
	"""Changes the mode; going live asks for the confirmation that follows its preview.

	Policy: CORE-11
	"""
	groups.check_permission(_("change the mode"))
	if mode == config.LIVE and not confirm:
		frappe.throw(_("Look at the preview and confirm before going live."))
	return going_live.set_mode(mode, config.now_epoch())


@frappe.whitelist(methods=["POST"])
def start_clocks_from(moment: str) -> dict[str, Any]:
	"""Gives clocks to tickets that came to their group at this moment of the site's time, or later.

	Policy: CORE-11
	"""
	groups.check_permission(_("start the clocks of older tickets"))
	since = given_moment(moment)
	if not since:
		frappe.throw(_("Please enter: {0}").format(_("Start Clocks From")), title=_("Missing"))
	return going_live.start_clocks_from(config.to_epoch(since), config.now_epoch())


@frappe.whitelist()
def first_run() -> list[checklist.Step]:
	return checklist.first_run()


@frappe.whitelist()
def groups_grid() -> dict[str, Any]:
	return groups.groups_grid()


@frappe.whitelist(methods=["POST"])
def save_groups(rows: Any) -> dict[str, Any]:
	return groups.save_groups(_from_json(rows))


def _from_json(given: Any) -> Any:
	"""What was sent as JSON; a text that is none stays one, for the callee to refuse."""
	try:
		return frappe.parse_json(given)
	except ValueError:
		return given


@frappe.whitelist(methods=["POST"])
def import_groups(
	content: str = "", file_url: str = "", dry_run: int = 1, create_missing: int = 0
) -> dict[str, Any]:
	"""Reads groups from CSV text, or from an uploaded file that the user may read."""
	options = {"dry_run": bool(dry_run), "create_missing": bool(create_missing)}
	if file_url:
		return group_import.from_file(file_url, **options)
	return group_import.import_groups(content, **options)


@frappe.whitelist()
def tsm_members() -> dict[str, Any]:
	return tsm_team.members()


@frappe.whitelist(methods=["POST"])
def set_tsm_members(users: Any) -> None:
	"""Policy: TSM-12"""
	given = _from_json(users)
	if not isinstance(given, list) or not all(isinstance(user, str) for user in given):
		frappe.throw(_("This is no list of users."), title=_("Members of TSM"))
	tsm_team.set_members(given)


@frappe.whitelist()
def export_policies() -> None:
	"""Sends the policies in force as the file that `core-helpdesk replay` reads."""
	groups.check_permission(_("export the policies"))
	exported = policies.export(config.now_epoch())
	frappe.response.update(type="download", filename="policy.toml", filecontent=exported.text.encode())
