"""One making of a report: a period, whether it was made, and what kept it back."""

from core_helpdesk.machine_record import MachineRecord
from core_helpdesk.setup.indexes import keep_index, keep_unique


class ReportRun(MachineRecord):
	pass


def on_doctype_update() -> None:
	# The claim: a report is made once for a period, whoever makes it.
	keep_unique("Report Run", ["report", "period_key"], "ch_report_run")
	keep_index("Report Run", ["report", "due_epoch"], "ch_report_run_due")
