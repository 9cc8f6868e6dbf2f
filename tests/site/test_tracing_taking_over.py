"""A colleague's case is taken over by a member of its group, and the case says so; opening one by hand asks first."""

from __future__ import annotations

import frappe
import pytest
from frappe.utils import get_fullname

from tests.site import web
from tests.site.claim_desk import add_member
from tests.site.counting import queries
from tests.site.factories import as_user, make_agent, make_ticket, make_user
from tests.site.tracing_desk import accept, make_case, make_tracing_desk, pass_to

API = "core_helpdesk.tracing_api"


@pytest.fixture
def desk() -> frappe._dict:
	desk = make_tracing_desk()
	desk.colleague = make_agent("Tracing Officer")
	add_member(desk.headquarters, desk.colleague)
	return desk


def offered(user: str, case: object) -> bool:
	return web.get(user, f"{web.METHOD}/{API}.screen", case=case.name)["rights"]["take_over"]


def test_a_member_takes_over_what_a_colleague_has(desk: frappe._dict) -> None:
	"""Policy: TRC-10"""
	case = make_case(desk)
	assert not offered(desk.colleague, case)
	accept(case, desk.officer)
	accepted = case.legs[0].accepted_by
	frappe.db.set_value("User", desk.officer, "enabled", 0)
	assert offered(desk.colleague, case)
	web.call(desk.colleague, f"{API}.accept", case=case.name)
	case.reload()
	assert (case.officer, case.legs[0].accepted_by) == (desk.colleague, accepted)
	(update,) = case.updates
	assert (update.by, update.channel, update.contact) == (desk.colleague, "System", "Internal")
	assert get_fullname(desk.officer) in update.what
	assert not offered(desk.colleague, case)


def test_taking_what_is_free_or_ones_own_is_no_update(desk: frappe._dict) -> None:
	case = make_case(desk)
	for _ in range(2):
		web.call(desk.officer, f"{API}.accept", case=case.name)
	assert case.reload().updates == []


def test_nobody_outside_the_group_takes_over(desk: frappe._dict) -> None:
	case = accept(pass_to(make_case(desk), desk.section, by=desk.officer), desk.worker)
	for user in (desk.officer, desk.supervisor, desk.officers["Egypt"], make_user("QA Specialist")):
		with pytest.raises(frappe.PermissionError):
			web.call(user, f"{API}.accept", case=case.name)
		if user in (desk.officer, desk.supervisor):
			assert not offered(user, case)
	assert (case.reload().officer, case.updates) == (desk.worker, [])


def test_a_closed_case_is_not_taken_over(desk: frappe._dict) -> None:
	case = accept(make_case(desk), desk.officer)
	frappe.db.set_value("Tracing Case", case.name, "status", "Closed")
	assert not offered(desk.colleague, case)
	with pytest.raises(frappe.ValidationError):
		web.call(desk.colleague, f"{API}.accept", case=case.name)


def test_who_may_not_open_a_case_holds_no_ticket(desk: frappe._dict) -> None:
	ticket = make_ticket(group=desk.section)
	for user in (desk.worker, make_user(), "Guest"):
		with queries() as asked, as_user(user), pytest.raises(frappe.PermissionError):
			frappe.get_attr(f"{API}.open_by_hand")(str(ticket.name))
		assert not [query for query in asked if "for update" in query.lower()]
	with queries() as asked, as_user(desk.officer):
		frappe.get_attr(f"{API}.open_by_hand")(str(ticket.name))
	assert [query for query in asked if "tabHD Ticket`" in query and "for update" in query.lower()]
