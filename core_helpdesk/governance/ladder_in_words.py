"""An escalation policy in words: when a ticket goes to whom, and what stops or hastens it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from frappe import _

from core_helpdesk.domain.policy import Kind
from core_helpdesk.hours_in_words import days_in_words, figure, time_in_words

if TYPE_CHECKING:
	from collections.abc import Iterator

	from core_helpdesk.domain.policy import Level, Policy


def steps(policy: Policy) -> list[str]:
	"""One sentence for each level, in their order.

	Policy: TSM-08
	"""
	return [_step(level, is_first=not number) for number, level in enumerate(policy.levels)]


def _step(level: Level, *, is_first: bool) -> str:
	time = level_time_in_words(level)
	target = _(level.target)
	if level.acknowledge_within:
		text = (
			_("After {0} to {1}, to be acknowledged within {2}")
			if is_first
			else _("{0} later to {1}, to be acknowledged within {2}")
		)
		return text.format(time, target, time_in_words(level.acknowledge_within))
	return (_("After {0} to {1}") if is_first else _("{0} later to {1}")).format(time, target)


def level_time_in_words(level: Level) -> str:
	if level.kind is Kind.WORKING_DAYS:
		return days_in_words(level.seconds)
	return time_in_words(level.seconds, working=level.kind is Kind.WORKING)


def notes(policy: Policy) -> list[str]:
	"""What else is to be known of the times.

	Policy: TSM-05
	"""
	return [_("The department head is told of every level."), *_notes(policy)]


def _notes(policy: Policy) -> Iterator[str]:
	first = policy.levels[0]
	if first.pauses and first.pause_cap:
		text = _("The first count stands still while the customer is awaited, for {0} at most.")
		yield text.format(time_in_words(first.pause_cap))
	elif first.pauses:
		yield _("The first count stands still while the customer is awaited.")
	if policy.total_cap:
		text = _("Over all groups together a ticket has {0} at most before it escalates.")
		yield text.format(time_in_words(policy.total_cap))
	if policy.warn_share:
		text = _("The group is warned once {0} % of the first count is used.")
		yield text.format(figure(policy.warn_share * 100))
