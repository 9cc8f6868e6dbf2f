"""A report that is returned goes out anew, as a corrected one, and what people were to get of it goes to who acts now."""

from __future__ import annotations

import frappe
import pytest

from core_helpdesk import config
from core_helpdesk.escalations import going_live
from core_helpdesk.escalations.people import Recipient
from core_helpdesk.sending import catalogue, delivering, editions, making
from core_helpdesk.setup import monthly_workflow as flow
from tests.site import courier as couriers
from tests.site import mail_reading, monthly_desk, web
from tests.site import sending_desk as desk
from tests.site.at_once import DONE, at_once
from tests.site.factories import make_user
from tests.site.moments import Moment, moment_from

API = "core_helpdesk.report_sending_api"
QA, TSM = flow.QA_REPORT, flow.TSM_REPORT
REFERENCE = ("Tracing Month", "2026-03")

moment = moment_from("2026-03-10 09:00")


@pytest.fixture
def people(moment: Moment, monkeypatch: pytest.MonkeyPatch) -> frappe._dict:
	"""A month that is over, on a site that sends nothing but its reports."""
	found = monthly_desk.make_monthly_desk(moment)
	monthly_desk.mail_reports(monkeypatch)
	return found


def rows(report: frappe.model.document.Document, **wanted: object) -> list[frappe._dict]:
	return desk.ledger(report=report.kind, **wanted)


def standing(report: frappe.model.document.Document, user: str) -> list[tuple[int, str]]:
	return sorted((row.edition, row.state) for row in rows(report, recipient=user))


def returned(people: frappe._dict, report: frappe.model.document.Document) -> None:
	monthly_desk.take(people.manager, report, flow.RETURN, "Explain the second week")


# --- Editions


def is_held(mail: str) -> bool:
	"""Whether a mail can leave no more, whoever tells it to."""
	left = frappe.db.exists("Email Queue Recipient", {"parent": mail})
	return frappe.db.get_value("Email Queue", mail, "status") == "Expired" and not left


def test_a_report_that_was_returned_is_delivered_anew_and_says_so(
	people: frappe._dict, moment: Moment
) -> None:
	"""Policy: QA-12"""
	report = monthly_desk.make(QA)
	monthly_desk.take(people.qa, report, flow.SUBMIT)
	desk.tick()
	desk.mails_arrive()
	moment.later(minutes=5)
	desk.tick()
	(first,) = rows(report, recipient=people.manager)
	assert (first.edition, first.state, first.is_replaced) == (1, "Sent", 0)
	web.call(people.manager, f"{API}.shown", delivery=first.name)
	web.call(people.manager, f"{API}.acknowledge", delivery=first.name)
	returned(people, report)
	monthly_desk.take(people.qa, report, flow.SUBMIT)
	moment.later(minutes=5)
	desk.tick()
	assert standing(report, people.manager) == [(1, "Acknowledged"), (2, "Queued")]
	assert [row.is_replaced for row in rows(report, recipient=people.manager, edition=1)] == [1]
	(second,) = rows(report, recipient=people.manager, edition=2)
	shown = web.call(people.manager, f"{API}.shown", delivery=second.name)
	assert "(corrected)" in shown["title"] and shown["may_acknowledge"]
	mail = frappe.db.get_value("Email Queue", second.email_queue, "message")
	assert mail_reading.subject_of(mail).endswith("waits for your review (corrected)")
	# Who signs it gets the edition that was reviewed, once.
	monthly_desk.take(people.manager, report, flow.REVIEW)
	desk.tick()
	assert standing(report, people.general_manager) == [(2, "Queued")]


def test_what_waits_when_a_report_is_returned_goes_to_nobody(people: frappe._dict, moment: Moment) -> None:
	"""Policy: QA-12"""
	# Friday: a day off.
	moment.set("2026-04-03 10:00")
	report = monthly_desk.make(QA)
	monthly_desk.take(people.qa, report, flow.SUBMIT)
	assert standing(report, people.manager) == [(1, "Due")]
	returned(people, report)
	(row,) = rows(report)
	assert (row.state, row.is_replaced) == ("Withdrawn", 1) and "returned" in row.why_not
	moment.set("2026-04-05 08:00")
	desk.tick()
	assert not desk.mails()
	assert not [key for key in desk.open_gaps() if people.manager in key]
	with pytest.raises(frappe.ValidationError):
		web.call(people.qa, f"{API}.send_again", delivery=row.name)
	monthly_desk.take(people.qa, report, flow.SUBMIT)
	desk.tick()
	assert standing(report, people.manager) == [(1, "Withdrawn"), (2, "Queued")]


def test_a_mail_that_has_not_left_is_held(people: frappe._dict, moment: Moment) -> None:
	report = monthly_desk.make(QA)
	monthly_desk.take(people.qa, report, flow.SUBMIT)
	desk.tick()
	(row,) = rows(report)
	returned(people, report)
	assert standing(report, people.manager) == [(1, "Withdrawn")]
	assert is_held(row.email_queue)
	shown = web.call(people.manager, f"{API}.shown", delivery=row.name)
	assert shown["content"] is None and not shown["may_acknowledge"]


def test_a_report_that_could_not_be_written_for_somebody_is_missed_no_longer(
	people: frappe._dict, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	def broken(asked: object) -> None:
		raise ZeroDivisionError("No tickets to divide by")

	couriers.set_settings(reports_from="2026-04-01 07:00")
	desk.tick()
	report = frappe.get_doc("Monthly Report", {"kind": QA, "month": monthly_desk.MONTH})
	whole = catalogue.REPORTS
	monkeypatch.setattr(catalogue, "REPORTS", [sent._replace(content=broken) for sent in whole])
	monthly_desk.take(people.qa, report, flow.SUBMIT)
	desk.tick()
	assert [run.state for run in desk.runs(report=QA)] == ["Failed"]
	returned(people, report)
	desk.tick()
	assert [run.state for run in desk.runs(report=QA)] == ["Made"]
	assert not [key for key in desk.open_gaps() if QA in key]


def test_a_mail_that_is_leaving_is_followed_to_its_end(people: frappe._dict, moment: Moment) -> None:
	report = monthly_desk.make(QA)
	monthly_desk.take(people.qa, report, flow.SUBMIT)
	desk.tick()
	(row,) = rows(report)
	frappe.db.set_value("Email Queue", row.email_queue, "status", "Sending")
	returned(people, report)
	assert standing(report, people.manager) == [(1, "Queued")]
	desk.mails_arrive()
	desk.tick()
	assert standing(report, people.manager) == [(1, "Sent")]


@pytest.mark.parametrize("status", ["Not Sent", "Error"])
def test_a_mail_that_comes_to_a_halt_while_it_leaves_does_not_go_out_later(
	people: frappe._dict, moment: Moment, status: str
) -> None:
	"""Policy: QA-12"""
	report = monthly_desk.make(QA)
	monthly_desk.take(people.qa, report, flow.SUBMIT)
	desk.tick()
	(row,) = rows(report)
	frappe.db.set_value("Email Queue", row.email_queue, "status", "Sending")
	returned(people, report)
	desk.tick()
	assert standing(report, people.manager) == [(1, "Queued")]
	frappe.db.set_value("Email Queue", row.email_queue, {"status": status, "error": "timed out"})
	monthly_desk.take(people.qa, report, flow.SUBMIT)
	desk.tick()
	assert standing(report, people.manager) == [(1, "Withdrawn"), (2, "Queued")]
	assert is_held(row.email_queue)


def test_what_failed_before_a_return_is_not_sent_again(people: frappe._dict, moment: Moment) -> None:
	"""Policy: QA-12"""
	report = monthly_desk.make(QA)
	monthly_desk.take(people.qa, report, flow.SUBMIT)
	desk.tick()
	(row,) = rows(report)
	frappe.db.set_value("Email Queue", row.email_queue, {"status": "Error", "error": "timed out"})
	desk.tick()
	assert standing(report, people.manager) == [(1, "Failed")]
	# As it stands where the mail was leaving when the report came back.
	frappe.db.set_value("Report Delivery", row.name, "is_replaced", 1)
	assert not web.call(people.qa, f"{API}.shown", delivery=row.name)["may_send_again"]
	with pytest.raises(frappe.ValidationError, match="returned to its makers"):
		web.call(people.qa, f"{API}.send_again", delivery=row.name)
	moment.later(hours=2)
	desk.tick()
	assert standing(report, people.manager) == [(1, "Withdrawn")]


def test_a_draft_is_mailed_to_nobody(people: frappe._dict, moment: Moment) -> None:
	"""Though nobody withdrew what waits, as after an import."""
	moment.set("2026-04-03 10:00")
	report = monthly_desk.make(QA)
	monthly_desk.take(people.qa, report, flow.SUBMIT)
	frappe.db.set_value("Monthly Report", report.name, "workflow_state", flow.MADE)
	moment.set("2026-04-05 08:00")
	desk.tick()
	assert standing(report, people.manager) == [(1, "Withdrawn")]
	monthly_desk.take(people.qa, report.reload(), flow.SUBMIT)
	desk.tick()
	assert standing(report, people.manager) == [(1, "Withdrawn"), (2, "Queued")]


@pytest.mark.committed
def test_what_is_withdrawn_while_it_is_sent_does_not_go_out(
	snapshot: object, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	"""Policy: QA-12"""
	desk.send_only(monkeypatch, desk.DEPARTMENTS)
	now = moment.set(desk.SUNDAY)
	courier = desk.open_desk()
	everybody = [Recipient(user, "QA Specialist") for user in (courier.qa, *courier.tsm)]
	making.deliver(desk.DEPARTMENTS, "2026-03", everybody, REFERENCE, now)
	frappe.db.commit()

	def withdraw() -> None:
		editions.withdraw(REFERENCE, now)
		frappe.db.commit()

	assert at_once(lambda: delivering.deliver_due(now), withdraw) == [DONE, DONE]
	assert set(desk.states()) == {"Withdrawn"}
	assert not desk.mails()
	assert editions.present(REFERENCE) == 2


def test_what_is_reviewed_while_nothing_is_sent_waits(people: frappe._dict, moment: Moment) -> None:
	"""Policy: QA-12"""
	report = monthly_desk.make(QA)
	monthly_desk.take(people.qa, report, flow.SUBMIT)
	going_live.switch("Observe", moment.later(minutes=5))
	monthly_desk.take(people.manager, report, flow.REVIEW)
	desk.tick()
	assert standing(report, people.general_manager) == [(1, "Due")] and not desk.mails()
	couriers.set_settings(mode="Live", reports_from=config.from_epoch(moment.later(minutes=5)))
	desk.tick()
	assert standing(report, people.general_manager) == [(1, "Queued")]


# --- Who acts now


def away_until(department: str, deputy: str, day: str) -> None:
	row = {"deputy": deputy, "absent_from": "2026-04-01", "absent_until": day}
	frappe.db.set_value("Department Head", {"parent": department}, row)


def sent_on_friday(people: frappe._dict, moment: Moment) -> frappe.model.document.Document:
	moment.set("2026-04-03 10:00")
	report = monthly_desk.make(TSM)
	monthly_desk.take(people.tsm[0], report, flow.SEND)
	return report


def test_a_head_who_is_back_gets_the_report_instead_of_the_deputy(
	people: frappe._dict, moment: Moment
) -> None:
	"""Policy: TSM-13"""
	deputy = make_user("Department Manager")
	away_until(people.own, deputy, "2026-04-04")
	report = sent_on_friday(people, moment)
	assert standing(report, deputy) == [(1, "Due")] and not standing(report, people.own_head)
	moment.set("2026-04-05 08:00")
	desk.tick()
	desk.tick()
	assert standing(report, people.own_head) == [(1, "Queued")]
	(row,) = rows(report, recipient=deputy)
	assert row.state == "Withdrawn" and "act now" in row.why_not
	assert len(desk.mails(people.own_head)) == 1
	assert not [key for key in desk.open_gaps() if deputy in key]


def test_a_deputy_who_acts_now_gets_it_and_nobody_twice(people: frappe._dict, moment: Moment) -> None:
	"""Policy: TSM-13"""
	# The other head gets the report anyway.
	report = sent_on_friday(people, moment)
	away_until(people.own, people.other_head, "2026-04-30")
	moment.set("2026-04-05 08:00")
	desk.tick()
	desk.tick()
	assert standing(report, people.own_head) == [(1, "Withdrawn")]
	assert standing(report, people.other_head) == [(1, "Queued")]


def test_what_was_sent_already_is_sent_to_no_other(people: frappe._dict, moment: Moment) -> None:
	deputy = make_user("Department Manager")
	away_until(people.own, deputy, "2026-04-04")
	report = monthly_desk.make(TSM)
	monthly_desk.take(people.tsm[0], report, flow.SEND)
	desk.tick()
	assert standing(report, deputy) == [(1, "Queued")]
	moment.set("2026-04-05 08:00")
	desk.mails_arrive()
	desk.tick()
	assert standing(report, deputy) == [(1, "Sent")] and not standing(report, people.own_head)


def test_who_heads_another_department_still_gets_theirs(people: frappe._dict, moment: Moment) -> None:
	deputy = make_user("Department Manager")
	frappe.db.set_value("Department Head", {"parent": people.other}, "head", people.own_head)
	away_until(people.other, deputy, "2026-04-02")
	report = sent_on_friday(people, moment)
	away_until(people.other, deputy, "2026-04-30")
	moment.set("2026-04-05 08:00")
	desk.tick()
	desk.tick()
	assert standing(report, people.own_head) == [(1, "Queued")]
	assert standing(report, deputy) == [(1, "Queued")]


def test_the_manager_in_office_gets_what_waited_for_the_deputy(people: frappe._dict, moment: Moment) -> None:
	"""Policy: TSM-13"""
	deputy = make_user("Customer Service Manager")
	couriers.set_settings(
		customer_service_manager_deputy=deputy,
		customer_service_manager_absent_from="2026-04-01",
		customer_service_manager_absent_until="2026-04-04",
	)
	report = sent_on_friday(people, moment)
	assert standing(report, deputy) == [(1, "Due")] and not standing(report, people.manager)
	moment.set("2026-04-05 08:00")
	desk.tick()
	desk.tick()
	assert standing(report, people.manager) == [(1, "Queued")]
	assert standing(report, deputy) == [(1, "Withdrawn")]
