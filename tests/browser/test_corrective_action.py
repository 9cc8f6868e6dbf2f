"""Corrective actions as those see them who decide on them and who are to do them, on a desk and on a phone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk import at_work
from core_helpdesk.setup import monthly_workflow as flow
from tests.browser.looking import DIRECTION, RACES_OF_THE_FRAMEWORK, fits, said, settled
from tests.browser.screens import picture
from tests.site import monthly_desk as desks
from tests.site.factories import make_agent
from tests.site.moments import moment_of_all

if TYPE_CHECKING:
	from collections.abc import Callable, Iterator

	from playwright.sync_api import Page

PHONE = {"width": 390, "height": 800}
MANY_USERS = 10_000
# A description stands a moment after what was chosen.
SAID = 1500
EFFECT = "[data-fieldname=effect_html] p"

both = pytest.mark.parametrize("language", ("en", "ar"))


@pytest.fixture(scope="module")
def desk(address: str) -> Iterator[frappe._dict]:
	"""A report of March 2026 that was sent and signed, with an action that is overdue."""
	frappe.local.conf = frappe._dict(frappe.get_site_config(), throttle_user_limit=MANY_USERS)
	with pytest.MonkeyPatch.context() as patch, at_work.the_app():
		moments = moment_of_all(patch, "2026-03-01 09:00")
		desks.forget_reports()
		opened = desks.make_monthly_desk(next(moments))
		opened.worker = make_agent()
		opened.report = desks.sent_to(opened.own_head, opened).name
		report = frappe.get_doc(desks.DOCTYPE, opened.report)
		decided = {"responsible": opened.worker, "department": opened.other, "measure": "escalated"}
		opened.action = desks.decide(opened.manager, report, **decided)
		desks.take(opened.general_manager, report, flow.SIGN)
	frappe.db.commit()
	return opened


def show(page: Page, title: str, language: str) -> None:
	settled(page)
	picture(page, title, language)
	assert page.evaluate("document.documentElement.dir || 'ltr'") == DIRECTION[language]
	assert [failure for failure in page.failures if failure not in RACES_OF_THE_FRAMEWORK] == []


@both
def test_who_is_to_do_it_reads_it_in_their_language(
	page_as: Callable[..., Page], desk: frappe._dict, language: str
) -> None:
	page = page_as(desk.worker, language, f"/app/corrective-action/{desk.action}")
	page.locator(EFFECT).first.wait_for()
	show(page, "corrective action of its owner", language)
	text = page.locator(".form-page").inner_text()
	assert said(flow.TSM_REPORT, language) in text
	assert "2026-03" not in text
	assert page.get_by_role("button", name=said("Mark as Done", language)).count()
	page.set_viewport_size(PHONE)
	page.reload(wait_until="domcontentloaded")
	page.locator(EFFECT).first.wait_for()
	ask = page.locator(".ch-asks").get_by_role("button", name=said("Mark as Done", language))
	ask.wait_for()
	show(page, "corrective action on a phone", language)
	assert fits(page)
	ask.click()
	page.locator(".modal.show .modal-title", has_text=said("Mark as Done", language)).wait_for()
	picture(page, "marking an action as done on a phone", language)


@both
def test_who_decides_sees_the_value_of_now(
	page_as: Callable[..., Page], desk: frappe._dict, language: str
) -> None:
	page = page_as(desk.manager, language, f"/app/monthly-report/{desk.report}")
	page.get_by_role("button", name=said("Decide on an Action", language)).click()
	dialog = page.locator(".modal.show")
	dialog.locator("[data-fieldname=measure] select").select_option("escalated")
	page.wait_for_timeout(SAID)
	show(page, "deciding on a corrective action", language)
	assert dialog.locator("[data-fieldname=measure] .help-box b").inner_text() == "2"


@both
def test_the_report_says_who_signed_as_what(
	page_as: Callable[..., Page], desk: frappe._dict, language: str
) -> None:
	page = page_as(desk.manager, language, f"/app/monthly-report/{desk.report}")
	steps = page.locator("[data-fieldname=steps_taken] .grid-row", has_text=said("General Manager", language))
	steps.first.wait_for()
	page.locator("[data-fieldname=figures_html] table").first.wait_for()
	picture(page, "monthly report signed", language)
	steps.first.scroll_into_view_if_needed()
	show(page, "steps of a monthly report", language)


@both
def test_the_list_of_actions(page_as: Callable[..., Page], desk: frappe._dict, language: str) -> None:
	page = page_as(desk.qa, language, "/app/corrective-action")
	page.locator(".frappe-list .list-row-container .list-row").first.wait_for()
	name = frappe.db.get_value("User", desk.worker, "full_name")
	page.locator(".list-row [data-filter^='responsible']", has_text=name).first.wait_for()
	show(page, "corrective actions", language)
