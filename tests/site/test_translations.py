"""The app's Arabic beside the framework's: its words reach the app's own documents and nothing else of the Desk."""

from __future__ import annotations

import csv
from pathlib import Path

import frappe
import pytest

import core_helpdesk
from core_helpdesk import shown
from tests.contract.visible_strings import OF_THE_FRAMEWORK

FILE = Path(core_helpdesk.__file__).parent / "translations" / "ar.csv"


def own_rows() -> list[list[str]]:
	with FILE.open(encoding="utf-8", newline="") as file:
		return [row for row in csv.reader(file) if row]


@pytest.fixture(scope="module")
def words_of_others() -> dict[str, set[str]]:
	"""What the framework and the host say in Arabic for a word without a context, by their own catalogues."""
	from frappe.gettext.translate import get_catalog

	words: dict[str, set[str]] = {}
	for app in frappe.get_installed_apps():
		if app == "core_helpdesk":
			continue
		for message in get_catalog(app, "ar"):
			if isinstance(message.id, str) and message.id and message.string and not message.context:
				words.setdefault(message.id, set()).add(message.string)
	return words


def test_no_word_of_the_framework_is_said_otherwise_all_over_the_desk(
	words_of_others: dict[str, set[str]],
) -> None:
	"""One that needs other Arabic here stands under a document, in the third column."""
	assert len(words_of_others) > 1000
	changed = [
		(word, arabic, words_of_others[word])
		for word, arabic, *context in own_rows()
		if not context and arabic not in words_of_others.get(word, {arabic})
	]
	assert changed == []


def test_what_is_left_to_the_framework_has_a_translation_there(words_of_others: dict[str, set[str]]) -> None:
	assert sorted(OF_THE_FRAMEWORK - words_of_others.keys()) == []


def test_a_word_under_a_document_is_found_there_and_nowhere_else() -> None:
	frappe.clear_cache()
	assert frappe._("Failed", lang="ar", context="Ticket Escalation") == "تعذّر الحل"
	assert frappe._("Failed", lang="ar", context="Escalation Recipient") == "لم يُسلَّم"
	assert frappe._("Failed", lang="ar") != "تعذّر الحل"


def test_countries_have_their_name_in_the_readers_language_whoever_asked_first() -> None:
	assert frappe.local.lang == "en"
	countries = frappe.get_all("Working Calendar", {"country": ("is", "set")}, pluck="country")
	assert countries
	assert [name for name in countries if shown.country(name, "ar") == name] == []
	assert shown.country("Saudi Arabia", "ar") == "المملكة العربية السعودية"
	assert shown.country("Saudi Arabia") == "Saudi Arabia"
	assert shown.country("Saudi Arabia", "xx") == "Saudi Arabia"
	assert shown.country(None) == ""
