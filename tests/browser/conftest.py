"""Tests in Chromium on a served site, as real users; every screen that is looked at is kept as a picture.

Run by `make test`, which makes the site. What a test commits stays until the run's site is thrown away.
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
	from collections.abc import Callable, Iterator

	from playwright.sync_api import Browser, Page

	from tests.browser.screens import Screens

ON_A_SITE = find_spec("frappe") is not None and "CORE_HELPDESK_SITE" in os.environ

if ON_A_SITE:
	# Frappe finds sites and logs from where it is called, already while it is imported.
	os.chdir(os.environ["SITES_PATH"])
else:
	collect_ignore_glob = ["test_*.py"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
	"""What looks at the site as it was made comes first, then the month, which sets up rules where there are none yet,
	and then what makes people and rules of its own beside it.
	"""
	items.sort(key=place_in_the_run)


def place_in_the_run(item: pytest.Item) -> int:
	if item.path.name == "test_empty_site.py":
		return 0
	return 1 if hasattr(item.module, "tell_month") else 2


@pytest.fixture(scope="session", autouse=True)
def connection() -> Iterator[None]:
	"""The site, connected as Administrator; what the browser shall see must be committed."""
	from tests.site import sessions

	yield from sessions.whole_run()


@pytest.fixture(scope="session")
def address(connection: None) -> Iterator[str]:
	"""Where the site is served."""
	from tests.benches.web import web
	from tests.benches.workplace import present

	with web(present()) as served:
		yield served


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
	from playwright.sync_api import sync_playwright

	from tests.benches import servers

	with sync_playwright() as playwright:
		browser = playwright.chromium.launch(
			executable_path=servers.chromium(),
			args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"],
		)
		yield browser
		browser.close()


@pytest.fixture
def screens(address: str, chromium: Browser) -> Iterator[Screens]:
	"""Opens pages as a user, and closes them all at the end of the test."""
	from tests.browser.screens import Screens

	opened = Screens(chromium, address)
	yield opened
	opened.close()


@pytest.fixture
def page_as(screens: Screens) -> Callable[..., Page]:
	"""`page_as(user, language="en", path="/app")`: a page with this user signed in."""
	return screens.page_as
