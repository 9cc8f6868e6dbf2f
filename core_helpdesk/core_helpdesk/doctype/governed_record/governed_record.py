"""What the app knows of a governed group, a category or a policy: compared every day with the site."""

from core_helpdesk.machine_record import MachineRecord
from core_helpdesk.setup.indexes import keep_unique


class GovernedRecord(MachineRecord):
	pass


def on_doctype_update() -> None:
	keep_unique("Governed Record", ["reference_doctype", "reference_name"], "ch_governed_record")
