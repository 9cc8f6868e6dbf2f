"""A person to whom an escalation went, and whether it reached them."""

from core_helpdesk.child_row import ChildRow
from core_helpdesk.machine_record import MachineRecord
from core_helpdesk.setup.indexes import keep_index


class EscalationRecipient(ChildRow, MachineRecord):
	pass


def on_doctype_update() -> None:
	# Who is named on what is asked for every list; what is under way is watched by every sweep.
	keep_index("Escalation Recipient", ["user", "parent"], "ch_recipient_user")
	keep_index("Escalation Recipient", ["delivery", "queued_on"], "ch_recipient_delivery")
