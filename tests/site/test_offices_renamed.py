"""What waits for an office follows the names of its department and country."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk.escalations.people import DEPARTMENT_HEAD
from core_helpdesk.sending import offices
from core_helpdesk.setup import monthly_workflow as flow
from tests.site import monthly_desk
from tests.site.factories import make_user
from tests.site.moments import moment_from
from tests.site.test_offices_reached import (
	FRIDAY,
	MONDAY,
	SUNDAY,
	TSM,
	got,
	head_away,
	kept,
	pass_days,
	standing,
	taken,
)

if TYPE_CHECKING:
	from tests.site.moments import Moment

moment = moment_from("2026-03-10 09:00")
people = monthly_desk.mailing_fixture


@pytest.mark.parametrize("is_merged", [False, True])
def test_a_renamed_department_is_known(people: frappe._dict, moment: Moment, *, is_merged: bool) -> None:
	"""Policy: TSM-13"""
	deputy = make_user("Department Manager")
	head_away(people.own, deputy=deputy)
	moment.set(FRIDAY)
	report = taken(people.tsm[0], TSM, flow.SEND)
	egypt = json.dumps([[DEPARTMENT_HEAD, people.other, country] for country in ("Egypt", "")])
	frappe.db.set_value("Report Delivery", {"report": TSM, "recipient": people.other_head}, "offices", egypt)
	offices.renamed("Country", "Egypt", "Qatar")
	assert [office[2] for office in kept(report, people.other_head)] == ["Qatar", ""]
	new = people.other if is_merged else "Renamed Department"
	frappe.rename_doc("Core Department", people.own, new, merge=is_merged)
	assert kept(report, deputy) == [[DEPARTMENT_HEAD, new, ""]]
	pass_days(moment, SUNDAY, MONDAY)
	assert standing(report, deputy) == [("Deputy", "Withdrawn")]
	assert (got(people.own_head), got(people.other_head)) == (0 if is_merged else 1, 1)
