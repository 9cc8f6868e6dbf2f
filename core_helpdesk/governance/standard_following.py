"""Other countries follow headquarters: the drafts that a policy asks for are made by a job, and taken back by one.

A policy keeps since when its drafts are due until all are made and their people told: whatever a job leaves that died,
the next one makes, at the latest that of the day.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import get_datetime, get_url_to_list, now

from core_helpdesk import config
from core_helpdesk.governance import carrying_out
from core_helpdesk.governance import standard_copies as copies

if TYPE_CHECKING:
	from collections.abc import Iterator

	from frappe.model.document import Document

POLICY, REQUEST, TEAM = "Escalation Policy", "Group Request", "HD Team"
JOB = "core_helpdesk.jobs.ch_follow_standard"
DUE = "drafts_due"
# Numbers of requests are given one at a time: whoever makes one waits while these are made.
AT_ONCE = 10


def begin(policy: Document) -> int:
	"""Lets a job make the drafts that a policy asks for which has just become active; says how many, and where they are.

	Policy: QA-05
	"""
	count = len(copies.wanted_by(policy.name, policy.starts_on))
	if count:
		policy.set(DUE, now())
		frappe.db.set_value(POLICY, policy.name, DUE, policy.get(DUE), update_modified=False)
		settle_soon(policy.name)
		say(count)
	return count


def settle_soon(cause: str) -> None:
	"""Queues the job of an activated policy, or an undone request; the day's job does what cannot be queued."""

	def queue() -> None:
		with suppress(Exception):
			frappe.enqueue(JOB, queue="long", job_id=f"ch_standard_{cause}", deduplicate=True)

	frappe.db.after_commit.add(queue)


def say(count: int) -> None:
	message = _(
		"Drafts that bring groups in other countries to this time are being prepared: {0}. Whoever is in charge there "
		"is told as soon as they are ready; all of them will be among the {1}."
	)
	url = f"{get_url_to_list(REQUEST)}?workflow_state=Draft&kind=Change%20Escalation"
	link = f'<a href="{url}">{_("drafts of Group Requests")}</a>'
	frappe.msgprint(message.format(count, link), title=_("The Standard in Other Countries"))


def settle() -> None:
	"""Makes all drafts that are due, in the order in which their policies became active, and takes back needless ones.

	Commits part by part.
	Policy: QA-05
	"""
	due = frappe.get_all(POLICY, {DUE: ("is", "set")}, pluck="name", order_by=DUE)
	prepared = {name: prepare(name) for name in due}
	for name in copies.needless_at(config.now_epoch()):
		copies.take_back(name)
		frappe.db.commit()  # nosemgrep: each is done with, and found no more
	finish(prepared)


def prepare(name: str) -> bool:
	"""Makes the drafts of one policy, unless its activation was undone; returns whether all could be made."""
	tried: dict[str, bool] = {}
	while make_some(name, tried):
		pass
	return all(tried.values())


def make_some(name: str, tried: dict[str, bool]) -> bool:
	"""Makes some drafts in a transaction of their own; returns whether there are more.

	What is wanted is asked anew each time: the lock keeps other jobs out only until the commit. No group comes twice,
	so that this ends whatever is wanted: `tried` are those that had their turn, each with whether it worked.
	"""
	frappe.db.commit()  # nosemgrep: the lock comes first, what is read after it is as it is now
	policy = frappe.db.get_value(POLICY, name, ["starts_on", DUE], as_dict=True, for_update=True)
	if not policy or not policy.get(DUE):
		return False
	wanted = [found for found in copies.wanted_by(name, policy.starts_on) if found.other.team not in tried]
	tried.update(make(wanted[:AT_ONCE], policy.starts_on))
	frappe.db.commit()  # nosemgrep: these are done
	return len(wanted) > AT_ONCE


def finish(prepared: dict[str, bool]) -> None:
	"""Tells everybody once of their drafts; what could not be made is tried again the next day."""
	table = frappe.qb.DocType(POLICY)
	is_due = table.name.isin(list(prepared) or [""]) & table[DUE].isnotnull()
	rows = frappe.qb.from_(table).select(table.name, table[DUE]).where(is_due).for_update().run(as_dict=True)
	if rows:
		copies.tell(made_since(min(row[DUE] for row in rows)))
	for row in rows:
		later = None if prepared[row.name] else now()
		frappe.db.set_value(POLICY, row.name, DUE, later, update_modified=False)
	frappe.db.commit()  # nosemgrep: told and done with


def make(wanted: list[copies.Wanted], starts_on: object) -> Iterator[tuple[str, bool]]:
	"""Makes drafts; gives their groups, each with whether its draft could be made."""
	for one in wanted:
		text = _("No draft that brings the group {0} to the Standard could be prepared.")
		doing = carrying_out.Doing(TEAM, one.other.team, "draft", text.format(one.other.team))
		yield one.other.team, carrying_out.tried(doing, lambda one=one: copies.draft_change(one, starts_on))


def made_since(moment: object) -> list[str]:
	"""The drafts that a job has made or brought up to date since then, and nobody has submitted yet."""
	return [row.name for row in copies.prepared() if row.modified >= get_datetime(moment)]
