"""An approved request is carried out as a whole or not at all, its requester hears of it, and it can be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import frappe
import pytest

from core_helpdesk import jobs
from core_helpdesk.governance import implementing, undoing
from core_helpdesk.governance import request_kinds as kinds
from tests.site import courier as couriers
from tests.site import governance_cast as casts
from tests.site import web
from tests.site.factories import as_user, make_agent, make_ticket, make_user

if TYPE_CHECKING:
	from collections.abc import Callable

	from frappe.model.document import Document

# Everything that implementing may write; each row as text.
TABLES = (
	"HD Team",
	"HD Team Member",
	"HD Agent",
	"Has Role",
	"Assignment Rule",
	"Assignment Rule User",
	"Core Department",
	"Department Head",
	"Group Category",
	"Escalation Policy",
	"Escalation Level",
	"Policy Discussion",
	"Parity Deviation",
	"Change Notice",
	"Change Notice Reader",
	"Governed Record",
	"Group Request",
	"Notification Log",
	"Email Queue",
	"Communication",
	"Comment",
)


@pytest.fixture
def cast() -> casts.Cast:
	return casts.open_cast()


def contents() -> dict[str, list[str]]:
	"""Every row of these tables, as the database has them now."""
	return {
		table: sorted(map(str, frappe.db.sql(f"select * from `tab{table}`")))  # names from above only
		for table in TABLES
	}


def differences(before: dict[str, list[str]]) -> list[str]:
	now = contents()
	return [table for table in TABLES if now[table] != before[table]]


def requests(cast: casts.Cast) -> dict[str, Callable[[], Document]]:
	"""One request of each kind that goes through all its steps and changes something in each."""
	later = "2030-01-01"
	deviating = {"escalation_hours": 8, "deviation_reason": "A port that closes early", "valid_until": later}
	request = casts.make_request
	return {
		kinds.NEW_GROUP: lambda: casts.new_group(
			cast,
			members=[{"user": make_user()}],
			country="Oman",
			starts_on="2030-01-01 08:00:00",
			clock_kind="Elapsed Time",
			**deviating,
		),
		kinds.NEW_CATEGORY: lambda: request(
			cast,
			"New Group Category",
			category_name="Returned Parcels",
			category_name_ar="شحنات مرتجعة",
			standard_hours=12,
			standard_clock_kind="Elapsed Time",
			purpose="Returns",
		),
		kinds.CHANGE_GROUP: lambda: request(
			cast,
			"Change Group",
			team=cast.group,
			team_name="Renamed Group",
			purpose="Another purpose",
			work_reason="It grew",
			head=make_user("Department Manager"),
		),
		kinds.CHANGE_ESCALATION: lambda: request(
			cast,
			"Change Escalation",
			team=cast.group,
			clock_kind="Elapsed Time",
			work_reason="Too slow",
			**deviating,
		),
		kinds.ADD_MEMBERS: lambda: request(
			cast, "Add Members", team=cast.group, members=[{"user": make_user()}], work_reason="Season"
		),
		kinds.REMOVE_MEMBERS: lambda: request(
			cast, "Remove Members", team=cast.group, members=[{"user": cast.agent}], work_reason="Left"
		),
		kinds.RETIRE_GROUP: lambda: request(
			cast, "Retire Group", team=cast.group, retire_on="2026-01-01", work_reason="Merged"
		),
		kinds.DEVIATION: lambda: request(
			cast, "Parity Deviation", team=cast.group, clock_kind="Elapsed Time", **deviating
		),
		kinds.CORRECTION: lambda: request(
			cast,
			"Data Correction",
			team=cast.group,
			wrong="Wrong Data",
			correction="The country is Oman",
			reference_doctype="HD Ticket",
			reference_name=str(make_ticket(group=cast.group).name),
		),
	}


EVERY_STEP = [(kind, number) for kind, steps in implementing.STEPS.items() for number in range(len(steps))]


def test_every_kind_of_request_can_be_implemented(cast: casts.Cast) -> None:
	made = requests(cast)
	assert set(made) == set(implementing.STEPS) == set(kinds.KINDS)


@pytest.mark.parametrize(("kind", "number"), EVERY_STEP)
def test_a_step_that_fails_leaves_the_site_as_it_was(
	cast: casts.Cast, monkeypatch: pytest.MonkeyPatch, kind: str, number: int
) -> None:
	"""The step does all that it does, and then fails."""
	casts.govern(cast)
	request = requests(cast)[kind]()
	frappe.db.commit()
	before = contents()
	steps = list(implementing.STEPS[kind])
	whole = steps[number]

	def failing(act: Any) -> None:
		whole(act)
		raise RuntimeError("The disk is full")

	steps[number] = failing
	monkeypatch.setitem(implementing.STEPS, kind, tuple(steps))
	with as_user(cast.qa), pytest.raises(RuntimeError):
		implementing.implement(request)
	assert differences(before) == []
	frappe.db.rollback()
	assert frappe.db.get_value("Group Request", request.name, "failure") == "The disk is full"
	assert differences(before) == ["Group Request"]


@pytest.mark.parametrize("kind", sorted(implementing.STEPS))
def test_what_failed_once_is_implemented_the_next_time(
	cast: casts.Cast, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
	request = requests(cast)[kind]()
	frappe.db.commit()
	with monkeypatch.context() as broken:

		def failing(act: Any) -> None:
			raise RuntimeError("The disk is full")

		broken.setitem(implementing.STEPS, kind, (*implementing.STEPS[kind], failing))
		with as_user(cast.qa), pytest.raises(RuntimeError):
			implementing.implement(request)
	frappe.db.rollback()
	casts.implement(cast, frappe.get_doc("Group Request", request.name))
	stored = frappe.db.get_value(
		"Group Request", request.name, ["implemented_by", "failure", "implemented_on"], as_dict=True
	)
	assert (stored.implemented_by, stored.failure) == (cast.qa, None)
	assert stored.implemented_on


def test_a_request_is_implemented_once(cast: casts.Cast) -> None:
	request = requests(cast)[kinds.ADD_MEMBERS]()
	casts.implement(cast, request)
	with pytest.raises(frappe.ValidationError, match="was implemented on"):
		casts.implement(cast, request)


# What each kind makes.


def test_a_new_group_comes_with_members_agents_category_clock_and_policy(cast: casts.Cast) -> None:
	newcomer = make_user()
	casts.govern(cast)
	request = casts.new_group(cast, members=[{"user": newcomer}, {"user": cast.agent}])
	casts.implement(cast, request)
	team = frappe.get_doc("HD Team", request.result_team)
	assert [row.user for row in team.users] == [newcomer, cast.agent]
	assert frappe.db.get_value("HD Agent", {"user": newcomer}, "is_active") == 1
	assert (team.ch_category, team.ch_department, team.ch_country) == (
		cast.category,
		cast.department,
		casts.HOME,
	)
	assert (team.ch_ticket_type, team.ch_purpose) == (cast.ticket_type, request.purpose)
	assert team.ch_governed == 1
	assert team.ch_governed_from
	# The default policy has this very time already.
	assert request.result_policy == cast.courier.policy
	rule = frappe.get_doc("Assignment Rule", team.assignment_rule)
	assert {row.user for row in rule.users} == {newcomer, cast.agent}


def test_another_time_becomes_a_policy_of_the_group_that_its_head_asked_for(cast: casts.Cast) -> None:
	request = casts.new_group(cast, escalation_hours=6, clock_kind="Working Time")
	casts.implement(cast, request)
	policy = frappe.get_doc("Escalation Policy", request.result_policy)
	assert (policy.team, policy.workflow_state) == (request.result_team, "Active")
	assert [(row.after_hours, row.clock_kind) for row in policy.levels] == [
		(6, "Working Time"),
		(24, "Elapsed Time"),
	]
	(answer,) = policy.discussion
	assert (answer.head, answer.answer) == (cast.head, "Agreed")
	assert request.name in answer.note


def test_a_time_that_a_head_has_not_answered_is_not_put_in_force(cast: casts.Cast) -> None:
	request = casts.new_group(cast, by=make_user("Department Manager"), escalation_hours=6)
	frappe.db.commit()
	with pytest.raises(frappe.ValidationError, match="not discussed yet with") as refused:
		casts.implement(cast, request)
	assert cast.head in str(refused.value)
	frappe.db.rollback()
	assert not frappe.db.exists("HD Team", request.team_name)


def test_answers_recorded_on_the_request_come_onto_the_policy(cast: casts.Cast) -> None:
	request = casts.new_group(cast, by=make_user("Department Manager"), escalation_hours=6)
	with as_user(cast.qa):
		row = {"head": cast.head, "department": cast.department, "answer": "Objected"}
		request.append("discussion", {**row, "discussed_on": "2026-03-02", "note": "Too short"})
		request.discussion_decision = "The standard is the same everywhere"
		request.save()
	casts.implement(cast, request)
	policy = frappe.get_doc("Escalation Policy", request.result_policy)
	(answer,) = policy.discussion
	assert (answer.answer, answer.note) == ("Objected", "Too short")
	assert policy.decision_reason == "The standard is the same everywhere"


def test_a_changed_time_is_the_next_version_of_the_groups_own_policy(cast: casts.Cast) -> None:
	first = requests(cast)[kinds.CHANGE_ESCALATION]()
	casts.implement(cast, first)
	second = casts.make_request(
		cast,
		"Change Escalation",
		team=cast.group,
		escalation_hours=12,
		clock_kind="Elapsed Time",
		work_reason="Again",
	)
	casts.implement(cast, second)
	former, present = (
		frappe.get_doc("Escalation Policy", request.result_policy) for request in (first, second)
	)
	assert (present.previous_version, present.version) == (former.name, 2)
	assert former.workflow_state == "Superseded"
	assert present.levels[0].after_hours == 12


def test_a_new_category_is_active_with_its_standard(cast: casts.Cast) -> None:
	request = requests(cast)[kinds.NEW_CATEGORY]()
	casts.implement(cast, request)
	category = frappe.get_doc("Group Category", request.result_category)
	assert (category.workflow_state, category.standard_hours) == ("Active", 12)
	assert category.category_name_ar == "شحنات مرتجعة"


def test_a_renamed_group_takes_its_tickets_along(cast: casts.Cast) -> None:
	ticket = make_ticket(group=cast.group)
	casts.govern(cast)
	request = requests(cast)[kinds.CHANGE_GROUP]()
	casts.implement(cast, request)
	assert request.result_team == "Renamed Group"
	assert frappe.db.get_value("HD Ticket", ticket.name, "agent_group") == "Renamed Group"
	assert frappe.db.get_value("HD Team", "Renamed Group", "ch_purpose") == "Another purpose"
	assert frappe.db.exists("Governed Record", {"reference_name": "Renamed Group"})


def test_a_retired_group_keeps_its_tickets_and_takes_no_more(cast: casts.Cast) -> None:
	held = make_ticket(group=cast.group)
	casts.implement(cast, requests(cast)[kinds.RETIRE_GROUP]())
	team = frappe.get_doc("HD Team", cast.group)
	assert (team.ch_stage, team.users) == ("Retired", [])
	assert frappe.db.get_value("Assignment Rule", team.assignment_rule, "disabled") == 1
	held.reload()
	held.subject = "Still waiting"
	held.save()
	assert held.agent_group == cast.group
	with pytest.raises(frappe.ValidationError, match="is retired and takes no tickets"):
		web.post(cast.agent, f"{web.RESOURCE}/HD Ticket", subject="New", agent_group=cast.group)
	by_a_job = make_ticket(group=cast.group)
	assert not by_a_job.agent_group
	assert frappe.db.exists("Escalation Finding", {"kind": "Assignment Put Back", "state": "Open"})


def test_the_correction_stands_on_the_ticket_that_was_wrong(cast: casts.Cast) -> None:
	request = requests(cast)[kinds.CORRECTION]()
	casts.implement(cast, request)
	comments = frappe.get_all(
		"HD Ticket Comment", {"reference_ticket": request.reference_name}, pluck="content"
	)
	assert any("The country is Oman" in comment for comment in comments)


def test_the_requester_hears_of_it_in_the_desk_and_by_mail(cast: casts.Cast) -> None:
	request = casts.new_group(cast)
	casts.implement(cast, request)
	told = casts.notices_of(cast.head, "Group Request")
	assert told == [f"Your request is implemented: {request.result_team}"]
	sent = frappe.get_all("Email Queue", {"reference_name": request.name}, pluck="name")
	assert len(sent) == 1


def test_by_the_workflow_a_request_goes_from_its_head_to_the_group(cast: casts.Cast) -> None:
	values = casts.new_group(cast, state="Draft").as_dict()
	asked = {field: values.get(field) for field in kinds.KINDS[kinds.NEW_GROUP].required}
	asked["members"] = [{"user": cast.agent}]
	asked["team_name"] = "By the Workflow"
	made = web.post(cast.head, f"{web.RESOURCE}/Group Request", kind="New Group", **asked)

	def act(user: str, action: str) -> None:
		doc = frappe.get_doc("Group Request", made["name"]).as_json()
		web.call(user, "frappe.model.workflow.apply_workflow", doc=doc, action=action)

	act(cast.head, "Submit for Review")
	if frappe.get_doc("Group Request", made["name"]).needs_manager_approval:
		act(cast.qa, "Send for Approval")
		act(cast.manager, "Approve")
	else:
		act(cast.qa, "Approve")
	act(cast.qa, "Implement")
	stored = frappe.get_doc("Group Request", made["name"])
	assert (stored.workflow_state, stored.failure, stored.result_team) == (
		"Implemented",
		None,
		"By the Workflow",
	)


# Undoing.


@pytest.mark.parametrize("kind", [kind for kind in implementing.STEPS if kind != kinds.CORRECTION])
def test_undone_within_a_day_everything_is_as_it_was(cast: casts.Cast, kind: str) -> None:
	request = requests(cast)[kind]()
	before = standing()
	casts.implement(cast, request)
	assert standing() != before
	with as_user(cast.qa):
		undoing.undo(request)
	assert standing() == before
	assert frappe.db.get_value("Group Request", request.name, "undone_on")


def standing() -> dict[str, list]:
	"""Groups with their data and members, rules of groups in force, heads and agents: what decides about tickets."""
	fields = ["name", "ch_purpose", "ch_category", "ch_department", "ch_country", "ch_stage", "ch_retired_on"]
	active = {"workflow_state": "Active"}
	return {
		"teams": [tuple(row.values()) for row in frappe.get_all("HD Team", fields=fields, order_by="name")],
		"members": sorted(frappe.get_all("HD Team Member", fields=["parent", "user"], as_list=True)),
		"rule users": sorted(frappe.get_all("Assignment Rule User", fields=["parent", "user"], as_list=True)),
		"agents": sorted(frappe.get_all("HD Agent", pluck="name")),
		"categories": sorted(
			frappe.get_all("Group Category", fields=["name", "workflow_state"], as_list=True)
		),
		"policies": sorted(frappe.get_all("Escalation Policy", active, pluck="name")),
		"heads": sorted(
			frappe.get_all("Department Head", fields=["parent", "country", "head"], as_list=True)
		),
		"deviations": frappe.get_all("Parity Deviation", {"state": "In Force"}, pluck="name"),
	}


def test_a_new_group_that_has_opened_by_itself_is_undone_all_the_same(cast: casts.Cast) -> None:
	before = standing()
	request = casts.new_group(cast)
	casts.implement(cast, request)
	jobs.ch_announce()
	assert not frappe.db.get_value("HD Team", request.result_team, "ch_stage")
	with as_user(cast.qa):
		undoing.undo(request)
	assert standing() == before


def test_a_version_whose_time_ended_in_between_keeps_nothing_from_being_undone(cast: casts.Cast) -> None:
	casts.implement(cast, requests(cast)[kinds.CHANGE_ESCALATION]())
	before = standing()
	request = requests(cast)[kinds.CHANGE_ESCALATION]()
	casts.implement(cast, request)
	jobs.ch_watch()
	with as_user(cast.qa):
		undoing.undo(request)
	assert standing() == before


def test_what_changed_since_is_not_undone_and_every_reason_is_said(cast: casts.Cast) -> None:
	request = casts.new_group(cast)
	casts.implement(cast, request)
	with as_user(cast.qa):
		team = frappe.get_doc("HD Team", request.result_team)
		team.ch_purpose = "Something else"
		team.save(ignore_permissions=True)
	frappe.db.set_value("HD Team", request.result_team, "ch_stage", "")
	make_ticket(group=request.result_team)
	with as_user(cast.qa), pytest.raises(frappe.ValidationError, match="cannot be undone") as refused:
		undoing.undo(request)
	assert "was changed since" in str(refused.value)
	assert "has had tickets" in str(refused.value)
	assert frappe.db.exists("HD Team", request.result_team)


def test_after_a_day_nothing_is_undone(cast: casts.Cast) -> None:
	request = requests(cast)[kinds.ADD_MEMBERS]()
	casts.implement(cast, request)
	frappe.db.set_value("Group Request", request.name, "implemented_on", "2026-01-01 08:00:00")
	with as_user(cast.qa), pytest.raises(frappe.ValidationError, match="More than a day has passed"):
		undoing.undo(request)


@pytest.mark.parametrize("who", ["head", "manager", "agent", "Administrator"])
def test_nobody_but_the_qa_specialist_undoes(cast: casts.Cast, who: str) -> None:
	request = requests(cast)[kinds.ADD_MEMBERS]()
	casts.implement(cast, request)
	user = getattr(cast, who, who)
	with pytest.raises(frappe.PermissionError, match="Only a QA Specialist"):
		web.call(user, "core_helpdesk.governance_api.undo_request", name=request.name)


# A new group before its start.


def test_a_new_group_opens_at_its_start_once_its_notice_is_out(cast: casts.Cast) -> None:
	from core_helpdesk.governance import group_life, notices

	request = casts.new_group(cast, starts_on="2030-01-01 08:00:00")
	casts.implement(cast, request)
	team, start = request.result_team, frappe.utils.get_datetime("2030-01-01 08:00:00")
	outsider = make_agent()
	assert team not in offered(outsider)
	with pytest.raises(frappe.ValidationError, match="takes no tickets before its start"):
		web.post(outsider, f"{web.RESOURCE}/HD Ticket", subject="Too early", agent_group=team)
	# Its start has come, but nobody was told.
	assert group_life.open_due(start) == []
	notices.send_due()
	assert group_life.open_due(frappe.utils.add_to_date(start, seconds=-1)) == []
	assert group_life.open_due(start) == [team]
	assert team in offered(outsider)
	web.post(outsider, f"{web.RESOURCE}/HD Ticket", subject="In time", agent_group=team)


def offered(user: str) -> list[str]:
	found = web.call(user, "frappe.desk.search.search_link", doctype="HD Team", txt="", page_length=100)
	rows = found if isinstance(found, list) else found.get("results", [])
	return [row["value"] for row in rows]


def test_a_request_that_asks_for_no_move_leaves_the_group_where_another_put_it(cast: casts.Cast) -> None:
	department = couriers.make_department(head=cast.head)
	group = casts.make_group(cast)
	change = {"team": group, "work_reason": "It grew."}
	stays = casts.make_request(cast, "Change Group", purpose="Parcels and letters", **change)
	moves_abroad = casts.make_request(cast, "Change Group", country="Oman", **change)
	moves = casts.make_request(cast, "Change Group", **{**change, "department": department})
	assert (stays.department, stays.country) == (cast.department, casts.HOME)
	casts.implement(cast, moves)
	for request in (stays, moves_abroad):
		casts.implement(cast, frappe.get_doc("Group Request", request.name))
	place = frappe.db.get_value("HD Team", group, ["ch_department", "ch_country", "ch_purpose"])
	assert place == (department, "Oman", "Parcels and letters")


def test_a_form_that_was_open_while_the_group_moved_does_not_save_the_former_place_back(
	cast: casts.Cast,
) -> None:
	group, department = casts.make_group(cast), couriers.make_department(head=cast.head)
	change = {"team": group, "work_reason": "It grew."}
	on_screen = casts.make_request(cast, "Change Group", state="Draft", purpose="Letters", **change)
	casts.implement(cast, casts.make_request(cast, "Change Group", **{**change, "department": department}))
	with as_user(cast.head), pytest.raises(frappe.TimestampMismatchError):
		on_screen.save()
	assert frappe.db.get_value("Group Request", on_screen.name, "department") == department


def test_the_sites_default_place_is_not_written_on_a_group_that_has_none(cast: casts.Cast) -> None:
	frappe.db.set_single_value("Core Helpdesk Settings", "default_country", casts.HOME)
	group = casts.make_group(cast, country="")
	request = casts.make_request(cast, "Change Group", team=group, purpose="Letters", work_reason="It grew.")
	casts.implement(cast, request)
	assert not frappe.db.get_value("HD Team", group, "ch_country")
