"""What a failure inside our code may cost: never the host's save, never an effect twice, never the end of a job."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import frappe
import pytest
from rq.timeouts import JobTimeoutException

from core_helpdesk.escalations import effects, kinds, sync, transactions
from core_helpdesk.hosts import hd_ticket
from core_helpdesk.mail import delivery
from tests.site.courier import claim
from tests.site.factories import make_desk, make_ticket
from tests.site.moments import Moment
from tests.site.test_sync import change, escalations_of, row_of
from tests.site.test_sync_deadlock import Rival

if TYPE_CHECKING:
	from collections.abc import Iterator

	from frappe.model.document import Document

LOCKED = 1205


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Moment:
	return Moment(monkeypatch, "2026-03-02 09:00")


@contextmanager
def held(doctype: str, name: str) -> Iterator[None]:
	"""Another session holds this row; ours waits a second for it."""
	connection = frappe.local.db.create_connection()
	cursor = connection.cursor()
	cursor.execute("start transaction")
	cursor.execute(f"select name from `tab{doctype}` where name = %s for update", (name,))
	frappe.db.sql("set session innodb_lock_wait_timeout = 1")
	try:
		yield
	finally:
		frappe.db.sql("set session innodb_lock_wait_timeout = default")
		connection.rollback()
		connection.close()


def is_free(doctype: str, name: str) -> bool:
	"""True if another session could lock this row now."""
	connection = frappe.local.db.create_connection()
	try:
		connection.cursor().execute(
			f"select name from `tab{doctype}` where name = %s for update nowait", (name,)
		)
	except Exception as error:
		assert error.args[0] == LOCKED
		return False
	finally:
		connection.rollback()
		connection.close()
	return True


@pytest.mark.committed
def test_a_lock_waited_for_in_vain_costs_our_part_and_not_the_hosts(moment: Moment, snapshot: object) -> None:
	desk = make_desk()
	ticket = make_ticket(group=desk.team)
	frappe.db.commit()
	with held("Ticket Clock", row_of(ticket).name):
		change(ticket, status="Closed", subject="Second call")
		frappe.db.commit()
	assert frappe.db.get_value("HD Ticket", ticket.name, ["status", "subject"]) == ("Closed", "Second call")
	assert row_of(ticket).clock.state == "Open"
	assert sync.sync(str(ticket.name), moment.now, found_by="reconcile")
	assert row_of(ticket).clock.state == "Resolved"


@pytest.mark.committed
def test_a_save_does_not_wait_for_a_finding_that_others_count(moment: Moment, snapshot: object) -> None:
	desk = make_desk()
	frappe.db.set_value("Escalation Policy", desk.policy, "workflow_state", "Draft")
	make_ticket(group=desk.team)
	finding = frappe.get_last_doc("Escalation Finding", {"kind": "Group without Data"})
	frappe.db.commit()
	with held("Escalation Finding", finding.name):
		second = make_ticket(group=desk.team)
		frappe.db.commit()
	assert row_of(second).clock.group == desk.team


@pytest.mark.committed
def test_a_locked_ticket_locks_nothing_that_other_tickets_need(moment: Moment, snapshot: object) -> None:
	desk = make_desk()
	ticket = make_ticket(group=desk.team)
	frappe.db.commit()
	facts = hd_ticket.facts(str(ticket.name), for_update=True)
	assert facts == hd_ticket.facts(str(ticket.name))
	assert not is_free("HD Ticket", str(ticket.name))
	if hd_ticket.keeps_statuses():
		assert is_free("HD Ticket Status", ticket.status)


class EndsEscalation(Rival):
	"""A handler at work: it holds the ticket and then writes the escalation, in the order of the app."""

	def take_both(self) -> None:
		cursor = self.connection.cursor()
		cursor.execute("start transaction")
		cursor.execute("update `tabDocField` set idx = idx + 1000")
		cursor.execute("select name from `tabHD Ticket` where name = %s for update", (self.ticket,))
		self.holds.set()
		self.wait_until_the_other_waits()
		cursor.execute(
			"update `tabTicket Escalation` set outcome_reason = 'Called' where name = %s", (self.clock,)
		)


@pytest.mark.committed
def test_moving_a_ticket_locks_it_before_its_escalation(moment: Moment, snapshot: object) -> None:
	desk = make_desk(levels=({"move_ticket": 1}, {"target": "General Manager"}))
	ticket = make_ticket(group=desk.team)
	claim(moment.later(days=1))
	(escalation,) = escalations_of(ticket)
	effect = effect_of(escalation.name, kinds.MOVE_TICKET)
	frappe.db.commit()
	rival = EndsEscalation(escalation.name, str(ticket.name))
	rival.start()
	assert rival.holds.wait(20)
	assert effects.carry_out(effect, moment.now) == "Done"
	frappe.db.commit()
	rival.join(20)
	assert frappe.db.get_value("HD Ticket", ticket.name, "agent_group") == desk.tsm_team


@pytest.mark.committed
def test_an_act_sees_what_others_have_committed_and_is_done_again_when_beaten(snapshot: object) -> None:
	ticket, seen = make_ticket(subject="Old"), []
	frappe.db.commit()
	other = frappe.local.db.create_connection()
	isolation = transactions.isolation()

	@transactions.act
	def rename(beaten: int) -> None:
		seen.append(hd_ticket.facts(ticket.name).subject)
		frappe.db.set_value("HD Ticket", ticket.name, "subject", "Newer")
		if len(seen) <= beaten:
			raise frappe.QueryDeadlockError

	assert hd_ticket.facts(ticket.name).subject == "Old"
	other.cursor().execute("update `tabHD Ticket` set subject = 'New' where name = %s", (ticket.name,))
	other.commit()
	rename(1)
	assert (seen, transactions.isolation()) == (["New", "New"], isolation)
	# A part of what was written before.
	with pytest.raises(frappe.QueryDeadlockError):
		rename(9)
	assert hd_ticket.facts(ticket.name).subject == "Newer"
	frappe.db.rollback()
	seen.clear()
	with pytest.raises(frappe.ValidationError, match="Please try again"):
		rename(9)
	assert (len(seen), hd_ticket.facts(ticket.name).subject) == (transactions.ATTEMPTS, "New")
	other.close()


def effect_of(escalation: str, kind: str) -> str:
	return frappe.db.get_value("Escalation Effect", {"ticket_escalation": escalation, "kind": kind})


@pytest.fixture
def claimed(moment: Moment) -> Document:
	"""A ticket whose first level was claimed; every effect is pending."""
	desk = make_desk()
	ticket = make_ticket(group=desk.team)
	claim(moment.later(days=1))
	return ticket


def fail_by(error: Exception) -> object:
	def fail(*_: object, **__: object) -> None:
		raise error

	return fail


def test_the_end_of_a_job_is_no_failure_of_an_effect(
	claimed: Document, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.setitem(kinds.KINDS, kinds.TICKET_COMMENT, fail_by(JobTimeoutException("300 seconds")))
	with pytest.raises(JobTimeoutException):
		effects.run(moment.now, time.monotonic() + 60)
	(escalation,) = escalations_of(claimed)
	name = effect_of(escalation.name, kinds.TICKET_COMMENT)
	assert frappe.db.get_value("Escalation Effect", name, ["state", "attempts"]) == ("Pending", 0)


def test_the_end_of_a_job_reaches_the_save_that_it_ends(
	moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	desk = make_desk()
	monkeypatch.setattr(sync, "start", fail_by(JobTimeoutException("300 seconds")))
	with pytest.raises(JobTimeoutException):
		make_ticket(group=desk.team)


def test_a_failure_that_cannot_be_shown_does_not_stop_the_other_effects(
	claimed: Document, moment: Moment, monkeypatch: pytest.MonkeyPatch
) -> None:
	monkeypatch.setitem(kinds.KINDS, kinds.COPY_MAIL, fail_by(ValueError("No mail today")))
	monkeypatch.setattr(delivery, "failed", fail_by(ValueError("Nowhere to show it")))
	counts = effects.run(moment.now, time.monotonic() + 60)
	assert counts["Waits"] >= 1
	(escalation,) = escalations_of(claimed)
	mail = effect_of(escalation.name, kinds.COPY_MAIL)
	assert frappe.db.get_value("Escalation Effect", mail, ["state", "attempts"]) == ("Pending", 1)
	assert effect_of(escalation.name, kinds.TICKET_COMMENT)
	done = {"ticket_escalation": escalation.name, "kind": kinds.TICKET_COMMENT, "state": "Done"}
	assert frappe.db.count("Escalation Effect", done) == 1
