"""For which office a person gets a report, and who gets it instead once another acts there: nobody goes without it.

A head who was away when the report was handed on may be back when it goes out, in whose absence the deputy was written
down; then it goes to the head. Whose office it is gets it themselves where nobody acts for them. Who has it already does
not get it twice.

Policy: TSM-13, TSM-M2, CORE-13
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

import frappe

from core_helpdesk.domain.deliveries import ARRIVED
from core_helpdesk.escalations import people
from core_helpdesk.escalations.people import (
	CUSTOMER_SERVICE_MANAGER,
	DEPARTMENT_HEAD,
	DEPUTY,
	GENERAL_MANAGER,
	Recipient,
)
from core_helpdesk.sending import editions, ledger
from core_helpdesk.setup.monthly_workflow import TSM_REPORT

if TYPE_CHECKING:
	from collections.abc import Iterable, Mapping
	from datetime import date

	from core_helpdesk.sending.catalogue import Sent

HELD = (DEPARTMENT_HEAD, DEPUTY, GENERAL_MANAGER, CUSTOMER_SERVICE_MANAGER)
"""Capacities of people who have a report for an office alone."""

NAMED = {"Core Department": "department", "Country": "country"}
"""What an office is named by, and its part that holds the name."""


class Office(NamedTuple):
	"""An office of the company, or the head of a department in one country or, without one, in all others."""

	kind: str
	department: str = ""
	country: str = ""


def of_step(sent: Sent, reference: tuple[str, str]) -> list[Office]:
	"""The offices to which a report goes as its document stands, or the clock makes it."""
	if reference[0] == editions.REPORT:
		return of_document(*editions.standing(reference[1]))
	return list(sent.offices)


def of_document(kind: str, state: str) -> list[Office]:
	"""The offices to which a Monthly Report goes with the step to this state.

	Policy: QA-12, TSM-13, TSM-M2
	"""
	if editions.is_for_general_managers(kind, state):
		return [Office(GENERAL_MANAGER)]
	return [Office(CUSTOMER_SERVICE_MANAGER), *(_of_heads() if kind == TSM_REPORT else ())]


def _of_heads() -> Iterable[Office]:
	of_heads = {"parenttype": "Core Department"}
	fields = ["parent", "country", "all_countries"]
	for row in frappe.get_all("Department Head", of_heads, fields, order_by="parent, idx"):
		yield Office(DEPARTMENT_HEAD, row.parent, "" if row.all_countries else row.country or "")


def whose(found: Iterable[Office], today: date) -> dict[Office, Recipient]:
	"""Who gets a report for each of these offices: who acts in it on this day; where nobody does, whose office it is.

	Policy: QA-12, TSM-13, TSM-M2
	"""
	people_of = ((office, acting(office, today) or holder(office)) for office in found)
	return {office: person for office, person in people_of if person}


def unattended(found: Iterable[Office], today: date) -> list[Recipient]:
	"""Those whose offices these are, of which nobody acts in theirs on this day: who is away gets it, too.

	Policy: QA-12, TSM-13, TSM-M2
	"""
	away = (holder(office) for office in found if not acting(office, today))
	return [person for person in away if person]


def held(user: str, people_of: Mapping[Office, Recipient]) -> list[Office]:
	"""The offices for which a person gets a report."""
	return [office for office, person in people_of.items() if person.user == user]


def holder(office: Office) -> Recipient | None:
	"""Whose office it is, whether or not they act in it; None where nobody is named."""
	if office.kind == DEPARTMENT_HEAD:
		return people.named_head(office.department, office.country)
	if office.kind == GENERAL_MANAGER:
		return people.named_general_manager()
	return people.named_customer_service_manager()


def acting(office: Office, today: date) -> Recipient | None:
	"""Who acts in an office on this day by that office itself; None if nobody does, whoever stands in then."""
	if office.kind == DEPARTMENT_HEAD:
		# Not the head of the other countries: what they get has none of this one's lines.
		return people.acting_in_place(office.department, office.country, today)
	if office.kind == GENERAL_MANAGER:
		return people.acting_general_manager(today)
	return people.acting_customer_service_manager(today)


def changed(kept: str | None, user: str, today: date) -> tuple[list[Office], dict[Office, Recipient]]:
	"""Of the offices on a delivery those that are still this person's, and those that are another's now.

	Where nobody acts, it is whose office it is; where nobody is named either, it stays with whom it was.
	"""
	own, others = [], {}
	for office in read(kept):
		person = acting(office, today) or holder(office)
		if person and person.user != user:
			others[office] = person
		else:
			own.append(office)
	return own, others


def together(kept: str | None, more: Iterable[Office]) -> str:
	"""The offices of a delivery with further ones, as it keeps them."""
	return as_kept(dict.fromkeys((*read(kept), *more)))


def read(kept: str | None) -> list[Office]:
	"""The offices that a delivery keeps."""
	return [Office(*each) for each in json.loads(kept or "[]")]


def as_kept(offices: Iterable[Office]) -> str:
	"""Offices as the text that a delivery keeps; empty for none."""
	found = [list(office) for office in offices]
	return json.dumps(found, ensure_ascii=False) if found else ""


def renamed(doctype: str, old: str, new: str) -> None:
	"""Lets deliveries that have not arrived speak of a renamed or merged department or country by its name of today.

	Policy: TSM-13
	"""
	part = NAMED.get(doctype)
	if not part:
		return
	waiting = {"offices": ("is", "set"), "state": ("not in", [state.value for state in ARRIVED])}
	for name in frappe.get_all(ledger.DELIVERY, waiting, pluck="name"):
		# Read again once nobody else has it: who sends it may hand an office on.
		kept = frappe.db.get_value(ledger.DELIVERY, name, "offices", for_update=True)
		named = [
			office._replace(**{part: new}) if getattr(office, part) == old else office
			for office in read(kept)
		]
		if named != read(kept):
			frappe.db.set_value(ledger.DELIVERY, name, "offices", together(None, named))
