"""What departments, categories, countries and people are called in the reader's language, read once for a report."""

from __future__ import annotations

from functools import cached_property

import frappe

from core_helpdesk import shown


class Names:
	"""Names for one answer."""

	def department(self, name: str | None) -> str:
		return self._departments.get(name or "", name or "")

	def category(self, name: str | None) -> str:
		return self._categories.get(name or "", name or "")

	def country(self, name: str | None) -> str:
		return self._countries.get(name or "", name or "")

	def country_code(self, name: str | None) -> str:
		"""As "EG"; the name of a country that has none."""
		return self._codes.get(name or "", "").upper() or name or ""

	def place(self, department: str, country: str) -> str:
		"""Department and country, as far as they are known."""
		return " – ".join(filter(None, (self.department(department), self.country(country))))

	def person(self, user: str | None) -> str:
		return self._people.get(user or "", user or "")

	@cached_property
	def _departments(self) -> dict[str, str]:
		return _in_arabic("Core Department", "department_name_ar")

	@cached_property
	def _categories(self) -> dict[str, str]:
		return _in_arabic("Group Category", "category_name_ar")

	@cached_property
	def _countries(self) -> dict[str, str]:
		called = shown.countries()
		return {name: called.get(code.upper(), name) for name, code in self._codes.items()} if called else {}

	@cached_property
	def _codes(self) -> dict[str, str]:
		rows = frappe.get_all("Country", fields=["name", "code"], as_list=True)
		return {name: code or "" for name, code in rows}

	@cached_property
	def _people(self) -> dict[str, str]:
		rows = frappe.get_all("User", {"user_type": "System User"}, ["name", "full_name"], as_list=True)
		return {user: full_name for user, full_name in rows if full_name}


def _in_arabic(doctype: str, field: str) -> dict[str, str]:
	if not shown.in_arabic():
		return {}
	return dict(frappe.get_all(doctype, {field: ("is", "set")}, ["name", field], as_list=True))
