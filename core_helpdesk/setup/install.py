"""Brings a site to what this release expects; safe to run again, and never switches anything on."""

import frappe

from core_helpdesk.setup import (
	calendars,
	custom_fields,
	desk_records,
	ledger,
	roles,
	seeds,
	tracing_notices,
	tracing_settings,
	tsm_team,
	workflow_states,
	workflows,
)

SETTINGS = ("Core Helpdesk Settings", "Tracing Settings")


def after_install() -> None:
	if frappe.flags.ch_leftovers:
		custom_fields.forget_leftovers()
	setup()


def after_sync() -> None:
	setup()


def after_migrate() -> None:
	setup()


def setup() -> None:
	"""Everything the app needs on the site; what is there already, changed or not, stays as it is."""
	for doctype in SETTINGS:
		fill_settings(doctype)
	ledger.adopt_early()
	roles.seed()
	workflow_states.seed()
	workflows.seed()
	custom_fields.seed()
	calendars.seed()
	seeds.seed()
	tracing_settings.seed()
	tracing_notices.seed()
	tsm_team.seed()
	desk_records.seed()


def fill_settings(doctype: str) -> None:
	"""Writes the defaults of the settings once: a single record that has any value is given none later."""
	meta = frappe.get_meta(doctype)
	stored = frappe.db.get_singles_dict(doctype)
	for field in meta.fields:
		if field.default is not None and field.fieldname not in stored:
			frappe.db.set_single_value(doctype, field.fieldname, field.default, update_modified=False)
