"""The report Escalated Tickets in the middle of a courier's month, as its readers see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.looking import Eyes, fits, look, tell_month
from tests.browser.screens import desk_is_ready, picture

if TYPE_CHECKING:
	from collections.abc import Callable

	from playwright.sync_api import Page

PATH = "/app/query-report/Escalated%20Tickets"
PHONE = {"width": 390, "height": 844}
FIRST_ROW = ".datatable .dt-row[data-row-index='0']"


@pytest.fixture(scope="module", autouse=True)
def month(address: str) -> None:
	tell_month()


@pytest.mark.parametrize("language", ("en", "ar"))
@pytest.mark.parametrize("person", ("tsm", "head.operations.sa"))
def test_the_day_is_read(page_as: Callable[..., Page], person: str, language: str) -> None:
	"""Policy: TSM-09"""
	page = look(page_as, Eyes(person, language), PATH, "escalated tickets")
	page.locator(FIRST_ROW).wait_for()
	picture(page, f"escalated tickets of {person}", language)
	heads = [text.strip() for text in page.locator(".dt-cell__content--header-1").all_inner_texts()]
	assert all(language == "en" or not text.isascii() for text in heads if text)
	assert page.locator(".report-summary .summary-item").count() == 4
	page.set_viewport_size(PHONE)
	page.reload(wait_until="domcontentloaded")
	page.locator(FIRST_ROW).wait_for()
	picture(page, f"escalated tickets of {person} on a phone", language)
	assert fits(page)


def test_a_row_leads_to_its_escalation(page_as: Callable[..., Page]) -> None:
	page = look(page_as, Eyes("tsm", "en"), PATH, "before a row")
	page.locator(f"{FIRST_ROW} a").first.click()
	page.wait_for_url("**/ticket-escalation/*")
	desk_is_ready(page)
