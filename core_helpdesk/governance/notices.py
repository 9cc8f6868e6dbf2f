"""Change Notices: who is to know of a change, telling them, their acknowledgements, and reminders.

A notice is out when everybody on it has been told; a new group opens only then.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import create_batch, get_datetime, now_datetime

from core_helpdesk import config
from core_helpdesk.escalations import people
from core_helpdesk.governance import carrying_out
from core_helpdesk.mail import change_letters, outgoing

if TYPE_CHECKING:
	from collections.abc import Callable, Iterable, Iterator
	from datetime import date, datetime

	from frappe.model.document import Document

DOCTYPE, READER = "Change Notice", "Change Notice Reader"
FRONT_LINE = "Front-line Staff"
MACHINE_FIELDS = ("request", "sent_on", "withdrawn_on")
TEXT_FIELDS = ("title", "team", "purpose", "text", "text_ar", "starts_on", "to_front_line")
READER_FIELDS = ("user", "capacity", "mailed_on", "acknowledged_on", "reminded_on", "told_on", "problem")
REMIND_AFTER_DAYS = 3
# So many people are told in one transaction.
PART = 100


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
	# Who was told when stands in the rows: a version of hundreds of them says it a second time.
	return notice.save(ignore_permissions=True, ignore_version=True)  # the callers have checked who may


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
		enabled = _enabled(agents)
		yield from (people.Recipient(user, FRONT_LINE) for user in agents if user in enabled)


def acting(stand: config.Stand, today: date) -> people.Recipient | None:
	if stand.user and not people.is_away(stand, today):
		return people.Recipient(stand.user, people.DEPARTMENT_HEAD)
	if stand.deputy and frappe.db.get_value("User", stand.deputy, "enabled"):
		return people.Recipient(stand.deputy, people.DEPUTY)
	return None


def send_by_hand(name: str) -> int:
	"""Sends a notice that a QA Specialist wrote, to many of its readers by a job; returns to how many."""
	notice = frappe.get_doc(DOCTYPE, name, for_update=True)
	if notice.sent_on:
		frappe.throw(_("This notice is out already."), title=_("Change Notice"))
	add_readers(notice, now_datetime().date())
	save(notice)
	if not _send_part(name):
		text = _("The notice goes to {0} people: all of them are told within some minutes.")
		frappe.msgprint(text.format(len(notice.readers)), title=_("Change Notice"))
	return len(notice.readers)


def send_due() -> list[str]:
	"""Sends every notice that is not out yet; returns the names of those that are now.

	One that a QA Specialist writes by hand waits for the button, which gives it its readers.
	"""
	notice, row = frappe.qb.DocType(DOCTYPE), frappe.qb.DocType(READER)
	is_asked_for = (notice.request != "") | notice.name.isin(frappe.qb.from_(row).select(row.parent))
	query = frappe.qb.from_(notice).select(notice.name).orderby(notice.creation)
	is_waiting = notice.sent_on.isnull() & notice.withdrawn_on.isnull() & is_asked_for
	text = _("The notice {0} could not be sent to everybody.")
	return [name for name in query.where(is_waiting).run(pluck=True) if _each(name, send, "send", text)]


def _each(name: str, step: Callable[[str], object], what: str, failure: str) -> bool:
	"""One notice, committed; a failure is told once and tried again, and keeps no other notice back."""
	doing = carrying_out.Doing(DOCTYPE, name, what, failure.format(name))
	return carrying_out.committed(doing, lambda: step(name))


def send(name: str) -> None:
	"""Tells everybody on the notice, in the Desk and by mail, each in their own language.

	Commits part by part: what a job leaves that died, the next one goes on with.
	Policy: CORE-08
	"""
	while not _send_part(name):
		frappe.db.commit()  # nosemgrep: these know, as their rows say


def _send_part(name: str) -> bool:
	"""Tells those who come next; returns whether everybody has been told."""
	notice = frappe.get_doc(DOCTYPE, name, for_update=True)
	if notice.withdrawn_on:
		return True
	moment = now_datetime()
	left = [row for row in notice.readers if not row.told_on]
	for row in left[:PART]:
		change_letters.notify(notice, row.user)
		row.told_on = moment
		mail(notice, row, moment)
		_keep(row, "told_on", "mailed_on", "problem")
	if len(left) > PART:
		return False
	if not notice.sent_on:
		notice.db_set("sent_on", moment, notify=True)
	return True


def _keep(row: Document, *fields: str) -> None:
	row.db_set({field: row.get(field) for field in fields}, update_modified=False)


def mail(notice: Document, row: Document, moment: datetime, *, reminder: bool = False) -> None:
	"""Queues the mail of one reader; what keeps it from going stands in the row, and the Desk has told them."""
	if row.mailed_on and not reminder:
		return
	if not may_mail():
		row.problem = _("Core Helpdesk is not live here: nothing is mailed.")
		return
	try:
		outgoing.queue(change_letters.notice_letter(notice, row.user, reminder=reminder))
		row.mailed_on, row.problem = row.mailed_on or moment, None
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

	A mail that could not go before is tried again.
	Policy: CORE-08, QA-15
	"""
	reminded: list[int] = []
	text = _("The readers of the notice {0} could not be reminded.")
	for name in unread():
		_each(name, lambda name: reminded.append(_remind(name, now)), "remind", text)
	return sum(reminded)


def unread() -> list[str]:
	"""Notices that are out and that somebody has not acknowledged."""
	notice, row = frappe.qb.DocType(DOCTYPE), frappe.qb.DocType(READER)
	query = frappe.qb.from_(notice).join(row).on(row.parent == notice.name).select(notice.name).distinct()
	out = notice.sent_on.isnotnull() & notice.withdrawn_on.isnull()
	return query.where(out & row.acknowledged_on.isnull()).orderby(notice.name).run(pluck=True)


def _remind(name: str, now: datetime) -> int:
	notice = frappe.get_doc(DOCTYPE, name)
	enabled = _enabled(row.user for row in notice.readers)
	waiting = [row for row in notice.readers if row.user in enabled and not row.acknowledged_on]
	late = {row.name for row in waiting if is_late(row, now)}
	for part in create_batch([row for row in waiting if row.name in late or not row.mailed_on], PART):
		for row in part:
			_remind_reader(notice, row, now, late=row.name in late)
		frappe.db.commit()  # nosemgrep: these are reminded, as their rows say
	return len(late)


def _remind_reader(notice: Document, row: Document, now: datetime, *, late: bool) -> None:
	if late:
		change_letters.notify(notice, row.user, reminder=True)
		row.reminded_on = now
	mail(notice, row, now, reminder=late)
	_keep(row, "mailed_on", "reminded_on", "problem")


def _enabled(users: Iterable[str]) -> set[str]:
	given = {"name": ("in", sorted(set(users)) or [""]), "enabled": 1}
	return set(frappe.get_all("User", given, pluck="name"))


def is_late(row: Document, now: datetime) -> bool:
	last = row.reminded_on or row.told_on
	return bool(last) and get_datetime(last) <= now - timedelta(days=REMIND_AFTER_DAYS)


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
