"""A department, with the head who answers for it in each country."""

from collections import Counter

import frappe
from frappe import _

from core_helpdesk import config
from core_helpdesk.child_row import OwnRows
from core_helpdesk.escalations import mended
from core_helpdesk.given_country import GivenCountryDocument
from core_helpdesk.governance import department_readers, known_names, merging, people
from core_helpdesk.setup.roles import DEPARTMENT_MANAGER, grant_and_say
from core_helpdesk.shown import country, isolated


class CoreDepartment(OwnRows, GivenCountryDocument):
	def validate(self) -> None:
		self.trim_names()
		self.check_countries()
		self.check_people()
		department_readers.check_rows(self)

	def on_update(self) -> None:
		readers = [row.user for row in self.readers]
		heads = [user for row in self.heads for user in (row.head, row.deputy)]
		# The role opens what the rows here say, and nothing by itself.
		granted = grant_and_say(DEPARTMENT_MANAGER, [*heads, *readers])
		department_readers.settle_role(self, granted)
		mended.close_mended(config.now_epoch())
		# The Desk is told once what departments and heads are called.
		frappe.cache.delete_key("bootinfo")

	def before_rename(self, old: str, new: str, merge: bool = False) -> None:
		merging.guard(self.doctype, old, merge=merge)

	def after_rename(self, old: str, new: str, merge: bool = False) -> None:
		known_names.follow(self.doctype, old, new, merge)

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
				message = _("{0} is in {1} rows: give each country one head.")
				where = isolated(country(place)) if place else _("All Countries")
				frappe.throw(message.format(where, rows), title=_("Department Heads"))

	def check_people(self) -> None:
		for row in self.heads:
			whose = _("Row {0}").format(row.idx)
			people.check_deputy(row.head, row.deputy, whose)
			people.check_absence(row.absent_from, row.absent_until, whose)
		people.warn_of_disabled([user for row in self.heads for user in (row.head, row.deputy)])
