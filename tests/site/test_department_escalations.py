"""Department Escalations: what escalated in each department, and which groups had the tickets until then."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk.domain.ticket_facts import SEPARATOR
from core_helpdesk.domain.ticket_measures import OPEN
from core_helpdesk.mail.language import speaking
from core_helpdesk.reports import blamed_groups, brief_names, department_escalations
from core_helpdesk.reports import escalation_words as words
from core_helpdesk.reports.ticket_words import ALL
from tests.site import report_desk
from tests.site import report_reading as reading
from tests.site.factories import as_user, make_agent, make_user
from tests.site.report_desk import EGYPT, MONTH_END, SAUDI, STRETCHES, WEEK, Span

if TYPE_CHECKING:
	from collections.abc import Iterator

	from tests.site.report_desk import Opened

REPORT = department_escalations.REPORT


@pytest.fixture(scope="module")
def opened(connection: None) -> Iterator[Opened]:
	yield from report_desk.opened()


@pytest.fixture(autouse=True)
def clean_site(opened: Opened) -> Iterator[None]:
	"""Undoes what the test wrote, all but the days that it reads."""
	yield from opened.undone()


@pytest.fixture
def desk(opened: Opened) -> frappe._dict:
	return opened.desk


def parts(user: str, **filters: object) -> dict[str, dict]:
	return report_desk.parts(user, REPORT, **{**WEEK, **filters})


def drilled(user: str, figure: str, part: str = ALL, **filters: object) -> list[str]:
	return report_desk.drilled(user, REPORT, figure, part, **{**WEEK, **filters})


def key(department: str, country: str) -> str:
	return SEPARATOR.join((department, country))


def by_hand(groups: set[str], span: Span) -> dict[str, object]:
	"""The figures of these groups, read off the records' own moments."""
	found = report_desk.groups_of(frappe.get_all("Ticket Escalation", fields=["*"]), groups)
	raised = [row for row in found if span.holds(row.escalated_at)]
	due = [row for row in found if row.level == 1 and span.holds(row.answer_due_at)]
	over = {row.name: None if row.status in report_desk.OPEN else row.outcome_on for row in found}
	answered = [
		row
		for row in due
		if row.status not in (*report_desk.OPEN, "Failed") and over[row.name] <= row.answer_due_at
	]
	copies = {
		(copy.parent, copy.user): copy.confirmed_on
		for copy in frappe.get_all("Escalation Recipient", fields=["parent", "user", "confirmed_on"])
	}
	sent = [row for row in raised if row.level == 1 and row.head]
	return {
		"escalated": sum(row.target == "Ticketing System Management" for row in raised),
		"to_general_manager": sum(row.target == "General Manager" for row in raised),
		"failed": len(due) - len(answered),
		"in_time": len(answered),
		OPEN: sum(row.escalated_at < span.end and span.ends_before(over[row.name]) for row in found),
		"handed_back": sum(row.status == "Handed Back" and span.holds(row.outcome_on) for row in found),
		"unconfirmed": sum(span.ends_before(copies.get((row.name, row.head))) for row in sent),
	}


def blamed_by_hand(span: Span) -> dict[str, Counter]:
	found: dict[str, Counter] = {
		"held_longest": Counter(),
		"held": Counter(),
		"seconds": Counter(),
		"escalated_there": Counter(),
	}
	for row in frappe.get_all("Ticket Escalation", {"level": 1, "clock": "Group"}, ["*"]):
		if not span.holds(row.escalated_at):
			continue
		legs = frappe.get_all(
			"Ticket Leg",
			{"reference_name": row.reference_name, "cycle": row.cycle, "entered_at": ("<", row.escalated_at)},
			["*"],
			order_by="entered_at",
		)
		held: Counter = Counter()
		for leg in legs:
			left = min(leg.left_at, row.escalated_at) if leg.to_epoch else row.escalated_at
			held[leg.team] += int((left - leg.entered_at).total_seconds())
		found["held"].update(held.keys())
		found["seconds"].update(held)
		found["escalated_there"][row.team] += 1
		if held:
			found["held_longest"][held.most_common(1)[0][0]] += 1
	return found


def test_every_figure_is_what_the_records_say(desk: frappe._dict) -> None:
	"""Policy: TSM-01, TSM-02, TSM-M2"""
	homes = {
		desk.riyadh: key(desk.mine, SAUDI),
		desk.cairo: key(desk.mine, EGYPT),
		desk.apart: key(desk.others, EGYPT),
	}
	seen: Counter = Counter()
	for days in STRETCHES:
		found, span = parts(desk.qa, **days), Span(**days)
		for group, home in homes.items():
			expected = by_hand({group}, span)
			row = found.get(home, dict.fromkeys(expected, 0))
			assert {name: row[name] for name in expected} == expected, (days, group)
			seen.update(expected)
	assert all(seen.values()), seen


def test_every_figure_has_as_many_records_behind_it(desk: frappe._dict) -> None:
	for by, shown, behind in (
		("place", department_escalations.SHOWN, words.BEHIND),
		("group", blamed_groups.SHOWN, blamed_groups.BEHIND),
	):
		for days in (WEEK, MONTH_END):
			for row in reading.rows(desk.qa, REPORT, by=by, **days):
				asked = dict(row.get("drill") or {})
				part = asked.pop("part", None)
				for figure in shown if part is not None else ():
					if figure not in behind:
						names = drilled(desk.qa, figure, part, by=by, **asked)
						assert len(set(names)) == row[figure], (by, part, figure)


def test_lines_add_up_beside_the_days_before(desk: frappe._dict) -> None:
	for by, shown in (
		("place", department_escalations.SHOWN),
		("group", ("held_longest", "escalated_there", "held")),
	):
		whole, last, change, *lines = reading.rows(desk.qa, REPORT, by=by, **WEEK)
		for figure in shown:
			if figure != "solved_in_time":
				assert whole[figure] == sum(line[figure] for line in lines), (by, figure)
				assert change[figure] == whole[figure] - last[figure]
		before = parts(desk.qa, by=by, since="2026-03-29", until="2026-04-04")[ALL]
		assert [last[figure] for figure in shown] == [before[figure] for figure in shown]


def test_the_group_that_held_a_ticket_longest_is_to_blame(desk: frappe._dict) -> None:
	"""Policy: TSM-M2"""
	for days in STRETCHES:
		expected, found = blamed_by_hand(Span(**days)), parts(desk.qa, by="group", **days)
		found.pop(ALL, None)
		for name in ("held_longest", "held", "escalated_there"):
			told = Counter({group: row[name] for group, row in found.items() if row[name]})
			assert told == +expected[name], (days, name)
		for group, seconds in expected["seconds"].items():
			assert found[group]["hours_held"] == round(seconds / 3600, 1)


def test_each_reader_counts_what_they_answer_for_and_no_more(desk: frappe._dict) -> None:
	"""Policy: CORE-13"""
	everything, span = {desk.riyadh, desk.cairo, desk.apart}, Span(**WEEK)
	blamed = parts(desk.qa, by="group")
	for user, groups in report_desk.readers_of(desk).items():
		whole = by_hand(groups, span)
		found = parts(user)[ALL]
		assert {name: found[name] for name in whole} == whole, user
		of_groups = parts(user, by="group")
		assert set(of_groups) - {ALL} == groups.intersection(blamed)
		assert all(of_groups[group] == blamed[group] for group in groups.intersection(blamed))
		for other in everything - groups:
			assert drilled(user, "held", other, by="group") == []
			for by in ("place", "group"):
				assert other not in reading.text_of(user, REPORT, by=by, **WEEK)
				assert not any(other in line for line in reading.exported_rows(user, REPORT, by=by, **WEEK))
		for by, figure, doctype in (
			("place", "failed", "Ticket Escalation"),
			("group", "held", "Ticket Leg"),
		):
			names = drilled(user, figure, by=by)
			with as_user(user):
				assert len(frappe.get_list(doctype, {"name": ("in", names or [""])})) == len(names)
	for home in (key(desk.others, EGYPT), key(desk.mine, EGYPT)):
		assert drilled(desk.head, "escalated", home) == []
	assert reading.rows(desk.head, REPORT, department=desk.others, **WEEK) == []


def test_others_read_nothing(desk: frappe._dict) -> None:
	for user in (make_agent(), make_user("System Manager")):
		for by in ("place", "group"):
			with pytest.raises(frappe.PermissionError):
				parts(user, by=by)
			with pytest.raises(frappe.PermissionError):
				drilled(user, "failed", by=by)
	without = make_user("Department Manager")
	assert reading.rows(without, REPORT, **WEEK) == reading.rows(without, REPORT, by="group", **WEEK) == []


def test_a_hidden_group_is_blamed_without_its_name(desk: frappe._dict) -> None:
	"""Policy: TSM-12"""
	manager = make_user("Customer Service Manager")
	frappe.db.set_single_value("Core Helpdesk Settings", "customer_service_manager", manager)
	frappe.db.set_value("HD Team", desk.cairo, "ch_hidden", 1)
	frappe.clear_document_cache("HD Team", desk.cairo)
	days = {"since": "2026-03-30", "until": "2026-04-11"}
	everything, found = parts(desk.qa, by="group", **days), parts(manager, by="group", **days)
	assert everything[desk.cairo]["held"] == found[""]["held"] > 0
	assert found[""]["of"] == ""
	assert desk.cairo not in reading.text_of(manager, REPORT, by="group", **days)
	assert drilled(manager, "held", desk.cairo, by="group", **days) == []


def test_the_desk_has_brief_names_under_the_bars(desk: frappe._dict) -> None:
	days = {"since": "2026-03-30", "until": "2026-04-11"}
	chart = reading.run(desk.qa, REPORT, by="place", **days)["chart"]
	labels = chart["data"]["labels"]
	assert len(labels) == len(set(labels)) > 1
	assert any(label.startswith("EG – ") for label in labels)
	assert not any(EGYPT in label for label in labels)
	assert "brief_labels" not in chart
	with as_user(desk.qa):
		whole = department_escalations.run({**days, "by": "place"}).chart["data"]["labels"]
	assert any(label.endswith(f" – {EGYPT}") for label in whole)


@pytest.mark.parametrize(
	("language", "names", "shown"),
	[
		("en", ["Delivery Riyadh", "Delivery Cairo"], ["Riyadh", "Cairo"]),
		(
			"en",
			["Delivery KSA", "Delivery UAE", "Tracing KSA"],
			["Delivery KSA", "Delivery UAE", "Tracing KSA"],
		),
		("en", ["Delivery", "Delivery Cairo"], ["Delivery", "Cairo"]),
		("ar", ["إدارة العناية بالعملاء", "إدارة العمليات"], ["العناية بالعملاء", "العمليات"]),
		("ar", ["إدارة", "إدارة خدمات التجزئة"], ["إدارة", "خدمات التجزئة"]),
		("en", [], []),
	],
)
def test_names_are_brief_without_what_all_begin_with(
	language: str, names: list[str], shown: list[str]
) -> None:
	with speaking(language):
		assert brief_names.brief(names) == shown


def test_days_without_any_say_so(desk: frappe._dict) -> None:
	for by, said in (("place", "Nothing escalated"), ("group", "No ticket missed")):
		answer = reading.run(desk.qa, REPORT, by=by, since="2026-01-01", until="2026-01-02")
		assert answer["result"] == []
		assert said in answer["message"]
		assert answer["report_summary"]
		assert "2026" in answer["message"].partition(said)[0]
		with as_user(desk.qa):
			# A mail has its days in its title.
			mailed = department_escalations.run({"by": by, "since": "2026-01-01", "until": "2026-01-02"})
		assert mailed.message.startswith(said)


def test_what_days_are_compared_with_is_said(desk: frappe._dict) -> None:
	"""Policy: TSM-M2"""
	for by in ("place", "group"):
		message = reading.run(desk.qa, REPORT, by=by, **WEEK)["message"]
		said, compared, rest = message.partition(", beside as many days before.")
		assert compared and WEEK["since"][:4] in said
		with as_user(desk.qa):
			mailed = department_escalations.run({**WEEK, "by": by}).message
		assert mailed == f"Beside as many days before.{rest}"


def test_tiles_of_groups_count_each_ticket_once(desk: frappe._dict) -> None:
	"""Policy: TSM-M2"""
	answer = reading.run(desk.qa, REPORT, by="group", **MONTH_END)
	tiles = {tile["label"].rpartition(" (")[0]: tile["value"] for tile in answer["report_summary"]}
	missed = {"level": 1, "clock": "Group"}
	span = Span(**MONTH_END)
	escalated = [
		row.name
		for row in frappe.get_all("Ticket Escalation", missed, ["name", "escalated_at"])
		if span.holds(row.escalated_at)
	]
	assert list(tiles) == ["Tickets Escalated", "Hours Held", "Hours Held (Median)"]
	assert str(tiles["Tickets Escalated"]).strip("\u2068\u2069") == str(len(escalated))
	assert "tracing case" in answer["message"]


def test_heads_say_in_arabic_what_they_count(desk: frappe._dict) -> None:
	for by in ("place", "group"):
		with as_user(desk.qa), speaking("ar"):
			answer = department_escalations.run({**WEEK, "by": by})
		assert not any(column["label"].isascii() for column in answer.columns)
		assert not any(column["help"].isascii() for column in answer.columns if "help" in column)
