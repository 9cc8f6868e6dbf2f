"""The mails of escalations: in the reader's language and time, readable anywhere, harmless, and never a ticket's."""

import email
import email.policy
from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import frappe
import pytest
from bs4 import BeautifulSoup

from core_helpdesk.hosts.hd_ticket import Message
from core_helpdesk.mail import excerpt, language, moments, reply_to
from tests.site import courier as couriers

# 2 March 2026, 06:00 UTC, a Monday: 09:00 in Riyadh, 10:00 in Dubai.
MONDAY = 1772431200


def parsed(mail: object) -> email.message.EmailMessage:
	return email.message_from_string(mail.message, policy=email.policy.default)


def part(mail: object, kind: str) -> str:
	return parsed(mail).get_body((kind,)).get_content()


def copy_of(courier: couriers.Courier, **ticket: object) -> object:
	couriers.escalated(courier, **ticket)
	return couriers.mails(courier.head)[0]


def test_a_copy_tells_the_head_what_to_do_and_where() -> None:
	courier = couriers.open_courier()
	ticket = couriers.escalated(courier, subject="Parcel 4711 is lost")
	escalation = couriers.escalation_of(ticket)
	html = part(couriers.mails(courier.head)[0], "html")
	link = frappe.utils.get_url_to_form("Ticket Escalation", escalation.name)
	for expected in ("Parcel 4711 is lost", "customer@example.com", courier.group, courier.department, link):
		assert expected in html, expected
	assert "Confirm Receipt" in html
	assert 'name="viewport"' in html and 'dir="ltr"' in html


def test_a_copy_carries_the_support_phone_and_address_and_the_zone_of_its_times() -> None:
	mail = copy_of(couriers.open_courier())
	for kind in ("html", "plain"):
		text = part(mail, kind)
		assert "+966 11 000 0000 · core.support@example.com" in text
		assert "(Asia/Riyadh)" in text


def test_a_copy_in_arabic_runs_from_right_to_left() -> None:
	frappe.local.lang = "en"
	html = part(copy_of(couriers.open_courier(language="ar")), "html")
	assert '<html lang="ar" dir="rtl">' in html
	assert "text-align:right" in html
	assert frappe.local.lang == "en"


def test_a_subject_names_no_ticket() -> None:
	mail = copy_of(couriers.open_courier(), subject="Where is #4711?")
	subject = parsed(mail)["Subject"]
	assert "#" not in subject and "4711" not in subject
	assert not subject[0].isdigit()


def test_a_mail_says_that_it_is_automatic_and_where_answers_go() -> None:
	message = parsed(copy_of(couriers.open_courier()))
	assert message["Reply-To"] == couriers.REPLY_TO
	assert message["X-Auto-Generated"] == "core-helpdesk"
	assert message["Auto-Submitted"] == "auto-generated"


def test_other_mail_of_the_site_is_left_alone() -> None:
	couriers.open_courier()
	other = frappe.sendmail(recipients=["somebody@example.com"], subject="News", message="News")
	assert parsed(other)["X-Auto-Generated"] is None


def test_a_mail_comes_from_the_reply_to_address_where_an_account_can_send_from_it() -> None:
	courier = couriers.open_courier()
	couriers.make_account("Answers", couriers.REPLY_TO, enable_outgoing=1)
	assert couriers.REPLY_TO in parsed(copy_of(courier))["From"]


def test_a_mail_is_filed_on_its_escalation() -> None:
	courier = couriers.open_courier()
	escalation = couriers.escalation_of(couriers.escalated(courier))
	filed = frappe.get_all(
		"Communication",
		{"reference_doctype": "Ticket Escalation", "reference_name": escalation.name},
		["recipients", "message_id", "sent_or_received"],
	)
	mail = couriers.mails(courier.head)[0]
	assert filed == [{"recipients": courier.head, "message_id": mail.message_id, "sent_or_received": "Sent"}]


def test_nothing_of_a_customers_markup_reaches_the_reader() -> None:
	courier = couriers.open_courier()
	hostile = "<script>alert(1)</script><style>p{}</style><p onclick='x()'>My parcel &amp; box</p><img src=x onerror=alert(2)>"
	mail = copy_of(courier, subject="<b>Lost</b>", description=hostile)
	html = part(mail, "html")
	assert "My parcel &amp; box" in html
	for unwanted in ("<script", "onclick", "onerror", "<b>Lost"):
		assert unwanted not in html
	assert "&lt;b&gt;Lost&lt;/b&gt;" in html


def test_an_excerpt_holds_the_last_messages_and_no_internal_comment() -> None:
	def said(number: int, direction: str = "Received") -> Message:
		return Message(
			datetime(2026, 3, 2, 9, number), "a@example.com", direction, f"<p>Message {number}</p>"
		)

	found = excerpt.excerpt([said(1), said(2), said(3), said(4), said(5, "Comment")])
	assert [lines for _message, lines in found.messages] == [("Message 2",), ("Message 3",), ("Message 4",)]
	assert found.earlier == 1


def test_a_long_message_is_cut() -> None:
	(line,) = excerpt.lines_of(f"<p>{'word ' * 1000}</p>")
	assert len(line) <= excerpt.CHARACTERS + 2
	assert line.endswith("word …")


def test_a_reader_sees_moments_in_the_zone_of_the_country_they_answer_for() -> None:
	courier = couriers.open_courier()
	frappe.db.set_value("Department Head", {"parent": courier.department}, "country", "United Arab Emirates")
	zone = moments.zone_for(courier.head, courier.department)
	assert zone.key == "Asia/Dubai"
	assert moments.shown(MONDAY, zone, "en") == "Mon 2 Mar 2026, 10:00"
	assert moments.zone_named(zone, MONDAY, "en") == "Gulf Standard Time (Asia/Dubai)"


def test_a_reader_without_a_country_has_the_default_countrys_zone() -> None:
	couriers.open_courier()
	couriers.set_settings(default_country="Egypt")
	assert moments.zone_for("Administrator").key == "Africa/Cairo"


def test_moments_are_worded_in_arabic() -> None:
	courier = couriers.open_courier()
	zone = moments.zone_for(courier.head, courier.department)
	assert "مارس" in moments.shown(MONDAY, zone, "ar")


def test_speaking_ends_with_an_error_as_well() -> None:
	frappe.local.lang = "en"
	with pytest.raises(ZeroDivisionError), language.speaking("ar"):
		assert frappe.local.lang == "ar"
		1 / 0  # noqa: B018
	assert frappe.local.lang == "en"


def test_an_address_that_makes_tickets_cannot_be_answered_to() -> None:
	courier = couriers.open_courier()
	account = couriers.make_account(
		"Support", couriers.SUPPORT_INBOX, enable_incoming=1, append_to="HD Ticket"
	)
	couriers.set_settings(reply_to=couriers.SUPPORT_INBOX)
	escalation = couriers.escalation_of(couriers.escalated(courier))
	(effect,) = couriers.effects(escalation.name, "Copy Mail")
	assert effect.state == "Pending"
	assert effect.result.startswith(
		f"The e-mail account {account} turns mail to {couriers.SUPPORT_INBOX} into tickets."
	)


@pytest.mark.parametrize("folders", [False, True])
@pytest.mark.parametrize(
	"addresses",
	[
		{"email_id": couriers.REPLY_TO.upper()},
		{"email_id": "escalations+desk@example.com"},
		{"email_id": "desk@example.com", "login_id": couriers.REPLY_TO},
	],
)
def test_an_account_cannot_turn_answers_into_tickets(addresses: dict, folders: bool) -> None:
	couriers.open_courier()
	account = frappe.new_doc("Email Account")
	account.update({"email_account_name": "Answers", "enable_incoming": 1, **addresses})
	if folders:
		account.use_imap = 1
		account.append("imap_folder", {"folder_name": "INBOX", "append_to": "HD Ticket"})
	else:
		account.append_to = "HD Ticket"
	from core_helpdesk.events import email_account

	with pytest.raises(frappe.ValidationError, match="answers to its mails must not become tickets"):
		email_account.validate(account)
	account.enable_incoming = 0
	email_account.validate(account)


@pytest.mark.parametrize(
	"addresses",
	[
		{"address": "escalations+desk@example.com"},
		{"address": "desk@example.com", "login_id": couriers.REPLY_TO},
	],
)
def test_an_account_that_reads_the_address_by_another_name_is_known(addresses: dict) -> None:
	account = couriers.make_account("Support", enable_incoming=1, append_to="HD Ticket", **addresses)
	assert reply_to.account_making_tickets(couriers.REPLY_TO) == account
	assert reply_to.account_making_tickets("another@example.com") is None


def test_confirming_by_the_mail_goes_by_way_of_the_sign_in_page() -> None:
	courier = couriers.open_courier()
	escalation = couriers.escalation_of(couriers.escalated(courier))
	page = BeautifulSoup(part(couriers.mails(courier.head)[0], "html"), "html.parser")
	links = {link.get_text(strip=True): urlsplit(link["href"]) for link in page.find_all("a")}
	link = links["Confirm Receipt"]
	assert link.path == "/login"
	form = urlsplit(frappe.utils.get_url_to_form("Ticket Escalation", escalation.name)).path
	assert parse_qs(link.query) == {"redirect-to": [f"{form}?confirm_receipt=1"]}
	assert links["Open the Escalation"].path == form
