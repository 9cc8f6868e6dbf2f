"""The own clock of a tracing case, beside the clock of the group that has the ticket: the door for whoever keeps cases.

It runs through the same sweep, claims and outbox. Whoever calls has locked the case's row and undoes what a failure
leaves; what was due before a change fires first, as with every clock.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from frappe import _
from frappe.utils import cstr

from core_helpdesk import config
from core_helpdesk.domain import tracing_count
from core_helpdesk.domain.clock import Clock, TicketState
from core_helpdesk.escalations import findings, open_cases, rows, sync, tables
from core_helpdesk.hosts import hd_team, hd_ticket

if TYPE_CHECKING:
	from collections.abc import Iterator, Mapping, Sequence

	from core_helpdesk.config import SiteRules
	from core_helpdesk.escalations.rows import Row
	from core_helpdesk.hosts.hd_ticket import TicketFacts

NO_POLICY = "No Tracing Policy"
ROWS_AT_ONCE = 1000


class Times(NamedTuple):
	"""Where the clock of a case stands; all empty without a clock.

	Units: `due` and `warn` are seconds since the epoch, 0 for none; `level` is the last one that fired.
	"""

	due: int = 0
	warn: int = 0
	level: int = 0
	cycle: int = 0
	policy: str = ""


def begin(ticket: str, team: str, category: str, opened: int, at: int) -> Times:
	"""Starts the count of a case that was opened at `opened`: its first, or the next cycle after one that ended.

	Nothing begins while the mode is Off, nor without a tracing policy in force at `at`, which shows as a finding. A
	count that runs already stays as it is.
	Policy: TRC-03
	"""
	if config.mode() == config.OFF:
		return Times()
	row = _locked(ticket)
	if row and row.clock.is_live:
		return _times(row)
	rules = config.site_rules()
	terms = rules.tracing_terms(team, category, at)
	if terms is None:
		_report(team)
		return Times()
	before = row.clock if row else Clock()
	clock = tracing_count.begun(before, opened, terms, rules, group=team, category=category)
	return _times(_written(row, clock, opened, rules) if row else _first(ticket, clock, opened, rules))


def pass_on(ticket: str, team: str, at: int) -> Times:
	"""Another group has the case: its count goes on since it began, by the calendar of that group's country.

	Policy: TRC-03
	"""
	rules = config.site_rules()
	row = _settled(ticket, at, rules)
	if row is None or not row.clock.is_live:
		return Times()
	return _times(_written(row, tracing_count.handed_over(row.clock, rules, group=team), at, rules))


def end(ticket: str, at: int, solved: bool) -> bool:
	"""The case is closed, or, not `solved`, its ticket is merged or gone; its open escalations end with it.

	Returns: whether a clock was running.
	Policy: TRC-03, TSM-02
	"""
	rules = config.site_rules()
	row = _settled(ticket, at, rules)
	if row is None or not row.clock.is_live:
		return False
	_end(row, at, rules, is_solved=solved)
	return True


def resume(ticket: str, team: str, at: int) -> Times:
	"""The end is undone: the same cycle goes on since it began, and so do the escalations that had ended with it.

	Nothing goes on while the mode is Off, nor where there is no clock.
	Policy: TRC-03
	"""
	row = _locked(ticket)
	if row is None or config.mode() == config.OFF:
		return Times()
	if row.clock.is_live:
		return _times(row)
	rules = config.site_rules()
	row = _written(row, tracing_count.taken_up(row.clock, rules, group=team), at, rules)
	if row.clock.level:
		sync.reopen_escalations(ticket, row.clock.cycle, rows.TRACING)
	return _times(row)


def due(ticket: str) -> Times:
	"""Where the clock of a ticket's case stands, as this transaction sees it."""
	row = rows.read(ticket, rows.TRACING)
	return _times(row) if row else Times()


def open_tickets() -> Iterator[set[str]]:
	"""The tickets with a tracing clock that runs, by ranges of their names."""
	return ({row.ticket for row in found} for found in _running())


def end_left_over(rules: SiteRules) -> Iterator[int]:
	"""Ends the counts that were left over from before the mode was Off, range by range; gives how many each time.

	Levels that were reached stay, and what follows them.
	"""
	for found in _running(not_escalated=True):
		ended = [rows.with_clock(row, tracing_count.ended(row.clock, is_solved=False)) for row in found]
		rows.write_locked(list(zip(found, ended, strict=True)), rules)
		yield len(found)


def over(found: Sequence[Row], facts: Mapping[str, TicketFacts]) -> list[Row]:
	"""Those of these tracing clocks whose case is closed, or whose ticket is merged or gone.

	Policy: TSM-05
	"""
	if not found:
		return []
	still_open = open_cases.among(row.ticket for row in found)
	return [row for row in found if facts[row.ticket].finished or row.ticket not in still_open]


def end_gone(ticket: str, at: int) -> bool:
	"""Ends the clock of a ticket that was found to be gone, since whenever that is: nothing is fired.

	Returns: whether a clock was running.
	"""
	row = _locked(ticket)
	if row is None or not row.clock.is_live:
		return False
	_end(row, at, config.site_rules(), is_solved=False)
	return True


def end_over(row: Row, facts: TicketFacts, at: int, rules: SiteRules) -> None:
	"""Ends a locked clock that a last look found to be over: nothing that came due since is fired."""
	_end(row, at, rules, is_solved=not facts.finished)


def _end(row: Row, at: int, rules: SiteRules, *, is_solved: bool) -> None:
	_written(row, tracing_count.ended(row.clock, is_solved=is_solved), row.since, rules)
	if row.clock.level:
		sync.close_escalations(row.ticket, at, is_solved=is_solved, kind=rows.TRACING)


def _locked(ticket: str) -> Row | None:
	# Looked for first: a lock on a row that is not there would stop others from adding theirs beside it.
	return rows.lock(ticket, rows.TRACING) if rows.read(ticket, rows.TRACING) else None


def _settled(ticket: str, at: int, rules: SiteRules) -> Row | None:
	"""The locked row after every level fired that was due before `at`; none fires while the mode is Off."""
	row = _locked(ticket)
	while row and 0 < row.clock.due < at and config.mode() != config.OFF:
		after = sync.settled(row, hd_ticket.facts(ticket), at, rules)
		if after == row:
			return row
		row = after
	return row


def _first(ticket: str, clock: Clock, since: int, rules: SiteRules) -> Row:
	row = rows.Row(tables.new_names(1)[0], cstr(ticket), clock, clock.next, since=since, kind=rows.TRACING)
	return row if rows.insert([row], rules) else rows.lock(ticket, rows.TRACING)


def _written(row: Row, clock: Clock, since: int, rules: SiteRules) -> Row:
	after = rows.with_clock(row, clock, since)
	rows.write_locked([(row, after)], rules)
	return after


def _times(row: Row) -> Times:
	clock = row.clock
	return Times(clock.due, clock.warn, clock.level, clock.cycle, clock.policy)


def _report(team: str) -> None:
	details = _("No escalation policy for tracing cases is in force for the group {0}.").format(team)
	remedy = _(
		"Activate a policy for tracing cases, such as the draft Tracing. Cases that are open begin then."
	)
	findings.open_once(NO_POLICY, team, hd_team.TEAM, team, details, remedy)


def _running(*, not_escalated: bool = False) -> Iterator[list[Row]]:
	"""The tracing clocks that run, by ranges of their tickets' names; those that reached no level yet are locked."""
	after = ""
	while True:
		table, query = rows.query()
		running = (table.finished == 0) & (table.ticket_state != TicketState.RESOLVED.value)
		ours = (table.reference_doctype == hd_ticket.DOCTYPE) & (table.clock == rows.TRACING)
		query = query.where(ours & running & (table.reference_name > after))
		if not_escalated:
			query = query.where(table.level == 0).for_update()
		values = query.orderby(table.reference_name).limit(ROWS_AT_ONCE).run()
		found = [rows.from_values(row) for row in values]
		yield found
		if len(found) < ROWS_AT_ONCE:
			return
		after = found[-1].ticket
