"""A finding is over when what it found is put right: at once where the mend is saved, and every day."""

import frappe
import pytest

from core_helpdesk import config, jobs
from core_helpdesk.escalations import findings, gaps, mended, people, sweep
from tests.site import courier as couriers
from tests.site.factories import as_user, make_agent, make_team, make_ticket, make_user


def open_kinds() -> set[str]:
	return set(frappe.get_all("Escalation Finding", {"state": "Open"}, pluck="kind"))


def met(gap: str, courier: couriers.Courier, **place: str) -> None:
	"""The finding that an escalation leaves which met the gap."""
	escalation = {"reference_name": "1", "team": courier.group, "department": courier.department}
	gaps.report(gap, frappe._dict(escalation, country="Saudi Arabia", **place))


def name_manager(office: str) -> None:
	settings = frappe.get_doc("Core Helpdesk Settings")
	settings.set(office, make_user())
	settings.save()


def join_tsm() -> None:
	couriers.join_tsm(make_agent())


@pytest.mark.parametrize(
	("gap", "lacking", "mend"),
	[
		(
			people.NO_GENERAL_MANAGER,
			lambda courier: couriers.set_settings(general_manager=None),
			lambda: name_manager("general_manager"),
		),
		(
			people.NO_CUSTOMER_SERVICE_MANAGER,
			lambda courier: couriers.set_settings(customer_service_manager=None),
			lambda: name_manager("customer_service_manager"),
		),
		(
			people.NO_TSM_MEMBER,
			lambda courier: frappe.db.delete("HD Team Member", {"parent": courier.tsm_team}),
			join_tsm,
		),
	],
)
def test_a_missing_person_is_found_until_somebody_is_named(gap: str, lacking: object, mend: object) -> None:
	courier = couriers.open_courier()
	lacking(courier)
	met(gap, courier)
	jobs.ch_watch()
	assert gap in open_kinds()
	mend()
	assert gap not in open_kinds()


def test_a_department_without_a_head_is_found_until_one_is_named() -> None:
	courier = couriers.open_courier()
	frappe.db.delete("Department Head", {"parent": courier.department})
	met(people.NO_HEAD, courier)
	department = frappe.get_doc("Core Department", courier.department)
	department.append("heads", {"country": "Kuwait", "head": make_user()})
	department.save()
	assert people.NO_HEAD in open_kinds()
	department.append("heads", {"country": "Saudi Arabia", "head": make_user()})
	department.save()
	assert people.NO_HEAD not in open_kinds()


def test_a_group_without_a_department_is_found_until_it_has_one() -> None:
	courier = couriers.open_courier()
	group = make_team(ch_country="Saudi Arabia")
	escalation = {"reference_name": "1", "team": group, "department": "", "country": "Saudi Arabia"}
	gaps.report(people.NO_HEAD, frappe._dict(escalation))
	jobs.ch_watch()
	assert people.NO_HEAD in open_kinds()
	team = frappe.get_doc("HD Team", group)
	team.ch_department = courier.department
	team.save()
	assert people.NO_HEAD not in open_kinds()


def test_a_disabled_head_who_is_enabled_again_is_seen_the_next_day() -> None:
	courier = couriers.open_courier()
	frappe.db.set_value("User", courier.head, "enabled", 0)
	met(people.NO_HEAD, courier)
	jobs.ch_watch()
	assert people.NO_HEAD in open_kinds()
	frappe.db.set_value("User", courier.head, "enabled", 1)
	jobs.ch_watch()
	assert people.NO_HEAD not in open_kinds()


def test_a_group_without_a_policy_is_found_until_one_is_in_force_for_it() -> None:
	courier = couriers.open_courier()
	frappe.db.set_value("Escalation Policy", courier.policy, "workflow_state", "Draft")
	group = make_team()
	make_ticket(group=group)
	assert "Group without Data" in open_kinds()
	jobs.ch_watch()
	assert "Group without Data" in open_kinds()
	levels = [{"target": "Ticketing System Management", "after_hours": 24}]
	policy = {"doctype": "Escalation Policy", "policy_name": "Ours", "team": group, "levels": levels}
	name = frappe.get_doc(policy).insert().name
	with as_user(courier.qa):
		frappe.get_doc("Escalation Policy", name).activate()
	assert "Group without Data" not in open_kinds()


def test_a_changed_site_is_found_until_the_mode_is_confirmed() -> None:
	couriers.open_courier()
	couriers.set_settings(confirmed_host="another.example")
	sweep.run(config.now_epoch())
	mended.close_mended(config.now_epoch())
	assert "Site Changed" in open_kinds()
	couriers.set_settings(confirmed_host=config.this_host())
	assert mended.close_mended(config.now_epoch()) == 1
	assert "Site Changed" not in open_kinds()


def test_a_finding_of_another_kind_is_left_to_people() -> None:
	findings.report("Changed Directly", "somebody")
	jobs.ch_watch()
	assert open_kinds() == {"Changed Directly"}
