"""What a department would do better about a group, and what the QA Specialist says to it."""

import frappe

from core_helpdesk.given_country import GivenCountryDocument
from core_helpdesk.governance import suggestions


class GroupSuggestion(GivenCountryDocument):
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
