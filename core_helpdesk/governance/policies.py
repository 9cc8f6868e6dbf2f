"""What an Escalation Policy may become: its rules as domain values, its activation, its end."""

from dataclasses import replace
from datetime import datetime

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import get_datetime, now_datetime

from core_helpdesk import config
from core_helpdesk.documents import WORKING_DAYS, policy_of
from core_helpdesk.domain import escalation
from core_helpdesk.domain.clock import check_policy
from core_helpdesk.domain.errors import PolicyError
from core_helpdesk.escalations import mended
from core_helpdesk.governance import (
	carrying_out,
	discussion,
	standard_following,
	standard_gate,
	states,
	wording,
)
from core_helpdesk.setup.workflow_states import ACTIVE, DISCUSSED, DRAFT, SUPERSEDED

DOCTYPE = "Escalation Policy"
SETTINGS = "Core Helpdesk Settings"
RULE_FIELDS = (
	"is_tracing",
	"is_default",
	"team",
	"group_category",
	"ticket_type",
	"country",
	"warn_percent",
	"total_cap_hours",
)
# While the customer is awaited the group cannot go on; three days of that are enough to look at the ticket again.
FIRST_LEVEL_PAUSES = {"pauses": 1, "pause_cap_hours": 72}
LEVEL_FIELDS = (
	"target",
	"after_hours",
	"clock_kind",
	"pauses",
	"pause_cap_hours",
	"acknowledge_within_hours",
	"move_ticket",
	"after_days",
)


def next_version(policy_name: str) -> int:
	versions = frappe.get_all(DOCTYPE, filters={"policy_name": policy_name}, pluck="version")
	return max(versions, default=0) + 1


def fill_pauses(policy: Document) -> None:
	"""The first level pauses unless it is said whether it does; the others do not, by the field's own default.

	A tracing case's time goes on, whomever it waits for.
	"""
	first = policy.levels[0] if policy.levels else None
	if first and first.get("pauses") is None and not policy.is_tracing:
		first.pauses = FIRST_LEVEL_PAUSES["pauses"]
		if first.get("pause_cap_hours") is None:
			first.pause_cap_hours = FIRST_LEVEL_PAUSES["pause_cap_hours"]


def keep_one_time(policy: Document) -> None:
	"""A level has hours or days; what its clock does not count is emptied."""
	for row in policy.levels:
		row.set("after_hours" if row.clock_kind == WORKING_DAYS else "after_days", 0)


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


def check_family(policy: Document) -> None:
	"""All versions of a policy are for groups, or all are for tracing cases: one takes the place of the other.

	Raises: ValidationError
	"""
	others = {"policy_name": policy.policy_name, "name": ("!=", policy.name)}
	known = frappe.get_all(DOCTYPE, others, pluck="is_tracing", limit=1)
	if known and bool(known[0]) != bool(policy.is_tracing):
		message = (
			_("The other versions of {0} are for tracing cases: give a policy for groups another name.")
			if known[0]
			else _("The other versions of {0} are for groups: give a policy for tracing cases another name.")
		)
		frappe.throw(message.format(policy.policy_name), title=_("For Tracing Cases"))


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


def discuss(policy: Document) -> None:
	states.must_be(policy, (DRAFT,), _("Discussed"))
	discussion.check(policy)
	states.move(policy, DISCUSSED)


def activate(policy: Document) -> None:
	"""Puts a discussed policy in force from its start, and its previous version out of force then.

	Policy: CORE-17, QA-02, QA-05
	"""
	states.must_be(policy, (DRAFT, DISCUSSED), _("Activate"))
	discussion.check(policy)
	refuse_beside_host_rules()
	policy.starts_on = start_of(policy)
	others = others_in_use(policy)
	previous = version_before(policy, others)
	refuse_overlaps(policy, previous, others)
	if not policy.is_tracing:
		standard_gate.refuse_other_times(policy, previous)
	policy.previous_version = previous.name if previous else None
	if policy.workflow_state == DRAFT:
		states.move(policy, DISCUSSED)
	states.move(policy, ACTIVE)
	if previous:
		end(previous, policy.starts_on)
	mended.close_mended(config.now_epoch())
	if not policy.is_tracing:
		standard_following.begin(policy)
	discussion.say_who_was_not_asked(policy)


def start_of(policy: Document) -> datetime:
	now = now_datetime().replace(microsecond=0)
	return max(now, get_datetime(policy.starts_on)) if policy.starts_on else now


def one_at_a_time() -> None:
	"""Waits for other activations to end: of two policies for the same tickets, neither would see the other."""
	frappe.db.get_singles_dict(SETTINGS, for_update=True)


def others_in_use(policy: Document) -> list[Document]:
	"""Every other policy that is or was in force, as committed by now and not as of this transaction's begin."""
	table = frappe.qb.DocType(DOCTYPE)
	query = frappe.qb.from_(table).select(table.name).where(table.workflow_state.isin([ACTIVE, SUPERSEDED]))
	names = [row[0] for row in query.for_update().run()]
	return [frappe.get_doc(DOCTYPE, name, for_update=True) for name in names if name != policy.name]


def version_before(policy: Document, others: list[Document]) -> Document | None:
	"""The version of this policy that is, or is going to be, in force.

	Raises: ValidationError if that one begins no earlier: it would never be in force.
	"""
	versions = [other for other in others if other.policy_name == policy.policy_name]
	running = [other for other in versions if other.workflow_state == ACTIVE and not other.ended_on]
	previous = running[0] if running else None
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


def refuse_overlaps(policy: Document, previous: Document | None, others: list[Document]) -> None:
	"""Raises: ValidationError naming the policy that would be for the same tickets, or the same tracing cases.

	Policy: QA-02
	"""
	scopes = [config.scope_of(policy)]
	for other in others:
		if bool(other.is_tracing) != bool(policy.is_tracing):
			continue
		scope = config.scope_of(other)
		is_previous = previous is not None and other.name == previous.name
		scopes.append(replace(scope, until_epoch=scopes[0].from_epoch) if is_previous else scope)
	for pair in escalation.overlaps(scopes):
		if scopes[0] in pair:
			(rival,) = (scope.policy for scope in pair if scope is not scopes[0])
			message = _("{0} is in force for the same tickets, and neither policy is more specific.")
			frappe.throw(message.format(rival), title=_("Conflicting Policies"))


def end(policy: Document, moment: datetime) -> None:
	policy.ended_on = moment
	if get_datetime(moment) <= now_datetime():
		states.move(policy, SUPERSEDED)
	else:
		policy.flags.ch_transition = True
		policy.save()


def settle_states(now: datetime) -> list[str]:
	"""Marks versions whose end has come as superseded; the engine goes by their times and never by this mark.

	One that cannot be marked keeps no other back. Returns those that are marked.
	"""
	# Without "is set" an empty end would count as one of long ago.
	past = [["workflow_state", "=", ACTIVE], ["ended_on", "is", "set"], ["ended_on", "<=", now]]
	ended = frappe.get_all(DOCTYPE, filters=past, pluck="name", order_by="name")
	text = _("The policy {0} has ended and could not be marked as superseded.")
	return carrying_out.each(DOCTYPE, ended, supersede, "supersede", text)


def supersede(name: str) -> None:
	policy = frappe.get_doc(DOCTYPE, name)
	policy.flags.ignore_permissions = True  # a daily job
	states.move(policy, SUPERSEDED)
