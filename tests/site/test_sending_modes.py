"""What an admin sets for reports, and the modes in which they are sent at all."""

from __future__ import annotations

import frappe
import pytest

from core_helpdesk.escalations import going_live
from core_helpdesk.patches.v1 import send_reports_from_now, write_defaults_of_reports
from core_helpdesk.sending import gaps
from core_helpdesk.setup import checklist
from tests.site import courier as couriers
from tests.site import sending_desk as desk
from tests.site import web
from tests.site.factories import as_user, make_user
from tests.site.moments import Moment, moment_from
from tests.site.sending_desk import DAILY, DEPARTMENTS, WEEKLY

API = "core_helpdesk.report_sending_api"
WEEK_OVER = "2026-04-12 08:00"

moment = moment_from(desk.SUNDAY)


@pytest.fixture
def courier(moment: Moment, monkeypatch: pytest.MonkeyPatch) -> couriers.Courier:
	desk.send_only(monkeypatch, DAILY, WEEKLY, DEPARTMENTS)
	return desk.open_desk()


def settings() -> frappe.model.document.Document:
	return frappe.get_doc("Core Helpdesk Settings")


# --- Settings


@pytest.mark.parametrize("rows", [0, 1, 200])
def test_as_many_rows_as_a_mail_holds(rows: int) -> None:
	document = settings()
	document.rows_in_mail = rows
	document.save()


@pytest.mark.parametrize("rows", [-1, 201])
def test_more_rows_than_a_mail_holds_are_refused(rows: int) -> None:
	document = settings()
	document.rows_in_mail = rows
	with pytest.raises(frappe.ValidationError):
		document.save()


def test_a_further_recipient_must_be_a_reader_whom_mail_reaches() -> None:
	stranger, gone = make_user("Tracing Officer"), make_user("General Manager")
	frappe.db.set_value("User", gone, "enabled", 0)
	twice = make_user("General Manager")
	for users in ((stranger,), (gone,), ("Administrator",), (twice, twice)):
		document = settings()
		for user in users:
			document.append("report_recipients", {"report": DAILY, "user": user})
		with pytest.raises(frappe.ValidationError):
			document.save()


def test_the_usual_weekly_day_may_be_written_down(courier: couriers.Courier, moment: Moment) -> None:
	"""On a site that was there before, none is stored, and stands for Sunday."""
	frappe.db.delete("Singles", {"doctype": "Core Helpdesk Settings", "field": "weekly_report_day"})
	frappe.clear_document_cache("Core Helpdesk Settings", "Core Helpdesk Settings")
	moment.set(WEEK_OVER)
	document = settings()
	document.weekly_report_day = "Sunday"
	document.save()
	desk.tick()
	assert desk.runs(report=WEEKLY)


def test_moments_of_the_machine_are_not_set_by_hand(courier: couriers.Courier) -> None:
	with as_user(courier.qa):
		document = settings()
		document.reports_from = "2020-01-01 00:00:00"
		document.save()
	assert str(settings().reports_from)[:16] == desk.SUNDAY


# --- Modes


@pytest.mark.parametrize("mode", ["Off", "Observe"])
def test_nothing_is_made_or_sent_unless_the_mode_is_live(
	courier: couriers.Courier, moment: Moment, mode: str
) -> None:
	couriers.set_settings(mode=mode)
	moment.set(WEEK_OVER)
	desk.tick()
	assert not desk.runs() and not desk.ledger() and not desk.mails()
	assert not desk.open_gaps()


def test_a_restored_copy_sends_nothing(courier: couriers.Courier, moment: Moment) -> None:
	couriers.set_settings(confirmed_host="another.example.com")
	moment.set(WEEK_OVER)
	desk.tick()
	assert not desk.runs() and not desk.mails()


def test_going_live_again_does_not_send_what_was_due_before(
	courier: couriers.Courier, moment: Moment
) -> None:
	couriers.make_department(head=courier.tsm[1], country="United Arab Emirates")
	moment.set(WEEK_OVER)
	desk.tick()
	going_live.switch("Observe", moment.now)
	desk.mails_arrive()
	moment.set("2026-04-14 12:00")
	desk.tick()
	assert desk.states(report=WEEKLY) == ["Sent", "Due"]
	going_live.switch("Live", moment.now)
	before = len(desk.mails())
	desk.tick()
	assert len(desk.mails()) == before
	assert sorted(desk.states(report=WEEKLY)) == ["Failed", "Sent"]
	(key,) = desk.open_gaps()
	assert key.startswith("Pause:")
	moment.set("2026-04-15 07:00")
	desk.tick()
	assert desk.runs(report=DAILY)[-1].period_key == "2026-04-14"
	paused = [(run.report, run.period_key) for run in desk.runs(state="Paused")]
	assert paused == [(DAILY, "2026-04-12"), (DAILY, "2026-04-13")]
	assert not desk.ledger(period_key=("in", ["2026-04-12", "2026-04-13"]))


def test_a_minute_of_pause_over_the_due_moment_stands_in_the_ledger(
	courier: couriers.Courier, moment: Moment
) -> None:
	"""Policy: QA-12, TSM-09"""
	moment.set("2026-04-06 06:59")
	going_live.switch("Observe", moment.now)
	moment.set("2026-04-06 07:01")
	going_live.switch("Live", moment.now)
	desk.tick()
	assert [(run.period_key, run.state) for run in desk.runs()] == [("2026-04-05", "Paused")]
	assert "not sent" in desk.runs()[0].error
	assert not desk.ledger() and not desk.open_gaps()
	moment.set("2026-04-07 07:00")
	desk.tick()
	assert [run.state for run in desk.runs()] == ["Paused", "Made"]


def test_what_was_due_before_a_short_pause_is_sent_after_it(
	courier: couriers.Courier, moment: Moment
) -> None:
	"""Policy: QA-12, TSM-09"""
	# Yesterday's could not be mailed, and today's was not made yet when the mode was switched.
	moment.set("2026-04-06 07:00")
	couriers.switch_outgoing_account(on=False)
	desk.tick()
	assert desk.states() == ["Failed", "Failed"]
	couriers.switch_outgoing_account(on=True)
	moment.set("2026-04-07 07:02")
	going_live.switch("Observe", moment.now)
	moment.later(minutes=3)
	desk.tick()
	going_live.switch("Live", moment.now)
	assert not desk.runs(state="Paused")
	desk.tick()
	assert [(run.period_key, run.state) for run in desk.runs()] == [
		("2026-04-05", "Made"),
		("2026-04-06", "Made"),
	]
	assert set(desk.states(period_key="2026-04-06")) == {"Queued"}
	failed = desk.ledger(period_key="2026-04-05")[0]
	if failed.state == "Failed":
		web.call(courier.qa, f"{API}.send_again", delivery=failed.name)
		desk.tick()
	assert desk.states(name=failed.name) == ["Queued"]


def test_what_was_due_to_people_in_a_pause_is_told_once(courier: couriers.Courier, moment: Moment) -> None:
	"""Policy: QA-12"""
	abroad = couriers.make_department(head=courier.tsm[1], country="United Arab Emirates")
	moment.set(WEEK_OVER)
	desk.tick()
	going_live.switch("Observe", moment.now)
	moment.set("2026-04-14 12:00")
	going_live.switch("Live", moment.now)
	for _again in range(2):
		desk.tick()
	found = {"kind": "Reports at a Standstill", "subject_key": ("like", "Pause:%"), "state": "Open"}
	(details,) = frappe.get_all("Escalation Finding", found, pluck="details")
	assert "not sent" in details and abroad


def test_a_run_that_was_due_before_a_pause_and_is_missing_is_found(
	courier: couriers.Courier, moment: Moment
) -> None:
	moment.set("2026-04-06 08:30")
	going_live.switch("Observe", moment.now)
	going_live.switch("Live", moment.later(minutes=1))
	gaps.look(moment.now)
	assert desk.open_gaps() == [f"Not Made:{DAILY}:2026-04-05:"]


def test_at_another_address_nothing_of_before_is_sent(courier: couriers.Courier, moment: Moment) -> None:
	"""The site that this one is a copy of has sent it, or will."""
	couriers.set_settings(confirmed_host="another.example.com")
	moment.set("2026-04-08 10:00")
	going_live.switch("Live", moment.now)
	desk.tick()
	assert {run.state for run in desk.runs()} == {"Paused"} and not desk.mails()
	moment.set("2026-04-09 07:00")
	desk.tick()
	assert [run.period_key for run in desk.runs(state="Made")] == ["2026-04-08"]


def test_a_long_pause_is_noted_once(courier: couriers.Courier, moment: Moment) -> None:
	going_live.switch("Off", moment.now)
	moment.set("2026-06-05 12:00")
	for _again in range(2):
		going_live.switch("Live", moment.now)
		going_live.switch("Observe", moment.now)
	assert len(desk.runs(report=DAILY, state="Paused")) == 61
	assert not desk.open_gaps()


def test_documents_are_made_though_the_pause_lay_over_their_day(
	moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	"""Policy: QA-12, TSM-13, TSM-M2"""
	made = []
	desk.send_only(monkeypatch, "QA Monthly Report", make=lambda run, now: made.append(run.period_key))
	desk.open_desk()
	moment.set("2026-04-30 12:00")
	going_live.switch("Observe", moment.now)
	moment.set("2026-05-04 12:00")
	desk.tick()
	assert not made
	going_live.switch("Live", moment.now)
	desk.tick()
	assert made == ["2026-04"]
	assert [run.state for run in desk.runs()] == ["Made"]
	assert not desk.mails()


def test_confirming_live_again_keeps_what_is_due(courier: couriers.Courier, moment: Moment) -> None:
	moment.set("2026-04-06 10:00")
	going_live.switch("Live", moment.now)
	desk.tick()
	assert [run.period_key for run in desk.runs()] == ["2026-04-05"]


def test_a_site_that_was_live_before_sends_from_its_upgrade_on(
	courier: couriers.Courier, moment: Moment, capsys: pytest.CaptureFixture[str]
) -> None:
	couriers.set_settings(reports_from=None)
	moment.set("2026-04-06 10:00")
	desk.tick()
	assert not desk.runs()
	(sent,) = [step for step in checklist.first_run() if step["label"] == "Reports are sent"]
	assert not sent["done"]
	capsys.readouterr()
	send_reports_from_now.execute()
	assert "begins to send reports the next morning" in capsys.readouterr().out
	(sent,) = [step for step in checklist.first_run() if step["label"] == "Reports are sent"]
	assert sent["done"] and "2026" in sent["detail"]
	send_reports_from_now.execute()
	assert not capsys.readouterr().out
	desk.tick()
	assert not desk.runs()
	moment.set("2026-04-07 07:00")
	desk.tick()
	assert [run.period_key for run in desk.runs()] == ["2026-04-06"]


def test_a_site_that_was_there_before_shows_what_is_set_of_reports(courier: couriers.Courier) -> None:
	couriers.set_settings(rows_in_mail=7)
	others = ("in", [field for field in write_defaults_of_reports.NEW if field != "rows_in_mail"])
	frappe.db.delete("Singles", {"doctype": "Core Helpdesk Settings", "field": others})
	for _again in range(2):
		write_defaults_of_reports.execute()
		found = settings()
		assert (found.weekly_report_day, found.daily_report_time) == ("Sunday", "07:00")
		assert (found.report_attachment, found.rows_in_mail, found.complaint_days) == ("Excel", 7, 11)
		assert found.inquiry_hours == 24
