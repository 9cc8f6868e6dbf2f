"""The further figures of months that are closed: what they were closed with, what is found late, and what stood at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk import config
from core_helpdesk.domain.quality import Area, total
from core_helpdesk.escalations import findings
from core_helpdesk.governance import deviations
from core_helpdesk.patches.v1 import say_when_findings_and_deviations_ended
from core_helpdesk.reports import (
	closed_months,
	quality_figures,
)
from core_helpdesk.reports import quality_words as words
from tests.site.moments import Moment, moment_from
from tests.site.quality_desk import (
	MONTH,
	QUOTED,
	a_month,
	counted,
	lines,
	of,
	open_desk,
)

if TYPE_CHECKING:
	from collections.abc import Iterator

moment = moment_from("2026-03-01 09:00")


@pytest.fixture
def desk(moment: Moment) -> Iterator[frappe._dict]:
	quality_figures.forget()
	yield open_desk()
	quality_figures.forget()


def test_a_group_with_an_open_finding_is_not_right(desk: frappe._dict, moment: Moment) -> None:
	"""Policy: QA-01, CORE-19"""
	frappe.db.delete(findings.DOCTYPE)
	moment.set("2026-03-10 09:00")
	findings.report("Group without Data", desk.care, "HD Team", desk.care)
	found = counted()
	assert of(found, desk.mine).value("data_accuracy") == 0
	assert of(found, desk.others).value("data_accuracy") == 1
	moment.set("2026-03-20 09:00")
	findings.close("Group without Data", desk.care)
	assert of(counted(), desk.mine).value("data_accuracy") == 1


def test_what_a_month_was_closed_with_stands(desk: frappe._dict, moment: Moment) -> None:
	"""Policy: QA-12"""
	a_month(desk, moment)
	closed_months.close_over(moment.set("2026-04-01 13:00"))
	before = total(quality_figures.of_month(MONTH, moment.now))
	frappe.db.delete("Ticket Leg")
	assert total(quality_figures.of_month(MONTH, moment.now)) == before
	assert before.counts["complaints_decided"] == 3


def test_what_is_found_late_stands_beside_what_a_month_was_closed_with(
	desk: frappe._dict, moment: Moment
) -> None:
	"""Policy: QA-12, QA-M1"""
	raised = a_month(desk, moment)
	closed_months.close_over(moment.set("2026-04-01 13:00"))
	before, label = lines(desk.qa), words.meanings()["complaints_in_time"].label
	assert closed_months.compare(moment.now) == []
	stay = {"reference_name": str(raised["late"])}
	closed = config.to_epoch(frappe.utils.get_datetime("2026-03-02 10:00"))
	frappe.db.set_value("Ticket Leg", stay, "to_epoch", closed)
	# Promises are read again within the week.
	assert closed_months.compare(moment.set("2026-04-08 13:00")) == [MONTH]
	assert closed_months.compare(moment.now) == []
	found = lines(desk.qa)
	assert {part: row["this"] for part, row in found.items()} == {
		part: row["this"] for part, row in before.items()
	}
	assert found[label]["corrected"].strip(QUOTED) == "+33.4 pts"
	assert found[label]["tones"]["corrected"] == "orange"
	assert lines(desk.head)[label]["corrected"].strip(QUOTED) == "+50 pts"
	assert not any(row["corrected"] for row in lines(desk.other_head).values())
	frappe.rename_doc("Core Department", desk.mine, "Renamed")
	assert lines(desk.head)[label]["corrected"].strip(QUOTED) == "+50 pts"


def test_groups_that_change_later_correct_no_month_that_was_closed(
	desk: frappe._dict, moment: Moment
) -> None:
	"""Policy: QA-01"""
	a_month(desk, moment)
	closed_months.close_over(moment.set("2026-04-01 13:00"))
	frappe.db.set_value("HD Team", desk.care, "ch_department", desk.others)
	config.refresh()
	assert closed_months.compare(moment.now) == []


def test_what_ended_later_stood_at_the_end_whoever_wrote_it_since(desk: frappe._dict, moment: Moment) -> None:
	"""Policy: CORE-09, QA-01"""
	frappe.db.delete(findings.DOCTYPE)
	moment.set("2026-03-10 09:00")
	findings.report("Group without Data", desk.care, "HD Team", desk.care)
	moment.set("2026-03-20 09:00")
	(name,) = frappe.get_all(findings.DOCTYPE, {"reference_name": desk.care}, pluck="name")
	finding = frappe.get_doc(findings.DOCTYPE, name)
	finding.state = "Closed"
	finding.save()
	moment.set("2026-05-02 09:00")
	finding = frappe.get_doc(findings.DOCTYPE, name)
	finding.remedy = "Written once more"
	finding.save()
	assert str(finding.closed_on)[:10] == "2026-03-20"
	assert of(counted(), desk.mine).value("data_accuracy") == 1
	moment.set("2026-05-03 09:00")
	finding.reload()
	finding.state = "Open"
	finding.save()
	assert of(counted(), desk.mine).value("data_accuracy") == 0
	findings.close("Group without Data", desk.care)
	assert of(counted(), desk.mine).value("data_accuracy") == 0


def test_a_deviation_that_ended_later_was_in_force_at_the_end(desk: frappe._dict, moment: Moment) -> None:
	"""Policy: CORE-09"""
	frappe.db.delete(deviations.DOCTYPE)
	document = frappe.new_doc(deviations.DOCTYPE)
	place = {"department": desk.mine, "country": "Saudi Arabia", "team": desk.care}
	document.update(
		{**place, "starts_on": "2026-03-02 09:00:00", "ends_on": "2026-12-31", "state": "In Force"}
	)
	name = deviations.save(document).name
	moment.set("2026-04-05 09:00")
	deviations.end(name)
	moment.set("2026-05-02 09:00")
	deviations.save(frappe.get_doc(deviations.DOCTYPE, name))
	assert of(counted(), desk.mine).counts["deviations"] == 1
	assert of(counted("2026-04"), desk.mine).counts["deviations"] == 0


def test_a_site_from_before_learns_when_findings_and_deviations_ended(desk: frappe._dict) -> None:
	findings.report("Group without Data", desk.care, "HD Team", desk.care)
	findings.close("Group without Data", desk.care)
	where = {"reference_name": desk.care, "state": "Closed"}
	before = {"closed_on": None, "modified": "2026-02-01 10:00:00"}
	frappe.db.set_value(findings.DOCTYPE, where, before, update_modified=False)
	say_when_findings_and_deviations_ended.execute()
	assert str(frappe.db.get_value(findings.DOCTYPE, where, "closed_on")) == "2026-02-01 10:00:00"


def test_a_renamed_department_keeps_its_figures(desk: frappe._dict, moment: Moment) -> None:
	a_month(desk, moment)
	closed_months.close_over(moment.set("2026-04-01 13:00"))
	frappe.rename_doc("Core Department", desk.mine, "Renamed")
	found = quality_figures.of_month(MONTH, moment.now)
	assert of(found, "Renamed").counts["complaints_decided"] == 2
	assert Area(desk.mine, "Saudi Arabia") not in found
