"""A change to groups that a department asks for: its data, its way through review and approval, what came of it."""

import frappe
from frappe import _

from core_helpdesk.child_row import OwnRows
from core_helpdesk.given_country import GivenCountryDocument
from core_helpdesk.governance import request_checks, request_data, request_moves, request_turns
from core_helpdesk.governance.requests import is_own
from core_helpdesk.setup.roles import QA_SPECIALIST, holds
from core_helpdesk.setup.workflows import DRAFT


class GroupRequest(OwnRows, GivenCountryDocument):
	@property
	def needs_manager_approval(self) -> int:
		"""Asked for with every transition of the workflow; found out once for what the document says.

		Policy: CORE-09, CORE-20
		"""
		asked = request_data.fingerprint(self)
		if self.flags.ch_needs_manager is None or self.flags.ch_needs_manager[0] != asked:
			self.flags.ch_needs_manager = (asked, int(bool(request_checks.why_manager(self))))
		return self.flags.ch_needs_manager[1]

	def before_insert(self) -> None:
		super().before_insert()
		request_data.begin(self)

	# Not `validate`: a caller may switch that off, this never.
	def before_validate(self) -> None:
		super().before_validate()
		if not self.flags.ch_engine:
			request_data.keep_what_the_app_writes(self)
		request_data.settle(self)
		request_moves.take(self)

	def validate_workflow(self) -> None:
		"""What the app does itself follows no button (CORE-12)."""
		if not (self.flags.ch_engine or self.flags.ch_at_once):
			super().validate_workflow()

	def on_update(self) -> None:
		request_turns.tell(self)

	def on_trash(self) -> None:
		user = frappe.session.user
		if self.workflow_state != DRAFT or not (is_own(self, user) or holds(QA_SPECIALIST, user)):
			message = _("{0} stays on record: withdraw it instead.").format(self.name)
			frappe.throw(message, frappe.PermissionError, title=_("Not Permitted"))

	def add_comment(
		self, comment_type: str = "Comment", text: str | None = None, *args: object, **options: object
	) -> object:
		"""The framework notes the state that a button asked for, which is not always the one reached."""
		shown = _(self.workflow_state) if comment_type == "Workflow" else text
		return super().add_comment(comment_type, shown, *args, **options)
