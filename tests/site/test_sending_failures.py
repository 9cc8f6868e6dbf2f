"""What keeps a report back is shown and told, keeps no other back, and is made good as soon as it can be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk.mail import outgoing
from core_helpdesk.reports import escalated_tickets
from core_helpdesk.sending import catalogue, content, heartbeat, making
from tests.site import courier as couriers
from tests.site import sending_desk as desk
from tests.site import web
from tests.site.moments import Moment, moment_from
from tests.site.sending_desk import DAILY, DEPARTMENTS, WEEKLY

if TYPE_CHECKING:
	from core_helpdesk.reports.answer import Answer
	from core_helpdesk.sending.catalogue import Asked

API = "core_helpdesk.report_sending_api"
MORNING = "2026-04-06 07:00"

moment = moment_from(desk.SUNDAY)


@pytest.fixture
def courier(moment: Moment, monkeypatch: pytest.MonkeyPatch) -> couriers.Courier:
	desk.send_only(monkeypatch, DAILY, WEEKLY, DEPARTMENTS)
	return desk.open_desk()


class Broken:
	"""A report that raises an error until it is mended, for everybody or for one reader."""

	def __init__(self, reader: str = "") -> None:
		self.reader, self.is_mended, self.times = reader, False, 0

	def __call__(self, asked: Asked) -> Answer:
		if not self.is_mended and self.reader in ("", frappe.session.user):
			self.times += 1
			raise ZeroDivisionError("No tickets to divide by\nand more of it")
		return desk.simple(asked)


def break_report(patch: pytest.MonkeyPatch, name: str, reader: str = "") -> Broken:
	broken = Broken(reader)
	reports = [sent._replace(answer=broken) if sent.name == name else sent for sent in catalogue.REPORTS]
	patch.setattr(catalogue, "REPORTS", reports)
	return broken


def notices_to(user: str) -> list[str]:
	return frappe.get_all("Notification Log", {"for_user": user}, pluck="subject")


# --- A report that raises an error


def test_a_report_that_raises_an_error_keeps_no_other_back(
	courier: couriers.Courier, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	"""Policy: QA-12"""
	broken = break_report(monkeypatch, WEEKLY)
	moment.set("2026-04-12 08:00")
	desk.tick()
	assert set(desk.states(report=DAILY)) == {"Queued"}
	assert set(desk.states(report=DEPARTMENTS)) == {"Queued"}
	assert desk.states(report=WEEKLY) == ["Failed", "Failed"]
	(run,) = desk.runs(report=WEEKLY)
	assert (run.state, run.error) == ("Failed", "ZeroDivisionError")
	# What an error says may be of others: readers of the row learn its kind alone.
	assert not [row for row in desk.ledger(report=WEEKLY) if "divide" in row.why_not]
	assert "divide by" in frappe.get_all("Error Log", pluck="error", limit=1)[0]
	assert desk.open_gaps() == [f"Failed:{WEEKLY}:2026-04-05..2026-04-11:"]
	assert any(WEEKLY in text for text in notices_to(courier.qa))
	broken.is_mended = True
	moment.later(minutes=5)
	desk.tick()
	assert desk.states(report=WEEKLY) == ["Queued", "Queued"]
	assert [run.state for run in desk.runs(report=WEEKLY)] == ["Made"]
	assert not desk.open_gaps()


def test_it_is_tried_at_every_run_first_and_hourly_later(
	courier: couriers.Courier, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	broken = break_report(monkeypatch, DAILY, courier.tsm[0])
	moment.set(MORNING)
	desk.tick()
	assert broken.times == 1
	for _tick in range(14):
		moment.later(minutes=5)
		desk.tick()
	assert broken.times == 4
	assert len([text for text in notices_to(courier.qa) if "could not be made" in text]) == 1
	assert desk.states() == ["Failed", "Queued"]


def test_a_report_whose_making_fails_is_made_later(
	courier: couriers.Courier, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	"""Policy: TSM-13"""
	made = []

	def make(run: object, now: int) -> None:
		made.append(run.period_key)
		if len(made) < 3:
			raise ValueError("The month is not closed")

	desk.send_only(monkeypatch, DAILY, WEEKLY)
	catalogue.REPORTS[1] = catalogue.REPORTS[1]._replace(make=make)
	moment.set("2026-04-12 08:00")
	desk.tick()
	(run,) = desk.runs(report=WEEKLY)
	assert (run.state, run.tries, run.error) == ("Failed", 1, "ValueError")
	assert set(desk.states(report=DAILY)) == {"Queued"}
	desk.mails_arrive()
	moment.later(hours=1)
	desk.tick()
	assert desk.open_gaps() == [f"Not Made:{WEEKLY}:2026-04-05..2026-04-11:"]
	moment.later(minutes=5)
	desk.tick()
	assert [run.state for run in desk.runs(report=WEEKLY)] == ["Made"]
	desk.tick()
	assert len(made) == 3
	assert not desk.ledger(report=WEEKLY)
	assert not desk.open_gaps()


@pytest.mark.parametrize("way", ["sent", "acknowledged"])
def test_a_run_is_made_once_everybody_has_it_whatever_failed_last(
	courier: couriers.Courier, moment: Moment, monkeypatch: pytest.MonkeyPatch, way: str
) -> None:
	"""Policy: QA-12"""
	moment.set(MORNING)
	broken = break_report(monkeypatch, DAILY, courier.tsm[0])
	desk.tick()
	assert [run.state for run in desk.runs()] == ["Failed"]
	broken.is_mended = True
	(row,) = desk.ledger(state="Failed")
	if way == "acknowledged":
		frappe.db.set_value("Report Delivery", row.name, "cause", "Mail")
		content.keep(row.name, "{}")
		web.call(row.recipient, f"{API}.shown", delivery=row.name)
		web.call(row.recipient, f"{API}.acknowledge", delivery=row.name)
	else:
		with monkeypatch.context() as patch:
			patch.setattr(outgoing, "queue", lambda letter: 1 / 0)
			moment.later(minutes=5)
			desk.tick()
		assert desk.ledger(name=row.name)[0].why_not.startswith("The mail could not be made")
		moment.later(minutes=65)
		desk.tick()
		assert desk.states(name=row.name) == ["Queued"]
	desk.mails_arrive()
	desk.tick()
	assert [run.state for run in desk.runs()] == ["Made"]
	assert not desk.open_gaps()


# --- The mail account


def test_a_day_without_a_mail_account_loses_nothing_and_sends_nothing_twice(
	courier: couriers.Courier, moment: Moment
) -> None:
	couriers.switch_outgoing_account(on=False)
	moment.set(MORNING)
	desk.tick()
	assert desk.states() == ["Failed", "Failed"]
	missing = [f"Failed:{DAILY}:2026-04-05:{user}" for user in courier.tsm]
	assert sorted(desk.open_gaps()) == sorted([*missing, "Mail Account"])
	desk.pass_time(moment, hours=23)
	assert not desk.mails()
	couriers.switch_outgoing_account(on=True)
	desk.pass_time(moment, hours=2)
	for user in courier.tsm:
		assert len(desk.mails(user)) == 2
	desk.mails_arrive()
	desk.tick()
	assert set(desk.states()) == {"Sent"}
	moment.later(minutes=5)
	desk.tick()
	assert not desk.open_gaps()


def test_mails_that_wait_in_the_queue_are_missed_and_then_arrive(
	courier: couriers.Courier, moment: Moment
) -> None:
	moment.set(MORNING)
	desk.tick()
	moment.later(minutes=35)
	desk.tick()
	waiting = [f"Not Sent:{DAILY}:2026-04-05:{user}" for user in courier.tsm]
	assert sorted(desk.open_gaps()) == sorted([*waiting, "Mail Account"])
	(parts,) = [web.get(courier.qa, f"{web.METHOD}/{API}.preview", day="2026-04-06")["signs"]]
	assert {"Mail Account"} <= {sign["part"] for sign in parts if sign["is_dead"]}
	desk.mails_arrive()
	moment.later(minutes=5)
	desk.tick()
	assert set(desk.states()) == {"Sent"}
	assert not desk.open_gaps()
	assert len(desk.mails()) == 2


def test_a_mail_that_was_given_up_is_sent_again_as_the_same_mail(
	courier: couriers.Courier, moment: Moment
) -> None:
	moment.set(MORNING)
	desk.tick()
	first, second = desk.ledger()
	frappe.db.set_value("Email Queue", first.email_queue, {"status": "Error", "error": "554 refused"})
	frappe.db.set_value("Email Queue", second.email_queue, "status", "Sent")
	moment.later(minutes=5)
	desk.tick()
	row = desk.ledger(recipient=first.recipient)[0]
	assert (row.state, row.why_not) == ("Failed", "554 refused")
	assert desk.open_gaps() == [f"Failed:{DAILY}:2026-04-05:{first.recipient}"]
	with pytest.raises(frappe.ValidationError):
		web.call(courier.qa, f"{API}.send_again", delivery=second.name)
	with pytest.raises(frappe.PermissionError):
		web.call(courier.tsm[0], f"{API}.send_again", delivery=first.name)
	web.call(courier.qa, f"{API}.send_again", delivery=first.name)
	assert frappe.db.get_value("Email Queue", first.email_queue, "status") == "Not Sent"
	desk.mails_arrive()
	desk.tick()
	assert set(desk.states()) == {"Sent"}
	assert len(desk.mails()) == 2
	assert not desk.open_gaps()


# --- People whom it cannot reach


def test_who_is_disabled_or_has_no_address_is_named_and_the_others_get_theirs(
	courier: couriers.Courier, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	moment.set(MORNING)
	gone, there = courier.tsm
	making.make_due(moment.now)
	frappe.db.set_value("User", gone, "enabled", 0)
	frappe.clear_document_cache("User", gone)
	desk.tick()
	assert [(row.recipient, row.state) for row in desk.ledger()] == [(gone, "Failed"), (there, "Queued")]
	assert desk.open_gaps() == [f"Disabled:{DAILY}:2026-04-05:{gone}"]
	frappe.db.set_value("User", gone, {"enabled": 1, "email": ""})
	desk.tick()
	assert desk.open_gaps() == [f"No Address:{DAILY}:2026-04-05:{gone}"]
	desk.mails_arrive()
	frappe.db.set_value("User", gone, "email", gone)
	moment.later(hours=1)
	desk.tick()
	assert desk.states() == ["Queued", "Sent"]
	assert not desk.open_gaps()


def test_who_is_no_reader_any_more_gets_nothing(courier: couriers.Courier, moment: Moment) -> None:
	"""Policy: CORE-13"""
	answers = {"answer": lambda asked: escalated_tickets.run(asked.days)}
	catalogue.REPORTS[0] = catalogue.REPORTS[0]._replace(**answers)
	moment.set(MORNING)
	frappe.db.delete("Has Role", {"parent": courier.tsm[0], "role": "TSM Agent"})
	frappe.clear_cache(user=courier.tsm[0])
	desk.tick()
	first, second = desk.ledger()
	assert (first.state, first.content, second.state) == ("Failed", None, "Queued")
	assert desk.open_gaps() == [f"Failed:{DAILY}:2026-04-05:{courier.tsm[0]}"]


def test_a_report_without_recipients_is_missed(courier: couriers.Courier, moment: Moment) -> None:
	frappe.db.delete("HD Team Member", {"parent": courier.tsm_team})
	moment.set(MORNING)
	desk.tick()
	assert desk.open_gaps() == [f"No Recipient:{DAILY}:2026-04-05:"]


def test_a_gap_that_was_put_aside_by_hand_stays_closed(courier: couriers.Courier, moment: Moment) -> None:
	frappe.db.delete("HD Team Member", {"parent": courier.tsm_team})
	moment.set(MORNING)
	desk.tick()
	name = frappe.db.get_value("Escalation Finding", {"kind": "Report Not Made", "state": "Open"})
	web.put(courier.qa, f"{web.RESOURCE}/Escalation Finding/{name}", state="Closed")
	moment.later(minutes=5)
	desk.tick()
	assert not desk.open_gaps()


def test_the_last_run_is_a_sign_of_life(courier: couriers.Courier, moment: Moment) -> None:
	desk.tick()
	assert heartbeat.worker() == moment.now
	moment.later(minutes=21)
	dead = {sign.part.value for sign in heartbeat.signs(moment.now) if sign.is_dead}
	assert "Worker" in dead
