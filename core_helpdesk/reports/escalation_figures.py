"""What the reports on escalations have in common: which are asked for, their figures by parts, and the records behind.

Policy: TSM-14, TSM-M2, CORE-13
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from frappe import _

from core_helpdesk.domain.escalation_measures import MEASURES, Followed, figures
from core_helpdesk.domain.period import Period
from core_helpdesk.domain.ticket_measures import OPEN
from core_helpdesk.reports import behind, escalation_facts, readers
from core_helpdesk.reports import escalation_words as words
from core_helpdesk.reports.ticket_counts import ESCALATION
from core_helpdesk.reports.ticket_words import ALL

if TYPE_CHECKING:
	from collections.abc import Callable

	from core_helpdesk.reports.days import Days
	from core_helpdesk.reports.month_rows import Values
	from core_helpdesk.reports.ticket_places import Choice


class Wanted(NamedTuple):
	"""What is asked for; `key` says to which part an escalation belongs, `names_days` whether words name its days, as where
	no title does.

	Units: `now` is seconds since the epoch.
	"""

	choice: Choice
	days: Days
	key: Callable[[Followed], str]
	now: int
	names_days: bool = False

	def period(self, days: Days | None = None) -> Period:
		return (days or self.days).period(self.now)

	def span(self, earliest: Days) -> Period:
		"""From the first of these days until the last that is asked for."""
		return Period(self.period(earliest).start, self.period().end)

	def nothing(self) -> str:
		"""Why the reader has nothing to read; empty where that there was nothing is itself a report."""
		return readers.why_nothing(self.choice.reader, self.choice.only)

	def beside(self) -> str:
		"""What its days are compared with."""
		if self.names_days:
			return _("{0}, beside as many days before.").format(self.days.in_words())
		return _("Beside as many days before.")

	def of_days(self, text: str) -> str:
		"""The text, said of its days."""
		return _("{0}: {1}").format(self.days.in_words(), text) if self.names_days else text

	def facts(self, earliest: Days) -> list[Followed]:
		"""The reader's escalations of this span."""
		return escalation_facts.of(self.span(earliest), self.choice)

	def parts(self, facts: list[Followed]) -> list[tuple[str, Values]]:
		"""The figures of each part that has any, those with most escalations first."""
		found: defaultdict[str, list[Followed]] = defaultdict(list)
		for fact in facts:
			found[self.key(fact)].append(fact)
		told = {part: figures(of_part, self.period()) for part, of_part in found.items()}
		some = [(part, values) for part, values in told.items() if any(values.values())]
		return sorted(some, key=lambda item: (-item[1]["escalated"], -item[1][OPEN], item[0]))


def records(wanted: Wanted, figure: str, part: str, report: str) -> dict[str, Any]:
	"""The escalations behind a figure of one part, or of all with `ticket_words.ALL`: as many as it says.

	Raises: ValidationError for more than a list can show, and for what is no figure.
	"""
	name = words.BEHIND.get(figure, figure)
	if name not in MEASURES:
		behind.refuse_unknown(figure, report)
	facts, period = wanted.facts(wanted.days), wanted.period()
	if name == "neglected":
		facts = escalation_facts.with_neglect(facts, period)
	chosen = [fact.name for fact in facts if MEASURES[name](fact, period) and part in (ALL, wanted.key(fact))]
	return behind.listed(ESCALATION, chosen, report)
