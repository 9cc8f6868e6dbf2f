"""Data that is missing or wrong goes back to who entered it: with a reason, all of it listed, in their language."""

from __future__ import annotations

from html import unescape
from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk.tracing import missing_data, records, returning, screen
from tests.site import web
from tests.site.factories import as_user, make_agent, make_user, switch_mode
from tests.site.moments import Moment, forget_time_zone
from tests.site.notice_desk import CUSTOMER, mails, make_notice_desk, part
from tests.site.tracing_desk import case_of, fill, make_bare_case, make_case

if TYPE_CHECKING:
	from collections.abc import Iterator

	from frappe.model.document import Document

API = "core_helpdesk.tracing_api"
MONDAY = "2026-03-02 09:00"
WRONG = {"shipper_phone": "", "consignee_phone": "12"}


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Moment]:
	yield Moment(monkeypatch, MONDAY)
	forget_time_zone()


@pytest.fixture
def desk(moment: Moment) -> frappe._dict:
	return make_notice_desk()


def give_back(user: str, case: Document, reason: str = "Nobody answers there.") -> Document:
	web.call(user, f"{API}.return_data", case=case.name, reason=reason)
	return case.reload()


def passed_case(desk: frappe._dict, person: str, **data: object) -> Document:
	"""A case whose ticket a member of another group passed on to headquarters."""
	from tests.site.factories import make_team, make_ticket

	support = make_team(agents=(person,), ch_department=desk.department, ch_country="Saudi Arabia")
	ticket = make_ticket(group=support, customer=CUSTOMER)
	with as_user(person):
		web.put(person, f"{web.RESOURCE}/HD Ticket/{ticket.name}", agent_group=desk.headquarters)
	return fill(case_of(ticket.name), **{**WRONG, **data})


def told(user: str) -> list[frappe._dict]:
	wanted = {"for_user": user, "subject": ("like", "%needs you for tracing%")}
	return frappe.get_all("Notification Log", wanted, ["subject", "document_type", "document_name"])


def test_data_goes_back_to_who_passed_the_ticket_on_and_not_to_the_customer(desk: frappe._dict) -> None:
	person = make_agent()
	case = passed_case(desk, person)
	with as_user(desk.officer):
		assert screen.of(case, 0)["rights"]["return_data"]
	case = give_back(desk.officer, case)
	(notice,) = told(person)
	assert (notice.document_type, notice.document_name) == (records.DOCTYPE, case.name)
	said = unescape(notice.subject)
	for words in ("Nobody answers there.", "Shipper's Phone is missing", "Consignee's Phone cannot be used"):
		assert words in said
	(mail,) = mails(case)
	assert [row.recipient for row in mail.recipients] == [person]
	assert "Consignee's Phone cannot be used" in part(mail, "plain")
	assert "Copy of the Air Waybill" in part(mail, "plain")
	row = case.updates[-1]
	assert (row.by, row.contact, row.purpose) == (desk.officer, "Internal", "Returned to Who Entered It")
	assert "Nobody answers there." in row.what
	assert (row.customer_told, case.asked_on) == (0, None)


def test_it_is_listed_in_the_readers_language(desk: frappe._dict) -> None:
	person = make_agent(language="ar")
	case = give_back(desk.officer, passed_case(desk, person))
	(mail,) = mails(case)
	assert "تحتاج إليكم من أجل التعقب" in part(mail, "plain")
	assert "is missing" not in part(mail, "plain")


def test_else_it_goes_to_the_member_of_staff_who_made_the_ticket(desk: frappe._dict) -> None:
	person = make_agent()
	case = fill(make_bare_case(desk, customer=CUSTOMER), **WRONG)
	frappe.db.set_value("HD Ticket", case.ticket, "owner", person)
	frappe.db.set_value("Tracing Leg", {"parent": case.name}, "passed_by", None)
	case = give_back(desk.officer, case.reload())
	(notice,) = told(person)
	# Who may not read the case is led to the ticket.
	assert (notice.document_type, notice.document_name) == ("HD Ticket", case.ticket)


def test_else_it_goes_to_who_last_wrote_on_the_case(desk: frappe._dict) -> None:
	case = make_bare_case(desk, customer=CUSTOMER)
	colleague = make_agent("Tracing Officer")
	team = frappe.get_doc("HD Team", desk.headquarters)
	team.append("users", {"user": colleague})
	team.save()
	with as_user(colleague):
		case.update(WRONG)
		# The framework keeps no versions of what tests save.
		case.save(ignore_version=False)
	frappe.db.set_value("Tracing Leg", {"parent": case.name}, "passed_by", None)
	assert returning.who_entered(case.reload()) == colleague
	with as_user(colleague):
		assert returning.who_entered(case) == ""


def test_it_goes_back_to_no_customer_nobody_disabled_and_not_to_oneself(desk: frappe._dict) -> None:
	case = fill(make_bare_case(desk, customer=CUSTOMER), **WRONG)
	frappe.db.set_value("Tracing Leg", {"parent": case.name}, "passed_by", desk.officer)
	customer, disabled = make_user(), make_agent()
	frappe.db.set_value("User", customer, "user_type", "Website User")
	frappe.db.set_value("User", disabled, "enabled", 0)
	for owner in (customer, disabled, "Administrator", desk.officer):
		frappe.db.set_value("HD Ticket", case.ticket, "owner", owner)
		with pytest.raises(frappe.ValidationError, match="Nobody else of the staff"):
			give_back(desk.officer, case.reload())
		with as_user(desk.officer):
			assert not screen.of(case, 0)["rights"]["return_data"]


def test_only_who_works_the_case_returns_its_data_and_with_a_reason(desk: frappe._dict) -> None:
	case = passed_case(desk, make_agent())
	with pytest.raises(frappe.ValidationError, match="Please enter"):
		give_back(desk.officer, case, reason=" ")
	for stranger in (make_agent("Tracing Officer"), desk.officers["Egypt"], "Guest"):
		with pytest.raises(frappe.PermissionError):
			give_back(stranger, case)
	frappe.db.set_value(records.DOCTYPE, case.name, "status", "Closed")
	with pytest.raises(frappe.ValidationError, match="closed"):
		give_back(desk.officer, case)


def test_staff_hear_of_what_is_missing_also_where_the_customer_cannot_be_asked(desk: frappe._dict) -> None:
	person = make_agent()
	case = passed_case(desk, person)
	with as_user(desk.officer):
		missing_data.ask(records.locked(case.name))
	assert "was asked for it" in told(person)[0].subject
	frappe.db.delete("Notification Log", {"for_user": person})
	records.write(case.name, {"asked_on": None})
	frappe.db.set_value("HD Ticket", case.ticket, {"raised_by": "nobody", "contact": None})
	frappe.clear_messages()
	web.call(desk.officer, f"{API}.ask_for_missing", case=case.name)
	assert "cannot be asked by e-mail" in told(person)[0].subject
	assert "no e-mail address of a customer" in str(frappe.local.message_log)
	assert not case.reload().asked_on


def test_in_observe_there_is_a_notice_and_no_mail(desk: frappe._dict) -> None:
	person = make_agent()
	case = passed_case(desk, person)
	switch_mode("Observe")
	case = give_back(desk.officer, case)
	assert (len(told(person)), mails(case)) == (1, [])


def test_a_complete_case_may_be_returned_too(desk: frappe._dict) -> None:
	person = make_agent()
	case = make_case(desk, customer=CUSTOMER)
	frappe.db.set_value("Tracing Leg", {"parent": case.name}, "passed_by", person)
	give_back(desk.officer, case.reload(), reason="Nobody can read the description.")
	assert "Nobody can read the description." in told(person)[0].subject
