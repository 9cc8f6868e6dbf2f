"""Words what is told of changes to groups, each reader in their own language: notices, reminders, and results."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe
from frappe import _
from frappe.utils import get_url_to_form

from core_helpdesk import config
from core_helpdesk.mail import language, letters, notices, request_letters
from core_helpdesk.shown import country
from core_helpdesk.stored_text import as_written

if TYPE_CHECKING:
	from collections.abc import Iterator

	from frappe.model.document import Document

	from core_helpdesk.mail.outgoing import Letter

NOTICE, REQUEST = "Change Notice", "Group Request"


def heading(notice: Document) -> str:
	"""What changes, in the present language; a notice that somebody wrote has a title of its own."""
	kind = frappe.db.get_value(REQUEST, notice.request, "kind") if notice.request else ""
	headings = {
		"New Group": _("New group: {0}"),
		"New Group Category": _("New group category: {0}"),
		"Change Group": _("Changed group: {0}"),
		"Change Escalation": _("Changed escalation time: {0}"),
		"Retire Group": _("Retired group: {0}"),
	}
	return headings[kind].format(subject_of(notice)) if kind in headings else as_written(notice.title)


def subject_of(notice: Document) -> str:
	return notice.team or frappe.db.get_value(REQUEST, notice.request, "category_name") or ""


def notify(notice: Document, user: str, *, reminder: bool = False) -> str:
	with language.speaking(language.language_of(user)):
		text = _("Please acknowledge: {0}").format(heading(notice)) if reminder else heading(notice)
		return notices.insert(user, text, NOTICE, notice.name)


def notify_withdrawn(notice: Document, user: str) -> str:
	with language.speaking(language.language_of(user)):
		return notices.insert(user, _("Taken back: {0}").format(heading(notice)), NOTICE, notice.name)


def notice_letter(notice: Document, user: str, *, reminder: bool = False) -> Letter:
	"""The notice as a mail, with one link to read it and one to acknowledge it as this user.

	Policy: CORE-08
	"""
	reader = letters.reader_of(user)
	with language.speaking(reader.language):
		lead = (
			_("You have not acknowledged this change yet.")
			if reminder
			else _("Please read what changes, and acknowledge it.")
		)
		reference = (NOTICE, notice.name)
		link = letters.link_by_signing_in(get_url_to_form(*reference), "acknowledge")
		return letters.about_document(
			reader,
			heading(notice),
			lead,
			list(_facts(notice, reader)),
			_("Open the Notice"),
			reference,
			first_link=(_("Acknowledge"), link),
		)


def _facts(notice: Document, reader: letters.Reader) -> Iterator[tuple[str, str]]:
	own_text = notice.text_ar if reader.language.startswith("ar") else notice.text
	yield _("What Changes"), as_written(own_text or notice.text or notice.text_ar)
	yield _("Purpose"), as_written(notice.purpose)
	yield _("Starts on", context="Change Notice"), reader.moment(config.to_epoch(notice.starts_on))
	if notice.team:
		yield from _group_facts(notice.team, reader)


def _group_facts(team: str, reader: letters.Reader) -> Iterator[tuple[str, str]]:
	group = config.group(team)
	yield _("Group", context="Core Helpdesk"), team
	yield _("Group Category"), letters.category_named(group.category, reader.language)
	yield (
		_("Department", context="Core Helpdesk"),
		letters.department_named(group.department, reader.language),
	)
	yield _("Country"), country(group.country, reader.language)


def result_letter(request: Document, user: str, text: str) -> Letter:
	"""Tells the requester what came of the request.

	Policy: CORE-07
	"""
	reader = letters.reader_of(user)
	with language.speaking(reader.language):
		facts = [
			(_("Group", context="Core Helpdesk"), request.get("result_team") or request.team or ""),
			(_("Kind"), _(request.kind)),
		]
		reference = (REQUEST, request.name)
		return letters.about_document(
			reader, text, request_letters.titled(request), facts, _("Open the Request"), reference
		)
