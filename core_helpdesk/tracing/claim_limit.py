"""Up to where a Support Supervisor approves claims alone: Tracing Settings' limit, in its own currency.

An amount in another currency is converted where the site keeps Currency Exchange (as with ERPNext), by the latest rate
up to today. What cannot be compared goes to the Customer Service Manager.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import frappe
from frappe.utils import flt, getdate

from core_helpdesk.domain.claims import ClaimState, next_on_approval
from core_helpdesk.tracing import rules

if TYPE_CHECKING:
	from datetime import date

	from frappe.model.document import Document

EXCHANGE = "Currency Exchange"


class Limit(NamedTuple):
	"""Units: `amount` in `currency`; 0 asks for the manager always."""

	amount: float
	currency: str


def limit() -> Limit:
	settings = rules.settings()
	return Limit(flt(settings.claim_limit), settings.claim_currency or "")


def in_limits_currency(claim: Document) -> float:
	"""The claim's amount as it is compared with the limit; NaN where it cannot be."""
	to = limit().currency
	if not (to and claim.currency):
		return math.nan
	if claim.currency == to:
		return flt(claim.amount)
	return flt(claim.amount) * rate(claim.currency, to, getdate())


def rate(currency: str, to: str, today: date) -> float:
	"""What one unit is worth in the other currency, by the latest rate that is known; NaN without one."""
	if not frappe.db.exists("DocType", EXCHANGE):
		return math.nan
	table = frappe.qb.DocType(EXCHANGE)
	query = frappe.qb.from_(table).select(table.exchange_rate).where(table.date <= today)
	query = query.where((table.from_currency == currency) & (table.to_currency == to))
	found = query.orderby(table.date, order=frappe.qb.desc).limit(1).run()
	return flt(found[0][0]) if found and flt(found[0][0]) > 0 else math.nan


def next_state(claim: Document) -> str:
	"""Where a supervisor's approval leads.

	Policy: TRC-19
	"""
	return next_on_approval(in_limits_currency(claim), limit().amount).value


def needs_manager(claim: Document) -> bool:
	return next_state(claim) == ClaimState.MANAGER_APPROVAL.value


def keep(claim: Document) -> None:
	"""Notes on the claim what was compared."""
	amount = in_limits_currency(claim)
	known = not math.isnan(amount)
	claim.limit_amount = amount if known else None
	claim.limit_currency = limit().currency if known else None
