"""The reports on tickets, the dashboard and the freezing of a month, each as the one who waits for it asks."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import frappe
from frappe.desk import query_report

from benchmarks.site import years
from benchmarks.site.sweep import seconds_of
from core_helpdesk import config, dashboard_api, months
from core_helpdesk.monthly import making
from core_helpdesk.reports import closed_months, dashboard, quality_figures
from core_helpdesk.setup import monthly_workflow
from tests.site.counting import queries
from tests.site.factories import as_user

if TYPE_CHECKING:
	from collections.abc import Callable, Iterator

ROUNDS = 3
STAYS, ESCALATIONS = "Ticket Leg", "Ticket Escalation"


def run(desk: frappe._dict, now: int) -> Iterator[str]:
	"""The lines of the report, for the rows that are there."""
	scans = {doctype: seconds_of(lambda of=doctype: scan(of)) for doctype in (STAYS, ESCALATIONS)}
	yield from (f"  a scan of {doctype}: {seconds * 1e3:.0f} ms" for doctype, seconds in scans.items())
	last, this = months.last_closed(now), months.of(now)
	yield made("the three Monthly Reports, the month not closed", lambda: freeze(last, now), scans[STAYS])
	close_the_past(now)
	yield made("the three Monthly Reports, the month closed", lambda: freeze(last, now), scans[STAYS])
	for name, user, report, filters, of in opened(desk, now, last, this):
		yield in_words(name, user, lambda report=report, given=filters: open_report(report, given), scans[of])
	yield in_words("Management Dashboard, nothing kept", desk.qa, dashboard_cold, scans[STAYS])
	yield in_words("Management Dashboard, a minute over", desk.qa, dashboard_stale, scans[STAYS])
	yield in_words("Management Dashboard, within the minute", desk.qa, dashboard_api.seen, scans[STAYS])
	frappe.db.delete(closed_months.DOCTYPE)
	frappe.db.commit()


def opened(
	desk: frappe._dict, now: int, last: str, this: str
) -> Iterator[tuple[str, str, str, dict[str, Any], str]]:
	"""What is opened, by whom, with which filters, and the table of its peer."""
	today = config.from_epoch(now).date()

	def days(count: int) -> dict[str, str]:
		return {"since": str(today - timedelta(days=count)), "until": str(today - timedelta(days=1))}

	yield "QA Monthly Report of the closed month", desk.qa, "QA Monthly Report", {"month": last}, STAYS
	yield "QA Monthly Report of this month", desk.qa, "QA Monthly Report", {"month": this}, STAYS
	further = {"month": this, "by": "further"}
	yield "its further figures alone", desk.qa, "QA Monthly Report", further, STAYS
	performance = "Department Performance"
	yield f"{performance}, a month, one department", desk.reader, performance, days(30), STAYS
	yield f"{performance}, a year, one department", desk.reader, performance, days(365), STAYS
	yield f"{performance}, a year, all", desk.qa, performance, days(365), STAYS
	escalations = "Department Escalations"
	yield f"{escalations}, a week", desk.qa, escalations, days(7), ESCALATIONS
	yield f"{escalations}, a month", desk.qa, escalations, days(30), ESCALATIONS
	yield f"{escalations}, a month by group", desk.qa, escalations, {**days(30), "by": "group"}, ESCALATIONS
	yield "Weekly Performance", desk.qa, "Weekly Performance", days(7), ESCALATIONS
	yield "Escalated Tickets of a day", desk.qa, "Escalated Tickets", days(1), ESCALATIONS
	yield "Escalated Tickets of a day, one head's", desk.reader, "Escalated Tickets", days(1), ESCALATIONS


def in_words(name: str, user: str, work: Callable[[], object], peer: float) -> str:
	with as_user(user):
		work()
		with queries() as statements:
			work()
		taken = seconds_of(work, ROUNDS)
	return (
		f"  {name}: {taken * 1e3:,.0f} ms, {len(statements)} queries; {peer / taken:.1f} times within a scan"
	)


def made(name: str, work: Callable[[], object], peer: float) -> str:
	taken = seconds_of(work)
	return f"  {name}: {taken * 1e3:,.0f} ms; {peer / taken:.1f} times within a scan"


def open_report(report: str, filters: dict[str, Any]) -> None:
	"""As the Desk does; nothing is left of what an earlier reader was shown, nor made in the background since it was slow."""
	quality_figures.forget()
	query_report.run(report, filters=filters, ignore_prepared_report=True)


def freeze(month: str, now: int) -> None:
	for kind in monthly_workflow.KINDS:
		making.make(kind, month, now)
	frappe.db.rollback()


def close_the_past(now: int) -> None:
	"""The last month by its figures; to all before it the same figures are given."""
	month = months.last_closed(now)
	closed_months.close(month, now)
	kept = frappe.get_last_doc(closed_months.DOCTYPE)
	for _number in range(years.MONTHS - 1):
		month = months.before(month)
		copy = frappe.copy_doc(kept)
		copy.month = month
		copy.flags.ch_engine = True
		copy.insert()
	frappe.db.commit()


def dashboard_cold() -> None:
	dashboard.forget()
	dashboard_api.seen()


def dashboard_stale() -> None:
	frappe.cache().delete_value(dashboard.CACHE)
	dashboard_api.seen()


def scan(doctype: str) -> None:
	"""All rows of a table read once, as any question does for which there is no key."""
	frappe.db.sql(  # nosemgrep: names from above
		f"select department, country, count(modified_by) from `tab{doctype}` group by department, country"
	)
