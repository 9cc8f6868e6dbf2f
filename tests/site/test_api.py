"""What the Desk and the agent pages ask, as each role: the timeline, the conversation, and the refusals."""

import frappe
import pytest

from tests.site import courier as couriers
from tests.site import web
from tests.site.factories import make_agent, make_ticket, make_user

API = "core_helpdesk.api"


def timeline(user: str, name: object, doctype: str = "HD Ticket") -> dict:
	return web.call(user, f"{API}.ticket_timeline", doctype=doctype, name=str(name))


def test_an_agent_sees_clock_stays_and_why_it_is_due() -> None:
	courier = couriers.open_courier()
	ticket = make_ticket(group=courier.group)
	shown = timeline(courier.agent, ticket.name)
	clock = shown["clock"]
	assert (clock["state"], clock["team"], clock["allowed_seconds"], clock["cycle"]) == (
		"Running",
		courier.group,
		86400,
		1,
	)
	assert clock["due_epoch"] - shown["now_epoch"] in range(86395, 86401)
	assert [leg["team"] for leg in shown["legs"]] == [courier.group]
	assert shown["explanation"][0]["reason"] == "Counted by the clock, day and night"
	assert sum(line["seconds"] for line in shown["explanation"]) == 86400
	assert shown["escalations"] == []


def test_working_time_is_explained_day_by_day() -> None:
	courier = couriers.open_courier()
	# Sixty working hours reach over a weekend from any day.
	couriers.make_policy(clock_kind="Working Time", after_hours=60)
	ticket = make_ticket(group=courier.group)
	lines = timeline(courier.agent, ticket.name)["explanation"]
	assert sum(line["seconds"] for line in lines) == 60 * 3600
	assert {"weekend"} <= {line["kind"] for line in lines}
	assert all(line["reason"] for line in lines if not line["seconds"])


def test_tsm_and_its_work_do_not_show_to_agents_outside() -> None:
	courier = couriers.open_courier()
	ticket = couriers.escalated(courier)
	inside, outside = timeline(courier.tsm[0], ticket.name), timeline(courier.agent, ticket.name)
	assert inside["escalations"][0]["target"] == courier.tsm_team
	assert inside["escalations"][0]["url"].endswith(couriers.escalation_of(ticket).name)
	assert [row["delivery"] for row in inside["escalations"][0]["unconfirmed"]] == ["Queued"]
	assert courier.tsm_team not in frappe.as_json(outside)
	assert not {"url", "name", "owner_name", "head_name"} & set(outside["escalations"][0])
	assert outside["escalations"][0]["status_label"] == "Escalated"


def test_the_timeline_speaks_arabic() -> None:
	courier = couriers.open_courier()
	frappe.local.lang = "ar"
	shown = timeline(courier.agent, make_ticket(group=courier.group).name)
	assert shown["clock"]["state"] == "Running"


def test_customers_and_strangers_are_refused() -> None:
	courier = couriers.open_courier()
	ticket = make_ticket(group=courier.group, customer=(customer := make_user()))
	for user in (customer, make_user()):
		with pytest.raises(frappe.PermissionError):
			timeline(user, ticket.name)


def test_a_head_who_is_no_agent_sees_the_timeline_of_an_escalated_ticket() -> None:
	courier = couriers.open_courier()
	escalated, other = couriers.escalated(courier), make_ticket(group=courier.group)
	assert timeline(courier.head, escalated.name)["escalations"][0]["head_name"]
	with pytest.raises(frappe.PermissionError):
		timeline(courier.head, other.name)


def test_the_form_of_an_escalation_gets_actions_contacts_and_the_kept_reckoning() -> None:
	courier = couriers.open_courier()
	escalation = couriers.escalation_of(couriers.escalated(courier))
	shown = timeline(courier.tsm[0], escalation.name, "Ticket Escalation")
	assert "acknowledge" in shown["escalation"]["actions"]
	(contact,) = shown["escalation"]["contacts"]
	assert (contact["user"], contact["email"], contact["capacity"]) == (
		courier.head,
		courier.head,
		"Department Head",
	)
	assert sum(line["seconds"] for line in shown["explanation"]) == 86400


def test_a_ticket_without_a_clock_says_why() -> None:
	courier = couriers.open_courier()
	assert timeline(courier.agent, make_ticket().name)["no_clock_reason"] == "The ticket is in no group."
	couriers.set_settings(governed_from=None)
	shown = timeline(courier.agent, make_ticket(group=courier.group).name)
	assert shown["clock"] is None
	assert shown["no_clock_reason"] == f"The group {courier.group} has no clocks yet."


def test_the_conversation_is_read_by_those_named_and_its_html_is_harmless() -> None:
	courier = couriers.open_courier()
	hostile = "<p>Where is it?</p><form action='https://evil.example'><input name='p'></form><img src=x onerror='alert(1)'>"
	ticket = couriers.escalated(courier, description=hostile)
	name = couriers.escalation_of(ticket).name
	for user in (courier.head, courier.tsm[0], courier.qa):
		messages = web.call(user, f"{API}.escalation_conversation", name=name)
		assert messages[0]["direction"] == "Received"
		assert "Where is it?" in messages[0]["html"]
		for unwanted in ("<form", "<input", "onerror", "<script"):
			assert unwanted not in messages[0]["html"]
	with pytest.raises(frappe.PermissionError):
		web.call(courier.agent, f"{API}.escalation_conversation", name=name)


def test_writers_answer_post_only() -> None:
	courier = couriers.open_courier()
	escalation = couriers.escalation_of(couriers.escalated(courier))
	with pytest.raises(frappe.PermissionError):
		web.get(courier.tsm[0], f"{web.METHOD}/{API}.acknowledge", name=escalation.name)
	web.call(courier.tsm[0], f"{API}.acknowledge", name=escalation.name)
	assert frappe.db.get_value("Ticket Escalation", escalation.name, "acknowledged_by") == courier.tsm[0]


def test_guests_are_refused() -> None:
	couriers.open_courier()
	for function, data in (("ticket_timeline", {"doctype": "HD Ticket", "name": "1"}), ("first_run", {})):
		with pytest.raises(frappe.PermissionError):
			web.call("Guest", f"{API}.{function}", **data)


@pytest.mark.parametrize("who", ["agent", "head", "tsm"])
def test_the_controls_are_for_qa_and_system_managers(who: str) -> None:
	courier = couriers.open_courier()
	user = courier.tsm[0] if who == "tsm" else getattr(courier, who)
	for function, data in (
		("go_live_preview", {}),
		("set_mode", {"mode": "Off"}),
		("start_clocks_from", {"moment": "2026-03-02 09:00:00"}),
		("groups_grid", {}),
		("save_groups", {"rows": []}),
		("import_groups", {"content": "group"}),
		("first_run", {}),
	):
		with pytest.raises(frappe.PermissionError):
			web.call(user, f"{API}.{function}", **data)


def test_going_live_asks_for_confirmation_after_its_preview() -> None:
	courier = couriers.open_courier(mode="Observe")
	make_ticket(group=courier.group)
	preview = web.call(courier.qa, f"{API}.go_live_preview")
	assert (preview["clocks"], preview["at_once"], preview["people"]) == (1, 0, [])
	with pytest.raises(frappe.ValidationError, match="confirm before going live"):
		web.call(courier.qa, f"{API}.set_mode", mode="Live")


def test_an_agent_elsewhere_may_read_a_ticket_as_the_host_allows() -> None:
	courier = couriers.open_courier()
	assert timeline(make_agent(), make_ticket(group=courier.group).name)["clock"]
