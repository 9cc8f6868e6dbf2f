"""What an admin of the site is not to read stays out of the forms, which work for them as for everybody else."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk.governance import request_kinds as kinds
from tests.browser.looking import said
from tests.browser.screens import desk_is_ready, picture
from tests.site import request_desk
from tests.site.factories import make_ticket, make_user
from tests.site.request_desk import make_request

if TYPE_CHECKING:
	from collections.abc import Callable

	from playwright.sync_api import Page

LANGUAGES = ("en", "ar")
PHONE = {"width": 390, "height": 844}
# The policy's word for the department, which a hidden group may be named after.
PROCEDURE = "Link to the written procedure of Ticketing System Management (TSM-11)."


@pytest.fixture(scope="module")
def desk(address: str) -> request_desk.Desk:
	opened = request_desk.open_desk()
	frappe.db.commit()
	return opened


def shown(page: Page, name: str, language: str) -> str:
	desk_is_ready(page)
	page.wait_for_load_state("networkidle")
	for width in (PHONE, {"width": 1440, "height": 900}):
		page.set_viewport_size(width)
		picture(page, f"{name} {width['width']}", language)
	assert page.failures == []
	return page.inner_text("body")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_settings_name_the_hidden_group_to_its_people_alone(
	page_as: Callable[..., Page], desk: request_desk.Desk, language: str
) -> None:
	admin, tsm = make_user("System Manager"), desk.courier.tsm_team
	frappe.db.commit()
	field = ".frappe-control[data-fieldname=tsm_team]:visible"
	for user in (admin, desk.manager):
		page = page_as(user, language, "/app/core-helpdesk-settings")
		text = shown(page, f"settings {'admin' if user == admin else 'manager'}", language)
		assert tsm not in text.replace(said(PROCEDURE, language), "")
		assert page.locator(field).count() == 0
		assert tsm not in page.evaluate("JSON.stringify(cur_frm.doc)")
	page = page_as(desk.qa, language, "/app/core-helpdesk-settings")
	shown(page, "settings qa", language)
	assert page.locator(f"{field} input").input_value() == tsm


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_effect_leads_to_what_it_follows_from_for_who_may_read_that(
	page_as: Callable[..., Page], desk: request_desk.Desk, language: str
) -> None:
	ticket = make_ticket(group=desk.home).name
	clock = frappe.db.get_value("Ticket Clock", {"reference_name": ticket})
	key = frappe.generate_hash(length=8)
	effect = frappe.get_doc(
		{
			"doctype": "Escalation Effect",
			"effect_key": key,
			"title": "Parcel not delivered",
			"kind": "Notice",
			"state": "Pending",
			"ticket_clock": clock,
		}
	)
	effect.set_new_name()
	effect.db_insert()
	frappe.db.commit()
	page = page_as(desk.qa, language, f"/app/escalation-effect/{effect.name}")
	shown(page, "effect", language)
	link = page.locator("[data-fieldname=ticket_clock] a:visible")
	assert link.get_attribute("href").endswith(f"/app/ticket-clock/{clock}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_asks_for_groups_of_others_meets_a_form_without_their_study(
	page_as: Callable[..., Page], desk: request_desk.Desk, language: str
) -> None:
	request = make_request(desk, kinds.RETIRE_GROUP, by=desk.agent)
	frappe.db.commit()
	page = page_as(desk.agent, language, f"/app/group-request/{request.name}")
	heading = said("Impact on Past Tickets", language)
	assert heading not in shown(page, "own request of an agent", language)
	assert page.locator(".ch-impact").count() == 0
	assert page.locator(".modal.show:visible").count() == 0
	page = page_as(desk.head, language, f"/app/group-request/{request.name}")
	assert heading in shown(page, "request of an agent for the head", language)
	assert page.locator(".ch-impact").count() == 1
