"""What is sent to whom on a day, as the settings tell it: with languages, with those who hand on, without the hidden."""

from __future__ import annotations

from typing import Any

import frappe
import pytest

from tests.site import courier as couriers
from tests.site import sending_desk as desk
from tests.site import web
from tests.site.factories import make_user
from tests.site.moments import Moment, moment_from
from tests.site.sending_desk import DAILY

PREVIEW = f"{web.METHOD}/core_helpdesk.report_sending_api.preview"
# The first of May is a Friday: the month's reports are made on the Sunday.
SUNDAY_OF_MAY = "2026-05-03"

moment = moment_from(desk.SUNDAY)


@pytest.fixture
def courier(moment: Moment) -> couriers.Courier:
	return desk.open_desk()


def preview(user: str, day: str = "2026-04-06") -> dict[str, Any]:
	return web.get(user, PREVIEW, day=day)


def test_each_one_s_language_is_told_in_the_language_of_who_asks(courier: couriers.Courier) -> None:
	frappe.db.set_value("User", courier.tsm[0], "language", "ar")
	rows = {row["recipient"]: row for row in preview(courier.qa)["deliveries"]}
	assert [rows[user]["language_name"] for user in courier.tsm] == ["Arabic", "English"]
	assert rows[courier.tsm[0]]["period"] == "5 Apr 2026"


def test_who_sends_the_reports_of_a_month_and_to_whom_they_then_go(courier: couriers.Courier) -> None:
	"""Policy: QA-12, TSM-13, TSM-M2"""
	settings = frappe.get_doc("Core Helpdesk Settings")
	further = make_user("QA Specialist")
	settings.append("report_recipients", {"report": "QA Monthly Report", "user": further})
	settings.save()
	made = {row["report"]: row for row in preview(courier.qa, SUNDAY_OF_MAY)["made"]}
	assert len(made) == 3
	name_of = {
		user: frappe.db.get_value("User", user, "full_name") for user in frappe.get_all("User", pluck="name")
	}

	def people(report: str, part: str) -> dict[str, list[str]]:
		return {each["capacity"]: each["names"] for each in made[report][part]}

	assert name_of[courier.qa] in people("QA Monthly Report", "makers")["QA Specialist"]
	quality = people("QA Monthly Report", "readers")
	assert quality["Customer Service Manager"] == [name_of[courier.customer_service_manager]]
	assert quality["General Manager"] == [name_of[courier.general_manager]]
	assert quality["Further Recipient"] == [name_of[further]]
	tsm = people("TSM Monthly Report", "makers")
	assert sorted(*tsm.values()) == sorted(name_of[user] for user in courier.tsm)
	assert name_of[courier.head] in people("TSM Monthly Report", "readers")["Department Head"]
	assert list(people("Department Escalation Report", "readers"))[:2] == [
		"Customer Service Manager",
		"General Manager",
	]


def test_members_of_a_concealed_group_are_not_named_to_an_admin(courier: couriers.Courier) -> None:
	"""Policy: TSM-12"""
	admin = make_user("System Manager")
	days = [preview(admin), preview(admin, SUNDAY_OF_MAY)]
	text = frappe.as_json(days)
	for user in courier.tsm:
		assert user not in text
		assert frappe.db.get_value("User", user, "full_name") not in text
	(row,) = (row for row in days[0]["deliveries"] if row["report"] == DAILY)
	assert (row["recipient"], row["full_name"], row["language"], row["problem"]) == ("", "", "", "")
	assert row["capacity"] == "Ticketing System Management"
	made = {row["report"]: row for row in days[1]["made"]}
	assert made["TSM Monthly Report"]["makers"] == [{"capacity": "Ticketing System Management", "names": []}]
	assert courier.tsm[0] in frappe.as_json(preview(courier.qa))
	seen = frappe.as_json(preview(courier.qa, SUNDAY_OF_MAY))
	assert all(frappe.db.get_value("User", user, "full_name") in seen for user in courier.tsm)
