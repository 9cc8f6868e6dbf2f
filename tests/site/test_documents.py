"""Settings, departments and group categories: what they accept, what they refuse, whom they give a role."""

import frappe
import pytest

from core_helpdesk.setup import roles
from tests.site.factories import as_user, make_team, make_user

SETTINGS = "Core Helpdesk Settings"


def make_department(name: str = "Operations", heads: tuple[dict, ...] = (), **fields: object):
	document = {"doctype": "Core Department", "department_name": name, "heads": list(heads), **fields}
	return frappe.get_doc(document).insert()


def make_mail_account(address: str, append_to: str | None = "HD Ticket") -> str:
	account = frappe.get_doc(
		{
			"doctype": "Email Account",
			"email_account_name": f"Account of {address}",
			"email_id": address,
			"append_to": append_to,
			"enable_incoming": 0,
		}
	).insert()
	# Enabling it on the form would ask the mail server.
	frappe.db.set_value("Email Account", account.name, {"enable_incoming": 1, "append_to": append_to})
	return account.name


def save_settings(**values: object) -> None:
	settings = frappe.get_doc(SETTINGS)
	settings.update(values)
	settings.save()


# --- Settings


@pytest.mark.parametrize(
	"address",
	("help@courier.example", "Help@Courier.example", "help+core@courier.example", " help@courier.example "),
)
def test_answers_may_not_go_to_an_address_that_makes_tickets(address: str) -> None:
	make_mail_account("help@courier.example")
	with pytest.raises(frappe.ValidationError, match="into tickets"):
		save_settings(reply_to=address)


def test_answers_may_go_to_an_address_that_makes_no_tickets() -> None:
	make_mail_account("help@courier.example")
	make_mail_account("office@courier.example", append_to=None)
	save_settings(reply_to="office@courier.example")
	assert frappe.db.get_single_value(SETTINGS, "reply_to") == "office@courier.example"


def test_an_account_that_makes_tickets_of_one_folder_only_is_refused_too() -> None:
	name = make_mail_account("mixed@courier.example", append_to=None)
	frappe.db.set_value("Email Account", name, "use_imap", 1)
	folder = {
		"folder_name": "Tickets",
		"append_to": "HD Ticket",
		"parent": name,
		"parenttype": "Email Account",
	}
	frappe.get_doc({"doctype": "IMAP Folder", "parentfield": "imap_folder", **folder}).db_insert()
	with pytest.raises(frappe.ValidationError, match="into tickets"):
		save_settings(reply_to="mixed@courier.example")


def test_mode_is_not_changed_by_editing_the_settings() -> None:
	user = make_user(roles.QA_SPECIALIST)
	with as_user(user), pytest.raises(frappe.PermissionError, match="buttons of this form"):
		save_settings(mode="Live")
	with pytest.raises(frappe.PermissionError):
		frappe.get_doc(SETTINGS).update({"mode": "Observe"}).save()
	assert frappe.db.get_single_value(SETTINGS, "mode") == "Off"


def test_what_jobs_wrote_meanwhile_is_not_overwritten_by_a_form_that_was_open() -> None:
	opened = frappe.get_doc(SETTINGS)
	frappe.db.set_single_value(SETTINGS, "last_sweep", "2026-03-02 09:05:00", update_modified=False)
	opened.support_phone = "+966 11 000 0000"
	opened.last_sweep = "2026-03-02 09:00:00"
	opened.installed_records = "{}"
	opened.save()
	stored = frappe.db.get_singles_dict(SETTINGS)
	assert str(stored.last_sweep) == "2026-03-02 09:05:00"
	assert "Working Calendar" in stored.installed_records
	assert stored.support_phone == "+966 11 000 0000"


def test_an_ordinary_group_cannot_become_the_hidden_one() -> None:
	with pytest.raises(frappe.ValidationError, match="ordinary group"):
		save_settings(tsm_team=make_team())


def test_nobody_is_their_own_deputy() -> None:
	user = make_user()
	with pytest.raises(frappe.ValidationError, match="their own deputy"):
		save_settings(general_manager=user, general_manager_deputy=user)


def test_a_deputy_needs_somebody_to_stand_in_for() -> None:
	with pytest.raises(frappe.ValidationError, match="stand in for"):
		save_settings(general_manager=None, general_manager_deputy=make_user())


def test_an_absence_ends_after_it_begins() -> None:
	dates = {"general_manager_absent_from": "2026-03-10", "general_manager_absent_until": "2026-03-09"}
	with pytest.raises(frappe.ValidationError, match="before it begins"):
		save_settings(general_manager=make_user(), **dates)


def test_an_absence_with_one_date_is_refused() -> None:
	with pytest.raises(frappe.ValidationError, match="both dates"):
		save_settings(general_manager=make_user(), general_manager_absent_from="2026-03-10")


def test_people_named_in_the_settings_get_the_roles_to_read_what_is_sent_to_them() -> None:
	manager, deputy, service = make_user(), make_user(), make_user()
	save_settings(general_manager=manager, general_manager_deputy=deputy, customer_service_manager=service)
	assert roles.holds(roles.GENERAL_MANAGER, manager)
	assert roles.holds(roles.GENERAL_MANAGER, deputy)
	assert roles.holds(roles.CUSTOMER_SERVICE_MANAGER, service)
	said = [
		frappe.parse_json(entry)["message"] if isinstance(entry, str) else entry["message"]
		for entry in frappe.message_log
	]
	assert any(manager in message and "General Manager" in message for message in said)


def test_who_leaves_an_office_loses_the_role_that_came_with_it() -> None:
	first, second = make_user(), make_user()
	save_settings(customer_service_manager=first)
	save_settings(customer_service_manager=second, customer_service_manager_deputy=make_user())
	assert not roles.holds(roles.CUSTOMER_SERVICE_MANAGER, first)
	assert roles.holds(roles.CUSTOMER_SERVICE_MANAGER, second)
	save_settings(customer_service_manager=first)
	assert roles.holds(roles.CUSTOMER_SERVICE_MANAGER, first)


def test_who_had_the_role_before_the_office_keeps_it_afterwards() -> None:
	manager = make_user(roles.CUSTOMER_SERVICE_MANAGER)
	save_settings(customer_service_manager=manager)
	save_settings(customer_service_manager=make_user())
	assert roles.holds(roles.CUSTOMER_SERVICE_MANAGER, manager)


def test_a_deputy_who_becomes_the_manager_keeps_the_role() -> None:
	manager, deputy = make_user(), make_user()
	save_settings(general_manager=manager, general_manager_deputy=deputy)
	save_settings(general_manager=deputy, general_manager_deputy=None)
	assert roles.holds(roles.GENERAL_MANAGER, deputy)
	assert not roles.holds(roles.GENERAL_MANAGER, manager)


def test_a_disabled_manager_is_said_to_count_as_absent() -> None:
	user = make_user()
	frappe.db.set_value("User", user, "enabled", 0)
	save_settings(general_manager=user)
	assert not roles.holds(roles.GENERAL_MANAGER, user)
	assert any("count as absent" in str(entry) for entry in frappe.message_log)


# --- Departments


def test_a_department_has_one_head_for_each_country() -> None:
	first, second = make_user(), make_user()
	rows = ({"country": "Egypt", "head": first}, {"country": "Egypt", "head": second})
	with pytest.raises(frappe.ValidationError, match="Egypt is in 2 rows"):
		make_department(heads=rows)


def test_a_department_has_one_head_for_all_countries() -> None:
	rows = tuple({"all_countries": 1, "head": make_user()} for _ in range(2))
	with pytest.raises(frappe.ValidationError, match="All Countries is in 2 rows"):
		make_department(heads=rows)


@pytest.mark.parametrize("place", ({}, {"country": "Egypt", "all_countries": 1}))
def test_a_head_is_for_a_country_or_for_all_of_them(place: dict) -> None:
	with pytest.raises(frappe.ValidationError, match="one of the two"):
		make_department(heads=({"head": make_user(), **place},))


def test_a_head_of_one_country_stands_beside_the_head_of_all_others() -> None:
	rows = ({"all_countries": 1, "head": make_user()}, {"country": "Egypt", "head": make_user()})
	assert len(make_department(heads=rows).heads) == 2


def test_heads_and_deputies_get_the_role_department_manager() -> None:
	head, deputy = make_user(), make_user()
	make_department(heads=({"country": "Egypt", "head": head, "deputy": deputy},))
	assert roles.holds(roles.DEPARTMENT_MANAGER, head)
	assert roles.holds(roles.DEPARTMENT_MANAGER, deputy)


def test_absence_of_a_head_is_checked_row_by_row() -> None:
	row = {"country": "Egypt", "head": make_user(), "absent_from": "2026-03-10", "absent_until": "2026-03-01"}
	with pytest.raises(frappe.ValidationError, match=r"Row 1.*before it begins"):
		make_department(heads=(row,))


def test_only_the_qa_specialist_makes_departments() -> None:
	with (
		as_user(make_user(roles.CUSTOMER_SERVICE_MANAGER, "System Manager")),
		pytest.raises(frappe.PermissionError),
	):
		make_department()
	with as_user(make_user(roles.QA_SPECIALIST)):
		assert make_department().name == "Operations"


# --- Group categories


def make_category(name: str = "Claims", hours: float = 24):
	document = {"doctype": "Group Category", "category_name": name, "standard_hours": hours}
	return frappe.get_doc(document).insert()


def test_a_new_category_is_a_draft_whatever_is_sent_along() -> None:
	assert make_category().workflow_state == "Draft"
	sent = {"doctype": "Group Category", "category_name": "Sent", "workflow_state": "Active"}
	with pytest.raises(frappe.PermissionError, match="buttons of its form"):
		frappe.get_doc(sent).insert()


@pytest.mark.parametrize("role", ("System Manager", roles.CUSTOMER_SERVICE_MANAGER, roles.DEPARTMENT_MANAGER))
def test_a_category_is_activated_by_the_qa_specialist_and_nobody_else(role: str) -> None:
	category = make_category()
	with as_user(make_user(role)), pytest.raises(frappe.PermissionError, match="Only a QA Specialist"):
		category.activate()
	with pytest.raises(frappe.PermissionError, match="Only a QA Specialist"):
		category.activate()
	with as_user(make_user(roles.QA_SPECIALIST)):
		category.activate()
	assert frappe.db.get_value("Group Category", category.name, "workflow_state") == "Active"


def test_the_state_is_not_set_by_saving_the_document_not_even_by_the_qa_specialist() -> None:
	category = make_category()
	with as_user(make_user(roles.QA_SPECIALIST)):
		opened = frappe.get_doc("Group Category", category.name)
		opened.workflow_state = "Active"
		with pytest.raises(frappe.PermissionError, match="buttons of its form"):
			opened.save()
		with pytest.raises(frappe.PermissionError, match="buttons of its form"):
			frappe.client.set_value("Group Category", category.name, "workflow_state", "Active")


def test_what_a_form_sends_along_with_a_button_is_not_stored() -> None:
	category = make_category()
	with as_user(make_user(roles.QA_SPECIALIST)):
		opened = frappe.get_doc("Group Category", category.name)
		opened.standard_hours = 1
		opened.activate()
	stored = frappe.get_doc("Group Category", category.name)
	assert (stored.workflow_state, stored.standard_hours) == ("Active", 24)


def test_a_category_without_a_standard_is_not_activated() -> None:
	category = make_category(hours=0)
	with (
		as_user(make_user(roles.QA_SPECIALIST)),
		pytest.raises(frappe.ValidationError, match="standard escalation time"),
	):
		category.activate()


def test_a_category_that_groups_have_is_not_retired() -> None:
	category = make_category()
	team = make_team(ch_category=category.name)
	with as_user(make_user(roles.QA_SPECIALIST)):
		category.activate()
		with pytest.raises(frappe.ValidationError, match=team):
			category.retire()
		frappe.db.set_value("HD Team", team, "ch_category", None)
		category.retire()
	assert frappe.db.get_value("Group Category", category.name, "workflow_state") == "Retired"


def test_only_a_draft_can_be_deleted() -> None:
	category = make_category()
	with as_user(make_user(roles.QA_SPECIALIST)):
		category.activate()
		with pytest.raises(frappe.ValidationError, match="needs it to be"):
			frappe.delete_doc("Group Category", category.name)
		frappe.delete_doc("Group Category", make_category("Unused").name)
	assert frappe.db.exists("Group Category", category.name)
	assert not frappe.db.exists("Group Category", "Unused")
