"""The tickets that a site writes, replayed with the policies that it writes, escalate as they did on the site."""

from __future__ import annotations

import csv
import random
from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk import config, site_time
from core_helpdesk.escalations import sweep
from core_helpdesk.exports import policies, tickets
from core_helpdesk.offline.csv_files import read_export
from core_helpdesk.offline.policy_file import read_policy_file
from core_helpdesk.offline.replay import replay, rules_for
from core_helpdesk.offline.words import Words
from tests.site.factories import make_desk, make_level, make_policy, make_team, make_ticket
from tests.site.moments import Moment, moment_from, set_time_zone

if TYPE_CHECKING:
	from pathlib import Path

	from core_helpdesk.offline.csv_files import Export
	from core_helpdesk.offline.replay_rules import PolicyFile

SAY = Words("en")
# A Monday after Ramadan: working hours are 08:00 to 17:00 in Riyadh, Friday is a half day in Dubai.
MONDAY = "2026-04-06 09:00"
DAY = 24 * 3600

moment = moment_from(MONDAY)


@pytest.fixture
def desk(moment: Moment) -> frappe._dict:
	frappe.db.delete("HD Ticket")  # the host brings one of its own
	return make_desk(
		levels=(
			{"after_hours": 6, "clock_kind": "Working Time", "pauses": 1, "pause_cap_hours": 30},
			{"target": "General Manager", "after_hours": 24},
		)
	)


def change(ticket: str, **fields: object) -> None:
	fresh = frappe.get_doc("HD Ticket", ticket)
	fresh.update(fields)
	fresh.save()


def read(folder: Path) -> tuple[Export, PolicyFile]:
	"""The site's files as the offline command reads them; nothing in them is unusable."""
	(folder / "policy.toml").write_text(policies.export(config.now_epoch()).text, encoding="utf-8")
	written = tickets.export(str(folder))
	file = read_policy_file(folder / "policy.toml", SAY)
	export = read_export(folder / "tickets.csv", folder / "events.csv", file.zone, file.states, SAY)
	assert export.problems == []
	assert (written.tickets, written.changes) == (len(export.tickets), export.changes)
	return export, file


def rows(path: Path) -> list[list[str]]:
	with path.open(encoding="utf-8-sig", newline="") as file:
		return list(csv.reader(file))[1:]


def test_a_ticket_is_written_with_its_groups_and_statuses(
	desk: frappe._dict, moment: Moment, tmp_path: Path
) -> None:
	other = make_team()
	name = make_ticket(group=desk.team).name
	for at, fields in (
		("2026-04-06 10:00", {"status": "Replied"}),
		("2026-04-06 11:00", {"agent_group": other}),
		("2026-04-06 12:30", {"status": "Open"}),
		("2026-04-06 13:00:05", {"status": "Resolved"}),
		("2026-04-08 09:00", {"status": "Open", "agent_group": desk.team}),
		("2026-04-08 10:00", {"status": "Closed"}),
	):
		moment.set(at)
		change(name, **fields)
	read(tmp_path)
	((number, opened, group, category, resolved, closed),) = rows(tmp_path / "tickets.csv")
	assert (number, opened, group) == (str(name), "2026-04-06 09:00:00", desk.team)
	assert category == (frappe.db.get_value("HD Ticket", name, "ticket_type") or "")
	assert closed == "2026-04-08 10:00:00"
	assert resolved  # the host's own moment of solving, which it reads from the system's time
	assert rows(tmp_path / "events.csv") == [
		[str(name), at, event, value]
		for at, event, value in (
			("2026-04-06 10:00:00", "state", "Replied"),
			("2026-04-06 11:00:00", "group", other),
			("2026-04-06 12:30:00", "state", "Open"),
			("2026-04-06 13:00:05", "state", "Resolved"),
			("2026-04-08 09:00:00", "group", desk.team),
			("2026-04-08 09:00:00", "state", "Open"),
			("2026-04-08 10:00:00", "state", "Closed"),
		)
	]


def test_a_stay_in_tsm_and_a_status_that_is_no_more_are_not_written(
	desk: frappe._dict, moment: Moment, tmp_path: Path
) -> None:
	moving = make_policy(make_level(after_hours=1, move_ticket=1), team=desk.team)
	name = make_ticket(group=desk.team).name
	note = {"doctype": "HD Ticket Activity", "ticket": name, "action": "set status to Forgotten"}
	frappe.get_doc(note).insert()
	sweep.run(moment.set("2026-04-06 10:00"))
	assert frappe.db.get_value("HD Ticket", name, "agent_group") == desk.tsm_team
	assert frappe.db.get_value("Ticket Escalation", {"reference_name": str(name)}, "policy") == moving
	assert tickets.export(str(tmp_path)) == (1, 0, 1)
	assert rows(tmp_path / "tickets.csv")[0][2] == desk.team
	assert rows(tmp_path / "events.csv") == []


def test_what_happened_past_the_host_s_notes_is_written_as_far_as_it_is_known(
	desk: frappe._dict, moment: Moment, tmp_path: Path
) -> None:
	closed, later, moved = (make_ticket(group=group).name for group in (desk.team, "", ""))
	moment.set("2026-04-06 10:00")
	change(later, agent_group=desk.team)
	frappe.db.delete("Ticket Leg", {"reference_name": str(moved)})
	frappe.db.set_value("HD Ticket", moved, "agent_group", desk.team)
	frappe.db.set_value("HD Ticket", closed, "status", "Closed", modified="2026-04-06 12:00:00")
	read(tmp_path)
	assert [(row[0], row[2]) for row in rows(tmp_path / "tickets.csv")] == [
		(str(closed), desk.team),
		(str(later), ""),
		(str(moved), desk.team),
	]
	assert rows(tmp_path / "events.csv") == [
		[str(closed), "2026-04-06 12:00:00", "state", "Closed"],
		[str(later), "2026-04-06 10:00:00", "group", desk.team],
	]


@pytest.mark.parametrize("seed", (1, 2))
def test_a_replay_escalates_at_the_moments_at_which_the_site_did(
	seed: int, desk: frappe._dict, moment: Moment, tmp_path: Path
) -> None:
	dubai = make_team(ch_country="United Arab Emirates")
	cairo = make_team(ch_country="Egypt")
	make_policy(make_level(after_hours=10, pauses=1), make_level(target="General Manager"), team=cairo)
	make_policy(
		make_level(after_hours=9, clock_kind="Working Time"),
		make_level(target="General Manager", after_hours=5, clock_kind="Working Time"),
		country="United Arab Emirates",
		total_cap_hours=12,
	)
	story = Story(random.Random(seed), (desk.team, dubai, cairo), moment)
	story.live(days=7)
	export, file = read(tmp_path)
	until = moment.now
	lives = replay(export.tickets.values(), rules_for(file, export, until, SAY), until)
	replayed = {(item.ticket, *item.fired[:5]) for life in lives for item in life.escalations}
	on_site = {
		(row.reference_name, row.cycle, row.level, row.team or "", row.target, row.due_epoch)
		for row in frappe.get_all("Ticket Escalation", fields=["*"])
	}
	assert replayed == on_site
	assert {row[2] for row in on_site} == {1, 2}
	assert len(on_site) > 4


class Story:
	"""A few days on a site: tickets come, are moved, answered, solved and reopened; every level is swept when due."""

	def __init__(self, chance: random.Random, groups: tuple[str, ...], moment: Moment) -> None:
		self.chance, self.groups, self.moment = chance, groups, moment
		self.tickets: list[str] = []

	def live(self, days: int) -> None:
		end = self.moment.now + days * DAY
		while True:
			at = self.moment.now + self.chance.randint(60, 7 * 3600)
			self.sweep_until(min(at, end))
			if at >= end:
				return
			self.moment.now = at
			self.happen()

	def sweep_until(self, end: int) -> None:
		while (due := self.next_due()) and due <= end:
			self.moment.now = due
			sweep.run(due)
		self.moment.now = end

	def next_due(self) -> int:
		rows = frappe.get_all("Ticket Clock", {"next_epoch": [">", 0]}, pluck="next_epoch")
		return min(rows, default=0)

	def happen(self) -> None:
		if len(self.tickets) < 8 and self.chance.random() < 0.4:
			group = self.chance.choice([*self.groups, ""])
			self.tickets.append(make_ticket(group=group).name)
		elif self.tickets:
			changes = (
				{"agent_group": self.chance.choice([*self.groups, None])},
				{"status": self.chance.choice(["Open", "Replied", "Resolved", "Closed"])},
			)
			change(self.chance.choice(self.tickets), **self.chance.choice(changes))


@pytest.mark.usefixtures("moment")
@pytest.mark.parametrize("zone", ("Asia/Riyadh", "America/New_York", "Asia/Kathmandu"))
def test_moments_read_by_the_thousand_are_those_read_one_by_one(zone: str) -> None:
	set_time_zone(zone)
	read = site_time.epoch_reader()
	for text in (
		"2026-01-04 00:00:00",
		"2026-03-08 01:59:59.999999",
		"2026-03-08 02:30:00",  # a time that New York does not have
		"2026-03-08 03:00:00",
		"2026-11-01 01:30:00",  # one that it has twice
		"2026-11-01 02:00:00.000001",
	):
		seconds = frappe.db.sql("select to_seconds(cast(%s as datetime(6)))", text)[0][0]
		assert read(seconds) == site_time.to_epoch(text), text
	assert read(None) == 0


def test_a_group_that_a_spreadsheet_would_compute_comes_back_under_its_name(
	desk: frappe._dict, moment: Moment, tmp_path: Path
) -> None:
	formula, other = make_team(name="=1+1"), make_team(name="@Group")
	name = make_ticket(group=formula).name
	moment.set("2026-04-06 10:00")
	change(name, agent_group=other)
	export, _file = read(tmp_path)
	assert rows(tmp_path / "tickets.csv")[0][2] == "'=1+1"
	assert rows(tmp_path / "events.csv")[0][3] == "'@Group"
	ticket = export.tickets[str(name)]
	assert (ticket.group, [change.group for change in ticket.changes]) == (formula, [other])
