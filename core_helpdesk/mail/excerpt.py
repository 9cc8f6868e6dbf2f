"""The last words of a ticket's conversation as plain text: nothing of a customer's markup reaches a reader's mail."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bs4 import BeautifulSoup

if TYPE_CHECKING:
	from collections.abc import Sequence

	from core_helpdesk.hosts.hd_ticket import Message

MESSAGES = 3
CHARACTERS = 1200


class Excerpt(NamedTuple):
	"""The end of a conversation, newest last, and how many earlier messages are left out."""

	messages: tuple[tuple[Message, tuple[str, ...]], ...]
	earlier: int


def excerpt(conversation: Sequence[Message]) -> Excerpt:
	"""The last messages that the customer can see as well, shortened."""
	public = [message for message in conversation if message.direction != "Comment"]
	last = public[-MESSAGES:]
	return Excerpt(tuple((message, lines_of(message.html)) for message in last), len(public) - len(last))


def lines_of(html: str) -> tuple[str, ...]:
	"""The text of a message, line by line, without markup, scripts, styles or pictures."""
	soup = BeautifulSoup(html or "", "html.parser")
	for unwanted in soup(["script", "style", "head", "title"]):
		unwanted.decompose()
	text = "\n".join(line.strip() for line in soup.get_text("\n").splitlines() if line.strip())
	if len(text) > CHARACTERS:
		text = text[:CHARACTERS].rsplit(" ", 1)[0] + " …"
	return tuple(text.splitlines())
