"""Demo data as real documents: a courier's month with a user per role. For sites made to be looked at only."""

import click
import frappe
from frappe import _
from frappe.utils import add_days, now_datetime

from core_helpdesk import config
from core_helpdesk.escalations import going_live
from core_helpdesk.mail import delivery
from core_helpdesk.setup.demo import cast, governing, mailbox, month, standards, tracing, tracing_desk
from core_helpdesk.tracing import month_acts

DAYS = 30


def fill(tickets: int = 240, days: int = DAYS, seed: int = 1, cases: int = 40) -> None:
	"""Fills an empty Helpdesk site with a month until now, with so many cases of tracing; prints its users.

	Raises: ValidationError if the site has tickets already, which the month would be mixed with.
	"""
	if frappe.db.count("HD Ticket") > 1:
		frappe.throw(_("This site has tickets already: a demo month is made on a fresh site only."))
	until = config.now_epoch()
	since = add_days(now_datetime().replace(microsecond=0), -days)
	mailbox.hold_back()
	cast.gather()
	standards.establish(since)
	tracing_desk.establish(since)
	going_live.switch(config.LIVE, config.to_epoch(since))
	told = month.Month(config.to_epoch(since), until, seed)
	told.fill(tickets)
	traced = tracing.Tracing(told)
	traced.fill(cases)
	told.run()
	governing.govern()
	traced.report()
	mailbox.deliver(until)
	delivery.watch_delivery(until)
	month_acts.watch_delivery()
	frappe.db.set_single_value(config.SETTINGS, "last_sweep", config.from_epoch(until))
	frappe.db.commit()  # nosemgrep: a command of the admin
	click.echo("\n".join(cast.listed()))
