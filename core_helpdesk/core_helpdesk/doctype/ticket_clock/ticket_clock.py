"""A ticket's running time; one row per ticket and clock."""

from core_helpdesk.machine_record import MachineRecord
from core_helpdesk.setup.indexes import keep_index, keep_unique


class TicketClock(MachineRecord):
	pass


def on_doctype_update() -> None:
	keep_unique("Ticket Clock", ["reference_doctype", "reference_name", "clock"], "ch_clock_ticket")
	# The sweep reads this range and nothing else: its cost follows what is due.
	keep_index("Ticket Clock", ["next_epoch", "name"], "ch_clock_next")
	# A change of a calendar reads its clocks by name, which every key of the table ends with.
	keep_index("Ticket Clock", ["calendar"], "ch_clock_calendar")
	keep_index("Ticket Clock", ["team", "state"], "ch_clock_team")
	keep_index("Ticket Clock", ["policy", "state"], "ch_clock_policy")
