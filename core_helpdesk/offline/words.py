"""The words of the offline command in English and Arabic; outside a site there is no other translator."""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
	from datetime import date

LANGUAGES = ("en", "ar")
MONTHS = (
	"January",
	"February",
	"March",
	"April",
	"May",
	"June",
	"July",
	"August",
	"September",
	"October",
	"November",
	"December",
)


class Words:
	"""What the command says, in one language: call it with the English text and what fills its {0} fields."""

	def __init__(self, language: str = "en") -> None:
		self.language = language
		self._catalogue = catalogue() if language == "ar" else {}

	def __call__(self, text: str, *values: object) -> str:
		return self._catalogue.get(text, text).format(*values)

	def name(self, text: str) -> str:
		"""A name from the data in this language where it is known, else as it stands."""
		return self._catalogue.get(text, text)

	@property
	def direction(self) -> str:
		return "rtl" if self.language == "ar" else "ltr"

	def duration(self, seconds: float) -> str:
		"""A length of time for people: minutes below an hour, days from three days on."""
		if seconds < 3600:
			return self("{0} min", round(seconds / 60))
		if seconds < 3 * 86400:
			return self("{0} h", _short(seconds / 3600))
		return self("{0} days", _short(seconds / 86400))

	def share(self, share: float | None) -> str:
		return "–" if share is None else f"{_short(share * 100)}%"

	def day(self, day: date) -> str:
		return f"{day.day} {self(MONTHS[day.month - 1])} {day.year}"

	def month(self, day: date) -> str:
		return f"{self(MONTHS[day.month - 1])} {day.year}"


def _short(number: float) -> str:
	return f"{number:.1f}".removesuffix(".0")


@lru_cache(maxsize=1)
def catalogue() -> dict[str, str]:
	"""English text to Arabic text, as kept beside this module."""
	lines = files("core_helpdesk.offline").joinpath("words_ar.csv").read_text(encoding="utf-8").splitlines()
	return {english: arabic for english, arabic in csv.reader(lines)}
