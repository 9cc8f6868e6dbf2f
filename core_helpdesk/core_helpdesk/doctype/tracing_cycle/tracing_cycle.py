from core_helpdesk.child_row import RememberedRow
from core_helpdesk.setup.indexes import keep_index


class TracingCycle(RememberedRow):
	pass


def on_doctype_update() -> None:
	# Which cases a month is counted over: those open in it, whatever number were closed before.
	keep_index("Tracing Cycle", ["closed_epoch", "opened_epoch", "parent"], "ch_tracing_cycle_month")
