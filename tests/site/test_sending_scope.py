"""The real reports as they are sent: everybody gets what they answer for, and nothing of others."""

from __future__ import annotations

import json
import random

import frappe
import pytest

from core_helpdesk.sending import catalogue
from tests.site import courier as couriers
from tests.site import mail_reading
from tests.site import sending_desk as desk
from tests.site.factories import make_team, make_ticket, make_user
from tests.site.moments import Moment, epoch, moment_from
from tests.site.sending_desk import DAILY, DEPARTMENTS, WEEKLY
from tests.site.test_ticket_export import Story

OURS, THEIRS = "Parcel of our own", "Parcel of the others"

moment = moment_from(desk.SUNDAY)


@pytest.fixture
def courier(moment: Moment) -> frappe._dict:
	"""A ticket of each of two departments escalates in the week, whose heads get the reports besides."""
	courier = frappe._dict(desk.open_desk().__dict__)
	courier.other_head = make_user("Department Manager", language="ar")
	other = make_team(
		ch_department=couriers.make_department(head=courier.other_head), ch_country="Saudi Arabia"
	)
	settings = frappe.get_doc("Core Helpdesk Settings")
	for report in (DAILY, DEPARTMENTS):
		for head in (courier.head, courier.other_head):
			settings.append("report_recipients", {"report": report, "user": head})
	settings.save()
	story = Story(random.Random(1), (courier.group,), moment)
	make_ticket(group=courier.group, subject=OURS)
	make_ticket(group=other, subject=THEIRS)
	story.sweep_until(epoch("2026-04-07 06:30"))
	return courier


def got(report: str, period_key: str, user: str) -> tuple[str, str]:
	"""What a person was sent of a report: as it is kept, and the text of the mail."""
	(row,) = desk.ledger(report=report, period_key=period_key, recipient=user, state="Queued")
	message = frappe.db.get_value("Email Queue", row.email_queue, "message")
	return row.content, mail_reading.plain_text(message)


def test_two_heads_get_each_their_own(courier: frappe._dict, moment: Moment) -> None:
	"""Policy: CORE-13"""
	moment.set("2026-04-07 07:00")
	desk.tick()
	for user, own, foreign in ((courier.head, OURS, THEIRS), (courier.other_head, THEIRS, OURS)):
		for text in got(DAILY, "2026-04-06", user):
			assert own in text
			assert foreign not in text
	for text in got(DAILY, "2026-04-06", courier.tsm[0]):
		assert OURS in text and THEIRS in text


def test_the_weekly_reports_go_out_with_their_figures(courier: frappe._dict, moment: Moment) -> None:
	"""Policy: TSM-14, TSM-M2"""
	moment.set("2026-04-12 08:00")
	desk.tick()
	assert not desk.ledger(state="Failed"), desk.ledger(state="Failed")[0].why_not
	week = "2026-04-05..2026-04-11"
	for report in (WEEKLY, DEPARTMENTS):
		for text in got(report, week, courier.tsm[0]):
			assert report in text
	manager, _text = got(DEPARTMENTS, week, courier.customer_service_manager)
	head, _text = got(DEPARTMENTS, week, courier.head)
	assert len(json.loads(manager)["rows"]) > len(json.loads(head)["rows"]) > 0
	department = frappe.db.get_value("Core Department", {"name": ("!=", courier.department)})
	assert courier.department in head and department not in head


def test_the_reports_of_a_month_are_made_for_those_who_send_them(
	courier: frappe._dict, moment: Moment
) -> None:
	"""Policy: QA-12, TSM-13, TSM-M2"""
	monthly = [sent.name for sent in catalogue.REPORTS if sent.make]
	assert len(monthly) == 3
	# The first of May is a Friday.
	moment.set("2026-05-02 23:00")
	desk.tick()
	assert not desk.runs(report=("in", monthly))
	moment.set("2026-05-03 08:00")
	desk.tick()
	made = desk.runs(report=("in", monthly))
	assert [(run.period_key, run.state, run.error) for run in made] == [("2026-04", "Made", None)] * 3
	reports = frappe.get_all("Monthly Report", {"month": "2026-04"}, pluck="kind")
	assert sorted(reports) == sorted(monthly)
	desk.mails_arrive()
	desk.tick()
	assert not desk.open_gaps()
