"""Requests as a browser or another program makes them, answered by the framework's own routes in the test's transaction."""

from __future__ import annotations

import json
from typing import Any

import frappe
import frappe.api
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Request

from tests.site.factories import as_user

RESOURCE, METHOD = "/api/resource", "/api/method"


def get(user: str, path: str, /, **query: Any) -> Any:
	"""What the site answers to a GET, as data."""
	return send(user, "GET", path, query={name: _text(value) for name, value in query.items()})


def post(user: str, path: str, /, **data: Any) -> Any:
	return send(user, "POST", path, data=data)


def put(user: str, path: str, /, **data: Any) -> Any:
	return send(user, "PUT", path, data=data)


def call(user: str, method: str, /, **data: Any) -> Any:
	"""A call of a whitelisted function."""
	return post(user, f"{METHOD}/{method}", **data)


def send(user: str, verb: str, path: str, *, data: dict | None = None, query: dict | None = None) -> Any:
	builder = EnvironBuilder(path=path, method=verb, json=data, query_string=query)
	request = Request(builder.get_environ())
	local = frappe.local
	response, form = local.response, local.form_dict
	with as_user(user):
		local.request = request
		local.form_dict = frappe._dict({**(query or {}), **(data or {})})
		local.response = frappe._dict({"docs": []})
		local.response_headers = getattr(local, "response_headers", None) or _headers()
		try:
			before_request()
			answer = frappe.api.handle(request)
		finally:
			del local.request
			local.response, local.form_dict = response, form
	found = json.loads(answer.get_data(as_text=True))
	return found.get("data", found.get("message"))


def before_request() -> None:
	"""What the app does before any request; the framework's own has no server here."""
	for task in frappe.get_hooks("before_request"):
		if task.startswith("core_helpdesk."):
			frappe.call(task)


def _headers() -> Any:
	from werkzeug.datastructures import Headers

	return Headers()


def _text(value: Any) -> str:
	return value if isinstance(value, str) else json.dumps(value)
