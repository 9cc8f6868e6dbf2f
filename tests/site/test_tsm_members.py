"""Who owns all groups chooses the members of the hidden one, from the agents of the site, and nobody else does."""

import frappe
import pytest

from core_helpdesk import api, config
from core_helpdesk.hosts import hd_team
from tests.site import courier as couriers
from tests.site.factories import as_user, make_agent, make_user


def present() -> list[str]:
	return sorted(hd_team.members(config.settings().tsm_team))


def test_a_qa_specialist_chooses_the_members_who_then_hold_the_role() -> None:
	courier = couriers.open_courier()
	newcomer = make_agent()
	with as_user(courier.qa):
		api.set_tsm_members(frappe.as_json([courier.tsm[0], newcomer]))
		shown = api.tsm_members()
	assert present() == sorted((courier.tsm[0], newcomer))
	assert "TSM Agent" in frappe.get_roles(newcomer)
	assert {person["user"] for person in shown["members"]} == {courier.tsm[0], newcomer}
	assert courier.tsm[1] in {person["user"] for person in shown["agents"]}


def test_who_is_no_agent_is_named_and_nothing_changes() -> None:
	courier = couriers.open_courier()
	outsider = make_user()
	with as_user(courier.qa), pytest.raises(frappe.ValidationError, match=outsider):
		api.set_tsm_members([courier.tsm[0], outsider])
	assert present() == sorted(courier.tsm)


@pytest.mark.parametrize("who", ["head", "general_manager", "customer_service_manager", "agent", "tsm"])
def test_nobody_else_sees_or_chooses_them(who: str) -> None:
	courier = couriers.open_courier()
	user = courier.tsm[0] if who == "tsm" else getattr(courier, who)
	with as_user(user):
		with pytest.raises(frappe.PermissionError):
			api.tsm_members()
		with pytest.raises(frappe.PermissionError):
			api.set_tsm_members([user])
	assert present() == sorted(courier.tsm)


@pytest.mark.parametrize("odd", ["no json", "7", '{"user": "x"}', "[1]", "null"])
def test_what_is_no_list_of_users_is_refused(odd: str) -> None:
	courier = couriers.open_courier()
	with as_user(courier.qa), pytest.raises(frappe.ValidationError, match="no list"):
		api.set_tsm_members(odd)
	assert present() == sorted(courier.tsm)
