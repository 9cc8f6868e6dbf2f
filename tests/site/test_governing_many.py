"""What is done for many groups at once asks a few queries, and saving one group looks at nothing of the others."""

from __future__ import annotations

import frappe
import pytest

from core_helpdesk import jobs
from core_helpdesk.escalations import findings
from core_helpdesk.governance import governance_switch, governed, governed_records, past_changes
from core_helpdesk.governance.governed_records import RECORD
from tests.site import governance_cast as casts
from tests.site.counting import queries
from tests.site.factories import as_user, make_team, make_ticket

TEAM = "HD Team"


@pytest.fixture
def cast() -> casts.Cast:
	return casts.open_cast()


def groups(cast: casts.Cast, count: int) -> list[str]:
	return sorted(casts.make_group(cast) for _number in range(count))


def switched(cast: casts.Cast, teams: list[str], *, on: bool) -> int:
	"""The queries that switching takes."""
	with as_user(cast.qa), queries() as asked:
		assert governance_switch.switch_all(teams, on=on) == len(teams)
	return len(asked)


def known() -> dict[str, tuple[str, int]]:
	rows = frappe.get_all(RECORD, {"reference_doctype": TEAM}, ["reference_name", "facts", "only_known"])
	return {row.reference_name: (row.facts or "", row.only_known) for row in rows}


@pytest.mark.parametrize("on", [True, False])
def test_switching_many_groups_asks_as_much_as_switching_few(cast: casts.Cast, on: bool) -> None:
	few, many = groups(cast, 2), groups(cast, 12)
	casts.govern(cast)
	if not on:
		switched(cast, few + many, on=True)
	assert switched(cast, many, on=on) == switched(cast, few, on=on)
	assert {governed.is_governed(team) for team in few + many} == {on}


def test_what_is_known_of_groups_switched_together_is_what_is_known_of_each(cast: casts.Cast) -> None:
	teams = groups(cast, 3)
	switched(cast, [cast.group, *teams], on=True)
	assert past_changes.look() is None
	assert findings.open_of([governed_records.PAST_THE_APP]) == []
	together = known()
	for team in teams:
		governed_records.take_stored(TEAM, team)
	assert known() == together
	assert {only_known for _facts, only_known in (together[team] for team in teams)} == {0}
	comments = frappe.get_all(
		"Comment",
		{"reference_doctype": TEAM, "reference_name": teams[0], "comment_type": "Info"},
		["content", "comment_email"],
	)
	assert [(row.content, row.comment_email) for row in comments] == [
		(f"{cast.qa} switched governance on.", cast.qa)
	]


def test_groups_that_are_governed_no_longer_are_known_by_name_alone(cast: casts.Cast) -> None:
	teams = groups(cast, 2)
	switched(cast, [cast.group, *teams], on=True)
	switched(cast, teams, on=False)
	assert {known()[team] for team in teams} == {("", 1)}
	switched(cast, [cast.group], on=False)
	assert not frappe.db.count(RECORD)


def test_a_refusal_names_some_groups_and_the_number_of_the_others(cast: casts.Cast) -> None:
	teams = [make_team(name=f"Empty {number:02}") for number in range(governance_switch.SHOWN + 5)]
	with as_user(cast.qa), pytest.raises(frappe.ValidationError) as refused:
		governance_switch.switch_all(teams, on=True)
	text = str(refused.value)
	assert text.count("is not complete yet") == governance_switch.SHOWN
	assert text.endswith("and 5 more")
	assert not any(frappe.get_all(TEAM, {"name": ("in", teams)}, pluck="ch_governed"))


def test_a_group_that_there_is_not_is_named(cast: casts.Cast) -> None:
	with as_user(cast.qa), pytest.raises(frappe.DoesNotExistError, match="Nowhere"):
		governance_switch.switch_all([cast.group, "Nowhere"], on=True)
	assert not governed.is_governed(cast.group)


def test_saving_a_group_asks_nothing_of_what_was_found_about_others(cast: casts.Cast) -> None:
	team = frappe.get_doc(TEAM, cast.group)

	def cost() -> int:
		with queries() as asked:
			team.save()
		return len(asked)

	cost()
	before = cost()
	for number in range(5):
		other = make_team(name=f"Gate {number}")
		findings.report("Group without Data", other, TEAM, other, "No policy is for it.")
		findings.report("No Department Head", f"Core Department:{number}", "Core Department", str(number))
	# Groups that are made empty caches.
	cost()
	assert cost() == before


def test_what_was_found_about_a_group_is_over_when_that_group_is_put_right(cast: casts.Cast) -> None:
	frappe.db.set_value("Escalation Policy", cast.courier.policy, "workflow_state", "Draft")
	own, other = make_team(), make_team()
	for team in (own, other):
		make_ticket(group=team)
	found = findings.open_of(["Group without Data"])
	assert {row.reference_name for row in found} == {own, other}
	frappe.db.set_value("Escalation Policy", cast.courier.policy, "workflow_state", "Active")
	frappe.get_doc(TEAM, own).save()
	assert [row.reference_name for row in findings.open_of(["Group without Data"])] == [other]
	jobs.ch_watch()
	assert findings.open_of(["Group without Data"]) == []


@pytest.mark.parametrize("flag", ["in_install", "in_uninstall", "in_migrate"])
def test_while_apps_are_installed_or_upgraded_nothing_is_asked_of_tables_that_may_not_be_there(
	cast: casts.Cast, flag: str
) -> None:
	from core_helpdesk.governance import group_roll, known_names

	casts.govern(cast)
	team = frappe.get_doc(TEAM, cast.group)
	frappe.flags[flag] = True
	try:
		with queries() as asked:
			past_changes.look_before(team)
			governed_records.take_again(team)
			known_names.follow("User", "old@example.com", "new@example.com")
			group_roll.joined("Gate 9")
			group_roll.left("Gate 9")
	finally:
		frappe.flags[flag] = False
	assert asked == []
