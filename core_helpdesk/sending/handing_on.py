"""What waits for a person who does not act any more goes to who acts now.

Policy: TSM-13, TSM-M2, CORE-13
"""

from __future__ import annotations

from dataclasses import replace
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, NamedTuple

import frappe
from frappe import _

from core_helpdesk import config
from core_helpdesk.domain.deliveries import Delivery, DeliveryState
from core_helpdesk.governance.named import full_names
from core_helpdesk.sending import content, days_off, editions, ledger, offices

if TYPE_CHECKING:
	from core_helpdesk.escalations.people import Recipient
	from core_helpdesk.sending.catalogue import Sent
	from core_helpdesk.sending.offices import Office
	from core_helpdesk.sending.timetable import Timetable


class Given(Enum):
	"""What came of giving a report to a person for an office."""

	ANEW = auto()
	TOO = auto()
	"""What they had, or are to get already, is for this office as well."""
	BEFORE = auto()
	"""They had it with an earlier step, for other offices or none: that was not for this one."""
	NOT_NOW = auto()


class Handed(NamedTuple):
	"""A report that is handed on: its row without a person, with the moment of the step, and its document."""

	sent: Sent
	row: Delivery
	reference: tuple[str, str]
	timetable: Timetable


def hand_on(sent: Sent, row: frappe._dict, timetable: Timetable, now: int) -> bool:
	"""Lets who acts now in an office of a locked delivery get it; True if it does not go to its own person now.

	Who has a row of this edition, sent or not, gets no other; one that was withdrawn when they were away is due again. The
	row goes to nobody else before each of those who act has it: until then it waits, and is asked again in an hour.
	Units: epoch seconds.
	Policy: TSM-13
	"""
	own, others = offices.changed(row.offices, row.recipient, timetable.today(now))
	if not others:
		return False
	about = Delivery(row.report, row.period_key, "", 0, since=row.ready_epoch, edition=row.edition)
	handed = Handed(sent, about, (row.reference_doctype or "", row.reference_name or ""), timetable)
	given = {office: give(handed, office, person, now) for office, person in others.items()}
	if any(how is Given.NOT_NOW for how, _user in given.values()):
		return True
	own += [office for office, (_how, user) in given.items() if user == row.recipient]
	frappe.db.set_value(ledger.DELIVERY, row.name, "offices", offices.as_kept(own) or None)
	if own or _has_another_reason(sent, row):
		return False
	named = full_names([user for _how, user in given.values()])
	why = _("It goes to those who act now instead: {0}.").format(", ".join(sorted(named.values())))
	return editions.take_back(row, why, now)


def _has_another_reason(sent: Sent, row: frappe._dict) -> bool:
	"""Whether a person gets the report without any office too."""
	is_further = (sent.name, row.recipient) in config.report_settings().further
	return is_further or row.capacity not in offices.HELD


def give(handed: Handed, office: Office, person: Recipient, now: int) -> tuple[Given, str]:
	"""Lets who acts in an office have a report for it or, if they had it with an earlier step, whose office it is.

	Returns: what came of it, and who of the two it is.
	Units: epoch seconds.
	Policy: QA-12, TSM-13, TSM-M2
	"""
	given = _give(handed, office, person, now)
	holder = offices.holder(office)
	if given is Given.BEFORE and holder and holder.user != person.user:
		return _give(handed, office, holder, now), holder.user
	return given, person.user


def _give(handed: Handed, office: Office, person: Recipient, now: int) -> Given:
	due = days_off.due(handed.timetable, handed.sent, person.user, now)
	new = replace(handed.row, recipient=person.user, due=due, since=now)
	if ledger.insert([(new, person, offices.as_kept([office]))], now, handed.reference):
		return Given.ANEW
	known = _known(new)
	is_of_before = bool(known) and known.ready_epoch < handed.row.since
	other = ledger.lock(known.name) if known else None
	if other is None or other.is_replaced:
		# What is leaving just now of an earlier step is of that step.
		return Given.BEFORE if is_of_before else Given.NOT_NOW
	held = {"offices": offices.together(other.offices, [office])}
	if other.state == DeliveryState.WITHDRAWN.value:
		_bring_back(other, person, {**held, "due_epoch": due, "due_at": config.from_epoch(due)}, now)
		return Given.ANEW
	if is_of_before and _has_left(other) and office not in offices.read(other.offices):
		return Given.BEFORE
	if other.state == DeliveryState.FAILED.value and not other.email_queue:
		# It may have been given up for a reason that is no more.
		held |= {"next_epoch": max(due, now), "tries": 0}
	frappe.db.set_value(ledger.DELIVERY, other.name, held)
	return Given.TOO


def _known(delivery: Delivery) -> frappe._dict | None:
	about = {"report": delivery.report, "period_key": delivery.period_key, "edition": delivery.edition}
	wanted = {**about, "recipient": delivery.recipient}
	return frappe.db.get_value(ledger.DELIVERY, wanted, ["name", "ready_epoch"], as_dict=True)


def _has_left(row: frappe._dict) -> bool:
	is_waiting = row.state == DeliveryState.FAILED.value and not row.email_queue
	return not (is_waiting or row.state == DeliveryState.DUE.value)


def _bring_back(row: frappe._dict, person: Recipient, values: dict[str, Any], now: int) -> None:
	"""What a person was to get before they were away is theirs again, as if it came for the first time."""
	# What was made of it at first is not what it says now.
	frappe.db.delete(content.CONTENT, {"delivery": row.name})
	nothing = dict.fromkeys(("why_not", "cause", "email_queue"))
	anew = {"ready_epoch": now, "next_epoch": values["due_epoch"], "tries": 0, **nothing}
	capacity = person.capacity if row.capacity in offices.HELD else row.capacity
	ledger.move(row, DeliveryState.DUE, at=now, capacity=capacity, **values, **anew)
