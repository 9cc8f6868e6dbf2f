"""What the framework answers past its own row permissions: states, searches, follows."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import frappe
import pytest
from frappe.desk.form import document_follow

from core_helpdesk import following
from core_helpdesk.hooks import permission_query_conditions
from tests.site import courier as couriers
from tests.site import web
from tests.site.factories import as_user, make_agent, make_department, make_team, make_ticket, make_user

if TYPE_CHECKING:
	from frappe.model.document import Document

TEAM, FOLLOW, ESCALATION = "HD Team", "Document Follow", "Ticket Escalation"
STATES = "frappe.workflow.doctype.workflow.workflow.get_workflow_state_count"
SEARCH = "frappe.desk.search.search_link"
FOLLOWING = "frappe.desk.form.document_follow"
RECORDS = (ESCALATION, "Ticket Clock", "Ticket Leg")


@pytest.fixture
def courier() -> couriers.Courier:
	return couriers.open_courier()


@pytest.fixture
def ticket(courier: couriers.Courier) -> Document:
	return couriers.escalated(courier)


@pytest.fixture
def other_head() -> str:
	head = make_user("Department Manager")
	make_department(head=head)
	return head


def states(user: str, doctype: str, field: str, known: tuple[str, ...] = ()) -> Any:
	asked = {"doctype": doctype, "workflow_state_field": field, "states": list(known)}
	return web.get(user, f"{web.METHOD}/{STATES}", **asked)


def found(user: str, doctype: str, txt: str = "", **more: Any) -> list[str]:
	asked = {"doctype": doctype, "txt": txt, "ignore_user_permissions": 1, **more}
	return [row["value"] for row in web.get(user, f"{web.METHOD}/{SEARCH}", **asked)]


def listed(user: str, doctype: str, parent: str = "") -> list[str]:
	"""What a list of them shows to this person."""
	with as_user(user):
		try:
			return frappe.get_list(doctype, pluck="name", limit=0, parent_doctype=parent or None)
		except frappe.PermissionError:
			return []


# --- Counting states


def test_states_of_groups_leave_the_hidden_one_out(courier: couriers.Courier) -> None:
	for user in (make_agent(), make_user("System Manager", "Agent")):
		names = [row["name"] for row in states(user, TEAM, "name")]
		assert courier.group in names
		assert courier.tsm_team not in names
	assert courier.tsm_team in [row["name"] for row in states(make_agent("QA Specialist"), TEAM, "name")]


def test_states_are_counted_among_what_one_may_read(
	courier: couriers.Courier, ticket: Document, other_head: str
) -> None:
	for doctype in RECORDS:
		assert states(other_head, doctype, "reference_name") == []
		counted = {
			row["reference_name"]: row["count"] for row in states(courier.head, doctype, "reference_name")
		}
		mine = frappe.get_all(doctype, {"reference_name": str(ticket.name)}, pluck="name")
		assert counted == {str(ticket.name): len(mine)}
		assert states(courier.head, doctype, "reference_name", (str(ticket.name),)) == []


def test_nobody_reads_anothers_notices_as_states(courier: couriers.Courier, ticket: Document) -> None:
	values = {"document_type": ESCALATION, "for_user": courier.head, "subject": "Escalated"}
	frappe.get_doc({"doctype": "Notification Log", **values}).insert()
	assert states(make_agent(), "Notification Log", "subject") == []
	assert found(make_agent(), "Notification Log") == []


def test_states_are_refused_without_the_right_to_read(courier: couriers.Courier) -> None:
	assert states(courier.qa, ESCALATION, "no_such_column") is None
	with pytest.raises(frappe.PermissionError):
		states(courier.agent, "Assignment Rule", "name")


# --- Link search


def test_link_search_finds_what_a_list_shows_and_nothing_else(
	courier: couriers.Courier, ticket: Document, other_head: str
) -> None:
	users = (courier.qa, courier.head, other_head, make_agent(), make_agent("System Manager"))
	for doctype in RECORDS:
		name = frappe.db.get_value(doctype, {"reference_name": str(ticket.name)})
		assert name in found(courier.qa, doctype), doctype
		assert name not in found(other_head, doctype), doctype
		for user in users:
			assert sorted(found(user, doctype, page_length=500)) == sorted(listed(user, doctype)), doctype
			named = found(user, doctype, filters={"name": name})
			assert named == ([name] if name in listed(user, doctype) else []), doctype


def test_no_search_leaves_row_conditions_out_at_a_callers_word(
	courier: couriers.Courier, ticket: Document, other_head: str
) -> None:
	for doctype in permission_query_conditions:
		is_table = frappe.get_meta(doctype).istable
		for parent in (ESCALATION, TEAM) if is_table else ("",):
			for user in (other_head, courier.agent):
				answer = found(user, doctype, page_length=500, reference_doctype=parent)
				assert set(answer) <= set(listed(user, doctype, parent)), doctype


def test_link_search_still_finds_the_hosts_rules(courier: couriers.Courier) -> None:
	admin = make_user("System Manager")
	group = make_team(agents=(make_agent(),))
	rule = frappe.db.get_value(TEAM, group, "assignment_rule")
	assert found(admin, "Assignment Rule", group) == [rule]
	frappe.db.set_value("Assignment Rule", rule, "disabled", 1)
	assert found(admin, "Assignment Rule", group) == []


# --- Following


def follows(user: str) -> list[str]:
	return frappe.get_all(FOLLOW, {"user": user}, pluck="ref_docname")


def wants_mails(user: str) -> str:
	frappe.db.set_value("User", user, "document_follow_notify", 1)
	frappe.clear_cache(user=user)
	return user


def test_nobody_follows_what_they_may_not_read(courier: couriers.Courier, other_head: str) -> None:
	outsider = wants_mails(other_head)
	asked = {"doctype": TEAM, "doc_name": courier.tsm_team}
	for attempt in (
		lambda: web.call(outsider, f"{FOLLOWING}.follow_document", **asked, user=outsider),
		lambda: web.call(outsider, f"{FOLLOWING}.update_follow", **asked, following=True),
	):
		with pytest.raises(frappe.PermissionError):
			attempt()
	document_follow.follow_document(TEAM, courier.tsm_team, outsider)
	assert follows(outsider) == []


def test_readers_follow_as_before(courier: couriers.Courier) -> None:
	specialist = wants_mails(courier.qa)
	asked = {"doctype": "Escalation Policy", "doc_name": courier.policy}
	web.call(specialist, f"{FOLLOWING}.follow_document", **asked, user=specialist)
	assert follows(specialist) == [courier.policy]
	web.call(specialist, f"{FOLLOWING}.update_follow", **asked, following=False)
	assert follows(specialist) == []


def test_a_follow_ends_with_the_right_to_read(courier: couriers.Courier) -> None:
	agent, ticket = wants_mails(courier.agent), make_ticket()
	for doctype, name in ((TEAM, courier.group), ("HD Ticket", str(ticket.name))):
		values = {"ref_doctype": doctype, "ref_docname": name, "user": agent}
		frappe.get_doc({"doctype": FOLLOW, **values}).insert()
	assert set(follows(agent)) == {courier.group, str(ticket.name)}
	frappe.db.set_value(TEAM, courier.group, "ch_hidden", 1)
	frappe.clear_document_cache(TEAM, courier.group)
	frappe.db.delete("HD Team Member", {"user": agent})
	following.drop_unreadable()
	assert follows(agent) == [str(ticket.name)]
