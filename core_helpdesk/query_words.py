"""No word that a caller sends for a column reads another table.

The framework puts such words into its queries and looks for nested ones by patterns that a function in front of them
walks round, in lists, charts, saved reports and views alike. It has one place that all of them come through.
"""

import re
from functools import wraps

import frappe
from frappe import _
from frappe.model.db_query import DatabaseQuery

# A quoted name or a part of one is no query; a comment may hide one.
NESTED = re.compile(r"/\*|(?<![\w`.])select(?!\w)", re.IGNORECASE)


def before_request() -> None:
	"""Policy: CORE-13, TSM-12"""
	_watch()


def before_job() -> None:
	"""What callers have stored is drawn by jobs, too."""
	_watch()


def _watch() -> None:
	"""Wraps frappe.model.db_query.DatabaseQuery.sanitize_fields once in each process.

	A release without this function keeps its own rule.
	"""
	known = getattr(DatabaseQuery, "sanitize_fields", None)
	if known is None or hasattr(known, "asks_by_name"):
		return

	@wraps(known)
	def sanitize_fields(query: DatabaseQuery) -> None:
		if is_nested(query.fields, query.group_by, query.order_by):
			message = _("A column is asked for by its name alone, without another query in it.")
			frappe.throw(message, frappe.PermissionError, title=_("Not Permitted"))
		known(query)

	sanitize_fields.asks_by_name = True
	DatabaseQuery.sanitize_fields = sanitize_fields  # nosemgrep: no hook sees what a query reads


def is_nested(*words: object) -> bool:
	"""Whether one of these words would read another table, or hides that it does."""
	return any(NESTED.search(str(word)) for word in words)
