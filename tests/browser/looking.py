"""What every look at a screen has in common: who looks, in which direction, and that no script failed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

import frappe
from bs4 import BeautifulSoup

from core_helpdesk import config
from core_helpdesk.escalations import going_live, sweep
from core_helpdesk.setup import demo
from core_helpdesk.setup.demo import cast, letters, month
from tests.browser.screens import desk_is_ready, picture

if TYPE_CHECKING:
	from collections.abc import Callable

	from playwright.sync_api import Page

DIRECTION = {"en": "ltr", "ar": "rtl"}
TICKETS, CASES = 60, 26
# The framework lets sixty be made an hour.
MANY_USERS = 10_000
# A chart that the framework has drawn anew still answers when its place changes its size, and trips over the new one.
RACES_OF_THE_FRAMEWORK = (
	"Failed to execute 'removeChild' on 'Node': The node to be removed is not a child of this node.",
)


class Eyes(NamedTuple):
	"""Somebody who looks: a person of the demo, and the language of their Desk."""

	person: str
	language: str

	@property
	def user(self) -> str:
		return cast.user(self.person)

	def __str__(self) -> str:
		return f"{self.person}-{self.language}"


def tell_month() -> None:
	"""Fills the site with a month until now, once a run: a ticket takes the host half a second."""
	# Serving the site has given it an address, which the mode is confirmed for.
	frappe.local.conf = frappe._dict(frappe.get_site_config(), throttle_user_limit=MANY_USERS)
	if frappe.db.exists("Ticket Clock", {}):
		return
	in_test, frappe.flags.in_test = frappe.flags.in_test, False
	demo.fill(tickets=TICKETS, cases=CASES)
	frappe.set_user("Administrator")
	now = config.now_epoch()
	going_live.switch(config.LIVE, now)
	# One that has escalated just now, so that nobody has acted on it.
	month.make_ticket(letters.LETTERS[0], "Delivery KSA", TICKETS, now - 25 * 3600)
	sweep.run(now)
	frappe.db.commit()
	# Outside of tests the framework tries every mail account.
	frappe.flags.in_test = in_test


def said(text: str, language: str) -> str:
	"""The text as the Desk shows it in this language."""
	return frappe._(text, lang=language)


def look(page_as: Callable[..., Page], eyes: Eyes, path: str, name: str) -> Page:
	"""Opens a page of the Desk and keeps its picture; fails if a script did."""
	return seen(page_as(eyes.user, eyes.language, path), eyes, name)


def look_on(page: Page, eyes: Eyes, path: str, name: str) -> Page:
	"""The same for one page more of somebody who is signed in."""
	here = urlsplit(page.url)
	page.goto(f"{here.scheme}://{here.netloc}{path}", wait_until="domcontentloaded")
	return seen(page, eyes, name)


def seen(page: Page, eyes: Eyes, name: str) -> Page:
	settled(page)
	page.wait_for_function("!document.querySelector('.number-card-loading')")
	picture(page, f"{name} {eyes.person}", eyes.language)
	page.failures[:] = [failure for failure in page.failures if failure not in RACES_OF_THE_FRAMEWORK]
	assert page.failures == [], page.failures
	assert page.evaluate("getComputedStyle(document.body).direction") == DIRECTION[eyes.language]
	return page


def settled(page: Page) -> Page:
	"""The page once the Desk has drawn it and nothing is under way."""
	desk_is_ready(page)
	page.wait_for_load_state("networkidle")
	return page


def show(page: Page, title: str, language: str) -> None:
	"""Keeps a picture of a page of the Desk as it stands; fails if it runs the wrong way or a script failed."""
	settled(page)
	picture(page, title, language)
	assert page.evaluate("document.documentElement.dir || 'ltr'") == DIRECTION[language]
	assert page.failures == [], page.failures


def fits(page: Page) -> bool:
	"""Whether nothing reaches beyond the side of the screen."""
	return page.evaluate("document.scrollingElement.scrollWidth <= window.innerWidth + 1")


def path_of_button(html: str, label: str) -> str:
	"""Where the one button of a mail with this label leads, as a path of the site."""
	links = BeautifulSoup(html, "html.parser").find_all("a")
	(link,) = (urlsplit(link["href"]) for link in links if link.get_text(strip=True) == label)
	return f"{link.path}?{link.query}"


def route_of(doctype: str, name: str = "") -> str:
	return "/app/" + "/".join(filter(None, (doctype.lower().replace(" ", "-"), name)))
