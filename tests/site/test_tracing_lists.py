"""The lists that officers and supervisors watch: who sees which cases where, in which order, and at what cost."""

from __future__ import annotations

import frappe
import pytest

from core_helpdesk import config, tracing_work_api
from core_helpdesk.tracing import records, work_lists
from core_helpdesk.tracing.work_lists import Lists, Wanted
from tests.site import moments
from tests.site.counting import queries
from tests.site.factories import as_user, make_agent, make_user
from tests.site.tracing_desk import ABROAD, accept, make_case, make_tracing_desk, pass_to, set_tracing

MONDAY = "2026-03-02 10:00:00"


moment = moments.moment_from(MONDAY)


@pytest.fixture
def desk(moment: moments.Moment) -> frappe._dict:
	return make_tracing_desk()


def names(name: str, user: str, **wanted: object) -> list[str]:
	lists = Lists(work_lists.watcher(user), config.now_epoch(), int(wanted.get("days", 3)))
	return [row.name for row in lists.rows(Wanted(name, **wanted))]


def counts(user: str) -> dict[str, int]:
	return Lists(work_lists.watcher(user), config.now_epoch()).counts()


def in_every_list(user: str, case: str) -> set[str]:
	return {name for name in work_lists.LISTS if case in names(name, user)}


def test_a_member_sees_all_tickets_of_the_group_taken_or_not(desk: frappe._dict) -> None:
	taken, free = accept(make_case(desk), desk.officer), make_case(desk)
	assert set(names("mine", desk.officer)) == {taken.name, free.name}
	assert names("untaken", desk.officer) == [free.name]
	assert names("mine", desk.officers["Egypt"]) == []


def test_who_watches_over_all_sees_the_cases_of_every_group_but_none_as_theirs(desk: frappe._dict) -> None:
	case = make_case(desk, urgent=1)
	assert names("mine", desk.supervisor) == []
	assert names("urgent", desk.supervisor) == [case.name]
	assert names("urgent", make_user("QA Specialist")) == [case.name]
	assert names("urgent", desk.officers["Egypt"]) == []
	assert in_every_list(make_agent("Tracing Officer"), case.name) == set()


def test_a_closed_case_is_in_no_list(desk: frappe._dict) -> None:
	case = make_case(desk, urgent=1)
	records.write(case.name, {"status": "Closed", "open_ticket": None})
	assert in_every_list(desk.officer, case.name) == set()
	assert in_every_list(desk.supervisor, case.name) == set()
	assert set(counts(desk.supervisor).values()) == {0}


def test_what_one_passed_on_shows_once_it_is_not_updated(desk: frappe._dict, moment: moments.Moment) -> None:
	case = pass_to(make_case(desk), desk.groups[ABROAD[0]], by=desk.officer)
	moment.later(days=1)
	assert names("passed_on", desk.officer) == []
	moment.later(days=4)
	assert names("passed_on", desk.officer) == [case.name]
	assert names("mine", desk.officer) == []
	assert names("passed_on", desk.officers[ABROAD[0]]) == []
	# It came back: it is one's own now.
	pass_to(case, desk.headquarters)
	assert names("passed_on", desk.officer) == []


def test_not_updated_counts_the_working_days_of_the_country(
	desk: frappe._dict, moment: moments.Moment
) -> None:
	case = make_case(desk)
	# Thursday morning: Friday and Saturday are off in Saudi Arabia.
	records.write(case.name, {"last_update_epoch": moments.epoch("2026-03-05 10:00:00")})
	moment.set("2026-03-08 12:00:00")
	assert names("not_updated", desk.officer) == []
	moment.set("2026-03-10 09:00:00")
	assert names("not_updated", desk.officer) == [case.name]
	assert names("not_updated", desk.supervisor) == [case.name]


def test_what_the_second_clock_is_due_by_is_due_this_week(desk: frappe._dict) -> None:
	case = make_case(desk)
	far = config.now_epoch() + 30 * 86_400
	records.write(case.name, {"due_epoch": far, "leg_due_epoch": far, "regulator_due_epoch": far})
	assert names("due_this_week", desk.officer) == []
	records.write(case.name, {"regulator_due_epoch": config.now_epoch() + 86_400})
	(row,) = Lists(work_lists.watcher(desk.officer), config.now_epoch()).rows(Wanted("due_this_week"))
	assert (row.name, row.regulator_due_epoch) == (case.name, config.now_epoch() + 86_400)
	assert counts(desk.officer)["due_this_week"] == counts(desk.supervisor)["due_this_week"] == 1


def test_a_broken_calendar_keeps_nobody_from_the_lists(
	desk: frappe._dict, moment: moments.Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	case = make_case(desk)
	monkeypatch.setattr(work_lists, "calendars", lambda: {"There Is None"})
	moment.later(days=30)
	assert names("not_updated", desk.officer) == [case.name]


@pytest.mark.parametrize(
	("follow_up", "days", "shows"),
	[
		("2026-02-27", 3, True),
		("2026-02-28", 3, False),
		("2026-03-20", 3, False),
		(None, 3, False),
		(None, 0, True),
	],
)
def test_no_follow_up_for_some_days(
	desk: frappe._dict, moment: moments.Moment, follow_up: str | None, days: int, shows: bool
) -> None:
	case = make_case(desk)
	records.write(case.name, {"follow_up_on": follow_up})
	moment.later(seconds=1)
	assert names("no_follow_up", desk.officer, days=days) == ([case.name] if shows else [])


def test_due_this_week_holds_late_ones_and_those_late_in_their_group(desk: frappe._dict) -> None:
	late, soon, later = (make_case(desk) for _ in range(3))
	now = config.now_epoch()
	for case, own, of_leg in ((late, now - 9, now + 90 * 86_400), (soon, now + 90 * 86_400, now + 86_400)):
		records.write(case.name, {"due_epoch": own, "leg_due_epoch": of_leg})
	records.write(later.name, {"due_epoch": now + 8 * 86_400, "leg_due_epoch": now + 8 * 86_400})
	assert names("due_this_week", desk.officer) == [late.name, soon.name]


def test_answered_cases_wait_to_be_closed_or_looked_at(desk: frappe._dict) -> None:
	yes, doubtful, silent = (make_case(desk) for _ in range(3))
	for case, answer in ((yes, "Satisfied"), (doubtful, "Doubtful"), (silent, "")):
		records.write(case.name, {"status": "Solved", "answer": answer})
	assert set(names("answered", desk.officer)) == {yes.name, doubtful.name}


def test_urgent_ones_come_first_then_those_that_are_due_first(desk: frappe._dict) -> None:
	first, second, urgent = (make_case(desk) for _ in range(3))
	for case, due in ((first, 1000), (second, 2000), (urgent, 3000)):
		records.write(case.name, {"due_epoch": due})
	records.write(urgent.name, {"urgent": 1})
	assert names("mine", desk.officer) == [urgent.name, first.name, second.name]


def test_lists_are_narrowed_down_by_group_officer_and_number(desk: frappe._dict) -> None:
	case = accept(make_case(desk), desk.officer)
	other = make_case(desk, urgent=1)
	records.write(case.name, {"urgent": 1, "shipment_number": "176_45"})
	everything = {"team": desk.headquarters, "officer": desk.officer, "text": case.ticket}
	for field, value in everything.items():
		found = names("urgent", desk.supervisor, **{field: value})
		assert case.name in found
		assert (other.name in found) == (field == "team")
	assert names("urgent", desk.supervisor, text="176_") == [case.name]
	assert names("urgent", desk.supervisor, text="176%") == []
	assert names("urgent", desk.supervisor, text="' or 1=1 -- ") == []


def test_counts_agree_with_the_lists(desk: frappe._dict, moment: moments.Moment) -> None:
	accept(make_case(desk), desk.officer)
	make_case(desk, urgent=1)
	pass_to(make_case(desk), desk.groups[ABROAD[0]], by=desk.officer)
	moment.later(days=6)
	for user in (desk.officer, desk.supervisor, desk.officers[ABROAD[0]], desk.worker):
		assert counts(user) == {name: len(names(name, user)) for name in work_lists.LISTS}


def test_what_changed_since_one_opened_it_is_new(desk: frappe._dict) -> None:
	case = accept(make_case(desk), desk.officer)
	with as_user(make_member(desk.headquarters)):
		assert row_of(case.name)["is_new"]
		case.add_seen()
		assert not row_of(case.name)["is_new"]
		with as_user(desk.officer):
			case.reload()
			case.description += " More is known."
			case.save()
		assert row_of(case.name)["is_new"]


def make_member(team: str) -> str:
	user = make_agent("Tracing Officer")
	document = frappe.get_doc("HD Team", team)
	document.append("users", {"user": user})
	document.save()
	return user


def row_of(case: str) -> dict:
	return next(row for row in tracing_work_api.watch()["rows"] if row["name"] == case)


def test_the_screen_says_what_it_shows(desk: frappe._dict) -> None:
	case = make_case(desk)
	with as_user(desk.officer):
		seen = tracing_work_api.watch("mine")
		assert [row["name"] for row in seen["rows"]] == [case.name]
		assert seen["rows"][0]["may_accept"]
		assert seen["rows"][0]["subject"] == "Parcel not delivered"
		assert seen["groups"] == [desk.headquarters]
	with as_user(desk.supervisor):
		seen = tracing_work_api.watch("nonsense", days=-5, limit=10**9)
		assert (seen["list"], seen["rows"], seen["sees_all"]) == ("mine", [], True)
		assert desk.headquarters in seen["groups"]


def test_who_reads_no_cases_reads_no_lists(desk: frappe._dict) -> None:
	make_case(desk)
	calls = (tracing_work_api.watch, tracing_work_api.not_updated, tracing_work_api.at_hand)
	for user in (make_user(), "Guest"):
		for call in calls:
			with as_user(user), pytest.raises(frappe.PermissionError):
				call()


def test_number_cards_count_what_the_lists_show(desk: frappe._dict) -> None:
	make_case(desk)
	cards = frappe.get_all("Number Card", {"document_type": "Tracing Case"}, ["name", "method"])
	assert len(cards) == len(work_lists.LISTS)
	with as_user(desk.officer):
		counted = counts(desk.officer)
		for card in cards:
			shown = frappe.get_attr(card.method)()
			assert shown["value"] == counted[shown["route"][1]], card.name


def test_a_ticket_leads_to_its_case_for_who_may_read_it(desk: frappe._dict) -> None:
	case = make_case(desk)
	with as_user(desk.officer):
		assert tracing_work_api.of_ticket(case.ticket)["name"] == case.name
	with as_user(make_agent()):
		assert tracing_work_api.of_ticket(case.ticket) == {"name": "", "may_open": False}


def test_a_look_at_the_screen_is_four_statements_over_cases(desk: frappe._dict) -> None:
	make_case(desk)
	with as_user(desk.supervisor):
		tracing_work_api.watch("not_updated")
		with queries(sent_by="work_lists") as asked:
			tracing_work_api.watch("not_updated")
	of_cases = [query for query in asked if "tabTracing Case" in query]
	assert len(of_cases) == 4  # the rows, the counts, those passed on, the groups


def test_the_key_of_the_lists_is_there() -> None:
	assert frappe.db.has_index("tabTracing Case", "ch_case_work")
	assert frappe.db.has_index("tabTracing Leg", "ch_tracing_leg_passed_by")


def test_without_follow_up_is_counted_from_the_days_that_are_set(
	desk: frappe._dict, moment: moments.Moment
) -> None:
	"""Policy: TRC-08"""
	case = make_case(desk)
	moment.later(days=4)
	for days, found in ((5, 0), (2, 1), (0, 1)):
		set_tracing(no_follow_up_days=days)
		with as_user(desk.officer):
			seen = tracing_work_api.watch("no_follow_up")
			card = tracing_work_api.no_follow_up()
		assert (seen["counts"]["no_follow_up"], len(seen["rows"]), card["value"]) == (found, found, found)
		assert seen["days"] == (days or 3)
	with as_user(desk.officer):
		assert [row.name for row in tracing_work_api.watch("no_follow_up", days=1)["rows"]] == [case.name]
		assert tracing_work_api.watch("no_follow_up", days=5)["rows"] == []
