"""The report Escalated Tickets: what escalated on these days and what is still open, each with who has it and until when.

Policy: TSM-01, TSM-02, TSM-09, CORE-13
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import frappe
from frappe import _
from frappe.utils import add_days, get_datetime, getdate

from core_helpdesk import config, shown
from core_helpdesk.escalations.case import ESCALATION, OPEN
from core_helpdesk.reports import cell_words, readers
from core_helpdesk.reports.answer import MOMENT, NUMBER, WHOLE, Answer, Column, Row, bars, column, figure
from core_helpdesk.reports.brief_names import brief
from core_helpdesk.reports.names import Names

if TYPE_CHECKING:
	from collections.abc import Iterable

HOUR = 3600
EQUALS = ("department", "country", "level")
FIELDS = (
	"name",
	"reference_name",
	"ticket_subject",
	"status",
	"level",
	"target",
	"team",
	"department",
	"country",
	"escalated_at",
	"escalated_epoch",
	"late_seconds",
	"answer_due_at",
	"answer_due_epoch",
	"ended_epoch",
	"head",
	"tsm_owner",
	"next_action_at",
)
MOST_BARS = 10
TELLING = ("ticket", "subject", "status", "left")
"""What stands side by side where there is little room, as in a mail on a phone."""


class Wanted(NamedTuple):
	"""From the beginning of the first day that is asked for to the end of the last, and what narrows them.

	Units: epoch seconds, half-open.
	"""

	since: int
	until: int
	only: dict[str, str]

	@property
	def is_one_day(self) -> bool:
		first, last = (config.from_epoch(epoch).date() for epoch in (self.since, self.until - 1))
		return first == last


def run(filters: dict[str, Any] | None) -> Answer:
	"""Raises: PermissionError for anybody who is no reader.

	Policy: TSM-09, CORE-13
	"""
	reader = readers.reader(readers.OF_TICKETS)
	wanted, now = asked(filters), config.now_epoch()
	found = escalations(wanted)
	names = Names()
	rows = [row_of(each, names, reader, now) for each in found]
	nothing = "" if rows else readers.why_nothing(reader, wanted.only)
	message = as_of(wanted, now) if rows else nothing or _("Nothing escalated, and nothing is open.")
	summary = [] if nothing else summary_of(found, wanted, now)
	return Answer(columns(), rows, message, chart_of(found, names), summary)


def as_of(wanted: Wanted, now: int) -> str:
	"""Until which day escalations are told, and which moment their states are of: what came later is left out, and what is
	read later, or is of an earlier day, has changed since."""
	said = cell_words.in_words(config.from_epoch(now), {"fieldtype": MOMENT})
	until = shown.day(config.from_epoch(wanted.until - 1).date())
	return _("Of what escalated until {0}, open as of {1}.").format(until, shown.isolated(said))


def asked(filters: dict[str, Any] | None) -> Wanted:
	"""The days of the filters; today where they say none."""
	today = config.from_epoch(config.now_epoch()).date()
	since, until = (_day(readers.chosen(filters, name)) or today for name in ("since", "until"))
	borders = (get_datetime(day) for day in (since, add_days(max(since, until), 1)))
	return Wanted(*map(config.to_epoch, borders), readers.chosen_of(filters, *EQUALS))


def _day(text: str) -> Any:
	try:
		return getdate(text) if text else None
	except (ValueError, frappe.ValidationError):
		return None


def escalations(wanted: Wanted) -> list[frappe._dict]:
	"""The reader's escalations of these days, and those of before that are still open, the latest first."""
	found, until = {}, ["escalated_epoch", "<", wanted.until]
	for chosen in (of_days(wanted), [["status", "in", OPEN], until]):
		filters = [*chosen, *([name, "=", value] for name, value in wanted.only.items())]
		rows = frappe.get_list(
			ESCALATION, filters=filters, fields=list(FIELDS), order_by=None, limit_page_length=0
		)
		found |= {row.name: row for row in rows}
	for copy in _confirmed(list(found)):
		if copy.user == found[copy.parent].head:
			found[copy.parent].confirmed_on = copy.confirmed_on
	return sorted(found.values(), key=lambda row: (-(row.escalated_epoch or 0), row.name))


def of_days(wanted: Wanted) -> list[list[Any]]:
	"""The filters for what escalated on these days, by the moment that has a key."""
	return [["escalated_epoch", ">=", wanted.since], ["escalated_epoch", "<", wanted.until]]


def _confirmed(names: list[str]) -> list[frappe._dict]:
	"""The copies of these escalations whose receipt was confirmed; whoever reads an escalation reads who has it."""
	confirmed = {"parenttype": ESCALATION, "parent": ("in", names or [""]), "confirmed_on": ("is", "set")}
	return frappe.get_all("Escalation Recipient", confirmed, ["parent", "user", "confirmed_on"])


def columns() -> list[Column]:
	found = [
		column("ticket", _("Ticket"), width=90),
		column("subject", _("Subject"), width=220),
		column("status", _("State", context="Ticket Escalation"), width=150),
		column("level", _("Level"), kind=WHOLE, width=80),
		column("target", _("To", context="Ticket Escalation"), width=200),
		column("group", _("Group", context="Core Helpdesk"), width=170),
		column("department", _("Department", context="Core Helpdesk"), width=160),
		column("country", _("Country"), width=140),
		column("escalated_at", _("Escalated On"), kind=MOMENT, width=165),
		column("late", _("Late by (Hours)"), kind=NUMBER, width=130),
		column("head", _("Department Head"), width=170),
		column("confirmed_on", _("Receipt Confirmed On"), kind=MOMENT, width=180),
		column("answer_due_at", _("Solution Due"), kind=MOMENT, width=165),
		column("left", _("Hours Left"), kind=NUMBER, width=110),
		column("next_action_at", _("Next Action"), kind=MOMENT, width=165),
		column("owner", _("Followed Up By"), width=170),
	]
	return [{**each, "telling": True} if each["fieldname"] in TELLING else each for each in found]


def row_of(row: frappe._dict, names: Names, reader: readers.Reader, now: int) -> Row:
	"""Hours left are negative once the time is over; none for an escalation that has ended."""
	is_open = row.status in OPEN
	left = round((row.answer_due_epoch - now) / HOUR, 1) if is_open and row.answer_due_epoch else None
	return {
		"ticket": row.reference_name,
		"subject": row.ticket_subject or "",
		"status": _(row.status, context=ESCALATION),
		"level": row.level,
		"target": _(row.target),
		"group": row.team if row.team and reader.knows([row.team]) else "",
		"department": names.department(row.department),
		"country": names.country(row.country),
		"escalated_at": row.escalated_at,
		"late": round((row.late_seconds or 0) / HOUR, 1),
		"head": names.person(row.head),
		"confirmed_on": row.confirmed_on,
		"answer_due_at": row.answer_due_at,
		"left": left,
		"next_action_at": row.next_action_at,
		"owner": names.person(row.tsm_owner),
		"links": {"ticket": [ESCALATION, row.name], "subject": [ESCALATION, row.name]},
		"tones": _tones(row, left),
	}


def _tones(row: frappe._dict, left: float | None) -> dict[str, str]:
	tones = {
		"status": {"Solved": "green", "Failed": "red"}.get(row.status, "gray" if left is None else "orange")
	}
	if left is not None and left < 0:
		tones["left"] = "red"
	return tones


def summary_of(found: Iterable[frappe._dict], wanted: Wanted, now: int) -> list[dict[str, Any]]:
	"""Also when there is nothing: that nothing escalated is a report as well."""
	found = list(found)
	these_days = [row for row in found if wanted.since <= (row.escalated_epoch or 0) < wanted.until]
	open_ones = [row for row in found if row.status in OPEN]
	over = [row for row in open_ones if 0 < (row.answer_due_epoch or 0) <= now]
	unseen = [row for row in open_ones if row.head and not row.confirmed_on]
	label = _("Escalated on This Day") if wanted.is_one_day else _("Escalated in These Days")
	label_open, label_over = _labels_of_open(wanted)
	return [
		figure(len(these_days), label),
		figure(len(open_ones), label_open, "orange" if open_ones else "green"),
		figure(len(over), label_over, "red" if over else "green"),
		figure(len(unseen), _("Receipt Not Confirmed"), "orange" if unseen else "green"),
	]


def _labels_of_open(wanted: Wanted) -> tuple[str, str]:
	"""A ticket that is open at both levels counts at each: its escalations are the rows."""
	if "level" in wanted.only:
		return _("Still Open"), _("Over 24 Hours")
	return _("Still Open, at Both Levels"), _("Over 24 Hours, at Both Levels")


def chart_of(found: Iterable[frappe._dict], names: Names) -> dict[str, Any] | None:
	"""How many are open and ended, by department."""
	counts: dict[str, list[int]] = {}
	for row in found:
		label = names.department(row.department) or _("No Department")
		counts.setdefault(label, [0, 0])[row.status not in OPEN] += 1
	most = sorted(counts.items(), key=lambda item: (-sum(item[1]), item[0]))[:MOST_BARS]
	values = {
		_("Still Open"): [count[0] for _label, count in most],
		_("Ended", context="Ticket Escalation"): [count[1] for _label, count in most],
	}
	labels = [label for label, _count in most]
	return bars(labels, values, ["#ed8936", "#a0aec0"], stacked=True, brief=brief(labels))
