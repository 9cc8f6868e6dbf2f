"""Who has recorded that they reviewed a report that was sent to them.

Policy: TSM-14
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _

from core_helpdesk import shown
from core_helpdesk.domain.deliveries import DeliveryState
from core_helpdesk.reports.names import Names

if TYPE_CHECKING:
	from core_helpdesk.reports.days import Days

DELIVERY = "Report Delivery"


def in_words(report: str, days: Days) -> str:
	"""How many of its readers have reviewed the report on these days, and who has not; empty where it went to nobody."""
	sent = {"report": report, "period_key": f"{days.first}..{days.last}"}
	rows = frappe.get_all(DELIVERY, sent, ["recipient", "state"], order_by="recipient")
	if not rows:
		return ""
	waiting = [row.recipient for row in rows if row.state != DeliveryState.ACKNOWLEDGED.value]
	text = _("Reviewed by {0} of {1}.").format(len(rows) - len(waiting), len(rows))
	if not waiting:
		return text
	names = Names()
	return f"{text} {_('Not reviewed yet by: {0}.').format(shown.listed(map(names.person, waiting)))}"
