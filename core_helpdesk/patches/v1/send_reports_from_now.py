"""A site that is Live already sends reports from the day on which it learns how; what was due before is nobody's."""

from __future__ import annotations

import frappe

from core_helpdesk import config


def execute() -> None:
	stored = frappe.db.get_singles_dict(config.SETTINGS)
	if stored.get("mode") == config.LIVE and not stored.get("reports_from"):
		now = config.from_epoch(config.now_epoch())
		frappe.db.set_single_value(config.SETTINGS, "reports_from", now, update_modified=False)
		print(
			"This site is Live and begins to send reports the next morning. Core Helpdesk Settings, Reports, What Is Sent on"
			" a Day? shows to whom; the mode Observe holds them back."
		)
