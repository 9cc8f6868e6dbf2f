"""The figures of tickets of a month that is over, as they were when it was closed."""

from core_helpdesk.machine_record import MachineRecord


class TicketMonth(MachineRecord):
	pass
