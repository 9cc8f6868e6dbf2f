"""What a group can be given, by the names that people use: read once, then looked up per cell."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import frappe
from frappe import _

HEAD = "head"
START = "ch_governed_from"
# Nobody counted tickets before; a year like 26 is a slip.
FIRST_START = datetime(2000, 1, 1)
FIELDS = {
	"category": "ch_category",
	"department": "ch_department",
	"country": "ch_country",
	"calendar": "ch_calendar",
	"governed_from": START,
	"head": HEAD,
}
CREATABLE = {"ch_category": "Group Category", "ch_department": "Core Department"}


class NotKnown(Exception):
	"""A value that is not there, or cannot be used; says so in the user's language."""


@dataclass
class Known:
	"""Everything by its names, in any case; `missing` collects what may be made because it is asked for."""

	create_missing: bool = False
	missing: dict[str, set[str]] = field(
		default_factory=lambda: {"ch_category": set(), "ch_department": set()}
	)

	def resolve(self, fieldname: str, text: str) -> str:
		"""The record's name behind what was written; empty for an empty text.

		Raises: NotKnown
		"""
		text = text.strip()
		if not text:
			return ""
		if fieldname == START:
			return as_text(start_of(text))
		names = self.names[fieldname]
		found = names.get(text.casefold())
		if found is None and self.create_missing and fieldname in CREATABLE:
			self.missing[fieldname].add(text)
			names[text.casefold()] = text
			return text
		if found is None:
			raise NotKnown(self.explain(fieldname, text))
		if not found:
			raise NotKnown(
				_("{0} is the name of more than one person: write the e-mail address.").format(text)
			)
		return found

	def explain(self, fieldname: str, text: str) -> str:
		messages = {
			"ch_category": _("There is no group category {0}, or it is retired.").format(text),
			"ch_department": _("There is no department {0}, or it is disabled.").format(text),
			"ch_country": _("{0} is no country; write its name or its code of two letters.").format(text),
			"ch_calendar": _("There is no working calendar {0}.").format(text),
			HEAD: _("{0} is no enabled user; write the e-mail address.").format(text),
		}
		return messages[fieldname]

	@cached_property
	def names(self) -> dict[str, dict[str, str]]:
		return {
			"ch_category": self.categories(),
			"ch_department": self.departments(),
			"ch_country": self.countries(),
			"ch_calendar": by_names(frappe.get_all("Working Calendar", fields=["name"])),
			HEAD: self.people(),
		}

	def categories(self) -> dict[str, str]:
		rows = frappe.get_all(
			"Group Category",
			filters={"workflow_state": ["!=", "Retired"]},
			fields=["name", "category_name_ar as also"],
		)
		return by_names(rows)

	def departments(self) -> dict[str, str]:
		rows = frappe.get_all(
			"Core Department", filters={"disabled": 0}, fields=["name", "department_name_ar as also"]
		)
		return by_names(rows)

	def countries(self) -> dict[str, str]:
		rows = frappe.get_all("Country", fields=["name", "code as also"])
		return {_(row.name).casefold(): row.name for row in rows} | by_names(rows)

	def people(self) -> dict[str, str]:
		"""Users by address, and by full name where only one bears it (of several: an empty answer)."""
		rows = frappe.get_all(
			"User",
			filters={"enabled": 1, "name": ["not in", ["Guest", "Administrator"]]},
			fields=["name", "full_name"],
		)
		found: dict[str, str] = {}
		for row in rows:
			full_name = (row.full_name or "").strip().casefold()
			found[full_name] = "" if full_name in found else row.name
		return found | {row.name.casefold(): row.name for row in rows}


def as_text(value: str | datetime | None) -> str:
	"""A value of a group as it stands in a cell."""
	return value.isoformat(" ", "seconds") if isinstance(value, datetime) else value or ""


def start_of(text: str) -> datetime:
	"""The moment from which tickets count, in the site's own time.

	Raises: NotKnown
	"""
	try:
		moment = datetime.fromisoformat(text)
	except ValueError:
		moment = None
	if moment is None or moment.tzinfo or moment < FIRST_START:
		message = _("{0} is no day or moment to count from; write it as 2026-03-01 08:00.")
		raise NotKnown(message.format(text))
	return moment


def by_names(rows: list) -> dict[str, str]:
	"""Records by their second name, such as the Arabic one, and above all by their name."""
	second = {row.get("also").casefold(): row.name for row in rows if row.get("also")}
	return second | {row.name.casefold(): row.name for row in rows}
