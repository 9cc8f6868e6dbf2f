"""Which tickets were made since a moment is found out without reading those of all the years before."""

from __future__ import annotations

import frappe
import pytest

from core_helpdesk import config
from core_helpdesk.hosts import ticket_history

TICKET = "HD Ticket"
BEFORE, MOMENT, AFTER = "2024-01-01 09:00:00", "2026-01-01 09:00:00", "2026-02-01 09:00:00"
OLD, NEW = 600, 3


@pytest.fixture(autouse=True)
def tickets() -> list[int]:
	"""Many old tickets, and a few new ones with the highest numbers."""
	frappe.db.delete(TICKET)
	add(1_000_000, OLD, BEFORE)
	return add(2_000_000, NEW, AFTER)


def add(first: int, count: int, made: str) -> list[int]:
	names = list(range(first, first + count))
	fields = ["name", "creation", "modified", "owner", "modified_by", "subject", "status"]
	rows = [(name, made, made, "Administrator", "Administrator", "Parcel", "Open") for name in names]
	frappe.db.bulk_insert(TICKET, fields, rows)
	return names


def since() -> int:
	return config.to_epoch(MOMENT)


def rows_read() -> int:
	"""How many rows and keys this connection has read so far."""
	return sum(int(value) for _name, value in frappe.db.sql("show session status like 'Handler_read%'"))


def test_it_is_known_whether_there_are_more_than_so_many() -> None:
	assert [ticket_history.are_more_than(most, since()) for most in (0, NEW - 1, NEW, OLD)] == [
		True,
		True,
		False,
		False,
	]
	assert ticket_history.are_more_than(OLD, 0)
	assert not ticket_history.are_more_than(OLD + NEW, 0)


def test_the_tickets_made_since_are_given_in_the_order_of_their_names(tickets: list[int]) -> None:
	# One that was written again lately, and one that came in later than its number tells.
	frappe.db.set_value(TICKET, 1_000_000, "subject", "Parcel found")
	frappe.db.set_value(TICKET, 1_000_001, {"creation": AFTER, "modified": AFTER}, update_modified=False)
	(batch,) = ticket_history.batches(since())
	assert [ticket.name for ticket in batch] == ["1000001", *map(str, tickets)]
	assert ticket_history.count(since()) == NEW + 1
	assert ticket_history.count() == OLD + NEW


def test_without_any_ticket_since_there_is_none() -> None:
	far = config.to_epoch("2027-01-01 09:00:00")
	assert (ticket_history.count(far), list(ticket_history.batches(far))) == (0, [])
	assert not ticket_history.are_more_than(0, far)


def test_old_tickets_are_not_read(tickets: list[int]) -> None:
	before = rows_read()
	assert not ticket_history.are_more_than(1_000, since())
	assert len(next(ticket_history.batches(since()))) == NEW
	assert rows_read() - before < OLD / 2
