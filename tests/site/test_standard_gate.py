"""A policy that would give a country another time than headquarters does not become active without a deviation."""

from __future__ import annotations

import frappe
import pytest

from core_helpdesk.governance import policy_history
from tests.site import governance_cast as casts
from tests.site import web
from tests.site.factories import as_user, make_deviation, make_level, make_policy, make_user

ABROAD = "United Arab Emirates"


@pytest.fixture
def cast() -> casts.Cast:
	return casts.open_cast()


def draft(cast: casts.Cast, hours: float, **scope: object) -> str:
	levels = ({"after_hours": hours}, {"target": "General Manager"})
	name = make_policy(*levels, active=False, **scope)
	policy = frappe.get_doc("Escalation Policy", name)
	policy.starts_on = None
	for place in ((cast.department, casts.HOME), (cast.department, ABROAD)):
		row = {"department": place[0], "country": place[1], "head": cast.head}
		policy.append("discussion", {**row, "answer": "Agreed", "discussed_on": "2026-03-01"})
	policy.append(
		"discussion",
		{"department": cast.department, "head": cast.head, "answer": "Agreed", "discussed_on": "2026-03-01"},
	)
	policy.save()
	return name


def activate(cast: casts.Cast, name: str) -> None:
	with as_user(cast.qa):
		frappe.get_doc("Escalation Policy", name).activate()


def test_another_time_abroad_is_refused_with_both_times(cast: casts.Cast) -> None:
	abroad = casts.make_group(cast, country=ABROAD)
	name = draft(cast, 36, team=abroad)
	with pytest.raises(frappe.ValidationError, match="36 hours instead of 24 hours") as refused:
		activate(cast, name)
	assert abroad in str(refused.value)
	assert frappe.db.get_value("Escalation Policy", name, "workflow_state") == "Draft"


def test_the_standards_own_time_and_that_of_headquarters_become_active(cast: casts.Cast) -> None:
	abroad = casts.make_group(cast, country=ABROAD)
	activate(cast, draft(cast, 24, team=abroad))
	activate(cast, draft(cast, 12, team=cast.group))


def test_an_approved_deviation_of_this_very_time_lets_it_pass(cast: casts.Cast) -> None:
	abroad = casts.make_group(cast, country=ABROAD)
	make_deviation(team=abroad, starts_on="2026-01-01 00:00:00", ends_on="2099-01-01")
	with pytest.raises(frappe.ValidationError, match="48 hours instead of 24 hours"):
		activate(cast, draft(cast, 48, team=abroad, name="Too long"))
	activate(cast, draft(cast, 36, team=abroad, name="As approved"))


def test_a_group_that_differs_already_does_not_keep_a_new_version_back(cast: casts.Cast) -> None:
	abroad = casts.make_group(cast, country=ABROAD)
	make_policy({"after_hours": 36}, {"target": "General Manager"}, name="Long ago", team=abroad)
	with as_user(cast.qa):
		version = frappe.get_doc("Escalation Policy", "Long ago-v1").new_version()
		policy = frappe.get_doc("Escalation Policy", version)
		policy.warn_percent = 50
		policy.add_heads()
		policy.reload()
		for row in policy.discussion:
			row.update({"answer": "Agreed", "discussed_on": "2026-03-01"})
		policy.warn_percent = 50
		policy.save()
	activate(cast, version)


def test_every_version_says_what_it_changed(cast: casts.Cast) -> None:
	make_policy({"after_hours": 24}, {"target": "General Manager"}, name="Claims", team=cast.group)
	with as_user(cast.qa):
		version = frappe.get_doc("Escalation Policy", "Claims-v1").new_version()
		policy = frappe.get_doc("Escalation Policy", version)
		policy.levels[0].after_hours = 12
		policy.warn_percent = 75
		policy.append("levels", make_level(target="Department Head", after_hours=6))
		policy.save()
	found = web.get(cast.head, f"{web.METHOD}/core_helpdesk.governance_api.policy_versions", name=version)
	assert [row["name"] for row in found] == ["Claims-v2", "Claims-v1"]
	changes = {row["label"]: (row["before"], row["after"]) for row in found[0]["changes"]}
	assert changes["Level 1: After Hours"] == ("24 hours", "12 hours")
	assert changes["Warn the Group at Share of Time Used"] == ("–", "75 %")
	assert changes["Level 3: To"] == ("–", "Department Head")
	assert found[1]["changes"] == []
	assert policy_history.differences(policy, policy) == []


def test_versions_are_read_by_those_who_may_read_the_policy(cast: casts.Cast) -> None:
	with pytest.raises(frappe.PermissionError):
		path = f"{web.METHOD}/core_helpdesk.governance_api.policy_versions"
		web.get(make_user(), path, name=cast.courier.policy)
