"""The discussion of an escalation time with the department heads, as it is recorded on the request for it.

Implementing brings the answers onto the policy version that puts the time in force.
Policy: CORE-17
"""

import frappe
from frappe import _
from frappe.model.document import Document

from core_helpdesk import config
from core_helpdesk.governance import discussion
from core_helpdesk.governance import request_kinds as kinds
from core_helpdesk.setup.roles import QA_SPECIALIST, must_hold

REQUEST = "Group Request"
WITH_TIME = (kinds.NEW_GROUP, kinds.CHANGE_ESCALATION)


def add_heads(name: str) -> int:
	"""Adds a row for each head with whom the asked time has to be discussed; returns how many are new."""
	must_hold(QA_SPECIALIST, _("record the discussion"))
	request = frappe.get_doc(REQUEST, name, for_update=True)
	request.check_permission("write")
	present = {row.head for row in request.discussion}
	absent = [head for head in concerned(request) if head.head and head.head not in present]
	for head in absent:
		request.append("discussion", head._asdict())
	if absent:
		request.save()
	return len(absent)


def concerned(request: Document) -> list[discussion.Concerned]:
	"""The heads concerned: those of the place that the group has, or is to have."""
	if request.kind not in WITH_TIME:
		return []
	group = config.group(request.team) if request.team else None
	department = (group.department if group else request.department) or ""
	country = (group.country if group else request.country) or ""
	if request.kind == kinds.NEW_GROUP and request.head:
		return [discussion.Concerned(department, country, request.head)]
	return [discussion.head_of(department, country)] if department else []
