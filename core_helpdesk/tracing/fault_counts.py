"""Counts the faults of open cases anew after what they are judged by changed: the settings, home, or how phones are read.

The lists show the stored count; whatever decides judges the data itself.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING

import frappe
import phonenumbers

from core_helpdesk.tracing import case_data, records, retiming, rules

if TYPE_CHECKING:
	from collections.abc import Sequence

JUDGED_BY = "faults_judged_by"


def recount() -> int:
	"""Counts anew unless all is judged by what it was judged by last; returns how many cases have other counts now.

	Commits after each batch.
	Policy: TRC-04, TRC-06, TRC-10
	"""
	present = judged_by()
	if rules.settings().get(JUDGED_BY) == present:
		return 0
	changed = 0
	for names in retiming.batches():
		changed += _recount(names)
		frappe.db.commit()  # nosemgrep: a hundred thousand locked rows would stop every ticket
	frappe.db.set_single_value(rules.SETTINGS, JUDGED_BY, present, update_modified=False)
	return changed


def judged_by() -> str:
	"""What tells whether cases are judged as they were before."""
	said = (
		rules.number_kinds(),
		rules.least_description(),
		rules.network().home,
		phonenumbers.__version__,
	)
	return hashlib.sha256(repr(said).encode()).hexdigest()[:32]


def _recount(names: Sequence[str]) -> int:
	case = frappe.qb.DocType(records.DOCTYPE)
	# Locked: a case that is saved meanwhile counts by itself.
	query = frappe.qb.from_(case).select(case.star).where(case.name.isin(names)).orderby(case.name)
	counted = defaultdict(list)
	for row in query.for_update().run(as_dict=True):
		count = len(case_data.faults(row))
		if count != row.faults:
			counted[count].append(row.name)
	for count, others in counted.items():
		# Nobody changed the case: who has it open goes on.
		frappe.qb.update(case).set(case.faults, count).where(case.name.isin(others)).run()
	return sum(map(len, counted.values()))
