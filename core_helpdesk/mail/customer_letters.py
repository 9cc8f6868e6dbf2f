"""Words the mails to customers: paragraphs of a notice, a button for its link, and where to write to.

Like every mail of ours they never touch a ticket: no number sign in the subject, no ticket as their reference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import frappe
from frappe import _

from core_helpdesk import shown
from core_helpdesk.mail import language
from core_helpdesk.mail.outgoing import Letter

if TYPE_CHECKING:
	from collections.abc import Iterable

PAGE = "core_helpdesk/templates/emails/ch_notice.html"


class Message(NamedTuple):
	"""What a customer is told: `text` with blank lines between paragraphs, and `link` where LINK stands in it."""

	language: str
	subject: str
	text: str
	link: str = ""
	portal: str = ""


LINK = "\ufffc"
"""Stands in a text for its link until the mail is made: what a customer wrote cannot be taken for it."""


def letter(message: Message, reference: tuple[str, str]) -> Letter:
	"""The mail, rendered in the present language, which is to be the message's."""
	page = _page(message)
	html = frappe.get_template(PAGE).render(page)
	text = _text(page, message.link)
	hidden = _text(page, f"({_('a link that only the customer has')})") if message.link else ""
	return Letter("", _subject(message.subject), html, text, *reference, filed=hidden)


def _subject(text: str) -> str:
	return " ".join(text.replace("#", " ").split())


def _page(message: Message) -> dict[str, Any]:
	direction = language.direction(message.language)
	paragraphs = [part.strip() for part in message.text.split("\n\n") if part.strip()]
	lead = paragraphs.pop(0) if paragraphs and LINK not in paragraphs[0] else ""
	return {
		"language": message.language,
		"direction": direction,
		"start": "right" if direction == "rtl" else "left",
		"title": _subject(message.subject),
		"lead": lead,
		"paragraphs": list(_paragraphs(paragraphs, message.link)),
		"link_label": _("Give Your Answer"),
		"portal": message.portal,
		"portal_label": _("Open Your Request"),
		# The one thing to do, unless there is something to answer.
		"portal_first": not message.link,
		"footer": [_footer(message.portal)],
	}


def _paragraphs(texts: Iterable[str], link: str) -> Iterable[dict[str, Any]]:
	for text in texts:
		before, mark, after = text.partition(LINK)
		if before.strip():
			yield _lines(before)
		if mark and link:
			yield {"link": link}
		if after.strip():
			yield _lines(after.replace(LINK, ""))


def _lines(text: str) -> dict[str, Any]:
	return {"lines": [shown.numbers_kept(line) for line in text.strip().splitlines()]}


def _footer(portal: str) -> str:
	if portal:
		return _("Please do not reply to this e-mail. To write to us, open your request in the portal.")
	return _(
		"Please do not reply to this e-mail. To write to us, reply to an earlier e-mail about your request."
	)


def _text(page: dict[str, Any], link: str) -> str:
	"""The same mail for readers without HTML, with `link` in the place of its link."""
	lines = [page["title"], "", page["lead"], ""]
	for paragraph in page["paragraphs"]:
		if "link" in paragraph:
			lines += [f"{page['link_label']}: {link}", ""]
		else:
			lines += [*paragraph["lines"], ""]
	if page["portal"]:
		lines += [f"{page['portal_label']}: {page['portal']}", ""]
	return "\n".join(lines + page["footer"])
