"""Everybody who is to know of a change is told in their language, says so with one click, and is reminded."""

from __future__ import annotations

from datetime import timedelta

import frappe
import pytest
from frappe.utils import now_datetime

from core_helpdesk import jobs
from core_helpdesk.governance import notices
from tests.site import courier as couriers
from tests.site import governance_cast as casts
from tests.site import web
from tests.site.factories import as_user, make_agent, make_user
from tests.site.mail_reading import plain_text, subject_of

NOTICE = "Change Notice"
ACKNOWLEDGE = "run_doc_method"


@pytest.fixture
def cast() -> casts.Cast:
	return casts.open_cast()


def announced(cast: casts.Cast, **data: object) -> frappe._dict:
	"""A new group's notice, sent."""
	request = casts.new_group(cast, **data)
	casts.implement(cast, request)
	notices.send_due()
	return frappe.get_doc(NOTICE, {"request": request.name})


def acknowledge(user: str, name: str) -> None:
	web.call(user, ACKNOWLEDGE, dt=NOTICE, dn=name, method="acknowledge")


def mails_to(user: str, notice: str) -> list[str]:
	rows = frappe.get_all("Email Queue", {"reference_name": notice}, ["name", "message"])
	sent = {row.parent for row in frappe.get_all("Email Queue Recipient", {"recipient": user}, ["parent"])}
	return [row.message for row in rows if row.name in sent]


def test_every_department_head_is_told_in_their_own_language(cast: casts.Cast) -> None:
	arab = make_user("Department Manager", language="ar")
	couriers.make_department(head=arab, country="Oman")
	notice = announced(cast)
	readers = {row.user: row.capacity for row in notice.readers}
	assert {cast.head, arab} <= set(readers)
	assert cast.agent not in readers
	assert casts.notices_of(cast.head, NOTICE) == [f"New group: {notice.team}"]
	assert casts.notices_of(arab, NOTICE) == [f"مجموعة جديدة: {notice.team}"]
	(english,), (arabic,) = mails_to(cast.head, notice.name), mails_to(arab, notice.name)
	assert subject_of(english) == f"New group: {notice.team}"
	assert subject_of(arabic) == f"مجموعة جديدة: {notice.team}"
	assert all(row.mailed_on and row.told_on for row in notice.readers)
	assert notice.sent_on


def test_the_deputy_is_told_while_the_head_is_away(cast: casts.Cast) -> None:
	frappe.db.set_value(
		"Department Head",
		{"parent": cast.department},
		{"absent_from": "2020-01-01", "absent_until": "2090-01-01"},
	)
	readers = {row.user: row.capacity for row in announced(cast).readers}
	assert readers[cast.courier.deputy] == "Deputy"
	assert cast.head not in readers


def test_heads_of_a_disabled_department_are_left_out(cast: casts.Cast) -> None:
	left = make_user("Department Manager")
	frappe.db.set_value("Core Department", couriers.make_department(head=left), "disabled", 1)
	assert left not in {row.user for row in announced(cast).readers}


def test_front_line_staff_are_told_where_the_request_says_so(cast: casts.Cast) -> None:
	agent = make_agent()
	readers = {row.user: row.capacity for row in announced(cast, tell_front_line=1).readers}
	assert readers[agent] == "Front-line Staff"


def test_a_second_run_tells_nobody_twice(cast: casts.Cast) -> None:
	notice = announced(cast)
	assert notices.send_due() == []
	assert len(casts.notices_of(cast.head, NOTICE)) == 1
	assert len(mails_to(cast.head, notice.name)) == 1


def test_what_keeps_a_mail_from_going_stands_in_the_row_and_the_desk_tells_all_the_same(
	cast: casts.Cast,
) -> None:
	couriers.switch_outgoing_account(on=False)
	notice = announced(cast)
	(row,) = (row for row in notice.readers if row.user == cast.head)
	assert (row.mailed_on, row.problem) == (None, "No outgoing e-mail account is set up.")
	assert notice.sent_on
	assert len(casts.notices_of(cast.head, NOTICE)) == 1


def test_nothing_is_mailed_before_the_app_is_live(cast: casts.Cast) -> None:
	couriers.set_settings(mode="Observe")
	notice = announced(cast)
	assert mails_to(cast.head, notice.name) == []
	assert len(casts.notices_of(cast.head, NOTICE)) == 1


# Acknowledging.


def test_one_click_acknowledges_as_the_reader_alone(cast: casts.Cast) -> None:
	other = make_user("Department Manager")
	couriers.make_department(head=other)
	notice = announced(cast)
	# By way of the sign-in page, which goes on with what was asked for.
	link = f"/login?redirect-to=%2Fapp%2Fchange-notice%2F{notice.name}%3Facknowledge%3D1"
	assert link in plain_text(mails_to(cast.head, notice.name)[0]).replace("%2Fdesk%2F", "%2Fapp%2F")
	acknowledge(cast.head, notice.name)
	known = {row.user: bool(row.acknowledged_on) for row in frappe.get_doc(NOTICE, notice.name).readers}
	assert (known[cast.head], known[other]) == (True, False)


def test_a_second_click_keeps_the_first_moment(cast: casts.Cast) -> None:
	notice = announced(cast)
	acknowledge(cast.head, notice.name)
	filters = {"parent": notice.name, "user": cast.head}
	first = frappe.db.get_value("Change Notice Reader", filters, "acknowledged_on")
	frappe.db.set_value("Change Notice Reader", filters, "acknowledged_on", first - timedelta(hours=1))
	acknowledge(cast.head, notice.name)
	again = frappe.db.get_value("Change Notice Reader", filters, "acknowledged_on")
	assert again == first - timedelta(hours=1)


@pytest.mark.parametrize("who", ["qa", "manager", "agent", "Administrator"])
def test_nobody_acknowledges_who_was_not_told(cast: casts.Cast, who: str) -> None:
	notice = announced(cast)
	with pytest.raises(frappe.PermissionError):
		acknowledge(getattr(cast, who, who), notice.name)


@pytest.mark.parametrize("who", ["qa", "head", "agent"])
def test_nobody_acknowledges_for_another_by_saving(cast: casts.Cast, who: str) -> None:
	notice = announced(cast)
	rows = frappe.parse_json(frappe.as_json([row.as_dict() for row in notice.readers]))
	rows[0]["acknowledged_on"] = "2026-03-02 09:00:00"
	with pytest.raises(frappe.PermissionError):
		web.put(getattr(cast, who), f"{web.RESOURCE}/{NOTICE}/{notice.name}", readers=rows)
	with pytest.raises(frappe.PermissionError):
		path = f"{web.RESOURCE}/Change Notice Reader/{rows[0]['name']}"
		web.put(getattr(cast, who), path, acknowledged_on="2026-03-02 09:00:00")


def test_a_notice_that_is_out_is_fixed_and_stays(cast: casts.Cast) -> None:
	notice = announced(cast)
	with pytest.raises(frappe.PermissionError, match="its text is fixed"):
		web.put(cast.qa, f"{web.RESOURCE}/{NOTICE}/{notice.name}", text="Something else")
	with pytest.raises((frappe.ValidationError, frappe.PermissionError)):
		web.send(cast.qa, "DELETE", f"{web.RESOURCE}/{NOTICE}/{notice.name}")
	assert frappe.db.exists(NOTICE, notice.name)


# Reading.


def test_a_notice_is_read_by_those_it_went_to_and_by_who_owns_groups(cast: casts.Cast) -> None:
	stranger = make_user("Department Manager")
	notice = announced(cast)
	users = {
		"head": cast.head,
		"qa": cast.qa,
		"manager": cast.manager,
		"agent": cast.agent,
		"stranger": stranger,
	}
	opens = {who for who, user in users.items() if frappe.has_permission(NOTICE, "read", notice.name, user)}
	lists = {who for who, user in users.items() if notice.name in listed(user)}
	assert opens == lists == {"head", "qa", "manager"}


def listed(user: str) -> list[str]:
	rows = web.get(user, f"{web.RESOURCE}/{NOTICE}", fields=["name"], limit_page_length=0)
	return [row["name"] for row in rows]


# Reminding.


def test_who_has_not_acknowledged_is_reminded_every_third_day(cast: casts.Cast) -> None:
	notice = announced(cast)
	told = notice.sent_on
	assert notices.remind(told + timedelta(days=2)) == 0
	assert notices.remind(told + timedelta(days=3)) == len(notice.readers)
	assert casts.notices_of(cast.head, NOTICE)[-1] == f"Please acknowledge: New group: {notice.team}"
	assert notices.remind(told + timedelta(days=5)) == 0
	assert notices.remind(told + timedelta(days=6)) == len(notice.readers)
	assert len(mails_to(cast.head, notice.name)) == 3


def test_who_acknowledged_or_left_is_not_reminded(cast: casts.Cast) -> None:
	other = make_user("Department Manager")
	couriers.make_department(head=other)
	notice = announced(cast)
	acknowledge(cast.head, notice.name)
	frappe.db.set_value("User", other, "enabled", 0)
	notices.remind(now_datetime() + timedelta(days=30))
	assert len(mails_to(cast.head, notice.name)) == len(mails_to(other, notice.name)) == 1


def test_a_mail_that_could_not_go_is_tried_again_each_day(cast: casts.Cast) -> None:
	couriers.switch_outgoing_account(on=False)
	notice = announced(cast)
	told = notice.sent_on
	assert notices.remind(told + timedelta(days=1)) == 0
	assert mails_to(cast.head, notice.name) == []
	couriers.switch_outgoing_account(on=True)
	assert notices.remind(told + timedelta(days=2)) == 0
	assert notices.remind(told + timedelta(days=2, hours=1)) == 0
	(mail,) = mails_to(cast.head, notice.name)
	assert subject_of(mail) == f"New group: {notice.team}"
	row = {"parent": notice.name, "user": cast.head}
	mailed_on, problem = frappe.db.get_value("Change Notice Reader", row, ["mailed_on", "problem"])
	assert (mailed_on, problem) == (told + timedelta(days=2), None)
	assert len(casts.notices_of(cast.head, NOTICE)) == 1


def test_a_notice_that_fails_keeps_no_other_back(cast: casts.Cast, monkeypatch: pytest.MonkeyPatch) -> None:
	broken, other = announced(cast), announced(cast)
	real = notices.change_letters.notify

	def failing(notice: frappe._dict, user: str, *, reminder: bool = False) -> str:
		if notice.name == broken.name:
			raise ValueError("broken")
		return real(notice, user, reminder=reminder)

	monkeypatch.setattr(notices.change_letters, "notify", failing)
	late = other.sent_on + timedelta(days=4)
	assert notices.remind(late) == len(other.readers)
	assert frappe.db.exists("Escalation Finding", {"kind": "Not Carried Out", "reference_name": broken.name})
	monkeypatch.undo()
	assert notices.remind(late) == len(broken.readers)


# Notices that a QA Specialist writes.


def test_a_qa_specialist_writes_a_notice_and_sends_it_with_a_button(cast: casts.Cast) -> None:
	values = {"title": "New forms", "text": "Use the new forms", "text_ar": "استخدموا النماذج الجديدة"}
	made = web.post(cast.qa, f"{web.RESOURCE}/{NOTICE}", **values)
	jobs.ch_announce()
	assert not frappe.db.get_value(NOTICE, made["name"], "sent_on")
	web.call(cast.qa, ACKNOWLEDGE, dt=NOTICE, dn=made["name"], method="send")
	assert casts.notices_of(cast.head, NOTICE) == ["New forms"]
	with pytest.raises(frappe.ValidationError, match="out already"):
		web.call(cast.qa, ACKNOWLEDGE, dt=NOTICE, dn=made["name"], method="send")


@pytest.mark.parametrize("who", ["head", "agent", "manager"])
def test_nobody_else_writes_or_sends_one(cast: casts.Cast, who: str) -> None:
	with pytest.raises(frappe.PermissionError):
		web.post(getattr(cast, who), f"{web.RESOURCE}/{NOTICE}", title="New forms")
	notice = web.post(cast.qa, f"{web.RESOURCE}/{NOTICE}", title="New forms")
	with pytest.raises(frappe.PermissionError):
		web.call(getattr(cast, who), ACKNOWLEDGE, dt=NOTICE, dn=notice["name"], method="send")


def test_a_change_that_is_undone_is_taken_back_from_everybody_who_was_told(cast: casts.Cast) -> None:
	from core_helpdesk.governance import undoing

	notice = announced(cast)
	with as_user(cast.qa):
		undoing.undo(frappe.get_doc("Group Request", notice.request))
	assert frappe.db.get_value(NOTICE, notice.name, "withdrawn_on")
	assert casts.notices_of(cast.head, NOTICE)[-1].startswith("Taken back: New group")
	assert notices.remind(now_datetime() + timedelta(days=30)) == 0
