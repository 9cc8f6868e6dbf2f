"""Manage My Tickets, the workspace and the list of cases, as officers and a supervisor see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk import at_work
from tests.browser import tracing_screens
from tests.browser.looking import fits, said, settled, show
from tests.browser.test_group_request import close_sidebar
from tests.site.factories import make_agent, make_team

if TYPE_CHECKING:
	from collections.abc import Callable

	from playwright.sync_api import Locator, Page

LANGUAGES = ("en", "ar")
PHONE = {"width": 390, "height": 844}
PAGE = "/app/tracing-work"


@pytest.fixture(scope="module")
@at_work.the_app()
def desk(address: str) -> frappe._dict:
	return tracing_screens.open_desk()


def watching(page: Page) -> Page:
	settled(page)
	page.locator(".tracing-work .tabs a.active").wait_for()
	return page


def case(page: Page, name: str) -> Locator:
	return page.locator(".tracing-work .case", has=page.locator(f"a[href$='{name}']"))


def count(page: Page, name: str) -> int:
	return int(page.locator(f".tabs [data-list={name}] b").inner_text().replace(",", ""))


def on_a_phone(page: Page, title: str, language: str) -> None:
	page.set_viewport_size(PHONE)
	close_sidebar(page)
	show(page, title, language)
	assert fits(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_officer_watches_the_tickets_of_the_group(
	page_as: Callable[..., Page], desk: frappe._dict, language: str
) -> None:
	page = watching(page_as(desk.officer, language, PAGE))
	first = page.locator(".tracing-work .case").first
	assert first.locator(f"a[href$='{desk.cases.late}']").count()
	assert case(page, desk.cases.bare).locator("[data-accept]").count()
	assert not case(page, desk.cases.abroad).count()
	show(page, "tracing work of headquarters", language)
	on_a_phone(page, "tracing work on a phone", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_officer_abroad_sees_what_was_handed_over(
	page_as: Callable[..., Page], desk: frappe._dict, language: str
) -> None:
	page = watching(page_as(desk.abroad, language, PAGE))
	assert case(page, desk.cases.abroad).count() == 1
	assert page.locator(".tracing-work .case").count() == 1
	show(page, "tracing work abroad", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_supervisor_sees_what_nobody_updates(
	page_as: Callable[..., Page], desk: frappe._dict, language: str
) -> None:
	page = watching(page_as(desk.supervisor, language, f"{PAGE}/not_updated"))
	assert case(page, desk.cases.late).count() == case(page, desk.cases.abroad).count() == 1
	show(page, "tracing work not updated", language)
	case(page, desk.cases.abroad).locator("[data-officer]").click()
	case(page, desk.cases.late).wait_for(state="detached")
	assert case(page, desk.cases.abroad).count() == 1
	page.locator("button.officer").click()
	case(page, desk.cases.late).wait_for()
	page.locator("select.team").select_option(desk.headquarters)
	case(page, desk.cases.abroad).wait_for(state="detached")
	on_a_phone(page, "tracing work not updated on a phone", language)


def test_every_list_opens_and_counts_what_it_shows(page_as: Callable[..., Page], desk: frappe._dict) -> None:
	page = watching(page_as(desk.officer, "en", PAGE))
	for name in page.locator(".tabs [data-list]").evaluate_all("tabs => tabs.map(tab => tab.dataset.list)"):
		page.locator(f".tabs [data-list={name}]").click()
		page.locator(f".tabs .active[data-list={name}]").wait_for()
		watching(page)
		assert page.locator(".tracing-work .case").count() == count(page, name), name
		show(page, f"tracing work {name.replace('_', ' ')}", "en")
	page.go_back()
	page.locator(".tabs .active[data-list=no_follow_up]").wait_for()


def test_a_case_is_taken_from_the_list(page_as: Callable[..., Page], desk: frappe._dict) -> None:
	page = watching(page_as(desk.officer, "en", f"{PAGE}/untaken"))
	before = count(page, "untaken")
	case(page, desk.cases.long).locator("[data-accept]").click()
	page.get_by_text("It is yours now.").wait_for()
	case(page, desk.cases.long).wait_for(state="detached")
	assert count(page, "untaken") == before - 1
	frappe.db.rollback()
	assert frappe.db.get_value("Tracing Case", desk.cases.long, "officer") == desk.officer


def test_what_arrives_while_one_watches_is_marked(page_as: Callable[..., Page], desk: frappe._dict) -> None:
	page = watching(page_as(desk.officer, "en", PAGE))
	new = tracing_screens.make_bare_case(desk, subject="Arrived while you watched").name
	frappe.db.commit()
	page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
	case(page, new).wait_for()
	assert "arrived" in case(page, new).get_attribute("class")
	assert case(page, new).locator(".new").count()
	show(page, "tracing work arrived", "en")


def test_opening_a_case_takes_its_mark_away(page_as: Callable[..., Page], desk: frappe._dict) -> None:
	name = tracing_screens.fresh_case(desk)
	frappe.db.set_value("Tracing Case", name, "_seen", None, update_modified=False)
	frappe.db.commit()
	page = watching(page_as(desk.officer, "en", PAGE))
	assert case(page, name).locator(".new").count() == 1
	case(page, name).locator(".title a").click()
	page.locator(".ch-tracing-head .acts button").first.wait_for()
	page.go_back()
	watching(page)
	page.wait_for_function(
		f"!document.querySelector(\".case a[href$='{name}']\").closest('.case').querySelector('.new')"
	)


@pytest.mark.parametrize("language", LANGUAGES)
def test_without_cases_it_says_so(page_as: Callable[..., Page], desk: frappe._dict, language: str) -> None:
	idle = make_agent("Tracing Officer")
	with at_work.the_app():
		make_team(agents=(idle,))
	frappe.db.commit()
	page = watching(page_as(idle, language, PAGE))
	page.get_by_text(said("Nothing here: all is done.", language)).wait_for()
	show(page, "tracing work empty", language)
	on_a_phone(page, "tracing work empty on a phone", language)


def test_a_long_list_is_shown_by_and_by(page_as: Callable[..., Page], desk: frappe._dict) -> None:
	tracing_screens.many(desk, 520)
	try:
		page = watching(page_as(desk.officer, "en", PAGE))
		assert page.locator(".case").count() == 50
		for shown in range(100, 501, 50):
			page.locator("button.more").click()
			page.wait_for_function(f"document.querySelectorAll('.tracing-work .case').length === {shown}")
		page.get_by_text("The first 500 are shown").wait_for()
		on_a_phone(page, "tracing work of five hundred", "en")
	finally:
		tracing_screens.forget_many()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("person", ["officer", "supervisor"])
def test_the_workspace_counts_what_waits(
	page_as: Callable[..., Page], desk: frappe._dict, language: str, person: str
) -> None:
	page = settled(page_as(desk[person], language, "/app/tracing"))
	page.wait_for_function("document.querySelectorAll('.number-card, .number-widget-box').length >= 8")
	page.wait_for_function("!document.querySelector('.number-card-loading')")
	title = {"en": "Tracing Procedure", "ar": "إجراءات التعقب"}[language]
	page.get_by_text(title).wait_for()
	show(page, f"tracing workspace of {person}", language)
	if person == "officer":
		on_a_phone(page, "tracing workspace on a phone", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_of_all_cases_reads_well(
	page_as: Callable[..., Page], desk: frappe._dict, language: str
) -> None:
	page = settled(page_as(desk.supervisor, language, "/app/tracing-case"))
	page.locator(".list-row").first.wait_for()
	show(page, "tracing case list", language)
	on_a_phone(page, "tracing case list on a phone", language)
