"""Anybody of a department suggests something on a group; the QA Specialist answers and closes, and both hear of it."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import frappe
import pytest
from frappe.utils import now_datetime

from core_helpdesk.governance import suggestions
from tests.site import courier as couriers
from tests.site import governance_cast as casts
from tests.site import web
from tests.site.factories import make_team, make_user
from tests.site.mail_reading import plain_text, subject_of

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
	writer = frappe.db.get_value("User", cast.agent, "full_name")
	assert casts.notices_of(cast.qa, SUGGESTION) == [
		f"{writer} suggests something on the group {cast.group}."
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


# What may be written, and by whom.


def test_no_group_is_told_from_one_that_is_hidden_or_not_open_yet(cast: casts.Cast) -> None:
	waiting = make_team(ch_department=cast.department)
	frappe.db.set_value("HD Team", waiting, "ch_stage", "Not Open Yet")
	for name in (cast.courier.tsm_team, cast.courier.tsm_team.upper(), waiting, "Nobody's Group", ""):
		with pytest.raises(frappe.ValidationError, match="There is no group"):
			suggest(cast, team=name)
	assert suggest(cast, cast.qa, team=waiting)
	# What a member suggests on the hidden group would show it to the head of a department.
	with pytest.raises(frappe.ValidationError, match="There is no group"):
		suggest(cast, cast.courier.tsm[0], team=cast.courier.tsm_team)


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_an_empty_suggestion_is_refused(cast: casts.Cast, text: str) -> None:
	with pytest.raises(frappe.ValidationError, match="Write the suggestion first"):
		suggest(cast, suggestion=text)


def test_a_long_text_is_refused_with_its_length_and_the_longest_is_kept_whole(cast: casts.Cast) -> None:
	longest = "ض" * suggestions.LONGEST
	assert frappe.db.get_value(SUGGESTION, suggest(cast, suggestion=longest), "suggestion") == longest
	with pytest.raises(frappe.ValidationError, match="has 5001 characters; 5000 are the most"):
		suggest(cast, suggestion=longest + "ض")
	with pytest.raises(frappe.ValidationError, match="has 5001 characters"):
		press(cast.qa, suggest(cast), "reply", answer=longest + "ض")


@pytest.mark.parametrize(
	"written",
	[
		"<svg onload=alert(1)> & more",
		'["<svg onload=alert(1)>"]',
		"under 5 < 6 kg & <b>now</b>",
	],
)
def test_markup_is_kept_as_text_and_mailed_as_it_was_written(cast: casts.Cast, written: str) -> None:
	name = suggest(cast, suggestion=written)
	press(cast.qa, name, "reply", answer=written)
	stored = frappe.db.get_value(SUGGESTION, name, ["suggestion", "answer"])
	assert "<svg" not in str(stored)
	assert "<b>" not in str(stored)
	assert [unescape(text) for text in stored] == [written, written]
	(mail,) = mails_to(cast.agent)
	assert plain_text(mail).count(written) == 2


def test_a_day_has_twenty_suggestions_of_one_person(cast: casts.Cast) -> None:
	names = [suggest(cast) for _ in range(suggestions.MOST_A_DAY)]
	with pytest.raises(frappe.ValidationError, match="You have made 20 suggestions in a day"):
		suggest(cast)
	assert suggest(cast, cast.head)
	yesterday = now_datetime() - timedelta(hours=25)
	frappe.db.set_value(SUGGESTION, names[0], "creation", yesterday, update_modified=False)
	assert suggest(cast)


@pytest.mark.parametrize("who", ["guest", "customer"])
def test_guests_and_customers_neither_suggest_nor_read(cast: casts.Cast, who: str) -> None:
	user = "Guest"
	if who == "customer":
		user = make_user()
		frappe.db.set_value("User", user, "user_type", "Website User")
		frappe.clear_cache(user=user)
	name = suggest(cast)
	with pytest.raises(frappe.PermissionError):
		suggest(cast, user)
	with pytest.raises(frappe.PermissionError):
		web.get(user, f"{PATH}/{name}")
	assert not frappe.has_permission(SUGGESTION, "read", name, user)


# Mails.


def mails_to(user: str) -> list[str]:
	sent = frappe.get_all("Email Queue Recipient", {"recipient": user}, pluck="parent")
	wanted = {"reference_doctype": SUGGESTION, "name": ("in", sent or [""])}
	return frappe.get_all("Email Queue", wanted, pluck="message", order_by="creation")


@pytest.mark.parametrize(
	("language", "subject"),
	[("en", "The suggestion on the group {0} is answered."), ("ar", "أُجيب عن الاقتراح على المجموعة {0}.")],
)
def test_who_suggested_has_the_answer_by_mail_in_their_own_language(
	cast: casts.Cast, language: str, subject: str
) -> None:
	frappe.db.set_value("User", cast.agent, "language", language)
	name = suggest(cast)
	press(cast.qa, name, "reply", answer="We will ask for it")
	(mail,) = mails_to(cast.agent)
	assert subject_of(mail) == subject.format(cast.group)
	assert "We will ask for it" in plain_text(mail)
	assert "Ask for the air waybill first" in plain_text(mail)
	assert mails_to(cast.head) == mails_to(cast.qa) == []
	press(cast.qa, name, "close")
	assert len(mails_to(cast.agent)) == 2


@pytest.mark.parametrize("mode", ["Off", "Observe"])
def test_nothing_is_mailed_before_the_app_is_live(cast: casts.Cast, mode: str) -> None:
	couriers.set_settings(mode=mode)
	press(cast.qa, suggest(cast), "reply", answer="We will ask for it")
	assert mails_to(cast.agent) == []
	assert len(casts.notices_of(cast.agent, SUGGESTION)) == 1


def test_an_answer_is_kept_also_where_no_mail_can_go(cast: casts.Cast) -> None:
	couriers.switch_outgoing_account(on=False)
	name = suggest(cast)
	press(cast.qa, name, "reply", answer="We will ask for it")
	assert frappe.db.get_value(SUGGESTION, name, "state") == "Answered"
	assert len(casts.notices_of(cast.agent, SUGGESTION)) == 1


def test_a_closed_suggestion_stays_closed(cast: casts.Cast) -> None:
	name = suggest(cast)
	press(cast.qa, name, "reply", answer="We will ask for it")
	press(cast.qa, name, "close")
	for button, values in (("reply", {"answer": "Again"}), ("close", {})):
		with pytest.raises(frappe.ValidationError, match="This suggestion is closed"):
			press(cast.qa, name, button, **values)


def test_a_suggestion_is_of_who_makes_it_on_a_group_that_stays_the_same(cast: casts.Cast) -> None:
	name = suggest(cast)
	other = make_team()
	with pytest.raises(frappe.ValidationError):
		web.put(cast.qa, f"{PATH}/{name}", team=other)
	with pytest.raises(frappe.ValidationError):
		web.put(cast.qa, f"{PATH}/{name}", suggestion="Something else")
	stored = frappe.db.get_value(SUGGESTION, name, ["team", "suggestion"])
	assert stored == (cast.group, "Ask for the air waybill first")
