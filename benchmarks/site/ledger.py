"""The ledger of reports with 200,000 deliveries: its list, its cards, and the search for what is missing."""

from __future__ import annotations

import json
import statistics
import time
from typing import TYPE_CHECKING

import frappe
from frappe.desk import reportview

from benchmarks.site import courier
from core_helpdesk import config, report_sending_api
from core_helpdesk.sending import ledger
from tests.site.counting import queries
from tests.site.factories import as_user, make_user, switch_mode

if TYPE_CHECKING:
	from collections.abc import Callable, Iterator

COUNT, FEW = 200_000, 20_000
PEOPLE = 40
ROUNDS = 7
PAGE = 20


def run(counts: tuple[int, ...] = (FEW, COUNT)) -> Iterator[str]:
	"""The lines of the report."""
	desk = courier.desk()
	clear()
	desk.qa = make_user("QA Specialist")
	desk.readers = [make_user("TSM Agent") for _number in range(PEOPLE)]
	switch_mode()
	now = config.now_epoch()
	frappe.db.set_single_value(config.SETTINGS, "reports_from", config.from_epoch(now - 400 * courier.DAY))
	frappe.db.commit()
	config.refresh()
	for count in counts:
		clear()
		add(desk, count, now)
		yield f"{count:,} deliveries to {PEOPLE} people:"
		with as_user(desk.qa):
			yield from opened(own=False)
		with as_user(desk.readers[0]):
			yield from opened(own=True)
	clear()
	switch_mode("Observe")
	frappe.db.commit()


def opened(*, own: bool) -> Iterator[str]:
	who = "one who has some of them" if own else "who sees all"
	card = report_sending_api.to_review_card if own else report_sending_api.not_delivered_card
	plain = seconds_of(count_all)
	for name, work in (("the list", page), ("its count", listed), ("the card", card)):
		with queries() as statements:
			work()
		taken = seconds_of(work)
		yield (
			f"  {name}, {who}: {taken * 1e3:.0f} ms, {len(statements)} queries; "
			f"{taken / plain:.1f} times a plain count of the table"
		)


def page() -> None:
	"""As the Desk opens it."""
	meta = frappe.get_meta(ledger.DELIVERY)
	frappe.get_list(
		ledger.DELIVERY,
		fields=["name", "title", "report", "period_key", "recipient", "state", "due_at"],
		order_by=f"{meta.sort_field} {meta.sort_order}",
		limit=PAGE,
	)


def listed() -> None:
	asked = {"doctype": ledger.DELIVERY, "filters": json.dumps({}), "fields": "[]", "distinct": "false"}
	frappe.local.form_dict = frappe._dict(asked)
	reportview.get_count()


def count_all() -> None:
	frappe.db.sql("select count(*) from `tabReport Delivery`")


def seconds_of(work: Callable[[], object]) -> float:
	taken = []
	for _round in range(ROUNDS):
		began = time.perf_counter()
		work()
		taken.append(time.perf_counter() - began)
	return statistics.median(taken)


def add(desk: frappe._dict, count: int, now: int) -> None:
	"""Daily reports to all of them until today, a hundredth of them failed in the last weeks, the others read."""
	given = {
		"now": now,
		"count": count,
		"people": PEOPLE,
		"zone": config.to_epoch("1971-01-01 00:00:00") - 365 * courier.DAY,
		"users": json.dumps(desk.readers),
	}
	frappe.db.sql(DELIVERIES, given)  # nosemgrep: words from below, values by parameters
	frappe.db.commit()
	frappe.db.sql("analyze table `tabReport Delivery`")
	frappe.db.commit()


def clear() -> None:
	frappe.db.commit()
	for doctype in (ledger.RUN, ledger.DELIVERY, "Escalation Finding"):
		frappe.db.sql(f"truncate `tab{doctype}`")  # nosemgrep: names from above
	frappe.db.commit()


DUE = "(%(now)s - 3600 - seq div %(people)s * 86400)"
DUE_AT = f"'1970-01-01' + interval {DUE} - %(zone)s second"
STATE = "if(seq < %(people)s * 30 and seq %% 100 = 0, 'Failed', if(seq < %(people)s, 'Sent', 'Acknowledged'))"
DELIVERIES = f"""insert into `tabReport Delivery` (name, creation, modified, owner, modified_by, title, report, period_key,
		recipient, capacity, language, state, due_at, changed_on, due_epoch, ready_epoch, since_epoch, next_epoch, tries)
	select lpad(lower(hex(seq * 2654435761 & 4294967295)), 10, 'k'), {DUE_AT}, {DUE_AT}, 'Administrator',
		'Administrator', concat('Escalated Tickets · ', seq div %(people)s), 'Escalated Tickets',
		concat('d', seq div %(people)s), json_value(%(users)s, concat('$[', seq %% %(people)s, ']')), 'Member', 'en',
		{STATE}, {DUE_AT}, {DUE_AT}, {DUE}, {DUE}, {DUE}, 0, 1
	from seq_0_to_100000000 where seq < %(count)s order by 1"""
