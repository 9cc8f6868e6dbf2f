"""Dates and lists as they stand inside a sentence in the reader's language."""

import re
from collections.abc import Iterable
from datetime import date

import frappe
from babel import Locale, UnknownLocaleError
from frappe.utils import formatdate

# Inside text from right to left the parts of a date, or of a name in Latin letters, would change places.
ISOLATE, POP = "\u2068", "\u2069"
LEFT_TO_RIGHT, RIGHT_TO_LEFT = "\u2066", "\u2067"
RIGHT_TO_LEFT_WORD = re.compile("[\u0590-\u08ff]")
# As of a phone, an air waybill or a day: with a plus sign, or in groups. Neither part of a word nor a time.
NUMBER = re.compile(
	r"(?<![\w:.,/+-])"
	r"(?:\(\+?\d+\)(?:[ ./-]?\d+)+|\+\d+(?:[ ./-]\(?\d+\)?)*|\d+(?:[ ./-]\(?\d+\)?)+)"
	r"(?![\w:/-])",
	re.ASCII,
)


def in_arabic() -> bool:
	return (frappe.local.lang or "").startswith("ar")


def isolated(text: str) -> str:
	return f"{ISOLATE}{text}{POP}" if in_arabic() and text else text


def from_its_side(text: str) -> str:
	"""Words that begin with a number, where numbers are set from the left in every language."""
	return f"{RIGHT_TO_LEFT}{text}{POP}" if in_arabic() and text else text


def numbers_kept(text: str) -> str:
	"""The text with its numbers in order: after Arabic words the groups of a phone would change places."""
	if not RIGHT_TO_LEFT_WORD.search(text):
		return text
	return NUMBER.sub(lambda found: f"{LEFT_TO_RIGHT}{found[0]}{POP}", text)


def country(name: str | None, language: str = "") -> str:
	"""A country by its name in the language. The framework's own list of them is that of whoever asked it first."""
	code = frappe.get_cached_value("Country", name, "code") if name else None
	return countries(language).get((code or "").upper(), name or "")


def countries(language: str = "") -> dict[str, str]:
	"""Names of countries in the language, by code; none for English, which the documents are kept in."""
	spoken = language or frappe.local.lang or "en"
	try:
		return {} if spoken.startswith("en") else dict(Locale.parse(spoken, sep="-").territories)
	except (UnknownLocaleError, ValueError):
		return {}


def day(value: date | str) -> str:
	return isolated(formatdate(value))


def listed(texts: Iterable[str]) -> str:
	return ("، " if in_arabic() else ", ").join(map(isolated, texts))
