"""The group directory in the reader's language: what each group is called, where it stands, its hours and its ladder."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, NamedTuple

import frappe
from frappe import _

from core_helpdesk import config, shown
from core_helpdesk.governance import ladder_in_words
from core_helpdesk.governance.named import full_names
from core_helpdesk.governance.week_in_words import week_in_words
from core_helpdesk.mail import moments

if TYPE_CHECKING:
	from collections.abc import Iterator

	from core_helpdesk.governance.directory import Directory, Entry, Head, Ladder
	from core_helpdesk.governance.week_in_words import Line

# Letters that are written one for the other, and the stroke that only lengthens a word.
ALIKE = str.maketrans({"ى": "ي", "ة": "ه", "ـ": None})


class Hours(NamedTuple):
	"""The week of a calendar, and the zone its hours are in."""

	lines: list[Line]
	zone: str


class Steps(NamedTuple):
	"""A ladder in words; `title` says for which tickets it is where a group has more than one."""

	title: str
	steps: list[str]
	notes: list[str]
	since: str


class Badge(NamedTuple):
	text: str
	tone: str


class Place(NamedTuple):
	"""Where a group stands, as it is called."""

	department: str
	country: str
	category: str


class Words:
	"""Names of all that a directory mentions, read once for one reader."""

	def __init__(self, directory: Directory) -> None:
		self.directory = directory
		self.today = frappe.utils.getdate()
		self.categories = _in_arabic("Group Category", "category_name_ar")
		self.departments = _in_arabic("Core Department", "department_name_ar")
		self.countries = _countries()
		heads = (entry.head for entry in directory.entries)
		self.people = full_names(user for head in heads for user in (head.user, head.deputy))
		self._hours: dict[str, Hours] = {}

	def category(self, name: str) -> str:
		return self.categories.get(name, name)

	def department(self, name: str) -> str:
		return self.departments.get(name, name)

	def country(self, name: str) -> str:
		return self.countries.get(name, name)

	def place(self, entry: Entry) -> Place:
		group = entry.group
		return Place(
			self.department(group.department), self.country(group.country), self.category(group.category)
		)

	def head(self, head: Head) -> str:
		"""Empty where nobody is named."""
		name = self.people.get(head.user, head.user)
		if head.deputy:
			return _("{0}, for {1}").format(self.people.get(head.deputy, head.deputy), name)
		return _("{0} (away)").format(name) if head.is_away else name

	def searched(self, entry: Entry) -> str:
		"""Everything of a group in which a reader may look for a word, in the form of `folded`."""
		group = entry.group
		texts = (
			entry.name,
			entry.purpose,
			entry.process,
			entry.ticket_category,
			group.department,
			group.country,
			group.category,
			*self.place(entry),
			self.people.get(entry.head.user, ""),
		)
		return folded(" ".join(texts))

	def hours(self, entry: Entry) -> Hours:
		calendar = entry.group.calendar
		if calendar not in self._hours:
			self._hours[calendar] = self._hours_of(calendar)
		return self._hours[calendar]

	def _hours_of(self, calendar: str) -> Hours:
		rules = self.directory.rules
		lines = week_in_words(calendar, rules, self.today)
		if not lines:
			return Hours([], "")
		zone = rules.timer(calendar).rules.timezone
		return Hours(lines, moments.zone_named(zone, self.directory.at, frappe.local.lang))

	def ladders(self, entry: Entry) -> list[Steps]:
		return [self._steps(ladder, alone=len(entry.ladders) == 1) for ladder in entry.ladders]

	def _steps(self, ladder: Ladder, *, alone: bool) -> Steps:
		title = _("Tickets of the category {0}").format(ladder.ticket_category)
		if not ladder.ticket_category:
			title = "" if alone else _("All other tickets")
		since = shown.day(config.from_epoch(ladder.since).date()) if ladder.since else ""
		policy = ladder.policy
		return Steps(title, ladder_in_words.steps(policy), ladder_in_words.notes(policy), since)

	def badges(self, entry: Entry) -> Iterator[Badge]:
		if entry.group.hidden:
			yield Badge(_("Hidden Group"), "red")
		if entry.is_retired:
			retired = _("Retired on {0}").format(shown.day(entry.retires_on)) if entry.retires_on else ""
			yield Badge(retired or _("Not in Use"), "grey")
		elif entry.retires_on:
			yield Badge(_("Retires on {0}").format(shown.day(entry.retires_on)), "orange")
		if entry.opens_on:
			yield Badge(_("Opens on {0}").format(shown.day(entry.opens_on)), "orange")


def folded(text: str) -> str:
	"""Text as it is compared: without case, accents, Arabic vowels and the forms of one letter."""
	parts = unicodedata.normalize("NFKD", text.casefold())
	return "".join(letter for letter in parts if not unicodedata.combining(letter)).translate(ALIKE)


def _in_arabic(doctype: str, field: str) -> dict[str, str]:
	if not shown.in_arabic():
		return {}
	return dict(frappe.get_all(doctype, {field: ("is", "set")}, ["name", field], as_list=True))


def _countries() -> dict[str, str]:
	by_code = shown.countries()
	if not by_code:
		return {}
	rows = frappe.get_all("Country", fields=["name", "code"])
	return {row.name: by_code.get((row.code or "").upper(), row.name) for row in rows}
