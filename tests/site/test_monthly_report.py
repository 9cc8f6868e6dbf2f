"""The reports of a month as documents: made once, frozen, and read by each reader in their language."""

from __future__ import annotations

import frappe
import pytest

from core_helpdesk import config
from core_helpdesk.domain.ticket_lines import total
from core_helpdesk.escalations import sweep
from core_helpdesk.mail import language
from core_helpdesk.monthly import figures, making, printing, reading
from core_helpdesk.reports import closed_months
from core_helpdesk.setup import monthly_workflow as flow
from tests.site import monthly_desk as desks
from tests.site.factories import as_user, make_ticket, switch_mode
from tests.site.moments import Moment, epoch, moment_from
from tests.site.monthly_desk import FIGURES, MONTH, line, make, parts, shown

moment = moment_from("2026-03-01 09:00")
desk = desks.desk_fixture


def an_old_closing_is_found() -> None:
	"""As when the comparison of tickets finds one, days late."""
	name = frappe.get_all("Ticket Leg", {"to_epoch": (">", 0)}, pluck="name", order_by="to_epoch")[0]
	frappe.db.set_value("Ticket Leg", name, "to_epoch", epoch("2026-04-02 10:00"))


@pytest.mark.parametrize("kind", flow.KINDS)
def test_a_report_of_a_kind_and_month_is_made_once(desk: frappe._dict, kind: str) -> None:
	"""Policy: QA-12, TSM-13, TSM-M2"""
	report = make(kind)
	assert report.name == making.name_of(kind, MONTH)
	assert make(kind).name == report.name
	assert (frappe.db.count(desks.DOCTYPE), frappe.db.count(FIGURES)) == (1, 1)
	assert report.workflow_state == flow.MADE


@pytest.mark.parametrize("wrong", [("Other", MONTH), (flow.QA_REPORT, "2026-04"), (flow.QA_REPORT, "March")])
def test_nothing_is_made_of_what_is_no_kind_or_no_month_that_is_over(
	desk: frappe._dict, wrong: tuple
) -> None:
	with pytest.raises(ValueError, match="There is no"):
		making.make(*wrong, config.now_epoch())


def test_a_missed_month_is_made_up(desk: frappe._dict, moment: Moment) -> None:
	assert list(making.missing(moment.now)) == [(kind, MONTH) for kind in flow.KINDS]
	make(flow.QA_REPORT)
	moment.set("2026-06-02 09:00")
	made = making.make_missing(moment.now)
	assert [name[-7:] for name in made if "-QA-" in name] == ["2026-04", "2026-05"]
	assert [name[-7:] for name in made if "-TSM-" in name] == [MONTH, "2026-04", "2026-05"]
	assert list(making.missing(moment.now)) == []


@pytest.mark.parametrize("mode", ["Observe", "Live"])
def test_what_is_made_up_is_told_to_nobody_until_its_run(
	desk: frappe._dict, moment: Moment, mode: str
) -> None:
	switch_mode(mode)
	mails = frappe.db.count("Email Queue")
	assert len(making.make_missing(moment.now)) == len(flow.KINDS)
	assert told() == []
	assert frappe.db.count("Email Queue") == mails
	make(flow.TSM_REPORT)
	assert told() == (sorted(desk.tsm) if mode == "Live" else [])


def test_the_last_month_is_left_to_its_run_until_that_was_due(desk: frappe._dict, moment: Moment) -> None:
	"""April 2026 ends on a Thursday; the first working day after is the Sunday."""
	making.make_missing(moment.now)
	for at, count in (("2026-05-01 05:00", 0), ("2026-05-03 07:00", 0), ("2026-05-03 08:30", 3)):
		assert len(making.make_missing(moment.set(at))) == count
	switch_mode("Observe")
	assert making.make_missing(moment.set("2026-06-01 05:00")) == []
	assert len(making.make_missing(moment.set("2026-06-01 06:30"))) == len(flow.KINDS)


def test_one_that_cannot_be_made_keeps_none_of_the_others(
	desk: frappe._dict, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	insert = making._insert

	def fails_once(kind: str, month: str, now: int) -> object:
		if kind == flow.QA_REPORT:
			raise ValueError(kind)
		return insert(kind, month, now)

	monkeypatch.setattr(making, "_insert", fails_once)
	assert making.make_missing(moment.now) == [making.name_of(kind, MONTH) for kind in flow.KINDS[1:]]
	monkeypatch.undo()


def test_a_site_with_many_months_gets_them_over_some_calls(desk: frappe._dict, moment: Moment) -> None:
	assert len(making.make_missing(moment.now, seconds=0)) == 1
	assert len(making.make_missing(moment.now)) == 2


def test_nothing_is_made_while_nothing_counts(desk: frappe._dict, moment: Moment) -> None:
	switch_mode("Off")
	assert making.make_missing(moment.now) == []


def test_making_closes_the_month_and_takes_its_figures(desk: frappe._dict, moment: Moment) -> None:
	assert closed_months.closed_on(MONTH) is None
	reports = [make(kind) for kind in flow.KINDS]
	assert closed_months.closed_on(MONTH) is not None
	assert frappe.db.count(FIGURES) == 1
	frozen = closed_months.cells(MONTH, moment.now)
	for report in reports:
		with as_user(desk.qa):
			assert total(reading.seen(report).this).counts == total(frozen).counts


def test_what_comes_between_two_reports_of_a_month_lets_them_agree(
	desk: frappe._dict, moment: Moment
) -> None:
	"""Policy: QA-M1"""
	first = make(flow.QA_REPORT)
	an_old_closing_is_found()
	second = make(flow.TSM_REPORT)
	for name in ("received", "closed", "open", "escalated"):
		assert line(desk.qa, first, name) == line(desk.qa, second, name)


def test_the_usual_time_is_after_the_month_has_settled(desk: frappe._dict, moment: Moment) -> None:
	assert not figures.is_settled(MONTH, moment.set("2026-04-01 05:00"))
	assert figures.is_settled(MONTH, moment.set("2026-04-01 08:00"))


def test_no_month_is_closed_before_that_in_which_counting_began(desk: frappe._dict) -> None:
	assert figures.began() == MONTH
	make(flow.QA_REPORT)
	assert closed_months.closed_on(desks.BEFORE) is None


def test_the_figures_are_those_of_the_month(desk: frappe._dict) -> None:
	report = make(flow.QA_REPORT)
	found = {row["name"]: row for row in shown(desk.qa, report)["lines"]}
	assert {name: found[name]["this"] for name in ("received", "closed", "open", "escalated", "failed")} == {
		"received": "5",
		"closed": "3",
		"open": "2",
		"escalated": "2",
		"failed": "2",
	}
	assert (found["within_standard"]["this"], found["within_standard"]["goal"]) == ("60%", "100%")
	assert found["within_standard"]["tone"] == "red"
	assert found["received"]["last"] == "0"
	assert parts(desk.qa, report) == {desk.own, desk.other}


def test_what_changes_late_is_a_correction_and_changes_no_figure(desk: frappe._dict, moment: Moment) -> None:
	"""Policy: QA-M1"""
	report = make(flow.QA_REPORT)
	before = shown(desk.qa, report)["lines"]
	an_old_closing_is_found()
	closed_months.compare(moment.set("2026-04-05 09:00"))
	after = shown(desk.qa, report)
	assert [row | {"corrected": ""} for row in after["lines"]] == before
	assert {row["name"]: row["corrected"] for row in after["lines"] if row["corrected"]}["open"] == "+1"
	assert after["has_corrections"]
	assert "correction" in " ".join(after["summary"])


def test_a_report_made_before_its_month_was_closed_says_what_the_closing_found(
	desk: frappe._dict, moment: Moment
) -> None:
	moment.set("2026-04-01 05:00")
	report = make(flow.QA_REPORT)
	an_old_closing_is_found()
	closed_months.compare(moment.set("2026-04-05 09:00"))
	found = {row["name"]: row for row in shown(desk.qa, report)["lines"]}
	assert (found["open"]["this"], found["open"]["corrected"]) == ("2", "+1")


def test_a_renamed_department_is_known_on_reports(desk: frappe._dict) -> None:
	report = make(flow.QA_REPORT)
	new = frappe.rename_doc("Core Department", desk.own, f"{desk.own} again", force=True)
	assert parts(desk.qa, report) == {new, desk.other}


def test_the_escalation_report_names_the_departments_with_escalations(desk: frappe._dict) -> None:
	"""Policy: TSM-M2"""
	report = make(flow.ESCALATION_REPORT)
	assert [(row.department, row.country) for row in report.outcomes] == [(desk.other, desks.EGYPT)]
	assert parts(desk.manager, report) == {desk.other}


def test_the_department_that_is_furthest_is_told_by_what_its_report_counts(
	desk: frappe._dict, moment: Moment
) -> None:
	"""Policy: TSM-M1, TSM-M2"""
	moment.set("2026-03-12 09:00")
	make_ticket(group=desk.own_team)
	sweep.run(moment.set("2026-03-12 20:00"))
	moment.set(desks.MADE_AT)
	for kind, told in (
		(
			flow.QA_REPORT,
			("Lowest share within the Standard", "Within the Standard: 50% of what was closed in time or"),
		),
		(flow.ESCALATION_REPORT, ("Fewest solved within 24 hours",)),
	):
		said = " ".join(desks.shown(desk.qa, make(kind))["summary"])
		assert all(text in said.replace("\u2068", "").replace("\u2069", "") for text in told)
		assert said.count("Lowest share") + said.count("Fewest") == 1


def test_the_month_is_told_in_both_languages(desk: frappe._dict) -> None:
	for kind in flow.KINDS:
		report = make(kind)
		for spoken, month in (("en", "March 2026"), ("ar", "مارس 2026")):
			with as_user(desk.qa), language.speaking(spoken):
				found = reading.view(report)
				assert month in found["title"]
				assert found["summary"]
				latin = [
					word
					for line in found["summary"]
					for word in line.split()
					if word in ("Tickets", "Closed")
				]
				assert bool(latin) == (spoken == "en" and kind != flow.ESCALATION_REPORT)


def test_it_is_printed_in_both_languages(desk: frappe._dict) -> None:
	report = make(flow.QA_REPORT)
	for spoken, direction in (("en", "ltr"), ("ar", "rtl")):
		with as_user(desk.qa), language.speaking(spoken):
			assert printing.monthly_report(report.name)["direction"] == direction
			html = frappe.get_print(desks.DOCTYPE, report.name, print_format="Monthly Report")
			assert f'dir="{direction}"' in html
			assert desk.own in html


def test_an_answer_for_mails_holds_the_departments(desk: frappe._dict) -> None:
	for kind in flow.KINDS:
		report = make(kind)
		with as_user(desk.manager):
			answer = reading.answer(report)
			columns, rows, message, *_more = answer.as_tuple()
		assert desk.other in {row["part"] for row in rows}
		assert "are final" in message
		assert {column["fieldname"] for column in columns} >= {"part", "failed"}


def told() -> list[str]:
	found = frappe.get_all("Notification Log", {"document_type": desks.DOCTYPE}, pluck="for_user")
	return sorted(found)


def test_its_makers_hear_of_it(desk: frappe._dict) -> None:
	"""Policy: TSM-13"""
	report = make(flow.TSM_REPORT)
	assert told() == sorted(desk.tsm)
	named = {"subject": ("like", f"{report.kind}%")}
	mails = frappe.get_all("Communication", named, ["recipients", "subject"])
	assert {mail.recipients for mail in mails} == set(desk.tsm)
	assert all("add your comments" in mail.subject for mail in mails)
	assert frappe.db.count("Email Queue Recipient", {"recipient": ("in", desk.tsm)}) == len(desk.tsm)


def test_other_figures_are_read_for_the_qa_report_alone(desk: frappe._dict) -> None:
	for kind in flow.KINDS:
		report = make(kind)
		with as_user(desk.qa):
			assert bool(reading.view(report)["others"]) is (kind == flow.QA_REPORT)


def test_a_mail_says_what_its_reader_may_see_and_what_people_wrote(desk: frappe._dict) -> None:
	report = make(flow.QA_REPORT)
	frappe.db.set_value(desks.DOCTYPE, report.name, "comment", "Two people were away")
	for spoken, month in (("en", "March 2026"), ("ar", "مارس 2026")):
		with as_user(desk.manager), language.speaking(spoken):
			content = reading.content(report.reload())
		assert month in content.title
		assert content.link.endswith(report.name)
		assert any("Two people were away" in note.text for part in content.sections for note in part.notes)
		assert {row["part"] for row in content.answer.rows} >= {desk.own, desk.other}
