"""Working a case: updates with whom and how, answers to whoever passed it on, the solution and taking it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk.tracing import closing_reasons
from tests.site import web
from tests.site.factories import as_user, make_agent, make_user
from tests.site.moments import Moment, epoch, forget_time_zone
from tests.site.tracing_desk import accept, make_case, make_tracing_desk, member_of, pass_to

if TYPE_CHECKING:
	from collections.abc import Iterator

	from frappe.model.document import Document

API = "core_helpdesk.tracing_api"
MONDAY = "2026-03-02 09:00"
EMIRATES = "United Arab Emirates"


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Iterator[Moment]:
	yield Moment(monkeypatch, MONDAY)
	forget_time_zone()


@pytest.fixture
def desk(moment: Moment) -> frappe._dict:
	return make_tracing_desk(required_documents=[])


def act(user: str, name: str, case: Document, **said: object) -> Document:
	web.call(user, f"{API}.{name}", case=case.name, **said)
	return case.reload()


def update(user: str, case: Document, **said: object) -> Document:
	usual = {
		"channel": "Phone",
		"contact": "Operations",
		"person": "Night shift",
		"purpose": "Whereabouts",
		"what": "It is in the cage at the airport.",
	}
	return act(user, "add_update", case, **{**usual, **said})


def comments_on(case: Document) -> list[str]:
	return frappe.get_all("HD Ticket Comment", {"reference_ticket": case.ticket}, pluck="content")


def test_an_update_says_who_how_and_what(desk: frappe._dict, moment: Moment) -> None:
	case = make_case(desk)
	moment.later(hours=1)
	case = update(desk.officer, case, customer_told=1, follow_up_on="2026-03-04")
	row = case.updates[-1]
	assert (row.by, row.team, row.channel, row.contact, row.person, row.customer_told) == (
		desk.officer,
		desk.headquarters,
		"Phone",
		"Operations",
		"Night shift",
		1,
	)
	assert str(row.at) == str(case.last_update_on) == "2026-03-02 10:00:00"
	assert (case.last_update_epoch, str(case.follow_up_on)) == (epoch("2026-03-02 10:00"), "2026-03-04")


@pytest.mark.parametrize(
	("said", "problem"),
	[
		({"what": "  "}, "Please enter"),
		({"channel": "Fax"}, "by which channel"),
		({"contact": "Nobody"}, "with whom"),
		({"contact": "Support", "channel": "Phone"}, "Support is contacted by: System"),
		(
			{"contact": "Retail Services", "channel": "System"},
			"Retail Services is contacted by: Phone, E-mail",
		),
		({"follow_up_on": "2026-03-01"}, "in the past"),
		({"follow_up_on": "soon"}, "no date"),
	],
)
def test_an_update_that_says_too_little_is_refused(desk: frappe._dict, said: dict, problem: str) -> None:
	case = make_case(desk)
	with pytest.raises(frappe.ValidationError, match=problem):
		update(desk.officer, case, **said)


def test_support_is_written_to_on_the_ticket(desk: frappe._dict) -> None:
	case = update(
		desk.officer, make_case(desk), contact="Support", channel="System", what="Please call <b>them</b>"
	)
	assert any("Please call &lt;b&gt;them" in content for content in comments_on(case))
	assert case.updates[-1].what == "Please call &lt;b>them&lt;/b>"


def test_who_passed_a_case_on_may_add_but_not_move_solve_or_close(desk: frappe._dict) -> None:
	case = pass_to(accept(make_case(desk)), desk.groups[EMIRATES])
	update(desk.officer, case, what="The consignee has moved.")
	for name, said in (
		("mark_solved", {"solution": "Delivered"}),
		("hand_over", {"team": desk.headquarters, "reason": "Mine"}),
		("ask_for_missing", {}),
		("close", {}),
	):
		with pytest.raises(frappe.ValidationError if name == "close" else frappe.PermissionError):
			act(desk.officer, name, case, **said)
	with pytest.raises(frappe.PermissionError):
		update(desk.officer, case, follow_up_on="2026-03-10")


def test_strangers_add_nothing(desk: frappe._dict) -> None:
	case = make_case(desk)
	for stranger in (make_user(), make_agent("Tracing Officer"), desk.officers["Egypt"], "Guest"):
		with pytest.raises(frappe.PermissionError):
			update(stranger, case)


def test_an_update_answers_whoever_passed_the_case_on(desk: frappe._dict, moment: Moment) -> None:
	case = pass_to(accept(make_case(desk)), desk.groups[EMIRATES])
	assert desk.groups[EMIRATES] in closing_reasons.replies_outstanding(case)
	case = update(desk.officer, case)
	assert desk.groups[EMIRATES] in closing_reasons.replies_outstanding(case)
	moment.later(hours=2)
	case = update(desk.officers[EMIRATES], case)
	assert desk.groups[EMIRATES] not in closing_reasons.replies_outstanding(case)
	assert str(case.legs[-1].replied_on) == "2026-03-02 11:00:00"


def test_a_group_answers_for_its_leg_after_it_has_passed_the_case_on(desk: frappe._dict) -> None:
	case = pass_to(accept(make_case(desk)), desk.groups[EMIRATES])
	case = pass_to(accept(case), desk.section)
	assert closing_reasons.replies_outstanding(case)[-2:] == (desk.groups[EMIRATES], desk.section)
	case = update(desk.officers[EMIRATES], case)
	assert closing_reasons.replies_outstanding(case)[-1:] == (desk.section,)


def test_a_solution_is_said_and_answers_everybody(desk: frappe._dict, moment: Moment) -> None:
	case = pass_to(accept(make_case(desk)), desk.groups[EMIRATES])
	moment.later(hours=3)
	case = act(desk.officers[EMIRATES], "mark_solved", accept(case), solution="Delivered on Tuesday.")
	assert (case.status, case.solution, case.solved_by, case.first_level) == (
		"Solved",
		"Delivered on Tuesday.",
		desk.officers[EMIRATES],
		0,
	)
	assert (str(case.cycles[-1].solved_on), case.cycles[-1].solved_epoch) == (
		"2026-03-02 12:00:00",
		epoch("2026-03-02 12:00"),
	)
	assert closing_reasons.replies_outstanding(case) == ()
	assert [row.what for row in case.updates if row.by] == ["Delivered on Tuesday."]


def test_solved_where_it_came_in_is_solved_at_first_level(desk: frappe._dict) -> None:
	case = act(desk.officer, "mark_solved", accept(make_case(desk)), solution="Found at the airport.")
	assert case.first_level == 1


def test_a_section_concerned_may_solve_what_it_was_given(desk: frappe._dict) -> None:
	case = accept(pass_to(make_case(desk), desk.section))
	with as_user(desk.worker):
		from core_helpdesk.tracing import records, work

		work.mark_solved(records.locked(case.name), "Refunded", epoch(MONDAY))
	assert case.reload().status == "Solved"


def test_a_solution_needs_words_and_an_open_case(desk: frappe._dict) -> None:
	case = make_case(desk)
	with pytest.raises(frappe.ValidationError, match="Please enter"):
		act(desk.officer, "mark_solved", case, solution=" ")
	case = act(desk.officer, "mark_solved", case, solution="Delivered")
	with pytest.raises(frappe.ValidationError, match="Only an open case"):
		act(desk.officer, "mark_solved", case, solution="Delivered again")


def test_a_solution_is_taken_back_with_a_reason(desk: frappe._dict) -> None:
	case = act(desk.officer, "mark_solved", make_case(desk), solution="Delivered")
	case = act(desk.officer, "record_answer", case, answer="Satisfied", source="Phone", comment="Thank you")
	assert case.answer == "Satisfied"
	case = act(desk.supervisor, "unsolve", case, reason="It was another parcel.")
	assert (case.status, case.answer, case.solved_by, case.solved_on, case.first_level) == (
		"Open",
		"",
		None,
		None,
		0,
	)
	assert (case.updates[-1].what, case.cycles[-1].solved_epoch) == ("It was another parcel.", 0)
	with pytest.raises(frappe.ValidationError, match="not marked as solved"):
		act(desk.officer, "unsolve", case, reason="Again")


def test_acts_are_posts_only(desk: frappe._dict) -> None:
	case = make_case(desk)
	with pytest.raises(frappe.PermissionError):
		web.get(desk.officer, f"{web.METHOD}/{API}.mark_solved", case=case.name, solution="Delivered")
	assert case.reload().status == "Open"


def test_what_acts_write_cannot_be_written_by_the_form(desk: frappe._dict) -> None:
	case = make_case(desk)
	path = f"{web.RESOURCE}/Tracing Case/{case.name}"
	for field, value in (("status", "Solved"), ("answer", "Satisfied"), ("solved_by", desk.officer)):
		with pytest.raises(frappe.PermissionError):
			web.put(desk.officer, path, **{field: value})
		assert case.reload().get(field) != value


def test_the_supervisor_works_every_case(desk: frappe._dict) -> None:
	case = pass_to(accept(make_case(desk)), desk.groups[EMIRATES])
	case = update(desk.supervisor, case)
	case = act(desk.supervisor, "mark_solved", case, solution="Delivered")
	assert (case.status, member_of(case.team)) == ("Solved", desk.officers[EMIRATES])
