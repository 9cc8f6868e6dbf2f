"""What the set-up of tracing lacks: headquarters, a tracing group in a country to which shipments go, the country of a
tracing group, or the same days and warning for what a case shows and for what escalates it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import flt

from core_helpdesk.escalations import findings
from core_helpdesk.hosts import hd_team
from core_helpdesk.tracing import handing_over, records, rules

if TYPE_CHECKING:
	from frappe.model.document import Document

NO_HEADQUARTERS, NO_GROUP = "No Headquarters", "No Tracing Group"
NO_COUNTRY = "Tracing Group without Country"
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
	report_groups()
	report_days()


def report_groups() -> None:
	"""Opens a finding for every tracing group that nobody has given a country: no shipment goes there.

	Policy: TRC-02, TRC-09
	"""
	groups = rules.network().groups
	without = sorted(team for team, country in groups.items() if not country)
	for finding in findings.open_of([NO_COUNTRY]):
		if finding.subject_key not in without:
			findings.close(NO_COUNTRY, finding.subject_key)
	for team in without:
		details = _("The tracing group {0} has no country: no shipment is handed to it.").format(team)
		remedy = _("Enter the country of the group, or ask for it by a Group Request.")
		findings.open_once(NO_COUNTRY, team, hd_team.TEAM, team, details, remedy)


def report_days() -> None:
	"""Opens a finding for every tracing policy in force that warns or escalates at another time than cases show.

	Policy: TRC-03
	"""
	differing = {policy.name: _differences(policy) for policy in _tracing_policies()}
	for finding in findings.open_of([DAYS_DIFFER]):
		if not differing.get(finding.subject_key):
			findings.close(DAYS_DIFFER, finding.subject_key)
	remedy = _("Give Tracing Settings and the policy the same number of working days, and the same warning.")
	for policy, said in sorted(differing.items()):
		if said:
			findings.open_once(DAYS_DIFFER, policy, POLICY, policy, " ".join(said), remedy)


def _tracing_policies() -> list[frappe._dict]:
	in_force = {"is_tracing": 1, "workflow_state": "Active"}
	return frappe.get_all(POLICY, in_force, ["name", "warn_percent"])


def _differences(policy: frappe._dict) -> list[str]:
	"""In words what the policy has otherwise than Tracing Settings."""
	said, shown = [], rules.terms()
	first = {"parenttype": POLICY, "parent": policy.name, "idx": 1, "clock_kind": "Working Days"}
	days = frappe.db.get_value("Escalation Level", first, "after_days")
	if days is not None and days != shown.working_days:
		message = _(
			"Cases are due after {0} working days by Tracing Settings, and escalate after {1} by {2}."
		)
		said.append(message.format(shown.working_days, days, policy.name))
	percent = round(shown.warn_share * 100, 2)
	if percent != round(flt(policy.warn_percent), 2):
		message = _("Cases warn after {0} % of their time by Tracing Settings, and after {1} % by {2}.")
		said.append(message.format(f"{percent:g}", f"{flt(policy.warn_percent):g}", policy.name))
	return said


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
