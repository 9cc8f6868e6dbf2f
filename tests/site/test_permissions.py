"""Who sees which escalations, clocks and legs, in lists and one by one; and that nobody changes them by hand."""

from datetime import date

import frappe
import pytest

from core_helpdesk import permissions
from tests.site import courier as couriers
from tests.site import web
from tests.site.factories import add_head, as_user, make_agent, make_team, make_user

# A Monday.
TODAY = date(2026, 3, 2)
RECORDS = ("Ticket Escalation", "Ticket Clock", "Ticket Leg")


def listed(user: str, doctype: str) -> list[str]:
	rows = web.get(user, f"{web.RESOURCE}/{doctype}", fields=["name"], limit_page_length=0)
	return [row["name"] for row in rows]


def record(doctype: str, ticket: object) -> str:
	return frappe.db.get_value(doctype, {"reference_name": str(ticket.name)}, "name")


def readers(doctype: str, name: str, users: dict[str, str]) -> set[str]:
	"""Who can open the record, having made sure that its lists say the same."""
	seen = set()
	for who, user in users.items():
		opens = frappe.has_permission(doctype, "read", doc=name, user=user)
		try:
			lists = name in listed(user, doctype)
		except frappe.PermissionError:
			lists = False
		assert lists == opens, who
		seen |= {who} if opens else set()
	return seen


@pytest.mark.parametrize("doctype", RECORDS)
def test_records_are_seen_by_scope_and_by_those_named(doctype: str) -> None:
	courier = couriers.open_courier()
	other_head = make_user("Department Manager")
	couriers.make_department(head=other_head)
	ticket = couriers.escalated(courier)
	users = {
		"qa": courier.qa,
		"csm": courier.customer_service_manager,
		"gm": courier.general_manager,
		"tsm": courier.tsm[0],
		"head": courier.head,
		"deputy": courier.deputy,
		"other head": other_head,
		"agent": courier.agent,
		"role only": make_user("General Manager"),
		"tsm role only": make_agent("TSM Agent"),
		"system manager": make_user("System Manager"),
	}
	assert readers(doctype, record(doctype, ticket), users) == {"qa", "csm", "gm", "tsm", "head"}


def test_a_deputy_sees_the_department_while_acting() -> None:
	courier = couriers.open_courier()
	couriers.escalated(courier)
	absent = {"absent_from": "2026-03-01", "absent_until": "2026-03-03"}
	frappe.db.set_value("Department Head", {"parent": courier.department}, absent)
	assert permissions.scope(courier.deputy, TODAY).covers(courier.department, "Saudi Arabia")
	assert not permissions.scope(courier.deputy, date(2026, 3, 4)).covers(courier.department, "Saudi Arabia")
	assert permissions.scope(courier.head, TODAY).covers(courier.department, "Saudi Arabia")


def test_the_customer_service_managers_deputy_sees_all_while_acting() -> None:
	courier = couriers.open_courier()
	deputy = make_user("Customer Service Manager")
	couriers.set_settings(
		customer_service_manager_deputy=deputy,
		customer_service_manager_absent_from="2026-03-01",
		customer_service_manager_absent_until="2026-03-03",
	)
	assert permissions.scope(deputy, TODAY).sees_all
	assert not permissions.scope(deputy, date(2026, 3, 4)).sees_all
	assert permissions.scope(courier.customer_service_manager, TODAY).sees_all


def test_a_head_sees_their_own_country_only() -> None:
	courier = couriers.open_courier()
	gulf = make_team(ch_department=courier.department, ch_country="United Arab Emirates")
	there = couriers.escalated(couriers.Courier(**{**courier.__dict__, "group": gulf}))
	here = couriers.escalated(courier)
	# The all-countries stand-in was mailed for the other country, not this head.
	assert record("Ticket Escalation", here) in listed(courier.head, "Ticket Escalation")
	assert record("Ticket Escalation", there) not in listed(courier.head, "Ticket Escalation")


def test_all_countries_leaves_out_those_with_a_head_of_their_own() -> None:
	courier = couriers.open_courier()
	everywhere = make_user("Department Manager")
	add_head(courier.department, head=everywhere, all_countries=1)
	scope = permissions.scope(everywhere, TODAY)
	assert scope.covers(courier.department, "Oman")
	assert not scope.covers(courier.department, "Saudi Arabia")
	assert not scope.covers("Another", "Oman")


def test_a_person_named_long_ago_still_reads_the_escalation() -> None:
	courier = couriers.open_courier()
	ticket = couriers.escalated(courier)
	frappe.db.delete("Department Head", {"parent": courier.department})
	name = record("Ticket Escalation", ticket)
	assert frappe.has_permission("Ticket Escalation", "read", doc=name, user=courier.head)
	assert name in listed(courier.head, "Ticket Escalation")


def test_a_quotation_mark_in_a_department_changes_no_query() -> None:
	name = couriers.make_department(head=(head := make_user("Department Manager")))
	frappe.rename_doc("Core Department", name, "O'Brien\" or 1=1 --")
	assert listed(head, "Ticket Escalation") == []


@pytest.mark.parametrize("doctype", RECORDS)
@pytest.mark.parametrize("who", ["qa", "tsm", "head", "Administrator"])
def test_nobody_changes_or_deletes_a_record_by_hand(doctype: str, who: str) -> None:
	courier = couriers.open_courier()
	name = record(doctype, couriers.escalated(courier))
	user = {"qa": courier.qa, "tsm": courier.tsm[0], "head": courier.head}.get(who, who)
	frappe.db.savepoint("by_hand")
	for attempt in (
		lambda: web.put(user, f"{web.RESOURCE}/{doctype}/{name}", title="Changed"),
		lambda: web.send(user, "DELETE", f"{web.RESOURCE}/{doctype}/{name}"),
	):
		with pytest.raises(frappe.PermissionError):
			attempt()
		frappe.db.rollback(save_point="by_hand")
	assert frappe.db.exists(doctype, name)


def test_an_escalation_cannot_be_shared() -> None:
	courier = couriers.open_courier()
	name = record("Ticket Escalation", couriers.escalated(courier))
	with as_user(courier.tsm[0]), pytest.raises(frappe.PermissionError):
		frappe.share.add("Ticket Escalation", name, courier.agent, read=1)


def test_the_app_stands_among_the_apps_of_those_who_use_it() -> None:
	for user, stands in (
		(make_user("QA Specialist"), True),
		(make_user("Agent"), False),
		("Administrator", True),
	):
		with as_user(user):
			assert permissions.has_app_permission() is stands
