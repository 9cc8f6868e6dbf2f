"""The web page of the group directory: for staff; who is not signed in is asked to, and customers are sent back."""

from urllib.parse import urlencode

import frappe
from frappe import _
from frappe.utils import escape_html
from markupsafe import Markup

from core_helpdesk.governance import directory_page
from core_helpdesk.mail import language

# Always as it is now: neither the framework nor a browser keeps the page.
no_cache = 1
sitemap = 0
REFUSED = "refused"


def get_context(context: frappe._dict) -> frappe._dict:
	"""Raises: Redirect to the sign-in page for a guest.

	Policy: QA-01
	"""
	user = frappe.session.user
	if user == "Guest":
		ask_to_sign_in()
	forbid_keeping()
	context.text = text
	context.update(
		directory_page.page(user, frappe.form_dict) if directory_page.is_staff(user) else refused()
	)
	return context


def ask_to_sign_in() -> None:
	asked = frappe.request.full_path.rstrip("?") if frappe.request else directory_page.ROUTE
	frappe.local.flags.redirect_location = f"/login?{urlencode({'redirect-to': asked})}"
	# Not for ever: who is signed in comes here by the same address.
	raise frappe.Redirect(302)


def forbid_keeping() -> None:
	headers = getattr(frappe.local, "response_headers", None)
	if headers is not None:
		headers["Cache-Control"] = "no-store"


def refused() -> dict:
	"""What a portal user reads, in their language."""
	return {
		"view": REFUSED,
		"http_status_code": 403,
		"title": _("Group Directory"),
		"heading": _("Group Directory"),
		"language": frappe.local.lang,
		"direction": language.direction(frappe.local.lang),
		"home": "/helpdesk",
	}


def text(value: object) -> Markup:
	"""A value as text on the page; its braces too, since the framework puts links in place of some words in braces."""
	return Markup(escape_html(str(value)).replace("{", "&#123;"))  # nosemgrep: escaped here
