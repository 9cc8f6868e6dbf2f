"""The Desk in the middle of a courier's month: each person sees their work, and can do it by the buttons offered."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk import config
from core_helpdesk.escalations import actions, going_live
from core_helpdesk.setup.demo import cast
from tests.browser.looking import Eyes, look, look_on, route_of, said, tell_month
from tests.browser.screens import desk_is_ready, picture

if TYPE_CHECKING:
	from collections.abc import Callable, Iterator

	from playwright.sync_api import Page

LANGUAGES = ("en", "ar")
MANY = 500
ESCALATION = "Ticket Escalation"
OPEN = ("Received", "Head Contacted")
FIRST_LETTER_IS_SEEN = """(link) => {
	const letter = document.createRange();
	letter.setStart(link.firstChild, 0);
	letter.setEnd(link.firstChild, 1);
	const [first, cell] = [letter, link.closest(".list-row-col")].map((part) => part.getBoundingClientRect());
	return first.left >= cell.left - 1 && first.right <= cell.right + 1;
}"""
LISTS = (
	"Ticket Escalation",
	"Ticket Clock",
	"Ticket Leg",
	"Escalation Finding",
	"Escalation Policy",
	"Escalation Effect",
	"Group Category",
	"Core Department",
	"Working Calendar",
)
FORMS = (
	"Escalation Policy",
	"Group Category",
	"Core Department",
	"Working Calendar",
	"Ticket Clock",
	"Ticket Leg",
)


@pytest.fixture(scope="module", autouse=True)
def month(address: str) -> None:
	tell_month()


def open_escalation(**wanted: object) -> frappe._dict:
	"""An escalation that TSM is working on."""
	filters = {"status": ("in", ("Received", "Head Contacted")), **wanted}
	fields = ["name", "reference_name", "head", "tsm_owner", "acknowledged_on", "level", "team"]
	found = frappe.get_all(ESCALATION, filters, fields, order_by="escalated_epoch desc", limit=1)
	assert found, "the month has no open escalation"
	return found[0]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("person", ("tsm", "head.operations.sa", "gm", "qa", "system.manager"))
def test_the_workspace_shows_the_month(page_as: Callable[..., Page], person: str, language: str) -> None:
	page = look(page_as, Eyes(person, language), "/app/core-helpdesk", "workspace")
	page.get_by_text(said("Live", language), exact=True).first.wait_for()


def test_cards_count_what_the_reader_may_read(page_as: Callable[..., Page]) -> None:
	page = look(page_as, Eyes("tsm", "en"), "/app/core-helpdesk", "cards of tsm")
	shown = page.locator(".number-widget-box", has_text="Open Escalations").locator(".number").inner_text()
	assert int(shown) == frappe.db.count(ESCALATION, {"status": ("in", ("Received", "Head Contacted"))})


@pytest.mark.parametrize("language", LANGUAGES)
def test_lists_show_their_rows_with_indicators(page_as: Callable[..., Page], language: str) -> None:
	eyes = Eyes("qa", language)
	page = look(page_as, eyes, "/app/core-helpdesk", "before the lists")
	for doctype in LISTS:
		look_on(page, eyes, route_of(doctype), f"list {doctype}")
		page.locator(".list-row").first.wait_for()
		# A row that swells is how a column's name that is also a style of the list shows.
		assert page.locator(".list-row").first.bounding_box()["height"] < 80, doctype


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("person", ("tsm", "csm", "qa", "gm"))
def test_an_escalation_says_who_has_it_and_how_much_time_is_left(
	page_as: Callable[..., Page], person: str, language: str
) -> None:
	row = open_escalation()
	page = look(page_as, Eyes(person, language), route_of(ESCALATION, row.name), "escalation")
	page.locator("[data-ch-left]").wait_for()
	page.locator(".ch-conversation").wait_for()
	assert page.get_by_text(said("Why this deadline?", language)).count() >= 1


def test_a_tsm_agent_acknowledges_with_one_click(page_as: Callable[..., Page]) -> None:
	row = open_escalation(acknowledged_on=("is", "not set"))
	page = look(page_as, Eyes("tsm", "en"), route_of(ESCALATION, row.name), "before acknowledging")
	page.get_by_role("button", name="Acknowledge", exact=True).click()
	desk_is_ready(page)
	page.get_by_role("button", name="Acknowledge", exact=True).wait_for(state="detached")
	frappe.db.rollback()
	stored = frappe.db.get_value(ESCALATION, row.name, ["acknowledged_by", "acknowledged_on"], as_dict=True)
	assert stored.acknowledged_by == cast.user("tsm")
	assert stored.acknowledged_on
	assert page.failures == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_contact_with_the_head_is_logged_in_a_dialog(page_as: Callable[..., Page], language: str) -> None:
	row = open_escalation(head=("is", "set"))
	page = look(page_as, Eyes("tsm", language), route_of(ESCALATION, row.name), "before the contact")
	page.get_by_role("button", name=said("Follow-up", language)).click()
	page.locator(".dropdown-menu:visible").get_by_text(said("Head Contacted", language), exact=True).click()
	dialog = page.locator(".modal-dialog:visible")
	dialog.locator("textarea[data-fieldname=note]").fill(f"A driver is on the way ({language})")
	picture(page, "contact dialog", language)
	dialog.get_by_role("button", name=said("Save", language)).click()
	dialog.wait_for(state="hidden")
	frappe.db.rollback()
	logged = frappe.get_all(
		"Escalation Follow Up",
		{"parent": row.name, "kind": "Head Contacted", "note": f"A driver is on the way ({language})"},
		["by", "channel", "person"],
	)
	assert [entry.by for entry in logged] == [cast.user("tsm")]
	assert logged[0].channel == "Phone"
	assert page.failures == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_head_without_the_agent_role_reads_the_conversation_and_confirms(
	page_as: Callable[..., Page], language: str
) -> None:
	recipient = frappe.get_all(
		"Escalation Recipient",
		{"parenttype": ESCALATION, "capacity": "Department Head", "confirmed_on": ("is", "not set")},
		["parent", "user"],
		limit=1,
	)[0]
	person = next(person for person in cast.EVERYBODY if person.user == recipient.user)
	page = look(page_as, Eyes(person.key, language), route_of(ESCALATION, recipient.parent), "as head")
	page.locator(".ch-conversation").wait_for()
	page.get_by_role("button", name=said("Confirm Receipt", language), exact=True).click()
	page.get_by_role("button", name=said("Confirm Receipt", language), exact=True).wait_for(state="detached")
	frappe.db.rollback()
	named = {"parent": recipient.parent, "user": recipient.user}
	assert frappe.db.get_value("Escalation Recipient", named, "confirmed_on")
	assert page.failures == []


def test_only_the_actions_a_person_may_take_are_offered(page_as: Callable[..., Page]) -> None:
	row = open_escalation()
	page = look(page_as, Eyes("csm", "en"), route_of(ESCALATION, row.name), "actions of csm")
	escalation = frappe.get_doc(ESCALATION, row.name)
	allowed = actions.available(escalation, cast.user("csm"))
	assert "acknowledge" not in allowed
	assert page.get_by_role("button", name="Acknowledge", exact=True).count() == 0


def test_an_ordinary_agent_cannot_open_an_escalation(page_as: Callable[..., Page]) -> None:
	row = open_escalation()
	page = page_as(cast.user("agent.retail"), "en", route_of(ESCALATION, row.name))
	page.wait_for_function("window.frappe && frappe.boot")
	page.locator(".modal-dialog:visible").first.wait_for()
	picture(page, "escalation refused agent", "en")
	assert page.locator("[data-ch-left]").count() == 0
	assert page.locator(".ch-conversation").count() == 0


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("person", ("tsm", "agent.ae"))
def test_the_ticket_form_shows_the_timeline(page_as: Callable[..., Page], person: str, language: str) -> None:
	ticket = open_escalation().reference_name
	page = look(page_as, Eyes(person, language), route_of("HD Ticket", ticket), "ticket form")
	page.locator(".ch-timeline .ch-clock").wait_for()
	page.locator(".ch-timeline").scroll_into_view_if_needed()
	picture(page, f"timeline {person}", language)
	assert page.locator(".ch-timeline h6").first.inner_text() == said("Time with Each Group", language)


@pytest.fixture
def only_observing() -> Iterator[None]:
	going_live.switch(config.OBSERVE, config.now_epoch())
	frappe.db.commit()
	yield
	going_live.switch(config.LIVE, config.now_epoch())
	frappe.db.commit()


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_settings_form_previews_going_live(
	page_as: Callable[..., Page], language: str, only_observing: None
) -> None:
	page = look(page_as, Eyes("qa", language), "/app/core-helpdesk-settings", "observing settings")
	page.get_by_role("button", name=said("Mode", language)).first.click()
	page.get_by_text(said("Go Live", language), exact=True).first.click()
	page.locator(".modal-dialog:visible").get_by_role("button", name=said("Go Live", language)).wait_for()
	picture(page, "going live preview", language)
	assert page.failures == []


def test_going_live_is_not_offered_to_a_site_that_is(page_as: Callable[..., Page]) -> None:
	page = look(page_as, Eyes("qa", "en"), "/app/core-helpdesk-settings", "live settings")
	page.get_by_role("button", name="Mode").first.click()
	page.get_by_text("Switch Off", exact=True).first.wait_for()
	assert page.get_by_text("Go Live", exact=True).count() == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_list_of_escalations_is_the_work_still_open_and_the_nearest_end_first(
	page_as: Callable[..., Page], language: str
) -> None:
	page = look(page_as, Eyes("tsm", language), route_of(ESCALATION), "work of tsm")
	page.locator(".list-row .indicator-pill").first.wait_for()
	due = page.evaluate("cur_list.data.map((row) => row.answer_due_epoch)")
	expected = frappe.get_all(ESCALATION, {"status": ("in", OPEN)}, pluck="answer_due_epoch")
	assert due == sorted(expected)
	pills = page.locator(".list-row .list-row-col .indicator-pill").all_inner_texts()
	words = [said(text, language).replace("{0}", "").strip() for text in ("{0} left", "Overdue by {0}")]
	assert all(any(word in pill for word in words) for pill in pills), pills


def test_lists_in_arabic_lose_the_end_of_a_text_and_never_its_beginning(page_as: Callable[..., Page]) -> None:
	page = look(page_as, Eyes("tsm", "ar"), route_of("Ticket Clock"), "clocks in arabic")
	page.locator(".list-subject a[title*='·']").first.wait_for()
	subjects = page.locator(".list-subject a")
	for index in range(subjects.count()):
		link = subjects.nth(index)
		assert link.get_attribute("dir") == "auto"
		# Whatever the direction of the text, its first letter lies inside the cell.
		assert link.evaluate(FIRST_LETTER_IS_SEEN), link.inner_text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_new_calendar_holds_nothing_and_takes_the_name_of_its_country(
	page_as: Callable[..., Page], language: str
) -> None:
	page = look(page_as, Eyes("qa", language), route_of("Working Calendar", "new"), "new calendar")
	assert page.evaluate("[cur_frm.doc.country || '', cur_frm.doc.calendar_name || '']") == ["", ""]
	for country in ("Saudi Arabia", "Lebanon"):
		page.evaluate(
			"(country) => { cur_frm.doc.holidays = []; cur_frm.set_value('country', country); }", country
		)
		page.wait_for_function("(country) => cur_frm.doc.calendar_name === country", arg=country)
		# A country's days arrive with a whole form, the name and country of their asking in it.
		desk_is_ready(page)
	assert page.failures == []


def test_what_comes_next_is_one_button_on_a_phone(page_as: Callable[..., Page]) -> None:
	waiting = frappe.get_all(
		"Escalation Recipient",
		{"parenttype": ESCALATION, "confirmed_on": ("is", "not set"), "user": cast.user("tsm")},
		pluck="parent",
	)
	page = page_as(cast.user("tsm"), "en", route_of(ESCALATION, waiting[0]))
	page.set_viewport_size({"width": 390, "height": 844})
	page.reload(wait_until="domcontentloaded")
	button = page.locator(".page-head .primary-action:visible")
	button.wait_for()
	assert button.count() == 1
	box = button.bounding_box()
	assert box["x"] >= 0 and box["x"] + box["width"] <= 390


@pytest.mark.parametrize("language", LANGUAGES)
def test_forms_open_for_the_qa_specialist(page_as: Callable[..., Page], language: str) -> None:
	eyes = Eyes("qa", language)
	page = look(page_as, eyes, "/app/core-helpdesk", "before the forms")
	for doctype in FORMS:
		name = frappe.get_all(doctype, pluck="name", limit=1, order_by="creation asc")[0]
		look_on(page, eyes, route_of(doctype, name), f"form {doctype}")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_group_s_form_says_what_governs_it(page_as: Callable[..., Page], language: str) -> None:
	# As an agent: the framework's sidebar fails on a form of an app that its reader may not open.
	look(page_as, Eyes("tsm", language), route_of("HD Team", "Walk-in Counter Oman"), "group form")


def test_a_list_of_five_hundred_rows_opens(page_as: Callable[..., Page]) -> None:
	fields = [
		"name",
		"creation",
		"modified",
		"owner",
		"modified_by",
		"kind",
		"state",
		"subject_key",
		"details",
		"times",
	]
	latest = frappe.utils.now_datetime()
	written_by = ("Administrator", "Administrator")
	long_text = "The clock of a ticket with a very long story " * 12
	# Each its own moment: a list goes by it, and rows of the same one may stand on two of its pages, or on none.
	moments = [frappe.utils.add_to_date(latest, seconds=-n) for n in range(MANY)]
	rows = [
		(f"ch-many-{n:04}", moment, moment, *written_by, "Clock Put Aside", "Open", f"many-{n}", long_text, n)
		for n, moment in enumerate(moments)
	]
	frappe.db.bulk_insert("Escalation Finding", fields, rows)
	frappe.db.commit()
	page = look(page_as, Eyes("qa", "en"), route_of("Escalation Finding"), "many findings")
	page.locator(".list-paging-area .btn-paging[data-value='500']").click()
	desk_is_ready(page)
	page.wait_for_function(f"document.querySelectorAll('.list-row').length >= {MANY}")
	picture(page, "many findings all", "en")
	assert page.failures == []
