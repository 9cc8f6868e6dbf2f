"""Seeds a Working Calendar for each country of the region; what an admin changes or deletes later stays so."""

import frappe
from frappe.utils import getdate, nowdate

from core_helpdesk.setup import ledger

DOCTYPE = "Working Calendar"


def seed() -> None:
	from core_helpdesk.calendars import COUNTRIES_SEEDED

	for code in COUNTRIES_SEEDED:
		country = frappe.db.get_value("Country", {"code": code.lower()})
		if country and not is_here(country):
			seed_country(country)


def is_here(country: str) -> bool:
	taken = frappe.db.exists(DOCTYPE, country) or frappe.db.exists(DOCTYPE, {"country": country})
	return bool(taken) or country in ledger.made(DOCTYPE)


def seed_country(country: str) -> None:
	from core_helpdesk.governance import library_dates

	document = frappe.get_doc({"doctype": DOCTYPE, "calendar_name": country, "country": country})
	document.is_country_default = 1
	library_dates.fill(document, getdate(nowdate()).year)
	document.insert(ignore_permissions=True)  # setup runs as whoever installs or migrates
	ledger.remember(DOCTYPE, country)
