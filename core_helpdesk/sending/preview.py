"""What would be sent to whom on a day, and whether it could reach them: nothing is made, nothing is sent.

Policy: QA-12, TSM-09, TSM-13, TSM-14
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import frappe
from babel import Locale, UnknownLocaleError
from frappe import _

from core_helpdesk import config, permissions
from core_helpdesk.domain.deliveries import Mailing, Recipient, deliveries_on
from core_helpdesk.escalations import people
from core_helpdesk.governance.named import full_names
from core_helpdesk.mail import language
from core_helpdesk.monthly import acts, rights, steps
from core_helpdesk.sending import catalogue
from core_helpdesk.sending.content import period_in_words
from core_helpdesk.sending.timetable import Timetable
from core_helpdesk.setup import monthly_workflow as flow

if TYPE_CHECKING:
	from collections.abc import Iterable
	from datetime import date

	from core_helpdesk.domain.deliveries import Delivery
	from core_helpdesk.sending.catalogue import Sent


def of_day(day: date) -> list[dict[str, Any]]:
	"""The deliveries of a day of the site in order, by the settings and people of now.

	Each has the report, its period in words, the moment, the person with capacity and language, and what keeps it from
	reaching them. Members of a group that the present user is not to see are one row without a name.
	Raises: NoWorkingTime if those of a country do not work for a year.
	Policy: QA-12, TSM-09, TSM-12, TSM-14
	"""
	timetable = Timetable.present()
	sent = [each for each in catalogue.REPORTS if not each.make]
	recipients = {each.name: catalogue.recipients_of(each, day) for each in sent}
	mailings = [_mailing(each, recipients[each.name], timetable) for each in sent]
	found = deliveries_on(day, mailings, timetable.makers())
	names = full_names(row.recipient for row in found)
	capacities = {
		(report, person.user): person.capacity for report, all_ in recipients.items() for person in all_
	}
	rows = [_in_words(row, names, capacities[row.report, row.recipient]) for row in found]
	return _once(rows)


def _once(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
	"""Rows that say the same are one: how many a hidden group has is not told either."""
	return [row for at, row in enumerate(rows) if row not in rows[:at]]


def made_on(day: date) -> list[dict[str, Any]]:
	"""The reports that people send, whose documents are made on this day: who is told to send each, and to whom it goes
	with their step and those that follow.

	Raises: NoWorkingTime if the makers do not work for a year.
	Policy: QA-12, TSM-13, TSM-M2
	"""
	timetable = Timetable.present()
	nobody = Recipient("", timetable.makers())
	mailings = [Mailing(timetable.schedule(each), (nobody,)) for each in catalogue.REPORTS if each.make]
	found = deliveries_on(day, mailings, timetable.makers())
	return [
		{"report": row.report, "label": _(row.report), **_when(row), **_people_of(row.report, day)}
		for row in found
	]


def _people_of(report: str, day: date) -> dict[str, list[dict[str, Any]]]:
	capacity = people.QA_SPECIALIST if report == flow.QA_REPORT else people.TSM
	makers = [catalogue.Recipient(user, capacity) for user in rights.makers(report)]
	return {"makers": _by_capacity(makers), "readers": _by_capacity(_readers(report, day))}


def _readers(kind: str, day: date) -> tuple[catalogue.Recipient, ...]:
	"""Those to whom a report goes with its steps, in their order and each once, and those of the settings."""
	found = []
	for (_before, state), moves in steps.MOVES.items():
		if any(kind in move.kinds for move in moves):
			found += acts.readers(frappe._dict(kind=kind, workflow_state=state), day)
	return catalogue.with_further(kind, found)


def _by_capacity(found: Iterable[catalogue.Recipient]) -> list[dict[str, Any]]:
	"""Each capacity with the people in it; without names where the group is hidden from who asks."""
	found = list(found)
	names = full_names(person.user for person in found)
	by_capacity: dict[str, list[str]] = {}
	for person in found:
		named = by_capacity.setdefault(person.capacity, [])
		if not _is_hidden(person.capacity):
			named.append(names.get(person.user, person.user))
	return [{"capacity": _capacity(each), "names": named} for each, named in by_capacity.items()]


def _mailing(sent: Sent, found: tuple[catalogue.Recipient, ...], timetable: Timetable) -> Mailing:
	people = tuple(Recipient(person.user, timetable.of_person(person.user)) for person in found)
	return Mailing(timetable.schedule(sent), people)


def _in_words(row: Delivery, names: dict[str, str], capacity: str) -> dict[str, Any]:
	hidden = _is_hidden(capacity)
	spoken = language.language_of(row.recipient)
	return {
		"report": row.report,
		"label": _(row.report),
		**_when(row),
		"recipient": "" if hidden else row.recipient,
		"full_name": "" if hidden else names.get(row.recipient, row.recipient),
		"capacity": _capacity(capacity),
		"language": "" if hidden else spoken,
		"language_name": "" if hidden else _language_named(spoken),
		"problem": "" if hidden else _problem(catalogue.of(row.report), row.recipient),
	}


def _capacity(name: str) -> str:
	return _("Further Recipient") if name == catalogue.FURTHER else _(name)


def _is_hidden(capacity: str) -> bool:
	"""Whether those who get a report as members of the hidden group are not to be named to the present user.

	Policy: TSM-12
	"""
	return capacity == people.TSM and config.tsm_team() in permissions.concealed_from()


def _language_named(code: str) -> str:
	spoken = frappe.local.lang or "en"
	try:
		return Locale.parse(spoken, sep="-").languages.get(code.split("-")[0], code)
	except (UnknownLocaleError, ValueError):
		return code


def _when(row: Delivery) -> dict[str, Any]:
	return {
		"period_key": row.period_key,
		"period": period_in_words(row.period_key),
		"due_epoch": row.due,
		"due_at": config.from_epoch(row.due),
	}


def _problem(sent: Sent | None, user: str) -> str:
	found = frappe.db.get_value("User", user, ["enabled", "email"], as_dict=True)
	if not found or not found.enabled:
		return _("Disabled", context="User")
	if not found.email or user in frappe.STANDARD_USERS:
		return _("No e-mail address")
	return "" if sent and catalogue.may_read(sent, user) else _("Not a reader of this report")
