"""What stands in a mail of the queue, as its reader sees it."""

from __future__ import annotations

import email
from email.header import decode_header, make_header


def subject_of(message: str) -> str:
	return str(make_header(decode_header(email.message_from_string(message)["Subject"])))


def plain_text(message: str) -> str:
	parts = email.message_from_string(message).walk()
	texts = (part.get_payload(decode=True) for part in parts if part.get_content_type() == "text/plain")
	return "".join(text.decode() for text in texts).replace("\r\n", "\n")
