"""The reports of a month as their people see them: form, list, steps, actions, on a phone and in print."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk import at_work
from core_helpdesk.setup import monthly_workflow as flow
from tests.benches.found import BUILD
from tests.benches.workplace import present
from tests.browser.looking import DIRECTION, RACES_OF_THE_FRAMEWORK, fits, said, settled
from tests.browser.screens import picture
from tests.site import monthly_desk as desks
from tests.site.moments import moment_of_all
from tests.site.monthly_desk import DOCTYPE, make

if TYPE_CHECKING:
	from collections.abc import Callable, Iterator

	from playwright.sync_api import Page

LANGUAGES = ("en", "ar")
PHONE = {"width": 390, "height": 800}
MANY_USERS = 10_000
# Charts grow for a moment.
GROWN = 1500
FIGURES = "[data-fieldname=figures_html] table"
PAPER = "/api/method/core_helpdesk.monthly_api.paper"
FETCHED = """async (path) => {
	const bytes = new Uint8Array(await (await fetch(path)).arrayBuffer());
	return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}"""

both = pytest.mark.parametrize("language", LANGUAGES)


@pytest.fixture(scope="module")
def desk(address: str) -> Iterator[frappe._dict]:
	"""March 2026 with its three reports, and an action on the first."""
	# Serving the site has given it an address, which the mode is confirmed for.
	frappe.local.conf = frappe._dict(frappe.get_site_config(), throttle_user_limit=MANY_USERS)
	with pytest.MonkeyPatch.context() as patch, at_work.the_app():
		moments = moment_of_all(patch, "2026-03-01 09:00")
		desks.forget_reports()
		opened = desks.make_monthly_desk(next(moments))
		opened.reports = {kind: make(kind).name for kind in flow.KINDS}
	frappe.db.commit()
	return opened


def show(page: Page, title: str, language: str) -> None:
	settled(page)
	page.wait_for_timeout(GROWN)
	picture(page, title, language)
	assert page.evaluate("document.documentElement.dir || 'ltr'") == DIRECTION[language]
	assert [failure for failure in page.failures if failure not in RACES_OF_THE_FRAMEWORK] == []


def path_of(desk: frappe._dict, kind: str) -> str:
	return f"/app/monthly-report/{desk.reports[kind]}"


@both
@pytest.mark.parametrize("kind", flow.KINDS)
def test_a_report_is_read(page_as: Callable[..., Page], desk: frappe._dict, kind: str, language: str) -> None:
	page = page_as(desk.manager, language, path_of(desk, kind))
	page.locator(FIGURES).first.wait_for()
	show(page, f"monthly report {kind}", language)
	assert page.locator(".page-title", has_text=said(kind, language)).count()
	page.locator("[data-fieldname=actions_html]").scroll_into_view_if_needed()
	picture(page, f"monthly report end {kind}", language)


@both
def test_it_is_read_on_a_phone(page_as: Callable[..., Page], desk: frappe._dict, language: str) -> None:
	page = page_as(desk.manager, language, path_of(desk, flow.QA_REPORT))
	page.set_viewport_size(PHONE)
	page.reload(wait_until="domcontentloaded")
	page.locator(FIGURES).first.wait_for()
	show(page, "monthly report on a phone", language)
	assert fits(page)


@both
def test_its_steps_are_in_sight_on_a_phone(
	page_as: Callable[..., Page], desk: frappe._dict, language: str
) -> None:
	"""Policy: QA-M1"""
	page = page_as(desk.qa, language, path_of(desk, flow.QA_REPORT))
	page.set_viewport_size(PHONE)
	page.reload(wait_until="domcontentloaded")
	ask = page.locator(".ch-asks").get_by_role("button", name=said("Submit Report", language))
	ask.wait_for()
	show(page, "steps of a monthly report on a phone", language)
	asked = page.locator(".ch-asks").inner_text()
	assert said("Write your comment below the figures, then:", language) in asked
	assert fits(page)
	ask.click()
	question = page.locator(".modal.show .modal-body")
	question.get_by_text(said(flow.QA_REPORT, language)).wait_for()
	page.wait_for_timeout(GROWN)
	picture(page, "question of a step on a phone", language)


@both
def test_what_was_made_long_after_its_month_is_kept_on_record(
	page_as: Callable[..., Page], desk: frappe._dict, language: str
) -> None:
	name = desk.reports[flow.TSM_REPORT]
	made_on = frappe.db.get_value(DOCTYPE, name, "made_on")
	frappe.db.set_value(DOCTYPE, name, "made_on", "2026-05-02 08:00:00")
	frappe.db.commit()
	try:
		page = page_as(desk.tsm[0], language, f"/app/monthly-report?name={name}")
		pill = page.locator(".list-row .indicator-pill", has_text=said("Kept on Record", language)).first
		pill.wait_for()
		assert "gray" in pill.get_attribute("class")
		show(page, "monthly reports kept on record", language)
		page.goto(page.url.split("/app/")[0] + path_of(desk, flow.TSM_REPORT), wait_until="domcontentloaded")
		page.locator(".ch-asks").wait_for()
		show(page, "monthly report kept on record", language)
		badge = page.locator(".page-head .indicator-pill:visible", has_text=said("Kept on Record", language))
		badge.first.wait_for()
		assert not page.locator('[data-fieldname="workflow_state"]:visible').count()
	finally:
		frappe.db.set_value(DOCTYPE, name, "made_on", made_on)
		frappe.db.commit()


@both
def test_the_list_says_for_whom_they_wait(
	page_as: Callable[..., Page], desk: frappe._dict, language: str
) -> None:
	page = page_as(desk.qa, language, "/app/monthly-report")
	page.locator(".frappe-list .list-row-container .list-row").first.wait_for()
	show(page, "monthly reports", language)
	assert page.get_by_text(waits("To Be Sent", language), exact=True).count()


def waits(text: str, language: str) -> str:
	return frappe._(text, lang=language, context=DOCTYPE)


@both
@pytest.mark.parametrize("kind", flow.KINDS)
def test_a_report_is_printed(
	page_as: Callable[..., Page], desk: frappe._dict, kind: str, language: str
) -> None:
	where = f"/printview?doctype=Monthly%20Report&name={desk.reports[kind]}&format=Monthly%20Report&_lang={language}"
	page = page_as(desk.manager, language, where)
	page.locator(".ch-month").wait_for()
	picture(page, f"monthly report print {kind}", language)
	folder = BUILD / "screenshots" / present().bench.name
	name = f"print-{desk.reports[kind]}-{language}"
	page.pdf(path=folder / f"{name}.pdf", prefer_css_page_size=True)
	assert (folder / f"{name}.pdf").stat().st_size > 10_000
	assert page.failures == []


@both
def test_its_paper_comes_by_a_button(page_as: Callable[..., Page], desk: frappe._dict, language: str) -> None:
	page = page_as(desk.manager, language, path_of(desk, flow.QA_REPORT))
	page.locator(FIGURES).first.wait_for()
	page.get_by_role("button", name=said("Report as PDF", language)).wait_for()
	paper = base64.b64decode(page.evaluate(FETCHED, f"{PAPER}?report={desk.reports[flow.QA_REPORT]}"))
	assert paper.startswith(b"%PDF-")
	folder = BUILD / "screenshots" / present().bench.name
	(folder / f"paper-{desk.reports[flow.QA_REPORT]}-{language}.pdf").write_bytes(paper)


def test_an_action_is_decided_on(page_as: Callable[..., Page], desk: frappe._dict) -> None:
	page = page_as(desk.manager, "en", path_of(desk, flow.TSM_REPORT))
	page.get_by_role("button", name="Decide on an Action").click()
	dialog = page.locator(".modal.show")
	dialog.locator("[data-fieldname=what] textarea").fill("Train the night shift")
	dialog.locator("[data-fieldname=responsible] input").fill(desk.qa)
	dialog.locator("[data-fieldname=measure] select").select_option("escalated")
	page.wait_for_timeout(GROWN)
	picture(page, "monthly report deciding", "en")
	dialog.locator("[data-fieldname=due_on] input").fill("2099-12-31")
	page.evaluate(
		"cur_dialog.set_values({due_on: '2099-12-31', responsible: arguments_user})".replace(
			"arguments_user", repr(desk.qa)
		)
	)
	page.wait_for_timeout(GROWN)
	dialog.get_by_role("button", name="Record").click()
	page.locator("[data-fieldname=actions_html]", has_text="Train the night shift").wait_for()
	show(page, "monthly report with an action", "en")
	frappe.db.rollback()
	name = frappe.db.get_value("Corrective Action", {"from_report": desk.reports[flow.TSM_REPORT]})
	for language in LANGUAGES:
		own = page_as(desk.qa, language, f"/app/corrective-action/{name}")
		own.locator("[data-fieldname=effect_html] p").first.wait_for()
		show(own, "corrective action", language)


def test_a_report_is_submitted_and_returned(page_as: Callable[..., Page], desk: frappe._dict) -> None:
	page = page_as(desk.qa, "en", path_of(desk, flow.QA_REPORT))
	page.locator(".ch-asks").get_by_role("button", name="Submit Report").click()
	page.get_by_role("button", name="Yes").click()
	page.locator(".indicator-pill", has_text="To Be Reviewed").first.wait_for()
	show(page, "monthly report submitted", "en")
	manager = page_as(desk.manager, "en", path_of(desk, flow.QA_REPORT))
	take(manager, "Return to Maker")
	manager.locator(".modal.show [data-fieldname=reason] textarea").fill("Say why the night was slow")
	manager.locator(".modal.show .btn-primary:visible").click()
	manager.locator(".indicator-pill", has_text="To Be Submitted").first.wait_for()
	show(manager, "monthly report returned", "en")
	frappe.db.rollback()
	assert frappe.db.get_value(DOCTYPE, desk.reports[flow.QA_REPORT], "workflow_state") == flow.MADE


@both
def test_the_list_has_the_colours_of_the_form(
	page_as: Callable[..., Page], desk: frappe._dict, language: str
) -> None:
	"""Not the framework's own of the state, of which one is paler."""
	name = desk.reports[flow.QA_REPORT]
	before = frappe.db.get_value(DOCTYPE, name, "workflow_state")
	frappe.db.set_value(DOCTYPE, name, "workflow_state", flow.REVIEWED)
	frappe.db.commit()
	try:
		page = page_as(desk.general_manager, language, f"/app/monthly-report?name={name}")
		words = waits("To Be Signed", language)
		pill = page.locator(".list-row .indicator-pill", has_text=words).first
		pill.wait_for()
		assert {"blue", "light-blue"} & set(pill.get_attribute("class").split()) == {"blue"}
	finally:
		frappe.db.set_value(DOCTYPE, name, "workflow_state", before)
		frappe.db.commit()


def take(page: Page, action: str) -> None:
	page.locator(FIGURES).first.wait_for()
	page.locator(".actions-btn-group").get_by_role("button").first.click()
	page.locator(".actions-btn-group .dropdown-item", has_text=action).click()
