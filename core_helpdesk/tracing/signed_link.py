"""Links that answer in a customer's name without a login: a random key, an end, and a signature over all they hold for.

Only a digest of the key is kept, so that nobody who reads the case can make the link of it.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from base64 import urlsafe_b64encode
from typing import NamedTuple

import frappe
from frappe.utils.password import get_encryption_key

PURPOSE = "core_helpdesk tracing confirmation"
KEY_BYTES = 24
TOKEN = re.compile(r"([A-Za-z0-9_-]{32})\.([0-9]{10,11})\.([A-Za-z0-9_-]{43})", re.ASCII)


class Bound(NamedTuple):
	"""What a link holds for: this cycle of this case, asked of this customer."""

	case: str
	cycle: int
	customer: str


class Link(NamedTuple):
	"""A link as it came in; nothing of it is to be believed before `is_signed`.

	Units: `expires` is seconds since the epoch.
	"""

	key: str
	expires: int
	signature: str


class Made(NamedTuple):
	"""A new link: the token is for the customer alone, the digest is what is kept."""

	token: str
	digest: str


def made(bound: Bound, expires: int) -> Made:
	"""Units: `expires` is seconds since the epoch."""
	key = secrets.token_urlsafe(KEY_BYTES)
	return Made(f"{key}.{expires}.{_signature(key, expires, bound)}", digest_of(key))


def read(token: object) -> Link | None:
	"""The parts of a token; None if it has not the form of one."""
	match = TOKEN.fullmatch(token) if isinstance(token, str) else None
	return Link(match[1], int(match[2]), match[3]) if match else None


def digest_of(key: str) -> str:
	# Plain, since the key is random and long: there is nothing to try out.
	return hashlib.sha256(key.encode()).hexdigest()


def is_signed(link: Link, bound: Bound) -> bool:
	"""Whether this site signed the link for this case, cycle and customer; takes the same time either way."""
	return hmac.compare_digest(link.signature, _signature(link.key, link.expires, bound))


def is_kept(link: Link, digest: str | None) -> bool:
	"""Whether the case keeps the digest of this link's key; takes the same time either way."""
	return hmac.compare_digest(digest_of(link.key), digest or "")


def _signature(key: str, expires: int, bound: Bound) -> str:
	said = "\n".join((PURPOSE, key, str(expires), *map(str, bound)))
	made = hmac.new(secret().encode(), said.encode(), hashlib.sha256).digest()
	return urlsafe_b64encode(made).rstrip(b"=").decode()


def secret() -> str:
	"""The site's own secret.

	Web processes remember the site's configuration for a while. One that knows of no secret looks again before it lets
	the framework make one: a second would take the first from everything that is kept by it.
	"""
	known = frappe.local.conf.get("encryption_key") or frappe.get_site_config().get("encryption_key")
	return known or get_encryption_key()
