"""Records that only the engine writes: nobody edits or deletes them as documents, Administrator included.

The engine says who it is by `doc.flags.ch_engine`; its bulk writes do not pass through here.
"""

import frappe
from frappe import _
from frappe.model.document import Document


class MachineRecord(Document):
	"""Policy: TSM-03, TSM-04"""

	# Not `validate`: a caller may switch that off, this never.
	def before_validate(self) -> None:
		self.refuse_hands()

	def before_rename(self, *names: object) -> None:
		self.refuse_hands()

	def on_trash(self) -> None:
		self.refuse_hands()

	def refuse_hands(self) -> None:
		if self.flags.ch_engine:
			return
		message = _("{0} is written by the app alone: nobody can make, change or delete one by hand.")
		frappe.throw(message.format(_(self.doctype)), frappe.PermissionError, title=_("Record of the App"))
