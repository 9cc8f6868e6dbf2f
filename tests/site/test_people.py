"""Whom an escalation reaches: heads by country, deputies while they act, and who stands in."""

from datetime import date

import frappe
import pytest

from core_helpdesk.escalations import people
from tests.site import courier as couriers
from tests.site.factories import add_head, make_user

# A Monday.
TODAY = date(2026, 3, 2)
SA, AE = "Saudi Arabia", "United Arab Emirates"


def row_of(courier: couriers.Courier) -> dict[str, str]:
	return {"parenttype": "Core Department", "parent": courier.department}


def head(courier: couriers.Courier, country: str = SA) -> tuple:
	found = people.head_of(courier.department, country, TODAY)
	return found.people, found.gaps


@pytest.mark.parametrize(
	("absent_from", "absent_until", "acts"),
	[
		(None, None, "head"),
		("2026-03-01", "2026-03-03", "deputy"),
		("2026-03-02", "2026-03-02", "deputy"),
		("2026-03-02", None, "deputy"),
		(None, "2026-03-02", "deputy"),
		("2026-03-03", "2026-03-09", "head"),
		("2026-02-01", "2026-03-01", "head"),
	],
)
def test_the_deputy_acts_on_days_of_absence(absent_from: str, absent_until: str, acts: str) -> None:
	courier = couriers.open_courier()
	frappe.db.set_value(
		"Department Head", row_of(courier), {"absent_from": absent_from, "absent_until": absent_until}
	)
	expected = {
		"head": people.Recipient(courier.head, "Department Head"),
		"deputy": people.Recipient(courier.deputy, "Deputy"),
	}
	assert head(courier) == ((expected[acts],), ())


def test_a_disabled_head_counts_as_away_and_is_a_gap() -> None:
	courier = couriers.open_courier()
	frappe.db.set_value("User", courier.head, "enabled", 0)
	assert head(courier) == ((people.Recipient(courier.deputy, "Deputy"),), ("No Department Head",))


def test_head_and_deputy_away_leaves_the_customer_service_manager() -> None:
	courier = couriers.open_courier()
	for user in (courier.head, courier.deputy):
		frappe.db.set_value("User", user, "enabled", 0)
	manager = people.Recipient(courier.customer_service_manager, "Customer Service Manager")
	assert head(courier) == ((manager,), ("No Department Head",))


def test_a_row_for_all_countries_serves_those_without_their_own() -> None:
	courier = couriers.open_courier()
	everywhere = make_user("Department Manager")
	add_head(courier.department, head=everywhere, all_countries=1)
	assert head(courier, AE) == ((people.Recipient(everywhere, "Department Head"),), ())
	assert head(courier, SA) == ((people.Recipient(courier.head, "Department Head"),), ())


def test_nobody_at_all_leaves_the_qa_specialists() -> None:
	courier = couriers.open_courier()
	couriers.set_settings(customer_service_manager=None)
	specialists = people.qa_specialists()
	assert people.Recipient(courier.qa, "QA Specialist") in specialists
	found = people.head_of("", SA, TODAY)
	assert found == (specialists, ("No Department Head", "No Customer Service Manager"))


def test_level_one_goes_to_head_and_tsm() -> None:
	courier = couriers.open_courier()
	found = people.people_for(people.TSM, courier.department, SA, TODAY)
	assert found.recipients == (
		people.Recipient(courier.head, "Department Head"),
		*(people.Recipient(user, people.TSM) for user in courier.tsm),
	)
	assert (found.head, found.head_capacity, found.gaps) == (courier.head, "Department Head", ())


def test_the_last_level_goes_to_the_general_manager_first() -> None:
	courier = couriers.open_courier()
	found = people.people_for(people.GENERAL_MANAGER, courier.department, SA, TODAY)
	assert found.recipients[:2] == (
		people.Recipient(courier.general_manager, "General Manager"),
		people.Recipient(courier.head, "Department Head"),
	)


def test_the_general_managers_deputy_acts_and_a_missing_one_is_a_gap() -> None:
	courier = couriers.open_courier()
	deputy = make_user("General Manager")
	couriers.set_settings(
		general_manager_deputy=deputy,
		general_manager_absent_from="2026-03-01",
		general_manager_absent_until="2026-03-05",
	)
	assert people.general_manager(TODAY) == ((people.Recipient(deputy, "Deputy"),), ())
	couriers.set_settings(general_manager=None, general_manager_deputy=None)
	manager = people.Recipient(courier.customer_service_manager, "Customer Service Manager")
	assert people.general_manager(TODAY) == ((manager,), ("No General Manager",))


def test_who_is_head_and_in_tsm_gets_the_heads_mail() -> None:
	courier = couriers.open_courier()
	couriers.join_tsm(courier.head)
	found = people.people_for(people.TSM, courier.department, SA, TODAY)
	assert [person.capacity for person in found.recipients if person.user == courier.head] == [
		"Department Head"
	]


def test_tsm_without_members_is_a_gap() -> None:
	courier = couriers.open_courier()
	frappe.db.delete("HD Team Member", {"parent": courier.tsm_team})
	assert people.people_for(people.TSM, courier.department, SA, TODAY).gaps == ("No TSM Member",)
