"""Cases as they were in months that are over: opened, taken, closed and answered at moments of the past."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe

from core_helpdesk import config
from core_helpdesk.tracing import timing
from tests.site.tracing_desk import HOME, make_case

if TYPE_CHECKING:
	from frappe.model.document import Document

CASE, LEG, CYCLE, CLAIM = "Tracing Case", "Tracing Leg", "Tracing Cycle", "Tracing Claim"
REPORT = "Tracing Monthly Report"
MONTH, BEFORE = "2026-03", "2026-02"


def at(text: str) -> int:
	"""Seconds since the epoch of a moment on the site, 0 for none."""
	return config.to_epoch(f"{text}:00") if text else 0


def past_case(
	desk: frappe._dict,
	*,
	opened: str,
	accepted: str = "",
	passed: str = "",
	to: str = "",
	closed: str = "",
	answer: str = "",
	closing: str = "",
	**data: object,
) -> Document:
	"""A case of headquarters, or from `passed` on of the group `to`, as it would stand after all this.

	Moments are of the site, as 2026-03-02 10:00. It counts as solved when it was closed.
	"""
	case = make_case(desk, team=to, **data)
	officer = desk.officers[HOME]
	first, *others = case.legs
	leg = {"assigned_epoch": at(opened), "accepted_epoch": at(accepted), "accepted_by": officer}
	frappe.db.set_value(LEG, first.name, leg | ({} if to else {"left_epoch": at(closed)}))
	if to:
		frappe.db.set_value(LEG, first.name, "left_epoch", at(passed))
		frappe.db.set_value(
			LEG, others[0].name, {"assigned_epoch": at(passed), "left_epoch": at(closed), "due_epoch": 0}
		)
	dues = timing.times(at(opened), case.calendar or "", config.site_rules())
	ended = {"closed_epoch": at(closed), "solved_epoch": at(closed), "answer": answer, "closing": closing}
	frappe.db.set_value(CYCLE, case.cycles[0].name, {"opened_epoch": at(opened), **ended})
	values = {"opened_epoch": at(opened), "due_epoch": dues.due, "regulator_due_epoch": dues.regulator_due}
	values["officer"] = officer if accepted else None
	if closed:
		closed_on = {"status": "Closed", "closed_on": f"{closed}:00", "open_ticket": None}
		values |= {**closed_on, "answer": answer, "closing": closing}
	frappe.db.set_value(CASE, case.name, values)
	return case.reload()


def past_claim(
	case: Document, *, made: str, amount: float = 100, state: str = "Draft", **moments: str
) -> str:
	"""A claim that came to its state as if it had been decided."""
	claim = frappe.get_doc(
		{
			"doctype": CLAIM,
			"tracing_case": case.name,
			"ticket": case.ticket,
			"amount": amount,
			"currency": "SAR",
			"grounds": "Contents damaged",
			"workflow_state": state,
			"creation": f"{made}:00",
			"modified": max(
				[f"{made}:00", *(moment for moment in moments.values() if len(moment) > len(made))]
			),
			"owner": "Administrator",
			"modified_by": "Administrator",
			**moments,
		}
	)
	claim.set_new_name()
	claim.db_insert()
	return claim.name


def busy_month(desk: frappe._dict) -> dict[str, Document]:
	"""March 2026 with a case of each fate, and February with one, by what became of them."""
	abroad = desk.groups["United Arab Emirates"]
	inbound = {
		"direction": "Inbound",
		"origin_country": "United Arab Emirates",
		"destination_country": HOME,
		"nature": "Address Change",
		"new_address": "King Road 7",
		"new_city": "Jeddah",
	}
	return {
		"early": past_case(desk, opened="2026-02-02 09:00", accepted="2026-02-02 11:00", closed="2026-02-05 10:00", answer="Not Satisfied", closing="Override"),
		"satisfied": past_case(desk, opened="2026-03-02 09:00", accepted="2026-03-02 10:00", closed="2026-03-05 10:00", answer="Satisfied", closing="Confirmed"),
		"late": past_case(desk, opened="2026-02-08 09:00", accepted="2026-02-08 13:00", closed="2026-03-10 10:00", answer="Satisfied", closing="Confirmed"),
		"silent": past_case(desk, opened="2026-03-03 09:00", accepted="2026-03-03 10:00", closed="2026-03-12 10:00", answer="Closed Unconfirmed", closing="Closed Unconfirmed"),
		"abroad": past_case(desk, opened="2026-03-04 09:00", accepted="2026-03-04 10:00", passed="2026-03-04 12:00", to=abroad, closed="2026-03-15 10:00", answer="Not Satisfied", closing="Override"),
		"inbound": past_case(desk, opened="2026-03-09 09:00", **inbound),
		"after": past_case(desk, opened="2026-04-02 09:00"),
	}  # fmt: skip
