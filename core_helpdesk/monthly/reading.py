"""A Monthly Report for the present reader, in the present language: its figures as they stand, of what they may see.

Policy: QA-12, QA-M1, TSM-13, TSM-M1, TSM-M2, CORE-13
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.utils import get_url_to_form

from core_helpdesk import config, permissions, shown
from core_helpdesk.domain import quality, ticket_corrections
from core_helpdesk.domain.ticket_facts import Dimension
from core_helpdesk.domain.ticket_lines import Cell, lines, total
from core_helpdesk.monthly import acts, figures, making, summary, tables
from core_helpdesk.monthly.tables import Part
from core_helpdesk.reports import closed_months, quality_figures, readers, ticket_month_rows
from core_helpdesk.reports.answer import Answer
from core_helpdesk.reports.quality_figures import Compared
from core_helpdesk.reports.ticket_month import Counted, Wanted
from core_helpdesk.reports.ticket_places import Choice
from core_helpdesk.setup import monthly_workflow as flow
from core_helpdesk.stored_text import as_written

if TYPE_CHECKING:
	from frappe.model.document import Document

	from core_helpdesk.domain.ticket_corrections import Corrections
	from core_helpdesk.domain.ticket_lines import Cells
	from core_helpdesk.mail.report_letters import Content, Note, Section
	from core_helpdesk.monthly.actions import Shown

BY = {
	flow.QA_REPORT: tuple(Dimension),
	flow.TSM_REPORT: (Dimension.DEPARTMENT, Dimension.COUNTRY, Dimension.GROUP_CATEGORY, Dimension.GROUP),
	flow.ESCALATION_REPORT: (Dimension.DEPARTMENT, Dimension.COUNTRY, Dimension.GROUP),
}
"""By what the tables of a kind of report are told apart."""


TELLING = ("part", "received", "within_standard", "escalated")
"""The columns that stand side by side in a mail."""


@dataclass(frozen=True)
class Seen:
	"""The figures of a report as its reader sees them: the month, the one before, and the corrections since."""

	report: Document
	choice: Choice
	this: Cells
	last: Cells
	corrected: Corrections
	others: Compared

	@cached_property
	def whole(self) -> Cell:
		return total(self.this)

	@cached_property
	def whole_last(self) -> Cell:
		return total(self.last)

	@cached_property
	def whole_today(self) -> Cell:
		"""The month as it would be counted today."""
		return ticket_corrections.total(self.corrected, self.choice.seen).applied(self.whole)

	def counted(self, by: Dimension) -> Counted:
		"""The same as the report on tickets puts it into rows."""
		wanted = Wanted(self.choice, self.report.month, by, config.now_epoch())
		return Counted(wanted, self.this, self.whole, self.whole_last, self.whole_today)

	def parts(self, by: Dimension) -> list[Part]:
		"""The lines of a table, the busiest first; of escalations only those that have any in the month."""
		this, last = lines(self.this, by), lines(self.last, by)
		both = {name: this.get(name) or Cell() for name in (*this, *last)}
		found = [
			Part(name, cell, last.get(name) or Cell()) for name, cell in ticket_month_rows.in_order(both)
		]
		if self.report.kind != flow.ESCALATION_REPORT:
			return found
		return [part for part in found if any(part.this[of] for of in making.OF_ESCALATIONS)]


def seen(report: Document) -> Seen:
	"""What the present user sees of a report.

	Raises: PermissionError for who may not read it; DoesNotExistError without its figures.
	Policy: CORE-13, TSM-12
	"""
	report.check_permission("read")
	user = frappe.session.user
	reader = readers.Reader(user, permissions.scope(user), frozenset(permissions.concealed_from(user)))
	choice, kept = Choice(reader, {}), figures.Frozen(report.month)
	tickets = (choice.cells(cells) for cells in (kept.cells, kept.last))
	corrected = closed_months.corrections(report.month)
	return Seen(report, choice, *tickets, corrected, _others(report, choice, kept))


def _others(report: Document, choice: Choice, kept: figures.Frozen) -> Compared:
	"""What is counted beside tickets, which the QA Monthly Report alone says."""
	if report.kind != flow.QA_REPORT:
		return Compared(quality.total({}), quality.total({}))
	both = (quality.total(areas, choice.sees) for areas in (kept.others, kept.last_others))
	return Compared(*both, quality_figures.today(report.month, choice.sees))


def is_narrowed(found: Seen) -> bool:
	"""Whether the reader sees a part of the report alone."""
	return not found.choice.reader.scope.sees_all


def view(report: Document) -> dict[str, Any]:
	"""What the form and the print show: head lines, tables, chart and the summary in words.

	Raises: PermissionError, DoesNotExistError
	"""
	return view_of(seen(report))


def view_of(found: Seen) -> dict[str, Any]:
	kind, head = found.report.kind, summary.head(found)
	return {
		"title": acts.title(found.report),
		"lead": lead(found),
		"total_title": total_title(kind),
		"summary": summary.sentences(found),
		"lines": [line._asdict() for line in head],
		"others": summary.others(found),
		"tables": [tables.table(found, by) for by in BY[kind]],
		"chart": tables.chart(found),
		"has_corrections": any(line.corrected for line in head),
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
		return tables.escalations(found)
	counted = found.counted(Dimension.DEPARTMENT)
	rows = ticket_month_rows.rows(counted)
	columns = ticket_month_rows.columns(Dimension.DEPARTMENT)
	further = quality_figures.summary(found.others) if found.report.kind == flow.QA_REPORT else []
	return Answer(
		[{**column, "telling": column["fieldname"] in TELLING} for column in columns],
		rows,
		message_of(found, has_rows=bool(rows)),
		ticket_month_rows.chart(counted),
		[*tables.tiles(found), *further] if rows else [],
	)


def message_of(found: Seen, *, has_rows: bool) -> str:
	if has_rows:
		made = shown.day(found.report.made_on)
		return _("Made on {0}: these figures are final.").format(made)
	return readers.why_nothing(found.choice.reader, {}) or _("No ticket was counted in this month.")


def content(report: Document) -> Content:
	"""The report as a mail says it, for the present user in the present language, with its paper.

	Raises: PermissionError, DoesNotExistError
	Policy: QA-12, TSM-13, TSM-M2
	"""
	from core_helpdesk.mail.report_letters import Content, as_subject
	from core_helpdesk.monthly import printing

	settings, found = config.report_settings(), seen(report)
	asked = acts.asked_of(report, frappe.session.user)
	return Content(
		title=acts.title(report),
		subject=as_subject(asked),
		asked=asked,
		lead=lead(found),
		points=tuple(summary.sentences(found)),
		answer=answer_of(found),
		link=get_url_to_form(report.doctype, report.name),
		attachment=settings.attachment,
		rows_at_most=settings.rows_in_mail,
		sections=tuple(sections(report)),
		paper=lambda: printing.pdf(found),
	)


def sections(report: Document) -> list[Section]:
	"""What people say of the report: the comment, what was discussed with whom, and corrective actions with their effect.

	Policy: TSM-M2, QA-M3
	"""
	from core_helpdesk.mail.report_letters import Note, Section
	from core_helpdesk.monthly import actions

	comment = shown.numbers_kept(as_written(report.comment))
	discussed = [
		Note(" · ".join(map(shown.isolated, filter(None, (each.place, each.day, each.person)))), each.text)
		for each in summary.outcomes(report)
	]
	found = [
		Section(_("Comment", context="Monthly Report"), (Note("", comment),) if comment.strip() else ()),
		Section(_("Discussed With the Departments"), tuple(discussed)),
		Section(_("Corrective Actions"), tuple(map(_note_of, actions.of(report)))),
	]
	return [section for section in found if section.notes]


def _note_of(action: Shown) -> Note:
	"""An action under who does it, until when, and how far it is; with its effect, once there is one."""
	from core_helpdesk.mail.report_letters import Note
	from core_helpdesk.monthly import actions

	until = _("until {0}").format(shown.isolated(action.due))
	head = filter(None, (action.place, action.responsible, until, action.state))
	effect = [actions.effect_in_words(action.effect)] if action.effect else []
	return Note(" · ".join(map(shown.isolated, head)), "\n".join([action.what, *effect]))
