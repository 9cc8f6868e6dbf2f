"""The report Group Requests: each figure worked out by hand from the stays that were told."""

from __future__ import annotations

import frappe
import pytest

from core_helpdesk.governance import request_kinds as kinds
from core_helpdesk.setup import workflows as flow
from tests.site import report_reading as reading
from tests.site import request_desk as desks
from tests.site.report_reading import REQUESTS, cells
from tests.site.request_desk import AE, SA, Desk

WHOLE = "From Submission to the End"
FIGURES = (
	"state",
	"requests",
	"median",
	"mean",
	"longest",
	"waiting",
	"waiting_longest",
	"overdue",
	"rejected",
)
DAY = "2026-03-{0:02d} 09:00:00"


@pytest.fixture
def desk() -> Desk:
	return desks.open_desk()


def told(desk: Desk, *stays: tuple[str, float], kind: str = kinds.CHANGE_GROUP, **values: object) -> str:
	"""A request that was in these states for so many hours each, from the second of March on; the last one lasts."""
	request = desks.make_request(desk, kind, **values)
	frappe.db.delete("Group Request State", {"parent": request.name})
	at = frappe.utils.get_datetime(DAY.format(2))
	for number, (state, hours) in enumerate(stays, start=1):
		is_last = number == len(stays)
		left = None if is_last else frappe.utils.add_to_date(at, hours=hours)
		row = {
			"doctype": "Group Request State",
			"parent": request.name,
			"parenttype": "Group Request",
			"parentfield": "states",
			"idx": number,
			"state": state,
			"entered_at": at,
			"left_at": left,
			"by": desk.head,
		}
		frappe.get_doc(row).db_insert()
		at = left
	values = {"workflow_state": stays[-1][0], "requested_on": DAY.format(2)}
	frappe.db.set_value("Group Request", request.name, values)
	return request.name


def figures(desk: Desk, user: str = "", **filters: object) -> list[tuple]:
	return cells(reading.rows(user or desk.qa, REQUESTS, **filters), "part", *FIGURES)


def test_stays_are_counted_by_kind_and_state(desk: Desk) -> None:
	told(desk, (flow.DRAFT, 1), (flow.REVIEW, 10), (flow.APPROVED, 2), (flow.IMPLEMENTED, 0))
	told(desk, (flow.DRAFT, 3), (flow.REVIEW, 30), (flow.REJECTED, 0))
	told(
		desk,
		(flow.DRAFT, 2),
		(flow.REVIEW, 5),
		(flow.NEEDS_INFORMATION, 40),
		(flow.REVIEW, 5),
		(flow.APPROVED, 4),
		(flow.IMPLEMENTED, 0),
	)
	kind = kinds.CHANGE_GROUP
	assert figures(desk) == [
		(kind, WHOLE, 3, 30.0, 32.0, 54.0, 0, None, 0, 33.3),
		(kind, flow.DRAFT, 3, 2.0, 2.0, 3.0, 0, None, 0, None),
		(kind, flow.REVIEW, 3, 7.5, 12.5, 30.0, 0, None, 0, None),
		(kind, flow.NEEDS_INFORMATION, 1, 40.0, 40.0, 40.0, 0, None, 0, None),
		(kind, flow.APPROVED, 2, 3.0, 3.0, 4.0, 0, None, 0, None),
		(kind, flow.IMPLEMENTED, 2, None, None, None, 0, None, 0, None),
		(kind, flow.REJECTED, 1, None, None, None, 0, None, 0, None),
	]


def test_what_waits_is_counted_with_how_long_and_whether_too_long(desk: Desk) -> None:
	now = frappe.utils.now_datetime()
	for hours in (2, 24 * 20):
		name = told(desk, (flow.DRAFT, 1), (flow.REVIEW, 0))
		since = frappe.utils.add_to_date(now, hours=-hours)
		frappe.db.set_value(
			"Group Request State", {"parent": name, "state": flow.REVIEW}, "entered_at", since
		)
	whole, _draft, review = figures(desk)
	assert review[:3] == (kinds.CHANGE_GROUP, flow.REVIEW, 2)
	assert review[3:6] == (None, None, None)
	assert (review[6], review[8]) == (2, 1)
	assert 480 <= review[7] < 480.1
	assert (whole[6], whole[8]) == (2, 1)


def test_a_draft_waits_for_nobody(desk: Desk) -> None:
	told(desk, (flow.DRAFT, 0))
	assert [row[6:9] for row in figures(desk)] == [(0, None, 0), (0, None, 0)]


def test_members_added_at_once_took_no_time(desk: Desk) -> None:
	told(desk, (flow.DRAFT, 5), (flow.IMPLEMENTED, 0), kind=kinds.ADD_MEMBERS)
	(whole, *_states) = figures(desk, kind=kinds.ADD_MEMBERS)
	assert whole == (kinds.ADD_MEMBERS, WHOLE, 1, 0.0, 0.0, 0.0, 0, None, 0, 0.0)


def test_a_draft_that_was_given_up_is_no_turnaround_and_no_decision(desk: Desk) -> None:
	told(desk, (flow.DRAFT, 5), (flow.WITHDRAWN, 0))
	(whole, *_states) = figures(desk)
	assert whole[3:6] == (None, None, None)
	assert whole[-1] is None


def test_requests_are_counted_by_department_and_by_country_as_well(desk: Desk) -> None:
	told(desk, (flow.DRAFT, 1), (flow.REVIEW, 0))
	told(desk, (flow.DRAFT, 1), (flow.REVIEW, 0), kind=kinds.DEVIATION)
	by = {name: [row[:3] for row in figures(desk, by=name)] for name in ("Department", "Country")}
	assert by["Department"] == [
		(desk.department, WHOLE, 2),
		(desk.department, flow.DRAFT, 2),
		(desk.department, flow.REVIEW, 2),
	]
	assert [row for row in by["Country"] if row[1] == WHOLE] == [(SA, WHOLE, 1), (AE, WHOLE, 1)]


def test_a_period_includes_both_its_days(desk: Desk) -> None:
	told(desk, (flow.DRAFT, 1))
	for since, until, count in (
		("2026-03-02", "2026-03-02", 2),
		("2026-03-03", "", 0),
		("", "2026-03-01", 0),
		("2026-01-01", "2026-12-31", 2),
	):
		assert len(figures(desk, since=since, until=until)) == count


def test_each_reader_counts_the_requests_that_they_may_see(desk: Desk) -> None:
	told(desk, (flow.DRAFT, 1), (flow.REVIEW, 0))
	told(desk, (flow.DRAFT, 1), (flow.REVIEW, 0), kind=kinds.DEVIATION)
	counts = {}
	for name in ("qa", "manager", "general_manager", "head", "head_abroad", "other_head", "deputy"):
		found = figures(desk, desk.people()[name])
		counts[name] = sum(row[2] for row in found if row[1] == WHOLE)
	assert counts == {
		"qa": 2,
		"manager": 2,
		"general_manager": 2,
		"head": 1,
		"head_abroad": 1,
		"other_head": 0,
		"deputy": 0,
	}


def test_what_waits_leads_to_the_list_of_those_requests(desk: Desk) -> None:
	told(desk, (flow.DRAFT, 1), (flow.REVIEW, 0))
	(_whole, _draft, review) = reading.rows(desk.qa, REQUESTS)
	assert review["links"]["waiting"] == {
		"list": "Group Request",
		"where": {"workflow_state": flow.REVIEW, "kind": kinds.CHANGE_GROUP},
	}


def test_the_chart_shows_the_median_of_each_state_that_has_one(desk: Desk) -> None:
	told(desk, (flow.DRAFT, 1), (flow.REVIEW, 10), (flow.APPROVED, 2), (flow.IMPLEMENTED, 0))
	chart = reading.run(desk.qa, REQUESTS)["chart"]["data"]
	assert (chart["labels"], chart["datasets"][0]["values"]) == ([flow.REVIEW, flow.APPROVED], [10.0, 2.0])


def test_a_period_without_requests_says_so(desk: Desk) -> None:
	assert reading.run(desk.qa, REQUESTS)["message"] == "No request in this period that you may see."
	narrowed = reading.run(desk.qa, REQUESTS, kind="New Group")["message"]
	assert narrowed == "Nothing that you may see matches these filters."
