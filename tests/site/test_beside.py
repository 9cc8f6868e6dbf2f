"""What lies beside our documents: no head reads what others say of their departments, and nobody writes unread."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest
from frappe.desk.form import assign_to, load

from core_helpdesk.monthly import acts
from core_helpdesk.setup import monthly_workflow as flow
from tests.site import courier as couriers
from tests.site import monthly_desk as desks
from tests.site import web
from tests.site.factories import as_user, make_agent, make_user
from tests.site.moments import moment_from

if TYPE_CHECKING:
	from frappe.model.document import Document

REPORT, RUN, DELIVERY = "Monthly Report", "Report Run", "Report Delivery"
ADD_COMMENT = "frappe.desk.form.utils.add_comment"
SAID = "The head of the other department must go"

moment = moment_from("2026-03-01 09:00")
desk = desks.desk_fixture


def comment(user: str, report: Document) -> None:
	named = {"reference_doctype": report.doctype, "reference_name": report.name}
	web.call(user, ADD_COMMENT, **named, content=SAID, comment_email=user, comment_by=user)


def attach(user: str, report: Document, **more: object) -> None:
	values = {"file_name": f"{frappe.generate_hash()}.txt", "content": "All departments", "is_private": 1}
	place = {"attached_to_doctype": report.doctype, "attached_to_name": report.name}
	with as_user(user):
		frappe.get_doc({"doctype": "File", **values, **place, **more}).insert()


def assign(user: str, report: Document) -> None:
	named = {"reference_type": report.doctype, "reference_name": report.name}
	web.post(user, f"{web.RESOURCE}/ToDo", **named, allocated_to=user, description=SAID)


def answer(user: str, doctype: str, name: str) -> Document:
	"""A mail that comes back, as mail intake files it."""
	values = {"communication_type": "Communication", "communication_medium": "Email", "subject": "Re"}
	place = {"reference_doctype": doctype, "reference_name": name}
	sent = {"sender": user, "recipients": couriers.REPLY_TO, "content": SAID, "sent_or_received": "Received"}
	return frappe.get_doc({"doctype": "Communication", **values, **place, **sent}).insert()


def opened(user: str, report: Document) -> dict:
	"""What comes with the report's form."""
	with as_user(user):
		frappe.local.response = frappe._dict(docs=[])
		load.get_docinfo(doctype=report.doctype, name=report.name)
		return frappe.local.response.docinfo


def test_heads_find_nothing_beside_the_report_that_they_get(desk: frappe._dict) -> None:
	"""Policy: TSM-13, CORE-13"""
	report = desks.make(flow.TSM_REPORT)
	makers = desk.tsm[0]
	for write in (comment, attach, assign):
		with pytest.raises(frappe.PermissionError):
			write(makers, report)
	desks.take(makers, report, flow.SEND)
	for user in (desk.manager, desk.own_head, makers):
		for write in (comment, attach, assign):
			with pytest.raises(frappe.PermissionError):
				write(user, report)
	answer(desk.general_manager, report.doctype, report.name)
	with as_user(makers):
		acts.tell(report.reload(), [desk.general_manager], lambda: "{0} waits for your signature.")
	info = opened(desk.own_head, report)
	for beside in ("communications", "automated_messages", "comments", "attachments", "assignments"):
		assert not info[beside], beside
	assert SAID not in frappe.as_json(info)
	assert desk.general_manager not in frappe.as_json(info["communications"])


def test_letters_of_that_report_lie_with_its_run(desk: frappe._dict) -> None:
	"""Policy: TSM-13"""
	values = {"report": flow.TSM_REPORT, "period_key": desks.MONTH, "state": "Made"}
	run = frappe.get_doc({"doctype": RUN, "title": "Run", **values})
	run.set_new_name()
	run.db_insert()
	desks.make(flow.TSM_REPORT)
	filed = frappe.get_all("Communication", {"subject": ("like", "%add your comments%")}, ["*"])
	assert {mail.recipients for mail in filed} == set(desk.tsm)
	assert {(mail.reference_doctype, mail.reference_name) for mail in filed} == {(RUN, run.name)}
	for user in (desk.own_head, desk.other_head):
		with pytest.raises(frappe.PermissionError):
			web.get(user, f"{web.RESOURCE}/{RUN}/{run.name}")


def test_other_reports_keep_what_their_readers_write(desk: frappe._dict) -> None:
	report = desks.make(flow.QA_REPORT)
	comment(desk.qa, report)
	attach(desk.qa, report)
	assign(desk.manager, report)
	filed = answer(desk.manager, report.doctype, report.name)
	assert filed.reference_name == report.name
	with pytest.raises(frappe.ValidationError):
		attach(desk.qa, report, is_private=0)


def test_an_answer_to_a_report_does_not_lie_on_its_record(desk: frappe._dict) -> None:
	"""It quotes what others who read the record may not see.

	Policy: CORE-13, TSM-12
	"""
	row = frappe.get_doc({"doctype": DELIVERY, "title": "Day", "recipient": desk.tsm[0], "state": "Sent"})
	row.set_new_name()
	row.db_insert()
	filed = answer(desk.tsm[0], DELIVERY, row.name)
	assert not (filed.reference_doctype or filed.reference_name)
	assert SAID in filed.content


def test_nobody_writes_beside_what_they_may_not_read(desk: frappe._dict) -> None:
	"""Policy: CORE-13"""
	report = desks.make(flow.QA_REPORT)
	customer = make_user()
	frappe.db.set_value("User", customer, "user_type", "Website User")
	for user in (customer, make_agent(), desk.own_head, make_user("System Manager")):
		for write in (comment, assign):
			with pytest.raises(frappe.PermissionError):
				write(user, report)
		with as_user(user):
			mine = {"description": SAID, "allocated_to": user}
			todo = frappe.get_doc({"doctype": "ToDo", **mine}).insert()
		moved = {"reference_type": report.doctype, "reference_name": report.name}
		with pytest.raises(frappe.PermissionError):
			web.put(user, f"{web.RESOURCE}/ToDo/{todo.name}", **moved)
	assert not frappe.get_all("Comment", {"reference_name": report.name, "content": ("like", f"%{SAID}%")})
	assert not frappe.db.get_value(REPORT, report.name, "_assign")


def test_tickets_are_assigned_as_before(desk: frappe._dict) -> None:
	ticket = frappe.get_all("HD Ticket", pluck="name")[0]
	agent = make_agent()
	with as_user(agent):
		assign_to.add({"doctype": "HD Ticket", "name": ticket, "assign_to": [agent]})
	assert agent in frappe.db.get_value("HD Ticket", ticket, "_assign")
