import frappe
from frappe import _
from frappe.utils import cstr

from core_helpdesk.child_row import OwnRows
from core_helpdesk.governance.named import full_names
from core_helpdesk.stored_text import keep_as_text

REMARKS = "remarks"


class TracingMonth(OwnRows):
	"""Figures that stand: acts write them, people only the remarks, until it is sent.

	Policy: TRC-18, TRC-M1
	"""

	def onload(self) -> None:
		named = (row.user for rows in (self.recipients, self.reviews) for row in rows)
		self.set_onload("people", full_names([self.sent_by, self.signed_by, self.signed_for, *named]))

	# Not `validate`: a caller may switch that off, this never.
	def before_validate(self) -> None:
		super().before_validate()
		if self.flags.ch_act:
			return
		if self.is_new():
			_refuse(_("A tracing report is made by the app when its month is over."))
		self.refuse_changes()
		keep_as_text(self, [REMARKS])
		self.note_writer()

	def note_writer(self) -> None:
		"""Who wrote of a month does not sign it.

		Policy: TRC-M1
		"""
		if cstr(self.remarks) == cstr(self.get_doc_before_save().remarks):
			return
		writers = dict.fromkeys((*cstr(self.remarks_by).split(), frappe.session.user))
		self.remarks_by = "\n".join(writers)

	def refuse_changes(self) -> None:
		"""Compares with what is stored: nothing that a caller sends is taken for what was there."""
		stored = frappe.get_doc(self.doctype, self.name)
		if _kept(stored) != _kept(self):
			_refuse(_("The figures of a tracing report, its recipients and its reviews stand as they are."))
		if stored.status == "Sent" and cstr(self.remarks) != cstr(stored.remarks):
			_refuse(_("This report was sent: its remarks stand as its readers have them."))

	def before_rename(self, *names: object) -> None:
		_refuse(_("A tracing report keeps its name."))

	def on_trash(self) -> None:
		if not self.flags.ch_act:
			_refuse(_("A tracing report is kept."))


def _kept(document: TracingMonth) -> dict[str, object]:
	"""All that people do not write, as text: a caller sends moments as such."""
	fields = [field for field in document.meta.fields if field.fieldname != REMARKS]
	values = {field.fieldname: cstr(document.get(field.fieldname)) for field in fields if _is_column(field)}
	tables = {
		field.fieldname: [_row(row) for row in document.get(field.fieldname)]
		for field in document.meta.get_table_fields()
	}
	return {**values, **tables}


def _is_column(field: object) -> bool:
	return field.fieldtype not in (*frappe.model.no_value_fields, *frappe.model.table_fields)


def _row(row: object) -> tuple[str, ...]:
	return tuple(cstr(row.get(field.fieldname)) for field in row.meta.fields if _is_column(field))


def _refuse(message: str) -> None:
	frappe.throw(message, frappe.PermissionError, title=_("Not Permitted"))
