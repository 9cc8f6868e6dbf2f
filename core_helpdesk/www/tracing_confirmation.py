"""The web page of a confirmation link: for customers, without a login."""

import frappe

from core_helpdesk.tracing import confirmation_page
from core_helpdesk.www.group_directory import text

# Always as it is now: neither the framework nor a browser keeps the page.
no_cache = 1
sitemap = 0


def get_context(context: frappe._dict) -> frappe._dict:
	"""Raises: Redirect once an answer is taken.

	Policy: TRC-12, TRC-22, CX-3.9
	"""
	is_answer = bool(frappe.request) and frappe.request.method == "POST"
	do = confirmation_page.answered if is_answer else confirmation_page.shown
	context.text = text
	context.update(do(frappe.form_dict, frappe.session.user))
	return context
