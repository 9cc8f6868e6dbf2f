"""Weekly Performance: what escalated in a week, and what the departments and TSM made of it."""

from __future__ import annotations

from statistics import median_low
from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk.domain.ticket_measures import OPEN
from core_helpdesk.escalations import actions
from core_helpdesk.mail.language import speaking
from core_helpdesk.reports import escalation_words as words
from core_helpdesk.reports import weekly_performance
from core_helpdesk.reports.ticket_words import ALL
from tests.site import report_desk, web
from tests.site import report_reading as reading
from tests.site.factories import as_user, make_agent, make_user
from tests.site.report_desk import MONTH_END, WEEK, Span
from tests.site.test_department_escalations import by_hand
from tests.site.test_documents_machine import engine_makes

if TYPE_CHECKING:
	from collections.abc import Iterator

	from tests.site.moments import Moment
	from tests.site.report_desk import Opened

REPORT = weekly_performance.REPORT
BY = ("department", "country", "owner")
ACTS = ("Acknowledged", "Head Contacted", "Note", "Mail", "Solved", "Failed", "Handed Back")


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


@pytest.fixture
def moment(opened: Opened) -> Moment:
	return opened.moment


def parts(user: str, **filters: object) -> dict[str, dict]:
	return report_desk.parts(user, REPORT, **filters)


def drilled(user: str, figure: str, part: str = ALL, **filters: object) -> list[str]:
	return report_desk.drilled(user, REPORT, figure, part, **filters)


def followed_by_hand(span: Span) -> dict[str, object]:
	"""Times and follow-up of all escalations, read off the records."""
	rows = frappe.get_all("Ticket Escalation", {"level": 1}, ["*"])
	confirmed = []
	for row in rows:
		copy = {"parent": row.name, "user": row.head, "confirmed_on": ("is", "set")}
		for on in frappe.get_all("Escalation Recipient", copy, pluck="confirmed_on"):
			if span.holds(row.escalated_at) and on < span.end:
				confirmed.append((on - row.escalated_at).total_seconds())
	solved = [
		(row.outcome_on - row.escalated_at).total_seconds()
		for row in rows
		if row.status in ("Solved", "Closed with Ticket") and span.holds(row.outcome_on)
	]
	return {
		"neglected": sum(map(_is_neglected, frappe.get_all("Ticket Escalation", pluck="name"), [span] * 999)),
		"confirm_median": round(median_low(confirmed) / 3600, 1) if confirmed else None,
		"solve_median": round(median_low(solved) / 3600, 1) if solved else None,
	}


def _is_neglected(name: str, span: Span) -> bool:
	document = frappe.get_doc("Ticket Escalation", name)
	done = [row for row in document.follow_up if row.kind in ACTS]
	over = None if document.status in report_desk.OPEN else document.outcome_on
	for number, row in enumerate(done):
		due = row.next_action_at
		in_time = any(later.at <= due for later in done[number + 1 :]) if due else True
		if due and span.holds(due) and not in_time and not (over and over <= due):
			return True
	return False


def test_the_last_full_week_by_the_settings(desk: frappe._dict, moment: Moment) -> None:
	"""Policy: TSM-14"""
	assert parts(desk.qa) == parts(desk.qa, **WEEK)
	assert web.call(desk.qa, "core_helpdesk.report_api.last_week") == WEEK
	frappe.db.set_single_value("Core Helpdesk Settings", "weekly_report_day", "Monday")
	assert web.call(desk.qa, "core_helpdesk.report_api.last_week") == {
		"since": "2026-03-30",
		"until": "2026-04-05",
	}
	with pytest.raises(frappe.PermissionError):
		web.call(make_agent(), "core_helpdesk.report_api.last_week")


def test_every_figure_is_what_the_records_say(desk: frappe._dict) -> None:
	everything = {desk.riyadh, desk.cairo, desk.apart}
	seen: dict[str, object] = {}
	for days in (WEEK, MONTH_END, {"since": "2026-03-30", "until": "2026-04-12"}):
		span, found = Span(**days), parts(desk.tsm[0], **days)[ALL]
		expected = {**by_hand(everything, span), **followed_by_hand(span)}
		expected.pop("handed_back")
		assert {name: found[name] for name in expected} == expected, days
		seen |= {name: value for name, value in expected.items() if value}
	assert set(seen) == set(expected)


def test_every_figure_has_as_many_records_behind_it(desk: frappe._dict) -> None:
	for by in BY:
		for row in reading.rows(desk.tsm[0], REPORT, by=by):
			asked = dict(row.get("drill") or {})
			part = asked.pop("part", None)
			for figure in weekly_performance.SHOWN if part is not None else ():
				if figure not in words.BEHIND:
					names = drilled(desk.tsm[0], figure, part, by=by, **asked)
					assert len(set(names)) == row[figure], (by, part, figure)


def test_lines_add_up_beside_the_week_before(desk: frappe._dict) -> None:
	counts = [name for name in weekly_performance.SHOWN if name not in words.BEHIND]
	for by in BY:
		whole, last, _change, *lines = reading.rows(desk.qa, REPORT, by=by)
		for figure in counts:
			assert whole[figure] == sum(line[figure] for line in lines), (by, figure)
	before = parts(desk.qa, since="2026-03-29", until="2026-04-04")[ALL]
	assert {name: last[name] for name in weekly_performance.SHOWN} == {
		name: before[name] for name in weekly_performance.SHOWN
	}


def test_the_chart_shows_eight_weeks(desk: frappe._dict) -> None:
	answer = reading.run(desk.qa, REPORT)
	escalated, in_time, failed = (each["values"] for each in answer["chart"]["data"]["datasets"])
	whole, last, *_rest = answer["result"]
	assert [len(escalated), escalated[-2:], in_time[-1], failed[-1]] == [
		8,
		[last["escalated"], whole["escalated"]],
		whole["in_time"],
		whole["failed"],
	]
	assert not any(escalated[:-2])


def test_it_says_who_of_tsm_has_how_many(desk: frappe._dict, moment: Moment) -> None:
	"""Policy: TSM-14"""
	found = parts(desk.qa, by="owner")
	found.pop(ALL)
	span, rows = Span(**WEEK), frappe.get_all("Ticket Escalation", fields=["*"])
	for owner, row in found.items():
		assert row["escalated"] == sum(
			(each.tsm_owner or "", each.target) == (owner, "Ticketing System Management")
			and span.holds(each.escalated_at)
			for each in rows
		)
	assert set(found) <= {*desk.tsm, ""}
	message = reading.run(desk.qa, REPORT)["message"]
	for owner, row in found.items():
		name = frappe.db.get_value("User", owner, "full_name") if owner else "Nobody"
		assert (f"{name}\u2069 ({row[OPEN]})" in message) is bool(row[OPEN])


def test_a_next_action_that_is_done_in_time_is_not_neglected(desk: frappe._dict, moment: Moment) -> None:
	"""Policy: TSM-07"""
	name = frappe.get_all("Ticket Escalation", {"status": ("in", report_desk.OPEN)}, pluck="name", limit=1)[0]
	today = {"since": "2026-04-12", "until": "2026-04-12"}
	with as_user(desk.tsm[0]):
		actions.contacted(name, desk.head, "Phone", "Called", moment.now, "2026-04-12 10:00:00")
		moment.set("2026-04-12 09:59")
		assert name not in drilled(desk.tsm[0], "neglected", **today)
		moment.set("2026-04-12 10:30")
		assert name in drilled(desk.tsm[0], "neglected", **today)
	moment.set("2026-04-12 09:30")
	with as_user(desk.tsm[0]):
		actions.add_note(name, "Waits for the airline", moment.now)
	moment.set("2026-04-12 10:30")
	assert name not in drilled(desk.tsm[0], "neglected", **today)


def test_each_reader_counts_what_they_answer_for_and_no_more(desk: frappe._dict) -> None:
	"""Policy: CORE-13"""
	span = Span(**WEEK)
	names = {
		group: frappe.db.get_value("HD Team", group, "ch_department") for group in (desk.riyadh, desk.apart)
	}
	for user, groups in report_desk.readers_of(desk).items():
		whole = by_hand(groups, span)
		whole.pop("handed_back")
		found = parts(user)[ALL]
		assert {name: found[name] for name in whole} == whole, user
		own = drilled(user, "escalated")
		with as_user(user):
			assert (
				len(frappe.get_list("Ticket Escalation", {"name": ("in", own or [""])})) == whole["escalated"]
			)
		if desk.apart not in groups:
			assert names[desk.apart] not in reading.text_of(user, REPORT)
			assert drilled(user, "escalated", names[desk.apart]) == []
			assert not any(names[desk.apart] in line for line in reading.exported_rows(user, REPORT))


def test_others_read_nothing(desk: frappe._dict) -> None:
	for user in (make_agent(), make_user("Tracing Officer"), make_user("System Manager")):
		with pytest.raises(frappe.PermissionError):
			parts(user)
		with pytest.raises(frappe.PermissionError):
			drilled(user, "escalated")
	answer = reading.run(make_user("Department Manager"), REPORT)
	assert answer["result"] == []
	assert "You are not head" in answer["message"]
	assert not answer["report_summary"]


def test_a_week_without_any_says_so_and_counts_nothing(desk: frappe._dict) -> None:
	answer = reading.run(desk.qa, REPORT, since="2026-01-04", until="2026-01-10")
	assert answer["result"] == []
	assert "Nothing escalated, and nothing is open." in answer["message"]
	assert [each["value"] for each in answer["report_summary"]] == ["0"] * 6 + ["–"] * 2


def test_heads_say_in_arabic_what_they_count(desk: frappe._dict) -> None:
	for by in BY:
		with as_user(desk.qa), speaking("ar"):
			answer = weekly_performance.run({"by": by})
		assert not any(column["label"].isascii() for column in answer.columns)
		assert not any(column["help"].isascii() for column in answer.columns if "help" in column)


def test_who_has_reviewed_the_week_is_said_to_who_sees_the_whole(desk: frappe._dict) -> None:
	"""Policy: TSM-14"""
	assert "Reviewed by" not in reading.run(desk.qa, REPORT, **WEEK)["message"]
	period = f"{WEEK['since']}..{WEEK['until']}"
	done, waiting = make_agent(), make_agent()
	for recipient, state in ((done, "Acknowledged"), (waiting, "Sent")):
		about = {"report": REPORT, "period_key": period, "recipient": recipient, "state": state}
		engine_makes("Report Delivery", **about)
	message = reading.run(desk.tsm[0], REPORT, **WEEK)["message"]
	assert "Reviewed by 1 of 2." in message
	assert frappe.db.get_value("User", waiting, "full_name") in message
	assert "Reviewed by" not in reading.run(desk.head, REPORT, **WEEK)["message"]
	# A mail stands as it is for ever, under a title with its days.
	with as_user(desk.tsm[0]):
		mailed = weekly_performance.run(WEEK).message
	assert "Still open with" in mailed
	assert "Reviewed by" not in mailed and "2026" not in mailed
	compared, rest = mailed.split(".", 1)
	assert compared == "Beside as many days before"
	assert "2026" in message.partition(", beside as many days before.")[0] and rest in message
