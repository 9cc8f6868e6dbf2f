"""No word that a caller sends for a column reads another table.

The framework puts such words into its queries and looks for nested ones by patterns that a function in front of them
walks round, in lists, charts, saved reports and views alike. It has one place that all of them come through.
"""

from __future__ import annotations

import re
from functools import wraps
from typing import TYPE_CHECKING, Any

import frappe
from frappe import _
from frappe.model.db_query import DatabaseQuery

if TYPE_CHECKING:
	from collections.abc import Iterator

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
		columns = (query.fields, query.group_by, query.order_by)
		if is_nested(*columns, *names_in(query.filters), *names_in(query.or_filters)):
			message = _("A column is asked for by its name alone, without another query in it.")
			frappe.throw(message, frappe.PermissionError, title=_("Not Permitted"))
		known(query)

	sanitize_fields.asks_by_name = True
	DatabaseQuery.sanitize_fields = sanitize_fields  # nosemgrep: no hook sees what a query reads


def is_nested(*words: object) -> bool:
	"""Whether one of these words, or a word in one of these lists, would read another table, or hides that it does."""
	return any(NESTED.search(text) for word in words for text in _texts(word))


def _texts(word: object) -> Iterator[str]:
	# One by one: as a list is written, a break before a word becomes a letter of it.
	if isinstance(word, dict):
		word = [*word, *word.values()]
	if isinstance(word, list | tuple | set):
		for each in word:
			yield from _texts(each)
	elif word:
		yield str(word)


def names_in(filters: Any) -> Iterator[object]:
	"""What conditions name, but not with what they compare it: a value may say anything."""
	for each in filters or ():
		if isinstance(each, dict):
			yield from each
		elif isinstance(each, list | tuple):
			# Document, field, comparison and value, or the field first.
			yield from each[: 2 if len(each) > 3 else 1]
		else:
			yield each
