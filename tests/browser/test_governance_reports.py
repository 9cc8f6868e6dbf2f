"""The reports of group governance as their readers see them: rows, a chart, no rows, a narrow screen, in two languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk import at_work
from core_helpdesk.setup import workflows as flow
from tests.browser.looking import DIRECTION, RACES_OF_THE_FRAMEWORK, fits, said, settled
from tests.browser.screens import desk_is_ready, picture
from tests.site import request_desk
from tests.site.factories import make_agent, make_policy, make_team
from tests.site.report_reading import ACCESS, ALL, CONFLICTS, PARITY, REQUESTS

if TYPE_CHECKING:
	from collections.abc import Callable

	from playwright.sync_api import Page

LANGUAGES = ("en", "ar")
PHONE = {"width": 390, "height": 800}
CELL = ".datatable .dt-row[data-row-index] div[dir=auto]"
BEGIN = {"en": "left", "ar": "right"}


@pytest.fixture(scope="module")
@at_work.the_app()
def desk(connection: None) -> request_desk.Desk:
	"""A group abroad with another time, two groups in one place, and requests in three states."""
	opened = request_desk.open_desk(mode="Off")
	make_policy({"after_hours": 36}, team=opened.abroad)
	place = {"ch_department": opened.department, "ch_category": opened.category, "ch_country": "Saudi Arabia"}
	make_team(name="=Rival", agents=(make_agent(),), ch_ticket_type=opened.ticket_type, **place)
	for state in (flow.REVIEW, flow.NEEDS_INFORMATION, flow.IMPLEMENTED):
		request_desk.put_into(request_desk.make_request(opened), state)
	frappe.db.commit()
	return opened


def path_of(report: str) -> str:
	return f"/app/query-report/{report.replace(' ', '%20')}"


def shown(page: Page, title: str, language: str) -> None:
	settled(page)
	picture(page, title, language)
	assert page.evaluate("getComputedStyle(document.body).direction") == DIRECTION[language]
	assert [failure for failure in page.failures if failure not in RACES_OF_THE_FRAMEWORK] == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("report", ALL)
def test_a_report_shows_its_rows(
	page_as: Callable[..., Page], desk: request_desk.Desk, report: str, language: str
) -> None:
	page = page_as(desk.qa, language, path_of(report))
	page.locator(".datatable .dt-row[data-row-index='0']").wait_for()
	shown(page, f"report {report}", language)
	assert page.locator(".page-title", has_text=said(report, language)).count()
	heads = [text.strip() for text in page.locator(".dt-cell__content--header-1").all_inner_texts()]
	assert all(language == "en" or not text.isascii() for text in heads if text)
	assert page.locator(".report-summary .summary-item").count() >= 3
	side = page.locator(CELL).first.evaluate("(cell) => getComputedStyle(cell).textAlign")
	assert side == BEGIN[language]
	page.set_viewport_size(PHONE)
	page.reload(wait_until="domcontentloaded")
	page.locator(".datatable .dt-row[data-row-index='0']").wait_for()
	shown(page, f"report {report} on a phone", language)
	assert fits(page)
	assert not page.locator(".chart-wrapper:visible").count()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("report", (PARITY, CONFLICTS, REQUESTS))
def test_a_report_without_rows_says_so(
	page_as: Callable[..., Page], desk: request_desk.Desk, report: str, language: str
) -> None:
	page = page_as(desk.other_head, language, path_of(report))
	page.locator(".form-message:visible").wait_for()
	shown(page, f"report {report} empty", language)
	assert not page.locator(".datatable .dt-row[data-row-index='0']:visible").count()


def test_names_are_text_and_lose_their_quote_on_the_screen(
	page_as: Callable[..., Page], desk: request_desk.Desk
) -> None:
	page = page_as(desk.qa, "en", path_of(CONFLICTS))
	page.locator(CELL, has_text="=Rival").first.wait_for()
	texts = page.locator(CELL).all_inner_texts()
	assert "=Rival" in texts
	assert "'=Rival" not in texts


def test_a_conflict_leads_to_its_request_filled_in(
	page_as: Callable[..., Page], desk: request_desk.Desk
) -> None:
	page = page_as(desk.head, "en", path_of(CONFLICTS))
	page.locator(".datatable a", has_text="Change Group").first.click()
	page.wait_for_url("**/group-request/new*")
	desk_is_ready(page)
	assert page.evaluate("cur_frm.doc.kind") == "Change Group"
	assert page.evaluate("cur_frm.doc.team")


def test_who_may_not_read_a_report_is_told_so(page_as: Callable[..., Page], desk: request_desk.Desk) -> None:
	page = page_as(desk.head, "en", path_of(ACCESS))
	page.get_by_text("You don't have access to Report").first.wait_for()
