"""A sent report as its recipient opens it, the ledger of all, and the dialog that says what is sent on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk import config
from core_helpdesk.sending import delivering, making
from core_helpdesk.setup.demo import cast
from tests.browser.looking import Eyes, fits, look, said, tell_month
from tests.browser.screens import desk_is_ready, picture

if TYPE_CHECKING:
	from collections.abc import Callable

	from playwright.sync_api import Page

LANGUAGES = ("en", "ar")
PHONE = {"width": 390, "height": 844}
WEEKLY = "Weekly Performance"
DAY = 24 * 3600


@pytest.fixture(scope="module", autouse=True)
def sent(address: str) -> None:
	"""The reports of the last eight days, sent."""
	tell_month()
	now = config.now_epoch()
	frappe.db.set_single_value("Core Helpdesk Settings", "reports_from", config.from_epoch(now - 8 * DAY))
	making.make_due(now)
	delivering.deliver_due(now)
	frappe.db.set_value("Report Delivery", {"state": "Due"}, {"next_epoch": 1})
	frappe.db.commit()
	assert frappe.db.exists("Report Delivery", {"report": WEEKLY, "content": ("is", "set")})


def delivery(person: str, report: str) -> str:
	wanted = {"recipient": cast.user(person), "report": report, "content": ("is", "set")}
	return frappe.get_all("Report Delivery", wanted, pluck="name", order_by="due_epoch desc")[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_recipient_reads_what_was_sent(page_as: Callable[..., Page], language: str) -> None:
	"""Policy: TSM-09"""
	path = f"/app/report-delivery/{delivery('tsm', 'Escalated Tickets')}"
	page = look(page_as, Eyes("tsm", language), path, "a sent report")
	page.locator(".ch-sent-report table").wait_for()
	picture(page, "a sent report with its content", language)
	page.locator(f'button:has-text("{said("I Have Read This", language)}")').first.wait_for()
	page.set_viewport_size(PHONE)
	page.reload(wait_until="domcontentloaded")
	page.locator(".ch-sent-report table").wait_for()
	picture(page, "a sent report on a phone", language)
	assert fits(page)


def test_the_review_is_recorded(page_as: Callable[..., Page]) -> None:
	"""Policy: TSM-14"""
	name = delivery("tsm", WEEKLY)
	page = look(page_as, Eyes("tsm", "en"), f"/app/report-delivery/{name}", "before a review")
	page.locator('button:has-text("Record My Review")').first.click()
	page.locator('.modal.show textarea[data-fieldname="note"]').fill("Operations was slow.")
	page.locator(".modal.show .btn-primary").click()
	page.locator('text="Operations was slow."').first.wait_for()
	picture(page, "a recorded review", "en")
	frappe.db.rollback()
	assert frappe.db.get_value("Report Delivery", name, "state") == "Acknowledged"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_ledger_is_read(page_as: Callable[..., Page], language: str) -> None:
	"""Policy: QA-12"""
	page = look(page_as, Eyes("qa", language), "/app/report-delivery", "the ledger of reports")
	page.locator(".list-row").first.wait_for()
	picture(page, "the ledger of reports", language)
	titles = page.locator(".list-subject a[data-name]").all_inner_texts()
	assert all(text.startswith(tuple(said(report, language) for report in reports())) for text in titles)
	page = look(page_as, Eyes("qa", language), "/app/report-run", "the makings of reports")
	page.locator(".list-row").first.wait_for()


def reports() -> list[str]:
	return frappe.get_all("Report Delivery", pluck="report", distinct=True)


def open_tab(page: Page, language: str) -> None:
	desk_is_ready(page)
	page.locator(f'.form-tabs .nav-link:has-text("{said("Reports", language)}")').first.click()


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_sent_on_a_day_is_asked(page_as: Callable[..., Page], language: str) -> None:
	"""Policy: QA-12"""
	page = look(page_as, Eyes("qa", language), "/app/core-helpdesk-settings", "settings")
	open_tab(page, language)
	page.locator('button[data-fieldname="what_is_sent"]').first.click()
	page.locator(".modal.show table").wait_for()
	picture(page, "what is sent on a day", language)
	assert page.locator(".modal.show tbody tr").count() >= 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_settings_of_reports_read_well(page_as: Callable[..., Page], language: str) -> None:
	page = look(page_as, Eyes("qa", language), "/app/core-helpdesk-settings", "settings of reports")
	open_tab(page, language)
	page.locator('[data-fieldname="report_recipients"]:visible').first.wait_for()
	picture(page, "settings of reports", language)
