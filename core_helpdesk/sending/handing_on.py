"""What waits for a person who does not act any more goes to who acts now.

Policy: TSM-13, TSM-M2, CORE-13
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

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
	has = [_gives(sent, row, office, person, timetable, now) for office, person in others.items()]
	if not all(has):
		return True
	frappe.db.set_value(ledger.DELIVERY, row.name, "offices", offices.as_kept(own) or None)
	if own or (sent.name, row.recipient) in config.report_settings().further:
		return False
	named = full_names([person.user for person in others.values()])
	why = _("It goes to those who act now instead: {0}.").format(", ".join(sorted(named.values())))
	return editions.take_back(row, why, now)


def _gives(
	sent: Sent, row: frappe._dict, office: Office, person: Recipient, timetable: Timetable, now: int
) -> bool:
	"""Whether the person has the report for this office now, or gets it."""
	due = days_off.due(timetable, sent, person.user, now)
	new = Delivery(row.report, row.period_key, person.user, due, since=now, edition=row.edition)
	reference = (row.reference_doctype or "", row.reference_name or "")
	if ledger.insert([(new, person, offices.as_kept([office]))], now, reference):
		return True
	other = ledger.lock(_name_of(new))
	if other is None or other.is_replaced:
		return False
	held = {"offices": offices.together(other.offices, [office])}
	if other.state == DeliveryState.WITHDRAWN.value:
		_bring_back(other, person, {**held, "due_epoch": due, "due_at": config.from_epoch(due)}, now)
	else:
		frappe.db.set_value(ledger.DELIVERY, other.name, held)
	return True


def _name_of(delivery: Delivery) -> str | None:
	about = {"report": delivery.report, "period_key": delivery.period_key, "edition": delivery.edition}
	return frappe.db.get_value(ledger.DELIVERY, {**about, "recipient": delivery.recipient})


def _bring_back(row: frappe._dict, person: Recipient, values: dict[str, Any], now: int) -> None:
	"""What a person was to get before they were away is theirs again, as if it came for the first time."""
	# What was made of it at first is not what it says now.
	frappe.db.delete(content.CONTENT, {"delivery": row.name})
	nothing = dict.fromkeys(("why_not", "cause", "email_queue"))
	anew = {"ready_epoch": now, "next_epoch": values["due_epoch"], "tries": 0, **nothing}
	ledger.move(row, DeliveryState.DUE, at=now, capacity=person.capacity, **values, **anew)
