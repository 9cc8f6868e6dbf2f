"""A change to groups that a department asks for: its data, its way through review and approval, what came of it."""

from collections.abc import Iterator

import frappe
from frappe import _

from core_helpdesk import stored_text
from core_helpdesk.child_row import OwnRows
from core_helpdesk.given_country import GivenCountryDocument
from core_helpdesk.governance import (
	request_checks,
	request_data,
	request_impact,
	request_moves,
	request_turns,
)
from core_helpdesk.governance.named import full_names
from core_helpdesk.governance.requests import is_approved_by_manager, is_own
from core_helpdesk.setup.roles import QA_SPECIALIST, holds
from core_helpdesk.setup.workflows import DRAFT


class GroupRequest(OwnRows, GivenCountryDocument):
	@property
	def needs_manager_approval(self) -> int:
		"""Whether the manager has to decide, and has not. Asked for with every transition of the workflow; found out
		once for what the document says.

		Policy: CORE-09, CORE-20
		"""
		if is_approved_by_manager(self):
			return 0
		asked = request_data.fingerprint(self)
		if self.flags.ch_needs_manager is None or self.flags.ch_needs_manager[0] != asked:
			self.flags.ch_needs_manager = (asked, int(bool(request_checks.why_manager(self))))
		return self.flags.ch_needs_manager[1]

	def onload(self) -> None:
		self.set_onload("people", full_names(self.people_named()))

	def people_named(self) -> Iterator[str | None]:
		"""Everybody whose address stands somewhere on the form."""
		yield from (self.requested_by, self.head, self.needs_by, self.decision_reason_by, self.implemented_by)
		yield from (row.user for row in (*self.members, *self.edited_by))
		yield from (row.by for row in self.states)
		yield from (row.head for row in self.discussion)

	def before_insert(self) -> None:
		super().before_insert()
		request_data.begin(self)

	# Not `validate`: a caller may switch that off, this never.
	def before_validate(self) -> None:
		super().before_validate()
		stored_text.keep_as_text(self)
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
		request_impact.prepare(self)

	def on_trash(self) -> None:
		user = frappe.session.user
		if self.workflow_state != DRAFT or not (is_own(self, user) or holds(QA_SPECIALIST, user)):
			message = _("{0} stays on record: withdraw it instead.").format(self.name)
			frappe.throw(message, frappe.PermissionError, title=_("Not Permitted"))

	def save_version(self) -> None:
		"""What the checks found can name groups that not every reader of the request may know of."""
		before, found = self.get_doc_before_save(), self.checks
		self.checks = before.checks if before else None
		super().save_version()
		self.checks = found

	def add_comment(
		self, comment_type: str = "Comment", text: str | None = None, *args: object, **options: object
	) -> object:
		"""The framework notes the state that a button asked for, which is not always the one reached."""
		shown = _(self.workflow_state) if comment_type == "Workflow" else text
		return super().add_comment(comment_type, shown, *args, **options)
