"""The QA Monthly Report: the figures of a month, each with the records behind it, for whoever answers for them."""

from __future__ import annotations

import random

import frappe
import pytest

from core_helpdesk.domain.ticket_measures import OPEN
from core_helpdesk.reports import ticket_month, ticket_places
from core_helpdesk.reports import ticket_words as words
from tests.site import report_reading as reading
from tests.site import web
from tests.site.factories import (
	add_head,
	as_user,
	make_agent,
	make_category,
	make_department,
	make_desk,
	make_team,
	make_ticket,
	make_user,
)
from tests.site.moments import Moment, moment_from
from tests.site.test_ticket_export import Story

API = "core_helpdesk.report_api.tickets"
MONTH, BEFORE = "2026-04", "2026-03"
EGYPT = "Egypt"

moment = moment_from("2026-03-30 09:00")


@pytest.fixture
def desk(moment: Moment) -> frappe._dict:
	"""Two departments in two countries, with a head each, and ten days of tickets over the end of March."""
	frappe.db.delete("HD Ticket")
	desk = make_desk(levels=({"after_hours": 10}, {"target": "General Manager", "after_hours": 24}))
	desk.qa = make_user("QA Specialist")
	desk.head, desk.head_in_egypt, desk.other_head = (make_user("Department Manager") for _ in range(3))
	desk.mine = make_department(head=desk.head, country="Saudi Arabia")
	add_head(desk.mine, head=desk.head_in_egypt, country=EGYPT)
	desk.others = make_department(head=desk.other_head, all_countries=1, country=None)
	desk.category = make_category()
	riyadh = make_team(ch_department=desk.mine, ch_category=desk.category)
	cairo = make_team(ch_department=desk.mine, ch_country=EGYPT)
	apart = make_team(ch_department=desk.others, ch_country=EGYPT)
	desk.riyadh, desk.cairo, desk.apart = riyadh, cairo, apart
	Story(random.Random(7), (riyadh, cairo, apart), moment).live(days=10)
	for team in (riyadh, cairo, apart):
		make_ticket(group=team)
	return desk


def rows(user: str, **filters: object) -> list[dict]:
	return reading.rows(user, ticket_month.REPORT, **{"month": MONTH, **filters})


def parts(user: str, **filters: object) -> dict[str, dict]:
	return {row["drill"]["part"]: row for row in rows(user, **filters) if row.get("drill")}


def drilled(user: str, figure: str, part: str = words.ALL, **filters: object) -> list[str]:
	found = web.call(user, API, filters=frappe.as_json({"month": MONTH, **filters}), figure=figure, part=part)
	return found["names"]


def test_every_figure_has_as_many_records_behind_it(desk: frappe._dict) -> None:
	"""Policy: QA-12"""
	for by in ticket_places.NARROWING:
		for part, row in parts(desk.qa, by=by, month=MONTH).items():
			month = row["drill"]["month"]
			for figure in words.SHOWN:
				if figure in words.BEHIND:
					continue
				names = drilled(desk.qa, figure, part, by=by, month=month)
				assert len(names) == row[figure], (by, part, figure)


def test_the_lines_add_up_to_the_whole(desk: frappe._dict) -> None:
	for by in ticket_places.NARROWING:
		whole, _last, _change, *lines = rows(desk.qa, by=by)
		for figure in ("received", "closed", "moved_in", "reopened", "escalated", "failed", OPEN):
			assert whole[figure] == sum(line[figure] for line in lines), (by, figure)
	assert whole["received"] and whole["closed"] and whole["escalated"]


def test_the_month_before_stands_beside(desk: frappe._dict) -> None:
	_whole, last, change, *_lines = rows(desk.qa)
	before, *_rest = rows(desk.qa, month=BEFORE)
	for figure in words.SHOWN:
		assert last[figure] == before[figure]
	assert change["received"] == rows(desk.qa)[0]["received"] - last["received"]
	assert len(drilled(desk.qa, "received", month=BEFORE)) == before["received"] > 0


def test_each_reader_counts_what_they_answer_for_and_no_more(desk: frappe._dict) -> None:
	"""Policy: CORE-13"""
	everything = parts(desk.qa, by="group")
	seen = {
		desk.head: {desk.riyadh},
		desk.head_in_egypt: {desk.cairo},
		desk.other_head: {desk.apart},
	}
	for user, groups in seen.items():
		found = parts(user, by="group")
		assert set(found) - {words.ALL} == groups
		(group,) = groups
		for figure in words.SHOWN:
			assert found[group][figure] == everything[group][figure] == rows(user, by="group")[0][figure]
		for other in {desk.riyadh, desk.cairo, desk.apart} - groups:
			assert drilled(user, "received", other, by="group") == []
			assert rows(user, by="group", group=other) == []
		own = {"reference_name": ("is", "set"), "name": ("in", drilled(user, "received"))}
		with as_user(user):
			assert len(frappe.get_list("Ticket Leg", own)) == everything[group]["received"]


def test_who_answers_for_nothing_reads_nothing(desk: frappe._dict) -> None:
	for user in (make_agent(), make_user("Tracing Officer"), make_user("System Manager")):
		with pytest.raises(frappe.PermissionError):
			rows(user)
		with pytest.raises(frappe.PermissionError):
			drilled(user, "received")
	without = make_user("Department Manager")
	assert rows(without) == []
	assert drilled(without, "received") == []


def test_a_hidden_group_is_no_line_for_who_is_not_to_know_it(desk: frappe._dict) -> None:
	"""Policy: TSM-12"""
	manager = make_user("Customer Service Manager")
	frappe.db.set_single_value("Core Helpdesk Settings", "customer_service_manager", manager)
	frappe.db.set_value("HD Team", desk.cairo, "ch_hidden", 1)
	frappe.clear_document_cache("HD Team", desk.cairo)
	everything, found = parts(desk.qa, by="group"), parts(manager, by="group")
	assert desk.cairo in everything
	assert desk.cairo not in found
	assert found[""]["received"] == everything[desk.cairo]["received"]
	assert drilled(manager, "received", desk.cairo, by="group") == []
	for by in ticket_places.NARROWING:
		assert rows(manager, by=by, group=desk.cairo) == []
		assert drilled(manager, "received", by=by, group=desk.cairo) == []


def test_it_is_narrowed_by_what_a_group_is(desk: frappe._dict) -> None:
	by_category = parts(desk.qa, by="group_category")
	only = rows(desk.qa, group_category=desk.category)[0]
	assert only["received"] == by_category[desk.category]["received"] > 0
	both = rows(desk.qa, department=desk.mine, country=EGYPT)[0]
	assert both["received"] == parts(desk.qa, by="group")[desk.cairo]["received"]


@pytest.mark.parametrize(
	"filters",
	[
		{"month": "2026-13"},
		{"month": "2199-01"},
		{"month": ["2026-04"]},
		{"by": "owner"},
		{"by": {"a": 1}},
		{"department": "' or 1=1 --"},
		{"group": ["in", ["x"]]},
	],
	ids=str,
)
def test_odd_filters_neither_fail_nor_open_anything(desk: frappe._dict, filters: dict) -> None:
	whole = rows(desk.head, **filters)
	allowed = {row["received"] for month in (MONTH, BEFORE) for row in rows(desk.head, month=month)[:1]}
	assert not whole or whole[0]["received"] in allowed


def test_what_is_no_figure_is_refused_in_words(desk: frappe._dict) -> None:
	for figure in ("owner", "part", "counts"):
		with pytest.raises(frappe.ValidationError, match="There is no such figure"):
			drilled(desk.qa, figure)
	with pytest.raises(frappe.ValidationError, match="There is no such figure"):
		web.call(desk.qa, API, filters="[]", figure="received", part="All")


def test_every_figure_says_what_it_counts(desk: frappe._dict) -> None:
	with as_user(desk.qa):
		columns = ticket_month.run({"month": MONTH}).columns
	assert all(column["help"] for column in columns if column["fieldname"] != "part")
