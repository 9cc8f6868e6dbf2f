"""The further figures of the QA Monthly Report: tracing, promises to customers, requests, deviations and accuracy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk import config, months, promised_times
from core_helpdesk.domain.quality import Area, Quality, total
from core_helpdesk.escalations import findings
from core_helpdesk.governance import deviations
from core_helpdesk.patches.v1 import say_when_findings_and_deviations_ended
from core_helpdesk.reports import (
	closed_months,
	promise_reading,
	quality_counts,
	quality_figures,
	ticket_month,
)
from core_helpdesk.reports import quality_words as words
from tests.site import report_reading as reading
from tests.site import web
from tests.site.factories import (
	make_agent,
	make_category,
	make_department,
	make_desk,
	make_team,
	make_ticket,
	make_ticket_type,
	make_user,
)
from tests.site.moments import Moment, moment_of_all

if TYPE_CHECKING:
	from collections.abc import Iterator

API = "core_helpdesk.report_api.tickets"
MONTH = "2026-03"
ISOLATES = "\u2066\u2067\u2068\u2069"
# No text of a row is a formula to a spreadsheet.
QUOTED = f"'{ISOLATES}"


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Moment]:
	yield from moment_of_all(monkeypatch, "2026-03-01 09:00")


@pytest.fixture
def desk(moment: Moment) -> Iterator[frappe._dict]:
	"""Two departments with a head each, and a ticket category for complaints and one for inquiries."""
	frappe.db.delete("HD Ticket")
	desk = make_desk()
	desk.qa, desk.head, desk.other_head = (
		make_user("QA Specialist"),
		*(make_user("Department Manager") for _ in "ab"),
	)
	desk.mine = make_department(head=desk.head, country="Saudi Arabia")
	desk.others = make_department(head=desk.other_head, country="Saudi Arabia")
	category = make_category()
	desk.care = make_team(ch_department=desk.mine, ch_category=category)
	desk.money = make_team(ch_department=desk.others, ch_category=category)
	desk.complaint, desk.inquiry = make_ticket_type(), make_ticket_type()
	promise((desk.complaint, "Complaint"), (desk.inquiry, "Inquiry"))
	quality_figures.forget()
	yield desk
	quality_figures.forget()


def promise(*kinds: tuple[str, str]) -> None:
	settings = frappe.get_doc(config.SETTINGS)
	rows = [{"ticket_category": category, "kind": kind} for category, kind in kinds]
	settings.set("promised_categories", rows)
	settings.save()


def counted(month: str = MONTH) -> dict[Area, Quality]:
	return quality_counts.count(months.window(month))


def of(areas: dict[Area, Quality], department: str) -> Quality:
	return total(areas, lambda area: area.department == department)


def close(ticket: object) -> None:
	document = frappe.get_doc("HD Ticket", ticket)
	document.status = "Closed"
	document.save()


def reply_to(ticket: object) -> None:
	frappe.db.set_value("HD Ticket", ticket, "first_responded_on", config.from_epoch(config.now_epoch()))


def a_month(desk: frappe._dict, moment: Moment) -> dict[str, object]:
	"""Three complaints and three inquiries, of each one answered in time, one late and one not at all."""
	raised = {
		name: make_ticket(group=team, ticket_type=category).name
		for name, team, category in (
			("soon", desk.care, desk.complaint),
			("late", desk.care, desk.complaint),
			("never", desk.money, desk.complaint),
			("asked", desk.care, desk.inquiry),
			("asked late", desk.money, desk.inquiry),
			("not answered", desk.money, desk.inquiry),
		)
	}
	moment.set("2026-03-02 08:00")
	reply_to(raised["asked"])
	moment.set("2026-03-03 08:00")
	close(raised["soon"])
	reply_to(raised["asked late"])
	moment.set("2026-03-29 10:00")
	close(raised["late"])
	return raised


def test_complaints_are_counted_in_working_days(desk: frappe._dict, moment: Moment) -> None:
	"""Policy: CX-2.1, QA-12"""
	a_month(desk, moment)
	found = counted()
	mine, others = of(found, desk.mine), of(found, desk.others)
	assert (mine.counts["complaints_decided"], mine.counts["complaints_kept"]) == (2, 1)
	assert (others.counts["complaints_decided"], others.counts["complaints_kept"]) == (1, 0)
	assert mine.value("complaints_in_time") == 1 / 2


def test_inquiries_are_counted_by_the_clock(desk: frappe._dict, moment: Moment) -> None:
	"""Policy: CX-3.7, QA-12"""
	a_month(desk, moment)
	found = counted()
	mine, others = of(found, desk.mine), of(found, desk.others)
	assert (mine.counts["inquiries_decided"], mine.counts["inquiries_kept"]) == (1, 1)
	assert (others.counts["inquiries_decided"], others.counts["inquiries_kept"]) == (2, 0)


def test_an_inquiry_that_was_answered_before_it_was_counted_is_not(
	desk: frappe._dict, moment: Moment
) -> None:
	"""As when its group came to be governed between the reply and the end of the 24 hours. Policy: CX-3.7"""
	raised = a_month(desk, moment)
	began = config.to_epoch(frappe.utils.get_datetime("2026-03-02 10:00"))
	stay = {"reference_name": str(raised["asked"])}
	frappe.db.set_value("Ticket Leg", stay, {"from_epoch": began, "began_by": "Taken On"})
	assert of(counted(), desk.mine).counts["inquiries_decided"] == 0


def test_what_is_taken_out_of_all_groups_in_time_is_not_missed(desk: frappe._dict, moment: Moment) -> None:
	"""Policy: CX-2.1"""
	raised = a_month(desk, moment)
	ended = config.to_epoch(frappe.utils.get_datetime("2026-03-04 10:00"))
	stay = {"reference_name": str(raised["never"])}
	frappe.db.set_value("Ticket Leg", stay, {"to_epoch": ended, "ended_by": "Moved Out"})
	assert of(counted(), desk.others).counts["complaints_decided"] == 0


def test_what_was_promised_is_found_by_a_key_alone(desk: frappe._dict, moment: Moment) -> None:
	a_month(desk, moment)
	asked = promise_reading.tickets(promised_times.promised(), months.window(MONTH))
	(plan,) = frappe.db.sql(f"explain {asked.get_sql()}", as_dict=True)
	assert plan.key == "ch_leg_promised"
	assert "Using index" in plan.Extra


def test_a_month_that_is_not_closed_is_counted_once_a_minute(
	desk: frappe._dict, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	a_month(desk, moment)
	moment.set("2026-04-02 09:00")
	months_counted, count = [], quality_counts.count

	def noting(month: object, *name: str) -> object:
		months_counted.append(month)
		return count(month, *name)

	monkeypatch.setattr(quality_counts, "count", noting)
	before = lines(desk.qa)
	assert len(months_counted) == 2
	reading.run(desk.head, ticket_month.REPORT, month=MONTH, by="department")
	promise()
	assert lines(desk.qa) == before
	assert len(months_counted) == 2
	quality_figures.forget()
	assert lines(desk.qa) != before


def test_a_figure_that_is_looked_behind_counts_no_other(
	desk: frappe._dict, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	a_month(desk, moment)
	moment.set("2026-04-02 09:00")
	monkeypatch.delattr(promise_reading, "decided")
	assert drilled(desk.head, "groups")["names"] == [desk.care]


def test_a_site_that_names_no_categories_promises_nothing(desk: frappe._dict, moment: Moment) -> None:
	promise()
	a_month(desk, moment)
	whole = total(counted())
	assert whole.counts["complaints_decided"] == whole.counts["inquiries_decided"] == 0
	assert whole.value("complaints_in_time") is None


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
	assert closed_months.compare(moment.now) == [MONTH]
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


def lines(user: str, **filters: object) -> dict[str, dict]:
	rows = reading.rows(user, ticket_month.REPORT, month=MONTH, by=ticket_month.FURTHER, **filters)
	return {row["part"]: row for row in rows}


def test_each_reader_counts_what_they_answer_for(desk: frappe._dict, moment: Moment) -> None:
	"""Policy: CORE-13"""
	a_month(desk, moment)
	moment.set("2026-04-02 09:00")
	label = words.meanings()["complaints_decided"].label
	assert "3" in lines(desk.qa)[label]["this"]
	assert "2" in lines(desk.head)[label]["this"]
	assert "1" in lines(desk.other_head)[label]["this"]
	assert "1" in lines(desk.qa, department=desk.others)[label]["this"]
	assert lines(desk.head, department=desk.others)[label]["this"].strip(ISOLATES) == "0"


def drilled(user: str, part: str, figure: str = "this", month: str = MONTH) -> dict:
	filters = frappe.as_json({"month": month, "by": ticket_month.FURTHER})
	return web.call(user, API, filters=filters, figure=figure, part=part)


def test_every_figure_leads_to_what_it_counts(desk: frappe._dict, moment: Moment) -> None:
	"""Policy: QA-12, CORE-13"""
	a_month(desk, moment)
	moment.set("2026-04-02 09:00")
	for user in (desk.qa, desk.head, desk.other_head):
		for row in lines(user).values():
			if not row["this"].strip(ISOLATES).isdigit():
				continue
			assert len(drilled(user, row["drill"]["part"])["names"]) == int(row["this"].strip(ISOLATES))
	found = drilled(desk.head, "complaints_decided")
	assert found["doctype"] == "Ticket Leg"
	assert {frappe.db.get_value("Ticket Leg", name, "team") for name in found["names"]} == {desk.care}
	assert drilled(desk.head, "complaints_decided", "last", "2026-04") == found
	assert len(drilled(desk.qa, "complaints_in_time")["names"]) == 1


def test_what_is_no_figure_leads_nowhere(desk: frappe._dict) -> None:
	with pytest.raises(frappe.ValidationError, match="no such figure"):
		drilled(desk.qa, "behind")
	with pytest.raises(frappe.PermissionError):
		drilled(make_agent(), "groups")


def test_the_shares_stand_over_every_view(desk: frappe._dict, moment: Moment) -> None:
	a_month(desk, moment)
	moment.set("2026-04-02 09:00")
	for by in ("department", ticket_month.FURTHER):
		answer = reading.run(desk.qa, ticket_month.REPORT, month=MONTH, by=by)
		said = " ".join(number["label"] for number in answer["report_summary"])
		assert words.meanings()["data_accuracy"].label in said


def test_every_figure_is_said_in_arabic(desk: frappe._dict) -> None:
	frappe.local.lang = "ar"
	try:
		said = [*(meaning.label for meaning in words.meanings().values()), *words.definitions().values()]
	finally:
		frappe.local.lang = "en"
	assert [text for text in said if text.isascii()] == []
