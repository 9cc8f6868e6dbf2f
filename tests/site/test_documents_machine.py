"""Records that the engine writes are changed by nobody else, through no door of the framework."""

import frappe
import pytest
from frappe.desk.reportview import delete_items
from frappe.model.rename_doc import rename_doc

from core_helpdesk.setup import roles
from tests.site.factories import as_user, make_user

DOORS = "written by the app alone"


def engine_makes(doctype: str, **fields: object):
	document = frappe.get_doc({"doctype": doctype, **fields})
	document.flags.ch_engine = True
	return document.insert(ignore_permissions=True)


@pytest.fixture
def records() -> dict[str, str]:
	"""One record of each kind, as the engine makes them."""
	ticket = {"reference_doctype": "HD Ticket", "reference_name": "17"}
	person = make_user()
	clock = engine_makes("Ticket Clock", title="17", clock="Group", **ticket)
	leg = engine_makes("Ticket Leg", title="17", ticket_clock=clock.name, **ticket)
	escalation = engine_makes(
		"Ticket Escalation",
		title="17",
		clock="Group",
		cycle=1,
		level=1,
		recipients=[{"user": person, "capacity": "Department Head"}],
		follow_up=[{"kind": "Note", "by": person, "note": "Called"}],
		**ticket,
	)
	effect = engine_makes("Escalation Effect", effect_key="a:1:1:Notice:x", kind="Notice")
	return {
		"Ticket Clock": clock.name,
		"Ticket Leg": leg.name,
		"Ticket Escalation": escalation.name,
		"Escalation Effect": effect.name,
		"Report Run": engine_makes("Report Run", report="Escalated Tickets", period_key="2019-02-01").name,
		"Report Delivery": engine_makes(
			"Report Delivery", report="Escalated Tickets", period_key="2019-02-01", recipient=person
		).name,
		"Ticket Month": engine_makes("Ticket Month", month="2019-02", cells="[]").name,
		"Escalation Recipient": escalation.recipients[0].name,
		"Escalation Follow Up": escalation.follow_up[0].name,
	}


PARENTS = (
	"Ticket Clock",
	"Ticket Leg",
	"Ticket Escalation",
	"Escalation Effect",
	"Report Delivery",
	"Report Run",
	"Ticket Month",
)
CHANGES = {
	"Ticket Clock": {"due_epoch": 0},
	"Ticket Leg": {"held_seconds": 0},
	"Ticket Escalation": {"status": "Solved"},
	"Escalation Effect": {"state": "Done"},
	"Report Delivery": {"state": "Sent"},
	"Report Run": {"state": "Made"},
	"Ticket Month": {"cells": "[1]"},
	"Escalation Recipient": {"delivery": "Sent"},
	"Escalation Follow Up": {"note": "Never called"},
}
every_record = pytest.mark.parametrize("doctype", sorted(CHANGES))
every_document = pytest.mark.parametrize("doctype", PARENTS)
# Administrator first: who may everything else may not do this.
people = pytest.mark.parametrize("who", ("Administrator", "System Manager", roles.QA_SPECIALIST))


def person(who: str) -> str:
	return who if who == "Administrator" else make_user(who)


@people
@every_record
def test_nobody_saves_a_change(records: dict, doctype: str, who: str) -> None:
	before = frappe.db.get_value(doctype, records[doctype], "modified")
	document = frappe.get_doc(doctype, records[doctype])
	document.update(CHANGES[doctype])
	with as_user(person(who)), pytest.raises(frappe.PermissionError):
		document.save()
	assert frappe.db.get_value(doctype, records[doctype], "modified") == before


@every_record
@pytest.mark.parametrize("flag", ("ignore_permissions", "ignore_validate", "ignore_mandatory", "in_import"))
def test_no_flag_of_the_framework_opens_the_door(records: dict, doctype: str, flag: str) -> None:
	document = frappe.get_doc(doctype, records[doctype])
	document.update(CHANGES[doctype])
	document.flags[flag] = True
	with pytest.raises(frappe.PermissionError, match=DOORS):
		document.save()


@every_record
def test_a_client_cannot_set_a_value(records: dict, doctype: str) -> None:
	((field, value),) = CHANGES[doctype].items()
	with pytest.raises(frappe.PermissionError, match=DOORS):
		frappe.client.set_value(doctype, records[doctype], field, value)


def test_flags_that_a_client_sends_along_do_not_count(records: dict) -> None:
	sent = frappe.get_doc("Ticket Escalation", records["Ticket Escalation"]).as_dict()
	sent.update({"status": "Solved", "flags": {"ch_engine": True}})
	with pytest.raises(frappe.PermissionError, match=DOORS):
		frappe.client.save(frappe.as_json(sent))


@people
@every_document
def test_nobody_deletes_one(records: dict, doctype: str, who: str) -> None:
	with as_user(person(who)), pytest.raises(frappe.PermissionError):
		frappe.delete_doc(doctype, records[doctype])
	with pytest.raises(frappe.PermissionError, match=DOORS):
		frappe.delete_doc(doctype, records[doctype], force=True, ignore_permissions=True)
	assert frappe.db.exists(doctype, records[doctype])


def test_deleting_from_the_list_deletes_none(records: dict) -> None:
	# The list rolls back what it could not delete, with everything before it.
	frappe.db.commit()
	frappe.form_dict.update({"doctype": "Ticket Clock", "items": frappe.as_json([records["Ticket Clock"]])})
	delete_items()
	assert frappe.db.exists("Ticket Clock", records["Ticket Clock"])


@every_document
def test_nobody_makes_one(doctype: str) -> None:
	values = {
		"Ticket Clock": {"clock": "Group"},
		"Ticket Leg": {},
		"Ticket Escalation": {"clock": "Group", "cycle": 2, "level": 1},
		"Escalation Effect": {"effect_key": "b", "kind": "Notice"},
		"Report Delivery": {"report": "Escalated Tickets", "period_key": "2019-03-01"},
		"Report Run": {"report": "Escalated Tickets", "period_key": "2019-03-01"},
		"Ticket Month": {"month": "2019-03", "cells": "[]"},
	}
	ticket = {"reference_doctype": "HD Ticket", "reference_name": "18"}
	document = frappe.get_doc({"doctype": doctype, "title": "18", **ticket, **values[doctype]})
	with pytest.raises(frappe.PermissionError, match=DOORS):
		document.insert(ignore_permissions=True)


def test_nobody_renames_one(records: dict) -> None:
	with pytest.raises((frappe.PermissionError, frappe.ValidationError)):
		rename_doc("Ticket Clock", records["Ticket Clock"], "another", force=True)
	assert frappe.db.exists("Ticket Clock", records["Ticket Clock"])


def test_the_engine_itself_changes_and_deletes(records: dict) -> None:
	document = frappe.get_doc("Ticket Escalation", records["Ticket Escalation"])
	document.flags.ch_engine = True
	document.status = "Solved"
	document.save(ignore_permissions=True)
	assert frappe.db.get_value("Ticket Escalation", document.name, "status") == "Solved"


def test_a_level_of_a_cycle_exists_once(records: dict) -> None:
	with pytest.raises((frappe.UniqueValidationError, frappe.DuplicateEntryError)):
		engine_makes(
			"Ticket Escalation",
			title="again",
			reference_doctype="HD Ticket",
			reference_name="17",
			clock="Group",
			cycle=1,
			level=1,
		)


def test_a_ticket_has_one_clock_of_a_kind(records: dict) -> None:
	with pytest.raises((frappe.UniqueValidationError, frappe.DuplicateEntryError)):
		engine_makes(
			"Ticket Clock", title="again", reference_doctype="HD Ticket", reference_name="17", clock="Group"
		)
