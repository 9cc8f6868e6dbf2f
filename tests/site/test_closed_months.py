"""Months that are over stand as they were closed; what changes late is shown beside them."""

from __future__ import annotations

import random

import frappe
import pytest

from core_helpdesk import config, jobs, months
from core_helpdesk.domain import quality
from core_helpdesk.domain.ticket_lines import total
from core_helpdesk.patches.v1 import find_promised_by_category
from core_helpdesk.reports import closed_months, promise_reading, quality_counts, ticket_counts, ticket_month
from tests.site import report_reading as reading
from tests.site.factories import make_department, make_desk, make_team, make_ticket_type, make_user
from tests.site.moments import Moment, epoch, moment_from
from tests.site.test_ticket_export import Story

MARCH, APRIL = "2026-03", "2026-04"

moment = moment_from("2026-03-25 09:00")


@pytest.fixture
def desk(moment: Moment) -> frappe._dict:
	"""Tickets over the end of March, in groups of two departments."""
	frappe.db.delete("HD Ticket")
	desk = make_desk(levels=({"after_hours": 10}, {"target": "General Manager", "after_hours": 24}))
	desk.qa, desk.own_head = make_user("QA Specialist"), make_user("Department Manager")
	desk.own = make_department(head=desk.own_head)
	desk.team_of_own = make_team(ch_department=desk.own)
	Story(random.Random(3), (desk.team, desk.team_of_own), moment).live(days=10)
	return desk


def rows(user: str, month: str = MARCH, **filters: object) -> list[dict]:
	return reading.rows(user, ticket_month.REPORT, month=month, **filters)


def an_old_closing_is_found(desk: frappe._dict) -> None:
	"""As when the comparison of tickets finds one, days late."""
	ended = [["to_epoch", ">", 0], ["to_epoch", "<", epoch("2026-03-31")]]
	name = frappe.get_all("Ticket Leg", ended, pluck="name", order_by="to_epoch")[0]
	frappe.db.set_value("Ticket Leg", name, "to_epoch", epoch("2026-04-02 10:00"))


def test_a_month_is_closed_once_it_has_settled(desk: frappe._dict, moment: Moment) -> None:
	"""Policy: QA-12"""
	assert closed_months.close_over(epoch("2026-04-01 05:59")) == []
	assert closed_months.close_over(epoch("2026-04-01 06:00")) == [MARCH]
	assert closed_months.close_over(epoch("2026-04-20 00:00")) == []
	assert closed_months.close_over(epoch("2026-06-01 12:00")) == [APRIL, "2026-05"]


def test_a_night_closes_as_many_as_it_has_time_for(desk: frappe._dict, moment: Moment) -> None:
	june = epoch("2026-06-01 12:00")
	assert closed_months.close_over(june, seconds=0) == [MARCH]
	assert closed_months.close_over(june, seconds=0) == [APRIL]
	assert closed_months.close_over(june) == ["2026-05"]


def test_a_month_that_was_closed_stays_so_when_the_next_fails(
	desk: frappe._dict, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	count = quality_counts.count

	def failing(month: object) -> object:
		if month == months.window(APRIL):
			raise RuntimeError
		return count(month)

	monkeypatch.setattr(quality_counts, "count", failing)
	with pytest.raises(RuntimeError):
		closed_months.close_over(epoch("2026-06-01 12:00"))
	frappe.db.rollback()
	assert frappe.get_all("Ticket Month", pluck="month") == [MARCH]


def test_months_from_before_there_were_further_figures_are_given_theirs(
	desk: frappe._dict, moment: Moment
) -> None:
	"""Policy: QA-12"""
	june = moment.set("2026-06-01 12:00")
	closed_months.close_over(june)
	counted = {month: closed_months.kept(month, "quality") for month in (MARCH, APRIL)}
	assert all(counted.values())
	for month in counted:
		frappe.db.set_value("Ticket Month", {"month": month}, "quality", None)
	assert closed_months.close_over(june, seconds=0) == []
	assert closed_months.kept(APRIL, "quality") == counted[APRIL]
	assert closed_months.kept(MARCH, "quality") is None
	assert closed_months.close_over(june) == []
	assert closed_months.kept(MARCH, "quality") == counted[MARCH]


@pytest.mark.committed
def test_a_site_from_before_is_given_the_key() -> None:
	frappe.db.sql_ddl("alter table `tabTicket Leg` drop index `ch_leg_promised`")
	assert not frappe.db.has_index("tabTicket Leg", "ch_leg_promised")
	find_promised_by_category.execute()
	assert frappe.db.has_index("tabTicket Leg", "ch_leg_promised")


def test_the_night_closes_it(desk: frappe._dict, moment: Moment) -> None:
	moment.set("2026-04-05 00:30")
	jobs.ch_reconcile_all()
	assert frappe.get_all("Ticket Month", pluck="month") == [MARCH]


def test_nothing_is_closed_while_nothing_counts(desk: frappe._dict, moment: Moment) -> None:
	frappe.db.set_single_value("Core Helpdesk Settings", "mode", "Off")
	assert closed_months.close_over(epoch("2026-06-01 12:00")) == []


def test_a_closed_month_says_what_was_counted(desk: frappe._dict, moment: Moment) -> None:
	live, before = ticket_counts.cells(months.window(MARCH)), rows(desk.qa)
	closed_months.close_over(moment.set("2026-04-05 00:30"))
	assert closed_months.written(closed_months.cells(MARCH, moment.now)) == closed_months.written(live)
	assert total(live)["received"] > 0
	assert rows(desk.qa) == before
	assert "are final" in reading.run(desk.qa, ticket_month.REPORT, month=MARCH)["message"]


def test_what_changes_late_is_a_correction_and_changes_no_figure(desk: frappe._dict, moment: Moment) -> None:
	"""Policy: QA-12, QA-M1"""
	closed_months.close_over(moment.set("2026-04-05 00:30"))
	before = rows(desk.qa)
	assert closed_months.compare(moment.now) == []
	an_old_closing_is_found(desk)
	assert rows(desk.qa) == before
	assert closed_months.compare(moment.now) == [MARCH]
	assert closed_months.compare(moment.now) == []
	(correction,) = [row for row in rows(desk.qa) if row["part"] == "Corrections Since Closing"]
	assert correction["open"] == 1
	assert [
		row for row in rows(desk.qa) if row is not correction and row["part"] != correction["part"]
	] == before
	live = total(ticket_counts.cells(months.window(MARCH)))
	assert live["open"] == before[0]["open"] + 1


def test_promises_are_read_again_once_a_week_or_when_something_came_late(
	desk: frappe._dict, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	"""Policy: QA-12, QA-M1"""
	category = make_ticket_type()
	frappe.db.set_value("Ticket Leg", {"cycle": (">", 0)}, "ticket_category", category)
	closed_months.close_over(moment.set("2026-04-05 00:30"))
	read, decided = [], promise_reading.decided
	monkeypatch.setattr(promise_reading, "decided", lambda period: read.append(period) or decided(period))

	def compared(day: int) -> tuple[list[str], int]:
		read.clear()
		return closed_months.compare(moment.set(f"2026-04-{day:02} 00:30")), len(read)

	assert [compared(day) for day in (5, 6, 7)] == [([], 0), ([], 0), ([], 0)]
	# No ticket has changed, but all were inquiries.
	settings = frappe.get_doc(config.SETTINGS)
	settings.append("promised_categories", {"ticket_category": category, "kind": "Inquiry"})
	settings.save()
	assert [compared(day) for day in (8, 11, 12)] == [([], 0), ([], 0), ([MARCH], 1)]
	today = quality.read(closed_months.kept(MARCH, "quality_today"))
	assert quality.total(today).counts["inquiries_decided"] > 0
	assert compared(13) == ([], 0)
	assert quality.read(closed_months.kept(MARCH, "quality_today")) == today
	an_old_closing_is_found(desk)
	assert [compared(day) for day in (14, 15)] == [([MARCH], 1), ([], 0)]
	# A night in which nothing ran is made up in the next.
	assert [compared(day) for day in (20, 22, 23)] == [([], 0), ([], 1), ([], 0)]


def test_a_night_compares_as_many_as_it_has_time_for(
	desk: frappe._dict, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	closed_months.close_over(moment.set("2026-04-05 00:30"))
	closed_months.close_over(moment.set("2026-06-01 12:00"))
	noted = []
	monkeypatch.setattr(closed_months, "_noted", lambda kept, _now: noted.append(kept.month))
	for day, seconds, expected in (
		("2026-06-08 00:30", 600, ["2026-05", APRIL, MARCH]),
		("2026-06-08 00:30", 0, ["2026-05"]),
		# Nine weeks after it was closed.
		("2026-06-07 00:30", 600, [MARCH, "2026-05", APRIL]),
		("2026-06-07 00:30", 0, [MARCH]),
	):
		noted.clear()
		closed_months.compare(moment.set(day), seconds)
		assert noted == expected, day


def test_a_correction_that_is_put_right_goes(desk: frappe._dict, moment: Moment) -> None:
	closed_months.close_over(moment.set("2026-04-05 00:30"))
	legs = frappe.get_all("Ticket Leg", fields=["name", "to_epoch"])
	an_old_closing_is_found(desk)
	closed_months.compare(moment.now)
	for leg in legs:
		frappe.db.set_value("Ticket Leg", leg.name, "to_epoch", leg.to_epoch)
	assert closed_months.compare(moment.now) == [MARCH]
	assert closed_months.corrections(MARCH) == {}


def test_each_reader_has_their_part_of_a_closed_month(desk: frappe._dict, moment: Moment) -> None:
	"""Policy: CORE-13"""
	before = rows(desk.own_head, by="group")
	closed_months.close_over(moment.set("2026-04-05 00:30"))
	assert rows(desk.own_head, by="group") == before
	assert {row["drill"]["part"] for row in before if row.get("drill")} == {"*", desk.team_of_own}


def test_a_renamed_group_is_known_in_closed_months(desk: frappe._dict, moment: Moment) -> None:
	closed_months.close_over(moment.set("2026-04-05 00:30"))
	new = frappe.rename_doc("HD Team", desk.team_of_own, f"{desk.team_of_own} again", force=True)
	config.refresh()
	parts = {row["drill"]["part"] for row in rows(desk.qa, by="group") if row.get("drill")}
	assert new in parts
	assert desk.team_of_own not in parts
	assert closed_months.compare(moment.now) == []


def test_cells_are_read_as_they_were_written(desk: frappe._dict) -> None:
	live = ticket_counts.cells(months.window(MARCH))
	text = closed_months.written(live)
	assert closed_months.written(closed_months.read(text)) == text
	assert {place: sorted(cell.times) for place, cell in live.items()} == {
		place: list(cell.times) for place, cell in closed_months.read(text).items()
	}
