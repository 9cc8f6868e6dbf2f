"""A claim on the screens of the officer who makes it, the supervisor, the manager, and Customer Care who pays it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk import at_work
from core_helpdesk.setup import claim_workflow as flow
from tests.browser.looking import fits, said, settled, show
from tests.browser.screens import picture
from tests.site import claim_desk
from tests.site.tracing_desk import make_case

if TYPE_CHECKING:
	from collections.abc import Callable

	from playwright.sync_api import Page

LANGUAGES = ("en", "ar")
PHONE = {"width": 390, "height": 800}


@pytest.fixture(scope="module")
@at_work.the_app()
def desk(connection: None) -> frappe._dict:
	opened = claim_desk.make_claims_desk()
	frappe.db.commit()
	return opened


def path_of(claim: object) -> str:
	return f"/app/tracing-claim/{claim.name}"


def act(page: Page, action: str, language: str) -> None:
	page.locator(".actions-btn-group:visible button").first.click()
	page.locator(".actions-btn-group:visible .dropdown-item", has_text=said(action, language)).first.click()


def dialog_of(page: Page) -> object:
	dialog = page.locator(".modal-dialog:visible").last
	dialog.wait_for()
	page.wait_for_timeout(400)
	return dialog


def reached(page: Page, state: str, language: str) -> None:
	page.locator(".indicator-pill:visible", has_text=said(state, language)).first.wait_for()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_officer_makes_a_claim_from_its_case(
	page_as: Callable[..., Page], desk: frappe._dict, language: str
) -> None:
	case = make_case(desk, nature="Claim", claim_amount=1250, claim_currency="SAR", contents="A watch")
	frappe.db.commit()
	page = settled(page_as(desk.officer, language, f"/app/tracing-case/{case.name}"))
	page.evaluate("name => core_helpdesk.claims.make(name)", case.name)
	page.locator(".form-page:visible [data-fieldname=grounds] textarea").wait_for()
	show(page, "tracing claim new", language)
	assert page.evaluate("cur_frm.doc.amount") == 1250
	page.evaluate("cur_frm.save()")
	page.wait_for_function("!cur_frm.is_new() && cur_frm.ch_found")
	missing = said("Required Documents Not Received", language)
	page.locator(".form-message:visible", has_text=missing).first.wait_for()
	show(page, "tracing claim draft", language)
	page.set_viewport_size(PHONE)
	page.evaluate(
		"document.querySelector('.body-sidebar-container.expanded .collapse-sidebar-link')?.click()"
	)
	show(page, "tracing claim draft on a phone", language)
	assert fits(page)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_supervisor_approves_and_it_is_handed_over(
	page_as: Callable[..., Page], desk: frappe._dict, language: str
) -> None:
	claim = claim_desk.make_claim(desk)
	claim_desk.by_rest(desk.officer, claim.name, flow.SUPERVISOR_APPROVAL)
	frappe.db.commit()
	page = settled(page_as(desk.supervisor, language, path_of(claim)))
	page.wait_for_function("cur_frm && cur_frm.ch_found")
	show(page, "tracing claim for the supervisor", language)
	act(page, flow.APPROVE, language)
	dialog = dialog_of(page)
	show(page, "tracing claim question", language)
	dialog.locator(".btn-primary:visible").click()
	reached(page, flow.HANDED_OVER, language)
	show(page, "tracing claim handed over", language)
	frappe.db.rollback()
	assert claim_desk.fresh(claim).workflow_state == flow.HANDED_OVER


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_manager_refuses_with_a_reason_or_thinks_better_of_it(
	page_as: Callable[..., Page], desk: frappe._dict, language: str
) -> None:
	claim = claim_desk.make_claim(desk, amount=5000)
	claim_desk.by_rest(desk.officer, claim.name, flow.SUPERVISOR_APPROVAL)
	claim_desk.by_rest(desk.supervisor, claim.name, flow.MANAGER_APPROVAL)
	frappe.db.commit()
	page = settled(page_as(desk.manager, language, path_of(claim)))
	page.wait_for_function("cur_frm && cur_frm.ch_found")
	show(page, "tracing claim for the manager", language)
	for answer in ("", claim_desk.REASON):
		act(page, flow.REFUSE, language)
		dialog = dialog_of(page)
		if not answer:
			dialog.locator(".btn-modal-close").click()
			dialog.wait_for(state="hidden")
			continue
		dialog.locator("textarea").fill(answer)
		dialog.locator(".btn-primary:visible").click()
	reached(page, flow.REFUSED, language)
	show(page, "tracing claim refused", language)
	frappe.db.rollback()
	stored = claim_desk.fresh(claim)
	assert (stored.workflow_state, stored.decision_reason) == (flow.REFUSED, claim_desk.REASON)


@pytest.mark.parametrize("language", LANGUAGES)
def test_customer_care_finds_everything_and_pays(
	page_as: Callable[..., Page], desk: frappe._dict, language: str
) -> None:
	case = make_case(desk)
	claim_desk.make_file(desk.officer, attached_to_doctype="Tracing Case", attached_to_name=case.name)
	claim = claim_desk.handed_over(desk, case)
	frappe.db.commit()
	page = settled(page_as(desk.carer, language, path_of(claim)))
	page.wait_for_function("cur_frm && cur_frm.ch_found")
	show(page, "tracing claim for customer care", language)
	act(page, flow.PAY, language)
	dialog = dialog_of(page)
	dialog.locator("[data-fieldname=payment_reference] input").fill("TT 4711")
	show(page, "tracing claim payment", language)
	dialog.locator(".btn-primary:visible").click()
	reached(page, flow.PAID, language)
	show(page, "tracing claim paid", language)
	frappe.db.rollback()
	assert claim_desk.fresh(claim).payment_reference == "TT 4711"


def test_the_ticket_brings_the_facts_to_customer_care_and_the_claim_the_files(
	page_as: Callable[..., Page], desk: frappe._dict
) -> None:
	case = make_case(desk)
	file = claim_desk.make_file(desk.officer, attached_to_doctype="Tracing Case", attached_to_name=case.name)
	claim = claim_desk.handed_over(desk, case)
	frappe.db.commit()
	page = page_as(desk.carer, "en", f"/helpdesk/tickets/{claim.ticket}")
	page.get_by_text(f"Approved claim {claim.name}").first.wait_for()
	page.wait_for_timeout(1500)
	picture(page, "tracing claim on the ticket", "en")
	name = file.file_name.partition(".")[0]
	# Every agent may read what hangs on a comment.
	assert not page.get_by_text(name).count()
	page = settled(page_as(desk.carer, "en", path_of(claim)))
	page.locator(".form-attachments").get_by_text(name).first.wait_for()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_shows_states_and_what_waits_for_whom(
	page_as: Callable[..., Page], desk: frappe._dict, language: str
) -> None:
	for state in flow.STATES:
		claim_desk.put_into(desk, claim_desk.make_claim(desk), state)
	frappe.db.commit()
	page = settled(page_as(desk.supervisor, language, "/app/tracing-claim"))
	page.locator(".list-row .indicator-pill").first.wait_for()
	show(page, "tracing claims", language)
	page.get_by_role("button", name=said("Waiting for Me", language)).click()
	page.wait_for_load_state("networkidle")
	page.wait_for_timeout(500)
	shown = {text.strip() for text in page.locator(".list-row .indicator-pill").all_inner_texts()}
	assert shown == {said(flow.SUPERVISOR_APPROVAL, language)}
