"""A claim on a traced shipment: what is asked for, who approved it, and what became of it at Customer Care."""

import frappe
from frappe import _
from frappe.model.document import Document

from core_helpdesk.child_row import OwnRows
from core_helpdesk.governance.named import full_names
from core_helpdesk.setup.claim_workflow import APPROVED
from core_helpdesk.tracing import claim_acts, claim_hand_over, claim_limit, claim_papers, claim_turns, records


class TracingClaim(OwnRows):
	@property
	def needs_manager_approval(self) -> int:
		"""Whether a supervisor's approval is not enough. Asked for with every transition of the workflow.

		Policy: TRC-19
		"""
		return int(claim_limit.needs_manager(self))

	def onload(self) -> None:
		named = (self.requested_by, self.supervisor, self.approved_by, self.reason_by)
		self.set_onload("people", full_names([*named, *(row.received_by for row in self.documents)]))

	def load_from_db(self) -> Document:
		"""Locks ticket and case before a claim that is read for a change: a case is not closed meanwhile."""
		case = self.flags.for_update and frappe.db.get_value(self.doctype, self.name, "tracing_case")
		if case:
			records.locked(case)
		return super().load_from_db()

	def before_insert(self) -> None:
		super().before_insert()
		claim_acts.begin(self)

	# Not `validate`: a caller may switch that off, this never.
	def before_validate(self) -> None:
		super().before_validate()
		claim_acts.keep(self)
		claim_acts.settle(self)
		claim_acts.take(self)

	def validate_workflow(self) -> None:
		"""What the app does itself follows no button."""
		if not self.flags.ch_engine:
			super().validate_workflow()

	def on_update(self) -> None:
		before = self.get_doc_before_save()
		claim_papers.hang_on(self)
		if before and before.workflow_state != APPROVED and self.workflow_state == APPROVED:
			claim_hand_over.after_approval(self)
		claim_turns.tell(self)

	def on_trash(self) -> None:
		message = _("{0} stays on record: withdraw it instead.").format(self.name)
		frappe.throw(message, frappe.PermissionError, title=_("Not Permitted"))

	def add_comment(
		self, comment_type: str = "Comment", text: str | None = None, *args: object, **options: object
	) -> object:
		"""The framework notes the state that a button asked for, which is not always the one reached."""
		shown = _(self.workflow_state, context="Workflow State") if comment_type == "Workflow" else text
		return super().add_comment(comment_type, shown, *args, **options)
