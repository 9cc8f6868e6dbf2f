"""Nobody goes without a report for being away, or for having another office as well; and nobody gets it twice."""

from __future__ import annotations

import json
from operator import itemgetter
from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk.escalations.people import CUSTOMER_SERVICE_MANAGER, DEPARTMENT_HEAD, GENERAL_MANAGER
from core_helpdesk.sending import catalogue, making
from core_helpdesk.setup import monthly_workflow as flow
from tests.site import courier as couriers
from tests.site import monthly_desk, web
from tests.site import sending_desk as desk
from tests.site.factories import add_head, give_role, make_user
from tests.site.moments import Moment, moment_from
from tests.site.test_monthly_report_mails import mails as told_by_mail
from tests.site.test_sent_on_a_day import preview

if TYPE_CHECKING:
	from frappe.model.document import Document

QA, TSM, ESCALATION = flow.QA_REPORT, flow.TSM_REPORT, flow.ESCALATION_REPORT
# Fridays and Saturdays are days off.
WEDNESDAY, FRIDAY = "2026-04-01 13:00", "2026-04-03 10:00"
SUNDAY, MONDAY = "2026-04-05 08:00", "2026-04-06 08:00"
OF_MANAGER, OF_GENERAL = [CUSTOMER_SERVICE_MANAGER, "", ""], [GENERAL_MANAGER, "", ""]

moment = moment_from("2026-03-10 09:00")


people = monthly_desk.mailing_fixture


def away(office: str, until: str = "2026-04-04", deputy: str | None = None) -> None:
	"""The holder of an office of the settings is away from the first of April on."""
	days = {"absent_from": "2026-04-01", "absent_until": until, "deputy": deputy}
	couriers.set_settings(**{f"{office}_{name}": value for name, value in days.items()})


def head_away(department: str, until: str | None = "2026-04-04", **row: object) -> None:
	days = {"absent_from": "2026-04-01" if until else None, "absent_until": until}
	frappe.db.set_value("Department Head", {"parent": department}, {**days, **row})


def taken(user: str, kind: str, action: str) -> Document:
	report = monthly_desk.make(kind)
	monthly_desk.take(user, report, action)
	return report


def standing(report: Document, user: str) -> list[tuple[str, str]]:
	return [(row.capacity, row.state) for row in desk.ledger(report=report.kind, recipient=user)]


def kept(report: Document, user: str) -> list[list[str]]:
	wanted = {"report": report.kind, "recipient": user}
	return json.loads(frappe.db.get_value("Report Delivery", wanted, "offices") or "[]")


def pass_days(moment: Moment, *days: str) -> None:
	"""Whatever waits goes out and arrives, and whoever was away is back on the last day."""
	for day in days:
		moment.set(day)
		for _again in range(2):
			desk.tick()
			desk.mails_arrive()
			moment.later(minutes=65)


def got(user: str) -> int:
	return len(desk.mails(user))


@pytest.mark.parametrize("day", [WEDNESDAY, FRIDAY])
def test_a_head_away_on_that_day_gets_it(people: frappe._dict, moment: Moment, day: str) -> None:
	"""Policy: TSM-13"""
	head_away(people.own)
	moment.set(day)
	report = taken(people.tsm[0], TSM, flow.SEND)
	assert standing(report, people.own_head) == [(DEPARTMENT_HEAD, "Due")]
	assert kept(report, people.own_head) == [[DEPARTMENT_HEAD, people.own, ""]]
	pass_days(moment, "2026-04-04 08:00", SUNDAY, MONDAY)
	assert (standing(report, people.own_head), got(people.own_head)) == ([(DEPARTMENT_HEAD, "Sent")], 1)


def test_a_countrys_head_gets_it_besides_that_of_the_others(people: frappe._dict, moment: Moment) -> None:
	"""Policy: TSM-13"""
	of_egypt = make_user("Department Manager")
	absent = {"absent_from": "2026-04-01", "absent_until": "2026-04-04"}
	add_head(people.own, head=of_egypt, country="Egypt", **absent)
	report = taken(people.tsm[0], TSM, flow.SEND)
	assert kept(report, of_egypt) == [[DEPARTMENT_HEAD, people.own, "Egypt"]]
	assert kept(report, people.own_head) == [[DEPARTMENT_HEAD, people.own, ""]]
	pass_days(moment, SUNDAY)
	assert (got(of_egypt), got(people.own_head)) == (1, 1)


def test_a_general_manager_who_is_away_gets_it(people: frappe._dict, moment: Moment) -> None:
	"""Policy: TSM-M2"""
	report = taken(people.tsm[0], ESCALATION, flow.SEND)
	desk.tick()
	away("general_manager")
	moment.later(hours=2)
	for row in report.reload().outcomes:
		values = {"row": row.name, "outcome": "Discussed", "discussed_on": "2026-04-01"}
		web.call(people.manager, f"{monthly_desk.API}.enter_outcome", report=report.name, **values)
	monthly_desk.take(people.manager, report, flow.FORWARD)
	assert standing(report, people.general_manager) == [(GENERAL_MANAGER, "Due")]
	pass_days(moment, SUNDAY, MONDAY)
	assert (got(people.general_manager), got(people.manager)) == (1, 1)


def test_a_manager_gets_it_besides_who_stands_in(people: frappe._dict, moment: Moment) -> None:
	"""Policy: QA-12"""
	away("customer_service_manager")
	moment.set(FRIDAY)
	report = taken(people.qa, QA, flow.SUBMIT)
	assert (kept(report, people.qa), kept(report, people.manager)) == ([], [OF_MANAGER])
	pass_days(moment, SUNDAY, MONDAY)
	assert [got(user) for user in (people.manager, people.qa, people.other_qa)] == [1, 1, 1]


def test_who_follows_a_head_who_left_gets_it(people: frappe._dict, moment: Moment) -> None:
	"""Policy: TSM-13"""
	frappe.db.set_value("User", people.own_head, "enabled", 0)
	report = taken(people.tsm[0], TSM, flow.SEND)
	desk.tick()
	assert standing(report, people.own_head) == [(DEPARTMENT_HEAD, "Failed")]
	assert any(people.own_head in key for key in desk.open_gaps())
	successor = make_user("Department Manager")
	head_away(people.own, until=None, head=successor)
	pass_days(moment, SUNDAY, MONDAY)
	assert (standing(report, successor), got(successor)) == ([(DEPARTMENT_HEAD, "Sent")], 1)
	assert not [key for key in desk.open_gaps() if people.own_head in key]


def test_what_waits_for_a_deputy_who_leaves_goes_to_the_head(people: frappe._dict, moment: Moment) -> None:
	"""Policy: TSM-13"""
	deputy = make_user("Department Manager")
	head_away(people.own, until="2026-04-30", deputy=deputy)
	moment.set(FRIDAY)
	taken(people.tsm[0], TSM, flow.SEND)
	head_away(people.own, until="2026-04-30", deputy=None)
	pass_days(moment, SUNDAY)
	assert (got(people.own_head), got(deputy)) == (1, 0)


def test_a_weekly_report_reaches_them_as_it_was_told(moment: Moment, monkeypatch: pytest.MonkeyPatch) -> None:
	"""Policy: TSM-M2"""
	desk.send_only(monkeypatch, desk.DEPARTMENTS, desk.WEEKLY)
	moment.set(desk.SUNDAY)
	courier = desk.open_desk()
	manager = courier.customer_service_manager
	away("customer_service_manager", until="2026-04-12")
	who = itemgetter("report", "recipient", "capacity")
	told = set(map(who, preview(courier.qa, "2026-04-12")["deliveries"]))
	making.make_due(moment.set("2026-04-12 08:00"))
	made = set(map(who, desk.ledger()))
	assert told == made >= {(desk.DEPARTMENTS, manager, CUSTOMER_SERVICE_MANAGER)}
	pass_days(moment, "2026-04-12 09:00", "2026-04-13 09:00")
	assert [row.report for row in desk.ledger(recipient=manager)] == [desk.DEPARTMENTS] and got(manager) == 1


def test_so_do_the_reports_of_a_month(people: frappe._dict, moment: Moment) -> None:
	away("general_manager", until="2026-05-30")
	away("customer_service_manager", until="2026-05-30")
	head_away(people.own, until="2026-05-30")
	made = preview(people.qa, "2026-05-03")["made"]
	readers = {row["report"]: {each["capacity"]: each["names"] for each in row["readers"]} for row in made}
	away_people = (people.general_manager, people.manager, people.own_head)
	general, manager, head = (frappe.db.get_value("User", user, "full_name") for user in away_people)
	for report in (QA, ESCALATION):
		assert readers[report][CUSTOMER_SERVICE_MANAGER] == [manager]
		assert readers[report][GENERAL_MANAGER] == [general]
	assert head in readers[TSM][DEPARTMENT_HEAD]


# --- One person in two offices


def deputy_of_both(people: frappe._dict) -> str:
	deputy = make_user("Customer Service Manager", "General Manager")
	away("general_manager", deputy=deputy)
	away("customer_service_manager", deputy=deputy)
	return deputy


def test_what_was_for_one_office_was_not_for_another(people: frappe._dict, moment: Moment) -> None:
	"""Policy: QA-12"""
	deputy = deputy_of_both(people)
	report = taken(people.qa, QA, flow.SUBMIT)
	pass_days(moment, "2026-04-01 14:00")
	monthly_desk.take(deputy, report, flow.REVIEW)
	assert kept(report, people.general_manager) == [OF_GENERAL]
	pass_days(moment, "2026-04-02 08:00", SUNDAY, MONDAY)
	assert standing(report, people.general_manager) == [(GENERAL_MANAGER, "Sent")]
	assert (got(deputy), got(people.general_manager), got(people.manager)) == (1, 1, 0)


@pytest.mark.parametrize("is_back", [True, False])
def test_what_waits_is_for_both_offices(people: frappe._dict, moment: Moment, *, is_back: bool) -> None:
	"""Policy: QA-12"""
	deputy = deputy_of_both(people)
	if not is_back:
		away("general_manager", until="2026-04-06", deputy=deputy)
	moment.set(FRIDAY)
	report = taken(people.qa, QA, flow.SUBMIT)
	moment.later(hours=1)
	monthly_desk.take(deputy, report, flow.REVIEW)
	assert kept(report, deputy) == [OF_MANAGER, OF_GENERAL]
	assert not standing(report, people.general_manager)
	pass_days(moment, SUNDAY, "2026-04-07 08:00")
	# The manager is back in any case.
	assert got(people.manager) == 1
	assert (got(people.general_manager), got(deputy)) == ((1, 0) if is_back else (0, 1))


def test_a_qa_specialist_who_is_deputy_keeps_theirs(people: frappe._dict, moment: Moment) -> None:
	"""Policy: TSM-13"""
	give_role(people.qa, "Customer Service Manager")
	away("customer_service_manager", deputy=people.qa)
	moment.set(FRIDAY)
	report = taken(people.tsm[0], TSM, flow.SEND)
	assert (kept(report, people.qa), standing(report, people.manager)) == ([OF_MANAGER], [])
	pass_days(moment, SUNDAY, MONDAY)
	assert (got(people.qa), got(people.manager)) == (1, 1)


def test_a_qa_specialist_who_is_a_heads_deputy_keeps_theirs(people: frappe._dict, moment: Moment) -> None:
	"""Policy: TSM-13"""
	head_away(people.own, deputy=people.qa)
	moment.set(FRIDAY)
	report = taken(people.tsm[0], TSM, flow.SEND)
	assert standing(report, people.qa) == [("QA Specialist", "Due")]
	pass_days(moment, SUNDAY, MONDAY)
	assert (got(people.qa), got(people.own_head)) == (1, 1)


def also_to(user: str, *reports: str) -> None:
	settings = frappe.get_doc(couriers.SETTINGS)
	for report in reports:
		settings.append("report_recipients", {"report": report, "user": user})
	settings.save()


def test_a_general_manager_gets_what_was_reviewed(people: frappe._dict, moment: Moment) -> None:
	"""Policy: QA-12, TSM-13, TSM-M2"""
	also_to(people.general_manager, QA, TSM, ESCALATION)
	quality = taken(people.qa, QA, flow.SUBMIT)
	escalated, of_tsm = (taken(people.tsm[0], kind, flow.SEND) for kind in (ESCALATION, TSM))
	desk.tick()
	assert not standing(quality, people.general_manager) and not standing(escalated, people.general_manager)
	assert standing(of_tsm, people.general_manager) == [(catalogue.FURTHER, "Queued")]
	moment.later(hours=1)
	monthly_desk.take(people.manager, quality, flow.REVIEW)
	pass_days(moment, SUNDAY)
	assert standing(quality, people.general_manager) == [(GENERAL_MANAGER, "Sent")]
	# The report itself says what it waits for.
	assert not told_by_mail(quality, people.general_manager)


def test_who_had_it_before_hears_that_it_waits(people: frappe._dict, moment: Moment) -> None:
	"""Policy: QA-12, QA-M1"""
	deputy = make_user("General Manager")
	also_to(deputy, QA)
	moment.set(FRIDAY)
	report = taken(people.qa, QA, flow.SUBMIT)
	away("general_manager", until="2026-04-30", deputy=deputy)
	moment.later(hours=1)
	monthly_desk.take(people.manager, report, flow.REVIEW)
	assert kept(report, deputy) == [OF_GENERAL] and not standing(report, people.general_manager)
	assert told_by_mail(report, deputy) == ["waits for your signature"]
	pass_days(moment, SUNDAY)
	assert got(deputy) == 1
