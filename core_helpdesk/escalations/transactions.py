"""What a transaction of ours may and may not survive, and the isolation that bulk work needs."""

from __future__ import annotations

from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, NoReturn, ParamSpec, TypeVar

import frappe
from frappe import _
from rq.timeouts import JobTimeoutException

if TYPE_CHECKING:
	from collections.abc import Callable, Iterator

P, T = ParamSpec("P"), TypeVar("T")

# Lock wait timeout, deadlock, record changed since the snapshot, server gone, connection lost, connection closed.
LOST = frozenset({1205, 1213, 1020, 2006, 2013, 2055})
LOCK_WAIT_TIMEOUT = 1205
# Deadlock, record changed since the snapshot, key taken at the same instant, as that of a new year's series.
BEATEN = ((1213,), (1020,), (1062,))
ATTEMPTS = 4
SAVEPOINT = "ch_step"
READ_COMMITTED = "READ-COMMITTED"


class WaitedInVain(Exception):
	"""A lock was not to be had in time; what needed it is undone, and the transaction stands."""


def is_lost(error: BaseException) -> bool:
	"""True if the database has, or may have, ended the transaction: nothing done in it can be relied on."""
	if isinstance(error, (frappe.QueryDeadlockError, frappe.QueryTimeoutError)):
		return True
	return bool(error.args) and error.args[0] in LOST


def is_out_of_time(error: BaseException) -> bool:
	"""True if the job's time is up: it is told once, and killed soon after if it goes on."""
	return isinstance(error, JobTimeoutException)


def ends_all(error: BaseException) -> bool:
	"""True if no part of the work may swallow the error: the transaction is lost, or the job is over."""
	return is_lost(error) or is_out_of_time(error)


def _is_wait(error: BaseException) -> bool:
	return isinstance(error, frappe.QueryTimeoutError) or error.args[:1] == (LOCK_WAIT_TIMEOUT,)


@contextmanager
def undone_on_failure() -> Iterator[None]:
	"""Undoes what the block wrote when it fails, and raises the failure again.

	After a lost transaction the savepoint is gone too, and whoever began the transaction must know. A lock that was
	waited for in vain costs the statement only, unless the server is set to end the transaction with it: where the
	savepoint still stands, so does the transaction.
	Raises: WaitedInVain for such a lock.
	"""
	# Each depth has its own: one of the same name would take the place of that around it.
	depth = frappe.flags.ch_savepoints or 0
	savepoint = f"{SAVEPOINT}_{depth}"
	frappe.db.savepoint(savepoint)
	frappe.flags.ch_savepoints = depth + 1
	try:
		yield
	except Exception as error:
		if (is_lost(error) and not _is_wait(error)) or not _undone(savepoint):
			raise
		if _is_wait(error):
			raise WaitedInVain(str(error)) from error
		raise
	finally:
		frappe.flags.ch_savepoints = depth


def _undone(savepoint: str) -> bool:
	"""True if the savepoint was there to go back to."""
	try:
		frappe.db.rollback(save_point=savepoint)
	except Exception:
		return False
	return True


@contextmanager
def logged_on_failure(title: str) -> Iterator[None]:
	"""Undoes what the block wrote when it fails, and logs the failure: it must not cost the work around it.

	Raises: what nothing may swallow.
	"""
	try:
		with undone_on_failure():
			yield
	except Exception as error:
		if ends_all(error):
			raise
		frappe.log_error(title=title, message=frappe.get_traceback())


@contextmanager
def read_committed() -> Iterator[None]:
	"""Runs the block's transactions in READ COMMITTED: rows claimed there block no inserts beside them."""
	before = isolation()
	if before == READ_COMMITTED:
		yield
		return
	set_isolation(READ_COMMITTED)
	try:
		yield
	finally:
		frappe.db.rollback()
		set_isolation(before)


def act(function: Callable[P, T]) -> Callable[P, T]:
	"""A person's act that begins its request: it sees what others have committed by then, locks nothing beside what it
	changes, and is done again where the database has ended it in favour of another one.

	Where something was written before, it is a part of that, and fails or stands with it.
	Raises: ValidationError where it could not be done as often as it was tried; nothing is kept of it then.
	"""

	@wraps(function)
	def acting(*args: P.args, **kwargs: P.kwargs) -> T:
		if frappe.db.transaction_writes:
			return function(*args, **kwargs)
		for _attempt in range(ATTEMPTS):
			_begin_read_committed()
			try:
				return function(*args, **kwargs)
			except Exception as error:
				if not _is_beaten(error):
					raise
				frappe.db.rollback()
				frappe.clear_messages()
		_give_up()

	return acting


def _give_up() -> NoReturn:
	message = _("Others are working on the same records just now, and nothing was changed. Please try again.")
	frappe.throw(message, title=_("Please Try Again"))


def _is_beaten(error: Exception) -> bool:
	return isinstance(error, frappe.QueryDeadlockError) or error.args[:1] in BEATEN


def _begin_read_committed() -> None:
	before = isolation()
	set_isolation(READ_COMMITTED)
	# The transaction that has begun keeps its own; the next one is as the server wants it.
	frappe.db.sql("set session tx_isolation = %s", (before,))  # nosemgrep: a variable of the server, no table


def isolation() -> str:
	return frappe.db.sql("select @@tx_isolation")[0][0]  # nosemgrep: a variable of the server, no table


def set_isolation(level: str) -> None:
	# `SET TRANSACTION` would fail inside the transaction that a commit has already begun.
	frappe.db.sql("set session tx_isolation = %s", (level,))  # nosemgrep: a variable of the server, no table
	frappe.db.commit()  # nosemgrep: the setting holds from the next transaction on
