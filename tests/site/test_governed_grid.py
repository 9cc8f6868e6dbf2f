"""The page of all groups and its import, beside governance: a governed group is the QA Specialist's there as well."""

from __future__ import annotations

import frappe
import pytest

from core_helpdesk.governance import governed
from core_helpdesk.setup import group_import
from tests.site import governance_cast as casts
from tests.site import web
from tests.site.factories import as_user, make_agent, make_team, make_user

API, SWITCH = "core_helpdesk.api.", "core_helpdesk.governance_api.switch_governance_of"


@pytest.fixture
def cast() -> casts.Cast:
	return casts.open_cast()


@pytest.fixture
def admin(cast: casts.Cast) -> str:
	return make_user("System Manager")


def save(user: str, team: str, **values: str) -> dict:
	return web.call(user, f"{API}save_groups", rows=[{"name": team, **values}])


def country_of(team: str) -> str | None:
	return frappe.db.get_value("HD Team", team, "ch_country")


def test_the_grid_changes_a_governed_group_for_the_qa_specialist_alone(cast: casts.Cast, admin: str) -> None:
	free = make_team()
	group = casts.govern(cast)
	answer = web.call(
		admin,
		f"{API}save_groups",
		rows=[{"name": group, "ch_country": "Egypt"}, {"name": free, "ch_country": "Egypt"}],
	)
	assert [(error["name"], error["column"]) for error in answer["errors"]] == [(group, "group")]
	assert "is governed" in answer["errors"][0]["message"]
	assert "Please ask the head" in answer["errors"][0]["way_on"]
	assert (answer["saved"], country_of(group), country_of(free)) == (False, casts.HOME, None)
	assert save(cast.qa, group, ch_country="Egypt")["errors"] == []
	assert country_of(group) == "Egypt"


def test_a_row_of_a_governed_group_that_changes_nothing_keeps_no_other_back(
	cast: casts.Cast, admin: str
) -> None:
	free = make_team()
	group = casts.govern(cast)
	rows = [{"name": group, "ch_country": casts.HOME}, {"name": free, "ch_country": "Egypt"}]
	assert web.call(admin, f"{API}save_groups", rows=rows)["saved"]
	assert country_of(free) == "Egypt"


def test_a_file_makes_no_category_once_governance_has_begun(cast: casts.Cast, admin: str) -> None:
	free = make_team(name="Cairo Claims")
	text = f"group,category\n{free},Parcels of all kinds\n"
	with as_user(admin):
		assert group_import.import_groups(text, dry_run=True, create_missing=True)["errors"] == []
		casts.govern(cast)
		answer = group_import.import_groups(text, dry_run=False, create_missing=True)
	assert [error["column"] for error in answer["errors"]] == ["category"]
	assert not frappe.db.exists("Group Category", "Parcels of all kinds")


def test_the_grid_says_what_is_governed_and_what_is_missing_for_it(cast: casts.Cast, admin: str) -> None:
	bare = make_team()
	group = casts.govern(cast)
	grid = web.call(cast.qa, f"{API}groups_grid")
	rows = {row["name"]: row for row in grid["rows"]}
	assert grid["may_govern"]
	assert (rows[group]["governed"], rows[group]["lacks"]) == (True, [])
	assert not rows[bare]["governed"]
	assert {"Purpose is not set.", "The group has no members."} <= set(rows[bare]["lacks"])
	other = web.call(admin, f"{API}groups_grid")
	assert not other["may_govern"]
	assert all(row["lacks"] == [] for row in other["rows"])


def test_several_groups_are_switched_at_once_or_none(cast: casts.Cast) -> None:
	second, bare = casts.make_group(cast), make_team()
	with pytest.raises(frappe.ValidationError, match="is not complete yet"):
		web.call(cast.qa, SWITCH, teams=[cast.group, second, bare], on=1)
	assert not governed.has_begun()
	assert web.call(cast.qa, SWITCH, teams=[cast.group, second], on=1) == 2
	assert governed.is_governed(cast.group)
	assert governed.is_governed(second)
	assert web.call(cast.qa, SWITCH, teams=[cast.group, second], on=1) == 0
	assert web.call(cast.qa, SWITCH, teams=[cast.group, second], on=0) == 2
	assert not governed.has_begun()


@pytest.mark.parametrize(
	"roles", [("System Manager",), ("Customer Service Manager",), ("Department Manager",)]
)
def test_nobody_else_switches_several(cast: casts.Cast, roles: tuple[str, ...]) -> None:
	with pytest.raises(frappe.PermissionError, match="Only a QA Specialist"):
		web.call(make_user(*roles), SWITCH, teams=[cast.group], on=1)


def test_a_mark_taken_away_in_the_database_is_put_back_by_the_switch(cast: casts.Cast) -> None:
	group = casts.govern(cast)
	frappe.db.set_value("HD Team", group, "ch_governed", 0)
	assert web.call(cast.qa, SWITCH, teams=[group], on=1) == 1
	assert frappe.db.get_value("HD Team", group, "ch_governed")


def test_a_group_before_its_start_is_read_by_its_own_people_alone(cast: casts.Cast) -> None:
	member, other = make_agent(), make_agent()
	team = make_team(agents=(member,))
	frappe.db.set_value("HD Team", team, "ch_stage", "Not Open Yet")
	frappe.clear_document_cache("HD Team", team)
	assert web.get(member, f"{web.RESOURCE}/HD Team/{team}")["name"] == team
	with pytest.raises(frappe.PermissionError):
		web.get(other, f"{web.RESOURCE}/HD Team/{team}")
