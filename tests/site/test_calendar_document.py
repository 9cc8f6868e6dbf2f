"""Working Calendar documents: filled from the library, checked, versioned, confirmed; clocks follow their dates."""

from datetime import date, datetime

import frappe
import pytest
from frappe.utils import add_days, getdate

from core_helpdesk import config
from core_helpdesk.calendars import COUNTRIES_SEEDED
from core_helpdesk.documents import calendar_rules
from core_helpdesk.governance import calendar_changes, calendar_documents, library_comparison, library_dates
from core_helpdesk.setup import roles
from tests.site.factories import as_user, make_team, make_ticket, make_user

CALENDAR = "Working Calendar"
SETTINGS = "Core Helpdesk Settings"


def make_calendar(name: str = "Warehouse", **fields: object):
	"""Sunday to Thursday, 08:00 to 17:00, in Riyadh; of no country."""
	values = {
		"time_zone": "Asia/Riyadh",
		"is_country_default": 0,
		"intervals": [{"from_time": "08:00:00", "to_time": "17:00:00"}],
		"weekends": [{"days": "Friday, Saturday"}],
	}
	return frappe.get_doc({"doctype": CALENDAR, "calendar_name": name, **values, **fields}).insert()


def holiday(day: str, name: str = "Eid al-Fitr", estimated: int = 1, source: str = "Library") -> dict:
	return {"day": day, "holiday_name": name, "estimated": estimated, "source": source}


def days_of(calendar) -> list[tuple[date, int]]:
	return [(getdate(row.day), row.estimated) for row in calendar.holidays]


# --- Filled from the library


def test_setup_made_a_calendar_for_each_country_of_the_region() -> None:
	codes = {
		frappe.db.get_value("Country", country, "code").upper()
		for country in frappe.get_all(CALENDAR, {"is_country_default": 1}, pluck="country")
	}
	assert codes == set(COUNTRIES_SEEDED)


def test_saudi_calendar_knows_both_weekends_and_this_years_estimated_feasts() -> None:
	calendar = frappe.get_doc(CALENDAR, "Saudi Arabia")
	assert calendar.time_zone == "Asia/Riyadh"
	assert [(str(row.in_force_from or ""), row.days) for row in calendar.weekends] == [
		("", "Thursday, Friday"),
		("2013-06-28", "Friday, Saturday"),
	]
	rules = calendar_rules(calendar)
	assert rules.day(date(2026, 9, 23)).kind == "holiday"
	assert rules.day(date(2012, 3, 3)).hours, "a Saturday, a working day by the law of that year"
	assert not rules.day(date(2026, 3, 7)).hours, "a Saturday"
	assert any(row.estimated for row in calendar.holidays)


def test_emirates_work_half_of_friday_since_2022() -> None:
	rules = calendar_rules(frappe.get_doc(CALENDAR, "United Arab Emirates"))
	assert rules.day(date(2026, 4, 10)).kind == "half-day", "a Friday"
	assert rules.day(date(2026, 4, 11)).kind == "weekend", "a Saturday"
	assert rules.day(date(2021, 4, 9)).kind == "weekend", "a Friday, before the change"


@pytest.mark.parametrize(
	("country", "zone", "weekend"),
	(("Germany", "Europe/Berlin", "Saturday, Sunday"), ("Pakistan", "Asia/Karachi", "Saturday, Sunday")),
)
def test_choosing_any_country_of_the_library_fills_the_calendar(
	country: str, zone: str, weekend: str
) -> None:
	calendar = frappe.get_doc({"doctype": CALENDAR, "calendar_name": country, "country": country}).insert()
	assert calendar.time_zone == zone
	assert weekend in [row.days for row in calendar.weekends]
	assert len(calendar.holidays) > 30
	assert calendar.version == 1


def test_fill_from_country_fills_the_form_and_stores_nothing() -> None:
	calendar = make_calendar()
	with as_user(make_user(roles.QA_SPECIALIST)):
		form = frappe.get_doc(CALENDAR, calendar.name)
		form.country = "Egypt"
		form.fill_from_country()
		assert form.time_zone == "Africa/Cairo"
		assert form.holidays
	assert not frappe.get_doc(CALENDAR, calendar.name).holidays


def test_a_country_that_the_library_does_not_know_is_refused_in_words() -> None:
	with pytest.raises(frappe.ValidationError, match="No public holidays are known for the country BV"):
		frappe.get_doc({"doctype": CALENDAR, "calendar_name": "Far", "country": "Bouvet Island"}).insert()


# --- Checked


@pytest.mark.parametrize(
	("fields", "message"),
	(
		({"time_zone": "Asia/Nowhere"}, "Asia/Nowhere is no time zone"),
		({"intervals": []}, "no working time"),
		({"intervals": [{"from_time": "17:00:00", "to_time": "08:00:00"}]}, "past midnight"),
		({"intervals": [{"from_time": "08:00:00", "to_time": "08:00:00"}]}, "it is empty"),
		(
			{
				"intervals": [
					{"from_time": "08:00:00", "to_time": "12:00:00"},
					{"from_time": "11:00:00", "to_time": "17:00:00"},
				]
			},
			"Working hours overlap: 08:00-12:00 and 11:00-17:00",
		),
		({"weekends": [{"days": "Friday, Saturnday"}]}, "row 1: Saturnday is no day of the week"),
		({"weekends": [{"days": "Friday"}, {"days": "Saturday"}]}, "Weekends: more than one row"),
		(
			{"weekends": [{"days": "Saturday", "half_day": "Friday"}]},
			"a half day needs its day and its hours",
		),
		(
			{"weekends": [{"days": "Monday,Tuesday,Wednesday,Thursday,Friday,Saturday,Sunday"}]},
			"no working time",
		),
		({"holidays": [holiday("2026-03-20"), holiday("2026-03-20")]}, "Holidays: more than one row for"),
		(
			{
				"seasons": [
					{
						"season_name": "Ramadan",
						"first_day": "2026-03-19",
						"last_day": "2026-02-18",
						"hours": "09:00-15:00",
					}
				]
			},
			"before it begins",
		),
		(
			{
				"seasons": [
					{
						"season_name": "Ramadan",
						"first_day": "2026-02-18",
						"last_day": "2026-03-19",
						"hours": "9 to 3",
					}
				]
			},
			"9 to 3 is no working interval",
		),
		(
			{
				"seasons": [
					{
						"season_name": "Ramadan",
						"first_day": "2026-02-18",
						"last_day": "2026-03-19",
						"hours": "09:00-15:00",
					},
					{
						"season_name": "Spring",
						"first_day": "2026-03-19",
						"last_day": "2026-04-30",
						"hours": "07:00-15:00",
					},
				]
			},
			"Ramadan and Spring share days",
		),
		(
			{"exceptions": [{"day": "2026-03-02", "kind": "Own Hours", "reason": "Stock-taking"}]},
			"own hours need to be given",
		),
		(
			{
				"exceptions": [
					{"day": "2026-03-02", "kind": "Own Hours", "hours": "25:00-26:00", "reason": "x"}
				]
			},
			"a day has 24 hours",
		),
	),
)
def test_a_calendar_that_nobody_can_count_with_is_refused_in_words(fields: dict, message: str) -> None:
	with pytest.raises(frappe.ValidationError, match=message):
		make_calendar(**fields)


def test_days_of_the_week_are_put_into_one_form() -> None:
	assert make_calendar(weekends=[{"days": "friday ,SATURDAY"}]).weekends[0].days == "Friday, Saturday"


def test_a_country_has_one_calendar() -> None:
	with pytest.raises(frappe.ValidationError, match="Saudi Arabia is the calendar of Saudi Arabia already"):
		make_calendar(country="Saudi Arabia", is_country_default=1)
	assert make_calendar(country="Saudi Arabia", is_country_default=0).name == "Warehouse"


def test_a_calendar_of_no_country_does_not_become_that_of_the_sites_country() -> None:
	frappe.defaults.set_global_default("country", "Saudi Arabia")
	calendar = make_calendar(is_country_default=1)
	assert calendar.country is None
	assert not calendar.holidays


def test_only_the_qa_specialist_changes_a_calendar() -> None:
	calendar = make_calendar(holidays=[holiday("2026-03-20")])
	with as_user(make_user(roles.CUSTOMER_SERVICE_MANAGER, "System Manager")):
		opened = frappe.get_doc(CALENDAR, calendar.name)
		with pytest.raises(frappe.PermissionError):
			opened.save()
		with pytest.raises(frappe.PermissionError):
			opened.confirm_holidays(["2026-03-20"])


# --- Versions


def test_only_what_affects_time_makes_a_new_version() -> None:
	calendar = make_calendar()
	calendar.save()
	calendar.is_country_default = 0
	calendar.save()
	assert calendar.version == 1
	calendar.append("holidays", holiday("2026-09-23", "National Day", 0))
	calendar.save()
	assert calendar.version == 2
	calendar.intervals[0].to_time = "16:00:00"
	calendar.save()
	assert frappe.db.get_value(CALENDAR, calendar.name, "version") == 3


# --- Confirmed dates


def test_holidays_are_confirmed_until_the_day_before_the_first_estimated_one() -> None:
	rows = [
		holiday("2026-02-22", "Founding Day", 0),
		holiday("2026-03-20"),
		holiday("2026-05-27", "Eid al-Adha"),
	]
	calendar = make_calendar(holidays=rows)
	assert calendar_documents.confirmed_until(calendar, date(2026, 3, 2)) == date(2026, 3, 19)
	assert calendar_documents.confirmed_until(calendar, date(2026, 3, 21)) == date(2026, 5, 26)
	assert calendar_documents.confirmed_until(calendar, date(2026, 6, 1)) == date(2026, 12, 31)
	assert calendar_documents.confirmed_until(make_calendar("Empty"), date(2026, 3, 2)) is None


def test_confirming_holidays_makes_them_certain() -> None:
	calendar = make_calendar(holidays=[holiday("2026-03-20"), holiday("2026-03-21"), holiday("2026-05-27")])
	with as_user(make_user(roles.QA_SPECIALIST)):
		calendar.confirm_holidays(["2026-03-20", "2026-03-21"])
	stored = frappe.get_doc(CALENDAR, calendar.name)
	assert days_of(stored) == [(date(2026, 3, 20), 0), (date(2026, 3, 21), 0), (date(2026, 5, 27), 1)]
	assert stored.version == 2


def test_moving_a_feast_to_the_announced_date_moves_all_its_days() -> None:
	rows = [
		holiday("2026-03-20"),
		holiday("2026-03-21"),
		holiday("2026-03-24", "Eid al-Fitr (observed)"),
		holiday("2026-05-27"),
	]
	calendar = make_calendar(holidays=rows)
	with as_user(make_user(roles.QA_SPECIALIST)):
		calendar.move_holidays(["2026-03-20", "2026-03-21", "2026-03-24"], "2026-03-21")
	stored = frappe.get_doc(CALENDAR, calendar.name)
	assert days_of(stored) == [
		(date(2026, 3, 21), 0),
		(date(2026, 3, 22), 0),
		(date(2026, 3, 25), 0),
		(date(2026, 5, 27), 1),
	]
	assert [row.idx for row in stored.holidays] == [1, 2, 3, 4]


def test_a_feast_is_not_moved_onto_another_holiday() -> None:
	calendar = make_calendar(holidays=[holiday("2026-03-20"), holiday("2026-03-21", "National Day", 0)])
	with (
		as_user(make_user(roles.QA_SPECIALIST)),
		pytest.raises(frappe.ValidationError, match="more than one row"),
	):
		calendar.move_holidays(["2026-03-20"], "2026-03-21")


def test_a_day_that_is_no_holiday_cannot_be_confirmed() -> None:
	calendar = make_calendar(holidays=[holiday("2026-03-20")])
	with as_user(make_user(roles.QA_SPECIALIST)):
		for days in (["2026-03-25"], []):
			with pytest.raises(frappe.ValidationError, match="no holiday on"):
				calendar.confirm_holidays(days)


# --- A newer release of the library


@pytest.fixture
def oman():
	"""The calendar of Oman as an older release might have left it: one feast elsewhere, one missing, one by hand."""
	calendar = frappe.get_doc(CALENDAR, "Oman")
	library_dates.fill(calendar, 2026)
	rows = sorted(calendar.holidays, key=lambda row: getdate(row.day))
	estimated = next(row for row in rows if row.estimated)
	certain = next(row for row in rows if not row.estimated)
	was = {"estimated": getdate(estimated.day), "certain": getdate(certain.day)}
	estimated.day = "2026-08-05"
	rows.remove(certain)
	calendar.set("holidays", [])
	for row in [*map(library_comparison.plain, rows), holiday("2026-08-17", "Visit of State", 0, "Manual")]:
		calendar.append("holidays", row)
	calendar.save()
	return calendar, was


def test_comparison_lists_what_the_library_says_now_and_leaves_what_people_entered(oman) -> None:
	calendar, was = oman
	changes = {(change["kind"], change["day"]) for change in library_comparison.compare(calendar, 2026)}
	assert changes == {("Add", was["estimated"]), ("Add", was["certain"]), ("Remove", date(2026, 8, 5))}


def test_only_the_chosen_changes_are_taken_over(oman) -> None:
	calendar, was = oman
	library_comparison.apply(calendar, 2026, {was["certain"], date(2026, 8, 5)})
	calendar.save()
	days = [day for day, _ in days_of(calendar)]
	assert was["certain"] in days
	assert was["estimated"] not in days
	assert date(2026, 8, 5) not in days
	assert date(2026, 8, 17) in days
	assert days == sorted(days)


def test_a_feast_moved_by_hand_is_not_offered_again_at_its_estimated_date(oman) -> None:
	calendar, was = oman
	library_comparison.apply(calendar, 2026, {was["estimated"], date(2026, 8, 5)})
	row = next(row for row in calendar.holidays if getdate(row.day) == was["estimated"])
	row.update({"day": add_days(was["estimated"], 1), "estimated": 0, "source": "Manual"})
	offered = {change["day"] for change in library_comparison.compare(calendar, 2026)}
	assert was["estimated"] not in offered


def test_next_year_offers_the_dates_and_the_ramadan_of_one_year_more(oman) -> None:
	calendar, _ = oman
	calendar.seasons[0].hours = calendar.seasons[-1].hours = "10:00-14:00"
	changes = [change for change in library_comparison.compare(calendar, 2027) if change["day"].year == 2030]
	assert len([change for change in changes if "season" not in change]) > 5
	ramadan = next(change for change in changes if "season" in change)
	assert (ramadan["kind"], ramadan["holiday_name"], ramadan["estimated"]) == ("Add", "Ramadan", 1)
	library_comparison.apply(calendar, 2027, {ramadan["day"]})
	season = calendar.seasons[-1]
	assert (season.first_day, season.hours) == (ramadan["day"], "10:00-14:00")


def test_a_change_that_the_library_does_not_propose_is_refused(oman) -> None:
	with pytest.raises(frappe.ValidationError, match="proposes no change on 17-08-2026"):
		library_comparison.apply(oman[0], 2026, {date(2026, 8, 17)})


def test_a_seeded_calendar_agrees_with_the_library_it_came_from() -> None:
	for country in ("Saudi Arabia", "Jordan"):
		assert frappe.get_doc(CALENDAR, country).compare_with_library() == []


# --- Warning


def findings_of(kind: str) -> list[str]:
	return frappe.get_all("Escalation Finding", {"kind": kind, "state": "Open"}, pluck="subject_key")


def test_a_calendar_in_use_warns_60_days_before_its_confirmed_holidays_end() -> None:
	calendar = make_calendar(holidays=[holiday("2026-03-20")])
	make_team(ch_calendar=calendar.name)
	make_calendar("Unused", holidays=[holiday("2026-03-20")])
	assert calendar.name not in calendar_documents.warn_of_unconfirmed(date(2026, 1, 17))
	assert calendar.name in calendar_documents.warn_of_unconfirmed(date(2026, 1, 18)), (
		"60 days before 2026-03-19"
	)
	assert "Warehouse" in findings_of("Holidays Run Out")
	assert "Unused" not in findings_of("Holidays Run Out")


def test_the_warning_ends_once_the_dates_are_confirmed() -> None:
	calendar = make_calendar(holidays=[holiday("2026-03-20")])
	make_team(ch_calendar=calendar.name)
	calendar_documents.warn_of_unconfirmed(date(2026, 3, 2))
	calendar.confirm_holidays(["2026-03-20"])
	calendar_documents.warn_of_unconfirmed(date(2026, 3, 2))
	assert "Warehouse" not in findings_of("Holidays Run Out")


# --- Running clocks


@pytest.fixture
def running_ticket() -> tuple[str, str]:
	"""A ticket of now with a clock of 40 working hours by the calendar Warehouse; returns ticket and calendar."""
	calendar = make_calendar()
	team = make_team(
		ch_calendar=calendar.name, ch_country="Saudi Arabia", ch_governed_from="2026-01-01 00:00:00"
	)
	levels = [{"target": "Ticketing System Management", "after_hours": 40, "clock_kind": "Working Time"}]
	policy = {"doctype": "Escalation Policy", "policy_name": "Warehouse", "team": team, "levels": levels}
	name = frappe.get_doc(policy).insert().name
	with as_user(make_user(roles.QA_SPECIALIST)):
		frappe.get_doc("Escalation Policy", name).activate()
	# From before the ticket's first second.
	frappe.db.set_value("Escalation Policy", name, "starts_on", "2026-01-01 00:00:00")
	frappe.db.set_single_value(SETTINGS, "mode", "Observe")
	frappe.clear_document_cache(SETTINGS, SETTINGS)
	return str(make_ticket(group=team).name), calendar.name


def due_of(ticket: str) -> datetime:
	return frappe.db.get_value("Ticket Clock", {"reference_name": ticket}, "due_at")


def test_a_new_day_off_moves_the_due_moment_of_running_clocks_and_lists_them(running_ticket) -> None:
	ticket, name = running_ticket
	before = due_of(ticket)
	calendar = frappe.get_doc(CALENDAR, name)
	calendar.append("exceptions", {"day": before.date(), "kind": "Day Off", "reason": "Office closed"})
	frappe.local.message_log = []
	calendar.save()
	assert due_of(ticket) > before
	assert any(
		"1 clocks were timed anew" in str(entry) and ticket in str(entry) for entry in frappe.message_log
	)
	found = frappe.get_last_doc("Escalation Finding", {"kind": "Calendar Changed"})
	assert (found.reference_name, found.subject_key) == (name, f"{name}:2")
	assert ticket in found.details


def test_taking_the_day_back_gives_the_clock_its_first_due_moment(running_ticket) -> None:
	ticket, name = running_ticket
	before = due_of(ticket)
	calendar = frappe.get_doc(CALENDAR, name)
	calendar.append("exceptions", {"day": before.date(), "kind": "Day Off", "reason": "Office closed"})
	calendar.save()
	calendar.set("exceptions", [])
	calendar.save()
	assert due_of(ticket) == before


def test_a_change_that_touches_no_clock_says_so(running_ticket) -> None:
	ticket, name = running_ticket
	before = due_of(ticket)
	calendar = frappe.get_doc(CALENDAR, name)
	calendar.append("holidays", holiday("2026-01-01", "New Year", 0))
	frappe.local.message_log = []
	calendar.save()
	assert due_of(ticket) == before
	assert any("No running clock changes" in str(entry) for entry in frappe.message_log)


def test_many_clocks_are_timed_by_a_job(running_ticket, monkeypatch: pytest.MonkeyPatch) -> None:
	ticket, name = running_ticket
	before = due_of(ticket)
	monkeypatch.setattr(calendar_changes, "AT_ONCE", 0)
	queued: list[dict] = []
	monkeypatch.setattr(
		frappe, "enqueue", lambda method, **options: queued.append({"method": method, **options})
	)
	calendar = frappe.get_doc(CALENDAR, name)
	calendar.append("exceptions", {"day": before.date(), "kind": "Day Off", "reason": "Office closed"})
	calendar.save()
	job = next(entry for entry in queued if "retime" in str(entry["method"]))
	assert (job["calendar"], job["enqueue_after_commit"], job["deduplicate"]) == (name, True, True)
	assert due_of(ticket) == before
	(line,) = frappe.get_attr(job["method"])(job["calendar"])
	assert line.startswith(f"{ticket}: due ")
	assert due_of(ticket) > before


def test_work_calendar_follows_the_document(running_ticket) -> None:
	_, name = running_ticket
	monday = config.to_epoch("2026-03-02 00:00:00")
	assert config.site_rules().timer(name).elapsed(monday, monday + 86_400) == 9 * 3600
	calendar = frappe.get_doc(CALENDAR, name)
	calendar.intervals[0].to_time = "12:00:00"
	calendar.save()
	assert config.site_rules().timer(name).elapsed(monday, monday + 86_400) == 4 * 3600
