"""A server that can write no PDF: reports go out without, somebody who can mend it hears of it, and no report is lost."""

from __future__ import annotations

import sys

import frappe
import pytest

from core_helpdesk import monthly_api
from core_helpdesk.mail import language, missing_paper, report_letters
from core_helpdesk.monthly import reading
from core_helpdesk.sending import content
from core_helpdesk.setup import checklist
from core_helpdesk.setup import monthly_workflow as flow
from tests.site import mail_reading, monthly_desk
from tests.site import sending_desk as sending
from tests.site.factories import as_user
from tests.site.moments import Moment, moment_from

LIBRARY = "weasyprint"
FINDING = {"kind": missing_paper.KIND, "state": "Open"}


class WithoutPango:
	"""As on a server without the libraries that WeasyPrint needs."""

	def find_spec(self, name: str, *_more: object) -> None:
		if name.partition(".")[0] == LIBRARY:
			raise OSError("cannot load library 'libpango-1.0-0'")


moment = moment_from("2026-03-01 09:00")


@pytest.fixture
def desk(moment: Moment, monkeypatch: pytest.MonkeyPatch) -> frappe._dict:
	found = monthly_desk.make_monthly_desk(moment)
	monthly_desk.mail_reports(monkeypatch, report_attachment="Excel")
	return found


@pytest.fixture
def without_pango(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
	with monkeypatch.context() as patch:
		for name in [name for name in sys.modules if name.partition(".")[0] == LIBRARY]:
			patch.delitem(sys.modules, name)
		patch.setattr(sys, "meta_path", [WithoutPango(), *sys.meta_path])
		yield patch


def paper_step() -> dict:
	return next(step for step in checklist.first_run() if step["label"] == "Reports as PDF")


def test_a_monthly_report_is_mailed_without_its_paper(desk: frappe._dict, without_pango: object) -> None:
	"""Policy: QA-12"""
	report = monthly_desk.make(flow.QA_REPORT)
	monthly_desk.take(desk.qa, report, flow.SUBMIT)
	sending.tick()
	(row,) = sending.ledger(report=report.kind)
	assert (row.state, row.recipient) == ("Queued", desk.manager)
	text = mail_reading.plain_text(frappe.db.get_value("Email Queue", row.email_queue, "message"))
	said = "could not write the PDF"
	assert said in " ".join(text.split())
	assert any(said in line for line in content.kept(row.name)["footer"])
	(finding,) = frappe.get_all("Escalation Finding", FINDING, ["remedy", "times"])
	assert "libpango" in finding.remedy and finding.times == 1
	assert frappe.db.exists(
		"Notification Log", {"for_user": desk.qa, "subject": ("like", "%cannot write PDFs%")}
	)


@pytest.mark.parametrize("spoken", ["en", "ar"])
def test_the_workbook_goes_all_the_same_and_it_is_one_finding(
	desk: frappe._dict, without_pango: object, spoken: str
) -> None:
	report = monthly_desk.make(flow.QA_REPORT)
	with as_user(desk.qa), language.speaking(spoken):
		for _time in range(2):
			letter = report_letters.of_report(desk.qa, reading.content(report), "no-such-delivery")
	assert [each.name.rpartition(".")[2] for each in letter.attachments] == ["xlsx"]
	assert frappe.db.count("Escalation Finding", FINDING) == 1
	assert frappe.db.get_value("Escalation Finding", FINDING, "details").startswith("This server cannot")


def test_whoever_asks_for_the_paper_is_told_what_to_do(desk: frappe._dict, without_pango: object) -> None:
	report = monthly_desk.make(flow.QA_REPORT)
	with as_user(desk.qa), pytest.raises(frappe.ValidationError, match="libpango"):
		monthly_api.paper(report.name)


def test_the_first_steps_say_so_and_the_finding_closes_once_it_is_mended(
	desk: frappe._dict, without_pango: pytest.MonkeyPatch
) -> None:
	assert not paper_step()["done"] and "libpango" in paper_step()["detail"]
	missing_paper.alarm()
	missing_paper.close_mended()
	assert frappe.db.exists("Escalation Finding", FINDING)
	without_pango.undo()
	assert paper_step()["done"]
	missing_paper.close_mended()
	assert not frappe.db.exists("Escalation Finding", FINDING)
