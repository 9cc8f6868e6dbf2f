"""What the set-up of tracing lacks: headquarters, a tracing group in a country to which shipments go, or one number of
days for what a case shows and for what escalates it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _

from core_helpdesk.escalations import findings
from core_helpdesk.hosts import hd_team
from core_helpdesk.tracing import handing_over, records, rules

if TYPE_CHECKING:
	from frappe.model.document import Document

NO_HEADQUARTERS, NO_GROUP = "No Headquarters", "No Tracing Group"
DAYS_DIFFER = "Tracing Days Differ"
POLICY = "Escalation Policy"


def report() -> None:
	"""Opens a finding for every country of an open case that has no tracing group, and closes those that have one now.

	Policy: TRC-09
	"""
	without = set(countries_without_group())
	for finding in findings.open_of([NO_GROUP, NO_HEADQUARTERS]):
		if finding.kind == NO_HEADQUARTERS or finding.subject_key not in without:
			findings.close(finding.kind, finding.subject_key)
	for country in sorted(without):
		report_country(country)
	report_days()


def report_days() -> None:
	"""Opens a finding for every tracing policy in force that escalates on another day than cases show.

	Policy: TRC-03
	"""
	shown = rules.terms().working_days
	in_force = frappe.get_all(POLICY, {"is_tracing": 1, "workflow_state": "Active"}, pluck="name")
	first_levels = {"parenttype": POLICY, "parent": ("in", in_force), "idx": 1, "clock_kind": "Working Days"}
	levels = frappe.get_all("Escalation Level", first_levels, ["parent", "after_days"])
	differing = {level.parent: level.after_days for level in levels if level.after_days != shown}
	for finding in findings.open_of([DAYS_DIFFER]):
		if finding.subject_key not in differing:
			findings.close(DAYS_DIFFER, finding.subject_key)
	for policy, days in sorted(differing.items()):
		details = _(
			"Cases are due after {0} working days by Tracing Settings, and escalate after {1} by {2}."
		)
		remedy = _("Give Tracing Settings and the policy the same number of working days.")
		findings.open_once(DAYS_DIFFER, policy, POLICY, policy, details.format(shown, days, policy), remedy)


def report_of(case: Document) -> None:
	for country in handing_over.countries_without_group(case):
		report_country(country)


def report_country(country: str) -> None:
	details = _("No tracing group is in {0}: headquarters keeps the cases of shipments there.").format(
		_(country)
	)
	remedy = _("Mark a group of that country as a tracing group, or ask for one by a Group Request.")
	findings.open_once(NO_GROUP, country, "Country", country, details, remedy)


def countries_without_group() -> list[str]:
	"""The countries of open cases, other than home, that have no tracing group."""
	table, network = frappe.qb.DocType(records.DOCTYPE), rules.network()
	found: set[str] = set()
	for column in (table.destination_country, table.origin_country):
		query = frappe.qb.from_(table).select(column).distinct()
		found.update(query.where((table.status != records.CLOSED) & column.isnotnull()).run(pluck=True))
	return [country for country in network.abroad(sorted(found)) if not network.groups_of(country)]


def report_headquarters() -> None:
	"""Nothing is traced any more, while cases are open or groups are marked: somebody must know."""
	is_wanted = frappe.db.exists(records.DOCTYPE, {"status": ("!=", records.CLOSED)})
	if not is_wanted and not frappe.db.exists(hd_team.TEAM, {rules.FIELD: 1}):
		return
	details = _("Tracing Settings name no headquarters that takes tickets: nothing is traced.")
	remedy = _("Choose the headquarters tracing group in Tracing Settings.")
	findings.open_once(NO_HEADQUARTERS, rules.SETTINGS, "DocType", rules.SETTINGS, details, remedy)
