"""A Monthly Report for the present reader, in the present language: its figures as they stand, of what they may see.

Policy: QA-12, QA-M1, TSM-13, TSM-M1, TSM-M2, CORE-13
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import frappe
from frappe import _
from frappe.utils import get_url_to_form

from core_helpdesk import config, permissions, shown
from core_helpdesk.domain import quality
from core_helpdesk.domain.ticket_facts import Dimension
from core_helpdesk.domain.ticket_lines import Cell, lines, total
from core_helpdesk.monthly import acts, figures, making, summary
from core_helpdesk.reports import quality_figures, readers, ticket_month_rows
from core_helpdesk.reports.answer import Answer
from core_helpdesk.reports.quality_figures import Compared
from core_helpdesk.reports.ticket_month import Counted, Wanted
from core_helpdesk.setup import monthly_workflow as flow
from core_helpdesk.stored_text import as_written

if TYPE_CHECKING:
	from frappe.model.document import Document

	from core_helpdesk.domain.ticket_facts import Place
	from core_helpdesk.domain.ticket_lines import Cells
	from core_helpdesk.mail.report_letters import Content
	from core_helpdesk.reports.readers import Reader

BY = {
	flow.QA_REPORT: tuple(Dimension),
	flow.TSM_REPORT: (Dimension.DEPARTMENT, Dimension.COUNTRY, Dimension.GROUP_CATEGORY, Dimension.GROUP),
	flow.ESCALATION_REPORT: (Dimension.DEPARTMENT, Dimension.COUNTRY, Dimension.GROUP),
}
"""By what the tables of a kind of report are told apart."""


class Seen(NamedTuple):
	"""The figures of a report as its reader sees them: the month, the one before, and the corrections since."""

	report: Document
	reader: Reader
	this: Cells
	last: Cells
	corrected: Cells
	others: Compared

	def counted(self, by: Dimension) -> Counted:
		"""The same as the report on tickets puts it into rows."""
		wanted = Wanted(self.reader, self.report.month, by, {}, config.now_epoch())
		return Counted(wanted, self.this, total(self.this), total(self.last), total(self.corrected))

	def lines(self, by: Dimension) -> list[tuple[str, Cell]]:
		"""The lines of a table, the busiest first; of escalations only those that have any."""
		found = ticket_month_rows.in_order(lines(self.this, by))
		if self.report.kind != flow.ESCALATION_REPORT:
			return found
		return [(name, cell) for name, cell in found if any(cell[of] for of in making.OF_ESCALATIONS)]


def seen(report: Document) -> Seen:
	"""What the present user sees of a report.

	Raises: PermissionError for who may not read it; DoesNotExistError without its figures.
	Policy: CORE-13, TSM-12
	"""
	report.check_permission("read")
	user = frappe.session.user
	reader = readers.Reader(user, permissions.scope(user), frozenset(permissions.concealed_from(user)))
	kept = figures.kept(report.name)
	corrected = figures.corrections(report.month, kept.cells)
	tickets = (_of_reader(reader, cells) for cells in (kept.cells, kept.last, corrected))
	others = (
		quality.total(areas, lambda area: reader.sees(area.department, area.country))
		for areas in (kept.others, kept.last_others)
	)
	return Seen(report, reader, *tickets, Compared(*others))


def _of_reader(reader: Reader, cells: Cells) -> Cells:
	"""The cells of the places that the reader sees; a group that does not exist for them is none."""
	found: defaultdict[Place, Cell] = defaultdict(Cell)
	for place, cell in cells.items():
		if reader.sees(place.department, place.country):
			known = place if reader.knows([place.group]) else place._replace(group="")
			found[known].take(cell)
	return dict(found)


def is_narrowed(found: Seen) -> bool:
	"""Whether the reader sees a part of the report alone."""
	return not found.reader.scope.sees_all


def view(report: Document) -> dict[str, Any]:
	"""What the form and the print show: head lines, tables, chart and the summary in words.

	Raises: PermissionError, DoesNotExistError
	"""
	found = seen(report)
	return {
		"title": acts.title(report),
		"lead": lead(found),
		"total_title": total_title(report.kind),
		"summary": summary.sentences(found),
		"lines": [line._asdict() for line in summary.head(found)],
		"others": summary.others(found),
		"tables": [summary.table(found, by) for by in BY[report.kind]],
		"chart": summary.chart(found),
		"has_corrections": any(total(found.corrected).counts.values()),
	}


def total_title(kind: str) -> str:
	"""What the first table of a report counts."""
	return _("All Escalations") if kind == flow.ESCALATION_REPORT else _("All Tickets")


def lead(found: Seen) -> str:
	"""What the report is about, and of what its reader sees it."""
	text = {
		flow.QA_REPORT: _("All tickets of the month, beside the month before and the goals."),
		flow.TSM_REPORT: _("The tickets of the month and what escalated of them, by department."),
		flow.ESCALATION_REPORT: _(
			"The departments with escalations, and what was not solved within 24 hours."
		),
	}[found.report.kind]
	return f"{text} {_('Only your own departments are shown.')}" if is_narrowed(found) else text


def answer(report: Document) -> Answer:
	"""The report as rows by department, for a mail or a file.

	Raises: PermissionError, DoesNotExistError
	"""
	return answer_of(seen(report))


def answer_of(found: Seen) -> Answer:
	if found.report.kind == flow.ESCALATION_REPORT:
		return summary.escalations(found)
	counted = found.counted(Dimension.DEPARTMENT)
	rows = ticket_month_rows.rows(counted)
	further = quality_figures.summary(found.others) if found.report.kind == flow.QA_REPORT else []
	return Answer(
		ticket_month_rows.columns(Dimension.DEPARTMENT),
		rows,
		message_of(found, has_rows=bool(rows)),
		ticket_month_rows.chart(counted),
		[*ticket_month_rows.summary(counted), *further] if rows else [],
	)


def message_of(found: Seen, *, has_rows: bool) -> str:
	if has_rows:
		made = shown.day(found.report.made_on)
		return _("Made on {0}: these figures stand.").format(made)
	return readers.why_nothing(found.reader, {}) or _("No ticket was counted in this month.")


def content(report: Document) -> Content:
	"""The report as a mail says it, for the present user in the present language.

	Raises: PermissionError, DoesNotExistError
	Policy: QA-12, TSM-13, TSM-M2
	"""
	from core_helpdesk.mail.report_letters import Content

	settings, found = config.report_settings(), seen(report)
	asked = acts.asked_of(report, frappe.session.user)
	return Content(
		title=acts.title(report),
		lead=f"{lead(found)} {asked}".strip(),
		points=tuple(summary.sentences(found)),
		answer=answer_of(found),
		link=get_url_to_form(report.doctype, report.name),
		attachment=settings.attachment,
		rows_at_most=settings.rows_in_mail,
		remarks=tuple(remarks(report)),
	)


def remarks(report: Document) -> list[str]:
	"""What people say of the report: the comment, what was discussed, and corrective actions with their effect."""
	from core_helpdesk.monthly import actions

	found = shown.numbers_kept(as_written(report.comment)).splitlines()
	found += [
		_("{0}: {1}").format(place, outcome)
		for place, outcome, _day, _who in summary.outcomes(report)
		if outcome
	]
	found += [actions.in_a_line(action) for action in actions.of(report)]
	return [line for line in found if line.strip()]
