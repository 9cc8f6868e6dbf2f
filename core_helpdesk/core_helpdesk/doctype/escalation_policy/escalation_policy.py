"""One version of an escalation policy: fixed after its draft, in force from its activation."""

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import now_datetime

from core_helpdesk.child_row import OwnRows
from core_helpdesk.given_country import GivenCountryDocument
from core_helpdesk.governance import discussion, policies, states
from core_helpdesk.setup.workflow_states import ACTIVE, DISCUSSED, DRAFT


class EscalationPolicy(OwnRows, GivenCountryDocument):
	def autoname(self) -> None:
		self.policy_name = (self.policy_name or "").strip()
		self.version = policies.next_version(self.policy_name)
		self.name = f"{self.policy_name}-v{self.version}"

	def _set_defaults(self) -> None:
		# Before the framework makes "not given" and "no" one and the same.
		policies.fill_pauses(self)
		super()._set_defaults()

	def validate(self) -> None:
		states.keep_state(self)
		self.keep_machine_fields()
		self.keep_rules()
		self.keep_discussion()
		policies.keep_one_time(self)
		policies.check_family(self)
		policies.check_scope(self)
		policies.check_levels(self)
		discussion.check_rows(self)

	def on_trash(self) -> None:
		states.must_be(self, (DRAFT,), _("Delete"))

	def keep_machine_fields(self) -> None:
		before = self.get_doc_before_save()
		# Written past the document by the job that makes the drafts.
		self.drafts_due = before.drafts_due if before else None
		if not before:
			self.ended_on = self.previous_version = None
		elif not self.flags.ch_transition:
			self.version, self.ended_on = before.version, before.ended_on
			self.previous_version = before.previous_version

	def keep_rules(self) -> None:
		before = self.get_doc_before_save()
		if before and before.workflow_state != DRAFT and policies.rules_of(self) != policies.rules_of(before):
			message = _("The rules of {0} are fixed since it is {1}. Make a new version to change them.")
			frappe.throw(
				message.format(self.name, _(before.workflow_state, context="Workflow State")),
				title=_("Rules Are Fixed"),
			)

	def keep_discussion(self) -> None:
		before = self.get_doc_before_save()
		if not before or before.workflow_state in (DRAFT, DISCUSSED) or self.flags.ch_transition:
			return
		if (
			self.has_value_changed("starts_on")
			or self.has_value_changed("decision_reason")
			or changed_rows(self, before)
		):
			message = _("The start and the discussion of {0} are fixed since it is {1}.")
			frappe.throw(
				message.format(self.name, _(before.workflow_state, context="Workflow State")),
				title=_("Rules Are Fixed"),
			)

	@frappe.whitelist(methods=["POST"])
	def add_heads(self) -> int:
		"""Policy: CORE-17"""
		policy = states.fresh(self, _("record the discussion"))
		states.must_be(policy, (DRAFT, DISCUSSED), _("Add Department Heads"))
		rows = discussion.add_heads(policy)
		if rows:
			policy.save()
		return rows

	@frappe.whitelist(methods=["POST"])
	def discuss(self) -> None:
		policies.discuss(states.fresh(self, _("record the discussion")))

	@frappe.whitelist(methods=["POST"])
	def activate(self) -> None:
		policies.one_at_a_time()
		policies.activate(states.fresh(self, _("activate an escalation policy")))

	@frappe.whitelist(methods=["POST"])
	def end_now(self) -> None:
		"""Takes the policy out of force; its running counts go on under it."""
		policy = states.fresh(self, _("end an escalation policy"))
		states.must_be(policy, (ACTIVE,), _("End"))
		policies.end(policy, now_datetime().replace(microsecond=0))

	@frappe.whitelist(methods=["POST"])
	def new_version(self) -> str:
		"""Returns: the name of the draft that takes this policy further."""
		policy = states.fresh(self, _("make a new version"))
		drafts = {"policy_name": policy.policy_name, "workflow_state": ["in", [DRAFT, DISCUSSED]]}
		open_draft = frappe.db.get_value("Escalation Policy", drafts)
		if open_draft:
			message = _("{0} is not active yet: change or delete that one first.").format(open_draft)
			frappe.throw(message, title=_("New Version"))
		draft = frappe.copy_doc(policy, ignore_no_copy=False)
		draft.set("discussion", [])
		draft.decision_reason = None
		return draft.insert().name


def changed_rows(policy: Document, before: Document) -> bool:
	fields = ("department", "country", "head", "discussed_on", "answer", "note")
	rows = [[str(row.get(field) or "") for field in fields] for row in policy.discussion]
	return rows != [[str(row.get(field) or "") for field in fields] for row in before.discussion]
