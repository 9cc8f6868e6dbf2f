"""Fills the site of this workplace with the app's demo data."""

from __future__ import annotations

import os

import frappe


def fill() -> None:
	from core_helpdesk.setup import demo

	frappe.init(os.environ["CORE_HELPDESK_SITE"], sites_path=".")
	frappe.connect()
	frappe.set_user("Administrator")
	try:
		demo.fill()
		frappe.db.commit()
	finally:
		frappe.destroy()


if __name__ == "__main__":
	fill()
