"""The group directory with two thousand groups: reading them, a page of the list, a search, and the whole handbook."""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING

import frappe
from frappe.website.serve import get_response
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from benchmarks.site import courier
from core_helpdesk import config
from core_helpdesk.governance import directory
from tests.site.counting import queries
from tests.site.factories import make_policy

if TYPE_CHECKING:
	from collections.abc import Callable, Iterator

GROUPS = 2_000
COUNTRIES = ("Saudi Arabia", "United Arab Emirates", "Egypt", "Kuwait", "Oman")
NAME = "Directory group"
FIRST_MEMBER = 9_000_000
ROUNDS = 5
PAGES = {
	"a page of the list": {},
	"a search": {"q": "gate 1999"},
	"the whole handbook": {"view": "handbook"},
}


def run(groups: int = GROUPS) -> Iterator[str]:
	"""The lines of the report."""
	desk = courier.desk()
	add_groups(desk, groups)
	policies = [make_policy({"after_hours": 4}, country=country) for country in COUNTRIES]
	frappe.db.commit()
	with queries() as statements:
		taken = measured(lambda: directory.read("Administrator", config.now_epoch()))
	yield f"{groups:,} groups read: {taken * 1e3:.0f} ms, {len(statements) // (ROUNDS + 1)} queries"
	for what, query in PAGES.items():
		sizes: list[int] = []
		taken = measured(lambda query=query, sizes=sizes: sizes.append(page_of(query)))
		yield f"{what} as HTML: {taken * 1e3:.0f} ms, {sizes[-1] / 1e3:,.0f} kB"
	for policy in policies:
		frappe.db.delete("Escalation Policy", {"name": policy})
		frappe.db.delete("Escalation Level", {"parent": policy})
	frappe.db.delete("HD Team", {"name": ("like", f"{NAME}%")})
	frappe.db.delete("HD Team Member", {"parent": ("like", f"{NAME}%")})
	frappe.db.commit()


def measured(work: Callable[[], object]) -> float:
	"""Median seconds, after one round that counts for nothing."""
	work()
	taken = []
	for _ in range(ROUNDS):
		began = time.perf_counter()
		work()
		taken.append(time.perf_counter() - began)
	return statistics.median(taken)


def add_groups(desk: frappe._dict, groups: int) -> None:
	"""Groups of one department in several countries, five members each; rows only."""
	moment = frappe.utils.now()
	fixed = {"owner": "Administrator", "modified_by": "Administrator", "creation": moment, "modified": moment}
	names = [f"{NAME} {number:04}" for number in range(groups)]
	fields = [
		"name",
		"team_name",
		"ch_department",
		"ch_country",
		"ch_purpose",
		"ch_governed_from",
		*fixed,
	]
	rows = [
		(
			name,
			name,
			desk.department,
			COUNTRIES[number % len(COUNTRIES)],
			f"Parcels at the gate {number}",
			"2026-01-01",
			*fixed.values(),
		)
		for number, name in enumerate(names)
	]
	frappe.db.bulk_insert("HD Team", fields, rows, chunk_size=1000)
	# The host names these rows by number, or by text that may be one.
	places = [(name, n, user) for name in names for n, user in enumerate(desk.tsm)]
	members = [
		(FIRST_MEMBER + number, name, "HD Team", "users", n, user, *fixed.values())
		for number, (name, n, user) in enumerate(places)
	]
	columns = ["name", "parent", "parenttype", "parentfield", "idx", "user", *fixed]
	frappe.db.bulk_insert("HD Team Member", columns, members, chunk_size=5000)


def page_of(query: dict[str, str]) -> int:
	"""The page as the framework answers it; returns its length in bytes."""
	local, before = frappe.local, (frappe.local.form_dict, frappe.local.response)
	local.request = Request(EnvironBuilder(path="/group-directory", query_string=query).get_environ())
	local.path, local.form_dict = "group-directory", frappe._dict(query)
	local.response = frappe._dict({"docs": []})
	try:
		answer = get_response("group-directory")
	finally:
		del local.request
		local.form_dict, local.response = before
	assert answer.status_code == 200, answer.get_data(as_text=True)[:500]
	return len(answer.get_data())
