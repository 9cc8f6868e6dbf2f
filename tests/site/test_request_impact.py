"""The impact study of a request on real tickets: every figure here was worked out by hand from the stories told.

All moments are of Riyadh. By today's rule a group has 24 hours, and 24 hours later the General Manager is told.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import frappe
import pytest
from frappe.utils import background_jobs

from core_helpdesk import config
from core_helpdesk.escalations import sweep
from core_helpdesk.governance import impact_progress, request_impact
from core_helpdesk.governance import request_kinds as kinds
from core_helpdesk.hosts import group_stages
from core_helpdesk.setup import workflows as flow
from tests.site import process, web
from tests.site.courier import make_policy, set_settings
from tests.site.factories import make_ticket
from tests.site.moments import Moment, moment_from
from tests.site.request_desk import SA, Desk, by_form, fresh, make_request, open_desk, put_into
from tests.site.snapshot import present_checksums, root_connection

if TYPE_CHECKING:
	from frappe.model.document import Document

READ, START = "core_helpdesk.impact_api.read", "core_helpdesk.impact_api.start"
TSM, GENERAL_MANAGER = (
	"Escalated to Ticketing System Management (level 1)",
	"Escalated to General Manager (level 2)",
)
RECEIVED = "Tickets the group receives"
HOUR = 3600

# A Monday after Ramadan.
moment = moment_from("2026-04-06 09:00")


@pytest.fixture
def desk(moment: Moment) -> Desk:
	frappe.db.delete("HD Ticket")  # the host brings one of its own
	return open_desk()


@pytest.fixture
def in_the_background(monkeypatch: pytest.MonkeyPatch) -> None:
	"""As if every study were of many tickets; the job is called by the test."""
	monkeypatch.setattr(request_impact, "AT_ONCE", -1)
	monkeypatch.setattr(request_impact.frappe, "enqueue", lambda *_args, **_options: None)


def tell(moment: Moment, opened: str, fields: dict, *changes: tuple[str, dict]) -> str:
	"""A ticket's story, lived on the site."""
	moment.set(opened)
	name = make_ticket(**fields).name
	for at, values in changes:
		moment.set(at)
		ticket = frappe.get_doc("HD Ticket", name)
		ticket.update(values)
		ticket.save()
	return name


RESOLVED = {"status": "Resolved"}


def a_month(desk: Desk, moment: Moment) -> None:
	"""Two returns of the group at home, one of which moves on; a ticket of another category, and one of abroad."""
	start, returns = "2026-04-06 09:00", {"ticket_type": desk.other_type}
	tell(moment, start, {"group": desk.home, **returns}, ("2026-04-06 15:00", RESOLVED))
	moved = ("2026-04-06 19:00", {"agent_group": desk.other_group})
	tell(moment, start, {"group": desk.home, **returns}, moved, ("2026-04-08 20:00", RESOLVED))
	tell(moment, start, {"group": desk.home, "ticket_type": desk.ticket_type}, ("2026-04-06 12:00", RESOLVED))
	tell(moment, start, {"group": desk.abroad, **returns}, ("2026-04-06 11:00", RESOLVED))
	moment.set("2026-04-20 09:00")


def returns_group(desk: Desk, **values: Any) -> Document:
	"""A request for a group of returns that takes them from the group at home, and escalates after eight hours."""
	asked = {
		"takes_from": [{"team": desk.home}],
		"escalation_hours": 8,
		"deviation_reason": "Returns are perishable.",
		"valid_until": "2099-01-31",
		**values,
	}
	return make_request(desk, kinds.NEW_GROUP, **asked)


def study(user: str, request: Document, days: int = 90) -> dict:
	return web.call(user, START, name=request.name, days=days)


def seen(user: str, request: Document) -> dict:
	return web.get(user, f"{web.METHOD}/{READ}", name=request.name)


def rows(answer: dict) -> dict[str, tuple[int, int, int]]:
	return {row["label"]: (row["today"], row["proposed"], row["change"]) for row in answer["result"]["rows"]}


def groups(answer: dict) -> dict[str, dict]:
	return {row.pop("group"): row for row in answer["result"]["groups"]}


# --- Figures


def test_a_new_group_receives_what_it_would_take_and_escalates_by_its_own_time(
	desk: Desk, moment: Moment
) -> None:
	"""Policy: QA-03"""
	a_month(desk, moment)
	request = returns_group(desk)
	answer = study(desk.head, request)
	result = answer["result"]
	assert (answer["state"], answer["days"], answer["is_outdated"]) == ("Done", 90, False)
	assert (result["read"], result["concerned"]) == (4, 2)
	# Now: the moved ticket's day in the other group ends on Tuesday at 19:00, its second one on Wednesday.
	# Then: its eight hours end on Monday at 17:00, before it moves, and the day after that on Tuesday.
	assert rows(answer) == {RECEIVED: (0, 2, 2), TSM: (1, 1, 0), GENERAL_MANAGER: (1, 1, 0)}
	assert result["hours"] == [
		[2 if hour == 19 else 0 for hour in range(24)],
		[2 if hour == 17 else 0 for hour in range(24)],
	]
	assert result["weekdays"] == [[0, 1, 1, 0, 0, 0, 0], [1, 1, 0, 0, 0, 0, 0]]
	assert result["zone"] == "Asia/Riyadh"
	assert groups(answer) == {
		request.team_name: {"received": [0, 2], "load": [0, 16], "escalated": [0, 1]},
		desk.home: {"received": [3, 1], "load": [19, 3], "escalated": [0, 0]},
	}


def test_without_named_groups_it_takes_its_category_from_all_groups_of_its_country(
	desk: Desk, moment: Moment
) -> None:
	a_month(desk, moment)
	request = returns_group(desk, takes_from=[])
	answer = study(desk.qa, request)
	# The return of abroad stays there; all of the moved ticket's time is the new group's: 59 hours, and 6 of the other.
	assert rows(answer)[RECEIVED] == (0, 2, 2)
	assert groups(answer)[request.team_name]["load"] == [0, 65]
	assert any("all groups of Saudi Arabia" in note for note in answer["result"]["notes"])


def test_working_hours_stop_at_closing_time_and_on_a_holiday(desk: Desk, moment: Moment) -> None:
	"""Saudi Arabia's National Day is Wednesday 23 September: eight working hours from Tuesday 13:00 end on Thursday 12:00."""
	for solved in ("2026-09-24 11:30", "2026-09-24 12:30"):
		tell(moment, "2026-09-22 13:00", {"group": desk.home}, (solved, RESOLVED))
	moment.set("2026-09-28 09:00")
	time = {"escalation_hours": 8, "clock_kind": "Working Time"}
	why = {"deviation_reason": "As customs work.", "valid_until": "2099-01-31"}
	answer = study(desk.qa, make_request(desk, kinds.CHANGE_ESCALATION, **time, **why))
	# By the clock both had escalated on Wednesday at 13:00.
	assert rows(answer) == {RECEIVED: (2, 2, 0), TSM: (2, 1, -1)}
	assert answer["result"]["weekdays"] == [[0, 0, 2, 0, 0, 0, 0], [0, 0, 0, 1, 0, 0, 0]]
	assert answer["result"]["hours"][1][12] == 1
	assert groups(answer)[desk.home]["load"] == [94, 94]


def test_a_group_that_retires_leaves_its_tickets_to_nobody(desk: Desk, moment: Moment) -> None:
	a_month(desk, moment)
	answer = study(desk.qa, make_request(desk, kinds.RETIRE_GROUP))
	assert rows(answer)[RECEIVED] == (3, 0, -3)
	assert groups(answer) == {desk.home: {"received": [3, 0], "load": [19, 0], "escalated": [0, 0]}}


def test_a_group_that_moves_abroad_runs_by_that_country_s_policy(desk: Desk, moment: Moment) -> None:
	a_month(desk, moment)
	frappe.db.set_value("Escalation Policy", desk.courier.policy, {"is_default": 0, "country": SA})
	request = make_request(desk, kinds.CHANGE_GROUP, country="Egypt", purpose=None)
	answer = study(desk.qa, request)
	# No policy is for Egypt: what stays in the group escalates no more; it has hours of its own, too.
	assert answer["result"]["concerned"] == 3
	assert rows(answer)[TSM] == (1, 1, 0)
	assert study_fails_for(desk.qa, make_request(desk, kinds.CHANGE_GROUP))


def study_fails_for(user: str, request: Document) -> bool:
	with pytest.raises(
		frappe.ValidationError, match="changes neither where tickets go nor when they escalate"
	):
		study(user, request)
	return True


def test_the_period_is_the_one_that_was_chosen(desk: Desk, moment: Moment) -> None:
	a_month(desk, moment)
	request = returns_group(desk)
	assert (
		study(desk.qa, request, days=13)["result"]["headline"] == "There are no tickets of the last 13 days."
	)
	assert study(desk.qa, request, days=14)["result"]["concerned"] == 2
	assert fresh(request).impact_days == 14
	for days in (0, 731, -1):
		with pytest.raises(frappe.ValidationError, match="between 1 and 730 days"):
			study(desk.qa, request, days=days)


def test_no_ticket_would_have_come(desk: Desk, moment: Moment) -> None:
	a_month(desk, moment)
	request = returns_group(desk, takes_from=[{"team": desk.other_group}], ticket_type=desk.ticket_type)
	result = study(desk.qa, request)["result"]
	assert result["is_empty"]
	assert result["headline"] == "No ticket of the last 90 days would have come to this group."


def test_what_nobody_recorded_is_said(desk: Desk, moment: Moment) -> None:
	solved, moved = (make_ticket(group=desk.home, ticket_type=desk.other_type).name for _ in range(2))
	frappe.db.delete("Ticket Leg", {"reference_name": ("in", [str(solved), str(moved)])})
	frappe.db.set_value("HD Ticket", solved, "status", "Resolved", modified="2026-04-06 10:00:00")
	note = {"doctype": "HD Ticket Activity", "ticket": moved, "action": f"set team to {desk.home}"}
	moment.set("2026-04-06 12:00")
	frappe.get_doc(note).insert()
	moment.set("2026-04-06 13:00")
	request = returns_group(desk)
	answer = study(desk.qa, request)
	# Solved at its row's last writing, an hour after; the other is known to be there from twelve o'clock on.
	assert groups(answer)[request.team_name]["load"] == [0, 2]
	notes = " ".join(answer["result"]["notes"])
	assert "1 tickets had no recorded group" in notes
	assert "Nobody recorded when 1 tickets came to their present status" in notes


# --- Who sees it, and what


def test_while_it_is_written_who_answers_for_its_groups_studies_it_and_who_sees_all(
	desk: Desk, moment: Moment
) -> None:
	a_month(desk, moment)
	request = returns_group(desk)
	for user in (desk.head, desk.qa, desk.manager, desk.general_manager):
		assert study(user, request)["result"]["concerned"] == 2, user
		assert seen(user, request)["may_start"], user
	for user in (desk.agent, desk.outsider, desk.other_head, desk.head_abroad, "Guest"):
		for ask in (study, seen):
			with pytest.raises(frappe.PermissionError):
				ask(user, request)


def test_once_submitted_it_is_studied_by_those_whose_turn_it_is(desk: Desk, moment: Moment) -> None:
	a_month(desk, moment)
	request = returns_group(desk)
	everybody = {desk.head, desk.qa, desk.other_qa, desk.manager, desk.general_manager}
	turns = {flow.REVIEW: {desk.qa, desk.other_qa}, flow.MANAGER_APPROVAL: {desk.manager}}
	for state, turn in {**turns, flow.APPROVED: {desk.qa, desk.other_qa}}.items():
		frappe.db.set_value("Group Request", request.name, "workflow_state", state)
		for user in everybody - turn:
			assert not seen(user, request)["may_start"], (state, user)
			with pytest.raises(frappe.PermissionError):
				study(user, request)
		for user in turn:
			assert study(user, request)["may_start"], (state, user)
		assert seen(desk.head, request)["result"]["concerned"] == 2


def test_who_asks_for_something_sees_no_study_of_groups_of_others(desk: Desk, moment: Moment) -> None:
	a_month(desk, moment)
	of_an_agent = make_request(desk, kinds.RETIRE_GROUP, by=desk.agent, work_reason="It is not used.")
	of_another_head = returns_group(desk, takes_from=[{"team": desk.home}, {"team": desk.other_group}])
	for user, request in ((desk.agent, of_an_agent), (desk.head, of_another_head)):
		with pytest.raises(frappe.PermissionError):
			study(user, request)
		study(desk.qa, request)
		assert seen(user, request) == {"has_study": False}
		stored = web.get(user, f"{web.RESOURCE}/Group Request/{request.name}")
		assert not stored.get("impact")


@pytest.mark.usefixtures("in_the_background")
def test_one_study_of_a_person_is_under_way_at_a_time(
	desk: Desk, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	a_month(desk, moment)
	first, second = returns_group(desk), returns_group(desk)
	assert study(desk.head, first)["state"] == "Running"
	with pytest.raises(frappe.ValidationError, match=first.name):
		study(desk.head, second)
	assert study(desk.qa, second)["state"] == "Running"
	moment.set("2026-04-20 10:00")
	assert study(desk.head, second)["state"] == "Running"


def test_hidden_groups_have_no_part_in_a_study(desk: Desk, moment: Moment) -> None:
	"""Policy: TSM-12"""
	make_policy(move_ticket=1, after_hours=2)
	returns = {"group": desk.home, "ticket_type": desk.other_type}
	name = tell(moment, "2026-04-06 09:00", returns)
	sweep.run(moment.set("2026-04-06 11:00"))
	assert frappe.db.get_value("HD Ticket", name, "agent_group") == desk.courier.tsm_team
	moment.set("2026-04-06 15:00")
	request = returns_group(desk)
	answer = study(desk.qa, request)
	# All six hours are the group's: the ticket was in management's hands, not in a group of its own.
	assert groups(answer)[request.team_name]["load"] == [0, 6]
	kept = json.loads(fresh(request).impact)["result"]
	assert desk.courier.tsm_team not in [row[0] for row in kept["groups"]]


def test_a_group_that_the_reader_may_not_see_has_no_name(desk: Desk, moment: Moment) -> None:
	a_month(desk, moment)
	request = returns_group(desk)
	study(desk.qa, request)
	frappe.db.set_value("HD Team", desk.home, group_stages.FIELD, group_stages.NOT_OPEN_YET)
	assert desk.home in groups(seen(desk.qa, request))
	assert set(groups(seen(desk.head, request))) == {request.team_name, "Another group"}


def test_figures_are_worded_in_the_reader_s_language(desk: Desk, moment: Moment) -> None:
	a_month(desk, moment)
	request = returns_group(desk)
	study(desk.head, request)
	frappe.local.lang = "ar"
	result = seen(desk.head, request)["result"]
	assert result["rows"][0]["label"] == frappe._(RECEIVED, lang="ar") != RECEIVED


# --- Fresh, outdated, failed, interrupted


def test_a_study_is_outdated_once_the_request_or_a_rule_has_changed(desk: Desk, moment: Moment) -> None:
	a_month(desk, moment)
	request = returns_group(desk)
	study(desk.head, request)
	change(desk.head, request, purpose="Returned parcels, and letters")
	assert not seen(desk.head, request)["is_outdated"]
	change(desk.head, request, escalation_hours=6)
	assert seen(desk.head, request)["is_outdated"]
	assert not study(desk.head, request)["is_outdated"]
	warn(desk)
	assert not seen(desk.head, request)["is_outdated"], "a study counts no warnings"
	loosen(desk, moment)
	assert seen(desk.head, request)["is_outdated"]


def loosen(desk: Desk, moment: Moment) -> None:
	"""Gives the General Manager's level thirty hours, as if nobody saw to it that active policies stay."""
	level = {"parent": desk.courier.policy, "idx": 2}
	frappe.db.set_value("Escalation Level", level, "after_hours", 30)
	moment.later(minutes=1)
	warn(desk)


def warn(desk: Desk) -> None:
	frappe.db.set_value("Escalation Policy", desk.courier.policy, "warn_percent", 50)


def change(user: str, request: Document, **values: Any) -> None:
	web.put(user, f"{web.RESOURCE}/Group Request/{request.name}", **values)


def test_what_was_decided_on_stays_as_it_was(desk: Desk, moment: Moment) -> None:
	a_month(desk, moment)
	request = returns_group(desk)
	study(desk.head, request)
	request = put_into(request, flow.REJECTED)
	loosen(desk, moment)
	answer = seen(desk.head, request)
	assert (answer["is_outdated"], answer["may_start"], answer["result"]["concerned"]) == (False, False, 2)
	with pytest.raises(frappe.ValidationError, match="kept as it was"):
		study(desk.qa, request)


def test_a_group_without_working_hours_fails_with_the_reason_and_can_be_tried_again(
	desk: Desk, moment: Moment
) -> None:
	a_month(desk, moment)
	set_settings(default_country=None)
	working = {"country": "France", "clock_kind": "Working Time", "takes_from": [{"team": desk.home}]}
	request = returns_group(desk, **working)
	answer = study(desk.qa, request)
	assert (answer["state"], answer["may_start"], answer["result"]) == ("Failed", True, None)
	assert answer["reason"] == "The group would have no working calendar to count its working time by."
	calendar = config.group(desk.home).calendar
	frappe.db.set_value("Group Request", request.name, "calendar", calendar)
	assert study(desk.qa, request)["state"] == "Done"


def test_an_unforeseen_failure_is_logged_and_keeps_the_last_result(
	desk: Desk, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	a_month(desk, moment)
	request = returns_group(desk)
	study(desk.qa, request)
	monkeypatch.setattr(impact_progress, "telling", lambda *_: 1 / 0)
	answer = study(desk.qa, request, days=60)
	log = json.loads(fresh(request).impact)["reason"]["about"]
	assert frappe.db.exists("Error Log", log) and log in answer["reason"]
	assert (answer["state"], answer["result"]["concerned"]) == ("Failed", 2)


@pytest.mark.usefixtures("in_the_background")
def test_a_study_that_gives_no_sign_of_life_can_be_started_again(desk: Desk, moment: Moment) -> None:
	a_month(desk, moment)
	request = returns_group(desk)
	assert study(desk.head, request)["state"] == "Running"
	first = run_of(request)
	study(desk.qa, request)
	assert run_of(request) == first, "the same study was started twice"
	moment.later(seconds=impact_progress.STALE_AFTER)
	answer = seen(desk.head, request)
	assert (answer["state"], answer["may_start"]) == ("Interrupted", True)
	study(desk.head, request)
	second = run_of(request)
	assert second != first
	request_impact.carry_out(request.name, first)
	assert seen(desk.head, request)["state"] == "Running", (
		"a study that was overtaken has ended the one after it"
	)
	request_impact.carry_out(request.name, second)
	assert seen(desk.head, request)["result"]["concerned"] == 2


def test_many_tickets_are_studied_by_a_job_of_the_long_queue(
	desk: Desk, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	a_month(desk, moment)
	request = returns_group(desk)
	monkeypatch.setattr(request_impact, "AT_ONCE", 3)
	assert study(desk.head, request)["state"] == "Running"
	frappe.db.commit()
	job = background_jobs.get_job(f"ch_impact_{request.name}_{run_of(request)}")
	asked = job.kwargs
	job.delete()
	assert (job.origin.rpartition(":")[2], asked["user"]) == ("long", desk.head)
	frappe.get_attr(asked["method"])(**asked["kwargs"])
	assert seen(desk.head, request)["result"]["concerned"] == 2


@pytest.mark.usefixtures("in_the_background")
def test_progress_is_told_and_keeps_a_study_alive(
	desk: Desk, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	request = returns_group(desk)
	study(desk.head, request)
	monkeypatch.setattr(impact_progress, "SECONDS_BETWEEN", 0)
	told: list[dict] = []
	monkeypatch.setattr(
		impact_progress.frappe, "publish_realtime", lambda _event, told_, **_: told.append(told_)
	)
	moment.later(seconds=impact_progress.STALE_AFTER - 1)
	impact_progress.telling(request.name, run_of(request), desk.head, 4)(1)
	moment.later(seconds=impact_progress.STALE_AFTER - 1)
	answer = seen(desk.head, request)
	assert (answer["state"], answer["progress"]) == ("Running", 25)
	assert told == [{"name": request.name, "progress": 25}]


def run_of(request: Document) -> str:
	return json.loads(fresh(request).impact)["asked"]["run"]


# --- Ready for who decides


def test_the_study_is_ready_when_the_request_comes_to_review(desk: Desk, moment: Moment) -> None:
	a_month(desk, moment)
	request = returns_group(desk)
	by_form(desk.head, request.name, flow.SUBMIT)
	answer = seen(desk.qa, request)
	assert (answer["state"], answer["result"]["concerned"]) == ("Done", 2)
	first = run_of(request)
	by_form(desk.qa, request.name, flow.APPROVE)
	assert run_of(request) == first, "nothing had changed"


def test_an_outdated_study_is_made_anew_when_the_request_is_approved(desk: Desk, moment: Moment) -> None:
	a_month(desk, moment)
	request = returns_group(desk)
	by_form(desk.head, request.name, flow.SUBMIT)
	first = run_of(request)
	loosen(desk, moment)
	by_form(desk.qa, request.name, flow.APPROVE)
	assert run_of(request) != first
	assert not seen(desk.qa, request)["is_outdated"]


def test_a_study_that_cannot_be_made_does_not_hold_the_request_up(
	desk: Desk, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.setattr(request_impact.request_proposal, "study_of", lambda *_: 1 / 0)
	request = returns_group(desk)
	by_form(desk.head, request.name, flow.SUBMIT)
	assert fresh(request).workflow_state == flow.REVIEW


def test_nobody_writes_a_study_by_hand(desk: Desk, moment: Moment) -> None:
	a_month(desk, moment)
	request = returns_group(desk)
	study(desk.head, request)
	before = fresh(request).impact
	change(desk.head, request, impact="{}", impact_state="Failed", impact_days=3, purpose="Other parcels")
	stored = fresh(request)
	assert (stored.impact, stored.impact_state, stored.impact_days) == (before, "Done", 90)


# --- Nothing else changes


@pytest.mark.committed
def test_a_study_in_a_process_of_its_own_changes_its_request_and_nothing_else() -> None:
	desk = open_desk()
	for _ in range(3):
		make_ticket(group=desk.home, ticket_type=desk.other_type)
	request = returns_group(desk)
	now = config.now_epoch()
	asked = {"run": "first", "by": desk.head, "at": now, "days": 90, "basis": ""}
	request_impact.write(request, request_impact.RUNNING, {"asked": asked})
	frappe.db.commit()
	root = root_connection()
	before = present_checksums(root)
	process.run("core_helpdesk.governance.request_impact:carry_out", request.name, "first")
	frappe.db.rollback()
	after = present_checksums(root)
	assert {table for table in after if after[table] != before.get(table)} == {"tabGroup Request"}
	stored = fresh(request)
	assert (stored.impact_state, str(stored.modified)) == ("Done", str(request.modified))
	assert json.loads(stored.impact)["result"]["concerned"] == 3
