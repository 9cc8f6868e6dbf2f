"""Whoever acts in an office, however shortly: it is found, told, and closed by somebody else."""

from __future__ import annotations

import frappe
import pytest

from core_helpdesk.escalations import going_live
from core_helpdesk.monthly import steps
from core_helpdesk.setup import monthly_workflow as flow
from tests.site import courier as couriers
from tests.site import monthly_desk as desks
from tests.site import web
from tests.site.factories import as_user, give_role, make_user, switch_mode
from tests.site.moments import Moment, moment_from
from tests.site.monthly_desk import make, take

SETTINGS, FINDING = "Core Helpdesk Settings", "Escalation Finding"

moment = moment_from("2026-03-01 09:00")
desk = desks.desk_fixture


def found() -> list[frappe._dict]:
	"""What was found of offices, the earliest first."""
	wanted = {"kind": "Office Changed"}
	return frappe.get_all(FINDING, wanted, ["name", "details", "state", "times"], order_by="creation, name")


def told(user: str) -> int:
	return frappe.db.count("Notification Log", {"document_type": SETTINGS, "for_user": user})


def change(user: str, **values: object) -> None:
	web.put(user, f"{web.RESOURCE}/{SETTINGS}/{SETTINGS}", **values)


def close(user: str, finding: str) -> None:
	web.put(user, f"{web.RESOURCE}/{FINDING}/{finding}", state="Closed")


def test_an_absence_for_a_moment_is_found(desk: frappe._dict, moment: Moment) -> None:
	"""Policy: CORE-02, TSM-M1"""
	deputy = make_user("General Manager")
	couriers.set_settings(general_manager_deputy=deputy)
	report = make(flow.TSM_REPORT)
	take(desk.tsm[0], report, flow.SEND)
	before = told(desk.general_manager)
	change(desk.qa, general_manager_absent_from="2026-03-31", general_manager_absent_until="2026-04-02")
	take(deputy, report, flow.SIGN)
	moment.later(minutes=1)
	change(desk.qa, general_manager_absent_from=None, general_manager_absent_until=None)
	first, second = found()
	assert "absent" in first.details.partition("now")[2] and "absent" in second.details.partition("now")[0]
	assert told(desk.general_manager) == before + 2
	assert steps.capacity_of(report.reload(), "signed") == ("General Manager", desk.general_manager)


def test_a_change_while_the_app_is_off_is_found(desk: frappe._dict, moment: Moment) -> None:
	"""Policy: CORE-02"""
	other = make_user("General Manager")
	going_live.switch("Off", moment.now)
	change(desk.qa, general_manager=other)
	change(desk.qa, general_manager=desk.general_manager)
	going_live.switch("Live", moment.now)
	assert len(found()) == 2 and told(desk.general_manager)


def test_a_change_that_is_taken_back_stands_and_is_closed_by_another(
	desk: frappe._dict, moment: Moment
) -> None:
	"""Policy: CORE-02, QA-04"""
	other = make_user("General Manager")
	for holder in (other, desk.general_manager):
		moment.later(minutes=1)
		change(desk.qa, general_manager=holder)
	first, second = found()
	assert (first.times, second.times) == (1, 1)
	assert first.details.split("before")[1] != second.details.split("before")[1]
	for finding in (first, second):
		with pytest.raises(frappe.PermissionError, match="somebody else"):
			close(desk.qa, finding.name)
		# Not in two steps either.
		with pytest.raises(frappe.PermissionError):
			web.put(desk.qa, f"{web.RESOURCE}/{FINDING}/{finding.name}", kind="Not Started")
		close(desk.other_qa, finding.name)
	assert {finding.state for finding in found()} == {"Closed"}


def test_who_is_gone_keeps_the_settings_from_nobody(desk: frappe._dict) -> None:
	gone = make_user("Customer Service Manager")
	couriers.set_settings(customer_service_manager_deputy=gone)
	frappe.delete_doc("User", gone, force=True)
	change(desk.qa, customer_service_manager_deputy=None)
	assert not told(gone) and told(desk.manager)


# --- Who names the offices reviews for none


def test_a_qa_specialist_who_named_themselves_neither_reviews_nor_forwards(desk: frappe._dict) -> None:
	"""Policy: QA-12, TSM-M2"""
	quality, escalated = make(flow.QA_REPORT), make(flow.ESCALATION_REPORT)
	take(desk.qa, quality, flow.SUBMIT)
	take(desk.tsm[0], escalated, flow.SEND)
	change(desk.other_qa, customer_service_manager=desk.other_qa)
	for report, action in ((quality, flow.REVIEW), (quality, flow.RETURN), (escalated, flow.FORWARD)):
		with pytest.raises(frappe.PermissionError, match="neither a QA Specialist"):
			take(desk.other_qa, report, action, "Because")
	with pytest.raises(frappe.PermissionError, match="neither a QA Specialist"):
		enter(desk.other_qa, escalated)


@pytest.mark.parametrize("forgotten", ["role", "group"])
def test_nor_does_who_is_of_tsm_in_one_way(desk: frappe._dict, forgotten: str) -> None:
	"""Policy: TSM-M2, TSM-M1"""
	escalated, of_tsm = make(flow.ESCALATION_REPORT), make(flow.TSM_REPORT)
	for report in (escalated, of_tsm):
		take(desk.tsm[0], report, flow.SEND)
	if forgotten == "role":
		member = desk.tsm[1]
		frappe.db.delete("Has Role", {"parent": member, "role": "TSM Agent"})
		frappe.clear_cache(user=member)
	else:
		member = make_user("TSM Agent")
	give_role(member, "Customer Service Manager")
	couriers.set_settings(customer_service_manager=member)
	with pytest.raises(frappe.PermissionError):
		take(member, escalated, flow.FORWARD)
	with pytest.raises(frappe.PermissionError):
		enter(member, escalated)
	with pytest.raises(frappe.PermissionError):
		take(member, of_tsm, flow.SIGN)


def enter(user: str, report: frappe.model.document.Document) -> None:
	row = report.reload().outcomes[0].name
	values = {"row": row, "outcome": "Discussed", "discussed_on": "2026-04-01"}
	web.call(user, f"{desks.API}.enter_outcome", report=report.name, **values)


def test_in_the_mode_off_nothing_is_reviewed_for_its_next_reader(desk: frappe._dict) -> None:
	"""Policy: QA-12"""
	report = make(flow.QA_REPORT)
	take(desk.qa, report, flow.SUBMIT)
	switch_mode("Off")
	with pytest.raises(frappe.ValidationError, match="mode Off"):
		take(desk.manager, report, flow.REVIEW)
	switch_mode("Observe")
	assert take(desk.manager, report, flow.REVIEW) == flow.REVIEWED


def test_who_wrote_the_remarks_of_a_tracing_month_does_not_sign_it(desk: frappe._dict) -> None:
	"""Policy: TRC-M1"""
	from core_helpdesk.tracing import month_signing

	month = frappe.new_doc("Tracing Month")
	month.update({"month": desks.MONTH, "figures": "{}", "made_on": "2026-04-01 13:00", "status": "Made"})
	month.flags.ch_act = True
	month.insert()
	give_role(desk.manager, "Support Supervisor")
	path = f"{web.RESOURCE}/Tracing Month/{desks.MONTH}"
	assert month_signing.may_sign(month, desk.manager)
	web.put(desk.manager, path, remarks="A good month")
	assert not month_signing.may_sign(month.reload(), desk.manager)
	with pytest.raises(frappe.PermissionError):
		web.put(desk.manager, path, remarks_by="")
	with as_user(desk.general_manager):
		assert month_signing.may_sign(month, desk.general_manager)


def test_papers_are_drawn_some_in_a_minute(desk: frappe._dict) -> None:
	from core_helpdesk.monthly import drawing_limit

	for _paper in range(drawing_limit.PAPERS):
		drawing_limit.count(desk.manager)
	with pytest.raises(frappe.RateLimitExceededError):
		drawing_limit.count(desk.manager)
	drawing_limit.count(desk.qa)
