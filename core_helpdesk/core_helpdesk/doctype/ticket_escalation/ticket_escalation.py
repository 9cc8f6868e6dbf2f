"""One level of escalation that a ticket reached, with what came of it."""

from core_helpdesk.machine_record import MachineRecord
from core_helpdesk.setup.indexes import keep_index, keep_unique


class TicketEscalation(MachineRecord):
	pass


def on_doctype_update() -> None:
	# The claim: a level of a cycle exists once, whoever sweeps.
	key = ["reference_doctype", "reference_name", "clock", "cycle", "level"]
	keep_unique("Ticket Escalation", key, "ch_escalation_level")
	keep_index("Ticket Escalation", ["status", "answer_due_epoch"], "ch_escalation_status")
	keep_index("Ticket Escalation", ["department", "country", "escalated_epoch"], "ch_escalation_scope")
	keep_index("Ticket Escalation", ["tsm_owner", "status"], "ch_escalation_owner")
	# What the reports count, month by month, from the key alone.
	keep_index(
		"Ticket Escalation", ["escalated_epoch", "level", "clock", "target", "place"], "ch_escalation_raised"
	)
	answers = ["answer_due_epoch", "level", "place", "ended_epoch"]
	keep_index("Ticket Escalation", answers, "ch_escalation_answers")
	# What was open at a moment, and what ended since.
	keep_index("Ticket Escalation", ["ended_epoch", "outcome_on", "escalated_epoch"], "ch_escalation_ended")
