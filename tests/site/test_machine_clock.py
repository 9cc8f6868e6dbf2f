"""A clock that is ahead makes nothing for good, and what it has made stands in nobody's way without a word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk import config, jobs, months
from core_helpdesk.escalations import findings, machine_clock
from core_helpdesk.monthly import making as monthly_making
from core_helpdesk.reports import closed_months
from core_helpdesk.sending import making
from core_helpdesk.setup import monthly_workflow
from tests.site import courier as couriers
from tests.site import monthly_desk, web
from tests.site import sending_desk as desk
from tests.site.factories import as_user
from tests.site.moments import Moment, moment_from
from tests.site.sending_desk import DAILY

if TYPE_CHECKING:
	from tests.site.courier import Courier

MORNING, NEXT = "2026-04-06 07:00", "2026-04-07 07:00"
FINDING = "Escalation Finding"

moment = moment_from(desk.SUNDAY)


@pytest.fixture
def courier(moment: Moment, monkeypatch: pytest.MonkeyPatch) -> Courier:
	desk.send_only(monkeypatch, DAILY)
	return desk.open_desk()


def made() -> list[str]:
	return [run.period_key for run in desk.runs(report=DAILY)]


def close(user: str, key: str) -> None:
	name = frappe.db.get_value(FINDING, {"subject_key": ("like", f"{key}%"), "state": "Open"})
	web.put(user, f"{web.RESOURCE}/{FINDING}/{name}", state="Closed")


def of_clock() -> list[str]:
	return [key for key in desk.open_gaps() if key.startswith("Clock:")]


def test_a_clock_that_is_far_ahead_makes_nothing_and_is_told(courier: Courier, moment: Moment) -> None:
	"""Policy: QA-12"""
	moment.set(MORNING)
	desk.tick()
	assert made() == ["2026-04-05"]
	moment.later(days=200)
	before = machine_clock.last_run()
	desk.tick()
	assert closed_months.close_over(moment.now) == [] and monthly_making.make_missing(moment.now) == []
	assert made() == ["2026-04-05"]
	assert len(of_clock()) == 1 and machine_clock.last_run() == before
	moment.set(NEXT)
	desk.tick()
	assert made() == ["2026-04-05", "2026-04-06"]
	assert not of_clock()


def test_after_a_long_standstill_a_person_says_that_the_clock_is_right(
	courier: Courier, moment: Moment
) -> None:
	"""Policy: QA-12"""
	moment.set(MORNING)
	desk.tick()
	moment.later(days=20)
	for _again in range(2):
		desk.tick()
	assert made() == ["2026-04-05"] and len(of_clock()) == 1
	close(courier.qa, "Clock:")
	desk.tick()
	assert len(made()) == 21 and not of_clock()
	assert machine_clock.last_run() == moment.now


def test_an_admin_who_says_so_is_a_person_too(courier: Courier, moment: Moment) -> None:
	moment.set(MORNING)
	desk.tick()
	moment.later(days=20)
	desk.tick()
	assert len(of_clock()) == 1
	close("Administrator", "Clock:")
	desk.tick()
	assert len(made()) == 21 and not of_clock()


def test_what_failed_is_not_given_up_by_a_clock_that_is_ahead(courier: Courier, moment: Moment) -> None:
	"""Policy: QA-12"""
	moment.set(MORNING)
	couriers.switch_outgoing_account(on=False)
	desk.tick()
	failed = desk.ledger(state="Failed")
	moment.later(days=30)
	desk.tick()
	assert failed and desk.ledger(state="Failed") == failed
	moment.set(MORNING)
	couriers.switch_outgoing_account(on=True)
	moment.later(minutes=65)
	desk.tick()
	assert not desk.ledger(state="Failed")
	assert len(desk.ledger(state="Queued")) == len(failed)


def test_a_week_without_a_scheduler_is_made_up_at_once(courier: Courier, moment: Moment) -> None:
	moment.set(MORNING)
	desk.tick()
	moment.later(days=6)
	desk.tick()
	assert len(made()) == 7 and not of_clock()


def test_a_clock_ahead_of_the_databases_makes_nothing_whoever_says_so(
	courier: Courier, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	now = moment.set(MORNING)
	monkeypatch.setattr(machine_clock, "of_database", lambda: now - 3 * 3600)
	desk.tick()
	assert not made() and len(of_clock()) == 1
	close(courier.qa, "Clock:")
	desk.tick()
	assert not made() and len(of_clock()) == 1
	monkeypatch.setattr(machine_clock, "of_database", lambda: now)
	desk.tick()
	assert made() and not of_clock()


def test_the_databases_clock_is_read() -> None:
	assert abs(machine_clock.of_database() - config.now_epoch()) < 60


def test_what_was_made_too_early_is_found_and_keeps_today_from_nobody(
	courier: Courier, moment: Moment
) -> None:
	"""As by a clock that was some days ahead."""
	moment.set("2026-04-09 07:00")
	making.make_due(moment.now)
	frappe.db.delete("Report Run", {"period_key": "2026-04-05"})
	moment.set(MORNING)
	desk.tick()
	assert made()[0] == "2026-04-05"
	assert desk.open_gaps() == [f"Made Early:{DAILY}:2026-04-08"]
	close(courier.qa, "Made Early:")
	desk.tick()
	assert not desk.open_gaps()


# --- Months


@pytest.fixture
def people(moment: Moment, monkeypatch: pytest.MonkeyPatch) -> frappe._dict:
	found = monthly_desk.make_monthly_desk(moment)
	couriers.set_settings(mode="Live", confirmed_host=config.this_host())
	# Their time is one, as that of most machines.
	monkeypatch.setattr(machine_clock, "of_database", lambda: moment.now)
	return found


def test_a_month_that_was_closed_too_early_is_opened_by_a_person(
	people: frappe._dict, moment: Moment
) -> None:
	"""Policy: QA-12, QA-M1"""
	moment.set("2026-05-05 13:00")
	assert closed_months.close_over(moment.now) == ["2026-03", "2026-04"]
	reports = monthly_making.make_missing(moment.now)
	assert [name for name in reports if name.endswith("2026-04")]
	# The clock was two weeks ahead.
	moment.set("2026-04-18 13:00")
	assert closed_months.close_over(moment.now) == []
	assert "Month:2026-04" in desk.open_gaps()
	assert closed_months.compare(moment.now) == []
	close(people.qa, "Month:")
	assert max(frappe.get_all("Ticket Month", pluck="month")) == "2026-03"
	assert not frappe.db.exists("Monthly Report", {"month": "2026-04"})
	assert frappe.db.exists("Monthly Report", {"month": "2026-03"})
	moment.set("2026-05-05 13:00")
	assert closed_months.close_over(moment.now) == ["2026-04"]
	assert [name for name in monthly_making.make_missing(moment.now) if name.endswith("2026-04")]


def test_what_people_have_read_of_a_month_is_not_taken_back(people: frappe._dict, moment: Moment) -> None:
	"""Policy: QA-12, QA-M1"""
	moment.set("2026-05-05 13:00")
	closed_months.close_over(moment.now)
	report = monthly_desk.make(monthly_workflow.QA_REPORT, "2026-04")
	monthly_desk.take(people.qa, report, monthly_workflow.SUBMIT)
	moment.set("2026-04-18 13:00")
	closed_months.close_over(moment.now)
	close(people.qa, "Month:")
	assert frappe.db.exists("Ticket Month", {"month": "2026-04"})
	assert frappe.db.exists("Monthly Report", report.name)
	closed_months.close_over(moment.now)
	assert "Month:2026-04" not in desk.open_gaps()


def test_a_month_of_tracing_that_was_made_too_early_is_made_again(
	people: frappe._dict, moment: Moment
) -> None:
	"""Policy: TRC-18, TRC-M1"""
	for month, status in (("2026-04", "Made"), ("2026-05", "Sent")):
		values = {"month": month, "status": status, "made_on": config.from_epoch(moment.now), "figures": "{}"}
		frappe.get_doc({"doctype": "Tracing Month", "name": month, **values}).db_insert()
	moment.set("2026-04-18 13:00")
	closed_months.close_over(moment.now)
	assert [key for key in desk.open_gaps() if key.startswith("Month:")] == ["Month:2026-04"]
	close(people.qa, "Month:")
	assert frappe.get_all("Tracing Month", pluck="name") == ["2026-05"]


def test_a_month_that_is_over_is_opened_by_nobody(people: frappe._dict, moment: Moment) -> None:
	moment.set("2026-04-02 13:00")
	closed_months.close_over(moment.now)
	before = frappe.get_all("Ticket Month", pluck="name")
	name = findings.report("Not Started", "any")
	key = {"kind": machine_clock.KIND, "subject_key": "Month:2026-03"}
	web.put(people.qa, f"{web.RESOURCE}/{FINDING}/{name}", **key)
	web.put(people.qa, f"{web.RESOURCE}/{FINDING}/{name}", state="Closed")
	assert frappe.get_all("Ticket Month", pluck="name") == before


def test_the_finding_of_a_month_ends_with_the_month(people: frappe._dict, moment: Moment) -> None:
	moment.set("2026-05-02 13:00")
	closed_months.close_over(moment.now)
	closed_months.close_over(moment.set("2026-04-30 13:00"))
	assert "Month:2026-04" in desk.open_gaps()
	closed_months.close_over(moment.set("2026-05-01 13:00"))
	assert "Month:2026-04" not in desk.open_gaps()
	assert months.last_closed(moment.now) == "2026-04"


def test_the_nights_job_asks_the_clock(people: frappe._dict, moment: Moment) -> None:
	couriers.set_settings(last_report_run=config.from_epoch(moment.now))
	moment.later(days=200)
	with as_user("Administrator"):
		jobs.ch_reconcile_all()
	assert not frappe.db.exists("Ticket Month", {"month": (">", "2026-04")})
	assert len(of_clock()) == 1
