"""A Change Notice as its readers meet it: in their own language, acknowledged with one click, also from the mail."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import frappe
import pytest

from core_helpdesk.governance import notices
from core_helpdesk.mail import change_letters
from tests.browser import screens as opened
from tests.browser.looking import path_of_button, said, show
from tests.browser.screens import desk_is_ready
from tests.site import courier as couriers
from tests.site import governance_cast as casts
from tests.site.factories import make_user

if TYPE_CHECKING:
	from collections.abc import Callable

	from playwright.sync_api import Page

	from tests.browser.screens import Screens

LANGUAGES = ("en", "ar")
NOTICE, READER = "Change Notice", "Change Notice Reader"
DONE = "Thank you. It is recorded that you know of this change."
TEXTS = {"text": "Ask for the air waybill first. " * 8, "text_ar": "اطلبوا بوليصة الشحن أولًا. " * 8}
PHONE = {"width": 390, "height": 800}


@pytest.fixture(scope="module")
def cast(connection: None) -> casts.Cast:
	made = casts.open_cast()
	for _ in range(12):
		couriers.make_department(head=make_user("Department Manager"))
	frappe.db.commit()
	return made


def new_notice(cast: casts.Cast, **values: object) -> str:
	"""A notice that is out, written by the QA Specialist."""
	given = {"title": "New forms at the counter", "team": cast.group, "purpose": "Fewer returns", **TEXTS}
	notice = frappe.get_doc(
		{"doctype": NOTICE, "starts_on": "2026-01-05 08:00:00", **given, **values}
	).insert()
	notices.send_by_hand(notice.name)
	frappe.db.commit()
	return notice.name


def acknowledged_on(notice: str, user: str) -> object:
	frappe.db.rollback()
	return frappe.db.get_value(READER, {"parent": notice, "user": user}, "acknowledged_on")


def link_of(notice: str, user: str, language: str) -> str:
	"""Where the button of the mail leads, as a path of the site."""
	frappe.db.set_value("User", user, "language", language)
	letter = change_letters.notice_letter(frappe.get_doc(NOTICE, notice), user)
	return path_of_button(letter.html, said("Acknowledge", language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_click_on_the_form_acknowledges(
	page_as: Callable[..., Page], cast: casts.Cast, language: str
) -> None:
	name = new_notice(cast)
	page = page_as(cast.head, language, f"/app/change-notice/{name}")
	show(page, "notice to read", language)
	# Many mails went out: the rows say so, and the page does not repeat them.
	mails = page.locator(".timeline-item[data-doctype=Communication]")
	assert mails.count()
	assert not mails.locator("visible=true").count()
	shown, other = ("text", "text_ar") if language == "en" else ("text_ar", "text")
	assert page.locator(f".frappe-control[data-fieldname={shown}]").is_visible()
	assert not page.locator(f".frappe-control[data-fieldname={other}]").is_visible()
	button = page.get_by_role("button", name=said("Acknowledge", language), exact=True)
	button.locator("visible=true").click()
	page.get_by_text(said(DONE, language)).wait_for()
	show(page, "notice acknowledged", language)
	assert acknowledged_on(name, cast.head)
	assert not button.locator("visible=true").count()
	assert not mails.locator("visible=true").count()
	page.set_viewport_size(PHONE)
	show(page, "notice acknowledged on a phone", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_link_in_the_mail_acknowledges_after_signing_in(
	screens: Screens, cast: casts.Cast, language: str
) -> None:
	name = new_notice(cast)
	link = link_of(name, cast.head, language)
	opened.prepare(cast.head, language)
	page = screens.stranger(language, link)
	page.locator("#login_email").fill(cast.head)
	page.locator("#login_password").fill(opened.PASSWORD)
	page.locator(".form-login .btn-login").click()
	page.get_by_text(said(DONE, language)).wait_for()
	desk_is_ready(page)
	assert urlsplit(page.url).query == ""
	assert page.evaluate("Object.keys(frappe.route_options || {})") == []
	assert acknowledged_on(name, cast.head)


def test_the_link_in_the_mail_acknowledges_at_once_for_who_is_signed_in(
	page_as: Callable[..., Page], cast: casts.Cast
) -> None:
	name = new_notice(cast)
	page = page_as(cast.head, "en", link_of(name, cast.head, "en"))
	page.get_by_text(DONE).wait_for()
	assert acknowledged_on(name, cast.head)


def test_the_link_of_another_reader_acknowledges_nothing(
	page_as: Callable[..., Page], cast: casts.Cast
) -> None:
	name = new_notice(cast)
	page = page_as(cast.qa, "en", link_of(name, cast.head, "en"))
	page.locator("[data-fieldname=readers]").first.wait_for()
	desk_is_ready(page)
	assert not page.get_by_role("button", name="Acknowledge", exact=True).locator("visible=true").count()
	assert not acknowledged_on(name, cast.head)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_qa_specialist_writes_one_and_sends_it(
	page_as: Callable[..., Page], cast: casts.Cast, language: str
) -> None:
	page = page_as(cast.qa, language, "/app/change-notice/new")
	desk_is_ready(page)
	page.locator("[data-fieldname=title] input:visible").fill("New forms")
	page.locator("[data-fieldname=text] textarea:visible").fill("Use the new forms")
	page.keyboard.press("Tab")
	show(page, "notice being written", language)
	page.get_by_role("button", name=said("Save", language)).locator("visible=true").click()
	page.wait_for_function("window.cur_frm && !cur_frm.is_new()")
	desk_is_ready(page)
	page.get_by_role("button", name=said("Send", language), exact=True).locator("visible=true").click()
	page.locator(".modal-dialog:visible .btn-modal-primary, .modal-dialog:visible .btn-primary").first.click()
	page.wait_for_function("cur_frm.doc.sent_on")
	show(page, "notice sent", language)
	page.goto(page.url.rpartition("/")[0])
	desk_is_ready(page)
	show(page, "notices", language)
