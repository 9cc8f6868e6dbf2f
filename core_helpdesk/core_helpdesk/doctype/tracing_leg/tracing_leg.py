from core_helpdesk.child_row import RememberedRow
from core_helpdesk.setup.indexes import keep_index


class TracingLeg(RememberedRow):
	pass


def on_doctype_update() -> None:
	# What somebody passed on: read by who did, for their own list.
	keep_index("Tracing Leg", ["passed_by", "parent"], "ch_tracing_leg_passed_by")
	# Who may read a case: everybody whose group ever had it.
	keep_index("Tracing Leg", ["team", "parent"], "ch_tracing_leg_team")
	# A change of a calendar reads the legs that count by it.
	keep_index("Tracing Leg", ["calendar", "parent"], "ch_tracing_leg_calendar")
