"""A time at headquarters is followed by drafts for other countries, made by a job: nothing is lost, nothing made twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest
from rq.timeouts import JobTimeoutException

from core_helpdesk import jobs
from core_helpdesk.escalations import findings
from core_helpdesk.governance import carrying_out, standard_copies, standard_following, undoing
from tests.site import governance_cast as casts
from tests.site.counting import queries
from tests.site.factories import as_user, make_policy

if TYPE_CHECKING:
	from frappe.model.document import Document

POLICY, REQUEST = "Escalation Policy", "Group Request"


@pytest.fixture
def cast() -> casts.Cast:
	# The log's table knows no rollback.
	frappe.db.delete("Error Log")
	return casts.open_cast()


@pytest.fixture
def queued(monkeypatch: pytest.MonkeyPatch) -> list[str]:
	"""The jobs that would have been queued, by their ids."""
	found: list[str] = []

	def note(method: str, **options: object) -> None:
		if method == standard_following.JOB:
			found.append(options["job_id"])

	monkeypatch.setattr(frappe, "enqueue", note)
	return found


def groups_in(cast: casts.Cast, country: str, count: int) -> set[str]:
	return {casts.make_group(cast, country=country) for _number in range(count)}


def change_home_time(cast: casts.Cast, hours: float = 12) -> Document:
	"""What headquarters asked for, implemented; its drafts are due."""
	request = casts.change_home_time(cast, hours)
	frappe.db.commit()
	return request


def drafts(**wanted: object) -> dict[str, float]:
	"""The groups of waiting drafts, each with the time asked for."""
	rows = frappe.get_all(REQUEST, {"workflow_state": "Draft", **wanted}, ["team", "escalation_hours"])
	assert len(rows) == len({row.team for row in rows})
	return {row.team: row.escalation_hours for row in rows}


def due() -> list[str]:
	return frappe.get_all(POLICY, {"drafts_due": ("is", "set")}, pluck="name")


def told(user: str) -> list[str]:
	return casts.notices_of(user, REQUEST)


def test_whoever_activates_hears_how_many_drafts_come_and_where(cast: casts.Cast, queued: list[str]) -> None:
	casts.head_in(cast, "Oman")
	groups_in(cast, "Oman", 2)
	frappe.clear_messages()
	request = change_home_time(cast)
	(message,) = [
		row["message"]
		for row in map(frappe._dict, frappe.get_message_log())
		if "being prepared" in row.message
	]
	assert "are being prepared: 2." in message
	assert "group-request?workflow_state=Draft&amp;kind=Change%20Escalation" in message.replace(
		"&kind", "&amp;kind"
	)
	assert drafts() == {}
	assert queued == [f"ch_standard_{request.result_policy}"]
	assert due() == [request.result_policy]


def test_nothing_is_due_where_every_country_has_the_time(cast: casts.Cast, queued: list[str]) -> None:
	casts.head_in(cast, "Oman")
	groups_in(cast, "Oman", 1)
	change_home_time(cast, 24)
	assert (queued, due()) == ([], [])


def test_the_job_makes_every_draft_and_tells_each_person_once(cast: casts.Cast, queued: list[str]) -> None:
	oman, qatar = casts.head_in(cast, "Oman"), casts.head_in(cast, "Qatar")
	there = groups_in(cast, "Oman", standard_following.AT_ONCE + 2) | groups_in(cast, "Qatar", 1)
	change_home_time(cast)
	jobs.ch_follow_standard()
	assert drafts() == dict.fromkeys(there, 12)
	count = standard_following.AT_ONCE + 2
	assert told(oman) == [f"Drafts that bring your groups to the Standard wait for you: {count}"]
	assert told(qatar) == ["Drafts that bring your groups to the Standard wait for you: 1"]
	assert due() == []
	jobs.ch_follow_standard()
	assert len(drafts()) == len(there)
	assert len(told(oman)) == 1


@pytest.mark.parametrize("next_job", ["the day's", "of the next activation"])
def test_what_a_job_leaves_that_died_the_next_one_makes(
	cast: casts.Cast, queued: list[str], monkeypatch: pytest.MonkeyPatch, next_job: str
) -> None:
	head = casts.head_in(cast, "Oman")
	there = groups_in(cast, "Oman", standard_following.AT_ONCE + 3)
	change_home_time(cast)
	real, made = standard_copies.draft_change, []

	def dying(wanted: standard_copies.Wanted, starts_on: object) -> str | None:
		if len(made) > standard_following.AT_ONCE:
			raise JobTimeoutException
		made.append(wanted.other.team)
		return real(wanted, starts_on)

	monkeypatch.setattr(standard_copies, "draft_change", dying)
	with pytest.raises(JobTimeoutException):
		jobs.ch_follow_standard()
	frappe.db.rollback()
	assert len(drafts()) == standard_following.AT_ONCE
	assert told(head) == []
	monkeypatch.setattr(standard_copies, "draft_change", real)
	if next_job == "the day's":
		jobs.ch_govern()
	else:
		change_home_time(cast, 10)
		jobs.ch_follow_standard()
	assert drafts() == dict.fromkeys(there, 12 if next_job == "the day's" else 10)
	assert told(head) == [f"Drafts that bring your groups to the Standard wait for you: {len(there)}"]
	assert due() == []


def test_a_draft_that_cannot_be_made_keeps_no_other_back_and_is_tried_again(
	cast: casts.Cast, queued: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
	casts.head_in(cast, "Oman")
	there = groups_in(cast, "Oman", 3)
	broken = min(there)
	change_home_time(cast)
	real = standard_copies.draft_change

	def failing(wanted: standard_copies.Wanted, starts_on: object) -> str | None:
		if wanted.other.team == broken:
			frappe.throw("Its category is gone.")
		return real(wanted, starts_on)

	monkeypatch.setattr(standard_copies, "draft_change", failing)
	jobs.ch_follow_standard()
	jobs.ch_follow_standard()
	assert set(drafts()) == there - {broken}
	found = findings.open_of([carrying_out.NOT_CARRIED_OUT])
	assert [row.reference_name for row in found] == [broken]
	assert "Its category is gone." in frappe.db.get_value(findings.DOCTYPE, found[0].name, "details")
	assert frappe.db.count("Error Log", {"method": ("like", "Not Carried Out%")}) == 1
	monkeypatch.setattr(standard_copies, "draft_change", real)
	jobs.ch_govern()
	assert set(drafts()) == there
	assert (due(), findings.open_of([carrying_out.NOT_CARRIED_OUT])) == ([], [])


@pytest.mark.parametrize("count", [2, standard_following.AT_ONCE + 2])
def test_a_time_that_is_no_whole_number_of_seconds_is_followed_like_any_other(
	cast: casts.Cast, queued: list[str], monkeypatch: pytest.MonkeyPatch, count: int
) -> None:
	real, asked = standard_copies.wanted_by, []

	def counted(*given: object) -> list[standard_copies.Wanted]:
		asked.append(given)
		assert len(asked) < 8, "the same groups come again and again"
		return real(*given)

	casts.head_in(cast, "Oman")
	there = groups_in(cast, "Oman", count)
	change_home_time(cast, 1.333)
	monkeypatch.setattr(standard_copies, "wanted_by", counted)
	jobs.ch_follow_standard()
	jobs.ch_govern()
	assert drafts() == dict.fromkeys(there, 1.3331)
	assert due() == []


def test_groups_of_which_no_draft_comes_have_their_turn_once(
	cast: casts.Cast, queued: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
	turns = []

	def vain(wanted: standard_copies.Wanted, starts_on: object) -> None:
		assert wanted.other.team not in turns
		turns.append(wanted.other.team)

	casts.head_in(cast, "Oman")
	there = groups_in(cast, "Oman", standard_following.AT_ONCE + 2)
	change_home_time(cast)
	monkeypatch.setattr(standard_copies, "draft_change", vain)
	jobs.ch_follow_standard()
	assert set(turns) == there
	assert due() == []


def test_an_activation_that_was_undone_makes_no_drafts(cast: casts.Cast, queued: list[str]) -> None:
	casts.head_in(cast, "Oman")
	groups_in(cast, "Oman", 1)
	request = change_home_time(cast)
	with as_user(cast.qa):
		undoing.undo(request)
	jobs.ch_follow_standard()
	assert (drafts(), due()) == ({}, [])


def test_what_was_made_for_an_undone_change_is_taken_back_by_a_job_at_once_or_by_the_days(
	cast: casts.Cast, queued: list[str]
) -> None:
	casts.head_in(cast, "Oman")
	groups_in(cast, "Oman", 2)
	request = change_home_time(cast)
	jobs.ch_follow_standard()
	with as_user(cast.qa), queries() as asked:
		undoing.undo(request)
	frappe.db.commit()
	assert not [
		query for query in asked if "tabGroup Request State" in query and "left join" in query.lower()
	]
	assert queued[1:] == [f"ch_standard_{request.name}"]
	assert len(drafts()) == 2
	jobs.ch_govern()
	assert drafts() == {}
	withdrawn = frappe.get_all(REQUEST, {"workflow_state": "Withdrawn"}, pluck="decision_reason")
	assert withdrawn == ["Headquarters have another time again."] * 2


def test_an_undone_change_without_a_policy_asks_for_no_job(cast: casts.Cast, queued: list[str]) -> None:
	request = casts.make_request(cast, "Change Group", team=cast.group, purpose="Parcels that are late")
	casts.implement(cast, request)
	with as_user(cast.qa):
		undoing.undo(request)
	frappe.db.commit()
	assert queued == []


def test_a_draft_that_somebody_has_submitted_is_not_taken_back(cast: casts.Cast, queued: list[str]) -> None:
	casts.head_in(cast, "Oman")
	groups_in(cast, "Oman", 1)
	request = change_home_time(cast)
	jobs.ch_follow_standard()
	frappe.db.set_value(REQUEST, {"workflow_state": "Draft"}, "workflow_state", "QA Review")
	with as_user(cast.qa):
		undoing.undo(request)
	jobs.ch_follow_standard()
	assert frappe.db.count(REQUEST, {"workflow_state": "QA Review"}) == 1


def test_finding_out_what_is_wanted_asks_no_more_for_many_groups(cast: casts.Cast, queued: list[str]) -> None:
	def cost() -> int:
		with queries() as asked:
			wanted.append(len(standard_copies.wanted_by(policy, "2026-01-01")))
		return len(asked)

	wanted: list[int] = []
	policy = make_policy({"after_hours": 12}, team=cast.group)
	groups_in(cast, "Oman", 1)
	cost()
	before = cost()
	groups_in(cast, "Oman", 7)
	# Groups that are made empty caches.
	cost()
	assert cost() == before
	assert wanted == [1, 1, 8, 8]


def test_needless_drafts_are_found_in_as_many_queries_as_there_are_starts(
	cast: casts.Cast, queued: list[str]
) -> None:
	casts.head_in(cast, "Oman")
	groups_in(cast, "Oman", 2)
	change_home_time(cast)
	jobs.ch_follow_standard()

	def cost() -> int:
		with queries() as asked:
			assert standard_copies.needless_at(0) == []
		return len(asked)

	before = cost()
	groups_in(cast, "Oman", 5)
	change_home_time(cast, 10)
	jobs.ch_follow_standard()
	assert len(drafts()) == 7
	assert cost() <= before + 2
