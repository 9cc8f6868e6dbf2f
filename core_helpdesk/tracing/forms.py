"""What the printed forms of a case say: its stored data, in the language of the print, for who may read the case.

A print is made of whatever document a caller names or sends; nothing is taken from that but its name.

Policy: TRC-14
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote, urlsplit

import frappe
from frappe import _
from frappe.utils import cstr, formatdate

from core_helpdesk import config, shown
from core_helpdesk.mail import language
from core_helpdesk.stored_text import as_written
from core_helpdesk.tracing import form_kinds, records, rights, rules

if TYPE_CHECKING:
	from frappe.model.document import Document

Fact = tuple[str, str]
PARTS = ("name", "phone", "email", "address")


class Section(NamedTuple):
	"""A titled part of a form; a fact without a value is left to be filled in by hand if `has_blanks`."""

	title: str
	facts: list[Fact]
	has_blanks: bool = False


def tracing_form(name: str, kind: str) -> dict[str, Any]:
	"""The words of a form about a stored case; the print formats call it by this name.

	Raises: DoesNotExistError, PermissionError, KeyError for no kind of form
	Policy: TRC-14
	"""
	case = frappe.get_doc(records.DOCTYPE, cstr(name))
	case.check_permission("read")
	spoken = frappe.local.lang or "en"
	direction = language.direction(spoken)
	form = form_kinds.of(kind)
	return {
		"language": spoken,
		"direction": direction,
		"start": "right" if direction == "rtl" else "left",
		"end": "left" if direction == "rtl" else "right",
		"title": form.title,
		"lead": form.lead,
		"case": case.name,
		"reference": _filled(_reference(case)),
		"rows": [sections for part in form.parts if (sections := SECTIONS[part](case))],
		"description": (_("Description", context="Tracing Form"), _written(case.description).splitlines()),
		"papers_title": _("Documents"),
		"papers_heads": (
			_("Document", context="Tracing Form"),
			_("Received", context="Tracing Form"),
			_("File", context="Tracing Form"),
		),
		"papers": [_paper(row, case) for row in case.documents],
		"files_title": _("Other Files of the Case"),
		"files": _files(case),
		"reply_title": form.reply_title,
		"reply": form.reply,
		"declaration": form.declaration,
		"signatures": form.signatures,
		"printed": _("Printed on {0}").format(shown.isolated(_day(config.from_epoch(config.now_epoch())))),
	}


def _filled(facts: list[Fact]) -> list[Fact]:
	return [fact for fact in facts if fact[1]]


def _reference(case: Document) -> list[Fact]:
	return [
		(_("Case", context="Tracing Form"), case.name),
		(_("Ticket"), cstr(case.ticket)),
		(_("Opened On"), _day(case.opened_on)),
		(_("Group", context="Core Helpdesk"), rights.team_of(case)),
	]


def _shipment(case: Document) -> list[Section]:
	facts = [
		(_("Air Waybill Number"), case.shipment_number or ""),
		(_("Direction"), _option(case.direction)),
		(_("Origin Country"), shown.country(case.origin_country)),
		(_("Destination Country"), shown.country(case.destination_country)),
		(_("Nature"), _option(case.nature)),
	]
	return [Section(_("Shipment"), facts, has_blanks=True)]


def _parties(case: Document) -> list[Section]:
	"""Beside each other."""
	return [*_shipper(case), *_consignee(case)]


def _shipper(case: Document) -> list[Section]:
	return [_party(case, "shipper", _("Shipper"))]


def _consignee(case: Document) -> list[Section]:
	return [_party(case, "consignee", _("Consignee"))]


def _party(case: Document, who: str, title: str) -> Section:
	labels = {
		"name": _("Name", context="Tracing Form"),
		"phone": _("Phone", context="Tracing Form"),
		"email": _("E-mail", context="Tracing Form"),
		"address": _("Address", context="Tracing Form"),
	}
	facts = [(labels[part], _written(case.get(f"{who}_{part}"))) for part in PARTS]
	return Section(title, facts, has_blanks=True)


def _nature(case: Document) -> list[Section]:
	"""What the case's nature asks for."""
	facts = {
		"Service Failure Complaint": [
			(_("What Went Wrong"), _written(case.failure)),
			(_("When It Happened"), _day(case.event_date)),
		],
		"Address Change": [
			(_("New Address"), _written(case.new_address)),
			(_("New City"), _written(case.new_city)),
			(_("New Phone"), _written(case.new_phone)),
		],
		"Claim": _claimed(case),
		"Pre-Alert": [
			(_("Expected On"), _day(case.expected_on)),
			(_("Special Instructions"), _written(case.special_instructions)),
		],
	}
	known = _filled(facts.get(case.nature, []))
	return [Section(_option(case.nature), known)] if known else []


def _claim(case: Document) -> list[Section]:
	return [Section(_("Claim", context="Tracing Form"), _claimed(case), has_blanks=True)]


def _claimed(case: Document) -> list[Fact]:
	amount = f"{case.claim_amount:,.2f} {case.claim_currency or ''}".strip() if case.claim_amount else ""
	return [
		(_("Amount Claimed"), amount),
		(_("Contents of the Shipment"), _written(case.contents)),
	]


SECTIONS = {
	form_kinds.SHIPMENT: _shipment,
	form_kinds.PARTIES: _parties,
	form_kinds.CONSIGNEE: _consignee,
	form_kinds.NATURE: _nature,
	form_kinds.CLAIMED: _claim,
}


def _paper(row: Document, case: Document) -> dict[str, str]:
	"""A paper of the case: whether it is here, and its file's name; the file itself is for who may read it."""
	arabic = {paper.document: paper.document_ar for paper in rules.required_papers(case.nature)}
	received = _day(row.received_on) or _("Yes") if row.is_received else _("No")
	return {
		"name": (shown.in_arabic() and arabic.get(row.document)) or as_written(row.document),
		"received": received,
		"file": unquote(urlsplit(row.file or "").path.rpartition("/")[2]),
	}


def _files(case: Document) -> list[str]:
	"""The names of the files that hang on the case and are no paper of it."""
	papers = {row.file for row in case.documents if row.file}
	attached = {"attached_to_doctype": records.DOCTYPE, "attached_to_name": case.name}
	files = frappe.get_all("File", attached, ["file_name", "file_url"], order_by="creation")
	return list(dict.fromkeys(file.file_name for file in files if file.file_url not in papers))


def _written(text: str | None) -> str:
	return shown.numbers_kept(as_written(text))


def _option(value: str | None) -> str:
	return _(value, context=records.DOCTYPE) if value else ""


def _day(value: Any) -> str:
	return formatdate(value) if value else ""
