"""The measures of the reports on tickets in words: what each is called, its unit, its goal, and what it counts.

Policy: QA-12, QA-16, TSM-M1
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from frappe import _

from core_helpdesk.domain.ticket_facts import Dimension
from core_helpdesk.domain.ticket_measures import CAME, MEASURES, OPEN, WENT
from core_helpdesk.figure_words import Meaning, Unit, against

if TYPE_CHECKING:
	from core_helpdesk.domain.ticket_lines import Cell
	from core_helpdesk.figure_words import Number
	from core_helpdesk.reports.names import Names


# No group may be named so: in a policy file it stands for any.
ALL = "*"
GOALS = {"within_standard": 1.0, "solved_in_time": 1.0}
"""What is measured against: every ticket closed within the Standard, every escalation solved within 24 hours."""

SHOWN = (
	"received",
	"moved_in",
	"reopened",
	"closed",
	"moved_out",
	OPEN,
	"within_standard",
	"escalated",
	"to_general_manager",
	"failed",
	"solved_in_time",
	"time_median",
	"time_p90",
	"taken_on",
	"gone",
)
HEAD = (
	"received",
	"closed",
	OPEN,
	"within_standard",
	"escalated",
	"to_general_manager",
	"failed",
	"time_median",
)
BEHIND = {
	"within_standard": "kept",
	"solved_in_time": "answer_due",
	"time_median": "closed",
	"time_p90": "closed",
}
"""The measure whose tickets stand behind a share or a time."""


def meanings() -> dict[str, Meaning]:
	"""Every figure in the present language."""
	return {
		"received": Meaning(_("Received", context="Ticket Figures")),
		"taken_on": Meaning(_("Taken On", context="Ticket Figures")),
		"moved_in": Meaning(_("Moved In", context="Ticket Figures")),
		"reopened": Meaning(_("Reopened", context="Ticket Figures"), better=-1),
		"closed": Meaning(_("Closed", context="Ticket Figures")),
		"moved_out": Meaning(_("Moved Out", context="Ticket Figures")),
		"gone": Meaning(_("Merged or Deleted")),
		OPEN: Meaning(_("Open at the End", context="Ticket Figures"), better=-1),
		"within_standard": Meaning(_("Within the Standard (%)"), Unit.SHARE, 1),
		"escalated": Meaning(_("Escalated to TSM"), better=-1),
		"to_general_manager": Meaning(_("Escalated to the General Manager"), better=-1),
		"failed": Meaning(_("Not Solved in 24 Hours"), better=-1),
		"solved_in_time": Meaning(_("Solved in 24 Hours (%)"), Unit.SHARE, 1),
		"time_median": Meaning(_("Hours to Solve (Median)"), Unit.HOURS, -1),
		"time_p90": Meaning(_("Hours to Solve (90th Percentile)"), Unit.HOURS, -1),
	}


def head_labels() -> dict[str, str]:
	"""The main figures, in the few words that there is room for over a number."""
	short = {
		OPEN: _("Open", context="Ticket Figures"),
		"within_standard": _("Within the Standard", context="Ticket Figures"),
		"escalated": _("To TSM", context="Ticket Figures"),
		"to_general_manager": _("To the General Manager", context="Ticket Figures"),
		"failed": _("Not Solved in 24 Hours"),
		"time_median": _("Median Hours", context="Ticket Figures"),
	}
	return {name: short.get(name) or meanings()[name].label for name in HEAD}


def definitions() -> dict[str, str]:
	"""What each figure counts, in the present language."""
	return {
		"received": _("Tickets that came to a group for the first time, counted for that group."),
		"taken_on": _("Tickets that were there before they were counted, or whose merging was undone."),
		"moved_in": _("Tickets that came from another group."),
		"reopened": _(
			"Tickets that were closed and came to be open again, counted for the group that has them."
		),
		"closed": _(
			"Tickets solved or closed, counted for the group that had them; each reopening counts anew."
		),
		"moved_out": _("Tickets that went to another group."),
		"gone": _("Open tickets that were merged into others or deleted."),
		OPEN: _("What was open before and what came, less what was closed and what went."),
		"within_standard": _(
			"Tickets closed before they escalated, of those that were closed so or escalated; each reopening counts anew."
		),
		"escalated": _("Escalations to Ticketing System Management, those of tracing cases included."),
		"to_general_manager": _("Escalations to the General Manager, those of tracing cases included."),
		"failed": _("Escalations whose 24 hours ended in this time without a solution, by the clock."),
		"solved_in_time": _(
			"Escalations solved, closed or handed back within 24 hours, of those whose time ended."
		),
		"time_median": _(
			"By the clock, from receipt or reopening to closing: half of the tickets took no longer."
		),
		"time_p90": _("By the clock, from receipt or reopening to closing: nine of ten took no longer."),
	}


def values(cell: Cell) -> dict[str, Number]:
	"""Every value that a line shows, by name: counts, shares between 0 and 1, times in seconds."""
	median, ninetieth = cell.times_to_close(50, 90)
	return {
		**{name: cell[name] for name in (*CAME, *WENT, *MEASURES, OPEN)},
		"within_standard": cell.within_standard,
		"solved_in_time": cell.solved_in_time,
		"time_median": median,
		"time_p90": ninetieth,
	}


def tone(name: str, meaning: Meaning, value: Number) -> str:
	return against(GOALS.get(name), meaning, value)


def dimension_named(by: Dimension) -> str:
	return {
		Dimension.COUNTRY: _("Country"),
		Dimension.DEPARTMENT: _("Department", context="Core Helpdesk"),
		Dimension.GROUP_CATEGORY: _("Group Category"),
		Dimension.GROUP: _("Group", context="Core Helpdesk"),
		Dimension.TICKET_CATEGORY: _("Ticket Category"),
	}[by]


def part_named(by: Dimension, name: str, names: Names) -> str:
	"""A line's name in the present language."""
	if not name:
		return _("Not Known", context="Ticket Figures")
	if by is Dimension.COUNTRY:
		return names.country(name)
	if by is Dimension.DEPARTMENT:
		return names.department(name)
	if by is Dimension.GROUP_CATEGORY:
		return names.category(name)
	# The host's own category of tickets without one is a word, all others are names.
	return _("Unspecified") if (by, name) == (Dimension.TICKET_CATEGORY, "Unspecified") else name
