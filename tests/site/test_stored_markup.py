"""Markup that people write is text wherever it is shown: kept as such, and said once more only as they wrote it.

The framework's own cleaning leaves text alone that can be read as JSON, as markup between quotation marks can.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk.governance import notices
from core_helpdesk.governance import request_kinds as kinds
from core_helpdesk.setup import workflows as flow
from tests.site import request_desk as desks
from tests.site import web, website
from tests.site.factories import as_user
from tests.site.request_desk import DOCTYPE, by_rest, fresh, make_request, open_desk, put_into

if TYPE_CHECKING:
	from frappe.model.document import Document

MARKUP = '"<img src=x onerror=window.__xss=1>"'
TEXTS = ("Data", "Small Text", "Text", "Long Text")
REPORTED = "core_helpdesk.request_api.report_wrong"


def markup_in(document: Document) -> list[str]:
	"""The text fields of a document and its rows in which a page would find a tag."""
	rows = [row for table in document.meta.get_table_fields() for row in document.get(table.fieldname)]
	return [
		f"{part.doctype}.{field.fieldname}"
		for part in (document, *rows)
		for field in part.meta.fields
		if field.fieldtype in TEXTS and "<img" in (part.get(field.fieldname) or "")
	]


def marked(values: dict) -> dict:
	"""The data of a request with markup in every text of it."""
	meta = frappe.get_meta(DOCTYPE)
	texts = {name for name in values if meta.get_field(name).fieldtype in TEXTS}
	rows = [{**row, "note": MARKUP} for row in values.get("members", [])]
	return {**values, **dict.fromkeys(texts, MARKUP), **({"members": rows} if rows else {})}


@pytest.mark.parametrize("kind", kinds.KINDS)
def test_no_text_of_a_request_is_markup(kind: str) -> None:
	desk = open_desk(mode="Off")
	values = marked(desks.data_of(kind, desk))
	made = web.post(desk.head, f"{web.RESOURCE}/{DOCTYPE}", kind=kind, **values)
	assert markup_in(fresh(made["name"])) == []
	assert "<img" not in fresh(made["name"]).title
	web.put(desk.head, f"{web.RESOURCE}/{DOCTYPE}/{made['name']}", **values)
	assert markup_in(fresh(made["name"])) == []


def test_no_reason_and_no_discussion_is_markup() -> None:
	desk = open_desk(mode="Off")
	request = put_into(make_request(desk, kinds.CHANGE_ESCALATION), flow.REVIEW)
	path = f"{web.RESOURCE}/{DOCTYPE}/{request.name}"
	row = {"head": desk.head, "department": desk.department, "answer": "Objected", "note": MARKUP}
	web.put(desk.qa, path, discussion=[row], discussion_decision=MARKUP)
	web.put(desk.qa, path, workflow_state=flow.NEEDS_INFORMATION, needs=MARKUP)
	web.put(desk.head, path, workflow_state=flow.WITHDRAWN, decision_reason=MARKUP)
	stored = fresh(request)
	assert markup_in(stored) == []
	assert stored.states[-1].note == stored.decision_reason == '"&lt;img src=x onerror=window.__xss=1>"'


def test_what_an_agent_reports_is_no_markup_for_who_reviews_it() -> None:
	desk = open_desk(mode="Off")
	ticket = desks.open_ticket(desk.home)
	said = {"wrong": "Wrong Data", "correction": MARKUP}
	name = web.call(desk.agent, REPORTED, doctype="HD Ticket", name=str(ticket), **said)
	assert markup_in(fresh(name)) == []
	by_rest(desk.qa, name, flow.APPROVE)
	by_rest(desk.qa, name, flow.IMPLEMENT)
	(comment,) = frappe.get_all("HD Ticket Comment", {"reference_ticket": ticket}, pluck="content")
	assert "<img" not in comment
	# A page that shows it says what was written, and no sign of how it was kept.
	assert MARKUP in html.unescape(comment)


def test_a_group_keeps_its_purpose_and_process_as_text() -> None:
	desk = open_desk(mode="Off")
	with as_user(desk.qa):
		team = frappe.get_doc("HD Team", desk.home)
		team.update({"ch_purpose": MARKUP, "ch_process": MARKUP})
		team.save(ignore_permissions=True)
	stored = frappe.db.get_value("HD Team", desk.home, ["ch_purpose", "ch_process"])
	assert [text for text in stored if "<img" in text] == []


def test_a_notice_keeps_its_texts_as_text() -> None:
	desk = open_desk(mode="Off")
	texts = dict.fromkeys(("title", "purpose", "text", "text_ar"), MARKUP)
	made = web.post(desk.qa, f"{web.RESOURCE}/Change Notice", team=desk.home, **texts)
	assert markup_in(frappe.get_doc("Change Notice", made["name"])) == []


# What a page escapes by itself gets the words as they were written.

WRITTEN = "Parcels <from the north> & returns"


def test_the_directory_shows_a_purpose_as_it_was_written() -> None:
	desk = open_desk(mode="Off")
	with as_user(desk.qa):
		team = frappe.get_doc("HD Team", desk.home)
		team.update({"ch_purpose": WRITTEN, "ch_process": WRITTEN})
		team.save(ignore_permissions=True)
	shown = website.visit(desk.head, "/group-directory", group=desk.home)
	assert WRITTEN in shown.text
	assert "&lt;from" not in shown.text


def test_a_mail_says_what_was_written_without_a_sign_of_how_it_is_kept() -> None:
	desk = open_desk()
	request = put_into(make_request(desk, purpose=WRITTEN), flow.REVIEW)
	by_rest(desk.qa, request.name, flow.APPROVE)
	by_rest(desk.qa, request.name, flow.IMPLEMENT)
	notices.send_due()
	asked = put_into(make_request(desk), flow.REVIEW)
	path = f"{web.RESOURCE}/{DOCTYPE}/{asked.name}"
	web.put(desk.qa, path, workflow_state=flow.NEEDS_INFORMATION, needs=WRITTEN)
	for doctype, user in (("Change Notice", desk.other_head), (DOCTYPE, desk.head)):
		message = last_mail(doctype, user)
		assert "&lt;from the north> &amp; returns" in message or html.escape(WRITTEN) in message
		assert "&amp;lt;" not in message


def last_mail(doctype: str, user: str) -> str:
	"""The page of the latest mail about a document of this kind to somebody."""
	mail = frappe.qb.DocType("Email Queue")
	recipient = frappe.qb.DocType("Email Queue Recipient")
	query = frappe.qb.from_(mail).join(recipient).on(recipient.parent == mail.name).select(mail.message)
	query = query.where((mail.reference_doctype == doctype) & (recipient.recipient == user))
	found = query.orderby(mail.creation, order=frappe.qb.desc).limit(1).run(pluck=True)
	return page_of(found[0])


def page_of(message: str) -> str:
	import email
	import email.policy

	parsed = email.message_from_string(message, policy=email.policy.default)
	return parsed.get_body(("html",)).get_content()
