"""An announcement of a change, with who has read it."""

import frappe
from frappe import _

from core_helpdesk.child_row import OwnRows
from core_helpdesk.governance import notices
from core_helpdesk.governance.named import full_names
from core_helpdesk.setup.roles import QA_SPECIALIST, must_hold
from core_helpdesk.stored_text import keep_as_text


class ChangeNotice(OwnRows):
	def onload(self) -> None:
		self.set_onload("people", full_names(row.user for row in self.readers))

	def before_validate(self) -> None:
		super().before_validate()
		keep_as_text(self, ("title", "purpose", "text", "text_ar"))

	def validate(self) -> None:
		self.title = (self.title or "").strip()
		notices.keep_machine_fields(self)

	def on_trash(self) -> None:
		if self.sent_on:
			frappe.throw(_("A notice that went out stays, with who has read it."), title=_("Change Notice"))

	@frappe.whitelist(methods=["POST"])
	def send(self) -> int:
		"""Policy: CORE-08, QA-15"""
		must_hold(QA_SPECIALIST, _("send a change notice"))
		return notices.send_by_hand(self.name)

	@frappe.whitelist(methods=["POST"])
	def acknowledge(self) -> None:
		notices.acknowledge(self.name, frappe.session.user)
