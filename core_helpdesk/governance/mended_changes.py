"""When a finding about governed groups is over: what was changed past the app is put back, a lapsed time is the Standard.

Or somebody closes it, and what was found stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe

from core_helpdesk.governance import carrying_out, deviations, governed_records, group_roll

if TYPE_CHECKING:
	from collections.abc import Callable

	from frappe.model.document import Document


def _is_put_back(found: frappe._dict, now: int) -> bool:
	return governed_records.is_put_back(found.reference_doctype, found.reference_name, found.creation)


def _is_settled(found: frappe._dict, now: int) -> bool:
	return deviations.is_settled(found.reference_name, now)


IS_MENDED: dict[str, Callable[[frappe._dict, int], bool]] = {
	governed_records.PAST_THE_APP: _is_put_back,
	deviations.LAPSED_FINDING: _is_settled,
	carrying_out.NOT_CARRIED_OUT: carrying_out.is_over,
}


def accept(finding: Document) -> None:
	"""What was done past the app is kept: the app knows the document as it is now, or no more if it is gone.

	Policy: QA-04
	"""
	if finding.kind != governed_records.PAST_THE_APP:
		return
	doctype, name = finding.reference_doctype, finding.reference_name
	if not frappe.db.exists(doctype, name):
		governed_records.forget(doctype, name)
	elif doctype != governed_records.TEAM or governed_records.exists(doctype, name):
		governed_records.take_stored(doctype, name)
	else:
		group_roll.note([name])
