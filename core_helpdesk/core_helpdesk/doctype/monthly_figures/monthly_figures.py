"""The figures of a Monthly Report, as they were when it was made."""

from core_helpdesk.machine_record import MachineRecord


class MonthlyFigures(MachineRecord):
	pass
