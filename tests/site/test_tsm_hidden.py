"""Ticketing System Management is hidden: nobody puts a ticket into it, nobody outside it finds it, nobody alters it."""

import frappe
import pytest

from core_helpdesk import config
from tests.site import courier as couriers
from tests.site import web
from tests.site.factories import as_user, make_agent, make_team, make_ticket, make_user

REFUSED = "No ticket can be assigned to the group"


def tsm() -> str:
	return config.settings().tsm_team


def group_of(ticket: object) -> str | None:
	return frappe.db.get_value("HD Ticket", ticket.name, "agent_group")


@pytest.fixture
def agent() -> str:
	return make_agent()


@pytest.fixture
def ticket() -> object:
	return make_ticket(group=make_team())


# A person's ways in are refused.


def test_rest_update_is_refused(agent: str, ticket: object) -> None:
	before = group_of(ticket)
	with pytest.raises(frappe.ValidationError, match=REFUSED):
		web.put(agent, f"{web.RESOURCE}/HD Ticket/{ticket.name}", agent_group=tsm())
	assert group_of(ticket) == before


def test_rest_creation_is_refused(agent: str) -> None:
	with pytest.raises(frappe.ValidationError, match=REFUSED):
		web.post(
			agent, f"{web.RESOURCE}/HD Ticket", subject="New", raised_by="a@example.com", agent_group=tsm()
		)
	assert not frappe.db.exists("HD Ticket", {"agent_group": tsm()})


def test_list_edit_and_agent_page_are_refused(agent: str, ticket: object) -> None:
	with pytest.raises(frappe.ValidationError, match=REFUSED):
		web.call(
			agent,
			"frappe.client.set_value",
			doctype="HD Ticket",
			name=str(ticket.name),
			fieldname="agent_group",
			value=tsm(),
		)
	assert group_of(ticket) != tsm()


def test_form_save_is_refused(agent: str, ticket: object) -> None:
	ticket.reload()
	doc = {**ticket.as_dict(convert_dates_to_str=True), "agent_group": tsm()}
	with pytest.raises(frappe.ValidationError, match=REFUSED):
		web.call(agent, "frappe.client.save", doc=frappe.as_json(doc))


def test_a_customers_new_ticket_is_refused() -> None:
	customer = make_user()
	with pytest.raises(frappe.ValidationError, match=REFUSED):
		web.call(
			customer,
			"helpdesk.helpdesk.doctype.hd_ticket.api.new",
			doc={"subject": "Help", "description": "Help", "agent_group": tsm()},
		)


def test_bulk_edit_is_refused_also_by_its_job(agent: str, ticket: object) -> None:
	from frappe.desk.doctype.bulk_update.bulk_update import _bulk_action

	frappe.local.job = frappe._dict(method="frappe.desk.doctype.bulk_update.bulk_update._bulk_action")
	try:
		with as_user(agent):
			failed = _bulk_action("HD Ticket", [ticket.name], "update", {"agent_group": tsm()})
	finally:
		del frappe.local.job
	assert failed == [ticket.name]
	assert group_of(ticket) != tsm()
	assert not frappe.db.exists("Escalation Finding", {"kind": "Assignment Put Back"})


def test_import_is_refused(ticket: object) -> None:
	frappe.flags.in_import = True
	try:
		with pytest.raises(frappe.ValidationError, match=REFUSED):
			make_ticket(group=tsm())
		ticket.reload()
		ticket.agent_group = tsm()
		with pytest.raises(frappe.ValidationError, match=REFUSED):
			ticket.save()
	finally:
		frappe.flags.in_import = False


def test_members_of_tsm_and_administrator_are_refused_as_well(ticket: object) -> None:
	member = make_agent()
	couriers.join_tsm(member)
	for user in (member, "Administrator"):
		with pytest.raises(frappe.ValidationError, match=REFUSED):
			web.put(user, f"{web.RESOURCE}/HD Ticket/{ticket.name}", agent_group=tsm())


def test_a_ticket_that_escalated_into_tsm_can_be_saved_there_and_taken_out(agent: str) -> None:
	courier = couriers.open_courier()
	couriers.make_policy(move_ticket=1)
	moved = couriers.escalated(courier)
	assert group_of(moved) == tsm()
	web.put(agent, f"{web.RESOURCE}/HD Ticket/{moved.name}", priority="High")
	assert group_of(moved) == tsm()
	web.put(agent, f"{web.RESOURCE}/HD Ticket/{moved.name}", agent_group=courier.group)
	assert group_of(moved) == courier.group


def test_a_split_of_a_ticket_in_tsm_goes_to_the_group_it_was_taken_from(agent: str) -> None:
	courier = couriers.open_courier()
	couriers.make_policy(move_ticket=1)
	moved = couriers.escalated(courier)
	split = {"subject": "Second matter", "raised_by": "a@example.com", "agent_group": tsm()}
	made = web.post(agent, f"{web.RESOURCE}/HD Ticket", **split, ticket_split_from=str(moved.name))
	assert frappe.db.get_value("HD Ticket", made["name"], "agent_group") == courier.group


# Anything but a person is put back and reported.


def test_a_job_is_put_back_and_reported(ticket: object) -> None:
	before = group_of(ticket)
	ticket.reload()
	ticket.agent_group, ticket.priority = tsm(), "High"
	ticket.save()
	assert frappe.db.get_value("HD Ticket", ticket.name, ["agent_group", "priority"]) == (before, "High")
	(finding,) = frappe.get_all(
		"Escalation Finding", {"kind": "Assignment Put Back"}, ["reference_name", "details"]
	)
	assert finding.reference_name == str(ticket.name)
	assert before in finding.details


def test_a_new_ticket_of_a_job_is_left_without_a_group() -> None:
	assert not group_of(make_ticket(group=tsm()))
	assert frappe.db.count("Escalation Finding", {"kind": "Assignment Put Back"}) == 1


def host_rule(team: str, to_team: str) -> str:
	if not frappe.db.exists("DocType", "HD Escalation Rule"):
		pytest.skip("this Helpdesk has no escalation rules of its own")
	rule = {"doctype": "HD Escalation Rule", "team": team, "to_team": to_team, "is_enabled": 1}
	return frappe.get_doc(rule).insert().name


def test_a_hosts_rule_in_a_persons_save_is_put_back_not_thrown(agent: str, ticket: object) -> None:
	before, other = group_of(ticket), make_team()
	rule = host_rule(before, other)
	web.put(agent, f"{web.RESOURCE}/HD Ticket/{ticket.name}", subject="First change")
	if group_of(ticket) != other:
		pytest.skip("this Helpdesk does not run its escalation rules")
	frappe.db.set_value("HD Escalation Rule", rule, {"team": other, "to_team": tsm()})
	web.put(agent, f"{web.RESOURCE}/HD Ticket/{ticket.name}", subject="Second change")
	assert frappe.db.get_value("HD Ticket", ticket.name, ["agent_group", "subject"]) == (
		other,
		"Second change",
	)
	assert frappe.db.count("Escalation Finding", {"kind": "Assignment Put Back"}) == 1


@pytest.mark.parametrize("stage", ("Not Open Yet", "Retired"))
def test_a_hosts_rule_into_a_group_that_takes_none_costs_nobody_a_save(
	agent: str, ticket: object, stage: str
) -> None:
	"""Policy: CORE-08"""
	before, closed = group_of(ticket), make_team()
	rule = host_rule(before, closed)
	frappe.db.set_value("HD Team", closed, "ch_stage", stage)
	web.put(agent, f"{web.RESOURCE}/HD Ticket/{ticket.name}", subject="Another")
	assert frappe.db.get_value("HD Ticket", ticket.name, ["agent_group", "subject"]) == (before, "Another")
	kept = frappe.get_doc("HD Escalation Rule", rule)
	with pytest.raises(frappe.ValidationError, match="takes no tickets"):
		kept.save()
	kept.reload()
	kept.is_enabled = 0
	kept.save()


def test_a_hosts_rule_cannot_lead_into_tsm(ticket: object) -> None:
	with pytest.raises(frappe.ValidationError, match="An escalation rule cannot assign tickets to the group"):
		host_rule(group_of(ticket), tsm())


# Nobody outside finds it.

LISTS = {
	"rest": lambda user: [
		row["name"] for row in web.get(user, f"{web.RESOURCE}/HD Team", limit_page_length=0)
	],
	"rest v2": lambda user: [row["name"] for row in web.get(user, "/api/v2/document/HD Team", limit=500)],
	"client list": lambda user: [
		row["name"]
		for row in web.call(user, "frappe.client.get_list", doctype="HD Team", limit_page_length=0)
	],
	"report view": lambda user: _values(
		web.call(user, "frappe.desk.reportview.get", doctype="HD Team", fields=["name"], page_length=500)
	),
	"agent pages": lambda user: [
		row["name"] for row in web.call(user, "helpdesk.api.doc.get_list_data", doctype="HD Team")["data"]
	],
	"members": lambda user: [
		row["parent"]
		for row in web.call(
			user,
			"frappe.client.get_list",
			doctype="HD Team Member",
			parent="HD Team",
			fields=["parent", "user"],
			limit_page_length=0,
		)
	],
}


def _values(answer: object) -> list[str]:
	rows = answer["values"] if isinstance(answer, dict) else answer
	return [row[0] if isinstance(row, list) else row["name"] for row in rows]


def searched(user: str, **more: object) -> list[str]:
	found = web.call(
		user, "frappe.desk.search.search_link", doctype="HD Team", txt="Ticketing", page_length=20, **more
	)
	return [row["value"] for row in found]


@pytest.fixture
def people() -> dict[str, str]:
	member = make_agent("TSM Agent")
	couriers.join_tsm(member)
	return {
		"member": member,
		"agent": make_agent(),
		"qa": make_user("QA Specialist", "Agent"),
		"manager": make_user("System Manager", "Agent"),
	}


@pytest.mark.parametrize("way", LISTS)
def test_lists_offer_it_to_its_members_only(people: dict, way: str) -> None:
	sees = {who: tsm() in LISTS[way](user) for who, user in people.items()}
	assert sees == {"member": True, "agent": False, "qa": True, "manager": False}


def test_other_groups_are_listed_as_before(people: dict) -> None:
	other = make_team(agents=(people["agent"],))
	for way, listed in LISTS.items():
		assert other in listed(people["agent"]), way


@pytest.mark.parametrize("more", [{}, {"ignore_user_permissions": 1}, {"filters": '{"ch_hidden": 1}'}])
def test_link_search_offers_it_to_its_members_only(people: dict, more: dict) -> None:
	sees = {who: tsm() in searched(user, **more) for who, user in people.items()}
	assert sees == {"member": True, "agent": False, "qa": True, "manager": False}


def test_link_search_finds_other_groups_as_before(people: dict) -> None:
	other = make_team(name="Ticketing Helpers")
	assert other in searched(people["agent"])
	assert other in searched(people["agent"], filters=f'[["HD Team", "name", "=", "{other}"]]')


def test_it_cannot_be_read_by_name(people: dict) -> None:
	for who in ("agent", "manager"):
		with pytest.raises(frappe.PermissionError):
			web.get(people[who], f"{web.RESOURCE}/HD Team/{tsm()}")
		assert not web.call(
			people[who], "frappe.client.get_value", doctype="HD Team", filters=tsm(), fieldname="name"
		)
	assert web.get(people["qa"], f"{web.RESOURCE}/HD Team/{tsm()}")["name"] == tsm()


def test_lists_do_not_count_it_for_anybody_outside(people: dict) -> None:
	def counted(who: str) -> int:
		named = [["HD Team", "name", "=", tsm()]]
		return web.call(
			people[who], "frappe.desk.reportview.get_count", doctype="HD Team", filters=named, fields=[]
		)

	assert (counted("agent"), counted("qa")) == (0, 1)


def test_the_host_names_neither_its_members_nor_its_rule(people: dict) -> None:
	members = "helpdesk.helpdesk.doctype.hd_team.hd_team.get_team_members"
	assert not web.call(people["agent"], members, team=tsm())
	assert web.call(people["qa"], members, team=tsm()) == [people["member"]]
	rule = frappe.db.get_value("HD Team", tsm(), "assignment_rule")
	rules = web.call(people["agent"], "helpdesk.api.assignment_rule.get_assignment_rules_list")
	assert rule not in [row["name"] for row in rules]
	assert rule not in [
		row["name"]
		for row in web.get(people["manager"], f"{web.RESOURCE}/Assignment Rule", limit_page_length=0)
	]


def test_a_customer_does_not_find_it() -> None:
	customer = make_user()
	frappe.db.set_value("User", customer, "user_type", "Website User")
	assert tsm() not in LISTS["rest"](customer)


# It stays what it is.


def test_it_is_not_renamed_nor_merged_into() -> None:
	other = make_team()
	for old, new, merge in ((tsm(), "Visible", False), (tsm(), other, True), (other, tsm(), True)):
		with pytest.raises(frappe.ValidationError, match="cannot be renamed"):
			frappe.rename_doc("HD Team", old, new, merge=merge)
	assert frappe.db.exists("HD Team", tsm()) and frappe.db.exists("HD Team", other)


def test_it_is_not_deleted_and_keeps_its_rule() -> None:
	rule = frappe.db.get_value("HD Team", tsm(), "assignment_rule")
	frappe.db.savepoint("before_delete")
	with pytest.raises(frappe.ValidationError, match="cannot be deleted"):
		frappe.delete_doc("HD Team", tsm(), force=True)
	frappe.db.rollback(save_point="before_delete")
	assert frappe.db.exists("HD Team", tsm())
	assert frappe.db.exists("Assignment Rule", rule)


def test_it_is_not_shown_again_and_no_other_group_is_hidden() -> None:
	hidden = frappe.get_doc("HD Team", tsm())
	hidden.ch_hidden = 0
	with pytest.raises(frappe.ValidationError, match="is hidden and stays hidden"):
		hidden.save()
	other = frappe.get_doc("HD Team", make_team())
	other.ch_hidden = 1
	with pytest.raises(frappe.ValidationError, match="cannot be hidden"):
		other.save()


def test_its_rule_stays_off_when_members_come_or_somebody_enables_it() -> None:
	couriers.join_tsm(make_agent(), make_agent())
	rule = frappe.get_doc("Assignment Rule", frappe.db.get_value("HD Team", tsm(), "assignment_rule"))
	assert rule.disabled
	rule.disabled = 0
	rule.append("users", {"user": make_agent()})
	rule.save()
	assert frappe.db.get_value("Assignment Rule", rule.name, "disabled") == 1


def test_members_of_tsm_become_tsm_agents() -> None:
	member = make_agent()
	couriers.join_tsm(member)
	assert "TSM Agent" in frappe.get_roles(member)
