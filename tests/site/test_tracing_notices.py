"""What customers of traced shipments are told: in their language, to their own address, and never onto a ticket."""

from __future__ import annotations

import email
import email.policy
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import frappe
import pytest
from frappe.email.receive import InboundMail

from core_helpdesk import config
from core_helpdesk.setup import ledger, tracing_notices
from core_helpdesk.tracing import (
	confirmation,
	missing_data,
	notices,
	records,
	reminders,
	sms,
	telling,
	undelivered,
)
from tests.site import courier as couriers
from tests.site.factories import make_user, switch_mode
from tests.site.moments import Moment, forget_time_zone
from tests.site.notice_desk import (
	CUSTOMER,
	SOLUTION,
	html_of,
	link_of,
	mails,
	make_contact,
	make_notice_desk,
	parsed,
	part,
	solved_case,
)
from tests.site.tracing_desk import fill, make_bare_case, make_case, set_tracing

if TYPE_CHECKING:
	from collections.abc import Iterator

	from frappe.model.document import Document

MONDAY = "2026-03-02 09:00"
MARKUP = "<img src=x onerror=alert(1)>"


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Moment]:
	yield Moment(monkeypatch, MONDAY)
	forget_time_zone()


@pytest.fixture
def desk(moment: Moment) -> frappe._dict:
	return make_notice_desk()


def make_notice(**fields: object) -> Document:
	usual = {
		"doctype": notices.DOCTYPE,
		"event": "Progress",
		"nature": "",
		"language": "en",
		"subject": "News",
		"message": "{update}",
		"enabled": 1,
	}
	return frappe.get_doc({**usual, **fields}).insert()


def forget_notices() -> None:
	frappe.db.delete(notices.DOCTYPE)


# The notices.


def test_every_event_has_a_notice_in_both_languages_that_may_be_sent() -> None:
	tracing_notices.seed()
	for event in notices.EVENTS:
		for lang in ("en", "ar"):
			(name,) = frappe.get_all(notices.DOCTYPE, {"event": event, "language": lang}, pluck="name")
			frappe.get_doc(notices.DOCTYPE, name).save()


def test_a_notice_that_was_changed_or_deleted_is_not_written_again() -> None:
	tracing_notices.seed()
	kept, gone = list(ledger.made(notices.DOCTYPE))[:2]
	frappe.db.set_value(notices.DOCTYPE, kept, "subject", "Our own words")
	frappe.delete_doc(notices.DOCTYPE, gone)
	tracing_notices.seed()
	assert frappe.db.get_value(notices.DOCTYPE, kept, "subject") == "Our own words"
	assert frappe.db.count(notices.DOCTYPE) == 2 * len(notices.EVENTS) - 1


def test_the_customers_language_comes_before_the_nature_and_one_switched_off_decides_too() -> None:
	forget_notices()
	make_notice(subject="General")
	make_notice(subject="Claims", nature="Claim")
	make_notice(subject="عام", language="ar")

	def subject(nature: str, lang: str) -> str | None:
		found = notices.chosen("Progress", nature, lang)
		return found and found.subject

	assert subject("", "en") == subject("Pre-Alert", "en") == "General"
	assert subject("Claim", "en") == subject("Claim", "en-GB") == subject("Claim", "fr") == "Claims"
	assert subject("Claim", "ar") == subject("", "ar-SA") == "عام"
	assert notices.chosen("Closed", "", "en") is None
	make_notice(subject="None for claims", nature="Claim", language="ar", enabled=0)
	assert subject("Claim", "ar") is None
	assert subject("Pre-Alert", "ar") == "عام"


@pytest.mark.parametrize(
	("text", "said"),
	[
		("Hello {customer}, {number}", "Hello Huda {number}, 176"),
		("Hello {due}, by {due}.", "Hello, by."),
		("{unknown} { number } {0} {customer.name}", "{unknown} { number } {0} {customer.name}"),
		("{{ frappe.db }} {% x %}", "{{ frappe.db }} {% x %}"),
		("{number}{customer}", "176Huda {number}"),
	],
)
def test_words_in_braces_are_replaced_once_and_nothing_is_run(text: str, said: str) -> None:
	assert notices.filled(text, {"customer": "Huda {number}", "number": "176"}) == said


@pytest.mark.parametrize(
	("fields", "problem"),
	[
		({"message": "{update} {ticket}"}, "Nothing is known for {ticket}"),
		({"message": "News"}, "needs {update}"),
		({"event": "Solved", "message": "Solved?"}, "needs {link}"),
		({"event": "Data Needed", "message": "Please write"}, "needs {missing}"),
		({"subject": "News #12"}, "Begin the subject with a word"),
		({"subject": "12 news"}, "Begin the subject with a word"),
		({"subject": "{number}: news"}, "Begin the subject with a word"),
		({"message": "{update} {link}"}, "only in the notices Solved and Reminder"),
		({"event": "Solved", "message": "{link}", "sms": "{link}"}, "may stand in the message only"),
		({"event": "Solved", "message": "{link}", "subject": "See {link}"}, "may stand in the message only"),
		({"nature": "Claim"}, "There is a notice for this event"),
	],
)
def test_a_notice_that_could_not_be_sent_is_refused(fields: dict, problem: str) -> None:
	forget_notices()
	make_notice(nature="Claim")
	with pytest.raises(frappe.ValidationError, match=problem.replace("{", r"\{")):
		make_notice(**fields)


# Who is told, and how.


def test_the_customer_of_the_stored_ticket_is_told_whatever_was_typed_on_the_case(desk: frappe._dict) -> None:
	case = make_case(desk, customer="Huda <huda@example.com>")
	case.update({"raised_by": "wrong@example.com", "shipper_email": "wrong@example.com"})
	assert telling.tell(case, notices.PROGRESS, update="It is in Dubai.") == ""
	(mail,) = mails(case)
	message = parsed(mail)
	assert [row.recipient for row in mail.recipients] == ["huda@example.com"]
	assert message["Reply-To"] == "answers@example.com"
	assert message["X-Auto-Generated"] == "core-helpdesk"
	assert "#" not in message["Subject"] and not message["Subject"][0].isdigit()
	assert (mail.reference_doctype, mail.reference_name) == (records.DOCTYPE, case.name)
	assert "It is in Dubai." in part(mail, "plain")
	assert "Please do not reply to this e-mail" in part(mail, "plain")


def test_a_customer_who_may_use_the_portal_is_shown_the_way(desk: frappe._dict) -> None:
	case = make_case(desk, customer=make_user())
	telling.tell(case, notices.PROGRESS, update="It is in Dubai.")
	for kind in ("html", "plain"):
		assert f"/helpdesk/my-tickets/{case.ticket}" in part(mails(case)[0], kind)


def test_a_mail_in_arabic_runs_from_right_to_left_and_names_the_country_in_arabic(desk: frappe._dict) -> None:
	make_contact()
	case = make_case(desk, customer=CUSTOMER, language="ar", destination_country="Egypt")
	records.write(case.name, {"handed_to": "Egypt"})
	assert telling.tell(case.reload(), notices.HANDED_OVER) == ""
	(mail,) = mails(case)
	page = html_of(mail)
	assert (page.html["dir"], page.html["lang"]) == ("rtl", "ar")
	assert "مصر" in page.get_text()
	assert "تحية طيبة \u2068Huda Customer\u2069،" in page.get_text()
	assert "\u2068" not in parsed(mail)["Subject"]
	assert frappe.local.lang == "en"


def test_what_people_wrote_is_text_in_a_mail(desk: frappe._dict) -> None:
	case = make_case(desk, customer=CUSTOMER)
	telling.tell(case, notices.PROGRESS, update=f"{MARKUP} {{link}} {{{{ 7*7 }}}}\n\nSecond \ufffc part")
	page = html_of(mails(case)[0])
	assert not page.find_all("img")
	assert f"{MARKUP} {{link}} {{{{ 7*7 }}}}" in page.get_text()
	assert not [link for link in page.find_all("a") if "token" in link["href"]]


def without_customer(case: Document) -> None:
	frappe.db.set_value("HD Ticket", case.ticket, {"raised_by": "somebody", "contact": None})


def handed_to_another(case: Document) -> None:
	frappe.db.set_value("HD Ticket", case.ticket, "raised_by", "other@example.com")


def own_inbox(case: Document) -> None:
	couriers.make_account("Support", CUSTOMER, enable_incoming=1, append_to="HD Ticket")


def unsubscribed(case: Document) -> None:
	frappe.get_doc({"doctype": "Email Unsubscribe", "email": CUSTOMER, "global_unsubscribe": 1}).insert()


WHY_NOT = {
	"not live": (lambda case: switch_mode("Observe"), "mode Live"),
	"switched off": (lambda case: switch_mode("Off"), "mode Live"),
	"no notice": (lambda case: forget_notices(), "No notice is enabled"),
	"nobody": (without_customer, "no e-mail address of a customer"),
	"another address": (handed_to_another, "address was changed"),
	"our own inbox": (own_inbox, "no e-mail address of a customer"),
	"unsubscribed": (unsubscribed, "has unsubscribed"),
	"no reply to": (lambda case: couriers.set_settings(reply_to=""), "No Reply-To address"),
}


@pytest.mark.parametrize("kind", WHY_NOT)
def test_a_customer_who_cannot_be_told_costs_nothing_and_the_reason_comes_back(
	desk: frappe._dict, kind: str
) -> None:
	case = make_case(desk, customer=CUSTOMER)
	spoil, reason = WHY_NOT[kind]
	spoil(case)
	assert reason in telling.tell(case, notices.PROGRESS, update="News")
	assert mails(case) == []


def test_a_failure_while_telling_is_logged_and_leaves_nothing_behind(
	desk: frappe._dict, monkeypatch: pytest.MonkeyPatch
) -> None:
	case = make_case(desk, customer=CUSTOMER)
	monkeypatch.setattr(telling.outgoing.OwnPage, "process", lambda self: 1 / 0)
	assert "Error Log" in telling.tell(case, notices.PROGRESS, update="News")
	about = {"reference_doctype": records.DOCTYPE, "reference_name": case.name}
	assert not frappe.get_all("Communication", about)
	assert frappe.get_all("Error Log", {"method": f"Customer of {case.name} not told"})


# Answers by mail.


def answer_to(mail: Document, **headers: str) -> bytes:
	original = parsed(mail)
	reply = email.message.EmailMessage()
	reply["From"], reply["To"] = CUSTOMER, original["Reply-To"]
	reply["Subject"] = f"Re: {original['Subject']}"
	reply["Message-ID"] = email.utils.make_msgid(domain="mail.example.org")
	reply["In-Reply-To"] = reply["References"] = original["Message-ID"]
	for name, value in headers.items():
		del reply[name.replace("_", "-")]
		reply[name.replace("_", "-")] = value
	reply.set_content("Thank you.")
	return reply.as_bytes()


def tickets() -> list[tuple]:
	return frappe.get_all(
		"HD Ticket", ["name", "status", "agent_group", "modified"], as_list=True, order_by="name"
	)


def every_mail(desk: frappe._dict) -> Iterator[tuple[Document, Document]]:
	for event in notices.EVENTS:
		case = make_case(desk, customer=CUSTOMER)
		words = {"update": "News", "missing": "• Phone", "link": "https://example.com/x?token=y"}
		assert telling.tell(case, event, **words) == ""
		yield case, mails(case)[-1]


@pytest.mark.parametrize("makes_tickets", [True, False], ids=["inbox of tickets", "plain inbox"])
def test_an_answer_to_any_notice_is_filed_on_its_case_and_touches_no_ticket(
	desk: frappe._dict, makes_tickets: bool
) -> None:
	name, address = (
		("Support", couriers.SUPPORT_INBOX) if makes_tickets else ("Answers", "answers@example.com")
	)
	values = {"enable_incoming": 1, "use_imap": 0, "append_to": "HD Ticket" if makes_tickets else None}
	account = frappe.get_doc("Email Account", couriers.make_account(name, address, **values))
	for case, mail in every_mail(desk):
		before, status = tickets(), frappe.db.get_value(records.DOCTYPE, case.name, "status")
		filed = InboundMail(answer_to(mail), account).process()
		assert (filed.reference_doctype, filed.reference_name) == (records.DOCTYPE, case.name)
		without_thread = answer_to(mail, In_Reply_To="", References="")
		assert InboundMail(without_thread, account).reference_document() in ("", None)
		assert tickets() == before
		assert frappe.db.get_value(records.DOCTYPE, case.name, "status") == status


# SMS.


class Gateway(HTTPServer):
	"""Keeps what it is asked to send."""

	def __init__(self) -> None:
		super().__init__(("127.0.0.1", 0), Answering)
		self.sent: list[dict[str, list[str]]] = []


class Answering(BaseHTTPRequestHandler):
	def do_GET(self) -> None:
		self.server.sent.append(parse_qs(urlsplit(self.path).query))
		self.send_response(200)
		self.end_headers()

	def log_message(self, *_: object) -> None:
		pass


@pytest.fixture
def gateway() -> Iterator[Gateway]:
	server = Gateway()
	threading.Thread(target=server.serve_forever, daemon=True).start()
	yield server
	server.shutdown()
	server.server_close()


def use(gateway: Gateway) -> None:
	address = f"http://127.0.0.1:{gateway.server_port}/send"
	values = {"sms_gateway_url": address, "message_parameter": "text", "receiver_parameter": "to"}
	frappe.db.set_single_value("SMS Settings", values)
	frappe.clear_document_cache("SMS Settings", "SMS Settings")


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
	"""The SMS for which a job was to be queued."""
	found: list[dict[str, str]] = []
	monkeypatch.setattr(sms.frappe, "enqueue", lambda job, **given: found.append({"job": job, **given}))
	return found


def test_an_sms_goes_to_the_contact_of_the_ticket_once_what_it_tells_is_committed(
	desk: frappe._dict, gateway: Gateway, queued: list[dict[str, str]]
) -> None:
	make_contact(mobile="+966500000001")
	case = make_case(desk, customer=CUSTOMER, shipper_phone="+966599999999", consignee_phone="+971501111111")
	records.write(case.name, {"customer_phone": "+966588888888"})
	telling.tell(case.reload(), notices.CLOSED)
	frappe.db.commit()
	assert [job for job in queued if job["job"] == sms.JOB] == []
	use(gateway)
	queued.clear()
	telling.tell(case, notices.CLOSED)
	assert queued == []
	frappe.db.commit()
	(job,) = (job for job in queued if job["job"] == sms.JOB)
	assert job["mobile"] == "+966500000001"
	assert sms.send(job["mobile"], job["text"])
	(sent,) = gateway.sent
	assert sent["to"] == ["+966500000001"]
	assert sent["text"] == [
		f"Your request about the shipment {case.shipment_number} is closed. Thank you for your trust."
	]


def test_no_sms_leaves_once_customers_are_told_nothing_more(desk: frappe._dict, gateway: Gateway) -> None:
	use(gateway)
	switch_mode("Observe")
	assert not sms.send("+966500000001", "News")
	assert gateway.sent == []


def test_without_a_number_on_record_there_is_no_sms(
	desk: frappe._dict, gateway: Gateway, queued: list[dict[str, str]]
) -> None:
	use(gateway)
	make_contact()
	case = make_case(desk, customer=CUSTOMER)
	telling.tell(case, notices.CLOSED)
	frappe.db.commit()
	assert [job for job in queued if job["job"] == sms.JOB] == []


# What is missing.


def test_one_message_lists_all_that_is_missing_in_the_customers_language(
	desk: frappe._dict, moment: Moment
) -> None:
	case = make_case(
		desk, customer=CUSTOMER, shipper_phone="", consignee_phone="12", shipment_number="176-12345674"
	)
	missing_data.ask(records.locked(case.name))
	(mail,) = mails(case)
	text = part(mail, "plain")
	lines = [line for line in text.splitlines() if line.startswith("•")]
	assert lines == [
		"• Air Waybill Number: a digit seems to be wrong, please check it",
		"• Shipper's Phone",
		"• Consignee's Phone: what we have cannot be used, please check it",
		"• Copy of the Air Waybill",
	]
	assert case.reload().asked_on == config.from_epoch(moment.now)
	case.update({"language": "ar"})
	case.save()
	missing_data.ask(records.locked(case.name))
	assert "• \u2068نسخة من بوليصة الشحن" in part(mails(case)[-1], "plain") or "نسخة من بوليصة الشحن" in part(
		mails(case)[-1], "plain"
	)


def test_a_customer_is_not_asked_for_what_an_officer_decides(desk: frappe._dict) -> None:
	case = make_bare_case(desk, customer=CUSTOMER)
	wanted = list(missing_data.missing(case))
	assert not [line for line in wanted if line.startswith(("Nature", "Direction"))]
	assert "Air Waybill Number" in wanted


def test_nothing_is_asked_for_where_nothing_is_missing_or_nobody_can_be_asked(desk: frappe._dict) -> None:
	case = make_case(desk, customer=CUSTOMER)
	for row in case.documents:
		row.is_received = 1
	case.save()
	with pytest.raises(frappe.ValidationError, match="Nothing is missing"):
		missing_data.ask(records.locked(case.name))
	case = fill(make_bare_case(desk, customer=CUSTOMER), shipper_name="")
	switch_mode("Observe")
	with pytest.raises(frappe.ValidationError, match="mode Live"):
		missing_data.ask(records.locked(case.name))
	assert not case.reload().asked_on


# Reminders.


def test_reminders_come_by_working_days_each_with_a_new_link_and_then_stop(
	desk: frappe._dict, moment: Moment
) -> None:
	set_tracing(reminders=2, reminder_days=2, link_days=30)
	case = solved_case(desk)
	links = [link_of(case)["token"]]
	asked = moment.now
	# Asked on a Monday of Ramadan: the second working day after it closes on Wednesday at four; then the week ends.
	for at, sent in (
		("03-04 15:30", 0),
		("03-04 16:00", 1),
		("03-05 09:00", 1),
		("03-09 15:30", 1),
		("03-09 16:00", 2),
	):
		moment.set(f"2026-{at}")
		due = [case.name] if sent > case.reminders_sent else []
		assert reminders.remind(moment.now) == due
		assert case.reload().reminders_sent == sent
		if sent == len(links):
			links.append(link_of(case)["token"])
	moment.set("2026-03-30 18:00")
	assert reminders.remind(moment.now) == []
	assert len(set(links)) == 3
	assert case.confirmation_asked_epoch == asked
	assert confirmation.question(links[-1], "Guest", moment.now)
	assert not confirmation.question(links[0], "Guest", moment.now)
	assert "Reminder" in parsed(mails(case)[-1])["Subject"]


def test_nobody_is_reminded_who_answered_or_need_not_or_while_the_app_is_not_live(
	desk: frappe._dict, moment: Moment
) -> None:
	answered, taken_back, silent = (solved_case(desk, customer=f"c{n}@example.com") for n in range(3))
	records.write(answered.name, {"answer": "Satisfied"})
	records.write(taken_back.name, {"status": "Open"})
	moment.set("2026-03-10 18:00")
	switch_mode("Observe")
	assert reminders.remind(moment.now) == []
	switch_mode()
	assert reminders.remind(moment.now) == [silent.name]


def test_a_case_that_cannot_be_reminded_keeps_no_other_back(
	desk: frappe._dict, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	broken, sound = (solved_case(desk, customer=f"c{n}@example.com") for n in range(2))
	frappe.db.commit()
	remind = confirmation.remind

	def fails_for_one(case: Document, now: int) -> str:
		if case.name == broken.name:
			raise ValueError("no room")
		return remind(case, now)

	monkeypatch.setattr(confirmation, "remind", fails_for_one)
	moment.set("2026-03-10 18:00")
	assert reminders.remind(moment.now) == [sound.name]
	assert frappe.get_all("Escalation Finding", {"kind": "Not Carried Out", "reference_name": broken.name})


def test_without_a_calendar_customers_are_reminded_after_days_by_the_clock(
	desk: frappe._dict, moment: Moment
) -> None:
	case = solved_case(desk)
	frappe.db.set_value(records.DOCTYPE, case.name, "calendar", "No Such Calendar")
	for hours, found in ((1, []), (46, []), (2, [case.name]), (1, [])):
		moment.later(hours=hours)
		assert reminders.remind(moment.now) == found


def test_a_mail_that_the_framework_gave_up_is_reported_once(desk: frappe._dict, moment: Moment) -> None:
	case = solved_case(desk)
	assert undelivered.report(config.now_epoch()) == 0
	frappe.db.set_value("Email Queue", mails(case)[-1].name, {"status": "Error", "error": "550 no such user"})
	for _ in range(2):
		assert undelivered.report(config.now_epoch()) == 1
	(finding,) = frappe.get_all(
		"Escalation Finding", {"kind": "Mail Not Delivered"}, ["details", "reference_name"]
	)
	assert finding.reference_name == case.name
	assert "550 no such user" in finding.details and CUSTOMER in finding.details


def test_an_answer_by_mail_is_shown_to_the_officer(desk: frappe._dict) -> None:
	from core_helpdesk.tracing import replies

	case = solved_case(desk)
	mail = frappe._dict(
		reference_doctype=records.DOCTYPE,
		reference_name=case.name,
		sent_or_received="Received",
		sender=CUSTOMER,
	)
	assert replies.take(mail) == 1
	told = {"for_user": desk.officer, "document_name": case.name, "subject": ("like", "%answered a notice%")}
	assert frappe.db.count("Notification Log", told) == 1
	assert SOLUTION in part(mails(case)[-1], "plain")
	assert replies.take(frappe._dict(mail, sent_or_received="Sent")) == 0
