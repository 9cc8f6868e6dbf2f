"""What waits for an office goes to who acts in it, however often that changes: somebody has it always, and nobody twice."""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk.escalations.people import CUSTOMER_SERVICE_MANAGER, DEPARTMENT_HEAD
from core_helpdesk.monthly import printing
from core_helpdesk.sending import making
from core_helpdesk.setup import monthly_workflow as flow
from tests.site import courier as couriers
from tests.site import monthly_desk
from tests.site import sending_desk as desk
from tests.site.factories import give_role, make_user
from tests.site.moments import Moment, moment_from

if TYPE_CHECKING:
	from frappe.model.document import Document

TSM = flow.TSM_REPORT
APRIL = ("2026-04-01", "2026-04-30")

moment = moment_from("2026-03-10 09:00")


@pytest.fixture
def people(moment: Moment, monkeypatch: pytest.MonkeyPatch) -> frappe._dict:
	"""A month that is over, on a site that sends nothing but its reports; each office has a deputy."""
	found = monthly_desk.make_monthly_desk(moment)
	# Drawn for each of them anew, it takes seconds each time; what it says is told elsewhere.
	monkeypatch.setattr(printing, "pdf", lambda _found: b"%PDF-1.7")
	found.own_deputy, found.other_deputy = make_user("Department Manager"), make_user("Department Manager")
	found.manager_deputy = make_user("Customer Service Manager")
	frappe.db.set_value("Department Head", {"parent": found.own}, "deputy", found.own_deputy)
	frappe.db.set_value("Department Head", {"parent": found.other}, "deputy", found.other_deputy)
	monthly_desk.mail_reports(monkeypatch, customer_service_manager_deputy=found.manager_deputy)
	return found


def head_is_away(department: str, *, away: bool) -> None:
	days = APRIL if away else (None, None)
	row = dict(zip(("absent_from", "absent_until"), days, strict=True))
	frappe.db.set_value("Department Head", {"parent": department}, row)


def manager_is_away(*, away: bool) -> None:
	days = APRIL if away else (None, None)
	fields = ("customer_service_manager_absent_from", "customer_service_manager_absent_until")
	couriers.set_settings(**dict(zip(fields, days, strict=True)))


def sent(people: frappe._dict) -> Document:
	report = monthly_desk.make(TSM)
	monthly_desk.take(people.tsm[0], report, flow.SEND)
	return report


def state_of(user: str) -> list[str]:
	return desk.states(report=TSM, recipient=user)


def held() -> Counter[tuple[str, ...]]:
	"""Each office, and how many deliveries for it are not withdrawn."""
	rows = frappe.get_all("Report Delivery", {"report": TSM, "state": ("!=", "Withdrawn")}, pluck="offices")
	return Counter(tuple(office) for text in rows for office in json.loads(text or "[]"))


def test_who_is_back_before_the_deputy_was_reached_gets_it_after_all(
	people: frappe._dict, moment: Moment
) -> None:
	"""Policy: TSM-13"""
	# Sunday: no mail leaves.
	moment.set("2026-04-05 08:00")
	sent(people)
	couriers.switch_outgoing_account(on=False)
	head_is_away(people.own, away=True)
	for _again in range(2):
		desk.tick()
		moment.later(minutes=65)
	assert (state_of(people.own_head), state_of(people.own_deputy)) == (["Withdrawn"], ["Failed"])
	head_is_away(people.own, away=False)
	couriers.switch_outgoing_account(on=True)
	for _again in range(2):
		desk.tick()
		moment.later(minutes=5)
	assert (state_of(people.own_head), state_of(people.own_deputy)) == (["Queued"], ["Withdrawn"])
	assert len(desk.mails(people.own_head)) == 1 and not desk.mails(people.own_deputy)
	(row,) = desk.ledger(report=TSM, recipient=people.own_head)
	assert (row.why_not, row.capacity, row.is_replaced) == (None, DEPARTMENT_HEAD, 0)


def test_an_office_that_is_passed_to_and_fro_keeps_its_report(people: frappe._dict, moment: Moment) -> None:
	"""As a QA Specialist could do it to keep a report from the Customer Service Manager."""
	moment.set("2026-04-03 10:00")
	sent(people)
	couriers.switch_outgoing_account(on=False)
	moment.set("2026-04-05 07:00")
	for away in (True, False, True, False):
		manager_is_away(away=away)
		moment.later(hours=1)
		desk.tick()
	couriers.switch_outgoing_account(on=True)
	moment.later(hours=2)
	desk.tick()
	desk.tick()
	assert state_of(people.manager) == ["Queued"]
	assert state_of(people.manager_deputy) in ([], ["Withdrawn"])


@pytest.mark.parametrize("seed", range(8))
def test_every_office_has_one_delivery_whoever_is_away(
	people: frappe._dict, moment: Moment, seed: int
) -> None:
	"""Policy: TSM-13, TSM-M2"""
	chance = random.Random(seed)
	moment.set(chance.choice(("2026-04-03 10:00", "2026-04-05 08:00")))
	sent(people)
	offices = held()
	expected = {
		(DEPARTMENT_HEAD, people.own),
		(DEPARTMENT_HEAD, people.other),
		(CUSTOMER_SERVICE_MANAGER, ""),
	}
	assert {office[:2] for office in offices} >= expected
	assert set(offices.values()) == {1}
	moment.set("2026-04-05 08:00")
	couriers.switch_outgoing_account(on=False)
	for _step in range(10):
		which, away = chance.choice((people.own, people.other, "")), chance.random() < 0.5
		if which:
			head_is_away(which, away=away)
		else:
			manager_is_away(away=away)
		if chance.random() < 0.7:
			moment.later(minutes=65)
			desk.tick()
		assert held() == offices
	couriers.switch_outgoing_account(on=True)
	moment.set("2026-04-06 08:00")
	for _again in range(4):
		moment.later(minutes=65)
		desk.tick()
	assert held() == offices
	with_office = {"report": TSM, "offices": ("is", "set"), "state": ("!=", "Withdrawn")}
	assert {row.state for row in desk.ledger(**with_office)} == {"Queued"}


def test_a_weekly_report_goes_to_no_deputy_of_a_department(
	moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	"""Whoever is head of a department besides gets it as Customer Service Manager alone."""
	desk.send_only(monkeypatch, desk.DEPARTMENTS)
	moment.set(desk.SUNDAY)
	courier = desk.open_desk()
	deputy = make_user("Department Manager")
	manager = courier.customer_service_manager
	give_role(manager, "Department Manager")
	department = couriers.make_department(head=manager, deputy=deputy)
	moment.set("2026-04-12 08:00")
	making.make_due(moment.now)
	(row,) = desk.ledger(report=desk.DEPARTMENTS, recipient=manager)
	kept = json.loads(frappe.db.get_value("Report Delivery", row.name, "offices"))
	assert kept == [[CUSTOMER_SERVICE_MANAGER, "", ""]]
	head_is_away(department, away=True)
	desk.tick()
	desk.tick()
	assert desk.states(report=desk.DEPARTMENTS, recipient=manager) == ["Queued"]
	assert not desk.ledger(recipient=deputy)
