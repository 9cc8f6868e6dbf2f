"""A case's data as the domain judges it: what is missing, unusable or wrong, field by field and in words.

Phone numbers are read by `phonenumbers` as dialled in the party's own country, addresses for e-mail as the framework
reads them. Nothing here refuses: a case may be filled in step by step, but neither asked about nor closed with faults.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

import frappe
import phonenumbers
from frappe import _
from frappe.utils import split_emails, validate_email_address

from core_helpdesk.domain import shipment_number
from core_helpdesk.domain import tracing_data as data
from core_helpdesk.domain.tracing_data import CaseData, Fault, FaultKind, Nature, Party
from core_helpdesk.stored_text import as_written, keep_as_text
from core_helpdesk.tracing import rules

if TYPE_CHECKING:
	from collections.abc import Iterable

	from frappe.model.document import Document

	from core_helpdesk.domain.shipment_number import Examined

DOCTYPE = "Tracing Case"
# Whose phone numbers are dialled in which country.
PARTIES = {"shipper": "origin_country", "consignee": "destination_country"}
# What people write into the case itself; the rest is written by acts, or chosen.
TEXTS = (
	"description",
	*(f"{who}_{part}" for who in PARTIES for part in ("name", "phone", "email", "address")),
	"failure",
	"new_address",
	"new_city",
	"new_phone",
	"contents",
	"special_instructions",
	"customer_name",
	"customer_email",
	"customer_phone",
)


class SaidFault(TypedDict):
	"""A fault for the form: the field it stands at, and what is wrong in the present language."""

	field: str
	text: str


def settle(case: Document) -> None:
	"""Brings the number into its one spelling, fills in the direction where it follows from the countries, and notes how
	many faults the data has.

	Policy: TRC-06, TRC-07
	"""
	keep_as_text(case, [field for field in TEXTS if case.meta.has_field(field)])
	for row in case.documents:
		keep_as_text(row, ("document", "note"))
	number = examined(case.shipment_number)
	case.shipment_number, case.number_kind = number.number, number.kind
	case.title = " · ".join(filter(None, (case.ticket, number.number or case.customer_name)))[:140]
	if not case.direction:
		home = rules.network().home
		case.direction = data.way(case.origin_country or "", case.destination_country or "", home)
	case.faults = len(faults(case))


def faults(case: Document | frappe._dict) -> tuple[Fault, ...]:
	"""What is wrong with the case's data, or with that of its row, in the order of the form.

	Policy: TRC-04, TRC-05, TRC-06, TRC-07
	"""
	return data.faults(as_data(case), rules.least_description())


def as_data(case: Document | frappe._dict) -> CaseData:
	details = data.NEEDED.get(Nature(case.nature), ()) if case.nature else ()
	return CaseData(
		number=examined(case.shipment_number),
		direction=case.direction or "",
		origin=case.origin_country or "",
		destination=case.destination_country or "",
		home=rules.network().home,
		shipper=party(case, "shipper"),
		consignee=party(case, "consignee"),
		nature=case.nature or "",
		description=as_written(case.description),
		details={detail.fieldname: case.get(detail.fieldname) for detail in details},
	)


def examined(number: str | None) -> Examined:
	"""The shipment number as it is kept, with its kind or what is wrong with it."""
	return shipment_number.examined(number or "", rules.number_kinds())


def party(case: Document | frappe._dict, who: str) -> Party:
	said = {part: (case.get(f"{who}_{part}") or "").strip() for part in ("name", "phone", "email", "address")}
	country = case.get(PARTIES[who]) or ""
	return Party(
		**said,
		phone_is_usable=is_phone(said["phone"], country),
		email_is_usable=is_email(said["email"]),
	)


def is_phone(number: str, country: str = "") -> bool:
	"""True for a number that can be dialled: with its country's code, or as dialled within the country."""
	region = (frappe.get_cached_value("Country", country, "code") or "").upper() if country else ""
	try:
		return phonenumbers.is_valid_number(phonenumbers.parse(number, region or None))
	except phonenumbers.NumberParseException:
		return False


def is_email(address: str) -> bool:
	"""True for one address, and nothing beside it."""
	return split_emails(address) == [address] and validate_email_address(address) == address


def in_words(case: Document, found: Iterable[Fault] | None = None) -> list[SaidFault]:
	"""The faults for people, in the present language; all of the case's unless given."""
	wanted = faults(case) if found is None else found
	return [SaidFault(field=fault.field, text=_words(case, fault)) for fault in wanted]


def _words(case: Document, fault: Fault) -> str:
	message = {
		FaultKind.MISSING: _("{0} is missing."),
		FaultKind.UNUSABLE: _("{0} cannot be used as it is: please check it with whoever gave it."),
		FaultKind.WRONG_FORMAT: _("{0} has the format of no kind of number in use: please check it."),
		FaultKind.WRONG_CHECK_DIGIT: _("{0} has a wrong check digit: a digit was mistyped or left out."),
		FaultKind.TOO_SHORT: _("{0} is too short: say what the customer asks and what is known."),
		FaultKind.SAME_COUNTRY: _(
			"{0}: origin and destination are one country, so nothing is traced abroad."
		),
		FaultKind.OTHER_WAY: _(
			"{0} does not fit the countries: what leaves headquarters' country is outbound, what comes to it inbound."
		),
	}[fault.kind]
	return message.format(label(case, fault.field))


def label(case: Document, fieldname: str) -> str:
	"""The field's name in the present language."""
	field = case.meta.get_field(fieldname)
	return _(field.label, context=DOCTYPE) if field else fieldname
