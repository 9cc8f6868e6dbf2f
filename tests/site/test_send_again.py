"""What did not reach a person is sent once more when somebody asks for it, and only that."""

import time

import frappe
import pytest

from core_helpdesk import api, config
from core_helpdesk.escalations import again, announce, effects, sweep
from core_helpdesk.mail import delivery
from tests.site import courier as couriers
from tests.site.factories import as_user, make_ticket
from tests.site.test_effects import claimed, copy_to, later, open_findings


def carry_out(hours: float) -> dict[str, int]:
	return effects.run(later(hours), time.monotonic() + 60)


def given_up(courier: couriers.Courier, *, tickets: int = 1) -> list:
	"""Escalations whose copy was given up, since there was no account for replies; now there is one again."""
	account = config.settings().reply_to
	couriers.set_settings(reply_to="")
	made = claimed(courier, tickets=tickets)
	for attempt in range(effects.ATTEMPTS):
		carry_out(26 + 3 * attempt)
	couriers.set_settings(reply_to=account)
	return [couriers.escalation_of(ticket) for ticket in made]


def refused_by_server(courier: couriers.Courier) -> object:
	"""An escalation whose copy was queued and then refused by the mail server."""
	(ticket,) = claimed(courier)
	carry_out(25)
	escalation = couriers.escalation_of(ticket)
	queue = copy_to(escalation.name, courier.head).email_queue
	frappe.db.set_value("Email Queue", queue, {"status": "Error", "error": "550 no such mailbox"})
	delivery.watch_delivery(later())
	return escalation


def offered_to(user: str, escalation: str) -> list[str]:
	with as_user(user):
		return api.ticket_timeline("Ticket Escalation", escalation)["escalation"]["actions"]


def test_a_copy_that_was_given_up_goes_out_when_it_is_sent_again() -> None:
	courier = couriers.open_courier()
	(escalation,) = given_up(courier)
	assert copy_to(escalation.name, courier.head).delivery == "Failed"
	assert "send_again" in offered_to(courier.tsm[0], escalation.name)

	with as_user(courier.tsm[0]):
		assert api.send_again(escalation.name) == 1
	assert copy_to(escalation.name, courier.head).delivery == "Waiting"
	carry_out(60)
	assert copy_to(escalation.name, courier.head).delivery == "Queued"
	assert len(couriers.mails(courier.head)) == 1
	assert open_findings("Mail Not Delivered") == []
	assert "send_again" not in offered_to(courier.tsm[0], escalation.name)
	(logged,) = frappe.get_all(
		"Escalation Follow Up", {"parent": escalation.name, "kind": "Mail"}, pluck="note"
	)
	assert logged == "Sent again: 1"


def test_a_copy_that_the_mail_server_refused_is_queued_once_more_by_the_qa_specialist() -> None:
	courier = couriers.open_courier()
	escalation = refused_by_server(courier)
	before = len(couriers.mails(courier.head))
	with as_user(courier.qa):
		assert api.send_again(escalation.name) == 1
	carry_out(26)
	assert len(couriers.mails(courier.head)) == before + 1
	assert copy_to(escalation.name, courier.head).delivery == "Queued"
	carry_out(27)
	assert len(couriers.mails(courier.head)) == before + 1


def test_a_copy_out_of_a_failed_digest_goes_out_by_itself() -> None:
	courier = couriers.open_courier()
	couriers.set_settings(storm_threshold=1)
	escalations = given_up(courier, tickets=3)
	assert {copy_to(each.name, courier.head).delivery for each in escalations} == {"Failed"}
	again.send_again(escalations[0].name, config.now_epoch())
	carry_out(60)
	assert [copy_to(each.name, courier.head).delivery for each in escalations] == [
		"Queued",
		"Failed",
		"Failed",
	]


@pytest.mark.parametrize("who", ["head", "general_manager"])
def test_readers_of_an_escalation_cannot_send_again(who: str) -> None:
	courier = couriers.open_courier()
	escalation = refused_by_server(courier)
	user = getattr(courier, who)
	if who == "head":
		assert "send_again" not in offered_to(user, escalation.name)
	with as_user(user), pytest.raises(frappe.PermissionError):
		api.send_again(escalation.name)


def test_with_nothing_to_send_again_it_says_so_and_changes_nothing() -> None:
	courier = couriers.open_courier()
	escalation = couriers.escalation_of(couriers.escalated(courier))
	states = couriers.effects(escalation.name)
	with as_user(courier.tsm[0]), pytest.raises(frappe.ValidationError, match="has reached its readers"):
		api.send_again(escalation.name)
	assert couriers.effects(escalation.name) == states


def test_a_copy_of_a_ticket_that_is_solved_by_now_is_not_sent_again() -> None:
	courier = couriers.open_courier()
	(escalation,) = given_up(courier)
	ticket = frappe.get_doc("HD Ticket", escalation.reference_name)
	ticket.status = "Resolved"
	ticket.save()
	again.send_again(escalation.name, config.now_epoch())
	carry_out(60)
	assert couriers.mails(courier.head) == []
	assert copy_to(escalation.name, courier.head).delivery == "Not Sent"


def unannounced(courier: couriers.Courier) -> object:
	"""An escalation of which nobody could be told: what was kept of its reckoning is damaged."""
	ticket = make_ticket(group=courier.group)
	sweep.claim_all(later(), time.monotonic() + 60)
	escalation = couriers.escalation_of(ticket)
	frappe.db.set_value("Ticket Escalation", escalation.name, "explanation", "{")
	announce.run(later(), time.monotonic() + 60)
	return escalation


def test_an_escalation_that_could_not_be_announced_alarms_the_qa_specialist() -> None:
	courier = couriers.open_courier()
	escalation = unannounced(courier)
	assert [(each.kind, each.state) for each in couriers.effects(escalation.name)] == [
		("TSM Owner", "Failed")
	]
	(finding,) = frappe.get_all(
		"Escalation Finding",
		{"kind": "Escalation Not Announced", "state": "Open"},
		["reference_doctype", "reference_name", "details"],
	)
	assert (finding.reference_doctype, finding.reference_name) == ("Ticket Escalation", escalation.name)
	assert escalation.reference_name in finding.details
	told = frappe.get_all("Notification Log", {"document_name": escalation.name}, pluck="for_user")
	assert told == [courier.qa]


def test_an_escalation_that_is_announced_at_last_reaches_everybody_once() -> None:
	courier = couriers.open_courier()
	escalation = unannounced(courier)
	frappe.db.set_value("Ticket Escalation", escalation.name, "explanation", "{}")
	with as_user(courier.tsm[0]):
		assert api.send_again(escalation.name) == 1
	assert open_findings("Escalation Not Announced") == []
	for hours in (26, 27):
		announce.run(later(hours), time.monotonic() + 60)
		carry_out(hours)
	assert {(each.kind, each.state) for each in couriers.effects(escalation.name)} == {
		("Copy Mail", "Done"),
		("Notice", "Done"),
		("Ticket Comment", "Done"),
		("TSM Owner", "Done"),
	}
	assert len(couriers.mails(courier.head)) == 1
	named = frappe.get_all("Escalation Recipient", {"parent": escalation.name}, pluck="user")
	assert sorted(named) == sorted((courier.head, *courier.tsm))
