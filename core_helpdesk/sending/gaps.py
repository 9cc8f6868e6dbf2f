"""What is missing: the schedule itself is asked what should have been made, and the ledger what came of it.

Each gap is told to the QA Specialists once, stands as a finding while it lasts, and is closed when it is mended.

Policy: QA-12, TSM-09, TSM-13, TSM-14, TRC-18
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import frappe
from frappe import _

from core_helpdesk import config
from core_helpdesk.domain.deliveries import OVER
from core_helpdesk.domain.delivery_gaps import Gap, GapCode, Person, gaps
from core_helpdesk.domain.report_schedule import runs_due
from core_helpdesk.escalations import findings, machine_clock, people, transactions
from core_helpdesk.governance.named import full_names
from core_helpdesk.mail import notices
from core_helpdesk.sending import catalogue, editions, ledger
from core_helpdesk.sending.content import title_of
from core_helpdesk.sending.making import OVERLAP
from core_helpdesk.sending.timetable import Timetable

if TYPE_CHECKING:
	from collections.abc import Iterable

	from core_helpdesk.domain.report_schedule import Run, RunKey
	from core_helpdesk.sending.catalogue import Sent

NOT_MADE, NOT_DELIVERED = "Report Not Made", "Report Not Delivered"
KINDS = (NOT_MADE, NOT_DELIVERED)


class Looked(NamedTuple):
	"""What is missing, and among which runs and rows, by their names, it was looked for."""

	gaps: list[Gap]
	runs: frozenset[RunKey]
	rows: frozenset[str]


def look(now: int) -> list[Gap]:
	"""Opens a finding for each new gap and closes those of gaps that are mended; returns the gaps.

	What became too old to be looked for is not mended by its age: a person closes it.

	Units: epoch seconds.
	Policy: QA-12
	"""
	if config.stored_mode() != config.LIVE:
		return []
	looked = _look_for(now)
	keys = {_key(gap) for gap in looked.gaps}
	# By a clock that is ahead everything would be missing: that it is not right is said already.
	if machine_clock.is_right(now):
		_look_for_early(now)
		for gap in looked.gaps:
			_alarm(gap)
	for finding in findings.open_of(KINDS):
		if finding.subject_key not in keys and _is_over(finding, looked):
			findings.close(finding.kind, finding.subject_key)
	return looked.gaps


def _look_for_early(now: int) -> None:
	"""What a clock that was ahead has made before it was due stands in the way of what is due then: a person must know."""
	made = {"state": ledger.MADE, "due_epoch": (">", now)}
	rows = frappe.get_all(ledger.RUN, made, ["report", "period_key"], order_by="due_epoch")
	for report, period_key in {row.report: row.period_key for row in rows}.items():
		key = f"Made Early:{report}:{period_key}"
		if findings.is_known(machine_clock.KIND, key):
			continue
		details = _(
			"{0} was made before it was due, and so were those before: the clock of the server was ahead."
		)
		remedy = _("Tell its readers that it is not whole. It is not made again when it is due.")
		said = details.format(title_of(report, period_key))
		notices.alarm(machine_clock.KIND, key, said, remedy, config.SETTINGS, config.SETTINGS)


def missing_now(now: int) -> set[str]:
	"""The keys of what is missing and was not put aside by a person, whether or not a job has found it yet.

	Units: epoch seconds.
	Policy: QA-12
	"""
	keys = {finding.subject_key for finding in findings.open_of(KINDS)}
	if config.stored_mode() != config.LIVE:
		return keys
	found = ((kind_of(gap), _key(gap)) for gap in present(now))
	return keys | {key for kind, key in found if not findings.was_put_aside(kind, key)}


def present(now: int) -> list[Gap]:
	"""All that is missing at a moment, of what was due in the last weeks since the mode became Live.

	Units: epoch seconds.
	"""
	return _look_for(now).gaps


def _look_for(now: int) -> Looked:
	timetable = Timetable.present()
	if not timetable.settings.reports_from:
		return Looked([], frozenset(), frozenset())
	since = now - OVERLAP
	scheduled = [(sent, run) for sent in catalogue.REPORTS for run in _scheduled(sent, timetable, since, now)]
	known = {sent.name: ledger.runs_of(sent.name, since - OVERLAP) for sent in catalogue.REPORTS}
	made = [run.key for sent, run in scheduled if _is_made(known[sent.name].get(run.period_key))]
	waited_for = [run for sent, run in scheduled if not (sent.make and run.key in made)]
	lately = ledger.deliveries(["due_epoch", ">", now - OVERLAP])
	somebodys = [row for row in lately if not ledger.is_nobodys(row, timetable.settings)]
	rows = [ledger.as_delivery(row) for row in somebodys]
	reachable = _people(row.recipient for row in rows if row.state not in OVER)
	found = gaps(waited_for, made, rows, reachable, now)
	runs = frozenset(run.key for _sent, run in scheduled)
	return Looked(found, runs, frozenset(row.name for row in somebodys))


def _is_over(finding: frappe._dict, looked: Looked) -> bool:
	"""It was looked for and is not missing, or it is too old to be looked for and has arrived or was made."""
	if finding.kind == NOT_DELIVERED:
		over = {"name": finding.reference_name, "state": ("in", [state.value for state in OVER])}
		return finding.reference_name in looked.rows or bool(frappe.db.exists(ledger.DELIVERY, over))
	code, report, period_key, _nobody = finding.subject_key.split(":", 3)
	about = {"report": report, "period_key": period_key}
	if (report, period_key) in looked.runs:
		return True
	if code == GapCode.NO_RECIPIENT.value:
		return bool(frappe.db.exists(ledger.DELIVERY, about))
	return bool(frappe.db.exists(ledger.RUN, {**about, "state": ledger.MADE}))


def _scheduled(sent: Sent, timetable: Timetable, since: int, now: int) -> list[Run]:
	with transactions.logged_on_failure(f"When the report {sent.name} is due is not known"):
		runs = runs_due(timetable.schedule(sent), timetable.makers(), since, now)
		return [run for run in runs if timetable.expects(sent, run.due)]
	return []


def _is_made(row: frappe._dict | None) -> bool:
	return bool(row) and row.state == ledger.MADE


def _people(users: Iterable[str]) -> dict[str, Person]:
	"""Those among the users whom the framework knows, with what decides whether mail can reach them."""
	wanted = {"name": ("in", sorted(set(users)) or [""])}
	rows = frappe.get_all("User", wanted, ["name", "enabled", "email"])
	return {row.name: Person(bool(row.enabled), _address(row)) for row in rows}


def _address(row: frappe._dict) -> str:
	return "" if row.name in frappe.STANDARD_USERS else row.email or ""


# --- Findings


def kind_of(gap: Gap) -> str:
	return NOT_DELIVERED if gap.recipient else NOT_MADE


def _key(gap: Gap) -> str:
	# What a person has put aside of one edition says nothing of the next.
	recipient = gap.recipient if gap.edition == 1 else f"{gap.recipient}#{gap.edition}"
	return ":".join((gap.code.value, gap.report, gap.period_key, recipient))[:190]


def _alarm(gap: Gap) -> None:
	kind, key = kind_of(gap), _key(gap)
	if findings.is_open(kind, key):
		# Counting it every five minutes would say nothing.
		known = {"kind": kind, "subject_key": key, "state": "Open"}
		# What was tried again by itself at first may have become a person's matter.
		if frappe.db.get_value(findings.DOCTYPE, known, "remedy") != remedy(gap):
			frappe.db.set_value(findings.DOCTYPE, known, "remedy", remedy(gap))
		return
	# A gap is over by itself when it is mended; closed by hand, it is accepted.
	if not findings.was_put_aside(kind, key):
		notices.alarm(kind, key, in_words(gap), remedy(gap), *_document(gap))


def _document(gap: Gap) -> tuple[str, str]:
	doctype = ledger.DELIVERY if gap.recipient else ledger.RUN
	name = frappe.db.get_value(doctype, _about(gap))
	return (doctype, name) if name else (config.SETTINGS, config.SETTINGS)


def _about(gap: Gap) -> dict[str, str | int]:
	about = {"report": gap.report, "period_key": gap.period_key}
	return {**about, "recipient": gap.recipient, "edition": gap.edition} if gap.recipient else about


def in_words(gap: Gap) -> str:
	"""What is missing, in the present language."""
	report = editions.titled(title_of(gap.report, gap.period_key), gap.edition)
	person = _named(gap)
	words = {
		GapCode.NOT_MADE: _("{0} was due and is not made."),
		GapCode.NO_RECIPIENT: _("{0} has no recipient."),
		GapCode.DISABLED: _("{0} cannot reach {1}, who is disabled."),
		GapCode.NO_ADDRESS: _("{0} cannot reach {1}, who has no e-mail address."),
		GapCode.FAILED: _("{0} was not delivered to {1}.") if person else _("{0} could not be made."),
		GapCode.NOT_QUEUED: _("{0} was made for {1} and is not on its way."),
		GapCode.NOT_SENT: _("{0} waits for the mail account: {1} does not have it yet."),
	}
	if gap.code is GapCode.NOT_MADE and person:
		return _("{0} was due for {1} and is not made.").format(report, person)
	return words[gap.code].format(report, person)


def _named(gap: Gap) -> str:
	"""Who gets the report; of a member of the hidden group only that, for more people read findings than the ledger.

	Policy: TSM-12
	"""
	if gap.recipient and frappe.db.get_value(ledger.DELIVERY, _about(gap), "capacity") == people.TSM:
		return _("a member of Ticketing System Management")
	return full_names([gap.recipient]).get(gap.recipient, gap.recipient)


def remedy(gap: Gap) -> str:
	if gap.code in (GapCode.DISABLED, GapCode.NO_ADDRESS):
		return _("Correct the user, or name somebody else: then send it again.")
	if gap.code is GapCode.NO_RECIPIENT:
		return _("Name those who get this report: members of TSM, the offices, or further recipients.")
	if gap.code is GapCode.NOT_SENT:
		return _("Look at the e-mail account and at the queue of mails.")
	if gap.recipient and not _is_tried_again(gap):
		return _("Look at the reason on the record and put it right; then send it again from there.")
	return _("Look at the reason on the record and put it right; it is tried again by itself.")


def _is_tried_again(gap: Gap) -> bool:
	return bool(frappe.db.get_value(ledger.DELIVERY, _about(gap), "next_epoch"))
