"""How often links that do not hold may be tried from one place, before all of them are refused for a while.

A place is an address of the network as the framework takes it from the request; of the long kind, all that one line
has. Only failures count: customers behind one address do not keep each other out.
"""

from __future__ import annotations

import ipaddress

import frappe

LIMIT = 20
SECONDS = 3600
LINE_BITS = 64


def are_too_many() -> bool:
	return int(frappe.cache.get(_key()) or 0) >= LIMIT


def count() -> None:
	"""One failure more from the place of this request."""
	key = _key()
	# With its end from the beginning: one that was left without would keep a place out for ever.
	if not frappe.cache.get(key):
		frappe.cache.setex(key, SECONDS, 0)
	frappe.cache.incrby(key, 1)


def _key() -> bytes:
	return frappe.cache.make_key(f"ch_tracing_attempts:{place(getattr(frappe.local, 'request_ip', None))}")


def place(address: str | None) -> str:
	"""The network that an address belongs to."""
	try:
		found = ipaddress.ip_address((address or "").strip())
	except ValueError:
		return "unknown"
	if found.version == 4:
		return str(found)
	if found.ipv4_mapped:
		return str(found.ipv4_mapped)
	return str(ipaddress.ip_network((found, LINE_BITS), strict=False))
