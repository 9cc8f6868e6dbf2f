"""The impact study on the form of a request: asked for, read, and decided on, in both languages and on a phone."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk import config
from core_helpdesk.governance import impact_progress, request_impact
from core_helpdesk.governance import request_kinds as kinds
from core_helpdesk.setup import workflows as flow
from tests.browser.looking import fits, said, settled, show
from tests.site import request_desk
from tests.site.courier import set_settings
from tests.site.factories import make_ticket

if TYPE_CHECKING:
	from collections.abc import Callable, Iterator

	from frappe.model.document import Document
	from playwright.sync_api import Page

LANGUAGES = ("en", "ar")
# High enough for the whole form: the page itself does not scroll.
PHONE, WIDE = {"width": 390, "height": 3000}, {"width": 1440, "height": 2200}
SAME_PLACE = (
	"{0} has the same country ({1}), department ({2}) and group category ({3}), and takes {4} as well."
)
NOT_THE_STANDARD = "{0} instead of {1}, the Standard of {2} for {3} and {4}."
LONG = "Returned parcels of the northern and eastern provinces that nobody was at home for"


@pytest.fixture(scope="module")
def desk(connection: None) -> request_desk.Desk:
	"""Tickets of a fortnight: every third was solved within the day, the others are still open."""
	opened = request_desk.open_desk(mode="Off")
	# Whoever asks must answer for each group of a study to see it.
	other = frappe.get_doc("HD Team", opened.other_group)
	other.update({"ch_department": opened.department, "ch_category": None})
	other.save()
	for number in range(30):
		group = opened.home if number % 2 else opened.other_group
		ticket_type = opened.other_type if number < 24 else opened.ticket_type
		name = make_ticket(group=group, ticket_type=ticket_type).name
		made = frappe.utils.add_to_date(frappe.utils.now_datetime(), days=-14, hours=5 * number)
		values = {"creation": made}
		if number % 3 == 0:
			solved = frappe.utils.add_to_date(made, hours=3)
			values |= {"status": "Resolved", "resolution_date": solved}
		frappe.db.set_value("HD Ticket", name, values, update_modified=False)
	frappe.db.commit()
	return opened


@pytest.fixture
def no_country_of_its_own() -> Iterator[None]:
	"""A site without a default country: a group of a country without a calendar has no hours then."""
	before = frappe.db.get_single_value(config.SETTINGS, "default_country")
	set_settings(default_country=None)
	frappe.db.commit()
	yield
	set_settings(default_country=before)
	frappe.db.commit()


def request_for(desk: request_desk.Desk, *, by: str = "", **values: object) -> Document:
	why = {"deviation_reason": "Returns are perishable.", "valid_until": "2099-01-31"}
	asked = {"escalation_hours": 8, "team_name": f"{LONG} {frappe.generate_hash(length=4)}", **why}
	made = request_desk.make_request(desk, kinds.NEW_GROUP, by=by, **{**asked, **values})
	frappe.db.commit()
	return made


def opened(page_as: Callable[..., Page], user: str, language: str, request: Document) -> Page:
	page = page_as(user, language, f"/app/group-request/{request.name}")
	page.set_viewport_size(WIDE)
	page.locator(".ch-impact").wait_for()
	return settled(page)


def longest_piece(sentence: str) -> str:
	"""What stands in a sentence between two of its values."""
	return max(re.split(r"\{\d\}", sentence), key=len).strip()


@pytest.mark.parametrize("language", LANGUAGES)
def test_whoever_asks_studies_the_impact_on_the_form(
	page_as: Callable[..., Page], desk: request_desk.Desk, language: str
) -> None:
	request = request_for(desk, takes_from=[{"team": desk.home}, {"team": desk.other_group}])
	page = opened(page_as, desk.head, language, request)
	show(page, "impact not studied", language)
	page.locator(".ch-impact .study").click()
	page.locator(".ch-impact table.rows").first.wait_for()
	show(page, "impact studied", language)
	received = page.locator(".ch-impact table.rows tbody tr").first.locator("td")
	assert [text.strip() for text in received.all_inner_texts()] == ["0", "24", "+24"]
	assert page.locator(".ch-impact .chart svg").count() == 1
	page.locator("[data-ch-chart=weekdays]").click()
	page.wait_for_function("document.querySelectorAll('.ch-impact .chart svg .bar').length === 14")
	page.set_viewport_size(PHONE)
	page.reload(wait_until="domcontentloaded")
	page.locator(".ch-impact .chart svg").wait_for()
	show(page, "impact studied on a phone", language)
	assert fits(page)
	page.evaluate("document.documentElement.setAttribute('data-theme', 'dark')")
	show(page, "impact studied in the dark", language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_who_decides_sees_checks_and_impact_above_the_form_and_is_done_in_three_clicks(
	page_as: Callable[..., Page], desk: request_desk.Desk, language: str
) -> None:
	abroad = {"country": request_desk.AE, "head": desk.head_abroad, "ticket_type": desk.ticket_type}
	request = request_for(desk, by=desk.head_abroad, takes_from=[{"team": desk.home}], **abroad)
	request_desk.by_form(desk.head_abroad, request.name, flow.SUBMIT)
	request_desk.by_form(desk.qa, request.name, flow.SEND)
	frappe.db.commit()
	subject = request_desk.notices_to(desk.manager, request.name)[-1]
	page = settled(page_as(desk.manager, language, "/app"))
	page.set_viewport_size(WIDE)
	page.locator(".notifications-icon, .standard-sidebar-item:has-text('Notification')").first.click()
	page.locator(".notification-item, .recent-item", has_text=request.team_name[:40]).first.click()
	page.locator(".ch-summary-line").nth(2).wait_for()
	show(page, "impact for the manager", language)
	assert subject
	summary = page.locator(".ch-summary").inner_text()
	for text in (SAME_PLACE, NOT_THE_STANDARD):
		assert longest_piece(said(text, language)) in summary
	assert said("Tickets the group receives", language) in summary
	above = page.locator(".ch-summary").bounding_box()["y"]
	assert above < page.locator("[data-fieldname=team_name]").first.bounding_box()["y"]
	page.locator(".actions-btn-group button:visible").first.click()
	page.locator(
		".actions-btn-group .dropdown-item:visible", has_text=said("Approve", language)
	).first.click()
	page.locator(".indicator-pill", has_text=said("Approved", language)).first.wait_for()
	frappe.db.rollback()
	assert request_desk.fresh(request).workflow_state == flow.APPROVED


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_to_show_says_so(
	page_as: Callable[..., Page], desk: request_desk.Desk, language: str
) -> None:
	abroad = {"country": request_desk.AE, "takes_from": [{"team": desk.abroad}]}
	request = request_for(desk, by=desk.head_abroad, **abroad)
	page = opened(page_as, desk.head_abroad, language, request)
	page.locator(".ch-impact .study").click()
	page.locator(".ch-impact .headline").wait_for()
	show(page, "impact empty", language)
	expected = said("No ticket of the last {0} days would have come to this group.", language).format(90)
	assert expected in page.locator(".ch-impact .headline").inner_text()
	assert not page.locator(".ch-impact table").count()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.usefixtures("no_country_of_its_own")
def test_a_study_under_way_shows_how_far_it_is_and_one_that_failed_why(
	page_as: Callable[..., Page], desk: request_desk.Desk, language: str
) -> None:
	request = request_for(desk, clock_kind="Working Time", country="France", takes_from=[{"team": desk.home}])
	under_way(request, done=37)
	page = opened(page_as, desk.qa, language, request)
	assert said("{0} % done", language).format(37) in page.locator(".ch-impact .running").inner_text()
	show(page, "impact under way", language)
	request_impact.carry_out(request.name, "run")
	frappe.db.commit()
	# Nothing but asking again tells the form.
	page.locator(".ch-impact .study:not([disabled])").wait_for()
	show(page, "impact failed", language)
	assert said("Try Again", language) in page.locator(".ch-impact .study").inner_text()
	assert said("The study failed", language) in page.locator(".ch-impact").inner_text()


def under_way(request: Document, done: int) -> None:
	now = config.now_epoch()
	asked = {"run": "run", "by": request.requested_by, "at": now, "days": 90, "basis": ""}
	request_impact.write(request, request_impact.RUNNING, {"asked": asked})
	beat = impact_progress.Beat(run="run", at=now, done=done, total=100)
	impact_progress.keep(request.name, beat)
	frappe.db.commit()
