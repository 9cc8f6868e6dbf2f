"""Cases that what was written makes urgent, and those that it does not."""

from __future__ import annotations

import frappe
import pytest

from core_helpdesk import config
from core_helpdesk.tracing import records, urgency
from tests.site.factories import make_ticket
from tests.site.tracing_desk import case_of, make_case, make_tracing_desk


@pytest.fixture
def desk() -> frappe._dict:
	return make_tracing_desk()


def write(ticket: str, content: str, *, subject: str = "Re: my parcel", **fields: object) -> None:
	frappe.get_doc(
		{
			"doctype": "Communication",
			"communication_type": "Communication",
			"communication_medium": "Email",
			"sent_or_received": "Received",
			"sender": "customer@example.com",
			"subject": subject,
			"content": content,
			"reference_doctype": "HD Ticket",
			"reference_name": ticket,
			**fields,
		}
	).insert(ignore_permissions=True)


@pytest.mark.parametrize(
	"content",
	[
		"<p>This is URGENT, please.</p>",
		"<div>It is</div><div>urgent.</div>",
		"<p>الموضوع عاجل جدا</p>",
		"<p>أمرٌ عاجِل</p>",
		"<p>Please help.<br>urgent<br>On 3 March 2026 a person wrote:<br>&gt; hello</p>",
	],
)
def test_words_of_the_settings_make_a_case_urgent(desk: frappe._dict, content: str) -> None:
	case = make_case(desk)
	write(case.ticket, content)
	case.reload()
	assert case.urgent and case.urgent_since
	assert not case.get("_seen")


@pytest.mark.parametrize(
	"content",
	[
		"<p>It is not urgent.</p>",
		"<p>الموضوع غير عاجل</p>",
		"<p>We met insurgents.</p>",
		"<p>Thank you.</p><blockquote>It was urgent</blockquote>",
		"<p>Thank you.</p><div class='gmail_quote'>URGENT</div>",
		"<p>Thank you.<br>On 3 March 2026 a person wrote:<br>urgent</p>",
		"<p>Thank you.<br>&gt; urgent</p>",
		"<style>.urgent { color: red }</style><p>Thank you.</p>",
		"",
	],
)
def test_other_words_and_quotations_do_not(desk: frappe._dict, content: str) -> None:
	case = make_case(desk)
	write(case.ticket, content)
	assert not case.reload().urgent


def test_the_subject_counts_and_our_own_mails_do_not(desk: frappe._dict) -> None:
	case, other = make_case(desk), make_case(desk)
	write(case.ticket, "", subject="Urgent: where is it?")
	write(other.ticket, "It is urgent", sent_or_received="Sent")
	assert case.reload().urgent
	assert not other.reload().urgent


def test_an_officer_takes_the_mark_away_for_good(desk: frappe._dict) -> None:
	case = make_case(desk)
	write(case.ticket, "urgent")
	records.write(case.name, {"urgent": 0})
	write(case.ticket, "still urgent")
	assert not case.reload().urgent
	assert urgency.look_at_new(config.now_epoch()) == []


def test_what_was_written_before_the_case_opened_is_looked_at_afterwards(desk: frappe._dict) -> None:
	ticket = make_ticket(group=desk.section, subject="Urgent: not delivered")
	ticket.reload()
	ticket.agent_group = desk.headquarters
	ticket.save()
	case = case_of(ticket)
	assert not case.urgent
	assert urgency.look_at_new(config.now_epoch()) == [case.name]
	assert case.reload().urgent


def test_without_words_nothing_is_urgent(desk: frappe._dict) -> None:
	case = make_case(desk)
	frappe.db.set_single_value("Tracing Settings", "urgent_words", "\n \n")
	frappe.clear_document_cache("Tracing Settings", "Tracing Settings")
	write(case.ticket, "urgent")
	assert not case.reload().urgent


def test_mail_comes_in_even_if_looking_fails(desk: frappe._dict, monkeypatch: pytest.MonkeyPatch) -> None:
	case = make_case(desk)

	def fail(*_: object) -> None:
		raise RuntimeError

	monkeypatch.setattr(urgency, "mark", fail)
	write(case.ticket, "urgent")
	assert frappe.db.exists("Communication", {"reference_name": case.ticket, "content": ("like", "%urgent%")})


def test_a_message_on_something_else_is_left_alone(desk: frappe._dict) -> None:
	make_case(desk)
	write("Administrator", "urgent", reference_doctype="User")
	assert not frappe.db.exists(records.DOCTYPE, {"urgent": 1})
