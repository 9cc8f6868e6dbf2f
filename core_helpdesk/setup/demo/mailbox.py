"""Mail of the demo: an account that sends nothing, and a queue that looks as after a month of delivery."""

import frappe

from core_helpdesk import config

ACCOUNT = "Core Helpdesk Demo"


def hold_back() -> None:
	"""An outgoing account without a server behind it, and a queue that is never worked: no mail leaves a demo site."""
	frappe.db.set_default("suspend_email_queue", 1)
	# Not every pair of host and framework can write the mail that asks for feedback, and closing would fail on it.
	if frappe.get_meta("HD Settings").has_field("enable_email_ticket_feedback"):
		frappe.db.set_single_value("HD Settings", "enable_email_ticket_feedback", 0)
	if frappe.db.exists("Email Account", ACCOUNT):
		return
	account = frappe.get_doc(
		{
			"doctype": "Email Account",
			"email_account_name": ACCOUNT,
			"email_id": "notices@example.com",
			"enable_outgoing": 1,
			"default_outgoing": 1,
			"smtp_server": "localhost",
			"no_smtp_authentication": 1,
		}
	)
	# The framework's check would connect to the server.
	account.flags.ignore_validate = True
	account.insert(ignore_permissions=True)  # a command of the admin


def deliver(until: int) -> None:
	"""What was queued counts as sent, but for the mails of one address that a server refused."""
	queue = frappe.qb.DocType("Email Queue")
	frappe.qb.update(queue).set(queue.status, "Sent").where(queue.status == "Not Sent").run()
	refused = frappe.get_all(
		"Email Queue Recipient", {"recipient": "head.retail@example.com"}, pluck="parent", limit=2
	)
	for name in refused:
		values = {"status": "Error", "error": "550 Mailbox unavailable", "modified": config.from_epoch(until)}
		frappe.db.set_value("Email Queue", name, values, update_modified=False)
