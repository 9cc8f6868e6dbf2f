"""Words a report as a mail: its figures, a chart and a table that read well on a phone, all of it behind a link.

Policy: TSM-09, TSM-13, TSM-14
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, NamedTuple
from zoneinfo import ZoneInfo

import frappe
from frappe import _
from frappe.utils import get_system_timezone, get_url_to_form

from core_helpdesk import config, shown
from core_helpdesk.mail import language, missing_paper, moments
from core_helpdesk.mail.outgoing import Attachment, Letter
from core_helpdesk.mail.report_charts import Chart, chart_of
from core_helpdesk.reports import cell_words, pdf_writer
from core_helpdesk.reports.answer import MOMENT

if TYPE_CHECKING:
	from collections.abc import Callable

	from core_helpdesk.reports.answer import Answer, Column, Row

DELIVERY = "Report Delivery"
TEMPLATE = "core_helpdesk/templates/emails/ch_report.html"
EXCEL, PDF = "Excel", "PDF"
# As those files say themselves, which are not made for every mail.
MOST_IN_FILES = {EXCEL: 5000, PDF: 500}
# A phone has room for so many columns side by side, and for so many more values in a small line under them.
MOST_COLUMNS, MOST_BESIDES = 4, 8
LONGEST_TEXT = 140
# What is left of a phone, a letter of a head and what is beside it, in CSS pixels.
PHONE, LETTER, PADDING = 330, 7.2, 8
MARKS = f"{shown.ISOLATE}{shown.POP}"
NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9.]+")


class Note(NamedTuple):
	"""What somebody wrote; `head` says where, when and who, as far as it is known."""

	head: str
	text: str


class Section(NamedTuple):
	"""What people wrote under one title."""

	title: str
	notes: tuple[Note, ...]


class Content(NamedTuple):
	"""What a mail says: the answer as its reader gets it, what people wrote about it, and where all of it is.

	`lead` says of which days it is, `points` what it comes to; `attachment` is Excel, PDF or none. Where a report has a
	`paper` of its own, that is always attached, and Excel beside it. `asked` is what it waits for from its reader, and
	`subject` the line of the mail where that is not the title. One that is `reviewed` waits for its reader's review.
	"""

	title: str
	lead: str
	answer: Answer
	link: str
	attachment: str = ""
	rows_at_most: int = 20
	points: tuple[str, ...] = ()
	sections: tuple[Section, ...] = ()
	paper: Callable[[], bytes] | None = None
	subject: str = ""
	asked: str = ""
	reviewed: bool = False


def of_report(user: str, content: Content, delivery: str) -> Letter:
	"""The mail of a delivery to its reader, whose language is spoken.

	What is filed on the delivery holds no figures: others read that than this answer is for.
	Policy: CORE-13, TSM-14
	"""
	page = {**page_of(content), "links": _links(content, delivery)}
	return Letter(
		user,
		_subject(content.subject or content.title),
		frappe.get_template(TEMPLATE).render(page),
		_text(page),
		DELIVERY,
		delivery,
		filed="\n".join(filter(None, (content.title, content.asked, content.lead))),
		attachments=_attached(content, delivery),
	)


def as_subject(asked: str) -> str:
	"""A sentence that asks for something, as a subject line."""
	return asked.removesuffix(".")


def _subject(title: str) -> str:
	"""The framework would file an answer on the ticket that it took a number sign, or a number at the start, for."""
	plain = " ".join(title.replace("#", " ").split())
	return _("Report: {0}").format(plain) if plain[:1].isdigit() else plain


def _links(content: Content, delivery: str) -> list[dict[str, Any]]:
	"""Where the report is, and where its reader says that they have read it; first what it waits for.

	Policy: TSM-14
	"""
	record = get_url_to_form(DELIVERY, delivery)
	report = {"label": _("Open the Report"), "url": content.link, "is_button": True}
	if content.reviewed:
		return [{"label": _("Record My Review"), "url": record, "is_button": True}, report]
	return [report, {"label": _("Say That You Have Read It"), "url": record, "is_button": False}]


def page_of(content: Content) -> dict[str, Any]:
	"""What the template shows, in the present language."""
	spoken = frappe.local.lang or "en"
	direction = language.direction(spoken)
	answer = content.answer
	columns = telling(answer.columns)
	rows = answer.rows[: max(content.rows_at_most, 0)]
	more = len(answer.rows) - len(rows)
	return {
		"language": spoken,
		"direction": direction,
		"start": "right" if direction == "rtl" else "left",
		"end": "left" if direction == "rtl" else "right",
		"title": content.title,
		"asked": content.asked,
		"lead": content.lead,
		"message": answer.message,
		"points": content.points,
		"sections": [_section(section) for section in content.sections],
		"tiles": [tile for tile in cell_words.tiles(answer.summary) if not _is_none(tile["value"])],
		"chart": _chart(answer),
		"heads": _heads(columns) if rows else [],
		"rows": [_row(row, columns, answer.columns) for row in rows],
		"more": _more(more) if more else "",
		"link": content.link,
		"footer": _footer(content),
	}


def _is_none(value: str) -> bool:
	"""Whether a figure says no more than that there is none."""
	return value.strip(MARKS) == cell_words.NONE


def _section(section: Section) -> dict[str, Any]:
	notes = [{"head": note.head, "lines": _lines(note.text)} for note in section.notes]
	return {"title": section.title, "notes": notes}


def _lines(text: str) -> list[str]:
	return [line for line in text.splitlines() if line.strip()]


def telling(columns: list[Column]) -> list[Column]:
	"""The columns that stand side by side: those that the report marks as `telling`, else the first ones."""
	marked = [column for column in columns if column.get("telling")]
	return (marked or columns)[:MOST_COLUMNS]


def _chart(answer: Answer) -> Chart | None:
	return chart_of(answer.chart) if answer.chart and answer.rows else None


def _heads(columns: list[Column]) -> list[dict[str, Any]]:
	shares = cell_words.shares(columns, PHONE, LETTER, PADDING)
	return [
		{"label": column["label"], "is_number": cell_words.is_number(column), "share": share}
		for column, share in zip(columns, shares, strict=True)
	]


def _row(row: Row, columns: list[Column], all_columns: list[Column]) -> dict[str, Any]:
	shown = [_cell(row, column) for column in columns]
	besides = [_cell(row, column) for column in all_columns if column not in columns]
	besides = [cell for cell in besides if cell["text"] not in ("", cell_words.NONE)]
	return {"bold": bool(row.get("bold")), "cells": shown, "besides": besides[:MOST_BESIDES]}


def _cell(row: Row, column: Column) -> dict[str, Any]:
	return {
		"label": column["label"],
		"text": _shortened(cell_words.of_row(row, column)),
		"is_number": cell_words.is_number(column),
		"keeps": cell_words.keeps_its_direction(column),
		"color": cell_words.color_of(row, column),
	}


def _shortened(text: str) -> str:
	return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1].rstrip() + "…"


def _more(count: int) -> str:
	if count == 1:
		return _("One more row: open the report.")
	return _("{0} more rows: open the report.").format(count)


def _footer(content: Content) -> list[str]:
	said = []
	if _is_missing_pdf(content):
		said.append(_("The server could not write the PDF: open the report to read all of it."))
	elif content.paper:
		said.append(_("The whole report is attached as PDF."))
	elif content.attachment and content.answer.rows:
		said.append(_of_file(content))
	if any(column["fieldtype"] == MOMENT for column in content.answer.columns) and content.answer.rows:
		zone = moments.zone_named(
			ZoneInfo(get_system_timezone()), config.now_epoch(), frappe.local.lang or "en"
		)
		said.append(_("Times are in {0}.").format(zone))
	said.append(_("The report shows what you may see."))
	return said


def _of_file(content: Content) -> str:
	most = MOST_IN_FILES.get(content.attachment, 0)
	if len(content.answer.rows) <= most:
		return _("All rows are in the file attached to the mail.")
	return _("The file attached to the mail has the first {0} rows, and the report all of them.").format(most)


def _text(page: dict[str, Any]) -> str:
	"""The same mail for readers without HTML."""
	said = [page["title"], *filter(None, [page["asked"]]), page["lead"], ""]
	if page["points"]:
		said += [*page["points"], ""]
	if page["message"]:
		said += [page["message"], ""]
	for section in page["sections"]:
		said.append(f"{section['title']}:")
		for note in section["notes"]:
			said += [*filter(None, [note["head"]]), *note["lines"]]
		said.append("")
	if page["tiles"]:
		said += [*(f"{tile['label']}: {tile['value']}" for tile in page["tiles"]), ""]
	for row in page["rows"]:
		first, *others = [*row["cells"], *row["besides"]]
		said.append(first["text"] or first["label"])
		said += [f"  {cell['label']}: {cell['text']}" for cell in others if cell["text"]]
	more = [page["more"]] if page["more"] else []
	ways = [f"{link['label']}: {link['url']}" for link in page["links"]]
	return "\n".join([*said, *more, "", *ways, "", *page["footer"]])


def _attached(content: Content, delivery: str) -> tuple[Attachment, ...]:
	"""The files that go with the mail; of an answer without rows none, the paper of a report always.

	A server that writes no PDF keeps no report from its reader.
	"""
	name, found = _file_name(content.title, delivery), []
	if _is_missing_pdf(content):
		missing_paper.alarm()
	elif content.paper:
		found.append(Attachment(f"{name}.pdf", content.paper()))
	# Drawing and writing bring whole libraries, which most mails do without.
	elif content.answer.rows and content.attachment == PDF:
		from core_helpdesk.reports import paper

		printed = paper.pdf(paper.Page(content.title, content.lead, content.answer))
		found.append(Attachment(f"{name}.pdf", printed))
	if content.answer.rows and content.attachment == EXCEL:
		from core_helpdesk.reports import workbook

		found.append(Attachment(f"{name}.xlsx", workbook.xlsx(content.title, content.answer, content.link)))
	return tuple(found)


def _is_missing_pdf(content: Content) -> bool:
	is_wanted = content.paper or (content.attachment == PDF and content.answer.rows)
	return bool(is_wanted) and not pdf_writer.is_possible()


def _file_name(title: str, delivery: str) -> str:
	"""Report and period in letters that every mail reader and disk takes, as Escalated-Tickets-2026-11-22."""
	named = frappe.db.get_value(DELIVERY, delivery, ["report", "period_key"]) or (title,)
	plain = "-".join(filter(None, named)).replace("..", "-to-")
	return NOT_IN_NAMES.sub("-", plain).strip("-.")[:100] or "Report"
