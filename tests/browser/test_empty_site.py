"""The Desk on a site without any ticket: nothing is broken, and everything says what to do next."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk.setup.demo import cast
from tests.browser.looking import Eyes, look, look_on, route_of, said
from tests.browser.screens import desk_is_ready, picture

if TYPE_CHECKING:
	from collections.abc import Callable

	from playwright.sync_api import Page

LANGUAGES = ("en", "ar")
CARDS = (
	"Open Escalations",
	"Not Acknowledged",
	"Solution Overdue",
	"At the General Manager",
	"Running Clocks",
)
LISTS = (
	"Ticket Escalation",
	"Ticket Clock",
	"Ticket Leg",
	"Escalation Finding",
	"Escalation Policy",
	"Group Category",
	"Core Department",
	"Working Calendar",
)


@pytest.fixture(scope="module", autouse=True)
def people(address: str) -> None:
	cast.gather()
	frappe.db.commit()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("person", ("qa", "tsm", "gm", "csm", "system.manager"))
def test_the_workspace_counts_nothing_and_shows_no_error(
	page_as: Callable[..., Page], person: str, language: str
) -> None:
	page = look(page_as, Eyes(person, language), "/app/core-helpdesk", "empty workspace")
	page.get_by_text(said("Core Helpdesk", language)).first.wait_for()
	if person != "system.manager":
		for card in CARDS:
			number = page.locator(".number-widget-box", has_text=said(card, language)).locator(".number")
			assert number.inner_text() == "0"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_first_steps_tell_the_qa_specialist_what_is_missing(
	page_as: Callable[..., Page], language: str
) -> None:
	page = look(page_as, Eyes("qa", language), "/app/core-helpdesk", "first steps")
	page.get_by_text(said("Before escalations can go live", language)).wait_for()
	steps = page.locator(".first-steps li")
	assert steps.count() > 8
	assert page.locator(".first-steps li.done").count() < steps.count()


def test_a_tsm_agent_is_not_asked_to_set_up_the_site(page_as: Callable[..., Page]) -> None:
	page = look(page_as, Eyes("tsm", "en"), "/app/core-helpdesk", "no first steps")
	page.locator(".at-hand .pill").wait_for()
	assert page.locator(".first-steps li").count() == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_lists_without_rows_open(page_as: Callable[..., Page], language: str) -> None:
	eyes = Eyes("qa", language)
	page = look(page_as, eyes, "/app/core-helpdesk", "before the empty lists")
	for doctype in LISTS:
		look_on(page, eyes, route_of(doctype), f"empty list {doctype}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_going_live_too_early_says_everything_that_stands_against_it(
	page_as: Callable[..., Page], language: str
) -> None:
	page = look(page_as, Eyes("qa", language), "/app/core-helpdesk-settings", "settings")
	page.get_by_role("button", name=said("Mode", language)).first.click()
	page.get_by_text(said("Go Live", language), exact=True).first.click()
	dialog = page.locator(".modal-dialog:visible")
	dialog.get_by_text(said("Not possible yet:", language)).wait_for()
	picture(page, "going live refused", language)
	assert dialog.get_by_text(said("No escalation policy is active.", language)).count() == 1
	assert dialog.get_by_role("button", name=said("Go Live", language)).count() == 0
	assert page.failures == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_draft_of_the_default_policy_is_explained_in_words(
	page_as: Callable[..., Page], language: str
) -> None:
	policy = frappe.db.get_value("Escalation Policy", {"is_default": 1})
	page = look(page_as, Eyes("qa", language), route_of("Escalation Policy", policy), "draft policy")
	page.get_by_text(said("All groups without a policy of their own", language)).wait_for()
	assert page.get_by_role("button", name=said("Activate", language), exact=True).count() == 1


def test_the_groups_page_of_an_empty_site_lists_the_groups_of_the_host(page_as: Callable[..., Page]) -> None:
	page = look(page_as, Eyes("qa", "en"), "/app/core-groups", "groups of an empty site")
	desk_is_ready(page)
	shown = page.locator(".groups-grid td.name").all_inner_texts()
	assert shown == frappe.get_all("HD Team", {"ch_hidden": 0}, pluck="name", order_by="name asc")
