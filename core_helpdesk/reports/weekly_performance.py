"""The report Weekly Performance: what escalated in a week and what the departments made of it, beside the week before.

Policy: TSM-14, TSM-01, TSM-02, TSM-07, CORE-13
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frappe import _

from core_helpdesk import config, shown
from core_helpdesk.domain.escalation_measures import figures
from core_helpdesk.domain.ticket_lines import total
from core_helpdesk.domain.ticket_measures import OPEN
from core_helpdesk.reports import (
	days,
	escalation_facts,
	escalation_figures,
	month_rows,
	readers,
	reviewed,
	ticket_places,
	ticket_trends,
)
from core_helpdesk.reports import escalation_words as words
from core_helpdesk.reports.answer import Answer, bars, column
from core_helpdesk.reports.compared import Compared, Part
from core_helpdesk.reports.days import ONE_DAY, WEEK
from core_helpdesk.reports.names import Names
from core_helpdesk.reports.ticket_month_rows import GREEN, LOW, ORANGE, RED

if TYPE_CHECKING:
	from core_helpdesk.domain.escalation_measures import Followed
	from core_helpdesk.domain.ticket_lines import Cell
	from core_helpdesk.reports.answer import Column
	from core_helpdesk.reports.days import Days
	from core_helpdesk.reports.escalation_figures import Wanted
	from core_helpdesk.reports.month_rows import Values

REPORT = "Weekly Performance"
DEPARTMENT, COUNTRY, OWNER = "department", "country", "owner"
FILTERS = ("since", "until", "by", DEPARTMENT, COUNTRY)
WEEKS_DRAWN = 8
COUNTED = ("escalated", "answer_due", "failed")
"""Of which the chart is drawn."""
SHOWN = (
	"escalated",
	"to_general_manager",
	"in_time",
	"failed",
	"solved_in_time",
	OPEN,
	"unconfirmed",
	"neglected",
	"confirm_median",
	"solve_median",
)
HEAD = (
	"escalated",
	"to_general_manager",
	"in_time",
	"failed",
	OPEN,
	"neglected",
	"confirm_median",
	"solve_median",
)
KEYS = {
	DEPARTMENT: lambda fact: fact.place.department,
	COUNTRY: lambda fact: fact.place.country,
	OWNER: lambda fact: fact.owner,
}


def asked(filters: dict[str, Any] | None) -> Wanted:
	"""The last full week where the filters name no days.

	Raises: PermissionError for anybody who is no reader; ValidationError for more days than a report tells.
	"""
	choice, now = ticket_places.asked(filters), config.now_epoch()
	return escalation_figures.Wanted(
		choice, days.asked(filters, days.last_week(now)), KEYS[_by(filters)], now
	)


def _by(filters: dict[str, Any] | None) -> str:
	by = readers.chosen(filters, "by")
	return by if by in KEYS else DEPARTMENT


def run(filters: dict[str, Any] | None) -> Answer:
	"""Raises: PermissionError for anybody who is no reader.

	Policy: TSM-14
	"""
	return _answer(asked(filters), _by(filters))


def in_desk(filters: dict[str, Any] | None) -> Answer:
	"""The same with its days, which the title of a mail says, and who has reviewed it by now.

	Raises: PermissionError for anybody who is no reader.
	Policy: TSM-14
	"""
	wanted = asked(filters)._replace(names_days=True)
	answer = _answer(wanted, _by(filters))
	# Who of the hidden group did what is for those alone who see the whole.
	is_whole = wanted.choice.reader.scope.sees_all and not wanted.choice.reader.concealed
	if answer.rows and is_whole:
		answer.message = f"{answer.message} {reviewed.in_words(REPORT, wanted.days)}".strip()
	return answer


def _answer(wanted: Wanted, by: str) -> Answer:
	before = wanted.days.before()
	told = escalation_facts.with_neglect(wanted.facts(before), wanted.span(before))
	this, last = figures(told, wanted.period()), figures(told, wanted.period(before))
	counted = Compared(wanted.days, SHOWN, words.meanings(), words.tone, this, last, _parts(wanted, told, by))
	is_any = any(this.values()) or any(last.values())
	return Answer(
		columns(by),
		counted.rows(_("All Escalations")) if is_any else [],
		message(wanted, told, has_rows=is_any),
		chart(wanted, drawn_weeks(wanted.days)) if is_any else None,
		counted.head(words.head_labels(*HEAD)) if is_any or not wanted.nothing() else [],
	)


def _parts(wanted: Wanted, facts: list[Followed], by: str) -> list[Part]:
	names = Names()
	return [Part(part, _named(by, part, names), values) for part, values in wanted.parts(facts)]


def _named(by: str, part: str, names: Names) -> str:
	if by == OWNER:
		return names.person(part) or _("Nobody", context="Ticket Escalation")
	named = names.department(part) if by == DEPARTMENT else names.country(part)
	return named or _("Not Known", context="Ticket Figures")


def columns(by: str) -> list[Column]:
	label = {
		DEPARTMENT: _("Department", context="Core Helpdesk"),
		COUNTRY: _("Country"),
		OWNER: _("Followed Up By"),
	}[by]
	figures_of = month_rows.columns(SHOWN, words.meanings(), words.definitions())
	return [column("part", label, width=190), *figures_of]


def message(wanted: Wanted, facts: list[Followed], *, has_rows: bool) -> str:
	"""Who of Ticketing System Management has how many that are open."""
	if not has_rows:
		return wanted.of_days(wanted.nothing() or _("Nothing escalated, and nothing is open."))
	text = wanted.beside()
	of_owners = wanted._replace(key=KEYS[OWNER]).parts(facts)
	names = Names()
	# A name from right to left would take the number after it along.
	open_ones = [
		f"{shown.ISOLATE}{_named(OWNER, owner, names)}{shown.POP} ({values[OPEN]})"
		for owner, values in of_owners
		if values[OPEN]
	]
	# Not each as a whole in its own direction: what begins with an isolated name would run from left to right.
	separator = "، " if shown.in_arabic() else ", "
	if open_ones:
		text = f"{text} {_('Still open with: {0}.').format(separator.join(open_ones))}"
	return text


def drawn_weeks(last: Days) -> list[Days]:
	"""The last of the days and the weeks before, the earliest first."""
	ends = [last.last - ONE_DAY * WEEK * number for number in reversed(range(WEEKS_DRAWN))]
	return [days.ending(end, WEEK) for end in ends]


def chart(wanted: Wanted, weeks: list[Days]) -> dict[str, Any] | None:
	"""What escalated in each week, was solved within 24 hours and was not."""
	counted = ticket_trends.some(COUNTED, [wanted.period(week) for week in weeks])
	told: list[Values] = [_drawn(total(wanted.choice.cells(cells))) for cells in counted]
	values = {label: [week[name] for week in told] for name, label in words.drawn().items()}
	drawn = bars([days.short(week.first) for week in weeks], values, [ORANGE, GREEN, RED])
	return {**drawn, **LOW} if drawn else None


def _drawn(week: Cell) -> dict[str, int]:
	"""Its counts; of the escalations whose answer was due, those that were not failed were solved in time."""
	return {**{name: week[name] for name in COUNTED}, "in_time": week["answer_due"] - week["failed"]}


def records(filters: dict[str, Any], figure: str, part: str) -> dict[str, Any]:
	"""The escalations behind a figure of one line, or of all with `ticket_words.ALL`: as many as it says.

	Raises: PermissionError; ValidationError for more than a list can show, and for what is no figure.
	Policy: TSM-14, CORE-13
	"""
	return escalation_figures.records(asked(filters), figure, part, REPORT)
