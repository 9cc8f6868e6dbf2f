"""The ground that all site tests stand on."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import frappe
import pytest
from frappe.utils import get_bench_path

from tests.site import process
from tests.site.factories import as_user, make_agent, make_team, make_ticket, make_user

CUSTOMER = "customer@example.com"


def insert_note(title: str) -> None:
	frappe.get_doc({"doctype": "Note", "title": title}).insert()


def test_app_under_test_is_the_checkout() -> None:
	checkout = Path(__file__).resolve().parents[2]
	assert Path(frappe.get_app_path("core_helpdesk")) == checkout / "core_helpdesk"
	assert "core_helpdesk" in frappe.get_installed_apps()


def test_no_file_of_the_app_is_loaded_under_two_names() -> None:
	app = frappe.get_app_path("core_helpdesk")
	loaded: dict[str, list[str]] = {}
	for name, module in list(sys.modules.items()):
		file = getattr(module, "__file__", None) or ""
		if file.startswith(app):
			loaded.setdefault(file, []).append(name)
	assert loaded
	assert not [names for names in loaded.values() if len(names) > 1]


def test_bench_apps_come_from_the_bench_and_nothing_of_the_run_lies_in_it() -> None:
	run_folder = Path(get_bench_path())
	assert not Path(frappe.__file__).is_relative_to(run_folder)
	assert Path(frappe.get_site_path()).resolve().is_relative_to(run_folder)


@pytest.mark.parametrize("attempt", (1, 2))
def test_committed_rows_are_gone_in_the_next_test(attempt: int) -> None:
	assert not frappe.db.exists("Note", {"title": "left behind"})
	insert_note("left behind")
	frappe.db.commit()
	frappe.db.rollback()
	assert frappe.db.exists("Note", {"title": "left behind"}), f"attempt {attempt}"


@pytest.mark.committed
@pytest.mark.parametrize("attempt", (1, 2))
def test_rows_of_other_processes_are_gone_in_the_next_test(attempt: int) -> None:
	assert not frappe.db.exists("Note", {"title": "from outside"})
	process.run("tests.site.test_bench:insert_note", "from outside")
	frappe.db.rollback()
	assert frappe.db.exists("Note", {"title": "from outside"}), f"attempt {attempt}"


@pytest.mark.committed
def test_a_failing_process_is_seen_to_fail() -> None:
	with pytest.raises(AssertionError, match="TypeError"):
		process.run("tests.site.test_bench:insert_note")
	started = process.start("tests.site.test_bench:insert_note", "killed")
	started.kill()
	assert started.wait() == -9
	assert isinstance(started, subprocess.Popen)


def test_ticket_of_a_customer_lands_in_the_group_it_is_given_to() -> None:
	agent = make_agent("Agent")
	ticket = make_ticket(customer=CUSTOMER, group=make_team(agents=(agent,)))
	assert frappe.db.get_value("HD Ticket", ticket.name, "raised_by") == CUSTOMER
	with as_user(agent):
		assert frappe.session.user == agent
		assert frappe.get_list("HD Ticket", filters={"agent_group": ticket.agent_group}, pluck="name") == [
			ticket.name
		]


def test_user_has_exactly_the_roles_given() -> None:
	user = make_user("Agent", "Report Manager")
	assert {"Agent", "Report Manager"} <= set(frappe.get_roles(user))
	assert "System Manager" not in frappe.get_roles(user)
