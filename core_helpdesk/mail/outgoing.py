"""Queues one mail: one Email Queue row and one Communication, in the transaction of whoever asks.

Nothing is sent here, and nothing is enqueued: the framework's own flush sends what was committed.
"""

from __future__ import annotations

from typing import NamedTuple

import frappe
from frappe import _
from frappe.email.doctype.email_account.email_account import EmailAccount
from frappe.email.doctype.email_queue.email_queue import QueueBuilder
from frappe.email.email_body import get_message_id
from frappe.utils import escape_html, get_string_between, now

from core_helpdesk import config
from core_helpdesk.mail import headers, reply_to
from core_helpdesk.mail.remembered import remembered

COMMUNICATION = "Communication"
QUEUE = "Email Queue"


class NotQueued(Exception):
	"""A mail that was not queued. `passing` says whether trying again later may help."""

	def __init__(self, reason: str, *, passing: bool) -> None:
		self.reason = reason
		self.passing = passing
		super().__init__(reason)


class Attachment(NamedTuple):
	"""A file that goes with a mail, in the mail alone: nothing of it comes to lie on the disk."""

	name: str
	content: bytes


class Letter(NamedTuple):
	"""One mail to one person, rendered; `reference` is the document of ours that answers are filed on.

	`filed` is what lies on the reference where it must not be the text: without a link that answers for its reader.
	"""

	user: str
	subject: str
	html: str
	text: str
	reference_doctype: str
	reference_name: str
	filed: str = ""
	attachments: tuple[Attachment, ...] = ()


class Queued(NamedTuple):
	email_queue: str
	communication: str


class OwnPage(QueueBuilder):
	"""The framework's builder with our finished page: its wrapper would take four times as long to inline styles.

	Overrides frappe.email.doctype.email_queue.email_queue.QueueBuilder.email_html_content and .email_text_content.
	"""

	def email_html_content(self) -> str:
		return self._message

	def email_text_content(self) -> str:
		return self._text_content


def queue(letter: Letter) -> Queued:
	"""Puts the mail into the framework's queue, and files it on its reference.

	Raises: NotQueued with the reason, in the present language.
	Policy: TSM-04, TSM-06
	"""
	answers_to = _answers_to()
	return _queued(letter, _address_of(letter.user), answers_to)


def queue_to_customer(letter: Letter, address: str) -> Queued:
	"""The same for a mail to a customer, who need not be a user.

	Raises: NotQueued with the reason, in the present language.
	Policy: TRC-21
	"""
	return _queued(letter, address, _answers_to())


def _answers_to() -> str:
	answers_to = config.settings().reply_to
	problem = remembered(("problem with", answers_to), lambda: reply_to.problem_with(answers_to))
	if problem:
		raise NotQueued(problem, passing=True)
	return answers_to


def _queued(letter: Letter, address: str, answers_to: str) -> Queued:
	message_id = get_string_between("<", get_message_id(), ">")
	communication = _file(letter, address, message_id)
	row = _queue_row(letter, address, answers_to, message_id, communication)
	return Queued(row, communication)


def _address_of(user: str) -> str:
	found = frappe.db.get_value("User", user, ["email", "enabled"], as_dict=True)
	if not found or not found.enabled:
		raise NotQueued(_("The user {0} is disabled.").format(user), passing=False)
	if not found.email or user in frappe.STANDARD_USERS:
		raise NotQueued(_("The user {0} has no e-mail address.").format(user), passing=False)
	return found.email


def _queue_row(letter: Letter, address: str, answers_to: str, message_id: str, communication: str) -> str:
	builder = OwnPage(
		recipients=[address],
		sender=remembered(("sender", answers_to), lambda: _sender(answers_to)),
		subject=letter.subject,
		message=letter.html,
		text_content=letter.text,
		attachments=[{"fname": each.name, "fcontent": each.content} for each in letter.attachments],
		reference_doctype=letter.reference_doctype,
		reference_name=letter.reference_name,
		reply_to=answers_to,
		message_id=message_id,
		communication=communication,
		add_unsubscribe_link=0,
		is_notification=True,
	)
	said = len(frappe.local.message_log)
	try:
		with headers.automatic():
			row = builder.process()
	except frappe.OutgoingEmailError:
		# The framework's own words would stand beside ours.
		del frappe.local.message_log[said:]
		raise NotQueued(_("No outgoing e-mail account is set up."), passing=True) from None
	if not row:
		raise NotQueued(_("{0} has unsubscribed from mail of this site.").format(address), passing=False)
	return row.name


def account(reference_doctype: str) -> EmailAccount | None:
	"""The account that mails about these documents leave by, as the framework chooses it; None if none can send.

	That of the address from which they come, else the default one, be it a record or set in the site's configuration.
	"""
	sender = _sender(config.settings().reply_to)
	found = EmailAccount.find_outgoing(match_by_email=sender or None, match_by_doctype=reference_doctype)
	return found if found and not found.get("awaiting_password") else None


def _sender(answers_to: str) -> str:
	"""The Reply-To address itself where an account can send from it, so that responders answer there too."""
	account = {"email_id": answers_to, "enable_outgoing": 1}
	return answers_to if frappe.db.exists("Email Account", account) else ""


def _as_page(text: str) -> str:
	"""Its lines, each from the side of its own language, whichever the form that shows them has."""
	return "".join(f'<div dir="auto">{escape_html(line) or "<br>"}</div>' for line in text.splitlines())


def _file(letter: Letter, address: str, message_id: str) -> str:
	"""The mail as it lies on its reference; an answer finds it by its message id, long after the queue is emptied.

	Written as a row: it tells of a mail, and must not set off what a person's message sets off.
	"""
	filed = letter.filed or letter.text
	document = frappe.new_doc(COMMUNICATION)
	document.update(
		{
			"communication_type": "Automated Message",
			"communication_medium": "Email",
			"sent_or_received": "Sent",
			"status": "Linked",
			"subject": letter.subject,
			# The page itself would bring its own colours into the form.
			"content": _as_page(filed),
			"text_content": filed,
			"recipients": address,
			"communication_date": now(),
			"message_id": message_id,
			"reference_doctype": letter.reference_doctype,
			"reference_name": letter.reference_name,
			"user": frappe.session.user,
			"delivery_status": "",
			"owner": frappe.session.user,
			"creation": now(),
			"modified": now(),
			"modified_by": frappe.session.user,
		}
	)
	document.set_new_name()
	document.db_insert()
	return document.name
