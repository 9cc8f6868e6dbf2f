"""Random lives of real tickets: saves on the host and sweeps, beside the same life in the domain alone."""

from __future__ import annotations

import random
from typing import NamedTuple

import frappe
import pytest

from core_helpdesk import config
from core_helpdesk.domain.clock import Clock, TicketState, changed, current_level, fired, warned
from core_helpdesk.escalations import sweep
from tests.site.factories import make_desk, make_policy, make_team, make_ticket
from tests.site.moments import Moment, epoch
from tests.site.test_sync import change, row_of

MONDAY = "2026-03-02 09:00"
STATUSES = {"Open": TicketState.OPEN, "Replied": TicketState.PAUSED, "Resolved": TicketState.RESOLVED}


class Told(NamedTuple):
	"""One escalation, as both sides tell it."""

	cycle: int
	level: int
	group: str
	due: int


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Moment:
	return Moment(monkeypatch, MONDAY)


@pytest.fixture
def groups(moment: Moment) -> list[str]:
	"""Three groups: the default policy, a short one with pauses and a warning, one that counts working time."""
	desk = make_desk("Observe")
	short, working = make_team(), make_team(ch_country="United Arab Emirates")
	make_policy(
		{"after_hours": 5, "pauses": 1, "pause_cap_hours": 30, "acknowledge_within_hours": 3},
		{"target": "General Manager", "after_hours": 9},
		team=short,
		warn_percent=50,
	)
	make_policy(
		{"after_hours": 12, "clock_kind": "Working Time", "pauses": 1},
		{"target": "Department Head", "after_hours": 6, "clock_kind": "Working Time"},
		{"target": "General Manager"},
		team=working,
		total_cap_hours=10,
	)
	return [desk.team, short, working]


def walk(seed: int, steps: int, groups: list[str], moment: Moment) -> None:
	chance, rules = random.Random(seed), config.site_rules()
	moment.set(MONDAY)
	group = chance.choice(groups)
	ticket = make_ticket(group=group)
	told: list[Told] = []
	clock = changed(Clock(), moment.now, rules, group=group, category=ticket.ticket_type)
	for _step in range(steps):
		until = moment.now + chance.choice((60, 1800, 3 * 3600, 9 * 3600, 26 * 3600, 70 * 3600))
		clock = swept_until(until, clock, told, moment)
		moment.set_epoch(until)
		field, value = random_change(chance, groups)
		change(ticket, **{field: value})
		wanted = {"state": STATUSES[value]} if field == "status" else {"group": value}
		clock = changed(clock, until, rules, **wanted)
		stored = row_of(ticket).clock
		assert stored == clock, f"seed {seed}"
	found = frappe.get_all(
		"Ticket Escalation",
		{"reference_name": str(ticket.name)},
		["cycle", "level", "team", "due_epoch"],
		order_by="cycle, level",
	)
	assert [Told(row.cycle, row.level, row.team, row.due_epoch) for row in found] == told, f"seed {seed}"


def swept_until(until: int, clock: Clock, told: list[Told], moment: Moment) -> Clock:
	"""Sweeps at each moment at which the domain says that something is due before `until`."""
	rules = config.site_rules()
	while 0 < clock.next < until:
		at = moment.set_epoch(clock.next)
		sweep.run(at)
		if clock.due and clock.due <= at:
			assert current_level(clock, rules)
			told.append(Told(clock.cycle, clock.level + 1, clock.group, clock.due))
			clock = fired(clock, at, rules)
		else:
			clock = warned(clock)
	return clock


def random_change(chance: random.Random, groups: list[str]) -> tuple[str, str]:
	if chance.random() < 0.4:
		return "agent_group", chance.choice(groups)
	return "status", chance.choice(("Open", "Open", "Replied", "Resolved"))


def test_a_few_random_lives_agree_with_the_domain(groups: list[str], moment: Moment) -> None:
	for seed in range(4):
		walk(seed, 12, groups, moment)
	assert frappe.db.count("Ticket Escalation") > 4


@pytest.mark.soak
def test_many_long_random_lives_agree_with_the_domain(groups: list[str], moment: Moment) -> None:
	for seed in range(100, 160):
		walk(seed, 40, groups, moment)
	assert epoch(MONDAY) < moment.now
