"""Bringing the Standard to a country by one click: a few drafts while the QA Specialist waits, many by a job.

The numbers of requests are given one at a time, so many drafts in one transaction would keep everybody else waiting.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

import frappe
from frappe import _

from core_helpdesk.governance import carrying_out
from core_helpdesk.governance import standard_copies as copies
from core_helpdesk.mail import language, notices
from core_helpdesk.shown import country as shown_country

if TYPE_CHECKING:
	from collections.abc import Iterator

JOB = "core_helpdesk.governance.standard_copying.carry_out"
# Longer than this nobody waits, and holds nobody up.
AT_ONCE = 20
PART = 10


class Copied(TypedDict):
	"""The drafts that were made, and how many are still to be made by a job."""

	drafts: list[str]
	coming: int


def copy(country: str, department: str = "") -> Copied:
	"""Drafts what a country lacks of the Standard, or lets a job do it where that is much.

	Raises: PermissionError for anybody but a QA Specialist; ValidationError for headquarters' own country.
	Policy: QA-06
	"""
	lacking = copies.lacking(country, department)
	if len(lacking) <= AT_ONCE:
		return Copied(drafts=copies.tell([copies.draft_of(one, country) for one in lacking]), coming=0)
	options = {"queue": "long", "job_id": f"ch_copy_{country}_{department}", "deduplicate": True}
	frappe.enqueue(JOB, **options, enqueue_after_commit=True, country=country, department=department)
	message = _(
		"Drafts that bring {0} to the Standard are being prepared: {1}. You and whoever is in charge there are told as "
		"soon as they are ready."
	)
	frappe.msgprint(message.format(shown_country(country), len(lacking)), title=_("Copy the Standard"))
	return Copied(drafts=[], coming=len(lacking))


def carry_out(country: str, department: str = "") -> None:
	"""The job. What is lacking is asked for anew, and what one leaves that died is made by the next click.

	Commits part by part.
	"""
	with language.speaking(language.site_language()):
		made = [name for part in parts(country, department) for name in part]
		copies.tell(made)
	tell_who_asked(country, made)
	frappe.db.commit()  # nosemgrep: everybody is told


def parts(country: str, department: str) -> Iterator[list[str]]:
	lacking = copies.lacking(country, department)
	for start in range(0, len(lacking), PART):
		yield [name for one in lacking[start : start + PART] for name in made(one, country)]
		frappe.db.commit()  # nosemgrep: these are done


def made(one: copies.Lacking, country: str) -> list[str]:
	"""The draft, if it could be made."""
	team = one.other.team if isinstance(one, copies.Wanted) else one.team
	text = _("No draft that brings the group {0} to the Standard could be prepared.")
	found: list[str] = []
	doing = carrying_out.Doing(copies.TEAM, team, f"copy to {country}", text.format(team))
	carrying_out.tried(doing, lambda: found.append(copies.draft_of(one, country)))
	return found


def tell_who_asked(country: str, drafts: list[str]) -> None:
	user = frappe.session.user
	if not drafts or user in frappe.STANDARD_USERS:
		return
	with language.speaking(language.language_of(user)):
		text = _("Drafts that bring {0} to the Standard are ready: {1}").format(
			shown_country(country), len(drafts)
		)
		notices.insert(user, text, copies.REQUEST, drafts[0])
