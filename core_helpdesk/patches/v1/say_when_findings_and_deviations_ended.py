"""Findings that are closed and deviations that ended say since when: what nobody noted then, the last change tells."""

import frappe

ENDED = (
	("Escalation Finding", "closed_on", ("Closed",)),
	("Parity Deviation", "ended_on", ("Lapsed", "Ended")),
)


def execute() -> None:
	for doctype, field, states in ENDED:
		table = frappe.qb.DocType(doctype)
		ended = table.state.isin(states) & table[field].isnull()
		frappe.qb.update(table).set(table[field], table.modified).where(ended).run()
