"""States of documents change through their own methods only, and those belong to the QA Specialist.

A saved form, a REST call, an import and a list edit all pass through `keep_state`.
"""

import frappe
from frappe import _
from frappe.model.document import Document

from core_helpdesk.setup.roles import QA_SPECIALIST, must_hold
from core_helpdesk.setup.workflow_states import DRAFT
from core_helpdesk.shown import listed


def keep_state(document: Document) -> None:
	"""Raises: PermissionError when the state was changed otherwise than by `move`.

	Policy: CORE-02, CORE-17, CORE-20
	"""
	before = document.get_doc_before_save()
	known = before.workflow_state if before else DRAFT
	document.workflow_state = document.workflow_state or known
	if document.workflow_state != known and not document.flags.ch_transition:
		message = _(
			"The state of {0} is changed by the QA Specialist with the buttons of its form, not by editing it."
		)
		frappe.throw(message.format(_(document.doctype)), frappe.PermissionError, title=_("State Is Fixed"))


def fresh(document: Document, action: str) -> Document:
	"""The stored document, locked, for a QA Specialist who may write it: what a form sent along does not count.

	Raises: PermissionError
	"""
	must_hold(QA_SPECIALIST, action)
	stored = frappe.get_doc(document.doctype, document.name, for_update=True)
	stored.check_permission("write")
	return stored


def must_be(document: Document, states: tuple[str, ...], action: str) -> None:
	if document.workflow_state not in states:
		message = _("{0} is {1}; this needs it to be {2}: {3}")
		wanted = listed(_(state, context="Workflow State") for state in states)
		present = _(document.workflow_state, context="Workflow State")
		frappe.throw(message.format(document.name, present, wanted, action), title=_("Wrong State"))


def move(document: Document, state: str) -> None:
	document.workflow_state = state
	document.flags.ch_transition = True
	document.save()
