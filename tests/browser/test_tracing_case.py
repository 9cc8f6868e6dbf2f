"""The form of a case: what it says, and every act from it, as officers and a supervisor do them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk import at_work
from tests.browser import tracing_screens
from tests.browser.looking import fits, said, settled, show
from tests.browser.test_group_request import close_sidebar

if TYPE_CHECKING:
	from collections.abc import Callable

	from playwright.sync_api import Locator, Page

LANGUAGES = ("en", "ar")
PHONE = {"width": 390, "height": 844}


@pytest.fixture(scope="module")
@at_work.the_app()
def desk(address: str) -> frappe._dict:
	return tracing_screens.open_desk()


def opened(page: Page) -> Page:
	page.locator(".ch-tracing-head .state").wait_for()
	return settled(page)


def form(page_as: Callable[..., Page], user: str, language: str, case: str) -> Page:
	return opened(page_as(user, language, f"/app/tracing-case/{case}"))


def act(page: Page, name: str) -> Locator:
	return page.locator(f".ch-tracing-head [data-ch-act={name}]")


def dialog(page: Page) -> Locator:
	return page.locator(".modal.show .modal-dialog:visible")


def fill(page: Page, **values: str) -> None:
	for field, value in values.items():
		place = dialog(page).locator(f"[data-fieldname={field}]")
		place.locator("select, input, textarea").first.wait_for()
		select = place.locator("select")
		if select.count():
			select.select_option(value)
		else:
			place.locator("input, textarea").first.fill(value)


def confirm(page: Page) -> None:
	dialog(page).locator(".btn-modal-primary, .btn-primary").first.click()
	page.wait_for_function("!document.querySelector('.modal.show')")
	opened(page)


def tab(page: Page, name: str) -> None:
	page.locator(f".form-tabs .nav-link[data-fieldname=t_{name.lower()}]").click()


def stored(case: str) -> frappe._dict:
	frappe.db.rollback()
	return frappe.get_doc("Tracing Case", case)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_case_without_data_says_what_is_missing_at_its_field(
	page_as: Callable[..., Page], desk: frappe._dict, language: str
) -> None:
	page = form(page_as, desk.officer, language, desk.cases.bare)
	assert page.locator(".ch-fault").count() >= 5
	assert act(page, "accept").is_visible()
	show(page, "tracing case bare", language)
	page.locator(".ch-tracing-head [data-ch-why]").click()
	dialog(page).locator(".ch-days").first.wait_for()
	show(page, "tracing case why these dates", language)
	page.keyboard.press("Escape")
	page.set_viewport_size(PHONE)
	close_sidebar(page)
	show(page, "tracing case bare on a phone", language)
	assert fits(page)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("person", ["officer", "abroad", "supervisor"])
def test_a_case_abroad_reads_on_every_tab(
	page_as: Callable[..., Page], desk: frappe._dict, language: str, person: str
) -> None:
	page = form(page_as, desk[person], language, desk.cases.abroad)
	show(page, f"tracing case abroad of {person}", language)
	for label in ("Work", "Way", "Result", "Facts"):
		tab(page, label)
		show(page, f"tracing case {label} of {person}", language)
	assert act(page, "hand_over").count() == (0 if person == "officer" else 1)
	assert act(page, "add_update").count() == 1
	tab(page, "Shipment")
	name = page.locator("[data-fieldname=shipper_name]")
	name.locator(".control-value:visible" if person == "officer" else "input:visible").first.wait_for()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_case_is_worked_from_update_to_solution(
	page_as: Callable[..., Page], desk: frappe._dict, language: str
) -> None:
	name = tracing_screens.fresh_case(desk)
	page = form(page_as, desk.officer, language, name)
	act(page, "add_update").click()
	dialog(page).wait_for()
	fill(page, contact="Operations", person="Night shift", purpose="Search", what="Found in the wrong bag.")
	show(page, "tracing case update", language)
	confirm(page)
	update = stored(name).updates[-1]
	assert (update.contact, update.channel, update.what) == ("Operations", "Phone", "Found in the wrong bag.")
	tab(page, "Work")
	page.locator(".ch-way .text", has_text="Found in the wrong bag.").wait_for()
	show(page, "tracing case updates", language)
	act(page, "mark_solved").click()
	fill(page, solution="It is delivered.")
	show(page, "tracing case solution", language)
	confirm(page)
	assert stored(name).status == "Solved"
	show(page, "tracing case solved", language)
	act(page, "record_answer").click()
	fill(page, answer="Satisfied", source="Phone", comment="Thank you very much.")
	show(page, "tracing case answer", language)
	confirm(page)
	assert stored(name).answer == "Satisfied"
	tab(page, "Result")
	show(page, "tracing case answered", language)
	act(page, "close").click()
	confirm(page)
	assert stored(name).status == "Closed"
	show(page, "tracing case closed", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_case_is_handed_over_with_a_reason(
	page_as: Callable[..., Page], desk: frappe._dict, language: str
) -> None:
	name = tracing_screens.fresh_case(desk, destination_country="Egypt", consignee_phone="+20223456789")
	page = form(page_as, desk.officer, language, name)
	act(page, "hand_over").click()
	dialog(page).wait_for()
	show(page, "tracing case hand over", language)
	fill(page, team=desk.groups["Egypt"], reason="It is in Cairo.")
	confirm(page)
	case = stored(name)
	assert (case.team, case.legs[-1].reason) == (desk.groups["Egypt"], "It is in Cairo.")
	assert not act(page, "hand_over").count()
	assert act(page, "add_update").count()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_doubtful_answer_is_reviewed(
	page_as: Callable[..., Page], desk: frappe._dict, language: str
) -> None:
	page = form(page_as, desk.officer, language, desk.cases.doubtful)
	act(page, "review_answer").click()
	dialog(page).wait_for()
	show(page, "tracing case review", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_supervisor_closes_as_an_exception_seeing_every_reason(
	page_as: Callable[..., Page], desk: frappe._dict, language: str
) -> None:
	name = tracing_screens.fresh_case(desk, shipper_name="")
	page = form(page_as, desk.supervisor, language, name)
	act(page, "close_with_override").click()
	dialog(page).locator("li").first.wait_for()
	assert dialog(page).locator("li").count() >= 2
	show(page, "tracing case exception", language)
	fill(page, reason="The customer has died.")
	confirm(page)
	assert (stored(name).status, stored(name).closing) == ("Closed", "Override")


def test_unsaved_changes_are_not_lost_to_an_act(page_as: Callable[..., Page], desk: frappe._dict) -> None:
	name = tracing_screens.fresh_case(desk)
	page = form(page_as, desk.officer, "en", name)
	page.locator("[data-fieldname=shipper_name] input:visible").fill("Another Sender")
	page.locator("[data-fieldname=shipper_name] input:visible").blur()
	act(page, "hand_over").click()
	page.get_by_text("Please save your changes first").wait_for()
	assert page.locator("[data-fieldname=shipper_name] input:visible").input_value() == "Another Sender"


def test_what_people_write_is_shown_as_text(page_as: Callable[..., Page], desk: frappe._dict) -> None:
	nasty = "<img src=x onerror='window.hit = 1'><b>bold</b> & so"
	name = tracing_screens.fresh_case(
		desk, description=f"{nasty} is what the label says, and it is long enough."
	)
	page = form(page_as, desk.officer, "en", name)
	act(page, "add_update").click()
	fill(page, person=nasty, purpose=nasty, what=nasty)
	confirm(page)
	tab(page, "Work")
	page.locator("[data-fieldname=updates_html] .text").first.wait_for()
	assert "onerror" in page.locator("[data-fieldname=updates_html] .text").first.inner_text()
	page.goto(page.url.split("/app/")[0] + "/app/tracing-work")
	page.locator(".tracing-work .case").first.wait_for()
	assert page.evaluate("window.hit") is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_ticket_leads_to_its_case(
	page_as: Callable[..., Page], desk: frappe._dict, language: str
) -> None:
	ticket = stored(desk.cases.taken).ticket
	page = settled(page_as(desk.officer, language, f"/app/hd-ticket/{ticket}"))
	page.get_by_role("button", name=said("Tracing Case", language)).click()
	opened(page)
	assert desk.cases.taken in page.url
