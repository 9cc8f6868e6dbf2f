"""Who is who, where answers go, and the state the app is in."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import cstr

from core_helpdesk import config, promised_times
from core_helpdesk.escalations import mended
from core_helpdesk.governance import people
from core_helpdesk.mail import reply_to
from core_helpdesk.sending import chosen
from core_helpdesk.setup import office_changes, offices
from core_helpdesk.setup.roles import CUSTOMER_SERVICE_MANAGER, GENERAL_MANAGER

OFFICES = {"general_manager": GENERAL_MANAGER, "customer_service_manager": CUSTOMER_SERVICE_MANAGER}
# Written by jobs while the form may be open: the stored value always wins.
MACHINE_FIELDS = (
	"confirmed_host",
	"governed_from",
	"installed_records",
	"last_report_run",
	"last_sweep",
	"live_since",
	"reconciled_until",
	"report_pauses",
	"reports_from",
	"weekdays",
)


class CoreHelpdeskSettings(Document):
	def validate(self) -> None:
		if not self.flags.ch_engine:
			self.keep_mode()
			self.keep_machine_fields()
		self.check_tsm_team()
		self.check_reply_to()
		self.check_people()
		self.check_reports()
		promised_times.check(self)

	def on_update(self) -> None:
		for office, role in OFFICES.items():
			offices.fill(role, [self.get(office), self.get(f"{office}_deputy")])
		office_changes.follow(self, OFFICES)
		self.clear_cache()
		mended.close_mended(config.now_epoch())

	def keep_mode(self) -> None:
		before = self.get_doc_before_save()
		if cstr(self.mode or "Off") != cstr((before and before.mode) or "Off"):
			message = _(
				"The mode is changed with the buttons of this form, which show first what would happen."
			)
			frappe.throw(message, frappe.PermissionError, title=_("Mode Is Fixed"))

	def keep_machine_fields(self) -> None:
		# Locked: what another session has just written there must not be overwritten by what stood there before.
		stored = frappe.db.get_singles_dict(self.doctype, for_update=True)
		for field in MACHINE_FIELDS:
			self.set(field, stored.get(field))

	def check_tsm_team(self) -> None:
		"""Policy: TSM-12"""
		if self.tsm_team and not frappe.db.get_value("HD Team", self.tsm_team, "ch_hidden"):
			message = _(
				"{0} is an ordinary group: anybody can assign tickets to it. Keep the hidden group made by setup."
			)
			frappe.throw(message.format(self.tsm_team), title=_("Not a Hidden Group"))

	def check_reply_to(self) -> None:
		account = reply_to.account_making_tickets(self.reply_to) if self.reply_to else None
		if account:
			message = _(
				"The e-mail account {0} turns mail to {1} into tickets: answers to our mails would reach them."
			)
			frappe.throw(message.format(account, self.reply_to), title=_("Reply-To Address"))

	def check_reports(self) -> None:
		"""Policy: TSM-09, TSM-14"""
		chosen.check_rows(self.rows_in_mail)
		chosen.check_recipients(self.report_recipients)
		chosen.keep_weekdays(self, config.now_epoch())

	def check_people(self) -> None:
		for office in OFFICES:
			whose = _(self.meta.get_label(office))
			people.check_deputy(self.get(office), self.get(f"{office}_deputy"), whose)
			people.check_absence(self.get(f"{office}_absent_from"), self.get(f"{office}_absent_until"), whose)
		people.warn_of_disabled(
			[self.get(field) for office in OFFICES for field in (office, f"{office}_deputy")]
		)
