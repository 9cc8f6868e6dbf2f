"""What a case needs: every field by itself, every nature, and all that is wrong at once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core_helpdesk.domain.shipment_number import Examined, NumberFault
from core_helpdesk.domain.tracing_data import (
	NEEDED,
	CaseData,
	Direction,
	Fault,
	FaultKind,
	Nature,
	Party,
	described,
	faults,
	way,
)

LEAST = 30
PARTY = Party("Huda Salem", "+966 11 000 0000", "huda@example.com", "King Road 1, Riyadh", True, True)
COMPLETE = CaseData(
	Examined("12512345675", "Air Waybill"),
	Direction.INBOUND,
	"EG",
	"SA",
	"SA",
	PARTY,
	PARTY,
	Nature.SERVICE_FAILURE,
	"The parcel was handed to a neighbour who does not have it.",
	{"failure": "Wrong delivery", "event_date": date(2026, 3, 1)},
)
DETAILS = {
	Nature.SERVICE_FAILURE: {"failure": "Late", "event_date": date(2026, 3, 1)},
	Nature.ADDRESS_CHANGE: {"new_address": "King Road 2", "new_city": "Jeddah"},
	Nature.CLAIM: {"claim_amount": 100.5, "claim_currency": "SAR", "contents": "Two books"},
	Nature.PRE_ALERT: {"expected_on": date(2026, 3, 9), "special_instructions": "Keep cold"},
}
FORM = (
	*("shipment_number", "direction", "origin_country", "destination_country", "nature", "description"),
	*(f"{who}_{what}" for who in ("shipper", "consignee") for what in ("name", "phone", "email")),
	*(requirement.fieldname for needed in NEEDED.values() for requirement in needed),
)


def found(data: CaseData, least: int = LEAST) -> list[tuple[str, str]]:
	return [(fault.field, fault.kind.value) for fault in faults(data, least)]


def test_a_complete_case_has_no_fault() -> None:
	assert faults(COMPLETE, LEAST) == ()


def test_an_empty_case_has_all_of_them_in_the_order_of_the_form() -> None:
	assert found(CaseData(Examined("", "", NumberFault.EMPTY))) == [
		(name, "Missing") for name in FORM if name not in [each for own in DETAILS.values() for each in own]
	]


@pytest.mark.parametrize(
	("fault", "kind"),
	[
		(NumberFault.EMPTY, FaultKind.MISSING),
		(NumberFault.UNKNOWN_FORMAT, FaultKind.WRONG_FORMAT),
		(NumberFault.WRONG_CHECK_DIGIT, FaultKind.WRONG_CHECK_DIGIT),
		("Wrong Check Digit", FaultKind.WRONG_CHECK_DIGIT),
	],
)
def test_the_number_is_as_it_was_examined(fault: str, kind: FaultKind) -> None:
	data = replace(COMPLETE, number=Examined("1", "", fault))
	assert faults(data, LEAST) == (Fault("shipment_number", kind),)


@pytest.mark.parametrize(
	("direction", "origin", "destination", "home", "expected"),
	[
		("Inbound", "EG", "SA", "SA", []),
		("Outbound", "SA", "EG", "SA", []),
		# Whoever enters it, the direction is seen from headquarters' country.
		("Outbound", "EG", "SA", "SA", [("direction", "Other Way")]),
		("Inbound", "SA", "EG", "SA", [("direction", "Other Way")]),
		# Between two other countries neither way follows.
		("Inbound", "EG", "AE", "SA", []),
		("Outbound", "EG", "AE", "SA", []),
		("Inbound", "SA", "EG", "", []),
		("Inbound", "SA", "", "SA", [("destination_country", "Missing")]),
		("Inbound", "SA", "SA", "SA", [("destination_country", "Same Country")]),
		("Outbound", "EG", "EG", "SA", [("destination_country", "Same Country")]),
		("Inbound", "", "AE", "SA", [("origin_country", "Missing")]),
		("Outbound", "EG", "", "SA", [("destination_country", "Missing")]),
		("", "EG", "AE", "SA", [("direction", "Missing")]),
		("", "", "", "SA", [(name, "Missing") for name in FORM[1:4]]),
	],
)
def test_the_way_of_a_shipment_is_international_and_fits_its_countries(
	direction: str, origin: str, destination: str, home: str, expected: list
) -> None:
	data = replace(COMPLETE, direction=direction, origin=origin, destination=destination, home=home)
	assert found(data) == expected


@pytest.mark.parametrize("home", ["SA", "EG", "AE", ""])
@pytest.mark.parametrize(("origin", "destination"), [*product(("SA", "EG", "AE", ""), repeat=2)])
def test_the_direction_that_follows_is_the_one_that_is_no_fault(
	origin: str, destination: str, home: str
) -> None:
	def fits(direction: str) -> bool:
		return ("direction", "Other Way") not in found(
			replace(COMPLETE, direction=direction, origin=origin, destination=destination, home=home)
		)

	right = [direction.value for direction in Direction if fits(direction.value)]
	leaves, comes = origin == home != "", destination == home != ""
	if "" not in (origin, destination) and leaves != comes:
		assert right == ["Outbound" if leaves else "Inbound"] == [way(origin, destination, home)]
	else:
		assert (len(right), way(origin, destination, home)) == (2, "")


@pytest.mark.parametrize(
	("changes", "expected"),
	[
		({"name": " "}, [("name", "Missing")]),
		({"name": "-"}, [("name", "Missing")]),
		({"phone": ""}, [("phone", "Missing")]),
		({"phone": "", "phone_is_usable": False}, [("phone", "Missing")]),
		({"phone": "--"}, [("phone", "Missing")]),
		({"phone_is_usable": False}, [("phone", "Unusable")]),
		({"email": ""}, []),
		({"email": "", "email_is_usable": False}, []),
		({"address": ""}, []),
		({"email_is_usable": False}, [("email", "Unusable")]),
		({"email_is_usable": False, "address": ""}, [("email", "Unusable")]),
		({"email": "", "address": ""}, [("email", "Missing")]),
		({"email": " ", "address": "\u200f"}, [("email", "Missing")]),
	],
)
def test_a_party_can_be_reached(changes: dict, expected: list) -> None:
	party = replace(PARTY, **changes)
	for who in ("shipper", "consignee"):
		assert found(replace(COMPLETE, **{who: party})) == [
			(f"{who}_{name}", kind) for name, kind in expected
		]


@pytest.mark.parametrize(("nature", "present"), [*product(Nature, range(8))])
def test_each_nature_needs_its_own(nature: Nature, present: int) -> None:
	names = [requirement.fieldname for requirement in NEEDED[nature]]
	given_names = [name for place, name in enumerate(names) if present >> place & 1]
	everything = {name: value for own in DETAILS.values() for name, value in own.items()}
	others = {name: value for name, value in everything.items() if name not in names}
	details = others | {name: everything[name] for name in given_names}
	expected = [(name, "Missing") for name in names if name not in given_names]
	for called in (nature, nature.value):
		assert found(replace(COMPLETE, nature=called, details=details)) == expected


@pytest.mark.parametrize(
	("amount", "expected"),
	[
		(0.01, []),
		(0, ["Missing"]),
		(0.0, ["Missing"]),
		(None, ["Missing"]),
		("", ["Missing"]),
		(-1.5, ["Unusable"]),
		(float("nan"), ["Unusable"]),
		(float("inf"), ["Unusable"]),
	],
)
def test_a_claim_is_for_some_amount(amount: object, expected: list) -> None:
	details = DETAILS[Nature.CLAIM] | {"claim_amount": amount}
	data = replace(COMPLETE, nature=Nature.CLAIM, details=details)
	assert found(data) == [("claim_amount", kind) for kind in expected]


@pytest.mark.parametrize(
	("text", "count"),
	[
		("", 0),
		("  \n\t.,-!؟", 0),
		("Lost 2 boxes", 10),
		("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", 3),
		("a a a a a a a a aaaaaaaa", 3),
		("aAaAaAaAaA", 3),
		("0000000000", 3),
		("good", 4),
		("الشحنة لم تصل", 11),
		("الشِّحْنَة لَمْ تَصِل", 11),
		("لـــــــم", 2),
		("هههههههههه", 3),
	],
)
def test_only_what_describes_something_counts(text: str, count: int) -> None:
	assert described(text) == count
	description = [] if count >= 5 else [("description", "Too Short" if count else "Missing")]
	assert found(replace(COMPLETE, description=text), 5) == description
	assert found(replace(COMPLETE, description=text), 0) == []


@pytest.mark.parametrize(("length", "kinds"), [(29, ["Too Short"]), (30, []), (31, [])])
def test_the_least_length_is_enough(length: int, kinds: list) -> None:
	text = " ".join("ab" * 20)[: 2 * length - 1]
	assert [kind for _, kind in found(replace(COMPLETE, description=text))] == kinds


some_text = st.sampled_from(("", " ", "x", "Text with words"))
some_countries = st.sampled_from(("", "SA", "EG", "AE"))
some_parties = st.builds(Party, some_text, some_text, some_text, some_text, st.booleans(), st.booleans())
some_cases = st.builds(
	CaseData,
	st.builds(Examined, some_text, some_text, st.sampled_from(NumberFault)),
	st.sampled_from(("", *Direction)),
	some_countries,
	some_countries,
	some_countries,
	some_parties,
	some_parties,
	st.sampled_from(("", *Nature)),
	some_text,
	st.dictionaries(st.sampled_from(FORM), some_text | st.integers(-1, 1) | st.none()),
)


@given(some_cases)
def test_faults_stand_in_the_order_of_the_form_and_once(data: CaseData) -> None:
	listed = faults(data, LEAST)
	places = [FORM.index(fault.field) for fault in listed]
	assert places == sorted(places)
	assert len(set(listed)) == len(listed)
	fields = [fault.field for fault in listed if fault.kind is FaultKind.MISSING]
	assert not any(fault.field in fields for fault in listed if fault.kind is not FaultKind.MISSING)


@given(some_cases, st.integers(0, 40), st.integers(0, 40))
def test_asking_for_more_never_finds_less(data: CaseData, one: int, other: int) -> None:
	few, many = (set(faults(data, least)) for least in sorted((one, other)))
	assert {fault.field for fault in few} <= {fault.field for fault in many}
	assert few - many == set()
