"""Change Notices: who is to know of a change, telling them, their acknowledgements, and reminders.

A notice is out when everybody on it has been told; a new group opens only then.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import get_datetime, now_datetime

from core_helpdesk import config
from core_helpdesk.escalations import people
from core_helpdesk.escalations.transactions import is_lost
from core_helpdesk.mail import change_letters, outgoing

if TYPE_CHECKING:
	from collections.abc import Iterator
	from datetime import date, datetime

	from frappe.model.document import Document

DOCTYPE, READER = "Change Notice", "Change Notice Reader"
FRONT_LINE = "Front-line Staff"
MACHINE_FIELDS = ("request", "sent_on", "withdrawn_on")
TEXT_FIELDS = ("title", "team", "purpose", "text", "text_ar", "starts_on", "to_front_line")
READER_FIELDS = ("user", "capacity", "mailed_on", "acknowledged_on", "reminded_on", "told_on", "problem")
REMIND_AFTER_DAYS = 3


def keep_machine_fields(notice: Document) -> None:
	"""Readers and moments are the app's; a notice that went out is fixed.

	Raises: PermissionError
	"""
	if notice.flags.ch_engine:
		return
	before = notice.get_doc_before_save()
	for field in MACHINE_FIELDS:
		notice.set(field, before.get(field) if before else None)
	if rows_of(notice) != (rows_of(before) if before else []):
		message = _("Readers are chosen by the app, and acknowledge by themselves.")
		frappe.throw(message, frappe.PermissionError, title=_("Change Notice"))
	if before and before.sent_on and any(notice.has_value_changed(field) for field in TEXT_FIELDS):
		message = _("The notice is out: its text is fixed. Make another notice to correct it.")
		frappe.throw(message, frappe.PermissionError, title=_("Change Notice"))


def rows_of(notice: Document) -> list[tuple[str, ...]]:
	return [tuple(str(row.get(field) or "") for field in READER_FIELDS) for row in notice.readers]


def make(request: Document, team: str, title: str, starts_on: datetime) -> str:
	"""The notice of a request, with everybody who is to know; it goes out afterwards.

	Policy: CORE-08, QA-15
	"""
	notice = frappe.new_doc(DOCTYPE)
	notice.update(
		{
			"title": title,
			"request": request.name,
			"team": team or None,
			"purpose": request.purpose or request.work_reason,
			"starts_on": starts_on,
			"to_front_line": request.tell_front_line,
		}
	)
	add_readers(notice, now_datetime().date())
	return save(notice).name


def save(notice: Document) -> Document:
	notice.flags.ch_engine = True
	return notice.save(ignore_permissions=True)  # the callers have checked who may


def add_readers(notice: Document, today: date) -> None:
	present = {row.user for row in notice.readers}
	for person in readers(today, front_line=bool(notice.to_front_line)):
		if person.user not in present:
			present.add(person.user)
			notice.append("readers", {"user": person.user, "capacity": person.capacity})


def readers(today: date, *, front_line: bool) -> Iterator[people.Recipient]:
	"""Every department's head, or the deputy while acting; then all agents where front-line staff are to know."""
	departments = frappe.get_all("Core Department", {"disabled": 0}, pluck="name")
	rows = frappe.get_all(
		"Department Head",
		{"parenttype": "Core Department", "parent": ("in", departments or [""])},
		[*people.STAND_FIELDS],
		order_by="parent, idx",
	)
	yield from filter(None, (acting(people.stand(row), today) for row in rows))
	if front_line:
		agents = frappe.get_all("HD Agent", {"is_active": 1}, pluck="user", order_by="user")
		enabled = set(frappe.get_all("User", {"name": ("in", agents or [""]), "enabled": 1}, pluck="name"))
		yield from (people.Recipient(user, FRONT_LINE) for user in agents if user in enabled)


def acting(stand: config.Stand, today: date) -> people.Recipient | None:
	if stand.user and not people.is_away(stand, today):
		return people.Recipient(stand.user, people.DEPARTMENT_HEAD)
	if stand.deputy and frappe.db.get_value("User", stand.deputy, "enabled"):
		return people.Recipient(stand.deputy, people.DEPUTY)
	return None


def send_by_hand(name: str) -> int:
	"""Sends a notice that a QA Specialist wrote; returns to how many."""
	notice = frappe.get_doc(DOCTYPE, name, for_update=True)
	if notice.sent_on:
		frappe.throw(_("This notice is out already."), title=_("Change Notice"))
	add_readers(notice, now_datetime().date())
	save(notice)
	send(name)
	return len(notice.readers)


def send_due() -> list[str]:
	"""Sends every notice of a request that is not out yet, and mails that could not go before; their names.

	Those that a QA Specialist writes by hand wait for the button.
	"""
	waiting = frappe.get_all(
		DOCTYPE,
		{"sent_on": ("is", "not set"), "request": ("is", "set"), "withdrawn_on": ("is", "not set")},
		pluck="name",
		order_by="creation",
	)
	return [name for name in waiting if _sent(name)]


def _sent(name: str) -> bool:
	"""Sends one; a failure is logged and tried again, and keeps no other notice back."""
	try:
		send(name)
		frappe.db.commit()  # nosemgrep: a notice is out, or is not
		return True
	except Exception as error:
		frappe.db.rollback()
		if not is_lost(error):
			frappe.log_error(title=f"Change Notice {name} not sent", message=frappe.get_traceback())
		return False


def send(name: str) -> None:
	"""Tells everybody on the notice, in the Desk and by mail, each in their own language.

	Policy: CORE-08
	"""
	notice = frappe.get_doc(DOCTYPE, name, for_update=True)
	moment = now_datetime()
	for row in notice.readers:
		if not row.told_on:
			change_letters.notify(notice, row.user)
			row.told_on = moment
		mail(notice, row, moment)
	notice.sent_on = notice.sent_on or moment
	save(notice)


def mail(notice: Document, row: Document, moment: datetime) -> None:
	"""Queues the mail of one reader; what keeps it from going stands in the row, and the Desk has told them."""
	if row.mailed_on:
		return
	if not may_mail():
		row.problem = _("Core Helpdesk is not live here: nothing is mailed.")
		return
	try:
		outgoing.queue(change_letters.notice_letter(notice, row.user))
		row.mailed_on, row.problem = moment, None
	except outgoing.NotQueued as problem:
		row.problem = problem.reason


def may_mail() -> bool:
	"""Nothing is mailed before the app is live, and by a restored copy never: the Desk tells everybody."""
	return config.mode() == config.LIVE


def acknowledge(name: str, user: str) -> None:
	"""Records that a reader knows of the change; a second time changes nothing.

	Raises: PermissionError for anybody who is not on the notice.
	Policy: CORE-08
	"""
	notice = frappe.get_doc(DOCTYPE, name, for_update=True)
	own = [row for row in notice.readers if row.user == user]
	if not own:
		message = _("Only those to whom the notice went acknowledge it.")
		frappe.throw(message, frappe.PermissionError, title=_("Change Notice"))
	for row in own:
		if not row.acknowledged_on:
			row.acknowledged_on = now_datetime()
			row.db_set("acknowledged_on", row.acknowledged_on, update_modified=False)
	notice.notify_update()


def remind(now: datetime) -> int:
	"""Reminds those who have not acknowledged for some days, once in so many; returns how many people.

	Policy: CORE-08, QA-15
	"""
	names = frappe.get_all(
		DOCTYPE, {"sent_on": ("is", "set"), "withdrawn_on": ("is", "not set")}, pluck="name"
	)
	return sum(_remind(frappe.get_doc(DOCTYPE, name), now) for name in names)


def _remind(notice: Document, now: datetime) -> int:
	late = [row for row in notice.readers if is_to_be_reminded(row, now)]
	for row in late:
		change_letters.notify(notice, row.user, reminder=True)
		if may_mail():
			_queue_reminder(notice, row)
		row.db_set("reminded_on", now, update_modified=False)
	return len(late)


def _queue_reminder(notice: Document, row: Document) -> None:
	try:
		outgoing.queue(change_letters.notice_letter(notice, row.user, reminder=True))
	except outgoing.NotQueued as problem:
		row.db_set("problem", problem.reason, update_modified=False)


def is_to_be_reminded(row: Document, now: datetime) -> bool:
	last = row.reminded_on or row.told_on
	if row.acknowledged_on or not last or not frappe.db.get_value("User", row.user, "enabled"):
		return False
	return get_datetime(last) <= now - timedelta(days=REMIND_AFTER_DAYS)


def withdraw(name: str) -> None:
	"""Tells everybody who was told that the change does not happen."""
	notice = frappe.get_doc(DOCTYPE, name, for_update=True)
	notice.withdrawn_on = now_datetime()
	for row in notice.readers:
		if row.told_on:
			change_letters.notify_withdrawn(notice, row.user)
	save(notice)


def is_out(request: str | None) -> bool:
	"""Whether the notice of a request has reached everybody on it; so it has where there is none."""
	return not frappe.db.exists(
		DOCTYPE, {"request": request, "sent_on": ("is", "not set"), "withdrawn_on": ("is", "not set")}
	)
