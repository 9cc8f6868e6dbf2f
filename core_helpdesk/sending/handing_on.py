"""What waits for a person who does not act any more goes to who acts now.

Policy: TSM-13, TSM-M2, CORE-13
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _

from core_helpdesk import config
from core_helpdesk.domain.deliveries import Delivery
from core_helpdesk.governance.named import full_names
from core_helpdesk.sending import days_off, editions, ledger, offices

if TYPE_CHECKING:
	from core_helpdesk.escalations.people import Recipient
	from core_helpdesk.sending.catalogue import Sent
	from core_helpdesk.sending.offices import Office
	from core_helpdesk.sending.timetable import Timetable


def hand_on(sent: Sent, row: frappe._dict, timetable: Timetable, now: int) -> bool:
	"""Lets who acts now in an office of a locked delivery get it; True if its own person gets it no more.

	Who has a row of this edition, sent or not, gets no other.
	Units: epoch seconds.
	Policy: TSM-13
	"""
	own, others = offices.changed(row.offices, row.recipient, timetable.today(now))
	if not others:
		return False
	for office, person in others.items():
		_give(sent, row, office, person, timetable, now)
	frappe.db.set_value(ledger.DELIVERY, row.name, "offices", offices.as_kept(own) or None)
	if own or (sent.name, row.recipient) in config.report_settings().further:
		return False
	named = full_names([person.user for person in others.values()])
	why = _("It goes to those who act now instead: {0}.").format(", ".join(sorted(named.values())))
	return editions.take_back(row, why, now)


def _give(
	sent: Sent, row: frappe._dict, office: Office, person: Recipient, timetable: Timetable, now: int
) -> None:
	due = days_off.due(timetable, sent, person.user, now)
	new = Delivery(row.report, row.period_key, person.user, due, since=now, edition=row.edition)
	reference = (row.reference_doctype or "", row.reference_name or "")
	if not ledger.insert([(new, person, offices.as_kept([office]))], now, reference):
		about = {"report": row.report, "period_key": row.period_key, "edition": row.edition}
		other = frappe.db.get_value(ledger.DELIVERY, {**about, "recipient": person.user}, ["name", "offices"])
		if other:
			kept = offices.together(other[1], [office])
			frappe.db.set_value(ledger.DELIVERY, other[0], "offices", kept)
