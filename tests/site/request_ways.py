"""Further ways to take a step with a request: lists, bulk edits, imports, other apps; each as the framework itself does it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import frappe

from tests.site import document_ways, web
from tests.site.request_desk import DOCTYPE, NEXT, REASON, REASONS, WAYS

if TYPE_CHECKING:
	from collections.abc import Callable

STEP = "one_step"
BULK_EDIT = "frappe.desk.doctype.bulk_update.bulk_update.submit_cancel_or_update_docs"
BULK_APPROVAL = "frappe.model.workflow.bulk_workflow_approval"


def written(action: str) -> dict[str, str]:
	"""What somebody writes who knows the fields: the next state, and the reason where one is asked for."""
	reason = {REASONS[action]: REASON} if action in REASONS else {}
	return {"workflow_state": NEXT[action], **reason}


def by_list(user: str, name: str, action: str) -> None:
	web.call(user, "frappe.client.set_value", doctype=DOCTYPE, name=name, fieldname=written(action))


def by_desk(user: str, name: str, action: str) -> None:
	"""The form's own Save, with whatever stands in the document."""
	document_ways.by_savedocs(user, DOCTYPE, name, **written(action))


def by_bulk_edit(user: str, name: str, action: str) -> None:
	in_bulk(
		user, BULK_EDIT, doctype=DOCTYPE, docnames=[name], action="update", data=json.dumps(written(action))
	)


def by_bulk_approval(user: str, name: str, action: str) -> None:
	in_bulk(user, BULK_APPROVAL, docnames=json.dumps([name]), doctype=DOCTYPE, action=action)


def in_bulk(user: str, method: str, **data: object) -> None:
	"""These commit what succeeds and roll back what fails, and answer both times."""
	frappe.db.commit()
	web.call(user, method, **data)
	frappe.db.savepoint(STEP)


def by_import(user: str, name: str, action: str) -> None:
	document_ways.by_import(user, DOCTYPE, name, **written(action))


def past_permissions(user: str, name: str, action: str) -> None:
	"""As another app saves it: without permissions, without validation."""
	document_ways.by_another_app(user, DOCTYPE, name, **written(action))


EVERY_WAY: dict[str, Callable[[str, str, str], None]] = {
	**WAYS,
	"list": by_list,
	"desk": by_desk,
	"bulk edit": by_bulk_edit,
	"bulk approval": by_bulk_approval,
	"import": by_import,
	"another app": past_permissions,
}
