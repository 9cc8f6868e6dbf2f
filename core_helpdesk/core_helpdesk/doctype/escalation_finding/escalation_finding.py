"""Something that is wrong or missing, open until it is put right."""

import frappe
from frappe.model.document import Document
from frappe.utils import now

from core_helpdesk.governance import access_watch, mended_changes
from core_helpdesk.reports import early_months
from core_helpdesk.setup import office_changes
from core_helpdesk.setup.indexes import keep_index


class EscalationFinding(Document):
	def validate(self) -> None:
		access_watch.check_reason(self)
		office_changes.refuse_own_end(self)
		self.note_end()

	def note_end(self) -> None:
		"""A record that is written again stays closed since it was closed, by a person or by itself."""
		before = self.get_doc_before_save()
		if before and before.state == self.state == "Closed":
			self.update({"closed_on": before.closed_on, "closed_by": before.closed_by})
		else:
			ended = (now(), frappe.session.user) if self.state == "Closed" else (None, None)
			self.closed_on, self.closed_by = ended

	def on_update(self) -> None:
		if self.has_value_changed("state") and self.state == "Closed":
			mended_changes.accept(self)
			early_months.follow(self)


def on_doctype_update() -> None:
	keep_index("Escalation Finding", ["kind", "subject_key", "state"], "ch_finding_subject")
