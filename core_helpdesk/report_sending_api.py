"""What the forms of reports and settings call about sending. Every function asks first who may.

Writers are POST only: a GET is rolled back by the framework.
"""

from typing import Any

import frappe
from frappe import _
from frappe.utils import getdate

from core_helpdesk import config, jobs
from core_helpdesk.domain.deliveries import DeliveryState
from core_helpdesk.domain.delivery_gaps import Part
from core_helpdesk.domain.errors import NoWorkingTime
from core_helpdesk.escalations import transactions
from core_helpdesk.sending import acts, catalogue, gaps, heartbeat, ledger
from core_helpdesk.sending import preview as previews
from core_helpdesk.setup import groups

NO_BREAK = "\N{NO-BREAK SPACE}"
UNREAD = [
	state.value
	for state in (DeliveryState.MADE, DeliveryState.QUEUED, DeliveryState.SENT, DeliveryState.FAILED)
]


@frappe.whitelist()
def preview(day: str) -> dict[str, Any]:
	"""What would be sent to whom on a day, what would be made for people to send, and what is not alive.

	Policy: QA-12, TSM-09, TSM-14
	"""
	groups.check_permission(_("see what is sent on a day"))
	try:
		wanted = getdate(day)
	except (ValueError, frappe.ValidationError):
		wanted = None
	if not wanted:
		frappe.throw(_("Please enter: {0}").format(_("Day")), title=_("Missing"))
	try:
		found = {"deliveries": previews.of_day(wanted), "made": previews.made_on(wanted)}
	except NoWorkingTime:
		message = _("Nobody works for a year in a Working Calendar: correct its days off.")
		frappe.throw(message, title=_("Working Calendar"))
	return {**found, "mode": config.mode(), "signs": signs()}


def signs() -> list[dict[str, Any]]:
	"""The parts that a report needs, with the last sign of each as shown to people."""
	found = heartbeat.signs(config.now_epoch())
	names = {
		Part.SCHEDULER: _("Scheduler"),
		Part.WORKER: _("Worker"),
		Part.MAIL_ACCOUNT: _("Mail Account"),
	}
	return [
		{"part": names[sign.part], "last": config.from_epoch(sign.last), "is_dead": sign.is_dead}
		for sign in found
	]


# That it was shown is written down: what a link in a mail asks for by a GET shows nothing.
@frappe.whitelist(methods=["POST"])
def shown(delivery: str) -> dict[str, Any]:
	"""Policy: CORE-13, TSM-14"""
	return acts.shown(delivery)


@frappe.whitelist(methods=["POST"])
@transactions.act
def acknowledge(delivery: str, note: str = "") -> None:
	"""Policy: TSM-14"""
	acts.acknowledge(delivery, note, config.now_epoch())


@frappe.whitelist(methods=["POST"])
@transactions.act
def send_again(delivery: str) -> None:
	"""Policy: QA-12"""
	acts.send_again(delivery, config.now_epoch())
	jobs.report_soon()


@frappe.whitelist()
def not_delivered_card(filters: str | list | dict | None = None) -> dict[str, Any]:
	"""How many reports are missing just now, not made or not with whom they were for, and what is not running.

	Asked of the schedule and the ledger themselves: what stands still finds nothing.
	Policy: QA-12
	"""
	frappe.has_permission("Escalation Finding", "read", throw=True)
	wanted = {"kind": ["in", list(gaps.KINDS)], "state": "Open"}
	missing, dead = len(gaps.missing_now(config.now_epoch())), _dead_parts()
	of_life = ["Form", config.SETTINGS, config.SETTINGS]
	return {
		"value": _with_dead_parts(missing, dead) if dead else missing,
		"fieldtype": "Int",
		"route": of_life if dead else ["List", "Escalation Finding", "List"],
		"route_options": {} if dead else wanted,
	}


def _dead_parts() -> list[str]:
	if config.mode() != config.LIVE:
		return []
	return [sign["part"] for sign in signs() if sign["is_dead"]]


def _with_dead_parts(missing: int, dead: list[str]) -> str:
	# The framework shows a number and one word behind it: what belongs to that word is kept together.
	said = _("(not running: {0})").format(", ".join(dead))
	return f"{missing} {said.replace(' ', NO_BREAK)}"


@frappe.whitelist()
def to_review_card(filters: str | list | dict | None = None) -> dict[str, Any]:
	"""How many reports wait for the present user to say that they have reviewed them.

	Policy: TSM-14
	"""
	frappe.has_permission(ledger.DELIVERY, "read", throw=True)
	reviewed = [sent.name for sent in catalogue.REPORTS if sent.reviewed]
	wanted = {"report": ["in", reviewed], "state": ["in", UNREAD], "recipient": frappe.session.user}
	return {
		"value": len(frappe.get_list(ledger.DELIVERY, wanted, pluck="name", limit_page_length=0)),
		"fieldtype": "Int",
		"route": ["List", ledger.DELIVERY, "List"],
		"route_options": wanted,
	}
