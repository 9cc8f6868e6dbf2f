"""A report of a month with figures that stand: people comment on it, discuss it and take it its steps."""

from frappe import _

from core_helpdesk.child_row import OwnRows
from core_helpdesk.escalations.case import refuse
from core_helpdesk.given_country import GivenCountryDocument
from core_helpdesk.governance.named import full_names
from core_helpdesk.monthly import acts, guard, making, steps


class MonthlyReport(OwnRows, GivenCountryDocument):
	"""Policy: QA-12, QA-M1, TSM-13, TSM-M1, TSM-M2"""

	def autoname(self) -> None:
		self.name = making.name_of(self.kind, self.month)

	def onload(self) -> None:
		by = (self.sent_by, self.reviewed_by, self.signed_by, self.forwarded_by, self.returned_by)
		self.set_onload("people", full_names([*by, *self._people_of_rows()]))

	def _people_of_rows(self) -> list[str]:
		taken = [user for row in self.steps_taken for user in (row.user, row.deputy_of)]
		return [*taken, *(row.entered_by for row in self.outcomes)]

	def before_insert(self) -> None:
		if not self.flags.ch_act:
			refuse(_("A monthly report is made by the app when its month is over."))
		super().before_insert()

	# Not `validate`: a caller may switch that off, this never.
	def before_validate(self) -> None:
		super().before_validate()
		if self.is_new():
			return
		guard.keep(self)
		steps.take(self)

	def get_invalid_links(self, is_submittable: bool = False) -> tuple[list, list]:
		"""Whom it names, the app has written; they may be gone by now."""
		return [], []

	def on_update(self) -> None:
		acts.follow(self)

	def before_rename(self, *names: object) -> None:
		refuse(_("A monthly report keeps its name."))

	def on_trash(self) -> None:
		refuse(_("A monthly report is kept."))
