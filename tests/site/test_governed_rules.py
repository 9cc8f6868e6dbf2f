"""The assignment rule of a governed group changes with its group, by the QA Specialist, and past the app never unseen."""

from __future__ import annotations

import json

import frappe
import pytest

from core_helpdesk import at_work, jobs
from core_helpdesk.escalations import findings
from core_helpdesk.governance import governed_records
from core_helpdesk.governance.governed_records import PAST_THE_APP, RECORD
from core_helpdesk.hosts import team_writer
from tests.site import governance_cast as casts
from tests.site import web
from tests.site.factories import as_user, make_agent, make_team, make_user

TEAM, RULE = "HD Team", "Assignment Rule"
ELSEWHERE = "status == 'Open' and agent_group == 'Elsewhere'"


@pytest.fixture
def cast() -> casts.Cast:
	return casts.open_cast()


@pytest.fixture
def group(cast: casts.Cast) -> str:
	return casts.govern(cast)


def rule_of(team: str) -> str:
	return frappe.db.get_value(TEAM, team, "assignment_rule")


def known(team: str) -> dict:
	return json.loads(frappe.db.get_value(RECORD, {"reference_name": team}, "facts"))


def another_group() -> str:
	"""Where governance has begun, groups come by the app alone."""
	with at_work.the_app():
		return make_team(agents=(make_agent(),))


def found() -> list[str]:
	jobs.ch_govern()
	names = [row.name for row in findings.open_of([PAST_THE_APP])]
	return [frappe.db.get_value(findings.DOCTYPE, name, "details") for name in names]


CHANGES = {
	"off": {"disabled": 1},
	"another condition": {"assign_condition": ELSEWHERE},
	"taken away again": {"unassign_condition": "status == 'Open'"},
	"nobody": {"users": []},
	"no day": {"assignment_days": [{"day": "Monday"}]},
}


@pytest.mark.parametrize("values", CHANGES.values(), ids=CHANGES)
@pytest.mark.parametrize("who", ["agent manager", "Administrator"])
def test_nobody_changes_the_rule_of_a_governed_group(
	cast: casts.Cast, group: str, who: str, values: dict
) -> None:
	user = "Administrator" if who == "Administrator" else make_agent("Agent Manager", "System Manager")
	before = frappe.get_doc(RULE, rule_of(group)).as_dict()
	with pytest.raises(frappe.PermissionError) as refusal:
		web.put(user, f"{web.RESOURCE}/{RULE}/{rule_of(group)}", **values)
	assert "governed" in str(refusal.value)
	document = frappe.get_doc(RULE, rule_of(group)).as_dict()
	document.update(values)
	with pytest.raises(frappe.PermissionError):
		web.call(user, "frappe.client.save", doc=frappe.as_json(document))
	assert frappe.get_doc(RULE, rule_of(group)).as_dict() == before


@pytest.mark.parametrize("who", ["agent manager", "Administrator"])
def test_its_people_do_not_come_and_go_as_rows_of_their_own(cast: casts.Cast, group: str, who: str) -> None:
	user = "Administrator" if who == "Administrator" else make_agent("Agent Manager", "System Manager")
	table, parent = "Assignment Rule User", {"parenttype": RULE, "parent": rule_of(group)}
	row = frappe.db.get_value(table, parent)
	with as_user(user):
		document = frappe.get_doc({"doctype": table, "parentfield": "users", "user": user, **parent})
		for act in (document.insert, lambda: frappe.delete_doc(table, row)):
			with pytest.raises(frappe.PermissionError, match="governed"):
				act()
	assert frappe.get_all(table, parent, pluck="name") == [row]


def test_what_does_not_decide_on_tickets_is_the_hosts_own(cast: casts.Cast, group: str) -> None:
	web.put("Administrator", f"{web.RESOURCE}/{RULE}/{rule_of(group)}", description="Parcels")
	assert frappe.db.get_value(RULE, rule_of(group), "description") == "Parcels"


def test_a_save_that_changes_nothing_hides_nothing(cast: casts.Cast, group: str) -> None:
	frappe.db.set_value(RULE, rule_of(group), "disabled", 1)
	frappe.get_doc(RULE, rule_of(group)).save()
	assert [text for text in found() if group in text]


def test_the_rule_of_a_governed_group_is_not_merged_away(cast: casts.Cast, group: str) -> None:
	own, other = rule_of(group), rule_of(another_group())
	with as_user(make_agent("Agent Manager", "System Manager")):
		for names in ((own, other), (other, own)):
			with pytest.raises(frappe.PermissionError, match="governed"):
				frappe.rename_doc(RULE, *names, merge=True)
	assert rule_of(group) == own


def test_the_rule_of_the_hidden_group_is_merged_by_nobody(cast: casts.Cast, group: str) -> None:
	hidden, other = rule_of(cast.courier.tsm_team), rule_of(another_group())
	for names in ((hidden, other), (other, hidden)):
		with pytest.raises(frappe.PermissionError, match="kept at rest"):
			frappe.rename_doc(RULE, *names, merge=True)


def test_another_groups_rule_changes_as_before(cast: casts.Cast, group: str) -> None:
	other = another_group()
	web.put("Administrator", f"{web.RESOURCE}/{RULE}/{rule_of(other)}", disabled=1)
	assert frappe.db.get_value(RULE, rule_of(other), "disabled") == 1


def test_a_governed_group_is_given_no_other_rule(cast: casts.Cast, group: str) -> None:
	other = another_group()
	manager = make_agent("Agent Manager", "System Manager")
	own = rule_of(group)
	with pytest.raises(frappe.PermissionError):
		web.put(manager, f"{web.RESOURCE}/{TEAM}/{group}", assignment_rule=rule_of(other))
	assert rule_of(group) == own


def test_the_qa_specialists_change_of_a_rule_is_known_at_once(cast: casts.Cast, group: str) -> None:
	user = make_user("QA Specialist", "System Manager")
	web.put(user, f"{web.RESOURCE}/{RULE}/{rule_of(group)}", disabled=1)
	assert known(group)["rule_disabled"] == "1"
	assert found() == []


def test_what_members_and_names_do_to_the_rule_is_known_at_once(cast: casts.Cast, group: str) -> None:
	newcomer = make_agent()
	with as_user(cast.qa):
		team_writer.set_members(group, [*team_writer.members(group), newcomer])
	assert newcomer in known(group)["rule_users"]
	with as_user(cast.qa):
		team_writer.rename(group, f"{group} North")
	assert f"'{group} North'" in known(f"{group} North")["rule_assign_condition"]
	with as_user(cast.qa):
		team_writer.set_members(f"{group} North", [])
	assert (known(f"{group} North")["rule_disabled"], known(f"{group} North")["rule_users"]) == ("1", [])
	frappe.rename_doc(RULE, rule_of(f"{group} North"), "Parcels of the north", force=True)
	assert known(f"{group} North")["assignment_rule"] == "Parcels of the north"
	assert found() == []


def test_a_rule_changed_in_the_database_is_found_and_said(cast: casts.Cast, group: str) -> None:
	frappe.db.set_value(RULE, rule_of(group), "assign_condition", ELSEWHERE)
	frappe.db.delete("Assignment Rule User", {"parent": rule_of(group)})
	(details,) = found()
	assert "Assignment Rule, Assign Condition" in details
	assert ELSEWHERE.replace("'", "") in details.replace("'", "").replace("&#39;", "")
	assert "Assignment Rule, Users" in details


def test_a_record_of_a_time_before_rules_were_known_finds_no_difference(cast: casts.Cast, group: str) -> None:
	older = {field: value for field, value in known(group).items() if "rule" not in field}
	frappe.db.set_value(RECORD, {"reference_name": group}, "facts", json.dumps(older))
	assert found() == []
	governed_records.take_stored(TEAM, group)
	assert known(group)["rule_disabled"] == ""
