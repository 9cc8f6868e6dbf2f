"""Reports on paper: text that can be read and searched, fonts that travel, nothing that is fetched."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest
from rq.timeouts import JobTimeoutException

from core_helpdesk.mail import language
from core_helpdesk.reports import arabic_font, charts, paper, pdf_letters, pdf_writer
from core_helpdesk.setup import checklist
from tests.site.report_samples import MARKUP, NOTHING, TITLE, answer

if TYPE_CHECKING:
	from collections.abc import Iterator
	from pathlib import Path

LANGUAGES = ("en", "ar")
MARKS = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")
needs_poppler = pytest.mark.skipif(not shutil.which("pdftotext"), reason="poppler-utils are not installed")
needs_arabic = pytest.mark.skipif(arabic_font.is_missing(), reason="no font for Arabic is installed")


def printed(spoken: str = "en", count: int = 4, **more: object) -> bytes:
	with language.speaking(spoken):
		return paper.pdf(
			paper.Page(TITLE[spoken], "Daily", more.pop("answer", None) or answer(count), **more)
		)


def said_by(tool: str, pdf: bytes, folder: Path) -> str:
	file = folder / "report.pdf"
	file.write_bytes(pdf)
	after = ["-"] if tool == "pdftotext" else []
	found = subprocess.run([tool, str(file), *after], capture_output=True, check=True)
	return MARKS.sub("", found.stdout.decode())


# --- Paper


@needs_poppler
def test_everything_of_an_answer_is_printed(tmp_path: Path) -> None:
	said = " ".join(said_by("pdftotext", printed(), tmp_path).split())
	for expected in (TITLE["en"], "Daily", "Retail Services", "1,234", "97.5%", "Page 1 of"):
		assert expected in said, expected
	assert "Share: Share <i>of</i> Department." in said, "what a column means, as it was written"


@needs_poppler
@needs_arabic
def test_arabic_can_be_searched(tmp_path: Path) -> None:
	"""Words without the letters that a reader of PDFs may take apart in an order of its own."""
	said = said_by("pdftotext", printed("ar"), tmp_path)
	for expected in ("تقرير التصعيد", "القسم", "خدمات التجزئة", "مفتوحة", "منتهية", "نوفمبر"):
		assert expected in said, expected


@needs_poppler
@needs_arabic
def test_a_font_that_nobody_understands_costs_no_page(
	tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
	def not_understood(_font: object) -> dict[int, str]:
		raise KeyError("a table that nobody knows")

	monkeypatch.setattr(pdf_letters, "letters_of", not_understood)
	assert "1,234" in said_by("pdftotext", printed("ar"), tmp_path)


def test_no_time_that_is_up_is_swallowed_with_a_font(monkeypatch: pytest.MonkeyPatch) -> None:
	def out_of_time(_font: object) -> dict[int, str]:
		raise JobTimeoutException

	monkeypatch.setattr(pdf_letters, "letters_of", out_of_time)
	if pdf_writer.version() >= pdf_writer.TELLS_LETTERS:
		pytest.skip("this WeasyPrint knows the letters itself")
	with pytest.raises(JobTimeoutException):
		printed()


OF_THE_FRAMEWORK = """
import inspect, io, pydyf, pypdf, weasyprint
from core_helpdesk.reports import pdf_writer

def page():
	return weasyprint.HTML(string="<h1>Title</h1><p>Text</p>").render()

def said():
	try:
		pdf = page().write_pdf()
	except TypeError:
		return None
	return [each.extract_text() for each in pypdf.PdfReader(io.BytesIO(pdf)).pages]

begun, before, kind = inspect.signature(pydyf.PDF.__init__), said(), type(page().fonts)
pdf_writer.written("<p>ours</p>")
after = said()
assert after and before in (None, after)
assert inspect.signature(pydyf.PDF.__init__) == begun and type(page().fonts) is kind is dict
print("as before")
"""


def test_what_the_framework_writes_is_as_before() -> None:
	"""In a process of its own, where nothing of ours was written yet; a pair that wrote nothing may write now."""
	found = subprocess.run([sys.executable, "-c", OF_THE_FRAMEWORK], capture_output=True, text=True)
	assert found.stdout.strip() == "as before", found.stderr


@needs_poppler
@needs_arabic
@pytest.mark.parametrize("spoken", LANGUAGES)
def test_every_font_is_in_the_file(tmp_path: Path, spoken: str) -> None:
	fonts = said_by("pdffonts", printed(spoken), tmp_path).splitlines()[2:]
	assert fonts
	assert all(re.search(r"\syes\s+yes\s+yes\s", line) for line in fonts), fonts


@needs_poppler
@pytest.mark.parametrize("spoken", LANGUAGES)
def test_nothing_is_printed_as_a_word_about_it(tmp_path: Path, spoken: str) -> None:
	said = said_by("pdftotext", printed(spoken, 0), tmp_path)
	assert NOTHING["en"] in said if spoken == "en" else "لم يصعد شيء" in said


@needs_poppler
def test_many_rows_repeat_the_head_and_stop_where_nobody_reads_on(tmp_path: Path) -> None:
	subjects = ("Parcel not delivered",)
	with language.speaking("en"):
		many = answer(paper.MOST_ROWS + 7, subjects=subjects)
	said = said_by("pdftotext", printed(answer=many), tmp_path)
	pages = said.count("\f")
	assert pages > 10
	assert said.count("Escalated On") >= pages - 1
	assert "Rows that are not printed: 7." in said
	assert str(1000 + paper.MOST_ROWS) not in said


@needs_poppler
def test_a_text_without_end_stays_on_the_paper(tmp_path: Path) -> None:
	with language.speaking("en"):
		wide = answer(1, subjects=("w" * 400,))
	assert "www" in said_by("pdftotext", printed(answer=wide), tmp_path)


def test_paper_lies_where_there_are_many_columns() -> None:
	with language.speaking("en"):
		found = answer()
		assert paper.context(paper.Page("t", "p", found))["lying"]
		found.columns = found.columns[:5]
		assert not paper.context(paper.Page("t", "p", found))["lying"]


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_no_head_is_narrower_than_its_longest_word(spoken: str) -> None:
	with language.speaking(spoken):
		columns = paper.context(paper.Page("t", "p", answer()))["columns"]
	assert round(sum(each["share"] for each in columns)) == 100
	assert min(each["share"] for each in columns) > 4


# --- Nothing is fetched


@contextmanager
def listening() -> Iterator[tuple[str, list[str]]]:
	"""An address, and what was asked of it."""
	asked: list[str] = []

	class Listener(BaseHTTPRequestHandler):
		def do_GET(self) -> None:
			asked.append(self.path)
			self.send_response(404)
			self.end_headers()

		def log_message(self, *_said: object) -> None:
			pass

	server = HTTPServer(("127.0.0.1", 0), Listener)
	thread = threading.Thread(target=server.serve_forever, daemon=True)
	thread.start()
	try:
		yield f"http://127.0.0.1:{server.server_port}", asked
	finally:
		server.shutdown()
		thread.join()
		server.server_close()


@needs_poppler
def test_an_image_in_a_subject_is_text(tmp_path: Path) -> None:
	with listening() as (address, asked), language.speaking("en"):
		fetching = answer(2, subjects=(f"<img src='{address}/a.png'>", MARKUP))
		said = said_by("pdftotext", printed(answer=fetching), tmp_path)
	assert asked == []
	assert "<img" in said and "hostname" in said


def test_even_markup_fetches_nothing(tmp_path: Path) -> None:
	secret = tmp_path / "secret.txt"
	secret.write_text("nobody is to read this")
	with listening() as (address, asked):
		pdf = pdf_writer.written(
			f"<link rel=stylesheet href='{address}/a.css'><link rel=attachment href='{secret.as_uri()}'>"
			f"<style>@import url({address}/b.css); p {{ background: url({address}/c.png) }}</style>"
			f"<p>Text<img src='{address}/d.png'><img src='{secret.as_uri()}'></p>"
		)
	assert asked == []
	assert pdf.startswith(b"%PDF-") and b"EmbeddedFile" not in pdf


# --- Charts


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_the_labels_of_a_chart_are_text_on_the_readers_side(spoken: str) -> None:
	with language.speaking(spoken):
		chart = answer().chart
	root = ElementTree.fromstring(charts.svg(chart, width=640, right_to_left=spoken == "ar"))
	texts = {each.text: each for each in root if each.tag.endswith("text")}
	names = [*chart["data"]["labels"], *(each["name"] for each in chart["data"]["datasets"])]
	assert set(names) <= set(texts)
	at = [float(texts[name].get("x")) for name in chart["data"]["labels"]]
	assert min(at) > 320 if spoken == "ar" else max(at) < 320
	down = [float(texts[name].get("y")) for name in chart["data"]["labels"]]
	assert down == sorted(down), "the first bar is at the top"
	bars = [each for each in root if each.get("fill") == "#a0aec0" and float(each.get("width")) > 10]
	assert len(bars) == 1, "nothing stands for nothing"


def test_the_lengths_of_bars_are_those_of_their_values() -> None:
	chart = {
		"data": {"labels": ["a", "b", "c"], "datasets": [{"name": "n", "values": [10, 5, 0]}]},
		"colors": ["#123456"],
	}
	drawn = charts.drawing(chart, width=600, right_to_left=False)

	def is_bar(box: charts.Box) -> bool:
		return box.color == "#123456" and box.height > charts.SQUARE

	long, short = sorted((box.width for box in drawn.boxes if is_bar(box)), reverse=True)
	assert long == pytest.approx(2 * short)
	mirrored = charts.drawing(chart, width=600, right_to_left=True)
	assert [box.x + box.width for box in mirrored.boxes] == pytest.approx(
		[600 - box.x for box in drawn.boxes]
	)


def test_no_name_in_a_chart_is_cut() -> None:
	name = "International Operations, Customs Clearance & Last Mile <of> the Kingdom of Saudi Arabia \x00 end"
	chart = {"data": {"labels": [name, "b"], "datasets": [{"name": name, "values": [1, None]}]}}
	drawn = charts.drawing(chart, width=640, right_to_left=False)
	lines = [label.text for label in drawn.labels if label.anchor == "end"]
	assert " ".join(lines[1:]) == " ".join(name.replace("\x00", " ").split())
	ElementTree.fromstring(charts.svg(chart, width=640, right_to_left=False))


# --- The font


def test_the_first_steps_say_whether_arabic_can_be_printed(monkeypatch: pytest.MonkeyPatch) -> None:
	steps = {step["label"]: step for step in checklist.first_run()}
	assert steps["A font for Arabic"]["done"] == (not arabic_font.is_missing())


@pytest.mark.skipif(not shutil.which("fc-list"), reason="fontconfig's tools are not installed")
def test_both_ways_to_look_for_a_font_agree(monkeypatch: pytest.MonkeyPatch) -> None:
	by_tool = arabic_font.is_missing()
	monkeypatch.setenv("PATH", "")
	assert arabic_font.is_missing() == by_tool
