"""The group directory says of every group what is true now, to staff alone, and of no group to whom it is hidden."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk.governance import directory_page
from tests.site import courier as couriers
from tests.site import governance_cast as casts
from tests.site import website
from tests.site.factories import make_agent, make_policy, make_team, make_user

if TYPE_CHECKING:
	from collections.abc import Callable, Iterator

	from bs4 import Tag

PAGE = "/group-directory"
MARKUP = "<img src=x onerror=alert(1)>{next}{index}"


@pytest.fixture
def cast() -> casts.Cast:
	return casts.open_cast()


def look(user: str, **query: object) -> website.Seen:
	seen = website.visit(user, PAGE, **query)
	assert seen.status == 200
	return seen


def listed(user: str, **query: object) -> list[str]:
	"""Names of the groups on a page, as they stand there one after the other."""
	return [website.words_of(link) for link in look(user, **query).page.select("article.short h3 a")]


def group_page(user: str, team: str) -> Tag:
	return look(user, group=team).page.select_one("article.full")


def facts_of(article: Tag) -> dict[str, str]:
	return {
		website.words_of(row.dt): website.words_of(row.dd) for row in article.select("dl > div") if row.dt
	}


def steps_of(article: Tag) -> list[list[str]]:
	"""The steps of each ladder."""
	return [[website.words_of(step) for step in ladder.select("li")] for ladder in article.select("ol")]


def customer(language: str = "en") -> str:
	user = make_user(language=language)
	frappe.db.set_value("User", user, "user_type", "Website User")
	return user


# Who reads it.


def test_a_guest_is_asked_to_sign_in_and_comes_back_to_the_same_page(cast: casts.Cast) -> None:
	seen = website.visit("Guest", PAGE, group="Returns & More")
	assert seen.status == 302
	assert seen.location == "/login?redirect-to=%2Fgroup-directory%3Fgroup%3DReturns%2B%2526%2BMore"


@pytest.mark.parametrize(
	("language", "said"),
	[("en", "The Group Directory is for staff."), ("ar", "دليل المجموعات للموظفين.")],
)
def test_a_customer_is_refused_in_their_own_language(cast: casts.Cast, language: str, said: str) -> None:
	for query in ({}, {"group": cast.group}, {"view": "handbook"}):
		seen = website.visit(customer(language), PAGE, **query)
		assert seen.status == 403
		assert said in seen.text
		assert cast.group not in str(seen.page)


@pytest.mark.parametrize("who", ["agent", "head", "qa", "manager"])
def test_every_member_of_staff_reads_the_whole_of_a_group(cast: casts.Cast, who: str) -> None:
	article = group_page(getattr(cast, who), cast.group)
	head = frappe.db.get_value("User", cast.head, "full_name")
	facts = facts_of(article)
	hours = facts.pop("Working Hours")
	assert facts == {
		"Department": cast.department,
		"Country": "Saudi Arabia",
		"Group Category": cast.category,
		"Ticket Category": "All ticket categories",
		"Department Head": head,
		"Members": "1",
	}
	assert hours.startswith("Sunday to Thursday 08:00–17:00 Friday and Saturday Day Off")
	assert "(Asia/Riyadh)" in hours
	assert website.words_of(article.select_one(".purpose")) == "Parcels that did not arrive"
	assert steps_of(article) == [
		["After 24 hours to Ticketing System Management", "24 hours later to General Manager"]
	]
	assert "The department head is told of every level." in website.words_of(article)


def test_changes_are_asked_for_and_suggested_by_whom_the_desk_lets(cast: casts.Cast) -> None:
	def ways(user: str) -> list[str]:
		return [link["href"] for link in group_page(user, cast.group).select(".actions a")]

	team = frappe.utils.quoted(cast.group).replace("%20", "+")
	ask = f"/app/group-request/new?kind=Change+Group&team={team}"
	suggest = f"/app/group-suggestion/new?team={team}"
	for user in (cast.head, cast.qa):
		assert ways(user) == [ask, suggest]
	assert ways(cast.courier.general_manager) == [suggest]


# What is hidden.


def test_a_hidden_group_is_there_for_its_members_and_the_qa_specialist_alone(cast: casts.Cast) -> None:
	hidden = cast.courier.tsm_team
	for user in (cast.qa, cast.courier.tsm[0]):
		assert hidden in listed(user)
		article = group_page(user, hidden)
		assert "Hidden Group" in website.words_of(article.h1)
		assert not article.select(".actions")
	for user in (
		cast.agent,
		cast.head,
		cast.manager,
		cast.courier.general_manager,
		make_user("System Manager"),
	):
		for query in ({}, {"q": hidden}, {"retired": 1}):
			assert hidden not in listed(user, **query)
		assert website.visit(user, PAGE, group=hidden).status == 404
		names = [website.words_of(name) for name in look(user, view="handbook").page.select("article h3")]
		assert cast.group in names
		assert hidden not in names


def test_the_handbook_has_no_group_that_is_not_for_everybody(cast: casts.Cast) -> None:
	waiting = make_team(ch_department=cast.department)
	frappe.db.set_value(
		"HD Team", waiting, {"ch_stage": "Not Open Yet", "ch_opens_on": "2099-03-01 08:00:00"}
	)
	handbook = look(cast.qa, view="handbook")
	names = [website.words_of(name) for name in handbook.page.select("article h3")]
	assert cast.group in names
	assert not {waiting, cast.courier.tsm_team} & set(names)
	assert f"Groups: {len(names)}" in handbook.text
	inward = {website.words_of(group.h3.a) for group in look(cast.qa).page.select("article.inward")}
	assert inward == {waiting, cast.courier.tsm_team}


def test_a_hidden_group_is_refused_like_one_that_is_not_there(cast: casts.Cast) -> None:
	hidden, absent = (
		website.visit(cast.agent, PAGE, group=name).text.replace(name, "…")
		for name in (cast.courier.tsm_team, "Nobody's Group")
	)
	assert hidden == absent


def test_a_group_before_its_start_is_there_for_its_members_and_the_qa_specialist(cast: casts.Cast) -> None:
	member = make_agent()
	team = make_team(agents=(member,), ch_department=cast.department)
	frappe.db.set_value("HD Team", team, {"ch_stage": "Not Open Yet", "ch_opens_on": "2099-03-01 08:00:00"})
	for user in (cast.qa, member):
		assert website.words_of(group_page(user, team).h1) == f"{team} Opens on 01-03-2099"
	for user in (cast.agent, cast.head, cast.manager):
		assert team not in listed(user)
		assert website.visit(user, PAGE, group=team).status == 404


def test_retired_groups_stand_apart_with_their_date_and_only_on_demand(cast: casts.Cast) -> None:
	team = make_team(ch_department=cast.department)
	frappe.db.set_value("HD Team", team, {"ch_stage": "Retired", "ch_retired_on": "2026-02-28"})
	assert team not in listed(cast.agent)
	assert "Retired groups: 1" in look(cast.agent).text
	assert listed(cast.agent, retired=1) == [team]
	article = group_page(cast.agent, team)
	assert website.words_of(article.h1) == f"{team} Retired on 28-02-2026"
	assert not article.select("ol, .actions")


# Always live.


def test_a_changed_policy_stands_there_at_once(cast: casts.Cast) -> None:
	assert len(steps_of(group_page(cast.agent, cast.group))) == 1
	levels = {"after_hours": 6, "clock_kind": "Working Time", "acknowledge_within_hours": 1}
	policy = make_policy(levels, team=cast.group)
	assert steps_of(group_page(cast.agent, cast.group)) == [
		["After 6 working hours to Ticketing System Management, to be acknowledged within 1 hour"]
	]
	frappe.db.set_value("Escalation Policy", policy, {"ended_on": "2026-02-01 00:00:00"})
	assert steps_of(group_page(cast.agent, cast.group)) == [
		["After 24 hours to Ticketing System Management", "24 hours later to General Manager"]
	]


def test_a_policy_that_begins_later_does_not_stand_there_yet(cast: casts.Cast) -> None:
	make_policy({"after_hours": 2}, team=cast.group, starts_on="2099-01-01 00:00:00")
	assert steps_of(group_page(cast.agent, cast.group))[0][0].startswith("After 24 hours")


def test_a_ticket_category_with_a_policy_of_its_own_has_its_own_ladder(cast: casts.Cast) -> None:
	make_policy({"after_hours": 3}, ticket_type=cast.ticket_type)
	article = group_page(cast.agent, cast.group)
	titles = [website.words_of(title) for title in article.select(".title")]
	assert titles == ["All other tickets", f"Tickets of the category {cast.ticket_type}"]
	assert [steps[0] for steps in steps_of(article)] == [
		"After 24 hours to Ticketing System Management",
		"After 3 hours to Ticketing System Management",
	]


def test_a_group_that_takes_one_ticket_category_has_that_ones_ladder_alone(cast: casts.Cast) -> None:
	make_policy({"after_hours": 3}, ticket_type=cast.ticket_type)
	frappe.db.set_value("HD Team", cast.group, "ch_ticket_type", cast.ticket_type)
	article = group_page(cast.agent, cast.group)
	assert steps_of(article) == [["After 3 hours to Ticketing System Management"]]
	assert facts_of(article)["Ticket Category"] == cast.ticket_type


def test_members_hours_and_head_are_as_they_are_now(cast: casts.Cast) -> None:
	group_page(cast.agent, cast.group)
	team = frappe.get_doc("HD Team", cast.group)
	team.append("users", {"user": make_agent()})
	team.save()
	frappe.db.set_value("User", cast.agent, "enabled", 0)
	away = {"absent_from": "2020-01-01", "absent_until": None}
	frappe.db.set_value("Department Head", {"parent": cast.department}, away)
	calendar = frappe.get_doc("Working Calendar", {"country": "Saudi Arabia", "is_country_default": 1})
	calendar.set("intervals", [{"from_time": "07:00:00", "to_time": "15:30:00"}])
	calendar.save()
	facts = facts_of(group_page(cast.qa, cast.group))
	assert facts["Members"] == "1"
	names = [frappe.db.get_value("User", user, "full_name") for user in (cast.courier.deputy, cast.head)]
	assert facts["Department Head"] == "{}, for {}".format(*names)
	assert "Sunday to Thursday 07:00–15:30" in facts["Working Hours"]


def test_a_running_season_stands_beside_the_ordinary_week(cast: casts.Cast) -> None:
	calendar = frappe.get_doc("Working Calendar", {"country": "Saudi Arabia", "is_country_default": 1})
	today = frappe.utils.nowdate()
	season = {"season_name": "Audit", "first_day": today, "last_day": "2099-12-31", "hours": "10:00-12:00"}
	calendar.set("seasons", [season])
	calendar.save()
	hours = facts_of(group_page(cast.agent, cast.group))["Working Hours"]
	assert "Sunday to Thursday 08:00–17:00" in hours
	assert "Audit, until 31-12-2099 10:00–12:00" in hours


def test_a_group_without_anything_says_so(cast: casts.Cast) -> None:
	couriers.set_settings(governed_from=None)
	frappe.db.set_value("Escalation Policy", {"is_default": 1}, "workflow_state", "Superseded")
	frappe.db.set_value("Escalation Policy", {"is_default": 1}, "ended_on", "2020-01-02")
	article = group_page(cast.agent, make_team())
	facts = facts_of(article)
	assert facts["Department Head"] == facts["Group Category"] == "Not set"
	assert facts["Members"] == "0"
	assert "No escalation policy is in force for the group." in website.words_of(article)
	assert "Tickets of this group have no clock now" in website.words_of(article)
	assert "No purpose is written down." in website.words_of(article)


def test_the_page_says_that_escalation_is_not_live_until_it_is(cast: casts.Cast) -> None:
	text = "Escalation is not live on this site yet"
	assert text not in look(cast.agent).text
	couriers.set_settings(mode="Observe")
	assert text in look(cast.agent).text


def test_support_stands_on_the_page_and_in_the_handbook(cast: casts.Cast) -> None:
	for query in ({}, {"view": "handbook"}, {"group": cast.group}):
		assert "+966 11 000 0000 · core.support@example.com" in look(cast.agent, **query).text


# Languages and markup.


def test_the_page_is_arabic_and_from_right_to_left_for_who_reads_arabic(cast: casts.Cast) -> None:
	reader = make_user("Department Manager", language="ar")
	frappe.db.set_value("Core Department", cast.department, "department_name_ar", "العمليات")
	frappe.db.set_value("Group Category", cast.category, "category_name_ar", "الشحنات المفقودة")
	make_policy({"after_hours": 2}, {"target": "General Manager", "after_hours": 5}, team=cast.group)
	seen = look(reader, group=cast.group)
	assert (seen.page.html["lang"], seen.page.html["dir"]) == ("ar", "rtl")
	article = seen.page.select_one("article.full")
	facts = facts_of(article)
	assert facts["الإدارة"] == "العمليات"
	assert facts["فئة المجموعة"] == "الشحنات المفقودة"
	assert "السعودية" in facts["الدولة"] or "السعودية" in " ".join(facts.values())
	assert "الأحد إلى الخميس 08:00–17:00" in facts["ساعات العمل"]
	assert steps_of(article) == [
		["بعد ساعتين إلى مجموعة إدارة نظام التذاكر", "وبعد 5 ساعات من ذلك إلى المدير العام"]
	]
	assert look(cast.agent, group=cast.group).page.html["dir"] == "ltr"


def test_whatever_was_written_on_a_group_is_text_on_the_page(cast: casts.Cast) -> None:
	user = make_user("QA Specialist")
	frappe.db.set_value("User", cast.head, "full_name", MARKUP)
	frappe.db.set_value("HD Team", cast.group, {"ch_purpose": MARKUP, "ch_process": MARKUP})
	for query in ({}, {"group": cast.group}, {"view": "handbook"}, {"q": MARKUP}, {"department": MARKUP}):
		seen = look(user, **query)
		assert not seen.page.select("img")
	text = look(user, group=cast.group).text
	assert text.count(MARKUP) == 3
	missing = website.visit(user, PAGE, group=MARKUP)
	assert missing.status == 404
	assert not missing.page.select("img")
	assert MARKUP in missing.text


# Finding groups.


@pytest.fixture
def stations(cast: casts.Cast) -> list[str]:
	"""A hundred and twenty groups abroad."""
	names = [f"Station {n:03}" for n in range(120)]
	add_groups(names, cast, ch_country="Oman", ch_purpose="Parcels at the gate")
	return names


def add_groups(names: list[str], cast: casts.Cast, **values: str) -> None:
	"""Rows only: a group saved a hundred times would also make as many assignment rules."""
	moment = frappe.utils.now()
	given = {"ch_department": cast.department, "ch_category": cast.category, **values}
	fields = ["name", "team_name", "owner", "modified_by", "creation", "modified", *given]
	rows = [(name, name, "Administrator", "Administrator", moment, moment, *given.values()) for name in names]
	frappe.db.bulk_insert("HD Team", fields, rows)


def test_a_hundred_groups_stand_on_a_page_and_all_of_them_in_the_handbook(
	cast: casts.Cast, stations: list[str]
) -> None:
	asked = {"country": "Oman"}
	assert listed(cast.agent, **asked) == stations[:100]
	assert "Groups 1 to 100 of 120" in look(cast.agent, **asked).text
	assert listed(cast.agent, page=2, **asked) == stations[100:]
	handbook = look(cast.agent, view="handbook", **asked).page
	assert [website.words_of(name) for name in handbook.select("article.full > h3")] == stations
	assert handbook.select("header .print")
	assert not handbook.select("form")


def test_groups_are_found_by_words_in_any_order_and_by_their_place(
	cast: casts.Cast, stations: list[str]
) -> None:
	assert listed(cast.agent, q="GATE 007 station") == ["Station 007"]
	assert listed(cast.agent, q="007", country="Saudi Arabia") == []
	assert "No group is like this." in look(cast.agent, q="nowhere at all").text
	assert listed(cast.agent, q="arrive", department=cast.department) == [cast.group]
	head = frappe.db.get_value("User", cast.head, "full_name")
	assert listed(cast.agent, q=head, country="Saudi Arabia") == [cast.group]


def test_arabic_words_are_found_without_their_vowels_and_marks(cast: casts.Cast) -> None:
	frappe.db.set_value("HD Team", cast.group, "ch_purpose", "الإِرساليّات المفقودة إلى أبها")
	assert listed(cast.agent, q="الارساليات المفقوده الي ابها") == [cast.group]


def test_filters_offer_what_the_reader_may_see(cast: casts.Cast, stations: list[str]) -> None:
	hidden = couriers.make_department(head=cast.head)
	frappe.db.set_value("HD Team", cast.courier.tsm_team, "ch_department", hidden)

	def options(user: str, name: str) -> list[str]:
		return [option["value"] for option in look(user).page.select(f"select[name={name}] option")][1:]

	assert options(cast.agent, "country") == ["Oman", "Saudi Arabia"]
	assert hidden not in options(cast.agent, "department")
	assert hidden in options(cast.qa, "department")


@pytest.mark.parametrize("page", ["0", "-5", "9999", "x", ""])
def test_a_page_that_is_not_there_is_no_failure(cast: casts.Cast, page: str) -> None:
	look(cast.agent, page=page)


# What it costs.


@pytest.fixture
def queries(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], int]]:
	"""How many queries were made since the last time of asking."""
	asked: list[str] = []
	real = frappe.db.sql

	def counting(query: str, *args: object, **options: object) -> object:
		asked.append(str(query))
		return real(query, *args, **options)

	monkeypatch.setattr(frappe.db, "sql", counting)

	def since() -> int:
		count = len(asked)
		asked.clear()
		return count

	return since


@pytest.mark.parametrize("view", ["", "handbook"])
def test_the_number_of_queries_does_not_grow_with_the_groups(
	cast: casts.Cast, queries: Callable[[], int], view: str
) -> None:
	def cost() -> int:
		frappe.set_user(cast.agent)
		queries()
		directory_page.page(cast.agent, {"view": view})
		asked = queries()
		frappe.set_user("Administrator")
		return asked

	add_groups(["Gate 1"], cast)
	cost()
	few = cost()
	add_groups([f"Gate {n}" for n in range(2, 90)], cast)
	assert cost() == few < 40
