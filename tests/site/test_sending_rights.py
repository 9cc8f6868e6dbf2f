"""The ledger of reports: who reads it, that nobody writes it, and what its people may do."""

from __future__ import annotations

import json

import frappe
import pytest
from frappe.utils import get_url_to_form

from core_helpdesk.sending import heartbeat
from tests.site import courier as couriers
from tests.site import mail_reading, web
from tests.site import sending_desk as desk
from tests.site.factories import make_user
from tests.site.moments import Moment, moment_from
from tests.site.sending_desk import DAILY, DEPARTMENTS, WEEKLY

API = "core_helpdesk.report_sending_api"
DELIVERY, RUN = "Report Delivery", "Report Run"
MORNING, WEEK_OVER = "2026-04-06 07:00", "2026-04-12 08:00"

moment = moment_from(desk.SUNDAY)


@pytest.fixture
def courier(moment: Moment, monkeypatch: pytest.MonkeyPatch) -> couriers.Courier:
	desk.send_only(monkeypatch, DAILY, WEEKLY, DEPARTMENTS)
	return desk.open_desk()


def settings() -> frappe.model.document.Document:
	return frappe.get_doc("Core Helpdesk Settings")


def listed(user: str, doctype: str = DELIVERY, **query: object) -> list[dict]:
	return web.get(user, f"{web.RESOURCE}/{doctype}", limit_page_length=0, **query)


# --- Reading


def test_everybody_reads_their_own_and_who_sees_all_reads_every_row(
	courier: couriers.Courier, moment: Moment
) -> None:
	"""Policy: CORE-13"""
	further = make_user("Department Manager")
	document = settings()
	document.append("report_recipients", {"report": DAILY, "user": further})
	document.save()
	moment.set(MORNING)
	desk.tick()
	rows = {row.recipient: row.name for row in desk.ledger()}
	assert [row["name"] for row in listed(further)] == [rows[further]]
	assert {row["name"] for row in listed(courier.qa)} == set(rows.values())
	assert not listed(courier.head)
	for user in (courier.head, further):
		with pytest.raises(frappe.PermissionError):
			web.get(user, f"{web.RESOURCE}/{DELIVERY}/{rows[courier.tsm[0]]}")
	with pytest.raises(frappe.PermissionError):
		web.call(courier.head, f"{API}.shown", delivery=rows[further])
	assert not listed_or_refused(courier.head, RUN)
	assert len(listed(courier.qa, RUN)) == 1


def listed_or_refused(user: str, doctype: str) -> list[dict]:
	try:
		return listed(user, doctype)
	except frappe.PermissionError:
		return []


def test_what_another_was_sent_is_told_only_to_whom_nothing_is_hidden(
	courier: couriers.Courier, moment: Moment
) -> None:
	"""Policy: TSM-12"""
	moment.set(MORNING)
	desk.tick()
	name = desk.ledger()[0].name
	own = web.call(courier.tsm[0], f"{API}.shown", delivery=name)
	assert own["content"]["rows"][0][0] == courier.tsm[0]
	assert web.call(courier.qa, f"{API}.shown", delivery=name)["content"] == own["content"]
	manager = web.call(courier.general_manager, f"{API}.shown", delivery=name)
	assert (manager["content"], manager["is_hidden"]) == (None, True)
	for user in (courier.general_manager, courier.qa, courier.tsm[1]):
		document = web.get(user, f"{web.RESOURCE}/{DELIVERY}/{name}")
		assert not document.get("content")
		assert own["content"]["title"] not in json.dumps(document)


# --- Writing


ROLES = ("QA Specialist", "TSM Agent", "General Manager", "Customer Service Manager", "System Manager")


@pytest.mark.parametrize("role", ROLES)
def test_nobody_writes_or_deletes_a_row(courier: couriers.Courier, moment: Moment, role: str) -> None:
	"""Policy: QA-12"""
	moment.set(MORNING)
	desk.tick()
	user = make_user(role, "System Manager")
	for doctype, name in ((DELIVERY, desk.ledger()[0].name), (RUN, desk.runs()[0].name)):
		for act in (
			lambda doctype=doctype, name=name: web.put(
				user, f"{web.RESOURCE}/{doctype}/{name}", state="Failed"
			),
			lambda doctype=doctype, name=name: web.send(user, "DELETE", f"{web.RESOURCE}/{doctype}/{name}"),
			lambda doctype=doctype: web.post(user, f"{web.RESOURCE}/{doctype}", report=DAILY, period_key="x"),
			lambda doctype=doctype, name=name: web.call(
				user,
				"frappe.client.set_value",
				doctype=doctype,
				name=name,
				fieldname="state",
				value="Failed",
			),
		):
			with pytest.raises(frappe.PermissionError):
				act()
	assert set(desk.states()) == {"Queued"}


@pytest.mark.parametrize("doctype", [DELIVERY, RUN])
def test_nor_does_administrator(courier: couriers.Courier, moment: Moment, doctype: str) -> None:
	moment.set(MORNING)
	desk.tick()
	document = frappe.get_last_doc(doctype)
	document.state = "Failed"
	with pytest.raises(frappe.PermissionError):
		document.save()
	with pytest.raises(frappe.PermissionError):
		frappe.delete_doc(doctype, document.name)


# --- What people do


def test_its_recipient_alone_says_that_it_was_read(courier: couriers.Courier, moment: Moment) -> None:
	"""Policy: TSM-14"""
	moment.set(WEEK_OVER)
	desk.tick()
	name = desk.ledger(report=WEEKLY, recipient=courier.tsm[0])[0].name
	card = f"{web.METHOD}/{API}.to_review_card"
	assert web.get(courier.tsm[0], card)["value"] == 1
	for user in (courier.qa, courier.tsm[1], courier.general_manager):
		with pytest.raises(frappe.PermissionError):
			web.call(user, f"{API}.acknowledge", delivery=name)
	with pytest.raises(frappe.ValidationError, match=f"open the record .*{name}"):
		web.call(courier.tsm[0], f"{API}.acknowledge", delivery=name)
	# That others have seen it says nothing.
	web.call(courier.qa, f"{API}.shown", delivery=name)
	with pytest.raises(frappe.ValidationError, match="open the record"):
		web.call(courier.tsm[0], f"{API}.acknowledge", delivery=name)
	# Where the button of the mail leads.
	(mail,) = (mail for mail in desk.mails(courier.tsm[0]) if mail.reference_name == name)
	assert mail_reading.subject_of(mail.message) == "Weekly Performance: 5–11 Apr 2026 waits for your review"
	assert f"Record My Review: {get_url_to_form(DELIVERY, name)}" in mail_reading.plain_text(mail.message)
	web.call(courier.tsm[0], f"{API}.shown", delivery=name)
	assert str(frappe.db.get_value(DELIVERY, name, "first_shown_on"))[:16] == "2026-04-12 08:00"
	web.call(courier.tsm[0], f"{API}.acknowledge", delivery=name, note="Operations <b>late</b>")
	row = frappe.db.get_value(DELIVERY, name, ["state", "note", "acknowledged_on"], as_dict=True)
	assert (row.state, str(row.acknowledged_on)[:16]) == ("Acknowledged", "2026-04-12 08:00")
	assert "<b>" not in row.note
	moment.later(minutes=5)
	web.call(courier.tsm[0], f"{API}.acknowledge", delivery=name, note="Again")
	assert frappe.db.get_value(DELIVERY, name, "note") == row.note
	assert web.get(courier.tsm[0], card)["value"] == 0
	assert web.get(courier.tsm[1], card)["value"] == 1
	desk.mails_arrive()
	desk.tick()
	assert frappe.db.get_value(DELIVERY, name, "state") == "Acknowledged"


def test_what_is_not_made_cannot_have_been_read(courier: couriers.Courier, moment: Moment) -> None:
	couriers.make_department(head=courier.tsm[1], country="United Arab Emirates")
	moment.set(WEEK_OVER)
	desk.tick()
	(row,) = desk.ledger(report=WEEKLY, state="Due")
	with pytest.raises(frappe.ValidationError):
		web.call(row.recipient, f"{API}.acknowledge", delivery=row.name)


def test_the_preview_is_for_those_who_set_it_up(courier: couriers.Courier) -> None:
	for user in (courier.tsm[0], courier.head, courier.general_manager):
		with pytest.raises(frappe.PermissionError):
			web.get(user, f"{web.METHOD}/{API}.preview", day="2026-04-06")
	found = web.get(courier.qa, f"{web.METHOD}/{API}.preview", day="2026-04-06")
	assert [row["recipient"] for row in found["deliveries"]] == list(courier.tsm)
	with pytest.raises(frappe.ValidationError):
		web.get(courier.qa, f"{web.METHOD}/{API}.preview", day="someday")


def test_the_card_counts_what_is_missing(
	courier: couriers.Courier, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	# No scheduler runs on a site of tests.
	monkeypatch.setattr(heartbeat, "scheduler", lambda: moment.now)
	frappe.db.delete("HD Team Member", {"parent": courier.tsm_team})
	moment.set(MORNING)
	desk.tick()
	assert web.get(courier.qa, f"{web.METHOD}/{API}.not_delivered_card")["value"] == 1
	with pytest.raises(frappe.PermissionError):
		web.get(courier.head, f"{web.METHOD}/{API}.not_delivered_card")
