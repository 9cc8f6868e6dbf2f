"""A thousand groups: put under governance at once, and the drafts that a changed time at headquarters asks for."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import frappe

from benchmarks.site import courier
from benchmarks.site.directory import NAME, add_groups
from core_helpdesk.governance import governance_switch, standard_copies, standard_following
from tests.site.counting import queries
from tests.site.factories import as_user, make_policy, make_user

if TYPE_CHECKING:
	from collections.abc import Callable, Iterator

GROUPS = 1_000
REQUEST, STATE = "Group Request", "Group Request State"
CATEGORY = "Governed category"


def run(groups: int = GROUPS) -> Iterator[str]:
	"""The lines of the report."""
	desk = courier.desk()
	add_groups(desk, groups)
	qa = make_user("QA Specialist")
	frappe.get_doc({"doctype": "Group Category", "category_name": CATEGORY}).insert()
	frappe.db.set_value("Group Category", CATEGORY, "workflow_state", "Active")
	frappe.db.set_value("HD Team", {"name": ("like", f"{NAME}%")}, "ch_category", CATEGORY)
	teams = frappe.get_all("HD Team", {"name": ("like", f"{NAME}%")}, pluck="name", order_by="name")
	frappe.db.commit()
	with as_user(qa):
		for on in (True, False):
			said = f"{groups:,} groups switched {'on' if on else 'off'}"
			yield measured(said, lambda on=on: governance_switch.switch_all(teams, on=on))
	policy = make_policy({"after_hours": 12}, country="Saudi Arabia", group_category=CATEGORY)
	due = {"drafts_due": frappe.utils.now()}
	frappe.db.set_value("Escalation Policy", policy, due)
	frappe.db.commit()
	wanted: list[standard_copies.Wanted] = []
	yield measured(
		"the drafts of an activation found out",
		lambda: wanted.extend(standard_copies.wanted_by(policy, "2026-01-01")),
	)
	yield measured(f"{len(wanted):,} drafts made by the job", standard_following.settle)
	frappe.db.set_value("Escalation Policy", policy, "workflow_state", "Draft")
	yield measured("as many taken back by the job", standard_following.settle)
	clear(policy)


def measured(what: str, work: Callable[[], object]) -> str:
	began = time.perf_counter()
	with queries() as statements:
		work()
	taken = time.perf_counter() - began
	frappe.db.commit()
	return f"{what}: {taken:.2f} s, {len(statements):,} queries"


def clear(policy: str) -> None:
	for doctype in (REQUEST, STATE, "Notification Log"):
		frappe.db.delete(doctype)
	frappe.db.delete("Escalation Policy", {"name": policy})
	frappe.db.delete("Escalation Level", {"parent": policy})
	frappe.db.delete("HD Team", {"name": ("like", f"{NAME}%")})
	frappe.db.delete("HD Team Member", {"parent": ("like", f"{NAME}%")})
	frappe.db.delete("Group Category", {"name": CATEGORY})
	frappe.db.delete("Comment", {"reference_doctype": "HD Team"})
	frappe.db.commit()
