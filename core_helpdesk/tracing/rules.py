"""Tracing Settings and the groups that trace → domain values: the only reader of these settings.

Nothing here asks the database on its way through a ticket's save: the settings are a cached document, and which groups
trace is kept until a group or the settings change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import frappe
from frappe.utils import cint, flt

from core_helpdesk import config
from core_helpdesk.domain.shipment_number import Check, NumberKind
from core_helpdesk.domain.tracing import Network
from core_helpdesk.domain.tracing_terms import Terms

if TYPE_CHECKING:
	from frappe.model.document import Document

SETTINGS = "Tracing Settings"
TEAM, FIELD = "HD Team", "ch_tracing"
KEPT = "core_helpdesk_tracing_groups"
# Of settings that are older than the question.
USUAL_FOLLOW_UP_DAYS = 3


class Required(NamedTuple):
	"""A paper that a nature needs, in both languages."""

	document: str
	document_ar: str


def settings() -> Document:
	"""Tracing Settings as they are; read a value by one of the functions below where there is one."""
	return frappe.get_cached_doc(SETTINGS)


def is_on() -> bool:
	"""Whether anything is traced: not while the mode is Off, nor without headquarters."""
	return config.mode() != config.OFF and bool(network().headquarters)


def is_live() -> bool:
	"""Whether rules act and customers are told; in Observe they are only noted."""
	return config.mode() == config.LIVE and bool(network().headquarters)


def network() -> Network:
	"""The tracing groups with their countries; without headquarters nothing is traced.

	Headquarters is at home, in the default country unless it has one of its own. Any other group without a country is
	nowhere: at home it could be reached past headquarters.
	Policy: TRC-09
	"""
	headquarters, groups = frappe.cache.get_value(KEPT, _read_groups)
	if headquarters and not groups[headquarters]:
		groups = {**groups, headquarters: config.settings().default_country}
	return Network(headquarters, groups)


def headquarters() -> str:
	return network().headquarters


def home_calendar(rules: config.SiteRules) -> str:
	"""The calendar of headquarters, in which another owner's days are counted."""
	return rules.calendar_of(headquarters())


def customer_care() -> str:
	"""The group that answers for approved claims.

	Policy: TRC-19
	"""
	return settings().customer_care_team or ""


def terms() -> Terms:
	"""Policy: TRC-03"""
	doc = settings()
	return Terms(cint(doc.working_days), flt(doc.warn_percent) / 100, cint(doc.regulator_days))


def no_follow_up_days() -> int:
	"""After how many days a case is listed as not followed up.

	Policy: TRC-08
	"""
	return cint(settings().no_follow_up_days) or USUAL_FOLLOW_UP_DAYS


def number_kinds() -> tuple[NumberKind, ...]:
	return tuple(
		NumberKind(row.kind_name, row.pattern or "", Check(row.check_digit or Check.NONE.value))
		for row in settings().number_kinds
	)


def least_description() -> int:
	return cint(settings().least_description)


def required_papers(nature: str | None) -> tuple[Required, ...]:
	"""The papers that a nature needs, in the order of the settings.

	Policy: TRC-14
	"""
	rows = settings().required_documents
	return tuple(Required(row.document, row.document_ar or "") for row in rows if row.nature == nature)


def required_documents(nature: str | None) -> tuple[str, ...]:
	return tuple(dict.fromkeys(paper.document for paper in required_papers(nature)))


def lines(text: str | None) -> tuple[str, ...]:
	"""The entries of a setting that has one to a line."""
	return tuple(filter(None, (line.strip() for line in (text or "").splitlines())))


def urgent_words() -> tuple[str, ...]:
	return lines(settings().urgent_words)


def unsolved_phrases() -> tuple[str, ...]:
	return lines(settings().unsolved_phrases)


def _read_groups() -> tuple[str, dict[str, str]]:
	"""Headquarters, and each tracing group that takes tickets with its own country, which may be empty."""
	# The table of single values is there before this app's settings are, as while the app is upgraded.
	single = frappe.qb.DocType("Singles")
	wanted = (single.doctype == SETTINGS) & (single.field == "headquarters_team")
	stored = frappe.qb.from_(single).select(single.value).where(wanted).run(pluck=True)
	first = (stored[0] or "") if stored else ""
	meta = frappe.get_meta(TEAM)
	if not first or not meta.has_field(FIELD):
		return "", {}
	marks = [mark for mark in ("ch_hidden", "ch_stage", "disabled") if meta.has_field(mark)]
	rows = frappe.get_all(
		TEAM, or_filters={"name": first, FIELD: 1}, fields=["name", "ch_country", *marks], order_by="name"
	)
	groups = {row.name: row.ch_country or "" for row in rows if not any(row.get(mark) for mark in marks)}
	return (first, groups) if first in groups else ("", {})


def forget() -> None:
	"""Lets the tracing groups be read anew, now and once what is being written can be read by others."""
	frappe.cache.delete_value(KEPT)
	# Until then others read, and keep, what was before.
	frappe.db.after_commit.add(lambda: frappe.cache.delete_value(KEPT))


def refresh() -> None:
	"""Reads the tracing groups anew where somebody changed them past the app."""
	frappe.cache.set_value(KEPT, _read_groups())
