"""What one person gets of a report: answered as that person, in their language, and kept as it was."""

from __future__ import annotations

import json
from base64 import b64decode, b64encode
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode
from zlib import compress, decompress

import frappe
from babel.core import UnknownLocaleError
from babel.dates import format_interval
from frappe import _
from frappe.utils import get_url_to_form, get_url_to_report

from core_helpdesk import config, months, permissions, shown
from core_helpdesk.escalations import tables
from core_helpdesk.mail import language
from core_helpdesk.reports import cell_words
from core_helpdesk.sending.catalogue import Asked
from core_helpdesk.sending.timetable import days_of

if TYPE_CHECKING:
	from collections.abc import Iterator
	from datetime import date

	from core_helpdesk.mail.outgoing import Letter
	from core_helpdesk.mail.report_letters import Content
	from core_helpdesk.sending.catalogue import Sent

# A record of its own, without readers: what stands in a delivery's row is found by filters on it.
CONTENT = "Report Content"
# More rows than a mail ever holds; those of a file are the file's.
MOST_KEPT = 1000
# What the mail says beside its rows; a later release of the mail may say more.
SAID = (
	"language",
	"direction",
	"title",
	"lead",
	"message",
	"points",
	"sections",
	"tiles",
	"footer",
)


@contextmanager
def reading_as(user: str) -> Iterator[None]:
	"""The block sees what this person sees, and speaks their language.

	For jobs alone: the framework's own way to change the user would end the session of a request.
	Policy: CORE-13
	"""
	before = frappe.session.user
	frappe.set_user(user)  # nosemgrep: put back below, whatever happens
	try:
		with language.speaking(language.language_of(user)):
			yield
	finally:
		frappe.set_user(before)  # nosemgrep: as above


def content_of(sent: Sent, row: frappe._dict) -> Content:
	"""The content of a delivery for the present user, in the present language.

	Raises: PermissionError for who does not read the report; whatever the report itself raises.
	Policy: CORE-13, TSM-09, TSM-14
	"""
	from core_helpdesk.mail.report_letters import Content, as_subject

	asked = Asked(row.report, row.period_key, *days_of(row.period_key), *_document_of(row))
	if sent.content:
		return sent.content(asked)
	settings, title = config.report_settings(), title_of(row.report, row.period_key)
	asks = _("{0} waits for your review.").format(title) if sent.reviewed else ""
	return Content(
		title=title,
		subject=as_subject(asks),
		asked=asks,
		reviewed=sent.reviewed,
		lead=sent.lead(),
		answer=sent.answer(asked),
		link=_link(asked),
		attachment=settings.attachment,
		rows_at_most=settings.rows_in_mail,
	)


def letter_of(row: frappe._dict, content: Content) -> Letter:
	from core_helpdesk.mail import report_letters

	return report_letters.of_report(row.recipient, content, row.name)


def _document_of(row: frappe._dict) -> tuple[str, str]:
	return row.reference_doctype or "", row.reference_name or ""


def _link(asked: Asked) -> str:
	"""To the people's document, else to the report of these days, where every figure leads further."""
	if asked.reference_name:
		return get_url_to_form(asked.reference_doctype, asked.reference_name)
	return f"{get_url_to_report(asked.report)}?{urlencode(asked.days)}"


def title_of(report: str, period_key: str) -> str:
	"""The report and its period in the present language."""
	return _("{0}: {1}").format(_(report), period_in_words(period_key))


def period_in_words(period_key: str) -> str:
	if months.is_month(period_key):
		return months.in_words(period_key, frappe.local.lang or "en")
	return shown.isolated(_days_in_words(*days_of(period_key)))


def _days_in_words(first: date, last: date) -> str:
	"""A day, or days with what they have in common said once: 15–21 Nov 2026."""
	spoken = (frappe.local.lang or "en").replace("-", "_")
	# The day stands first, as the mails and the Desk write it.
	spoken = "en_GB" if spoken == "en" else spoken
	try:
		found = format_interval(first, last, "yMMMd", locale=spoken)
	except (UnknownLocaleError, ValueError):
		found = format_interval(first, last, "yMMMd", locale="en_GB")
	return found.replace("\N{THIN SPACE}", " ").replace("،", "")


# --- What is kept of it


def frozen(content: Content) -> str:
	"""What the reader got, as text and in words: nothing that happens or is set later changes it."""
	from core_helpdesk.mail import report_letters

	page, answer = report_letters.page_of(content), content.answer
	rows = answer.rows[:MOST_KEPT]
	kept = {
		"sight": sight(frappe.session.user),
		**{name: page.get(name) for name in SAID},
		"columns": [
			{"label": column["label"], "keeps": cell_words.keeps_its_direction(column)}
			for column in answer.columns
		],
		"rows": [[cell_words.of_row(row, column) for column in answer.columns] for row in rows],
		"bold": [at for at, row in enumerate(rows) if row.get("bold")],
		"left_out": len(answer.rows) - len(rows),
	}
	return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def sight(user: str) -> list[str]:
	"""What a person sees by the places for which they answer, as what is kept says it.

	Policy: CORE-13
	"""
	present = permissions.scope(user)
	return ["all"] if present.sees_all else sorted(map(str, present.areas))


def sight_kept(delivery: str) -> list[str] | None:
	"""The same of the reader for whom a delivery was made; None where an earlier release has made it."""
	return (kept(delivery) or {}).get("sight")


def keep(delivery: str, text: str) -> None:
	"""Keeps what a delivery holds, in the present transaction and in place of what was kept of it before."""
	packed = _packed(text)
	row = (*tables.new_names(1), delivery, packed)
	if not tables.insert(CONTENT, ("name", "delivery", "content"), [row]):
		frappe.db.set_value(CONTENT, {"delivery": delivery}, "content", packed)


def _packed(text: str) -> str:
	"""As Base64 of it compressed: the rows of a day are much like those of the day before, and are kept for years."""
	return b64encode(compress(text.encode())).decode()


def unpacked(packed: str) -> str:
	"""What `keep` was given."""
	return decompress(b64decode(packed)).decode()


def is_kept(delivery: str) -> bool:
	return bool(frappe.db.exists(CONTENT, {"delivery": delivery}))


def kept(delivery: str) -> dict[str, Any] | None:
	"""What was frozen of a delivery, whole: for whoever has asked who may read it; None before it is made.

	Policy: CORE-13, TSM-12
	"""
	packed = frappe.db.get_value(CONTENT, {"delivery": delivery}, "content")
	return json.loads(unpacked(packed)) if packed else None
