"""The tests' copies of users are what the framework and the host make of one."""

from __future__ import annotations

import frappe
import pytest

from tests.site import copied_users
from tests.site.copied_users import Kind
from tests.site.factories import insert_user, make_person

IDENTITY = {"name", "creation", "modified", "parent", "userid"}


def rows_by_table() -> dict[str, int]:
	tables = [table for table in frappe.db.get_tables(cached=False) if table.startswith("tab")]
	return {table: frappe.db.sql(f"SELECT COUNT(*) FROM `{table}`")[0][0] for table in tables}


def added(before: dict[str, int]) -> dict[str, int]:
	return {
		table: count - before[table] for table, count in rows_by_table().items() if count != before[table]
	}


@pytest.mark.parametrize("kind", [Kind(("QA Specialist",), "en", False), Kind(("TSM Agent",), "ar", True)])
@pytest.mark.parametrize("copy", ["ef56ab78@example.com", "huda@courier.example"])
def test_a_copy_is_what_inserting_makes(kind: Kind, copy: str) -> None:
	copied_users.MODELS.pop(kind, None)
	start = rows_by_table()
	insert_user(kind, "ab12cd34@example.com")
	inserted = added(start)
	make_person(kind, "")
	start = rows_by_table()
	make_person(kind, copy)
	assert added(start) == inserted
	assert set(frappe.get_roles(copy)) == set(frappe.get_roles("ab12cd34@example.com"))
	assert values_of(copy, copy) == values_of("ab12cd34@example.com", copy)


def values_of(user: str, written_as: str) -> dict:
	"""The user's own fields, with the address and the name before its @ written as another's."""
	values = frappe.get_doc("User", user).as_dict()
	words = [(user, written_as), (user.partition("@")[0], written_as.partition("@")[0])]
	return {
		key: copied_users.renamed(value, words)
		for key, value in values.items()
		if key not in IDENTITY and not isinstance(value, list)
	}
