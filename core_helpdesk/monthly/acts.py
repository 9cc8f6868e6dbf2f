"""What follows a step of a Monthly Report: it goes to its readers, and whoever is next hears of it.

Policy: QA-12, TSM-13, TSM-M2
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import cstr, getdate

from core_helpdesk import config, months, shown
from core_helpdesk.escalations import people
from core_helpdesk.escalations.case import refuse
from core_helpdesk.mail import monthly_letters
from core_helpdesk.monthly import rights, steps
from core_helpdesk.sending import editions, offices
from core_helpdesk.setup import monthly_workflow as flow
from core_helpdesk.stored_text import as_written

if TYPE_CHECKING:
	from collections.abc import Callable, Container, Iterable
	from datetime import date

	from frappe.model.document import Document

	from core_helpdesk.escalations.people import Recipient

DOCTYPE = flow.NAME
MOMENTS = ("made_on", "sent_on", "reviewed_on", "forwarded_on", "signed_on", "returned_on", "reminded_on")


def locked(name: str) -> Document:
	"""The report for an act, kept from others.

	Raises: DoesNotExistError, PermissionError unless the present user may read it.
	"""
	frappe.get_doc(DOCTYPE, name).check_permission("read")
	return frappe.get_doc(DOCTYPE, name, for_update=True)


def take(report: Document, action: str, reason: str = "") -> None:
	"""Takes a step for the present user, as the button of the workflow does.

	Raises: PermissionError, ValidationError
	"""
	wanted = steps.next_state(report, action)
	if not wanted:
		message = _(
			"{0} cannot be done now: the report is {1}. Somebody may have taken a step just before you."
		)
		refuse(message.format(_(cstr(action)), steps.in_words(steps.state_of(report))))
	if action == flow.RETURN:
		report.set(steps.REASON, cstr(reason))
	report.workflow_state = wanted
	report.save()


def submit(report: Document) -> None:
	"""Policy: QA-12"""
	take(report, flow.SUBMIT)


def send(report: Document) -> None:
	"""Policy: TSM-13, TSM-M2"""
	take(report, flow.SEND)


def forward(report: Document) -> None:
	"""Policy: TSM-M2"""
	take(report, flow.FORWARD)


def enter_outcome(report: Document, row: str, outcome: str, discussed_on: str) -> None:
	"""Notes what was discussed with a department, and when; `row` is the name of its line.

	Raises: PermissionError; ValidationError for a line that there is none of.
	Policy: TSM-M2
	"""
	found = next((each for each in report.outcomes if each.name == row), None)
	if found is None:
		frappe.throw(_("There is no such department on this report."), title=_(DOCTYPE))
	found.update({"outcome": cstr(outcome), "discussed_on": discussed_on or None})
	report.save()


def follow(report: Document) -> None:
	"""After a saved step: mails the report to whom it goes now, and tells those whose turn it is."""
	before = report.get_doc_before_save()
	if not before or steps.state_of(before) == steps.state_of(report):
		return
	now = config.now_epoch()
	_take_back(report, now)
	recipients = readers(report, config.from_epoch(now).date())
	mailed = _deliver(report, recipients, now)
	if config.mode() == config.LIVE:
		# The report itself says to whom it goes now what it waits for.
		tell(report, turn_of(report, getdate()), _words_of_turn(report), mailed)


def readers(report: Document, today: date) -> list[Recipient]:
	"""To whom the report goes in its present state, each once; nobody where it goes to none.

	Who is away without a deputy gets it all the same, besides those who stand in.
	Policy: QA-12, TSM-13, TSM-M2
	"""
	state = steps.state_of(report)
	if state == flow.SUBMITTED:
		found = rights.managers(today)
	elif state == flow.SENT and report.kind == flow.TSM_REPORT:
		# Who gets it without any office first: it stays theirs when an office goes to somebody else.
		found = (*people.qa_specialists(), *heads(today), *rights.managers(today))
	elif state == flow.SENT:
		found = rights.managers(today)
	elif state in (flow.REVIEWED, flow.FORWARDED):
		# What is still to be reviewed may change; a General Manager gets what stands.
		found = rights.general_managers(today)
	else:
		return []
	once: dict[str, Recipient] = {}
	for person in (*found, *offices.unattended(offices.of_document(report.kind, state), today)):
		once.setdefault(person.user, person)
	return list(once.values())


def heads(today: date) -> list[Recipient]:
	"""Everybody who acts as head of a department on that day."""
	rows = frappe.get_all(
		"Department Head", {"parenttype": "Core Department"}, ["parent", "country", "all_countries"]
	)
	found = {}
	for row in rows:
		country = "" if row.all_countries else row.country or ""
		if person := people.acting_head(row.parent, country, today):
			found.setdefault(person.user, person)
	return [found[user] for user in sorted(found)]


def _deliver(report: Document, recipients: list[Recipient], now: int) -> set[str]:
	"""Hands the report on; returns those to whom it goes by that, and did not before."""
	if not recipients:
		return set()
	from core_helpdesk.sending import making

	reference = (report.doctype, report.name)
	before = editions.recipients(reference)
	making.deliver(report.kind, report.month, recipients, reference, now)
	return editions.recipients(reference) - before


def _take_back(report: Document, now: int) -> None:
	"""What was not delivered yet of a report that comes back to its makers is withdrawn; they hand it on anew."""
	if steps.state_of(report) == flow.MADE:
		editions.withdraw((report.doctype, report.name), now)


def turn_of(report: Document, today: date) -> list[str]:
	"""The people who have to do something now."""
	state = steps.state_of(report)
	if state == flow.MADE:
		return rights.makers(report.kind)
	if state == flow.SENT and report.kind == flow.TSM_REPORT:
		found = (*rights.managers(today), *rights.general_managers(today))
	elif state in (flow.SUBMITTED, flow.SENT):
		found = rights.managers(today)
	else:
		found = rights.general_managers(today) if state == flow.REVIEWED else ()
	known = dict.fromkeys(person.user for person in found)
	return [user for user in known if steps.possible(report, user)]


def waiting_for(user: str) -> list[str]:
	"""The reports that wait for a step of this person, the earliest first; those that are kept on record wait for nobody.

	Policy: QA-M1, TSM-M1, TSM-M2
	"""
	today = config.from_epoch(config.now_epoch()).date()
	# A site with years of tickets has many on record: these are not read.
	found = (frappe.get_doc(DOCTYPE, row.name) for row in unfinished())
	return [report.name for report in found if user in turn_of(report, today)]


def unfinished() -> list[frappe._dict]:
	"""State and moments of the reports that are neither finished nor kept on record, the earliest first."""
	states = {"workflow_state": ("not in", (flow.FORWARDED, flow.SIGNED))}
	fields = ["name", "month", "workflow_state", *MOMENTS]
	rows = frappe.get_all(DOCTYPE, states, fields, order_by="month, name")
	return [row for row in rows if not steps.is_on_record(row)]


def _words_of_turn(report: Document) -> Callable[[], str]:
	state = steps.state_of(report)
	if state == flow.MADE:
		return lambda: _("{0} came back to you: {1}")
	if state == flow.SENT and report.kind == flow.ESCALATION_REPORT:
		return lambda: _("{0} waits for you to enter what was discussed, and to forward it.")
	if state == flow.SUBMITTED:
		return lambda: _("{0} waits for your review.")
	return lambda: _("{0} waits for your signature.")


def tell(
	report: Document, users: Iterable[str], text: Callable[[], str], mailed: Container[str] = ()
) -> None:
	"""Lets each of them know in their language, by a mail as well unless they are mailed otherwise; never who took the
	step.
	"""
	message = monthly_letters.Message(
		lambda: text().format(title(report), cstr(report.get(steps.REASON))),
		lambda: _("Open the report to read its figures and to take the step that it waits for."),
		lambda: _facts(report),
		(report.doctype, report.name),
	)
	for user in users:
		if user != frappe.session.user:
			monthly_letters.tell(user, message, by_mail=user not in mailed)


def _facts(report: Document) -> list[tuple[str, str]]:
	return [
		(_("Report", context="Monthly Report"), title(report)),
		(_("State", context="Monthly Report"), steps.in_words(steps.state_of(report))),
		(_("What Is to Be Changed"), as_written(report.get(steps.REASON))),
		(_("Since"), shown.day(getdate(steps.waiting_since(report)))),
	]


def asked_of(report: Document, user: str) -> str:
	"""What the report waits for from this person, in the present language; empty where it is nobody's turn, or another's."""
	if user not in turn_of(report, getdate()):
		return ""
	return _words_of_turn(report)().format(title(report), cstr(report.get(steps.REASON)))


def title(report: Document) -> str:
	"""The kind and the month of a report in the present language."""
	return _("{0}: {1}").format(_(report.kind), months.in_words(report.month, frappe.local.lang or "en"))


def may_enter_outcomes(report: Document, user: str) -> bool:
	"""Policy: TSM-M2"""
	is_there = report.kind == flow.ESCALATION_REPORT and steps.state_of(report) == flow.SENT
	return is_there and rights.may_review(user)


def may_comment(report: Document, user: str) -> bool:
	return steps.state_of(report) == flow.MADE and rights.makes(report, user)
