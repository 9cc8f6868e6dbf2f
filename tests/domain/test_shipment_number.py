"""Shipment numbers: one spelling, masks, and check digits against tables and against a second calculation."""

from __future__ import annotations

import re
from itertools import product
from string import ascii_uppercase, digits
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core_helpdesk.domain.errors import CoreError
from core_helpdesk.domain.shipment_number import (
	Check,
	Examined,
	NumberFault,
	NumberKind,
	check_kind,
	examined,
	normalized,
)
from core_helpdesk.domain.tracing_errors import BadMask, MaskFault, MaskWithoutCheck

WAYBILL = NumberKind("Air Waybill", "999-9999 9999", Check.MODULO_7)
POST = NumberKind("Post", "AA999999999AA", Check.S10)
CARD = NumberKind("Card", "9{8-19}", Check.MODULO_10)
ORDER = NumberKind("Order", r"TR\A*{4-6}")
KINDS = (WAYBILL, POST, CARD, ORDER)

some_digits = st.text(digits, min_size=7, max_size=7)


@pytest.mark.parametrize(
	("text", "number"),
	[
		("125-1234 5675", "12512345675"),
		(" 125/1234.5675\n", "12512345675"),
		("١٢٥-١٢٣٤٥٦٧٥", "12512345675"),
		("۱۲۵۱۲۳۴۵۶۷۵", "12512345675"),
		("\u200f125\u200e12345675\u202c", "12512345675"),
		("\ufeff125\u00a01234\u20095675", "12512345675"),
		("125\u20111234\u20135675\u2014", "12512345675"),
		("rr 473 124 829 gb", "RR473124829GB"),
		("12½", "12½"),
		("م123", "م123"),
		(" -./ \u200f", ""),
		("", ""),
	],
)
def test_a_number_has_one_spelling(text: str, number: str) -> None:
	assert normalized(text) == number


@given(st.text())
def test_a_spelling_stays_as_it_is(text: str) -> None:
	assert normalized(normalized(text)) == normalized(text)


@given(st.text(), st.text())
def test_numbers_are_spelled_letter_by_letter(one: str, other: str) -> None:
	assert normalized(one + other) == normalized(one) + normalized(other)


@pytest.mark.parametrize(
	("text", "expected"),
	[
		# 1234567 = 7 * 176366 + 5
		("125-12345675", Examined("12512345675", "Air Waybill")),
		("125-12345676", Examined("12512345676", "Air Waybill", NumberFault.WRONG_CHECK_DIGIT)),
		# The airline's digits take no part: 065 Saudia, 176 Emirates, 077 EgyptAir.
		("065-12345675", Examined("06512345675", "Air Waybill")),
		("176 0000 0070", Examined("17600000070", "Air Waybill")),
		("077-00000082", Examined("07700000082", "Air Waybill", NumberFault.WRONG_CHECK_DIGIT)),
		("077-00000081", Examined("07700000081", "Air Waybill")),
		# 4*8 + 7*6 + 3*4 + 1*2 + 2*3 + 4*5 + 8*9 + 2*7 = 200 = 18 * 11 + 2, 11 - 2 = 9
		("RR473124829GB", Examined("RR473124829GB", "Post")),
		("rr 47312482 9 gb", Examined("RR473124829GB", "Post")),
		("RR473124828GB", Examined("RR473124828GB", "Post", NumberFault.WRONG_CHECK_DIGIT)),
		# 204 = 18 * 11 + 6, 11 - 6 = 5
		("EE123456785SA", Examined("EE123456785SA", "Post")),
		# Nothing left over: 11 becomes 5. One left over: 10 becomes 0.
		("RR000000005EG", Examined("RR000000005EG", "Post")),
		("RR000000080AE", Examined("RR000000080AE", "Post")),
		("RR000000085AE", Examined("RR000000085AE", "Post", NumberFault.WRONG_CHECK_DIGIT)),
		("EE١٢٣٤٥٦٧٨٥SA", Examined("EE123456785SA", "Post")),
		# Eleven digits are a waybill first, and then whatever else they may be.
		("79927398713", Examined("79927398713", "Card")),
		("79927398710", Examined("79927398710", "Air Waybill", NumberFault.WRONG_CHECK_DIGIT)),
		("4539 1488 0343 6467", Examined("4539148803436467", "Card")),
		("4539 1488 0343 6476", Examined("4539148803436476", "Card", NumberFault.WRONG_CHECK_DIGIT)),
		("tr-a-12B4", Examined("TRA12B4", "Order")),
		("TRB12B4", Examined("TRB12B4", "", NumberFault.UNKNOWN_FORMAT)),
		("TRA12B", Examined("TRA12B", "", NumberFault.UNKNOWN_FORMAT)),
		("TRA1234567", Examined("TRA1234567", "", NumberFault.UNKNOWN_FORMAT)),
		("RR473124829G", Examined("RR473124829G", "", NumberFault.UNKNOWN_FORMAT)),
		("RR473124829GBX", Examined("RR473124829GBX", "", NumberFault.UNKNOWN_FORMAT)),
		("125#12345675", Examined("125#12345675", "", NumberFault.UNKNOWN_FORMAT)),
		(" - ", Examined("", "", NumberFault.EMPTY)),
	],
)
def test_a_number_is_of_the_first_kind_that_it_fits(text: str, expected: Examined) -> None:
	assert examined(text, KINDS) == expected


@pytest.mark.parametrize(
	("text", "fault"),
	[
		("ABCD", NumberFault.UNKNOWN_FORMAT),
		("ABCD1", NumberFault.NONE),
		("A" * 40, NumberFault.NONE),
		("A" * 41, NumberFault.UNKNOWN_FORMAT),
		("1234_5", NumberFault.UNKNOWN_FORMAT),
		("شحنة 12345", NumberFault.UNKNOWN_FORMAT),
		("１２３４５", NumberFault.NONE),
		("", NumberFault.EMPTY),
	],
)
def test_without_kinds_letters_and_digits_are_enough(text: str, fault: NumberFault) -> None:
	assert examined(text, ()) == Examined(normalized(text), "", fault)


@pytest.mark.parametrize(
	("pattern", "fitting", "others"),
	[
		("9{2-3}", ("12", "123"), ("1", "1234", "1A")),
		("9{2}A", ("12A",), ("1A", "123A", "12")),
		("9{ ٢ – ٣ }", ("12", "123"), ("1",)),
		("a9", ("A1",), ("11", "AA")),
		(r"\9\A\*", ("9A*",), ("8A*", "9B*")),
		("A{0-2}9", ("1", "A1", "AB1"), ("ABC1", "A")),
		("*{1-40}", ("1", "A" * 40), ("A" * 41, "م")),
		("X-#9", ("X#1",), ("Y1", "X1")),
		("*{0-3}9*{0-3}", ("9", "AB9", "1119111"), ("A", "AAAA1")),
	],
)
def test_a_mask_lets_through_what_it_says(
	pattern: str, fitting: tuple[str, ...], others: tuple[str, ...]
) -> None:
	kinds = [NumberKind("Kind", pattern)]
	assert [examined(text, kinds).fault for text in fitting] == [NumberFault.NONE] * len(fitting)
	assert [examined(text, kinds).fault for text in others] == [NumberFault.UNKNOWN_FORMAT] * len(others)


symbol = st.sampled_from(("9", "A", "*", "K", "7"))
repeat = st.tuples(st.integers(0, 3), st.integers(0, 3)).filter(lambda pair: max(pair) > 0).map(sorted)
some_masks = st.lists(st.tuples(symbol, st.none() | repeat), min_size=1, max_size=5)


@given(some_masks, st.text("9AK7Z", min_size=1, max_size=8))
def test_a_mask_lets_through_what_a_regular_expression_would(mask: list, number: str) -> None:
	classes = {"9": "[0-9]", "A": "[A-Z]", "*": "[A-Z0-9]"}
	pattern = "".join(each + (f"{{{times[0]}-{times[1]}}}" if times else "") for each, times in mask)
	expression = "".join(
		classes.get(each, each) + (f"{{{times[0]},{times[1]}}}" if times else "") for each, times in mask
	)
	found = examined(number, [NumberKind("Kind", pattern)])
	assert (found.fault is NumberFault.NONE) == bool(re.fullmatch(expression, number))


def test_no_mask_can_make_a_check_slow() -> None:
	kind = NumberKind("Slow", "*{0-40}" * 30 + "9")
	check_kind(kind)
	begun = process_time()
	assert examined("A" * 40, [kind]).fault is NumberFault.UNKNOWN_FORMAT
	assert examined("A" * 1_000_000, [kind]).fault is NumberFault.UNKNOWN_FORMAT
	assert process_time() - begun < 5


@pytest.mark.parametrize(
	("pattern", "fault"),
	[
		("", MaskFault.EMPTY),
		(" -/. ", MaskFault.EMPTY),
		("{3}", MaskFault.REPEAT),
		("-{3}", MaskFault.REPEAT),
		("9-{3}", MaskFault.REPEAT),
		("9{3", MaskFault.REPEAT),
		("9}3", MaskFault.REPEAT),
		("9{}", MaskFault.REPEAT),
		("9{0}", MaskFault.REPEAT),
		("9{3-2}", MaskFault.REPEAT),
		("9{1,3}", MaskFault.REPEAT),
		("9{-3}", MaskFault.REPEAT),
		("9{3-}", MaskFault.REPEAT),
		("9{a}", MaskFault.REPEAT),
		("9{2}{3}", MaskFault.REPEAT),
		("9{{2}}", MaskFault.REPEAT),
		("9{41}", MaskFault.TOO_LONG),
		("9{1-41}", MaskFault.TOO_LONG),
		("9" * 41, MaskFault.TOO_LONG),
		("9{21}A{20-30}", MaskFault.TOO_LONG),
	],
)
def test_a_mask_that_cannot_be_read_is_refused(pattern: str, fault: MaskFault) -> None:
	for refusing in (check_kind, lambda kind: examined("1", [kind])):
		with pytest.raises(BadMask) as refused:
			refusing(NumberKind("Kind", pattern))
		assert (refused.value.pattern, refused.value.fault) == (pattern, fault)
		assert isinstance(refused.value, CoreError)


@given(st.text("9A*{}-0123\\ م", max_size=12), st.sampled_from(Check), st.text(max_size=12))
def test_any_text_is_a_mask_or_is_refused(pattern: str, check: Check, number: str) -> None:
	kind = NumberKind("Kind", pattern, check)
	try:
		check_kind(kind)
	except (BadMask, MaskWithoutCheck):
		return
	assert examined(number, [kind]).number == normalized(number)


@pytest.mark.parametrize(
	("check", "pattern", "fits"),
	[
		(Check.MODULO_7, "999-99999999", True),
		(Check.MODULO_7, "065-9{8}", True),
		(Check.MODULO_7, "9{11}", True),
		(Check.MODULO_7, "9{10-11}", False),
		(Check.MODULO_7, "9{11-12}", False),
		(Check.MODULO_7, "*{11}", False),
		(Check.MODULO_7, "A9{10}", False),
		(Check.S10, "AA 9999 9999 9 AA", True),
		(Check.S10, r"RR9{9}S\A", True),
		(Check.S10, "AA9{8}AA", False),
		(Check.S10, "*A9{9}AA", False),
		(Check.S10, "9{13}", False),
		(Check.MODULO_10, "9{2-40}", True),
		(Check.MODULO_10, "4539 9{12}", True),
		(Check.MODULO_10, "9", False),
		(Check.MODULO_10, "9{0-5}9", False),
		(Check.MODULO_10, "9{10}*", False),
		(Check.MODULO_10, "9{30}9{0-11}", False),
		(Check.NONE, "*", True),
	],
)
def test_a_check_digit_needs_a_mask_that_asks_for_all_its_digits(
	check: Check, pattern: str, fits: bool
) -> None:
	kind = NumberKind("Kind", pattern, check)
	if fits:
		check_kind(kind)
		return
	with pytest.raises(MaskWithoutCheck) as refused:
		check_kind(kind)
	assert refused.value.check == check.value


def test_the_name_of_a_check_does_for_the_check() -> None:
	assert examined("125-12345675", [NumberKind("Waybill", "9{11}", "Modulo 7")]).fault is NumberFault.NONE
	with pytest.raises(MaskWithoutCheck):
		check_kind(NumberKind("Waybill", "9{10}", "Modulo 7"))


@given(st.text(digits, min_size=3, max_size=3), some_digits)
def test_one_check_digit_of_a_waybill_is_right(airline: str, serial: str) -> None:
	right = [last for last in digits if not examined(airline + serial + last, [WAYBILL]).fault]
	assert right == [str(int(serial) % 7)]


@given(st.text(ascii_uppercase, min_size=4, max_size=4), st.text(digits, min_size=8, max_size=8))
def test_one_check_digit_of_a_postal_item_is_right(letters: str, serial: str) -> None:
	"""Said the other way round: with the check digit the weighted sum is 0 modulo 11, two of its values apart."""
	weights = dict(zip(range(8), "86423597", strict=True))
	total = sum(int(weights[place]) * int(digit) for place, digit in enumerate(serial))
	sought = next(value for value in range(1, 12) if (total + value) % 11 == 0)
	numbers = {last: letters[:2] + serial + last + letters[2:] for last in digits}
	right = [last for last, number in numbers.items() if not examined(number, [POST]).fault]
	assert right == [{10: "0", 11: "5"}.get(sought, str(sought))]


@given(st.text(digits, min_size=7, max_size=18), st.data())
def test_luhn_finds_every_wrong_digit(serial: str, data: st.DataObject) -> None:
	right = [last for last in digits if not examined(serial + last, [CARD]).fault]
	assert len(right) == 1
	number = serial + right[0]
	place = data.draw(st.integers(0, len(number) - 1))
	for digit in set(digits) - {number[place]}:
		wrong = number[:place] + digit + number[place + 1 :]
		assert examined(wrong, [CARD]).fault is NumberFault.WRONG_CHECK_DIGIT


def test_a_later_kind_may_have_the_right_check_digit() -> None:
	same = [NumberKind("Seven", "9{11}", Check.MODULO_7), NumberKind("Ten", "9{11}", Check.MODULO_10)]
	for serial, order in product(("79927398713", "12512345675"), (same, same[::-1])):
		assert examined(serial, order).fault is NumberFault.NONE
	plain = [*same, NumberKind("Plain", "9{11}")]
	assert examined("79927398710", plain) == Examined("79927398710", "Plain")
