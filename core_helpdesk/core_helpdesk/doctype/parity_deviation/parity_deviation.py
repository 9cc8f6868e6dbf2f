"""An approved exception from the Standard, with its reason and its last day; written by the app alone."""

from core_helpdesk.machine_record import MachineRecord


class ParityDeviation(MachineRecord):
	pass
