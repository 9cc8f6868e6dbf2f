"""What a site counts of its tickets: by the same measures as a replay, figure by figure, each with the rows behind it."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk import config
from core_helpdesk.domain.period import Period
from core_helpdesk.domain.ticket_facts import Place
from core_helpdesk.domain.ticket_lines import Cell, total
from core_helpdesk.domain.ticket_measures import CAME, MEASURES, OPEN, WENT
from core_helpdesk.escalations import places, sync
from core_helpdesk.offline.figures import count
from core_helpdesk.offline.replay import replay, rules_for
from core_helpdesk.reports import ticket_counts
from tests.site.factories import (
	make_category,
	make_department,
	make_desk,
	make_level,
	make_policy,
	make_team,
	make_ticket,
)
from tests.site.moments import Moment, epoch, moment_from
from tests.site.test_ticket_export import SAY, Story, read

if TYPE_CHECKING:
	from pathlib import Path

MONDAY = "2026-04-06 09:00"
APRIL = ("2026-04-01 00:00", "2026-05-01 00:00")
HOUR, DAY = 3600, 24 * 3600

moment = moment_from(MONDAY)


@pytest.fixture
def desk(moment: Moment) -> frappe._dict:
	frappe.db.delete("HD Ticket")  # the host brings one of its own
	return make_desk(levels=({"after_hours": 24}, {"target": "General Manager", "after_hours": 24}))


def period(*days: str) -> Period:
	return Period(*map(epoch, days or APRIL))


def change(ticket: object, **fields: object) -> None:
	fresh = frappe.get_doc("HD Ticket", ticket.name)
	fresh.update(fields)
	fresh.save()


def counted(*days: str) -> dict[str, int]:
	"""What happened in the period and is not nothing, in all places together."""
	whole = total(ticket_counts.cells(period(*days)))
	return {name: count for name, count in whole.counts.items() if count}


def behind(name: str, of: Period) -> list[str]:
	"""The tickets of a figure, in all places."""
	numbers = list(ticket_counts.counted(of).places())
	return sorted(ticket for _row, ticket in ticket_counts.tickets(name, of, numbers).run())


def test_a_ticket_s_way_is_counted_where_it_happened(desk: frappe._dict, moment: Moment) -> None:
	"""Policy: QA-12, QA-16"""
	category = make_category()
	other = make_team(ch_category=category, ch_country="Egypt", ch_department=desk.department)
	ticket = make_ticket(group=desk.team)
	kind = ticket.ticket_type or ""
	for at, fields in (
		("2026-04-06 12:00", {"agent_group": other}),
		("2026-04-06 15:00", {"status": "Resolved"}),
		("2026-05-02 09:00", {"status": "Open"}),
		("2026-05-02 10:00", {"status": "Closed"}),
	):
		moment.set(at)
		change(ticket, **fields)
	found = ticket_counts.cells(period())
	here = Place("Saudi Arabia", desk.department, "", desk.team, kind)
	there = Place("Egypt", desk.department, category, other, kind)
	assert found == {
		here: Cell({"received": 1, "moved_out": 1}),
		there: Cell({"moved_in": 1, "closed": 1, "kept": 1}, [6 * HOUR]),
	}
	assert counted("2026-05-01 00:00", "2026-06-01 00:00") == {"reopened": 1, "closed": 1, "kept": 1}
	assert counted("2026-04-06 09:00", "2026-04-06 12:00") == {"received": 1, OPEN: 1}


def test_what_is_merged_deleted_or_found_late_is_gone(desk: frappe._dict, moment: Moment) -> None:
	merged, deleted = make_ticket(group=desk.team), make_ticket(group=desk.team)
	moment.set("2026-04-06 10:00")
	frappe.db.set_value("HD Ticket", merged.name, "is_merged", 1)
	sync.sync(str(merged.name), moment.now)
	frappe.delete_doc("HD Ticket", deleted.name, force=True)
	assert counted() == {"received": 2, "gone": 2}
	frappe.db.set_value("HD Ticket", merged.name, "is_merged", 0)
	moment.set("2026-04-06 11:00")
	sync.sync(str(merged.name), moment.now)
	assert counted() == {"received": 2, "gone": 2, "taken_on": 1, OPEN: 1}


def test_a_changed_category_moves_the_stay_and_nothing_else(desk: frappe._dict, moment: Moment) -> None:
	ticket = make_ticket(group=desk.team)
	kind = frappe.get_all("HD Ticket Type", {"name": ("!=", ticket.ticket_type or "")}, pluck="name")[0]
	moment.set("2026-04-06 10:00")
	change(ticket, ticket_type=kind)
	((place, cell),) = ticket_counts.cells(period()).items()
	assert (place.ticket_category, dict(cell.counts)) == (kind, {"received": 1, OPEN: 1})


def test_a_renamed_group_stays_one_group(desk: frappe._dict, moment: Moment) -> None:
	make_ticket(group=desk.team)
	new = frappe.rename_doc("HD Team", desk.team, f"{desk.team} again", force=True)
	frappe.clear_document_cache("HD Team", new)
	make_ticket(group=new)
	((place, cell),) = ticket_counts.cells(period()).items()
	assert (place.group, dict(cell.counts)) == (new, {"received": 2, OPEN: 2})
	assert len(behind("received", period())) == 2
	old = make_team(name=desk.team, ch_department=desk.department)
	make_ticket(group=old)
	found = {place.group: cell["received"] for place, cell in ticket_counts.cells(period()).items()}
	assert found == {new: 2, old: 1}
	assert numbers_are_right()


def numbers_are_right() -> bool:
	"""Whether each row has the number of what it says."""
	fields = [*places.WORDS, "place"]
	rows = [row for kept in places.KEPT_IN for row in frappe.get_all(kept, fields=fields, as_list=True)]
	return all(Place(*(word or "" for word in words)).number == number for *words, number in rows)


def test_a_category_changed_after_the_group_moved_takes_the_whole_place_along(
	desk: frappe._dict, moment: Moment
) -> None:
	"""Policy: CORE-13"""
	ticket = make_ticket(group=desk.team)
	new = make_department(head=desk.head)
	frappe.db.set_value("HD Team", desk.team, "ch_department", new)
	frappe.clear_document_cache("HD Team", desk.team)
	config.refresh()
	kind = frappe.get_all("HD Ticket Type", {"name": ("!=", ticket.ticket_type or "")}, pluck="name")[0]
	change(ticket, ticket_type=kind)
	((place, cell),) = ticket_counts.cells(period()).items()
	assert (place.department, place.ticket_category, cell["received"]) == (new, kind, 1)
	assert numbers_are_right()


def test_a_category_given_while_closing_is_that_of_the_ticket(desk: frappe._dict, moment: Moment) -> None:
	ticket = make_ticket(group=desk.team)
	kind = frappe.get_all("HD Ticket Type", {"name": ("!=", ticket.ticket_type or "")}, pluck="name")[0]
	moment.set("2026-04-06 11:00")
	change(ticket, ticket_type=kind, status="Resolved")
	((place, cell),) = ticket_counts.cells(period()).items()
	assert (place.ticket_category, cell["closed"], list(cell.times)) == (kind, 1, [2 * HOUR])


def test_a_ticket_merged_after_it_escalated_is_neither_solved_nor_failed(
	desk: frappe._dict, moment: Moment
) -> None:
	"""Policy: TSM-02"""
	ticket = make_ticket(group=desk.team)
	Story(random.Random(1), (desk.team,), moment).sweep_until(epoch("2026-04-07 10:00"))
	frappe.db.set_value("HD Ticket", ticket.name, "is_merged", 1)
	sync.sync(str(ticket.name), moment.now)
	assert counted() == {"received": 1, "gone": 1, "missed": 1, "escalated": 1}
	frappe.db.set_value("HD Ticket", ticket.name, "is_merged", 0)
	sync.sync(str(ticket.name), moment.set("2026-04-07 11:00"))
	assert counted()["failed"] == 1
	assert frappe.get_all("Ticket Escalation", pluck="status") == ["Received"]


def test_an_old_ticket_that_is_reopened_was_not_received(desk: frappe._dict, moment: Moment) -> None:
	frappe.db.set_single_value("Core Helpdesk Settings", "governed_from", "2026-04-01 00:00:00")
	config.refresh()
	ticket = make_ticket(group=desk.team)
	for doctype in ("Ticket Clock", "Ticket Leg"):
		frappe.db.delete(doctype, {"reference_name": str(ticket.name)})
	old = {"creation": "2026-03-01 09:00:00", "status": "Closed"}
	frappe.db.set_value("HD Ticket", ticket.name, old, update_modified=False)
	change(ticket, status="Open")
	assert counted() == {"taken_on": 1, OPEN: 1}


def test_a_flip_leaves_the_first_coming_to_the_next_group(desk: frappe._dict, moment: Moment) -> None:
	other = make_team()
	ticket = make_ticket(group=desk.team)
	change(ticket, agent_group=other)
	((place, cell),) = ticket_counts.cells(period()).items()
	assert (place.group, dict(cell.counts)) == (other, {"received": 1, OPEN: 1})


def test_a_ticket_closed_as_it_came_is_received_and_closed(desk: frappe._dict, moment: Moment) -> None:
	change(make_ticket(group=desk.team), status="Resolved")
	assert counted() == {"received": 1, "closed": 1, "kept": 1}


def test_an_escalation_fails_24_hours_after_it_came_unless_answered(
	desk: frappe._dict, moment: Moment
) -> None:
	"""Policy: TSM-01, TSM-02"""
	solved, late = make_ticket(group=desk.team), make_ticket(group=desk.team)
	story = Story(random.Random(1), (desk.team,), moment)
	story.sweep_until(epoch("2026-04-07 09:00"))
	assert counted() == {"received": 2, OPEN: 2, "missed": 2, "escalated": 2, "answer_due": 2, "failed": 2}
	assert counted(MONDAY, "2026-04-08 09:00") == {"received": 2, OPEN: 2, "missed": 2, "escalated": 2}
	story.sweep_until(epoch("2026-04-08 08:00"))
	change(solved, status="Resolved")
	story.sweep_until(epoch("2026-04-08 09:30"))
	change(late, status="Resolved")
	assert counted() == {
		"received": 2,
		"closed": 2,
		"missed": 2,
		"escalated": 2,
		"to_general_manager": 1,
		"answer_due": 2,
		"failed": 1,
	}
	assert behind("failed", period()) == [str(late.name)]


@pytest.mark.parametrize("seed", (1, 2, 3))
def test_a_site_and_a_replay_of_its_tickets_agree_figure_by_figure(
	seed: int, desk: frappe._dict, moment: Moment, tmp_path: Path
) -> None:
	"""Policy: QA-12, QA-16, TSM-02, TSM-M1"""
	dubai = make_team(ch_country="United Arab Emirates", ch_department=desk.department)
	cairo = make_team(ch_country="Egypt", ch_department=desk.department)
	make_policy(make_level(after_hours=10, pauses=1), make_level(target="General Manager"), team=cairo)
	story = Story(random.Random(seed), (desk.team, dubai, cairo), moment)
	story.live(days=8)
	export, file = read(tmp_path)
	until = moment.now
	lives = list(replay(export.tickets.values(), rules_for(file, export, until, SAY), until))
	replayed = count(lives, file, until).cells
	so_far = Period(epoch(APRIL[0]), until + 1)
	on_site = ticket_counts.cells(so_far)
	ours = {_plain(place): _figures(cell) for place, cell in on_site.items()}
	assert ours.keys() == replayed.keys()
	for place, cell in replayed.items():
		assert ours[place] == _figures(cell), place
	whole = total(on_site)
	assert all(whole[name] for name in ("received", "closed", "missed", "escalated", "moved_in", OPEN))
	assert whole.balance == whole[OPEN]
	for name in (*MEASURES, OPEN):
		assert len(behind(name, so_far)) == whole[name], name


def _plain(place: Place) -> Place:
	"""A policy file knows no group categories, and countries by their codes."""
	code = frappe.db.get_value("Country", place.country, "code") or place.country
	return place._replace(country=code.upper(), group_category="")


def _figures(cell: Cell) -> tuple:
	return {name: cell[name] for name in (*CAME, *WENT, *MEASURES, OPEN)}, sorted(cell.times)
