"""A site that traces and tells its customers: notices, an account that sends, and customers on record."""

from __future__ import annotations

import email
import email.policy
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

import frappe
from bs4 import BeautifulSoup

from core_helpdesk.setup import tracing_notices
from core_helpdesk.tracing import confirmation, records
from tests.site import courier as couriers
from tests.site.factories import as_user
from tests.site.tracing_desk import make_case, make_tracing_desk

if TYPE_CHECKING:
	from frappe.model.document import Document

CUSTOMER = "customer@example.com"
SOLUTION = "Found in Dubai, and delivered to the consignee."


def make_notice_desk(mode: str = "Live", **settings: object) -> frappe._dict:
	couriers.make_outgoing_account()
	tracing_notices.seed()
	return make_tracing_desk(mode, **settings)


def make_contact(address: str = CUSTOMER, **fields: object) -> str:
	contact = {"doctype": "Contact", "first_name": "Huda", "last_name": "Customer", **fields}
	contact["email_ids"] = [{"email_id": address, "is_primary": 1}]
	mobile = contact.pop("mobile", "")
	contact["phone_nos"] = [{"phone": mobile, "is_primary_mobile_no": 1}] if mobile else []
	return frappe.get_doc(contact).insert().name


def solved_case(
	desk: frappe._dict, *, customer: str = CUSTOMER, language: str = "en", **data: object
) -> Document:
	"""A case that was marked as solved, and whose customer was asked about it if the mode is Live."""
	from core_helpdesk import config
	from core_helpdesk.tracing import work

	case = make_case(desk, customer=customer, language=language, **data)
	with as_user(desk.officer):
		work.mark_solved(records.locked(case.name), SOLUTION, config.now_epoch())
	return case.reload()


def mails(case: Document) -> list[Document]:
	"""What is queued about a case, oldest first."""
	about = {"reference_doctype": records.DOCTYPE, "reference_name": case.name}
	names = frappe.get_all("Email Queue", about, pluck="name", order_by="creation, name")
	return [frappe.get_doc("Email Queue", name) for name in names]


def parsed(mail: Document) -> email.message.EmailMessage:
	return email.message_from_string(mail.message, policy=email.policy.default)


def part(mail: Document, kind: str) -> str:
	return parsed(mail).get_body((kind,)).get_content()


def html_of(mail: Document) -> BeautifulSoup:
	return BeautifulSoup(part(mail, "html"), "html.parser")


def link_in(mail: Document) -> dict[str, str]:
	"""What the link of a mail asks the page, by name."""
	links = [link["href"] for link in html_of(mail).find_all("a") if confirmation.ROUTE in link["href"]]
	(address,) = links
	return {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}


def link_of(case: Document) -> dict[str, str]:
	"""The link that the customer of a case was sent last."""
	asking = [mail for mail in mails(case) if confirmation.ROUTE in part(mail, "html")]
	return link_in(asking[-1])
