"""Notices to thousands go out part by part, and what fails at every tick of a job is told once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

import frappe
import pytest
from frappe.utils import now_datetime
from rq.timeouts import JobTimeoutException

from core_helpdesk import config, jobs
from core_helpdesk.escalations import findings
from core_helpdesk.governance import carrying_out, deviations, notices, policies, request_turns
from core_helpdesk.hosts import group_stages
from core_helpdesk.setup import workflows as flow
from tests.site import courier as couriers
from tests.site import governance_cast as casts
from tests.site import web
from tests.site.factories import make_policy, make_team, make_user

if TYPE_CHECKING:
	from collections.abc import Callable

NOTICE, READER = "Change Notice", "Change Notice Reader"
PART = 3


@pytest.fixture
def cast(monkeypatch: pytest.MonkeyPatch) -> casts.Cast:
	"""A site on which a part is a few readers, for the test."""
	monkeypatch.setattr(notices, "PART", PART)
	# The log's table knows no rollback.
	frappe.db.delete("Error Log")
	return casts.open_cast()


def waiting_notice(cast: casts.Cast, heads: int) -> str:
	"""The notice of a new group, with this many more readers than the cast has; not out yet."""
	for _number in range(heads):
		couriers.make_department(head=make_user("Department Manager"))
	request = casts.new_group(cast)
	casts.implement(cast, request)
	frappe.db.commit()
	return frappe.db.get_value(NOTICE, {"request": request.name})


def failing_for(monkeypatch: pytest.MonkeyPatch, is_broken: Callable[[str], bool], error: Exception) -> None:
	real = notices.change_letters.notify

	def notify(notice: frappe._dict, user: str, *, reminder: bool = False) -> str:
		if is_broken(user):
			raise error
		return real(notice, user, reminder=reminder)

	monkeypatch.setattr(notices.change_letters, "notify", notify)


def open_failures() -> list[str]:
	return [row.reference_name for row in findings.open_of([carrying_out.NOT_CARRIED_OUT])]


def failures_logged() -> int:
	return frappe.db.count("Error Log", {"method": ("like", "Not Carried Out%")})


# Part by part.


def test_who_was_told_before_a_job_died_is_not_told_again(
	cast: casts.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
	name = waiting_notice(cast, 2 * PART)
	readers = [row.user for row in frappe.get_doc(NOTICE, name).readers]
	last = readers[PART + 1]
	failing_for(monkeypatch, lambda user: user == last, JobTimeoutException())
	with pytest.raises(JobTimeoutException):
		jobs.ch_announce()
	frappe.db.rollback()
	told = frappe.get_all(READER, {"parent": name, "told_on": ("is", "set")}, pluck="user")
	assert sorted(told) == sorted(readers[:PART])
	assert not frappe.db.get_value(NOTICE, name, "sent_on")
	monkeypatch.undo()
	jobs.ch_announce()
	assert frappe.db.get_value(NOTICE, name, "sent_on")
	assert {user: len(casts.notices_of(user, NOTICE)) for user in readers} == dict.fromkeys(readers, 1)
	mailed = frappe.get_all("Email Queue", {"reference_name": name})
	assert len(mailed) == len(readers)


def test_who_was_reminded_before_a_job_died_is_not_reminded_again(
	cast: casts.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
	name = waiting_notice(cast, 2 * PART)
	notices.send_due()
	readers = [row.user for row in frappe.get_doc(NOTICE, name).readers]
	late = now_datetime() + timedelta(days=4)
	failing_for(monkeypatch, lambda user: user == readers[PART], JobTimeoutException())
	with pytest.raises(JobTimeoutException):
		notices.remind(late)
	frappe.db.rollback()
	monkeypatch.undo()
	assert notices.remind(late) == len(readers) - PART
	assert {user: len(casts.notices_of(user, NOTICE)) for user in readers} == dict.fromkeys(readers, 2)


def test_a_notice_that_is_taken_back_meanwhile_goes_no_further(cast: casts.Cast) -> None:
	name = waiting_notice(cast, 2 * PART)
	notices._send_part(name)
	notices.withdraw(name)
	notices.send(name)
	assert frappe.db.count(READER, {"parent": name, "told_on": ("is", "set")}) == PART


def test_a_notice_by_hand_to_many_goes_to_some_at_once_and_to_the_others_by_a_job(cast: casts.Cast) -> None:
	for _number in range(PART):
		couriers.make_department(head=make_user("Department Manager"))
	made = web.post(cast.qa, f"{web.RESOURCE}/{NOTICE}", title="New forms", text="Use the new forms")
	waiting = web.post(cast.qa, f"{web.RESOURCE}/{NOTICE}", title="Not yet", text="Wait")
	frappe.clear_messages()
	web.call(cast.qa, "run_doc_method", dt=NOTICE, dn=made["name"], method="send")
	assert frappe.db.count(READER, {"parent": made["name"], "told_on": ("is", "set")}) == PART
	jobs.ch_announce()
	readers = frappe.get_all(READER, {"parent": made["name"]}, ["user", "told_on"])
	assert len(readers) > PART
	assert all(row.told_on for row in readers)
	assert frappe.db.get_value(NOTICE, made["name"], "sent_on")
	assert not frappe.db.get_value(NOTICE, waiting["name"], "sent_on")


# Told once.


def test_a_notice_that_fails_at_each_tick_is_one_finding_and_one_log(
	cast: casts.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
	name = waiting_notice(cast, 0)
	failing_for(monkeypatch, lambda _user: True, ValueError("This text has no end."))
	for _tick in range(3):
		jobs.ch_announce()
	assert (open_failures(), failures_logged()) == ([name], 1)
	found = frappe.get_doc(findings.DOCTYPE, {"kind": carrying_out.NOT_CARRIED_OUT})
	assert found.details == f"The notice {name} could not be sent to everybody. This text has no end."
	monkeypatch.undo()
	jobs.ch_announce()
	assert frappe.db.get_value(NOTICE, name, "sent_on")
	assert open_failures() == []


def test_a_group_that_cannot_open_is_one_finding_and_one_log(
	cast: casts.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
	broken, other = make_team(name="Gate 1"), make_team(name="Gate 2")
	values = {"ch_stage": "Not Open Yet", "ch_opens_on": "2026-01-01"}
	frappe.db.set_value("HD Team", {"name": ("in", (broken, other))}, values)
	frappe.db.commit()
	real = group_stages.team_writer.change

	def change(team: str, values: dict) -> None:
		if team == broken:
			frappe.throw("Its rule is gone.")
		real(team, values)

	monkeypatch.setattr(group_stages.team_writer, "change", change)
	for _tick in range(3):
		jobs.ch_announce()
	stages = [frappe.db.get_value("HD Team", team, "ch_stage") or "" for team in (broken, other)]
	assert stages == ["Not Open Yet", ""]
	assert (open_failures(), failures_logged()) == ([broken], 1)
	monkeypatch.undo()
	jobs.ch_announce()
	assert open_failures() == []


def test_what_failed_of_a_notice_that_was_taken_back_is_over(
	cast: casts.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
	name = waiting_notice(cast, 0)
	failing_for(monkeypatch, lambda _user: True, ValueError("This text has no end."))
	jobs.ch_announce()
	assert open_failures() == [name]
	frappe.db.set_value(NOTICE, name, "withdrawn_on", now_datetime())
	jobs.ch_watch()
	assert open_failures() == []


# One that fails keeps no other back.


def waiting_request(cast: casts.Cast, since: str) -> str:
	data = {"team": cast.group, "work_reason": "Agreed"}
	name = casts.make_request(cast, "Change Group", state=flow.REVIEW, **data).name
	frappe.db.set_value("Group Request State", {"parent": name}, "entered_at", since)
	return name


def test_a_request_that_waits_since_before_all_calendars_keeps_no_reminder_back(cast: casts.Cast) -> None:
	moments = ("2026-03-01 10:00:00", "2010-01-03 10:00:00", "2026-03-01 10:00:00")
	first, broken, last = (waiting_request(cast, since) for since in moments)
	frappe.db.commit()
	for day in (8, 9):
		assert request_turns.remind(config.to_epoch(datetime(2026, 3, day, 10))) == [first, last]
	assert (open_failures(), failures_logged()) == ([broken], 1)
	frappe.db.set_value("Group Request", broken, "workflow_state", flow.WITHDRAWN)
	jobs.ch_watch()
	assert open_failures() == []


def ended_policy() -> str:
	name = make_policy(team=make_team())
	frappe.db.set_value("Escalation Policy", name, "ended_on", "2026-02-01 00:00:00")
	return name


def test_a_policy_whose_group_is_gone_keeps_no_other_from_its_end() -> None:
	names = sorted(ended_policy() for _number in range(3))
	frappe.db.set_value("Escalation Policy", names[1], "team", "Gone")
	frappe.db.commit()
	now = datetime(2026, 3, 1)
	assert policies.settle_states(now) == [names[0], names[2]]
	assert policies.settle_states(now) == []
	assert open_failures() == [names[1]]
	frappe.db.set_value("Escalation Policy", names[1], "team", make_team())
	assert policies.settle_states(now) == [names[1]]
	assert open_failures() == []


def deviation(cast: casts.Cast, ends_on: str) -> str:
	values = {"department": cast.department, "group_category": cast.category, "country": casts.HOME}
	time = {"hours": 8, "clock_kind": "Elapsed Time", "starts_on": "2026-01-01", "ends_on": ends_on}
	document = frappe.get_doc(
		{"doctype": deviations.DOCTYPE, "team": make_team(), "state": "In Force", **values, **time}
	)
	document.update({"reason": "A port that closes early"})
	return deviations.save(document).name


@pytest.mark.parametrize(
	("ends_on", "what"), [("2030-06-30", "lapsed"), ("2030-07-05", "warned")], ids=["lapse", "warning"]
)
def test_a_deviation_whose_category_is_gone_keeps_no_other_back(
	cast: casts.Cast, ends_on: str, what: str
) -> None:
	first, broken, last = (deviation(cast, ends_on) for _number in range(3))
	frappe.db.set_value(deviations.DOCTYPE, broken, "group_category", "Gone")
	frappe.db.commit()
	day = date(2030, 7, 1)
	assert sorted(deviations.settle(day)[what]) == [first, last]
	assert deviations.settle(day)[what] == []
	assert (open_failures(), failures_logged()) == ([broken], 1)
	frappe.db.set_value(deviations.DOCTYPE, broken, "group_category", cast.category)
	assert deviations.settle(day)[what] == [broken]
	assert open_failures() == []
