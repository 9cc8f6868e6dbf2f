"""Findings about what is governed: opened by what came past the app, closed by what puts it right, or kept on purpose."""

from __future__ import annotations

import frappe
import pytest

from core_helpdesk import at_work, config, jobs
from core_helpdesk.escalations import findings
from core_helpdesk.governance import deviations, governed_records
from core_helpdesk.hosts import team_writer
from tests.site import governance_cast as casts
from tests.site.factories import as_user, make_agent, make_deviation, make_policy, make_team, make_user

PAST = "Changed Past the App"


KNOWN, ABROAD = "Known Before", "United Arab Emirates"


@pytest.fixture
def cast() -> casts.Cast:
	"""Governance has begun, with two groups beside it: one complete abroad, one bare."""
	cast = casts.open_cast()
	make_team(name=KNOWN)
	make_team(name=f"{KNOWN} Abroad", agents=(make_agent(),), ch_country=ABROAD, **place_of(cast))
	casts.govern(cast)
	return cast


def place_of(cast: casts.Cast) -> dict[str, str]:
	return {"ch_department": cast.department, "ch_category": cast.category}


@pytest.fixture
def specialist(cast: casts.Cast) -> str:
	"""The host lets its agents alone write groups."""
	return make_user("QA Specialist", "Agent", "Agent Manager")


def found(name: str) -> list[str]:
	return frappe.get_all(
		"Escalation Finding", {"kind": PAST, "reference_name": name, "state": "Open"}, pluck="name"
	)


def change_in_database(team: str, country: str = "Qatar") -> None:
	frappe.db.set_value("HD Team", team, "ch_country", country)
	frappe.clear_document_cache("HD Team", team)
	jobs.ch_govern()


def test_what_is_put_back_in_the_database_closes_the_next_day(cast: casts.Cast) -> None:
	change_in_database(cast.group)
	assert len(found(cast.group)) == 1
	change_in_database(cast.group, casts.HOME)
	assert len(found(cast.group)) == 1
	jobs.ch_watch()
	assert found(cast.group) == []


def test_what_the_qa_specialist_puts_back_on_the_group_closes_at_once(
	cast: casts.Cast, specialist: str
) -> None:
	change_in_database(cast.group)
	with as_user(specialist):
		team = frappe.get_doc("HD Team", cast.group)
		team.ch_country = casts.HOME
		team.save()
	assert found(cast.group) == []


def test_another_save_does_not_close_what_is_still_otherwise(cast: casts.Cast, specialist: str) -> None:
	change_in_database(cast.group)
	with as_user(specialist):
		team = frappe.get_doc("HD Team", cast.group)
		team.ch_purpose = "Parcels that came late"
		team.save()
	jobs.ch_watch()
	assert len(found(cast.group)) == 1


def test_the_qa_specialists_hear_of_it_once(cast: casts.Cast) -> None:
	change_in_database(cast.group)
	jobs.ch_govern()
	for specialist in (cast.qa, cast.second_qa):
		assert told(specialist) == [f"Changed past the app: {cast.group}"]


def told(user: str) -> list[str]:
	return [text for text in casts.notices_of(user, "Escalation Finding") if text.startswith("Changed past")]


def test_a_permitted_change_of_a_category_or_policy_does_not_hide_what_was_done_before(
	cast: casts.Cast,
) -> None:
	frappe.db.set_value("Group Category", cast.category, "standard_hours", 99)
	frappe.db.set_value("Escalation Level", {"parent": cast.courier.policy, "idx": 1}, "after_hours", 99)
	frappe.clear_cache()
	with as_user(cast.qa):
		frappe.get_doc("Group Category", cast.category).update({"description": "Parcels"}).save()
		frappe.get_doc("Escalation Policy", cast.courier.policy).end_now()
	assert len(found(cast.category)) == len(found(cast.courier.policy)) == 1
	assert len(told(cast.second_qa)) == 2


def test_closing_the_finding_keeps_what_was_done(cast: casts.Cast) -> None:
	change_in_database(cast.group)
	with as_user(cast.qa):
		finding = frappe.get_doc("Escalation Finding", found(cast.group)[0])
		finding.state = "Closed"
		finding.save()
	assert governed_records.watch() == []


def test_a_group_that_comes_or_goes_past_the_app_is_found_though_nobody_governs_it(cast: casts.Cast) -> None:
	known = KNOWN
	frappe.db.delete("HD Team", {"name": known})
	row = frappe.get_all("HD Team", {"name": cast.group}, ["*"])[0]
	frappe.get_doc(
		{**row, "doctype": "HD Team", "name": "Came by SQL", "team_name": "Came by SQL"}
	).db_insert()
	jobs.ch_govern()
	assert len(found(known)) == len(found("Came by SQL")) == 1
	for name in (known, "Came by SQL"):
		with as_user(cast.qa):
			finding = frappe.get_doc("Escalation Finding", found(name)[0])
			finding.state = "Closed"
			finding.save()
	assert governed_records.watch() == []


def test_groups_made_and_deleted_by_those_who_may_are_no_finding(cast: casts.Cast) -> None:
	name = team_writer.make({"team_name": "Made by a request"}, [cast.agent])
	assert governed_records.watch() == []
	frappe.delete_doc("HD Team", name, force=True)
	assert governed_records.watch() == []


def test_a_lapsed_deviation_is_over_once_the_group_has_the_standard(cast: casts.Cast) -> None:
	abroad = f"{KNOWN} Abroad"
	deviation = make_deviation(
		team=abroad,
		department=cast.department,
		group_category=cast.category,
		country=ABROAD,
		starts_on="2026-01-01 00:00:00",
		ends_on="2026-02-01",
	)
	with at_work.the_app():
		levels = ({"after_hours": 36}, {"target": "General Manager"})
		other = make_policy(*levels, name="As approved", team=abroad)
	deviations.settle(config.from_epoch(config.now_epoch()).date())
	assert findings.is_open(deviations.LAPSED_FINDING, deviation)
	jobs.ch_watch()
	assert findings.is_open(deviations.LAPSED_FINDING, deviation)
	frappe.db.set_value(
		"Escalation Policy", other, {"workflow_state": "Superseded", "ended_on": "2026-03-01"}
	)
	jobs.ch_watch()
	assert not findings.is_open(deviations.LAPSED_FINDING, deviation)


def test_rows_of_requests_and_notices_are_seen_with_their_documents_only(cast: casts.Cast) -> None:
	request = casts.new_group(cast, by=cast.head)
	stranger = make_user("Department Manager")
	for doctype in ("Group Request Member", "Group Request State"):
		for user, expected in ((cast.head, True), (cast.qa, True), (stranger, False)):
			with as_user(user):
				rows = frappe.get_list(doctype, {"parent": request.name}, parent_doctype="Group Request")
			assert bool(rows) is (expected and bool(frappe.db.exists(doctype, {"parent": request.name})))
	assert frappe.db.exists("Group Request Member", {"parent": request.name})
	with as_user(make_agent()):
		assert frappe.get_list("Group Request Member", parent_doctype="Group Request") == []
