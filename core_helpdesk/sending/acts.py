"""What people do with a delivery: its recipient says that they have read it, a QA Specialist has it sent again.

Policy: QA-12, TSM-14
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import get_link_to_form

from core_helpdesk import config, permissions
from core_helpdesk.domain.deliveries import DeliveryState, NotAMove
from core_helpdesk.escalations.case import invalid
from core_helpdesk.sending import catalogue, content, editions, entitlement, ledger, mails
from core_helpdesk.setup import roles
from core_helpdesk.stored_text import as_text

if TYPE_CHECKING:
	from frappe.model.document import Document

ACKNOWLEDGED, FAILED, WITHDRAWN = (
	DeliveryState.ACKNOWLEDGED,
	DeliveryState.FAILED,
	DeliveryState.WITHDRAWN,
)
LONGEST_NOTE = 2000


def acknowledge(name: str, note: str, now: int) -> None:
	"""Records that the present user has read what was sent to them; of a weekly report this is the review.

	Done again, it stays as it was first.
	Units: epoch seconds.
	Raises: DoesNotExistError, PermissionError for anybody but the recipient; ValidationError for what is not made, or
	was never shown to them.
	Policy: TSM-14
	"""
	row = _locked(name)
	if row.recipient != frappe.session.user:
		_refuse(_("Only {0} can say that they have read it.").format(row.recipient))
	if row.state == ACKNOWLEDGED.value:
		return
	values = {"acknowledged_on": config.from_epoch(now), "why_not": None, "cause": None, "next_epoch": 0}
	if not content.is_kept(name):
		invalid(_("This report is not made yet: there is nothing to read."))
	# The mail is no proof that it was seen: the record shows it to its reader when it is opened.
	if not frappe.db.get_value(ledger.DELIVERY, name, "first_shown_on"):
		way = get_link_to_form(ledger.DELIVERY, name, content.title_of(row.report, row.period_key))
		invalid(_("Please open the record of this report first, and read what it says: {0}").format(way))
	try:
		ledger.move(row, ACKNOWLEDGED, at=now, note=as_text(note).strip()[:LONGEST_NOTE] or None, **values)
	except NotAMove:
		invalid(_("This report was withdrawn: there is nothing to read any more."))


def send_again(name: str, now: int) -> None:
	"""Lets what failed go out with the next run; a mail that was given up is let go itself, so that it goes out once.

	One that is not its person's any more is not: what goes out instead is made anew, for whoever gets it now.
	Units: epoch seconds.
	Raises: DoesNotExistError, PermissionError for anybody but QA Specialists; ValidationError for what has not failed.
	Policy: QA-12, CORE-13
	"""
	row = _locked(name)
	if not roles.holds(roles.QA_SPECIALIST):
		_refuse(_("Only a QA Specialist can have a report sent again."))
	if config.mode() != config.LIVE:
		invalid(_("Nothing is mailed unless Core Helpdesk is in the mode Live."))
	if row.state != FAILED.value:
		invalid(_("Only what has failed is sent again: nobody is sent a report twice."))
	if row.is_replaced:
		invalid(_("This report was returned to its makers, and what they hand on again goes out instead."))
	if ledger.is_nobodys(row, config.report_settings()):
		invalid(_("It was due while Core Helpdesk was not in the mode Live, and is not sent any more."))
	# A mail that is on its way, by the framework's own hand, must not have another beside it.
	state = None if entitlement.take_back(row, now) else mails.let_go(row.email_queue)
	if state:
		ledger.move(row, state, at=now, why_not=None, cause=None, next_epoch=0)
	else:
		frappe.db.set_value(ledger.DELIVERY, row.name, {"next_epoch": now, "email_queue": None})


def _locked(name: str) -> frappe._dict:
	"""Raises: DoesNotExistError, PermissionError unless the present user may read it."""
	frappe.get_doc(ledger.DELIVERY, name).check_permission("read")
	row = ledger.lock(name)
	if row is None:
		invalid(_("It is being sent just now. Please try again in a minute."))
	return row


def _refuse(message: str) -> None:
	frappe.throw(message, frappe.PermissionError, title=_("Not Permitted"))


# --- What the form shows


def shown(name: str) -> dict[str, Any]:
	"""What was sent, as it was, and what the present user may do with it.

	Of what others got only those read the content from whom nothing is hidden: it holds what its recipient may see.
	Raises: DoesNotExistError, PermissionError
	Policy: CORE-13, TSM-12, TSM-14
	"""
	document = frappe.get_doc(ledger.DELIVERY, name)
	document.check_permission("read")
	sent, is_own = catalogue.of(document.report), document.recipient == frappe.session.user
	reads = is_own or not permissions.concealed_from()
	is_withdrawn = document.state == WITHDRAWN.value
	is_made = content.is_kept(name) and not is_withdrawn
	if is_own and is_made:
		_note_shown(document)
	title = content.title_of(document.report, document.period_key)
	return {
		"title": editions.titled(title, document.edition),
		"content": content.kept(name) if is_made and reads else None,
		"is_hidden": is_made and not reads,
		"is_review": bool(sent and sent.reviewed),
		"may_acknowledge": is_own and is_made and document.state != ACKNOWLEDGED.value,
		"may_send_again": _may_be_sent_again(document),
	}


def _note_shown(document: Document) -> None:
	"""Once, by a call that may write; whoever sends it just now holds the row, and then the next time is the first."""
	if document.first_shown_on or not ledger.lock(document.name):
		return
	now = config.from_epoch(config.now_epoch())
	frappe.db.set_value(ledger.DELIVERY, document.name, "first_shown_on", now)


def _may_be_sent_again(document: Document) -> bool:
	is_live = config.mode() == config.LIVE
	has_failed = document.state == FAILED.value and not document.is_replaced
	return is_live and has_failed and roles.holds(roles.QA_SPECIALIST)
