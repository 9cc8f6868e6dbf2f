"""Words the mails of escalations: what a reader must know, in their language and their time.

Subjects carry no "#", begin with no digit and never repeat a ticket's subject: the framework would file an answer
on the ticket that it takes such a subject for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import urlencode, urlsplit

import frappe
from frappe import _
from frappe.utils import get_url, get_url_to_form

from core_helpdesk import config
from core_helpdesk.escalations.rows import TRACING
from core_helpdesk.hosts import hd_ticket
from core_helpdesk.mail import excerpt, language, moments
from core_helpdesk.mail.outgoing import Letter
from core_helpdesk.mail.remembered import remembered
from core_helpdesk.shown import country

if TYPE_CHECKING:
	from collections.abc import Iterable, Sequence
	from zoneinfo import ZoneInfo

ESCALATION = "Ticket Escalation"
PAGES = "core_helpdesk/templates/emails"
FIELDS = (
	"name",
	"target",
	"level",
	"reference_doctype",
	"reference_name",
	"ticket_subject",
	"team",
	"department",
	"country",
	"due_epoch",
	"escalated_epoch",
	"answer_due_epoch",
	"late_seconds",
)


class Reader(NamedTuple):
	"""Who reads a mail: their language and the zone of their country."""

	user: str
	language: str
	zone: ZoneInfo

	def moment(self, epoch: int) -> str:
		return moments.shown(epoch, self.zone, self.language)


def reader_of(user: str, department: str = "") -> Reader:
	zone = remembered(("zone", user, department), lambda: moments.zone_for(user, department))
	return Reader(user, language.language_of(user), zone)


def copy_of_ticket(escalation: frappe._dict, ticket: hd_ticket.TicketFacts, user: str) -> Letter:
	"""The copy of an escalated ticket for a head or manager.

	Policy: TSM-05, TSM-06
	"""
	reader = reader_of(user, escalation.department or "")
	with language.speaking(reader.language):
		page = _copy_page(escalation, ticket, reader)
		known = (
			_("Escalated tracing case in {0}, {1}")
			if is_case(escalation)
			else _("Escalated ticket in {0}, {1}")
		)
		subject = known.format(_plain(escalation.team), reader.moment(escalation.escalated_epoch))
		return Letter(
			user,
			subject,
			_rendered("ch_escalation.html", page),
			_copy_text(page),
			ESCALATION,
			escalation.name,
		)


def digest(escalations: Sequence[frappe._dict], user: str, now: int) -> Letter:
	"""One mail that stands for many copies; answers are filed on the first escalation it lists."""
	reader = reader_of(user, escalations[0].department or "")
	with language.speaking(reader.language):
		page = _digest_page(escalations, reader, now)
		subject = _("Escalated tickets: {0}, {1}").format(len(escalations), reader.moment(now))
		return Letter(
			user,
			subject,
			_rendered("ch_digest.html", page),
			_digest_text(page),
			ESCALATION,
			escalations[0].name,
		)


def _plain(text: str | None) -> str:
	return " ".join((text or "").replace("#", " ").split())


def _rendered(template: str, page: dict[str, Any]) -> str:
	return frappe.get_template(f"{PAGES}/{template}").render(page)


def _page(reader: Reader, title: str, lead: str, now: int) -> dict[str, Any]:
	direction = language.direction(reader.language)
	return {
		"language": reader.language,
		"direction": direction,
		"start": "right" if direction == "rtl" else "left",
		"title": title,
		"lead": lead,
		"footer": _footer(reader, now),
	}


def _footer(reader: Reader, now: int) -> list[str]:
	"""Policy: CORE-16"""
	settings = config.settings()
	lines = [_("Times are in {0}.").format(moments.zone_named(reader.zone, now, reader.language))]
	lines.append(_("Answers to this mail are read by the ticketing team, not by the customer."))
	support = [
		_kept_together(part, reader) for part in (settings.support_phone, settings.support_email) if part
	]
	if support:
		lines.append(_("If the ticketing system does not work: {0}").format(" · ".join(support)))
	return lines


def _kept_together(text: str, reader: Reader) -> str:
	"""A number or address inside text from right to left keeps its own direction."""
	return f"\u2066{text}\u2069" if language.direction(reader.language) == "rtl" else text


def _copy_page(escalation: frappe._dict, ticket: hd_ticket.TicketFacts, reader: Reader) -> dict[str, Any]:
	link = get_url_to_form(ESCALATION, escalation.name)
	page = _page(reader, _title(escalation), _lead(escalation, reader), escalation.escalated_epoch)
	page["facts"] = [fact for fact in _facts(escalation, ticket, reader) if fact[1]]
	page["links"] = [(_("Open the Escalation"), link), (_("Confirm Receipt"), _link_that_confirms(link))]
	page.update(_conversation(escalation.reference_name, reader))
	return page


def _link_that_confirms(link: str) -> str:
	"""Policy: TSM-01"""
	return link_by_signing_in(link, "confirm_receipt")


def link_by_signing_in(link: str, asked_for: str) -> str:
	"""A link to a form that does something at once, by way of the sign-in page, which goes on at once for who is
	signed in: the Desk's own way there would forget what was asked for.
	"""
	form = f"{urlsplit(link).path}?{asked_for}=1"
	return get_url(f"/login?{urlencode({'redirect-to': form})}")


def is_case(escalation: frappe._dict) -> bool:
	"""Whether a tracing case is escalated, and not the ticket in its group."""
	return escalation.clock == TRACING


def _title(escalation: frappe._dict) -> str:
	if is_case(escalation):
		if escalation.target == "General Manager":
			return _("A tracing case was escalated to the General Manager")
		return _("A tracing case of your department was escalated")
	if escalation.target == "General Manager":
		return _("A ticket was escalated to the General Manager")
	return _("A ticket of your department was escalated")


def _lead(escalation: frappe._dict, reader: Reader) -> str:
	if not escalation.answer_due_epoch:
		return _("Please find a solution together with Ticketing System Management.")
	lead = _("Please find a solution together with Ticketing System Management by {0}.")
	return lead.format(reader.moment(escalation.answer_due_epoch))


def _facts(
	escalation: frappe._dict, ticket: hd_ticket.TicketFacts, reader: Reader
) -> Iterable[tuple[str, str]]:
	yield _("Ticket"), f"{escalation.reference_name}: {ticket.subject or escalation.ticket_subject or ''}"
	yield _("Customer"), ticket.raised_by
	yield _("Group", context="Core Helpdesk"), escalation.team or ""
	yield _("Department", context="Core Helpdesk"), department_named(escalation.department, reader.language)
	yield _("Country"), country(escalation.country, reader.language)
	yield _("With the Group Since"), reader.moment(_with_group_since(escalation))
	yield _("Was Due"), reader.moment(escalation.due_epoch)
	yield _("Escalated at"), reader.moment(escalation.escalated_epoch)
	yield _("Level"), f"{escalation.level} · {_(escalation.target or '')}"
	yield _("Solution Due"), reader.moment(escalation.answer_due_epoch)


def department_named(department: str | None, lang: str) -> str:
	"""The department's name in the language."""
	if not department:
		return ""
	arabic = lang.startswith("ar") and frappe.get_cached_value(
		"Core Department", department, "department_name_ar"
	)
	return arabic or department


def category_named(category: str | None, lang: str) -> str:
	"""The group category's name in the language."""
	if not category:
		return ""
	arabic = lang.startswith("ar") and frappe.get_cached_value("Group Category", category, "category_name_ar")
	return arabic or category


def _with_group_since(escalation: frappe._dict) -> int:
	ticket = {"reference_doctype": escalation.reference_doctype, "reference_name": escalation.reference_name}
	legs = frappe.get_all("Ticket Leg", ticket, pluck="from_epoch", order_by="from_epoch desc", limit=1)
	return legs[0] if legs else 0


def _conversation(ticket: str, reader: Reader) -> dict[str, Any]:
	found = excerpt.excerpt(hd_ticket.conversation(ticket))
	messages = [
		{"head": f"{message.sender} · {reader.moment(config.to_epoch(message.at))}", "lines": lines}
		for message, lines in found.messages
	]
	return {"messages_title": _("Last Messages"), "messages": messages}


def _copy_text(page: dict[str, Any]) -> str:
	"""The same mail for readers without HTML."""
	lines = [page["title"], page["lead"], ""]
	lines += [f"{label}: {value}" for label, value in page["facts"]]
	lines += ["", *(f"{label}: {link}" for label, link in page["links"]), ""]
	for message in page["messages"]:
		lines += [message["head"], *message["lines"], ""]
	return "\n".join(lines + page["footer"])


def _digest_page(escalations: Sequence[frappe._dict], reader: Reader, now: int) -> dict[str, Any]:
	lead = _("So many tickets were escalated to you at once that one mail lists them all: {0}.")
	page = _page(reader, _("Tickets were escalated"), lead.format(len(escalations)), now)
	page["rows"] = [_digest_row(escalation, reader) for escalation in escalations]
	return page


def _digest_row(escalation: frappe._dict, reader: Reader) -> dict[str, Any]:
	lines = [
		*([_("Tracing Case")] if is_case(escalation) else []),
		f"{_('Group', context='Core Helpdesk')}: {escalation.team or ''}",
		f"{_('Was Due')}: {reader.moment(escalation.due_epoch)}",
		f"{_('Solution Due')}: {reader.moment(escalation.answer_due_epoch)}",
	]
	return {
		"subject": f"{escalation.reference_name}: {escalation.ticket_subject or ''}",
		"link": get_url_to_form(ESCALATION, escalation.name),
		"lines": lines,
	}


def _digest_text(page: dict[str, Any]) -> str:
	lines = [page["title"], page["lead"], ""]
	for row in page["rows"]:
		lines += [row["subject"], *row["lines"], row["link"], ""]
	return "\n".join(lines + page["footer"])


def about_document(
	reader: Reader,
	title: str,
	lead: str,
	facts: Iterable[tuple[str, str]],
	link_label: str,
	reference: tuple[str, str],
	*,
	first_link: tuple[str, str] | None = None,
) -> Letter:
	"""A mail about a document of ours: what it is, its facts and the way to it. Spoken in the reader's language."""
	page = _page(reader, title, lead, config.now_epoch())
	page["facts"] = [fact for fact in facts if fact[1]]
	page["links"] = [*([first_link] if first_link else []), (link_label, get_url_to_form(*reference))]
	page["messages"] = []
	return Letter(
		reader.user, _plain(title), _rendered("ch_escalation.html", page), _copy_text(page), *reference
	)
