"""What the framework answers past its own row permissions: states, searches, fields through links, follows, actions."""

from __future__ import annotations

from typing import Any

import frappe
import pytest
from frappe.desk.form import document_follow

from core_helpdesk import following
from core_helpdesk.governance import governance_switch, notices
from core_helpdesk.governance import request_kinds as kinds
from core_helpdesk.hooks import permission_query_conditions
from tests.site import request_desk as desks
from tests.site import web
from tests.site.factories import as_user, make_agent, make_ticket, make_user

TEAM, REQUEST, NOTICE, DEVIATION = "HD Team", "Group Request", "Change Notice", "Parity Deviation"
SUGGESTION, FOLLOW, ACTION = "Group Suggestion", "Document Follow", "Workflow Action"
STATES = "frappe.workflow.doctype.workflow.workflow.get_workflow_state_count"
SEARCH = "frappe.desk.search.search_link"
FOLLOWING = "frappe.desk.form.document_follow"
SECRET = "Nobody abroad is to know of the night shift."


@pytest.fixture
def desk() -> desks.Desk:
	return desks.open_desk()


def states(user: str, doctype: str, field: str, known: tuple[str, ...] = ()) -> Any:
	asked = {"doctype": doctype, "workflow_state_field": field, "states": list(known)}
	return web.get(user, f"{web.METHOD}/{STATES}", **asked)


def found(user: str, doctype: str, txt: str = "", **more: Any) -> list[str]:
	asked = {"doctype": doctype, "txt": txt, "ignore_user_permissions": 1, **more}
	return [row["value"] for row in web.get(user, f"{web.METHOD}/{SEARCH}", **asked)]


# --- Counting states


def test_states_are_counted_among_what_one_may_read(desk: desks.Desk) -> None:
	request = desks.make_request(desk, kinds.CHANGE_GROUP, work_reason=SECRET)
	for outsider in (desk.other_head, make_agent()):
		assert states(outsider, REQUEST, "work_reason") == []
	assert states(desk.head, REQUEST, "work_reason") == [{"work_reason": SECRET, "count": 1}]
	assert states(desk.head, REQUEST, "workflow_state", (request.workflow_state,)) == []


def test_states_of_groups_leave_the_hidden_one_out(desk: desks.Desk) -> None:
	tsm = desk.courier.tsm_team
	for user in (make_agent(), make_user("System Manager", "Agent")):
		names = [row["name"] for row in states(user, TEAM, "name")]
		assert desk.home in names
		assert tsm not in names
	assert tsm in [row["name"] for row in states(make_agent("QA Specialist"), TEAM, "name")]


def test_nobody_reads_anothers_notices_as_states(desk: desks.Desk) -> None:
	with as_user(desk.agent):
		frappe.get_doc({"doctype": SUGGESTION, "team": desk.home, "suggestion": "Open at seven."}).insert()
	assert frappe.get_all("Notification Log", {"subject": ("like", "%suggests%")})
	assert states(make_agent(), "Notification Log", "subject") == []


def test_states_are_counted_as_the_framework_counts_them(desk: desks.Desk) -> None:
	for _ in range(2):
		desks.make_request(desk, kinds.CHANGE_GROUP)
	desks.put_into(desks.make_request(desk, kinds.ADD_MEMBERS), "QA Review")
	expected = frappe.get_attr(STATES)(REQUEST, "workflow_state", ["Approved"])
	answer = states(desk.qa, REQUEST, "workflow_state", ("Approved",))
	assert sorted(answer, key=str) == sorted(map(dict, expected), key=str)
	assert {row["workflow_state"]: row["count"] for row in answer} == {"Draft": 2, "QA Review": 1}
	assert states(desk.qa, REQUEST, "no_such_column") is None
	with pytest.raises(frappe.PermissionError):
		states(desk.outsider, "Assignment Rule", "name")


# --- Link search


@pytest.fixture
def full(desk: desks.Desk) -> dict[str, str]:
	"""One document of every kind that has row conditions, of the group abroad or the one at home."""
	make_ticket(group=desk.home)
	request = desks.put_into(desks.make_request(desk, kinds.DEVIATION), "Approved")
	desks.by_rest(desk.other_qa, request.name, "Implement")
	changed = desks.make_request(desk, kinds.CHANGE_GROUP, work_reason=SECRET, tell_front_line=1)
	desks.by_rest(desk.other_qa, desks.put_into(changed, "Approved").name, "Implement")
	with as_user(desk.agent):
		suggestion = frappe.get_doc(
			{"doctype": SUGGESTION, "team": desk.home, "suggestion": "Open at seven."}
		)
		suggestion.insert()
	return {
		REQUEST: changed.name,
		SUGGESTION: suggestion.name,
		DEVIATION: frappe.db.get_value(DEVIATION, {"request": request.name}),
		NOTICE: frappe.db.get_value(NOTICE, {"request": changed.name}),
		"Ticket Clock": frappe.db.get_value("Ticket Clock", {"team": desk.home}),
		"Ticket Leg": frappe.db.get_value("Ticket Leg", {"team": desk.home}),
	}


def listed(user: str, doctype: str, parent: str = "") -> list[str]:
	"""What a list of them shows to this person."""
	with as_user(user):
		try:
			return frappe.get_list(doctype, pluck="name", limit=0, parent_doctype=parent or None)
		except frappe.PermissionError:
			return []


def test_link_search_finds_what_a_list_shows_and_nothing_else(desk: desks.Desk, full: dict[str, str]) -> None:
	users = (desk.qa, desk.head, desk.other_head, make_agent(), make_agent("System Manager"))
	for doctype, name in full.items():
		assert name, doctype
		assert name in found(desk.qa, doctype), doctype
		for user in users:
			assert sorted(found(user, doctype, page_length=500)) == sorted(listed(user, doctype)), doctype
			named = found(user, doctype, filters={"name": name})
			assert named == ([name] if name in listed(user, doctype) else []), doctype
		if doctype != NOTICE:  # told to every head
			assert name not in found(desk.other_head, doctype), doctype


def test_no_search_leaves_row_conditions_out_at_a_callers_word(
	desk: desks.Desk, full: dict[str, str]
) -> None:
	for doctype in permission_query_conditions:
		is_table = frappe.get_meta(doctype).istable
		for parent in (REQUEST, NOTICE, "Escalation Policy", TEAM) if is_table else ("",):
			for user in (desk.other_head, desk.agent):
				answer = found(user, doctype, page_length=500, reference_doctype=parent)
				assert set(answer) <= set(listed(user, doctype, parent)), doctype


def test_link_search_finds_by_name_and_words_and_says_what_it_is(desk: desks.Desk) -> None:
	request = desks.make_request(desk, kinds.CHANGE_GROUP)
	other = desks.make_request(desk, kinds.RETIRE_GROUP)
	assert found(desk.head, REQUEST, request.name[-5:]) == [request.name]
	assert found(desk.head, REQUEST, "Retire") == [other.name]
	assert set(found(desk.head, REQUEST)) == {request.name, other.name}
	assert found(desk.head, REQUEST, filters=[["kind", "=", "Change Group"]]) == [request.name]
	assert found(desk.head, REQUEST, page_length=1) == found(desk.head, REQUEST)[:1]
	asked = {"doctype": REQUEST, "txt": request.name}
	(row,) = web.get(desk.head, f"{web.METHOD}/{SEARCH}", **asked)
	assert request.title in row["description"]
	(widget,) = web.get(desk.head, f"{web.METHOD}/frappe.desk.search.search_widget", as_dict=1, **asked)
	assert widget["name"] == request.name


def test_link_search_still_finds_the_hosts_rules(desk: desks.Desk) -> None:
	admin = make_user("System Manager")
	rule = frappe.db.get_value(TEAM, desk.home, "assignment_rule")
	assert found(admin, "Assignment Rule", desk.home) == [rule]
	frappe.db.set_value("Assignment Rule", rule, "disabled", 1)
	assert found(admin, "Assignment Rule", desk.home) == []


# --- Fields through links, and titles


def test_readers_of_a_notice_read_nothing_of_its_request(desk: desks.Desk, full: dict[str, str]) -> None:
	notices.send_due()
	agent = make_agent()
	frappe.get_doc(NOTICE, full[NOTICE]).append("readers", {"user": agent}).db_insert()
	for doctype, user in ((NOTICE, agent), (DEVIATION, desk.head_abroad)):
		assert web.get(user, f"{web.RESOURCE}/{doctype}", fields=["name"])
		for path in (web.RESOURCE, "/api/v2/document"):
			answer = through_link(user, f"{path}/{doctype}", "request.work_reason")
			assert SECRET not in str(answer)
			assert "work_reason" not in str(answer)


def through_link(user: str, path: str, field: str) -> Any:
	frappe.db.savepoint("before_query")
	try:
		return web.get(user, path, fields=["name", field])
	except Exception:  # how the framework refuses such a field differs by release
		frappe.db.rollback(save_point="before_query")
		return None


def test_an_admin_reads_nothing_of_an_escalation_through_its_effects(desk: desks.Desk) -> None:
	clock = make_ticket(group=desk.home).name
	name = frappe.db.get_value("Ticket Clock", {"reference_name": clock})
	effect = {"doctype": "Escalation Effect", "effect_key": "key", "kind": "Notice", "ticket_clock": name}
	frappe.get_doc(effect).db_insert()
	admin = make_user("System Manager")
	assert web.get(admin, f"{web.RESOURCE}/Escalation Effect", fields=["name"])
	for path in (web.RESOURCE, "/api/v2/document"):
		answer = through_link(admin, f"{path}/Escalation Effect", "ticket_clock.team")
		assert desk.home not in str(answer)


def test_the_hidden_groups_name_is_in_the_settings_for_its_people_alone(desk: desks.Desk) -> None:
	settings, tsm = "Core Helpdesk Settings", desk.courier.tsm_team
	member = frappe.get_all("HD Team Member", {"parent": tsm}, pluck="user")[0]
	ways = (
		lambda user: web.get(user, f"{web.RESOURCE}/{settings}/{settings}"),
		lambda user: web.get(
			user, f"{web.METHOD}/frappe.desk.form.load.getdoc", doctype=settings, name=settings
		),
		lambda user: web.call(user, "frappe.client.get", doctype=settings),
		*(
			lambda user, known=known: web.get(
				user, f"{web.METHOD}/frappe.client.get_single_value", doctype=known, field="tsm_team"
			)
			for known in (settings, settings.lower())
		),
		lambda user: web.get(
			user, f"{web.METHOD}/frappe.client.get_value", doctype=settings, fieldname=["tsm_team", "mode"]
		),
	)
	for ask in ways:
		told = str(ask(make_user("System Manager")))
		assert told.find(tsm) < 0, told[max(0, told.find(tsm) - 300) : told.find(tsm) + 50]
		assert tsm not in str(ask(desk.manager))
	for user in (desk.qa, member):
		assert ways[2](user)["tsm_team"] == tsm
		assert ways[3](user) == tsm
		assert ways[-1](user) == {"tsm_team": tsm, "mode": "Live"}
	web.call(
		desk.qa,
		"frappe.client.set_value",
		doctype=settings,
		name=settings,
		fieldname="support_phone",
		value="1",
	)
	assert frappe.db.get_single_value(settings, "tsm_team") == tsm


def test_other_settings_are_answered_as_the_framework_has_them(desk: desks.Desk) -> None:
	admin = make_user("System Manager")
	single, several = (f"{web.METHOD}/frappe.client.{name}" for name in ("get_single_value", "get_value"))
	asked = {"doctype": "System Settings"}
	present = frappe.db.get_single_value("System Settings", "country")
	assert web.get(admin, single, field="country", **asked) == present
	assert web.get(admin, several, fieldname="country", **asked)["country"] == present
	first = frappe.get_all("Country", pluck="name", limit=1)[0]
	found = web.get(admin, several, doctype="Country", fieldname=["name"], filters={"name": first})
	assert found == {"name": first}


def test_titles_of_requests_are_told_to_their_readers_alone(desk: desks.Desk) -> None:
	request = desks.make_request(desk, kinds.CHANGE_GROUP)
	method = f"{web.METHOD}/frappe.desk.search.get_link_title"
	agent = make_agent()
	assert web.get(agent, method, doctype=REQUEST, docname=request.name) != request.title
	todo = frappe.get_doc(
		{
			"doctype": "ToDo",
			"description": "See",
			"reference_type": REQUEST,
			"reference_name": request.name,
			"allocated_to": agent,
		}
	).insert()
	loaded = web.get(agent, f"{web.METHOD}/frappe.desk.form.load.getdoc", doctype="ToDo", name=todo.name)
	assert request.title not in str(loaded)


# --- Following


def follows(user: str) -> list[str]:
	return frappe.get_all(FOLLOW, {"user": user}, pluck="ref_docname")


def wants_mails(user: str) -> str:
	frappe.db.set_value("User", user, "document_follow_notify", 1)
	frappe.clear_cache(user=user)
	return user


def test_nobody_follows_what_they_may_not_read(desk: desks.Desk) -> None:
	request = desks.make_request(desk, kinds.CHANGE_GROUP)
	asked = {"doctype": REQUEST, "doc_name": request.name}
	outsider = wants_mails(make_agent())
	for attempt in (
		lambda: web.call(outsider, f"{FOLLOWING}.follow_document", **asked, user=outsider),
		lambda: web.call(outsider, f"{FOLLOWING}.update_follow", **asked, following=True),
	):
		with pytest.raises(frappe.PermissionError):
			attempt()
	values = {"ref_doctype": REQUEST, "ref_docname": request.name, "user": outsider}
	web.post(outsider, f"{web.RESOURCE}/{FOLLOW}", **values)
	with as_user(desk.head):
		document_follow.follow_document(REQUEST, request.name, outsider)
	assert follows(outsider) == []


def test_a_follow_leads_nowhere_else_later(desk: desks.Desk) -> None:
	request = desks.make_request(desk, kinds.CHANGE_GROUP)
	outsider = wants_mails(make_agent())
	team = {"ref_doctype": TEAM, "ref_docname": desk.home, "user": outsider}
	row = web.post(outsider, f"{web.RESOURCE}/{FOLLOW}", **team)["name"]
	assert follows(outsider) == [desk.home]
	web.put(outsider, f"{web.RESOURCE}/{FOLLOW}/{row}", ref_doctype=REQUEST, ref_docname=request.name)
	assert follows(outsider) == []


def test_readers_follow_as_before(desk: desks.Desk) -> None:
	request = desks.make_request(desk, kinds.CHANGE_GROUP)
	asked = {"doctype": REQUEST, "doc_name": request.name}
	web.call(wants_mails(desk.head), f"{FOLLOWING}.follow_document", **asked, user=desk.head)
	assert follows(desk.head) == [request.name]
	web.call(desk.head, f"{FOLLOWING}.update_follow", **asked, following=False)
	assert follows(desk.head) == []
	web.call(desk.head, f"{FOLLOWING}.update_follow", **asked, following=True)
	assert follows(desk.head) == [request.name]


def test_a_follow_ends_with_the_right_to_read(desk: desks.Desk) -> None:
	request = desks.make_request(desk, kinds.CHANGE_GROUP, by=desk.qa)
	ticket = make_ticket()
	for doctype, name in ((REQUEST, request.name), ("HD Ticket", str(ticket.name))):
		document_follow.follow_document(doctype, name, wants_mails(desk.head))
	department = frappe.get_doc("Core Department", desk.department)
	for row in department.heads:
		row.head = desk.other_head if row.head == desk.head else row.head
		row.deputy = None
	department.save()
	following.drop_unreadable()
	assert follows(desk.head) == [str(ticket.name)]


# --- Workflow Actions, and what the app knows


def test_actions_show_to_readers_of_their_request_alone(desk: desks.Desk) -> None:
	request = desks.make_request(desk, kinds.CHANGE_GROUP)
	roles = [{"role": role} for role in ("Department Manager", "QA Specialist", "Agent")]
	action = frappe.get_doc(
		{
			"doctype": ACTION,
			"reference_doctype": REQUEST,
			"reference_name": request.name,
			"workflow_state": "Draft",
			"status": "Open",
			"permitted_roles": roles,
		}
	).insert(ignore_permissions=True)
	for reader in (desk.head, desk.qa):
		assert action.name in [row["name"] for row in web.get(reader, f"{web.RESOURCE}/{ACTION}")]
		assert web.get(reader, f"{web.RESOURCE}/{ACTION}/{action.name}")["reference_name"] == request.name
	for outsider in (desk.other_head, make_agent()):
		assert web.get(outsider, f"{web.RESOURCE}/{ACTION}") == []
		assert found(outsider, ACTION) == []
		with pytest.raises(frappe.PermissionError):
			web.get(outsider, f"{web.RESOURCE}/{ACTION}/{action.name}")


def test_actions_on_other_documents_show_as_before(desk: desks.Desk) -> None:
	action = frappe.get_doc(
		{
			"doctype": ACTION,
			"reference_doctype": "HD Ticket",
			"reference_name": str(make_ticket().name),
			"status": "Open",
			"permitted_roles": [{"role": "Agent"}],
		}
	).insert(ignore_permissions=True)
	agent = make_agent()
	assert [row["name"] for row in web.get(agent, f"{web.RESOURCE}/{ACTION}")] == [action.name]
	assert web.get(agent, f"{web.RESOURCE}/{ACTION}/{action.name}")["name"] == action.name


def test_no_admin_reads_in_governed_records_which_groups_are_hidden(desk: desks.Desk) -> None:
	frappe.db.set_value(TEAM, desk.home, {"ch_purpose": "Parcels", "ch_process": "To the head"})
	frappe.clear_document_cache(TEAM, desk.home)
	with as_user(desk.qa):
		governance_switch.switch(desk.home, on=True)
	admin = make_user("System Manager")
	for attempt in (
		lambda: web.get(admin, f"{web.RESOURCE}/Governed Record", fields=["title"]),
		lambda: states(admin, "Governed Record", "reference_name"),
		lambda: found(admin, "Governed Record"),
	):
		with pytest.raises(frappe.PermissionError):
			attempt()
	assert web.get(desk.qa, f"{web.RESOURCE}/Governed Record", fields=["title"])
