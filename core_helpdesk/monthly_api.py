"""What the forms of Monthly Reports and Corrective Actions call. Every function asks first who may.

Writers are POST only: a GET is rolled back by the framework.
"""

from typing import Any

import frappe
from frappe import _
from frappe.utils import cstr

from core_helpdesk import config, months
from core_helpdesk.escalations import transactions
from core_helpdesk.governance.named import full_names
from core_helpdesk.mail import missing_paper
from core_helpdesk.monthly import action_acts, actions, acts, drawing_limit, printing, reading, rights, steps
from core_helpdesk.reports import pdf_writer


@frappe.whitelist()
def shown(report: str) -> dict[str, Any]:
	"""The figures of a report that its reader may see, in their language, and what they may do with it.

	Raises: DoesNotExistError, PermissionError
	Policy: QA-12, TSM-13, TSM-M2, CORE-13
	"""
	document = frappe.get_doc(acts.DOCTYPE, cstr(report))
	document.check_permission("read")
	user = frappe.session.user
	return {
		**reading.view(document),
		"month": months.in_words(document.month, frappe.local.lang or "en"),
		"steps": steps.possible(document, user),
		"may_comment": acts.may_comment(document, user),
		"may_enter": acts.may_enter_outcomes(document, user),
		"is_live": config.mode() == config.LIVE,
		"is_on_record": steps.is_on_record(document),
		"actions": actions.rows(document),
		"measures": action_acts.measures_in_words(acts.DOCTYPE),
		"may_decide": rights.decides(user),
	}


@frappe.whitelist()
def waiting_card(filters: str | list | dict | None = None) -> dict[str, Any]:
	"""The number card Monthly Reports Waiting for Me.

	Policy: QA-M1, TSM-M1, TSM-M2
	"""
	# The framework shows every card to a System Manager, and one that is refused never ends loading.
	is_reader = frappe.has_permission(acts.DOCTYPE, "read")
	names = acts.waiting_for(frappe.session.user) if is_reader else []
	return {
		"value": len(names),
		"fieldtype": "Int",
		"route": ["List", acts.DOCTYPE, "List"],
		"route_options": {"name": ["in", names or [""]]},
	}


@frappe.whitelist(methods=["POST"])
@transactions.act
def take(report: str, action: str, reason: str = "") -> str:
	"""Takes a step with a report; returns the state in which it is then.

	Policy: QA-M1, TSM-13, TSM-M1, TSM-M2
	"""
	document = acts.locked(cstr(report))
	acts.take(document, action, reason)
	return steps.state_of(document)


@frappe.whitelist(methods=["POST"])
@transactions.act
def enter_outcome(report: str, row: str, outcome: str, discussed_on: str = "") -> None:
	"""Policy: TSM-M2"""
	acts.enter_outcome(acts.locked(cstr(report)), row, outcome, discussed_on)


@frappe.whitelist(methods=["POST"])
@transactions.act
def decide(
	doctype: str,
	report: str,
	what: str,
	responsible: str,
	due_on: str,
	department: str = "",
	country: str = "",
	measure: str = "",
) -> str:
	"""Decides on a corrective action on a report; returns its name.

	Raises: DoesNotExistError, PermissionError, ValidationError
	Policy: QA-M2, QA-M3, TRC-M3
	"""
	action = frappe.new_doc(actions.DOCTYPE)
	place = {"department": department or None, "country": country or None}
	decided = {"what": what, "responsible": responsible, "due_on": due_on, "measure": measure}
	action.update({"from_doctype": doctype, "from_report": report, **decided, **place})
	return action.insert().name


@frappe.whitelist(methods=["POST"])
@transactions.act
def settle(action: str, state: str, note: str) -> None:
	"""Policy: QA-M3"""
	document = frappe.get_doc(actions.DOCTYPE, cstr(action), for_update=True)
	action_acts.settle(document, state, note)


@frappe.whitelist()
def action_shown(action: str) -> dict[str, Any]:
	"""The effect of an action, and what its reader may do with it.

	Raises: DoesNotExistError, PermissionError
	Policy: QA-M3
	"""
	document = frappe.get_doc(actions.DOCTYPE, cstr(action))
	document.check_permission("read")
	return action_acts.view(document)


@frappe.whitelist()
def responsible() -> dict[str, str]:
	"""The names of those who are responsible for the corrective actions that the present user may read, by user.

	Raises: PermissionError for who may read none
	Policy: QA-M3
	"""
	users = frappe.get_list(actions.DOCTYPE, pluck="responsible", distinct=True, order_by="responsible")
	return full_names(users)


@frappe.whitelist()
def value_now(doctype: str, report: str, measure: str, department: str = "", country: str = "") -> str:
	"""A measure in a place as it stands on a report, in words, for who decides on an action there.

	Raises: DoesNotExistError, PermissionError
	Policy: QA-M3
	"""
	return action_acts.value_now(cstr(doctype), cstr(report), cstr(measure), cstr(department), cstr(country))


@frappe.whitelist(methods=["GET"])
def paper(report: str) -> None:
	"""Answers with the page that the mail of a report brings, as the present reader sees it, in their language.

	What the framework prints is drawn by the wkhtmltopdf of the machine, and not every build of that can set Arabic.
	Raises: DoesNotExistError, PermissionError; ValidationError where the server can write no PDF, or who asks for one after
	the other.
	Policy: QA-12, CORE-13
	"""
	document = frappe.get_doc(acts.DOCTYPE, cstr(report))
	document.check_permission("print")
	if not pdf_writer.is_possible():
		message = _("This server cannot write PDFs. A System Manager can mend that: {0}")
		frappe.throw(message.format(missing_paper.remedy()), title=_("No PDF"))
	drawing_limit.count(frappe.session.user)
	page = printing.pdf(reading.seen(document))
	frappe.local.response.update(filename=f"{document.name}.pdf", filecontent=page, type="pdf")
