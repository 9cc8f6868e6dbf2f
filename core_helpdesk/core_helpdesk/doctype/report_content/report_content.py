"""What one person was sent of a report, as it was: nobody lists or opens it, see `sending.content`."""

from core_helpdesk.machine_record import MachineRecord


class ReportContent(MachineRecord):
	pass
