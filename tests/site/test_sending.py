"""Reports arrive: each one that is due once, made up where nobody ran the job, as its reader may read it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk.sending import catalogue, delivering, making
from tests.site import courier as couriers
from tests.site import mail_reading, web
from tests.site import sending_desk as desk
from tests.site.at_once import DONE, at_once
from tests.site.factories import make_user
from tests.site.moments import Moment, epoch, moment_from
from tests.site.sending_desk import DAILY, DEPARTMENTS, WEEKLY

if TYPE_CHECKING:
	from core_helpdesk.reports.answer import Answer
	from core_helpdesk.sending.catalogue import Asked

API = "core_helpdesk.report_sending_api"

moment = moment_from(desk.SUNDAY)


@pytest.fixture
def courier(moment: Moment, monkeypatch: pytest.MonkeyPatch) -> couriers.Courier:
	desk.send_only(monkeypatch, DAILY, WEEKLY, DEPARTMENTS)
	return desk.open_desk()


def test_every_day_has_its_report_for_each_member_of_tsm(courier: couriers.Courier, moment: Moment) -> None:
	"""Policy: TSM-09"""
	desk.tick()
	assert not desk.runs()
	moment.set("2026-04-06 07:00")
	desk.tick()
	assert [(run.report, run.period_key, run.state) for run in desk.runs()] == [(DAILY, "2026-04-05", "Made")]
	rows = desk.ledger()
	assert [(row.recipient, row.state) for row in rows] == [(user, "Queued") for user in courier.tsm]
	assert str(rows[0].due_at) == "2026-04-06 07:00:00"
	assert {mail.reference_name for mail in desk.mails()} == {row.name for row in rows}


def test_what_each_reader_got_is_kept(courier: couriers.Courier, moment: Moment) -> None:
	moment.set("2026-04-06 07:00")
	desk.tick()
	for row in desk.ledger():
		kept = json.loads(row.content)
		assert kept["rows"] == [[row.recipient, "2026-04-05 2026-04-05"]]
		assert [each["label"] for each in kept["columns"]] == ["Reader", "Days"]
		assert kept["title"].startswith(DAILY)


def test_the_real_report_goes_out_also_when_there_is_nothing(
	moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	"""Policy: TSM-09"""
	desk.send_only(monkeypatch, DAILY, answer=catalogue.of(DAILY).answer)
	courier = desk.open_desk()
	frappe.db.set_value("User", courier.tsm[0], "language", "ar")
	moment.set("2026-04-06 07:00")
	desk.tick()
	assert desk.states() == ["Queued", "Queued"]
	first, second = desk.ledger()
	assert json.loads(second.content)["message"] == "Nothing escalated, and nothing is open."
	assert json.loads(first.content)["language"] == "ar"
	assert json.loads(first.content)["message"] != json.loads(second.content)["message"]
	(arabic,) = desk.mails(courier.tsm[0])
	assert "التذاكر" in mail_reading.subject_of(arabic.message)


def test_an_arrived_mail_shows_in_the_ledger(courier: couriers.Courier, moment: Moment) -> None:
	moment.set("2026-04-06 07:00")
	desk.tick()
	desk.mails_arrive()
	moment.later(minutes=5)
	desk.tick()
	assert desk.states() == ["Sent", "Sent"]


def test_seventy_two_hours_without_a_scheduler_are_made_up_once_and_in_order(
	moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	"""Policy: TSM-09"""
	answered = []

	def answer(asked: Asked) -> Answer:
		answered.append((asked.period_key, frappe.session.user))
		return desk.simple(asked)

	desk.send_only(monkeypatch, DAILY, answer=answer)
	courier = desk.open_desk()
	moment.set("2026-04-06 07:00")
	desk.tick()
	desk.mails_arrive()
	moment.set("2026-04-09 09:30")
	desk.tick()
	days = ["2026-04-05", "2026-04-06", "2026-04-07", "2026-04-08"]
	assert [run.period_key for run in desk.runs(report=DAILY)] == days
	for user in courier.tsm:
		rows = desk.ledger(recipient=user)
		assert [row.period_key for row in rows] == days
		assert [row.state for row in rows] == ["Sent", "Queued", "Queued", "Queued"]
		assert {mail.reference_name for mail in desk.mails(user)} == {row.name for row in rows}
	assert answered == [(day, user) for day in days for user in courier.tsm]
	desk.tick()
	moment.later(minutes=5)
	desk.tick()
	assert len(desk.mails()) == len(days) * 2
	assert not desk.open_gaps()


def test_what_was_not_made_is_missing_until_it_is_made_up(courier: couriers.Courier, moment: Moment) -> None:
	"""Policy: QA-12"""
	from core_helpdesk.sending import gaps

	moment.set("2026-04-06 08:00")
	gaps.look(moment.now)
	assert desk.open_gaps() == [f"Not Made:{DAILY}:2026-04-05:"]
	desk.tick()
	assert not desk.open_gaps()


def test_weekly_reports_go_out_on_working_days_of_each_ones_country(
	moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	"""The Emirates rest on Saturday and Sunday, Saudi Arabia on Friday and Saturday.

	Policy: TSM-14
	"""
	desk.send_only(monkeypatch, WEEKLY)
	courier = desk.open_desk()
	here, abroad = courier.tsm
	couriers.make_department(head=abroad, country="United Arab Emirates")
	moment.set("2026-04-12 08:00")
	desk.tick()
	assert [run.period_key for run in desk.runs()] == ["2026-04-05..2026-04-11"]
	assert [(row.recipient, row.state) for row in desk.ledger()] == [(here, "Queued"), (abroad, "Due")]
	# By the clock of the Emirates, which is an hour ahead.
	assert str(desk.ledger()[1].due_at) == "2026-04-13 07:00:00"
	desk.mails_arrive()
	moment.set("2026-04-13 06:55")
	desk.tick()
	assert desk.states(recipient=abroad) == ["Due"]
	moment.set("2026-04-13 07:00")
	desk.tick()
	assert desk.states(recipient=abroad) == ["Queued"]
	assert not desk.open_gaps()


def test_a_holiday_that_is_confirmed_meanwhile_moves_what_waits(
	moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	desk.send_only(monkeypatch, WEEKLY)
	courier = desk.open_desk()
	abroad = courier.tsm[1]
	couriers.make_department(head=abroad, country="United Arab Emirates")
	moment.set("2026-04-12 08:00")
	desk.tick()
	calendar = frappe.get_doc(
		"Working Calendar", {"country": "United Arab Emirates", "is_country_default": 1}
	)
	calendar.append("exceptions", {"day": "2026-04-13", "kind": "Day Off", "reason": "Mourning"})
	calendar.save()
	moment.set("2026-04-13 07:00")
	desk.tick()
	(row,) = desk.ledger(recipient=abroad)
	assert (row.state, str(row.due_at)) == ("Due", "2026-04-14 07:00:00")
	moment.set("2026-04-14 07:00")
	desk.tick()
	assert desk.states(recipient=abroad) == ["Queued"]


def test_another_weekly_day_leaves_no_day_out_and_reports_none_twice(
	courier: couriers.Courier, moment: Moment
) -> None:
	"""Policy: TSM-14"""
	moment.set("2026-04-07 10:00")
	choose_weekly_day("Wednesday")
	moment.set("2026-04-24 10:00")
	desk.tick()
	weeks = [run.period_key for run in desk.runs(report=WEEKLY)]
	assert weeks == ["2026-04-05..2026-04-11", "2026-04-12..2026-04-14", "2026-04-15..2026-04-21"]
	assert not desk.open_gaps()


def test_a_weekly_day_that_is_changed_to_and_fro_hides_no_week(
	courier: couriers.Courier, moment: Moment
) -> None:
	"""Policy: TSM-14"""
	for week in range(3):
		moment.set(f"2026-04-{11 + 7 * week} 22:00")
		choose_weekly_day("Monday")
		moment.set(f"2026-04-{12 + 7 * week} 07:00")
		choose_weekly_day("Sunday")
	moment.set("2026-04-28 10:00")
	desk.tick()
	days = [run.period_key[8:].replace("2026-04-", "") for run in desk.runs(report=WEEKLY)]
	assert days == ["05..11", "12..12", "13..18", "19..19", "20..25", "26..26"]


def choose_weekly_day(day: str) -> None:
	settings = frappe.get_doc("Core Helpdesk Settings")
	settings.weekly_report_day = day
	settings.save()


def test_the_preview_of_a_day_is_what_is_then_sent(courier: couriers.Courier, moment: Moment) -> None:
	"""Policy: QA-12"""
	couriers.make_department(head=courier.tsm[1], country="United Arab Emirates")
	for day in ("2026-04-12", "2026-04-13"):
		foreseen = web.get(courier.qa, f"{web.METHOD}/{API}.preview", day=day)["deliveries"]
		told = [(row["report"], row["period_key"], row["recipient"], row["due_epoch"]) for row in foreseen]
		start = epoch(f"{day} 00:00")
		# What was missed before is made up on the day before.
		moment.set_epoch(start - 1800)
		desk.tick()
		desk.pass_time(moment, hours=24)
		fields = ["report", "period_key", "recipient", "due_epoch"]
		day_only = [["due_epoch", ">=", start], ["due_epoch", "<", start + 86400]]
		sent = frappe.get_all("Report Delivery", day_only, fields, as_list=True)
		assert sorted(map(tuple, sent)) == sorted(told)
		assert told
		assert not frappe.get_all("Report Delivery", [*day_only, ["state", "!=", "Queued"]])


def test_people_named_in_the_settings_get_theirs_besides(courier: couriers.Courier, moment: Moment) -> None:
	further = make_user("General Manager")
	settings = frappe.get_doc("Core Helpdesk Settings")
	settings.append("report_recipients", {"report": DAILY, "user": further})
	settings.append("report_recipients", {"report": DAILY, "user": courier.tsm[0]})
	settings.save()
	moment.set("2026-04-06 07:00")
	desk.tick()
	assert sorted(row.recipient for row in desk.ledger()) == sorted([*courier.tsm, further])


def test_documents_of_people_go_to_each_once(
	courier: couriers.Courier, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	"""Policy: TSM-13"""
	from core_helpdesk.escalations.people import Recipient

	people = [Recipient(courier.head, "Department Head"), Recipient(courier.qa, "QA Specialist")]
	reference = ("Tracing Month", "2026-03")
	# Friday: a day off.
	moment.set("2026-04-10 10:00")
	assert making.deliver(DEPARTMENTS, "2026-03", people, reference, moment.now) == 2
	assert making.deliver(DEPARTMENTS, "2026-03", people, reference, moment.now) == 0
	desk.tick()
	assert desk.states(period_key="2026-03") == ["Due", "Due"]
	moment.set("2026-04-12 08:00")
	desk.tick()
	rows = desk.ledger(period_key="2026-03")
	assert [row.state for row in rows] == ["Queued", "Queued"]
	assert json.loads(rows[0].content)["rows"][0][1] == "2026-03-01 2026-03-31"


@pytest.mark.committed
def test_two_runs_at_once_send_nothing_twice(
	snapshot: object, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	desk.send_only(monkeypatch, DAILY)
	desk.open_desk()
	frappe.db.commit()
	now = moment.set_epoch(epoch("2026-04-08 07:00"))
	assert at_once(lambda: making.make_due(now), lambda: making.make_due(now)) == [DONE, DONE]
	assert len(desk.runs()) == 3
	assert len(desk.ledger()) == 6
	assert at_once(lambda: delivering.deliver_due(now), lambda: delivering.deliver_due(now)) == [DONE, DONE]
	# What one of them lost to the other is tried again a little later.
	delivering.deliver_due(moment.later(hours=1))
	assert set(desk.states()) == {"Queued"}
	assert len(desk.mails()) == 6


def test_a_new_report_is_not_made_up_for_years(moment: Moment, monkeypatch: pytest.MonkeyPatch) -> None:
	"""Policy: TSM-14"""
	desk.send_only(monkeypatch, WEEKLY)
	now = moment.set(desk.SUNDAY)
	desk.open_desk(since="2024-01-01 08:00")
	added = catalogue.of(WEEKLY)._replace(name="Yearly Gifts")
	monkeypatch.setattr(catalogue, "REPORTS", [*catalogue.REPORTS, added])
	making.make_due(now)
	made = frappe.get_all("Report Run", {"report": added.name}, pluck="due_epoch")
	assert 4 <= len(made) <= 6 and min(made) > now - making.OVERLAP
	assert making.make_due(moment.later(minutes=5)) == 0
