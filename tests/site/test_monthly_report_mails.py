"""Whom a Monthly Report goes to, who is told that it waits for them, and that nobody is reminded without end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe

from core_helpdesk import config
from core_helpdesk.monthly import acts, making, reading, reminders
from core_helpdesk.setup import monthly_workflow as flow
from tests.site import monthly_desk as desks
from tests.site import web
from tests.site.factories import as_user, make_agent, make_user, switch_mode
from tests.site.moments import Moment, moment_from
from tests.site.monthly_desk import DOCTYPE, make, take

if TYPE_CHECKING:
	from frappe.model.document import Document

APPLY = "frappe.model.workflow.apply_workflow"

moment = moment_from("2026-03-01 09:00")
desk = desks.desk_fixture


def told(user: str) -> int:
	return frappe.db.count("Notification Log", {"document_type": DOCTYPE, "for_user": user})


def mails(report: Document, user: str) -> list[str]:
	"""What was said to a person by mail, that a report was made left out."""
	# Those of a report that heads get do not lie on it.
	told = {"reference_doctype": ("!=", "Report Delivery"), "subject": ("like", f"{report.kind}%")}
	sent = {**told, "recipients": user}
	subjects = frappe.get_all("Communication", sent, pluck="subject", order_by="creation")
	title = "March 2026 "
	said = (subject.partition(title)[2].rstrip(".") for subject in subjects)
	return [text for text in said if not text.startswith("is made")]


def test_it_goes_to_whom_the_policy_names(desk: frappe._dict) -> None:
	"""Policy: QA-12, TSM-13, TSM-M2"""
	today = config.from_epoch(config.now_epoch()).date()

	def goes_to(report: Document) -> set[str]:
		return {person.user for person in acts.readers(report.reload(), today)}

	report = make(flow.QA_REPORT)
	take(desk.qa, report, flow.SUBMIT)
	assert goes_to(report) == {desk.manager}
	take(desk.manager, report, flow.REVIEW)
	assert goes_to(report) == {desk.general_manager}
	report = make(flow.TSM_REPORT)
	take(desk.tsm[0], report, flow.SEND)
	heads = {desk.head, desk.own_head, desk.other_head}
	assert goes_to(report) == {*heads, desk.qa, desk.other_qa, desk.manager}
	report = make(flow.ESCALATION_REPORT)
	take(desk.tsm[0], report, flow.SEND)
	assert goes_to(report) == {desk.manager}


def test_each_of_them_has_one_row_in_the_ledger(desk: frappe._dict) -> None:
	report = make(flow.TSM_REPORT)
	take(desk.tsm[0], report, flow.SEND)
	rows = frappe.get_all(
		"Report Delivery", {"reference_name": report.name}, ["recipient", "report", "period_key"]
	)
	assert {desk.own_head, desk.qa, desk.manager} <= {row.recipient for row in rows}
	assert {(row.report, row.period_key) for row in rows} == {(flow.TSM_REPORT, desks.MONTH)}
	assert len(rows) == len({row.recipient for row in rows})


def test_a_step_that_waits_is_reminded_of(desk: frappe._dict, moment: Moment) -> None:
	"""Policy: QA-M1"""
	report = make(flow.QA_REPORT)
	take(desk.qa, report, flow.SUBMIT)
	before = told(desk.manager)
	assert reminders.remind(moment.later(days=1)) == []
	assert reminders.remind(moment.later(days=7)) == [report.name]
	assert reminders.remind(moment.later(hours=1)) == []
	assert told(desk.manager) == before + 1
	assert reminders.remind(moment.later(days=8)) == [report.name]
	assert mails(report, desk.manager) == ["still waits for you"] * 2
	take(desk.manager, report, flow.REVIEW)
	take(desk.general_manager, report, flow.SIGN)
	assert reminders.remind(moment.later(days=30)) == []


def test_nobody_is_reminded_of_what_was_made_up(desk: frappe._dict, moment: Moment) -> None:
	making.make_missing(moment.set("2026-06-01 13:00"))
	reminded = reminders.remind(moment.later(days=10))
	assert {name[-7:] for name in reminded} == {"2026-05"}


def test_what_waits_for_a_person_is_counted(desk: frappe._dict, moment: Moment) -> None:
	"""Policy: QA-M1, TSM-M1, TSM-M2"""

	def waiting(user: str) -> set[str]:
		card = web.get(user, f"{web.METHOD}/{desks.API}.waiting_card")
		names = set(card["route_options"]["name"][1]) - {""}
		assert card["value"] == len(names)
		return names

	report, other = make(flow.QA_REPORT), make(flow.ESCALATION_REPORT)
	assert (waiting(desk.qa), waiting(desk.tsm[0])) == ({report.name}, {other.name})
	assert waiting(desk.manager) == waiting(desk.general_manager) == set()
	take(desk.qa, report, flow.SUBMIT)
	take(desk.tsm[0], other, flow.SEND)
	assert (waiting(desk.qa), waiting(desk.manager)) == (set(), {report.name, other.name})
	take(desk.manager, report, flow.REVIEW)
	assert (waiting(desk.manager), waiting(desk.general_manager)) == ({other.name}, {report.name})
	take(desk.general_manager, report, flow.RETURN, "Say until when")
	moment.later(days=40)
	assert waiting(desk.qa) == {report.name}
	# The framework shows every card to an admin, who reads none of the reports.
	assert waiting(make_agent()) == waiting(make_user("System Manager")) == set()


def test_months_that_were_made_up_are_kept_on_record(desk: frappe._dict, moment: Moment) -> None:
	forgotten = make(flow.QA_REPORT)
	making.make_missing(moment.set("2026-07-01 13:00"))
	found = frappe.get_all(DOCTYPE, {"kind": flow.QA_REPORT}, pluck="month", order_by="month")
	of_month = {month: frappe.get_doc(DOCTYPE, making.name_of(flow.QA_REPORT, month)) for month in found}
	kept = [month for month, report in of_month.items() if desks.shown(desk.qa, report)["is_on_record"]]
	# Those that somebody was asked for when their month was over wait, however long.
	assert (found, kept) == (["2026-03", "2026-04", "2026-05", "2026-06"], ["2026-04", "2026-05"])
	assert acts.waiting_for(desk.qa) == [forgotten.name, of_month["2026-06"].name]


def test_nobody_is_reminded_without_end(desk: frappe._dict, moment: Moment) -> None:
	report = make(flow.QA_REPORT)
	take(desk.qa, report, flow.SUBMIT)
	reminded = sum(bool(reminders.remind(moment.later(days=1))) for _day in range(90))
	assert 3 <= reminded <= 10


def test_who_is_next_hears_of_it(desk: frappe._dict) -> None:
	report = make(flow.QA_REPORT)
	take(desk.qa, report, flow.SUBMIT)
	assert (told(desk.manager), told(desk.general_manager)) == (1, 0)
	take(desk.manager, report, flow.REVIEW)
	assert told(desk.general_manager) == 1
	# The report itself goes to them, and says what it waits for.
	assert (mails(report, desk.manager), mails(report, desk.general_manager)) == ([], [])
	take(desk.general_manager, report, flow.RETURN, "Say until when")
	assert mails(report, desk.qa) == ["came back to you: Say until when"]


def test_who_is_to_sign_and_gets_no_report_is_mailed(desk: frappe._dict) -> None:
	"""Policy: TSM-M1"""
	report = make(flow.TSM_REPORT)
	take(desk.tsm[0], report, flow.SEND)
	assert mails(report, desk.general_manager) == ["waits for your signature"]
	assert mails(report, desk.manager) == []


def test_nobody_is_mailed_in_observe(desk: frappe._dict) -> None:
	switch_mode("Observe")
	report = make(flow.TSM_REPORT)
	assert mails(report, desk.tsm[0]) == []


def test_a_mail_says_what_it_waits_for(desk: frappe._dict) -> None:
	"""Policy: QA-M1"""
	report = make(flow.QA_REPORT)
	take(desk.qa, report, flow.SUBMIT)
	for user, asks in ((desk.manager, True), (desk.qa, False)):
		with as_user(user):
			content = reading.content(report.reload())
		assert content.asked == ("QA Monthly Report: March 2026 waits for your review." if asks else "")
		assert content.subject == content.asked.rstrip(".")
		assert "waits" not in content.lead
		assert content.points == tuple(reading.view(report)["summary"])
