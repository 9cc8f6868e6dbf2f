"""A mail that was given up goes out as that mail, by itself or by a person's hand, and never beside itself."""

from __future__ import annotations

import frappe
import pytest

from core_helpdesk.escalations import going_live
from core_helpdesk.escalations.people import Recipient
from core_helpdesk.sending import heartbeat, mails, making
from tests.site import courier as couriers
from tests.site import sending_desk as desk
from tests.site import web
from tests.site.moments import Moment, moment_from
from tests.site.sending_desk import DAILY, DEPARTMENTS, WEEKLY

API = "core_helpdesk.report_sending_api"
MORNING = "2026-04-06 07:00"
WRONG_PASSWORD = "Traceback\nsmtplib.SMTPAuthenticationError: (535, b'5.7.8 Error: authentication failed')"

moment = moment_from(desk.SUNDAY)


@pytest.fixture
def courier(moment: Moment, monkeypatch: pytest.MonkeyPatch) -> couriers.Courier:
	desk.send_only(monkeypatch, DAILY, WEEKLY, DEPARTMENTS)
	return desk.open_desk()


def give_up(mail: str, error: str) -> None:
	frappe.db.set_value("Email Queue", mail, {"status": "Error", "error": error, "retry": 3})


def given_up(moment: Moment, error: str = WRONG_PASSWORD) -> frappe._dict:
	"""The first of this morning's deliveries, whose mail was given up; the others have arrived."""
	moment.set(MORNING)
	desk.tick()
	desk.mails_arrive()
	first = desk.ledger()[0]
	give_up(first.email_queue, error)
	moment.later(minutes=5)
	desk.tick()
	return frappe._dict(desk.ledger(name=first.name)[0])


def status_of(mail: str) -> str:
	return frappe.db.get_value("Email Queue", mail, "status")


def remedies() -> list[str]:
	return frappe.get_all(
		"Escalation Finding", {"kind": "Report Not Delivered", "state": "Open"}, pluck="remedy"
	)


# --- By a person's hand


@pytest.mark.parametrize("status", ["Not Sent", "Sending", "Partially Sent", "Sent"])
def test_a_mail_that_goes_out_already_gets_no_other_beside_it(
	courier: couriers.Courier, moment: Moment, status: str
) -> None:
	"""Policy: QA-12"""
	row = given_up(moment)
	frappe.db.set_value("Email Queue", row.email_queue, "status", status)
	web.call(courier.qa, f"{API}.send_again", delivery=row.name)
	assert status_of(row.email_queue) == status
	assert desk.states(name=row.name) == ["Sent" if status == "Sent" else "Queued"]
	desk.tick()
	assert len(desk.mails()) == 2


def test_a_mail_that_is_gone_is_made_anew(courier: couriers.Courier, moment: Moment) -> None:
	row = given_up(moment)
	frappe.db.delete("Email Queue", {"name": row.email_queue})
	web.call(courier.qa, f"{API}.send_again", delivery=row.name)
	desk.tick()
	(again,) = desk.ledger(name=row.name)
	assert again.state == "Queued" and again.email_queue != row.email_queue


def test_a_mail_let_go_again_does_not_look_like_one_that_waits_since_then(
	courier: couriers.Courier, moment: Moment
) -> None:
	row = given_up(moment, "554 refused")
	moment.later(hours=30)
	web.call(courier.qa, f"{API}.send_again", delivery=row.name)
	assert heartbeat.mail_account(moment.now) == moment.now
	moment.later(minutes=20)
	assert heartbeat.mail_account(moment.now) == moment.now - 1200


# --- By itself


def test_a_mail_account_that_refuses_for_a_day_loses_nothing_and_sends_nothing_twice(
	courier: couriers.Courier, moment: Moment
) -> None:
	"""Policy: QA-12"""
	row = given_up(moment)
	assert row.state == "Failed"
	(remedy,) = remedies()
	assert "by itself" in remedy
	for _hour in range(24):
		moment.later(hours=1)
		desk.tick()
		assert status_of(row.email_queue) == "Not Sent"
		assert desk.states(name=row.name) == ["Failed"]
		give_up(row.email_queue, WRONG_PASSWORD)
	# Told once: it is one finding all the while.
	key = f"Failed:{DAILY}:2026-04-05:{row.recipient}"
	assert frappe.db.count("Escalation Finding", {"subject_key": key}) == 1
	moment.later(hours=1)
	desk.tick()
	frappe.db.set_value("Email Queue", row.email_queue, "status", "Sent")
	moment.later(minutes=5)
	desk.tick()
	assert desk.states(name=row.name) == ["Sent"]
	assert len(desk.mails(row.recipient)) == 2
	assert not [key for key in desk.open_gaps() if "2026-04-05" in key]


def test_after_some_days_it_is_a_persons_matter(courier: couriers.Courier, moment: Moment) -> None:
	row = given_up(moment)
	for _day in range(4):
		moment.later(hours=24)
		desk.tick()
		give_up(row.email_queue, WRONG_PASSWORD)
	desk.tick()
	moment.later(hours=2)
	desk.tick()
	assert status_of(row.email_queue) == "Error"
	found = frappe.db.get_value(
		"Escalation Finding", {"subject_key": f"Failed:{DAILY}:2026-04-05:{row.recipient}"}, "remedy"
	)
	assert "send it again from there" in found


def test_a_recipient_whom_the_server_refuses_is_not_tried_again(
	courier: couriers.Courier, moment: Moment
) -> None:
	row = given_up(moment, "smtplib.SMTPRecipientsRefused: {'x@example.com': (550, b'no such user')}")
	moment.later(hours=2)
	desk.tick()
	assert status_of(row.email_queue) == "Error"
	assert "send it again from there" in remedies()[0]


@pytest.mark.parametrize(
	("why", "is_refusal"),
	[
		("554 refused", True),
		("smtplib.SMTPRecipientsRefused: {}", True),
		("smtplib.SMTPDataError: (552, b'message too large')", True),
		("smtplib.SMTPAuthenticationError: (535, b'no')", False),
		("smtplib.SMTPSenderRefused: (530, b'no', 'a@example.com')", False),
		("ConnectionRefusedError: [Errno 111] Connection refused", False),
		("could not connect to mail.example.com:587", False),
		("smtplib.SMTPDataError: (451, b'try later')", False),
		("smtplib.SMTPRecipientsRefused: {'a@example.com': (450, b'4.1.2 greylisted')}", False),
		("smtplib.SMTPRecipientsRefused: {'a@example.com': (452, b'mailbox full')}", False),
		(
			"smtplib.SMTPRecipientsRefused: {'a@example.com': (530, b'5.7.57 Client not authenticated')}",
			False,
		),
		("smtplib.SMTPDataError: (550, b'5.4.5 Daily user sending limit exceeded')", False),
		("smtplib.SMTPDataError: (554, b'5.2.0 Sending quota exceeded')", False),
		("smtplib.SMTPRecipientsRefused: {'limit.550@example.com': (450, b'4.1.2 greylisted')}", False),
		("smtplib.SMTPRecipientsRefused: {'limit.450@example.com': (550, b'5.1.1 no such user')}", True),
		("smtplib.SMTPRecipientsRefused: {'a@example.com': (552, b'5.2.2 mailbox over quota')}", True),
		("smtplib.SMTPDataError: (552, b'5.3.4 Message size exceeds fixed limit')", True),
	],
)
def test_what_another_try_cannot_help(why: str, is_refusal: bool) -> None:
	assert mails.is_refusal(why) is is_refusal


# --- What people have handed on


def test_what_people_have_handed_on_goes_out_though_live_was_interrupted(
	courier: couriers.Courier, moment: Moment
) -> None:
	"""Policy: TSM-13"""
	# Friday: a day off.
	moment.set("2026-04-10 10:00")
	people = [Recipient(courier.head, "Department Head")]
	making.deliver(DEPARTMENTS, "2026-03", people, ("Tracing Month", "2026-03"), moment.now)
	moment.set("2026-04-12 12:00")
	going_live.switch("Observe", moment.now)
	going_live.switch("Live", moment.now)
	desk.tick()
	(row,) = desk.ledger(period_key="2026-03")
	assert row.state == "Queued"
	give_up(row.email_queue, "554 refused")
	moment.later(minutes=5)
	desk.tick()
	assert f"Failed:{DEPARTMENTS}:2026-03:{courier.head}" in desk.open_gaps()
	moment.later(hours=1)
	going_live.switch("Observe", moment.now)
	going_live.switch("Live", moment.now)
	web.call(courier.qa, f"{API}.send_again", delivery=row.name)
	assert desk.states(period_key="2026-03") == ["Queued"]
