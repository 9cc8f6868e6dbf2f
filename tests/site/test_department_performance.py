"""Department Performance: how departments handle tickets in any stretch of days, for whoever answers for them."""

from __future__ import annotations

from statistics import median_low
from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk.domain.ticket_measures import OPEN
from core_helpdesk.mail.language import speaking
from core_helpdesk.reports import department_performance, ticket_month
from core_helpdesk.reports import ticket_words as words
from tests.site import report_desk, web
from tests.site import report_reading as reading
from tests.site.factories import as_user, make_agent, make_user
from tests.site.report_desk import EGYPT, MONTH_END, STRETCHES, WEEK, Span

if TYPE_CHECKING:
	from collections.abc import Iterator

	from tests.site.report_desk import Opened

REPORT = department_performance.REPORT
BY = ("department", "country", "group", "group_category", "ticket_category")


@pytest.fixture(scope="module")
def opened(connection: None) -> Iterator[Opened]:
	yield from report_desk.opened()


@pytest.fixture(autouse=True)
def clean_site(opened: Opened) -> Iterator[None]:
	"""Undoes what the test wrote, all but the days that it reads."""
	yield from opened.undone()


@pytest.fixture
def desk(opened: Opened) -> frappe._dict:
	return opened.desk


def parts(user: str, **filters: object) -> dict[str, dict]:
	return report_desk.parts(user, REPORT, **{**WEEK, **filters})


def drilled(user: str, figure: str, part: str = words.ALL, **filters: object) -> list[str]:
	return report_desk.drilled(user, REPORT, figure, part, **{**WEEK, **filters})


def by_hand(groups: set[str], span: Span) -> dict[str, object]:
	"""The figures of these groups, read off the records' own moments."""
	legs = report_desk.groups_of(frappe.get_all("Ticket Leg", fields=["*"]), groups)
	escalations = report_desk.groups_of(frappe.get_all("Ticket Escalation", fields=["*"]), groups)
	came = [leg for leg in legs if span.holds(leg.entered_at)]
	went = [leg for leg in legs if leg.to_epoch and span.holds(leg.left_at)]
	closed = [leg for leg in went if leg.ended_by == "Closed"]
	raised = [row for row in escalations if span.holds(row.escalated_at)]
	due = [row for row in escalations if row.level == 1 and span.holds(row.answer_due_at)]
	failed = [
		row
		for row in due
		if row.status in (*report_desk.OPEN, "Failed") or row.outcome_on > row.answer_due_at
	]
	here = [leg for leg in legs if leg.entered_at < span.end]
	middle = median_low(sorted(leg.seconds_to_close for leg in closed)) if closed else None
	return {
		"received": sum(leg.began_by == "Received" for leg in came),
		"moved_in": sum(leg.began_by == "Moved In" for leg in came),
		"reopened": sum(leg.began_by == "Reopened" for leg in came),
		"closed": len(closed),
		"moved_out": sum(leg.ended_by == "Moved Out" for leg in went),
		OPEN: sum(span.ends_before(leg.left_at if leg.to_epoch else None) for leg in here),
		"escalated": sum(row.target == "Ticketing System Management" for row in raised),
		"to_general_manager": sum(row.target == "General Manager" for row in raised),
		"failed": len(failed),
		"solved_in_time": round(100 * (len(due) - len(failed)) / len(due), 1) if due else None,
		"time_median": round(middle / 3600, 1) if middle is not None else None,
	}


def figures(row: dict, like: dict) -> dict:
	return {name: row[name] for name in like}


def test_every_figure_is_what_the_records_say(desk: frappe._dict) -> None:
	"""Policy: QA-16"""
	everything = {desk.riyadh, desk.cairo, desk.apart, None}
	for days in STRETCHES:
		found, span = parts(desk.qa, by="group", **days), Span(**days)
		whole = by_hand(everything, span)
		assert figures(found[words.ALL], whole) == whole, days
		for group in (desk.riyadh, desk.cairo, desk.apart):
			expected = by_hand({group}, span)
			assert figures(found[group], expected) == expected, (days, group)
	assert whole


def test_the_days_see_everything_that_is_measured(desk: frappe._dict) -> None:
	whole = parts(desk.qa, since="2026-03-30", until="2026-04-12")[words.ALL]
	for figure in department_performance.SHOWN:
		assert whole[figure] if figure not in words.BEHIND else whole[figure] is not None, figure


def test_a_whole_month_is_that_of_the_monthly_report(desk: frappe._dict) -> None:
	of_month = reading.rows(desk.qa, ticket_month.REPORT, month="2026-03", by="group")
	of_days = reading.rows(desk.qa, REPORT, since="2026-03-01", until="2026-03-31", by="group")
	for mine, theirs in zip(of_days, of_month, strict=True):
		assert [mine[name] for name in department_performance.SHOWN] == [
			theirs[name] for name in department_performance.SHOWN
		]


def test_every_figure_has_as_many_records_behind_it(desk: frappe._dict) -> None:
	"""Policy: QA-16"""
	for days in (WEEK, MONTH_END):
		for by in BY:
			for row in reading.rows(desk.qa, REPORT, by=by, **days):
				if not row.get("drill"):
					continue
				asked = {**row["drill"], "by": by}
				part = asked.pop("part")
				for figure in department_performance.SHOWN:
					if figure not in words.BEHIND:
						names = drilled(desk.qa, figure, part, **asked)
						assert len(set(names)) == row[figure], (days, by, part, figure)


def test_the_lines_add_up_and_stand_beside_as_many_days_before(desk: frappe._dict) -> None:
	for by in BY:
		whole, last, change, *lines = reading.rows(desk.qa, REPORT, by=by, **WEEK)
		for figure in ("received", "closed", "moved_in", "reopened", "escalated", "failed", OPEN):
			assert whole[figure] == sum(line[figure] for line in lines), (by, figure)
	before = parts(desk.qa, since="2026-03-29", until="2026-04-04")[words.ALL]
	for figure in department_performance.SHOWN:
		assert last[figure] == before[figure], figure
	assert (last["part"], change["received"]) == ("Week Before", whole["received"] - last["received"])


@pytest.mark.parametrize(
	"days", [WEEK, {"since": "2026-03-01", "until": "2026-04-12"}], ids=("days", "weeks")
)
def test_the_chart_tells_the_same_over_time(desk: frappe._dict, days: dict) -> None:
	answer = reading.run(desk.qa, REPORT, **days)
	received, closed, escalated = (each["values"] for each in answer["chart"]["data"]["datasets"])
	whole = answer["result"][0]
	assert len(received) == 7
	assert [sum(received), sum(closed), sum(escalated)] == [
		whole["received"],
		whole["closed"],
		whole["escalated"],
	]


def test_each_reader_counts_what_they_answer_for_and_no_more(desk: frappe._dict) -> None:
	"""Policy: CORE-13"""
	everything = {desk.riyadh, desk.cairo, desk.apart}
	span = Span(**WEEK)
	for user, groups in report_desk.readers_of(desk).items():
		found = parts(user, by="group")
		assert set(found) - {words.ALL, ""} == groups, user
		if groups == everything:
			continue
		whole = by_hand(groups, span)
		assert figures(found[words.ALL], whole) == whole
		for other in everything - groups:
			assert drilled(user, "received", other, by="group") == []
			assert drilled(user, "closed", group=other) == []
			assert reading.rows(user, REPORT, group=other, **WEEK) == []
		own = drilled(user, OPEN)
		with as_user(user):
			assert len(frappe.get_list("Ticket Leg", {"name": ("in", own)})) == len(own) == whole[OPEN]
		for line in reading.exported_rows(user, REPORT, by="group", **WEEK):
			assert not (everything - groups).intersection(line)


def test_who_answers_for_nothing_reads_nothing(desk: frappe._dict) -> None:
	for user in (make_agent(), make_user("Tracing Officer"), make_user("System Manager")):
		with pytest.raises(frappe.PermissionError):
			parts(user)
		with pytest.raises(frappe.PermissionError):
			drilled(user, "received")
	without = make_user("Department Manager")
	answer = reading.run(without, REPORT, **WEEK)
	assert (answer["result"], answer["message"][:15]) == ([], "You are not hea")
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
	assert found[words.ALL]["received"] == everything[words.ALL]["received"]
	assert desk.cairo not in reading.text_of(manager, REPORT, by="group", **WEEK)
	assert drilled(manager, "received", desk.cairo, by="group") == []
	assert reading.rows(manager, REPORT, group=desk.cairo, **WEEK) == []


def test_it_is_narrowed_by_what_a_group_is(desk: frappe._dict) -> None:
	by_group = parts(desk.qa, by="group")
	only = parts(desk.qa, department=desk.mine, country=EGYPT)[words.ALL]
	assert figures(only, by_hand({desk.cairo}, Span(**WEEK))) == figures(
		by_group[desk.cairo], by_hand(set(), Span(**WEEK))
	)
	assert parts(desk.qa, group_category=desk.category)[words.ALL][OPEN] == by_group[desk.riyadh][OPEN]


@pytest.mark.parametrize(
	"filters",
	[
		{"since": "x"},
		{"until": ["2026-04-04"]},
		{"since": "2026-04-11", "until": "2026-04-05"},
		{"by": "owner"},
		{"since": ""},
	],
	ids=str,
)
def test_odd_filters_neither_fail_nor_open_anything(desk: frappe._dict, filters: dict) -> None:
	found = parts(desk.head, **{"by": "group", **filters})
	assert set(found) <= {words.ALL, desk.riyadh, desk.mine}


def test_more_days_than_a_year_are_refused_in_words(desk: frappe._dict) -> None:
	with pytest.raises(frappe.ValidationError, match="Choose 366 days or fewer"):
		parts(desk.qa, since="2025-01-01")
	with pytest.raises(frappe.ValidationError, match="There is no such figure"):
		drilled(desk.qa, "owner")
	for report, filters in (("QA Monthly Report", "{}"), (REPORT, "[]")):
		with pytest.raises(frappe.ValidationError, match="There is no such figure"):
			web.call(
				desk.qa,
				"core_helpdesk.report_api.records",
				report=report,
				filters=filters,
				figure="x",
				part="*",
			)


def test_heads_say_in_arabic_what_they_count(desk: frappe._dict) -> None:
	with as_user(desk.qa), speaking("ar"):
		answer = department_performance.run(WEEK)
	assert not any(column["label"].isascii() for column in answer.columns)
	assert not any(column["help"].isascii() for column in answer.columns if column["fieldname"] != "part")
	assert not any(figure["label"].isascii() for figure in answer.summary)
