"""An install and an uninstall on a site of their own: afterwards the host is as it was, and works."""

import json
import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from core_helpdesk.setup.host_records import ROWS, TRACES
from tests.benches.workplace import SITE, Workplace, fresh_site, present
from tests.site.host_state import VOLATILE

COLUMNS_LEFT = {
	"ch_calendar",
	"ch_category",
	"ch_country",
	"ch_department",
	"ch_governed",
	"ch_governed_from",
	"ch_hidden",
	"ch_opens_on",
	"ch_process",
	"ch_purpose",
	"ch_retired_on",
	"ch_stage",
	"ch_ticket_type",
	"ch_tracing",
}

# What `use_app` leaves in the framework's own tables about our documents.
TRACES_WRITTEN = {
	"Comment": 2,
	"Communication": 1,
	"Communication Link": 1,
	"Custom DocPerm": 1,
	"Email Queue": 1,
	"Email Queue Recipient": 1,
	"Notification Log": 1,
	"Property Setter": 1,
	"Workflow Action": 1,
	"Workflow Action Permitted Role": 2,
}
OUR_TABLES = (
	"tabAssignment Rule",
	"tabCustom Field",
	"tabEscalation Policy",
	"tabGroup Category",
	"tabHD Form Script",
	"tabHD Team",
	"tabRole",
	"tabTicket Escalation",
	"tabWorkflow",
	"tabWorkflow Action Master",
	"tabWorkflow State",
	"tabWorking Calendar",
	"tabWorking Calendar Holiday",
)


class Site:
	"""The second site, by its commands."""

	def __init__(self, place: Workplace) -> None:
		self.place = place
		self.states: dict[str, dict] = {}
		self.ran: dict[str, subprocess.CompletedProcess] = {}

	def steps(self, *names: str, note: str) -> None:
		"""Runs steps on the site, and notes its state afterwards."""
		path = self.place.root / "state.json"
		self.place.python("tests.site.host_state", *names, f"write_state={path}", step=f"until {note}")
		self.states[note] = json.loads(path.read_text())

	def bench(self, label: str, *arguments: str) -> None:
		command = [str(self.place.bench.python), "-m", "frappe.utils.bench_helper", "frappe", "--site", SITE]
		self.ran[label] = subprocess.run(
			[*command, *arguments],
			cwd=self.place.sites,
			env=self.place.environment(),
			stdin=subprocess.DEVNULL,
			capture_output=True,
			text=True,
		)

	def output(self, label: str) -> str:
		return self.ran[label].stdout + self.ran[label].stderr

	def names(self, moment: str, table: str) -> set[str]:
		return set(self.states[moment]["names"].get(table, ()))


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
	"""The whole story, once: each test reads one part of it."""
	with fresh_site(present().bench, with_app=False) as place:
		place.list_apps([*place.bench.apps, "core_helpdesk"])
		site = Site(place)
		site.steps("populate", "collide", note="taken")
		site.bench("refused", "install-app", "core_helpdesk")
		site.steps(note="refused")
		site.steps("end_collision", note="host")
		site.bench("installed", "install-app", "core_helpdesk")
		site.steps("use_app", note="at work")
		site.bench("too early", "ch-clean", "--yes")
		site.bench("upgraded", "migrate", "--skip-search-index")
		site.steps(note="upgraded")
		site.bench("dry run", "uninstall-app", "core_helpdesk", "--dry-run")
		site.steps(note="dry run")
		site.bench("removed", "uninstall-app", "core_helpdesk", "--yes", "--no-backup")
		site.steps(note="removed")
		site.bench("cleaned", "ch-clean", "--yes")
		site.bench("migrated", "migrate", "--skip-search-index")
		site.steps("use_host", note="afterwards")
		yield site


def test_a_site_where_a_name_is_taken_is_refused_before_anything_is_changed(site: Site) -> None:
	assert "DocType Ticket Leg belongs to the module Other App already." in site.output("refused")
	assert site.ran["refused"].returncode != 0
	assert site.states["refused"] == site.states["taken"]


def test_the_app_installs_on_a_host_at_work(site: Site) -> None:
	assert site.ran["installed"].returncode == 0, site.output("installed")
	assert site.states["at work"]["names"]["tabTicket Escalation"]


def test_columns_cannot_be_dropped_while_the_app_is_installed(site: Site) -> None:
	assert site.ran["too early"].returncode != 0
	assert "uninstall it first" in site.output("too early")


def test_a_migrate_changes_nothing_of_what_is_set_up(site: Site) -> None:
	assert site.ran["upgraded"].returncode == 0, site.output("upgraded")
	before, after = site.states["at work"], site.states["upgraded"]
	assert after["tables"] == before["tables"]
	assert after["tickets"] == before["tickets"]
	assert ours(after["singles"]) == ours(before["singles"])
	changed = {table for table in before["names"] if after["names"].get(table) != before["names"][table]}
	assert not changed & set(OUR_TABLES)


def ours(singles: dict[str, str]) -> dict[str, str]:
	return {key: value for key, value in singles.items() if key.startswith("Core Helpdesk Settings.")}


def test_a_dry_run_of_the_uninstall_changes_nothing(site: Site) -> None:
	assert site.ran["dry run"].returncode == 0, site.output("dry run")
	assert site.states["dry run"] == site.states["upgraded"]


def test_the_uninstall_runs_to_its_end(site: Site) -> None:
	assert site.ran["removed"].returncode == 0, site.output("removed")
	assert "Traceback" not in site.output("removed")
	assert "bench ch-clean" in site.output("removed")


def test_no_table_of_ours_is_left_and_none_of_the_hosts_is_changed(site: Site) -> None:
	before, after = site.states["host"]["tables"], site.states["removed"]["tables"]
	assert set(after) == set(before)
	changed = {
		table: set(after[table]) ^ set(before[table]) for table in before if after[table] != before[table]
	}
	assert changed == {"tabHD Team": COLUMNS_LEFT}


def test_no_record_of_ours_is_left_and_none_of_the_hosts_is_gone(site: Site) -> None:
	before, after = site.states["host"]["names"], site.states["removed"]["names"]
	gone = {table: set(before[table]) - set(after[table]) for table in before}
	left = {table: set(after[table]) - set(before[table]) for table in before}
	assert not {table: names for table, names in gone.items() if names}
	assert {table for table, names in left.items() if names} == {"tabCustom DocPerm", "tabFile", "tabRole"}


def test_a_role_that_somebody_else_builds_on_stays_and_it_is_said(site: Site) -> None:
	assert site.names("removed", "tabRole") - site.names("host", "tabRole") == {"TSM Agent"}
	assert "Role TSM Agent is in use and stays" in site.output("removed")
	assert len(site.names("removed", "tabCustom DocPerm") - site.names("host", "tabCustom DocPerm")) == 1


def test_settings_and_defaults_of_the_host_are_as_before(site: Site) -> None:
	assert site.states["removed"]["singles"] == site.states["host"]["singles"]
	assert site.states["removed"]["defaults"] == site.states["host"]["defaults"]


def test_tickets_are_back_in_their_groups_and_otherwise_untouched(site: Site) -> None:
	before, after = site.states["host"]["tickets"], site.states["removed"]["tickets"]
	first, second, third = sorted(name for name in before if before[name].startswith("Riyadh Claims "))
	assert site.states["at work"]["tickets"][first].startswith("Ticketing System Management ")
	assert after[first] == before[first], "moved out of its group, and put back there"
	assert after[second] == before[second].replace("Riyadh Claims", "None", 1), (
		"nobody knows where it was before"
	)
	assert after[third] == before[third]


def test_the_records_are_in_a_private_file(site: Site) -> None:
	files = sorted(Path(site.place.sites, SITE, "private", "files").glob("core-helpdesk-*.zip"))
	assert files
	with zipfile.ZipFile(files[-1]) as archive:
		manifest = json.loads(archive.read("manifest.json"))
		lines = archive.read("ticket_escalation.jsonl").decode().splitlines()
		(mail,) = archive.read("traces/communication.jsonl").decode().splitlines()
		(reader,) = archive.read("traces/email_queue_recipient.jsonl").decode().splitlines()
	assert (json.loads(mail)["subject"], json.loads(reader)["recipient"]) == ("Copy", "head@courier.example")
	assert manifest["records"]["Ticket Escalation"] == len(lines) == 2
	assert manifest["records"]["Working Calendar"] == 8
	assert {json.loads(line)["previous_team"] for line in lines} == {"Riyadh Claims", None}
	assert set(manifest["traces"]) == {*TRACES, *ROWS.values()}
	assert {trace: count for trace, count in manifest["traces"].items() if count} == TRACES_WRITTEN
	assert not list(Path(site.place.sites, SITE, "public", "files").glob("core-helpdesk-*"))


def test_columns_go_by_a_command_of_their_own(site: Site) -> None:
	assert site.ran["cleaned"].returncode == 0, site.output("cleaned")
	assert all(column in site.ran["cleaned"].stdout for column in COLUMNS_LEFT)
	assert site.states["afterwards"]["tables"] == site.states["host"]["tables"]


def test_the_host_migrates_and_works_afterwards(site: Site) -> None:
	assert site.ran["migrated"].returncode == 0, site.output("migrated")
	# `use_host` made a ticket, moved it and closed it, made a group and deleted it, and took in an answer to our mail.
	assert len(site.states["afterwards"]["tickets"]) == len(site.states["host"]["tickets"]) + 2


def test_tables_left_out_of_the_comparison_are_the_frameworks_own(site: Site) -> None:
	assert not [table for table in VOLATILE if table.startswith("tabHD")]
