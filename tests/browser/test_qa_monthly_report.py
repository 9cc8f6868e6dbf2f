"""The QA Monthly Report in the middle of a courier's month, as each of its readers sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk import config, months
from core_helpdesk.reports import quality_figures
from core_helpdesk.reports import ticket_words as words
from tests.browser.looking import Eyes, fits, look, look_on, settled, tell_month
from tests.browser.screens import desk_is_ready, picture
from tests.site.factories import make_user

if TYPE_CHECKING:
	from collections.abc import Callable

	from playwright.sync_api import Page

REPORT = "QA Monthly Report"
PHONE = {"width": 390, "height": 844}
FIRST_ROW = ".datatable .dt-row[data-row-index='0']"
FIGURES = "a[data-ch-figure='received']"
MOVED_IN = {"en": "Moved In", "ar": "المحوّلة إليها"}


@pytest.fixture(scope="module", autouse=True)
def month(address: str) -> None:
	tell_month()


# A courier that names no category of complaints and inquiries has nothing to promise in them.
UNNAMED = {"complaints_in_time", "inquiries_in_time"}
IN_HEAD = len(words.HEAD) + len(set(quality_figures.HEAD) - UNNAMED)


def path(by: str = "department") -> str:
	return f"/app/query-report/{REPORT}?month={months.of(config.now_epoch())}&by={by}"


@pytest.mark.parametrize("language", ("en", "ar"))
@pytest.mark.parametrize("by", ("department", "country", "group_category", "group", "ticket_category"))
def test_the_month_is_read(page_as: Callable[..., Page], by: str, language: str) -> None:
	"""Policy: QA-12"""
	page = look(page_as, Eyes("qa", language), path(by), f"qa month by {by}")
	page.locator(FIRST_ROW).wait_for()
	picture(page, f"qa month by {by}", language)
	heads = [text.strip() for text in page.locator(".dt-cell__content--header-1").all_inner_texts()]
	assert all(language == "en" or not text.isascii() for text in heads if text)
	assert page.locator(".report-summary .summary-item").count() == IN_HEAD
	head = page.locator(".dt-cell--header", has_text=MOVED_IN[language]).first
	head.locator("[title]").first.wait_for()


@pytest.mark.parametrize("language", ("en", "ar"))
@pytest.mark.parametrize("person", ("qa", "head.operations.sa"))
def test_what_the_month_tells_besides_is_read(
	page_as: Callable[..., Page], person: str, language: str
) -> None:
	"""Policy: QA-12"""
	page = look(page_as, Eyes(person, language), path("further"), f"further figures of {person}")
	page.locator(FIRST_ROW).wait_for()
	picture(page, f"further figures of {person}", language)
	first = [text.strip() for text in page.locator(".dt-row .dt-cell--col-1").all_inner_texts()]
	assert len(first) > len(quality_figures.HEAD)
	assert all(language == "en" or not text.isascii() for text in first if text)


@pytest.mark.parametrize("language", ("en", "ar"))
@pytest.mark.parametrize("person", ("csm", "gm", "tsm", "head.operations.sa"))
def test_each_reader_reads_theirs(page_as: Callable[..., Page], person: str, language: str) -> None:
	"""Policy: CORE-13"""
	page = look(page_as, Eyes(person, language), path("group"), f"qa month of {person}")
	page.locator(FIRST_ROW).wait_for()
	picture(page, f"qa month of {person}", language)


@pytest.mark.parametrize("language", ("en", "ar"))
def test_it_is_read_on_a_phone(page_as: Callable[..., Page], language: str) -> None:
	page = look(page_as, Eyes("qa", language), path(), "qa month before the phone")
	page.set_viewport_size(PHONE)
	page.reload(wait_until="domcontentloaded")
	page.locator(FIRST_ROW).wait_for()
	page.locator(".ch-fold").wait_for()
	settled(page)
	picture(page, "qa month on a phone", language)
	assert fits(page)
	first, second, third = (
		page.locator(".report-summary .summary-item").nth(n).bounding_box() for n in range(3)
	)
	assert first["y"] == second["y"] < third["y"]
	narrowing = page.locator(".page-form [data-fieldname='ticket_category']").first
	assert not narrowing.is_visible()
	page.locator(".ch-fold").click()
	narrowing.wait_for()
	picture(page, "qa month on a phone with all filters", language)


def test_what_narrows_it_by_the_address_is_seen_on_a_phone(page_as: Callable[..., Page]) -> None:
	eyes = Eyes("qa", "en")
	page = look(page_as, eyes, path(), "qa month before a narrow phone")
	page.set_viewport_size(PHONE)
	look_on(page, eyes, f"{path()}&country=Egypt", "qa month of a country on a phone")
	page.locator(".page-form [data-fieldname='country']").first.wait_for()


def test_a_figure_leads_to_as_many_records(page_as: Callable[..., Page]) -> None:
	page = look(page_as, Eyes("qa", "en"), path(), "qa month before a figure")
	figure = page.locator(f"{FIRST_ROW} {FIGURES}").first
	figure.wait_for()
	count = int(figure.inner_text().replace(",", ""))
	figure.click()
	page.wait_for_url("**/ticket-leg/view/list*")
	desk_is_ready(page)
	page.locator(".list-row").first.wait_for()
	picture(page, "records behind a figure", "en")
	shown = page.evaluate("cur_list.filter_area.get().find((each) => each[1] === 'name')[3].length")
	assert shown == count > 0


@pytest.mark.parametrize("language", ("en", "ar"))
def test_who_answers_for_nothing_is_told_so(page_as: Callable[..., Page], language: str) -> None:
	user = make_user("Department Manager", language=language)
	frappe.db.commit()
	page = page_as(user, language, path())
	page.locator(".form-message:visible").wait_for()
	picture(page, "qa month of nobody", language)
	assert not page.locator(f"{FIRST_ROW}:visible").count()
