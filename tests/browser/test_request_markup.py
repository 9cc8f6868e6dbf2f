"""What people write into requests shows as text on every screen that shows it, once and as they wrote it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

import frappe
import pytest

from core_helpdesk.governance import request_kinds as kinds
from core_helpdesk.setup import workflows as flow
from tests.browser.screens import desk_is_ready, picture
from tests.site import request_desk, web
from tests.site.request_desk import by_rest, make_request, put_into

if TYPE_CHECKING:
	from collections.abc import Callable

	from playwright.sync_api import Page

# In this shape a text is JSON to the framework, which leaves such alone.
MARKUP = '"<img src=x onerror=window.ch_taken=1>"'
PHONE = {"width": 390, "height": 844}
LANGUAGES = ("en", "ar")
# The framework's sidebar fails on a form of an app that its reader may not open, as of a group for who is no agent.
SIDEBAR = "Cannot read properties of undefined (reading 'workspaces')"


@pytest.fixture(scope="module")
def desk(address: str) -> request_desk.Desk:
	opened = request_desk.open_desk(mode="Off")
	frappe.db.commit()
	return opened


def looked_at(page: Page, path: str, name: str, language: str) -> str:
	"""The words on a page of the Desk, in which nothing that was written became part of the page."""
	page.goto(urljoin(page.url, path))
	if path.startswith("/app"):
		desk_is_ready(page)
	page.wait_for_timeout(1500)
	for width in (page.viewport_size, PHONE):
		page.set_viewport_size(width)
		picture(page, f"{name} {width['width']}", language)
	page.set_viewport_size({"width": 1440, "height": 900})
	assert page.evaluate("window.ch_taken") is None
	assert page.locator("img[src=x]").count() == 0
	assert [failure for failure in page.failures if failure != SIDEBAR] == []
	return page.inner_text("body")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_asked_for_and_why_is_text_to_everybody_who_reads_it(
	page_as: Callable[..., Page], desk: request_desk.Desk, language: str
) -> None:
	texts = {"purpose": MARKUP, "work_reason": MARKUP}
	corrected = make_request(desk, kinds.CORRECTION, by=desk.agent, correction=MARKUP)
	changed = make_request(desk, by=desk.qa, **texts)
	web.put(desk.head, f"{web.RESOURCE}/Group Request/{changed.name}", escalation_process=MARKUP)
	put_into(changed, flow.APPROVED)
	by_rest(desk.other_qa, changed.name, flow.IMPLEMENT)
	deviation = put_into(make_request(desk, kinds.DEVIATION, deviation_reason=MARKUP), flow.MANAGER_APPROVAL)
	notice = frappe.db.get_value("Change Notice", {"request": changed.name})
	frappe.db.commit()
	page = page_as(desk.other_qa, language, f"/app/group-request/{corrected.name}")
	looked_at(page, f"/app/group-request/{corrected.name}", "correction with markup", language)
	seen = looked_at(page, f"/app/group-request/{changed.name}", "request with markup", language)
	assert frappe.utils.get_fullname(desk.head) in seen or desk.head in seen
	looked_at(page, f"/app/change-notice/{notice}", "notice with markup", language)
	assert page.locator("[data-fieldname=purpose] textarea:visible").input_value() == MARKUP
	looked_at(page, f"/app/hd-team/{desk.home}", "group with markup", language)
	looked_at(page, f"/app/group-request/{deviation.name}", "deviation with markup", language)
	# The card of the check repeats it in the words in which it was written.
	assert MARKUP in page.locator("[data-fieldname=checks_html]").inner_text()
	assert MARKUP in looked_at(page, f"/group-directory?group={desk.home}", "directory with markup", language)


def test_who_goes_on_writing_has_the_words_as_they_were_written(
	page_as: Callable[..., Page], desk: request_desk.Desk
) -> None:
	request = make_request(desk, purpose="Parcels <from the north>")
	frappe.db.commit()
	page = page_as(desk.head, "en", f"/app/group-request/{request.name}")
	desk_is_ready(page)
	purpose = page.locator("[data-fieldname=purpose] textarea:visible")
	assert purpose.input_value() == "Parcels <from the north>"
	purpose.fill("Parcels <from the south>")
	purpose.blur()
	page.locator("button.primary-action:visible", has_text="Save").click()
	page.locator(".indicator-pill", has_text="Not Saved").first.wait_for(state="hidden")
	desk_is_ready(page)
	assert purpose.input_value() == "Parcels <from the south>"
	frappe.db.rollback()
	assert request_desk.fresh(request).purpose == "Parcels &lt;from the south>"
	assert page.failures == []
