"""An approved exception from the Standard, with its reason and its last day; written by the app alone."""

from frappe.utils import now

from core_helpdesk.machine_record import MachineRecord


class ParityDeviation(MachineRecord):
	def validate(self) -> None:
		"""Policy: CORE-09"""
		self.ended_on = None if self.state == "In Force" else self.ended_on or now()
