"""The printed forms of a case: its stored data in the language of the print, for who may read it, as text."""

from __future__ import annotations

import json

import frappe
import pytest
from bs4 import BeautifulSoup

from core_helpdesk.tracing import month_making
from tests.site import web
from tests.site.factories import as_user, make_agent, make_user
from tests.site.tracing_desk import HOME, make_case, make_tracing_desk, set_tracing
from tests.site.tracing_months import MONTH, at, busy_month

PRINT = f"{web.METHOD}/frappe.www.printview.get_html_and_style"
FORMS = ("Tracing Request", "Claim Form", "Proof of Delivery Request")
CASE, MONTHLY = "Tracing Case", "Tracing Monthly Report"
UAE = "United Arab Emirates"
MARKUP = '<img src=x onerror="alert(1)">'

every_form = pytest.mark.parametrize("form", FORMS)


@pytest.fixture
def desk() -> frappe._dict:
	return make_tracing_desk(
		required_documents=[
			{"nature": "Claim", "document": "Invoice of the contents", "document_ar": "فاتورة المحتويات"}
		]
	)


def page_of(user: str, name: str, form: str, language: str = "en", doctype: str = CASE) -> str:
	frappe.local.lang, before = language, frappe.local.lang
	frappe.local.jenv = None
	try:
		return web.get(user, PRINT, doc=doctype, name=name, print_format=form)["html"]
	finally:
		frappe.local.lang, frappe.local.jenv = before, None


def text_of(html: str) -> str:
	soup = BeautifulSoup(html, "html.parser")
	for style in soup.find_all("style"):
		style.decompose()
	return " ".join(soup.get_text(" ").split())


def claim_case(desk: frappe._dict, **data: object) -> object:
	values = {"nature": "Claim", "claim_amount": 1250, "claim_currency": "SAR", "contents": "Two watches"}
	return make_case(desk, **{**values, **data})


@every_form
def test_a_form_has_the_data_of_its_case(desk: frappe._dict, form: str) -> None:
	case = claim_case(desk)
	told = text_of(page_of(desk.officer, case.name, form))
	for value in (case.name, case.shipment_number, "Receiver of the Parcel", "Creek Street 2, Dubai", UAE):
		assert value in told, value
	assert form in told


def test_each_form_has_what_it_is_for(desk: frappe._dict) -> None:
	case = claim_case(desk)
	told = {form: text_of(page_of(desk.officer, case.name, form)) for form in FORMS}
	assert "1,250.00 SAR" in told["Claim Form"]
	assert "I declare" in told["Claim Form"]
	assert "Answer of the Tracing Office" in told["Tracing Request"]
	assert "Received By (Name)" in told["Proof of Delivery Request"]
	assert "1,250.00" not in told["Proof of Delivery Request"]


@every_form
def test_a_form_speaks_the_language_of_the_print(desk: frappe._dict, form: str) -> None:
	case = claim_case(desk)
	english, arabic = (page_of(desk.officer, case.name, form, language) for language in ("en", "ar"))
	assert BeautifulSoup(english, "html.parser").find(class_="ch-form")["dir"] == "ltr"
	page = BeautifulSoup(arabic, "html.parser").find(class_="ch-form")
	assert page["dir"] == "rtl"
	for part in (*page.find_all(["h1", "h2", "th"]), *page.find_all(class_=["ch-label", "ch-lead"])):
		assert not part.get_text().isascii(), part
	for part in page.select(".ch-reference span, .ch-signed div, .ch-foot"):
		assert not part.get_text().isascii(), part
	assert "الإمارات" in page.get_text()
	assert "فاتورة المحتويات" in page.get_text()


@every_form
def test_the_papers_and_files_of_the_case_are_listed(desk: frappe._dict, form: str) -> None:
	case = claim_case(desk)
	for name in ("letter of the customer.txt", "photo.txt"):
		values = {"file_name": name, "content": name, "is_private": 1}
		attached = {"attached_to_doctype": CASE, "attached_to_name": case.name}
		made = frappe.get_doc({"doctype": "File", **values, **attached}).insert()
	case.documents[0].update({"is_received": 1, "file": made.file_url})
	case.save()
	told = text_of(page_of(desk.officer, case.name, form))
	assert "Invoice of the contents" in told
	assert "letter of the customer" in told
	assert told.count("photo") == 1


@every_form
def test_what_people_wrote_is_text(desk: frappe._dict, form: str) -> None:
	names = ("consignee_name", "consignee_address", "description", "contents")
	case = claim_case(desk)
	for name in names:
		frappe.db.set_value(CASE, case.name, name, f"{MARKUP} {{{{ 7 * 7 }}}} {name}")
	html = page_of(desk.officer, case.name, form)
	assert BeautifulSoup(html, "html.parser").find("img") is None
	assert MARKUP in text_of(html)
	assert "{{ 7 * 7 }}" in text_of(html)


@every_form
def test_a_case_is_printed_by_who_reads_it_only(desk: frappe._dict, form: str) -> None:
	case = claim_case(desk)
	for user in (desk.officer, desk.supervisor):
		assert case.name in page_of(user, case.name, form)
	for user in (desk.officers["Egypt"], make_agent(), make_user("Customer Service Manager"), "Guest"):
		with pytest.raises((frappe.PermissionError, frappe.DoesNotExistError)):
			page_of(user, case.name, form)


@every_form
def test_nothing_of_another_case_is_printed_by_what_a_caller_sends(desk: frappe._dict, form: str) -> None:
	"""The framework prints a document as a caller sends it: its name and ticket may be another's."""
	foreign = claim_case(desk, consignee_name="Somebody Foreign", shipment_number="176-00000011")
	own = make_case(desk, team=desk.groups["Egypt"], destination_country="Egypt")
	officer = desk.officers["Egypt"]
	sent = {**own.as_dict(convert_dates_to_str=True), "name": foreign.name}
	with as_user(officer), pytest.raises((frappe.PermissionError, frappe.DoesNotExistError)):
		web.get(officer, PRINT, doc=json.dumps(sent, default=str), print_format=form)
	sent = {**own.as_dict(convert_dates_to_str=True), "ticket": foreign.ticket, "consignee_name": "Sent"}
	html = web.get(officer, PRINT, doc=json.dumps(sent, default=str), print_format=form)["html"]
	told = text_of(html)
	assert "Somebody Foreign" not in told
	assert str(foreign.ticket) not in told.split()
	assert "Receiver of the Parcel" in told


def test_a_form_of_a_template_asks_for_rights_too(desk: frappe._dict) -> None:
	case = claim_case(desk)
	with as_user(desk.officers["Egypt"]), pytest.raises(frappe.PermissionError):
		frappe.render_template('{{ tracing_form("' + case.name + '", "Claim Form").title }}', {})


def test_a_link_that_shares_another_print_opens_no_form(desk: frappe._dict) -> None:
	"""A key shares a print with whoever has it; the forms ask for the rights of a user."""
	case = claim_case(desk)
	key = case.get_document_share_key()
	frappe.db.set_value("Tracing Case", case.name, "modified", case.modified)
	frappe.form_dict.key = key
	try:
		with pytest.raises(frappe.PermissionError):
			page_of("Guest", case.name, "Claim Form")
	finally:
		frappe.form_dict.pop("key", None)


def test_blanks_are_left_for_what_is_not_known(desk: frappe._dict) -> None:
	from tests.site.tracing_desk import make_bare_case

	case = make_bare_case(desk)
	told = text_of(page_of(desk.officer, case.name, "Claim Form"))
	assert "Amount Claimed" in told
	assert "None" not in told


def test_each_nature_brings_its_own_data(desk: frappe._dict) -> None:
	set_tracing(required_documents=[])
	case = make_case(
		desk,
		nature="Address Change",
		new_address="King Road 7",
		new_city="Jeddah",
		direction="Inbound",
		origin_country=UAE,
		destination_country=HOME,
	)
	told = text_of(page_of(desk.officer, case.name, "Tracing Request"))
	assert "King Road 7" in told
	assert "New Address" in told


@every_form
def test_the_page_that_is_signed_names_its_case(desk: frappe._dict, form: str) -> None:
	case = claim_case(desk)
	foot = BeautifulSoup(page_of(desk.officer, case.name, form), "html.parser").find(class_="ch-foot")
	assert form in foot.get_text() and case.name in foot.get_text()


@pytest.mark.parametrize("language", ["en", "ar"])
def test_numbers_keep_their_order_among_arabic_words(desk: frappe._dict, language: str) -> None:
	written = "غادر الطرد رقم 176-12345675 المطار قبل الساعة 10:30 والهاتف (+971) 4 321 0000 أو +97143210000."
	case = claim_case(desk, description=written, consignee_address="شارع 12-14، دبي")
	told = text_of(page_of(desk.officer, case.name, "Tracing Request", language))
	for number in ("176-12345675", "(+971) 4 321 0000", "+97143210000", "12-14"):
		assert f"\u2066{number}\u2069" in told, number
	assert " 10:30 " in told


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_month_prints_its_figures_in_words(desk: frappe._dict, language: str) -> None:
	busy_month(desk)
	month_making.make(MONTH, at("2026-04-01 03:00"))
	html = page_of(desk.supervisor, MONTH, MONTHLY, language, "Tracing Month")
	page, told = BeautifulSoup(html, "html.parser").find(class_="ch-month"), text_of(html)
	assert page["dir"] == {"en": "ltr", "ar": "rtl"}[language]
	assert {"en": "Tracing report for March 2026", "ar": "تقرير التعقب لشهر مارس 2026"}[language] in told
	assert {"en": "Customers Satisfied (%)", "ar": "العملاء الراضون (%)"}[language] in told
	assert "to_open" not in told and "{" not in told
	assert len(page.find_all("table")) > 4
	assert frappe.get_meta("Tracing Month").default_print_format == MONTHLY
	with pytest.raises((frappe.PermissionError, frappe.DoesNotExistError)):
		page_of(make_agent(), MONTH, MONTHLY, language, "Tracing Month")


def test_no_print_of_a_month_shows_how_its_figures_are_kept(desk: frappe._dict) -> None:
	busy_month(desk)
	month_making.make(MONTH, at("2026-04-01 03:00"))
	assert "to_open" not in text_of(page_of(desk.supervisor, MONTH, "Standard", "en", "Tracing Month"))
