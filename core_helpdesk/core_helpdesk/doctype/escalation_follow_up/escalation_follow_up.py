"""An entry of an escalation's follow-up log."""

from core_helpdesk.child_row import ChildRow
from core_helpdesk.machine_record import MachineRecord


class EscalationFollowUp(ChildRow, MachineRecord):
	pass
