"""Pages of the website as a browser asks for them, answered by the framework in the test's transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import frappe
from bs4 import BeautifulSoup
from frappe.website.serve import get_response
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from tests.site.factories import as_user

if TYPE_CHECKING:
	from bs4 import Tag


class Seen(NamedTuple):
	"""What came back; `page` is the document, `text` what stands on it."""

	status: int
	location: str
	page: BeautifulSoup

	@property
	def text(self) -> str:
		return words_of(self.page.body) if self.page.body else ""


def words_of(tag: Tag) -> str:
	return " ".join(tag.get_text(" ", strip=True).split())


def visit(user: str, path: str, **query: object) -> Seen:
	"""The page of this path for a user, in the user's language."""
	asked = {name: str(value) for name, value in query.items()}
	return _seen(user, path, asked, EnvironBuilder(path=path, query_string=asked))


def submit(user: str, path: str, **form: object) -> Seen:
	"""What comes back when a form of a page is sent as a browser does."""
	given = {name: str(value) for name, value in form.items()}
	return _seen(user, path, given, EnvironBuilder(path=path, method="POST", data=given))


def _seen(user: str, path: str, asked: dict[str, str], builder: EnvironBuilder) -> Seen:
	request = Request(builder.get_environ())
	local = frappe.local
	before = (local.form_dict, local.response, local.lang, local.flags.redirect_location)
	with as_user(user):
		local.request, local.path = request, path.strip("/")
		local.form_dict, local.response = frappe._dict(asked), frappe._dict({"docs": []})
		local.lang = frappe.db.get_value("User", user, "language") or "en"
		local.jenv = None
		try:
			answer = get_response(path.strip("/"))
		finally:
			del local.request
			local.jenv = None
			local.form_dict, local.response, local.lang, local.flags.redirect_location = before
	page = BeautifulSoup(answer.get_data(as_text=True), "html.parser")
	return Seen(answer.status_code, answer.headers.get("Location", ""), page)
