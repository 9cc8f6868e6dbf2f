"""The count of a tracing case: begun once, handed on with the case, ended with it, taken up where it was.

It is a clock like a group's, but for what changes it: no pause stops it, and no hand-over begins it anew. Values in,
values out; moments are seconds since the epoch (UTC).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from core_helpdesk.domain.clock import Clock, TicketState, retimed

if TYPE_CHECKING:
	from core_helpdesk.domain.policy import Rules, Terms


def begun(before: Clock, at: int, terms: Terms, rules: Rules, *, group: str, category: str = "") -> Clock:
	"""The next cycle of a case that was opened at `at`.

	Policy: TRC-03
	"""
	clock = Clock(
		cycle=before.cycle + 1,
		group=group,
		category=category,
		policy=terms.policy.name,
		calendar=terms.calendar,
		began=at,
		anchor=at,
	)
	return retimed(clock, rules)


def handed_over(clock: Clock, rules: Rules, *, group: str) -> Clock:
	"""The same count, by the calendar of the group that has the case now.

	Policy: TRC-03
	"""
	calendar = rules.calendar_of(group) if clock.policy else ""
	return retimed(replace(clock, group=group, calendar=calendar), rules)


def ended(clock: Clock, *, is_solved: bool) -> Clock:
	"""The clock of a case that is closed, or whose ticket is gone; it keeps what taking it up again needs."""
	state = TicketState.RESOLVED if is_solved else clock.state
	return replace(clock, state=state, finished=not is_solved, calendar="", due=0, warn=0)


def taken_up(clock: Clock, rules: Rules, *, group: str) -> Clock:
	"""The clock after its end was undone: the same cycle and level, counted since the count began.

	Policy: TRC-03
	"""
	live = replace(clock, state=TicketState.OPEN, finished=False)
	return handed_over(live, rules, group=group)
