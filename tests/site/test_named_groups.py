"""A group that our documents name is refused its deletion before the host takes its assignment rule away."""

from __future__ import annotations

import frappe
import pytest

from tests.site import web
from tests.site.factories import as_user
from tests.site.request_desk import make_request, open_desk


@pytest.mark.parametrize("who", ["agent", "Administrator"])
def test_a_group_that_a_request_names_keeps_its_rule(who: str) -> None:
	desk = open_desk(mode="Off")
	make_request(desk)
	frappe.db.commit()
	rule = frappe.db.get_value("HD Team", desk.home, "assignment_rule")
	user = who if who == "Administrator" else desk.agent
	frappe.get_doc("User", user).add_roles("Agent Manager")
	frappe.db.commit()
	with pytest.raises(frappe.LinkExistsError, match="ask for its retirement"), as_user(user):
		frappe.delete_doc("HD Team", desk.home)
	frappe.db.rollback()
	assert frappe.db.get_value("HD Team", desk.home, "assignment_rule") == rule
	assert frappe.db.exists("Assignment Rule", rule)


def test_by_rest_nothing_is_half_deleted() -> None:
	desk = open_desk(mode="Off")
	make_request(desk)
	frappe.db.commit()
	rule = frappe.db.get_value("HD Team", desk.home, "assignment_rule")
	with pytest.raises(frappe.LinkExistsError):
		web.send("Administrator", "DELETE", f"{web.RESOURCE}/HD Team/{desk.home}")
	frappe.db.rollback()
	assert frappe.db.exists("Assignment Rule", rule)
