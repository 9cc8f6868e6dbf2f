"""One thing that must follow an escalation, carried out exactly once."""

from core_helpdesk.machine_record import MachineRecord
from core_helpdesk.setup.indexes import keep_index


class EscalationEffect(MachineRecord):
	pass


def on_doctype_update() -> None:
	keep_index("Escalation Effect", ["state", "not_before_epoch", "name"], "ch_effect_state")
	keep_index("Escalation Effect", ["sweep", "kind"], "ch_effect_sweep")
