"""Steps that jobs take for one document after the other: one that fails keeps no other back, and is told once.

A failure opens a finding, with the trace in the error log; while it is open, nothing is added at each further try. The
finding closes when the step is done, or there is nothing to be done any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import frappe
from frappe import _
from frappe.utils import strip_html

from core_helpdesk.domain.claims import ClaimState
from core_helpdesk.escalations import findings
from core_helpdesk.escalations.transactions import ends_all, is_lost, is_out_of_time, undone_on_failure
from core_helpdesk.hosts import group_stages
from core_helpdesk.setup import workflows as flow
from core_helpdesk.setup.workflow_states import ACTIVE

if TYPE_CHECKING:
	from collections.abc import Callable, Iterable

NOT_CARRIED_OUT = "Not Carried Out"
EMPTY = "empty"
"""The step that takes a closed group its people."""
STILL_CONCERNS = {
	"Change Notice": {"withdrawn_on": ("is", "not set")},
	"Group Request": {"workflow_state": ("not in", (flow.IMPLEMENTED, flow.REJECTED, flow.WITHDRAWN))},
	"Parity Deviation": {"state": "In Force"},
	"Escalation Policy": {"workflow_state": ACTIVE},
	"Tracing Case": {"status": "Solved"},
	"Tracing Claim": {"workflow_state": ClaimState.APPROVED.value},
}
"""What a document is like as long as a step that failed with it is still to be taken."""


class NotYet(Exception):
	"""Nothing failed: a step waits until somebody has done what `remedy` says."""

	def __init__(self, reason: str, remedy: str) -> None:
		super().__init__(reason)
		self.remedy = remedy


class Doing(NamedTuple):
	"""What a job does to a document; `failure` says in the site's language that it could not be done."""

	doctype: str
	name: str
	step: str
	failure: str

	@property
	def key(self) -> str:
		return f"{self.step}:{self.doctype}:{self.name}"


def each(
	doctype: str, names: Iterable[str], step: Callable[[str], object], what: str, failure: str
) -> list[str]:
	"""One document after the other, each in transactions of its own; returns those with which something was done.

	A step that finds nothing to do returns False.
	"""
	return [name for name in names if _is_done(Doing(doctype, name, what, failure.format(name)), step)]


def _is_done(doing: Doing, step: Callable[[str], object]) -> bool:
	answers: list[object] = []
	return committed(doing, lambda: answers.append(step(doing.name))) and answers[0] is not False


def committed(doing: Doing, work: Callable[[], object]) -> bool:
	"""Carries out one step in transactions of its own; returns whether it is done.

	Raises: the end of the job's time.
	"""
	try:
		work()
		findings.close(NOT_CARRIED_OUT, doing.key)
		frappe.db.commit()  # nosemgrep: the next document is another matter
		return True
	except Exception as error:
		trace = frappe.get_traceback()
		frappe.db.rollback()
		if is_out_of_time(error):
			raise
		# A lost transaction says nothing about the document: the next run has it again.
		if not is_lost(error):
			tell_once(doing, error, trace)
			frappe.db.commit()  # nosemgrep: the failure must outlive what the next document does
		return False


def tried(doing: Doing, work: Callable[[], object]) -> bool:
	"""Carries out one step inside the present transaction, undone if it fails; returns whether it is done.

	Raises: what nothing may swallow.
	"""
	try:
		with undone_on_failure():
			work()
			findings.close(NOT_CARRIED_OUT, doing.key)
		return True
	except Exception as error:
		if ends_all(error):
			raise
		tell_once(doing, error, frappe.get_traceback())
		return False


def tell_once(doing: Doing, error: Exception, trace: str) -> None:
	if findings.is_open(NOT_CARRIED_OUT, doing.key):
		return
	reason = strip_html(str(error)).strip() or type(error).__name__
	waits = isinstance(error, NotYet)
	remedy = error.remedy if waits else _("Put right what the reason says. It is tried again by itself.")
	details = f"{doing.failure} {reason}"
	findings.open_once(NOT_CARRIED_OUT, doing.key, doing.doctype, doing.name, details, remedy)
	if not waits:
		frappe.log_error(title=f"{NOT_CARRIED_OUT}: {doing.key}"[:140], message=trace)


def is_over(found: frappe._dict, now: int) -> bool:
	"""Whether what failed concerns nobody any more: its document is gone, or has become what the step was for."""
	doctype, name = found.reference_doctype, found.reference_name
	if found.subject_key.startswith(f"{EMPTY}:"):
		return not group_stages.is_leaving(name)
	return not frappe.db.exists(doctype, {"name": name, **STILL_CONCERNS.get(doctype, {})})
