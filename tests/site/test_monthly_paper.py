"""The paper and the mail of a Monthly Report: one page for both, of what its reader may see, in both languages."""

from __future__ import annotations

import re
import shutil
import subprocess
import unicodedata
from typing import TYPE_CHECKING, Any

import frappe
import pytest
from frappe.utils.pdf import get_pdf
from pypdf import PdfReader

from core_helpdesk import monthly_api
from core_helpdesk.mail import language, report_letters
from core_helpdesk.monthly import printing, reading, tables
from core_helpdesk.reports import arabic_font
from core_helpdesk.setup import monthly_workflow as flow
from tests.site import monthly_desk as desks
from tests.site.factories import as_user, make_agent, make_user
from tests.site.moments import Moment, moment_from
from tests.site.monthly_desk import make, sent_to

if TYPE_CHECKING:
	from pathlib import Path

	from frappe.model.document import Document

LANGUAGES = ("en", "ar")
MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
MARKUP = "<img src=x onerror=alert(1)>"
needs_poppler = pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils are not installed")
needs_arabic = pytest.mark.skipif(arabic_font.is_missing(), reason="no font for Arabic is installed")
both = pytest.mark.parametrize("spoken", LANGUAGES)
every_kind = pytest.mark.parametrize("kind", flow.KINDS)

moment = moment_from("2026-03-01 09:00")


desk = desks.desk_fixture


def page(user: str, report: Document, spoken: str = "en") -> dict[str, Any]:
	with as_user(user), language.speaking(spoken):
		return printing.monthly_report(report.name)


def on_paper(folder: Path, pdf: bytes) -> str:
	"""What is read there, each letter by itself: a font may join two of them, as ff."""
	assert pdf.startswith(b"%PDF-")
	file = folder / "report.pdf"
	file.write_bytes(pdf)
	found = subprocess.run(["pdftotext", "-layout", str(file), "-"], capture_output=True, check=True)
	return unicodedata.normalize("NFKC", " ".join(MARKS.sub("", found.stdout.decode()).split()))


def attached(user: str, report: Document, spoken: str = "en") -> bytes:
	"""What the mail of the report brings this reader."""
	with as_user(user), language.speaking(spoken):
		letter = report_letters.of_report(user, reading.content(report), "no-such-delivery")
	return next(each.content for each in letter.attachments if each.name.endswith(".pdf"))


def asked_for(user: str, report: Document) -> bytes:
	before = frappe.local.response
	frappe.local.response = frappe._dict()
	try:
		with as_user(user):
			monthly_api.paper(report.name)
			return frappe.local.response.filecontent
	finally:
		frappe.local.response = before


# --- One paper


@needs_poppler
@every_kind
def test_the_mail_brings_the_whole_report(desk: frappe._dict, tmp_path: Path, kind: str) -> None:
	"""Policy: QA-12"""
	report = make(kind)
	desks.decide(desk.qa, report)
	frappe.db.set_value(desks.DOCTYPE, report.name, "comment", "Two people were away")
	said = on_paper(tmp_path, attached(desk.manager, report.reload()))
	found = page(desk.manager, report)
	for expected in (
		found["title"],
		f"State: Made – not {'submitted' if kind == flow.QA_REPORT else 'sent'} yet",
		*(line.split(":")[0] for line in found["summary"]),
		*(chart["title"] for chart in found["charts"]),
		found["total_title"],
		desk.other,
		"In small: the month before.",
		"Two people were away",
		"Train the night shift",
		"Page 1 of",
	):
		assert expected in said, expected
	spoken = (
		"Two people were away",
		"Train the night shift",
		found["total_title"],
		"In small: the month before.",
	)
	assert sorted(spoken, key=said.index) == list(spoken), "what people say comes before the tables"
	assert said.count("—") == (3 if kind == flow.QA_REPORT else 2), "nobody has sent, reviewed or signed it"
	if kind == flow.QA_REPORT:
		assert "Further Figures" in said and "Deviations in Force" in said, "that there was none is said"


@needs_poppler
@needs_arabic
@every_kind
def test_the_same_in_arabic(desk: frappe._dict, tmp_path: Path, kind: str) -> None:
	said = on_paper(tmp_path, attached(desk.manager, make(kind), "ar"))
	assert "مارس" in said and "الشهر السابق" in said
	draft = "لم يُقدَّم بعد" if kind == flow.QA_REPORT else "لم يُرسل بعد"
	assert unicodedata.normalize("NFKC", draft) in said


@both
@every_kind
def test_no_table_has_one_word_twice_and_that_nothing_was_decided_is_said(
	desk: frappe._dict, kind: str, spoken: str
) -> None:
	report = make(kind)
	found = page(desk.manager, report, spoken)
	assert all(table["title"] != table["head"] for table in found["tables"])
	with as_user(desk.manager), language.speaking(spoken):
		html = frappe.get_print(desks.DOCTYPE, report.name, print_format="Monthly Report")
	assert found["no_actions"] in html
	desks.decide(desk.qa, report)
	with as_user(desk.manager), language.speaking(spoken):
		html = frappe.get_print(desks.DOCTYPE, report.name, print_format="Monthly Report")
	assert found["no_actions"] not in html


@both
@every_kind
def test_what_the_desk_prints_is_the_same_page(desk: frappe._dict, kind: str, spoken: str) -> None:
	report = make(kind)
	found = page(desk.manager, report, spoken)
	with as_user(desk.manager), language.speaking(spoken):
		html = frappe.get_print(desks.DOCTYPE, report.name, print_format="Monthly Report")
		own = frappe.get_template(printing.TEMPLATE).render({"month": found})
	inner = [
		text[text.index('<div class="ch-head">') :].split('<p class="ch-foot">')[0] for text in (html, own)
	]
	assert inner[0] == inner[1]
	assert html.count("<svg") == len(found["charts"])
	assert ("orientation: Landscape" in html) == found["lying"] == (kind != flow.ESCALATION_REPORT)
	assert 'class="topage"' in html and "counter(pages)" in html


@pytest.mark.skipif(not shutil.which("wkhtmltopdf"), reason="wkhtmltopdf is not installed")
@both
@every_kind
def test_the_framework_draws_it_too(desk: frappe._dict, tmp_path: Path, kind: str, spoken: str) -> None:
	"""Without the framework's style sheets, which it would fetch from a site that is served."""
	report = make(kind)
	with as_user(desk.manager), language.speaking(spoken):
		html = frappe.get_print(desks.DOCTYPE, report.name, print_format="Monthly Report")
	html = re.sub("<link[^>]*>", "", html)
	drawn = tmp_path / "drawn.pdf"
	drawn.write_bytes(get_pdf(html))
	(width, height) = PdfReader(drawn).pages[0].mediabox[2:]
	assert (width > height) == (kind != flow.ESCALATION_REPORT)


def test_what_people_wrote_is_text_on_it(desk: frappe._dict) -> None:
	report = make(flow.ESCALATION_REPORT)
	frappe.db.set_value(desks.DOCTYPE, report.name, "comment", MARKUP)
	report.outcomes[0].db_set({"outcome": MARKUP, "discussed_on": "2026-04-03"})
	desks.decide(desk.qa, report, what=MARKUP)
	with as_user(desk.manager), language.speaking("en"):
		html = frappe.get_print(desks.DOCTYPE, report.name, print_format="Monthly Report")
	assert "<img" not in html
	assert html.count("&lt;img src=x onerror") == 3


# --- Each against the month before


def test_each_part_stands_beside_its_month_before(desk: frappe._dict, moment: Moment) -> None:
	"""Policy: QA-12"""
	moment.set("2026-05-02 13:00")
	april = make(flow.QA_REPORT, "2026-04")
	found = page(desk.qa, april)
	for table in found["tables"]:
		assert "Reopened" in table["columns"] and "Hours to Solve (90th Percentile)" in table["columns"]
		for row in table["rows"]:
			assert len(row["cells"]) == len(row["before"]) == len(table["columns"])
	(departments,) = [table for table in found["tables"] if table["by"] == "department"]
	received = departments["columns"].index("Received")
	assert {
		row["part"]: (row["cells"][received], row["before"][received]) for row in departments["rows"]
	} == {
		desk.own: ("0", "3"),
		desk.other: ("0", "2"),
	}, "a part that had figures in the month before alone stands there, too"


def test_changes_have_their_sign_and_shares_are_counted_in_points(desk: frappe._dict, moment: Moment) -> None:
	report = make(flow.QA_REPORT)
	lines = {line["name"]: line for line in page(desk.qa, report)["lines"]}
	assert (lines["received"]["change"], lines["moved_in"]["change"]) == ("+5", "0")
	moment.set("2026-05-02 13:00")
	lines = {line["name"]: line for line in page(desk.qa, make(flow.QA_REPORT, "2026-04"))["lines"]}
	assert lines["received"]["change"] == "−5"
	assert lines["within_standard"]["change"] == "", "a month without closings has no share"
	with as_user(desk.qa), language.speaking("en"):
		rows = {row["part"]: row for row in reading.answer(report).rows}
	assert rows["Change"]["said"]["received"] == "+5"


# --- The Department Escalation Report


def test_the_escalation_report_says_who_said_what_and_when(desk: frappe._dict) -> None:
	"""Policy: TSM-M2"""
	report = make(flow.ESCALATION_REPORT)
	with as_user(desk.manager), language.speaking("en"):
		before = {section.title: section.notes for section in reading.sections(report)}
	assert set(before) == {"Discussed With the Departments"}
	assert before["Discussed With the Departments"][0].text == "Not entered yet"
	frappe.db.set_value(desks.DOCTYPE, report.name, "comment", "Two people were away")
	values = {"outcome": "Nights are covered", "discussed_on": "2026-04-03", "entered_by": desk.manager}
	report.outcomes[0].db_set(values)
	desks.decide(desk.qa, report)
	with as_user(desk.manager), language.speaking("en"):
		content = reading.content(report.reload())
	comment, discussed, actions = content.sections
	assert comment.notes[0].text == "Two people were away"
	assert discussed.notes[0].text == "Nights are covered"
	assert f"{desk.other} – {desks.EGYPT}" in discussed.notes[0].head and "2026" in discussed.notes[0].head
	assert actions.notes[0].text == "Train the night shift" and "until" in actions.notes[0].head
	assert content.points and content.paper


def test_its_mail_has_tiles_and_stands_beside_the_month_before(desk: frappe._dict) -> None:
	"""Policy: TSM-M2"""
	report = make(flow.ESCALATION_REPORT)
	with as_user(desk.manager), language.speaking("en"):
		found = reading.seen(report)
		answer = tables.escalations(found)
	assert [tile["label"].split(" (")[0] for tile in answer.summary] == [
		"To TSM",
		"To the General Manager",
		"Not Solved in 24 Hours",
	]
	assert [row["part"] for row in answer.rows] == ["All Escalations", "Month Before", desk.other]
	assert answer.chart is None, "one bar alone says no more than its number"


def test_departments_with_escalations_are_drawn(desk: frappe._dict) -> None:
	report = make(flow.ESCALATION_REPORT)
	with as_user(desk.manager), language.speaking("en"):
		found = reading.seen(report)
		place, cell = next((place, cell) for place, cell in found.this.items() if cell["escalated"])
		more = {**found.this, place._replace(department="Another Department"): cell}
		answer = tables.escalations(reading.Seen(report, found.choice, more, found.last, {}, found.others))
	assert set(answer.chart["data"]["labels"]) == {desk.other, "Another Department"}


# --- To whom


@needs_poppler
def test_a_heads_paper_holds_nothing_of_others(desk: frappe._dict, tmp_path: Path) -> None:
	"""Policy: CORE-13"""
	report = sent_to(desk.own_head, desk)
	for pdf in (attached(desk.own_head, report), asked_for(desk.own_head, report)):
		said = on_paper(tmp_path, pdf)
		assert desk.own in said and "Only your own departments are shown." in said
		assert desk.other not in said and desk.other_team not in said


@every_kind
def test_who_reads_no_report_gets_no_paper(desk: frappe._dict, kind: str) -> None:
	report = make(kind)
	for user in (make_agent(), make_user("System Manager"), desk.own_head, "Guest"):
		with pytest.raises(frappe.PermissionError):
			asked_for(user, report)


def test_every_reader_gets_the_paper_by_the_button(desk: frappe._dict) -> None:
	report = make(flow.QA_REPORT)
	for user in (desk.qa, desk.manager, desk.general_manager, desk.tsm[0]):
		assert asked_for(user, report).startswith(b"%PDF-")


def test_a_month_without_figures_has_neither_tiles_nor_charts(desk: frappe._dict) -> None:
	for kind in flow.KINDS:
		report = make(kind, desks.BEFORE)
		found = page(desk.manager, report)
		assert (found["tiles"], found["charts"]) == ([], [])
		assert attached(desk.manager, report)
