"""Pages of the served site as a signed-in user, and their pictures."""

from __future__ import annotations

import http.cookiejar
import json
import re
import urllib.request
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import frappe

from tests.benches.found import BUILD
from tests.benches.workplace import SITE, present

if TYPE_CHECKING:
	from pathlib import Path

	from playwright.sync_api import Browser, BrowserContext, Page

PASSWORD = "browser-test-1-password"
PATIENCE = 45_000
SIZE = {"width": 1366, "height": 900}


@dataclass(slots=True)
class Screens:
	browser: Browser
	address: str
	contexts: list[BrowserContext] = field(default_factory=list)

	def page_as(self, user: str, language: str = "en", path: str = "/app") -> Page:
		"""A page of the site with this user signed in, in this language. Their password becomes ours.

		Whatever a script of the page throws is collected in `failures_of(page)`.
		"""
		prepare(user, language)
		context = self.new_context(language)
		context.add_cookies([{"name": "sid", "value": sign_in(self.address, user), "url": self.address}])
		return self.open(context, path)

	def stranger(self, language: str, path: str) -> Page:
		"""A page of the site with nobody signed in."""
		return self.open(self.new_context(language), path)

	def new_context(self, language: str) -> BrowserContext:
		context = self.browser.new_context(viewport=SIZE, locale=language)
		self.contexts.append(context)
		context.set_default_timeout(PATIENCE)
		return context

	def open(self, context: BrowserContext, path: str) -> Page:
		page = context.new_page()
		page.failures = []
		page.on("pageerror", lambda error: page.failures.append(str(error)))
		page.goto(self.address + path, wait_until="domcontentloaded")
		return page

	def close(self) -> None:
		for context in self.contexts:
			context.close()


def prepare(user: str, language: str) -> None:
	from frappe.utils.password import update_password

	frappe.db.set_value("User", user, {"language": language, "onboarding_status": tours_seen()})
	update_password(user, PASSWORD)
	frappe.clear_cache(user=user)
	frappe.db.commit()


def tours_seen() -> str:
	"""Every guided tour of the Desk marked as seen: it would lie over what is looked at."""
	tours = frappe.get_all("Form Tour", filters={"ui_tour": 1}, pluck="name")
	return json.dumps({tour: {"is_complete": True} for tour in tours})


def sign_in(address: str, user: str) -> str:
	"""The session id that signing in gives."""
	port = address.rpartition(":")[2]
	body = json.dumps({"usr": user, "pwd": PASSWORD}).encode()
	headers = {"Host": SITE, "Content-Type": "application/json", "Accept": "application/json"}
	request = urllib.request.Request(f"http://127.0.0.1:{port}/api/method/login", body, headers)
	jar = http.cookiejar.CookieJar()
	with urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar)).open(request, timeout=60):
		return next(cookie.value for cookie in jar if cookie.name == "sid")


def desk_is_ready(page: Page) -> None:
	"""Waits until the Desk has drawn its page and asks the server for nothing more."""
	page.wait_for_function(
		"window.frappe && frappe.boot && frappe.router && frappe.container && frappe.container.page"
	)
	page.wait_for_function("!window.jQuery || !jQuery.active")
	page.wait_for_timeout(500)


def picture(page: Page, name: str, language: str) -> Path:
	"""Keeps the whole page as a picture of the build."""
	folder = BUILD / "screenshots" / present().bench.name
	folder.mkdir(parents=True, exist_ok=True)
	path = folder / f"{re.sub(r'[^a-z0-9]+', '-', name.lower()).strip('-')}-{language}.png"
	page.screenshot(path=path, full_page=True)
	return path
