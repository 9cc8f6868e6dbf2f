"""One report on its way to one person: what was due, what became of it, and what they got."""

from core_helpdesk.governance.named import full_names
from core_helpdesk.machine_record import MachineRecord
from core_helpdesk.setup.indexes import keep_index, keep_unique


class ReportDelivery(MachineRecord):
	def onload(self) -> None:
		self.set_onload("people", full_names([self.recipient]))


def on_doctype_update() -> None:
	keep_unique("Report Delivery", ["report", "period_key", "recipient", "edition"], "ch_report_delivery")
	# What is delivered reads this range and nothing else.
	keep_index("Report Delivery", ["next_epoch", "name"], "ch_report_delivery_next")
	keep_index("Report Delivery", ["state", "due_epoch"], "ch_report_delivery_state")
	keep_index("Report Delivery", ["due_epoch"], "ch_report_delivery_due")
	keep_index("Report Delivery", ["recipient", "state"], "ch_report_delivery_reader")
	keep_index("Report Delivery", ["reference_name", "edition"], "ch_report_delivery_document")
	# The list shows the newest first.
	keep_index("Report Delivery", ["due_at"], "ch_report_delivery_due_at")
