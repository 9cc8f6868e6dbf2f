"""The Tracing Monthly Report and the frozen Tracing Month: figures, drill-down, who sees what, sending and reviewing."""

from __future__ import annotations

import json
from contextlib import suppress
from email import message_from_string

import frappe
import pytest
from bs4 import BeautifulSoup

from core_helpdesk import config, jobs, months
from core_helpdesk.domain.tracing_figures import Grouping
from core_helpdesk.escalations import machine_clock
from core_helpdesk.reports import tracing_month as report
from core_helpdesk.tracing import month_acts, month_making, month_words
from tests.site import mail_reading, web
from tests.site import report_reading as reading
from tests.site.courier import make_outgoing_account
from tests.site.factories import as_user, make_agent, make_department, make_user, switch_mode
from tests.site.tracing_desk import HOME, make_tracing_desk
from tests.site.tracing_months import BEFORE, MONTH, REPORT, at, busy_month, past_case, past_claim

UAE = "United Arab Emirates"
API = "core_helpdesk.month_api"
DOCTYPE = "Tracing Month"
APRIL = "2026-04-01 03:00"


@pytest.fixture
def desk() -> frappe._dict:
	desk = make_tracing_desk()
	make_outgoing_account()
	desk.qa = make_user("QA Specialist")
	desk.manager = make_user("Customer Service Manager")
	frappe.db.set_single_value("Core Helpdesk Settings", "customer_service_manager", desk.manager)
	return desk


@pytest.fixture
def cases(desk: frappe._dict) -> dict:
	return busy_month(desk)


def rows(user: str, **filters: object) -> list[dict]:
	return reading.rows(user, REPORT, **{"month": MONTH, **filters})


def row(user: str, part: str = "All Cases", **filters: object) -> dict:
	return next(row for row in rows(user, **filters) if row["part"] == part)


def drilled(user: str, figure: str, part: str = month_words.ALL, **filters: object) -> dict:
	wanted = {"month": MONTH, **filters}
	return web.call(user, f"{API}.cases", figure=figure, part=part, **wanted)


# --- Figures


def test_the_month_is_counted(desk: frappe._dict, cases: dict) -> None:
	found = row(desk.supervisor)
	counted = {
		"opened": 4,
		"closed": 4,
		"within": 3,
		"within_share": 75,
		"late": 1,
		"outstanding": 1,
		"inbound_outstanding": 1,
		"answer_yes": 2,
		"satisfaction": 50,
		"by_override": 1,
		"unconfirmed": 1,
		"past_the_rules": 0,
		"merged_or_deleted": 0,
		"answer_no": 1,
		"first_level_share": 75,
	}
	assert {name: found[name] for name in counted} == counted
	assert found["late_median"] > 0
	assert found["to_open_median"] == 1


def test_a_month_stands_beside_the_one_before(desk: frappe._dict, cases: dict) -> None:
	before, change = row(desk.supervisor, "Month Before"), row(desk.supervisor, "Change")
	assert (before["opened"], before["closed"], before["outstanding"]) == (2, 1, 1)
	assert (change["opened"], change["satisfaction"]) == (2, 50)
	assert change["tones"]["satisfaction"] == "green"


def test_a_case_handed_abroad_counts_for_the_country_that_has_it(desk: frappe._dict, cases: dict) -> None:
	assert (row(desk.supervisor, UAE)["closed"], row(desk.supervisor, HOME)["closed"]) == (1, 3)


def test_the_legs_count_by_their_group(desk: frappe._dict, cases: dict) -> None:
	found = {line["part"]: line for line in rows(desk.supervisor, by="Leg Team")}
	assert found[desk.groups[UAE]]["leg_assigned"] == 1
	assert found[desk.groups[UAE]]["leg_unanswered"] == 0
	assert found[desk.headquarters]["leg_assigned"] == 4


def test_claims_stand_with_their_sums(desk: frappe._dict, cases: dict) -> None:
	past_claim(cases["satisfied"], made="2026-03-03 09:00", amount=1200)
	paid = {"approved_on": "2026-03-11 10:00:00", "paid_recorded_on": "2026-03-20 10:00:00"}
	past_claim(cases["silent"], made="2026-03-04 09:00", amount=300, state="Paid", **paid)
	past_claim(
		cases["abroad"], made="2026-03-05 09:00", amount=7, state="Refused", refused_on="2026-04-05 09:00:00"
	)
	found = row(desk.supervisor)
	assert found["claims_opened"] == "3 (1,507.00 SAR)"
	assert (found["claims_paid"], found["claims_refused"]) == ("1 (300.00 SAR)", "")
	assert drilled(desk.supervisor, "claims_paid")["names"] == [cases["silent"].name]


def test_a_case_opened_anew_is_counted_for_each_cycle(desk: frappe._dict, cases: dict) -> None:
	case = frappe.get_doc("Tracing Case", cases["satisfied"].name)
	again = {"number": 2, "opened_epoch": at("2026-03-20 09:00")}
	case.append("cycles", again)
	case.append("legs", {"number": 2, "team": desk.headquarters, "assigned_epoch": at("2026-03-20 09:00")})
	for new in (case.cycles[-1], case.legs[-1]):
		new.db_insert()
	frappe.db.set_value("Tracing Case", case.name, {"status": "Open", "opened_epoch": at("2026-03-20 09:00")})
	found = row(desk.supervisor)
	assert (found["opened"], found["closed"], found["outstanding"]) == (5, 4, 2)


@pytest.mark.parametrize("by", [each.value for each in Grouping])
def test_every_figure_leads_to_as_many_cases(desk: frappe._dict, cases: dict, by: str) -> None:
	past_claim(cases["satisfied"], made="2026-03-03 09:00")
	for user in (desk.supervisor, desk.officers[UAE]):
		told = reading.run(user, REPORT, month=MONTH, by=by)
		counts = {column["fieldname"] for column in told["columns"] if column["fieldtype"] == "Int"}
		counts -= {name for name in counts if name.endswith(("_median", "_p90"))}
		for line in told["result"]:
			for name in counts if "drill" in line else ():
				of = drilled(user, name, line["drill"]["part"], month=line["drill"]["month"], by=by)
				assert of["count"] == line[name], (by, line["part"], name)
				listed = frappe.get_all("Tracing Case", {"name": ("in", of["names"] or [""])}, pluck="name")
				with as_user(user):
					seen = frappe.get_list(
						"Tracing Case", {"name": ("in", of["names"] or [""])}, pluck="name"
					)
				assert sorted(listed) == sorted(seen) == of["names"]


def test_the_parts_add_up_to_all(desk: frappe._dict, cases: dict) -> None:
	for by in ("Country", "Direction", "Nature", "Officer"):
		found = rows(desk.supervisor, by=by)
		for name in ("opened", "closed", "within", "late", "outstanding", "answer_yes"):
			assert sum(line[name] for line in found[3:]) == found[0][name], (by, name)


def test_filters_narrow_the_figures_and_the_cases(desk: frappe._dict, cases: dict) -> None:
	found = row(desk.supervisor, nature="Address Change")
	assert (found["opened"], found["closed"]) == (1, 0)
	assert drilled(desk.supervisor, "opened", nature="Address Change")["names"] == [cases["inbound"].name]
	assert row(desk.supervisor, country=UAE)["closed"] == 1


def test_the_head_says_the_goals(desk: frappe._dict, cases: dict) -> None:
	told = {
		item["label"]: item for item in reading.run(desk.supervisor, REPORT, month=MONTH)["report_summary"]
	}
	satisfied = told["Customers Satisfied, goal 100% (before: 0%)"]
	assert (satisfied["value"], satisfied["indicator"]) == ("50%", "red")
	assert told["Inbound Outstanding, goal 0 (before: 0)"]["indicator"] == "red"
	assert told["In 10 Working Days, goal 100% (before: 100%)"]["value"] == "75%"


def test_there_are_charts_of_the_parts_and_of_the_months(desk: frappe._dict, cases: dict) -> None:
	chart = reading.run(desk.supervisor, REPORT, month=MONTH)["chart"]
	assert len(chart["data"]["labels"]) == 2
	assert [line["name"] for line in chart["beside"]["data"]["datasets"]] == ["Month Before", "This Month"]


def test_more_cases_than_a_list_takes_are_refused(
	desk: frappe._dict, cases: dict, monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.setattr(report, "MOST_CASES", 3)
	with pytest.raises(frappe.ValidationError, match="Choose a country"):
		drilled(desk.supervisor, "closed")


def test_no_figure_is_refused(desk: frappe._dict, cases: dict) -> None:
	for figure in ("", "nothing", "claim", "share_of", "__class__", "claims"):
		with pytest.raises(frappe.ValidationError):
			drilled(desk.supervisor, figure)


def test_cases_are_read_a_batch_at_a_time(
	desk: frappe._dict, cases: dict, monkeypatch: pytest.MonkeyPatch
) -> None:
	from core_helpdesk.tracing import month_reading

	whole = rows(desk.supervisor)
	monkeypatch.setattr(month_reading, "BATCH", 2)
	assert rows(desk.supervisor) == whole


# --- Who sees what


def test_each_reader_counts_what_they_may_read(desk: frappe._dict, cases: dict) -> None:
	closed = {user: row(user)["closed"] for user in (desk.supervisor, desk.qa, desk.manager, desk.officer)}
	assert set(closed.values()) == {4}
	assert row(desk.officers[UAE])["closed"] == 1
	assert rows(desk.officers["Egypt"]) == []


def test_heads_count_the_cases_of_their_areas(desk: frappe._dict, cases: dict) -> None:
	home, abroad, other = (make_user("Department Manager") for _ in range(3))
	department = frappe.get_doc("Core Department", desk.department)
	department.append("heads", {"head": abroad, "country": UAE})
	department.append("heads", {"head": home, "country": HOME})
	department.save()
	make_department(head=other)
	assert row(abroad)["closed"] == 1
	assert row(home)["closed"] == 3
	assert rows(other) == []


def test_the_manager_without_the_office_counts_nothing(desk: frappe._dict, cases: dict) -> None:
	assert rows(make_user("Customer Service Manager")) == []


@pytest.mark.parametrize("role", ["Agent", "TSM Agent", "System Manager", "Customer Care Agent"])
def test_others_do_not_read_the_report(desk: frappe._dict, cases: dict, role: str) -> None:
	user = make_agent() if role == "Agent" else make_user(role)
	with pytest.raises(frappe.PermissionError):
		rows(user)
	with pytest.raises(frappe.PermissionError):
		drilled(user, "closed")
	with as_user(user), pytest.raises(frappe.PermissionError):
		report.run({})


def test_a_hidden_group_is_no_line(desk: frappe._dict, cases: dict) -> None:
	leg = frappe.get_all("Tracing Leg", {"parent": cases["abroad"].name, "number": 2}, pluck="name")[0]
	frappe.db.set_value("Tracing Leg", leg, "team", desk.tsm_team)
	for user in (desk.supervisor, desk.officer, desk.manager):
		assert desk.tsm_team not in reading.text_of(user, REPORT, month=MONTH, by="Leg Team")
		assert drilled(user, "leg_assigned", desk.tsm_team, by="Leg Team")["count"] == 0
	assert desk.tsm_team not in month_making.frozen(MONTH)


def test_filters_of_any_shape_are_answered(desk: frappe._dict, cases: dict) -> None:
	for filters in (
		"",
		"[]",
		'{"month": ["like", "%"]}',
		'{"month": "2026-13", "by": "Nothing"}',
		'{"month": "9999-01"}',
	):
		assert web.get(desk.qa, reading.RUN, report_name=REPORT, filters=filters)["columns"]


def test_an_export_holds_what_its_reader_sees(desk: frappe._dict, cases: dict) -> None:
	shown = reading.run(desk.qa, REPORT, month=MONTH)
	written = reading.exported_rows(desk.qa, REPORT, month=MONTH)
	assert len(written) - 1 == len(shown["result"])


def test_the_report_speaks_arabic(desk: frappe._dict, cases: dict) -> None:
	frappe.local.lang = "ar"
	told = [reading.run(desk.qa, REPORT, month=MONTH, by=by.value) for by in Grouping]
	frappe.local.lang = "en"
	for answer in told:
		for item in (*answer["columns"], *answer["report_summary"]):
			assert not item["label"].isascii(), item["label"]
		assert not answer["message"].isascii()


# --- The frozen month


def made(month: str = MONTH) -> frappe._dict:
	month_making.make(month, at(APRIL))
	return frappe.get_doc(DOCTYPE, month)


def test_the_first_day_makes_the_month_and_those_that_were_missed(desk: frappe._dict, cases: dict) -> None:
	assert month_making.make_missing(at(APRIL)) == [BEFORE, MONTH]
	assert month_making.make_missing(at(APRIL) + 86400) == []
	assert month_making.make_missing(at("2026-06-01 03:00")) == ["2026-04", "2026-05"]
	total = month_making.read(frappe.get_doc(DOCTYPE, MONTH))["total"]
	assert (total["closed"], total["satisfaction"], total["inbound_outstanding"]) == (4, 0.5, 1)


def test_the_job_of_the_day_makes_them(desk: frappe._dict, cases: dict) -> None:
	jobs.ch_tell_customers()
	assert frappe.db.exists(DOCTYPE, MONTH)
	assert frappe.db.exists(DOCTYPE, months.last_closed(config.now_epoch()))


def test_a_clock_that_is_ahead_makes_none(desk: frappe._dict, cases: dict) -> None:
	"""Policy: TRC-18, TRC-M1"""
	in_a_year = machine_clock.of_database() + 365 * 86400
	assert month_making.make_missing(in_a_year) == []
	assert not frappe.db.count(DOCTYPE)


def test_nothing_is_made_while_nothing_is_traced(desk: frappe._dict, cases: dict) -> None:
	switch_mode("Off")
	assert month_making.make_missing(at(APRIL)) == []


def test_nothing_is_made_before_the_first_case(desk: frappe._dict) -> None:
	assert month_making.make_missing(at(APRIL)) == []


def test_what_is_frozen_stays(desk: frappe._dict, cases: dict) -> None:
	before = made().figures
	past_case(desk, opened="2026-03-05 09:00", closed="2026-03-06 09:00", answer="Satisfied")
	assert frappe.get_doc(DOCTYPE, MONTH).figures == before


CHANGES = (
	{"figures": "{}"},
	{"status": "Sent"},
	{"month": "2026-07"},
	{"sent_by": "Administrator"},
	{"made_on": "2026-01-01 00:00:00"},
	{"recipients": [{"user": "Administrator", "outcome": "Sent"}]},
	{"reviews": [{"user": "Administrator", "note": "Fine"}]},
)


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: next(iter(change)))
def test_nobody_changes_a_month_by_rest(desk: frappe._dict, cases: dict, change: dict) -> None:
	before = made().as_json()
	for user in (desk.supervisor, desk.officer, desk.qa, desk.manager, "Administrator"):
		with suppress(frappe.PermissionError, frappe.CannotChangeConstantError):
			web.put(user, f"{web.RESOURCE}/{DOCTYPE}/{MONTH}", **change)
		after = frappe.get_doc(DOCTYPE, MONTH).as_dict()
		kept = frappe.parse_json(before)
		for field in ("figures", "status", "month", "sent_by", "recipients", "reviews"):
			assert after.get(field) == kept.get(field), (user, field)
		assert str(after.made_on) == kept["made_on"]


def test_nobody_makes_deletes_or_renames_one_by_rest(desk: frappe._dict, cases: dict) -> None:
	made()
	for user in (desk.supervisor, desk.qa, "Administrator"):
		with pytest.raises(frappe.PermissionError):
			web.post(user, f"{web.RESOURCE}/{DOCTYPE}", month="2026-01", figures="{}")
		with pytest.raises(frappe.PermissionError):
			web.send(user, "DELETE", f"{web.RESOURCE}/{DOCTYPE}/{MONTH}")
		with pytest.raises((frappe.PermissionError, frappe.ValidationError)):
			web.call(user, "frappe.client.rename_doc", doctype=DOCTYPE, old_name=MONTH, new_name="2026-01")
	assert frappe.get_all(DOCTYPE, pluck="name") == [MONTH]


def test_a_row_is_not_changed_on_its_own(desk: frappe._dict, cases: dict) -> None:
	document = made()
	with as_user(desk.officer):
		month_acts.review(month_acts.locked(MONTH), "Seen", at(APRIL))
	name = document.reload().reviews[0].name
	for user in (desk.supervisor, "Administrator"):
		with pytest.raises(frappe.PermissionError):
			web.put(user, f"{web.RESOURCE}/Tracing Review/{name}", note="Changed")
		with pytest.raises(frappe.PermissionError):
			row = {"parent": MONTH, "parenttype": DOCTYPE, "parentfield": "reviews", "user": user}
			web.post(user, f"{web.RESOURCE}/Tracing Review", **row)
		with pytest.raises(frappe.PermissionError):
			web.send(user, "DELETE", f"{web.RESOURCE}/Tracing Review/{name}")
	assert document.reload().reviews[0].note == "Seen"


def test_the_supervisor_writes_remarks_until_it_is_sent(desk: frappe._dict, cases: dict) -> None:
	made()
	path = f"{web.RESOURCE}/{DOCTYPE}/{MONTH}"
	web.put(desk.supervisor, path, remarks="Good <b>month</b>")
	assert frappe.db.get_value(DOCTYPE, MONTH, "remarks") == "Good &lt;b>month&lt;/b>"
	for user in (desk.officer, desk.qa, desk.manager):
		with pytest.raises(frappe.PermissionError):
			web.put(user, path, remarks="Mine")
	web.call(desk.supervisor, f"{API}.send", month=MONTH)
	with pytest.raises(frappe.PermissionError, match="was sent"):
		web.put(desk.supervisor, path, remarks="Other")


def test_who_reads_a_month(desk: frappe._dict, cases: dict) -> None:
	made()
	readers = (desk.supervisor, desk.officers["Egypt"], desk.qa, desk.manager)
	others = (make_user("Customer Service Manager"), make_user("General Manager"), make_agent(), desk.head)
	for user in readers:
		assert web.get(user, f"{web.METHOD}/{API}.shown", month=MONTH)["lines"]
	for user in others:
		with pytest.raises(frappe.PermissionError):
			web.get(user, f"{web.METHOD}/{API}.shown", month=MONTH)
		with as_user(user), suppress(frappe.PermissionError):
			assert frappe.get_list(DOCTYPE) == []


def test_the_form_is_told_in_the_readers_language(desk: frappe._dict, cases: dict) -> None:
	made()
	frappe.local.lang = "ar"
	told = web.get(desk.supervisor, f"{web.METHOD}/{API}.shown", month=MONTH)
	frappe.local.lang = "en"
	assert told["title"] == "مارس 2026" or not told["title"].isascii()
	for line in told["lines"]:
		assert not line["label"].isascii(), line["label"]
	for table in told["tables"]:
		assert not any(label.isascii() for label in (table["title"], *table["columns"]))


# --- Sending


def send(user: str) -> list[str]:
	return web.call(user, f"{API}.send", month=MONTH)


def outcomes() -> dict[str, tuple[str, str]]:
	return {row.user: (row.role, row.outcome) for row in frappe.get_doc(DOCTYPE, MONTH).recipients}


def mail_to(user: str) -> str:
	queue = frappe.get_all("Email Queue Recipient", {"recipient": user}, pluck="parent")
	return frappe.db.get_value("Email Queue", queue[-1], "message")


def test_the_supervisor_sends_the_month_to_its_readers(desk: frappe._dict, cases: dict) -> None:
	made()
	assert send(desk.supervisor) == []
	assert outcomes() == {
		desk.manager: ("Customer Service Manager", "Queued"),
		desk.qa: ("QA Specialist", "Queued"),
	}
	document = frappe.get_doc(DOCTYPE, MONTH)
	assert (document.status, document.sent_by) == ("Sent", desk.supervisor)
	for row in document.recipients:
		assert frappe.db.exists("Email Queue", row.email_queue)


def test_only_the_supervisor_sends_it(desk: frappe._dict, cases: dict) -> None:
	made()
	for user in (desk.officer, desk.qa, desk.manager, make_agent()):
		with pytest.raises(frappe.PermissionError):
			send(user)
	assert not outcomes()


@pytest.mark.parametrize("mode", ["Observe", "Off"])
def test_nothing_is_mailed_outside_live(desk: frappe._dict, cases: dict, mode: str) -> None:
	made()
	switch_mode(mode)
	with pytest.raises(frappe.ValidationError, match="Live"):
		send(desk.supervisor)
	assert not outcomes()


def test_a_mail_speaks_its_readers_language(desk: frappe._dict, cases: dict) -> None:
	frappe.db.set_value("User", desk.qa, "language", "ar")
	made()
	send(desk.supervisor)
	english, arabic = mail_to(desk.manager), mail_to(desk.qa)
	assert mail_reading.subject_of(english) == "Tracing report for March 2026"
	assert not mail_reading.subject_of(arabic).isascii()
	text = mail_reading.plain_text(english)
	assert "Customers Satisfied (%): 50% (Month Before: 0%, Goal: 100%)" in text
	assert "Satisfied" not in mail_reading.plain_text(arabic)


def test_the_remarks_are_text_in_the_mail(desk: frappe._dict, cases: dict) -> None:
	made()
	remarks = "<script>alert(1)</script> 5 < 6"
	web.put(desk.supervisor, f"{web.RESOURCE}/{DOCTYPE}/{MONTH}", remarks=remarks)
	send(desk.supervisor)
	parts = message_from_string(mail_to(desk.qa)).walk()
	(html,) = (part.get_payload(decode=True) for part in parts if part.get_content_type() == "text/html")
	page = BeautifulSoup(html, "html.parser")
	assert remarks in page.get_text()
	assert page.find("script") is None
	assert remarks in mail_reading.plain_text(mail_to(desk.qa))


def test_sending_twice_is_refused(desk: frappe._dict, cases: dict) -> None:
	made()
	send(desk.supervisor)
	with pytest.raises(frappe.ValidationError, match="nobody is sent it twice"):
		send(desk.supervisor)
	assert frappe.db.count("Email Queue Recipient", {"recipient": desk.qa}) == 1


def test_a_failed_reader_is_tried_again_and_no_other(desk: frappe._dict, cases: dict) -> None:
	made()
	address = frappe.db.get_value("User", desk.qa, "email")
	frappe.db.set_value("User", desk.qa, "email", None)
	(problem,) = send(desk.supervisor)
	assert desk.qa in problem
	assert outcomes()[desk.qa][1].startswith("Failed: ")
	frappe.db.set_value("User", desk.qa, "email", address)
	assert send(desk.supervisor) == []
	assert outcomes()[desk.qa][1] == "Queued"
	assert frappe.db.count("Email Queue Recipient", {"recipient": desk.manager}) == 1


def test_what_reached_nobody_is_not_sent(desk: frappe._dict, cases: dict) -> None:
	made()
	frappe.db.set_single_value("Core Helpdesk Settings", "reply_to", "")
	frappe.clear_document_cache("Core Helpdesk Settings", "Core Helpdesk Settings")
	assert len(send(desk.supervisor)) == 2
	assert frappe.db.get_value(DOCTYPE, MONTH, "status") == "Made"


def test_the_fate_of_a_mail_is_followed(desk: frappe._dict, cases: dict) -> None:
	made()
	send(desk.supervisor)
	queued = {row.user: row.email_queue for row in frappe.get_doc(DOCTYPE, MONTH).recipients}
	frappe.db.set_value("Email Queue", queued[desk.qa], "status", "Sent")
	frappe.db.set_value("Email Queue", queued[desk.manager], {"status": "Error", "error": "No such mailbox"})
	month_acts.watch_delivery()
	assert outcomes()[desk.qa][1] == "Sent"
	assert outcomes()[desk.manager][1] == "Failed: No such mailbox"
	assert send(desk.supervisor) == []
	assert outcomes()[desk.manager][1] == "Queued"


def test_the_deputy_reads_it_while_the_manager_is_away(desk: frappe._dict, cases: dict) -> None:
	deputy = make_user()
	away = {
		"customer_service_manager_deputy": deputy,
		"customer_service_manager_absent_from": "2020-01-01",
		"customer_service_manager_absent_until": "2099-01-01",
	}
	frappe.db.set_single_value("Core Helpdesk Settings", away)
	made()
	send(desk.supervisor)
	assert set(outcomes()) == {deputy, desk.qa}


# --- Reviewing


def test_readers_record_their_review(desk: frappe._dict, cases: dict) -> None:
	made()
	for user in (desk.officer, desk.manager):
		web.call(user, f"{API}.review", month=MONTH, note="Late cases to be discussed")
		assert web.get(user, f"{web.METHOD}/{API}.shown", month=MONTH)["reviewed"]
	reviews = frappe.get_doc(DOCTYPE, MONTH).reviews
	assert [review.user for review in reviews] == [desk.officer, desk.manager]
	with pytest.raises(frappe.PermissionError):
		web.call(make_agent(), f"{API}.review", month=MONTH, note="")


def test_running_the_report_writes_nothing(desk: frappe._dict, cases: dict) -> None:
	before = frappe.db.transaction_writes
	with as_user(desk.qa):
		frappe.get_doc("Report", REPORT).execute_module({})
	assert frappe.db.transaction_writes == before


def test_the_frozen_figures_are_those_of_the_report(desk: frappe._dict, cases: dict) -> None:
	frozen, shown = json.loads(made().figures), row(desk.supervisor)
	for name in ("opened", "closed", "late", "outstanding", "answer_none", "late_p90"):
		assert frozen["total"][name] == shown[name]
