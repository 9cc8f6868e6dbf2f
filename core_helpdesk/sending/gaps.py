"""What is missing: the schedule itself is asked what should have been made, and the ledger what came of it.

Each gap is told to the QA Specialists once, stands as a finding while it lasts, and is closed when it is mended.

Policy: QA-12, TSM-09, TSM-13, TSM-14, TRC-18
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _

from core_helpdesk import config
from core_helpdesk.domain.deliveries import ARRIVED
from core_helpdesk.domain.delivery_gaps import Gap, GapCode, Person, gaps
from core_helpdesk.domain.report_schedule import runs_due
from core_helpdesk.escalations import findings, transactions
from core_helpdesk.governance.named import full_names
from core_helpdesk.mail import notices
from core_helpdesk.sending import catalogue, ledger
from core_helpdesk.sending.content import title_of
from core_helpdesk.sending.making import OVERLAP
from core_helpdesk.sending.timetable import Timetable

if TYPE_CHECKING:
	from collections.abc import Iterable

	from core_helpdesk.domain.report_schedule import Run
	from core_helpdesk.sending.catalogue import Sent

NOT_MADE, NOT_DELIVERED = "Report Not Made", "Report Not Delivered"
KINDS = (NOT_MADE, NOT_DELIVERED)


def look(now: int) -> list[Gap]:
	"""Opens a finding for each new gap and closes those of gaps that are over; returns the gaps.

	Units: epoch seconds.
	Policy: QA-12
	"""
	if config.stored_mode() != config.LIVE:
		return []
	found = present(now)
	keys = {_key(gap) for gap in found}
	for gap in found:
		_alarm(gap)
	for finding in findings.open_of(KINDS):
		if finding.subject_key not in keys:
			findings.close(finding.kind, finding.subject_key)
	return found


def present(now: int) -> list[Gap]:
	"""All that is missing at a moment, of what was due in the last weeks since the mode became Live.

	Units: epoch seconds.
	"""
	timetable = Timetable.present()
	since = max(timetable.settings.reports_from, now - OVERLAP)
	if not timetable.settings.reports_from:
		return []
	scheduled = [(sent, run) for sent in catalogue.REPORTS for run in _scheduled(sent, timetable, since, now)]
	known = {sent.name: ledger.runs_of(sent.name, since - OVERLAP) for sent in catalogue.REPORTS}
	made = [run.key for sent, run in scheduled if _is_made(known[sent.name].get(run.period_key))]
	waited_for = [run for sent, run in scheduled if not (sent.make and run.key in made)]
	rows = [ledger.as_delivery(row) for row in ledger.deliveries(["due_epoch", ">", since])]
	people = _people(row.recipient for row in rows if row.state not in ARRIVED)
	return gaps(waited_for, made, rows, people, now)


def _scheduled(sent: Sent, timetable: Timetable, since: int, now: int) -> list[Run]:
	begins = timetable.begins(sent)
	if not begins:
		return []
	with transactions.logged_on_failure(f"When the report {sent.name} is due is not known"):
		return runs_due(timetable.schedule(sent), timetable.makers(), max(begins, since), now)
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
	return ":".join((gap.code.value, gap.report, gap.period_key, gap.recipient))[:190]


def _alarm(gap: Gap) -> None:
	kind, key = kind_of(gap), _key(gap)
	# Counting it every five minutes would say nothing, and what a person has put aside stays so.
	if findings.is_open(kind, key) or _was_put_aside(kind, key):
		return
	notices.alarm(kind, key, in_words(gap), remedy(gap), *_document(gap))


def _was_put_aside(kind: str, key: str) -> bool:
	"""A gap is over by itself when it is mended; closed by hand, it is known and accepted."""
	by_hand = {"state": "Closed", "modified_by": ("!=", "Administrator")}
	return bool(frappe.db.exists(findings.DOCTYPE, {"kind": kind, "subject_key": key, **by_hand}))


def _document(gap: Gap) -> tuple[str, str]:
	about = {"report": gap.report, "period_key": gap.period_key}
	doctype = ledger.DELIVERY if gap.recipient else ledger.RUN
	name = frappe.db.get_value(doctype, {**about, "recipient": gap.recipient} if gap.recipient else about)
	return (doctype, name) if name else (config.SETTINGS, config.SETTINGS)


def in_words(gap: Gap) -> str:
	"""What is missing, in the present language."""
	report = title_of(gap.report, gap.period_key)
	person = full_names([gap.recipient]).get(gap.recipient, gap.recipient)
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


def remedy(gap: Gap) -> str:
	if gap.code in (GapCode.DISABLED, GapCode.NO_ADDRESS):
		return _("Correct the user, or name somebody else: then send it again.")
	if gap.code is GapCode.NO_RECIPIENT:
		return _("Name those who get this report: members of TSM, the offices, or further recipients.")
	if gap.code is GapCode.NOT_SENT:
		return _("Look at the e-mail account and at the queue of mails.")
	return _("Look at the reason on the record and put it right; it is tried again by itself.")
