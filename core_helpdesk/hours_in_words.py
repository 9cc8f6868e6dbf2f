"""Times as people say them: "24 hours", "one working hour", "10 working days"; each language in its own forms."""

import frappe
from babel import Locale, UnknownLocaleError
from babel.numbers import format_decimal
from frappe import _

HOUR = 3600


def time_in_words(seconds: int, *, working: bool = False) -> str:
	"""A stretch of time in hours, in the present language; Arabic counts in six forms, each under its own name."""
	number = seconds / HOUR
	form = plural_form(number)
	texts = {
		(False, True): _("{0} hour"),
		(False, False): _("{0} hours", context=form),
		(True, True): _("{0} working hour"),
		(True, False): _("{0} working hours", context=form),
	}
	return texts[working, form == "one"].format(figure(number))


def days_in_words(days: int) -> str:
	"""So many working days, in the present language."""
	form = plural_form(days)
	if form == "one":
		return _("{0} working day").format(figure(days))
	return _("{0} working days", context=form).format(figure(days))


def plural_form(number: float) -> str:
	"""The name of the form in which the present language counts so many: one, two, few, many or other."""
	whole = int(number) if number == int(number) else number
	return locale().plural_form(whole)


def figure(number: float) -> str:
	return format_decimal(number, format="0.##", locale="en")


def locale() -> Locale:
	try:
		return Locale.parse((frappe.local.lang or "en").replace("-", "_"))
	except (UnknownLocaleError, ValueError):
		return Locale("en")
