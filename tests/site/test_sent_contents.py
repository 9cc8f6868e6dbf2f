"""What was sent of a report: kept as its reader got it, in a record that nobody opens, lists, filters or guesses."""

from __future__ import annotations

import io
import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import frappe
import openpyxl
import pytest

from core_helpdesk.mail import language, report_letters
from core_helpdesk.reports import paper, workbook
from core_helpdesk.reports.answer import DAY, LENGTH, MOMENT, NUMBER, SHARE, Answer, column, figure
from core_helpdesk.sending import content
from core_helpdesk.setup import export
from tests.site import courier as couriers
from tests.site import sending_desk as desk
from tests.site import web
from tests.site.factories import as_user, make_user
from tests.site.moments import Moment, moment_from
from tests.site.sending_desk import DAILY

if TYPE_CHECKING:
	from collections.abc import Callable

	from core_helpdesk.sending.catalogue import Asked

API = "core_helpdesk.report_sending_api"
DELIVERY, CONTENT = "Report Delivery", "Report Content"
# How every text begins that was compressed.
PACKED = "eJ%"
MORNING = "2026-04-06 07:00"
SECRET = "Parcel of the concealed"
ROLES = (
	"QA Specialist",
	"Customer Service Manager",
	"TSM Agent",
	"Department Manager",
	"General Manager",
	"Support Supervisor",
	"System Manager",
)

moment = moment_from(desk.SUNDAY)


def telling(asked: Asked) -> Answer:
	"""A report with a value of each kind."""
	columns = [
		column("what", "What"),
		column("hours", "Hours", kind=NUMBER),
		column("share", "Share", kind=SHARE),
		column("length", "Length", kind=LENGTH),
		column("day", "Day", kind=DAY),
		column("at", "At", kind=MOMENT),
	]
	row = {
		"what": f"{SECRET} {frappe.session.user}",
		"hours": 3.8,
		"share": 25.0,
		"length": 5400,
		"day": date(2026, 4, 5),
		"at": datetime(2026, 4, 5, 15, 45, 30),
	}
	total = {**row, "what": "All", "hours": None, "bold": True}
	return Answer(columns, [total, row], "As it is.", summary=[figure(1038.25, "Hours in All")])


@pytest.fixture
def courier(moment: Moment, monkeypatch: pytest.MonkeyPatch) -> couriers.Courier:
	"""The first of April's reports is sent."""
	desk.send_only(monkeypatch, DAILY, answer=telling)
	courier = desk.open_desk()
	moment.set(MORNING)
	desk.tick()
	return courier


def delivery_of(user: str) -> str:
	return frappe.db.get_value(DELIVERY, {"recipient": user})


# --- As it was


def test_it_is_kept_in_words_as_the_mail_said_them(courier: couriers.Courier) -> None:
	kept = content.kept(delivery_of(courier.tsm[0]))
	assert kept["rows"][0] == ["All", "–", "25%", "1:30", "05-04-2026", "05-04-2026 15:45"]
	assert kept["rows"][1][:2] == [f"{SECRET} {courier.tsm[0]}", "3.8"]
	assert kept["bold"] == [0]
	assert [each["keeps"] for each in kept["columns"]] == [False, True, True, True, True, True]
	assert kept["tiles"][0]["value"] == "1,038.2"
	assert (kept["language"], kept["direction"], kept["message"]) == ("en", "ltr", "As it is.")
	assert any(line.startswith("Times are in") for line in kept["footer"])
	assert kept["lead"] and kept["title"] == "Escalated Tickets: 5 Apr 2026"


def test_what_a_reader_or_the_site_sets_later_changes_nothing(courier: couriers.Courier) -> None:
	name = delivery_of(courier.tsm[0])
	before = web.call(courier.tsm[0], f"{API}.shown", delivery=name)["content"]
	frappe.db.set_value("User", courier.tsm[0], {"language": "ar", "time_zone": "Asia/Dubai"})
	frappe.db.set_single_value("System Settings", {"date_format": "mm/dd/yyyy", "language": "ar"})
	frappe.clear_cache()
	assert web.call(courier.tsm[0], f"{API}.shown", delivery=name)["content"] == before
	assert web.call(courier.qa, f"{API}.shown", delivery=name)["content"] == before


def test_arabic_content_runs_from_the_right(moment: Moment, monkeypatch: pytest.MonkeyPatch) -> None:
	desk.send_only(monkeypatch, DAILY, answer=telling)
	courier = desk.open_desk()
	frappe.db.set_value("User", courier.tsm[0], "language", "ar")
	moment.set(MORNING)
	desk.tick()
	kept = content.kept(delivery_of(courier.tsm[0]))
	assert (kept["language"], kept["direction"]) == ("ar", "rtl")
	assert "5 أبريل 2026" in kept["title"]


def test_one_delivery_has_one_content_however_often_it_was_made(courier: couriers.Courier) -> None:
	name = delivery_of(courier.tsm[0])
	text = json.dumps({"title": "100 % of {0} and %s"})
	content.keep(name, text)
	content.keep(name, text)
	assert frappe.db.count(CONTENT, {"delivery": name}) == 1
	assert content.kept(name) == {"title": "100 % of {0} and %s"}
	content.keep("another", text)
	assert content.kept("another") == content.kept(name)
	assert not content.is_kept("none") and content.kept("none") is None


@pytest.mark.parametrize(
	("key", "english", "arabic"),
	[
		("2026-11-22", "22 Nov 2026", "22 نوفمبر 2026"),
		("2026-11-15..2026-11-21", "15–21 Nov 2026", "15–21 نوفمبر 2026"),
		("2026-11-29..2026-12-05", "29 Nov – 5 Dec 2026", "29 نوفمبر – 5 ديسمبر 2026"),
		("2026-12-27..2027-01-02", "27 Dec 2026 – 2 Jan 2027", "27 ديسمبر 2026 – 2 يناير 2027"),
		("2026-10", "October 2026", "أكتوبر 2026"),
	],
)
def test_periods_read_well_and_nothing_is_said_twice(key: str, english: str, arabic: str) -> None:
	with language.speaking("en"):
		assert content.period_in_words(key) == english
	with language.speaking("ar"):
		assert content.period_in_words(key).strip("\u2068\u2069") == arabic
	with language.speaking("xx"):
		assert content.period_in_words(key) == english


# --- Nobody opens it


def test_a_delivery_holds_nothing_of_it(courier: couriers.Courier) -> None:
	assert "content" not in frappe.get_meta(DELIVERY).get_valid_columns()
	rows = frappe.get_all(DELIVERY, fields=["*"])
	assert len(rows) == 2 and SECRET not in json.dumps(rows, default=str)


def ways(user: str, name: str) -> dict[str, Callable[[], Any]]:
	"""How somebody could ask for a record of contents, or guess what stands in one."""
	secret = ["content", "like", PACKED]
	listed = {"doctype": CONTENT, "fields": ["name", "delivery", "content"]}
	return {
		"resource": lambda: web.get(user, f"{web.RESOURCE}/{CONTENT}/{name}"),
		"list": lambda: web.get(user, f"{web.RESOURCE}/{CONTENT}", fields=["name", "content"]),
		"client": lambda: web.call(user, "frappe.client.get", doctype=CONTENT, name=name),
		"value": lambda: web.call(
			user, "frappe.client.get_value", doctype=CONTENT, fieldname="content", filters={"name": name}
		),
		"count": lambda: web.call(user, "frappe.client.get_count", doctype=CONTENT, filters=[secret]),
		"report view": lambda: web.call(user, "frappe.desk.reportview.get", **listed),
		"form": lambda: web.call(user, "frappe.desk.form.load.getdoc", doctype=CONTENT, name=name),
		"search": lambda: web.call(
			user, "frappe.desk.search.search_link", doctype=CONTENT, txt="", page_length=20
		),
		"print": lambda: web.get(user, "/printview", doctype=CONTENT, name=name),
		"filter": lambda: web.get(user, f"{web.RESOURCE}/{DELIVERY}", filters=[secret]),
		"filter of the other": lambda: web.get(
			user, f"{web.RESOURCE}/{DELIVERY}", filters=[[CONTENT, *secret]]
		),
		"or filter": lambda: web.call(
			user, "frappe.client.get_list", doctype=DELIVERY, or_filters=[secret], fields=["name"]
		),
		"order": lambda: web.call(
			user, "frappe.client.get_list", doctype=DELIVERY, order_by="content desc", fields=["name"]
		),
	}


def answered(way: Callable[[], Any]) -> str:
	try:
		return json.dumps(way() or "", default=str)
	except Exception as refusal:
		frappe.clear_messages()
		return f"refused: {type(refusal).__name__}"


@pytest.mark.parametrize("role", ROLES)
def test_no_role_opens_lists_or_guesses_it(courier: couriers.Courier, role: str) -> None:
	"""Policy: CORE-13, TSM-12"""
	user = make_user(role)
	name = frappe.db.get_value(CONTENT, {"delivery": delivery_of(courier.tsm[0])})
	for way, ask in ways(user, name).items():
		found = answered(ask)
		assert found.startswith("refused") or found in ('""', "0", "[]", "{}"), (way, found)
	with as_user(user):
		assert not frappe.has_permission(CONTENT, "read")


def test_nor_does_a_role_to_which_an_admin_gives_the_right(courier: couriers.Courier) -> None:
	"""Policy: CORE-13, TSM-12"""
	user = make_user("System Manager")
	rights = {
		"parent": CONTENT,
		"role": "System Manager",
		"permlevel": 0,
		"read": 1,
		"export": 1,
		"report": 1,
	}
	frappe.get_doc({"doctype": "Custom DocPerm", **rights}).insert()
	frappe.clear_cache(doctype=CONTENT)
	name = frappe.db.get_value(CONTENT, {"delivery": delivery_of(courier.tsm[0])})
	for way, ask in ways(user, name).items():
		found = answered(ask)
		assert SECRET not in found and name not in found, (way, found)


def test_it_is_kept_compressed(courier: couriers.Courier) -> None:
	rows = [["The same parcel, which nobody has found yet", "Open"]] * 1000
	content.keep("long", json.dumps({"rows": rows}))
	assert content.kept("long") == {"rows": rows}
	assert len(frappe.db.get_value(CONTENT, {"delivery": "long"}, "content")) < 1000
	assert frappe.db.count(CONTENT, {"content": ("like", PACKED)}) == frappe.db.count(CONTENT)


def test_nobody_writes_or_deletes_it(courier: couriers.Courier) -> None:
	document = frappe.get_last_doc(CONTENT)
	document.content = "{}"
	with pytest.raises(frappe.PermissionError):
		document.save()
	with pytest.raises(frappe.PermissionError):
		frappe.delete_doc(CONTENT, document.name)
	with pytest.raises(frappe.PermissionError):
		frappe.get_doc({"doctype": CONTENT, "delivery": "x", "content": "{}"}).insert()


def test_what_is_not_made_has_none_and_an_export_has_all(courier: couriers.Courier) -> None:
	assert CONTENT in export.document_types()
	frappe.db.delete(CONTENT)
	name = delivery_of(courier.tsm[0])
	found = web.call(courier.tsm[0], f"{API}.shown", delivery=name)
	assert (found["content"], found["may_acknowledge"]) == (None, False)
	with pytest.raises(frappe.ValidationError):
		web.call(courier.tsm[0], f"{API}.acknowledge", delivery=name)


def test_a_print_of_a_delivery_says_nothing_of_the_engine(courier: couriers.Courier) -> None:
	name = delivery_of(courier.tsm[0])
	with as_user(courier.tsm[0]):
		html = frappe.get_print(DELIVERY, name)
	assert "Epoch" not in html and SECRET not in html
	assert frappe.db.get_value(DELIVERY, name, "email_queue") not in html


# --- Files


def of_many(count: int) -> Answer:
	return Answer([column("what", "What")], [{"what": f"Row {n}"} for n in range(count)])


def test_a_workbook_of_too_many_rows_says_how_many_are_left_out_and_where_they_are() -> None:
	link = "https://desk.example.com/app/query-report/Escalated%20Tickets"
	made = workbook.xlsx("Escalated Tickets", of_many(workbook.MOST_ROWS + 12), link)
	sheet = openpyxl.load_workbook(io.BytesIO(made)).active
	assert sheet.cell(workbook.MOST_ROWS + 1, 1).value == f"Row {workbook.MOST_ROWS - 1}"
	assert sheet.cell(workbook.MOST_ROWS + 2, 1).value is None
	said = sheet.cell(workbook.MOST_ROWS + 3, 1)
	assert said.value == f"Rows that are not in this file: 12. The report has them. {link}"
	assert said.hyperlink.target == link
	assert sheet.auto_filter.ref == f"A1:A{workbook.MOST_ROWS + 1}"


def test_a_workbook_of_as_many_as_it_holds_says_nothing() -> None:
	made = workbook.xlsx("Escalated Tickets", of_many(workbook.MOST_ROWS))
	assert openpyxl.load_workbook(io.BytesIO(made)).active.max_row == workbook.MOST_ROWS + 1


def test_a_mail_says_truly_what_its_file_holds() -> None:
	assert report_letters.MOST_IN_FILES == {"Excel": workbook.MOST_ROWS, "PDF": paper.MOST_ROWS}
	for kind, most in report_letters.MOST_IN_FILES.items():
		for count, said in ((most, "All rows are"), (most + 1, f"the first {most} rows")):
			page = report_letters.page_of(
				report_letters.Content("Title", "Lead", of_many(count), "link", attachment=kind)
			)
			assert any(said in line for line in page["footer"])
