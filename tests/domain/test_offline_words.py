"""The Arabic of the offline command is complete, and says nothing that the English does not."""

from __future__ import annotations

import ast
import string
from pathlib import Path

import pytest

import core_helpdesk.offline
from core_helpdesk.calendars import COUNTRIES_SEEDED, MOVED_WORKING_DAY, RAMADAN, supported_countries
from core_helpdesk.domain.calendar_rules import HALF_DAY_REASON, WEEKEND_REASON
from core_helpdesk.domain.explanation import OUTSIDE_REASON, RECEIPT_REASON
from core_helpdesk.offline import courier, refusals
from core_helpdesk.offline.policy_file import WEEKDAYS
from core_helpdesk.offline.replay_rules import NO_DEFAULT
from core_helpdesk.offline.words import MONTHS, Words, catalogue

SPEAKERS = {"say", "words", "self"}


def spoken() -> set[str]:
	"""Every literal text that the command's modules say."""
	texts = set()
	for path in Path(core_helpdesk.offline.__file__).parent.glob("*.py"):
		for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
			if isinstance(node, ast.Call) and node.args and speaks(node.func):
				texts |= {part.value for part in literals(node.args[0]) if isinstance(part.value, str)}
	return texts


def speaks(function: ast.expr) -> bool:
	if isinstance(function, ast.Attribute):
		return function.attr in SPEAKERS
	return isinstance(function, ast.Name) and function.id in SPEAKERS


def literals(node: ast.expr) -> list[ast.Constant]:
	if isinstance(node, ast.IfExp):
		return literals(node.body) + literals(node.orelse)
	return [node] if isinstance(node, ast.Constant) else []


def named() -> set[str]:
	"""Texts that are said by name: of the demonstration, of the calendar, of errors."""
	groups = {group.name for group in courier.GROUPS} | {group.department for group in courier.GROUPS}
	policies = {name for name, _, _ in courier.POLICIES}
	categories = {category.name for category in courier.CATEGORIES}
	countries = {supported_countries()[code] for code in COUNTRIES_SEEDED}
	reasons = {WEEKEND_REASON, HALF_DAY_REASON, RAMADAN, MOVED_WORKING_DAY, OUTSIDE_REASON, RECEIPT_REASON}
	wordings = {text for text, _ in refusals.WORDING.values()}
	made_up = groups | policies | categories | set(courier.CHANNELS) | set(courier.STATES)
	return (
		made_up | countries | reasons | wordings | {*MONTHS, *WEEKDAYS, NO_DEFAULT, "TSM", "General Manager"}
	)


def error_reasons() -> set[str]:
	"""The reasons that the calendar gives for refusing hours and amounts."""
	texts = set()
	folder = Path(core_helpdesk.__file__).parent
	for path in (
		folder / "domain/calendar_rules.py",
		folder / "domain/working_time.py",
		folder / "offline/deadline.py",
	):
		for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
			name = node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""
			if name in ("BadInterval", "BadAmount"):
				texts |= {part.value for part in literals(node.args[1])}
	return texts


def fields(text: str) -> set[str]:
	return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def test_every_text_has_its_arabic() -> None:
	assert sorted((spoken() | named() | error_reasons()) - set(catalogue())) == []


def test_no_text_is_kept_that_nobody_says() -> None:
	assert sorted(set(catalogue()) - (spoken() | named() | error_reasons())) == []


@pytest.mark.parametrize("english", sorted(catalogue()))
def test_the_arabic_has_the_same_fields_and_is_arabic(english: str) -> None:
	arabic = catalogue()[english]
	assert fields(arabic) == fields(english)
	assert arabic == arabic.strip()
	letters = [letter for letter in arabic if "\u0600" <= letter <= "\u06ff"]
	assert letters or not any(letter.isalpha() for letter in english)


def test_words_fill_their_fields_and_fall_back_to_english() -> None:
	assert Words("en")("{0} more", 3) == "3 more"
	assert Words("ar").name("Group 24") == "Group 24"
	assert Words("ar").direction == "rtl"
