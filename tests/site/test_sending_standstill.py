"""What ends its worker, stands still or breaks in an unexpected place: it is counted, told, and keeps no other back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest
from frappe.utils import add_to_date, now_datetime
from rq.timeouts import JobTimeoutException

from core_helpdesk import jobs
from core_helpdesk.domain.errors import NoWorkingTime
from core_helpdesk.escalations.people import Recipient
from core_helpdesk.escalations.transactions import WaitedInVain
from core_helpdesk.mail import outgoing
from core_helpdesk.sending import catalogue, gaps, heartbeat, ledger, making
from core_helpdesk.sending.timetable import Timetable
from core_helpdesk.setup import checklist
from tests.site import courier as couriers
from tests.site import sending_desk as desk
from tests.site import web
from tests.site.moments import Moment, moment_from
from tests.site.sending_desk import DAILY, DEPARTMENTS, WEEKLY

if TYPE_CHECKING:
	from core_helpdesk.reports.answer import Answer
	from core_helpdesk.sending.catalogue import Asked

API = "core_helpdesk.report_sending_api"
MORNING, WEEK_OVER = "2026-04-06 07:00", "2026-04-12 08:00"

moment = moment_from(desk.SUNDAY)


@pytest.fixture
def courier(moment: Moment, monkeypatch: pytest.MonkeyPatch) -> couriers.Courier:
	desk.send_only(monkeypatch, DAILY, WEEKLY, DEPARTMENTS)
	return desk.open_desk()


def change(patch: pytest.MonkeyPatch, name: str, **changes: object) -> None:
	reports = [sent._replace(**changes) if sent.name == name else sent for sent in catalogue.REPORTS]
	patch.setattr(catalogue, "REPORTS", reports)


def out_of_time(*_of: object) -> None:
	raise JobTimeoutException("Task exceeded maximum timeout value")


# --- What ends its worker


def test_a_run_that_ends_its_worker_waits_and_is_missed_while_the_others_go_out(
	courier: couriers.Courier, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	"""Policy: QA-12"""
	change(monkeypatch, WEEKLY, make=out_of_time)
	moment.set(WEEK_OVER)
	with pytest.raises(JobTimeoutException):
		jobs.ch_send_reports()
	frappe.db.rollback()
	(run,) = desk.runs(report=WEEKLY)
	assert (run.state, run.tries) == ("Failed", 1)
	moment.later(minutes=5)
	desk.tick()
	assert set(desk.states(report=DAILY)) == {"Queued"}
	assert set(desk.states(report=DEPARTMENTS)) == {"Queued"}
	desk.mails_arrive()
	moment.later(minutes=55)
	jobs.ch_report()
	assert f"Not Made:{WEEKLY}:2026-04-05..2026-04-11:" in desk.open_gaps()
	change(monkeypatch, WEEKLY, make=lambda run, now: None)
	desk.tick()
	assert [(run.state, run.tries) for run in desk.runs(report=WEEKLY)] == [("Made", 1)]
	assert f"Not Made:{WEEKLY}:2026-04-05..2026-04-11:" not in desk.open_gaps()


def test_a_delivery_that_ends_its_worker_waits_while_the_others_go_out(
	courier: couriers.Courier, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	"""Policy: QA-12"""

	def answer(asked: Asked) -> Answer:
		if frappe.session.user == courier.tsm[0]:
			out_of_time()
		return desk.simple(asked)

	change(monkeypatch, DAILY, answer=answer)
	moment.set(MORNING)
	with pytest.raises(JobTimeoutException):
		jobs.ch_send_reports()
	frappe.db.rollback()
	frappe.set_user("Administrator")
	moment.later(minutes=5)
	desk.tick()
	assert [(row.state, row.tries) for row in desk.ledger()] == [("Due", 1), ("Queued", 0)]
	change(monkeypatch, DAILY, answer=desk.simple)
	moment.later(hours=1)
	desk.tick()
	assert desk.states() == ["Queued", "Queued"]


def test_what_was_tried_before_comes_after_the_others(
	courier: couriers.Courier, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	asked_for = []

	def answer(asked: Asked) -> Answer:
		asked_for.append(frappe.session.user)
		return desk.simple(asked)

	change(monkeypatch, DAILY, answer=answer)
	moment.set(MORNING)
	making.make_due(moment.now)
	frappe.db.set_value("Report Delivery", {"recipient": courier.tsm[0]}, "tries", 2)
	desk.tick()
	assert asked_for == [courier.tsm[1], courier.tsm[0]]


def test_no_run_is_begun_when_the_time_is_over(courier: couriers.Courier, moment: Moment) -> None:
	moment.set(MORNING)
	assert making.make_due(moment.now, seconds=0) == 0
	assert not desk.runs()


def test_a_run_that_was_made_does_not_become_failed(courier: couriers.Courier, moment: Moment) -> None:
	"""A second worker that waited for the first in vain has nothing to say."""
	moment.set(MORNING)
	timetable = Timetable.present()
	((sent, run),) = making.missing(timetable, moment.now)
	desk.tick()
	assert not ledger.begin(run, sent.rhythm, moment.now)
	ledger.run_failed(run, WaitedInVain("Lock wait timeout exceeded"), moment.now)
	assert [(run.state, run.error) for run in desk.runs()] == [("Made", None)]


def test_a_run_that_another_worker_makes_is_left_to_it(courier: couriers.Courier, moment: Moment) -> None:
	moment.set(MORNING)
	((sent, run),) = making.missing(Timetable.present(), moment.now)
	assert ledger.begin(run, sent.rhythm, moment.now)
	assert making.make_due(moment.now) == 0
	assert not desk.ledger()


# --- What breaks in an unexpected place


def test_a_mail_that_cannot_be_written_says_why_and_is_tried_hourly(
	courier: couriers.Courier, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	"""Policy: QA-12"""

	def broken(letter: object) -> None:
		raise ValueError("Refused by another app")

	monkeypatch.setattr(outgoing, "queue", broken)
	moment.set(MORNING)
	desk.tick()
	found = [(row.state, row.why_not) for row in desk.ledger()]
	assert found == [("Failed", "The mail could not be made: ValueError")] * 2
	moment.later(minutes=5)
	desk.tick()
	assert {row.tries for row in desk.ledger()} == {1}


def test_a_run_is_made_again_when_nothing_fails_by_its_report(
	courier: couriers.Courier, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	"""Of two people for whom it could not be made one gets it later, and the other is disabled."""

	def broken(asked: Asked) -> Answer:
		raise ZeroDivisionError("No tickets to divide by")

	change(monkeypatch, DAILY, answer=broken)
	moment.set(MORNING)
	desk.tick()
	assert desk.open_gaps() == [f"Failed:{DAILY}:2026-04-05:"]
	gone = courier.tsm[1]
	frappe.db.set_value("User", gone, "enabled", 0)
	frappe.clear_document_cache("User", gone)
	change(monkeypatch, DAILY, answer=desk.simple)
	moment.later(minutes=5)
	desk.tick()
	assert [run.state for run in desk.runs()] == ["Made"]
	assert desk.open_gaps() == [f"Disabled:{DAILY}:2026-04-05:{gone}"]


def test_another_cause_has_a_day_of_its_own(
	courier: couriers.Courier, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	def broken(asked: Asked) -> Answer:
		raise ZeroDivisionError("No tickets to divide by")

	desk.send_only(monkeypatch, DAILY, answer=broken)
	moment.set(MORNING)
	desk.tick()
	moment.later(hours=25)
	desk.tick()
	couriers.switch_outgoing_account(on=False)
	change(monkeypatch, DAILY, answer=desk.simple)
	desk.pass_time(moment, hours=2)
	couriers.switch_outgoing_account(on=True)
	desk.pass_time(moment, hours=2)
	assert set(desk.states(period_key="2026-04-05")) == {"Queued"}


def test_one_persons_calendar_keeps_the_report_from_nobody_else(
	courier: couriers.Courier, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	"""Policy: TSM-13, TSM-14"""
	of_person, idle = Timetable.of_person, {courier.tsm[0]}

	def calendar(self: Timetable, user: str) -> object:
		if user in idle:
			raise NoWorkingTime(self.today(moment.now), self.today(moment.now))
		return of_person(self, user)

	monkeypatch.setattr(Timetable, "of_person", calendar)
	moment.set(WEEK_OVER)
	desk.tick()
	assert desk.states(report=WEEKLY) == ["Queued", "Queued"]
	desk.mails_arrive()
	people = [Recipient(user, "QA Specialist") for user in courier.tsm]
	assert making.deliver(DEPARTMENTS, "2026-03", people, ("Tracing Month", "2026-03"), moment.now) == 2
	assert desk.open_gaps() == [f"Working Calendar:{courier.tsm[0]}"]
	idle.clear()
	desk.tick()
	assert not desk.open_gaps()


# --- What is missing


def test_a_gap_does_not_end_by_its_age_or_by_the_mode(courier: couriers.Courier, moment: Moment) -> None:
	"""Policy: QA-12"""
	moment.set(MORNING)
	desk.tick()
	desk.mails_arrive()
	row = desk.ledger()[0]
	frappe.db.set_value("Email Queue", row.email_queue, {"status": "Error", "error": "554 refused"})
	moment.later(minutes=5)
	desk.tick()
	key = f"Failed:{DAILY}:2026-04-05:{row.recipient}"
	assert key in desk.open_gaps()
	couriers.set_settings(reports_from="2026-04-06 08:00")
	gaps.look(moment.now)
	assert key in desk.open_gaps()
	moment.later(days=40)
	gaps.look(moment.now)
	assert key in desk.open_gaps()
	frappe.db.set_value("Report Delivery", row.name, "state", "Sent")
	gaps.look(moment.now)
	assert key not in desk.open_gaps()


def test_a_run_that_was_never_made_stays_missing(courier: couriers.Courier, moment: Moment) -> None:
	moment.set("2026-04-06 08:00")
	gaps.look(moment.now)
	key = f"Not Made:{DAILY}:2026-04-05:"
	assert desk.open_gaps() == [key]
	moment.later(days=40)
	gaps.look(moment.now)
	assert key in desk.open_gaps()


def test_the_card_says_what_is_missing_though_no_job_runs(
	courier: couriers.Courier, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	"""Policy: QA-12"""
	desk.tick()
	moment.set("2026-04-09 08:00")
	card = web.get(courier.qa, f"{web.METHOD}/{API}.not_delivered_card")
	assert not desk.open_gaps()
	assert str(card["value"]).startswith("4 ") and "Worker" in card["value"]
	monkeypatch.setattr(heartbeat, "signs", lambda now: [])
	assert web.get(courier.qa, f"{web.METHOD}/{API}.not_delivered_card")["value"] == 4


@pytest.mark.parametrize(("last", "is_done"), [(None, False), (-1500, False), (-60, True)])
def test_the_first_run_page_says_whether_reports_run(last: int | None, is_done: bool) -> None:
	"""Policy: QA-12"""
	at = add_to_date(now_datetime(), seconds=last) if last else None
	couriers.set_settings(last_report_run=at)
	(step,) = [step for step in checklist.first_run() if step["label"] == "Run for reports"]
	assert step["done"] is is_done
