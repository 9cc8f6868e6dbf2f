"""An escalation's effects reach each person once, in the Desk and by mail, and only while they still hold."""

import time
from datetime import datetime
from zoneinfo import ZoneInfo

import frappe
import pytest

from core_helpdesk import config
from core_helpdesk.escalations import actions, sweep
from core_helpdesk.escalations import effects as outbox
from core_helpdesk.mail import delivery
from tests.site import courier as couriers
from tests.site.factories import add_head, as_user, make_ticket

HOUR = 3600


def later(hours: float = 25) -> int:
	return config.now_epoch() + int(hours * HOUR)


def claimed(courier: couriers.Courier, *, hours: float = 25, tickets: int = 1) -> list:
	"""Tickets whose level was claimed, every effect still pending."""
	made = [make_ticket(group=courier.group, subject=f"Parcel {number} is lost") for number in range(tickets)]
	couriers.claim(later(hours))
	return made


def carry_out_all(hours: float = 25) -> dict[str, int]:
	return outbox.run(later(hours), time.monotonic() + 60)


def sent_effects(escalation: str) -> set[tuple[str, str]]:
	"""State and result of all effects that reach somebody."""
	records = ("TSM Owner", "Gap Report")
	return {(each.state, each.result) for each in couriers.effects(escalation) if each.kind not in records}


def copy_to(escalation: str, user: str) -> frappe._dict:
	named = {"parent": escalation, "user": user}
	fields = ["delivery", "why_not", "email_queue", "confirmed_on", "capacity"]
	return frappe.db.get_value("Escalation Recipient", named, fields, as_dict=True)


def open_findings(kind: str) -> list[str]:
	return frappe.get_all("Escalation Finding", {"kind": kind, "state": "Open"}, pluck="reference_name")


def test_level_one_mails_the_head_and_notifies_head_and_tsm() -> None:
	courier = couriers.open_courier()
	escalation = couriers.escalation_of(couriers.escalated(courier))
	assert [(each.kind, each.recipient, each.state) for each in couriers.effects(escalation.name)] == [
		("Copy Mail", courier.head, "Done"),
		*sorted(("Notice", user, "Done") for user in (courier.head, *courier.tsm)),
		("Ticket Comment", None, "Done"),
		("TSM Owner", None, "Done"),
	]
	assert len(couriers.mails(courier.head)) == 1
	notices = frappe.get_all("Notification Log", {"document_name": escalation.name}, pluck="for_user")
	assert sorted(notices) == sorted((courier.head, *courier.tsm))
	assert copy_to(escalation.name, courier.head).delivery == "Queued"
	assert {copy_to(escalation.name, user).delivery for user in courier.tsm} == {"Sent"}


def test_an_effect_is_carried_out_once_however_often_it_is_asked_for() -> None:
	courier = couriers.open_courier()
	(ticket,) = claimed(courier)
	escalation = couriers.escalation_of(ticket)
	effect = couriers.effects(escalation.name, "Copy Mail")[0].name
	assert outbox.carry_out(effect, later()) == "Done"
	assert outbox.carry_out(effect, later()) == "Taken"
	carry_out_all()
	assert carry_out_all() == {}
	assert len(couriers.mails(courier.head)) == 1


@pytest.mark.parametrize("way", ["resolved", "merged", "deleted"])
def test_a_ticket_that_is_over_meanwhile_reaches_nobody(way: str) -> None:
	courier = couriers.open_courier()
	(ticket,) = claimed(courier)
	escalation = couriers.escalation_of(ticket)
	ticket.reload()
	if way == "resolved":
		ticket.status = "Resolved"
		ticket.save()
	elif way == "merged":
		frappe.db.set_value("HD Ticket", ticket.name, "is_merged", 1)
	else:
		frappe.db.delete("HD Ticket", {"name": ticket.name})
	carry_out_all()
	why = {"resolved": "Closed with Ticket", "merged": "Ticket Merged", "deleted": "Ticket Deleted"}[way]
	assert sent_effects(escalation.name) == {("Skipped", why)}
	assert couriers.mails(courier.head) == []
	assert not frappe.db.exists("Notification Log", {"document_name": escalation.name})
	copy = copy_to(escalation.name, courier.head)
	assert (copy.delivery, copy.why_not) == ("Not Sent", why)


def test_observe_records_an_owner_and_sends_nothing() -> None:
	courier = couriers.open_courier(mode="Observe")
	(ticket,) = claimed(courier)
	escalation = couriers.escalation_of(ticket)
	carry_out_all()
	assert sent_effects(escalation.name) == {("Skipped", "Observe")}
	assert frappe.db.get_value("Ticket Escalation", escalation.name, "tsm_owner") in courier.tsm
	assert couriers.mails() == []


def test_a_copied_site_mails_nobody() -> None:
	courier = couriers.open_courier()
	couriers.set_settings(confirmed_host="another.example.com")
	(ticket,) = claimed(courier)
	carry_out_all()
	assert sent_effects(couriers.escalation_of(ticket).name) == {("Skipped", "Observe")}


def test_without_an_outgoing_account_the_failure_shows_and_the_mail_goes_out_later() -> None:
	courier = couriers.open_courier()
	couriers.switch_outgoing_account(on=False)
	(ticket,) = claimed(courier)
	escalation = couriers.escalation_of(ticket)
	carry_out_all()
	copy = copy_to(escalation.name, courier.head)
	assert (copy.delivery, copy.why_not) == ("Failed", "No outgoing e-mail account is set up.")
	assert not frappe.get_message_log()
	assert open_findings("Mail Not Delivered") == [escalation.name]
	assert frappe.get_all("Notification Log", {"for_user": courier.qa, "document_name": escalation.name})
	assert couriers.effects(escalation.name, "Copy Mail")[0].state == "Pending"
	assert carry_out_all() == {}, "not again before its time"

	couriers.switch_outgoing_account(on=True)
	carry_out_all(26)
	assert copy_to(escalation.name, courier.head).delivery == "Queued"
	assert open_findings("Mail Not Delivered") == []
	assert len(couriers.mails(courier.head)) == 1


def test_a_mail_that_cannot_be_queued_is_given_up_after_ten_tries() -> None:
	courier = couriers.open_courier()
	couriers.set_settings(reply_to="")
	(ticket,) = claimed(courier)
	escalation = couriers.escalation_of(ticket)
	for hour in range(25, 65, 3):
		carry_out_all(hour)
	(effect,) = couriers.effects(escalation.name, "Copy Mail")
	assert (effect.state, frappe.db.get_value("Escalation Effect", effect.name, "attempts")) == ("Failed", 10)
	assert (
		copy_to(escalation.name, courier.head).why_not
		== "No Reply-To address is set in Core Helpdesk Settings."
	)
	assert couriers.mails(courier.head) == []


def test_an_unsubscribed_or_disabled_reader_fails_at_once() -> None:
	courier = couriers.open_courier()
	first, second = claimed(courier, tickets=2)
	frappe.get_doc({"doctype": "Email Unsubscribe", "email": courier.head, "global_unsubscribe": 1}).insert()
	(effect,) = couriers.effects(couriers.escalation_of(first).name, "Copy Mail")
	assert outbox.carry_out(effect.name, later()) == "Failed"
	frappe.db.set_value("User", courier.head, "enabled", 0)
	(effect,) = couriers.effects(couriers.escalation_of(second).name, "Copy Mail")
	assert outbox.carry_out(effect.name, later()) == "Failed"
	assert "disabled" in copy_to(couriers.escalation_of(second).name, courier.head).why_not


def test_level_two_reaches_the_general_manager_and_keeps_the_owner() -> None:
	courier = couriers.open_courier()
	ticket = couriers.escalated(courier)
	sweep.run(later(50))
	first, second = couriers.escalation_of(ticket, 1), couriers.escalation_of(ticket, 2)
	assert second.target == "General Manager"
	assert sorted(each.recipient for each in couriers.effects(second.name, "Copy Mail")) == sorted(
		(courier.general_manager, courier.head)
	)
	assert {each.recipient for each in couriers.effects(second.name, "Notice")} == {
		courier.general_manager,
		courier.head,
		*courier.tsm,
	}
	assert len(couriers.mails(courier.general_manager)) == 1
	assert second.tsm_owner == first.tsm_owner


def test_owners_are_chosen_by_fewest_open_escalations() -> None:
	courier = couriers.open_courier()
	for ticket in claimed(courier, tickets=4):
		escalation = couriers.escalation_of(ticket)
		outbox.carry_out(couriers.effects(escalation.name, "TSM Owner")[0].name, later())
	owners = frappe.get_all("Ticket Escalation", pluck="tsm_owner")
	assert sorted(owners) == sorted((*courier.tsm, *courier.tsm))


def test_the_group_is_warned_before_level_one() -> None:
	courier = couriers.open_courier()
	frappe.db.set_value("Escalation Policy", courier.policy, "warn_percent", 80)
	ticket = make_ticket(group=courier.group)
	sweep.run(later(20))
	assert frappe.get_all("Escalation Effect", {"kind": "Warning"}, pluck="state") == ["Done"]
	alerts = {"for_user": courier.agent, "type": "Alert"}
	(notice,) = frappe.get_all("Notification Log", alerts, ["document_name", "subject"])
	assert notice.document_name == str(ticket.name)
	assert f"Ticket {ticket.name} of {courier.group} escalates on" in notice.subject
	assert frappe.get_all("HD Notification", {"user_to": courier.agent}, pluck="notification_type") == [
		"Reaction"
	]


def test_the_internal_comment_names_no_hidden_group() -> None:
	courier = couriers.open_courier()
	ticket = couriers.escalated(courier)
	(comment,) = frappe.get_all("HD Ticket Comment", {"reference_ticket": ticket.name}, pluck="content")
	assert f"it was due in the group {courier.group}" in comment
	assert courier.tsm_team not in comment


def test_the_internal_comment_says_when_the_ticket_was_due_in_its_country_and_in_the_sites_language() -> None:
	"""A head of another country without a deputy used to lend it that country's zone."""
	courier = couriers.open_courier()
	add_head(courier.department, head=courier.general_manager, country="United Arab Emirates")
	frappe.db.set_default("lang", "ar")
	ticket = couriers.escalated(courier)
	due = couriers.escalation_of(ticket).due_epoch
	(comment,) = frappe.get_all("HD Ticket Comment", {"reference_ticket": ticket.name}, pluck="content")
	at_home = datetime.fromtimestamp(due, ZoneInfo("Asia/Riyadh"))
	assert "صُعّدت هذه التذكرة" in comment
	assert f"{at_home:%H:%M}" in comment
	assert "(Asia/Riyadh)" in comment


def test_acknowledging_confirms_ones_own_copy_and_nobody_elses() -> None:
	courier = couriers.open_courier()
	escalation = couriers.escalation_of(couriers.escalated(courier))
	mine, *others = courier.tsm
	with as_user(mine):
		actions.acknowledge(escalation.name, later())
	assert copy_to(escalation.name, mine).confirmed_on
	assert not [user for user in (courier.head, *others) if copy_to(escalation.name, user).confirmed_on]
	assert not frappe.get_all(
		"Communication", {"reference_doctype": "HD Ticket", "content": ("like", "%escalated%")}
	)


def test_without_a_head_the_customer_service_manager_is_mailed_and_the_gap_is_found() -> None:
	courier = couriers.open_courier()
	frappe.db.delete("Department Head", {"parent": courier.department})
	escalation = couriers.escalation_of(couriers.escalated(courier))
	assert len(couriers.mails(courier.customer_service_manager)) == 1
	assert escalation.gap == "No Department Head"
	assert open_findings("No Department Head") == [courier.department]


def test_a_level_can_move_the_ticket_into_the_hidden_group() -> None:
	courier = couriers.open_courier()
	courier_policy = couriers.make_policy(move_ticket=1)
	ticket = couriers.escalated(courier)
	escalation = couriers.escalation_of(ticket)
	assert escalation.policy == courier_policy
	assert (ticket.agent_group, escalation.previous_team) == (courier.tsm_team, courier.group)


def test_more_copies_than_the_threshold_become_one_digest() -> None:
	courier = couriers.open_courier()
	couriers.set_settings(storm_threshold=3)
	tickets = claimed(courier, tickets=5)
	solved = tickets[0]
	solved.reload()
	solved.status = "Resolved"
	solved.save()
	carry_out_all()
	(mail,) = couriers.mails(courier.head)
	copies = frappe.get_all("Escalation Effect", {"kind": "Copy Mail"}, ["state", "result"])
	(digest,) = frappe.get_all("Escalation Effect", {"kind": "Digest Mail"}, ["name", "state"])
	assert digest.state == "Done"
	assert sorted(copy.state for copy in copies) == ["Done"] * 4 + ["Skipped"]
	assert {copy.result for copy in copies if copy.state == "Done"} == {f"Digest {digest.name}"}
	for ticket in tickets[1:]:
		escalation = couriers.escalation_of(ticket)
		assert copy_to(escalation.name, courier.head).email_queue == mail.name
	assert carry_out_all() == {}


def test_as_many_copies_as_the_threshold_are_sent_one_by_one() -> None:
	courier = couriers.open_courier()
	couriers.set_settings(storm_threshold=3)
	claimed(courier, tickets=3)
	carry_out_all()
	assert len(couriers.mails(courier.head)) == 3


def test_a_digest_that_cannot_be_sent_shows_on_every_escalation_and_is_tried_again() -> None:
	courier = couriers.open_courier()
	couriers.set_settings(storm_threshold=1)
	couriers.switch_outgoing_account(on=False)
	tickets = claimed(courier, tickets=3)
	carry_out_all()
	names = [couriers.escalation_of(ticket).name for ticket in tickets]
	assert [copy_to(name, courier.head).delivery for name in names] == ["Failed"] * 3
	assert sorted(open_findings("Mail Not Delivered")) == sorted(names)
	couriers.switch_outgoing_account(on=True)
	carry_out_all(26)
	assert [copy_to(name, courier.head).delivery for name in names] == ["Queued"] * 3
	assert len(couriers.mails(courier.head)) == 1


@pytest.mark.parametrize(
	("values", "minutes", "shown"),
	[
		({"status": "Sent"}, 1, ("Sent", None)),
		(
			{"status": "Error", "error": "Traceback\nSMTPRecipientsRefused: no such mailbox"},
			1,
			("Failed", "SMTPRecipientsRefused: no such mailbox"),
		),
		({"status": "Expired"}, 1, ("Failed", "It was not sent in time and has expired.")),
		({"status": "Not Sent"}, 29, ("Queued", None)),
		({"status": "Not Sent"}, 31, ("Queued", "Still unsent after 30 minutes.")),
	],
)
def test_a_copy_is_followed_until_it_is_sent_or_shows_why_not(
	values: dict, minutes: int, shown: tuple
) -> None:
	courier = couriers.open_courier()
	escalation = couriers.escalation_of(couriers.escalated(courier))
	frappe.db.set_value("Email Queue", couriers.mails(courier.head)[0].name, values)
	undelivered = delivery.watch_delivery(later() + minutes * 60)
	copy = copy_to(escalation.name, courier.head)
	assert (copy.delivery, copy.why_not or None) == shown
	assert open_findings("Mail Not Delivered") == ([escalation.name] if shown[1] else [])
	assert undelivered == bool(shown[1])


def test_a_late_mail_that_went_out_after_all_closes_its_finding() -> None:
	courier = couriers.open_courier()
	escalation = couriers.escalation_of(couriers.escalated(courier))
	delivery.watch_delivery(later() + 31 * 60)
	frappe.db.set_value("Email Queue", couriers.mails(courier.head)[0].name, "status", "Sent")
	delivery.watch_delivery(later() + 40 * 60)
	assert copy_to(escalation.name, courier.head).delivery == "Sent"
	assert open_findings("Mail Not Delivered") == []
