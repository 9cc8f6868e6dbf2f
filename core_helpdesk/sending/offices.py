"""For which office a person gets a report, and who gets it instead once another acts there: nobody goes without it.

A head who was away when the report was handed on may be back when it goes out, in whose absence the deputy was written
down; then it goes to the head. Who has it already does not get it twice.

Policy: TSM-13, TSM-M2, CORE-13
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

import frappe

from core_helpdesk.escalations import people
from core_helpdesk.escalations.people import (
	CUSTOMER_SERVICE_MANAGER,
	DEPARTMENT_HEAD,
	DEPUTY,
	GENERAL_MANAGER,
	Recipient,
)
from core_helpdesk.sending import editions
from core_helpdesk.setup.monthly_workflow import TSM_REPORT

if TYPE_CHECKING:
	from collections.abc import Iterable, Mapping
	from datetime import date

	from core_helpdesk.sending.catalogue import Sent

HELD = (DEPARTMENT_HEAD, DEPUTY, GENERAL_MANAGER, CUSTOMER_SERVICE_MANAGER)
"""Capacities of people who have a report for an office."""


class Office(NamedTuple):
	"""An office of the company, or the head of a department in one country or, without one, in all others."""

	kind: str
	department: str = ""
	country: str = ""


def holders(sent: Sent, reference: tuple[str, str], today: date) -> dict[Office, str]:
	"""Who acts on this day in each office for which people get a report."""
	found = ((office, acting(office, today)) for office in _of_report(sent, reference))
	return {office: person.user for office, person in found if person}


def held(person: Recipient, acting_there: Mapping[Office, str]) -> list[Office]:
	"""The offices for which a person gets a report; none for who gets it for another reason."""
	if person.capacity not in HELD:
		return []
	return [office for office, user in acting_there.items() if user == person.user]


def _of_report(sent: Sent, reference: tuple[str, str]) -> Iterable[Office]:
	yield Office(CUSTOMER_SERVICE_MANAGER)
	if reference[1] and editions.goes_to(*reference, GENERAL_MANAGER):
		yield Office(GENERAL_MANAGER)
	# Other reports reach who is a head besides for another reason.
	if sent.name == TSM_REPORT:
		of_heads = {"parenttype": "Core Department"}
		fields = ["parent", "country", "all_countries"]
		for row in frappe.get_all("Department Head", of_heads, fields, order_by="parent, idx"):
			yield Office(DEPARTMENT_HEAD, row.parent, "" if row.all_countries else row.country or "")


def acting(office: Office, today: date) -> Recipient | None:
	"""Who acts in an office on this day by that office itself; None if nobody does, whoever stands in then."""
	if office.kind == DEPARTMENT_HEAD:
		return people.acting_head(office.department, office.country, today)
	if office.kind == GENERAL_MANAGER:
		return people.acting_general_manager(today)
	return people.acting_customer_service_manager(today)


def changed(kept: str | None, user: str, today: date) -> tuple[list[Office], dict[Office, Recipient]]:
	"""Of the offices on a delivery those that are still this person's, and those in which another acts now.

	Where nobody acts the office stays with whom it was: that it does not reach anybody is found then.
	"""
	own, others = [], {}
	for office in (Office(*each) for each in json.loads(kept or "[]")):
		person = acting(office, today)
		if person and person.user != user:
			others[office] = person
		else:
			own.append(office)
	return own, others


def together(kept: str | None, more: Iterable[Office]) -> str:
	"""The offices of a delivery with further ones, as it keeps them."""
	return as_kept(dict.fromkeys((*(Office(*each) for each in json.loads(kept or "[]")), *more)))


def as_kept(offices: Iterable[Office]) -> str:
	"""Offices as the text that a delivery keeps; empty for none."""
	found = [list(office) for office in offices]
	return json.dumps(found, ensure_ascii=False) if found else ""
