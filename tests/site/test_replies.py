"""An answer to any of our mails, taken in by the framework's own code, never changes a ticket nor makes one."""

import email
import email.policy

import frappe
import pytest
from frappe.email.receive import InboundMail

from core_helpdesk import config
from core_helpdesk.escalations import sweep
from tests.site import courier as couriers
from tests.site.factories import make_ticket

HOUR = 3600
TICKETS, ESCALATION = "HD Ticket", "Ticket Escalation"


def inbox(*, makes_tickets: bool) -> object:
	name, address = (
		("Support", couriers.SUPPORT_INBOX) if makes_tickets else ("Answers", "answers@example.com")
	)
	values = {"enable_incoming": 1, "use_imap": 0, "append_to": TICKETS if makes_tickets else None}
	return frappe.get_doc("Email Account", couriers.make_account(name, address, **values))


def answer(mail: object, sender: str, **headers: str) -> bytes:
	"""What a mail program makes of an answer to `mail`."""
	original = email.message_from_string(mail.message, policy=email.policy.default)
	reply = email.message.EmailMessage()
	reply["From"], reply["To"] = sender, original["Reply-To"]
	reply["Subject"] = f"Re: {original['Subject']}"
	reply["Message-ID"] = email.utils.make_msgid(domain="mail.example.org")
	reply["In-Reply-To"] = reply["References"] = original["Message-ID"]
	for name, value in headers.items():
		del reply[name.replace("_", "-")]
		reply[name.replace("_", "-")] = value
	reply.set_content("We are looking into it.")
	return reply.as_bytes()


def take_in(raw: bytes, account: object) -> object:
	return InboundMail(raw, account).process()


def tickets() -> list[tuple]:
	"""Every ticket with all that an answer could change."""
	return frappe.get_all(
		TICKETS, ["name", "status", "agent_group", "modified"], as_list=True, order_by="name"
	)


def mail_of(kind: str) -> tuple[couriers.Courier, object, str]:
	"""A mail of each kind, its reader, and the escalation that it is about."""
	courier = couriers.open_courier()
	if kind == "digest":
		couriers.set_settings(storm_threshold=1)
		for number in range(3):
			make_ticket(group=courier.group, subject=f"Parcel {number} is lost")
		sweep.run(config.now_epoch() + 25 * HOUR)
		return courier, couriers.mails(courier.head)[0], courier.head
	ticket = couriers.escalated(courier)
	if kind == "to the head":
		return courier, couriers.mails(courier.head)[0], courier.head
	sweep.run(config.now_epoch() + 50 * HOUR)
	assert couriers.escalation_of(ticket, 2)
	return courier, couriers.mails(courier.general_manager)[0], courier.general_manager


KINDS = ("to the head", "to the general manager", "digest")


@pytest.mark.parametrize("makes_tickets", [True, False], ids=["inbox of tickets", "plain inbox"])
@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_is_filed_on_the_escalation(kind: str, makes_tickets: bool) -> None:
	_courier, mail, reader = mail_of(kind)
	before = tickets()
	filed = take_in(answer(mail, reader), inbox(makes_tickets=makes_tickets))
	assert (filed.reference_doctype, filed.reference_name) == (ESCALATION, mail.reference_name)
	assert tickets() == before


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_is_filed_long_after_the_queue_was_emptied(kind: str) -> None:
	_courier, mail, reader = mail_of(kind)
	raw = answer(mail, reader)
	frappe.db.delete("Email Queue", {"name": mail.name})
	before = tickets()
	filed = take_in(raw, inbox(makes_tickets=True))
	assert filed.reference_doctype == ESCALATION
	assert tickets() == before


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_without_its_thread_finds_no_ticket_by_its_subject(kind: str) -> None:
	_courier, mail, reader = mail_of(kind)
	original = email.message_from_string(mail.message, policy=email.policy.default)
	for subject in (original["Subject"], f"Re: {original['Subject']}", f"AW: {original['Subject']}"):
		raw = answer(mail, reader, In_Reply_To="", References="", Subject=subject)
		inbound = InboundMail(raw, inbox(makes_tickets=True))
		assert inbound.reference_document() == ""


def test_a_responder_is_told_not_to_answer_and_ours_are_dropped_by_the_host() -> None:
	_courier, mail, _reader = mail_of("to the head")
	message = email.message_from_string(mail.message, policy=email.policy.default)
	assert (message["Auto-Submitted"], message["X-Auto-Response-Suppress"]) == ("auto-generated", "All")
	account = inbox(makes_tickets=True)
	assert received(account, mail.message.encode()) == []


def received(account: object, raw: bytes) -> list:
	"""What the host's account makes of the mails that a server holds."""
	from unittest.mock import patch

	class Server:
		def get_messages(self, *_: object) -> dict:
			return {"latest_messages": [raw], "uid_list": [1], "seen_status": {}}

		def logout(self) -> None:
			pass

	with patch.object(type(account), "get_incoming_server", return_value=Server()):
		return account.get_inbound_mails()


def test_an_answer_is_logged_and_the_owner_in_tsm_is_told() -> None:
	courier, mail, reader = mail_of("to the head")
	owner = frappe.db.get_value(ESCALATION, mail.reference_name, "tsm_owner")
	take_in(answer(mail, reader), inbox(makes_tickets=False))
	log = {"parent": mail.reference_name, "kind": "Mail"}
	(row,) = frappe.get_all("Escalation Follow Up", log, ["person", "channel", "note"])
	assert (row.person, row.channel) == (courier.head, "E-mail")
	assert "Re: Escalated ticket in" in row.note
	notices = {
		"for_user": owner,
		"document_name": mail.reference_name,
		"subject": ("like", "An answer came%"),
	}
	assert frappe.db.count("Notification Log", notices) == 1
