"""Deviations from the Standard are written by the app alone and end by themselves; the Standard spreads as drafts."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk import config, documents
from core_helpdesk.domain.groups import EscalationTime
from core_helpdesk.governance import (
	deviations,
	governed_records,
	standard_copying,
	standard_following,
	undoing,
)
from tests.site import courier as couriers
from tests.site import governance_cast as casts
from tests.site import web
from tests.site.factories import as_user, make_agent, make_category, make_policy, make_ticket_type, make_user

if TYPE_CHECKING:
	from frappe.model.document import Document

DEVIATION = "Parity Deviation"
COPY = "core_helpdesk.governance_api.copy_standard"


@pytest.fixture
def cast() -> casts.Cast:
	return casts.open_cast()


def approved(cast: casts.Cast, *, until: str = "2030-06-30", **data: object) -> frappe._dict:
	"""A deviation whose request was implemented."""
	values = {
		"team": cast.group,
		"escalation_hours": 8,
		"clock_kind": "Elapsed Time",
		"deviation_reason": "A port that closes early",
		"valid_until": until,
	}
	request = casts.make_request(cast, DEVIATION, **{**values, **data})
	casts.implement(cast, request)
	return frappe.get_doc(DEVIATION, request.result_deviation)


def test_a_deviation_says_what_was_approved_beside_the_standard(cast: casts.Cast) -> None:
	deviation = approved(cast)
	assert (deviation.team, deviation.department, deviation.country) == (
		cast.group,
		cast.department,
		casts.HOME,
	)
	assert (deviation.hours, deviation.home_hours, deviation.home_clock_kind) == (8, 24, "Elapsed Time")
	assert (deviation.reason, deviation.state) == ("A port that closes early", "In Force")


def test_a_deviation_that_ends_before_it_begins_is_not_written(cast: casts.Cast) -> None:
	with pytest.raises(frappe.ValidationError, match="before it begins"):
		approved(cast, until="2020-01-01")


@pytest.mark.parametrize("who", ["qa", "manager", "head", "Administrator"])
def test_nobody_writes_a_deviation_by_hand(cast: casts.Cast, who: str) -> None:
	user, deviation = getattr(cast, who, who), approved(cast)
	path = f"{web.RESOURCE}/{DEVIATION}"
	with pytest.raises(frappe.PermissionError):
		web.post(user, path, team=cast.group, hours=1, ends_on="2099-01-01")
	with pytest.raises(frappe.PermissionError):
		web.put(user, f"{path}/{deviation.name}", ends_on="2099-01-01")
	with pytest.raises(frappe.PermissionError):
		web.send(user, "DELETE", f"{path}/{deviation.name}")
	assert str(frappe.db.get_value(DEVIATION, deviation.name, "ends_on")) == "2030-06-30"


def test_deviations_are_seen_by_those_who_answer_for_the_department(cast: casts.Cast) -> None:
	stranger = make_user("Department Manager")
	couriers.make_department(head=stranger)
	deviation = approved(cast)
	users = {"head": cast.head, "qa": cast.qa, "manager": cast.manager, "stranger": stranger}
	seen = {
		who
		for who, user in users.items()
		if deviation.name in [row["name"] for row in web.get(user, f"{web.RESOURCE}/{DEVIATION}")]
	}
	assert seen == {"head", "qa", "manager"}


def test_it_lapses_the_day_after_its_last_and_its_people_hear_of_it(cast: casts.Cast) -> None:
	deviation = approved(cast)
	assert deviations.settle(date(2030, 6, 30))["lapsed"] == []
	assert deviations.settle(date(2030, 7, 1))["lapsed"] == [deviation.name]
	assert frappe.db.get_value(DEVIATION, deviation.name, "state") == "Lapsed"
	for user in (cast.head, cast.qa, cast.manager):
		assert any("has lapsed" in text for text in casts.notices_of(user, DEVIATION)), user
	assert frappe.db.exists("Escalation Finding", {"kind": "Deviation Lapsed", "state": "Open"})
	assert deviations.settle(date(2030, 7, 2)) == {"lapsed": [], "warned": []}


def test_warnings_come_once_30_and_once_7_days_before(cast: casts.Cast) -> None:
	deviation = approved(cast)
	days = [date(2030, 5, 30), date(2030, 5, 31), date(2030, 6, 1), date(2030, 6, 22)]
	days += [date(2030, 6, 23), date(2030, 6, 24), date(2030, 6, 30)]
	warned = [day.isoformat() for day in days if deviations.settle(day)["warned"]]
	assert warned == ["2030-05-31", "2030-06-23"]
	assert len(casts.notices_of(cast.head, DEVIATION)) == 2
	assert deviation.name


def test_a_warning_that_a_stopped_scheduler_missed_comes_late_and_once(cast: casts.Cast) -> None:
	approved(cast)
	warned = [day for day in (27, 28) if deviations.settle(date(2030, 6, day))["warned"]]
	assert warned == [27]


# Hours that are fractions.


def test_a_lapsed_deviation_is_settled_by_the_very_time_of_the_category_also_in_fractions_of_seconds(
	cast: casts.Cast,
) -> None:
	category = make_category(hours=1.333)
	group = casts.make_group(cast, country="Oman", ch_category=category)
	make_policy({"after_hours": 1.333}, team=group)
	lapsed = frappe.new_doc(DEVIATION)
	place = {"team": group, "department": cast.department, "group_category": category, "country": "Oman"}
	lapsed.update(
		{**place, "state": "Lapsed", "starts_on": "2026-01-01", "ends_on": "2026-01-31", "hours": 8}
	)
	at = config.now_epoch()
	assert deviations.is_settled(deviations.save(lapsed).name, at)
	frappe.db.set_value("Group Category", category, "standard_hours", 1.334)
	assert not deviations.is_settled(lapsed.name, at)


def test_every_second_can_be_written_into_a_field_for_hours() -> None:
	for seconds in range(1, 200_000, 7):
		time = EscalationTime(seconds)
		assert documents.time_given(documents.hours_of(time), "Elapsed Time") == time
	# A third of an hour, as a form leaves it.
	assert documents.time_given(round(20 / 60, documents.DECIMALS), None) == EscalationTime(20 * 60)
	fields = [
		*(("Group Request", name) for name in ("escalation_hours", "standard_hours")),
		*((DEVIATION, name) for name in ("hours", "home_hours")),
		("Group Category", "standard_hours"),
		*(("Escalation Level", f"{name}_hours") for name in ("after", "pause_cap", "acknowledge_within")),
		("Escalation Policy", "total_cap_hours"),
	]
	decimals = {frappe.get_meta(doctype).get_field(name).precision for doctype, name in fields}
	assert decimals == {str(documents.DECIMALS)}


def test_hours_that_the_database_cuts_were_not_changed_past_the_app(cast: casts.Cast) -> None:
	casts.govern(cast)
	with as_user(cast.qa):
		category = frappe.get_doc("Group Category", cast.category)
		category.standard_hours = 4 / 3
		category.save()
	assert governed_records.watch() == []


# The Standard in other countries.


def drafts() -> list[frappe._dict]:
	return frappe.get_all(
		"Group Request",
		{"workflow_state": "Draft"},
		["kind", "team", "team_name", "country", "escalation_hours", "requested_by", "owner", "purpose"],
		order_by="creation",
	)


def change_home_time(cast: casts.Cast, hours: float) -> Document:
	request = casts.change_home_time(cast, hours)
	standard_following.settle()
	return request


def test_a_changed_time_at_headquarters_drafts_the_same_for_every_other_country(cast: casts.Cast) -> None:
	employee = make_agent()
	oman_head = casts.head_in(cast, "Oman")
	casts.head_in(cast, "Qatar", employee=employee)
	there = {country: casts.make_group(cast, country=country) for country in ("Oman", "Qatar")}
	other_category = casts.make_group(cast, country="Oman", ch_category=make_category())
	change_home_time(cast, 12)
	found = {draft.team: draft for draft in drafts()}
	assert set(found) == set(there.values())
	assert other_category not in found
	assert {draft.escalation_hours for draft in found.values()} == {12}
	assert found[there["Oman"]].requested_by == oman_head == found[there["Oman"]].owner
	assert found[there["Qatar"]].requested_by == employee
	assert casts.notices_of(oman_head, "Group Request") == [
		"Drafts that bring your groups to the Standard wait for you: 1"
	]


def test_a_second_change_brings_the_open_draft_up_to_date(cast: casts.Cast) -> None:
	casts.head_in(cast, "Oman")
	casts.make_group(cast, country="Oman")
	change_home_time(cast, 12)
	change_home_time(cast, 10)
	assert [draft.escalation_hours for draft in drafts()] == [10]


def test_an_undone_change_takes_its_drafts_back(cast: casts.Cast) -> None:
	casts.head_in(cast, "Oman")
	casts.make_group(cast, country="Oman")
	request = change_home_time(cast, 12)
	assert len(drafts()) == 1
	with as_user(cast.qa):
		undoing.undo(request)
	standard_following.settle()
	assert drafts() == []


def test_a_request_that_people_made_stays_theirs_when_the_standard_changes(cast: casts.Cast) -> None:
	head = casts.head_in(cast, "Oman")
	there = casts.make_group(cast, country="Oman")
	own = {"team": there, "escalation_hours": 20, "clock_kind": "Elapsed Time", "country": "Oman"}
	casts.make_request(cast, "Change Escalation", by=head, state="Draft", **own)
	change_home_time(cast, 12)
	assert [draft.escalation_hours for draft in drafts()] == [20]


def test_a_country_with_an_approved_deviation_is_left_alone(cast: casts.Cast) -> None:
	casts.head_in(cast, "Oman")
	gulf = casts.make_group(cast, country="Oman")
	approved(cast, team=gulf, country="Oman", escalation_hours=24)
	change_home_time(cast, 12)
	assert drafts() == []


def test_the_standard_is_copied_to_a_country_as_drafts_for_its_authorised_employee(
	cast: casts.Cast,
) -> None:
	employee = make_agent()
	head = casts.head_in(cast, "Oman", employee=employee)
	names = web.call(cast.qa, COPY, country="Oman")["drafts"]
	(draft,) = drafts()
	assert len(names) == 1
	assert (draft.kind, draft.team_name, draft.country) == ("New Group", f"{cast.group} Oman", "Oman")
	assert (draft.escalation_hours, draft.purpose) == (24, "Parcels that did not arrive")
	assert (draft.requested_by, draft.owner) == (employee, employee)
	assert frappe.db.get_value("Group Request", names[0], "head") == head
	assert web.call(cast.qa, COPY, country="Oman") == {"drafts": [], "coming": 0}


@pytest.mark.parametrize("who", ["head", "manager", "agent", "Administrator"])
def test_only_the_qa_specialist_copies_the_standard(cast: casts.Cast, who: str) -> None:
	with pytest.raises(frappe.PermissionError, match="Only a QA Specialist"):
		web.call(getattr(cast, who, who), COPY, country="Oman")


def test_the_standard_is_not_copied_onto_itself(cast: casts.Cast) -> None:
	with pytest.raises(frappe.ValidationError, match="other than that of headquarters"):
		web.call(cast.qa, COPY, country=casts.HOME)
	with as_user(cast.qa), pytest.raises(frappe.ValidationError):
		web.call(cast.qa, COPY, country="Nowhere")


def test_many_drafts_are_made_by_a_job_and_everybody_hears_of_them_once(
	cast: casts.Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.setattr(standard_copying, "AT_ONCE", 2)
	monkeypatch.setattr(standard_copying, "PART", 2)
	queued: list[dict] = []
	monkeypatch.setattr(standard_copying.frappe, "enqueue", lambda job, **asked: queued.append(asked))
	monkeypatch.setattr(frappe.db, "commit", lambda: None)
	head = casts.head_in(cast, "Oman")
	teams = {cast.group, *(casts.make_group(cast, ch_ticket_type=make_ticket_type()) for _ in range(2))}
	assert web.call(cast.qa, COPY, country="Oman") == {"drafts": [], "coming": 3}
	assert drafts() == []
	asked = [one["enqueue_after_commit"] for one in queued if one.get("country") == "Oman"]
	assert asked == [True]
	with as_user(cast.qa):
		standard_copying.carry_out("Oman")
		standard_copying.carry_out("Oman")
	assert {draft.team_name for draft in drafts()} == {f"{team} Oman" for team in teams}
	assert casts.notices_of(head) == ["Drafts that bring your groups to the Standard wait for you: 3"]
	assert casts.notices_of(cast.qa) == ["Drafts that bring Oman to the Standard are ready: 3"]
