"""The roll of groups that are not governed: known by name alone, so that one which comes or goes past the app is found.

Begins when the first group becomes governed, and ends with the last.
Policy: CORE-02, CORE-10
"""

import frappe

from core_helpdesk.governance import governed_records, records_at_once
from core_helpdesk.governance.governed_records import RECORD, TEAM, is_away


def begin() -> None:
	"""Notes every group there is."""
	note(frappe.get_all(TEAM, pluck="name", order_by="name"))


def end() -> None:
	frappe.db.delete(RECORD)


def note(teams: list[str]) -> None:
	"""Notes groups that have no record yet."""
	records_at_once.note(TEAM, dict.fromkeys(teams))


def joined(team: str) -> None:
	"""A group was made by somebody who may."""
	if not is_away() and governed_records.has_begun():
		note([team])


def left(team: str) -> None:
	"""A group was deleted by somebody who may."""
	if not is_away():
		governed_records.forget(TEAM, team)


def put_back(teams: list[str]) -> None:
	"""Groups that are governed no longer are known by their names from now on."""
	records_at_once.forget(TEAM, teams)
	if governed_records.has_begun():
		note(teams)
	else:
		end()
