"""The Tracing Monthly Report: a month beside the one before, by country, direction, nature, officer or group.

Each reader counts the cases that they may read, and each figure leads to the cases that make it.

Policy: TRC-18, TRC-20, TRC-22
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

import frappe
from frappe import _
from frappe.permissions import get_user_permissions

from core_helpdesk import config, months, tracing_permissions
from core_helpdesk.domain.tracing_figures import Grouping, figures
from core_helpdesk.domain.tracing_sums import Figures
from core_helpdesk.permissions import concealed_from
from core_helpdesk.reports import readers, tracing_month_rows
from core_helpdesk.reports.answer import Answer
from core_helpdesk.setup import roles
from core_helpdesk.tracing import month_making, month_reading, month_whole, month_words

if TYPE_CHECKING:
	from collections.abc import Iterator

	from core_helpdesk.domain.tracing_figures import CaseFacts, Month, MonthFigures
	from core_helpdesk.tracing.month_whole import Whole

REPORT = "Tracing Monthly Report"
FILTERS = ("month", "by", "country", "nature")
READERS = (
	roles.TRACING_OFFICER,
	roles.SUPPORT_SUPERVISOR,
	roles.QA_SPECIALIST,
	roles.CUSTOMER_SERVICE_MANAGER,
	roles.DEPARTMENT_MANAGER,
	roles.GENERAL_MANAGER,
)
# A list is narrowed to cases by their names; more of them than this make a request that servers refuse.
MOST_CASES = 1000


class Wanted(NamedTuple):
	"""What is asked for; `month` is as 2026-10, `country` and `nature` are empty for all."""

	month: str
	by: Grouping
	country: str
	nature: str
	now: int

	def takes(self, case: CaseFacts) -> bool:
		return (not self.country or case.country == self.country) and (
			not self.nature or case.nature == self.nature
		)


class Counted(NamedTuple):
	"""The month that is asked for, and the one before."""

	wanted: Wanted
	this: MonthFigures
	whole: Whole
	last: Whole

	def lines(self) -> dict[str, Figures]:
		return lines_of(self.this, self.wanted.by)


def lines_of(report: MonthFigures, by: Grouping) -> dict[str, Figures]:
	"""The lines of a grouping, but those of groups that do not exist for the reader.

	Policy: TSM-12
	"""
	concealed = set(concealed_from()) if by is Grouping.LEG_TEAM else set()
	return {name: line for name, line in report.groups[by].items() if name not in concealed}


def run(filters: dict[str, Any] | None) -> Answer:
	"""Raises: PermissionError for anybody who is no reader.

	Policy: TRC-18
	"""
	wanted = asked(filters)
	this = count(wanted, wanted.month)
	counted = Counted(wanted, this, month_whole.counted(this.total), month_before(wanted))
	rows = tracing_month_rows.rows(counted)
	return Answer(
		tracing_month_rows.columns(wanted.by),
		rows,
		message(wanted, has_rows=bool(rows)),
		tracing_month_rows.chart(counted),
		tracing_month_rows.summary(counted) if rows else [],
	)


def asked(filters: dict[str, Any] | None) -> Wanted:
	"""Raises: PermissionError for anybody who is no reader."""
	if not set(READERS).intersection(frappe.get_roles()):
		readers.refuse()
	now = config.now_epoch()
	chosen = readers.chosen_of(filters, *FILTERS)
	month, by = chosen.get("month", ""), chosen.get("by", "")
	return Wanted(
		month if months.is_month(month) and month <= months.of(now) else months.last_closed(now),
		Grouping(by) if by in [each.value for each in Grouping] else Grouping.COUNTRY,
		chosen.get("country", ""),
		chosen.get("nature", ""),
		now,
	)


def count(wanted: Wanted, month: str) -> MonthFigures:
	"""The figures of the reader's cases."""
	site = config.site_rules()
	window = months.window(month, wanted.now)
	return figures(_taken(wanted, window, site), window, month_reading.Timers(site))


def month_before(wanted: Wanted) -> Whole:
	"""As it was reported, where that is what the reader would count; counted over their cases for all others."""
	month = months.before(wanted.month)
	frozen = month_making.stored(month) if _asks_for_all(wanted) else None
	return month_whole.frozen(frozen) if frozen else month_whole.counted(count(wanted, month).total)


def _asks_for_all(wanted: Wanted) -> bool:
	user = frappe.session.user
	is_narrowed = wanted.country or wanted.nature or get_user_permissions(user)
	return tracing_permissions.sees_all(user) and not is_narrowed


def _taken(wanted: Wanted, window: Month, site: config.SiteRules) -> Iterator[CaseFacts]:
	return (case for case in month_reading.cases(window, site, for_reader=True) if wanted.takes(case))


def cases(filters: dict[str, Any], figure: str, part: str) -> dict[str, Any]:
	"""The names of the cases in a figure of one line, or of all cases with `month_words.ALL`.

	`count` is the figure: a case with two stays in a group is in it twice, and among the names once.
	Raises: PermissionError; ValidationError for more than a list can show, and for what is no figure.
	"""
	wanted = asked(filters)
	report = count(wanted, wanted.month)
	line = report.total if part == month_words.ALL else lines_of(report, wanted.by).get(part, Figures())
	found = month_words.figure(line, figure)
	if found is None:
		frappe.throw(_("There is no such figure: {0}").format(figure), title=_(REPORT))
	names = sorted(set(found.names))
	if len(names) > MOST_CASES:
		_refuse_many(len(names))
	return {"count": found.count, "names": names}


def _refuse_many(count: int) -> NoReturn:
	message = _("{0} cases are more than a list can be narrowed to. Choose a country or a nature first.")
	frappe.throw(message.format(count), title=_(REPORT))


def message(wanted: Wanted, *, has_rows: bool) -> str:
	if not has_rows:
		if wanted.country or wanted.nature:
			return readers.nothing_matches()
		return _("No case that you may see was open in this month.")
	text = _("Hours are by the clock, days late are working days.")
	if wanted.by is Grouping.LEG_TEAM:
		text = _("Each stay of a case in a group counts for itself. {0}").format(text)
	return text
