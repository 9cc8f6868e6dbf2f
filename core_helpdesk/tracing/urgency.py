"""Marks a case as urgent where a customer or one of the staff writes so on its ticket.

What a message quotes of earlier ones says nothing new, and "not urgent" is not urgent. A case that was marked once is
left to its officer, who may take the mark away.
Policy: TRC-16
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import frappe
from bs4 import BeautifulSoup

from core_helpdesk import config
from core_helpdesk.domain.unsolved import says_unsolved as says_one_of
from core_helpdesk.escalations import transactions
from core_helpdesk.hosts import hd_ticket
from core_helpdesk.tracing import records, rules

if TYPE_CHECKING:
	from frappe.model.document import Document

NEW_SECONDS = 3 * 3600
# Where so many open at once they come from a group that began to trace, not from this hour's mail.
MANY = 500
LONGEST = 20_000
QUOTES = ["blockquote", ".gmail_quote", ".moz-cite-prefix", "#divRplyFwdMsg", ".yahoo_quoted"]
# What stands before a quotation in mails that do not mark it, in both languages.
QUOTATION = re.compile(
	r"^(>|-{2,} ?(original message|forwarded message|الرسالة الأصلية)|on .{0,200} wrote:|(في|بتاريخ) .{0,200} كتب.{0,80}:)",
	re.IGNORECASE,
)


def look_at(message: Document) -> None:
	"""Looks at a message that came to a ticket; mail intake never fails over it.

	Policy: TRC-16
	"""
	if message.reference_doctype != hd_ticket.DOCTYPE or message.sent_or_received != "Received":
		return
	with transactions.logged_on_failure("Core Helpdesk: message not looked at for urgency"):
		case = records.open_of(message.reference_name) if rules.is_on() else None
		if case and is_urgent(message.subject, message.content):
			# The host writes the ticket next: it comes before its case in the order of locks.
			hd_ticket.facts(message.reference_name, for_update=True)
			mark(case.name, config.now_epoch())


def look_at_new(now: int) -> list[str]:
	"""Looks at what was written before the case opened; returns the cases that were marked.

	Units: `now` is seconds since the epoch.
	"""
	table = frappe.qb.DocType(records.DOCTYPE)
	query = frappe.qb.from_(table).select(table.name, table.ticket).where(table.urgent == 0)
	query = query.where(table.status.isin([records.OPEN, records.SOLVED]) & table.urgent_since.isnull())
	recent = query.where(table.opened_epoch > now - NEW_SECONDS).orderby(
		table.opened_epoch, order=frappe.qb.desc
	)
	found = recent.limit(MANY).run()
	return [name for name, ticket in found if _was_urgent(ticket) and mark(name, now)]


def _was_urgent(ticket: str) -> bool:
	facts = hd_ticket.facts(ticket)
	received = [each.html for each in hd_ticket.conversation(ticket) if each.direction == "Received"]
	return is_urgent(facts.subject, "") or any(is_urgent("", html) for html in received)


def is_urgent(subject: str | None, html: str | None) -> bool:
	"""Whether one of the words of the settings stands in it, and is not denied."""
	words = rules.urgent_words()
	if not words:
		return False
	return says_one_of(f"{subject or ''}\n{own_words(html or '')}", words)


def own_words(html: str) -> str:
	"""What the writer of a message has written, without markup and without what is quoted."""
	soup = BeautifulSoup(html[:LONGEST], "html.parser")
	for quoted in soup.select(", ".join([*QUOTES, "style", "script", "head"])):
		quoted.decompose()
	lines = []
	for line in soup.get_text("\n").splitlines():
		if QUOTATION.match(line.strip()):
			break
		lines.append(line)
	return "\n".join(lines)


def mark(case: str, now: int) -> bool:
	"""Marks an open case that never was urgent; returns whether it did. Nobody has seen it as it is now.

	Units: `now` is seconds since the epoch.
	"""
	known = frappe.db.get_value(records.DOCTYPE, case, ["urgent", "urgent_since"], as_dict=True)
	if not known or known.urgent or known.urgent_since:
		return False
	records.write(case, {"urgent": 1, "urgent_since": config.from_epoch(now), "_seen": None})
	return True
