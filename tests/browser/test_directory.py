"""The group directory as its readers meet it: on a screen, on a phone, on paper; and what they suggest from there."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

import frappe
import pytest

from core_helpdesk import at_work
from tests.browser.looking import DIRECTION, fits, said
from tests.browser.screens import desk_is_ready, picture
from tests.site import governance_cast as casts
from tests.site.factories import make_agent, make_policy, make_team

if TYPE_CHECKING:
	from collections.abc import Callable

	from playwright.sync_api import Page

	from tests.browser.screens import Screens

LANGUAGES = ("en", "ar")
DESKTOP, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 800}
PATH = "/group-directory"
SUGGESTION = "Group Suggestion"
LONG = "Shipments that were handed over twice, " * 12
ARABIC = {
	"Clearance of Riyadh": "شحنات الزعفران التي تنتظر التخليص الجمركي في الرياض",
	"Returns": "الشحنات المرتجعة إلى مرسليها",
}


@pytest.fixture(scope="module")
@at_work.the_app()
def cast(connection: None) -> casts.Cast:
	"""Groups of two departments in two countries: with long texts, Arabic ones, none; retired, and not open yet."""
	opened = casts.open_cast()
	frappe.db.set_value("Core Department", opened.department, "department_name_ar", "العمليات الأرضية")
	frappe.db.set_value("Group Category", opened.category, "category_name_ar", "الشحنات المفقودة")
	for name, purpose in ARABIC.items():
		casts.make_group(opened, name=f"{name} {frappe.generate_hash(length=4)}", ch_purpose=purpose)
	casts.make_group(
		opened, country="Iceland", ch_purpose=LONG, ch_process=LONG, name=f"Akureyri {LONG[:90]}"
	)
	make_team(agents=(make_agent(),), name="Group without anything")
	for name, stage in (("Old Claims", "Retired"), ("Air Freight of Jeddah", "Not Open Yet")):
		values = {"ch_stage": stage, "ch_opens_on": "2099-03-01 08:00:00", "ch_retired_on": "2026-02-28"}
		values.pop("ch_opens_on" if stage == "Retired" else "ch_retired_on")
		frappe.db.set_value("HD Team", casts.make_group(opened, name=name), values)
	levels = {"after_hours": 2, "clock_kind": "Working Time", "pauses": 1, "pause_cap_hours": 72}
	more = {"target": "General Manager", "after_hours": 11, "acknowledge_within_hours": 3}
	make_policy(
		levels, more, ticket_type=opened.ticket_type, starts_on="2026-01-01 00:00:00", warn_percent=80
	)
	frappe.db.commit()
	return opened


def settled(page: Page) -> Page:
	page.wait_for_load_state("networkidle")
	return page


def show(page: Page, title: str, language: str) -> None:
	settled(page)
	picture(page, title, language)
	assert page.evaluate("getComputedStyle(document.body).direction") == DIRECTION[language]
	assert page.failures == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", ["agent", "qa"])
def test_the_directory_reads_well_on_a_screen_and_on_a_phone(
	page_as: Callable[..., Page], cast: casts.Cast, who: str, language: str
) -> None:
	page = page_as(getattr(cast, who), language, PATH)
	for size, place in ((DESKTOP, ""), (PHONE, " on a phone")):
		page.set_viewport_size(size)
		show(page, f"group directory{place} {who}", language)
		assert fits(page)
	page.goto(page.url + f"?group={quote(cast.group)}")
	for size, place in ((PHONE, " on a phone"), (DESKTOP, "")):
		page.set_viewport_size(size)
		show(page, f"group of the directory{place} {who}", language)
		assert fits(page)
	assert page.locator("article h1").inner_text() == cast.group


def alone(page: Page, name: str) -> None:
	"""Waits until this group is the only one on the page."""
	page.wait_for_function(
		"name => (all => all.length === 1 && all[0].innerText.includes(name))(document.querySelectorAll('h3 a'))",
		arg=name,
	)


@pytest.mark.parametrize("language", LANGUAGES)
def test_typing_and_choosing_narrow_the_list_in_place(
	page_as: Callable[..., Page], cast: casts.Cast, language: str
) -> None:
	page = settled(page_as(cast.head, language, PATH))
	page.evaluate("window.stayed = true")
	page.locator("input[name=q]").fill("الزعفران")
	alone(page, "Clearance of Riyadh")
	page.locator("input[name=q]").fill("")
	page.locator("select[name=country]").select_option("Iceland")
	alone(page, "Akureyri")
	assert "country=Iceland" in page.url
	assert "country=Iceland" in page.locator("header .print").get_attribute("href")
	show(page, "group directory narrowed", language)
	page.locator("input[name=q]").fill("nothing like it")
	page.get_by_text(said("No group is like this.", language)).wait_for()
	assert page.evaluate("window.stayed")


@pytest.mark.parametrize("language", LANGUAGES)
def test_paper_has_every_group_whole_and_nothing_to_press(
	page_as: Callable[..., Page], cast: casts.Cast, language: str
) -> None:
	page = settled(page_as(cast.qa, language, PATH))
	for path, title in ((PATH, "group directory"), (f"{PATH}?view=handbook", "handbook")):
		page.goto(page.url.split("/group")[0] + path)
		page.set_viewport_size(DESKTOP)
		show(page, f"{title} on the screen", language)
		page.emulate_media(media="print")
		page.set_viewport_size({"width": 794, "height": 1123})
		show(page, f"{title} on paper", language)
		for hidden in (".top", "#search", ".actions", ".count a"):
			assert not page.locator(hidden).locator("visible=true").count()
		groups = page.locator("article:not(.inward)").count()
		assert not page.locator("article.inward:visible").count()
		assert page.locator("article ol:visible").count() >= groups - 1
		assert page.locator("article dl:visible").count() == groups
		page.emulate_media(media="screen")


def test_a_guest_signs_in_and_lands_on_the_group(screens: Screens, cast: casts.Cast) -> None:
	page = screens.stranger("en", f"{PATH}?group={quote(cast.group)}")
	page.wait_for_url("**/login?redirect-to=**")
	page.wait_for_load_state("networkidle")
	from tests.browser.screens import PASSWORD, prepare

	prepare(cast.agent, "en")
	page.locator("#login_email").fill(cast.agent)
	page.locator("#login_password").fill(PASSWORD)
	page.locator(".btn-login").first.click()
	page.locator("article h1", has_text=cast.group).wait_for()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_change_is_asked_for_from_the_group(
	page_as: Callable[..., Page], cast: casts.Cast, language: str
) -> None:
	page = settled(page_as(cast.head, language, f"{PATH}?group={quote(cast.group)}"))
	page.get_by_text(said("Ask for a change", language)).click()
	page.wait_for_function("window.cur_frm && cur_frm.doc.team")
	desk_is_ready(page)
	assert page.evaluate("[cur_frm.doc.kind, cur_frm.doc.team]") == ["Change Group", cast.group]
	show(page, "change asked for from the directory", language)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("who", ["agent", "head"])
def test_a_suggestion_goes_from_the_group_to_its_answer(
	page_as: Callable[..., Page], cast: casts.Cast, who: str, language: str
) -> None:
	text = f"Ask for the <air waybill> first, before anything else ({who}, {language})"
	page = settled(page_as(getattr(cast, who), language, f"{PATH}?group={quote(cast.group)}"))
	page.get_by_role("link", name=said("Suggest", language), exact=True).click()
	page.wait_for_function("window.cur_frm && cur_frm.doc.team")
	desk_is_ready(page)
	show(page, f"suggestion empty {who}", language)
	page.locator("[data-fieldname=suggestion] textarea:visible").fill(text)
	# The framework draws its button anew when a field is left, and would miss a click that leaves it.
	page.keyboard.press("Tab")
	show(page, f"suggestion new {who}", language)
	page.get_by_role("button", name=said("Save", language)).locator("visible=true").click()
	page.wait_for_function("window.cur_frm && !cur_frm.is_new()")
	show(page, f"suggestion made {who}", language)
	name = page.evaluate("cur_frm.doc.name")
	assert text in page.locator(".frappe-control[data-fieldname=suggestion]").inner_text()

	qa = page_as(cast.qa, language, f"/app/group-suggestion/{name}")
	desk_is_ready(qa)
	qa.get_by_role("button", name=said("Answer", language), exact=True).locator("visible=true").click()
	dialog = qa.locator(".modal-dialog:visible")
	dialog.locator("textarea").fill("We will ask for it from Sunday on.")
	show(qa, "suggestion being answered", language)
	dialog.locator(".btn-modal-primary").click()
	qa.wait_for_function("cur_frm.doc.state === 'Answered'")
	show(qa, "suggestion answered", language)
	qa.get_by_role("button", name=said("Close", language), exact=True).locator("visible=true").first.click()
	qa.wait_for_function("cur_frm.doc.state === 'Closed'")
	frappe.db.rollback()
	assert frappe.db.get_value(SUGGESTION, name, "state") == "Closed"

	page.reload()
	desk_is_ready(page)
	show(page, f"suggestion closed {who}", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_qa_specialist_has_a_list_of_open_suggestions(
	page_as: Callable[..., Page], cast: casts.Cast, language: str
) -> None:
	page = page_as(cast.qa, language, "/app/group-suggestion")
	desk_is_ready(page)
	show(page, "suggestions", language)
	page.get_by_role("button", name=said("Open Suggestions", language)).click()
	desk_is_ready(page)
	show(page, "suggestions open", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_group_form_leads_to_the_directory(
	page_as: Callable[..., Page], cast: casts.Cast, language: str
) -> None:
	page = page_as(cast.agent, language, f"/app/hd-team/{quote(cast.group)}")
	desk_is_ready(page)
	page.locator(".inner-group-button", has_text=said("Core Helpdesk", language)).locator("button").click()
	show(page, "group form", language)
	with page.expect_popup() as opened:
		page.locator(".dropdown-item:visible", has_text=said("Show in the Directory", language)).click()
	opened.value.locator("article h1", has_text=cast.group).wait_for()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workspace_leads_to_the_directory(
	page_as: Callable[..., Page], cast: casts.Cast, language: str
) -> None:
	page = page_as(cast.qa, language, "/app/core-helpdesk")
	desk_is_ready(page)
	shortcut = page.locator(".shortcut-widget-box", has_text=said("Group Directory", language))
	shortcut.wait_for()
	page.locator(".number-widget-box", has_text=said("Waiting for Me", language)).first.wait_for()
	show(page, "workspace with the directory", language)
	before = len(page.context.pages)
	shortcut.click()
	page.wait_for_timeout(3000)
	landed = page.context.pages[-1] if len(page.context.pages) > before else page
	landed.wait_for_url(f"**{PATH}")
