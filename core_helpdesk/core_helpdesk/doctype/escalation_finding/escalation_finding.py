"""Something that is wrong or missing, open until it is put right."""

from frappe.model.document import Document

from core_helpdesk.setup.indexes import keep_index


class EscalationFinding(Document):
	pass


def on_doctype_update() -> None:
	keep_index("Escalation Finding", ["kind", "subject_key", "state"], "ch_finding_subject")
