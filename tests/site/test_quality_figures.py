"""The further figures of the QA Monthly Report: tracing, promises to customers, requests, deviations and accuracy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk import config, months, promised_times
from core_helpdesk.domain.quality import total
from core_helpdesk.reports import (
	promise_reading,
	quality_counts,
	quality_figures,
	ticket_month,
)
from core_helpdesk.reports import quality_words as words
from tests.site import report_reading as reading
from tests.site import web
from tests.site.factories import (
	make_agent,
)
from tests.site.moments import Moment, moment_from
from tests.site.quality_desk import (
	ISOLATES,
	MONTH,
	a_month,
	counted,
	lines,
	of,
	open_desk,
	promise,
)

if TYPE_CHECKING:
	from collections.abc import Iterator

API = "core_helpdesk.report_api.tickets"

moment = moment_from("2026-03-01 09:00")


@pytest.fixture
def desk(moment: Moment) -> Iterator[frappe._dict]:
	quality_figures.forget()
	yield open_desk()
	quality_figures.forget()


def test_complaints_are_counted_in_working_days(desk: frappe._dict, moment: Moment) -> None:
	"""Policy: CX-2.1, QA-12"""
	a_month(desk, moment)
	found = counted()
	mine, others = of(found, desk.mine), of(found, desk.others)
	assert (mine.counts["complaints_decided"], mine.counts["complaints_kept"]) == (2, 1)
	assert (others.counts["complaints_decided"], others.counts["complaints_kept"]) == (1, 0)
	assert mine.value("complaints_in_time") == 1 / 2


def test_inquiries_are_counted_by_the_clock(desk: frappe._dict, moment: Moment) -> None:
	"""Policy: CX-3.7, QA-12"""
	a_month(desk, moment)
	found = counted()
	mine, others = of(found, desk.mine), of(found, desk.others)
	assert (mine.counts["inquiries_decided"], mine.counts["inquiries_kept"]) == (1, 1)
	assert (others.counts["inquiries_decided"], others.counts["inquiries_kept"]) == (2, 0)


def test_an_inquiry_that_was_answered_before_it_was_counted_is_not(
	desk: frappe._dict, moment: Moment
) -> None:
	"""As when its group came to be governed between the reply and the end of the 24 hours. Policy: CX-3.7"""
	raised = a_month(desk, moment)
	began = config.to_epoch(frappe.utils.get_datetime("2026-03-02 10:00"))
	stay = {"reference_name": str(raised["asked"])}
	frappe.db.set_value("Ticket Leg", stay, {"from_epoch": began, "began_by": "Taken On"})
	assert of(counted(), desk.mine).counts["inquiries_decided"] == 0


def test_what_is_taken_out_of_all_groups_in_time_is_not_missed(desk: frappe._dict, moment: Moment) -> None:
	"""Policy: CX-2.1"""
	raised = a_month(desk, moment)
	ended = config.to_epoch(frappe.utils.get_datetime("2026-03-04 10:00"))
	stay = {"reference_name": str(raised["never"])}
	frappe.db.set_value("Ticket Leg", stay, {"to_epoch": ended, "ended_by": "Moved Out"})
	assert of(counted(), desk.others).counts["complaints_decided"] == 0


def test_what_was_promised_is_found_by_a_key_alone(desk: frappe._dict, moment: Moment) -> None:
	a_month(desk, moment)
	asked = promise_reading.tickets(promised_times.promised(), months.window(MONTH))
	(plan,) = frappe.db.sql(f"explain {asked.get_sql()}", as_dict=True)
	assert plan.key == "ch_leg_promised"
	assert "Using index" in plan.Extra


def test_a_month_that_is_not_closed_is_counted_once_a_minute(
	desk: frappe._dict, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	a_month(desk, moment)
	moment.set("2026-04-02 09:00")
	months_counted, count = [], quality_counts.count

	def noting(month: object, *name: str) -> object:
		months_counted.append(month)
		return count(month, *name)

	monkeypatch.setattr(quality_counts, "count", noting)
	before = lines(desk.qa)
	assert len(months_counted) == 2
	reading.run(desk.head, ticket_month.REPORT, month=MONTH, by="department")
	promise()
	assert lines(desk.qa) == before
	assert len(months_counted) == 2
	quality_figures.forget()
	assert lines(desk.qa) != before


def test_a_figure_that_is_looked_behind_counts_no_other(
	desk: frappe._dict, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	a_month(desk, moment)
	moment.set("2026-04-02 09:00")
	monkeypatch.delattr(promise_reading, "decided")
	assert drilled(desk.head, "groups")["names"] == [desk.care]


def test_a_site_that_names_no_categories_promises_nothing(desk: frappe._dict, moment: Moment) -> None:
	promise()
	a_month(desk, moment)
	whole = total(counted())
	assert whole.counts["complaints_decided"] == whole.counts["inquiries_decided"] == 0
	assert whole.value("complaints_in_time") is None
	moment.set("2026-04-02 09:00")
	answer = reading.run(desk.qa, ticket_month.REPORT, month=MONTH, by=ticket_month.FURTHER)
	said = {row["drill"]["part"]: row["this"].strip("\u2068\u2069") for row in answer["result"]}
	assert {said[name] for name in words.PROMISES} == {"no category named"}
	assert "no category named" not in {said[name] for name in said if name not in words.PROMISES}
	promised = [row for row in answer["result"] if row["drill"]["part"] in words.PROMISES]
	assert {(row["last"].strip("\u2068\u2069"), row["change"]) for row in promised} == {("–", "")}
	tiles = " ".join(number["label"] for number in answer["report_summary"])
	assert "Complaints" not in tiles and "Inquiries" not in tiles


def test_every_figure_that_does_not_say_so_itself_says_what_it_counts(desk: frappe._dict) -> None:
	assert set(words.shown()) - set(words.of_kinds()) <= set(words.definitions())


def test_each_reader_counts_what_they_answer_for(desk: frappe._dict, moment: Moment) -> None:
	"""Policy: CORE-13"""
	a_month(desk, moment)
	moment.set("2026-04-02 09:00")
	label = words.meanings()["complaints_decided"].label
	assert "3" in lines(desk.qa)[label]["this"]
	assert "2" in lines(desk.head)[label]["this"]
	assert "1" in lines(desk.other_head)[label]["this"]
	assert "1" in lines(desk.qa, department=desk.others)[label]["this"]
	assert lines(desk.head, department=desk.others)[label]["this"].strip(ISOLATES) == "0"


def drilled(user: str, part: str, figure: str = "this", month: str = MONTH) -> dict:
	filters = frappe.as_json({"month": month, "by": ticket_month.FURTHER})
	return web.call(user, API, filters=filters, figure=figure, part=part)


def test_every_figure_leads_to_what_it_counts(desk: frappe._dict, moment: Moment) -> None:
	"""Policy: QA-12, CORE-13"""
	a_month(desk, moment)
	moment.set("2026-04-02 09:00")
	for user in (desk.qa, desk.head, desk.other_head):
		for row in lines(user).values():
			if not row["this"].strip(ISOLATES).isdigit():
				continue
			assert len(drilled(user, row["drill"]["part"])["names"]) == int(row["this"].strip(ISOLATES))
	found = drilled(desk.head, "complaints_decided")
	assert found["doctype"] == "Ticket Leg"
	assert {frappe.db.get_value("Ticket Leg", name, "team") for name in found["names"]} == {desk.care}
	assert drilled(desk.head, "complaints_decided", "last", "2026-04") == found
	assert len(drilled(desk.qa, "complaints_in_time")["names"]) == 1


def test_what_is_no_figure_leads_nowhere(desk: frappe._dict) -> None:
	with pytest.raises(frappe.ValidationError, match="no such figure"):
		drilled(desk.qa, "behind")
	with pytest.raises(frappe.PermissionError):
		drilled(make_agent(), "groups")


def test_the_shares_stand_over_every_view(desk: frappe._dict, moment: Moment) -> None:
	a_month(desk, moment)
	moment.set("2026-04-02 09:00")
	for by in ("department", ticket_month.FURTHER):
		answer = reading.run(desk.qa, ticket_month.REPORT, month=MONTH, by=by)
		said = " ".join(number["label"] for number in answer["report_summary"])
		assert words.meanings()["data_accuracy"].label in said


def test_every_figure_is_said_in_arabic(desk: frappe._dict) -> None:
	frappe.local.lang = "ar"
	try:
		said = [*(meaning.label for meaning in words.meanings().values()), *words.definitions().values()]
	finally:
		frappe.local.lang = "en"
	assert [text for text in said if text.isascii()] == []
