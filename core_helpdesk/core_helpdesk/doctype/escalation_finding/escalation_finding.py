"""Something that is wrong or missing, open until it is put right."""

from frappe.model.document import Document

from core_helpdesk.governance import access_watch, mended_changes
from core_helpdesk.setup.indexes import keep_index


class EscalationFinding(Document):
	def validate(self) -> None:
		access_watch.check_reason(self)

	def on_update(self) -> None:
		if self.has_value_changed("state") and self.state == "Closed":
			mended_changes.accept(self)


def on_doctype_update() -> None:
	keep_index("Escalation Finding", ["kind", "subject_key", "state"], "ch_finding_subject")
