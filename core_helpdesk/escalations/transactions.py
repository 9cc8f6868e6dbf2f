"""What a transaction of ours may and may not survive, and the isolation that bulk work needs."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import frappe

if TYPE_CHECKING:
	from collections.abc import Iterator

# Lock wait timeout, deadlock, record changed since the snapshot, server gone, connection lost, connection closed.
LOST = frozenset({1205, 1213, 1020, 2006, 2013, 2055})
SAVEPOINT = "ch_step"
READ_COMMITTED = "READ-COMMITTED"


def is_lost(error: BaseException) -> bool:
	"""True if the database has, or may have, ended the transaction: nothing done in it can be relied on."""
	if isinstance(error, (frappe.QueryDeadlockError, frappe.QueryTimeoutError)):
		return True
	return bool(error.args) and error.args[0] in LOST


@contextmanager
def undone_on_failure() -> Iterator[None]:
	"""Undoes what the block wrote when it fails, and raises the failure again.

	After a lost transaction the savepoint is gone too, and whoever began the transaction must know.
	"""
	frappe.db.savepoint(SAVEPOINT)
	try:
		yield
	except Exception as error:
		if not is_lost(error):
			frappe.db.rollback(save_point=SAVEPOINT)
		raise


@contextmanager
def read_committed() -> Iterator[None]:
	"""Runs the block's transactions in READ COMMITTED: rows claimed there block no inserts beside them."""
	before = frappe.db.sql("select @@tx_isolation")[0][0]  # nosemgrep: a variable of the server, no table
	if before == READ_COMMITTED:
		yield
		return
	set_isolation(READ_COMMITTED)
	try:
		yield
	finally:
		frappe.db.rollback()
		set_isolation(before)


def set_isolation(level: str) -> None:
	# `SET TRANSACTION` would fail inside the transaction that a commit has already begun.
	frappe.db.sql("set session tx_isolation = %s", (level,))  # nosemgrep: a variable of the server, no table
	frappe.db.commit()  # nosemgrep: the setting holds from the next transaction on
