"""The forms of tracing: what each asks for, which parts of a case it has, and what is filled in and signed by hand.

Policy: TRC-14
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from frappe import _

if TYPE_CHECKING:
	from collections.abc import Callable

REQUEST, CLAIM, DELIVERY = "Tracing Request", "Claim Form", "Proof of Delivery Request"
SHIPMENT, PARTIES, CONSIGNEE, NATURE, CLAIMED = "shipment", "parties", "consignee", "nature", "claim"


class Form(NamedTuple):
	"""A form in the present language; `reply` and `signatures` are labels of what is left to be written."""

	title: str
	lead: str
	parts: tuple[str, ...]
	reply_title: str = ""
	reply: tuple[str, ...] = ()
	declaration: str = ""
	signatures: tuple[str, ...] = ()


def of(kind: str) -> Form:
	"""Raises: KeyError for no kind of form."""
	return KINDS[kind]()


def _request() -> Form:
	return Form(
		_("Tracing Request"),
		_("Please trace this shipment and answer with what you found out, within the agreed time."),
		(SHIPMENT, PARTIES, NATURE),
		_("Answer of the Tracing Office"),
		(_("Where the Shipment Is"), _("What Was Done"), _("Result")),
		signatures=(
			_("Name", context="Tracing Form"),
			_("Date", context="Tracing Form"),
			_("Signature and Stamp"),
		),
	)


def _claim() -> Form:
	return Form(
		_("Claim Form"),
		_("Claim for a shipment that was lost, damaged or not carried as agreed."),
		(SHIPMENT, PARTIES, CLAIMED),
		declaration=_(
			"I declare that what is stated here is true and complete, and that I have been compensated by nobody else."
		),
		signatures=(_("Claimant's Name"), _("Date", context="Tracing Form"), _("Claimant's Signature")),
	)


def _delivery() -> Form:
	return Form(
		_("Proof of Delivery Request"),
		_("Please send proof that this shipment was delivered, with the signature of whoever received it."),
		(SHIPMENT, CONSIGNEE),
		_("Proof of Delivery"),
		(
			_("Delivered On (Date and Time)"),
			_("Delivered To (Address)"),
			_("Received By (Name)"),
			_("Identity Document"),
			_("Remarks", context="Tracing Form"),
		),
		signatures=(_("Delivering Office"), _("Date", context="Tracing Form"), _("Signature and Stamp")),
	)


KINDS: dict[str, Callable[[], Form]] = {REQUEST: _request, CLAIM: _claim, DELIVERY: _delivery}
