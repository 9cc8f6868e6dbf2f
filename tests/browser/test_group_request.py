"""A request from the first word to the decision, on the screens of who asks, who reviews and who approves."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

import frappe
import pytest

from core_helpdesk.governance import request_kinds as kinds
from core_helpdesk.setup import workflows as flow
from tests.browser.looking import fits, said, settled, show
from tests.site import request_desk

if TYPE_CHECKING:
	from collections.abc import Callable

	from playwright.sync_api import Page

LANGUAGES = ("en", "ar")
PHONE = {"width": 390, "height": 800}


@pytest.fixture(scope="module")
def desk(connection: None) -> request_desk.Desk:
	opened = request_desk.open_desk(mode="Off")
	frappe.db.commit()
	return opened


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_says_what_is_missing_while_it_is_filled_in(
	page_as: Callable[..., Page], desk: request_desk.Desk, language: str
) -> None:
	path = f"/app/group-request/new?kind=New+Group&department={desk.department}&country=Saudi+Arabia"
	page = settled(page_as(desk.head, language, path))
	missing = page.locator(".ch-missing li")
	missing.first.wait_for()
	before = missing.count()
	page.locator("[data-fieldname=team_name] input:visible").fill("Returns of Riyadh")
	page.locator("[data-fieldname=purpose] textarea:visible").fill("Returned parcels")
	page.locator("[data-fieldname=purpose] textarea:visible").blur()
	page.wait_for_function(f"document.querySelectorAll('.ch-missing li').length <= {before - 2}")
	show(page, "group request new", language)
	assert not page.locator("[data-fieldname=category_name]:visible").count()
	page.set_viewport_size(PHONE)
	close_sidebar(page)
	show(page, "group request new on a phone", language)
	assert fits(page)


def close_sidebar(page: Page) -> None:
	"""Frappe 16 leaves it open over a page that becomes narrow."""
	page.evaluate(
		"document.querySelector('.body-sidebar-container.expanded .collapse-sidebar-link')?.click()"
	)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_decision_is_three_clicks_from_the_notice(
	page_as: Callable[..., Page], desk: request_desk.Desk, language: str
) -> None:
	request = request_desk.make_request(desk, kinds.NEW_GROUP, ticket_type=desk.ticket_type)
	request_desk.by_form(desk.head, request.name, flow.SUBMIT)
	frappe.db.commit()
	page = settled(page_as(desk.qa, language, f"/app/group-request/{request.name}"))
	page.get_by_text(said("Same Place as Another Group", language)).first.wait_for()
	show(page, "group request in review", language)
	page.locator(".actions-btn-group button").first.click()
	page.locator(".actions-btn-group .dropdown-item", has_text=said("Approve", language)).first.click()
	page.locator(".indicator-pill", has_text=said("Approved", language)).first.wait_for()
	show(page, "group request approved", language)
	frappe.db.rollback()
	assert request_desk.fresh(request).workflow_state == flow.APPROVED


def test_a_rejection_asks_for_its_reason_and_can_be_thought_better_of(
	page_as: Callable[..., Page], desk: request_desk.Desk
) -> None:
	request = request_desk.put_into(request_desk.make_request(desk), flow.REVIEW)
	frappe.db.commit()
	page = settled(page_as(desk.qa, "en", f"/app/group-request/{request.name}"))
	for answer in ("", "The purpose is not said."):
		page.locator(".actions-btn-group button").first.click()
		page.locator(".actions-btn-group .dropdown-item", has_text="Reject").first.click()
		dialog = page.locator(".modal-dialog:visible")
		dialog.wait_for()
		if not answer:
			dialog.locator(".btn-modal-close").click()
			dialog.wait_for(state="hidden")
			continue
		dialog.locator("textarea").fill(answer)
		dialog.locator(".btn-primary").click()
	page.locator(".indicator-pill", has_text="Rejected").first.wait_for()
	show(page, "group request rejected", "en")
	frappe.db.rollback()
	stored = request_desk.fresh(request)
	assert (stored.workflow_state, stored.decision_reason) == (flow.REJECTED, "The purpose is not said.")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_manager_sees_why_it_is_theirs_to_decide(
	page_as: Callable[..., Page], desk: request_desk.Desk, language: str
) -> None:
	request = request_desk.make_request(desk, kinds.DEVIATION)
	request = request_desk.put_into(request, flow.MANAGER_APPROVAL)
	frappe.db.commit()
	page = settled(page_as(desk.manager, language, "/app/core-helpdesk"))
	show(page, "workspace of the customer service manager", language)
	page.goto(urljoin(page.url, f"/app/group-request/{request.name}"))
	page.get_by_text(said("Not the Standard", language)).first.wait_for()
	show(page, "group request for the manager", language)
	assert request.deviation_reason in page.locator("[data-fieldname=checks_html]").inner_text()
	assert page.locator(".actions-btn-group button").first.is_visible()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_shows_states_and_what_waits_for_whom(
	page_as: Callable[..., Page], desk: request_desk.Desk, language: str
) -> None:
	for state in (flow.DRAFT, flow.REVIEW, flow.NEEDS_INFORMATION):
		request_desk.put_into(request_desk.make_request(desk), state)
	frappe.db.commit()
	page = settled(page_as(desk.qa, language, "/app/group-request"))
	page.locator(".list-row .indicator-pill").first.wait_for()
	show(page, "group requests", language)
	page.get_by_role("button", name=said("Waiting for Me", language)).click()
	page.wait_for_load_state("networkidle")
	show(page, "group requests waiting", language)
	shown = {text.strip() for text in page.locator(".list-row .indicator-pill").all_inner_texts()}
	assert said("QA Review", language) in shown
	assert not shown & {said("Draft", language), said("Needs Information", language)}
