"""The tracing month as its people see it: report, list of cases, frozen month, mail on a phone, forms as PDF."""

from __future__ import annotations

import re
from email import message_from_string
from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk import at_work
from core_helpdesk.tracing import month_making
from tests.benches.found import BUILD
from tests.benches.workplace import present
from tests.browser.looking import DIRECTION, RACES_OF_THE_FRAMEWORK, fits, said, settled
from tests.browser.screens import desk_is_ready, picture
from tests.site.courier import make_outgoing_account
from tests.site.factories import make_user
from tests.site.test_tracing_prints import FORMS, claim_case
from tests.site.tracing_desk import make_tracing_desk
from tests.site.tracing_months import MONTH, REPORT, at, busy_month, past_claim

if TYPE_CHECKING:
	from collections.abc import Callable
	from pathlib import Path

	from playwright.sync_api import Page

LANGUAGES = ("en", "ar")
PHONE = {"width": 390, "height": 800}
UAE = "United Arab Emirates"
PATH = f"/app/query-report/{REPORT.replace(' ', '%20')}?month={MONTH}"
ROW = ".datatable .dt-row[data-row-index='0']"

MANY_USERS = 10_000
# Charts grow for a moment.
GROWN = 1500

both = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(scope="module")
@at_work.the_app()
def desk(address: str) -> frappe._dict:
	"""March 2026 with a case of each fate, its report made, and a claim with its papers."""
	# Serving the site has given it an address, which the mode is confirmed for.
	frappe.local.conf = frappe._dict(frappe.get_site_config(), throttle_user_limit=MANY_USERS)
	opened = make_tracing_desk(
		required_documents=[
			{"nature": "Claim", "document": "Invoice of the contents", "document_ar": "فاتورة المحتويات"},
			{"nature": "Claim", "document": "Photos of the damage", "document_ar": "صور الضرر"},
		]
	)
	make_outgoing_account()
	opened.qa = make_user("QA Specialist", language="ar")
	opened.manager = make_user("Customer Service Manager")
	frappe.db.set_single_value("Core Helpdesk Settings", "customer_service_manager", opened.manager)
	cases = busy_month(opened)
	past_claim(cases["satisfied"], made="2026-03-03 09:00", amount=1250)
	month_making.make(MONTH, at("2026-04-01 03:00"))
	opened.claim = claim_case(opened).name
	frappe.db.commit()
	return opened


def show(page: Page, title: str, language: str) -> None:
	settled(page)
	page.wait_for_timeout(GROWN)
	picture(page, title, language)
	assert page.evaluate("document.documentElement.dir || 'ltr'") == DIRECTION[language]
	assert [failure for failure in page.failures if failure not in RACES_OF_THE_FRAMEWORK] == []


@both
@pytest.mark.parametrize("by", ["Country", "Leg Team"])
def test_the_report_is_read(page_as: Callable[..., Page], desk: frappe._dict, language: str, by: str) -> None:
	page = page_as(desk.supervisor, language, f"{PATH}&by={by}")
	page.locator(ROW).wait_for()
	show(page, f"tracing report by {by}", language)
	assert page.locator(".page-title", has_text=said(REPORT, language)).count()
	assert page.locator(".report-summary .summary-item").count() == 7
	assert page.locator(".ch-beside svg").count()
	page.locator(ROW).scroll_into_view_if_needed()
	picture(page, f"tracing report rows by {by}", language)
	heads = [text.strip() for text in page.locator(".dt-cell__content--header-1").all_inner_texts()]
	assert all(language == "en" or not text.isascii() for text in heads if text)


@both
def test_the_report_is_read_on_a_phone(
	page_as: Callable[..., Page], desk: frappe._dict, language: str
) -> None:
	page = page_as(desk.officers[UAE], language, PATH)
	page.set_viewport_size(PHONE)
	page.reload(wait_until="domcontentloaded")
	page.locator(ROW).wait_for()
	show(page, "tracing report on a phone", language)
	assert fits(page)


def test_a_figure_leads_to_its_cases(page_as: Callable[..., Page], desk: frappe._dict) -> None:
	page = page_as(desk.supervisor, "en", PATH)
	page.locator(ROW).wait_for()
	figure = page.locator(f"{ROW} a[data-ch-figure=closed]")
	count = int(figure.inner_text())
	figure.click()
	page.wait_for_function("frappe.get_route()[1] === 'Tracing Case'")
	page.locator(".frappe-list .list-row-container .list-row").first.wait_for()
	show(page, "tracing report cases", "en")
	assert page.locator(".frappe-list .list-row-container .list-row").count() == count


@both
def test_the_month_is_read_and_reviewed(
	page_as: Callable[..., Page], desk: frappe._dict, language: str
) -> None:
	page = page_as(desk.officer, language, f"/app/tracing-month/{MONTH}")
	page.locator(".ch-month-chart svg").first.wait_for()
	show(page, "tracing month officer", language)
	assert not page.get_by_role("button", name=said("Send", language), exact=True).count()
	page.set_viewport_size(PHONE)
	page.reload(wait_until="domcontentloaded")
	page.locator("[data-fieldname=figures_html] table").first.wait_for()
	show(page, "tracing month on a phone", language)
	assert fits(page)


def test_the_supervisor_sends_the_month(page_as: Callable[..., Page], desk: frappe._dict) -> None:
	page = page_as(desk.supervisor, "en", f"/app/tracing-month/{MONTH}")
	page.locator(".ch-month-chart svg").first.wait_for()
	show(page, "tracing month supervisor", "en")
	page.locator("[data-fieldname=remarks] textarea").fill("Inbound from the Emirates waits for customs.")
	page.get_by_role("button", name="Send", exact=True).click()
	page.get_by_role("button", name="Yes").click()
	page.get_by_text("The report is on its way.").wait_for()
	settled(page)
	show(page, "tracing month sent", "en")
	frappe.db.rollback()
	assert frappe.db.get_value("Tracing Month", MONTH, "status") == "Sent"
	assert not page.get_by_role("button", name="Send", exact=True).count()
	for user, language in ((desk.manager, "en"), (desk.qa, "ar")):
		look_at_mail(page, user, language)


def look_at_mail(page: Page, user: str, language: str) -> None:
	"""The mail as a phone shows it."""
	queue = frappe.get_all("Email Queue Recipient", {"recipient": user}, pluck="parent")[0]
	parts = message_from_string(frappe.db.get_value("Email Queue", queue, "message")).walk()
	(html,) = (part.get_payload(decode=True) for part in parts if part.get_content_type() == "text/html")
	mail = page.context.new_page()
	mail.set_viewport_size(PHONE)
	mail.set_content(html.decode())
	picture(mail, "tracing month mail", language)
	assert fits(mail)
	mail.close()


@both
@pytest.mark.parametrize("form", FORMS)
def test_a_form_is_printed(
	page_as: Callable[..., Page], desk: frappe._dict, form: str, language: str
) -> None:
	case = frappe.get_doc("Tracing Case", desk.claim)
	where = f"/printview?doctype=Tracing%20Case&name={case.name}&format={form.replace(' ', '%20')}&_lang={language}"
	page = page_as(desk.officer, language, where)
	page.locator(".ch-form").wait_for()
	assert (
		page.locator(".ch-form").evaluate("(form) => getComputedStyle(form).direction")
		== {
			"en": "ltr",
			"ar": "rtl",
		}[language]
	)
	picture(page, f"form {form}", language)
	path = pdf_of(page, form, language)
	assert path.stat().st_size > 10_000
	assert len(re.findall(rb"/Type\s*/Page\b", path.read_bytes())) == 1
	assert page.failures == []


def pdf_of(page: Page, form: str, language: str) -> Path:
	folder = BUILD / "screenshots" / present().bench.name
	path = folder / f"form-{form.lower().replace(' ', '-')}-{language}.pdf"
	margin = dict.fromkeys(("top", "bottom", "left", "right"), "12mm")
	page.pdf(path=path, format="A4", margin=margin)
	return path


def test_the_form_is_offered_in_the_print_page(page_as: Callable[..., Page], desk: frappe._dict) -> None:
	page = page_as(desk.officer, "en", f"/app/print/Tracing%20Case/{desk.claim}")
	desk_is_ready(page)
	page.locator("iframe.print-format-container, .print-format-container").first.wait_for()
	formats = frappe.get_all("Print Format", {"doc_type": "Tracing Case", "disabled": 0}, pluck="name")
	assert set(FORMS) <= set(formats)
	picture(page, "form print page", "en")
