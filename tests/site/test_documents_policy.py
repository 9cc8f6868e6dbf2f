"""An escalation policy's way from draft to superseded, and who may take it there."""

import time

import frappe
import pytest
from frappe.utils import add_to_date, get_datetime, get_fullname, now_datetime

from core_helpdesk import config
from core_helpdesk.governance import discussion, policies
from core_helpdesk.setup import roles
from tests.site import process, web
from tests.site.counting import queries
from tests.site.factories import as_user, make_team, make_user

POLICY = "Escalation Policy"
TO_TSM = {"target": "Ticketing System Management", "after_hours": 24, "clock_kind": "Elapsed Time"}
TO_GENERAL_MANAGER = {"target": "General Manager", "after_hours": 24, "clock_kind": "Elapsed Time"}


@pytest.fixture
def specialist() -> str:
	return make_user(roles.QA_SPECIALIST)


def make_policy(
	name: str = "Claims", levels: tuple[dict, ...] = (TO_TSM, TO_GENERAL_MANAGER), **fields: object
):
	scope = (
		{}
		if {"team", "country", "group_category", "ticket_type", "is_default"} & fields.keys()
		else {"country": "Oman"}
	)
	document = {"doctype": POLICY, "policy_name": name, "levels": [dict(level) for level in levels]}
	return frappe.get_doc({**document, **scope, **fields}).insert()


def make_place(department: str = "Operations", country: str = "Egypt", head: str = "") -> tuple[str, str]:
	"""A group of a department in a country whose head is known; returns the group and the head."""
	head = head or make_user()
	if not frappe.db.exists("Core Department", department):
		frappe.get_doc({"doctype": "Core Department", "department_name": department}).insert()
	document = frappe.get_doc("Core Department", department)
	if country not in [row.country for row in document.heads]:
		document.append("heads", {"country": country, "head": head})
		document.save()
	return make_team(ch_department=department, ch_country=country), head


def state_of(name: str) -> str:
	return frappe.db.get_value(POLICY, name, "workflow_state")


def activated(policy) -> str:
	policy.activate()
	return policy.name


# --- Versions and states


def test_versions_of_a_policy_are_numbered_by_themselves() -> None:
	assert [make_policy().name, make_policy().name, make_policy("Other").name] == [
		"Claims-v1",
		"Claims-v2",
		"Other-v1",
	]


def test_the_policy_that_setup_made_is_a_draft_of_24_and_24_hours() -> None:
	policy = frappe.get_doc(POLICY, "Standard-v1")
	assert (policy.workflow_state, policy.is_default) == ("Draft", 1)
	fields = ("target", "after_hours", "clock_kind", "pauses", "pause_cap_hours")
	assert [tuple(row.get(field) for field in fields) for row in policy.levels] == [
		("Ticketing System Management", 24, "Elapsed Time", 1, 72),
		("General Manager", 24, "Elapsed Time", 0, 0),
	]


@pytest.mark.parametrize(
	("given", "pauses"),
	(
		({}, [(1, 72), (0, 0)]),
		({"pauses": 0}, [(0, 0), (0, 0)]),
		({"pauses": 1}, [(1, 0), (0, 0)]),
		({"pause_cap_hours": 5}, [(1, 5), (0, 0)]),
	),
)
def test_the_first_level_pauses_unless_it_is_said_that_it_does_not(given: dict, pauses: list) -> None:
	levels = [
		{"target": "Ticketing System Management", "after_hours": 24, **given},
		{"target": "General Manager", "after_hours": 24},
	]
	policy = make_policy(levels=levels)
	policy.reload()
	assert [(row.pauses, row.pause_cap_hours) for row in policy.levels] == pauses
	policy.decision_reason = "As discussed"
	policy.save()
	assert [(row.pauses, row.pause_cap_hours) for row in policy.levels] == pauses


def test_a_request_that_does_not_speak_of_pauses_gets_them_on_the_first_level(specialist: str) -> None:
	levels = [{"target": target, "after_hours": 24} for target in (TO_TSM["target"], "General Manager")]
	document = {"policy_name": "By request", "country": "Oman", "levels": levels}
	name = web.post(specialist, f"{web.RESOURCE}/{POLICY}", **document)["name"]
	assert [row.pauses for row in frappe.get_doc(POLICY, name).levels] == [1, 0]


@pytest.mark.parametrize("role", ("System Manager", roles.CUSTOMER_SERVICE_MANAGER, roles.GENERAL_MANAGER))
def test_a_policy_is_activated_by_the_qa_specialist_and_nobody_else(role: str) -> None:
	policy = make_policy()
	with as_user(make_user(role)), pytest.raises(frappe.PermissionError, match="Only a QA Specialist"):
		policy.activate()
	with pytest.raises(frappe.PermissionError, match="Only a QA Specialist"):
		policy.activate()
	assert state_of(policy.name) == "Draft"


def test_no_way_of_saving_sets_the_state(specialist: str) -> None:
	policy = make_policy()
	with as_user(specialist):
		with pytest.raises(frappe.PermissionError, match="buttons of its form"):
			frappe.client.set_value(POLICY, policy.name, "workflow_state", "Active")
		with pytest.raises(frappe.PermissionError, match="buttons of its form"):
			make_policy(workflow_state="Active")
		opened = frappe.get_doc(POLICY, policy.name)
		opened.workflow_state = "Discussed"
		opened.flags.ignore_validate_update_after_submit = True
		with pytest.raises(frappe.PermissionError):
			opened.save(ignore_permissions=True)


def test_an_activated_policy_is_in_force_from_that_moment(specialist: str) -> None:
	policy = make_policy()
	before = now_datetime().replace(microsecond=0)
	with as_user(specialist):
		policy.activate()
	stored = frappe.get_doc(POLICY, policy.name)
	assert stored.workflow_state == "Active"
	assert before <= get_datetime(stored.starts_on) <= now_datetime()
	assert stored.ended_on is None


def test_an_active_policy_becomes_the_rule_that_tickets_run_under(specialist: str) -> None:
	team = make_team(ch_country="Oman", ch_governed_from="2026-03-02 09:00:00")
	policy = make_policy(team=team)
	now = config.now_epoch()
	assert config.site_rules().terms(team, "", now) is None
	with as_user(specialist):
		policy.activate()
	assert config.site_rules().terms(team, "", now + 5).policy.name == policy.name


# --- Fixed rules


@pytest.mark.parametrize(
	"change",
	(
		lambda policy: policy.levels[0].update({"after_hours": 48}),
		lambda policy: policy.levels[0].update({"pauses": 0}),
		lambda policy: policy.append("levels", {**TO_GENERAL_MANAGER, "target": "Customer Service Manager"}),
		lambda policy: policy.set("levels", policy.levels[:1]),
		lambda policy: policy.update({"country": "Egypt"}),
		lambda policy: policy.update({"country": None, "is_default": 1}),
		lambda policy: policy.update({"warn_percent": 80}),
		lambda policy: policy.update({"total_cap_hours": 72}),
	),
)
@pytest.mark.parametrize("step", ("discuss", "activate"))
def test_rules_are_fixed_after_the_draft(specialist: str, step: str, change) -> None:
	policy = make_policy()
	with as_user(specialist):
		getattr(policy, step)()
		opened = frappe.get_doc(POLICY, policy.name)
		change(opened)
		with pytest.raises(frappe.ValidationError, match="Make a new version"):
			opened.save()


def test_a_draft_can_be_changed_and_deleted(specialist: str) -> None:
	policy = make_policy()
	with as_user(specialist):
		opened = frappe.get_doc(POLICY, policy.name)
		opened.levels[0].after_hours = 48
		opened.save()
		frappe.delete_doc(POLICY, policy.name)
	assert not frappe.db.exists(POLICY, policy.name)


def test_a_policy_that_was_in_force_is_never_deleted(specialist: str) -> None:
	policy = make_policy()
	with as_user(specialist):
		policy.activate()
		with pytest.raises(frappe.ValidationError, match="needs it to be Draft"):
			frappe.delete_doc(POLICY, policy.name)


def test_the_discussion_is_fixed_once_the_policy_is_active(specialist: str) -> None:
	policy = make_policy()
	make_place("Operations")
	with as_user(specialist):
		policy.activate()
		opened = frappe.get_doc(POLICY, policy.name)
		opened.append(
			"discussion", {"department": "Operations", "answer": "Agreed", "discussed_on": "2026-03-02"}
		)
		with pytest.raises(frappe.ValidationError, match="are fixed"):
			opened.save()


# --- Discussion with department heads


def test_each_head_concerned_has_to_be_asked(specialist: str) -> None:
	team, head = make_place()
	policy = make_policy(team=team)
	with (
		as_user(specialist),
		pytest.raises(frappe.ValidationError, match=f"not recorded yet.*{get_fullname(head)}"),
	):
		policy.activate()
	assert state_of(policy.name) == "Draft"


def test_heads_concerned_are_those_of_the_groups_that_the_policy_is_for() -> None:
	_, in_egypt = make_place("Operations", "Egypt")
	_, in_oman = make_place("Operations", "Oman")
	_, of_support = make_place("Support", "Egypt")
	assert {head.head for head in discussion.concerned(make_policy(country="Egypt"))} == {
		in_egypt,
		of_support,
	}
	everyone = make_policy("All", is_default=1)
	assert {in_egypt, in_oman, of_support} <= {head.head for head in discussion.concerned(everyone)}


def test_whom_a_policy_concerns_is_asked_of_all_groups_at_once() -> None:
	teams = {make_place("Operations", f"{country}")[0] for country in ("Egypt", "Oman", "Kuwait")}
	config.site_rules()
	for policy, expected in (
		(make_policy("All", is_default=1), teams),
		(make_policy(team=min(teams)), {min(teams)}),
	):
		frappe.clear_document_cache("HD Team")
		with queries() as asked:
			found = {group.name for group in discussion.groups_under(policy)}
		assert found >= expected
		assert len([query for query in asked if "tabHD Team" in query]) == 1


def test_one_head_for_all_countries_is_asked_once() -> None:
	head = make_user()
	rows = [{"all_countries": 1, "head": head}]
	frappe.get_doc({"doctype": "Core Department", "department_name": "Retail", "heads": rows}).insert()
	for country in ("Egypt", "Oman", "Kuwait"):
		make_team(ch_department="Retail", ch_country=country)
	asked = [row for row in discussion.concerned(make_policy(is_default=1)) if row.department == "Retail"]
	assert [(row.country, row.head) for row in asked] == [("", head)]


def test_add_heads_makes_a_row_for_each_and_none_twice(specialist: str) -> None:
	team, head = make_place()
	policy = make_policy(team=team)
	with as_user(specialist):
		assert policy.add_heads() == 1
		assert policy.add_heads() == 0
	rows = frappe.get_doc(POLICY, policy.name).discussion
	assert [(row.department, row.country, row.head, row.answer or "") for row in rows] == [
		("Operations", "Egypt", head, "")
	]


def answer(policy_name: str, **values: object) -> None:
	policy = frappe.get_doc(POLICY, policy_name)
	policy.discussion[0].update({"discussed_on": "2026-03-02", **values})
	policy.save()


def test_an_answer_needs_its_date_and_no_date_in_the_future(specialist: str) -> None:
	policy = make_policy(team=make_place()[0])
	with as_user(specialist):
		policy.add_heads()
		with pytest.raises(frappe.ValidationError, match="needs its date"):
			answer(policy.name, answer="Agreed", discussed_on=None)
		with pytest.raises(frappe.ValidationError, match="in the future"):
			answer(policy.name, answer="Agreed", discussed_on=add_to_date(now_datetime(), days=2))


@pytest.mark.parametrize("given", ("Agreed", "No Answer"))
def test_agreement_and_no_answer_by_the_date_let_the_policy_become_active(
	specialist: str, given: str
) -> None:
	policy = make_policy(team=make_place()[0])
	with as_user(specialist):
		policy.add_heads()
		answer(policy.name, answer=given)
		policy.discuss()
		assert state_of(policy.name) == "Discussed"
		policy.activate()
	assert state_of(policy.name) == "Active"


def test_an_objection_does_not_block_but_asks_for_the_decision(specialist: str) -> None:
	policy = make_policy(team=make_place()[0])
	with as_user(specialist):
		policy.add_heads()
		answer(policy.name, answer="Objected")
		with pytest.raises(frappe.ValidationError, match="write the decision"):
			policy.activate()
		opened = frappe.get_doc(POLICY, policy.name)
		opened.decision_reason = "The standard of headquarters applies."
		opened.save()
		policy.activate()
	assert state_of(policy.name) == "Active"


def test_where_no_head_is_known_the_policy_becomes_active_and_it_is_said(specialist: str) -> None:
	frappe.get_doc({"doctype": "Core Department", "department_name": "Retail"}).insert()
	policy = make_policy(team=make_team(ch_department="Retail", ch_country="Oman"))
	with as_user(specialist):
		policy.activate()
		assert any("without a head" in str(entry) and "Retail" in str(entry) for entry in frappe.message_log)
	assert state_of(policy.name) == "Active"


# --- Scope and levels


@pytest.mark.parametrize(
	"scope",
	(
		{"is_default": 1, "country": "Oman"},
		{"is_default": 0},
		{"is_default": 1, "team": "Billing"},
		{"team": "Billing", "country": "Oman"},
	),
)
def test_a_policy_is_for_all_groups_or_for_one_or_for_a_kind_of_tickets(scope: dict) -> None:
	with pytest.raises(frappe.ValidationError, match="in one of three ways"):
		make_policy(**scope)


@pytest.mark.parametrize("hours", (0, None))
def test_a_level_without_time_is_refused(hours: float | None) -> None:
	with pytest.raises(frappe.ValidationError, match="Level 2 needs a time"):
		make_policy(levels=(TO_TSM, {**TO_GENERAL_MANAGER, "after_hours": hours}))


def test_negative_hours_are_refused() -> None:
	with pytest.raises(frappe.ValidationError):
		make_policy(levels=({**TO_TSM, "after_hours": -1},))


def test_a_level_without_a_target_is_refused() -> None:
	with pytest.raises(frappe.ValidationError, match="Level 1 does not say to whom"):
		make_policy(levels=({**TO_TSM, "target": None},))


def test_a_policy_without_levels_is_refused() -> None:
	with pytest.raises(frappe.ValidationError):
		make_policy(levels=())


# --- Conflicts and succession


def test_a_second_policy_for_the_same_tickets_is_refused_by_name(specialist: str) -> None:
	first, second = make_policy("First", country="Oman"), make_policy("Second", country="Oman")
	with as_user(specialist):
		first.activate()
		with pytest.raises(frappe.ValidationError, match="First-v1 is in force for the same tickets"):
			second.activate()
	assert state_of(second.name) == "Draft"


def activate_slowly(name: str, user: str, begins_at: float) -> None:
	"""In a process of its own: its transaction begins before the other's ends, and commits late."""
	policy = frappe.get_doc(POLICY, name)
	time.sleep(max(0.0, begins_at - time.time()))
	frappe.set_user(user)
	policy.activate()
	time.sleep(1)


@pytest.mark.committed
def test_of_two_policies_activated_at_once_for_the_same_tickets_one_is_refused(specialist: str) -> None:
	names = [make_policy(title, country="Oman").name for title in ("First", "Second")]
	frappe.db.commit()
	begins_at = time.time() + 8
	both = [process.start(f"{__name__}:activate_slowly", name, specialist, begins_at) for name in names]
	outputs = [started.communicate(timeout=120)[0] for started in both]
	frappe.db.rollback()
	assert sorted(state_of(name) for name in names) == ["Active", "Draft"]
	assert sum("is in force for the same tickets" in output for output in outputs) == 1


def test_equally_specific_policies_conflict_where_one_ticket_fits_both(specialist: str) -> None:
	by_country, by_category = (
		make_policy("Country", country="Oman"),
		make_policy("Category", group_category="General"),
	)
	with as_user(specialist):
		by_country.activate()
		with pytest.raises(frappe.ValidationError, match="Country-v1"):
			by_category.activate()


def test_a_more_specific_policy_stands_beside_a_general_one(specialist: str) -> None:
	general, special = (
		make_policy("General", country="Oman"),
		make_policy("Special", country="Oman", group_category="General"),
	)
	with as_user(specialist):
		assert [activated(general), activated(special)] == ["General-v1", "Special-v1"]


def test_a_new_version_takes_over_from_the_one_before(specialist: str) -> None:
	first = make_policy()
	with as_user(specialist):
		first.activate()
		second = frappe.get_doc(POLICY, first.new_version())
		assert (second.name, second.workflow_state, len(second.levels)) == ("Claims-v2", "Draft", 2)
		second.levels[0].after_hours = 12
		second.save()
		second.activate()
	old, new = frappe.get_doc(POLICY, "Claims-v1"), frappe.get_doc(POLICY, "Claims-v2")
	assert (old.workflow_state, new.workflow_state) == ("Superseded", "Active")
	assert old.ended_on == new.starts_on
	assert new.previous_version == old.name
	assert old.levels[0].after_hours == 24


def test_a_version_with_a_later_start_leaves_the_one_before_in_force_until_then(specialist: str) -> None:
	first = make_policy()
	start = add_to_date(now_datetime(), days=10).replace(microsecond=0)
	with as_user(specialist):
		first.activate()
		second = frappe.get_doc(POLICY, first.new_version())
		second.starts_on = start
		second.save()
		second.activate()
	assert (state_of("Claims-v1"), state_of("Claims-v2")) == ("Active", "Active")
	assert get_datetime(frappe.db.get_value(POLICY, "Claims-v1", "ended_on")) == start
	assert policies.settle_states(add_to_date(start, seconds=-1)) == []
	assert policies.settle_states(start) == ["Claims-v1"]
	assert (state_of("Claims-v1"), state_of("Claims-v2")) == ("Superseded", "Active")


def test_a_version_cannot_begin_before_the_one_that_is_yet_to_come(specialist: str) -> None:
	first = make_policy(starts_on=add_to_date(now_datetime(), days=10))
	with as_user(specialist):
		first.activate()
		second = frappe.get_doc(POLICY, first.new_version())
		with pytest.raises(frappe.ValidationError, match="choose a later start"):
			second.activate()


def test_one_draft_at_a_time_takes_a_policy_further(specialist: str) -> None:
	first = make_policy()
	with as_user(specialist):
		first.activate()
		first.new_version()
		with pytest.raises(frappe.ValidationError, match="Claims-v2 is not active yet"):
			first.new_version()


def test_an_ended_policy_is_for_no_ticket_any_more(specialist: str) -> None:
	policy, other = make_policy(), make_policy("Other")
	with as_user(specialist):
		policy.activate()
		policy.end_now()
		other.activate()
	assert (state_of(policy.name), state_of(other.name)) == ("Superseded", "Active")


# --- The host's own escalation rules


def test_no_policy_goes_live_beside_rules_that_the_host_carries_out(specialist: str) -> None:
	from core_helpdesk.hosts import hd_ticket

	if not frappe.db.exists("DocType", "HD Escalation Rule"):
		pytest.skip("this host has no escalation rules of its own")
	rule = frappe.get_doc({"doctype": "HD Escalation Rule", "priority": "Urgent", "is_enabled": 1})
	rule.flags.ignore_mandatory = True
	rule.insert(ignore_links=True)
	policy = make_policy()
	with as_user(specialist):
		if hd_ticket.executes_escalation_rules():
			with pytest.raises(frappe.ValidationError, match="own escalation rules are enabled"):
				policy.activate()
			frappe.db.set_value("HD Escalation Rule", rule.name, "is_enabled", 0)
		policy.activate()
	assert state_of(policy.name) == "Active"


def test_a_new_policy_has_neither_an_end_nor_a_version_before_it(specialist: str) -> None:
	earlier = make_policy()
	levels = [{"target": TO_TSM["target"], "after_hours": 24}]
	document = {"policy_name": "By request", "country": "Oman", "levels": levels}
	told = {"ended_on": "2026-01-01 00:00:00", "previous_version": earlier.name, "version": 7}
	name = web.post(specialist, f"{web.RESOURCE}/{POLICY}", **document, **told)["name"]
	stored = frappe.db.get_value(POLICY, name, ["ended_on", "previous_version", "version"])
	assert stored == (None, None, 1)
