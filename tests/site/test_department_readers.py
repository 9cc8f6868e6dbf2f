"""Staff whom a head lets read the department's reports: they see what the head sees, and decide on nothing."""

from __future__ import annotations

import frappe
import pytest

from core_helpdesk import permissions
from core_helpdesk.governance import request_kinds as kinds
from core_helpdesk.setup import workflows as flow
from core_helpdesk.setup.roles import DEPARTMENT_MANAGER, holds
from tests.site import web
from tests.site.factories import add_head, as_user, make_agent, make_user
from tests.site.request_desk import AE, DOCTYPE, SA, by_form, fresh, make_request, open_desk

NAME = "core_helpdesk.governance_api.name_readers"


def name_readers(user: str, department: str, readers: list[str], country: str = "") -> None:
	web.call(user, NAME, department=department, users=readers, country=country)


def areas(user: str) -> set[tuple[str, str]]:
	return {(area.department, area.country) for area in permissions.scope(user).areas}


def test_the_head_names_readers_where_the_head_answers_and_nowhere_else() -> None:
	desk = open_desk()
	reader = make_agent()
	name_readers(desk.head_abroad, desk.department, [reader], AE)
	assert areas(reader) == {(desk.department, AE)}
	for country in ("", SA):
		with pytest.raises(frappe.PermissionError):
			name_readers(desk.head_abroad, desk.department, [reader], country)
	with pytest.raises(frappe.PermissionError):
		name_readers(desk.other_head, desk.department, [reader], AE)
	with pytest.raises(frappe.PermissionError):
		name_readers(reader, desk.department, [reader, desk.agent], AE)
	name_readers(desk.head_abroad, desk.department, [], AE)
	assert areas(reader) == set()


def test_a_reader_reads_the_departments_requests_and_no_others() -> None:
	desk = open_desk()
	reader = make_agent()
	name_readers(desk.qa, desk.department, [reader], SA)
	own = make_request(desk, kinds.CHANGE_GROUP)
	other = make_request(desk, kinds.CHANGE_GROUP, by=desk.other_head, team=desk.other_group)
	with as_user(reader):
		assert frappe.get_list(DOCTYPE, pluck="name") == [own.name]
		assert fresh(own.name).has_permission("read")
		assert not fresh(own.name).has_permission("write")
		assert not fresh(other.name).has_permission("read")


def test_a_reader_submits_nothing_for_the_department() -> None:
	desk = open_desk()
	reader = make_agent()
	name_readers(desk.qa, desk.department, [reader], SA)
	request = make_request(desk, kinds.CHANGE_GROUP, by=reader)
	with pytest.raises(frappe.PermissionError):
		by_form(reader, request.name, flow.SUBMIT)
	assert fresh(request.name).workflow_state == flow.DRAFT


def test_readers_in_all_countries_do_not_read_one_with_a_head_of_its_own() -> None:
	desk = open_desk()
	reader = make_agent()
	add_head(desk.department, head=desk.head, all_countries=1)
	name_readers(desk.head, desk.department, [reader])
	present = permissions.scope(reader)
	assert present.covers(desk.department, "Oman")
	assert not present.covers(desk.department, AE)


@pytest.mark.parametrize("who", ["customer", "disabled", "Administrator", "Guest", "nobody@example.com"])
def test_only_enabled_users_of_the_desk_become_readers(who: str) -> None:
	desk = open_desk()
	customer, gone = make_user(), make_agent()
	frappe.db.set_value("User", gone, "enabled", 0)
	user = {"customer": customer, "disabled": gone}.get(who, who)
	with pytest.raises(frappe.ValidationError):
		name_readers(desk.head, desk.department, [user], SA)
	assert areas(user) == set()
	assert frappe.db.get_value("User", customer, "user_type") == "Website User"


def test_a_reader_who_has_left_keeps_no_save_back() -> None:
	desk = open_desk()
	reader, other = make_agent(), make_agent()
	name_readers(desk.head, desk.department, [reader], SA)
	frappe.db.set_value("User", reader, "enabled", 0)
	name_readers(desk.head, desk.department, [reader, other], SA)
	assert areas(other) == {(desk.department, SA)}


def test_the_role_goes_with_the_last_row_that_names_somebody() -> None:
	desk = open_desk()
	reader = make_agent()
	name_readers(desk.head, desk.department, [reader, desk.head_abroad], SA)
	name_readers(desk.other_head, desk.other_department, [reader], SA)
	assert holds(DEPARTMENT_MANAGER, reader)
	name_readers(desk.head, desk.department, [], SA)
	assert holds(DEPARTMENT_MANAGER, reader)
	assert holds(DEPARTMENT_MANAGER, desk.head_abroad)
	name_readers(desk.other_head, desk.other_department, [], SA)
	assert not holds(DEPARTMENT_MANAGER, reader)


def test_a_role_that_was_given_otherwise_stays() -> None:
	desk = open_desk()
	manager = make_user(DEPARTMENT_MANAGER)
	name_readers(desk.head, desk.department, [manager], SA)
	name_readers(desk.head, desk.department, [], SA)
	assert holds(DEPARTMENT_MANAGER, manager)
