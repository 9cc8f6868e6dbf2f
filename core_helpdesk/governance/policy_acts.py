"""Steps of implementing that concern the rules of groups: categories, escalation policies, deviations, corrections."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import escape_html, getdate, nowdate

from core_helpdesk import config
from core_helpdesk.documents import DEFAULT_CLOCK, policy_of, time_given
from core_helpdesk.domain.escalation import Subject, choose
from core_helpdesk.escalations import follow_up
from core_helpdesk.governance import deviations, discussion, policies, requests, states
from core_helpdesk.governance.group_acts import refuse
from core_helpdesk.hosts import hd_ticket
from core_helpdesk.setup.workflow_states import ACTIVE, DISCUSSED, DRAFT, RETIRED
from core_helpdesk.stored_text import as_written

if TYPE_CHECKING:
	from frappe.model.document import Document

	from core_helpdesk.domain.groups import EscalationTime
	from core_helpdesk.governance.act import Act, Values

CATEGORY, POLICY, ESCALATION, TICKET = "Group Category", "Escalation Policy", "Ticket Escalation", "HD Ticket"
DISCUSSION = ("department", "country", "head", "discussed_on", "answer", "note")
TSM, GENERAL_MANAGER = "Ticketing System Management", "General Manager"


def make_category(act: Act) -> None:
	"""The category as it was asked for, in force: the Customer Service Manager has approved it.

	Policy: CORE-20
	"""
	request = act.request
	name = (request.category_name or "").strip()
	stands = frappe.db.get_value(CATEGORY, name, "workflow_state")
	if stands in (ACTIVE, RETIRED):
		refuse(_("There is a group category named {0} already.").format(escape_html(name)))
	category = frappe.get_doc(CATEGORY, name) if stands else frappe.new_doc(CATEGORY)
	values = {
		"category_name_ar": request.category_name_ar,
		"standard_hours": request.standard_hours,
		"standard_clock": request.standard_clock_kind or "Elapsed Time",
		"description": request.purpose,
	}
	before = {field: category.get(field) for field in (*values, "workflow_state")}
	category.update({**values, "category_name": category.category_name or name})
	category.flags.ignore_permissions = True  # a request that was approved
	category.save()
	states.move(category, ACTIVE)
	act.results["result_category"] = category.name
	if stands:
		present = frappe.get_all("HD Team", {"ch_category": category.name}, pluck="name")
		after = {**values, "workflow_state": ACTIVE}
		act.note_changed(CATEGORY, category.name, before, after, groups=present)
	else:
		act.note_made(CATEGORY, category.name)


def settle_policy(act: Act) -> None:
	"""The group's escalation time: by the policy that is for it anyway, or by a version of its own.

	Raises: ValidationError that names the heads with whom the time is not discussed yet.
	Policy: CORE-04, CORE-17
	"""
	if not asked_time(act) or has_time_already(act):
		return
	policies.one_at_a_time()
	policy = own_policy(act)
	prepared = None if policy.is_new() else what_activating_changes(policy)
	policy.starts_on = act.starts_on
	policy.flags.ignore_permissions = True  # a request that was approved
	record_discussion(policy, act)
	refuse_undiscussed(policy)
	previous = running_version(policy)
	before = what_ending_changes(previous) if previous else {}
	policies.activate(policy)
	act.results["result_policy"] = policy.name
	if prepared:
		act.note_changed(POLICY, policy.name, prepared, what_activating_changes(policy))
	else:
		act.note_made(POLICY, policy.name)
	if previous:
		after = what_ending_changes(frappe.get_doc(POLICY, previous.name))
		act.note_changed(POLICY, previous.name, before, after)


def what_ending_changes(policy: Document) -> Values:
	return {field: policy.get(field) for field in ("workflow_state", "ended_on")}


def what_activating_changes(policy: Document) -> Values:
	"""What of a draft that others have prepared does not stay as it was; its rules do."""
	fields = ("workflow_state", "starts_on", "ended_on", "previous_version", "decision_reason")
	rows = [{field: row.get(field) for field in DISCUSSION} for row in policy.discussion]
	return {**{field: policy.get(field) for field in fields}, "discussion": rows}


def has_time_already(act: Act) -> bool:
	"""Whether the policy that will be for the group at its start gives it the very time that was asked for."""
	rules, group = config.site_rules(), config.group(act.team)
	category = frappe.db.get_value("HD Team", act.team, "ch_ticket_type") or ""
	at = config.to_epoch(act.starts_on)
	scope = choose(rules.scopes, Subject(group.name, group.category, category, group.country), at)
	if not scope:
		return False
	level = rules.policy(scope.policy).levels[0]
	if (level.seconds, level.kind) != asked_time(act):
		return False
	act.results["result_policy"] = scope.policy
	return True


def asked_time(act: Act) -> EscalationTime | None:
	return time_given(act.request.escalation_hours, act.request.clock_kind)


def asked_clock(act: Act) -> str:
	return act.request.clock_kind or DEFAULT_CLOCK


def own_policy(act: Act) -> Document:
	"""The draft that gives the group its time: one prepared with this very time, or the next version of its own."""
	present = latest_of_team(act.team)
	open_draft = open_version(present.policy_name) if present else None
	if open_draft and not asks_for(open_draft, act):
		refuse(_("{0} is not active yet: change or delete that one first.").format(open_draft.name))
	return open_draft or (next_version(present, act) if present else first_version(act))


def latest_of_team(team: str) -> Document | None:
	own = {"team": team, "is_tracing": 0}
	names = frappe.get_all(POLICY, own, pluck="name", order_by="version desc", limit=1)
	return frappe.get_doc(POLICY, names[0]) if names else None


def open_version(policy_name: str) -> Document | None:
	wanted = {"policy_name": policy_name, "workflow_state": ("in", (DRAFT, DISCUSSED))}
	name = frappe.db.get_value(POLICY, wanted)
	return frappe.get_doc(POLICY, name) if name else None


def asks_for(policy: Document, act: Act) -> bool:
	level = policy_of(policy).levels[0]
	return (level.seconds, level.kind) == asked_time(act)


def next_version(policy: Document, act: Act) -> Document:
	draft = frappe.copy_doc(policy, ignore_no_copy=False)
	draft.update(
		{"workflow_state": DRAFT, "ended_on": None, "previous_version": None, "decision_reason": None}
	)
	draft.set("discussion", [])
	draft.levels[0].after_hours = act.request.escalation_hours
	draft.levels[0].clock_kind = asked_clock(act)
	return draft


def first_version(act: Act) -> Document:
	"""A policy for this group alone: like the one that is for it now, but in its first level."""
	present = policy_in_use(act)
	levels = [level_row(row) for row in present.levels] if present else default_levels()
	levels[0] |= {"after_hours": act.request.escalation_hours, "clock_kind": asked_clock(act)}
	draft = frappe.new_doc(POLICY)
	draft.update({"policy_name": free_name(act.team), "team": act.team, "country": None})
	if present:
		draft.update({"warn_percent": present.warn_percent, "total_cap_hours": present.total_cap_hours})
	for level in levels:
		draft.append("levels", level)
	return draft


def policy_in_use(act: Act) -> Document | None:
	rules, group = config.site_rules(), config.group(act.team)
	at = config.to_epoch(act.now)
	scope = choose(rules.scopes, Subject(group.name, group.category, "", group.country), at)
	return frappe.get_doc(POLICY, scope.policy) if scope else None


def level_row(row: Document) -> dict:
	return {field: row.get(field) for field in policies.LEVEL_FIELDS}


def default_levels() -> list[dict]:
	"""Policy: TSM-08"""
	return [
		{"target": TSM, "after_hours": 24, "clock_kind": "Elapsed Time", "pauses": 1},
		{"target": GENERAL_MANAGER, "after_hours": 24, "clock_kind": "Elapsed Time", "pauses": 0},
	]


def free_name(team: str) -> str:
	"""A name for the policy: the group's own, unless another group's policy has it."""
	taken = frappe.get_all(POLICY, {"policy_name": ("like", f"{team[:100]}%")}, pluck="policy_name")
	candidates = (team[:100], *(f"{team[:100]} {number}" for number in range(2, len(taken) + 3)))
	return next(name for name in candidates if name not in taken)


def running_version(policy: Document) -> Document | None:
	"""The version that activating this one ends."""
	return policies.version_before(policy, policies.others_in_use(policy))


def record_discussion(policy: Document, act: Act) -> None:
	"""Brings the answers of the heads onto the policy: those on the request, and the request itself.

	A head who asked for this very time has agreed to it in writing.
	Policy: CORE-17
	"""
	answers = {row.head: row for row in act.request.get("discussion") or [] if row.answer}
	known = {(row.department, row.country or "", row.head): row for row in policy.discussion}
	for head in discussion.concerned(policy):
		row = known.get(tuple(head)) or (new_row(policy, head) if head.head else None)
		if row and not row.answer:
			fill_answer(row, answers.get(head.head), act)
	if not policy.decision_reason:
		policy.decision_reason = act.request.get("discussion_decision")
	policy.save()


def new_row(policy: Document, head: discussion.Concerned) -> Document:
	return policy.append("discussion", head._asdict())


def fill_answer(row: Document, answer: Document | None, act: Act) -> None:
	if answer:
		row.update({"answer": answer.answer, "discussed_on": answer.discussed_on, "note": answer.note})
	elif row.head == act.request.requested_by:
		note = _("Asked for it with {0}.").format(act.request.name)
		asked_on = getdate(act.request.requested_on or nowdate())
		row.update({"answer": "Agreed", "discussed_on": asked_on, "note": note})


def refuse_undiscussed(policy: Document) -> None:
	"""Says what has to be there, and where, before the time can be put in force.

	Raises: ValidationError
	Policy: CORE-17
	"""
	missing = [head.head for head in discussion.missing_answers(policy)]
	if missing:
		message = _(
			"The escalation time is not discussed yet with: {0}. Record each head's answer and its date in the "
			"discussion of this request, then implement it."
		)
		refuse(message.format(", ".join(missing)))


def end_policies(act: Act) -> None:
	"""The policies of a group that is closed now end; those of many groups go on."""
	closed_later = getdate(act.request.retire_on or act.now) > getdate(act.now)
	names = (
		[]
		if closed_later
		else frappe.get_all(POLICY, {"team": act.team, "workflow_state": ACTIVE}, pluck="name")
	)
	for name in names:
		policy = frappe.get_doc(POLICY, name)
		policy.flags.ignore_permissions = True  # a request that was approved
		before = what_ending_changes(policy)
		policies.end(policy, act.now)
		act.note_changed(POLICY, name, before, what_ending_changes(policy))


def make_deviation(act: Act) -> None:
	"""The exception, where the request asks for one and the Customer Service Manager has approved it.

	Policy: CORE-09
	"""
	request = act.request
	if not (request.deviation_reason and request.valid_until and requests.is_approved_by_manager(request)):
		return
	name = deviations.make(request, act.team, act.starts_on)
	act.results["result_deviation"] = name
	act.note_made(deviations.DOCTYPE, name)


def file_correction(act: Act) -> None:
	"""What was wrong and what is right, told where it was wrong.

	Policy: CORE-19
	"""
	request = act.request
	act.results["result_team"] = request.team or None
	text = _("{0} corrected by {1}: {2}").format(
		_(request.wrong or ""), request.name, request.correction or ""
	)
	doctype, name = request.reference_doctype, request.reference_name
	if doctype == ESCALATION and frappe.db.exists(ESCALATION, name):
		follow_up.log(name, follow_up.NOTE, config.to_epoch(act.now), note=text)
	elif doctype == TICKET and frappe.db.exists(TICKET, name):
		hd_ticket.add_internal_comment(name, escape_html(as_written(text)))
