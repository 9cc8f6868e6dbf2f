"""No account may turn the answers to our mails into tickets."""

import frappe
from frappe import _
from frappe.model.document import Document

from core_helpdesk import config
from core_helpdesk.mail import reply_to


def validate(doc: Document, method: str | None = None) -> None:
	address = config.settings().reply_to
	if address and reply_to.takes_for_tickets(doc, address):
		message = _(
			"{0} is the Reply-To address of Core Helpdesk: answers to its mails must not become tickets. "
			"Choose another address for this account, or another Reply-To address in Core Helpdesk Settings."
		)
		frappe.throw(message.format(frappe.bold(address)), title=_("Address in Use"))
