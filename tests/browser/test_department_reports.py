"""Department Performance, Department Escalations and Weekly Performance in a courier's month, as their readers see them."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import frappe
import pytest

from tests.browser.looking import Eyes, fits, look, tell_month
from tests.browser.screens import desk_is_ready, picture
from tests.site.factories import make_user

if TYPE_CHECKING:
	from collections.abc import Callable

	from playwright.sync_api import Page

PHONE, SCREEN = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
FIRST_ROW = ".datatable .dt-row[data-row-index='0']"
REPORTS = {
	"Department Performance": ("department", "group"),
	"Department Escalations": ("place", "group"),
	"Weekly Performance": ("department", "owner"),
}
# What a group held is told by few figures.
TILES = {("Department Escalations", "group"): 3}
EVERY = [(report, by) for report, choices in REPORTS.items() for by in choices]


@pytest.fixture(scope="module", autouse=True)
def month(address: str) -> None:
	tell_month()


def path(report: str, by: str = "") -> str:
	asked = f"?by={by}" if by else ""
	return f"/app/query-report/{quote(report)}{asked}"


@pytest.mark.parametrize("language", ("en", "ar"))
@pytest.mark.parametrize(("report", "by"), EVERY)
def test_it_is_read(page_as: Callable[..., Page], report: str, by: str, language: str) -> None:
	"""Policy: QA-16, TSM-14, TSM-M2"""
	page = look(page_as, Eyes("tsm", language), path(report, by), f"{report} by {by} opening")
	page.set_viewport_size(SCREEN)
	page.locator(FIRST_ROW).wait_for()
	picture(page, f"{report} by {by}", language)
	heads = [text.strip() for text in page.locator(".dt-cell__content--header-1").all_inner_texts()]
	assert all(language == "en" or not text.isascii() for text in heads if text)
	assert page.locator(".report-summary .summary-item").count() >= TILES.get((report, by), 5)
	assert page.locator(".dt-cell--header [title]").count() > 4
	page.set_viewport_size(PHONE)
	page.reload(wait_until="domcontentloaded")
	page.locator(FIRST_ROW).wait_for()
	picture(page, f"{report} by {by} on a phone", language)
	assert fits(page)


@pytest.mark.parametrize("language", ("en", "ar"))
@pytest.mark.parametrize("report", REPORTS)
def test_a_head_reads_theirs(page_as: Callable[..., Page], report: str, language: str) -> None:
	"""Policy: CORE-13"""
	page = look(page_as, Eyes("head.operations.sa", language), path(report), f"{report} of a head opening")
	page.locator(FIRST_ROW).wait_for()
	picture(page, f"{report} of a head", language)


def test_the_week_is_named(page_as: Callable[..., Page]) -> None:
	"""Policy: TSM-14"""
	page = look(page_as, Eyes("tsm", "en"), path("Weekly Performance"), "the week opening")
	page.locator(FIRST_ROW).wait_for()
	days = page.evaluate("(({ since, until }) => [since, until])(frappe.query_report.get_filter_values())")
	assert frappe.utils.date_diff(days[1], days[0]) == 6


@pytest.mark.parametrize(
	("report", "figure", "leads_to"),
	[
		("Department Performance", "received", "ticket-leg"),
		("Department Escalations", "escalated", "ticket-escalation"),
		("Weekly Performance", "escalated", "ticket-escalation"),
	],
)
def test_a_figure_leads_to_as_many_records(
	page_as: Callable[..., Page], report: str, figure: str, leads_to: str
) -> None:
	page = look(page_as, Eyes("qa", "en"), path(report), f"{report} before a figure")
	link = page.locator(f"{FIRST_ROW} a[data-ch-figure='{figure}']").first
	link.wait_for()
	count = int(link.inner_text().replace(",", ""))
	link.click()
	page.wait_for_url(f"**/{leads_to}/view/list*")
	desk_is_ready(page)
	page.locator(".list-row").first.wait_for()
	picture(page, f"{report} records behind a figure", "en")
	shown = page.evaluate("cur_list.filter_area.get().find((each) => each[1] === 'name')[3].length")
	assert shown == count > 0


@pytest.mark.parametrize("language", ("en", "ar"))
def test_who_answers_for_nothing_is_told_so(page_as: Callable[..., Page], language: str) -> None:
	user = make_user("Department Manager", language=language)
	frappe.db.commit()
	page = page_as(user, language, path("Weekly Performance"))
	page.locator(".form-message:visible").wait_for()
	picture(page, "Weekly Performance of nobody", language)
	assert not page.locator(".report-summary .summary-item:visible").count()
	assert not page.locator(f"{FIRST_ROW}:visible").count()
