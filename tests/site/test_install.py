"""Setting the site up: once, without touching what is there, and not at all where the app cannot work."""

from collections.abc import Callable

import frappe
import pytest

from core_helpdesk.core_helpdesk.doctype.ticket_clock import ticket_clock
from core_helpdesk.setup import (
	custom_fields,
	install,
	ledger,
	requirements,
	roles,
	tsm_team,
	workflow_states,
	workflows,
)
from tests.site import process
from tests.site.factories import make_team
from tests.site.snapshot import root_connection

SETTINGS = "Core Helpdesk Settings"


def modified_of(doctype: str) -> dict[str, str]:
	return {row.name: str(row.modified) for row in frappe.get_all(doctype, fields=["name", "modified"])}


SEEDED = (
	"Role",
	"Workflow",
	"Workflow Action Master",
	"Workflow State",
	"Custom Field",
	"Working Calendar",
	"Group Category",
	"Escalation Policy",
	"HD Team",
	"Assignment Rule",
	"HD Form Script",
	"Custom HTML Block",
)


# --- What setup makes


def test_setup_made_everything_and_noted_it() -> None:
	made = ledger.recorded()
	assert set(made["Role"]) == set(roles.ROLES)
	# The framework brings two of them.
	flows = workflows.FLOWS
	states = {*workflow_states.STYLES, *(state for flow in flows for state in flow.states)}
	states -= {"Approved", "Rejected"}
	assert set(made["Workflow State"]) == states
	assert list(made["Workflow"]) == [flow.name for flow in flows]
	actions = {action for flow in flows for action in flow.actions}
	assert set(made["Workflow Action Master"]) == actions - {"Approve", "Reject"}
	assert len(made["Working Calendar"]) == 8
	assert list(made["HD Team"]) == [tsm_team.TEAM_NAME]
	assert list(made["Escalation Policy"]) == ["Standard-v1", "Tracing-v1"]
	for doctype, names in made.items():
		for name in names:
			assert frappe.db.exists(doctype, name), f"{doctype} {name}"


def test_nothing_is_switched_on_by_an_install() -> None:
	assert frappe.db.get_single_value(SETTINGS, "mode") == "Off"
	assert not frappe.db.get_singles_dict(SETTINGS).get("governed_from")
	assert not frappe.get_all("Escalation Policy", {"workflow_state": ["!=", "Draft"]})
	assert not frappe.db.count("Ticket Clock")


def test_settings_have_their_defaults_although_a_single_gets_them_only_once() -> None:
	assert frappe.db.get_single_value(SETTINGS, "storm_threshold") == 10
	assert frappe.db.get_single_value(SETTINGS, "export_on_uninstall") == 1
	assert frappe.db.get_single_value(SETTINGS, "tsm_team") == tsm_team.TEAM_NAME


def test_the_hidden_group_is_empty_and_its_rule_is_at_rest() -> None:
	team = frappe.get_doc("HD Team", tsm_team.TEAM_NAME)
	assert (team.ch_hidden, team.users) == (1, [])
	assert frappe.db.get_value("Assignment Rule", team.assignment_rule, "disabled") == 1


def test_the_hosts_tickets_get_no_column() -> None:
	assert custom_fields.columns("HD Ticket") == []
	assert not [column for column in frappe.db.get_table_columns("HD Ticket") if column.startswith("ch_")]
	assert set(custom_fields.columns("HD Team")) <= set(frappe.db.get_table_columns("HD Team"))


def test_custom_fields_carry_our_module_so_that_an_uninstall_takes_them() -> None:
	fields = frappe.get_all("Custom Field", {"fieldname": ["like", "ch%"]}, ["name", "module", "reqd"])
	names = {
		f"{doctype}-{field['fieldname']}"
		for doctype in custom_fields.FIELDS
		for field in custom_fields.FIELDS[doctype]
	}
	assert {field.name for field in fields} == names
	assert {(field.module, field.reqd) for field in fields} == {(requirements.MODULE, 0)}


def test_every_role_of_the_policy_may_use_the_desk() -> None:
	rows = frappe.get_all("Role", {"name": ["in", roles.ROLES]}, ["desk_access", "disabled"])
	assert [(row.desk_access, row.disabled) for row in rows] == [(1, 0)] * len(roles.ROLES)


# --- Again


def test_setup_a_second_time_changes_nothing() -> None:
	before = {doctype: modified_of(doctype) for doctype in SEEDED}
	noted = ledger.recorded()
	install.setup()
	assert {doctype: modified_of(doctype) for doctype in SEEDED} == before
	assert ledger.recorded() == noted


def test_what_an_admin_changed_or_deleted_stays_so() -> None:
	frappe.db.set_value("Custom Field", "HD Team-ch_country", "label", "Branch")
	frappe.db.set_value("Workflow State", "Discussed", "style", "Danger")
	frappe.db.set_value("Role", roles.TSM_AGENT, "two_factor_auth", 1)
	frappe.db.set_value("Group Category", "General", "standard_hours", 48)
	frappe.delete_doc("Working Calendar", "Jordan")
	frappe.delete_doc("Escalation Policy", "Standard-v1")
	frappe.db.set_single_value(SETTINGS, "storm_threshold", 3)
	frappe.db.set_single_value(SETTINGS, "export_on_uninstall", 0)
	install.after_migrate()
	assert frappe.db.get_value("Custom Field", "HD Team-ch_country", "label") == "Branch"
	assert frappe.db.get_value("Workflow State", "Discussed", "style") == "Danger"
	assert frappe.db.get_value("Role", roles.TSM_AGENT, "two_factor_auth") == 1
	assert frappe.db.get_value("Group Category", "General", "standard_hours") == 48
	assert not frappe.db.exists("Working Calendar", "Jordan")
	assert frappe.get_all("Escalation Policy", pluck="name") == ["Tracing-v1"]
	assert frappe.db.get_single_value(SETTINGS, "storm_threshold") == 3
	assert frappe.db.get_single_value(SETTINGS, "export_on_uninstall") == 0


@pytest.mark.committed
def test_a_field_that_was_bent_gets_back_what_the_code_relies_on() -> None:
	frappe.db.set_value("Custom Field", "HD Team-ch_country", {"options": "User", "label": "Branch"})
	custom_fields.seed()
	field = frappe.get_doc("Custom Field", "HD Team-ch_country")
	assert (field.options, field.label) == ("Country", "Branch")


def test_what_an_earlier_install_left_on_groups_starts_no_clock_and_links_nowhere() -> None:
	team = make_team()
	left = {
		"ch_department": "Gone",
		"ch_category": "Gone",
		"ch_country": "Oman",
		"ch_governed_from": "2026-01-01",
	}
	frappe.db.set_value("HD Team", team, left)
	assert custom_fields.has_leftovers()
	custom_fields.forget_leftovers()
	fields = ["ch_department", "ch_category", "ch_governed_from", "ch_country"]
	assert frappe.db.get_value("HD Team", team, fields) == (None, None, None, "Oman")
	frappe.get_doc("HD Team", team).save()


def test_a_hidden_group_of_an_earlier_install_serves_again() -> None:
	records = ledger.recorded()
	del records["HD Team"], records["Assignment Rule"]
	ledger.write(records)
	frappe.db.set_single_value(SETTINGS, "tsm_team", None)
	tsm_team.seed()
	assert frappe.db.get_single_value(SETTINGS, "tsm_team") == tsm_team.TEAM_NAME
	assert frappe.db.count("HD Team", {"ch_hidden": 1}) == 1
	assert list(ledger.made("HD Team")) == [tsm_team.TEAM_NAME]


def test_a_visible_group_of_that_name_is_left_to_its_owners() -> None:
	records = ledger.recorded()
	del records["HD Team"], records["Assignment Rule"]
	ledger.write(records)
	frappe.db.set_single_value(SETTINGS, "tsm_team", None)
	frappe.db.set_value("HD Team", tsm_team.TEAM_NAME, "ch_hidden", 0)
	tsm_team.seed()
	made = frappe.db.get_single_value(SETTINGS, "tsm_team")
	assert made == f"{tsm_team.TEAM_NAME}-1"
	assert frappe.db.get_value("HD Team", made, "ch_hidden") == 1
	assert not frappe.db.get_value("HD Team", tsm_team.TEAM_NAME, "ch_hidden")


# --- Keys


@pytest.mark.committed
def test_a_second_site_on_the_same_server_gets_its_unique_keys_too() -> None:
	root = root_connection()
	root.execute("drop database if exists `core_helpdesk_neighbour`")
	root.execute("create database `core_helpdesk_neighbour`")
	try:
		root.execute(
			f"create table `core_helpdesk_neighbour`.`tabTicket Clock` like `{frappe.conf.db_name}`.`tabTicket Clock`"
		)
		frappe.db.sql_ddl("alter table `tabTicket Clock` drop index `ch_clock_ticket`")
		assert not frappe.db.has_index("tabTicket Clock", "ch_clock_ticket")
		ticket_clock.on_doctype_update()
		rows = frappe.db.sql(
			"show index from `tabTicket Clock` where Key_name = 'ch_clock_ticket'", as_dict=True
		)
		assert [row.Column_name for row in rows] == ["reference_doctype", "reference_name", "clock"]
		assert {row.Non_unique for row in rows} == {0}
	finally:
		root.execute("drop database `core_helpdesk_neighbour`")


# --- Refused


@pytest.mark.parametrize(
	("version", "problem"),
	(
		("10.6.0-MariaDB", None),
		("10.11.6-MariaDB-0+deb12u1", None),
		("5.5.5-10.11.6-MariaDB", None),
		("11.8.2-MariaDB-ubu2404", None),
		("10.5.23-MariaDB", "MariaDB 10.5.23-MariaDB is too old"),
		("5.5.5-10.3.39-MariaDB", "is too old"),
		("8.0.36-0ubuntu0.22.04.1", "The database server is 8.0.36"),
	),
)
def test_databases_that_lack_what_is_needed_are_refused(version: str, problem: str | None) -> None:
	found = list(requirements.mariadb_problems(version))
	assert found == [] if problem is None else problem in found[0]


@pytest.mark.parametrize("log", [(0, "STATEMENT"), (1, "MIXED"), (1, "ROW")])
def test_other_ways_of_logging_changes_are_taken(log: tuple[int, str]) -> None:
	assert not list(requirements.log_problems(*log))


def test_a_server_that_logs_statements_is_refused() -> None:
	(found,) = requirements.log_problems(1, "STATEMENT")
	assert "binlog_format" in found


def test_this_site_has_nothing_against_an_install() -> None:
	assert not [
		*requirements.framework_problems(),
		*requirements.database_problems(),
		*requirements.host_problems(),
		*requirements.package_problems(),
		*requirements.name_problems(),
	]


@pytest.mark.parametrize(
	("version", "refused"), (("15.40.3", True), ("15.40.4", False), ("17.0.0-dev", False), ("18.0.0", True))
)
def test_frameworks_out_of_range_are_refused(
	monkeypatch: pytest.MonkeyPatch, version: str, refused: bool
) -> None:
	monkeypatch.setattr(frappe, "__version__", version)
	assert bool(list(requirements.framework_problems())) is refused


def test_names_that_belong_to_another_module_are_refused() -> None:
	frappe.db.set_value("DocType", "Ticket Leg", "module", "Core")
	frappe.db.set_value("Module Def", requirements.MODULE, "app_name", "frappe")
	assert list(requirements.name_problems()) == [
		"DocType Ticket Leg belongs to the module Core already.",
		"The module Core Helpdesk belongs to the app frappe already.",
	]


def test_a_host_without_what_is_needed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.setattr(requirements, "HOST_FIELDS", {"HD Team": ("users", "crew"), "HD Squad": ()})
	assert list(requirements.host_problems()) == [
		"Frappe Helpdesk is too old: HD Team has no crew.",
		"Frappe Helpdesk is missing or too old: it has no HD Squad. Install Helpdesk 1.11 or newer.",
	]


def test_missing_packages_are_named_with_the_command_that_gets_them(monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.setattr(
		requirements, "PACKAGES", {"holidays": (999,), "no_such_package": (0,), "pymysql": (0,)}
	)
	(problem,) = requirements.package_problems()
	assert "holidays, no_such_package." in problem
	assert "bench pip install" in problem


def test_all_reasons_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
	monkeypatch.setattr(frappe, "__version__", "14.0.0")
	monkeypatch.setattr(requirements, "PACKAGES", {"no_such_package": (0,)})
	with pytest.raises(frappe.IncompatibleApp) as refusal:
		requirements.before_install()
	lines = str(refusal.value).splitlines()
	assert lines[0] == "Core Helpdesk cannot be installed on this site:"
	assert len(lines) == 3


# --- Two sessions at once


def remember(user: str) -> None:
	ledger.remember("Has Role", f"Department Manager:{user}")


def save_settings() -> None:
	frappe.get_doc(SETTINGS).save()


@pytest.mark.committed
@pytest.mark.parametrize(
	"change", [lambda: remember("b@example.com"), save_settings], ids=["reader", "settings"]
)
def test_what_another_session_remembered_meanwhile_is_kept(
	snapshot: object, change: Callable[[], None]
) -> None:
	remember("a@example.com")
	frappe.db.commit()
	# From here on this transaction sees the site as it is now.
	known = set(ledger.made("Has Role"))
	process.run("tests.site.test_install:remember", "c@example.com")
	change()
	frappe.db.commit()
	frappe.db.value_cache.clear()
	assert set(ledger.made("Has Role")) >= known | {"Department Manager:c@example.com"}
