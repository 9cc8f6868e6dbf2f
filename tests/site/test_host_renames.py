"""A group or a ticket category that is renamed on the host keeps its running clocks."""

from __future__ import annotations

import frappe
import pytest

from core_helpdesk.escalations import reconcile, sweep
from tests.site.factories import make_desk, make_policy, make_ticket, make_ticket_type
from tests.site.moments import Moment, epoch
from tests.site.test_sync import change, escalations_of, legs_of, row_of


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Moment:
	return Moment(monkeypatch, "2026-03-02 09:00")


def test_a_renamed_category_keeps_the_policy_and_the_count(moment: Moment) -> None:
	desk = make_desk()
	category = make_ticket_type(name="Damaged Parcel")
	policy = make_policy({"after_hours": 6}, ticket_type=category)
	ticket = make_ticket(group=desk.team, ticket_type=category)
	before = row_of(ticket).clock
	assert (before.policy, before.due) == (policy, epoch("2026-03-02 15:00"))
	frappe.rename_doc("HD Ticket Type", category, "Broken Parcel")
	assert row_of(ticket).clock.category == "Broken Parcel"
	assert reconcile.run_all(moment.set("2026-03-02 11:00")).repaired == {}
	change(ticket, subject="Second call")
	after = row_of(ticket).clock
	assert (after.policy, after.began, after.due) == (policy, before.began, before.due)


def test_a_category_merged_into_another_leaves_no_clock_with_its_old_name(moment: Moment) -> None:
	desk = make_desk()
	old, kept = make_ticket_type(name="Damaged Parcel"), make_ticket_type(name="Broken Parcel")
	ticket = make_ticket(group=desk.team, ticket_type=old)
	frappe.rename_doc("HD Ticket Type", old, kept, merge=True)
	assert row_of(ticket).clock.category == kept


def test_a_category_can_be_deleted_under_clocks_that_name_it(moment: Moment) -> None:
	desk = make_desk()
	category = make_ticket_type(name="Damaged Parcel")
	ticket = make_ticket(group=desk.team, ticket_type=category)
	frappe.db.set_value("HD Ticket", ticket.name, "ticket_type", None)
	frappe.delete_doc("HD Ticket Type", category)
	assert not frappe.db.exists("HD Ticket Type", category)


def test_a_renamed_group_keeps_clock_leg_and_escalation(moment: Moment) -> None:
	desk = make_desk(levels=({"move_ticket": 1}, {"target": "General Manager"}))
	waiting, escalated = make_ticket(group=desk.team), make_ticket(group=desk.team)
	frappe.db.set_value("Ticket Clock", row_of(waiting).name, "next_epoch", 0)
	sweep.run(moment.set("2026-03-03 09:00"))
	try:
		frappe.rename_doc("HD Team", desk.team, "Riyadh Claims")
	except frappe.ValidationError:
		pytest.skip("this Helpdesk cannot rename a group: it writes a condition that it refuses itself")
	assert row_of(waiting).clock.group == "Riyadh Claims"
	assert [leg[0] for leg in legs_of(waiting)] == ["Riyadh Claims"]
	(escalation,) = escalations_of(escalated)
	assert (escalation.team, escalation.previous_team) == ("Riyadh Claims", "Riyadh Claims")
	assert reconcile.run_all(moment.later(hours=1)).repaired == {}
