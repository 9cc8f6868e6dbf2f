"""Ways to change any document past its form: each as the framework itself does it."""

from __future__ import annotations

from typing import Any

import frappe

from tests.site import web
from tests.site.factories import as_user
from tests.site.importing import UPDATE, import_row


def by_savedocs(user: str, doctype: str, name: str, **values: Any) -> None:
	"""The form's own Save button, with whatever stands in the document."""
	document = {**frappe.get_doc(doctype, name).as_dict(), **values}
	web.call(user, "frappe.desk.form.save.savedocs", doc=frappe.as_json(document), action="Save")


def by_another_app(user: str, doctype: str, name: str, **values: Any) -> None:
	"""Without permissions, without validation."""
	with as_user(user):
		document = frappe.get_doc(doctype, name)
		document.update(values)
		document.flags.update({"ignore_validate": True, "ignore_mandatory": True, "ignore_links": True})
		document.save(ignore_permissions=True)


def by_import(user: str, doctype: str, name: str, **values: Any) -> None:
	import_row(user, doctype, UPDATE, {"name": name, **values})
