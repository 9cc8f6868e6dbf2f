"""A report that comes back to its makers: what has not left is withdrawn, and what is handed on again goes to all anew.

Each such hand-over is an edition, counted from 1. What was sent of an earlier one stays in the ledger, and says that it
was replaced.

Policy: QA-12, TSM-13
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _

from core_helpdesk.domain.deliveries import OVER, DeliveryState
from core_helpdesk.escalations.people import GENERAL_MANAGER
from core_helpdesk.sending import ledger, mails
from core_helpdesk.setup import monthly_workflow as flow
from core_helpdesk.stored_text import as_text

if TYPE_CHECKING:
	from collections.abc import Iterable

	from core_helpdesk.mail.report_letters import Content

WITHDRAWN = DeliveryState.WITHDRAWN
REPORT = flow.NAME
# A General Manager gets what stands, not what is still to be reviewed or discussed: that comes with a later step.
NOT_YET_FOR_GENERAL_MANAGERS = ((flow.QA_REPORT, flow.SUBMITTED), (flow.ESCALATION_REPORT, flow.SENT))
NOT_FOR_GENERAL_MANAGERS = (*NOT_YET_FOR_GENERAL_MANAGERS, (flow.TSM_REPORT, flow.SENT))


def present(reference: tuple[str, str]) -> int:
	"""The edition in which a document is handed on now: the next one after what was withdrawn."""
	rows = frappe.get_all(ledger.DELIVERY, _about(reference), ["edition", "is_replaced"])
	return max((row.edition + row.is_replaced for row in rows), default=1)


def recipients(reference: tuple[str, str]) -> set[str]:
	"""The people to whom a document goes in its present edition, or who have it."""
	wanted = {**_about(reference), "is_replaced": 0, "state": ("!=", WITHDRAWN.value)}
	return set(frappe.get_all(ledger.DELIVERY, wanted, pluck="recipient"))


def withdraw(reference: tuple[str, str], now: int) -> int:
	"""What has not left of a document's deliveries goes to nobody any more, and all of them are replaced by what comes.

	Waits for those that are being sent just now. To be called in the transaction that takes the document back.
	Returns: how many were withdrawn.
	Units: epoch seconds.
	Policy: QA-12, TSM-13
	"""
	rows = list(_locked(reference))
	for row in rows:
		frappe.db.set_value(ledger.DELIVERY, row.name, "is_replaced", 1)
	return sum(take_back(row, _returned(), now) for row in rows)


def _locked(reference: tuple[str, str]) -> Iterable[frappe._dict]:
	table = frappe.qb.DocType(ledger.DELIVERY)
	query = frappe.qb.from_(table).select(*ledger.READ).where(table.is_replaced == 0)
	for column, value in _about(reference).items():
		query = query.where(table[column] == value)
	return query.for_update().run(as_dict=True)


def take_back(row: frappe._dict, why: str, now: int) -> bool:
	"""Withdraws a locked delivery, with its mail; False if that has arrived, or cannot be held any more."""
	if row.state in OVER or not mails.hold(row.email_queue):
		return False
	ledger.move(row, WITHDRAWN, at=now, why_not=as_text(why), cause=None, next_epoch=0)
	return True


def _about(reference: tuple[str, str]) -> dict[str, str]:
	return dict(zip(("reference_doctype", "reference_name"), reference, strict=True))


def take_back_replaced(row: frappe._dict, now: int) -> bool:
	"""Withdraws a locked delivery of a report that was returned; False while its mail is leaving, or if it has left.

	A mail that was leaving when the report came back may come to a halt later, and would go out then.
	"""
	frappe.db.set_value(ledger.DELIVERY, row.name, "is_replaced", 1)
	return take_back(row, _returned(), now)


def _returned() -> str:
	return _("The report was returned to its makers: what they hand on again goes out instead.")


# --- What may go out of a document as it stands


def is_with_its_makers(doctype: str | None, name: str | None) -> bool:
	"""True of a report that nobody has handed on: a draft goes to nobody."""
	return doctype == REPORT and standing(name)[1] == flow.MADE


def goes_to(doctype: str | None, name: str | None, capacity: str) -> bool:
	"""Whether a document is in a state in which it goes to this capacity."""
	if doctype != REPORT:
		return True
	kind, state = standing(name)
	if state == flow.MADE:
		return False
	return capacity != GENERAL_MANAGER or is_for_general_managers(kind, state)


def is_for_general_managers(kind: str, state: str) -> bool:
	"""Whether a report of this kind goes to the General Manager once somebody has handed it on to this state."""
	return (kind, state) not in NOT_FOR_GENERAL_MANAGERS


def is_not_yet_for_general_managers(reference: tuple[str, str]) -> bool:
	"""Whether a document goes to the General Manager with a later step, and not with this one."""
	return reference[0] == REPORT and standing(reference[1]) in NOT_YET_FOR_GENERAL_MANAGERS


def standing(name: str | None) -> tuple[str, str]:
	"""The kind and the state of a report."""
	kind, state = frappe.db.get_value(REPORT, name, ["kind", "workflow_state"]) or ("", flow.MADE)
	return kind, state or flow.MADE


def corrected(content: Content, edition: int | None) -> Content:
	"""A content whose title and subject line say of a later edition that it is a corrected one."""
	subject = content.subject and titled(content.subject, edition)
	return content._replace(title=titled(content.title, edition), subject=subject)


def titled(title: str, edition: int | None) -> str:
	"""A title that says of a later edition that it is a corrected one, in the present language."""
	return _("{0} (corrected)").format(title) if (edition or 1) > 1 else title
