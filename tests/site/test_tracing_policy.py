"""Policies for tracing cases: a family of their own, which chooses for no group, and the draft that setup makes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk import config
from core_helpdesk.documents import policy_of
from core_helpdesk.escalations import going_live, mended, tracing_clock
from core_helpdesk.escalations.tracing_clock import Times
from core_helpdesk.exports import policies as exports
from core_helpdesk.governance import discussion, governed_records, ladder_in_words, policy_history
from core_helpdesk.setup import checklist, ledger, seeds
from core_helpdesk.setup.roles import QA_SPECIALIST
from tests.site.factories import (
	as_user,
	make_desk,
	make_level,
	make_policy,
	make_team,
	make_ticket,
	make_user,
)
from tests.site.moments import Moment, forget_time_zone, set_time_zone
from tests.site.test_tracing_clock import SUNDAY, TEN_DAYS, make_tracing_policy, tracing_row

if TYPE_CHECKING:
	from collections.abc import Iterator


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Moment]:
	set_time_zone("Asia/Riyadh")
	yield Moment(monkeypatch, SUNDAY)
	forget_time_zone()


@pytest.fixture
def desk(moment: Moment) -> frappe._dict:
	desk = make_desk()
	desk.tracing_policy = make_tracing_policy()
	desk.dubai = make_team(ch_department=desk.department, ch_country="United Arab Emirates")
	return desk


def test_without_a_tracing_policy_a_finding_is_opened_once_and_closed_by_one(moment: Moment) -> None:
	desk = make_desk()
	for _ in range(2):
		ticket = make_ticket(group=desk.team)
		assert tracing_clock.begin(str(ticket.name), desk.team, "", moment.now, moment.now) == Times()
		assert tracing_row(ticket) is None
	known = {"kind": "No Tracing Policy"}
	(finding,) = frappe.get_all("Escalation Finding", known, ["state", "reference_name", "times"])
	assert (finding.state, finding.reference_name, finding.times) == ("Open", desk.team, 1)
	make_tracing_policy()
	mended.close_mended(moment.now)
	assert frappe.get_all("Escalation Finding", known, pluck="state") == ["Closed"]


def test_a_policy_for_tracing_is_never_a_groups_nor_the_other_way(desk: frappe._dict, moment: Moment) -> None:
	own = make_tracing_policy(team=desk.team, name="Tracing at Home")
	rules = config.site_rules()
	assert rules.terms(desk.team, "", moment.now).policy.name == desk.policy
	assert rules.tracing_terms(desk.team, "", moment.now).policy.name == own
	assert rules.tracing_terms(desk.dubai, "", moment.now).policy.name == desk.tracing_policy
	assert rules.tracing_terms(desk.dubai, "", moment.now).calendar == rules.calendar_of(desk.dubai)
	assert {scope.policy for scope in rules.scopes} == {desk.policy}
	frappe.db.set_value("Escalation Policy", desk.policy, "workflow_state", "Draft")
	assert "No escalation policy is active." in going_live.refusals("Observe")


def test_a_level_keeps_the_one_time_that_its_clock_counts() -> None:
	policy = frappe.get_doc("Escalation Policy", make_tracing_policy(active=False))
	policy.levels[0].after_hours, policy.levels[1].after_days = 24, 3
	policy.save()
	assert [(row.after_hours, row.after_days) for row in policy.levels] == [(0, 10), (24, 0)]
	assert policy_of(policy).levels[0].seconds == 10


@pytest.mark.parametrize(
	("levels", "fields", "message"),
	[
		((TEN_DAYS,), {"is_tracing": 0}, "cannot count working days"),
		(({}, {**TEN_DAYS, "target": "General Manager"}), {}, "Level 2 cannot count working days"),
		(({**TEN_DAYS, "pauses": 1},), {}, "cannot pause"),
		(({**TEN_DAYS, "move_ticket": 1},), {}, "cannot move the ticket"),
		((TEN_DAYS,), {"total_cap_hours": 9}, "no time over all groups"),
		(({**TEN_DAYS, "after_days": 0},), {}, "needs a time"),
	],
)
def test_what_a_tracing_policy_cannot_say_is_refused(levels: tuple, fields: dict, message: str) -> None:
	with pytest.raises(frappe.ValidationError, match=message):
		make_tracing_policy(*levels, active=False, **fields)


def test_all_versions_of_a_policy_are_of_one_kind() -> None:
	make_policy(name="Courier", active=False)
	with pytest.raises(frappe.ValidationError, match="are for groups"):
		make_tracing_policy(name="Courier", active=False)


def test_what_a_policy_is_for_is_fixed_after_its_draft(desk: frappe._dict) -> None:
	policy = frappe.get_doc("Escalation Policy", desk.policy)
	policy.is_tracing = 1
	with pytest.raises(frappe.ValidationError, match="are fixed since it is Active"):
		policy.save()


def test_one_default_policy_of_each_kind_is_in_force(desk: frappe._dict) -> None:
	for kind, fields in (("group", {}), ("tracing", {"is_tracing": 1})):
		name = make_policy(make_level(pauses=0), active=False, starts_on="2026-04-01 00:00:00", **fields)
		policy = frappe.get_doc("Escalation Policy", name)
		policy.starts_on = None
		with pytest.raises(frappe.ValidationError, match="is in force for the same tickets"):
			activate(policy)
		rival = desk.policy if kind == "group" else desk.tracing_policy
		frappe.db.set_value(
			"Escalation Policy", rival, {"workflow_state": "Superseded", "ended_on": "2026-04-01"}
		)
		activate(policy.reload())
		assert policy.reload().workflow_state == "Active"


def activate(policy: object) -> None:
	with as_user(make_user(QA_SPECIALIST)):
		policy.add_heads()
		policy.reload()
		for row in policy.discussion:
			row.update({"discussed_on": "2026-01-01", "answer": "Agreed"})
		policy.save()
		policy.activate()


def test_a_policy_for_tracing_is_discussed_like_any_other(desk: frappe._dict) -> None:
	policy = frappe.get_doc("Escalation Policy", make_tracing_policy(name="Draft", active=False))
	assert [concerned.head for concerned in discussion.concerned(policy)] == [desk.head]
	with as_user(make_user(QA_SPECIALIST)), pytest.raises(frappe.ValidationError, match="not recorded yet"):
		policy.activate()


def test_a_policy_for_tracing_is_left_out_of_the_file_of_policies_and_named(
	desk: frappe._dict, moment: Moment
) -> None:
	exported = exports.export(moment.now)
	assert f"{desk.tracing_policy} is for tracing cases and is not in the file." in exported.notes
	assert f'name = "{desk.tracing_policy}"' not in exported.text
	assert f'name = "{desk.policy}"' in exported.text


def test_a_step_of_the_set_up_is_not_done_by_a_policy_for_tracing_alone(desk: frappe._dict) -> None:
	frappe.db.set_value("Escalation Policy", desk.policy, "workflow_state", "Draft")
	assert not checklist.active_policy()["done"]


def test_days_are_said_as_days(desk: frappe._dict) -> None:
	policy = frappe.get_doc("Escalation Policy", desk.tracing_policy)
	assert ladder_in_words.steps(policy_of(policy)) == [
		"After 10 working days to Ticketing System Management",
		"24 hours later to General Manager",
	]
	said = policy_history.rules_in_words(policy)
	assert (said["Level 1: After Working Days"], said["Level 1: After Hours"]) == ("10 working days", "–")


def test_what_was_recorded_of_a_policy_before_levels_had_days_is_the_same(desk: frappe._dict) -> None:
	facts = governed_records.policy_facts(frappe.get_doc("Escalation Policy", desk.policy))
	assert facts["levels"][0] == ["Ticketing System Management", "24", "Elapsed Time", "", "", "", ""]
	tracing = governed_records.policy_facts(frappe.get_doc("Escalation Policy", desk.tracing_policy))
	assert tracing["levels"][0][-1] == "10"


# --- What setup makes


def test_setup_makes_a_draft_for_tracing_cases() -> None:
	policy = frappe.get_doc("Escalation Policy", "Tracing-v1")
	facts = (
		policy.workflow_state,
		policy.is_tracing,
		policy.is_default,
		policy.warn_percent,
		policy.country or "",
	)
	assert facts == ("Draft", 1, 1, 80, "")
	fields = ("target", "after_hours", "after_days", "clock_kind", "pauses")
	assert [tuple(row.get(field) for field in fields) for row in policy.levels] == [
		("Ticketing System Management", 0, 10, "Working Days", 0),
		("General Manager", 24, 0, "Elapsed Time", 0),
	]


def test_an_upgrade_makes_it_once() -> None:
	frappe.delete_doc("Escalation Policy", "Tracing-v1")
	seeds.seed()
	assert not frappe.db.exists("Escalation Policy", "Tracing-v1")
	ledger.forget("Escalation Policy", "Tracing-v1")
	seeds.seed()
	assert frappe.db.get_value("Escalation Policy", "Tracing-v1", "workflow_state") == "Draft"
	assert list(ledger.made("Escalation Policy")) == ["Standard-v1", "Tracing-v1"]
