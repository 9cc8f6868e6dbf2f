"""What a site holds, told from outside its process: for comparing a host before an install and after an uninstall.

`python -m tests.site.host_state <step>…` runs steps on the site of the environment; `step=argument` gives one its argument.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import frappe

# Logs, counters, caches and settings that the framework itself writes on every install and uninstall.
VOLATILE = {
	"__Auth",
	"__UserSettings",
	"__global_search",
	"tabActivity Log",
	"tabDefaultValue",
	"tabDeleted Document",
	"tabError Log",
	"tabInstalled Application",
	"tabPatch Log",
	"tabPermission Log",
	"tabScheduled Job Log",
	"tabSeries",
	"tabSessions",
	"tabSingles",
	"tabVersion",
}
APP = "Core Helpdesk"
OUR_MAIL = "escalated@courier.example"


def tables() -> dict[str, list[str]]:
	"""Every table with the names of its columns."""
	rows = frappe.db.sql(
		"""select table_name, column_name from information_schema.columns
		where table_schema = %s order by table_name, column_name""",
		frappe.conf.db_name,
	)
	found: dict[str, list[str]] = {}
	for table, column in rows:
		found.setdefault(table, []).append(column)
	return found


def state() -> dict[str, object]:
	present = tables()
	named = [table for table, columns in present.items() if "name" in columns and table not in VOLATILE]
	names = {table: names_in(table) for table in named}
	singles = {
		f"{row.doctype}.{row.field}": str(row.value)
		for row in frappe.db.sql("select doctype, field, value from tabSingles", as_dict=True)
		if row.field not in ("modified", "modified_by")
	}
	defaults = sorted(frappe.get_all("DefaultValue", filters={"parent": "__default"}, pluck="defkey"))
	return {"tables": present, "names": names, "singles": singles, "defaults": defaults, "tickets": tickets()}


def names_in(table: str) -> list[str]:
	return sorted(str(row[0]) for row in frappe.db.sql(f"select name from `{table}`"))


def tickets() -> dict[str, str]:
	rows = frappe.get_all("HD Ticket", fields=["name", "agent_group", "status", "modified"])
	return {str(row.name): f"{row.agent_group} {row.status} {row.modified}" for row in rows}


def write_state(path: str) -> None:
	Path(path).write_text(json.dumps(state(), indent=1))


def populate() -> None:
	"""The host before the app: an agent, a group with tickets, and who will be the QA Specialist."""
	from tests.site.factories import make_agent, make_team, make_ticket, make_user

	make_user("Agent", email="quality@courier.example")
	team = make_team(name="Riyadh Claims", agents=(make_agent("Agent", email="agent@courier.example"),))
	for number in range(3):
		make_ticket(group=team, subject=f"Parcel {number}")


def use_app() -> None:
	"""A site at work: people with our roles, group data, a moved ticket with its records, own files and comments."""
	from core_helpdesk.setup import groups, roles

	roles.grant(roles.QA_SPECIALIST, ["quality@courier.example"])
	frappe.get_doc({"doctype": "Core Department", "department_name": "Operations"}).insert()
	groups.save_groups(
		[{"name": "Riyadh Claims", "ch_department": "Operations", "ch_country": "Saudi Arabia"}]
	)
	tsm = frappe.db.get_single_value("Core Helpdesk Settings", "tsm_team")
	names = frappe.get_all(
		"HD Ticket", filters={"agent_group": "Riyadh Claims"}, pluck="name", order_by="name"
	)
	for ticket, previous in ((names[0], "Riyadh Claims"), (names[1], None)):
		make_escalation(str(ticket), previous)
		frappe.db.set_value("HD Ticket", ticket, "agent_group", tsm, update_modified=False)
	frappe.get_doc("Group Category", "General").add_comment("Comment", "Settled with operations")
	# Somebody builds on one of our roles.
	frappe.get_doc({"doctype": "Custom DocPerm", "parent": "Note", "role": "TSM Agent", "read": 1}).insert()
	frappe.get_doc(
		{"doctype": "Custom DocPerm", "parent": "Ticket Leg", "role": "QA Specialist", "read": 1}
	).insert()
	setter = {
		"doc_type": "Ticket Leg",
		"doctype_or_field": "DocType",
		"property": "sort_order",
		"value": "ASC",
	}
	frappe.get_doc({"doctype": "Property Setter", **setter}).insert()
	notice = {
		"document_type": "Ticket Escalation",
		"for_user": "quality@courier.example",
		"subject": "Escalated",
	}
	frappe.get_doc({"doctype": "Notification Log", **notice}).insert()
	mail_about("Ticket Escalation", frappe.get_all("Ticket Escalation", pluck="name")[0])
	ask_for_a_change()


def ask_for_a_change() -> None:
	"""A request with the framework's rows about whose turn it is, and a file that somebody attached."""
	asked = {"team": "Riyadh Claims", "purpose": "Claims of the east too", "work_reason": "One desk for both"}
	request = frappe.get_doc({"doctype": "Group Request", "kind": "Change Group", **asked}).insert()
	about = {"attached_to_doctype": request.doctype, "attached_to_name": request.name}
	frappe.get_doc({"doctype": "File", "file_name": "plan.txt", "content": "The plan", **about}).insert()


def mail_about(doctype: str, name: str) -> None:
	"""A mail in the queue and on its document, linked to a person as the framework does."""
	about = {"reference_doctype": doctype, "reference_name": name, "message_id": OUR_MAIL}
	communication = {"communication_type": "Automated Message", "subject": "Copy", "content": "Copy", **about}
	links = [{"link_doctype": "User", "link_name": "Administrator"}]
	filed = frappe.get_doc({"doctype": "Communication", "timeline_links": links, **communication}).insert()
	recipients = [{"recipient": "head@courier.example"}]
	queued = {"message": "Copy", "communication": filed.name, "recipients": recipients, **about}
	frappe.get_doc(
		{"doctype": "Email Queue", "status": "Not Sent", "sender": "a@courier.example", **queued}
	).insert()


def make_escalation(ticket: str, previous: str | None) -> None:
	values = {"clock": "Group", "cycle": 1, "level": 1, "previous_team": previous, "title": ticket}
	document = frappe.get_doc(
		{"doctype": "Ticket Escalation", "reference_doctype": "HD Ticket", "reference_name": ticket, **values}
	)
	document.flags.ch_engine = True
	document.insert()


def use_host() -> None:
	"""The host's own work: a ticket is made, moved, answered and closed; a group is made and deleted."""
	from tests.site import sessions
	from tests.site.factories import make_team, make_ticket

	sessions.settle_host()
	ticket = make_ticket(group="Riyadh Claims", subject="After the app", description="Where is my parcel?")
	ticket.reload()
	ticket.agent_group = make_team(name="Second Group")
	ticket.save()
	ticket.status = "Closed"
	ticket.save()
	ticket.reload()
	ticket.agent_group = "Riyadh Claims"
	ticket.save()
	frappe.delete_doc("HD Team", "Second Group")
	take_answer_in()
	assert frappe.db.get_value("HD Ticket", ticket.name, "status") == "Closed"


def take_answer_in() -> None:
	"""An answer to a mail of the app's arrives in the host's inbox."""
	from email.message import EmailMessage

	from frappe.email.receive import InboundMail

	from tests.site import courier

	inbox = courier.make_account("Support", courier.SUPPORT_INBOX, enable_incoming=1, append_to="HD Ticket")
	answer = EmailMessage()
	answer["From"], answer["To"], answer["Subject"] = (
		"head@courier.example",
		courier.SUPPORT_INBOX,
		"Re: Copy",
	)
	answer["Message-ID"] = "<answer@courier.example>"
	answer["In-Reply-To"] = answer["References"] = f"<{OUR_MAIL}>"
	answer.set_content("We are looking into it.")
	filed = InboundMail(answer.as_bytes(), frappe.get_doc("Email Account", inbox)).process()
	assert filed.reference_doctype == "HD Ticket"


def collide() -> None:
	"""Something of another app bears one of our names."""
	module = frappe.get_doc(
		{"doctype": "Module Def", "module_name": "Other App", "app_name": "frappe", "custom": 1}
	).insert()
	frappe.get_doc(
		{
			"doctype": "DocType",
			"name": "Ticket Leg",
			"module": module.name,
			"custom": 1,
			"fields": [{"fieldname": "title", "fieldtype": "Data", "label": "Title"}],
			"permissions": [{"role": "System Manager", "read": 1}],
		}
	).insert()


def end_collision() -> None:
	frappe.delete_doc("DocType", "Ticket Leg", force=True)
	frappe.delete_doc("Module Def", "Other App", force=True)
	frappe.db.sql_ddl("drop table if exists `tabTicket Leg`")


def main(*steps: str) -> None:
	from tests.site import sessions

	os.chdir(os.environ["SITES_PATH"])
	sessions.connect(os.environ["CORE_HELPDESK_SITE"])
	try:
		for step in steps:
			name, _, argument = step.partition("=")
			globals()[name](*([argument] if argument else []))
			frappe.db.commit()
	finally:
		frappe.destroy()


if __name__ == "__main__":
	main(*sys.argv[1:])
