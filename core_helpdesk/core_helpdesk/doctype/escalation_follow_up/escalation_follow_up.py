"""An entry of an escalation's follow-up log."""

from core_helpdesk.machine_record import MachineRecord


class EscalationFollowUp(MachineRecord):
	pass
