"""Corrective actions: decided on a report, done by somebody in time, and measured on the next report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk import config
from core_helpdesk.mail import language
from core_helpdesk.monthly import action_acts, actions, effects, printing, reading, reminders
from core_helpdesk.setup import monthly_workflow as flow
from core_helpdesk.tracing import month_acts, month_making, month_print, month_signing
from tests.site import monthly_desk as desks
from tests.site import web
from tests.site.factories import as_user, make_agent, make_ticket, make_user
from tests.site.moments import Moment, moment_from
from tests.site.monthly_desk import ACTION, API, decide, make, shown

if TYPE_CHECKING:
	from frappe.model.document import Document

moment = moment_from("2026-03-01 09:00")
desk = desks.desk_fixture


def next_report(desk: frappe._dict, moment: Moment) -> Document:
	"""The report of April, in which one ticket of the other department came."""
	moment.set("2026-04-12 09:00")
	make_ticket(group=desk.other_team)
	moment.set("2026-05-03 13:00")
	return make(flow.QA_REPORT, "2026-04")


def settle(user: str, name: str, state: str, note: str = "Two people more") -> None:
	web.call(user, f"{API}.settle", action=name, state=state, note=note)


def state(name: str) -> str:
	return frappe.db.get_value(ACTION, name, "state")


def test_an_action_stands_on_its_report_with_the_value_of_then(desk: frappe._dict) -> None:
	"""Policy: QA-M2, QA-M3"""
	report = make(flow.QA_REPORT)
	name = decide(
		desk.manager, report, responsible=desk.other_head, department=desk.other, measure="escalated"
	)
	action = frappe.get_doc(ACTION, name)
	assert (action.state, action.month) == ("Open", desks.MONTH)
	assert effects.then_in_words(action) == "2"
	(row,) = shown(desk.qa, report)["actions"]
	assert (row["name"], row["effect"], row["is_new"]) == (name, None, True)


def test_its_effect_is_measured_in_the_same_place_on_the_next_report(
	desk: frappe._dict, moment: Moment
) -> None:
	"""Policy: QA-M3"""
	report = make(flow.QA_REPORT)
	place = {"department": desk.other, "country": desks.EGYPT}
	name = decide(desk.general_manager, report, measure="received", **place)
	(row,) = shown(desk.qa, next_report(desk, moment))["actions"]
	assert (row["name"], row["is_overdue"]) == (name, True)
	assert (row["effect"]["then"], row["effect"]["now"], row["effect"]["change"]) == ("2", "1", "−1")


def test_what_was_settled_before_a_month_is_not_on_its_report(desk: frappe._dict, moment: Moment) -> None:
	report = make(flow.QA_REPORT)
	done, still_open = decide(desk.qa, report), decide(desk.qa, report)
	settle(desk.qa, done, "Done")
	assert {row["name"] for row in shown(desk.qa, next_report(desk, moment))["actions"]} == {done, still_open}
	moment.set("2026-06-02 13:00")
	later = make(flow.QA_REPORT, "2026-05")
	assert [row["name"] for row in shown(desk.qa, later)["actions"]] == [still_open]


def test_it_stands_in_print_and_mail_in_both_languages(desk: frappe._dict, moment: Moment) -> None:
	decide(desk.qa, make(flow.QA_REPORT), measure="received")
	report = next_report(desk, moment)
	for spoken in ("en", "ar"):
		with as_user(desk.manager), language.speaking(spoken):
			html = frappe.get_print(report.doctype, report.name, print_format="Monthly Report")
			assert "Train the night shift" in html
			assert printing.monthly_report(report.name)["actions"]
			assert any(
				"Train the night shift" in note.text
				for section in reading.sections(report)
				for note in section.notes
			)


def test_management_and_the_qa_specialist_decide(desk: frappe._dict) -> None:
	report = desks.sent_to(desk.own_head, desk)
	for user in (desk.qa, desk.manager, desk.general_manager):
		assert state(decide(user, report)) == "Open"
	deputy = make_user("Customer Service Manager", "General Manager")
	for user in (desk.tsm[0], desk.own_head, make_agent(), deputy, "Administrator"):
		with pytest.raises(frappe.PermissionError):
			decide(user, report)
		with pytest.raises(frappe.PermissionError):
			values = {"what": "Mine", "responsible": user, "due_on": "2026-05-01"}
			of = {"from_doctype": report.doctype, "from_report": report.name}
			web.post(user, f"{web.RESOURCE}/{ACTION}", **values, **of)


@pytest.mark.parametrize(
	"wrong",
	[
		{"what": " . "},
		{"due_on": "2026-03-31"},
		{"responsible": "nobody@example.com"},
		{"measure": "owner"},
		{"measure": "late_for_regulator"},
	],
)
def test_what_is_wrong_is_refused(desk: frappe._dict, wrong: dict) -> None:
	with pytest.raises(frappe.ValidationError):
		decide(desk.qa, make(flow.QA_REPORT), **wrong)


def test_its_owner_sets_it_done_with_a_note(desk: frappe._dict) -> None:
	report, worker = make(flow.QA_REPORT), make_agent()
	name = decide(desk.manager, report, responsible=worker)
	with pytest.raises(frappe.ValidationError, match="note"):
		settle(worker, name, "Done", " ")
	with pytest.raises(frappe.PermissionError):
		settle(worker, name, "Dropped")
	settle(worker, name, "Done")
	found = frappe.db.get_value(ACTION, name, ["state", "note", "settled_by"])
	assert found == ("Done", "Two people more", worker)
	for user, wanted in ((desk.manager, "Dropped"), (worker, "Open"), (desk.qa, "Open")):
		with pytest.raises(frappe.PermissionError):
			settle(user, name, wanted)


def test_who_is_to_do_it_hears_by_mail_once(desk: frappe._dict) -> None:
	"""Policy: QA-M3"""
	worker = make_agent(language="ar")
	name = decide(desk.manager, make(flow.QA_REPORT), responsible=worker, measure="escalated")
	web.put(desk.manager, f"{web.RESOURCE}/{ACTION}/{name}", due_on="2026-04-25")
	(mail,) = frappe.get_all("Communication", {"reference_name": name}, ["recipients", "subject"])
	assert mail.recipients == worker
	assert "Train the night shift" in mail.subject
	assert "You are responsible" not in mail.subject


def test_the_present_value_of_a_measure_is_for_who_decides(desk: frappe._dict) -> None:
	"""Policy: QA-M3, CORE-13"""
	report = desks.sent_to(desk.own_head, desk)
	asked = {"doctype": report.doctype, "report": report.name, "measure": "escalated"}
	path = f"{web.METHOD}/{API}.value_now"
	assert web.get(desk.manager, path, **asked) == "2"
	assert web.get(desk.qa, path, **asked, department=desk.own) == "0"
	assert web.get(desk.qa, path, **{**asked, "measure": "owner"}) == ""
	for user in (desk.own_head, make_agent(), desk.tsm[0]):
		with pytest.raises(frappe.PermissionError):
			web.get(user, path, **asked)


def test_who_does_not_see_the_place_gets_no_figure(desk: frappe._dict) -> None:
	"""Policy: CORE-13"""
	name = decide(desk.qa, make(flow.QA_REPORT), measure="escalated", responsible=desk.other_head)
	for user, is_told in ((desk.other_head, False), (desk.manager, True)):
		with as_user(user):
			view = action_acts.view(frappe.get_doc(ACTION, name))
		assert (view["measure"] != "", bool(view["value_then"])) == (True, is_told)


def test_the_form_says_it_in_the_readers_words(desk: frappe._dict) -> None:
	name = decide(desk.qa, make(flow.QA_REPORT), measure="escalated")
	with as_user(desk.qa), language.speaking("ar"):
		view = action_acts.view(frappe.get_doc(ACTION, name))
	assert "2026" in view["report"]
	assert "QA" not in view["report"]


def test_lists_of_actions_are_exported_by_nobody(desk: frappe._dict) -> None:
	"""A spreadsheet would compute what begins with a sign."""
	decide(desk.qa, make(flow.QA_REPORT), what='=HYPERLINK("https://example.com")')
	for doctype in (ACTION, desks.DOCTYPE):
		for user in (desk.qa, desk.manager, desk.general_manager):
			with as_user(user):
				assert not frappe.has_permission(doctype, "export")


def test_others_neither_see_nor_settle_it(desk: frappe._dict) -> None:
	name = decide(desk.qa, make(flow.QA_REPORT), department=desk.own)
	for user in (desk.other_head, make_agent()):
		with pytest.raises(frappe.PermissionError):
			settle(user, name, "Done")
		with pytest.raises(frappe.PermissionError):
			web.get(user, f"{web.RESOURCE}/{ACTION}/{name}")
		assert web.get(user, f"{web.RESOURCE}/{ACTION}") == []
	assert [row["name"] for row in web.get(desk.own_head, f"{web.RESOURCE}/{ACTION}")] == [name]
	with pytest.raises(frappe.PermissionError):
		settle(desk.own_head, name, "Done")


def test_what_was_decided_stands(desk: frappe._dict) -> None:
	worker = make_agent()
	name = decide(desk.qa, make(flow.QA_REPORT), responsible=worker, measure="escalated")
	path = f"{web.RESOURCE}/{ACTION}/{name}"
	for change in ({"what": "Other"}, {"department": desk.own}, {"measure": "closed"}):
		with pytest.raises(frappe.PermissionError):
			web.put(desk.qa, path, **change)
	with pytest.raises(frappe.PermissionError):
		web.put(worker, path, due_on="2026-12-31")
	web.put(desk.qa, path, due_on="2026-04-30", decided_by=worker)
	assert frappe.db.get_value(ACTION, name, "decided_by") == desk.qa
	with as_user("Administrator"), pytest.raises(frappe.PermissionError):
		frappe.delete_doc(ACTION, name, ignore_permissions=True)


def test_a_head_reads_the_actions_of_their_areas_on_a_report(desk: frappe._dict) -> None:
	report = desks.sent_to(desk.own_head, desk)
	own = decide(desk.manager, report, department=desk.own)
	decide(desk.manager, report, department=desk.other)
	decide(desk.manager, report)
	assert [row["name"] for row in shown(desk.own_head, report)["actions"]] == [own]


def test_what_is_overdue_is_reminded_of(desk: frappe._dict, moment: Moment) -> None:
	report = desks.sent_to(desk.own_head, desk)
	name = decide(desk.qa, report, responsible=desk.own_head, due_on="2026-04-05")
	desks.take(desk.manager, report, flow.SIGN)
	assert reminders.remind(moment.set("2026-04-05 20:00")) == []
	assert reminders.remind(moment.set("2026-04-06 09:00")) == [name]
	assert reminders.remind(moment.set("2026-04-07 09:00")) == []
	assert actions.overdue(moment.now) == [name]


def test_a_list_names_who_is_responsible(desk: frappe._dict) -> None:
	worker = make_agent()
	decide(desk.manager, make(flow.QA_REPORT), responsible=worker)
	name = frappe.db.get_value("User", worker, "full_name")
	assert web.get(desk.qa, f"{web.METHOD}/{API}.responsible")[worker] == name


# --- On the tracing report


def tracing_month(month: str = desks.MONTH) -> Document:
	document = month_making.make(month, config.now_epoch())
	document.update(
		{"status": "Sent", "sent_by": "Administrator", "sent_on": config.from_epoch(config.now_epoch())}
	)
	month_acts.save(document)
	return document


def test_management_signs_the_tracing_report_once(desk: frappe._dict, moment: Moment) -> None:
	"""Policy: TRC-M1"""
	month = tracing_month()
	for user in (desk.qa, make_user("Support Supervisor"), make_user("General Manager"), "Administrator"):
		with pytest.raises(frappe.PermissionError):
			web.call(user, "core_helpdesk.month_api.sign", month=month.name)
	assert set(month_signing.signers(month, config.from_epoch(moment.now).date())) == {
		desk.manager,
		desk.general_manager,
	}
	web.call(desk.general_manager, "core_helpdesk.month_api.sign", month=month.name)
	signed = ["signed_by", "signed_as", "signed_for"]
	assert frappe.db.get_value("Tracing Month", month.name, signed) == (
		desk.general_manager,
		"General Manager",
		None,
	)
	with pytest.raises(frappe.ValidationError, match="signed already"):
		web.call(desk.manager, "core_helpdesk.month_api.sign", month=month.name)


def test_actions_on_the_tracing_report_show_their_effect_on_the_next(
	desk: frappe._dict, moment: Moment
) -> None:
	"""Policy: TRC-M3"""
	month = tracing_month()
	with pytest.raises(frappe.ValidationError, match="by country"):
		decide(desk.manager, month, measure="late", department=desk.own)
	name = decide(desk.manager, month, measure="outstanding")
	moment.set("2026-05-03 13:00")
	later = tracing_month("2026-04")
	found = web.get(desk.manager, f"{web.METHOD}/core_helpdesk.month_api.shown", month=later.name)
	(row,) = found["actions"]
	assert (row["name"], row["effect"]["then"]) == (name, "0")
	with as_user(desk.manager):
		assert [action["name"] for action in month_print.tracing_month(later.name)["actions"]] == [name]
