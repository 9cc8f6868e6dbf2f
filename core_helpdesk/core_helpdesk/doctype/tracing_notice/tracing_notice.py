"""What a customer is told at an event, in one language; words in braces stand for the case's data."""

from frappe.model.document import Document

from core_helpdesk.stored_text import keep_as_text
from core_helpdesk.tracing import notices


class TracingNotice(Document):
	def before_validate(self) -> None:
		keep_as_text(self, ("subject", "message", "sms"))

	def validate(self) -> None:
		notices.check(self)
