"""Leaves the host as it was: what setup made goes, unless somebody else uses it by now.

Frappe calls both hooks on a dry run as well, and commits before the second: so the first changes nothing, and the second
acts only once the app is really gone.
"""

import frappe

from core_helpdesk.hosts.leaving import put_tickets_back
from core_helpdesk.setup import custom_fields, export, host_records, ledger, workflows

SETTINGS = "Core Helpdesk Settings"


def before_uninstall() -> None:
	"""Exports the records if the settings say so, and keeps what is needed when the tables are gone."""
	if frappe.db.get_single_value(SETTINGS, "export_on_uninstall"):
		print(f"Records written to {export.export_records()}")
	frappe.flags.ch_leaving = {
		"made": ledger.recorded(),
		"doctypes": export.document_types(),
		"tsm_team": frappe.db.get_single_value(SETTINGS, "tsm_team"),
		"previous_teams": host_records.previous_teams(),
	}


def after_uninstall() -> None:
	leaving = frappe.flags.ch_leaving
	if not leaving or "core_helpdesk" in frappe.get_installed_apps():
		return
	made = leaving["made"]
	put_tickets_back(leaving["tsm_team"], leaving["previous_teams"])
	host_records.remove_team(made)
	host_records.remove_desk_records(made)
	host_records.remove_job_types()
	host_records.remove_traces(leaving["doctypes"])
	workflows.remove(made)
	host_records.remove_roles(made)
	host_records.remove_states(made)
	# The framework has committed the uninstall before this hook and does not commit again.
	frappe.db.commit()  # nosemgrep
	# Cached groups hold rows of a class of ours.
	frappe.clear_cache()
	left = ", ".join(f"{doctype}: {', '.join(custom_fields.columns(doctype))}" for doctype in ("HD Team",))
	print(f"These columns keep their values until you run bench ch-clean: {left}")
