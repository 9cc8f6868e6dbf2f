"""The report Department Escalations: what escalated in each department and country, what was not solved within 24 hours,
and which groups had the tickets until then.

Policy: TSM-01, TSM-02, TSM-M2, CORE-13
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from frappe import _

from core_helpdesk import config
from core_helpdesk.domain.escalation_measures import figures
from core_helpdesk.domain.ticket_facts import SEPARATOR
from core_helpdesk.domain.ticket_measures import OPEN
from core_helpdesk.reports import blamed_groups, days, escalation_figures, month_rows, readers, ticket_places
from core_helpdesk.reports import escalation_words as words
from core_helpdesk.reports.answer import Answer, bars, column
from core_helpdesk.reports.brief_names import brief
from core_helpdesk.reports.compared import Compared, Part
from core_helpdesk.reports.names import Names
from core_helpdesk.reports.ticket_month_rows import GREEN, LOW, ORANGE, RED

if TYPE_CHECKING:
	from core_helpdesk.domain.escalation_measures import Followed
	from core_helpdesk.reports.answer import Column
	from core_helpdesk.reports.escalation_figures import Wanted

REPORT = "Department Escalations"
PLACE, GROUP = "place", "group"
FILTERS = ("since", "until", "by", "department", "country")
DAYS_BACK = 30
# Two names under each bar.
MOST_BARS = 6
SHOWN = (
	"escalated",
	"to_general_manager",
	"failed",
	"in_time",
	"solved_in_time",
	OPEN,
	"handed_back",
	"unconfirmed",
)
HEAD = ("escalated", "to_general_manager", "failed", "in_time", OPEN, "unconfirmed")


def asked(filters: dict[str, Any] | None) -> Wanted:
	"""Raises: PermissionError for anybody who is no reader; ValidationError for more days than a report tells."""
	choice, now = ticket_places.asked(filters), config.now_epoch()
	default = days.ending(days.today(now), DAYS_BACK)
	return escalation_figures.Wanted(choice, days.asked(filters, default), _place_of, now)


def _place_of(fact: Followed) -> str:
	return SEPARATOR.join((fact.place.department, fact.place.country))


def run(filters: dict[str, Any] | None) -> Answer:
	"""Raises: PermissionError for anybody who is no reader.

	Policy: TSM-M2
	"""
	return _answer(asked(filters), filters)


def in_desk(filters: dict[str, Any] | None) -> Answer:
	"""The same with its days, which the title of a mail says.

	Raises: PermissionError for anybody who is no reader.
	Policy: TSM-M2
	"""
	return _answer(asked(filters)._replace(names_days=True), filters)


def _answer(wanted: Wanted, filters: dict[str, Any] | None) -> Answer:
	if readers.chosen(filters, "by") == GROUP:
		return blamed_groups.answer(wanted)
	before = wanted.days.before()
	facts = wanted.facts(before)
	this, last = figures(facts, wanted.period()), figures(facts, wanted.period(before))
	parts = _parts(wanted, facts)
	counted = Compared(wanted.days, SHOWN, words.meanings(), words.tone, this, last, parts)
	is_any = any(this.values()) or any(last.values())
	return Answer(
		columns(),
		counted.rows(_("All Escalations")) if is_any else [],
		message(wanted, has_rows=is_any),
		chart(parts) if is_any else None,
		counted.head(words.head_labels(*HEAD)) if is_any or not wanted.nothing() else [],
	)


def _parts(wanted: Wanted, facts: list[Followed]) -> list[Part]:
	names, found = Names(), []
	for part, values in wanted.parts(facts):
		department, country = part.split(SEPARATOR)
		label = names.department(department) or _("Not Known", context="Ticket Figures")
		found.append(Part(part, label, values, {"country": names.country(country)}))
	return found


def columns() -> list[Column]:
	return [
		column("part", _("Department", context="Core Helpdesk"), width=190),
		column("country", _("Country"), width=140),
		*month_rows.columns(SHOWN, words.meanings(), words.definitions()),
	]


def message(wanted: Wanted, *, has_rows: bool) -> str:
	if has_rows:
		return wanted.beside()
	return wanted.of_days(wanted.nothing() or _("Nothing escalated, and nothing is open."))


def chart(parts: list[Part]) -> dict[str, Any] | None:
	"""What escalated in each department and country, was solved within 24 hours and was not."""
	most = parts[:MOST_BARS]
	labels = [_at(part.label, part.cells["country"]) for part in most]
	departments, names = list(dict.fromkeys(part.label for part in most)), Names()
	called = dict(zip(departments, brief(departments), strict=True))
	# The country first: names of departments are cut where there is no room.
	short = [_at(names.country_code(part.key.split(SEPARATOR)[1]), called[part.label]) for part in most]
	values = {label: [part.values[name] for part in most] for name, label in words.drawn().items()}
	drawn = bars(labels, values, [ORANGE, GREEN, RED], brief=short)
	return {**drawn, **LOW} if drawn else None


def _at(*words: str) -> str:
	return " – ".join(filter(None, words))


def records(filters: dict[str, Any], figure: str, part: str) -> dict[str, Any]:
	"""The escalations, or by group the stays, behind a figure of one line, or of all with `ticket_words.ALL`.

	Raises: PermissionError; ValidationError for more than a list can show, and for what is no figure.
	Policy: TSM-M2, CORE-13
	"""
	wanted = asked(filters)
	if readers.chosen(filters, "by") == GROUP:
		return blamed_groups.records(wanted, figure, part)
	return escalation_figures.records(wanted, figure, part, REPORT)
