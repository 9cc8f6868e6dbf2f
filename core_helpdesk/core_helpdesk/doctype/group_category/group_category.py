"""A class of groups and its standard escalation time."""

import frappe
from frappe import _
from frappe.model.document import Document

from core_helpdesk.governance import states
from core_helpdesk.setup.workflow_states import ACTIVE, DRAFT, RETIRED


class GroupCategory(Document):
	def validate(self) -> None:
		states.keep_state(self)

	def on_trash(self) -> None:
		states.must_be(self, (DRAFT,), _("Delete"))

	@frappe.whitelist(methods=["POST"])
	def activate(self) -> None:
		"""Policy: CORE-02, CORE-20"""
		category = states.fresh(self, _("activate a group category"))
		states.must_be(category, (DRAFT, RETIRED), _("Activate"))
		if not category.standard_hours:
			frappe.throw(_("Give the category its standard escalation time first."), title=_("No Standard"))
		states.move(category, ACTIVE)

	@frappe.whitelist(methods=["POST"])
	def retire(self) -> None:
		category = states.fresh(self, _("retire a group category"))
		states.must_be(category, (ACTIVE,), _("Retire"))
		groups = frappe.get_all("HD Team", filters={"ch_category": category.name}, pluck="name", limit=20)
		if groups:
			message = _("Groups of this category: {0}. Give them another one first.").format(
				", ".join(groups)
			)
			frappe.throw(message, title=_("Category in Use"))
		states.move(category, RETIRED)
