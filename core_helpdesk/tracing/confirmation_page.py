"""What the page of a confirmation link shows, and what its buttons do; the page itself lives in www/.

Opening it changes nothing, since programs that look through mail open links: only its form does. All that is known
before the answer is how the shipment's number ends. Every link that does not hold is refused alike.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import frappe
from frappe import _
from frappe.sessions import get_csrf_token

from core_helpdesk import config
from core_helpdesk.mail import language
from core_helpdesk.tracing import attempts, confirmation

if TYPE_CHECKING:
	from collections.abc import Mapping

QUESTION, REFUSED, LATER, DONE = "question", "refused", "later", "done"
STATUS = {REFUSED: 403, LATER: 429}
YES, NO = "yes", "no"
LONGEST_COMMENT = 2000
# A second tap on a button would be refused, and be all that the customer sees of the answer that was taken.
SCRIPT = """
document.querySelector("form")?.addEventListener("submit", (event) => {
	if (event.target.dataset.sent) event.preventDefault();
	event.target.dataset.sent = "1";
});
window.addEventListener("pageshow", (event) => event.persisted && window.location.reload());
"""
HEADERS = {
	"Cache-Control": "no-store",
	"Referrer-Policy": "no-referrer",
	"X-Content-Type-Options": "nosniff",
	"X-Frame-Options": "DENY",
	"X-Robots-Tag": "noindex, nofollow",
}


def shown(form: Mapping[str, Any], user: str) -> dict[str, Any]:
	"""What a visitor sees; after the thanks there is nothing more to see."""
	if form.get("done") in (YES, NO):
		return _view(DONE, is_yes=form["done"] == YES)
	if attempts.are_too_many():
		return _view(LATER)
	return _question(form, user)


def answered(form: Mapping[str, Any], user: str) -> dict[str, Any]:
	"""Takes the answer of the form.

	Raises: Redirect to the thanks once it is taken: loading that page again answers nothing.
	Policy: TRC-12, TRC-22, CX-3.9
	"""
	if attempts.are_too_many():
		return _view(LATER)
	if form.get("answer") not in (YES, NO):
		return _question(form, user)
	try:
		is_taken = _is_taken(form, user)
	except Exception:
		trace = frappe.get_traceback()
		frappe.db.rollback()
		frappe.log_error(title="A customer's confirmation could not be taken", message=trace)
		return {**_question(form, user), "notice": _("Your answer could not be saved. Please try again.")}
	if not is_taken:
		return _refused()
	query = urlencode({"done": form["answer"], "_lang": frappe.local.lang})
	frappe.local.flags.redirect_location = f"{confirmation.ROUTE}?{query}"
	raise frappe.Redirect(303)


def _is_taken(form: Mapping[str, Any], user: str) -> bool:
	comment = form.get("comment")
	comment = comment.strip()[:LONGEST_COMMENT] if isinstance(comment, str) else ""
	is_yes = form["answer"] == YES
	return confirmation.take(form.get("token"), user, is_yes, comment, config.now_epoch())


def _question(form: Mapping[str, Any], user: str) -> dict[str, Any]:
	asked = confirmation.question(form.get("token"), user, config.now_epoch())
	if asked is None:
		return _refused()
	comment = form.get("comment")
	return _view(
		QUESTION,
		ending=asked.ending,
		token=form["token"],
		comment=comment[:LONGEST_COMMENT] if isinstance(comment, str) else "",
		# Who happens to be signed in on this device sends their session along.
		csrf_token="" if user == "Guest" else get_csrf_token(),
	)


def _refused() -> dict[str, Any]:
	attempts.count()
	return _view(REFUSED)


def _view(view: str, **facts: Any) -> dict[str, Any]:
	lang = frappe.local.lang or "en"
	return {
		"view": view,
		"http_status_code": STATUS.get(view, 200),
		"title": _("Confirmation"),
		"language": lang,
		"direction": language.direction(lang),
		"route": confirmation.ROUTE,
		"script": SCRIPT,
		"script_digest": b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode(),
		"longest_comment": LONGEST_COMMENT,
		"notice": "",
		**facts,
	}


def after_request(response: Any, request: Any) -> None:
	"""Hook of the framework: what browsers must know of this page, on every answer, errors included."""
	if response is not None and request.path.strip("/") == confirmation.ROUTE.strip("/"):
		response.headers.update(HEADERS)
