"""A site with figures of a month that is over, and everybody who has a part in its reports."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk import config
from core_helpdesk.monthly import making, printing
from core_helpdesk.sending import catalogue
from core_helpdesk.setup import monthly_workflow as flow
from tests.site import courier as couriers
from tests.site import web
from tests.site.factories import make_department, make_desk, make_team, make_ticket, make_user

if TYPE_CHECKING:
	from frappe.model.document import Document

	from tests.site.moments import Moment

DOCTYPE, FIGURES, ACTION = "Monthly Report", "Ticket Month", "Corrective Action"
API = "core_helpdesk.monthly_api"
MONTH, BEFORE = "2026-03", "2026-02"
MADE_AT = "2026-04-01 13:00"
EGYPT = "Egypt"


def make_monthly_desk(moment: Moment) -> frappe._dict:
	"""Two departments with a head each; in March one of them closes in time, and all of the other escalates."""
	frappe.db.delete("HD Ticket")
	desk = make_desk(
		levels=({"after_hours": 10}, {"target": "General Manager", "after_hours": 24}), members=2
	)
	desk.qa, desk.other_qa = make_user("QA Specialist"), make_user("QA Specialist")
	desk.manager = make_user("Customer Service Manager")
	frappe.get_doc("User", desk.general_manager).add_roles("General Manager")
	frappe.db.set_single_value("Core Helpdesk Settings", "customer_service_manager", desk.manager)
	desk.own_head, desk.other_head = make_user("Department Manager"), make_user("Department Manager")
	desk.own, desk.other = make_department(head=desk.own_head), make_department(head=desk.other_head)
	desk.own_team = make_team(ch_department=desk.own, ch_country="Saudi Arabia")
	desk.other_team = make_team(ch_department=desk.other, ch_country=EGYPT)
	couriers.make_outgoing_account()
	couriers.set_settings(reply_to=couriers.REPLY_TO)
	live_in_march(desk, moment)
	return desk


@pytest.fixture
def desk_fixture(moment: Moment) -> frappe._dict:
	"""The monthly desk as it is made; a test file names it `desk`, and has a `moment`."""
	return make_monthly_desk(moment)


def forget_reports() -> None:
	"""Takes away what other tests have made and committed: it would stay as they have sent, signed or decided it."""
	for field in frappe.get_meta(DOCTYPE).get_table_fields():
		frappe.db.delete(field.options, {"parenttype": DOCTYPE})
	frappe.db.delete(ACTION, {"from_doctype": DOCTYPE})
	frappe.db.delete(DOCTYPE)


def mail_reports(patch: pytest.MonkeyPatch, **more: object) -> None:
	"""Makes it a site that mails nothing but its Monthly Reports, from the first of April on."""
	patch.setattr(catalogue, "REPORTS", [sent for sent in catalogue.REPORTS if sent.make])
	live = {"mode": "Live", "confirmed_host": config.this_host()}
	since = {"reports_from": "2026-04-01 12:00", "default_country": "Saudi Arabia"}
	couriers.set_settings(**{**live, **since, **more})


@pytest.fixture
def mailing_fixture(moment: Moment, monkeypatch: pytest.MonkeyPatch) -> frappe._dict:
	"""A month that is over, on a site that sends nothing but its reports; a test file names it `people`."""
	found = make_monthly_desk(moment)
	# Drawn for each of them anew, it takes seconds each time; what it says is told elsewhere.
	monkeypatch.setattr(printing, "pdf", lambda _found: b"%PDF-1.7")
	mail_reports(monkeypatch)
	return found


def live_in_march(desk: frappe._dict, moment: Moment) -> None:
	from core_helpdesk.escalations import sweep

	moment.set("2026-03-10 09:00")
	for team, count in ((desk.own_team, 3), (desk.other_team, 2)):
		for _number in range(count):
			make_ticket(group=team)
	moment.set("2026-03-10 12:00")
	for name in frappe.get_all("HD Ticket", {"agent_group": desk.own_team}, pluck="name"):
		ticket = frappe.get_doc("HD Ticket", name)
		ticket.status = "Resolved"
		ticket.save()
	sweep.run(moment.set("2026-03-10 20:00"))
	moment.set(MADE_AT)


def make(kind: str, month: str = MONTH) -> Document:
	return making.make(kind, month, config.now_epoch())


def take(user: str, report: Document, action: str, reason: str = "") -> str:
	return web.call(user, f"{API}.take", report=report.name, action=action, reason=reason)


def shown(user: str, report: Document) -> dict:
	return web.get(user, f"{web.METHOD}/{API}.shown", report=report.name)


def line(user: str, report: Document, name: str) -> str:
	"""A figure of the report as this reader sees it."""
	return next(row["this"] for row in shown(user, report)["lines"] if row["name"] == name)


def parts(user: str, report: Document, by: str = "department") -> set[str]:
	table = next(table for table in shown(user, report)["tables"] if table["by"] == by)
	return {row["part"] for row in table["rows"]}


def decide(user: str, report: Document, **more: object) -> str:
	values = {"what": "Train the night shift", "due_on": "2026-04-20", "responsible": user, **more}
	return web.call(user, f"{API}.decide", doctype=report.doctype, report=report.name, **values)


def sent_to(user: str, desk: frappe._dict) -> Document:
	"""A TSM Monthly Report that was sent."""
	report = make(flow.TSM_REPORT)
	take(desk.tsm[0], report, flow.SEND)
	return report.reload()
