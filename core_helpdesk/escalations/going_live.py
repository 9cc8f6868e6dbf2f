"""Off, Observe, Live: what stands against it, what it would do at once, and the clocks of tickets that exist already.

No ticket that was there before is started until an admin says from when.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, NamedTuple

import frappe
from frappe import _
from frappe.utils import format_datetime

from core_helpdesk import config
from core_helpdesk.escalations import baseline, people
from core_helpdesk.hosts import hd_ticket
from core_helpdesk.mail import reply_to

if TYPE_CHECKING:
	from collections.abc import Iterator

	from core_helpdesk.escalations.people import People

# More tickets than this are prepared by a job.
AT_ONCE = 5000
PREPARE = "core_helpdesk.escalations.going_live.prepare"
START = "core_helpdesk.escalations.going_live.start_all"


class Escalating(NamedTuple):
	"""Tickets that would escalate at once, by what they have in common."""

	target: str
	group: str
	department: str
	country: str


def refusals(mode: str = config.LIVE) -> list[str]:
	"""Everything that stands against this mode, all at once, in words for the admin."""
	return [text for text in _against(mode) if text]


def _against(mode: str) -> Iterator[str]:
	if mode == config.OFF:
		return
	if not frappe.db.exists("Escalation Policy", {"workflow_state": "Active", "is_tracing": 0}):
		yield _("No escalation policy is active.")
	rules = hd_ticket.enabled_escalation_rules()
	if rules:
		shown = ", ".join(map(str, rules))
		yield _("Helpdesk carries out its own escalation rules on this site: disable {0}.").format(shown)
	if mode == config.LIVE:
		yield from _against_sending()


def _against_sending() -> Iterator[str]:
	general = config.settings()
	if not general.reply_to:
		yield _("No Reply-To address is set.")
	account = reply_to.account_making_tickets(general.reply_to) if general.reply_to else None
	if account:
		yield _("The e-mail account {0} would turn answers to our mails into tickets.").format(account)
	today = config.from_epoch(config.now_epoch()).date()
	if not people.tsm_members().people:
		yield _("The group Ticketing System Management has no members.")
	if people.general_manager(today).gaps:
		yield _("No General Manager or deputy can be reached.")


def preview(now: int, from_when: int = 0) -> dict[str, Any]:
	"""What going live would do: tickets that have a clock, those without one, and what escalates at once to whom.

	`from_when` counts tickets without a clock as if they were started from then; 0 leaves them alone.
	"""
	escalating: Counter[Escalating] = Counter()
	running = not_started = 0
	rules = config.site_rules()
	for ticket in baseline.live_tickets():
		if ticket.row and ticket.row.clock.policy:
			running += 1
		else:
			not_started += 1
		target = baseline.due_target(ticket, from_when, now, rules)
		if target:
			group = rules.group(ticket.facts.team)
			escalating[Escalating(target, group.name, group.department, group.country)] += 1
	return {
		"mode": config.mode(),
		"running": running,
		"not_started": not_started,
		"at_once": sum(escalating.values()),
		"escalating": [{**key._asdict(), "count": count} for key, count in escalating.most_common()],
		"recipients": _recipients(escalating, now),
		"refusals": refusals(),
	}


def _recipients(escalating: Counter[Escalating], now: int) -> list[dict[str, Any]]:
	"""Who would be written to at once, and how often."""
	today = config.from_epoch(now).date()
	found: Counter[tuple[str, str]] = Counter()
	for key, count in escalating.items():
		reached: People = people.people_for(key.target, key.department, key.country, today)
		found.update({(person.user, person.capacity): count for person in reached.recipients})
	return [
		{"user": user, "capacity": capacity, "count": count}
		for (user, capacity), count in found.most_common()
	]


def set_mode(mode: str, now: int) -> dict[str, Any]:
	"""Switches the mode, confirmed for this site and address.

	From Off, every live ticket first gets its row, so that later changes of it are recognised; clocks start for
	tickets that come to their groups from now on, also where another moment was set before: nothing was counted
	while the mode was Off.
	Returns: the mode, and whether a job is still preparing it.
	Raises: ValidationError with everything that stands against it.
	"""
	if mode not in (config.OFF, config.OBSERVE, config.LIVE):
		frappe.throw(_("There is no mode {0}.").format(mode), title=_("Mode"))
	against = refusals(mode)
	if against:
		frappe.throw(against, title=_("Not Possible Yet"), as_list=True)
	if _stored_mode() != config.OFF or mode == config.OFF:
		switch(mode, now)
	elif baseline.count_live() > AT_ONCE:
		_enqueue(PREPARE, "ch_going_live", mode=mode)
		return {"mode": config.OFF, "preparing": True}
	else:
		baseline.note_all(now)
		switch(mode, now)
	return {"mode": mode, "preparing": False}


def prepare(mode: str) -> None:
	"""The job that notes every live ticket and then switches the mode; it stays Off if something came up since."""
	if not refusals(mode):
		baseline.note_all(config.now_epoch())
		switch(mode, config.now_epoch())


def switch(mode: str, now: int) -> None:
	values = {"mode": mode, "live_since": config.from_epoch(now)}
	values |= _of_reports(mode, now)
	if mode != config.OFF:
		values["confirmed_host"] = config.this_host()
		if _stored_mode() == config.OFF:
			values["governed_from"] = config.from_epoch(now)
	_store(values)


def _of_reports(mode: str, now: int) -> dict[str, Any]:
	"""What is due in a pause is not sent, not afterwards either; that it was not stands in the ledger of reports."""
	from core_helpdesk.sending import paused

	is_live = config.stored_mode() == config.LIVE
	if is_live == (mode == config.LIVE):
		return {}
	return paused.begun(now) if is_live else paused.ended(now)


def _stored_mode() -> str:
	return frappe.db.get_single_value(config.SETTINGS, "mode") or config.OFF


def start_clocks_from(moment: int, now: int) -> dict[str, Any]:
	"""Starts the clocks of tickets that have none: from `moment`, or from when they came to their group if later.

	Returns: how many were started, or that a job does it.
	Raises: ValidationError for a moment in the future.
	"""
	if moment > now:
		shown = format_datetime(config.from_epoch(moment))
		frappe.throw(
			_("{0} lies in the future: choose an earlier moment.").format(shown), title=_("Start Clocks From")
		)
	if config.mode() == config.OFF:
		frappe.throw(_("Switch to Observe or Live first."), title=_("Start Clocks From"))
	if baseline.count_live() > AT_ONCE:
		_enqueue(START, "ch_start_clocks", moment=moment)
		return {"started": 0, "preparing": True}
	return {"started": start_all(moment), "preparing": False}


def start_all(moment: int) -> int:
	"""The job behind `start_clocks_from`; its progress shows to whoever asked."""
	general = config.settings()
	if not general.governed_from or moment < general.governed_from:
		_store({"governed_from": config.from_epoch(moment)})
	return baseline.start_all(moment, config.now_epoch())


def _store(values: dict[str, Any]) -> None:
	frappe.db.set_single_value(config.SETTINGS, values)


def _enqueue(method: str, job: str, **arguments: object) -> None:
	frappe.enqueue(method, queue="long", job_id=job, deduplicate=True, enqueue_after_commit=True, **arguments)
