"""The host's assignment rules, read as routes: what a plain condition says, and nothing of any other."""

from __future__ import annotations

import frappe
import pytest

from core_helpdesk.domain.groups import ConflictKind
from core_helpdesk.governance import request_checks
from core_helpdesk.governance import request_kinds as kinds
from core_helpdesk.hosts import assignment_routes
from tests.site.factories import make_agent, make_team, make_ticket_type
from tests.site.request_desk import make_request, open_desk

FACTS = {
	"agent_group": "from_groups",
	"ticket_type": "ticket_categories",
	"ch_land": "countries",
	"status": "status",
}


@pytest.mark.parametrize(
	("condition", "terms"),
	[
		("status == 'Open' and agent_group == 'Claims'", {"from_groups": {"Claims"}}),
		(
			"(status == \"Open\") and (ticket_type in ['Claim', 'Loss'])",
			{"ticket_categories": {"Claim", "Loss"}},
		),
		("doc.ticket_type == 'Claim' or 'Loss' == ticket_type", {"ticket_categories": {"Claim", "Loss"}}),
		(
			"ticket_type == 'Claim' and ch_land == 'Egypt'",
			{"ticket_categories": {"Claim"}, "countries": {"Egypt"}},
		),
		("status == 'Open'", {}),
		("ticket_type == 'Claim' and priority == 'Urgent'", None),
		("ticket_type == 'Claim' or status == 'Open'", None),
		("ticket_type != 'Claim'", None),
		("ticket_type == 'Claim' and ticket_type == 'Loss'", None),
		("ticket_type == subject", None),
		("ticket_type.startswith('C')", None),
		("__import__('os').system('true')", None),
		("ticket_type in 'Claim'", None),
		("ticket_type == ['Claim']", None),
		("status == 'Open' and", None),
		("(" * 300 + "status" + ")" * 300, None),
		("", None),
		(None, None),
	],
)
def test_a_condition_is_read_only_where_it_is_plain(condition: str | None, terms: dict | None) -> None:
	assert assignment_routes.terms_of(condition, FACTS) == terms


def make_rule(condition: str, user: str, *, name: str = "", priority: int = 1, **fields: object) -> str:
	rule = frappe.get_doc(
		{
			"doctype": "Assignment Rule",
			"name": name or f"Rule {frappe.generate_hash(length=6)}",
			"document_type": "HD Ticket",
			"assign_condition": condition,
			"priority": priority,
			"rule": "Round Robin",
			"description": "Assigned",
			"users": [{"user": user}],
			"assignment_days": [{"day": "Monday"}],
			**fields,
		}
	)
	return rule.insert(ignore_permissions=True).name


def own_rule(team: str) -> str:
	return frappe.db.get_value("HD Team", team, "assignment_rule")


def route_of(rule: str) -> tuple | None:
	found = next((route for route in assignment_routes.routes() if route.rule == rule), None)
	return found and (found.group, set(found.from_groups), set(found.ticket_categories), found.priority)


def test_the_hosts_own_rule_of_a_group_takes_the_groups_tickets() -> None:
	team = make_team(agents=(make_agent(),))
	assert route_of(own_rule(team)) == (team, {team}, set(), 1)


def test_a_rule_whose_people_are_of_one_group_is_that_groups() -> None:
	agent, category = make_agent(), make_ticket_type()
	team = make_team(agents=(agent,))
	rule = make_rule(f"ticket_type == '{category}'", agent, priority=3)
	assert route_of(rule) == (team, set(), {category}, 3)


def test_a_rule_at_rest_and_one_of_nobodys_group_are_no_routes() -> None:
	agent = make_agent()
	make_team(agents=(agent,))
	assert route_of(make_rule("status == 'Open'", agent, disabled=1)) is None
	assert route_of(make_rule("status == 'Open'", make_agent())) is None


def routing_conflicts(request: frappe.model.document.Document) -> list[tuple[str, str]]:
	found = request_checks.check(request)
	return [
		(finding["other"], finding["facts"]["other_rule"])
		for finding in found
		if finding["kind"] == ConflictKind.ROUTES.value
	]


def test_a_new_group_meets_a_rule_that_takes_any_ticket_at_the_same_priority() -> None:
	desk = open_desk()
	agent = make_agent()
	greedy = make_team(agents=(agent,))
	rule = make_rule("status == 'Open'", agent)
	request = make_request(desk, kinds.NEW_GROUP)
	assert (greedy, rule) in routing_conflicts(request)
	frappe.db.set_value("Assignment Rule", rule, "priority", 0)
	request.flags.ch_known_groups = None
	assert routing_conflicts(request) == []


def test_the_hosts_own_rules_are_not_in_each_others_way() -> None:
	desk = open_desk()
	assert routing_conflicts(make_request(desk, kinds.CHANGE_GROUP)) == []
