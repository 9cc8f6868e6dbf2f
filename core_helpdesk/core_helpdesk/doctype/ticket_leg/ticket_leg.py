"""A ticket's stay in one group."""

from core_helpdesk.machine_record import MachineRecord
from core_helpdesk.setup.indexes import keep_index


class TicketLeg(MachineRecord):
	pass


def on_doctype_update() -> None:
	keep_index("Ticket Leg", ["reference_doctype", "reference_name"], "ch_leg_ticket")
	keep_index("Ticket Leg", ["team", "from_epoch"], "ch_leg_team")
