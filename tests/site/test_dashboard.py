"""The dashboard of management: numbers of now and trends, of what each reader answers for."""

from __future__ import annotations

import random
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING, Any

import frappe
import pytest

from core_helpdesk import config, months
from core_helpdesk.domain.ticket_lines import Cell, total
from core_helpdesk.domain.ticket_measures import GENERAL_MANAGER, OPEN
from core_helpdesk.reports import closed_months, dashboard, readers, ticket_counts
from tests.site import web
from tests.site.factories import (
	as_user,
	make_agent,
	make_department,
	make_desk,
	make_team,
	make_ticket,
	make_user,
)
from tests.site.moments import Moment, moment_from
from tests.site.test_ticket_export import Story

if TYPE_CHECKING:
	from core_helpdesk.domain.ticket_facts import Place

API = "core_helpdesk.dashboard_api.seen"
EGYPT = "Egypt"

moment = moment_from("2026-03-30 09:00")


@pytest.fixture
def desk(moment: Moment) -> frappe._dict:
	"""Two departments with a head each, ten days of tickets, and some that came today."""
	frappe.db.delete("HD Ticket")
	desk = make_desk(levels=({"after_hours": 10}, {"target": "General Manager", "after_hours": 24}))
	desk.qa, desk.own_head, desk.other_head = (
		make_user("QA Specialist"),
		*(make_user("Department Manager") for _ in "ab"),
	)
	desk.mine = make_department(head=desk.own_head)
	desk.others = make_department(head=desk.other_head)
	desk.riyadh = make_team(ch_department=desk.mine)
	desk.cairo = make_team(ch_department=desk.mine, ch_country=EGYPT)
	desk.apart = make_team(ch_department=desk.others)
	Story(random.Random(5), (desk.riyadh, desk.cairo, desk.apart), moment).live(days=10)
	for team in (desk.riyadh, desk.riyadh, desk.cairo, desk.apart):
		make_ticket(group=team)
	dashboard.forget()
	yield desk
	dashboard.forget()


def seen(user: str, **filters: str) -> dict[str, Any]:
	return web.call(user, API, **filters)


def tiles(user: str, **filters: str) -> dict[str, Any]:
	return {tile["name"]: tile["value"] for tile in seen(user, **filters)["tiles"]}


def open_tickets(*teams: str) -> int:
	wanted = {"to_epoch": 0, **({"team": ("in", teams)} if teams else {})}
	return frappe.db.count("Ticket Leg", wanted)


def test_what_is_open_is_what_stands_open(desk: frappe._dict) -> None:
	found = tiles(desk.qa)
	assert found["open"] == open_tickets() > 4
	assert found["received"] == 4
	assert found["escalated"] == frappe.db.count(
		"Ticket Escalation", {"status": ("in", dashboard.OPEN_STATES)}
	)


def test_a_tile_counts_what_its_list_shows(desk: frappe._dict) -> None:
	"""As the page narrows the list of escalations."""
	ways: tuple[tuple[str, dict[str, Any]], ...] = (
		("escalated", {}),
		("at_manager", {"target": GENERAL_MANAGER}),
		("over", {"answer_due_epoch": ("<=", config.now_epoch())}),
	)
	for user, place in ((desk.qa, {}), (desk.own_head, {"department": desk.mine})):
		told = seen(user, **place)
		assert told["at_epoch"] == config.now_epoch()
		values = {tile["name"]: tile["value"] for tile in told["tiles"]}
		for name, more in ways:
			filters = {"status": ("in", dashboard.OPEN_STATES), **place, **more}
			with as_user(user):
				rows = frappe.get_list("Ticket Escalation", filters=filters, limit_page_length=0)
			assert values[name] == len(rows), (user, name)


def test_a_fortnight_adds_up_to_its_days(desk: frappe._dict) -> None:
	found = seen(desk.qa)["days"]
	days = dashboard.counted({}).days
	assert len(found["labels"]) == len(days) == dashboard.DAYS
	window = months.window("2026-04", config.now_epoch())
	in_april = [day for day in days if day.startswith("2026-04")]
	april = sum(total(days[day])["closed"] for day in in_april)
	assert april == total(ticket_counts.cells(window))["closed"] > 0


def test_each_reader_is_shown_what_they_answer_for(desk: frappe._dict) -> None:
	"""Policy: CORE-13"""
	assert tiles(desk.own_head)["open"] == open_tickets(desk.riyadh, desk.cairo)
	assert tiles(desk.other_head)["open"] == open_tickets(desk.apart)
	assert [part["name"] for part in seen(desk.own_head)["parts"]] == [desk.mine]
	assert seen(desk.own_head, department=desk.others)["parts"] == []
	assert tiles(desk.own_head, department=desk.others)["open"] == 0


def test_it_is_narrowed_by_department_and_country(desk: frappe._dict) -> None:
	assert tiles(desk.qa, department=desk.mine)["open"] == open_tickets(desk.riyadh, desk.cairo)
	assert tiles(desk.qa, department=desk.mine, country=EGYPT)["open"] == open_tickets(desk.cairo)
	assert {part["name"] for part in seen(desk.qa, department=desk.mine)["parts"]} >= {EGYPT}


def test_it_is_a_minute_old_at_most(desk: frappe._dict) -> None:
	before, own = tiles(desk.qa)["open"], tiles(desk.own_head)["open"]
	make_ticket(group=desk.riyadh)
	assert (tiles(desk.qa)["open"], tiles(desk.own_head)["open"]) == (before, own)
	dashboard.forget()
	assert (tiles(desk.qa)["open"], tiles(desk.own_head)["open"]) == (before + 1, own + 1)


def test_one_reader_counts_while_the_others_are_shown_what_is_there(
	desk: frappe._dict, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	before = tiles(desk.qa)["open"]
	make_ticket(group=desk.riyadh)
	moment.later(seconds=90)
	meanwhile, count = [], dashboard._count

	def counting(now: int) -> object:
		meanwhile.append(dashboard.counted({}).now)
		return count(now)

	monkeypatch.setattr(dashboard, "_count", counting)
	assert tiles(desk.qa)["open"] == before + 1
	assert [total(cells)[OPEN] for cells in meanwhile] == [before]


def test_whoever_was_killed_while_counting_keeps_nobody_from_reading(
	desk: frappe._dict, moment: Moment
) -> None:
	before = tiles(desk.qa)["open"]
	make_ticket(group=desk.riyadh)
	assert dashboard._begins_to_count()
	moment.later(seconds=90)
	assert tiles(desk.qa)["open"] == before
	cache = frappe.cache()
	assert 0 < cache.ttl(cache.make_key(dashboard.CACHE)) <= dashboard.KEPT_SECONDS
	assert 0 < cache.ttl(cache.make_key(dashboard.COUNTING)) <= dashboard.COUNTING_SECONDS


def test_whoever_has_nothing_to_show_waits_for_who_counts(
	desk: frappe._dict, monkeypatch: pytest.MonkeyPatch
) -> None:
	told = tiles(desk.qa)
	kept = frappe.cache().get_value(dashboard.CACHE, expires=True)
	dashboard.forget()
	assert dashboard._begins_to_count()
	monkeypatch.setattr(dashboard, "sleep", lambda _s: frappe.cache().set_value(dashboard.CACHE, kept))
	monkeypatch.setattr(dashboard, "_count", None)
	assert tiles(desk.qa) == told


def test_who_waits_in_vain_does_not_count_too(desk: frappe._dict, monkeypatch: pytest.MonkeyPatch) -> None:
	dashboard.forget()
	assert dashboard._begins_to_count()
	monkeypatch.setattr(dashboard, "WAITING_SECONDS", 0)
	monkeypatch.setattr(dashboard, "_count", None)
	with pytest.raises(frappe.ValidationError, match="being counted"):
		tiles(desk.qa)
	dashboard.forget()


def test_who_took_too_long_lets_the_next_one_count_on(desk: frappe._dict) -> None:
	dashboard.forget()
	late = dashboard._begins_to_count()
	frappe.cache().delete_value(dashboard.COUNTING)
	present = dashboard._begins_to_count()
	dashboard._ends_counting(late)
	assert not dashboard._begins_to_count()
	dashboard._ends_counting(present)
	assert dashboard._begins_to_count()
	dashboard.forget()


def test_a_count_that_fails_keeps_nobody_else_from_counting(
	desk: frappe._dict, monkeypatch: pytest.MonkeyPatch
) -> None:
	with monkeypatch.context() as patch, pytest.raises(RuntimeError):
		patch.setattr(dashboard, "_tracing", lambda _now: (_ for _ in ()).throw(RuntimeError))
		frappe.set_user(desk.qa)
		dashboard.counted({})
	assert tiles(desk.qa)["open"] == open_tickets()


def test_closed_months_are_read_once_a_day(
	desk: frappe._dict, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	closed_months.close_over(moment.set("2026-05-03 09:00"))
	read, cells = [], closed_months.cells
	monkeypatch.setattr(closed_months, "cells", lambda month, now: read.append(month) or cells(month, now))
	before = seen(desk.qa)["months"]
	assert {"2026-03", "2026-04", "2026-05"} <= set(read)
	read.clear()
	frappe.cache().delete_value(dashboard.CACHE)
	assert seen(desk.qa)["months"] == before
	assert not {"2026-03", "2026-04"} & set(read)
	assert "2026-05" in read


def test_a_renamed_department_is_known_in_closed_months(desk: frappe._dict, moment: Moment) -> None:
	closed_months.close_over(moment.set("2026-05-03 09:00"))
	seen(desk.qa)
	moment.later(minutes=2)
	frappe.rename_doc("Core Department", desk.mine, "Renamed")
	frappe.cache().delete_value(dashboard.CACHE)
	frappe.set_user(desk.qa)
	march = dashboard.counted({"department": "Renamed"}).months["2026-03"]
	assert {place.department for place in march} == {"Renamed"}


def by_area(*found: dict[Place, Cell]) -> dict[tuple[str, str], Counter[str]]:
	"""What was counted in each department and country, but for where nothing was."""
	areas: dict[tuple[str, str], Counter[str]] = {}
	for cells in found:
		for place, cell in cells.items():
			areas.setdefault((place.department, place.country), Counter()).update(cell.counts)
	return {area: +counts for area, counts in areas.items() if +counts}


def test_all_is_kept_by_department_and_country(
	desk: frappe._dict, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	"""As many as all places count together, and no reader is asked twice for the same."""
	asked, sees = [], readers.Reader.sees
	monkeypatch.setattr(readers.Reader, "sees", lambda *given: asked.append(given[1:]) or sees(*given))
	for days_later in (0, 25):
		now = moment.later(days=days_later)
		closed_months.close_over(now)
		dashboard.forget()
		asked.clear()
		with as_user(desk.qa):
			found = dashboard.counted({})
		assert len(asked) == len(set(asked))
		for day, cells in found.days.items():
			period = dashboard._period(date.fromisoformat(day), now)
			assert by_area(cells) == by_area(ticket_counts.some(dashboard.OF_DAYS, period)), day
		for month, cells in found.months.items():
			assert by_area(cells) == by_area(closed_months.cells(month, now)), month
		window = months.window(months.of(now), now)
		open_now = ticket_counts.some((OPEN,), window), dashboard._escalations(now)
		assert by_area(found.now) == by_area(*open_now)
		assert not any(place.group or place.ticket_category for place in found.now)
	assert any(by_area(cells) for cells in found.months.values())


@pytest.mark.parametrize("role", ("", "Tracing Officer", "System Manager"))
def test_nobody_else_is_shown_it(desk: frappe._dict, role: str) -> None:
	"""Policy: CORE-13, TSM-12"""
	user = make_agent(role) if role else make_agent()
	with pytest.raises(frappe.PermissionError):
		seen(user)


def test_a_manager_of_nothing_is_told_so(desk: frappe._dict) -> None:
	found = seen(make_user("Department Manager"))
	assert "not head of a department" in found["nothing"]
	assert (found["tiles"], found["days"]["labels"], found["parts"]) == ([], [], [])


def test_a_site_without_a_ticket_has_a_dashboard(moment: Moment) -> None:
	frappe.db.delete("HD Ticket")
	for doctype in ("Ticket Leg", "Ticket Escalation", "Ticket Month"):
		frappe.db.delete(doctype)
	dashboard.forget()
	found = seen(make_user("QA Specialist"))
	assert found["parts"] == []
	assert found["months"]["labels"] == []
	assert OPEN in found["tiles"][0]["name"]
	dashboard.forget()
