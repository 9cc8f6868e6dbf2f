"""What people do with an escalation: each action checks who acts, logs it, and moves the clock where it must.

Decided here, since the policy leaves it open:
- Solved is recorded once the ticket itself is resolved. Only that, or handing back, stops the ladder; an escalation
  marked solved over an open ticket would still reach the General Manager, which nobody expects.
- Failed may be recorded at any time, with a reason. It is an outcome for the reports by department and leaves the
  General Manager's level due when it was: 24 hours after the level before.
- Handing back is TSM's alone and ends every open escalation of the cycle; the group's time begins anew.
- Notes may be added by everybody who can read the escalation; the next action is TSM's to set.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _

from core_helpdesk import config
from core_helpdesk.domain import clock as clocks
from core_helpdesk.escalations import case as cases
from core_helpdesk.escalations import follow_up, handing_back, rows, sync
from core_helpdesk.given_moment import given_moment
from core_helpdesk.hosts import hd_ticket
from core_helpdesk.stored_text import as_text

if TYPE_CHECKING:
	from core_helpdesk.escalations.case import Case

ESCALATION, RECIPIENT = cases.ESCALATION, cases.RECIPIENT
CHANNELS = ("System", "Phone", "E-mail", "In Person")


def acknowledge(name: str, now: int) -> None:
	"""TSM has the escalation: the next level takes its full time. Who says so has had their own copy.

	Policy: TSM-03
	"""
	case = _at_work(name, now)
	if case.escalation.acknowledged_on:
		return
	_write(case, acknowledged_on=config.from_epoch(now), acknowledged_by=case.user)
	_confirm_own_copy(case, now)
	follow_up.log(name, follow_up.ACKNOWLEDGED, now)
	if case.is_current and case.escalation.level == case.row.clock.level:
		rules = config.site_rules()
		rows.write(case.row, rows.with_clock(case.row, clocks.acknowledged(case.row.clock, rules)), rules)


def contacted(
	name: str, person: str, channel: str, note: str, now: int, next_action_at: str | None = None
) -> None:
	"""Logs TSM's contact with a department head.

	Policy: TSM-01, TSM-07, TSM-10
	"""
	case = _at_work(name, now)
	if channel not in CHANNELS:
		frappe.throw(_("{0} is not a channel of contact.").format(channel))
	if not frappe.db.exists("User", person):
		frappe.throw(_("There is no user {0}.").format(person))
	note = cases.must_say(note, _("What was said"))
	at = given_moment(next_action_at)
	values = {"status": "Head Contacted", "next_action_at": at}
	if not case.escalation.contacted_on:
		values["contacted_on"] = config.from_epoch(now)
	_write(case, **values)
	follow_up.log(
		name, follow_up.HEAD_CONTACTED, now, person=person, channel=channel, note=note, next_action_at=at
	)


def add_note(name: str, note: str, now: int, next_action_at: str | None = None) -> None:
	"""Adds to the log; TSM may set when to act next.

	Policy: TSM-04, TSM-07
	"""
	case = cases.locked(name, now)
	note = cases.must_say(note, _("Note"))
	at = given_moment(next_action_at)
	if at:
		cases.must_be_tsm(case.user)
		_write(case, next_action_at=at)
	follow_up.log(name, follow_up.NOTE, now, note=note, next_action_at=at)
	if not at:
		_notify(case)


def take_over(name: str, now: int) -> None:
	"""The present user becomes the owner in TSM.

	Policy: TSM-04
	"""
	case = _at_work(name, now)
	if case.escalation.tsm_owner != case.user:
		_write(case, tsm_owner=case.user)
		follow_up.log(name, follow_up.OWNER, now, person=case.user)


def confirm_receipt(name: str, now: int) -> None:
	"""A person named on the escalation says that it reached them; said twice, the first counts.

	Policy: TSM-01
	"""
	case = cases.locked(name, now)
	named = {"parenttype": ESCALATION, "parent": name, "user": case.user}
	if not frappe.db.exists(RECIPIENT, named):
		cases.refuse(_("Only a person to whom this escalation was copied can confirm its receipt."))
	if not frappe.db.exists(RECIPIENT, {**named, "confirmed_on": ("is", "not set")}):
		return
	_confirm_own_copy(case, now)
	follow_up.log(name, follow_up.RECEIPT_CONFIRMED, now, person=case.user)
	_notify(case)


def solve(name: str, note: str, now: int) -> None:
	"""Records how the ticket was solved, and whether within the 24 hours.

	Policy: TSM-02, TSM-03
	"""
	case = _of_tsm(name, now)
	note = cases.must_say(note, _("What solved it"))
	if case.is_unsolved:
		cases.invalid(_why_not_solved(case))
	if not (case.is_open or case.escalation.status == "Closed with Ticket"):
		_ended_already(case)
	ended = case.escalation.ended_epoch or now
	in_time = "Yes" if ended <= (case.escalation.answer_due_epoch or 0) else "No"
	_write_outcome(case, "Solved", note, ended, in_time)
	follow_up.log(name, follow_up.SOLVED, now, note=note)


def fail(name: str, reason: str, now: int) -> None:
	"""Records that no solution was found; the level after this one stays due.

	Policy: TSM-02, TSM-03
	"""
	case = _of_tsm(name, now)
	reason = cases.must_say(reason, _("Reason"))
	if not (
		case.is_open
		or (case.escalation.status, case.escalation.solved_in_time) == ("Closed with Ticket", "No")
	):
		_ended_already(case)
	_write_outcome(case, "Failed", reason, now, "No")
	follow_up.log(name, follow_up.FAILED, now, note=reason)


def hand_back(name: str, reason: str, now: int) -> None:
	"""Gives the ticket back to its group with a reason: the cycle ends and a new one begins now.

	Policy: TSM-08
	"""
	case = _of_tsm(name, now)
	if case.is_tracing:
		cases.invalid(
			_(
				"A tracing case cannot be handed back: its days go on until it is closed. Solve and close the case."
			)
		)
	reason = cases.must_say(reason, _("Reason"))
	if not (case.ticket.is_live and case.is_current):
		cases.invalid(
			_("There is nothing to hand back: the ticket is resolved, or its group has it already.")
		)
	rules = config.site_rules()
	handing_back.return_to_group(case)
	row = handing_back.settled(case, now)
	if row.clock.cycle != case.escalation.cycle:
		cases.invalid(_("The ticket has moved on meanwhile. Please look again."))
	sync.moved(row, clocks.handed_back(row.clock, now, rules), now, rules)
	handing_back.end_open(case, reason, now)
	_notify(case)


def _why_not_solved(case: Case) -> str:
	if case.is_tracing:
		return _("The tracing case is still open: it must be closed first.")
	return _(
		"The ticket is still open: its group must resolve it first. To end the escalation now, hand it back."
	)


def _of_tsm(name: str, now: int) -> Case:
	case = cases.locked(name, now)
	cases.must_be_tsm(case.user)
	return case


def _at_work(name: str, now: int) -> Case:
	"""A case that is still being worked, by a member of TSM."""
	case = _of_tsm(name, now)
	if not case.is_open:
		_ended_already(case)
	return case


def _confirm_own_copy(case: Case, now: int) -> None:
	waiting = {
		"parenttype": ESCALATION,
		"parent": case.name,
		"user": case.user,
		"confirmed_on": ("is", "not set"),
	}
	frappe.db.set_value(RECIPIENT, waiting, "confirmed_on", config.from_epoch(now), update_modified=False)


def _ended_already(case: Case) -> None:
	status = _(case.escalation.status, context=ESCALATION)
	cases.invalid(_("This escalation has ended already: {0}.").format(status))


def _write(case: Case, **values: object) -> None:
	frappe.db.set_value(ESCALATION, case.name, values)
	_notify(case)


def _write_outcome(case: Case, status: str, reason: str, at: int, in_time: str) -> None:
	_write(
		case,
		status=status,
		outcome_on=config.from_epoch(at),
		ended_epoch=at if status == "Solved" else 0,
		outcome_by=case.user,
		outcome_reason=as_text(reason),
		solved_in_time=in_time,
		next_action_at=None,
	)


def _notify(case: Case) -> None:
	"""Lets open forms reload."""
	frappe.get_doc(ESCALATION, case.name).notify_update()


def available(escalation: frappe._dict, user: str) -> list[str]:
	"""The actions that this user may take on the escalation now, in the order of their buttons."""
	return [name for name, is_possible in _possible(escalation, user).items() if is_possible]


def _possible(escalation: frappe._dict, user: str) -> dict[str, bool]:
	is_open, is_tsm = escalation.status in cases.OPEN, cases.is_tsm(user)
	works = is_open and is_tsm
	named = {"parenttype": ESCALATION, "parent": escalation.name, "user": user}
	ticket = hd_ticket.facts(escalation.reference_name)
	row = rows.read(escalation.reference_name, escalation.clock)
	is_current = row is not None and row.clock.cycle == escalation.cycle
	closed = escalation.status == "Closed with Ticket"
	return {
		"acknowledge": works and not escalation.acknowledged_on,
		"confirm_receipt": bool(frappe.db.exists(RECIPIENT, {**named, "confirmed_on": ("is", "not set")})),
		"take_over": works and escalation.tsm_owner != user,
		"contacted": works,
		"add_note": cases.may_read(escalation, user),
		"solve": is_tsm and not cases.is_unsolved(escalation, ticket) and (is_open or closed),
		"fail": is_tsm and (is_open or (closed and escalation.solved_in_time == "No")),
		"hand_back": is_tsm
		and escalation.clock == rows.GROUP
		and ticket.is_live
		and is_current
		and escalation.status in (*cases.OPEN, "Failed"),
	}
