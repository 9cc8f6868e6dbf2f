"""Rows of tables by themselves, as REST offers them: as open as their document, and changed with it only."""

import pickle
from contextlib import suppress

import frappe
import pytest

from core_helpdesk import config
from tests.site import courier as couriers
from tests.site import web
from tests.site.factories import as_user, make_agent, make_team, make_user

MEMBER, ROWS = "HD Team Member", ("Escalation Follow Up", "Escalation Recipient")
V2 = "/api/v2/document"


def tsm() -> str:
	return config.settings().tsm_team


def members(team: str = "") -> list[str]:
	return frappe.get_all(MEMBER, {"parent": team or tsm()}, pluck="user", order_by="idx")


def row_of(user: str, team: str = "") -> str:
	return frappe.db.get_value(MEMBER, {"parent": team or tsm(), "user": user}, "name")


def new_member(user: str, team: str) -> dict:
	return {"parent": team, "parenttype": "HD Team", "parentfield": "users", "user": user}


@pytest.fixture
def member() -> str:
	member = make_agent("TSM Agent")
	couriers.join_tsm(member)
	return member


@pytest.fixture
def outsiders() -> dict[str, str]:
	customer = make_user()
	frappe.db.set_value("User", customer, "user_type", "Website User")
	return {
		"agent": make_agent(),
		"system manager": make_user("System Manager", "Agent"),
		"head": make_user("Department Manager"),
		"customer": customer,
	}


# The members of the hidden group.

READS = {
	"rest": lambda user, row: web.get(user, f"{web.RESOURCE}/{MEMBER}/{row}"),
	"rest v2": lambda user, row: web.get(user, f"{V2}/{MEMBER}/{row}"),
	"client": lambda user, row: web.call(
		user, "frappe.client.get", doctype=MEMBER, name=str(row), parent="HD Team"
	),
	"form": lambda user, row: web.call(user, "frappe.desk.form.load.getdoc", doctype=MEMBER, name=str(row)),
	"print": lambda user, row: web.call(
		user, "frappe.www.printview.get_html_and_style", doc=MEMBER, name=str(row)
	),
}


@pytest.mark.parametrize("way", READS)
def test_a_row_of_a_hidden_group_is_read_by_nobody_outside(member: str, outsiders: dict, way: str) -> None:
	row = row_of(member)
	for user in outsiders.values():
		with pytest.raises(frappe.PermissionError):
			READS[way](user, row)


def test_a_row_of_a_hidden_group_is_read_by_its_members_and_the_qa_specialist(member: str) -> None:
	for user in (member, make_user("QA Specialist", "Agent")):
		assert web.get(user, f"{web.RESOURCE}/{MEMBER}/{row_of(member)}")["user"] == member


def test_a_row_of_another_group_is_read_and_changed_as_before(outsiders: dict) -> None:
	agent = outsiders["agent"]
	team = make_team(agents=(agent,))
	assert web.get(agent, f"{web.RESOURCE}/{MEMBER}/{row_of(agent, team)}")["user"] == agent
	added = make_agent()
	web.post(agent, f"{web.RESOURCE}/{MEMBER}", **new_member(added, team))
	assert set(members(team)) == {agent, added}
	web.send(agent, "DELETE", f"{web.RESOURCE}/{MEMBER}/{row_of(agent, team)}")
	assert members(team) == [added]


@pytest.mark.parametrize("written", ["{0}", "{0} ", "{1}", "{1} "])
@pytest.mark.parametrize("who", ["agent", "system manager"])
def test_nobody_outside_makes_themselves_a_member(outsiders: dict, who: str, written: str) -> None:
	user, name = outsiders[who], written.format(tsm(), tsm().lower())
	frappe.db.savepoint("before_row")
	for attempt in (
		lambda: web.post(user, f"{web.RESOURCE}/{MEMBER}", **new_member(user, name)),
		lambda: web.post(user, f"{V2}/{MEMBER}", **new_member(user, name)),
		lambda: web.call(
			user, "frappe.client.insert", doc=frappe.as_json({"doctype": MEMBER, **new_member(user, name)})
		),
		lambda: web.call(
			user, "frappe.client.save", doc=frappe.as_json({"doctype": MEMBER, **new_member(user, name)})
		),
	):
		with pytest.raises(frappe.PermissionError):
			attempt()
		frappe.db.rollback(save_point="before_row")
	assert members() == []
	assert "TSM Agent" not in frappe.get_roles(user)


def test_nobody_outside_takes_a_member_away_or_their_place(member: str, outsiders: dict) -> None:
	user, row = outsiders["agent"], row_of(member)
	own = make_team(agents=(user,))
	copying = {"__islocal": 1, "parent": own}
	frappe.db.savepoint("before_row")
	for attempt in (
		lambda: web.send(user, "DELETE", f"{web.RESOURCE}/{MEMBER}/{row}"),
		lambda: web.send(user, "DELETE", f"{V2}/{MEMBER}/{row}"),
		lambda: web.call(user, "frappe.client.delete", doctype=MEMBER, name=row),
		lambda: web.put(user, f"{web.RESOURCE}/{MEMBER}/{row}", user=user),
		lambda: web.put(user, f"{V2}/{MEMBER}/{row}", user=user),
		lambda: web.put(user, f"{web.RESOURCE}/{MEMBER}/{row}", parent=own),
		lambda: web.put(user, f"{web.RESOURCE}/{MEMBER}/{row}", **copying),
		lambda: web.put(user, f"{web.RESOURCE}/HD Team/{own}", users=[{"name": row, "user": user}]),
		lambda: web.put(user, f"{web.RESOURCE}/HD Team/{tsm()}", ch_hidden=0, users=[]),
		lambda: web.call(
			user, "frappe.client.set_value", doctype=MEMBER, name=row, fieldname="user", value=user
		),
	):
		# Frappe 15 finds no row by the text of its number and answers that all is well.
		with suppress(frappe.PermissionError, frappe.DoesNotExistError):
			attempt()
		assert (members(), members(own)) == ([member], [user])
		frappe.db.rollback(save_point="before_row")


def test_a_copy_of_the_hidden_group_under_another_name_shows_nobody_its_members(
	member: str, outsiders: dict
) -> None:
	copying = {"__islocal": 1, "ch_hidden": 0, "name": "Visible", "team_name": "Visible"}
	with pytest.raises(frappe.PermissionError):
		web.put(outsiders["agent"], f"{web.RESOURCE}/HD Team/{tsm()}", **copying)


def test_members_of_the_hidden_group_come_with_the_group_not_as_a_row(member: str) -> None:
	other = make_agent()
	# The host lets members be changed by those who may change its assignment rules.
	owner = make_user("QA Specialist", "System Manager", "Agent")
	for user in (member, owner):
		with pytest.raises(frappe.PermissionError, match="is changed with the document"):
			web.post(user, f"{web.RESOURCE}/{MEMBER}", **new_member(other, tsm()))
	group = web.get(owner, f"{web.RESOURCE}/HD Team/{tsm()}")
	web.put(owner, f"{web.RESOURCE}/HD Team/{tsm()}", users=[*group["users"], {"user": other}])
	assert members() == [member, other]
	assert "TSM Agent" in frappe.get_roles(other)


def test_saving_past_permissions_by_somebody_outside_gives_no_role(outsiders: dict) -> None:
	member = make_agent()
	couriers.join_tsm(member)
	frappe.get_doc("User", member).remove_roles("TSM Agent")
	with as_user(outsiders["agent"]):
		group = frappe.get_doc("HD Team", tsm())
		group.ch_purpose = "Escalations"
		group.save(ignore_permissions=True)
	assert "TSM Agent" not in frappe.get_roles(member)


def test_a_group_with_its_rows_goes_into_the_cache_and_out(member: str) -> None:
	kept = pickle.loads(pickle.dumps(frappe.get_cached_doc("HD Team", tsm())))
	assert [row.user for row in kept.users] == [member]


def test_users_of_a_hidden_groups_rule_do_not_show_to_system_managers(member: str, outsiders: dict) -> None:
	rule = frappe.db.get_value("HD Team", tsm(), "assignment_rule")
	asked = {"doctype": "Assignment Rule User", "parent": "Assignment Rule", "fields": ["parent", "user"]}
	found = web.call(outsiders["system manager"], "frappe.client.get_list", **asked, filters={"parent": rule})
	assert found == []
	assert frappe.db.exists("Assignment Rule User", {"parent": rule, "user": member})


# The rows of an escalation.


@pytest.mark.parametrize("doctype", ROWS)
def test_rows_of_an_escalation_are_read_by_those_who_read_it(doctype: str) -> None:
	courier = couriers.open_courier()
	other_head = make_user("Department Manager")
	couriers.make_department(head=other_head)
	escalation = couriers.escalation_of(couriers.escalated(courier)).name
	web.call(courier.tsm[0], "core_helpdesk.api.acknowledge", name=escalation)
	name = frappe.db.get_value(doctype, {"parent": escalation}, "name")
	users = {
		"qa": courier.qa,
		"gm": courier.general_manager,
		"tsm": courier.tsm[0],
		"head": courier.head,
		"deputy": courier.deputy,
		"other head": other_head,
		"agent": courier.agent,
		"system manager": make_user("System Manager"),
	}
	readers = {who for who, user in users.items() if reads(user, doctype, name)}
	assert readers == {"qa", "gm", "tsm", "head"}
	assert {who for who, user in users.items() if lists(user, doctype, name)} == readers


def reads(user: str, doctype: str, name: str) -> bool:
	try:
		return web.get(user, f"{web.RESOURCE}/{doctype}/{name}")["name"] == name
	except frappe.PermissionError:
		return False


def lists(user: str, doctype: str, name: str) -> bool:
	try:
		rows = web.get(user, f"{web.RESOURCE}/{doctype}", parent="Ticket Escalation", limit_page_length=0)
	except frappe.PermissionError:
		return False
	return name in [row["name"] for row in rows]


# Rows that are checked with their document.


@pytest.mark.parametrize(
	("doctype", "table", "values"),
	[
		("Escalation Policy", "levels", {"after_hours": 999}),
		("Core Department", "heads", {"deputy": "Administrator"}),
		("Working Calendar", "holidays", {"day": "2026-01-01"}),
		("Working Calendar", "weekends", {"days": "Monday"}),
		("Working Calendar", "intervals", {"from_time": "00:00:00"}),
	],
)
def test_a_row_alone_is_neither_changed_nor_deleted_nor_added(doctype: str, table: str, values: dict) -> None:
	qa, document = make_user("QA Specialist"), document_of(doctype)
	row = document.get(table)[0]
	place = {"parent": document.name, "parenttype": doctype, "parentfield": table}
	stored = rows_of(document, table)
	frappe.db.savepoint("before_row")
	for attempt in (
		lambda: web.put(qa, f"{web.RESOURCE}/{row.doctype}/{row.name}", **values),
		lambda: web.send(qa, "DELETE", f"{web.RESOURCE}/{row.doctype}/{row.name}"),
		lambda: web.post(qa, f"{web.RESOURCE}/{row.doctype}", **row_values(row), **place),
	):
		with pytest.raises(frappe.PermissionError, match="is changed with the document"):
			attempt()
		frappe.db.rollback(save_point="before_row")
	assert rows_of(document, table) == stored


def document_of(doctype: str) -> object:
	if doctype == "Escalation Policy":
		return frappe.get_doc(doctype, couriers.make_policy())
	if doctype == "Core Department":
		return frappe.get_doc(doctype, couriers.make_department(head=make_user()))
	return frappe.get_doc(doctype, frappe.get_all(doctype, {"country": "Saudi Arabia"}, pluck="name")[0])


def row_values(row: object) -> dict:
	fields = [field.fieldname for field in row.meta.fields if row.get(field.fieldname) is not None]
	return {name: str(row.get(name)) for name in fields}


def rows_of(document: object, table: str) -> list[dict]:
	return [row_values(row) for row in frappe.get_doc(document.doctype, document.name).get(table)]


def test_a_draft_takes_no_level_from_the_policy_in_force() -> None:
	qa, active = make_user("QA Specialist"), couriers.make_policy()
	level = frappe.get_doc("Escalation Policy", active).levels[0]
	draft = {
		"policy_name": "Draft",
		"country": "Oman",
		"levels": [{"target": level.target, "after_hours": 5, "clock_kind": "Elapsed Time"}],
	}
	name = web.post(qa, f"{web.RESOURCE}/Escalation Policy", **draft)["name"]
	taken = [{**draft["levels"][0], "name": level.name}]
	with pytest.raises(frappe.PermissionError, match="belongs to another document"):
		web.put(qa, f"{web.RESOURCE}/Escalation Policy/{name}", levels=taken)


def test_documents_change_their_own_rows_and_go_with_them() -> None:
	qa = make_user("QA Specialist")
	head = make_user()
	department = couriers.make_department(head=head)
	stored = web.get(qa, f"{web.RESOURCE}/Core Department/{department}")
	heads = [{**stored["heads"][0], "deputy": make_user()}, {"all_countries": 1, "head": make_user()}]
	web.put(qa, f"{web.RESOURCE}/Core Department/{department}", heads=heads)
	assert frappe.db.get_value("Department Head", stored["heads"][0]["name"], "deputy")
	with as_user("Administrator"):
		frappe.rename_doc("Core Department", department, "Renamed Department")
	assert frappe.db.count("Department Head", {"parent": "Renamed Department"}) == 2
	web.send(qa, "DELETE", f"{web.RESOURCE}/Core Department/Renamed Department")
	assert not frappe.db.count("Department Head", {"parent": "Renamed Department"})
