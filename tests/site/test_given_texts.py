"""What callers send that is no sensible text, moment or row: kept harmless, cut to fit, or refused in words."""

import frappe
import pytest

from core_helpdesk.stored_text import COLUMN_BYTES
from tests.site import courier as couriers
from tests.site import web
from tests.site.factories import make_agent, make_user

API = "core_helpdesk.api"
MARKUP = '<img src=x onerror="alert(1)">'
AS_TEXT = '&lt;img src=x onerror="alert(1)">'
NO_MOMENTS = ("garbage", "0001-01-01", "9999-12-31 23:59:59", "2026-02-30", "{}", "0000-00-00")


class Scene:
	def __init__(self) -> None:
		self.courier = couriers.open_courier()
		self.tsm = self.courier.tsm[0]
		self.name = couriers.escalation_of(couriers.escalated(self.courier)).name

	def act(self, action: str, **data: object) -> None:
		web.call(self.tsm, f"{API}.{action}", name=self.name, **data)

	def notes(self) -> list[str]:
		return frappe.get_all(
			"Escalation Follow Up", {"parent": self.name, "note": ("!=", "")}, pluck="note", order_by="idx"
		)


@pytest.mark.parametrize(
	("said", "kept"),
	[
		(MARKUP, AS_TEXT),
		# JSON to the framework, which cleans none of it.
		(f"[{MARKUP!r}]", f"[{AS_TEXT!r}]"),
		("a < b, x <= y, 1 <2", "a < b, x <= y, 1 <2"),
		("Reply of <head@example.com>", "Reply of &lt;head@example.com>"),
		("ends in <", "ends in &lt;"),
	],
)
def test_a_note_is_kept_as_text(said: str, kept: str) -> None:
	scene = Scene()
	scene.act("add_note", note=said)
	assert scene.notes()[-1] == kept


def test_a_contact_and_an_outcome_are_kept_as_text() -> None:
	scene = Scene()
	scene.act("contacted", person=scene.courier.head, channel="Phone", note=MARKUP)
	scene.act("fail", reason=MARKUP)
	assert scene.notes()[-2:] == [AS_TEXT, AS_TEXT]
	assert frappe.db.get_value("Ticket Escalation", scene.name, "outcome_reason") == AS_TEXT
	scene.act("hand_back", reason=f"Again {MARKUP}")
	assert frappe.db.get_value("Ticket Escalation", scene.name, "outcome_reason") == f"Again {AS_TEXT}"


def test_why_a_copy_was_not_delivered_is_kept_as_text() -> None:
	from core_helpdesk.mail import delivery

	scene = Scene()
	delivery.failed([scene.name], scene.courier.head, f"<head@example.com> {MARKUP}")
	copy = {"parent": scene.name, "user": scene.courier.head}
	assert frappe.db.get_value("Escalation Recipient", copy, "why_not") == f"&lt;head@example.com> {AS_TEXT}"
	details = frappe.get_all("Escalation Finding", {"kind": "Mail Not Delivered"}, pluck="details")
	assert details and not [text for text in details if "onerror" in text.partition("<img")[2]]


def test_a_customers_subject_is_kept_as_text_on_the_escalation() -> None:
	courier = couriers.open_courier()
	ticket = couriers.make_ticket(group=courier.group)
	frappe.db.set_value("HD Ticket", ticket.name, "subject", f"[{MARKUP!r}]")
	couriers.claim(couriers.config.now_epoch() + 25 * 3600)
	escalation = couriers.escalation_of(ticket)
	assert (escalation.ticket_subject, escalation.title) == (
		f"[{AS_TEXT!r}]",
		f"{ticket.name} · [{AS_TEXT!r}]",
	)


@pytest.mark.parametrize("sign", ["x", "ش", "😀"])
def test_a_note_longer_than_its_column_is_cut(sign: str) -> None:
	scene = Scene()
	scene.act("add_note", note=sign * 70_000)
	(kept,) = scene.notes()[-1:]
	assert set(kept) == {sign, "…"}
	assert COLUMN_BYTES - 4 < len(kept.encode()) <= COLUMN_BYTES


@pytest.mark.parametrize("moment", NO_MOMENTS)
def test_what_is_no_moment_is_refused(moment: str) -> None:
	scene = Scene()
	with pytest.raises(frappe.ValidationError, match="is no date and time"):
		scene.act("add_note", note="Later", next_action_at=moment)
	with pytest.raises(frappe.ValidationError, match="is no date and time"):
		web.call(scene.courier.qa, f"{API}.start_clocks_from", moment=moment)


def test_clocks_start_from_some_moment() -> None:
	with pytest.raises(frappe.ValidationError, match="Please enter: Start Clocks From"):
		web.call(make_user("QA Specialist"), f"{API}.start_clocks_from", moment="")


@pytest.mark.parametrize("rows", [None, "null", [1], "[1]", "x", {}, "{}", [{"name": ["x"]}], [{"name": 7}]])
def test_what_are_no_rows_of_groups_is_refused(rows: object) -> None:
	with pytest.raises(frappe.ValidationError, match="These are no rows of groups"):
		web.call(make_user("QA Specialist"), f"{API}.save_groups", rows=rows)


@pytest.mark.parametrize(
	("function", "data", "action"),
	[
		("set_mode", {"mode": "Off"}, "change the mode"),
		("go_live_preview", {}, "see what going live would do"),
		("start_clocks_from", {"moment": "2026-03-02"}, "start the clocks of older tickets"),
		("export_policies", {}, "export the policies"),
		("first_run", {}, "see the steps of setting up"),
		("save_groups", {"rows": []}, "change groups"),
	],
)
def test_a_refusal_names_what_was_asked(function: str, data: dict, action: str) -> None:
	with pytest.raises(frappe.PermissionError, match=f"may do this: {action}$"):
		web.call(make_agent(), f"{API}.{function}", **data)
