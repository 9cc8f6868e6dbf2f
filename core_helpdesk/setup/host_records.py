"""Taking our records out of the host's lists once the app is gone."""

import frappe

TICKET = "HD Ticket"
# Doctypes of the framework that name a doctype of ours, and the field that does.
TRACES = {
	"Client Script": "dt",
	"Comment": "reference_doctype",
	"Communication": "reference_doctype",
	"Communication Link": "link_doctype",
	"Custom DocPerm": "parent",
	"Custom Field": "dt",
	"DocShare": "share_doctype",
	"Email Queue": "reference_doctype",
	"List Filter": "reference_doctype",
	"Notification Log": "document_type",
	"Property Setter": "doc_type",
	"Tag Link": "document_type",
	"ToDo": "reference_type",
	"User Permission": "allow",
	"Version": "ref_doctype",
	"View Log": "reference_doctype",
	"Workflow Action": "reference_doctype",
}
# Rows of a trace that would be left without it.
ROWS = {
	"Communication": "Communication Link",
	"Email Queue": "Email Queue Recipient",
	"Workflow Action": "Workflow Action Permitted Role",
}


def previous_teams() -> dict[str, str | None]:
	"""For each ticket that an escalation moved: the group from which the latest one took it."""
	escalations = frappe.get_all(
		"Ticket Escalation",
		filters={"reference_doctype": TICKET, "previous_team": ["is", "set"]},
		fields=["reference_name", "previous_team"],
		order_by="escalated_epoch asc",
	)
	return {row.reference_name: row.previous_team for row in escalations}


def remove_team(made: dict[str, dict[str, str]]) -> None:
	for team in made.get("HD Team", {}):
		delete_unless_used("HD Team", team)
	for rule in made.get("Assignment Rule", {}):
		if not frappe.db.exists("HD Team", {"assignment_rule": rule}):
			delete_unless_used("Assignment Rule", rule)


def remove_desk_records(made: dict[str, dict[str, str]]) -> None:
	for doctype in ("HD Form Script", "Custom HTML Block"):
		for name in made.get(doctype, {}):
			delete_unless_used(doctype, name)


def remove_job_types() -> None:
	"""A job type without its method fails at every tick until the next migrate."""
	for name in frappe.get_all(
		"Scheduled Job Type", filters={"method": ["like", "core_helpdesk.%"]}, pluck="name"
	):
		frappe.db.delete("Scheduled Job Log", {"scheduled_job_type": name})
		frappe.delete_doc("Scheduled Job Type", name, ignore_permissions=True, force=True)


def remove_traces(doctypes: list[str]) -> None:
	"""What names our documents alone: mail on a ticket names the ticket, and stays."""
	for trace, field in TRACES.items():
		if trace in ROWS:
			remove_rows(trace, field, doctypes)
		frappe.db.delete(trace, {field: ["in", doctypes]})
	# Frappe 15 leaves the settings of an app that is gone.
	frappe.db.delete("Singles", {"doctype": ["in", doctypes]})
	keep_files(doctypes)


def keep_files(doctypes: list[str]) -> None:
	"""What people attached is theirs: it stays in the list of files, attached to nothing."""
	attached = {"attached_to_doctype": ["in", doctypes]}
	loose = dict.fromkeys(("attached_to_doctype", "attached_to_name", "attached_to_field"))
	frappe.db.set_value("File", attached, loose, update_modified=False)


def remove_rows(trace: str, field: str, doctypes: list[str]) -> None:
	row, parent = frappe.qb.DocType(ROWS[trace]), frappe.qb.DocType(trace)
	gone = frappe.qb.from_(parent).select(parent.name).where(parent[field].isin(doctypes))
	frappe.qb.from_(row).delete().where((row.parenttype == trace) & row.parent.isin(gone)).run()


def remove_roles(made: dict[str, dict[str, str]]) -> None:
	for role in made.get("Role", {}):
		if role_is_used(role):
			print(f"Role {role} is in use and stays")
			continue
		frappe.db.delete("Has Role", {"role": role, "parenttype": "User"})
		delete_unless_used("Role", role)


def role_is_used(role: str) -> bool:
	"""Whether anything but its holders needs the role: permissions, reports, pages, workflows, profiles."""
	if frappe.db.exists("Has Role", {"role": role, "parenttype": ["!=", "User"]}):
		return True
	return any(frappe.db.exists(doctype, {"role": role}) for doctype in ("DocPerm", "Custom DocPerm"))


def remove_states(made: dict[str, dict[str, str]]) -> None:
	for state in made.get("Workflow State", {}):
		delete_unless_used("Workflow State", state)


def delete_unless_used(doctype: str, name: str) -> None:
	if not frappe.db.exists(doctype, name):
		return
	frappe.db.savepoint("ch_delete")
	try:
		frappe.delete_doc(doctype, name, ignore_permissions=True)
	except (frappe.LinkExistsError, frappe.ValidationError) as error:
		frappe.db.rollback(save_point="ch_delete")
		print(f"{doctype} {name} is in use and stays: {error}")
