"""The first steps speak of tracing once somebody has begun to set it up, and say what is missing."""

from __future__ import annotations

import frappe
import pytest

from core_helpdesk.setup import checklist, tracing_checklist
from tests.site import web
from tests.site.claim_desk import add_member
from tests.site.factories import make_agent, make_desk, make_team, make_user
from tests.site.tracing_desk import make_tracing_desk, make_tracing_group, make_tracing_policy, set_tracing

LABELS = [
	"Headquarters Tracing Group",
	"Customer Care Group",
	"A tracing policy in force",
	"A country for every tracing group",
	"A Tracing Officer in every tracing group",
	"Support Supervisor",
	"Tracing standards linked",
]


def steps() -> dict[str, checklist.Step]:
	return {step["label"]: step for step in tracing_checklist.steps()}


def missing() -> set[str]:
	return {label for label, step in steps().items() if not step["done"]}


def test_where_nobody_traces_they_say_nothing_of_it() -> None:
	make_desk()
	assert steps() == {}
	make_tracing_group()
	assert list(steps()) == LABELS


def test_headquarters_alone_begin_it() -> None:
	desk = make_desk()
	set_tracing(headquarters_team=desk.team)
	assert list(steps()) == LABELS
	assert steps()["Headquarters Tracing Group"]["detail"] == desk.team


def test_each_is_done_one_by_one() -> None:
	make_desk()
	agent = make_agent()
	group = make_tracing_group(country="", agents=(agent,))
	assert missing() == set(LABELS)
	set_tracing(headquarters_team=group)
	assert missing() == set(LABELS[1:])
	set_tracing(customer_care_team=make_team())
	make_tracing_policy()
	assert missing() == set(LABELS[3:])
	frappe.db.set_value("HD Team", group, "ch_country", "Egypt")
	frappe.get_doc("User", agent).add_roles("Tracing Officer")
	assert missing() == set(LABELS[5:])
	make_user("Support Supervisor")
	set_tracing(standards=[{"title": "Tracing Standard", "link": "https://example.com/standard"}])
	assert missing() == set()


def test_what_is_missing_is_named() -> None:
	desk = make_tracing_desk()
	assert missing() == {"Customer Care Group", "Tracing standards linked"}
	bare = make_tracing_group(country="", agents=(make_agent(),))
	found = steps()
	assert bare in found["A country for every tracing group"]["detail"]
	assert bare in found["A Tracing Officer in every tracing group"]["detail"]
	assert desk.headquarters not in found["A country for every tracing group"]["detail"]
	gone = make_agent("Tracing Officer")
	add_member(bare, gone)
	assert "A Tracing Officer in every tracing group" not in missing()
	frappe.db.set_value("User", gone, "enabled", 0)
	assert "A Tracing Officer in every tracing group" in missing()


@pytest.mark.parametrize("stage", ["Not Open Yet", "Retired"])
def test_a_group_that_takes_no_tickets_is_to_be_replaced(stage: str) -> None:
	desk = make_tracing_desk()
	care = make_team()
	set_tracing(customer_care_team=care)
	for label, team in (("Headquarters Tracing Group", desk.headquarters), ("Customer Care Group", care)):
		frappe.db.set_value("HD Team", team, "ch_stage", stage)
		step = steps()[label]
		assert (step["done"], step["detail"]) == (False, f"The group {team} takes no tickets.")


def test_they_stand_in_the_list_in_both_languages_with_where_to_do_them() -> None:
	make_tracing_desk()
	for language in ("en", "ar"):
		before, frappe.local.lang = frappe.local.lang, language
		try:
			listed = web.get("Administrator", f"{web.METHOD}/core_helpdesk.api.first_run")[-len(LABELS) :]
		finally:
			frappe.local.lang = before
		assert all(step["label"] and step["detail"] and step["route"] for step in listed)
		if language == "en":
			assert [step["label"] for step in listed] == LABELS
		else:
			assert not [step["label"] for step in listed if step["label"].isascii()]
