"""A deadlock inside our handler while a customer's mail comes in: the mail is not lost and nothing is half done."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import frappe
import pytest
from frappe.email.receive import InboundMail

from tests.site.courier import make_account
from tests.site.factories import make_desk, make_ticket
from tests.site.moments import Moment, epoch
from tests.site.snapshot import root_connection
from tests.site.test_sync import change, row_of

if TYPE_CHECKING:
	from frappe.model.document import Document

pytestmark = pytest.mark.committed
WAITING = """select count(*) from information_schema.innodb_trx t
	join information_schema.processlist p on p.id = t.trx_mysql_thread_id
	where t.trx_state = 'LOCK WAIT' and p.db = %s"""
CUSTOMER = "customer@example.com"
REPLY = """From: {customer}
To: help@example.com
Subject: Re: {subject} (#{name})
Message-ID: <reply-1@example.com>
Date: Mon, 02 Mar 2026 12:00:00 +0000
Content-Type: text/plain; charset=utf-8

It still has not come.
"""


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Moment:
	return Moment(monkeypatch, "2026-03-02 09:00")


def answer_to(ticket: Document) -> InboundMail:
	account = frappe.get_doc(
		"Email Account", make_account("Courier Incoming", "help@example.com", append_to="HD Ticket")
	)
	text = REPLY.format(customer=CUSTOMER, subject=ticket.subject, name=ticket.name)
	return InboundMail(text.encode(), account, uid=1)


class Rival(threading.Thread):
	"""Another session that holds the clock and then asks for the ticket, heavier than we are: we must give way."""

	def __init__(self, clock: str, ticket: str) -> None:
		super().__init__(daemon=True)
		self.clock, self.ticket, self.database = clock, ticket, frappe.conf.db_name
		self.holds = threading.Event()
		self.connection = frappe.local.db.create_connection()
		# The site's own user may not see who waits for whom.
		self.server = root_connection()

	def run(self) -> None:
		try:
			self.take_both()
		finally:
			self.connection.rollback()

	def take_both(self) -> None:
		cursor = self.connection.cursor()
		cursor.execute("start transaction")
		# Weight: the server ends the transaction that has changed less.
		cursor.execute("update `tabDocField` set idx = idx + 1000")
		cursor.execute("select name from `tabTicket Clock` where name = %s for update", (self.clock,))
		self.holds.set()
		self.wait_until_the_other_waits()
		cursor.execute("select name from `tabHD Ticket` where name = %s for update", (self.ticket,))
		cursor.fetchall()

	def wait_until_the_other_waits(self) -> None:
		for _ in range(400):
			self.server.execute(WAITING, (self.database,))
			if self.server.fetchone()[0]:
				return
			time.sleep(0.05)


def test_a_deadlock_reaches_the_mail_intake_which_can_try_again(moment: Moment, snapshot: object) -> None:
	desk = make_desk(levels=({"pauses": 1},))
	ticket = make_ticket(group=desk.team, description="Where is it?")
	moment.set("2026-03-02 10:00")
	change(ticket, status="Replied")
	mail = answer_to(ticket)
	frappe.db.commit()
	moment.set("2026-03-02 12:00")

	rival = Rival(row_of(ticket).name, str(ticket.name))
	frappe.db.commit()
	rival.start()
	assert rival.holds.wait(20)
	with pytest.raises(frappe.QueryDeadlockError):
		mail.process()
	frappe.db.rollback()
	rival.join(20)

	assert frappe.db.count("Communication", {"message_id": "reply-1@example.com"}) == 0
	assert row_of(ticket).clock.state == "Paused"
	answer_to(ticket).process()
	frappe.db.commit()
	assert frappe.db.count("Communication", {"message_id": "reply-1@example.com"}) == 1
	assert frappe.db.get_value("HD Ticket", ticket.name, "status") == "Open"
	# One hour was counted before the pause of two.
	assert (row_of(ticket).clock.state, row_of(ticket).clock.due) == ("Open", epoch("2026-03-03 11:00"))
