"""The ticket page of the Helpdesk agents: a button says what comes next, and opens the ticket's way."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk.setup.demo import cast
from tests.browser.looking import said, tell_month
from tests.browser.screens import picture

if TYPE_CHECKING:
	from collections.abc import Callable

	from playwright.sync_api import Page

LANGUAGES = ("en", "ar")


@pytest.fixture(scope="module")
def ticket(address: str) -> str:
	"""A ticket whose clock runs."""
	tell_month()
	return frappe.get_all("Ticket Clock", {"state": "Running"}, pluck="reference_name", limit=1)[0]


def open_ticket(page_as: Callable[..., Page], person: str, language: str, ticket: str) -> Page:
	page = page_as(cast.user(person), language, f"/helpdesk/tickets/{ticket}")
	page.get_by_text(f"#{ticket}").first.wait_for()
	return page


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("person", ("tsm", "agent.ae"))
def test_the_head_of_the_page_says_when_the_ticket_escalates(
	page_as: Callable[..., Page], ticket: str, person: str, language: str
) -> None:
	page = open_ticket(page_as, person, language, ticket)
	begin = said("Escalates in {0}", language).split("{")[0]
	button = page.get_by_role("button", name=begin)
	button.wait_for()
	picture(page, f"agent page {person}", language)
	button.click()
	page.locator(".ch-timeline").wait_for()
	page.wait_for_timeout(500)
	picture(page, f"agent dialog {person}", language)
	assert page.locator(".ch-timeline h6").first.inner_text() == said("Time with Each Group", language)


def test_the_customer_learns_nothing_of_the_clock(page_as: Callable[..., Page], ticket: str) -> None:
	"""The form script is for the agents' page only, and the call behind it refuses a customer."""
	from tests.site.factories import make_user

	customer, subject = frappe.db.get_value("HD Ticket", ticket, ["raised_by", "subject"])
	if not frappe.db.exists("User", customer):
		make_user(email=customer)
	frappe.db.set_value("User", customer, "user_type", "Website User")
	frappe.db.commit()
	page = page_as(customer, "en", f"/helpdesk/my-tickets/{ticket}")
	page.get_by_text(subject).first.wait_for()
	page.wait_for_timeout(2000)
	picture(page, "customer page", "en")
	assert page.get_by_role("button", name="Escalates in").count() == 0
	status = page.evaluate(
		"""async (ticket) => (await fetch("/api/method/core_helpdesk.api.ticket_timeline?doctype=HD Ticket&name=" + ticket)).status""",
		ticket,
	)
	assert status == 403
