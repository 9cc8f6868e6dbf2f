"""Checks on the people whom documents name."""

from datetime import date

import frappe
from frappe import _
from frappe.utils import formatdate, getdate


def check_absence(first: date | str | None, last: date | str | None, whose: str) -> None:
	"""Raises: ValidationError unless both dates or none are given, in order."""
	if bool(first) != bool(last):
		frappe.throw(_("{0}: give both dates of the absence, or none.").format(whose), title=_("Absence"))
	if first and getdate(last) < getdate(first):
		message = _("{0}: the absence ends on {1}, before it begins on {2}.")
		frappe.throw(message.format(whose, formatdate(last), formatdate(first)), title=_("Absence"))


def check_deputy(person: str | None, deputy: str | None, whose: str) -> None:
	"""Raises: ValidationError if somebody stands in for themselves or for nobody."""
	if deputy and deputy == person:
		frappe.throw(_("{0}: nobody is their own deputy.").format(whose), title=_("Deputy"))
	if deputy and not person:
		frappe.throw(_("{0}: a deputy needs somebody to stand in for.").format(whose), title=_("Deputy"))


def warn_of_disabled(users: list[str | None]) -> None:
	"""A disabled user counts as absent: said when the document is saved, reported as a gap later."""
	named = sorted({user for user in users if user})
	if not named:
		return
	disabled = frappe.get_all("User", filters={"name": ["in", named], "enabled": 0}, pluck="name")
	if disabled:
		message = _("Disabled users count as absent: {0}").format(", ".join(sorted(disabled)))
		frappe.msgprint(message, title=_("Disabled Users"), indicator="orange")
