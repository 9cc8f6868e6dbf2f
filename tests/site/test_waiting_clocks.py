"""Clocks that wait for a policy: reconcile takes up those that can begin, and no others, however many there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk import config
from core_helpdesk.escalations import compare, reconcile
from tests.site.factories import make_desk, make_policy, make_ticket, switch_mode
from tests.site.moments import Moment
from tests.site.test_sync import row_of

if TYPE_CHECKING:
	from frappe.model.document import Document


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Moment:
	return Moment(monkeypatch, "2026-03-02 09:00")


@pytest.fixture
def waiting(moment: Moment) -> list[Document]:
	"""Five tickets of a governed group that no policy was for; one is in force since."""
	desk = make_desk()
	frappe.db.set_value("Escalation Policy", desk.policy, "workflow_state", "Draft")
	tickets = [make_ticket(group=desk.team) for _ in range(5)]
	assert {row_of(ticket).clock.cycle for ticket in tickets} == {1}
	moment.set("2026-03-02 17:00")
	make_policy(starts_on="2026-03-02 15:00:00")
	return tickets


def found(moment: Moment) -> list[list[str]]:
	return [page for page in compare.without_count(config.site_rules(), moment.now) if page]


def test_they_are_read_in_pages_and_all_begin(
	waiting: list[Document], moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.setattr(compare, "CLOCKS_AT_ONCE", 2)
	assert [len(page) for page in found(moment)] == [2, 2, 1]
	reconcile.run_changed(moment.now)
	assert all(row_of(ticket).clock.policy for ticket in waiting)
	assert found(moment) == []


def test_tickets_from_before_their_group_was_governed_are_not_looked_at(
	waiting: list[Document], moment: Moment
) -> None:
	switch_mode(governed_from="2026-03-02 12:00")
	assert found(moment) == []


def test_a_group_with_a_moment_of_its_own_is_asked_by_that(waiting: list[Document], moment: Moment) -> None:
	switch_mode(governed_from="2026-03-02 12:00")
	team = frappe.get_doc("HD Team", row_of(waiting[0]).clock.group)
	team.db_set("ch_governed_from", "2026-03-02 08:00:00")
	frappe.clear_document_cache("HD Team", team.name)
	assert sum(map(len, found(moment))) == len(waiting)
