"""One of whom nobody can be reminded keeps no other reminder back, and what nobody is left for is asked of others."""

from __future__ import annotations

import frappe
import pytest

from core_helpdesk import config
from core_helpdesk.mail import monthly_letters
from core_helpdesk.monthly import reminders
from core_helpdesk.setup import monthly_workflow as flow
from tests.site import courier as couriers
from tests.site import monthly_desk as desks
from tests.site.factories import make_user
from tests.site.moments import Moment, moment_from

DUE = "2026-04-05"
OVERDUE = "2026-04-06 09:00"

moment = moment_from("2026-03-01 09:00")


@pytest.fixture
def desk(moment: Moment) -> frappe._dict:
	found = desks.make_monthly_desk(moment)
	couriers.set_settings(mode="Live", confirmed_host=config.this_host())
	found.report = desks.make(flow.QA_REPORT)
	return found


def decided(desk: frappe._dict, by: str, responsible: str) -> str:
	return desks.decide(by, desk.report, responsible=responsible, due_on=DUE)


def told(user: str, action: str) -> int:
	return frappe.db.count("Notification Log", {"for_user": user, "document_name": action})


def test_what_somebody_who_is_gone_was_to_do_is_asked_of_who_decided(
	desk: frappe._dict, moment: Moment
) -> None:
	"""Policy: QA-M3"""
	gone, there = make_user("QA Specialist"), make_user("QA Specialist")
	first = decided(desk, desk.manager, gone)
	other = decided(desk, desk.manager, there)
	before = told(desk.manager, first)
	frappe.db.delete("User", {"name": gone})
	found = reminders.remind(moment.set(OVERDUE))
	assert {first, other} <= set(found)
	assert told(desk.manager, first) == before + 1 and told(there, other) == 2
	assert not {first, other} & set(reminders.remind(moment.later(hours=2)))


def test_where_both_are_gone_the_qa_specialists_are_asked(desk: frappe._dict, moment: Moment) -> None:
	"""Policy: QA-M3"""
	gone = make_user("QA Specialist")
	name = decided(desk, gone, gone)
	frappe.db.set_value("User", gone, "enabled", 0)
	assert name in reminders.remind(moment.set(OVERDUE))
	assert (told(desk.qa, name), told(desk.other_qa, name)) == (1, 1)


def test_one_that_fails_keeps_no_other_back(
	desk: frappe._dict, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	"""Policy: QA-M3"""
	names = sorted(decided(desk, desk.manager, user) for user in (desk.own_head, desk.other_head))
	tell = monthly_letters.tell

	def refusing(user: str, message: monthly_letters.Message, **more: object) -> None:
		if message.reference[1] == names[0]:
			raise frappe.LinkValidationError("Could not find For User")
		tell(user, message, **more)

	monkeypatch.setattr(monthly_letters, "tell", refusing)
	found = reminders.remind(moment.set(OVERDUE))
	assert names[1] in found and names[0] not in found
	frappe.db.rollback()
	assert frappe.db.get_value("Corrective Action", names[1], "reminded_on")
	assert frappe.db.exists("Error Log", {"method": ("like", f"%{names[0]}%")})
	monkeypatch.setattr(monthly_letters, "tell", tell)
	again = reminders.remind(moment.later(days=1))
	assert names[0] in again and names[1] not in again
