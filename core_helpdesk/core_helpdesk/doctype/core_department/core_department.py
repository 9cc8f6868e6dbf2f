"""A department, with the head who answers for it in each country."""

from collections import Counter

import frappe
from frappe import _

from core_helpdesk.given_country import GivenCountryDocument
from core_helpdesk.governance import people
from core_helpdesk.setup.roles import DEPARTMENT_MANAGER, grant_and_say


class CoreDepartment(GivenCountryDocument):
	def validate(self) -> None:
		self.trim_names()
		self.check_countries()
		self.check_people()

	def on_update(self) -> None:
		grant_and_say(DEPARTMENT_MANAGER, [user for row in self.heads for user in (row.head, row.deputy)])

	def trim_names(self) -> None:
		self.department_name = (self.department_name or "").strip()
		self.department_name_ar = (self.department_name_ar or "").strip()

	def check_countries(self) -> None:
		for row in self.heads:
			if bool(row.country) == bool(row.all_countries):
				message = _("Row {0}: choose a country or tick All Countries, one of the two.").format(
					row.idx
				)
				frappe.throw(message, title=_("Department Heads"))
		for place, rows in Counter(row.country or "" for row in self.heads).items():
			if rows > 1:
				message = _("{0} has {1} rows; a department has one head for each.")
				frappe.throw(message.format(place or _("All Countries"), rows), title=_("Department Heads"))

	def check_people(self) -> None:
		for row in self.heads:
			whose = _("Row {0}").format(row.idx)
			people.check_deputy(row.head, row.deputy, whose)
			people.check_absence(row.absent_from, row.absent_until, whose)
		people.warn_of_disabled([user for row in self.heads for user in (row.head, row.deputy)])
