"""The roles that come with an office named in the settings, and go with it."""

import frappe
from frappe import _

from core_helpdesk.setup import ledger, roles

# In the ledger each stands as "role:user".
GIVEN = "Has Role"


def fill(role: str, holders: list[str | None]) -> None:
	"""Gives an office's role to its holders, and takes it from former ones: from those who got it with the office,
	never from anybody who was given it otherwise.

	Policy: CORE-11
	"""
	present = {user for user in holders if user}
	for user in roles.grant_and_say(role, sorted(present)):
		ledger.remember(GIVEN, f"{role}:{user}")
	former = [user for user in given(role) if user not in present]
	for user in former:
		ledger.forget(GIVEN, f"{role}:{user}")
		roles.take(role, user)
	if former:
		frappe.msgprint(_("The role {0} was taken from: {1}").format(_(role), ", ".join(former)), alert=True)


def given(role: str) -> list[str]:
	"""Who got the role with its office."""
	return [made.removeprefix(f"{role}:") for made in ledger.made(GIVEN) if made.startswith(f"{role}:")]
