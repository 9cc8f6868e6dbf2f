"""One thing that must follow an escalation, carried out exactly once."""

from core_helpdesk.machine_record import MachineRecord
from core_helpdesk.setup.indexes import keep_index


class EscalationEffect(MachineRecord):
	pass


def on_doctype_update() -> None:
	keep_index("Escalation Effect", ["state", "not_before_epoch", "name"], "ch_effect_state")
	# How many copies a person gets of one sweep is asked for each of them.
	keep_index("Escalation Effect", ["sweep", "kind", "recipient"], "ch_effect_person")
