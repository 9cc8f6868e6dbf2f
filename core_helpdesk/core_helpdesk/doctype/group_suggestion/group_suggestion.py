"""What a department would do better about a group, and what the QA Specialist says to it."""

import frappe

from core_helpdesk.given_country import GivenCountryDocument
from core_helpdesk.governance import suggestions
from core_helpdesk.governance.named import full_names


class GroupSuggestion(GivenCountryDocument):
	def onload(self) -> None:
		self.set_onload("people", full_names([self.suggested_by, self.answered_by]))

	def _validate_links(self) -> None:
		# The framework looks at links first, and would tell a group that is hidden from one that is not there.
		if self.is_new():
			self.check_permission("create")
			suggestions.known_group(self.team, frappe.session.user)
		super()._validate_links()

	def before_insert(self) -> None:
		suggestions.begin(self)

	def validate(self) -> None:
		suggestions.keep_machine_fields(self)

	def after_insert(self) -> None:
		suggestions.tell_specialists(self)

	@frappe.whitelist(methods=["POST"])
	def reply(self, answer: str) -> None:
		"""Policy: CORE-14"""
		suggestions.reply(self.name, answer)

	@frappe.whitelist(methods=["POST"])
	def close(self) -> None:
		suggestions.close(self.name)
