"""The settings that came with reports show what they stand for: a single record that is there gets no defaults."""

from __future__ import annotations

import frappe

from core_helpdesk import config

NEW = (
	"daily_report_time",
	"weekly_report_day",
	"weekly_report_time",
	"monthly_report_time",
	"rows_in_mail",
	"report_attachment",
	"complaint_days",
	"inquiry_hours",
)


def execute() -> None:
	stored, meta = frappe.db.get_singles_dict(config.SETTINGS), frappe.get_meta(config.SETTINGS)
	if not stored:
		return
	missing = {field: meta.get_field(field).default for field in NEW if stored.get(field) is None}
	if missing:
		frappe.db.set_single_value(config.SETTINGS, missing, update_modified=False)
