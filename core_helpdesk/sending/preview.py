"""What would be sent to whom on a day, and whether it could reach them: nothing is made, nothing is sent.

Policy: QA-12, TSM-09, TSM-13, TSM-14
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import frappe
from frappe import _

from core_helpdesk import config
from core_helpdesk.domain.deliveries import Mailing, Recipient, deliveries_on
from core_helpdesk.governance.named import full_names
from core_helpdesk.mail import language
from core_helpdesk.sending import catalogue
from core_helpdesk.sending.content import period_in_words
from core_helpdesk.sending.timetable import Timetable

if TYPE_CHECKING:
	from datetime import date

	from core_helpdesk.domain.deliveries import Delivery
	from core_helpdesk.sending.catalogue import Sent


def of_day(day: date) -> list[dict[str, Any]]:
	"""The deliveries of a day of the site in order, by the settings and people of now.

	Each has the report, its period in words, the moment, the person with capacity and language, and what keeps it from
	reaching them.
	Raises: NoWorkingTime if those of a country do not work for a year.
	Policy: QA-12, TSM-09, TSM-14
	"""
	timetable = Timetable.present()
	sent = [each for each in catalogue.REPORTS if not each.make]
	people = {each.name: catalogue.recipients_of(each, day) for each in sent}
	mailings = [_mailing(each, people[each.name], timetable) for each in sent]
	found = deliveries_on(day, mailings, timetable.makers())
	names = full_names(row.recipient for row in found)
	capacities = {
		(report, person.user): person.capacity for report, all_ in people.items() for person in all_
	}
	return [_in_words(row, names, capacities[row.report, row.recipient]) for row in found]


def made_on(day: date) -> list[dict[str, Any]]:
	"""The reports that people send, whose documents are made on this day.

	Raises: NoWorkingTime if the makers do not work for a year.
	"""
	timetable = Timetable.present()
	nobody = Recipient("", timetable.makers())
	mailings = [Mailing(timetable.schedule(each), (nobody,)) for each in catalogue.REPORTS if each.make]
	found = deliveries_on(day, mailings, timetable.makers())
	return [{"report": row.report, "label": _(row.report), **_when(row)} for row in found]


def _mailing(sent: Sent, found: tuple[catalogue.Recipient, ...], timetable: Timetable) -> Mailing:
	people = tuple(Recipient(person.user, timetable.of_person(person.user)) for person in found)
	return Mailing(timetable.schedule(sent), people)


def _in_words(row: Delivery, names: dict[str, str], capacity: str) -> dict[str, Any]:
	return {
		"report": row.report,
		"label": _(row.report),
		**_when(row),
		"recipient": row.recipient,
		"full_name": names.get(row.recipient, row.recipient),
		"capacity": _("Further Recipient") if capacity == catalogue.FURTHER else _(capacity),
		"language": language.language_of(row.recipient),
		"problem": _problem(catalogue.of(row.report), row.recipient),
	}


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
