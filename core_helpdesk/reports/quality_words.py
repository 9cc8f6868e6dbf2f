"""The further figures of the QA Monthly Report in words: what each is called, its unit, its goal, and what it counts.

Policy: QA-12
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from frappe import _

from core_helpdesk import promised_times
from core_helpdesk.domain.quality import SHARES, TIME
from core_helpdesk.figure_words import Meaning, Unit, against
from core_helpdesk.governance import request_kinds
from core_helpdesk.tracing import rules

if TYPE_CHECKING:
	from core_helpdesk.figure_words import Number

GOAL = 1.0
"""What every share is measured against."""

TRACING = ("tracing_closed", "tracing_in_time", "satisfaction")
CLAIMS = ("claims_opened", "claims_approved", "claims_paid", "claims_refused")
PROMISES = ("complaints_decided", "complaints_in_time", "inquiries_decided", "inquiries_in_time")
REQUESTS = ("requests_made", "requests_ended", f"{TIME}requests")
STANDING = ("deviations", "groups", "data_accuracy")


def shown() -> tuple[str, ...]:
	"""The figures in their order; of the requests also those of each kind."""
	return (*TRACING, *CLAIMS, *PROMISES, *REQUESTS, *of_kinds(), *STANDING)


def of_kinds() -> tuple[str, ...]:
	"""The figures of requests that are told for each kind."""
	return tuple(f"{name} {kind}" for kind in request_kinds.KINDS for name in REQUESTS)


def meanings() -> dict[str, Meaning]:
	"""Every figure in the present language."""
	promised = promised_times.promised()
	found = {
		"tracing_closed": Meaning(_("Tracing Cases Closed")),
		"tracing_in_time": Meaning(
			_("Tracing Within {0} Working Days (%)").format(rules.terms().working_days), Unit.SHARE, 1
		),
		"satisfaction": Meaning(_("Tracing Customers Satisfied (%)"), Unit.SHARE, 1),
		"claims_opened": Meaning(_("Claims Made")),
		"claims_approved": Meaning(_("Claims Approved")),
		"claims_paid": Meaning(_("Claims Paid")),
		"claims_refused": Meaning(_("Claims Refused")),
		"complaints_decided": Meaning(_("Complaints Closed or Due")),
		"complaints_in_time": Meaning(
			_("Complaints Within {0} Working Days (%)").format(promised.complaint_days), Unit.SHARE, 1
		),
		"inquiries_decided": Meaning(_("Inquiries Answered or Due")),
		"inquiries_in_time": Meaning(
			_("Inquiries Answered Within {0} Hours (%)").format(f"{promised.inquiry_hours:g}"), Unit.SHARE, 1
		),
		"deviations": Meaning(_("Deviations in Force"), better=-1),
		"groups": Meaning(_("Governed Groups")),
		"data_accuracy": Meaning(_("Data Accuracy of Groups (%)"), Unit.SHARE, 1),
	}
	return found | _of_requests()


def _of_requests() -> dict[str, Meaning]:
	whole = {
		"requests_made": Meaning(_("Group Requests Submitted")),
		"requests_ended": Meaning(_("Group Requests Ended")),
		f"{TIME}requests": Meaning(_("Hours to End a Request (Median)"), Unit.HOURS, -1),
	}
	of_kinds = {
		f"{name} {kind}": meaning._replace(label=f"{meaning.label}: {_(kind)}")
		for kind in request_kinds.KINDS
		for name, meaning in whole.items()
	}
	return whole | of_kinds


def definitions() -> dict[str, str]:
	"""What the figures count that do not say so themselves, in the present language."""
	return {
		"tracing_closed": _("Cases that were closed, those that were merged or deleted left out."),
		"tracing_in_time": _("Of the closed cases, in the working days of the country that handles them."),
		"satisfaction": _("Of the closed cases, those whose originator said clearly yes: silence is no yes."),
		"claims_opened": _("Made in this month."),
		"claims_approved": _("Approved in this month, whenever made."),
		"claims_paid": _("By the day on which the payment was recorded."),
		"claims_refused": _("Refused in this month, whenever made."),
		"complaints_decided": _(
			"Tickets of the categories that hold complaints: closed in time, or due without having been closed."
		),
		"complaints_in_time": _("From receipt to closing, in the working days of the group's country."),
		"inquiries_decided": _(
			"Tickets of the categories that hold inquiries: answered in time, or due without an answer."
		),
		"inquiries_in_time": _("From receipt to the first reply or the closing, by the clock."),
		"requests_made": _("First submitted in this month."),
		"requests_ended": _("Implemented, rejected or withdrawn in this month, whenever made."),
		f"{TIME}requests": _("From the first submission to the end, by the clock."),
		"deviations": _("Approved deviations from the Standard at the end of the month."),
		"groups": _("Groups under the policy at the end of the month."),
		"data_accuracy": _("Of the governed groups, those without an open finding or correction."),
	}


def uncounted(name: str) -> str:
	"""What stands for a figure of promises of which no ticket category is named; empty for every other figure."""
	promised = promised_times.promised()
	held = {"complaints": promised.complaints, "inquiries": promised.inquiries}
	return "" if held.get(name.partition("_")[0], True) else _("no category named")


def goal(name: str) -> Number:
	return GOAL if name in SHARES else None


def tone(name: str, meaning: Meaning, value: Number) -> str:
	return against(goal(name), meaning, value)
