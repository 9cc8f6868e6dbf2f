"""Last steps of implementing: those who are to know of a change are told, and so is who asked for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import get_fullname

from core_helpdesk.governance import notices
from core_helpdesk.mail import change_letters, language, letters, outgoing
from core_helpdesk.mail import notices as desk_notices
from core_helpdesk.shown import country

if TYPE_CHECKING:
	from core_helpdesk.governance.act import Act

SENDING = "core_helpdesk.jobs.ch_announce"


def make_notice(act: Act) -> None:
	"""The notice to every department head; it goes out as soon as the act is done.

	Policy: CORE-08
	"""
	with language.speaking(language.site_language()):
		name = notices.make(act.request, act.team, title_of(act), starts_of(act))
	act.note_made(notices.DOCTYPE, name)
	frappe.enqueue(SENDING, queue="short", enqueue_after_commit=True, job_id=f"ch_announce_{name}")


def starts_of(act: Act) -> object:
	return act.request.retire_on or act.starts_on


def title_of(act: Act) -> str:
	notice = frappe._dict(request=act.request.name, team=act.team, title="")
	return change_letters.heading(notice)


def tell_former_head(act: Act, user: str, place: tuple[str, str]) -> None:
	"""Who answered for a place so far hears that another one does."""
	if not user:
		return
	department, land = place
	with language.speaking(language.language_of(user)):
		text = _("{0} answers for {1} in {2} now, instead of you ({3}).").format(
			get_fullname(act.request.head),
			letters.department_named(department, frappe.local.lang),
			country(land, frappe.local.lang),
			act.request.name,
		)
		desk_notices.insert(user, text, "Core Department", department)


def tell_requester(act: Act) -> None:
	"""Policy: CORE-07"""
	user = act.request.requested_by
	if not user or user in frappe.STANDARD_USERS:
		return
	with language.speaking(language.language_of(user)):
		text = _("Your request is implemented: {0}").format(result_of(act))
		desk_notices.insert(user, text, "Group Request", act.request.name)
	mail_result(act, user, text)


def result_of(act: Act) -> str:
	return act.team or act.results.get("result_category") or act.request.get("title") or act.request.name


def mail_result(act: Act, user: str, text: str) -> None:
	"""What keeps the mail from going must not keep the group from being made: the Desk has told them."""
	if not notices.may_mail():
		return
	request = act.request
	request.result_team = act.results.get("result_team")
	try:
		outgoing.queue(change_letters.result_letter(request, user, text))
	except outgoing.NotQueued as problem:
		request.add_comment("Info", _("The requester got no mail: {0}").format(problem.reason))
