"""Numbers of shipments: one spelling of each, the kinds that a site knows, and their check digits.

Values in, values out: no frappe, no reading of the time of day. A kind's format is a mask and no regular
expression: whoever enters one cannot make a check slow.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from string import ascii_uppercase, digits
from typing import TYPE_CHECKING, NamedTuple

from core_helpdesk.domain.tracing_errors import BadMask, MaskFault, MaskWithoutCheck

if TYPE_CHECKING:
	from collections.abc import Callable, Sequence

SHORTEST, LONGEST = 5, 40
"""How many letters and digits a number has where no kind is set; no mask may ask for more."""

SYMBOLS = {"9": digits, "A": ascii_uppercase, "*": ascii_uppercase + digits}
SEPARATORS = "./-\u2212"
TOKEN = re.compile(r"\\(?P<literal>.)|\{(?P<repeat>[^{}]*)\}|(?P<symbol>.)", re.DOTALL)
REPEAT = re.compile(r"\s*(\d{1,3})\s*(?:[-–]\s*(\d{1,3})\s*)?")
S10_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)


class Check(str, Enum):
	"""How a check digit is calculated.

	MODULO_7: air waybills of airlines (IATA), three digits of the airline, seven of the number, and what is left
	of these seven divided by 7. S10: items of posts (UPU), two letters, eight digits, their weighted sum modulo 11,
	two letters of the country. MODULO_10: the last digit makes the sum of all a multiple of 10 (Luhn).
	"""

	NONE = "None"
	MODULO_7 = "Modulo 7"
	S10 = "Modulo 11 (S10)"
	MODULO_10 = "Modulo 10"


SHAPES = {
	Check.MODULO_7: "99999999999",
	Check.S10: "AA999999999AA",
	Check.MODULO_10: f"9{{2-{LONGEST}}}",
}


class NumberFault(str, Enum):
	"""What is wrong with a number; NONE is empty."""

	NONE = ""
	EMPTY = "Empty"
	UNKNOWN_FORMAT = "Unknown Format"
	WRONG_CHECK_DIGIT = "Wrong Check Digit"


@dataclass(frozen=True, slots=True)
class NumberKind:
	"""A kind of shipment number.

	In `pattern` 9 is a digit, A a letter, * either, and everything else stands for itself, as these three do after
	a backslash; {8} or {8-10} repeats the symbol before it. Blanks, dots, hyphens and slashes are for the eye only,
	as in the numbers themselves.
	Policy: TRC-06, TRC-07
	"""

	name: str
	pattern: str
	check: Check = Check.NONE


class Examined(NamedTuple):
	"""A number as it is kept, the kind that it is of, and what is wrong with it.

	A wrong check digit names the first kind whose mask fits; an unknown format names none.
	"""

	number: str
	kind: str = ""
	fault: NumberFault = NumberFault.NONE


class Run(NamedTuple):
	"""One symbol of a mask: the characters that it stands for, and how often it may come."""

	characters: str
	least: int = 1
	most: int = 1


def normalized(text: str) -> str:
	"""The number in its one spelling: ASCII digits, capitals, nothing that is there for the eye only.

	Policy: TRC-06, TRC-07
	"""
	return "".join(map(_normalized_character, text)).upper()


def examined(text: str, kinds: Sequence[NumberKind]) -> Examined:
	"""The number, judged by the first kind whose mask and check digit it fits.

	Without any kind every number of 5 to 40 letters and digits is good.
	Raises: BadMask.
	Policy: TRC-06, TRC-07
	"""
	number = normalized(text)
	if not number:
		return Examined("", "", NumberFault.EMPTY)
	if not kinds:
		known = _fits(number, (Run(SYMBOLS["*"], SHORTEST, LONGEST),))
		return Examined(number, "", NumberFault.NONE if known else NumberFault.UNKNOWN_FORMAT)
	fitting = [kind for kind in kinds if _fits(number, _runs(kind.pattern))]
	for kind in fitting:
		if _has_check_digit(number, Check(kind.check)):
			return Examined(number, kind.name)
	if fitting:
		return Examined(number, fitting[0].name, NumberFault.WRONG_CHECK_DIGIT)
	return Examined(number, "", NumberFault.UNKNOWN_FORMAT)


def check_kind(kind: NumberKind) -> None:
	"""Refuse a kind that could examine no number.

	Raises: BadMask, MaskWithoutCheck.
	Policy: TRC-06, TRC-07
	"""
	runs = _runs(kind.pattern)
	shape = SHAPES.get(kind.check)
	if shape and not all(_fits(number, _runs(shape)) for number in _extremes(runs)):
		raise MaskWithoutCheck(kind.pattern, Check(kind.check).value, shape)


def _normalized_character(character: str) -> str:
	digit = unicodedata.decimal(character, None)
	if digit is not None:
		return str(digit)
	is_for_the_eye = (
		character in SEPARATORS
		or character.isspace()
		# Dashes of all lengths, and the invisible marks that come along when a number is copied.
		or unicodedata.category(character) in ("Pd", "Cf")
	)
	return "" if is_for_the_eye else character


@lru_cache(maxsize=256)
def _runs(pattern: str) -> tuple[Run, ...]:
	found: list[Run] = []
	may_repeat = False
	for token in TOKEN.finditer(pattern):
		if token["repeat"] is not None:
			if not may_repeat:
				raise BadMask(pattern, MaskFault.REPEAT)
			found[-1] = _repeated(found[-1], token["repeat"], pattern)
			may_repeat = False
			continue
		symbols = normalized(token["literal"] or token["symbol"])
		if not token["literal"] and symbols in ("{", "}"):
			raise BadMask(pattern, MaskFault.REPEAT)
		found += [Run(each if token["literal"] else SYMBOLS.get(each, each)) for each in symbols]
		may_repeat = bool(symbols)
	if not found:
		raise BadMask(pattern, MaskFault.EMPTY)
	if sum(run.least for run in found) > LONGEST:
		raise BadMask(pattern, MaskFault.TOO_LONG)
	return tuple(found)


def _repeated(run: Run, repeat: str, pattern: str) -> Run:
	amounts = REPEAT.fullmatch(repeat)
	if not amounts:
		raise BadMask(pattern, MaskFault.REPEAT)
	least, most = int(amounts[1]), int(amounts[2] or amounts[1])
	if least > most or not most:
		raise BadMask(pattern, MaskFault.REPEAT)
	if most > LONGEST:
		raise BadMask(pattern, MaskFault.TOO_LONG)
	return run._replace(least=least, most=most)


def _fits(number: str, runs: tuple[Run, ...]) -> bool:
	"""All ends that a run can have are followed at once: time grows with mask and number, never with their choices."""
	if len(number) > LONGEST:
		return False
	ends = {0}
	for run in runs:
		ends = {end for start in ends for end in _ends(number, start, run)}
	return len(number) in ends


def _ends(number: str, start: int, run: Run) -> range:
	end = start
	while end - start < run.most and number[end : end + 1] and number[end] in run.characters:
		end += 1
	return range(start + run.least, end + 1)


def _extremes(runs: tuple[Run, ...]) -> list[str]:
	"""The shortest and the longest numbers of a mask, with letters and with digits wherever it leaves the choice."""
	return [
		"".join(run.characters[choice] * getattr(run, length) for run in runs)
		for choice in (0, -1)
		for length in ("least", "most")
	]


def _has_check_digit(number: str, check: Check) -> bool:
	if check is Check.NONE:
		return True
	return _fits(number, _runs(SHAPES[check])) and IS_RIGHT[check](number)


def _is_modulo_7(number: str) -> bool:
	return int(number[3:10]) % 7 == int(number[10])


def _is_s10(number: str) -> bool:
	total = sum(weight * int(digit) for weight, digit in zip(S10_WEIGHTS, number[2:10], strict=True))
	return {10: 0, 11: 5}.get(11 - total % 11, 11 - total % 11) == int(number[10])


def _is_luhn(number: str) -> bool:
	doubled = (sum(divmod(2 * int(digit), 10)) for digit in number[-2::-2])
	return (sum(map(int, number[-1::-2])) + sum(doubled)) % 10 == 0


IS_RIGHT: dict[Check, Callable[[str], bool]] = {
	Check.MODULO_7: _is_modulo_7,
	Check.S10: _is_s10,
	Check.MODULO_10: _is_luhn,
}
