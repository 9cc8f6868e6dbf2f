"""A mail whose worker was killed while it sent goes on, if it had not left and is its person's still."""

from __future__ import annotations

import frappe
import pytest

from core_helpdesk.sending import heartbeat
from tests.site import courier as couriers
from tests.site import sending_desk as desk
from tests.site.moments import Moment, moment_from
from tests.site.sending_desk import DAILY
from tests.site.test_sending_again import MORNING, status_of
from tests.site.test_sending_to_whom import addresses, leaving, standing

moment = moment_from(desk.SUNDAY)


@pytest.fixture
def courier(moment: Moment, monkeypatch: pytest.MonkeyPatch) -> couriers.Courier:
	desk.send_only(monkeypatch, DAILY)
	return desk.open_desk()


def being_sent(moment: Moment) -> frappe._dict:
	moment.set(MORNING)
	desk.tick()
	desk.mails_arrive()
	first = desk.ledger()[0]
	frappe.db.set_value("Email Queue", first.email_queue, "status", "Sending")
	return first


def test_a_mail_whose_worker_was_killed_goes_out_after_all(courier: couriers.Courier, moment: Moment) -> None:
	"""Policy: QA-12"""
	row = being_sent(moment)
	moment.later(minutes=31)
	desk.tick()
	assert leaving() == {row.email_queue: [row.recipient]}
	assert standing(row.name).state == "Queued"
	desk.mails_arrive()
	moment.later(minutes=5)
	desk.tick()
	assert standing(row.name).state == "Sent"
	assert heartbeat.mail_account(moment.now) == moment.now


def test_it_is_not_put_back_for_ever(courier: couriers.Courier, moment: Moment) -> None:
	row = being_sent(moment)
	for _stop in range(3):
		moment.later(minutes=31)
		desk.tick()
		if status_of(row.email_queue) == "Not Sent":
			frappe.db.set_value("Email Queue", row.email_queue, "status", "Sending")
	assert (status_of(row.email_queue), standing(row.name).state) == ("Error", "Failed")
	assert standing(row.name).why_not == "The worker that sent this mail was stopped."


def test_nor_to_who_is_disabled(courier: couriers.Courier, moment: Moment) -> None:
	row = being_sent(moment)
	frappe.db.set_value("User", row.recipient, "enabled", 0)
	moment.later(minutes=31)
	desk.tick()
	assert not leaving()
	moment.later(minutes=65)
	desk.tick()
	assert standing(row.name).why_not.endswith("is disabled.")
	assert addresses(row.email_queue) == []


def test_it_does_not_if_it_had_left_before(courier: couriers.Courier, moment: Moment) -> None:
	row = being_sent(moment)
	frappe.db.set_value("Email Queue Recipient", {"parent": row.email_queue}, "status", "Sent")
	moment.later(minutes=31)
	desk.tick()
	assert not leaving()
	assert (status_of(row.email_queue), standing(row.name).state) == ("Sent", "Sent")


@pytest.mark.parametrize("minutes", [1, 29])
def test_a_mail_that_is_being_sent_is_left_alone(
	courier: couriers.Courier, moment: Moment, minutes: int
) -> None:
	row = being_sent(moment)
	moment.later(minutes=minutes)
	desk.tick()
	assert (status_of(row.email_queue), standing(row.name).state) == ("Sending", "Queued")


def test_one_of_a_report_that_was_returned_meanwhile_goes_to_nobody(
	courier: couriers.Courier, moment: Moment
) -> None:
	row = being_sent(moment)
	frappe.db.set_value("Report Delivery", row.name, "is_replaced", 1)
	moment.later(minutes=31)
	desk.tick()
	assert not leaving()
	assert (status_of(row.email_queue), standing(row.name).state) == ("Expired", "Withdrawn")
