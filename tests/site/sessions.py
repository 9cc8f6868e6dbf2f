"""Frappe's session in the tests' own process: connecting, transactions that never reach the disk, caches."""

from __future__ import annotations

import inspect
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import frappe
from frappe.cache_manager import clear_defaults_cache
from frappe.utils.background_jobs import get_queues

if TYPE_CHECKING:
	from collections.abc import Iterator


def whole_run() -> Iterator[None]:
	"""The site's connection as long as a run of tests; for a fixture to yield from."""
	connect(os.environ["CORE_HELPDESK_SITE"])
	settle_host()
	frappe.db.commit()
	yield
	frappe.db.rollback()
	frappe.destroy()


def connect(site: str) -> None:
	"""Opens the site in test mode."""
	frappe.init(site, sites_path=".")
	frappe.connect()
	enter_test_mode()
	keep_caches_on_saving_users()
	frappe.set_user("Administrator")


def keep_caches_on_saving_users() -> None:
	"""Leaves out the list of people who owe a mail password, which nobody here does.

	Frappe writes it anew whenever a user is saved, and then throws away every cache of the site: tests make users by
	the thousand, and would spend most of their time on reading doctypes again.
	"""
	from frappe.core.doctype.user import user

	user.ask_pass_update = lambda: None


def enter_test_mode() -> None:
	_set_test_mode(True)


def leave_test_mode() -> None:
	_set_test_mode(False)


def _set_test_mode(wanted: bool) -> None:
	try:
		from frappe.tests.utils import toggle_test_mode
	except ImportError:  # before Frappe 16
		frappe.flags.in_test = wanted
	else:
		toggle_test_mode(wanted)


def settle_host() -> None:
	"""Switches off what the host cannot do on this Frappe.

	Helpdesk 1.14.0 asks for feedback by a mail with a header that Frappe 15.51.1 cannot send, and so fails to close
	a ticket that came by mail.
	"""
	if "email_headers" not in inspect.signature(frappe.sendmail).parameters:
		frappe.db.set_single_value("HD Settings", "enable_email_ticket_feedback", 0)


@contextmanager
def rolled_back() -> Iterator[None]:
	"""Commits inside the block end in a savepoint, rollbacks go back to the last of them, and all ends undone."""
	db = frappe.local.db
	db.rollback()
	db.savepoint("soft_commit")
	db.commit, db.rollback = soft_commit, soft_rollback
	try:
		yield
	finally:
		# The class's own methods show again.
		db.__dict__.pop("commit", None)
		db.__dict__.pop("rollback", None)
		forget()
		clear_caches()


def soft_commit(**_: object) -> None:
	db = frappe.local.db
	db.before_rollback.reset()
	db.after_rollback.reset()
	db.before_commit.run()
	db.savepoint("soft_commit")
	db.after_commit.run()


def soft_rollback(*, save_point: str | None = None, **_: object) -> None:
	db = frappe.local.db
	if save_point:
		db.sql(f"rollback to savepoint {save_point}")
		return
	db.before_commit.reset()
	db.after_commit.reset()
	db.before_rollback.run()
	db.sql("rollback to savepoint soft_commit")
	db.after_rollback.run()


def forget() -> None:
	"""Undoes what is not committed and whatever a test left in the session, or queued for workers that are not there."""
	frappe.db.rollback()
	for queue in get_queues():
		queue.empty()
	frappe.set_user("Administrator")
	frappe.local.lang = "en"
	frappe.local.message_log = []
	frappe.local.form_dict = frappe._dict()
	frappe.flags.sent_mail = None
	enter_test_mode()


def clear_caches() -> None:
	"""Empties what was cached from rows that are gone. Doctypes stay cached: no test changes them."""
	frappe.db.value_cache.clear()
	frappe.cache.delete_keys("document_cache::")
	frappe.cache.delete_key("system_settings")
	for key in (
		"roles",
		"user_permissions",
		"lang",
		"bootinfo",
		"workflow",
		"assignment_rule_map",
		"core_helpdesk_tracing_groups",
	):
		frappe.cache.delete_key(key)
	frappe.cache.delete_keys("assignment_rule_map")
	# Frappe 16 keeps defaults by key of their own, and a copy in the process.
	clear_defaults_cache()
	frappe.local.cache = {}
	frappe.local.role_permissions = {}
	frappe.local.user_perms = None
	frappe.local.outgoing_email_account = {}
