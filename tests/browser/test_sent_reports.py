"""A sent report as its recipient opens it, the ledger of all, and the dialog that says what is sent on a day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk import config
from core_helpdesk.sending import content, delivering, making
from core_helpdesk.setup.demo import cast
from tests.browser.looking import Eyes, fits, look, look_on, said, tell_month
from tests.browser.screens import desk_is_ready, picture

if TYPE_CHECKING:
	from collections.abc import Callable

	from playwright.sync_api import Page

LANGUAGES = ("en", "ar")
PHONE, WIDE = {"width": 390, "height": 844}, {"width": 1440, "height": 900}
WEEKLY = "Weekly Performance"
DAY = 24 * 3600
LONG_NAME = "Muhammad Abdulrahman Al-Ghamdi Al-Zahrani bin Abdulaziz Al-Otaibi"
WHY = "The address was refused by its server: 550 5.1.1 The email account that you tried to reach does not exist."


@pytest.fixture(scope="module", autouse=True)
def sent(address: str) -> None:
	"""The reports of the last eight days, sent."""
	tell_month()
	now = config.now_epoch()
	# A page is opened in a language by giving it to its user: what was looked at before may have left another.
	for person, spoken in (("tsm", "en"), ("tsm.ar", "ar")):
		frappe.db.set_value("User", cast.user(person), "language", spoken)
		frappe.clear_cache(user=cast.user(person))
	frappe.db.set_single_value("Core Helpdesk Settings", "reports_from", config.from_epoch(now - 8 * DAY))
	making.make_due(now)
	delivering.deliver_due(now)
	frappe.db.set_value("Report Delivery", {"state": "Due"}, {"next_epoch": 1})
	frappe.db.commit()
	assert not frappe.get_all("Report Run", {"state": "Failed"}, ["report", "error"])
	assert not frappe.get_all("Report Delivery", {"state": "Failed"}, ["report", "recipient", "why_not"])


def delivery(person: str, report: str, at: int = 0) -> str:
	"""One of those that were made, the latest first."""
	made = frappe.get_all("Report Content", pluck="delivery")
	wanted = {"recipient": cast.user(person), "report": report, "name": ("in", made)}
	return frappe.get_all("Report Delivery", wanted, pluck="name", order_by="due_epoch desc")[at]


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
	page.locator('[data-fieldname="s_delivery"].form-section').wait_for()
	picture(page, "a sent report on a phone", language)
	assert not cut(page, ".page-head .title-text")
	assert fits(page)
	assert above(page, ".ch-sent-report", '[data-fieldname="s_delivery"].form-section')
	assert not page.locator('[data-fieldname="recipient"]:visible').count()
	# Not folded away with the other buttons.
	step = page.locator(".ch-asks button:visible")
	assert step.inner_text() == said("I Have Read This", language)
	assert above(page, ".ch-asks button", ".ch-sent-report table")
	page.locator(f'.ch-hint:has-text("{said("Swipe sideways for more columns.", language)}")').wait_for()


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_called_sent_that_has_not_left(page_as: Callable[..., Page], language: str) -> None:
	"""Policy: QA-12"""
	name = delivery("tsm", "Escalated Tickets", at=3)
	page = page_as(cast.user("tsm"), language, "/app")
	for state, title in (("Queued", "The Report"), ("Failed", "The Report"), ("Sent", "What Was Sent")):
		frappe.db.set_value("Report Delivery", name, "state", state)
		frappe.db.commit()
		look_on(page, Eyes("tsm", language), f"/app/report-delivery/{name}", f"a report that is {state}")
		head = page.locator('.form-section[data-fieldname="s_content"] .section-head').inner_text()
		assert head.strip() == frappe._(title, lang=language, context="Report Delivery")
	# Once it was opened, that shows before anybody says that they have read it.
	page.reload(wait_until="domcontentloaded")
	page.locator('[data-fieldname="first_shown_on"]:visible').first.wait_for()
	picture(page, "a report that was opened", language)


def above(page: Page, first: str, second: str) -> bool:
	tops = [page.locator(place).first.bounding_box()["y"] for place in (first, second)]
	return tops[0] < tops[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_sent_speaks_the_language_in_which_it_was_sent(
	page_as: Callable[..., Page], language: str
) -> None:
	"""Policy: QA-12"""
	for person, spoken in (("tsm", "en"), ("tsm.ar", "ar")):
		name = delivery(person, "Escalated Tickets")
		kept = content.kept(name)
		assert kept["language"] == spoken
		page = look(page_as, Eyes("qa", language), f"/app/report-delivery/{name}", f"what {person} was sent")
		shown = page.locator(".ch-sent-report")
		assert shown.get_attribute("dir") == kept["direction"]
		for cell in [cell for row in kept["rows"][:3] for cell in row if cell]:
			assert cell in shown.inner_text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_five_hundred_rows_with_long_names_are_read(page_as: Callable[..., Page], language: str) -> None:
	name = delivery("tsm", "Escalated Tickets", at=1)
	kept = content.kept(name)
	wide = [LONG_NAME if n == 1 else "1,234" for n in range(len(kept["columns"]))]
	rows = [[str(10_000 + n), *wide[1:]] for n in range(500)]
	content.keep(name, frappe.as_json({**kept, "rows": rows, "bold": [0], "left_out": 7}, indent=None))
	frappe.db.commit()
	page = page_as(cast.user("qa"), language, "/app")
	for size, what in ((WIDE, "wide"), (PHONE, "on a phone")):
		page.set_viewport_size(size)
		look_on(page, Eyes("qa", language), f"/app/report-delivery/{name}", f"five hundred rows {what}")
		assert page.locator(".ch-sent-report tbody tr").count() == 500
		assert fits(page)
	page.mouse.wheel(0, 3000)
	page.wait_for_timeout(800)
	picture(page, "five hundred rows on a phone scrolled", language)
	title = page.locator(".page-head .title-text")
	assert title.bounding_box()["height"] < 30, "in one line, also when it is scrolled"
	assert not cut(page, ".page-head .title-text")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_failed_delivery_says_why(page_as: Callable[..., Page], language: str) -> None:
	"""Policy: QA-12"""
	name = delivery("tsm", "Escalated Tickets", at=2)
	frappe.db.set_value("Report Delivery", name, {"state": "Failed", "why_not": WHY, "cause": "Mail"})
	frappe.db.commit()
	page = page_as(cast.user("qa"), language, "/app")
	for size, what in ((WIDE, "wide"), (PHONE, "on a phone")):
		page.set_viewport_size(size)
		look_on(page, Eyes("qa", language), f"/app/report-delivery/{name}", f"a failed delivery {what}")
		assert page.locator('[data-fieldname="why_not"]:visible').count()
		assert above(page, '[data-fieldname="why_not"]', ".ch-sent-report")
		assert fits(page)
	page.locator(".ch-asks").get_by_role("button", name=said("Send Again", language)).wait_for()


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
	assert page.locator('.indicator-pill:has-text("Reviewed")').count()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_ledger_is_read(page_as: Callable[..., Page], language: str) -> None:
	"""Policy: QA-12"""
	frappe.db.set_value("User", cast.user("tsm.ar"), {"full_name": LONG_NAME, "first_name": LONG_NAME})
	page = page_as(cast.user("qa"), language, "/app")
	page.set_viewport_size(WIDE)
	look_on(page, Eyes("qa", language), "/app/report-delivery", "the ledger of reports")
	page.locator(".list-row").first.wait_for()
	titles = page.locator(".list-subject a[data-name]").all_inner_texts()
	assert all(text.startswith(tuple(said(report, language) for report in reports())) for text in titles)
	assert not cut(page, '.list-row [data-filter^="period_key"]')
	assert not page.locator('.standard-filter-section [data-fieldname="title"]').count()
	page.set_viewport_size(PHONE)
	look_on(page, Eyes("qa", language), "/app/report-delivery", "the ledger of reports on a phone")
	page.locator(".list-row").first.wait_for()
	assert fits(page)
	assert not cut(page, ".list-subject a[data-name] > div")
	rows = page.locator(".list-subject a[data-name]").all_inner_texts()
	assert len(set(rows)) == len(rows), "each says its day and its reader"
	page.set_viewport_size(WIDE)
	look_on(page, Eyes("qa", language), "/app/report-run", "the makings of reports")
	page.locator(".list-row").first.wait_for()
	assert not cut(page, '.list-row [data-filter^="period_key"]')


def cut(page: Page, place: str) -> list[str]:
	"""The texts that have less room than they need."""
	return page.eval_on_selector_all(
		place,
		"places => places.filter(each => each.parentElement.scrollWidth > each.parentElement.clientWidth + 1)"
		".map(each => each.innerText)",
	)


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_due_at_one_moment_stands_in_the_order_of_its_days(
	page_as: Callable[..., Page], language: str
) -> None:
	page = look(page_as, Eyes("tsm", language), "/app/report-delivery", "my own reports")
	page.locator(".list-row").first.wait_for()
	keys = page.eval_on_selector_all(
		'.list-row [data-filter^="period_key"]',
		"cells => cells.map(each => each.dataset.filter.split(',')[2])",
	)
	dues = {
		row.period_key: row.due_at
		for row in frappe.get_all(
			"Report Delivery", {"recipient": cast.user("tsm")}, ["period_key", "due_at"]
		)
	}
	assert keys == sorted(keys, key=lambda key: (dues[key], key), reverse=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_was_sent_nothing_is_told_so(page_as: Callable[..., Page], language: str) -> None:
	page = look(page_as, Eyes("supervisor", language), "/app/report-delivery", "an empty ledger")
	page.locator(f'text="{said("No report was sent to you yet.", language)}"').first.wait_for()


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
	page.locator(".modal.show table").first.wait_for()
	picture(page, "what is sent on a day", language)
	assert page.locator(".modal.show tbody tr").count() >= 1
	assert page.locator(f'.modal.show td:has-text("{said("Arabic", language)}")').count() or language == "ar"
	page.wait_for_function("window.cur_dialog")
	page.evaluate("cur_dialog.set_value('day', '2027-01-03')")
	page.locator(f'.modal.show h5:has-text("{said("Made for Those Who Send Them", language)}")').wait_for()
	picture(page, "what is sent on the first working day of a month", language)
	page.set_viewport_size(PHONE)
	page.reload(wait_until="domcontentloaded")
	open_tab(page, language)
	page.locator('button[data-fieldname="what_is_sent"]').first.click()
	page.wait_for_function("window.cur_dialog")
	page.locator(".modal.show .ch-on-a-day").first.wait_for()
	picture(page, "what is sent on a day on a phone", language)
	assert fits(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_settings_of_reports_read_well(page_as: Callable[..., Page], language: str) -> None:
	page = look(page_as, Eyes("qa", language), "/app/core-helpdesk-settings", "settings of reports")
	open_tab(page, language)
	page.locator('[data-fieldname="report_recipients"]:visible').first.wait_for()
	picture(page, "settings of reports", language)
