"""How often a person has a paper drawn: each takes a worker of the site for seconds."""

from __future__ import annotations

import frappe
import redis
from frappe import _

PAPERS, SECONDS = 10, 60
KEY = "ch_papers_drawn"


def count(user: str) -> None:
	"""Counts a paper that is about to be drawn for a person.

	Raises: RateLimitExceededError beyond ten in a minute.
	"""
	cache = frappe.cache()
	key = cache.make_key(f"{KEY}:{user}")
	try:
		drawn = cache.incr(key)
		# Asked each time: a count that never ends would keep its person from papers for good.
		if cache.ttl(key) < 0:
			cache.expire(key, SECONDS)
	except redis.exceptions.ConnectionError:
		return
	if drawn > PAPERS:
		message = _("You have asked for many papers within a minute. Please wait a little.")
		frappe.throw(message, frappe.RateLimitExceededError, title=_("Not Possible Now"))
