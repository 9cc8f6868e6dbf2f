"""Who stands in for an office is not its deputy: the report stays with whom it was, and is asked of nobody else."""

from __future__ import annotations

from datetime import date

import frappe
import pytest

from core_helpdesk.escalations import people as acting
from core_helpdesk.monthly import acts
from core_helpdesk.sending import offices
from core_helpdesk.sending.offices import Office
from core_helpdesk.setup import monthly_workflow as flow
from tests.site import courier as couriers
from tests.site import monthly_desk
from tests.site import sending_desk as desk
from tests.site.factories import make_user
from tests.site.moments import Moment, moment_from

SUNDAY = date(2026, 4, 5)

moment = moment_from("2026-03-10 09:00")


@pytest.fixture
def people(moment: Moment, monkeypatch: pytest.MonkeyPatch) -> frappe._dict:
	"""A month that is over, whose reports are mailed from the first of April on."""
	found = monthly_desk.make_monthly_desk(moment)
	monthly_desk.mail_reports(monkeypatch)
	found.deputy = make_user("Customer Service Manager")
	return found


def manager_is_away(people: frappe._dict) -> None:
	couriers.set_settings(
		customer_service_manager_deputy=people.deputy,
		customer_service_manager_absent_from="2026-04-04",
		customer_service_manager_absent_until="2026-04-30",
	)


def head_is_away(people: frappe._dict) -> None:
	row = {"absent_from": "2026-04-04", "absent_until": "2026-04-30"}
	frappe.db.set_value("Department Head", {"parent": people.own}, row)


def standing(report: frappe.model.document.Document, user: str) -> list[str]:
	return desk.states(report=report.kind, recipient=user)


def test_nobody_acts_in_an_office_whose_people_are_away(people: frappe._dict) -> None:
	"""Whoever stands in, and as whose deputy.

	Policy: TSM-13
	"""
	manager_is_away(people)
	head_is_away(people)
	couriers.set_settings(general_manager_absent_from="2026-04-04", general_manager_absent_until="2026-04-30")
	assert acting.head_of(people.own, "", SUNDAY).people == ((people.deputy, "Deputy"),)
	assert acting.general_manager(SUNDAY).people == ((people.deputy, "Deputy"),)
	assert offices.acting(Office("Department Head", people.own), SUNDAY) is None
	assert offices.acting(Office("General Manager"), SUNDAY) is None
	assert offices.acting(Office("Customer Service Manager"), SUNDAY) == (people.deputy, "Deputy")
	assert people.deputy not in [person.user for person in acts.heads(SUNDAY)]


def test_a_head_without_a_deputy_gets_the_report_though_the_manager_is_away_too(
	people: frappe._dict, moment: Moment
) -> None:
	"""Policy: TSM-13"""
	moment.set("2026-04-03 10:00")
	report = monthly_desk.make(flow.TSM_REPORT)
	monthly_desk.take(people.tsm[0], report, flow.SEND)
	assert standing(report, people.own_head) == ["Due"]
	manager_is_away(people)
	head_is_away(people)
	moment.set("2026-04-05 08:00")
	desk.tick()
	desk.tick()
	assert standing(report, people.own_head) == ["Queued"]
	assert (standing(report, people.manager), standing(report, people.deputy)) == (["Withdrawn"], ["Queued"])


def test_so_does_a_general_manager(people: frappe._dict, moment: Moment) -> None:
	"""Policy: QA-12"""
	moment.set("2026-04-02 10:00")
	report = monthly_desk.make(flow.QA_REPORT)
	monthly_desk.take(people.qa, report, flow.SUBMIT)
	moment.set("2026-04-03 10:00")
	monthly_desk.take(people.manager, report, flow.REVIEW)
	assert standing(report, people.general_manager) == ["Due"]
	manager_is_away(people)
	couriers.set_settings(general_manager_absent_from="2026-04-04", general_manager_absent_until="2026-04-30")
	moment.set("2026-04-05 08:00")
	desk.tick()
	desk.tick()
	assert standing(report, people.general_manager) == ["Queued"]
