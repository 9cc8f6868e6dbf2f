"""A ticket's conversation, read live for the people named on its escalation.

Policy: TSM-05 (a copy of the ticket goes to the head, who need not be an agent)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bs4 import BeautifulSoup
from frappe.utils import get_fullname
from frappe.utils.html_utils import sanitize_html

from core_helpdesk.hosts import hd_ticket

if TYPE_CHECKING:
	from core_helpdesk.hosts.hd_ticket import Message

# What a message has no need of, and what the framework's own cleaning lets pass.
UNWANTED = (
	"script",
	"style",
	"form",
	"input",
	"button",
	"select",
	"textarea",
	"iframe",
	"object",
	"embed",
	"link",
	"meta",
	"base",
)
INTERNAL = {"Comment": "Internal"}


def of_ticket(ticket: str) -> list[dict[str, Any]]:
	"""Every message and internal comment, oldest first, its HTML made harmless."""
	return [_shown(message) for message in hd_ticket.conversation(ticket)]


def _shown(message: Message) -> dict[str, Any]:
	return {
		"at": str(message.at)[:19],
		"sender": message.sender,
		"sender_name": get_fullname(message.sender) if message.sender else "",
		"direction": INTERNAL.get(message.direction, message.direction),
		"html": harmless(message.html),
	}


def harmless(html: str) -> str:
	"""The message without scripts, handlers, forms, or anything fetched from outside but pictures."""
	soup = BeautifulSoup(html or "", "html.parser")
	for unwanted in soup(UNWANTED):
		unwanted.decompose()
	return sanitize_html(str(soup), always_sanitize=True)
