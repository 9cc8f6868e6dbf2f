"""Governing groups in the Desk: the switch for one and for several, a policy's versions, who reads a department."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk.setup.demo.cast import user
from tests.browser.looking import Eyes, look, route_of, said, tell_month
from tests.browser.screens import desk_is_ready, picture
from tests.site.factories import as_user, make_agent

if TYPE_CHECKING:
	from collections.abc import Callable

	from playwright.sync_api import Locator, Page

LANGUAGES = ("en", "ar")
GRID = "/app/core-groups"


@pytest.fixture(scope="module", autouse=True)
def month(connection: None) -> None:
	tell_month()


def row(page: Page, group: str) -> Locator:
	return page.locator(".groups-grid tbody tr", has=page.locator("td.name", has_text=group))


def is_governed(group: str) -> bool:
	frappe.db.rollback()
	return bool(frappe.db.get_value("HD Team", group, "ch_governed"))


def confirm(page: Page, language: str) -> None:
	page.locator(".modal-dialog:visible").get_by_role(
		"button", name=said("Yes", language), exact=True
	).click()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_grid_says_what_is_governed_and_what_is_missing(
	page_as: Callable[..., Page], language: str
) -> None:
	page = look(page_as, Eyes("qa", language), GRID, "governing")
	row(page, "Delivery KSA").locator("td.governed", has_text=said("Governed", language)).wait_for()
	row(page, "Walk-in Counter Oman").locator("button.lacks").click()
	dialog = page.locator(".modal-dialog:visible")
	dialog.locator("li").first.wait_for()
	assert dialog.locator("li").count() >= 3
	picture(page, "governing what is missing", language)
	assert page.failures == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_group_is_switched_on_and_off(page_as: Callable[..., Page], language: str) -> None:
	group = {"en": "Customs Clearance UAE", "ar": "Delivery Egypt"}[language]
	page = look(page_as, Eyes("qa", language), GRID, "governing one")
	row(page, group).locator("button.govern").click()
	picture(page, "governing question", language)
	confirm(page, language)
	page.get_by_text(said("Governed from now on: {0}", language).format(1)).wait_for()
	assert is_governed(group)
	row(page, group).locator("button.govern").click()
	confirm(page, language)
	page.get_by_text(said("Not governed any more: {0}", language).format(1)).wait_for()
	assert not is_governed(group)
	assert page.failures == []


def test_several_are_switched_on_at_once_and_incomplete_ones_stay(page_as: Callable[..., Page]) -> None:
	page = look(page_as, Eyes("qa", "en"), GRID, "governing several")
	for group in ("Retail Services Kuwait", "Retail Services Bahrain", "Walk-in Counter Oman"):
		row(page, group).locator("input.pick").check()
	page.locator("button.govern-all[data-on='1']").click()
	dialog = page.locator(".modal-dialog:visible")
	dialog.get_by_text("Not complete, and left as they are:").wait_for()
	picture(page, "governing several", "en")
	confirm(page, "en")
	page.get_by_text("Governed from now on: 2").wait_for()
	assert is_governed("Retail Services Kuwait")
	assert not is_governed("Walk-in Counter Oman")
	assert page.failures == []


def test_a_system_manager_sees_it_and_switches_nothing(page_as: Callable[..., Page]) -> None:
	page = look(page_as, Eyes("system.manager", "en"), GRID, "governing as admin")
	assert page.locator("button.govern, button.lacks").count() == 0
	assert row(page, "Delivery KSA").locator("input[data-field=ch_country]").is_disabled()
	assert row(page, "Walk-in Counter Oman").locator("input[data-field=ch_country]").is_enabled()


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_saves_a_governed_group_is_led_to_the_request(
	page_as: Callable[..., Page], language: str
) -> None:
	page = page_as(agent_manager(), language, route_of("HD Team", "Delivery KSA"))
	desk_is_ready(page)
	page.wait_for_function("window.cur_frm && cur_frm.doctype === 'HD Team'")
	page.evaluate(
		"cur_frm.set_value('ch_purpose', 'Another').then(() => { cur_frm.save().catch(() => {}); })"
	)
	link = page.locator(".modal-dialog:visible a[href*='/group-request/new']")
	link.wait_for()
	picture(page, "governing refused", language)
	link.click()
	page.wait_for_function("cur_frm.doctype === 'Group Request'")
	assert page.evaluate("[cur_frm.doc.kind, cur_frm.doc.team]") == ["Change Group", "Delivery KSA"]
	picture(page, "governing refused request", language)


def agent_manager() -> str:
	"""A manager of the host's agents, who may change groups there."""
	email = "agents.manager@example.com"
	if not frappe.db.exists("User", email):
		make_agent("Agent Manager", email=email)
		frappe.db.commit()
	return email


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_policy_shows_its_versions_with_what_they_changed(
	page_as: Callable[..., Page], language: str
) -> None:
	if not frappe.db.exists("Escalation Policy", "Claims-v2"):
		with as_user(user("qa")):
			name = frappe.get_doc("Escalation Policy", "Claims-v1").new_version()
			policy = frappe.get_doc("Escalation Policy", name)
			policy.levels[0].after_hours = 36
			policy.save()
		frappe.db.commit()
	page = look(page_as, Eyes("qa", language), route_of("Escalation Policy", "Claims-v2"), "policy versions")
	place = page.locator("[data-fieldname=versions_html]")
	place.get_by_text(said("The first version.", language)).wait_for()
	place.scroll_into_view_if_needed()
	picture(page, "policy versions below", language)
	assert place.locator("del").count() == 1
	assert page.failures == []


def test_a_head_names_who_reads_the_department(page_as: Callable[..., Page]) -> None:
	page = look(
		page_as, Eyes("head.customs", "en"), route_of("Core Department", "Customs Clearance"), "readers"
	)
	page.get_by_role("button", name="Staff Who See Reports").click()
	dialog = page.locator(".modal-dialog:visible")
	dialog.locator("input:visible").first.fill("agent.customs")
	dialog.locator(".awesomplete li, [role=option]").first.click()
	picture(page, "readers dialog", "en")
	dialog.get_by_role("button", name="Save").click()
	page.wait_for_function("!document.querySelector('.modal.show')")
	page.wait_for_load_state("networkidle")
	frappe.db.rollback()
	named = frappe.get_all("Department Reader", {"parent": "Customs Clearance"}, pluck="user")
	assert named == [user("agent.customs")]
	assert page.failures == []
