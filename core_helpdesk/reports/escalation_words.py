"""The figures of the reports on escalations in words: what each is called, its unit, its goal, and what it counts.

Policy: TSM-01, TSM-02, TSM-07, TSM-14
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from frappe import _

from core_helpdesk.domain.ticket_measures import OPEN
from core_helpdesk.figure_words import Meaning, Unit, against
from core_helpdesk.reports import ticket_words

if TYPE_CHECKING:
	from core_helpdesk.figure_words import Number

GOALS = {"solved_in_time": 1.0, "failed": 0, "unconfirmed": 0, "neglected": 0}
"""Every escalation is to reach the head, be followed up, and be solved within 24 hours."""
SHARED = ("escalated", "to_general_manager", "failed", "solved_in_time")
BEHIND = {"solved_in_time": "answer_due", "confirm_median": "confirmed", "solve_median": "solved"}
"""The measure whose escalations stand behind a share or a time."""


def meanings() -> dict[str, Meaning]:
	"""Every figure in the present language; those of all reports on tickets are called alike."""
	shared = ticket_words.meanings()
	return {
		**{name: shared[name] for name in SHARED},
		"in_time": Meaning(_("Solved in 24 Hours"), better=1),
		OPEN: Meaning(_("Still Open"), better=-1),
		"handed_back": Meaning(_("Handed Back to the Group")),
		"unconfirmed": Meaning(_("Receipt Not Confirmed"), better=-1),
		"neglected": Meaning(_("Not Followed Up in Time"), better=-1),
		"confirm_median": Meaning(_("Hours to Confirm Receipt (Median)"), Unit.HOURS, -1),
		"solve_median": Meaning(_("Hours from Escalation to Solution (Median)"), Unit.HOURS, -1),
	}


def definitions() -> dict[str, str]:
	"""What each figure counts, in the present language."""
	shared = ticket_words.definitions()
	return {
		**{name: shared[name] for name in SHARED},
		"in_time": _(
			"Escalations whose 24 hours ended in this time and that were solved, closed or handed back in them."
		),
		OPEN: _("Escalations without an outcome when this time ended, whenever they came."),
		"handed_back": _(
			"Escalations that Ticketing System Management gave back to their group in this time."
		),
		"unconfirmed": _(
			"Escalations of this time to a department whose head had not confirmed receipt when it ended."
		),
		"neglected": _(
			"Escalations whose next action was due in this time, and nothing had been done about them until then."
		),
		"confirm_median": _(
			"By the clock, from escalation until the head confirmed receipt: half of those of this time took no longer."
		),
		"solve_median": _(
			"By the clock, from escalation until it was solved or closed: half of those solved in this time took no longer."
		),
	}


def head_labels(*names: str) -> dict[str, str]:
	"""Figures in the few words that there is room for over a number."""
	short = {
		"escalated": _("To TSM", context="Ticket Figures"),
		"to_general_manager": _("To the General Manager", context="Ticket Figures"),
		"confirm_median": _("Median Hours to Confirm"),
		"solve_median": _("Median Hours after Escalation"),
	}
	known = meanings()
	return {name: short.get(name) or known[name].label for name in names}


def drawn() -> dict[str, str]:
	"""The figures of a chart, in the few words that there is room for beside a colour."""
	return {
		"escalated": _("Escalated", context="Ticket Figures"),
		"in_time": _("In Time"),
		"failed": _("Not in Time"),
	}


def tone(name: str, meaning: Meaning, value: Number) -> str:
	return against(GOALS.get(name), meaning, value)
