"""The customer's link on a phone: read, answered, used up and refused, in both languages; and the mail that it is in."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import frappe
import pytest

from core_helpdesk import at_work
from core_helpdesk.tracing import attempts, confirmation
from tests.browser.looking import DIRECTION, fits, said
from tests.browser.screens import picture, prepare, sign_in
from tests.site.factories import make_user
from tests.site.notice_desk import link_of, mails, make_contact, make_notice_desk, part, solved_case

if TYPE_CHECKING:
	from collections.abc import Iterator

	from frappe.model.document import Document
	from playwright.sync_api import BrowserContext, Page, Response

	from tests.browser.screens import Screens

LANGUAGES = ("en", "ar")
PHONE, DESKTOP = {"width": 375, "height": 720}, {"width": 1280, "height": 800}
PAGE = confirmation.ROUTE
COMMENT = {"en": "It came this morning, thank you.", "ar": "وصلت الشحنة هذا الصباح، شكرًا لكم."}
QUESTION, YES, NO = "Is your request solved?", "Yes, it is solved", "No, not yet"
HEADERS = {"cache-control": "no-store", "referrer-policy": "no-referrer", "x-frame-options": "DENY"}


@pytest.fixture(scope="module")
@at_work.the_app()
def desk(address: str) -> frappe._dict:
	# Serving the site has given it an address, which the mode is confirmed for.
	frappe.local.conf = frappe._dict(frappe.get_site_config())
	made = make_notice_desk()
	make_contact("huda@example.com")
	frappe.db.commit()
	return made


def asked(desk: frappe._dict, language: str, **fields: object) -> Document:
	case = solved_case(desk, language=language, **{"customer": "huda@example.com", **fields})
	frappe.db.commit()
	return case


def path_of(case: Document) -> str:
	return f"{PAGE}?{urlencode(link_of(case))}"


@pytest.fixture
def phone(screens: Screens) -> Iterator[BrowserContext]:
	"""A phone in a network of its own, so that what was refused elsewhere is not held against it."""
	context = screens.new_context("en")
	context.set_extra_http_headers(
		{"X-Forwarded-For": f"2001:db8:{frappe.generate_hash(length=4).encode().hex()[:4]}::1"}
	)
	return context


def open_on(screens: Screens, context: BrowserContext, path: str) -> Page:
	page = context.new_page()
	page.set_viewport_size(PHONE)
	page.failures = []
	page.on("pageerror", lambda error: page.failures.append(str(error)))
	page.on(
		"console", lambda said: page.failures.append(said.text) if "Content Security" in said.text else None
	)
	page.answers = []
	page.on("response", lambda answer: page.answers.append(answer))
	page.goto(screens.address + path, wait_until="networkidle")
	return page


def show(page: Page, title: str, language: str) -> None:
	picture(page, title, language)
	assert page.evaluate("getComputedStyle(document.body).direction") == DIRECTION[language]
	assert fits(page)
	assert page.failures == []


def stored(case: Document) -> dict:
	frappe.db.rollback()
	return frappe.get_doc("Tracing Case", case.name).as_dict()


def press(page: Page, button: str, language: str) -> None:
	page.get_by_role("button", name=said(button, language), exact=True).click()
	page.wait_for_url("**done=**")
	page.wait_for_load_state("networkidle")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("button", [YES, NO])
def test_a_customer_answers_on_a_phone_without_signing_in(
	screens: Screens, phone: BrowserContext, desk: frappe._dict, button: str, language: str
) -> None:
	case = asked(desk, language)
	before = stored(case)
	page = open_on(screens, phone, path_of(case))
	page.get_by_role("heading", name=said(QUESTION, language)).wait_for()
	assert page.locator(".shipment bdi").inner_text() == "5675"
	show(page, "confirmation asked", language)
	page.reload()
	assert stored(case) == before
	page.locator("textarea").fill(COMMENT[language])
	show(page, "confirmation with a comment", language)
	press(page, button, language)
	show(page, f"confirmation {'yes' if button == YES else 'no'}", language)
	page.reload()
	case = stored(case)
	assert [(row.answer, row.comment) for row in case["answers"]] == [
		("Satisfied" if button == YES else "Not Satisfied", COMMENT[language])
	]
	assert (case["status"], case["confirmation_key"]) == ("Solved" if button == YES else "Open", None)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_used_link_and_too_many_attempts_are_said_kindly(
	screens: Screens, phone: BrowserContext, desk: frappe._dict, language: str
) -> None:
	path = path_of(asked(desk, language))
	press(open_on(screens, phone, path), YES, language)
	page = open_on(screens, phone, path)
	page.get_by_role("heading", name=said("This link is not valid", language)).wait_for()
	show(page, "confirmation refused", language)
	for _ in range(attempts.LIMIT):
		page.goto(screens.address + path)
	page.get_by_role("heading", name=said("Please try again later", language)).wait_for()
	show(page, "confirmation later", language)


def main_answer(page: Page) -> Response:
	return next(answer for answer in page.answers if PAGE in answer.url)


def test_browsers_keep_nothing_of_the_page_and_pass_nothing_on(
	screens: Screens, phone: BrowserContext, desk: frappe._dict
) -> None:
	page = open_on(screens, phone, path_of(asked(desk, "en")))
	sent = main_answer(page).headers
	assert {name: sent.get(name) for name in HEADERS} == HEADERS
	hosts = {answer.url.partition("//")[2].partition("/")[0] for answer in page.answers}
	assert hosts == {screens.address.partition("//")[2]}
	others = [answer for answer in page.answers if PAGE not in answer.url]
	assert not [answer.url for answer in others if "token" in str(answer.request.headers)]


def test_two_taps_give_one_answer_and_the_thanks(
	screens: Screens, phone: BrowserContext, desk: frappe._dict
) -> None:
	case = asked(desk, "en")
	page = open_on(screens, phone, path_of(case))
	page.get_by_role("button", name=YES).dblclick(no_wait_after=True)
	page.wait_for_url("**done=yes**")
	page.get_by_role("heading", name="Thank you for your answer").wait_for()
	assert len(stored(case)["answers"]) == 1
	# Going back finds the page as it is now.
	page.go_back()
	page.get_by_role("heading", name="This link is not valid").wait_for()


def test_the_page_works_without_scripts(screens: Screens, desk: frappe._dict) -> None:
	case = asked(desk, "en")
	context = screens.browser.new_context(java_script_enabled=False, viewport=PHONE)
	screens.contexts.append(context)
	context.set_extra_http_headers({"X-Forwarded-For": "2001:db8:feed::1"})
	page = context.new_page()
	page.goto(screens.address + path_of(case))
	page.get_by_role("button", name=NO).click()
	page.wait_for_url("**done=no**")
	assert stored(case)["status"] == "Open"


def test_a_customer_who_is_signed_in_answers_as_well(
	screens: Screens, phone: BrowserContext, desk: frappe._dict
) -> None:
	user = make_user()
	frappe.db.set_value("User", user, "user_type", "Website User")
	case = asked(desk, "en", customer=user)
	prepare(user, "en")
	phone.add_cookies([{"name": "sid", "value": sign_in(screens.address, user), "url": screens.address}])
	press(open_on(screens, phone, path_of(case)), YES, "en")
	assert stored(case)["answer"] == "Satisfied"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_mail_reads_well_on_a_phone_and_on_a_screen(
	screens: Screens, phone: BrowserContext, desk: frappe._dict, language: str
) -> None:
	case = asked(desk, language, customer=make_user(), destination_country="Egypt")
	page = phone.new_page()
	page.failures = []
	for size, place in ((PHONE, " on a phone"), (DESKTOP, "")):
		page.set_viewport_size(size)
		page.set_content(part(mails(case)[-1], "html"))
		show(page, f"confirmation mail{place}", language)
