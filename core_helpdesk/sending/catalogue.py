"""The reports that are sent: how often, to whom, and how their content is answered for whoever is to read it.

Policy: QA-12, TSM-09, TSM-13, TSM-14, TSM-M2
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import frappe
from frappe import _

from core_helpdesk import config
from core_helpdesk.domain.report_schedule import Rhythm
from core_helpdesk.escalations import people
from core_helpdesk.escalations.people import Recipient
from core_helpdesk.reports import escalated_tickets, readers
from core_helpdesk.sending import offices
from core_helpdesk.sending.offices import Office
from core_helpdesk.setup.roles import DEPARTMENT_MANAGER

if TYPE_CHECKING:
	from collections.abc import Callable, Iterable
	from datetime import date

	from core_helpdesk.domain.report_schedule import Run
	from core_helpdesk.mail.report_letters import Content
	from core_helpdesk.reports.answer import Answer

FURTHER = "Further Recipient"
# A department's head reads no report on all departments.
OF_THE_WHOLE = tuple(role for role in readers.OF_TICKETS if role != DEPARTMENT_MANAGER)


class Asked(NamedTuple):
	"""What a content is asked of: the days of a period, both included, and the people's document if there is one."""

	report: str
	period_key: str
	first: date
	last: date
	reference_doctype: str = ""
	reference_name: str = ""

	@property
	def days(self) -> dict[str, str]:
		"""The days as filters of a report."""
		return {"since": str(self.first), "until": str(self.last)}


class Sent(NamedTuple):
	"""A report that is sent.

	`recipients` says who gets it on a day, `answer` what of it the present user reads, and `lead` what it is. `readers`
	are the roles of which one is needed to get it, as the report itself asks. One that is `reviewed` waits for its
	recipients to say so. `offices` are those whose people get it as such, so that who is away gets it, too.
	One that people send has `make` and `content` instead: the first makes their document and tells its makers, the second
	says what of the document the present user reads; its deliveries are made by `making.deliver` once they have sent it.
	"""

	name: str
	rhythm: Rhythm
	readers: tuple[str, ...]
	recipients: Callable[[date], Iterable[Recipient]]
	answer: Callable[[Asked], Answer] | None = None
	lead: Callable[[], str] = str
	every_day: bool = False
	reviewed: bool = False
	make: Callable[[Run, int], object] | None = None
	content: Callable[[Asked], Content] | None = None
	offices: tuple[Office, ...] = ()


def _tsm(today: date) -> Iterable[Recipient]:
	return people.tsm_members().people


def _tsm_and_manager(today: date) -> Iterable[Recipient]:
	return (*people.tsm_members().people, *people.customer_service_manager(today).people)


def _escalated_tickets(asked: Asked) -> Answer:
	return escalated_tickets.run(asked.days)


def _weekly_performance(asked: Asked) -> Answer:
	from core_helpdesk.reports import weekly_performance

	return weekly_performance.run(asked.days)


def _department_escalations(asked: Asked) -> Answer:
	from core_helpdesk.reports import department_escalations

	return department_escalations.run(asked.days)


def _nobody(today: date) -> Iterable[Recipient]:
	return ()


def _make(run: Run, now: int) -> object:
	from core_helpdesk.monthly import making

	return making.make(run.report, run.period_key, now)


def _of_document(asked: Asked) -> Content:
	from core_helpdesk.monthly import reading

	return reading.content(frappe.get_doc(asked.reference_doctype, asked.reference_name))


def _monthly(name: str, roles: tuple[str, ...]) -> Sent:
	return Sent(name, Rhythm.MONTHLY, roles, _nobody, make=_make, content=_of_document)


# In the order in which they are sent where they are due at once.
REPORTS = [
	Sent(
		"Escalated Tickets",
		Rhythm.DAILY,
		readers.OF_TICKETS,
		_tsm,
		_escalated_tickets,
		lambda: _("What escalated on this day, and what is still open."),
		every_day=True,
	),
	Sent(
		"Weekly Performance",
		Rhythm.WEEKLY,
		readers.OF_TICKETS,
		_tsm,
		_weekly_performance,
		lambda: _("How the departments did in the week."),
		reviewed=True,
	),
	Sent(
		"Department Escalations",
		Rhythm.WEEKLY,
		readers.OF_TICKETS,
		_tsm_and_manager,
		_department_escalations,
		lambda: _("What escalated in each department this week, and what was not solved within 24 hours."),
		offices=(Office(people.CUSTOMER_SERVICE_MANAGER),),
	),
	_monthly("QA Monthly Report", OF_THE_WHOLE),
	_monthly("TSM Monthly Report", readers.OF_TICKETS),
	_monthly("Department Escalation Report", OF_THE_WHOLE),
]


def of(name: str) -> Sent | None:
	return next((sent for sent in REPORTS if sent.name == name), None)


def recipients_of(sent: Sent, today: date) -> tuple[Recipient, ...]:
	"""Those whom the policy names, who is away without a deputy among them, and those whom the settings add, each once.

	Policy: TSM-09, TSM-14, TSM-M2
	"""
	return with_further(sent.name, (*sent.recipients(today), *offices.unattended(sent.offices, today)))


def with_further(report: str, found: Iterable[Recipient]) -> tuple[Recipient, ...]:
	"""The same with those whom the settings add to this report."""
	further = (Recipient(user, FURTHER) for name, user in config.report_settings().further if name == report)
	once: dict[str, Recipient] = {}
	for person in (*found, *further):
		once.setdefault(person.user, person)
	return tuple(once.values())


def may_read(sent: Sent, user: str) -> bool:
	return bool(set(sent.readers).intersection(frappe.get_roles(user)))
