"""A mail that goes out again goes to whose report it is by then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest
from frappe.email.queue import get_queue

from core_helpdesk.reports import escalated_tickets
from core_helpdesk.sending import catalogue
from core_helpdesk.setup import monthly_workflow as flow
from tests.site import courier as couriers
from tests.site import monthly_desk, web
from tests.site import sending_desk as desk
from tests.site.factories import make_department, make_user
from tests.site.moments import Moment, moment_from
from tests.site.sending_desk import DAILY
from tests.site.test_sending_again import MORNING, WRONG_PASSWORD, give_up, given_up, status_of

if TYPE_CHECKING:
	from collections.abc import Callable

API = "core_helpdesk.report_sending_api"
NO_SUCH_USER = "smtplib.SMTPRecipientsRefused: {'x@example.com': (550, b'5.1.1 no such user')}"

moment = moment_from(desk.SUNDAY)


@pytest.fixture
def courier(moment: Moment, monkeypatch: pytest.MonkeyPatch) -> couriers.Courier:
	desk.send_only(monkeypatch, DAILY)
	return desk.open_desk()


people = monthly_desk.mailing_fixture


def send_again(qa: str, row: frappe._dict, moment: Moment) -> None:
	"""By a person's hand."""
	web.call(qa, f"{API}.send_again", delivery=row.name)
	desk.tick()


def wait_an_hour(qa: str, row: frappe._dict, moment: Moment) -> None:
	"""By itself."""
	moment.later(minutes=65)
	desk.tick()


ways = pytest.mark.parametrize("again", [send_again, wait_an_hour])


def addresses(mail: str) -> list[str]:
	return frappe.get_all("Email Queue Recipient", {"parent": mail}, pluck="recipient")


def leaving() -> dict[str, list[str]]:
	"""The mails with reports that the framework's next run sends, and to whom."""
	return {mail.name: addresses(mail.name) for mail in get_queue() if mail.name in message_ids()}


def message_ids() -> dict[str, str]:
	rows = frappe.get_all("Email Queue", {"reference_doctype": "Report Delivery"}, ["name", "message_id"])
	return {row.name: row.message_id for row in rows}


def standing(name: str) -> frappe._dict:
	return desk.ledger(name=name)[0]


# --- Whose mail it is


@ways
def test_nothing_has_changed_and_every_mail_goes_out_as_itself(
	people: frappe._dict, moment: Moment, again: Callable
) -> None:
	"""Policy: QA-12"""
	moment.set("2026-04-05 08:00")
	monthly_desk.take(people.tsm[0], monthly_desk.make(flow.TSM_REPORT), flow.SEND)
	desk.tick()
	rows, before = desk.ledger(report=flow.TSM_REPORT, state="Queued"), message_ids()
	assert {"Department Head", "QA Specialist", "Customer Service Manager"} <= {row.capacity for row in rows}
	for row in rows:
		give_up(row.email_queue, WRONG_PASSWORD)
	desk.tick()
	for row in rows:
		again(people.qa, row, moment)
	assert message_ids() == before
	assert {tuple(to) for to in leaving().values()} == {(row.recipient,) for row in rows}


@ways
def test_who_is_renamed_gets_it_at_the_new_address(
	courier: couriers.Courier, moment: Moment, again: Callable
) -> None:
	"""Policy: QA-12"""
	row = given_up(moment, NO_SUCH_USER if again is send_again else WRONG_PASSWORD)
	new = frappe.rename_doc("User", row.recipient, f"new-{row.recipient}", force=True)
	again(courier.qa, row, moment)
	assert list(leaving().values()) == [[new]]
	assert (status_of(row.email_queue), addresses(row.email_queue)) == ("Expired", [])
	(mail,) = leaving()
	assert standing(row.name).email_queue == mail
	desk.mails_arrive()
	moment.later(minutes=5)
	desk.tick()
	assert (standing(row.name).state, len(desk.mails(new))) == ("Sent", 1)
	assert not [key for key in desk.open_gaps() if new in key]


@ways
def test_a_new_head_gets_what_the_former_one_was_not_reached_with(
	people: frappe._dict, moment: Moment, again: Callable
) -> None:
	"""Policy: TSM-13"""
	moment.set("2026-04-05 08:00")
	monthly_desk.take(people.tsm[0], monthly_desk.make(flow.TSM_REPORT), flow.SEND)
	desk.tick()
	desk.mails_arrive()
	(row,) = desk.ledger(recipient=people.own_head)
	give_up(row.email_queue, NO_SUCH_USER if again is send_again else WRONG_PASSWORD)
	desk.tick()
	new_head = make_user("Department Manager")
	frappe.db.set_value("Department Head", {"parent": people.own}, "head", new_head)
	again(people.qa, row, moment)
	desk.tick()
	assert desk.states(recipient=people.own_head) == ["Withdrawn"]
	assert desk.states(recipient=new_head) == ["Queued"]
	assert list(leaving().values()) == [[new_head]]


@ways
def test_nothing_leaves_to_who_is_disabled_before_they_are_enabled(
	courier: couriers.Courier, moment: Moment, again: Callable
) -> None:
	"""Policy: CORE-13"""
	row = given_up(moment)
	frappe.db.set_value("User", row.recipient, "enabled", 0)
	again(courier.qa, row, moment)
	send_again(courier.qa, row, moment)
	assert standing(row.name).why_not.endswith("is disabled.")
	assert not leaving()
	frappe.db.set_value("User", row.recipient, "enabled", 1)
	moment.later(minutes=65)
	desk.tick()
	assert list(leaving().values()) == [[row.recipient]]
	assert standing(row.name).state == "Queued"


@ways
def test_who_left_ticketing_system_management_gets_no_more_than_they_may_read_now(
	courier: couriers.Courier, moment: Moment, again: Callable
) -> None:
	"""Policy: CORE-13, TSM-12"""
	answers = {"answer": lambda asked: escalated_tickets.run(asked.days)}
	catalogue.REPORTS[0] = catalogue.REPORTS[0]._replace(**answers)
	row = given_up(moment)
	frappe.db.delete("HD Team Member", {"parent": courier.tsm_team, "user": row.recipient})
	frappe.db.delete("Has Role", {"parent": row.recipient, "role": "TSM Agent"})
	frappe.clear_cache(user=row.recipient)
	again(courier.qa, row, moment)
	assert not leaving()
	assert standing(row.name).state == "Failed"
	assert standing(row.name).why_not.endswith("is not a reader of this report.")


@pytest.mark.parametrize("is_named", [True, False])
def test_a_mail_to_a_further_recipient_is_theirs_as_long_as_they_are_named(
	courier: couriers.Courier, moment: Moment, is_named: bool
) -> None:
	"""Policy: TSM-09"""
	further = make_user("Department Manager")
	settings = frappe.get_doc("Core Helpdesk Settings")
	settings.append("report_recipients", {"report": DAILY, "user": further})
	settings.save()
	moment.set(MORNING)
	desk.tick()
	(row,) = desk.ledger(recipient=further)
	give_up(row.email_queue, WRONG_PASSWORD)
	moment.later(minutes=5)
	desk.tick()
	settings.set("report_recipients", settings.report_recipients if is_named else [])
	settings.save()
	wait_an_hour(courier.qa, row, moment)
	assert (leaving().get(row.email_queue) == [further]) is is_named
	assert status_of(row.email_queue) == ("Not Sent" if is_named else "Expired")


def test_who_does_not_see_all_any_more_gets_what_they_see_now(
	courier: couriers.Courier, moment: Moment
) -> None:
	"""Policy: CORE-13"""
	deputy = make_user("Department Manager", "Customer Service Manager")
	make_department(head=deputy)
	settings = frappe.get_doc("Core Helpdesk Settings")
	settings.append("report_recipients", {"report": DAILY, "user": deputy})
	settings.save()
	couriers.set_settings(
		customer_service_manager_deputy=deputy,
		customer_service_manager_absent_from="2026-04-01",
		customer_service_manager_absent_until="2026-04-30",
	)
	moment.set(MORNING)
	desk.tick()
	(row,) = desk.ledger(recipient=deputy)
	give_up(row.email_queue, WRONG_PASSWORD)
	moment.later(minutes=5)
	desk.tick()
	couriers.set_settings(customer_service_manager_absent_until="2026-04-02")
	wait_an_hour(courier.qa, row, moment)
	assert status_of(row.email_queue) == "Expired"
	(mail,) = [mail for mail, to in leaving().items() if to == [deputy]]
	assert mail == standing(row.name).email_queue != row.email_queue


@ways
def test_a_copy_for_the_account_makes_no_other_mail(
	courier: couriers.Courier, moment: Moment, again: Callable
) -> None:
	if not frappe.get_meta("Email Account").has_field("always_bcc"):
		pytest.skip("this framework keeps no copy for an account")
	frappe.db.set_value("Email Account", {"default_outgoing": 1}, "always_bcc", "archive@example.com")
	row = given_up(moment)
	assert sorted(addresses(row.email_queue)) == sorted([row.recipient, "archive@example.com"])
	again(courier.qa, row, moment)
	assert (standing(row.name).email_queue, status_of(row.email_queue)) == (row.email_queue, "Not Sent")
	give_up(row.email_queue, NO_SUCH_USER)
	copied = {"parent": row.email_queue, "recipient": "archive@example.com"}
	frappe.db.set_value("Email Queue Recipient", copied, "status", "Sent")
	moment.later(minutes=5)
	desk.tick()
	new = frappe.rename_doc("User", row.recipient, f"new-{row.recipient}", force=True)
	send_again(courier.qa, row, moment)
	assert status_of(row.email_queue) == "Expired"
	assert new in addresses(standing(row.name).email_queue)


def test_one_that_is_made_anew_by_itself_is_told_of_once_and_not_tried_for_ever(
	courier: couriers.Courier, moment: Moment
) -> None:
	"""Who left Ticketing System Management and reads reports all the same."""
	row = given_up(moment)
	frappe.db.delete("HD Team Member", {"parent": courier.tsm_team, "user": row.recipient})
	for _try in range(4):
		moment.later(hours=24)
		desk.tick()
		assert standing(row.name).state == "Failed"
		assert addresses(row.email_queue) == []
		give_up(standing(row.name).email_queue, WRONG_PASSWORD)
	key = f"Failed:{DAILY}:2026-04-05:{row.recipient}"
	assert frappe.db.count("Escalation Finding", {"subject_key": key}) == 1
	moment.later(hours=2)
	desk.tick()
	assert status_of(standing(row.name).email_queue) == "Error"


def test_what_had_left_before_it_went_wrong_is_not_made_anew(
	courier: couriers.Courier, moment: Moment
) -> None:
	"""As where the mail could not be filed among those that were sent."""
	row = given_up(moment)
	frappe.db.set_value("Email Queue Recipient", {"parent": row.email_queue}, "status", "Sent")
	frappe.db.set_value("User", row.recipient, "email", "other@example.com")
	wait_an_hour(courier.qa, row, moment)
	assert standing(row.name).email_queue == row.email_queue
	assert not desk.mails("other@example.com")
