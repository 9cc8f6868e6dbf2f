"""Department Escalations by group: who had the tickets until they escalated, and who had them longest.

Policy: TSM-M2, CORE-13
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any

from frappe import _

from core_helpdesk.figure_words import Meaning, Unit
from core_helpdesk.reports import behind, blame, month_rows
from core_helpdesk.reports.answer import Answer, bars, column
from core_helpdesk.reports.blame import COUNTS
from core_helpdesk.reports.brief_names import brief
from core_helpdesk.reports.compared import Compared, Part
from core_helpdesk.reports.names import Names
from core_helpdesk.reports.ticket_counts import LEG
from core_helpdesk.reports.ticket_month_rows import LOW, MOST_BARS, ORANGE, RED
from core_helpdesk.reports.ticket_words import ALL

if TYPE_CHECKING:
	from core_helpdesk.figure_words import Number
	from core_helpdesk.reports.answer import Column
	from core_helpdesk.reports.blame import Held
	from core_helpdesk.reports.escalation_figures import Wanted

REPORT = "Department Escalations"
SHOWN = ("held_longest", "escalated_there", "held", "hours_held", "hours_held_median")
BEHIND = {"hours_held": "held", "hours_held_median": "held"}


def meanings() -> dict[str, Meaning]:
	return {
		"held_longest": Meaning(_("Held Longest"), better=-1),
		"escalated_there": Meaning(_("Escalated There"), better=-1),
		"held": Meaning(_("Held before Escalation"), better=-1),
		"hours_held": Meaning(_("Hours Held"), Unit.HOURS, -1),
		"hours_held_median": Meaning(_("Hours Held (Median)"), Unit.HOURS, -1),
	}


def definitions() -> dict[str, str]:
	"""What each figure counts, in the present language."""
	return {
		"held_longest": _(
			"Tickets that escalated in this time, counted for the group that had them longest until then."
		),
		"escalated_there": _(
			"Tickets that escalated in this time, counted for the group that had them when they did."
		),
		"held": _(
			"Tickets that escalated in this time, counted for every group that had them since they came or were reopened."
		),
		"hours_held": _("Hours, by the clock, for which the group had these tickets before they escalated."),
		"hours_held_median": _(
			"The group had half of these tickets for no longer than this before they escalated."
		),
	}


def answer(wanted: Wanted) -> Answer:
	"""Policy: TSM-M2"""
	before = wanted.days.before()
	found = blame.held(wanted.span(before), wanted.choice)
	this, last = (
		[part for part in found if period.holds(part.at)]
		for period in (wanted.period(), wanted.period(before))
	)
	counted = Compared(
		wanted.days, SHOWN, meanings(), _tone, blame.figures(this), blame.figures(last), _parts(this)
	)
	return Answer(
		columns(),
		counted.rows(_("All Groups")) if found else [],
		_message(wanted, has_rows=bool(found)),
		chart(counted.parts) if found else None,
		counted.head(_head_labels()) if found or not wanted.nothing() else [],
	)


def _head_labels() -> dict[str, str]:
	"""What can be said of all groups together: each ticket escalated in one of them."""
	known = meanings()
	hours = {name: known[name].label for name in ("hours_held", "hours_held_median")}
	return {"escalated_there": _("Tickets Escalated"), **hours}


def _tone(name: str, meaning: Meaning, value: Number) -> str:
	return ""


def key(part: Held) -> str:
	return part.place.group


def _parts(found: list[Held]) -> list[Part]:
	groups: defaultdict[str, list[Held]] = defaultdict(list)
	for part in found:
		groups[key(part)].append(part)
	names = Names()
	parts = [
		Part(
			group,
			group or _("Not Known", context="Ticket Figures"),
			blame.figures(of_group),
			{"of": names.place(of_group[-1].place.department, of_group[-1].place.country) if group else ""},
		)
		for group, of_group in groups.items()
	]
	return sorted(
		parts, key=lambda part: (-part.values["held_longest"], -part.values["hours_held"], part.key)
	)


def columns() -> list[Column]:
	return [
		column("part", _("Group", context="Core Helpdesk"), width=190),
		column("of", _("Department and Country"), width=200),
		*month_rows.columns(SHOWN, meanings(), definitions()),
	]


def _message(wanted: Wanted, *, has_rows: bool) -> str:
	if not has_rows:
		return wanted.of_days(wanted.nothing() or _("No ticket missed the time of its group."))
	said = (
		wanted.beside(),
		_("Each group answers for the time for which it had a ticket itself."),
		_(
			"Only what missed its group's own time is counted here, not what escalated by the clock of a tracing case."
		),
	)
	return " ".join(said)


def chart(parts: list[Part]) -> dict[str, Any] | None:
	most, known = parts[:MOST_BARS], meanings()
	series = {"held_longest": RED, "escalated_there": ORANGE}
	values = {known[name].label: [part.values[name] for part in most] for name in series}
	labels = [part.label for part in most]
	drawn = bars(labels, values, list(series.values()), brief=brief(labels))
	return {**drawn, **LOW} if drawn else None


def records(wanted: Wanted, figure: str, part: str) -> dict[str, Any]:
	"""The stays behind a figure of one group, or of all: of each ticket the longest one in the group.

	Raises: ValidationError for more than a list can show, and for what is no figure.
	Policy: TSM-M2, CORE-13
	"""
	name = BEHIND.get(figure, figure)
	if name not in COUNTS:
		behind.refuse_unknown(figure, REPORT)
	found = blame.held(wanted.period(), wanted.choice)
	chosen = [each.leg for each in found if COUNTS[name](each) and part in (ALL, key(each))]
	return behind.listed(LEG, chosen, REPORT)
