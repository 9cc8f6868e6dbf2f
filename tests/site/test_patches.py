"""What patches make of the data of an older release is what the present one would have written."""

from __future__ import annotations

import random

import frappe
import pytest

from core_helpdesk.patches.v1 import say_how_stays_began_and_ended
from tests.site.factories import make_desk, make_team, make_ticket
from tests.site.moments import Moment, moment_from
from tests.site.test_ticket_export import Story, change

SAID = {
	"Ticket Leg": (
		"group_category",
		"ticket_category",
		"place",
		"began_by",
		"ended_by",
		"kept",
		"seconds_to_close",
	),
	"Ticket Escalation": ("group_category", "ticket_category", "place", "ended_epoch"),
}

moment = moment_from("2026-04-06 09:00")


class AlwaysInAGroup(Story):
	"""What became of a ticket while no group had it, nothing of ours says afterwards."""

	def happen(self) -> None:
		if len(self.tickets) < 8 and self.chance.random() < 0.4:
			self.tickets.append(make_ticket(group=self.chance.choice(self.groups)).name)
		elif self.tickets:
			status = self.chance.choice(["Open", "Replied", "Resolved", "Closed"])
			ticket = self.chance.choice(self.tickets)
			group = frappe.db.get_value("HD Ticket", ticket, "agent_group")
			moves = {"agent_group": next(other for other in self.groups if other != group)}
			change(ticket, **(moves if self.chance.random() < 0.5 else {"status": status}))


def said() -> dict[str, list[tuple]]:
	return {
		doctype: frappe.get_all(doctype, fields=["name", *fields], order_by="name", as_list=True)
		for doctype, fields in SAID.items()
	}


@pytest.mark.parametrize("seed", (4, 5))
def test_legs_and_escalations_of_old_say_what_happened_to_them(seed: int, moment: Moment) -> None:
	"""Policy: QA-12, QA-16"""
	desk = make_desk(levels=({"after_hours": 10}, {"target": "General Manager", "after_hours": 24}))
	other = make_team(ch_department=desk.department, ch_country="Egypt")
	AlwaysInAGroup(random.Random(seed), (desk.team, other), moment).live(days=8)
	as_written = said()
	for doctype, fields in SAID.items():
		nothing = {field: "" if field.endswith("_by") else 0 for field in fields if "category" not in field}
		frappe.db.set_value(doctype, {}, {**nothing, **{f: None for f in fields if "category" in f}})
	assert said() != as_written
	say_how_stays_began_and_ended.execute()
	for doctype, rows in said().items():
		for ours, written in zip(rows, as_written[doctype], strict=True):
			assert ours == written, doctype
	assert {row[4] for row in as_written["Ticket Leg"]} >= {"Received", "Moved In", "Reopened"}
