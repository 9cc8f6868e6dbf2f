"""Workers that die: a child process does a piece of work on the site, and is killed at a chosen statement."""

from __future__ import annotations

import os
import signal
import sys
import traceback
from typing import TYPE_CHECKING

import frappe

from tests.site import sessions

if TYPE_CHECKING:
	from collections.abc import Callable

KILLED = -signal.SIGKILL
# Connections of the parent, kept open in the child: closing them there would end them for both.
_parents: list[object] = []


def in_child(work: Callable[[], object]) -> int:
	"""Does the work in a process of its own, with its own connection; returns how that ended: 0, 1 or `KILLED`."""
	frappe.db.commit()
	child = os.fork()
	if child == 0:
		_die_with(work)
	_, status = os.waitpid(child, 0)
	frappe.db.rollback()
	sessions.clear_caches()
	return os.waitstatus_to_exitcode(status)


def start_child(work: Callable[[], object]) -> int:
	"""Starts the work and returns the child's id; whoever calls waits for it."""
	frappe.db.commit()
	child = os.fork()
	if child == 0:
		_die_with(work)
	return child


def ended_well(child: int) -> bool:
	return wait(child) == 0


def wait(child: int) -> int:
	"""How the child ended: 0, 1 or `KILLED`."""
	_, status = os.waitpid(child, 0)
	return os.waitstatus_to_exitcode(status)


def _die_with(work: Callable[[], object]) -> None:
	code = 1
	try:
		_connect_anew()
		work()
		frappe.db.commit()
		code = 0
	except BaseException:
		traceback.print_exc()
	finally:
		sys.stderr.flush()
		os._exit(code)


def _connect_anew() -> None:
	_parents.append(frappe.local.db._conn)
	_parents.append(frappe.local.db)
	frappe.connect(set_admin_as_user=True)
	sessions.enter_test_mode()


def killed_at(statement: int, work: Callable[[], object]) -> Callable[[], None]:
	"""The work, ended by SIGKILL at its n-th statement: before it for odd, after it for even numbers."""

	def doomed() -> None:
		db, send, count = frappe.local.db, frappe.local.db.sql, 0

		def counting(*args: object, **kwargs: object) -> object:
			nonlocal count
			count += 1
			if count == statement and statement % 2:
				os.kill(os.getpid(), signal.SIGKILL)
			result = send(*args, **kwargs)
			if count == statement:
				os.kill(os.getpid(), signal.SIGKILL)
			return result

		db.sql = counting
		work()

	return doomed
