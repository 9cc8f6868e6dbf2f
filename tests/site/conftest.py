"""Tests on a live site: every test sees a fresh site's data and leaves none.

Run by `make test`, which makes the site. Where Frappe cannot be imported, nothing here is collected.
"""

from __future__ import annotations

import os
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
	from collections.abc import Iterator

ON_A_SITE = find_spec("frappe") is not None and "CORE_HELPDESK_SITE" in os.environ

if ON_A_SITE:
	# Frappe finds sites and logs from where it is called, already while it is imported.
	os.chdir(os.environ["SITES_PATH"])
else:
	collect_ignore_glob = ["test_*.py"]


def pytest_report_header() -> str:
	if ON_A_SITE:
		return f"site: {os.environ['CORE_HELPDESK_SITE']} on {os.environ['CORE_HELPDESK_BENCH']}"
	return "tests/site: not run, they need the site of a bench that `make test` makes"


@pytest.fixture(scope="session", autouse=True)
def connection() -> Iterator[None]:
	"""The site, connected as Administrator in Frappe's test mode."""
	from tests.site import sessions

	yield from sessions.whole_run()


@pytest.fixture(scope="session")
def snapshot(connection: None) -> object:
	"""The site's data as the run found it."""
	from tests.site.snapshot import Snapshot

	return Snapshot.take()


@pytest.fixture(autouse=True)
def clean_site(request: pytest.FixtureRequest, connection: None) -> Iterator[None]:
	"""Undoes what the test wrote: by a rollback, or table by table for a test marked `committed` or `soak`."""
	from tests.site import sessions

	commits = request.node.get_closest_marker("committed") or request.node.get_closest_marker("soak")
	if not commits:
		with sessions.rolled_back():
			yield
		return
	kept = request.getfixturevalue("snapshot")
	yield
	sessions.forget()
	kept.restore()
	sessions.clear_caches()
