"""Two people act on one case at the same instant: one wins or both follow in order, nothing is half done or done twice.

Every act is a request of its own, in a process of its own; both have looked before either changes anything.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk.escalations import rows, sweep, tracing_clock
from core_helpdesk.hosts import hd_ticket
from core_helpdesk.setup import claim_workflow as flow
from core_helpdesk.setup import tracing_notices
from core_helpdesk.tracing import confirmation, reconcile, records, reminders
from tests.site import web, website
from tests.site.at_once import DONE, TOLD, at_once, side_by_side
from tests.site.claim_desk import API as CLAIM_API
from tests.site.claim_desk import by_button, by_rest, fresh, make_claim, make_claims_desk
from tests.site.courier import make_outgoing_account
from tests.site.factories import make_ticket, make_user
from tests.site.moments import Moment, forget_time_zone
from tests.site.notice_desk import link_of, mails, solved_case
from tests.site.tracing_desk import accept, case_of, make_case, set_tracing

if TYPE_CHECKING:
	from collections.abc import Callable, Iterator

	from frappe.model.document import Document

	Act = Callable[[], object]

pytestmark = pytest.mark.committed
API = "core_helpdesk.tracing_api"
EMIRATES, EGYPT = "United Arab Emirates", "Egypt"
NO = {"answer": "Not Satisfied", "source": "Phone", "comment": "It is not here."}
YES = {"answer": "Satisfied", "source": "Phone", "comment": "Thank you, it is here."}
WORK = {
	"channel": "Phone",
	"contact": "Operations",
	"person": "Night shift",
	"purpose": "Search",
	"what": "Found",
}
CLAIM = {"amount": 10, "currency": "SAR", "grounds": "Lost"}


@pytest.fixture
def desk(monkeypatch: pytest.MonkeyPatch, snapshot: object) -> Iterator[frappe._dict]:
	moment = Moment(monkeypatch, "2026-03-02 09:00")
	make_outgoing_account()
	tracing_notices.seed()
	made = make_claims_desk()
	set_tracing(required_documents=[])
	made.moment = moment
	frappe.db.commit()
	yield made
	forget_time_zone()


def act(user: str, name: str, case: Document, **said: object) -> Act:
	return partial(web.call, user, f"{API}.{name}", case=case.name, **said)


def press(token: str, answer: str) -> Act:
	"""The customer's answer by the link; the page says no more than that it does not hold."""

	def pressed() -> None:
		seen = website.submit("Guest", confirmation.ROUTE, token=token, answer=answer)
		if seen.status != 303:
			raise frappe.ValidationError(seen.text)

	return pressed


def solved(desk: frappe._dict, **data: object) -> Document:
	case = solved_case(desk, **data)
	accept(case, desk.officer)
	frappe.db.commit()
	return case.reload()


def confirmed(desk: frappe._dict) -> Document:
	case = solved(desk)
	act(desk.officer, "record_answer", case, **YES)()
	return case.reload()


def one_of_two(ended: list[str]) -> str:
	"""What the loser was told: a message for people."""
	assert ended.count(DONE) == 1, ended
	(lost,) = filter(None, ended)
	assert lost.startswith(TOLD), lost
	return lost


def team_of(case: Document) -> str:
	return hd_ticket.facts(case.ticket).team


def is_consistent(case: Document) -> bool:
	"""Whether case, legs, cycle and ticket say the same."""
	case.reload()
	running = [leg.team for leg in case.legs if not leg.left_epoch]
	is_closed = case.status == records.CLOSED
	assert is_closed is not hd_ticket.facts(case.ticket).is_live
	assert running == ([] if is_closed else [team_of(case)])
	assert [leg.number for leg in case.legs] == list(range(1, len(case.legs) + 1))
	assert (bool(case.cycles[-1].closed_epoch), case.open_ticket is None) == (is_closed, is_closed)
	return case.team == team_of(case)


# --- Two people


def test_two_who_take_a_case_follow_each_other(desk: frappe._dict) -> None:
	case = make_case(desk)
	taking = (act(desk.officer, "accept", case), act(desk.colleague, "accept", case))
	assert at_once(*taking) == [DONE, DONE]
	assert is_consistent(case)
	# Who came first has accepted the leg, who came last has the case.
	assert {case.legs[0].accepted_by, case.officer} == {desk.officer, desk.colleague}


def test_a_case_goes_to_one_of_two_groups(desk: frappe._dict) -> None:
	case = make_case(desk, origin_country=EGYPT, destination_country=EMIRATES)
	ways = {EMIRATES: desk.officer, EGYPT: desk.colleague}
	passing = [
		act(user, "hand_over", case, team=desk.groups[country], reason="Yours")
		for country, user in ways.items()
	]
	ended = at_once(*passing)
	assert "Only members of the group" in one_of_two(ended)
	country = list(ways)[ended.index(DONE)]
	assert is_consistent(case)
	assert [(leg.team, leg.passed_by) for leg in case.legs] == [
		(desk.headquarters, None),
		(desk.groups[country], ways[country]),
	]


@pytest.mark.parametrize("way", ["act", "host"])
def test_a_no_outlives_a_closing(desk: frappe._dict, way: str) -> None:
	case = confirmed(desk)
	closing = act(desk.officer, "close", case)
	if way == "host":
		closing = partial(web.put, desk.officer, f"{web.RESOURCE}/HD Ticket/{case.ticket}", status="Closed")
	closed, answered = at_once(closing, act(desk.colleague, "record_answer", case, **NO))
	assert answered == DONE
	# Closed before the answer, the case came back with it.
	assert closed == DONE or "cannot be closed yet" in closed
	assert is_consistent(case)
	assert (case.status, len(case.cycles)) == (records.OPEN, 2 if closed == DONE else 1)
	assert [row.answer for row in case.answers] == [YES["answer"], NO["answer"]]


@pytest.mark.parametrize("way", ["button", "form"])
def test_a_claim_is_made_or_its_case_is_closed(desk: frappe._dict, way: str) -> None:
	case = confirmed(desk)
	claiming = partial(web.call, desk.colleague, f"{CLAIM_API}.make_claim", case=case.name, **CLAIM)
	if way == "form":
		path = f"{web.RESOURCE}/Tracing Claim"
		claiming = partial(web.post, desk.colleague, path, tracing_case=case.name, **CLAIM)
	ended = at_once(act(desk.officer, "close", case), claiming)
	lost = one_of_two(ended)
	assert is_consistent(case)
	is_closed = ended[0] == DONE
	assert ("claims are made for open cases" if is_closed else "Nobody has decided on the claim") in lost
	assert frappe.db.count("Tracing Claim", {"tracing_case": case.name}) == (not is_closed)


@pytest.mark.parametrize("way", [by_button, by_rest])
def test_a_claim_is_approved_and_handed_over_once(desk: frappe._dict, way: Callable) -> None:
	claim = make_claim(desk)
	by_button(desk.officer, claim.name, flow.SUPERVISOR_APPROVAL)
	people = (desk.supervisor, make_user("Support Supervisor"))
	ended = at_once(*(partial(way, user, claim.name, flow.APPROVED) for user in people))
	one_of_two(ended)
	claim = fresh(claim)
	assert (claim.workflow_state, claim.approved_by) == (flow.HANDED_OVER, people[ended.index(DONE)])
	assert hd_ticket.facts(claim.ticket).team == desk.care_team
	assert frappe.db.count("HD Ticket Comment", {"reference_ticket": claim.ticket}) == 1
	about = {"document_name": claim.name, "for_user": desk.carer}
	assert frappe.db.count("Notification Log", about) == 1
	assert is_consistent(frappe.get_doc(records.DOCTYPE, claim.tracing_case))


def test_a_ticket_that_comes_to_tracing_by_two_ways_has_one_case(desk: frappe._dict) -> None:
	ticket = make_ticket(group=desk.section)
	by_hand = partial(web.call, desk.supervisor, f"{API}.open_by_hand", ticket=str(ticket.name))
	path = f"{web.RESOURCE}/HD Ticket/{ticket.name}"
	ended = at_once(by_hand, partial(web.put, desk.worker, path, agent_group=desk.headquarters))
	assert DONE in ended
	assert all(said == DONE or said.startswith(TOLD) for said in ended), ended
	check_one_case(ticket)


def test_a_person_and_the_job_open_one_case(desk: frappe._dict) -> None:
	ticket = make_ticket(group=desk.section)
	frappe.db.set_value("HD Ticket", ticket.name, "agent_group", desk.headquarters)
	by_hand = partial(web.call, desk.officer, f"{API}.open_by_hand", ticket=str(ticket.name))
	assert at_once(by_hand, partial(reconcile.mend, str(ticket.name), desk.moment.now)) == [DONE, DONE]
	check_one_case(ticket)


def check_one_case(ticket: Document) -> None:
	assert frappe.db.count(records.DOCTYPE, {"ticket": str(ticket.name)}) == 1
	assert is_consistent(case_of(ticket))


# --- The customer


def test_a_link_answers_once(desk: frappe._dict) -> None:
	case = solved(desk)
	token = link_of(case)["token"]
	assert "not valid" in one_of_two(at_once(press(token, "yes"), press(token, "yes")))
	assert is_consistent(case)
	assert ([row.source for row in case.answers], case.confirmation_key) == (["Link"], None)


def test_a_no_by_link_is_kept_or_refused(desk: frappe._dict) -> None:
	case = solved(desk)
	closing = act(desk.supervisor, "close_with_override", case, reason="The court says so")
	closed, pressed = at_once(closing, press(link_of(case)["token"], "no"))
	assert closed == DONE
	assert pressed == DONE or "not valid" in pressed
	assert is_consistent(case)
	assert (case.closing, len(case.answers)) == ("Override", int(pressed == DONE))


def test_who_answers_is_not_reminded(desk: frappe._dict) -> None:
	set_tracing(reminders=2, reminder_days=1)
	case = solved(desk)
	now, token = desk.moment.later(days=3), link_of(case)["token"]
	jobs = [partial(reminders.remind, now)] * 2
	*reminded, pressed = at_once(*jobs, press(token, "yes"))
	assert reminded == [DONE, DONE]
	case.reload()
	sent = len(mails(case)) - 1
	# A reminder takes the place of the first link.
	assert (len(case.answers), case.reminders_sent, sent) in ((1, 0, 0), (0, 1, 1))
	assert pressed == DONE if case.answers else "not valid" in pressed


def test_silence_is_over_with_an_answer_or_with_the_closing(desk: frappe._dict) -> None:
	set_tracing(reminders=0, unconfirmed_days=1)
	case = solved(desk)
	desk.moment.later(days=4)
	closing = act(desk.officer, "close_unconfirmed", case, reason="No answer for days")
	ended = at_once(closing, press(link_of(case)["token"], "yes"))
	one_of_two(ended)
	assert is_consistent(case)
	assert (case.status, len(case.answers), case.answers[0].source) == (
		(records.CLOSED, 1, "Exception") if ended[0] == DONE else (records.SOLVED, 1, "Link")
	)


# --- The sweep


def test_a_level_fires_once_while_its_case_closes(desk: frappe._dict) -> None:
	case = confirmed(desk)
	now = desk.moment.set_epoch(tracing_clock.due(case.ticket).due + 60)
	assert at_once(act(desk.officer, "close", case), partial(sweep.run, now)) == [DONE, DONE]
	sweep.run(desk.moment.later(minutes=5))
	assert is_consistent(case)
	fired = {"reference_name": case.ticket, "clock": rows.TRACING}
	escalations = frappe.get_all("Ticket Escalation", fired, ["name", "cycle", "level", "status"])
	assert [(row.cycle, row.level, row.status) for row in escalations] == [(1, 1, "Closed with Ticket")]
	assert not rows.read(case.ticket, rows.TRACING).clock.is_live
	assert frappe.db.count("Escalation Effect", {"state": ("in", ("Pending", "Claimed", "Failed"))}) == 0
	about = {"parenttype": "Email Queue", "parent": ("in", mails_about(escalations[0].name) or [""])}
	told = frappe.get_all("Email Queue Recipient", about, pluck="recipient")
	assert len(told) == len(set(told))


def mails_about(escalation: str) -> list[str]:
	return frappe.get_all("Email Queue", {"reference_name": escalation}, pluck="name")


# --- Neighbours


def test_acts_on_neighbouring_cases_do_not_disturb_each_other(desk: frappe._dict) -> None:
	cases = [make_case(desk) for _ in range(32)]
	frappe.db.commit()
	acts = (
		lambda case: act(desk.officer, "add_update", case, **WORK),
		lambda case: act(desk.colleague, "mark_solved", case, solution="Delivered on Tuesday."),
		lambda case: act(desk.officer, "hand_over", case, team=desk.groups[EMIRATES], reason="Yours"),
		lambda case: partial(web.call, desk.colleague, f"{CLAIM_API}.make_claim", case=case.name, **CLAIM),
	)
	lanes = [[acts[number % 4](case) for case in cases[number::8]] for number in range(8)]
	assert {ended for lane in side_by_side(lanes) for ended in lane} == {DONE}
	assert all([is_consistent(case) for case in cases])
