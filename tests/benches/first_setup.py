"""Completes the setup wizard of a new site, as its first admin would, without a browser."""

from __future__ import annotations

import os

import frappe

ANSWERS = {
	"language": "English",
	"country": "Saudi Arabia",
	"timezone": "Asia/Riyadh",
	"currency": "SAR",
	"full_name": "Site Admin",
	"email": "site.admin@example.com",
	"password": "admin",
	"enable_telemetry": 0,
}


def complete() -> None:
	from frappe.desk.page.setup_wizard.setup_wizard import setup_complete

	frappe.init(os.environ["CORE_HELPDESK_SITE"], sites_path=".")
	frappe.connect()
	frappe.set_user("Administrator")
	try:
		setup_complete(ANSWERS)
		frappe.db.commit()
	finally:
		frappe.destroy()


if __name__ == "__main__":
	complete()
