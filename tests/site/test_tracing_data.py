"""What a case needs to know, as its form says it: faults at their fields, the number in one spelling, papers by nature."""

from __future__ import annotations

import frappe
import pytest

from core_helpdesk import config, tracing_work_api
from core_helpdesk.tracing import case_data, fault_counts, paperwork, reconcile
from tests.site import web
from tests.site.counting import queries
from tests.site.factories import as_user
from tests.site.tracing_desk import HOME, make_bare_case, make_case, make_tracing_desk, set_tracing

KINDS = [
	{"kind_name": "Air Waybill", "pattern": "999-99999999", "check_digit": "Modulo 7"},
	{"kind_name": "Postal Item", "pattern": "AA999999999AA", "check_digit": "Modulo 11 (S10)"},
]
PAPERS = [
	{"nature": "Claim", "document": "Invoice", "document_ar": "الفاتورة"},
	{"nature": "Claim", "document": "Photographs", "document_ar": "الصور"},
	{"nature": "Address Change", "document": "Written Request", "document_ar": "طلب خطي"},
]


@pytest.fixture
def desk() -> frappe._dict:
	return make_tracing_desk(number_kinds=KINDS, required_documents=PAPERS)


def faults_of(case: object) -> dict[str, str]:
	return {fault.field: fault.kind.value for fault in case_data.faults(case)}


def test_a_complete_case_has_no_fault(desk: frappe._dict) -> None:
	case = make_case(desk)
	assert faults_of(case) == {}
	assert (case.faults, case.number_kind, case.shipment_number) == (0, "Air Waybill", "17612345675")


def test_a_new_case_lacks_everything_and_says_so_field_by_field(desk: frappe._dict) -> None:
	case = make_bare_case(desk)
	assert list(faults_of(case)) == [
		"shipment_number",
		"direction",
		"origin_country",
		"destination_country",
		"nature",
		"description",
		"shipper_name",
		"shipper_phone",
		"shipper_email",
		"consignee_name",
		"consignee_phone",
		"consignee_email",
	]
	said = {fault["field"]: fault["text"] for fault in case_data.in_words(case)}
	assert said["shipment_number"] == "Air Waybill Number is missing."
	assert said["consignee_phone"] == "Consignee's Phone is missing."


def test_the_faults_are_said_in_arabic_to_who_reads_arabic(desk: frappe._dict) -> None:
	frappe.local.lang = "ar"
	said = [fault["text"] for fault in case_data.in_words(make_bare_case(desk))]
	assert said
	assert not any("missing" in text for text in said)


@pytest.mark.parametrize(
	("number", "kept", "fault"),
	[
		("176 1234 5675", "17612345675", None),
		("١٧٦-١٢٣٤٥٦٧٥", "17612345675", None),
		("176-12345676", "17612345676", "Wrong Check Digit"),
		("rr 123 456 785 sa", "RR123456785SA", None),
		("RR123456784SA", "RR123456784SA", "Wrong Check Digit"),
		("1761234567", "1761234567", "Wrong Format"),
		("", "", "Missing"),
	],
)
def test_a_number_is_kept_in_one_spelling_and_checked(
	desk: frappe._dict, number: str, kept: str, fault: str | None
) -> None:
	case = make_case(desk, shipment_number=number)
	assert (case.shipment_number, faults_of(case).get("shipment_number")) == (kept, fault)
	assert case.faults == int(bool(fault))


@pytest.mark.parametrize(
	("number", "country", "usable"),
	[
		("+966 11 234 5678", "", True),
		("011 234 5678", HOME, True),
		("٠١١٢٣٤٥٦٧٨", HOME, True),
		("011 234 5678", "", False),
		("04 321 0000", "United Arab Emirates", True),
		("+966 11 234", HOME, False),
		("call me", HOME, False),
		("", HOME, False),
	],
)
def test_a_phone_is_usable_as_dialled_in_its_country(number: str, country: str, usable: bool) -> None:
	assert case_data.is_phone(number, country) is usable


@pytest.mark.parametrize(
	("address", "usable"),
	[
		("receiver@example.com", True),
		("receiver@example.com, other@example.com", False),
		("Receiver <receiver@example.com>", False),
		("receiver at example", False),
		("", False),
	],
)
def test_an_email_is_one_address_and_nothing_more(address: str, usable: bool) -> None:
	assert case_data.is_email(address) is usable


def test_parties_need_a_way_to_reach_them(desk: frappe._dict) -> None:
	case = make_case(
		desk, consignee_phone="04 32", shipper_email="", shipper_address="", consignee_email="not one"
	)
	assert faults_of(case) == {
		"shipper_email": "Missing",
		"consignee_phone": "Unusable",
		"consignee_email": "Unusable",
	}


def test_each_nature_asks_for_its_own(desk: frappe._dict) -> None:
	asked = {
		nature: set(faults_of(make_case(desk, nature=nature, failure="", event_date=None)))
		for nature in ("Service Failure Complaint", "Address Change", "Claim", "Pre-Alert")
	}
	assert asked == {
		"Service Failure Complaint": {"failure", "event_date"},
		"Address Change": {"new_address", "new_city"},
		"Claim": {"claim_amount", "claim_currency", "contents"},
		"Pre-Alert": {"expected_on", "special_instructions"},
	}


def test_a_shipment_is_international_and_its_direction_fits_its_countries(desk: frappe._dict) -> None:
	"""Policy: TRC-01"""
	assert faults_of(make_case(desk, destination_country=HOME)) == {"destination_country": "Same Country"}
	assert faults_of(make_case(desk, direction="Inbound")) == {"direction": "Other Way"}
	back = make_case(desk, origin_country="Egypt", destination_country=HOME)
	assert faults_of(back) == {"direction": "Other Way"}
	(said,) = case_data.in_words(back)
	assert said["text"].startswith("Direction does not fit the countries")
	# Between two other countries it is what its officer says.
	for direction in ("Inbound", "Outbound"):
		assert faults_of(make_case(desk, direction=direction, origin_country="Egypt")) == {}


@pytest.mark.parametrize(
	("origin", "destination", "direction"),
	[
		(HOME, "Egypt", "Outbound"),
		("Egypt", HOME, "Inbound"),
		("Egypt", "United Arab Emirates", ""),
		(HOME, None, ""),
	],
)
def test_the_direction_is_filled_in_where_it_follows(
	desk: frappe._dict, origin: str, destination: str | None, direction: str
) -> None:
	case = make_case(desk, direction="", origin_country=origin, destination_country=destination)
	assert (case.direction or "") == direction
	assert ("direction" in faults_of(case)) == (not direction)


# --- The count that lists show


def counted(case: object) -> int:
	return frappe.db.get_value("Tracing Case", case.name, "faults")


def test_a_new_case_shows_how_much_it_lacks(desk: frappe._dict) -> None:
	"""Policy: TRC-10"""
	case = make_bare_case(desk)
	assert counted(case) == len(case_data.faults(case)) == 12
	with as_user(desk.officer):
		(row,) = tracing_work_api.watch("mine")["rows"]
	assert row["faults"] == 12


def test_cases_are_counted_anew_once_they_are_judged_otherwise(desk: frappe._dict) -> None:
	case, closed = make_case(desk), make_case(desk)
	frappe.db.set_value("Tracing Case", closed.name, {"status": "Closed", "open_ticket": None})
	frappe.db.set_value("HD Ticket", closed.ticket, "status", "Closed")
	reconcile.run_all(config.now_epoch())
	stamp = frappe.db.get_value("Tracing Case", case.name, "modified")
	set_tracing(least_description=500)
	reconcile.run_all(config.now_epoch())
	assert (counted(case), counted(closed)) == (1, 0)
	# Who has it open goes on.
	assert frappe.db.get_value("Tracing Case", case.name, "modified") == stamp
	set_tracing(least_description=20, number_kinds=KINDS[1:])
	reconcile.run_all(config.now_epoch())
	assert (counted(case), faults_of(case)) == (1, {"shipment_number": "Wrong Format"})
	set_tracing(number_kinds=KINDS)
	assert fault_counts.recount() == 1
	assert counted(case) == 0


def test_while_nothing_changed_nothing_is_counted(desk: frappe._dict) -> None:
	case = make_case(desk)
	fault_counts.recount()
	frappe.db.set_value("Tracing Case", case.name, "faults", 7)
	with queries() as statements:
		assert fault_counts.recount() == 0
	assert counted(case) == 7
	assert not [statement for statement in statements if "Tracing Case" in statement]


def test_a_description_says_something(desk: frappe._dict) -> None:
	assert faults_of(make_case(desk, description="lost")) == {"description": "Too Short"}
	assert faults_of(make_case(desk, description="." * 60)) == {"description": "Missing"}
	assert faults_of(make_case(desk, description="a" * 60)) == {"description": "Too Short"}


def test_what_people_write_is_kept_as_text(desk: frappe._dict) -> None:
	case = make_case(desk, shipper_name="<img src=x onerror=alert(1)>", failure="weight < 5 kg")
	assert (case.shipper_name, case.failure) == ("&lt;img src=x onerror=alert(1)>", "weight < 5 kg")


def test_papers_are_listed_by_nature(desk: frappe._dict) -> None:
	case = make_case(desk, nature="Claim")
	assert [(row.document, row.is_required) for row in case.documents] == [("Invoice", 1), ("Photographs", 1)]
	assert paperwork.missing(case) == ("Invoice", "Photographs")


def test_another_nature_asks_for_other_papers_and_keeps_those_that_came(desk: frappe._dict) -> None:
	case = make_case(desk, nature="Claim")
	case.documents[0].is_received = 1
	case.nature = "Address Change"
	case.save()
	kept = [(row.document, row.is_required, row.is_received) for row in case.reload().documents]
	assert kept == [("Invoice", 0, 1), ("Written Request", 1, 0)]
	assert paperwork.missing(case) == ("Written Request",)


def test_a_required_paper_cannot_be_taken_off_the_list(desk: frappe._dict) -> None:
	case = make_case(desk, nature="Claim")
	case.set("documents", [])
	case.save()
	assert paperwork.missing(case.reload()) == ("Invoice", "Photographs")


def test_who_received_a_paper_is_not_the_callers_to_say(desk: frappe._dict) -> None:
	case = make_case(desk, nature="Claim")
	rows = [row.as_dict(convert_dates_to_str=True) for row in case.documents]
	rows[0].update(is_received=1, received_by="Administrator", received_on="2020-01-01 00:00:00")
	rows[1].update(is_required=0)
	web.put(desk.officer, f"{web.RESOURCE}/Tracing Case/{case.name}", documents=rows)
	first, second = case.reload().documents
	assert (first.received_by, str(first.received_on)[:4] == "2020") == (desk.officer, False)
	assert (second.is_required, paperwork.missing(case)) == (1, ("Photographs",))
	with as_user(desk.supervisor):
		case.reload().save()
	assert case.reload().documents[0].received_by == desk.officer


def test_the_form_is_told_all_at_once(desk: frappe._dict) -> None:
	set_tracing(
		guidelines="Write what the customer said.",
		guidelines_ar="اكتب ما قاله العميل.",
		standards=[{"title": "Handbook", "title_ar": "الدليل", "link": "https://example.com/handbook"}],
	)
	case = make_case(desk, nature="Claim", shipment_number="")
	shown = web.get(desk.officer, f"{web.METHOD}/core_helpdesk.tracing_api.screen", case=case.name)
	assert [fault["field"] for fault in shown["faults"]] == [
		"shipment_number",
		"claim_amount",
		"claim_currency",
		"contents",
	]
	assert shown["missing_documents"] == ["Invoice", "Photographs"]
	assert shown["guidelines"] == "Write what the customer said."
	assert shown["standards"] == [{"title": "Handbook", "link": "https://example.com/handbook"}]
	assert [due["label"] for due in shown["dues"]] == ["Whole case", f"With {desk.headquarters}"]
	assert (shown["rights"]["ask_for_missing"], shown["rights"]["close"]) == (True, False)
	assert shown["ticket_url"].endswith(f"/helpdesk/tickets/{case.ticket}")


def test_the_dues_explain_themselves_day_by_day(desk: frappe._dict) -> None:
	set_tracing(regulator="Postal Regulator", regulator_days=5)
	case = make_case(desk)
	path = f"{web.METHOD}/core_helpdesk.tracing_api.explanation"
	dues = web.get(desk.officer, path, case=case.name)["dues"]
	days = {due["label"]: len(due["counted"]) for due in dues}
	assert days["Whole case"] == days[f"With {desk.headquarters}"] == 10
	weekend = [line["reason"] for line in dues[0]["skipped"]]
	assert weekend
	assert all(weekend)
