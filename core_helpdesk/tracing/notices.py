"""Which text a customer gets at which event, and what stands in it in place of words in braces.

Only the words of WORDS are replaced, once, and by text: a notice runs no code, and braces in what a customer or an
officer wrote stay as they are.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import frappe
from frappe import _

from core_helpdesk.mail import language
from core_helpdesk.stored_text import as_written

if TYPE_CHECKING:
	from collections.abc import Iterator, Mapping

	from frappe.model.document import Document

DOCTYPE = "Tracing Notice"
OPENED, DATA_NEEDED, HANDED_OVER = "Opened", "Data Needed", "Handed Over Abroad"
PROGRESS, SOLVED, REMINDER, CLOSED, REOPENED = "Progress", "Solved", "Reminder", "Closed", "Reopened"
EVENTS = (OPENED, DATA_NEEDED, HANDED_OVER, PROGRESS, SOLVED, REMINDER, CLOSED, REOPENED)
WORDS = ("customer", "number", "country", "due", "missing", "update", "solution", "link")
# Without these a notice would not do what it is for.
NEEDED = {DATA_NEEDED: "missing", PROGRESS: "update", SOLVED: "link", REMINDER: "link"}
COLUMNS = ("nature", "enabled", "subject", "message", "sms")
# A word with the blank before it, which goes with it where there is nothing to say.
WORD = re.compile(r"( ?)\{(\w+)\}")


class Notice(NamedTuple):
	"""A notice as it is kept, in its own language; without `sms` none is sent."""

	language: str
	subject: str
	message: str
	sms: str


def chosen(event: str, nature: str, spoken: str) -> Notice | None:
	"""The notice for a case of this nature and a customer of this language, or None where none is to go out.

	The customer's language comes first, then the nature; the first that there is decides, also by being switched off.
	Policy: TRC-21
	"""
	for lang in _languages(spoken):
		by_nature = {row.nature or "": row for row in _rows(event, lang)}
		row = by_nature.get(nature) or by_nature.get("")
		if row:
			texts = (as_written(text) for text in (row.subject, row.message, row.sms))
			return Notice(lang, *texts) if row.enabled else None
	return None


def _languages(spoken: str) -> Iterator[str]:
	"""The languages to look for, each once: the customer's, that of which it is a form, the site's, English."""
	wanted = (spoken, spoken.split("-")[0], language.site_language(), "en")
	return iter(dict.fromkeys(filter(None, wanted)))


def _rows(event: str, lang: str) -> list[frappe._dict]:
	return frappe.get_all(DOCTYPE, {"event": event, "language": lang}, list(COLUMNS), order_by="creation")


def filled(text: str, words: Mapping[str, str]) -> str:
	"""The text with what `words` says in place of the words in braces; what it does not say is left out."""

	def said(match: re.Match[str]) -> str:
		blank, word = match.groups()
		if word not in WORDS:
			return match.group(0)
		value = words.get(word) or ""
		return f"{blank}{value}" if value else ""

	return WORD.sub(said, text or "")


def words_in(text: str | None) -> list[str]:
	"""The words in braces in a text, in their order."""
	return [word for _blank, word in WORD.findall(text or "")]


def check(notice: Document) -> None:
	"""Refuses a notice that could not be sent as it stands.

	Policy: TRC-21
	"""
	_check_words(notice)
	_check_subject(notice)
	_check_link(notice)
	_check_nature(notice)
	_check_only(notice)


def _check_words(notice: Document) -> None:
	used = dict.fromkeys(words_in(" ".join(filter(None, (notice.subject, notice.message, notice.sms)))))
	unknown = [word for word in used if word not in WORDS]
	if unknown:
		message = _("Nothing is known for {0}. Use only these words in braces: {1}.")
		known = ", ".join(f"{{{word}}}" for word in WORDS)
		_refuse(message.format(", ".join(f"{{{word}}}" for word in unknown), known))
	needed = NEEDED.get(notice.event)
	if needed and needed not in words_in(notice.message):
		_refuse(_("A notice for this event needs {0} in its message.").format(f"{{{needed}}}"))


def _check_subject(notice: Document) -> None:
	"""Mail programs and the host take numbers at the beginning of a subject, or after a number sign, for a ticket's."""
	subject = (notice.subject or "").strip()
	if "#" in subject or subject[:1].isdigit() or subject.startswith("{"):
		_refuse(_("Begin the subject with a word, and leave out number signs: answers would go astray."))


def _check_link(notice: Document) -> None:
	"""Who reads a subject or a sent SMS on the site could answer in the customer's place."""
	if "link" in words_in(notice.subject) or "link" in words_in(notice.sms):
		_refuse(_("The link answers in the customer's name: it may stand in the message only."))
	if notice.event not in (SOLVED, REMINDER) and "link" in words_in(notice.message):
		_refuse(_("There is a link only in the notices Solved and Reminder: take {0} out.").format("{link}"))


def _check_nature(notice: Document) -> None:
	if notice.event == OPENED and notice.nature:
		_refuse(
			_("When a case opens, nobody has entered its nature yet: leave the nature of this notice empty.")
		)


def _check_only(notice: Document) -> None:
	same = [row for row in _others(notice) if (row.nature or "") == (notice.nature or "")]
	if same:
		message = _("There is a notice for this event, nature and language already: {0}. Change that one.")
		_refuse(message.format(as_written(same[0].subject)))


def _others(notice: Document) -> list[frappe._dict]:
	of_this = {"event": notice.event, "language": notice.language, "name": ("!=", notice.name or "")}
	return frappe.get_all(DOCTYPE, of_this, ["nature", "subject"])


def _refuse(message: str) -> None:
	frappe.throw(message, title=_("Notice Cannot Be Sent"))
