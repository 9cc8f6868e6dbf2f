"""The link in a copy's mail says that the copy was received: after signing in, once, and without a further click."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import frappe
import pytest

from core_helpdesk.hosts import hd_ticket
from core_helpdesk.mail import letters
from tests.browser import screens as opened
from tests.browser.looking import path_of_button, said, tell_month

if TYPE_CHECKING:
	from collections.abc import Callable

	from playwright.sync_api import Page

	from tests.browser.screens import Screens

ESCALATION, RECIPIENT = "Ticket Escalation", "Escalation Recipient"
LANGUAGES = ("en", "ar")
THANKS = "Thank you: the receipt is confirmed."


@pytest.fixture(scope="module", autouse=True)
def month(address: str) -> None:
	tell_month()


@pytest.fixture
def copy() -> frappe._dict:
	"""A head's copy whose receipt nobody has confirmed."""
	named = {"parenttype": ESCALATION, "capacity": "Department Head"}
	row = frappe.get_all(RECIPIENT, named, ["name", "parent", "user"], order_by="creation desc", limit=1)[0]
	frappe.db.set_value(RECIPIENT, row.name, "confirmed_on", None)
	frappe.db.commit()
	return row


def link_of(copy: frappe._dict, language: str) -> str:
	"""Where the button of the mail leads, as a path of the site."""
	frappe.db.set_value("User", copy.user, "language", language)
	escalation = frappe.db.get_value(ESCALATION, copy.parent, letters.FIELDS, as_dict=True)
	letter = letters.copy_of_ticket(escalation, hd_ticket.facts(escalation.reference_name), copy.user)
	return path_of_button(letter.html, said("Confirm Receipt", language))


def confirmed_on(copy: frappe._dict) -> object:
	frappe.db.rollback()
	return frappe.db.get_value(RECIPIENT, copy.name, "confirmed_on")


def sees_it_confirmed(page: Page, language: str) -> None:
	page.get_by_text(said(THANKS, language)).wait_for()
	opened.desk_is_ready(page)
	assert urlsplit(page.url).query == ""
	assert page.evaluate("Object.keys(frappe.route_options || {})") == []
	assert page.get_by_role("button", name=said("Confirm Receipt", language), exact=True).count() == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_head_who_must_sign_in_first_confirms_by_the_link(
	screens: Screens, copy: frappe._dict, language: str
) -> None:
	link = link_of(copy, language)
	opened.prepare(copy.user, language)
	page = screens.stranger(language, link)
	page.locator("#login_email").fill(copy.user)
	page.locator("#login_password").fill(opened.PASSWORD)
	page.locator(".form-login .btn-login").click()
	sees_it_confirmed(page, language)
	opened.picture(page, "confirmed by mail", language)
	assert confirmed_on(copy)
	assert page.failures == []


def test_a_head_who_is_signed_in_confirms_once(page_as: Callable[..., Page], copy: frappe._dict) -> None:
	page = page_as(copy.user, "en", link_of(copy, "en"))
	sees_it_confirmed(page, "en")
	first = confirmed_on(copy)
	page.reload()
	opened.desk_is_ready(page)
	assert confirmed_on(copy) == first
	noted = {"parent": copy.parent, "kind": "Receipt Confirmed", "person": copy.user}
	before = frappe.db.count("Escalation Follow Up", noted)
	page.goto(page.url + "?confirm_receipt=1")
	opened.desk_is_ready(page)
	frappe.db.rollback()
	assert frappe.db.count("Escalation Follow Up", noted) == before
	assert urlsplit(page.url).query == ""
	assert page.failures == []
