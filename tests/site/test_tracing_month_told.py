"""What the tracing month tells apart and tells people: another owner's clock, exceptions, payments, and whose turn it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk.domain.closing import Closing
from core_helpdesk.reports import tracing_month as report
from core_helpdesk.tracing import month_making, month_reminders, month_words
from tests.site import mail_reading, web
from tests.site import report_reading as reading
from tests.site.courier import make_outgoing_account
from tests.site.factories import as_user, make_agent, make_user, switch_mode
from tests.site.tracing_desk import make_tracing_desk, set_tracing
from tests.site.tracing_months import BEFORE, MONTH, REPORT, at, busy_month, past_case, past_claim

if TYPE_CHECKING:
	from collections.abc import Iterator

API = "core_helpdesk.month_api"
DOCTYPE = "Tracing Month"
MADE_ON = "2026-04-01 03:00"
OWNER = "Postal Regulator"
SECOND_CLOCK = ("late_for_regulator", "late_for_regulator_median", "overdue_for_regulator")


@pytest.fixture
def desk() -> frappe._dict:
	desk = make_tracing_desk()
	make_outgoing_account()
	desk.qa = make_user("QA Specialist")
	desk.manager = make_user("Customer Service Manager")
	frappe.db.set_single_value("Core Helpdesk Settings", "customer_service_manager", desk.manager)
	return desk


@pytest.fixture
def regulated(desk: frappe._dict) -> Iterator[dict]:
	set_tracing(regulator=OWNER, regulator_days=5)
	yield busy_month(desk)


@pytest.fixture
def cases(desk: frappe._dict) -> dict:
	return busy_month(desk)


def rows(user: str, **filters: object) -> list[dict]:
	return reading.rows(user, REPORT, **{"month": MONTH, **filters})


def total(user: str, **filters: object) -> dict:
	return rows(user, **filters)[0]


def drilled(user: str, figure: str) -> list[str]:
	return web.call(user, f"{API}.cases", figure=figure, part=month_words.ALL, month=MONTH)["names"]


def made(month: str = MONTH) -> str:
	return month_making.make(month, at(MADE_ON)).name


def shown(user: str) -> dict:
	return web.get(user, f"{web.METHOD}/{API}.shown", month=MONTH)


def notices_to(user: str, text: str) -> list[str]:
	wanted = {"for_user": user, "document_type": DOCTYPE, "subject": ("like", f"%{text}%")}
	return frappe.get_all("Notification Log", wanted, pluck="document_name")


# --- The second clock


def test_the_second_clock_is_reported_apart(desk: frappe._dict, regulated: dict) -> None:
	found = total(desk.supervisor)
	assert {name: found[name] for name in SECOND_CLOCK} == dict(zip(SECOND_CLOCK, (3, 2, 1), strict=True))
	assert found["late"] == 1
	late = sorted(regulated[which].name for which in ("late", "silent", "abroad"))
	assert drilled(desk.supervisor, "late_for_regulator") == late
	assert drilled(desk.supervisor, "overdue_for_regulator") == [regulated["inbound"].name]


def test_a_frozen_month_and_its_letter_tell_the_second_clock(desk: frappe._dict, regulated: dict) -> None:
	made()
	told = shown(desk.supervisor)
	lines = {line["label"]: line["this"] for line in told["lines"]}
	assert lines[f"Late for {OWNER}"] == "3"
	assert lines[f"Days Late for {OWNER} (Median)"] == "2"
	assert lines[f"Overdue for {OWNER} at Month End"] == "1"
	by_country = next(table for table in told["tables"] if table["by"] == "Country")
	assert {f"Late for {OWNER}", f"Overdue for {OWNER} at Month End"} <= set(by_country["columns"])
	web.call(desk.supervisor, f"{API}.send", month=MONTH)
	queue = frappe.get_all("Email Queue Recipient", {"recipient": desk.qa}, pluck="parent")[-1]
	text = mail_reading.plain_text(frappe.db.get_value("Email Queue", queue, "message"))
	assert f"Overdue for {OWNER} at Month End: 1" in text


def test_without_a_second_clock_nothing_is_said_of_one(desk: frappe._dict, cases: dict) -> None:
	assert not set(SECOND_CLOCK) & set(total(desk.supervisor))
	made()
	set_tracing(regulator=OWNER, regulator_days=5)
	assert not [line for line in shown(desk.supervisor)["lines"] if OWNER in line["label"]]


# --- Closings


def test_exceptions_and_what_went_away_are_told_apart(desk: frappe._dict, cases: dict) -> None:
	before = total(desk.supervisor)
	ended = {"opened": "2026-03-03 09:00", "closed": "2026-03-05 09:00"}
	gone = [past_case(desk, **ended, closing=closing).name for closing in ("Merged", "Deleted")]
	past = past_case(desk, **ended, closing="Closed Past the Rules")
	found = total(desk.supervisor)
	counted = {"by_override": 1, "unconfirmed": 1, "past_the_rules": 1, "merged_or_deleted": 2}
	assert {name: found[name] for name in counted} == counted
	assert (found["opened"], found["closed"]) == (before["opened"] + 3, before["closed"] + 1)
	assert (found["within"], found["late"], found["within_share"]) == (4, 1, 80)
	assert (found["answer_none"], found["satisfaction"]) == (1, 40)
	assert drilled(desk.supervisor, "by_override") == [cases["abroad"].name]
	assert drilled(desk.supervisor, "unconfirmed") == [cases["silent"].name]
	assert drilled(desk.supervisor, "past_the_rules") == [past.name]
	assert drilled(desk.supervisor, "merged_or_deleted") == sorted(gone)
	labels = {line["label"] for line in (made() and shown(desk.supervisor))["lines"]}
	assert {
		"Closed by Override",
		"Closed Unconfirmed",
		"Closed Past the Rules",
		"Merged or Deleted",
	} <= labels


def test_every_way_to_close_is_known_to_the_figures(desk: frappe._dict) -> None:
	options = frappe.get_meta("Tracing Case").get_field("closing").options.split("\n")
	assert options == [closing.value for closing in Closing]


def test_the_heads_say_what_is_counted(desk: frappe._dict, cases: dict) -> None:
	helps = {each["fieldname"]: each["help"] for each in reading.run(desk.qa, REPORT, month=MONTH)["columns"]}
	for name in (
		"closed",
		"by_override",
		"unconfirmed",
		"past_the_rules",
		"merged_or_deleted",
		"satisfaction",
	):
		assert helps[name]


# --- Payments


def test_a_payment_is_of_the_month_in_which_it_was_recorded(desk: frappe._dict, cases: dict) -> None:
	paid = {"state": "Paid", "approved_on": "2026-02-04 10:00:00"}
	recorded = {"paid_on": "2026-02-26", "paid_recorded_on": "2026-03-02 10:00:00"}
	past_claim(cases["early"], made="2026-02-03 09:00", amount=70, **paid, **recorded)
	assert total(desk.supervisor)["claims_paid"] == "1 (70.00 SAR)"
	assert drilled(desk.supervisor, "claims_paid") == [cases["early"].name]
	assert total(desk.supervisor, month=BEFORE)["claims_paid"] == ""
	assert total(desk.supervisor, month=BEFORE)["claims_approved"] == "1 (70.00 SAR)"
	# It was closed before: nothing else of it is of this month.
	assert cases["early"].name not in drilled(desk.supervisor, "closed")


# --- The month before


@pytest.fixture
def months_counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
	counted, count = [], report.count

	def noted(wanted: report.Wanted, month: str) -> object:
		counted.append(month)
		return count(wanted, month)

	monkeypatch.setattr(report, "count", noted)
	return counted


def test_the_month_before_is_read_as_it_was_frozen(
	desk: frappe._dict, regulated: dict, months_counted: list[str]
) -> None:
	past_claim(
		regulated["early"],
		made="2026-02-03 09:00",
		amount=7,
		state="Refused",
		refused_on="2026-02-20 09:00:00",
	)
	live = {by: rows(desk.supervisor, by=by) for by in ("Country", "Leg Team")}
	assert months_counted == [MONTH, BEFORE] * 2
	made(BEFORE)
	months_counted.clear()
	assert {by: rows(desk.supervisor, by=by) for by in live} == live
	assert live["Country"][1]["claims_refused"] == "1 (7.00 SAR)"
	assert months_counted == [MONTH] * 2


def test_who_sees_less_or_asks_for_less_counts_the_month_before(
	desk: frappe._dict, cases: dict, months_counted: list[str]
) -> None:
	made(BEFORE)
	rows(desk.officer)
	rows(desk.supervisor, nature="Claim")
	frappe.permissions.add_user_permission("Country", "Saudi Arabia", desk.manager, ignore_permissions=True)
	rows(desk.manager)
	assert months_counted == [MONTH, BEFORE] * 3


def test_what_an_earlier_version_froze_is_counted_anew(
	desk: frappe._dict, cases: dict, months_counted: list[str]
) -> None:
	frozen = frappe.parse_json(frappe.db.get_value(DOCTYPE, made(BEFORE), "figures"))
	del frozen["total"]["by_override"]
	frappe.db.set_value(DOCTYPE, BEFORE, "figures", frappe.as_json(frozen))
	assert rows(desk.supervisor)[1]["by_override"] == 1
	assert months_counted == [MONTH, BEFORE]


def test_the_cases_of_a_month_are_found_by_a_key(desk: frappe._dict) -> None:
	assert frappe.db.has_index("tabTracing Cycle", "ch_tracing_cycle_month")


# --- Whose turn it is


def test_officers_hear_of_a_month_once_it_is_sent(desk: frappe._dict, cases: dict) -> None:
	made()
	assert not notices_to(desk.officer, "review")
	web.call(desk.supervisor, f"{API}.send", month=MONTH)
	for officer in desk.officers.values():
		assert notices_to(officer, "waits for your review") == [MONTH]
	assert not notices_to(make_agent(), "review")


def test_the_month_says_who_has_not_reviewed_it(desk: frappe._dict, cases: dict) -> None:
	made()
	officers = {frappe.utils.get_fullname(user): user for user in desk.officers.values()}
	assert set(officers) <= set(shown(desk.supervisor)["not_reviewed"])
	web.call(desk.officer, f"{API}.review", month=MONTH, note="")
	left = shown(desk.supervisor)["not_reviewed"]
	assert frappe.utils.get_fullname(desk.officer) not in left
	assert len(left) >= len(officers) - 1


def test_supervisors_are_reminded_of_months_that_nobody_sent(desk: frappe._dict, cases: dict) -> None:
	set_tracing(month_reminder_days=3)
	made(BEFORE), made()
	text = "still not sent: February 2026, March 2026"
	# Wednesday: Thursday, Sunday and Monday are the three days.
	assert month_reminders.remind(at("2026-04-06 09:00")) == []
	assert month_reminders.remind(at("2026-04-07 09:00")) == [BEFORE, MONTH]
	assert notices_to(desk.supervisor, text) == [BEFORE]
	assert not notices_to(desk.officer, "still not sent")
	assert month_reminders.remind(at("2026-04-08 09:00")) == []
	assert month_reminders.remind(at("2026-04-14 09:00")) == [BEFORE, MONTH]


def test_nobody_is_reminded_of_what_was_sent_or_cannot_be(desk: frappe._dict, cases: dict) -> None:
	set_tracing(month_reminder_days=3)
	made()
	later = at("2026-04-20 09:00")
	switch_mode("Observe")
	assert month_reminders.remind(later) == []
	switch_mode("Live")
	set_tracing(month_reminder_days=0)
	assert month_reminders.remind(later) == []
	set_tracing(month_reminder_days=3)
	web.call(desk.supervisor, f"{API}.send", month=MONTH)
	assert month_reminders.remind(later) == []


def test_the_workspace_shows_months_that_wait(desk: frappe._dict) -> None:
	with as_user(desk.supervisor):
		shortcut = frappe.get_doc("Workspace", "Tracing").shortcuts[-1]
	assert (shortcut.link_to, frappe.parse_json(shortcut.stats_filter)) == (DOCTYPE, {"status": "Made"})
