"""Who may call what of tracing: every function of its API, as every role, by real requests.

The tables say what the policy says. They are written out here, and not read from the app: a function that is not in them
fails, and so does one that lets in anybody else.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple

import frappe
import pytest

from core_helpdesk import config, month_api, tracing_api, tracing_work_api
from core_helpdesk.tracing import month_making, records
from tests.site import web
from tests.site.claim_desk import make_claims_desk
from tests.site.courier import make_outgoing_account
from tests.site.factories import as_user, make_agent, make_ticket, make_user
from tests.site.tracing_desk import accept, make_case, pass_to, set_tracing
from tests.site.tracing_months import MONTH

if TYPE_CHECKING:
	from frappe.model.document import Document

MODULES = (tracing_api, tracing_work_api, month_api)
REFUSALS = (frappe.PermissionError, frappe.ValidationError)
TRY = "one_try"
SENT_MONTH = "Month Sent"
CUSTOMER = "customer-of-acts@example.com"
DAY = 86_400

ROLES = {
	"guest": "nobody is signed in",
	"customer": "raised the ticket, reads it in the portal",
	"stranger": "an agent in no group",
	"other_tracing": "the officer of another country's tracing group",
	"passed_on": "the officer at headquarters who passed the case on",
	"holder": "an agent of the section that has the ticket now",
	"supervisor": "the Support Supervisor",
	"qa": "the QA Specialist",
	"manager": "the Customer Service Manager",
	"head": "the head of the section's department",
	"carer": "an agent of Customer Care",
	"tsm": "a member of TSM, to whom what is late escalates",
	"system_manager": "a System Manager without a part in it",
}

# TRC-12: the group that has the ticket closes it. TRC-09, TRC-10: and takes it.
MEMBERS = {"holder"}
# TRC-23: the Support Supervisor answers for all tracing, and so works any case, but closes by a named exception only.
SUPERVISORS = {"supervisor"}
WORKERS = MEMBERS | SUPERVISORS
# TRC-11: whoever passed it on adds information, without closing or moving it.
ADDERS = WORKERS | {"passed_on"}
# TRC-11, CORE-13, CORE-11, TSM-02: whoever had it, heads in their department, and who watches over all of it.
READERS = ADDERS | {"qa", "manager", "head", "tsm"}
# TRC-01, TRC-02: those who trace, of any country, and their supervisor.
OPENERS = {"passed_on", "other_tracing", "supervisor"}
# TRC-15: the standards are at hand; lists show to all staff what is theirs, which may be nothing.
STAFF = set(ROLES) - {"guest", "customer", "system_manager"}
# TRC-18, TRC-20, TRC-M2: who makes, receives and reviews the month.
MONTH_READERS = {"passed_on", "other_tracing", "supervisor", "qa", "manager"}
# TRC-18, CORE-13: its figures live, for heads those of their department.
REPORT_READERS = MONTH_READERS | {"head"}


class Act(NamedTuple):
	"""Who may do it, with what besides the case, and in which state the case is then."""

	who: set[str]
	values: dict[str, Any] = {}
	state: str = "Open"


SAID = {"comment": "Thank you, it is here."}
UPDATE = {
	"channel": "Phone",
	"contact": "Operations",
	"person": "Depot",
	"purpose": "Search",
	"what": "Found",
}
ACTS = {
	"tracing_api.accept": Act(MEMBERS),
	"tracing_api.hand_over": Act(WORKERS, {"team": "headquarters", "reason": "Done here"}),
	"tracing_api.offered_groups": Act(READERS),
	"tracing_api.open_by_hand": Act(OPENERS, {"ticket": "other_ticket"}),
	"tracing_api.add_update": Act(ADDERS, UPDATE),
	"tracing_api.ask_for_missing": Act(WORKERS, state="Faulty"),
	"tracing_api.return_data": Act(WORKERS, {"reason": "No phone to be read."}, "Faulty"),
	"tracing_api.ask_for_confirmation": Act(WORKERS, state="Solved"),
	"tracing_api.mark_solved": Act(WORKERS, {"solution": "Delivered on Tuesday."}),
	"tracing_api.unsolve": Act(WORKERS, {"reason": "It was another parcel."}, "Solved"),
	"tracing_api.record_answer": Act(WORKERS, {"answer": "Satisfied", "source": "Phone", **SAID}, "Solved"),
	"tracing_api.review_answer": Act(WORKERS, {"answer": "Satisfied", **SAID}, "Doubtful"),
	"tracing_api.reasons_against_closing": Act(READERS),
	"tracing_api.close": Act(MEMBERS, state="Satisfied"),
	"tracing_api.close_with_override": Act(SUPERVISORS, {"reason": "The customer has died."}),
	"tracing_api.close_unconfirmed": Act(MEMBERS, {"reason": "Three calls, no answer."}, "Silent"),
	"tracing_api.explanation": Act(READERS),
	"tracing_api.screen": Act(READERS),
	"month_api.shown": Act(MONTH_READERS, {"month": MONTH}),
	"month_api.send": Act(SUPERVISORS, {"month": MONTH}),
	"month_api.review": Act(MONTH_READERS, {"month": MONTH, "note": "Read."}),
	"month_api.sign": Act({"manager"}, {"month": MONTH}, SENT_MONTH),
	"month_api.cases": Act(REPORT_READERS, {"month": MONTH, "figure": "opened"}),
	"tracing_work_api.at_hand": Act(STAFF),
}
READING = {"offered_groups", "reasons_against_closing", "explanation", "screen", "shown", "cases", "at_hand"}

# TRC-10, TRC-11, TRC-23: whose list has the case; all other staff may ask, and see none of it.
WATCHERS = MEMBERS | SUPERVISORS | {"qa", "manager", "tsm"}
LISTS = {
	"my_tickets": ("mine", MEMBERS),
	"untaken": ("untaken", MEMBERS),
	"passed_on": ("passed_on", {"passed_on"}),
	"urgent": ("urgent", WATCHERS),
	"due_this_week": ("due_this_week", WATCHERS),
	"not_updated": ("not_updated", WATCHERS),
	"no_follow_up": ("no_follow_up", WATCHERS),
	"answered": ("answered", WATCHERS),
}
OTHERS = {"tracing_work_api.watch", "tracing_work_api.of_ticket"}
"""Tried below, by what they show."""


@pytest.fixture
def desk() -> frappe._dict:
	make_outgoing_account()
	desk = make_claims_desk()
	set_tracing(required_documents=[], reminders=2, unconfirmed_days=5)
	desk.customer = website_user(CUSTOMER)
	case = make_case(desk, customer=CUSTOMER)
	desk.case = accept(pass_to(case, desk.section, by=desk.officer), desk.worker)
	frappe.db.set_value("Tracing Leg", desk.case.legs[-1].name, "replied_epoch", 1)
	# Who wrote the data, to whom what is wrong with it goes back.
	frappe.db.set_value(
		"Tracing Leg", desk.case.legs[0].name, {"passed_by": make_agent(), "replied_epoch": 1}
	)
	desk.other_ticket = str(make_ticket(group=desk.section).name)
	desk.people = {
		"guest": "Guest",
		"customer": desk.customer,
		"stranger": make_agent(),
		"other_tracing": desk.officers["Egypt"],
		"passed_on": desk.officer,
		"holder": desk.worker,
		"tsm": desk.tsm[0],
		"system_manager": make_user("System Manager"),
		**{name: desk[name] for name in ("supervisor", "qa", "manager", "head", "carer")},
	}
	return desk


def website_user(email: str) -> str:
	user = frappe.get_doc({"doctype": "User", "email": email, "first_name": "Customer"})
	user.flags.no_welcome_mail = True
	user.insert()
	assert user.user_type == "Website User"
	return user.name


def bring_into(case: Document, state: str) -> None:
	"""The case as if it had come there."""
	long_ago = config.now_epoch() - 90 * DAY
	asked = {"confirmation_asked_epoch": long_ago, "reminders_sent": 9}
	solved = {"status": "Solved", "solved_on": config.from_epoch(long_ago), "solution": "Delivered"}
	values = {
		"Open": {},
		"Faulty": {"shipper_phone": ""},
		"Solved": solved,
		"Silent": {**solved, **asked},
	}
	records.write(case.name, values.get(state, {**solved, "answer": state}) or {"officer": case.officer})
	case.reload()


def given(desk: frappe._dict, function: str, act: Act) -> dict[str, Any]:
	values = {name: desk.get(value, value) for name, value in act.values.items()}
	named = {} if function.startswith(("month_api", "tracing_work_api")) else {"case": desk.case.name}
	return values if "ticket" in values else {**named, **values}


def stored(desk: frappe._dict) -> tuple[Any, ...]:
	"""All that an act could change."""
	tickets = ("in", [desk.case.ticket, desk.other_ticket])
	return (
		frappe.get_doc("Tracing Case", desk.case.name).as_json(),
		frappe.get_all("HD Ticket", {"name": tickets}, ["name", "agent_group", "status", "modified"]),
		[
			frappe.get_doc("Tracing Month", name).as_json()
			for name in frappe.get_all("Tracing Month", pluck="name")
		],
		frappe.db.count("Tracing Case"),
		frappe.db.count("Email Queue"),
	)


def tried(desk: frappe._dict, user: str, function: str, values: dict[str, Any]) -> SimpleNamespace:
	"""Whether it was done, and whether anything changed; undone afterwards."""
	before = stored(desk)
	frappe.db.savepoint(TRY)
	try:
		web.call(user, f"core_helpdesk.{function}", **values)
		refused = None
	except REFUSALS as error:
		refused = error
	changed = stored(desk) != before
	frappe.db.rollback(save_point=TRY)
	frappe.local.message_log = []
	return SimpleNamespace(done=refused is None, changed=changed, refused=refused)


def test_every_function_is_in_a_table() -> None:
	found = {
		f"{module.__name__.removeprefix('core_helpdesk.')}.{name}"
		for module in MODULES
		for name, function in vars(module).items()
		if callable(function) and function in frappe.whitelisted and function.__module__ == module.__name__
	}
	assert found == {*ACTS, *OTHERS, *(f"tracing_work_api.{name}" for name in LISTS)}


@pytest.mark.parametrize("function", ACTS)
def test_every_role_by_request(desk: frappe._dict, function: str) -> None:
	"""Policy: TRC-09, TRC-11, TRC-12, TRC-18, TRC-23"""
	act = ACTS[function]
	month_making.make(MONTH, config.now_epoch())
	if act.state == SENT_MONTH:
		frappe.db.set_value("Tracing Month", MONTH, "status", "Sent")
	else:
		bring_into(desk.case, act.state)
	values = given(desk, function, act)
	for role, user in desk.people.items():
		seen = tried(desk, user, function, values)
		assert seen.done == (role in act.who), (role, seen.refused)
		is_act = function.rpartition(".")[2] not in READING
		assert seen.changed == (seen.done and is_act), role


@pytest.mark.parametrize("function", [name for name in ACTS if name.rpartition(".")[2] not in READING])
def test_no_act_is_done_by_a_link(desk: frappe._dict, function: str) -> None:
	act = ACTS[function]
	values = given(desk, function, act)
	with pytest.raises(frappe.PermissionError):
		web.get(desk.people[min(act.who)], f"{web.METHOD}/core_helpdesk.{function}", **values)


@pytest.mark.parametrize("function", [name for name in ACTS if name.startswith("tracing_api")])
def test_a_case_that_there_is_not_is_nobodys(desk: frappe._dict, function: str) -> None:
	values = given(desk, function, ACTS[function]) | {"case": "TC-0000-00000", "ticket": "0"}
	values.pop("ticket" if "ticket" not in ACTS[function].values else "case")
	for role in ("guest", "customer", "stranger", "supervisor"):
		with pytest.raises((*REFUSALS, frappe.DoesNotExistError)):
			web.call(desk.people[role], f"core_helpdesk.{function}", **values)


@pytest.mark.parametrize("card", LISTS)
def test_lists_and_cards_show_the_case_to_whose_it_is(desk: frappe._dict, card: str) -> None:
	"""Policy: TRC-10, TRC-11, TRC-23"""
	name, who = LISTS[card]
	now = config.now_epoch()
	values = {"status": "Solved", "answer": "Satisfied", "officer": None, "urgent": 1, "due_epoch": now + DAY}
	records.write(
		desk.case.name, {**values, "last_update_epoch": 1, "came_epoch": 1, "follow_up_on": "2020-01-01"}
	)
	for role, user in desk.people.items():
		if role not in STAFF:
			for function, asked in ((card, {}), ("watch", {"name": name})):
				with pytest.raises(frappe.PermissionError):
					web.call(user, f"core_helpdesk.tracing_work_api.{function}", **asked)
			continue
		counted = web.call(user, f"core_helpdesk.tracing_work_api.{card}")["value"]
		listed = web.call(user, "core_helpdesk.tracing_work_api.watch", name=name)
		shown = desk.case.name in [row["name"] for row in listed["rows"]]
		assert (bool(counted), shown, bool(listed["counts"][name])) == (role in who,) * 3, role


def test_a_ticket_leads_its_readers_to_its_case(desk: frappe._dict) -> None:
	"""Policy: TRC-02, TRC-11"""
	function = f"{web.METHOD}/core_helpdesk.tracing_work_api.of_ticket"
	for role, user in desk.people.items():
		for ticket in (desk.case.ticket, desk.other_ticket):
			if not reads_ticket(user, ticket):
				with pytest.raises(frappe.PermissionError):
					web.get(user, function, ticket=ticket)
				continue
			found = web.get(user, function, ticket=ticket)
			if ticket == desk.case.ticket and role in READERS:
				assert (found["name"], found["may_open"]) == (desk.case.name, False), role
			else:
				may_open = ticket == desk.other_ticket and role in OPENERS
				assert found == {"name": "", "may_open": may_open}, role


def reads_ticket(user: str, ticket: str) -> bool:
	with as_user(user):
		return bool(frappe.has_permission("HD Ticket", "read", ticket))
