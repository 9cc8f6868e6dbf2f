"""What the form of a Tracing Month and the Tracing Monthly Report call. Every function asks first who may.

Writers are POST only: a GET is rolled back by the framework.
"""

from typing import Any

import frappe

from core_helpdesk import config, months
from core_helpdesk.governance.named import full_names
from core_helpdesk.monthly import action_acts, actions, rights
from core_helpdesk.reports import tracing_month as report
from core_helpdesk.setup import roles
from core_helpdesk.tracing import month_acts, month_lines, month_making, month_signing


@frappe.whitelist()
def shown(month: str) -> dict[str, Any]:
	"""The frozen figures of a month in the reader's language, and what the reader may do with it.

	Raises: DoesNotExistError, PermissionError
	Policy: TRC-18, TRC-20
	"""
	document = frappe.get_doc(month_making.DOCTYPE, month)
	document.check_permission("read")
	frozen = month_making.read(document)
	supervises = roles.holds(roles.SUPPORT_SUPERVISOR)
	left = any(row.outcome not in (month_acts.QUEUED, month_acts.SENT) for row in document.recipients)
	return {
		"title": months.in_words(document.month, frappe.local.lang or "en"),
		"lines": [line._asdict() for line in month_lines.head(frozen)],
		"tables": month_lines.tables(frozen),
		"chart": month_lines.chart(frozen),
		"may_send": supervises and (document.status != month_making.SENT or left),
		"is_live": config.mode() == config.LIVE,
		"may_remark": supervises and document.status != month_making.SENT,
		"not_reviewed": list(full_names(month_acts.not_reviewed(document)).values()),
		"reviewed": any(row.user == frappe.session.user for row in document.reviews),
		"may_sign": month_signing.is_to_be_signed(document)
		and month_signing.may_sign(document, frappe.session.user),
		"actions": actions.rows(document),
		"measures": action_acts.measures_in_words(document.doctype),
		"may_decide": rights.decides(frappe.session.user),
	}


@frappe.whitelist(methods=["POST"])
def send(month: str) -> list[str]:
	"""Mails the month; returns whom it could not be mailed to, and why.

	Policy: TRC-18
	"""
	return month_acts.send(month_acts.locked(month), config.now_epoch())


@frappe.whitelist(methods=["POST"])
def review(month: str, note: str = "") -> None:
	"""Policy: TRC-20"""
	month_acts.review(month_acts.locked(month), note, config.now_epoch())


@frappe.whitelist(methods=["POST"])
def sign(month: str) -> None:
	"""Policy: TRC-M1"""
	month_signing.sign(month_acts.locked(month), config.now_epoch())


@frappe.whitelist()
def cases(
	month: str, figure: str, by: str = "", part: str = "", country: str = "", nature: str = ""
) -> dict[str, Any]:
	"""The cases that make a figure of the report, for its reader: as many as it says.

	Raises: PermissionError; ValidationError for more cases than a list can be narrowed to.
	Policy: TRC-18
	"""
	wanted = {"month": month, "by": by, "country": country, "nature": nature}
	return report.cases(wanted, figure, part)
