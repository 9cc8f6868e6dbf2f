"""What is to be done after a report, by whom and until when; the next reports show its effect."""

from frappe import _

from core_helpdesk.escalations.case import refuse
from core_helpdesk.given_country import GivenCountryDocument
from core_helpdesk.governance.named import full_names
from core_helpdesk.monthly import action_acts


class CorrectiveAction(GivenCountryDocument):
	"""Policy: QA-M2, QA-M3, TRC-M3"""

	def onload(self) -> None:
		self.set_onload("people", full_names([self.responsible, self.decided_by, self.settled_by]))

	def before_insert(self) -> None:
		action_acts.begin(self)

	# Not `validate`: a caller may switch that off, this never.
	def before_validate(self) -> None:
		if not self.is_new():
			action_acts.keep(self)

	def get_invalid_links(self, is_submittable: bool = False) -> tuple[list, list]:
		"""Whom and what an action names may be gone since; what is new is checked by its acts."""
		return super().get_invalid_links(is_submittable) if self.is_new() else ([], [])

	def after_insert(self) -> None:
		action_acts.tell(self)

	def on_update(self) -> None:
		if not self.flags.in_insert:
			action_acts.tell(self)

	def before_rename(self, *names: object) -> None:
		refuse(_("A corrective action keeps its name."))

	def on_trash(self) -> None:
		refuse(_("A corrective action stays on record: drop it instead."))
