"""Officers, those who passed a case on and supervisors are reminded: of what, when, how often, and whatever breaks."""

from __future__ import annotations

import frappe
import pytest

from core_helpdesk import config
from core_helpdesk.mail import tracing_reminders
from core_helpdesk.tracing import records, staff_reminders, work_lists
from core_helpdesk.tracing.work_lists import Lists, Wanted
from tests.site import courier, moments
from tests.site.factories import make_user, switch_mode
from tests.site.tracing_desk import ABROAD, accept, make_case, make_tracing_desk, pass_to, set_tracing

# A Sunday: the week begins in Saudi Arabia.
SUNDAY = "2026-03-01 10:00:00"


moment = moments.moment_from(SUNDAY)


@pytest.fixture
def desk(moment: moments.Moment) -> frappe._dict:
	return make_tracing_desk(follow_up_days=2, supervisor_days=1, urgent_hours=2)


def told(user: str) -> list[str]:
	return frappe.get_all(
		"Notification Log",
		{"for_user": user, "document_type": "Tracing Case"},
		pluck="subject",
		order_by="creation",
	)


def reminded(user: str, reminder: tracing_reminders.Reminder) -> int:
	"""How often this user was reminded of this."""
	beginning = reminder.title(1).rpartition(":")[0]
	return sum(text.startswith(beginning) for text in told(user))


def test_the_officer_is_reminded_of_what_is_not_updated(desk: frappe._dict, moment: moments.Moment) -> None:
	accept(make_case(desk), desk.officer)
	moment.set("2026-03-03 12:00:00")
	assert staff_reminders.remind(moment.now) == 0
	moment.set("2026-03-04 09:00:00")
	assert staff_reminders.remind(moment.now) == 1
	assert staff_reminders.remind(moment.now) == 0
	assert reminded(desk.officer, tracing_reminders.NOT_UPDATED) == 1
	assert told(desk.supervisor) == []


def test_while_nobody_has_taken_it_all_of_the_group_are(desk: frappe._dict, moment: moments.Moment) -> None:
	make_case(desk)
	frappe.db.set_value("User", desk.supervisor, "enabled", 0)
	moment.set("2026-03-04 09:00:00")
	staff_reminders.remind(moment.now)
	assert reminded(desk.officer, tracing_reminders.NOT_UPDATED) == 1


def test_a_disabled_officer_is_stood_in_for_by_the_group(desk: frappe._dict, moment: moments.Moment) -> None:
	case = accept(make_case(desk), desk.officer)
	gone = make_user("Tracing Officer")
	frappe.db.set_value("User", gone, "enabled", 0)
	records.write(case.name, {"officer": gone})
	moment.set("2026-03-04 09:00:00")
	staff_reminders.remind(moment.now)
	assert (told(gone), reminded(desk.officer, tracing_reminders.NOT_UPDATED)) == ([], 1)


def test_who_passed_it_on_is_reminded_too(desk: frappe._dict, moment: moments.Moment) -> None:
	abroad = desk.officers[ABROAD[0]]
	accept(pass_to(make_case(desk), desk.groups[ABROAD[0]], by=desk.officer), abroad)
	moment.set("2026-03-06 09:00:00")
	staff_reminders.remind(moment.now)
	assert reminded(abroad, tracing_reminders.NOT_UPDATED) == 1
	assert reminded(desk.officer, tracing_reminders.PASSED_ON) == 1
	assert reminded(desk.officer, tracing_reminders.NOT_UPDATED) == 0


def test_the_supervisor_is_reminded_where_a_reminder_stayed_without_effect(
	desk: frappe._dict, moment: moments.Moment
) -> None:
	worked, idle = (accept(make_case(desk), desk.officer) for _ in range(2))
	moment.set("2026-03-04 09:00:00")
	staff_reminders.remind(moment.now)
	moment.later(hours=1)
	records.write(worked.name, {"last_update_epoch": moment.now})
	moment.set("2026-03-05 21:00:00")
	staff_reminders.remind(moment.now)
	assert reminded(desk.supervisor, tracing_reminders.WITHOUT_EFFECT) == 1
	assert f"({idle.ticket})" in told(desk.supervisor)[0]
	moment.later(hours=1)
	staff_reminders.remind(moment.now)
	assert len(told(desk.supervisor)) == 1


def test_an_officer_is_reminded_again_after_as_many_days(desk: frappe._dict, moment: moments.Moment) -> None:
	accept(make_case(desk), desk.officer)
	for day in (4, 8, 9, 10):
		moment.set(f"2026-03-{day:02d} 09:00:00")
		staff_reminders.remind(moment.now)
	assert reminded(desk.officer, tracing_reminders.NOT_UPDATED) == 2


def test_an_urgent_case_that_nobody_opens_reminds_officer_and_supervisor_once(
	desk: frappe._dict, moment: moments.Moment
) -> None:
	case, seen = make_case(desk), make_case(desk)
	for each in (case, seen):
		urgent = {"urgent": 1, "urgent_since": SUNDAY, "_seen": None}
		records.write(each.name, urgent)
	records.write(seen.name, {"_seen": frappe.as_json([desk.officer])})
	moment.later(hours=1, minutes=59)
	assert staff_reminders.remind(moment.now) == 0
	moment.later(minutes=2)
	assert staff_reminders.remind(moment.now) == 1
	assert staff_reminders.remind(moment.now) == 0
	for user in (desk.officer, desk.supervisor):
		assert told(user) == [f"{tracing_reminders.URGENT.title(1)} ({case.ticket})"]


def test_the_day_of_the_follow_up_reminds_once(desk: frappe._dict, moment: moments.Moment) -> None:
	case = accept(make_case(desk), desk.officer)
	records.write(case.name, {"follow_up_on": "2026-03-02"})
	assert staff_reminders.remind(moment.now) == 0
	moment.set("2026-03-02 08:00:00")
	assert staff_reminders.remind(moment.now) == 1
	moment.later(hours=3)
	assert staff_reminders.remind(moment.now) == 0
	assert reminded(desk.officer, tracing_reminders.FOLLOW_UP) == 1


def test_confirmed_and_still_open_reminds(desk: frappe._dict, moment: moments.Moment) -> None:
	case = accept(make_case(desk), desk.officer)
	records.write(case.name, {"status": "Solved", "answer": "Satisfied"})
	moment.set("2026-03-03 09:00:00")
	assert staff_reminders.remind(moment.now) == 1
	assert reminded(desk.officer, tracing_reminders.TO_CLOSE) == 1


def test_many_cases_make_one_notice_and_one_mail(desk: frappe._dict, moment: moments.Moment) -> None:
	courier.make_outgoing_account()
	cases = [accept(make_case(desk), desk.officer) for _ in range(7)]
	before = frappe.db.count("Email Queue")
	moment.set("2026-03-04 09:00:00")
	assert staff_reminders.remind(moment.now) == len(cases)
	notices = frappe.get_all(
		"Notification Log", {"for_user": desk.officer, "document_type": "Tracing Case"}, ["link"]
	)
	assert [notice.link for notice in notices] == ["/app/tracing-work/not_updated"]
	assert frappe.db.count("Email Queue") == before + 1


def test_everybody_reads_it_in_their_own_language(desk: frappe._dict, moment: moments.Moment) -> None:
	accept(make_case(desk), desk.officer)
	frappe.db.set_value("User", desk.officer, "language", "ar")
	moment.set("2026-03-04 09:00:00")
	staff_reminders.remind(moment.now)
	(text,) = told(desk.officer)
	assert any("\u0600" <= letter <= "\u06ff" for letter in text)


@pytest.mark.parametrize("mode", ["Off", "Observe"])
def test_nobody_is_reminded_unless_the_app_is_live(
	desk: frappe._dict, moment: moments.Moment, mode: str
) -> None:
	make_case(desk)
	switch_mode(mode)
	frappe.clear_document_cache("Core Helpdesk Settings", "Core Helpdesk Settings")
	moment.later(days=30)
	assert staff_reminders.remind(moment.now) == 0


def test_days_of_nought_switch_a_reminder_off(desk: frappe._dict, moment: moments.Moment) -> None:
	set_tracing(follow_up_days=0, supervisor_days=0, urgent_hours=0)
	case = make_case(desk)
	records.write(case.name, {"urgent": 1, "urgent_since": SUNDAY})
	moment.later(days=30)
	assert staff_reminders.remind(moment.now) == 0


def test_one_person_who_cannot_be_told_keeps_no_other_back(
	desk: frappe._dict, moment: moments.Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	abroad = desk.officers[ABROAD[0]]
	accept(make_case(desk), desk.officer)
	accept(pass_to(make_case(desk), desk.groups[ABROAD[0]], by=desk.officer), abroad)
	tell = tracing_reminders.tell

	def failing(user: str, *rest: object) -> None:
		if user == desk.officer:
			raise ValueError
		tell(user, *rest)

	monkeypatch.setattr(tracing_reminders, "tell", failing)
	moment.set("2026-03-06 09:00:00")
	staff_reminders.remind(moment.now)
	assert reminded(abroad, tracing_reminders.NOT_UPDATED) == 1
	monkeypatch.setattr(tracing_reminders, "tell", tell)
	# What failed was undone: the next run tells.
	staff_reminders.remind(moment.now)
	assert reminded(desk.officer, tracing_reminders.NOT_UPDATED) == 1


def test_a_calendar_that_is_gone_keeps_no_other_case_back(desk: frappe._dict, moment: moments.Moment) -> None:
	case = accept(make_case(desk), desk.officer)
	broken = accept(make_case(desk), desk.officer)
	records.write(broken.name, {"calendar": "There Is None"})
	moment.set("2026-03-04 09:00:00")
	staff_reminders.remind(moment.now)
	assert case.ticket in told(desk.officer)[0]


def test_who_gets_a_case_owes_no_update_for_the_days_before(
	desk: frappe._dict, moment: moments.Moment
) -> None:
	"""Policy: TRC-08, TRC-11"""
	abroad = desk.officers[ABROAD[0]]
	case = accept(make_case(desk), desk.officer)
	moment.set("2026-03-03 08:00:00")
	accept(pass_to(case, desk.groups[ABROAD[0]], by=desk.officer), abroad)
	moment.set("2026-03-03 15:00:00")
	assert staff_reminders.remind(moment.now) == 0
	assert not names_of(abroad, "not_updated") + names_of(desk.officer, "passed_on")
	moment.set("2026-03-06 10:00:00")
	assert names_of(abroad, "not_updated") == names_of(desk.officer, "passed_on") == [case.name]
	assert staff_reminders.remind(moment.now) == 1
	assert reminded(abroad, tracing_reminders.NOT_UPDATED) == 1
	assert reminded(desk.officer, tracing_reminders.PASSED_ON) == 1
	assert reminded(desk.officer, tracing_reminders.NOT_UPDATED) == 0


def test_what_the_group_before_was_reminded_of_is_not_held_against_the_next(
	desk: frappe._dict, moment: moments.Moment
) -> None:
	"""Policy: TRC-23"""
	case = accept(make_case(desk), desk.officer)
	moment.set("2026-03-04 09:00:00")
	assert staff_reminders.remind(moment.now) == 1
	moment.later(hours=1)
	pass_to(case, desk.groups[ABROAD[0]], by=desk.officer)
	moment.set("2026-03-05 15:00:00")
	staff_reminders.remind(moment.now)
	assert reminded(desk.supervisor, tracing_reminders.WITHOUT_EFFECT) == 0
	# The next group has its own days, and its own reminder that may stay without effect.
	moment.set("2026-03-09 09:00:00")
	staff_reminders.remind(moment.now)
	assert reminded(desk.officers[ABROAD[0]], tracing_reminders.NOT_UPDATED) == 1
	moment.set("2026-03-10 15:00:00")
	staff_reminders.remind(moment.now)
	assert reminded(desk.supervisor, tracing_reminders.WITHOUT_EFFECT) == 1


def names_of(user: str, name: str) -> list[str]:
	"""The cases of a list."""
	lists = Lists(work_lists.watcher(user), config.now_epoch())
	rows = [row.name for row in lists.rows(Wanted(name))]
	assert lists.counts()[name] == len(rows)
	return rows
