"""The data that a tracing case needs before it can be worked, by its nature; values in, values out.

Whether a phone number or an address of e-mail can be used is judged outside, by those who know them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from itertools import groupby
from math import isfinite
from typing import TYPE_CHECKING, NamedTuple

from core_helpdesk.domain.shipment_number import NumberFault

if TYPE_CHECKING:
	from collections.abc import Iterator, Mapping

	from core_helpdesk.domain.shipment_number import Examined

TATWEEL = "\u0640"
LONGEST_RUN = 3
"""How many times in a row one letter counts in a description: leaning on a key describes nothing."""


class Nature(str, Enum):
	"""What a case is about.

	Policy: TRC-05
	"""

	SERVICE_FAILURE = "Service Failure Complaint"
	ADDRESS_CHANGE = "Address Change"
	CLAIM = "Claim"
	PRE_ALERT = "Pre-Alert"


class Direction(str, Enum):
	"""Which way a shipment goes, seen from headquarters' country.

	Policy: TRC-01
	"""

	INBOUND = "Inbound"
	OUTBOUND = "Outbound"


class FaultKind(str, Enum):
	"""What is wrong with a field.

	SAME_COUNTRY: the shipment is not international. OTHER_WAY: it leaves home and is called inbound, or the reverse.
	"""

	MISSING = "Missing"
	UNUSABLE = "Unusable"
	WRONG_FORMAT = "Wrong Format"
	WRONG_CHECK_DIGIT = "Wrong Check Digit"
	TOO_SHORT = "Too Short"
	SAME_COUNTRY = "Same Country"
	OTHER_WAY = "Other Way"


class Fault(NamedTuple):
	"""A field of the case, by its name, and what is wrong with it."""

	field: str
	kind: FaultKind


class Requirement(NamedTuple):
	"""A field that a nature needs, and its label as on the form."""

	fieldname: str
	label: str


NEEDED: Mapping[str, tuple[Requirement, ...]] = {
	Nature.SERVICE_FAILURE: (
		Requirement("failure", "What Went Wrong"),
		Requirement("event_date", "When It Happened"),
	),
	Nature.ADDRESS_CHANGE: (
		Requirement("new_address", "New Address"),
		Requirement("new_city", "New City"),
	),
	Nature.CLAIM: (
		Requirement("claim_amount", "Amount Claimed"),
		Requirement("claim_currency", "Claim Currency"),
		Requirement("contents", "Contents of the Shipment"),
	),
	Nature.PRE_ALERT: (
		Requirement("expected_on", "Expected On"),
		Requirement("special_instructions", "Special Instructions"),
	),
}
"""What each nature needs beside the data of every case.

Policy: TRC-05
"""

NUMBER_FAULTS = {
	NumberFault.EMPTY: FaultKind.MISSING,
	NumberFault.UNKNOWN_FORMAT: FaultKind.WRONG_FORMAT,
	NumberFault.WRONG_CHECK_DIGIT: FaultKind.WRONG_CHECK_DIGIT,
}


@dataclass(frozen=True, slots=True)
class Party:
	"""Shipper or consignee, and whether a phone number and an e-mail that are given can be used.

	Policy: TRC-04
	"""

	name: str = ""
	phone: str = ""
	email: str = ""
	address: str = ""
	phone_is_usable: bool = False
	email_is_usable: bool = False


@dataclass(frozen=True, slots=True)
class CaseData:
	"""What is entered of a case; empty is not known. Texts are plain, without markup.

	`home` is the country of headquarters, `details` are the fields that only some natures need.
	"""

	number: Examined
	direction: str = ""
	origin: str = ""
	destination: str = ""
	home: str = ""
	shipper: Party = Party()
	consignee: Party = Party()
	nature: str = ""
	description: str = ""
	details: Mapping[str, object] = field(default_factory=dict)


def faults(data: CaseData, least_description: int) -> tuple[Fault, ...]:
	"""Everything that is missing or wrong, in the order of the form.

	Units: `least_description` is letters and digits, 0 asks for no description.
	Policy: TRC-04, TRC-05, TRC-06, TRC-07, TRC-14
	"""
	return (
		*_of_number(data.number),
		*_of_route(data),
		*_missing("nature", data.nature),
		*_of_description(data.description, least_description),
		*_of_party("shipper", data.shipper),
		*_of_party("consignee", data.consignee),
		*_of_details(data),
	)


def way(origin: str, destination: str, home: str) -> str:
	"""The direction that follows from the countries; empty unless one of them alone is home.

	Of a shipment between two other countries whoever enters it says which it is.
	Policy: TRC-01
	"""
	if not (origin and destination and home) or (origin == home) == (destination == home):
		return ""
	return Direction.OUTBOUND.value if origin == home else Direction.INBOUND.value


def described(text: str) -> int:
	"""How many letters and digits describe something: one that comes again and again counts three times."""
	letters = (letter for letter in text.casefold() if letter.isalnum() and letter != TATWEEL)
	return sum(min(sum(1 for _ in run), LONGEST_RUN) for _, run in groupby(letters))


def _of_number(number: Examined) -> Iterator[Fault]:
	if number.fault:
		yield Fault("shipment_number", NUMBER_FAULTS[NumberFault(number.fault)])


def _of_route(data: CaseData) -> Iterator[Fault]:
	yield from _missing("direction", data.direction)
	follows = way(data.origin, data.destination, data.home)
	if data.direction and follows and data.direction != follows:
		yield Fault("direction", FaultKind.OTHER_WAY)
	yield from _missing("origin_country", data.origin)
	yield from _missing("destination_country", data.destination)
	if data.origin and data.origin == data.destination:
		yield Fault("destination_country", FaultKind.SAME_COUNTRY)


def _of_description(text: str, least: int) -> Iterator[Fault]:
	count = described(text)
	if count < least:
		yield Fault("description", FaultKind.TOO_SHORT if count else FaultKind.MISSING)


def _of_party(who: str, party: Party) -> Iterator[Fault]:
	yield from _missing(f"{who}_name", party.name)
	yield from _missing(f"{who}_phone", party.phone)
	if _is_given(party.phone) and not party.phone_is_usable:
		yield Fault(f"{who}_phone", FaultKind.UNUSABLE)
	if _is_given(party.email):
		if not party.email_is_usable:
			yield Fault(f"{who}_email", FaultKind.UNUSABLE)
	elif not _is_given(party.address):
		yield Fault(f"{who}_email", FaultKind.MISSING)


def _of_details(data: CaseData) -> Iterator[Fault]:
	for fieldname, _ in NEEDED.get(data.nature, ()):
		value = data.details.get(fieldname)
		if isinstance(value, (int, float)) and not (isfinite(value) and value >= 0):
			yield Fault(fieldname, FaultKind.UNUSABLE)
		else:
			yield from _missing(fieldname, value)


def _missing(fieldname: str, value: object) -> Iterator[Fault]:
	if not _is_given(value):
		yield Fault(fieldname, FaultKind.MISSING)


def _is_given(value: object) -> bool:
	"""A text says something with a letter or digit only: blanks and dashes are what people enter to get past a field."""
	return any(map(str.isalnum, value)) if isinstance(value, str) else bool(value)
