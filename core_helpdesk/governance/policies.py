"""What an Escalation Policy may become: its rules as domain values, the heads it concerns, its activation."""

from collections.abc import Iterable
from typing import NamedTuple

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import formatdate, get_datetime, getdate, now_datetime, nowdate

from core_helpdesk import config
from core_helpdesk.documents import policy_of
from core_helpdesk.domain import escalation
from core_helpdesk.domain.clock import check_policy
from core_helpdesk.domain.errors import PolicyError
from core_helpdesk.governance import states, wording
from core_helpdesk.setup.workflow_states import ACTIVE, DISCUSSED, DRAFT, SUPERSEDED

DOCTYPE = "Escalation Policy"
SETTINGS = "Core Helpdesk Settings"
RULE_FIELDS = (
	"is_default",
	"team",
	"group_category",
	"ticket_type",
	"country",
	"warn_percent",
	"total_cap_hours",
)
LEVEL_FIELDS = (
	"target",
	"after_hours",
	"clock_kind",
	"pauses",
	"pause_cap_hours",
	"acknowledge_within_hours",
	"move_ticket",
)


class Concerned(NamedTuple):
	"""A head with whom a policy has to be discussed; without a head the department has nobody to ask."""

	department: str
	country: str
	head: str


def next_version(policy_name: str) -> int:
	versions = frappe.get_all(DOCTYPE, filters={"policy_name": policy_name}, pluck="version")
	return max(versions, default=0) + 1


def rules_of(policy: Document) -> tuple:
	"""Everything about a policy that decides what it does to tickets."""
	levels = tuple(tuple(row.get(field) or 0 for field in LEVEL_FIELDS) for row in policy.levels)
	return tuple(policy.get(field) or 0 for field in RULE_FIELDS), levels


def check_levels(policy: Document) -> None:
	"""Raises: ValidationError naming the level that cannot be carried out."""
	try:
		check_policy(policy_of(policy))
	except PolicyError as error:
		wording.throw(error, title=_("Escalation Levels"))


def check_scope(policy: Document) -> None:
	"""Raises: ValidationError unless the policy is the default, for one group, or for a kind of tickets.

	Policy: QA-02
	"""
	narrow = [policy.group_category, policy.ticket_type, policy.country]
	ways = sum((bool(policy.is_default), bool(policy.team), any(narrow)))
	if ways != 1:
		message = _(
			"Say which tickets the policy is for, in one of three ways: the default for all groups; one group; "
			"or any of group category, ticket category and country."
		)
		frappe.throw(message, title=_("Which Tickets"))


def concerned(policy: Document) -> list[Concerned]:
	"""The heads of every department that has a group under this policy, each once.

	Policy: CORE-17
	"""
	places = {place for group in groups_under(policy) if (place := (group.department, group.country))[0]}
	heads = {head_of(department, country) for department, country in places}
	return sorted(heads)


def groups_under(policy: Document) -> Iterable:
	rules = config.site_rules()
	for name in frappe.get_all("HD Team", pluck="name"):
		group = rules.group(name)
		if not group.hidden and is_under(policy, group):
			yield group


def is_under(policy: Document, group) -> bool:
	if policy.is_default:
		return True
	if policy.team:
		return policy.team == group.name
	return policy.group_category in (None, "", group.category) and policy.country in (None, "", group.country)


def head_of(department: str, country: str) -> Concerned:
	rows = frappe.get_all(
		"Department Head",
		filters={"parent": department, "parenttype": "Core Department"},
		fields=["country", "all_countries", "head"],
	)
	own = next((row for row in rows if row.country and row.country == country), None)
	if own:
		return Concerned(department, country, own.head)
	everywhere = next((row for row in rows if row.all_countries), None)
	return (
		Concerned(department, "", everywhere.head) if everywhere else Concerned(department, country or "", "")
	)


def missing_answers(policy: Document) -> list[Concerned]:
	"""The heads concerned whose answer is not recorded; a department without a head has nobody to answer."""
	answered = {
		(row.department, row.country or "", row.head or "") for row in policy.discussion if row.answer
	}
	return [head for head in concerned(policy) if head.head and tuple(head) not in answered]


def add_heads(policy: Document) -> int:
	"""Adds a row for each head concerned that has none; returns how many."""
	present = {(row.department, row.country or "", row.head or "") for row in policy.discussion}
	absent = [head for head in concerned(policy) if head.head and tuple(head) not in present]
	for head in absent:
		policy.append(
			"discussion", {"department": head.department, "country": head.country, "head": head.head}
		)
	return len(absent)


def check_discussion_rows(policy: Document) -> None:
	for row in policy.discussion:
		if row.answer and not row.discussed_on:
			frappe.throw(
				_("Discussion, row {0}: an answer needs its date.").format(row.idx), title=_("Discussion")
			)
		if row.discussed_on and getdate(row.discussed_on) > getdate(nowdate()):
			message = _("Discussion, row {0}: {1} is in the future.")
			frappe.throw(message.format(row.idx, formatdate(row.discussed_on)), title=_("Discussion"))


def check_discussion(policy: Document) -> None:
	"""Raises: ValidationError unless every head concerned has an answer recorded and objections are decided on.

	Policy: CORE-17
	"""
	missing = missing_answers(policy)
	if missing:
		listed = "; ".join(", ".join(part for part in head if part) for head in missing)
		message = _("The discussion is not recorded yet with: {0}").format(listed)
		frappe.throw(message, title=_("Discussion with Department Heads"))
	if (
		any(row.answer == "Objected" for row in policy.discussion)
		and not (policy.decision_reason or "").strip()
	):
		message = _("A department head objected: write the decision and its reason.")
		frappe.throw(message, title=_("Discussion with Department Heads"))


def say_who_was_not_asked(policy: Document) -> None:
	heads = concerned(policy)
	if not heads:
		message = _(
			"No group under this policy belongs to a department yet: there was no head to discuss it with."
		)
		frappe.msgprint(message, title=_("Discussion with Department Heads"), indicator="orange")
	gaps = sorted({head.department for head in heads if not head.head})
	if gaps:
		message = _("Departments without a head, with whom nothing was discussed: {0}").format(
			", ".join(gaps)
		)
		frappe.msgprint(message, title=_("Discussion with Department Heads"), indicator="orange")


def discuss(policy: Document) -> None:
	states.must_be(policy, (DRAFT,), _("Discussed"))
	check_discussion(policy)
	states.move(policy, DISCUSSED)


def activate(policy: Document) -> None:
	"""Puts a discussed policy in force from its start, and its previous version out of force then.

	Policy: CORE-17, QA-02
	"""
	states.must_be(policy, (DRAFT, DISCUSSED), _("Activate"))
	# One activation at a time: two policies that overlap could not see each other.
	frappe.db.get_singles_dict(SETTINGS, for_update=True)
	check_discussion(policy)
	refuse_beside_host_rules()
	policy.starts_on = start_of(policy)
	previous = version_before(policy)
	refuse_overlaps(policy, previous)
	policy.previous_version = previous.name if previous else None
	if policy.workflow_state == DRAFT:
		states.move(policy, DISCUSSED)
	states.move(policy, ACTIVE)
	if previous:
		end(previous, policy.starts_on)
	say_who_was_not_asked(policy)


def start_of(policy: Document):
	now = now_datetime().replace(microsecond=0)
	return max(now, get_datetime(policy.starts_on)) if policy.starts_on else now


def version_before(policy: Document) -> Document | None:
	"""The version of this policy that is, or is going to be, in force.

	Raises: ValidationError if that one begins no earlier: it would never be in force.
	"""
	filters = {"policy_name": policy.policy_name, "workflow_state": ACTIVE, "name": ["!=", policy.name]}
	name = frappe.db.get_value(DOCTYPE, {**filters, "ended_on": ["is", "not set"]})
	previous = frappe.get_doc(DOCTYPE, name) if name else None
	if previous and get_datetime(previous.starts_on) > get_datetime(policy.starts_on):
		message = _("{0} begins on {1}: choose a later start.").format(previous.name, previous.starts_on)
		frappe.throw(message, title=_("In Force From"))
	return previous


def refuse_beside_host_rules() -> None:
	"""A host that carries out its own escalation rules would move tickets under our clocks."""
	from core_helpdesk.hosts import hd_ticket

	if not hd_ticket.executes_escalation_rules():
		return
	rules = frappe.get_all("HD Escalation Rule", filters={"is_enabled": 1}, pluck="name")
	if rules:
		message = _(
			"Helpdesk's own escalation rules are enabled and would move tickets as well: {0}. Disable them first."
		)
		frappe.throw(message.format(", ".join(map(str, rules))), title=_("Two Escalations"))


def refuse_overlaps(policy: Document, previous: Document | None) -> None:
	"""Raises: ValidationError naming the policies that would be for the same tickets.

	Policy: QA-02
	"""
	others = frappe.get_all(
		DOCTYPE,
		filters={"workflow_state": ["in", [ACTIVE, SUPERSEDED]], "name": ["!=", policy.name]},
		pluck="name",
	)
	scopes = [config.scope_of(policy)]
	for name in others:
		other = frappe.get_doc(DOCTYPE, name)
		if previous and other.name == previous.name:
			other.ended_on = policy.starts_on
		scopes.append(config.scope_of(other))
	for pair in escalation.overlaps(scopes):
		if policy.name in (pair[0].policy, pair[1].policy):
			other = next(scope.policy for scope in pair if scope.policy != policy.name)
			message = _("{0} is in force for the same tickets, and neither policy is more specific.").format(
				other
			)
			frappe.throw(message, title=_("Conflicting Policies"))


def end(policy: Document, moment) -> None:
	policy.ended_on = moment
	if get_datetime(moment) <= now_datetime():
		states.move(policy, SUPERSEDED)
	else:
		policy.flags.ch_transition = True
		policy.save()


def settle_states(now) -> list[str]:
	"""Marks versions whose end has come as superseded; the engine goes by their times and never by this mark."""
	# Without "is set" an empty end would count as one of long ago.
	past = [["workflow_state", "=", ACTIVE], ["ended_on", "is", "set"], ["ended_on", "<=", now]]
	ended = frappe.get_all(DOCTYPE, filters=past, pluck="name")
	for name in ended:
		policy = frappe.get_doc(DOCTYPE, name)
		policy.flags.ignore_permissions = True  # a daily job
		states.move(policy, SUPERSEDED)
	return ended
