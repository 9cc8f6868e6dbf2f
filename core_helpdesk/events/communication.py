"""Mail to and from the people of an escalation is filed on it: the framework links it, this logs it. What comes to a
ticket may make its tracing case urgent.

What answers a report lies nowhere beside it: it quotes what others who read its record may not see.

Policy: CORE-13, TSM-04, TSM-13, TRC-16
"""

import frappe
from frappe import _
from frappe.model.document import Document

from core_helpdesk import beside, config
from core_helpdesk.escalations import follow_up, transactions
from core_helpdesk.mail import language, notices
from core_helpdesk.tracing import confirmation, replies, urgency

ESCALATION = "Ticket Escalation"
MAIL = ("Communication", "Email")


def before_insert(doc: Document, method: str | None = None) -> None:
	"""Takes the customer's link out of what they quote: whoever reads the mail could answer by it."""
	if doc.sent_or_received != "Received":
		return
	if not beside.keeps_answers(doc.reference_doctype, doc.reference_name):
		# It stays in the mailbox that answers go to.
		doc.update({"reference_doctype": None, "reference_name": None})
	with transactions.logged_on_failure("Core Helpdesk: links left in a received mail"):
		for field in ("content", "text_content"):
			if isinstance(doc.get(field), str):
				doc.set(field, confirmation.without_links(doc.get(field)))


def after_insert(doc: Document, method: str | None = None) -> None:
	urgency.look_at(doc)
	with transactions.logged_on_failure("Core Helpdesk: nobody told of a customer's answer"):
		replies.take(doc)
	if doc.reference_doctype != ESCALATION or (doc.communication_type, doc.communication_medium) != MAIL:
		return
	# Mail intake must not fail over our log.
	with transactions.logged_on_failure("Core Helpdesk: mail not logged on its escalation"):
		file_on_escalation(doc)


def file_on_escalation(doc: Document) -> None:
	person = user_of(doc.sender)
	received = doc.sent_or_received == "Received"
	note = f"{doc.sender} → {doc.recipients or ''}: {doc.subject or ''}"
	follow_up.log(
		doc.reference_name,
		follow_up.MAIL,
		config.now_epoch(),
		person=person if received else user_of(doc.recipients),
		channel="E-mail",
		note=note,
	)
	if received:
		tell_owner(doc)


def user_of(address: str | None) -> str:
	"""The user of an address, if it is one of ours."""
	return frappe.db.get_value("User", {"email": (address or "").strip()}, "name") or ""


def tell_owner(doc: Document) -> None:
	"""The owner in TSM hears of an answer at once."""
	owner = frappe.db.get_value(ESCALATION, doc.reference_name, "tsm_owner")
	if not owner:
		return
	with language.speaking(language.language_of(owner)):
		notices.insert(
			owner, _("An answer came from {0}.").format(doc.sender), ESCALATION, doc.reference_name
		)
