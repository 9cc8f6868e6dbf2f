"""Asks the customer for what they did not give: in one message that lists all of it in their language."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import get_fullname

from core_helpdesk import config
from core_helpdesk.domain.tracing_data import FaultKind
from core_helpdesk.hosts import customer_reach
from core_helpdesk.mail import language
from core_helpdesk.shown import in_arabic
from core_helpdesk.tracing import case_data, notices, paperwork, returning, rules, telling

if TYPE_CHECKING:
	from collections.abc import Iterator

	from frappe.model.document import Document

# What an officer decides, and no customer is asked for.
OFFICERS = ("nature", "direction")
# Whether a route is the kind that is traced is nothing that a customer could put right.
OFFICERS_FAULTS = (FaultKind.SAME_COUNTRY,)


def ask(case: Document) -> None:
	"""Asks for everything that is missing or cannot be used as it is; notes on the case when.

	Whoever entered it hears of it too, and alone where the customer cannot be asked.
	Raises: ValidationError where nothing is missing, or nobody can be asked.
	Policy: TRC-04, TRC-05, TRC-06, TRC-07, TRC-14
	"""
	reach = customer_reach.reach_of(case.ticket)
	with language.speaking(telling.language_for(case, reach)):
		wanted = list(missing(case))
	if not wanted:
		frappe.throw(_("Nothing is missing that the customer could give."), title=_("Nothing to Ask For"))
	why_not = telling.tell(case, notices.DATA_NEEDED, missing="\n".join(f"• {line}" for line in wanted))
	if not why_not:
		case.db_set("asked_on", config.from_epoch(config.now_epoch()))
	heard = returning.tell(case, partial(_what_the_customer_heard, is_asked=not why_not))
	if why_not and not heard:
		frappe.throw(why_not, title=_("Customer Not Told"))
	if why_not:
		instead = _("{0} was told instead what is missing or wrong.").format(get_fullname(heard))
		telling.say(f"{why_not} {instead}")


def _what_the_customer_heard(*, is_asked: bool) -> str:
	if is_asked:
		return _("The customer was asked for it.")
	return _("The customer cannot be asked by e-mail: please find out, and enter it.")


def missing(case: Document) -> Iterator[str]:
	"""What the customer is asked for, in the present language, in the order of the form."""
	for fault in case_data.faults(case):
		if fault.field not in OFFICERS and fault.kind not in OFFICERS_FAULTS:
			# A description that is not there is asked for as one that says too little.
			kind = FaultKind.TOO_SHORT if fault.field == "description" else fault.kind
			yield _wish(kind).format(case_data.label(case, fault.field))
	yield from _papers(case)


def _wish(kind: FaultKind) -> str:
	return {
		FaultKind.UNUSABLE: _("{0}: what we have cannot be used, please check it"),
		FaultKind.WRONG_FORMAT: _("{0}: it seems to be incomplete, please check it"),
		FaultKind.WRONG_CHECK_DIGIT: _("{0}: a digit seems to be wrong, please check it"),
		FaultKind.TOO_SHORT: _("{0}: please tell us more about what happened and what you need"),
	}.get(kind, "{0}")


def _papers(case: Document) -> Iterator[str]:
	"""The papers that have not come, by their names in the present language."""
	in_both = {paper.document: paper.document_ar for paper in rules.required_papers(case.nature)}
	for paper in paperwork.missing(case):
		yield (in_both.get(paper) if in_arabic() else "") or _(paper)
