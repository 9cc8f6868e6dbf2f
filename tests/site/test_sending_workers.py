"""The jobs of the reports: none keeps another back, they are nobody's, and what works is not taken for dead."""

from __future__ import annotations

import frappe
import pytest

from core_helpdesk import jobs
from core_helpdesk.sending import heartbeat, making, watching
from core_helpdesk.setup import checklist
from core_helpdesk.setup import monthly_workflow as flow
from tests.site import courier as couriers
from tests.site import monthly_desk
from tests.site import sending_desk as desk
from tests.site.factories import as_user
from tests.site.moments import Moment, moment_from

moment = moment_from("2026-03-10 09:00")


@pytest.fixture
def courier(moment: Moment) -> couriers.Courier:
	moment.set(desk.SUNDAY)
	return desk.open_desk()


# --- None keeps another back


def test_a_watch_that_fails_does_not_take_the_sending_with_it(
	courier: couriers.Courier, monkeypatch: pytest.MonkeyPatch
) -> None:
	"""Policy: QA-12"""
	queued: list[str] = []

	def fail(now: int) -> None:
		raise ValueError("A state that nobody knows")

	monkeypatch.setattr(watching, "follow", fail)
	monkeypatch.setattr(frappe, "enqueue", lambda job="", **_more: queued.append(job))
	jobs.ch_report()
	assert "core_helpdesk.jobs.ch_send_reports" in queued
	assert [error for error in desk.steps_failed().values() if "A state that nobody knows" in error]


# --- They are nobody's


def test_a_job_that_a_person_set_off_is_not_theirs(moment: Moment, monkeypatch: pytest.MonkeyPatch) -> None:
	"""Who sent a report again is told of the month's reports like everybody else.

	Policy: QA-M1, QA-12
	"""
	people = monthly_desk.make_monthly_desk(moment)
	monthly_desk.mail_reports(monkeypatch, reports_from="2026-04-01 07:00")
	with as_user(people.qa):
		jobs.ch_send_reports()
		assert frappe.session.user == people.qa
	report = frappe.get_doc("Monthly Report", {"kind": flow.QA_REPORT, "month": monthly_desk.MONTH})
	assert report.owner == "Administrator"
	for user in (people.qa, people.other_qa):
		assert frappe.db.exists("Notification Log", {"for_user": user, "document_name": report.name})


# --- What works is alive


def test_a_long_run_is_a_sign_of_life_at_its_end(
	courier: couriers.Courier, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.setattr(making, "make_due", lambda now: moment.later(minutes=30))
	jobs.ch_send_reports()
	assert heartbeat.worker() == moment.now
	assert heartbeat.Part.WORKER not in [sign.part for sign in heartbeat.signs(moment.now) if sign.is_dead]


def outgoing_mail() -> bool:
	return next(step["done"] for step in checklist.first_run() if step["label"] == "Outgoing mail")


def test_an_account_need_not_be_the_default_one(courier: couriers.Courier, moment: Moment) -> None:
	"""That of the Reply-To address sends, where it can."""
	couriers.switch_outgoing_account(on=False)
	assert heartbeat.mail_account(moment.now) == 0 and not outgoing_mail()
	couriers.make_account("Answers", couriers.REPLY_TO, enable_outgoing=1)
	frappe.local.outgoing_email_account = {}
	assert heartbeat.mail_account(moment.now) == moment.now and outgoing_mail()
	frappe.db.set_value("Email Account", "Answers", "awaiting_password", 1)
	frappe.local.outgoing_email_account = {}
	assert heartbeat.mail_account(moment.now) == 0 and not outgoing_mail()


def test_mail_may_be_set_up_in_the_site_s_configuration(
	courier: couriers.Courier, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	couriers.switch_outgoing_account(on=False)
	monkeypatch.setitem(frappe.local.conf, "mail_server", "smtp.courier.example")
	frappe.local.outgoing_email_account = {}
	assert heartbeat.mail_account(moment.now) == moment.now and outgoing_mail()
	frappe.local.outgoing_email_account = {}
