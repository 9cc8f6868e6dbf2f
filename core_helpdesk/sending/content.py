"""What one person gets of a report: answered as that person, in their language, and kept as it was."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import frappe
from frappe import _
from frappe.utils import cstr, get_url_to_form, get_url_to_report

from core_helpdesk import config, months, shown
from core_helpdesk.mail import language
from core_helpdesk.sending.catalogue import Asked
from core_helpdesk.sending.timetable import days_of

if TYPE_CHECKING:
	from collections.abc import Iterator

	from core_helpdesk.mail.outgoing import Letter
	from core_helpdesk.mail.report_letters import Content
	from core_helpdesk.sending.catalogue import Sent

# More rows than a mail ever holds; those of a file are the file's.
MOST_KEPT = 1000


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
	from core_helpdesk.mail.report_letters import Content

	asked = Asked(row.report, row.period_key, *days_of(row.period_key), *_document_of(row))
	if sent.content:
		return sent.content(asked)
	settings = config.report_settings()
	return Content(
		title=title_of(row.report, row.period_key),
		lead=sent.lead(),
		answer=sent.answer(asked),
		link=_link(asked),
		attachment=settings.attachment,
		rows_at_most=settings.rows_in_mail,
		remarks=(),
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
	first, last = days_of(period_key)
	if first == last:
		return shown.day(first)
	return _("{0} to {1}").format(shown.day(first), shown.day(last))


def frozen(content: Content) -> str:
	"""What the reader got, as text: nothing that happens later changes it."""
	answer = content.answer
	columns = [
		{name: column[name] for name in ("fieldname", "label", "fieldtype", "precision") if name in column}
		for column in answer.columns
	]
	names = [column["fieldname"] for column in columns]
	kept = {
		"title": content.title,
		"language": frappe.local.lang,
		"message": answer.message,
		"summary": [
			{name: each.get(name) for name in ("label", "value", "indicator")} for each in answer.summary
		],
		"columns": columns,
		"rows": [[_plain(row.get(name)) for name in names] for row in answer.rows[:MOST_KEPT]],
		"left_out": max(len(answer.rows) - MOST_KEPT, 0),
	}
	return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def _plain(value: Any) -> Any:
	return value if value is None or isinstance(value, (int, float, str)) else cstr(value)
