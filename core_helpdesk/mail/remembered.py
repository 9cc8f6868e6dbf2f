"""What stays as it is for the length of a run is asked once in it; outside a run, every time."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, TypeVar

import frappe

if TYPE_CHECKING:
	from collections.abc import Callable, Hashable, Iterator

Answer = TypeVar("Answer")


@contextmanager
def remembering() -> Iterator[None]:
	"""Answers given inside are kept until the block ends, a few minutes at most."""
	frappe.local.ch_remembered = {}
	try:
		yield
	finally:
		frappe.local.ch_remembered = None


def remembered(question: Hashable, ask: Callable[[], Answer]) -> Answer:
	known = getattr(frappe.local, "ch_remembered", None)
	if known is None:
		return ask()
	if question not in known:
		known[question] = ask()
	return known[question]
