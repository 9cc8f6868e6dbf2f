"""A ticket's stay in one group."""

from core_helpdesk.machine_record import MachineRecord
from core_helpdesk.setup.indexes import keep_index


class TicketLeg(MachineRecord):
	pass


def on_doctype_update() -> None:
	keep_index("Ticket Leg", ["reference_doctype", "reference_name"], "ch_leg_ticket")
	keep_index("Ticket Leg", ["team", "from_epoch"], "ch_leg_team")
	# What the reports count, month by month, from the key alone.
	keep_index("Ticket Leg", ["from_epoch", "began_by", "place"], "ch_leg_began")
	ended = ["to_epoch", "ended_by", "place", "kept", "seconds_to_close", "from_epoch"]
	keep_index("Ticket Leg", ended, "ch_leg_ended")
	# The tickets of the categories that customers are promised a time for.
	promised = ["ticket_category", "to_epoch", "from_epoch", "reference_name"]
	keep_index("Ticket Leg", promised, "ch_leg_promised")
