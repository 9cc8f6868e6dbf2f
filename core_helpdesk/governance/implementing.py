"""Implementing an approved Group Request: everything it asks for, in one act, or nothing and the reason.

Each kind is a list of steps. A step that fails undoes those before it; the request keeps why, written afterwards.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.cache_manager import clear_doctype_map
from frappe.utils import now_datetime, strip_html

from core_helpdesk import at_work
from core_helpdesk.escalations.transactions import is_lost
from core_helpdesk.governance import announcing, group_acts, policy_acts
from core_helpdesk.governance import request_kinds as kinds
from core_helpdesk.governance.act import Act
from core_helpdesk.stored_text import as_text

if TYPE_CHECKING:
	from collections.abc import Callable

	from frappe.model.document import Document

REQUEST = "Group Request"
SAVEPOINT = "ch_act"

STEPS: dict[str, tuple[Callable[[Act], None], ...]] = {
	kinds.NEW_GROUP: (
		group_acts.check_new_group,
		group_acts.join_agents,
		group_acts.make_team,
		group_acts.name_head,
		policy_acts.make_deviation,
		policy_acts.settle_policy,
		group_acts.put_under_governance,
		announcing.make_notice,
		announcing.tell_requester,
	),
	kinds.NEW_CATEGORY: (policy_acts.make_category, announcing.make_notice, announcing.tell_requester),
	kinds.CHANGE_GROUP: (
		group_acts.check_group,
		group_acts.change_team,
		group_acts.rename_team,
		group_acts.name_head,
		policy_acts.make_deviation,
		announcing.make_notice,
		announcing.tell_requester,
	),
	kinds.CHANGE_ESCALATION: (
		group_acts.check_group,
		policy_acts.make_deviation,
		policy_acts.settle_policy,
		announcing.make_notice,
		announcing.tell_requester,
	),
	kinds.ADD_MEMBERS: (
		group_acts.check_group,
		group_acts.join_agents,
		group_acts.add_members,
		announcing.tell_requester,
	),
	kinds.REMOVE_MEMBERS: (group_acts.check_group, group_acts.remove_members, announcing.tell_requester),
	kinds.RETIRE_GROUP: (
		group_acts.check_group,
		group_acts.retire_team,
		policy_acts.end_policies,
		announcing.make_notice,
		announcing.tell_requester,
	),
	kinds.DEVIATION: (group_acts.check_group, policy_acts.make_deviation, announcing.tell_requester),
	kinds.CORRECTION: (policy_acts.file_correction, announcing.tell_requester),
}


def implement(request: Document, *, now: object = None) -> Act:
	"""Does what an approved request asks for; the request gets its results, in memory and in its row.

	Raises: what stopped it, with the site as it was before. The reason is written on the request once the
	transaction that was going on has ended.
	Policy: CORE-02, CORE-07, QA-01
	"""
	check(request)
	frappe.db.savepoint(SAVEPOINT)
	try:
		with at_work.the_app():
			act = carry_out(request, Act(request, now or now_datetime().replace(microsecond=0)))
	except Exception as error:
		go_back(error)
		remember_failure(request.name, reason_of(error))
		raise
	write_results(request, act)
	return act


def check(request: Document) -> None:
	"""Raises: ValidationError for a request that was implemented already, by whatever way it comes here twice."""
	done = frappe.db.get_value(REQUEST, request.name, "implemented_on", for_update=True)
	if done:
		message = _("{0} was implemented on {1}.").format(request.name, done)
		frappe.throw(message, title=_("Not Implemented"))


def carry_out(request: Document, act: Act) -> Act:
	for step in STEPS[request.kind]:
		step(act)
	return act


def go_back(error: BaseException) -> None:
	"""The database as it was before the act, and no memory of what it wrote."""
	if not is_lost(error):
		frappe.db.rollback(save_point=SAVEPOINT)
	frappe.db.value_cache.clear()
	for doctype in ("HD Team", "Core Department", "Escalation Policy", "Group Category", "Assignment Rule"):
		frappe.clear_document_cache(doctype)
	clear_doctype_map("Assignment Rule", "HD Ticket")


def reason_of(error: BaseException) -> str:
	return as_text(strip_html(str(error)).strip()) or type(error).__name__


def remember_failure(name: str, reason: str) -> None:
	"""Writes the reason in a transaction of its own: the present one is about to be rolled back."""

	def write() -> None:
		if frappe.db.exists(REQUEST, name):
			frappe.db.set_value(REQUEST, name, "failure", reason, update_modified=False)
			frappe.db.commit()  # nosemgrep: the reason must outlive the rollback that it follows

	frappe.db.after_rollback.add(write)


def write_results(request: Document, act: Act) -> None:
	values = {
		**act.results,
		"implemented_on": act.now,
		"implemented_by": frappe.session.user,
		"undo_data": act.as_text(),
		"failure": None,
	}
	request.update(values)
	frappe.db.set_value(REQUEST, request.name, values, update_modified=False)
