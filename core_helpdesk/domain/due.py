"""When a running count is due, when its warning comes, and how much it has counted.

Values in, values out. Seconds are since the epoch (UTC), 0 means "none".
"""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from core_helpdesk.domain.policy import Kind
from core_helpdesk.domain.working_time import ELAPSED

if TYPE_CHECKING:
	from core_helpdesk.domain.clock import Clock
	from core_helpdesk.domain.policy import Level, Policy, Rules
	from core_helpdesk.domain.working_time import Timer

# A share of days is a fraction that binary numbers only come near: 0.7 of ten days are seven.
DECIMALS = 6


def due_moments(clock: Clock, rules: Rules) -> tuple[int, int]:
	"""When the running count is due and when to warn of it; 0 for neither.

	Policy: TSM-08, TRC-03
	"""
	level = current_level(clock, rules)
	if level is None or not clock.is_live:
		return 0, 0
	policy = rules.policy(clock.policy)
	counts_days = level.kind is Kind.WORKING_DAYS
	due, warn = (_days if counts_days else _time)(clock, policy, level, rules)
	if clock.hurry:
		due = min(due, clock.hurry) if due else clock.hurry
	return due, warn if policy.warn_share and clock.level == 0 else 0


def counted(clock: Clock, at: int, rules: Rules) -> int:
	"""What the running count has counted until `at`, in the unit of its level; 0 without a count."""
	level = current_level(clock, rules)
	if level is None or not clock.is_live:
		return 0
	if level.kind is Kind.WORKING_DAYS:
		return rules.timer(clock.calendar).working_days(clock.began, at) if at > clock.began else 0
	timer = _timer(clock, level, rules)
	return sum(timer.elapsed(start, end) for start, end in spans_until(clock, at))


def current_level(clock: Clock, rules: Rules) -> Level | None:
	"""The level that is counting, None when nothing is."""
	return rules.policy(clock.policy).levels[clock.level] if clock.policy else None


def spans_until(clock: Clock, at: int) -> tuple[tuple[int, int], ...]:
	"""The stretches that count until `at`, the running one included."""
	return (*clock.spans, (clock.anchor, at)) if 0 < clock.anchor < at else clock.spans


def warning_day(days: int, share: float) -> int:
	"""The working day at whose closing a share of the days is used; at least the first.

	Policy: TRC-03
	"""
	return max(1, int(round(days * share, DECIMALS)))


def _days(clock: Clock, policy: Policy, level: Level, rules: Rules) -> tuple[int, int]:
	timer = rules.timer(clock.calendar)
	due = timer.add_working_days(clock.began, level.seconds)
	return due, timer.add_working_days(clock.began, warning_day(level.seconds, policy.warn_share))


def _time(clock: Clock, policy: Policy, level: Level, rules: Rules) -> tuple[int, int]:
	timer, limit = _timer(clock, level, rules), _limit(clock, policy, level)
	done = sum(timer.elapsed(start, end) for start, end in clock.spans)
	due = _moment(timer, clock.anchor, limit - done)
	if not policy.warn_share or clock.level:
		return due, 0
	return due, _moment(timer, clock.anchor, ceil(limit * policy.warn_share) - done)


def _limit(clock: Clock, policy: Policy, level: Level) -> int:
	if clock.level or not policy.total_cap:
		return level.seconds
	return min(level.seconds, max(0, policy.total_cap - clock.carried))


def _moment(timer: Timer, anchor: int, seconds: int) -> int:
	if not anchor or seconds <= 0:
		return anchor
	return timer.add(anchor, seconds)


def _timer(clock: Clock, level: Level, rules: Rules) -> Timer:
	return rules.timer(clock.calendar) if level.kind is Kind.WORKING else ELAPSED
