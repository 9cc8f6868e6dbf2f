"""Anybody of a department suggests something on a group; the QA Specialist answers and closes, and both hear of it."""

from __future__ import annotations

import frappe
import pytest

from tests.site import courier as couriers
from tests.site import governance_cast as casts
from tests.site import web
from tests.site.factories import make_user

SUGGESTION = "Group Suggestion"
PATH = f"{web.RESOURCE}/{SUGGESTION}"


@pytest.fixture
def cast() -> casts.Cast:
	return casts.open_cast()


def suggest(cast: casts.Cast, user: str = "", **values: object) -> str:
	given = {"team": cast.group, "suggestion": "Ask for the air waybill first", **values}
	return web.post(user or cast.agent, PATH, **given)["name"]


def press(user: str, name: str, button: str, **values: object) -> None:
	args = frappe.as_json(values)
	web.call(user, "run_doc_method", dt=SUGGESTION, dn=name, method=button, args=args)


def test_staff_suggest_and_the_specialists_hear_of_it(cast: casts.Cast) -> None:
	name = suggest(cast)
	stored = frappe.get_doc(SUGGESTION, name)
	assert (stored.suggested_by, stored.state) == (cast.agent, "Open")
	assert (stored.department, stored.country) == (cast.department, casts.HOME)
	assert casts.notices_of(cast.qa, SUGGESTION) == [
		f"{cast.agent} suggests something on the group {cast.group}."
	]


def test_an_answer_and_the_close_reach_who_suggested_and_the_head(cast: casts.Cast) -> None:
	name = suggest(cast)
	press(cast.qa, name, "reply", answer="We will ask for it")
	press(cast.qa, name, "close")
	stored = frappe.get_doc(SUGGESTION, name)
	assert (stored.state, stored.answer, stored.answered_by) == ("Closed", "We will ask for it", cast.qa)
	for user in (cast.agent, cast.head):
		assert casts.notices_of(user, SUGGESTION) == [
			f"The suggestion on the group {cast.group} is answered.",
			f"The suggestion on the group {cast.group} is closed.",
		]


def test_nobody_is_left_without_an_answer(cast: casts.Cast) -> None:
	name = suggest(cast)
	with pytest.raises(frappe.ValidationError, match="before you close it"):
		press(cast.qa, name, "close")
	with pytest.raises(frappe.ValidationError, match="Write the answer"):
		press(cast.qa, name, "reply", answer="  ")


@pytest.mark.parametrize("who", ["agent", "head", "manager", "Administrator"])
def test_only_the_qa_specialist_answers_and_closes(cast: casts.Cast, who: str) -> None:
	user, name = getattr(cast, who, who), suggest(cast)
	with pytest.raises(frappe.PermissionError):
		press(user, name, "reply", answer="Mine")
	with pytest.raises(frappe.PermissionError):
		press(user, name, "close")
	assert frappe.db.get_value(SUGGESTION, name, "state") == "Open"


def test_who_suggests_sends_no_answer_along(cast: casts.Cast) -> None:
	sent = {"state": "Closed", "answer": "Done", "answered_by": cast.qa, "suggested_by": cast.head}
	stored = frappe.get_doc(SUGGESTION, suggest(cast, **sent))
	assert (stored.state, stored.answer, stored.suggested_by) == ("Open", None, cast.agent)


def test_answers_come_by_the_button_and_not_by_saving(cast: casts.Cast) -> None:
	name = suggest(cast)
	web.put(cast.qa, f"{PATH}/{name}", state="Closed", answer="Past the button")
	assert frappe.db.get_value(SUGGESTION, name, ["state", "answer"]) == ("Open", None)
	with pytest.raises(frappe.PermissionError):
		web.put(cast.agent, f"{PATH}/{name}", state="Closed")


def test_nothing_is_suggested_on_the_hidden_group(cast: casts.Cast) -> None:
	with pytest.raises(frappe.ValidationError, match="There is no group"):
		suggest(cast, team=cast.courier.tsm_team)


def test_a_suggestion_is_read_by_who_wrote_it_and_who_answers_for_the_department(cast: casts.Cast) -> None:
	stranger = make_user("Department Manager")
	couriers.make_department(head=stranger)
	name = suggest(cast)
	users = {
		"agent": cast.agent,
		"head": cast.head,
		"qa": cast.qa,
		"manager": cast.manager,
		"stranger": stranger,
	}
	opens = {who for who, user in users.items() if frappe.has_permission(SUGGESTION, "read", name, user)}
	lists = {who for who, user in users.items() if name in [row["name"] for row in web.get(user, PATH)]}
	assert opens == lists == {"agent", "head", "qa", "manager"}
