"""Reports as mails: what a reader sees on a phone, in either language, and what comes with it."""

from __future__ import annotations

import email
import email.policy
import io
from typing import TYPE_CHECKING

import frappe
import openpyxl
import pytest
from bs4 import BeautifulSoup
from frappe.utils import add_days, today

from core_helpdesk.mail import language, outgoing, report_letters
from core_helpdesk.mail.report_letters import Content, Note, Section
from core_helpdesk.reports import escalated_tickets
from core_helpdesk.reports.answer import figure
from core_helpdesk.stored_text import as_written
from tests.site import courier as couriers
from tests.site.factories import as_user
from tests.site.report_samples import FORMULA, LONG, MARKUP, NOTHING, TITLE, answer

if TYPE_CHECKING:
	from email.message import EmailMessage

LINK = "https://desk.example.com/desk/query-report/Escalated%20Tickets?since=2026-11-22"
RECORD = "/report-delivery/no-such-delivery"
LANGUAGES = ("en", "ar")


@pytest.fixture
def courier() -> couriers.Courier:
	return couriers.open_courier()


def letter(
	spoken: str = "en", *, count: int = 4, user: str = "reader@example.com", **more: object
) -> outgoing.Letter:
	with language.speaking(spoken):
		values = {"title": TITLE[spoken], "lead": "Daily", "answer": answer(count), "link": LINK, **more}
		return report_letters.of_report(user, Content(**values), "no-such-delivery")


def page(of: outgoing.Letter) -> BeautifulSoup:
	return BeautifulSoup(of.html, "html.parser")


def in_queue(of: outgoing.Letter) -> EmailMessage:
	queued = outgoing.queue(of)
	message = frappe.db.get_value("Email Queue", queued.email_queue, "message")
	return email.message_from_string(message, policy=email.policy.default)


# --- What stands in it


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_it_reads_in_the_direction_of_its_language(spoken: str) -> None:
	html = letter(spoken).html
	assert f'lang="{spoken}" dir="{"rtl" if spoken == "ar" else "ltr"}"' in html
	assert TITLE[spoken] in page(letter(spoken)).get_text()
	assert 'name="viewport"' in html


def test_figures_chart_and_rows_are_there() -> None:
	said = page(letter()).get_text(" ", strip=True)
	for expected in ("Operations", "Retail Services", "Ended", "1,234", "97.5%", "-3.5", "1003"):
		assert expected in said, expected
	assert "svg" not in letter().html


def test_the_lengths_of_bars_are_those_of_their_values() -> None:
	colored = page(letter()).find_all("td", style=lambda style: style and "height:14px" in style)
	assert [each["width"] for each in colored] == ["52%", "17%", "69%"], "of 86% for the longest, 5"


def test_a_row_is_a_few_cells_and_a_small_line() -> None:
	table = next(table for table in page(letter()).find_all("table") if table.find("th"))
	assert [head.get_text() for head in table.find_all("th")] == ["Ticket", "Subject", "Department", "Level"]
	besides = table.find_all("td", colspan="4")
	assert len(besides) == 4
	assert besides[0].get_text(" ", strip=True).startswith("Share: 97.5%")
	assert "Hours" not in besides[1].get_text(), "what is not there takes no room"


def test_a_report_may_say_which_of_its_columns_tell_most() -> None:
	with language.speaking("en"):
		columns = [{**each, "telling": each["fieldname"] in ("ticket", "hours")} for each in answer().columns]
	assert [each["fieldname"] for each in report_letters.telling(columns)] == ["ticket", "hours"]


def test_what_people_wrote_is_text() -> None:
	found = letter(sections=(Section(MARKUP, (Note(MARKUP, f"{MARKUP}\nmore"),)),))
	assert not page(found).find_all(["img", "b", "i"])
	assert page(found).get_text().count(MARKUP) == found.text.count(MARKUP) >= 3


def test_it_begins_with_what_the_month_comes_to() -> None:
	found = letter(
		points=("Closed in time: 97.5%.",), sections=(Section("Comment", (Note("", "Well done"),)),)
	)
	for said in (page(found).get_text(), found.text):
		assert said.index("Daily") < said.index("Closed in time") < said.index("1,234")
		assert said.index("Closed in time") < said.index("Comment") < said.index("Well done")


def test_what_people_wrote_stands_under_where_when_and_who() -> None:
	notes = (Note("Operations · 3 April · A head", "First\n\nSecond"), Note("", "Third"))
	found = letter(sections=(Section("Discussed", notes),))
	for said in (page(found).get_text("\n"), found.text):
		wanted = ["Discussed", "Operations · 3 April · A head", "First", "Second", "Third"]
		assert sorted(wanted, key=said.index) == wanted


def ways(found: outgoing.Letter) -> list[tuple[str, str]]:
	return [(link.get_text(), link["href"]) for link in page(found).find_all("a")]


@pytest.mark.parametrize("reviewed", [True, False])
def test_the_way_to_say_that_it_was_read_is_in_it(reviewed: bool) -> None:
	"""Policy: TSM-14"""
	found = letter(reviewed=reviewed)
	labels = ["Record My Review", "Open the Report"]
	if not reviewed:
		labels = ["Open the Report", "Say That You Have Read It"]
	assert [label for label, _link in ways(found)] == labels
	links = dict(ways(found))
	assert links.pop("Open the Report") == LINK
	assert next(iter(links.values())).endswith(RECORD)
	assert LINK in found.text and RECORD in found.text


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_what_it_waits_for_is_its_subject_and_has_its_button_above(spoken: str) -> None:
	"""Policy: QA-M1"""
	asked = "QA Monthly Report: March 2026 waits for your signature."
	found = letter(spoken, asked=asked, subject=report_letters.as_subject(asked))
	assert found.subject == asked.removesuffix(".")
	first, *_others, last = [link for _label, link in ways(found) if not link.endswith(RECORD)]
	assert first == last == LINK
	for said in (page(found).get_text(), found.text):
		assert said.index(TITLE[spoken]) < said.index(asked) < said.index("Daily")
	assert asked in found.filed
	button = str(page(found).find("a"))
	assert found.html.index(asked) < found.html.index(button[:40]) < found.html.index("Daily")


def test_what_nobody_has_a_figure_of_takes_no_room() -> None:
	with language.speaking("en"):
		found = answer()
	there = figure(0, "That there was none")
	found.summary = [
		{"value": value, "label": "No share", "datatype": "Data"} for value in ("–", "\u2068–\u2069")
	]
	found.summary.append(there)
	said = page(letter(answer=found)).get_text()
	assert "No share" not in said and "That there was none" in said


def test_a_change_stands_with_its_sign() -> None:
	with language.speaking("en"):
		found = answer(1)
	found.rows[0]["said"] = {"level": "+1,234", "share": "+40 pts"}
	assert "+1,234" in page(letter(answer=found)).get_text()
	assert "+40 pts" in letter(answer=found).text


def test_what_is_stored_as_a_page_shows_it_reads_as_it_was_written() -> None:
	with language.speaking("en"):
		stored = answer(1, subjects=("&lt;img src=x> & more",))
	assert "<img src=x> & more" in page(letter(answer=stored)).get_text()


def test_a_long_text_does_not_fill_a_phone() -> None:
	said = page(letter()).get_text()
	assert LONG.strip() not in said and LONG[:100] in said


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_no_more_rows_than_it_may_have_and_then_the_way_to_the_others(spoken: str) -> None:
	found = letter(spoken, count=500)
	link = page(found).find("a", string=lambda text: text and "480" in text)
	assert link["href"] == LINK
	assert "1019" in found.text and "1020" not in found.text
	assert "480" in found.text and LINK in found.text
	assert len(found.html) < 100_000, "mail readers cut longer pages"


def test_one_more_row_is_said_in_the_singular() -> None:
	assert "One more row: open the report." in letter(count=21).text
	assert "more row" not in letter(count=20).text


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_that_there_is_nothing_is_said(spoken: str) -> None:
	found = letter(spoken, count=0, attachment="Excel")
	assert NOTHING[spoken] in page(found).get_text()
	assert NOTHING[spoken] in found.text
	assert found.attachments == ()
	assert not page(found).find("th")


@pytest.mark.parametrize(
	("title", "subject"), [("Report #12 of\nOctober", "Report 12 of October"), ("12 open", "Report: 12 open")]
)
def test_no_subject_line_is_taken_for_that_of_a_ticket(title: str, subject: str) -> None:
	assert letter(title=title).subject == subject


def test_subjects_of_tickets_are_not_in_the_subject_line() -> None:
	assert letter().subject == TITLE["en"]


# --- What is filed, and what comes with it


def test_no_figures_are_filed_where_others_read_them(courier: couriers.Courier) -> None:
	queued = outgoing.queue(letter(user=courier.head))
	filed = frappe.db.get_value("Communication", queued.communication, ["content", "text_content"])
	assert "Operations" not in "".join(filed) and TITLE["en"] in filed[1]
	# Read in a Desk of either direction.
	assert f'<div dir="auto">{TITLE["en"]}</div>' in filed[0]


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_the_workbook_is_in_the_mail_and_nowhere_else(courier: couriers.Courier, spoken: str) -> None:
	before = frappe.db.count("File")
	message = in_queue(letter(spoken, user=courier.head, attachment="Excel"))
	(attached,) = message.iter_attachments()
	assert attached.get_filename().isascii() and attached.get_filename().endswith(".xlsx")
	sheet = openpyxl.load_workbook(io.BytesIO(attached.get_content())).active
	assert sheet.max_row == 5 and sheet.sheet_view.rightToLeft == (spoken == "ar")
	assert frappe.db.count("File") == before
	assert message.get_body(("html",)) and message.get_body(("plain",))


def test_the_pdf_is_in_the_mail(courier: couriers.Courier) -> None:
	(attached,) = in_queue(letter(user=courier.head, attachment="PDF")).iter_attachments()
	assert attached.get_content_type() == "application/pdf"
	assert attached.get_content().startswith(b"%PDF-")
	assert attached.get_filename() == "Escalated-Tickets-22-November-2026.pdf"


@pytest.mark.parametrize(("wanted", "kinds"), [("Excel", ["pdf", "xlsx"]), ("PDF", ["pdf"]), ("", ["pdf"])])
@pytest.mark.parametrize("count", [4, 0])
def test_the_paper_of_a_report_is_always_in_its_mail(wanted: str, kinds: list[str], count: int) -> None:
	found = letter(count=count, attachment=wanted, paper=lambda: b"%PDF-own")
	names = [each.name for each in found.attachments]
	assert [name.split(".")[-1] for name in names] == (kinds if count else ["pdf"])
	assert found.attachments[0].content == b"%PDF-own"
	assert "The whole report is attached as PDF." in found.text


def test_a_mail_without_a_file_is_as_before(courier: couriers.Courier) -> None:
	assert not list(in_queue(letter(user=courier.head)).iter_attachments())


def test_a_real_report_of_a_ticket_with_markup_in_its_subject(courier: couriers.Courier) -> None:
	couriers.escalated(courier, subject=f"{FORMULA} {MARKUP}")
	with as_user(courier.qa), language.speaking("ar"):
		# It escalated in the hours that the desk let pass.
		answered = escalated_tickets.run({"since": today(), "until": add_days(today(), 3)})
		content = Content("التذاكر", "اليوم", answered, LINK, attachment="Excel")
		found = report_letters.of_report(courier.qa, content, "no-such-delivery")
	assert not page(found).find_all(["img", "b"])
	kept = as_written(answered.rows[0]["subject"])
	assert kept.startswith(FORMULA) and "bold" in kept
	assert kept in page(found).get_text() and kept in found.text
	sheet = openpyxl.load_workbook(io.BytesIO(found.attachments[0].content)).active
	assert FORMULA in sheet["B2"].value and sheet["B2"].data_type == "s"
