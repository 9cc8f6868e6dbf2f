"""What changes late in a closed month is said of every figure, of every month, and no month is closed by two at once."""

from __future__ import annotations

import random

import frappe
import pytest

from core_helpdesk.domain.ticket_lines import total
from core_helpdesk.monthly import making
from core_helpdesk.reports import closed_months, department_performance, ticket_month
from core_helpdesk.setup import monthly_workflow as flow
from tests.site import monthly_desk as desks
from tests.site import report_reading as reading
from tests.site.at_once import DONE, at_once
from tests.site.factories import make_desk, make_user
from tests.site.moments import Moment, moment_from
from tests.site.test_ticket_export import Story

MARCH, TEN_HOURS = "2026-03", 36_000
SAID = "Corrections Since Closing"

moment = moment_from("2026-03-10 09:00")


@pytest.fixture
def desk(moment: Moment) -> frappe._dict:
	"""Tickets of a week of March in one group, some of which escalated."""
	frappe.db.delete("HD Ticket")
	desk = make_desk(levels=({"after_hours": 10}, {"target": "General Manager", "after_hours": 24}))
	desk.qa = make_user("QA Specialist")
	Story(random.Random(3), (desk.team,), moment).live(days=7)
	return desk


def close(moment: Moment, at: str = "2026-04-05 00:30") -> None:
	closed_months.close_over(moment.set(at))


def correction(user: str, report: str = ticket_month.REPORT, **filters: object) -> dict | None:
	rows = reading.rows(user, report, **(filters or {"month": MARCH}))
	return next((row for row in rows if row["part"] == SAID), None)


def all_took_longer(by: int = TEN_HOURS) -> None:
	"""Without one closing more or less."""
	for leg in frappe.get_all("Ticket Leg", {"ended_by": "Closed"}, ["name", "seconds_to_close"]):
		frappe.db.set_value("Ticket Leg", leg.name, "seconds_to_close", leg.seconds_to_close + by)


def one_was_kept_after_all() -> None:
	late = {"ended_by": "Closed", "kept": 0}
	name = frappe.get_all("Ticket Leg", late, pluck="name", order_by="name")[0]
	frappe.db.set_value("Ticket Leg", name, "kept", 1)


# --- Every figure


def test_times_that_change_late_are_a_correction(desk: frappe._dict, moment: Moment) -> None:
	"""Policy: QA-12, QA-M1"""
	close(moment)
	before = reading.rows(desk.qa, ticket_month.REPORT, month=MARCH)
	all_took_longer()
	assert closed_months.compare(moment.now) == [MARCH]
	found = correction(desk.qa)
	assert (found["time_median"], found["said"]["time_median"]) == (10.0, "+10")
	assert set(found["said"]) == {"time_median", "time_p90"} and found["closed"] is None
	rows = reading.rows(desk.qa, ticket_month.REPORT, month=MARCH)
	assert [row for row in rows if row["part"] != SAID] == before
	assert closed_months.compare(moment.now) == []


def test_the_share_within_the_standard_is_corrected_in_points(desk: frappe._dict, moment: Moment) -> None:
	"""Policy: QA-12, QA-M1, TSM-M1"""
	close(moment)
	then = total(closed_months.cells(MARCH, moment.now)).within_standard
	one_was_kept_after_all()
	assert closed_months.compare(moment.now) == [MARCH]
	found = correction(desk.qa)
	assert list(found["said"]) == ["within_standard"] and "pts" in found["said"]["within_standard"]
	live = total(closed_months.read(frappe.db.get_value("Ticket Month", {"month": MARCH}, "cells")))
	assert found["within_standard"] > 0 == then == live.within_standard


def test_other_reports_of_the_month_say_it_too(desk: frappe._dict, moment: Moment) -> None:
	"""Policy: QA-12, QA-16, QA-M1"""
	moment.set("2026-04-01 13:00")
	report = making.make(flow.QA_REPORT, MARCH, moment.now)
	before = desks.shown(desk.qa, report)
	assert not before["has_corrections"]
	all_took_longer()
	closed_months.compare(moment.set("2026-04-05 00:30"))
	after = desks.shown(desk.qa, report)
	assert {line["name"]: line["corrected"] for line in after["lines"] if line["corrected"]} == {
		"time_median": "+10",
		"time_p90": "+10",
	}
	assert after["has_corrections"] and "correction" in " ".join(after["summary"])
	days = {"since": "2026-03-01", "until": "2026-04-04"}
	found = correction(desk.qa, department_performance.REPORT, **days)
	assert found["said"] == {"time_median": "+10", "time_p90": "+10"}


def test_what_reads_the_same_makes_no_row(desk: frappe._dict, moment: Moment) -> None:
	close(moment)
	all_took_longer(by=1)
	assert closed_months.compare(moment.now) == [MARCH]
	assert closed_months.corrections(MARCH)
	assert correction(desk.qa) is None


# --- Every month


def test_what_changes_in_a_month_long_closed_is_found(desk: frappe._dict, moment: Moment) -> None:
	"""Policy: QA-12, QA-M1"""
	close(moment, "2026-09-02 12:00")
	assert frappe.db.count("Ticket Month") == 6
	all_took_longer()
	assert closed_months.compare(moment.now) == [MARCH]
	assert correction(desk.qa)["said"]["time_median"] == "+10"


def test_the_youngest_months_come_first_and_the_others_in_turn(
	desk: frappe._dict, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	close(moment, "2026-09-02 12:00")
	noted: list[str] = []
	monkeypatch.setattr(closed_months, "_noted", lambda month, _now: noted.append(month.month))
	youngest, others = ["2026-08", "2026-07", "2026-06"], ["2026-05", "2026-04", MARCH]

	def compared(seconds: float = 300) -> list[str]:
		noted.clear()
		closed_months.compare(moment.later(days=1), seconds)
		return list(noted)

	assert compared() == [*youngest, *others]
	frappe.db.set_value("Ticket Month", {"month": "2026-04"}, "compared_on", "2026-08-01 00:00")
	assert compared() == [*youngest, "2026-04", "2026-05", MARCH]
	assert compared(seconds=0) == youngest[:1]


def test_what_is_only_compared_is_no_change(desk: frappe._dict, moment: Moment) -> None:
	"""What is kept of a month elsewhere is counted anew only where something was written."""
	close(moment)
	before = closed_months.versions([MARCH])
	closed_months.compare(moment.later(days=1))
	assert closed_months.versions([MARCH]) == before
	assert frappe.db.get_value("Ticket Month", {"month": MARCH}, "compared_on")


# --- By one job alone


@pytest.mark.committed
def test_two_jobs_that_close_a_month_at_once_close_it_once(
	snapshot: object, desk: frappe._dict, moment: Moment
) -> None:
	"""Policy: QA-12"""
	now = moment.set("2026-06-02 12:00")
	frappe.db.commit()
	ended = at_once(
		lambda: closed_months.close_over(now),
		lambda: making.made(flow.ESCALATION_REPORT, MARCH, now),
	)
	assert ended == [DONE, DONE]
	closed = frappe.get_all("Ticket Month", pluck="month", order_by="month")
	# February is closed as the month before, in which nothing was counted yet, or not at all.
	assert [month for month in closed if month >= MARCH] == [MARCH, "2026-04", "2026-05"]
	report = frappe.get_doc("Monthly Report", making.name_of(flow.ESCALATION_REPORT, MARCH))
	wanted = making.escalated_places(closed_months.cells(MARCH, now))
	assert wanted and [(row.department or "", row.country or "") for row in report.outcomes] == wanted


def test_a_month_that_is_closed_already_stays_as_it_is(desk: frappe._dict, moment: Moment) -> None:
	assert closed_months.close(MARCH, moment.set("2026-04-05 00:30"))
	before = frappe.get_last_doc("Ticket Month").as_dict()
	all_took_longer()
	assert not closed_months.close(MARCH, moment.later(days=1))
	assert frappe.get_last_doc("Ticket Month").as_dict() == before
