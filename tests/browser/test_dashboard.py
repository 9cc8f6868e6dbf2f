"""The Management Dashboard in the middle of a courier's month, as its readers see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk.reports import dashboard
from tests.browser.looking import Eyes, fits, look, tell_month
from tests.browser.screens import desk_is_ready, picture

if TYPE_CHECKING:
	from collections.abc import Callable

	from playwright.sync_api import Page

PATH = "/app/core-dashboard"
PHONE = {"width": 390, "height": 844}
GROWING = 1500


@pytest.fixture(scope="module", autouse=True)
def month(address: str) -> None:
	tell_month()
	dashboard.forget()


def is_drawn(page: Page) -> None:
	"""Waits for the last rows, and for charts to have grown to their size."""
	page.locator(".core-dashboard .parts tbody tr").first.wait_for()
	page.wait_for_timeout(GROWING)


@pytest.mark.parametrize("language", ("en", "ar"))
@pytest.mark.parametrize("person", ("gm", "head.operations.sa"))
def test_management_sees_how_it_stands(page_as: Callable[..., Page], person: str, language: str) -> None:
	"""Policy: QA-M1, TSM-M1, CORE-13"""
	page = look(page_as, Eyes(person, language), PATH, "dashboard")
	page.locator(".core-dashboard .tile").first.wait_for()
	is_drawn(page)
	picture(page, f"dashboard of {person}", language)
	said = [text.strip() for text in page.locator(".core-dashboard .tile span").all_inner_texts()]
	assert len(said) == 9
	assert language == "en" or not any(text.isascii() for text in said)
	page.set_viewport_size(PHONE)
	page.reload(wait_until="domcontentloaded")
	is_drawn(page)
	picture(page, f"dashboard of {person} on a phone", language)
	title = frappe._("Dashboard", lang=language, context="Core Helpdesk")
	assert page.locator(".page-head .title-text:visible").first.inner_text().strip() == title
	assert fits(page)


@pytest.mark.parametrize("language", ("en", "ar"))
def test_the_workspace_leads_to_it(page_as: Callable[..., Page], language: str) -> None:
	page = look(page_as, Eyes("gm", language), "/app/core-helpdesk", "workspace with the dashboard")
	page.locator(".number-widget-box .number").first.wait_for()
	picture(page, "workspace with the dashboard", language)
	page.locator(".shortcut-widget-box").first.click()
	page.wait_for_url("**/core-dashboard")
	is_drawn(page)


def test_a_department_opens_into_its_countries(page_as: Callable[..., Page]) -> None:
	page = look(page_as, Eyes("gm", "en"), PATH, "before a department")
	page.locator(".core-dashboard [data-department]").first.click()
	page.locator(".core-dashboard .parts tbody tr th bdi").first.wait_for()
	page.wait_for_function(
		"() => document.querySelectorAll('.core-dashboard [data-department]').length === 0"
	)
	picture(page, "dashboard of a department", "en")


def test_a_tile_leads_to_the_report(page_as: Callable[..., Page]) -> None:
	page = look(page_as, Eyes("gm", "en"), PATH, "before a tile")
	page.locator(".core-dashboard a.tile[data-name=received]").click()
	page.wait_for_url("**/query-report/Department%20Performance**")
	desk_is_ready(page)


@pytest.mark.parametrize(
	("name", "path"),
	(
		("at_manager", "ticket-escalation"),
		("over", "ticket-escalation"),
		("tracing_late", "tracing-case"),
	),
)
def test_a_tile_leads_to_what_it_counts(page_as: Callable[..., Page], name: str, path: str) -> None:
	page = look(page_as, Eyes("gm", "en"), PATH, f"before the tile {name}")
	tile = page.locator(f".core-dashboard a.tile[data-name={name}]")
	count = int(tile.locator("b").inner_text())
	assert count > 0
	tile.click()
	page.wait_for_url(f"**/{path}**")
	page.locator(".frappe-list .list-row-container .list-row").first.wait_for()
	page.wait_for_function("count => cur_list.data.length === count", arg=count)
