"""The policy file that a site writes says what the site does: its reader chooses and counts alike."""

from __future__ import annotations

import random
import subprocess
import sys
from contextlib import suppress
from datetime import date, timedelta
from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk import api, config
from core_helpdesk.calendars import COUNTRIES_SEEDED
from core_helpdesk.documents import calendar_rules
from core_helpdesk.domain.clock import TicketState
from core_helpdesk.domain.errors import ScopesOverlap
from core_helpdesk.domain.escalation import Subject, choose
from core_helpdesk.exports import policies
from core_helpdesk.offline.policy_file import read_policy_file
from core_helpdesk.offline.replay_rules import ReplayRules
from core_helpdesk.offline.words import Words
from core_helpdesk.setup.roles import QA_SPECIALIST
from tests.site.factories import (
	as_user,
	make_department,
	make_level,
	make_policy,
	make_team,
	make_user,
	switch_mode,
)
from tests.site.moments import epoch

if TYPE_CHECKING:
	from pathlib import Path

	from core_helpdesk.offline.replay_rules import PolicyFile

SAY = Words("en")
# A Monday, after Ramadan 2026.
NOW = "2026-04-06 09:00"
COUNTRIES = ("Saudi Arabia", "United Arab Emirates", "Egypt", "")
ODD_NAMES = ('Claims "A", B\\C', "خدمة العملاء", "a.b = [c]", "Group 7\t#")


def exported(folder: Path, at: str = NOW) -> PolicyFile:
	"""The site's policy file as the offline command reads it."""
	path = folder / "policy.toml"
	path.write_text(policies.export(epoch(at)).text, encoding="utf-8")
	return read_policy_file(path, SAY)


def make_category(doctype: str, field: str) -> str:
	name = f"Kind {frappe.generate_hash(length=6)}"
	return frappe.get_doc({"doctype": doctype, field: name}).insert().name


def set_default_country(country: str) -> None:
	frappe.db.set_single_value("Core Helpdesk Settings", "default_country", country)


def make_rules(*levels: dict) -> str:
	"""A default policy in force and the defaults of a site, without any people; returns the policy."""
	switch_mode()
	set_default_country("Saudi Arabia")
	return make_policy(*levels)


class Places:
	"""Groups, categories and countries from which a chance takes scopes."""

	def __init__(self, seed: int) -> None:
		self.chance = random.Random(seed)
		self.group_categories = [make_category("Group Category", "category_name") for _ in range(2)]
		self.ticket_categories = [make_category("HD Ticket Type", "__newname") for _ in range(2)]
		self.teams = [self.team(name) for name in (*ODD_NAMES, *[""] * 4)]

	def team(self, name: str) -> str:
		where = {
			"ch_country": self.chance.choice(COUNTRIES),
			"ch_category": self.chance.choice([*self.group_categories, ""]),
		}
		return make_team(name=name, **{field: value for field, value in where.items() if value})

	def policy(self) -> None:
		pick = self.chance.choice
		either = {
			"team": {"team": pick(self.teams)},
			"default": {},
			"narrow": {
				"group_category": pick([*self.group_categories, ""]),
				"ticket_type": pick([*self.ticket_categories, ""]),
				"country": pick(COUNTRIES),
			},
		}
		fields = {field: value for field, value in pick(list(either.values())).items() if value}
		starts_on = pick(["2026-01-01 00:00:00", "2026-04-06 09:00:00", "2026-04-06 09:00:01"])
		make_policy(make_level(after_hours=pick([1, 7.5, 24])), starts_on=starts_on, **fields)


@pytest.mark.parametrize("seed", range(4))
def test_the_first_match_in_the_file_is_the_policy_that_the_site_chooses(seed: int, tmp_path: Path) -> None:
	make_rules()
	places = Places(seed)
	for _ in range(14):
		places.policy()
	file = exported(tmp_path)
	offline, site, at = ReplayRules(file, 2025, 2027, SAY), config.site_rules(), epoch(NOW)
	chosen = set()
	hidden = config.settings().tsm_team
	for group in (*places.teams, hidden):
		for category in (*places.ticket_categories, ""):
			ours, theirs = site.terms(group, category, at), offline.terms(group, category, at)
			assert (ours and ours.policy.name) == (theirs and theirs.policy.name), (group, category)
			if group == hidden:
				assert theirs is None
				continue
			chosen.add(theirs.policy.name)
			place = site.group(group)
			with suppress(ScopesOverlap):
				scope = choose(site.scopes, Subject(group, place.category, category, place.country), at)
				assert scope.policy == theirs.policy.name
	assert len(chosen) > 1


def test_levels_caps_and_warnings_are_read_back_as_they_are(tmp_path: Path) -> None:
	policy = make_rules(
		{"after_hours": 7.3, "clock_kind": "Working Time", "pauses": 1, "pause_cap_hours": 71.99},
		{"target": "General Manager", "after_hours": 24},
	)
	frappe.db.set_value("Escalation Policy", policy, {"warn_percent": 80, "total_cap_hours": 100})
	teams, hidden = {team.name for team in frappe.get_all("HD Team")}, config.settings().tsm_team
	(entry,) = exported(tmp_path).entries
	assert entry.policy == config.site_rules().policy(policy)
	assert (entry.policy.warn_share, entry.policy.total_cap) == (0.8, 360_000)
	assert entry.groups == teams - {hidden} < teams
	assert entry.categories == {"*"}


def test_groups_states_and_the_time_zone_are_those_of_the_site(tmp_path: Path) -> None:
	make_rules()
	department = make_department()
	frappe.db.set_single_value("Core Helpdesk Settings", "default_department", "Customer Service")
	teams = [make_team(name=ODD_NAMES[0], ch_country="Egypt"), make_team(ch_department=department)]
	file = exported(tmp_path)
	assert file.zone.key == "Asia/Riyadh"
	assert [file.facts(team) for team in teams] == [("EG", "Customer Service"), ("SA", department)]
	assert file.default == ("SA", "Customer Service")
	assert file.states["Open"] is TicketState.OPEN
	assert file.states["Replied"] is TicketState.PAUSED
	assert file.states["Resolved"] is file.states["Closed"] is TicketState.RESOLVED
	assert file.unused == ()


def test_a_seeded_calendar_counts_the_same_on_every_date(tmp_path: Path) -> None:
	make_rules()
	names = frappe.get_all("Country", {"code": ["in", [c.lower() for c in COUNTRIES_SEEDED]]}, pluck="name")
	assert len(names) == 8
	for country in names:
		make_team(ch_country=country)
	assert set(assert_same_dates(exported(tmp_path))) == set(COUNTRIES_SEEDED)


def test_a_calendar_changed_by_hand_counts_the_same_on_every_date(tmp_path: Path) -> None:
	make_rules()
	calendar = frappe.get_doc("Working Calendar", {"country": "Saudi Arabia", "is_country_default": 1})
	calendar.weekends[-1].update({"days": "Friday", "half_day": "Saturday", "half_day_hours": "09:00-12:30"})
	calendar.set("holidays", calendar.holidays[3:])
	calendar.append("intervals", {"weekday": "Thursday", "from_time": "07:00:00", "to_time": "11:00:00"})
	calendar.append("intervals", {"weekday": "Thursday", "from_time": "22:00:00", "to_time": "00:00:00"})
	for day, kind, hours in (
		("2026-03-06", "Working Day", ""),
		("2026-04-07", "Day Off", ""),
		("2026-04-10", "Own Hours", "10:00-11:00,23:30-24:00"),
	):
		calendar.append("exceptions", {"day": day, "kind": kind, "hours": hours, "reason": "Flood\n= x"})
	season = {
		"season_name": "Summer",
		"first_day": "2027-06-01",
		"last_day": "2027-07-31",
		"hours": "06:00-12:00",
	}
	calendar.append("seasons", season)
	calendar.time_zone = "Asia/Dubai"
	calendar.save()
	file = exported(tmp_path)
	assert file.calendars["SA"].zone == "Asia/Dubai"
	assert_same_dates(file)


def test_a_calendar_without_any_days_off_has_none_in_the_file(tmp_path: Path) -> None:
	make_rules()
	calendar = frappe.get_doc("Working Calendar", {"country": "Egypt", "is_country_default": 1})
	for table in ("weekends", "holidays", "seasons", "exceptions"):
		calendar.set(table, [])
	calendar.save()
	make_team(ch_country="Egypt")
	source = exported(tmp_path).calendars["EG"].calendar(2025, 2027)
	first = date(2025, 1, 1)
	assert all(source.rules.day(first + timedelta(days=n)).hours == ((28800, 61200),) for n in range(1000))


def assert_same_dates(file: PolicyFile) -> list[str]:
	"""Each calendar of the file has the site's hours on all dates of 2025 to 2029; returns their countries."""
	for country, source in file.calendars.items():
		name = frappe.db.get_value("Country", {"code": country.lower()})
		site = calendar_rules(frappe.get_doc("Working Calendar", {"country": name, "is_country_default": 1}))
		rules = source.calendar(2025, 2029).rules
		days = [date(2025, 1, 1) + timedelta(days=n) for n in range(5 * 365 + 1)]
		assert [(day, rules.day(day).hours) for day in days] == [(day, site.day(day).hours) for day in days]
	return list(file.calendars)


def test_what_a_file_cannot_say_is_said_beside_it(tmp_path: Path) -> None:
	policy = make_rules(make_level(acknowledge_within_hours=4))
	night = frappe.get_doc("Working Calendar", {"country": "Saudi Arabia", "is_country_default": 1}).as_dict()
	night = frappe.copy_doc(frappe.get_doc(night)).update({"calendar_name": "Night", "is_country_default": 0})
	night.insert()
	make_team(ch_country="Saudi Arabia")
	team = make_team(ch_country="Saudi Arabia", ch_calendar="Night")
	later = make_policy(team=team, starts_on="2026-05-01 00:00:00")
	result = policies.export(epoch(NOW))
	assert list(result.notes) == [
		f"{team} counts by the calendar Night; the file has one for each country, here Saudi Arabia.",
		f"{later} begins on 2026-05-01 00:00:00 and is not in the file.",
		f"{policy} asks for acknowledgements; a replay knows none and gives every level its full time.",
	]
	assert all(f"# ! {note}\n" in result.text for note in result.notes)


def test_without_a_policy_in_force_there_is_no_file() -> None:
	with pytest.raises(frappe.ValidationError, match="No escalation policy is active"):
		policies.export(epoch(NOW))


def test_only_those_who_govern_groups_may_fetch_the_file() -> None:
	make_rules()
	with as_user(make_user("Agent")), pytest.raises(frappe.PermissionError):
		api.export_policies()
	with as_user(make_user(QA_SPECIALIST)):
		api.export_policies()
	assert frappe.response.type == "download"
	assert b"[[policies]]" in frappe.response.filecontent


@pytest.mark.committed
def test_the_commands_of_bench_write_files_that_the_offline_command_reads(tmp_path: Path) -> None:
	policy = make_rules()
	frappe.db.commit()
	printed = bench("ch-export-policy")
	assert printed.stderr == ""
	bench("ch-export-policy", "--out", str(tmp_path / "policy.toml"))
	assert [entry.policy.name for entry in read_policy_file(tmp_path / "policy.toml", SAY).entries] == [
		policy
	]
	# The first line says when.
	written = (tmp_path / "policy.toml").read_text(encoding="utf-8")
	assert printed.stdout.splitlines()[1:] == written.splitlines()[1:]
	count = frappe.db.count("HD Ticket")
	assert f"tickets.csv: {count}" in bench("ch-export-tickets", "--out", str(tmp_path)).stdout
	assert (tmp_path / "events.csv").read_text(encoding="utf-8-sig") == "ticket,at,event,value\n"


def bench(*arguments: str) -> subprocess.CompletedProcess:
	command = ["-m", "frappe.utils.bench_helper", "frappe", "--site", frappe.local.site, *arguments]
	done = subprocess.run(
		[sys.executable, *command], capture_output=True, text=True, stdin=subprocess.DEVNULL
	)
	assert done.returncode == 0, done.stderr
	return done
