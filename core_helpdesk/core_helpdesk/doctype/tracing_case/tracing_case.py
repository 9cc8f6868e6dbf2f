"""A shipment that is traced for a ticket: it opens and closes with it, and changes by acts but for its data."""

from core_helpdesk.child_row import OwnRows
from core_helpdesk.governance.named import full_names
from core_helpdesk.setup.indexes import keep_index
from core_helpdesk.tracing import case_data, case_guard, gaps, paperwork

# Who a row of a case names.
PEOPLE = ("accepted_by", "by", "passed_by", "received_by", "recorded_by")


class TracingCase(OwnRows):
	def onload(self) -> None:
		rows = (*self.documents, *self.updates, *self.legs, *self.answers)
		named = [row.get(field) for row in rows for field in PEOPLE]
		self.set_onload("people", full_names([self.officer, self.solved_by, self.closed_by, *named]))

	def before_insert(self) -> None:
		case_guard.refuse_hands(self)
		super().before_insert()

	# Not `validate`: a caller may switch that off, this never.
	def before_validate(self) -> None:
		super().before_validate()
		case_guard.keep(self)

	def validate(self) -> None:
		case_data.settle(self)
		paperwork.require(self)

	def on_update(self) -> None:
		if self.has_value_changed("destination_country") or self.has_value_changed("origin_country"):
			gaps.report_of(self)

	def before_rename(self, *names: object) -> None:
		case_guard.refuse_hands(self)

	def on_trash(self) -> None:
		case_guard.refuse_hands(self)

	def get_invalid_links(self, is_submittable: bool = False) -> tuple[list, list]:
		return case_guard.new_ones(self, *super().get_invalid_links(is_submittable))


def on_doctype_update() -> None:
	# All that the lists of open cases choose and sort by: they read this key, and no row but those that are shown.
	columns = [
		"status",
		"team",
		"urgent",
		"due_epoch",
		"leg_due_epoch",
		"regulator_due_epoch",
		"last_update_epoch",
		"came_epoch",
		"follow_up_on",
		"calendar",
		"officer",
		"answer",
	]
	keep_index("Tracing Case", columns, "ch_case_work")
