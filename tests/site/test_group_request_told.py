"""Who sees a request, whose turn it is, who is told in which language, and how long it waited where."""

import frappe
import pytest

from core_helpdesk import config
from core_helpdesk.governance import request_kinds as kinds
from core_helpdesk.governance import request_turns
from core_helpdesk.setup import workflows as flow
from tests.site import courier as couriers
from tests.site import web
from tests.site.factories import as_user, make_user
from tests.site.request_desk import (
	DOCTYPE,
	REASON,
	by_button,
	by_form,
	fresh,
	mails_to,
	make_request,
	notices_to,
	open_desk,
	open_ticket,
	put_into,
)

# A Sunday, 10:00 in Riyadh: a working day there.
SUNDAY = 1_772_348_400
HOUR, DAY = 3600, 86_400


def readers(name: str) -> set[str]:
	found = set()
	desk_users = frappe.get_all("User", {"user_type": "System User", "enabled": 1}, pluck="name")
	for user in desk_users:
		with as_user(user):
			listed = frappe.has_permission(DOCTYPE, "read") and frappe.get_list(DOCTYPE, {"name": name})
			opened = frappe.get_doc(DOCTYPE, name).has_permission("read")
			assert bool(listed) == bool(opened), user
			found |= {user} if opened else set()
	return found - {"Administrator"}


def test_a_request_is_seen_by_who_asked_the_managers_and_who_decides() -> None:
	desk = open_desk(mode="Off")
	request = make_request(desk)
	deciding = {desk.qa, desk.other_qa, desk.manager, desk.general_manager}
	assert readers(request.name) == {desk.head, *deciding}
	frappe.db.set_value("Department Head", {"head": desk.head}, {"absent_from": "2020-01-01"})
	assert readers(request.name) == {desk.head, desk.deputy, *deciding}
	by_agent = make_request(desk, kinds.CORRECTION, by=desk.agent, team=desk.other_group)
	assert readers(by_agent.name) == {desk.agent, desk.other_head, *deciding}


def test_a_right_is_not_taken_by_writing_oneself_into_a_request() -> None:
	desk = open_desk(mode="Off")
	request = make_request(desk)
	with as_user(desk.other_head), pytest.raises(frappe.PermissionError):
		taken = frappe.get_doc(DOCTYPE, request.name)
		taken.update({"requested_by": desk.other_head, "department": desk.other_department})
		taken.save()
	for path in (f"{web.RESOURCE}/{DOCTYPE}/{request.name}",):
		with pytest.raises(frappe.PermissionError):
			web.get(desk.other_head, path)
	given = {**fresh(request).as_dict(), "requested_by": desk.other_head}
	with pytest.raises(frappe.PermissionError):
		web.call(desk.other_head, "core_helpdesk.request_api.look_at", doc=frappe.as_json(given))


def test_each_step_tells_those_whose_turn_it_is() -> None:
	"""Policy: CORE-04, CORE-06"""
	desk = open_desk()
	request = make_request(desk, kinds.NEW_CATEGORY)
	by_form(desk.head, request.name, flow.SUBMIT)
	for user in (desk.qa, desk.other_qa):
		assert ["waits for your review" in text for text in notices_to(user, request.name)] == [True]
		assert len(mails_to(user)) == 1
	by_button(desk.qa, request.name, flow.ASK)
	(mail,) = mails_to(desk.head)
	assert REASON in mail.message.replace("=\n", "")
	by_form(desk.head, request.name, flow.RESUBMIT)
	assert [len(mails_to(user)) for user in (desk.qa, desk.other_qa)] == [2, 2]
	by_form(desk.qa, request.name, flow.SEND)
	assert ["waits for your approval" in text for text in notices_to(desk.manager, request.name)] == [True]
	by_form(desk.manager, request.name, flow.APPROVE)
	assert any("was approved" in text for text in notices_to(desk.head, request.name))
	assert any("waits to be implemented" in text for text in notices_to(desk.qa, request.name))


def test_everybody_is_told_in_their_own_language() -> None:
	desk = open_desk(language="ar")
	frappe.db.set_value("User", desk.other_qa, "language", "ar")
	request = make_request(desk)
	with as_user(desk.head):
		by_form(desk.head, request.name, flow.SUBMIT)
	(english,) = notices_to(desk.qa, request.name)
	(arabic,) = notices_to(desk.other_qa, request.name)
	assert english == f"A group request waits for your review: Change Group: {desk.home}"
	assert arabic == f"طلب مجموعة بانتظار مراجعتك: تغيير مجموعة: {desk.home}"
	by_button(desk.qa, request.name, flow.REJECT)
	(mail,) = mails_to(desk.head)
	page = frappe.get_doc("Communication", mail.communication)
	assert page.subject == f"رُفض طلب المجموعة الذي قدّمته: تغيير مجموعة: {desk.home}"


@pytest.mark.parametrize("mode", ["Off", "Observe"])
def test_no_mail_goes_out_before_the_app_is_live(mode: str) -> None:
	desk = open_desk(mode=mode)
	request = make_request(desk)
	by_form(desk.head, request.name, flow.SUBMIT)
	assert mails_to(desk.qa) == []
	assert len(notices_to(desk.qa, request.name)) == 1


def test_a_mail_that_cannot_go_is_reported_and_stops_nothing() -> None:
	desk = open_desk()
	couriers.set_settings(reply_to="")
	request = make_request(desk)
	by_form(desk.head, request.name, flow.SUBMIT)
	assert fresh(request).workflow_state == flow.REVIEW
	finding = {"kind": "Mail Not Delivered", "reference_name": request.name, "state": "Open"}
	assert frappe.db.count("Escalation Finding", finding) == 2


def test_the_time_in_each_state_is_written_down() -> None:
	desk = open_desk(mode="Off")
	request = put_into(make_request(desk), flow.REVIEW)
	earlier = config.from_epoch(config.now_epoch() - 3 * HOUR)
	frappe.db.set_value("Group Request State", request.states[-1].name, "entered_at", earlier)
	by_button(desk.qa, request.name, flow.ASK)
	_draft, review, now = fresh(request).states
	assert 3 * HOUR <= review.seconds <= 3 * HOUR + 60
	assert review.left_at == now.entered_at
	assert (now.state, now.by, now.note, now.left_at) == (flow.NEEDS_INFORMATION, desk.qa, REASON, None)


def test_who_has_let_it_wait_for_two_working_days_is_reminded_once_a_day() -> None:
	"""Received on a Sunday, the second working day after it ends on Tuesday."""
	desk = open_desk(mode="Off")
	request = put_into(make_request(desk), flow.REVIEW)
	frappe.db.set_value(
		"Group Request State", request.states[-1].name, "entered_at", config.from_epoch(SUNDAY)
	)
	before = len(notices_to(desk.qa, request.name))
	reminded = [request_turns.remind(SUNDAY + days * DAY) for days in (1, 2)]
	assert reminded == [[], []]
	assert request_turns.remind(SUNDAY + 3 * DAY) == [request.name]
	assert request_turns.remind(SUNDAY + 3 * DAY + HOUR) == []
	assert request_turns.remind(SUNDAY + 4 * DAY) == [request.name]
	assert len(notices_to(desk.qa, request.name)) == before + 2
	assert notices_to(desk.head, request.name) == []


def test_what_waits_for_whom() -> None:
	desk = open_desk(mode="Off")
	review = put_into(make_request(desk), flow.REVIEW).name
	own = put_into(make_request(desk, by=desk.qa), flow.REVIEW).name
	asked = put_into(make_request(desk), flow.NEEDS_INFORMATION).name
	decide = put_into(make_request(desk, kinds.NEW_CATEGORY), flow.MANAGER_APPROVAL).name
	approved = put_into(make_request(desk), flow.APPROVED).name
	waiting = {who: set(request_turns.waiting_for(user)) for who, user in desk.people().items()}
	assert waiting["qa"] == {review, approved}
	assert waiting["other_qa"] == {review, own, approved}
	assert (waiting["head"], waiting["manager"]) == ({asked}, {decide})
	assert not any(waiting[who] for who in ("deputy", "general_manager", "agent", "administrator"))
	card = web.get(desk.manager, f"{web.METHOD}/core_helpdesk.request_api.waiting_card")
	assert (card["value"], card["route_options"]) == (1, {"name": ["in", [decide]]})


def test_wrong_data_is_reported_from_a_ticket_with_one_call() -> None:
	"""Policy: CORE-19"""
	desk = open_desk(mode="Off")
	ticket = open_ticket(desk.home)
	given = {
		"doctype": "HD Ticket",
		"name": str(ticket),
		"wrong": "Wrong Data",
		"correction": "Another group's.",
	}
	name = web.call(desk.agent, "core_helpdesk.request_api.report_wrong", **given)
	request = fresh(name)
	assert (request.kind, request.workflow_state, request.requested_by) == (
		kinds.CORRECTION,
		flow.REVIEW,
		desk.agent,
	)
	assert (request.team, request.department) == (desk.home, desk.department)
	assert len(notices_to(desk.qa, name)) == 1


def test_wrong_data_is_not_reported_about_what_one_may_not_read() -> None:
	desk = open_desk(mode="Off")
	stranger = make_user("Department Manager")
	given = {"doctype": "User", "name": desk.qa, "wrong": "Wrong Data", "correction": "?"}
	with pytest.raises(frappe.ValidationError, match="from a ticket or an escalation"):
		web.call(stranger, "core_helpdesk.request_api.report_wrong", **given)
	ticket = str(open_ticket(desk.home))
	with pytest.raises(frappe.PermissionError):
		web.call(
			stranger,
			"core_helpdesk.request_api.report_wrong",
			**{**given, "doctype": "HD Ticket", "name": ticket},
		)


def test_a_hidden_group_is_none_for_a_request() -> None:
	"""Policy: TSM-12"""
	desk = open_desk(mode="Off")
	hidden = desk.courier.tsm_team
	for values in ({"team": hidden}, {"kind": kinds.NEW_GROUP, "takes_from": [{"team": hidden}]}):
		given = {"doctype": DOCTYPE, "kind": kinds.CHANGE_GROUP, **values}
		with pytest.raises(frappe.LinkValidationError, match="There is no group"):
			web.call(desk.head, "core_helpdesk.request_api.look_at", doc=frappe.as_json(given))
		with as_user(desk.head), pytest.raises(frappe.LinkValidationError):
			frappe.get_doc(given).insert()
