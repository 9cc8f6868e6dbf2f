"""What tracing goes by: its headquarters, its times, what a case must say, and when customers are asked."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, escape_html, flt

from core_helpdesk.domain.shipment_number import Check, NumberKind, check_kind
from core_helpdesk.domain.tracing_errors import BadMask, MaskWithoutCheck
from core_helpdesk.hosts import hd_team
from core_helpdesk.tracing import reconcile, rules

# What times the cases that are open.
TIMES = ("headquarters_team", "working_days", "warn_percent", "regulator_days")


class TracingSettings(Document):
	def validate(self) -> None:
		if cint(self.working_days) < 1 or not 0 <= flt(self.warn_percent) <= 100:
			refuse(_("Tracing takes one working day at least, and warns after 0 to 100 % of its time."))
		self.check_group("headquarters_team")
		self.check_group("customer_care_team")
		for row in self.number_kinds:
			check_number_kind(row)

	def check_group(self, field: str) -> None:
		"""Not a group that takes no tickets; one that closed since it was chosen keeps nobody from changing the rest."""
		team = self.get(field)
		door = hd_team.door(team)
		if self.has_value_changed(field) and (door.is_hidden or door.stage):
			refuse(_("The group {0} takes no tickets.").format(escape_html(team)))

	def on_update(self) -> None:
		rules.forget()
		if any(self.has_value_changed(field) for field in TIMES):
			reconcile.soon()


def check_number_kind(row: Document) -> None:
	"""Raises: ValidationError for a format that no number could have, or that does not fit its check digit."""
	try:
		check_kind(NumberKind(row.kind_name, row.pattern or "", Check(row.check_digit or Check.NONE.value)))
	except BadMask:
		message = _(
			"Row {0}: the format {1} cannot be read. 9 is a digit, A a letter, * either; {{2-5}} after one repeats it."
		)
		refuse(message.format(row.idx, escape_html(row.pattern or "")))
	except MaskWithoutCheck as fault:
		message = _("Row {0}: the check digit {1} needs numbers like {2}.")
		refuse(message.format(row.idx, _(fault.check), fault.shape))


def refuse(message: str) -> None:
	frappe.throw(message, title=_("Tracing Settings"))
