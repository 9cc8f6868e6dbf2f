"""Every escalation has an owner in Ticketing System Management: who has fewest open ones gets the next.

Policy: TSM-04
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe.query_builder.functions import Count

from core_helpdesk import config
from core_helpdesk.escalations import follow_up
from core_helpdesk.escalations.outcome import Outcome, done, skipped
from core_helpdesk.hosts import hd_team

if TYPE_CHECKING:
	from collections.abc import Sequence

ESCALATION = "Ticket Escalation"
OPEN = ("Received", "Head Contacted")


def give(escalation: frappe._dict, now: int) -> Outcome:
	"""Names the owner; a later level keeps the owner of the earlier one."""
	members = hd_team.members(config.settings().tsm_team)
	if escalation.tsm_owner:
		return skipped("Owned Already")
	if not members:
		return skipped("No TSM Member")
	user = _earlier_owner(escalation, members) or _least_loaded(members)
	frappe.db.set_value(ESCALATION, escalation.name, "tsm_owner", user)
	follow_up.log(escalation.name, follow_up.OWNER, now, person=user)
	return done(user)


def _earlier_owner(escalation: frappe._dict, members: Sequence[str]) -> str:
	if escalation.level == 1:
		return ""
	earlier = {
		"reference_doctype": escalation.reference_doctype,
		"reference_name": escalation.reference_name,
		"clock": escalation.clock,
		"cycle": escalation.cycle,
		"level": ("<", escalation.level),
		"tsm_owner": ("in", list(members)),
	}
	found = frappe.get_all(ESCALATION, earlier, pluck="tsm_owner", order_by="level desc", limit=1)
	return found[0] if found else ""


def _least_loaded(members: Sequence[str]) -> str:
	table = frappe.qb.DocType(ESCALATION)
	query = (
		frappe.qb.from_(table)
		.select(table.tsm_owner, Count("*"))
		.where(table.tsm_owner.isin(list(members)) & table.status.isin(list(OPEN)))
		.groupby(table.tsm_owner)
	)
	open_ones = dict(query.run())
	return min(members, key=lambda member: (open_ones.get(member, 0), member))
