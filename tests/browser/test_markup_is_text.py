"""What people and mail servers wrote on an escalation shows as text, also where it was stored as it came."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk import config
from core_helpdesk.escalations import actions
from core_helpdesk.setup.demo import cast
from tests.browser.looking import Eyes, look, tell_month

if TYPE_CHECKING:
	from collections.abc import Callable

	from playwright.sync_api import Page

ESCALATION = "Ticket Escalation"
MARKUP = "<img src=x onerror=\"document.title = 'Taken'\">"
# A text in this shape is JSON to the framework, which leaves such alone.
WRITINGS = (MARKUP, json.dumps([MARKUP]), "a < b")


@pytest.fixture(scope="module", autouse=True)
def month(address: str) -> None:
	tell_month()


def written_on() -> str:
	"""An escalation with such texts in each place, said through the actions and stored by an earlier release."""
	filters = {"status": ("in", ("Received", "Head Contacted"))}
	name = frappe.get_all(ESCALATION, filters, pluck="name", order_by="escalated_epoch desc", limit=1)[0]
	frappe.set_user(cast.user("tsm"))
	for text in WRITINGS:
		actions.add_note(name, text, config.now_epoch())
	actions.fail(name, MARKUP, config.now_epoch())
	frappe.set_user("Administrator")
	last = frappe.get_all("Escalation Follow Up", {"parent": name, "kind": "Failed"}, pluck="name")[0]
	frappe.db.set_value("Escalation Follow Up", last, "note", f"Stored as it came {MARKUP}")
	copy = frappe.get_all("Escalation Recipient", {"parent": name}, pluck="name")[0]
	frappe.db.set_value("Escalation Recipient", copy, "why_not", f"<someone@example.com> refused {MARKUP}")
	frappe.db.commit()
	return name


def test_no_text_on_an_escalation_becomes_part_of_the_page(page_as: Callable[..., Page]) -> None:
	name = written_on()
	page = look(page_as, Eyes("qa", "en"), f"/app/ticket-escalation/{name}", "escalation with markup")
	log = page.locator("[data-fieldname=follow_up] .grid-body")
	log.get_by_text("Stored as it came <img").wait_for()
	assert "a < b" in log.inner_text()
	log.locator(".grid-row").last.locator(".btn-open-row, .row-index").first.click()
	page.locator("[data-fieldname=follow_up] .form-in-grid").get_by_text("Stored as it came").first.wait_for()
	page.wait_for_load_state("networkidle")
	assert page.locator("img[src=x]").count() == 0
	assert "Taken" not in page.title()
	assert page.failures == []
