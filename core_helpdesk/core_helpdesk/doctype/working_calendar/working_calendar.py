"""Working time of a country or an office: hours, weekends by date, seasons, holidays, exceptions."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cint, getdate, nowdate

from core_helpdesk.child_row import OwnRows
from core_helpdesk.domain.errors import CalendarError
from core_helpdesk.given_country import GivenCountryDocument
from core_helpdesk.governance import (
	calendar_changes,
	calendar_documents,
	library_comparison,
	library_dates,
	wording,
)


class WorkingCalendar(OwnRows, GivenCountryDocument):
	def validate(self) -> None:
		self.fill_if_empty()
		calendar_documents.check_rows(self)
		calendar_documents.check_working_time(self, getdate(nowdate()).year)
		calendar_documents.check_default(self)
		self.count_version()
		self.confirmed_until = calendar_documents.confirmed_until(self, getdate(nowdate()))

	def on_update(self) -> None:
		before = self.get_doc_before_save()
		if before and cint(before.version) != cint(self.version):
			calendar_changes.retime(self)

	def on_trash(self) -> None:
		if not frappe.flags.in_uninstall:
			calendar_changes.refuse_deletion(self)

	def fill_if_empty(self) -> None:
		if self.country and self.is_new() and not (self.intervals or self.weekends or self.holidays):
			self.fill()

	def count_version(self) -> None:
		before = self.get_doc_before_save()
		# Written past the document; a form knows neither.
		self.timed_version = cint(before.timed_version) if before else 0
		if not before:
			self.version = 1
		elif calendar_documents.rules(before) != calendar_documents.rules(self):
			self.version = cint(before.version) + 1
		else:
			self.version = before.version

	def fill(self) -> None:
		"""Raises: ValidationError for a country without known holidays."""
		try:
			library_dates.fill(self, getdate(nowdate()).year)
		except CalendarError as error:
			wording.throw(error, title=_("Working Calendar"))

	@frappe.whitelist(methods=["POST"])
	def fill_from_country(self) -> None:
		"""Fills the form that called; nothing is stored before it is saved."""
		self.check_permission("write")
		if not self.country:
			frappe.throw(_("Choose a country first."), title=_("Working Calendar"))
		self.fill()

	@frappe.whitelist(methods=["POST"])
	def confirm_holidays(self, days: str | list) -> None:
		calendar = self.stored_for_change()
		calendar_changes.confirm(calendar, calendar_changes.dates(days))

	@frappe.whitelist(methods=["POST"])
	def move_holidays(self, days: str | list, first_day: str) -> None:
		"""The announced dates of a feast: its first day goes to `first_day`, the others keep their distance."""
		calendar = self.stored_for_change()
		calendar_changes.shift(calendar, calendar_changes.dates(days), getdate(first_day))

	@frappe.whitelist()
	def compare_with_library(self) -> list[dict]:
		self.check_permission("read")
		return library_comparison.compare(self, getdate(nowdate()).year)

	@frappe.whitelist(methods=["POST"])
	def apply_library(self, days: str | list) -> list[dict]:
		calendar = self.stored_for_change()
		applied = library_comparison.apply(calendar, getdate(nowdate()).year, calendar_changes.dates(days))
		calendar.save()
		return applied

	def stored_for_change(self) -> Document:
		"""The calendar as it is stored: what a form sent along does not count."""
		calendar = frappe.get_doc(self.doctype, self.name, for_update=True)
		calendar.check_permission("write")
		return calendar
