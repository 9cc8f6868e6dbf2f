"""Findings that are closed and deviations that ended say since when, and findings by whom: what nobody noted then, the
last change tells."""

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
	finding = frappe.qb.DocType("Escalation Finding")
	# Until then nobody but the jobs wrote findings as Administrator.
	by_hand = (
		(finding.state == "Closed") & finding.closed_by.isnull() & (finding.modified_by != "Administrator")
	)
	frappe.qb.update(finding).set(finding.closed_by, finding.modified_by).where(by_hand).run()
