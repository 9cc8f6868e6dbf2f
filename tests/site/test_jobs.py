"""The scheduler's steps: one that fails keeps no other back, and takes nothing of another's back."""

from __future__ import annotations

import frappe

from core_helpdesk import jobs
from tests.site.factories import make_team, make_user


def test_a_step_that_fails_is_logged_and_the_others_stay_done() -> None:
	made: list[str] = []
	lost: list[str] = []

	def fail() -> None:
		lost.append(make_team())
		raise frappe.ValidationError("The second step cannot be done.")

	jobs.each(lambda: made.append(make_team()), fail, lambda: made.append(make_user("Agent")))
	assert frappe.db.exists("HD Team", made[0])
	assert frappe.db.exists("User", made[1])
	assert not frappe.db.exists("HD Team", lost[0])
	logged = frappe.get_all("Error Log", {"method": "A step of the watch failed"}, pluck="error")
	assert len(logged) == 1
	assert "The second step cannot be done." in logged[0]
