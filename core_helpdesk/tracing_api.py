"""What the form, the lists and the agent pages call about Tracing Cases. Each act asks who may do it before it is done.

Writers are POST only: a GET is rolled back by the framework. They lock the ticket, then the case, and judge by what is
stored.
"""

from collections.abc import Callable
from typing import Any

import frappe
from frappe.model.document import Document

from core_helpdesk import config
from core_helpdesk.escalations import transactions
from core_helpdesk.tracing import (
	answers,
	closing,
	closing_reasons,
	confirmation,
	dues,
	handing_over,
	missing_data,
	records,
	returning,
	rights,
	work,
)
from core_helpdesk.tracing import screen as screens


def _readable(case: str) -> Document:
	"""The case as stored.

	Raises: DoesNotExistError, PermissionError unless the user may read it.
	"""
	found = frappe.get_doc(records.DOCTYPE, case)
	found.check_permission("read")
	return found


def _locked(case: str) -> Document:
	"""The case for an act, by one who may read it; nobody else may know that it is there, nor hold its lock."""
	_readable(case)
	return records.locked(case)


@frappe.whitelist(methods=["POST"])
@transactions.act
def accept(case: str) -> None:
	"""Policy: TRC-09"""
	handing_over.accept(_locked(case), config.now_epoch())


@frappe.whitelist(methods=["POST"])
@transactions.act
def hand_over(case: str, team: str, reason: str) -> None:
	"""Policy: TRC-09, TRC-11"""
	handing_over.hand_over(_locked(case), team, reason, config.now_epoch())


@frappe.whitelist()
def offered_groups(case: str) -> list[dict[str, Any]]:
	"""The groups to which the case may go now.

	Policy: TRC-09
	"""
	return [offer._asdict() for offer in handing_over.offered_groups(_readable(case))]


@frappe.whitelist(methods=["POST"])
@transactions.act
def open_by_hand(ticket: str) -> str:
	"""Opens a case for a ticket; returns its name.

	Policy: TRC-01, TRC-02
	"""
	return handing_over.open_by_hand(ticket, config.now_epoch())


@frappe.whitelist(methods=["POST"])
@transactions.act
def add_update(
	case: str,
	channel: str,
	contact: str,
	person: str,
	purpose: str,
	what: str,
	customer_told: bool = False,
	follow_up_on: str | None = None,
	tell_customer: bool = False,
) -> None:
	"""Policy: TRC-08, TRC-11, TRC-17, TRC-21"""
	work.add_update(
		_locked(case),
		channel,
		contact,
		person,
		purpose,
		what,
		config.now_epoch(),
		customer_told=customer_told,
		follow_up_on=follow_up_on,
		tell_customer=tell_customer,
	)


@frappe.whitelist(methods=["POST"])
@transactions.act
def ask_for_missing(case: str) -> None:
	"""Policy: TRC-04, TRC-06"""
	_ask(case, missing_data.ask)


@frappe.whitelist(methods=["POST"])
@transactions.act
def return_data(case: str, reason: str) -> None:
	"""Policy: TRC-06, TRC-07"""
	returning.give_back(_locked(case), reason, config.now_epoch())


@frappe.whitelist(methods=["POST"])
@transactions.act
def ask_for_confirmation(case: str) -> None:
	"""Policy: TRC-12, CX-3.9"""
	_ask(case, confirmation.ask_for_confirmation)


def _ask(case: str, act: Callable[[Document], None]) -> None:
	found = _locked(case)
	rights.must_work(found, frappe.session.user)
	act(found)


@frappe.whitelist(methods=["POST"])
@transactions.act
def mark_solved(case: str, solution: str) -> None:
	"""Policy: TRC-08, TRC-12"""
	work.mark_solved(_locked(case), solution, config.now_epoch())


@frappe.whitelist(methods=["POST"])
@transactions.act
def unsolve(case: str, reason: str) -> None:
	"""Policy: TRC-08, TRC-13"""
	work.unsolve(_locked(case), reason, config.now_epoch())


@frappe.whitelist(methods=["POST"])
@transactions.act
def record_answer(case: str, answer: str, source: str, comment: str) -> str:
	"""Returns what the answer counts as.

	Policy: TRC-12, TRC-22
	"""
	return answers.record_answer(_locked(case), answer, source, comment, config.now_epoch()).value


@frappe.whitelist(methods=["POST"])
@transactions.act
def review_answer(case: str, answer: str, comment: str) -> str:
	"""Returns what the answer counts as.

	Policy: TRC-22, CX-3.9
	"""
	return answers.review_answer(_locked(case), answer, comment, config.now_epoch()).value


@frappe.whitelist()
def reasons_against_closing(case: str) -> list[str]:
	"""Every reason why the user may not close the case now.

	Policy: TRC-12, TRC-13
	"""
	found = _readable(case)
	team = rights.team_of(found)
	return closing_reasons.in_words(found, team, closing.against(found, team))


@frappe.whitelist(methods=["POST"])
@transactions.act
def close(case: str) -> None:
	"""Policy: TRC-12, TRC-13"""
	closing.close(_locked(case), config.now_epoch())


@frappe.whitelist(methods=["POST"])
@transactions.act
def close_with_override(case: str, reason: str) -> None:
	"""Policy: TRC-12, TRC-13"""
	closing.close_with_override(_locked(case), reason, config.now_epoch())


@frappe.whitelist(methods=["POST"])
@transactions.act
def close_unconfirmed(case: str, reason: str) -> None:
	"""Policy: TRC-22"""
	closing.close_unconfirmed(_locked(case), reason, config.now_epoch())


@frappe.whitelist()
def explanation(case: str) -> dict[str, Any]:
	"""Why the case is due when it is, day by day.

	Policy: TRC-03
	"""
	return {"dues": dues.explained(_readable(case), config.now_epoch())}


@frappe.whitelist()
def screen(case: str) -> dict[str, Any]:
	"""All that the form shows beside its fields."""
	return screens.of(_readable(case), config.now_epoch())
