"""What officers and supervisors watch: cases of their groups, passed on, not updated, due soon, urgent, to be closed.

A list is one statement over the key `ch_case_work`, which holds all that lists choose and sort by; only the rows
that are shown are read in full. All counts are one statement more.
Policy: TRC-08, TRC-10, TRC-11, TRC-12, TRC-16, TRC-23
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import frappe
from frappe.utils import add_days, cint, cstr

from core_helpdesk import config, tracing_permissions
from core_helpdesk.hosts import hd_team
from core_helpdesk.tracing import rules, staleness

if TYPE_CHECKING:
	from core_helpdesk.tracing.staleness import Cutoffs

DAY = 86_400
WEEK = 7 * DAY
PAGE, MOST = 50, 500
"""Rows that are shown at first, and at most: nobody reads on, they narrow the list down."""
UNTAKEN = "ifnull(w.officer, '') = ''"
MINE, PASSED_ON = "mine", "passed_on"
LISTS = (MINE, "untaken", "urgent", "due_this_week", PASSED_ON, "not_updated", "no_follow_up", "answered")
"""In the order of the tabs; each but the first two is of all cases for who watches over all."""
OF_MY_GROUPS = frozenset({MINE, "untaken"})
ROW = """c.name, c.ticket, c.title, c.shipment_number, c.nature, c.status, c.answer, c.urgent, c.team, c.country,
	c.officer, c.customer_name, c.due_epoch, c.due_on, c.warn_epoch, c.leg_due_epoch, c.leg_due_on,
	c.regulator_due_epoch, c.regulator_due_on, c.last_update_epoch, c.last_update_on, c.follow_up_on, c.faults, c._seen"""
DUES = ("due_epoch", "leg_due_epoch", "regulator_due_epoch")
LEG = "l.assigned_epoch, l.assigned_on, l.accepted_epoch, l.from_team, l.passed_by, l.reason"


class Watcher(NamedTuple):
	"""Who looks, the groups that they are in, and whether they watch over all groups."""

	user: str
	teams: tuple[str, ...]
	sees_all: bool


class Wanted(NamedTuple):
	"""Which list, and what of it: a group, an officer, the beginning of a number, days without follow-up (0: as set)."""

	name: str = MINE
	team: str = ""
	officer: str = ""
	text: str = ""
	days: int = 0
	limit: int = PAGE


def watcher(user: str) -> Watcher:
	"""Policy: TRC-10, TRC-23"""
	return Watcher(user, tuple(sorted(hd_team.teams_of(user))), tracing_permissions.sees_all(user))


class Lists:
	"""The lists of one watcher at one moment; `days` without follow-up are those of the settings unless given."""

	def __init__(self, looking: Watcher, now: int, days: int | None = None) -> None:
		self.looking, self.now = looking, now
		self.days = rules.no_follow_up_days() if days is None else days
		today = config.from_epoch(now).date()
		self.values: dict[str, Any] = {
			"user": looking.user,
			"teams": looking.teams or ("",),
			"follow_up": add_days(today, -self.days),
			"silent": now - self.days * DAY,
			"soon": now + WEEK,
		}
		self.conditions = self._conditions()

	def _conditions(self) -> dict[str, str]:
		found = cutoffs(self.now)
		stale = found.condition(staleness.LAST_UPDATE, "w.calendar", self.values, "stale")
		passed_on = "select parent from `tabTracing Leg` where passed_by = %(user)s"
		return {
			MINE: "1",
			"untaken": UNTAKEN,
			"urgent": "w.urgent = 1",
			"due_this_week": f"({' or '.join(f'w.{due} between 1 and %(soon)s' for due in DUES)})",
			PASSED_ON: f"ifnull(w.team, '') not in %(teams)s and {stale} and w.name in ({passed_on})",
			"not_updated": stale,
			"no_follow_up": (
				"(w.follow_up_on <= %(follow_up)s or w.follow_up_on is null"
				f" and {staleness.LAST_UPDATE} < %(silent)s)"
			),
			"answered": "w.status = 'Solved' and w.answer in ('Satisfied', 'Doubtful')",
		}

	def condition(self, name: str) -> str:
		"""SQL for the open cases of a list that this watcher may see."""
		scope = "w.status in ('Open', 'Solved')"
		if name != PASSED_ON and (name in OF_MY_GROUPS or not self.looking.sees_all):
			scope += " and w.team in %(teams)s"
		return f"{scope} and {self.conditions[name]}"

	def _key(self, name: str) -> str:
		"""The key over all columns that lists ask for: the server would rather read every row of a group.

		Those passed on are found by their legs.
		"""
		return "" if name == PASSED_ON else "use index (ch_case_work)"

	def count(self, name: str) -> int:
		# Words of the code only; what people gave are parameters.
		query = f"select count(*) from `tabTracing Case` w {self._key(name)} where {self.condition(name)}"
		return cint(frappe.db.sql(query, self.values)[0][0])  # nosemgrep

	def counts(self) -> dict[str, int]:
		"""How many cases each list has: all but those passed on in one pass over the key."""
		names = [name for name in LISTS if name != PASSED_ON]
		mine = "w.team in %(teams)s"
		sums = ", ".join(
			f"sum({self.conditions[name]}{f' and {mine}' if name in OF_MY_GROUPS else ''})" for name in names
		)
		scope = "" if self.looking.sees_all else f" and {mine}"
		query = f"""select {sums} from `tabTracing Case` w use index (ch_case_work)
			where w.status in ('Open', 'Solved'){scope}"""
		found = frappe.db.sql(query, self.values)[0]  # nosemgrep: words of the code only
		counted = dict(zip(names, map(cint, found), strict=True))
		return {name: self.count(name) if name == PASSED_ON else counted[name] for name in LISTS}

	def rows(self, wanted: Wanted) -> list[frappe._dict]:
		"""The head of a list, urgent ones first, then those that are due first."""
		narrowed, values = self._narrowed(wanted)
		query = f"""select {ROW}, {LEG} from (
				select w.name from `tabTracing Case` w {self._key(wanted.name)}
				where {self.condition(wanted.name)}{narrowed}
				order by w.urgent desc, w.due_epoch, w.name limit %(limit)s
			) page join `tabTracing Case` c on c.name = page.name
			left join `tabTracing Leg` l on l.parent = c.name and l.parenttype = 'Tracing Case' and l.left_epoch = 0
			order by c.urgent desc, c.due_epoch, c.name"""
		found = frappe.db.sql(query, values, as_dict=True)  # nosemgrep: words of the code only
		# Two legs that are not left would be a fault of the data, and show the case twice.
		return list({row.name: row for row in found}.values())

	def _narrowed(self, wanted: Wanted) -> tuple[str, dict[str, Any]]:
		values = {**self.values, "limit": min(max(wanted.limit, 1), MOST)}
		text = ""
		for field in ("team", "officer"):
			if getattr(wanted, field):
				text += f" and w.{field} = %({field})s"
				values[field] = getattr(wanted, field)
		if wanted.text:
			# What stands in keys; a word in the middle of a title would be looked for in every row.
			text += " and (w.ticket = %(text)s or w.name = %(text)s or w.shipment_number like %(beginning)s)"
			values |= {"text": wanted.text, "beginning": _beginning(wanted.text)}
		return text, values


def _beginning(text: str) -> str:
	escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
	return f"{escaped}%"


def cutoffs(now: int) -> Cutoffs:
	"""Before which moments cases of the groups that trace have not been updated.

	Policy: TRC-11, TRC-23
	"""
	return staleness.cutoffs(calendars(), cint(rules.settings().follow_up_days), now)


def calendars() -> set[str]:
	"""The calendars of the groups that trace."""
	site = config.site_rules()
	return {site.calendar_of(team) for team in rules.network().groups}


def is_seen(row: frappe._dict, user: str) -> bool:
	"""Whether this user has opened the case since it last changed: the framework keeps who has."""
	return user in frappe.parse_json(row.get("_seen") or "[]")


def groups() -> list[str]:
	"""The groups that have open cases."""
	# One status at a time, the key is read from group to group.
	each = "select team from `tabTracing Case` where status = '{0}' group by team"
	query = f"{each.format('Open')} union {each.format('Solved')}"
	return sorted(cstr(team) for (team,) in frappe.db.sql(query) if team)  # nosemgrep: words of the code only
