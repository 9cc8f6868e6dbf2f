"""What waits for whom among the claims: the number card, and the reminders of those who let one wait."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk import jobs
from core_helpdesk.setup import claim_workflow as flow
from core_helpdesk.tracing import claim_turns
from tests.site import moments, web
from tests.site.claim_desk import API, DOCTYPE, by_rest, fresh, make_claim, make_claims_desk, people, put_into
from tests.site.factories import as_user, switch_mode

if TYPE_CHECKING:
	from frappe.model.document import Document

CARD = "Claims Waiting for Me"
# A Sunday: the week begins in Saudi Arabia.
SUNDAY = "2026-03-01 10:00:00"
DAY = 86_400


moment = moments.moment_from(SUNDAY)


@pytest.fixture
def desk(moment: moments.Moment) -> frappe._dict:
	return make_claims_desk()


def told(user: str, claim: Document) -> int:
	named = {"for_user": user, "document_type": DOCTYPE, "document_name": claim.name}
	return frappe.db.count("Notification Log", named)


# --- The card


@pytest.mark.parametrize(
	("state", "waits_for"),
	[
		(flow.DRAFT, {"officer"}),
		(flow.SUPERVISOR_APPROVAL, {"supervisor"}),
		(flow.MANAGER_APPROVAL, {"manager"}),
		(flow.APPROVED, set()),
		(flow.HANDED_OVER, {"carer"}),
		(flow.PAID, set()),
		(flow.REFUSED, set()),
	],
)
def test_the_card_counts_what_waits_for_its_reader(
	desk: frappe._dict, state: str, waits_for: set[str]
) -> None:
	"""Policy: TRC-19"""
	claim = put_into(desk, make_claim(desk), state)
	card = frappe.get_doc("Number Card", CARD)
	seen = {}
	for name, user in people(desk).items():
		if frappe.has_permission(DOCTYPE, "read", user=user):
			seen[name] = web.call(user, card.method, filters=[])
			assert (
				seen[name]["value"] == len(seen[name]["route_options"]["name"][1]) or not seen[name]["value"]
			)
	assert {name for name, shown in seen.items() if shown["value"]} == waits_for
	assert all(seen[name]["route_options"] == {"name": ["in", [claim.name]]} for name in waits_for)


def test_the_card_is_on_the_workspace_for_all_who_have_a_part(desk: frappe._dict) -> None:
	workspace = frappe.get_doc("Workspace", "Tracing")
	assert CARD in {row.number_card_name for row in workspace.number_cards}
	shown = {block["data"].get("number_card_name") for block in json.loads(workspace.content)}
	assert CARD in shown
	for user in (desk.officer, desk.supervisor, desk.manager, desk.carer):
		with as_user(user):
			assert frappe.has_permission("Number Card", "read", doc=frappe.get_doc("Number Card", CARD))
			assert frappe.get_list("Number Card", {"name": CARD})


def test_who_reads_no_claims_is_told_of_none(desk: frappe._dict) -> None:
	for user in (desk.worker, desk.head, "Guest"):
		for name in ("waiting_card", "waiting_for_me"):
			with pytest.raises(frappe.PermissionError):
				web.call(user, f"{API}.{name}")


# --- Reminders


def test_who_has_let_one_wait_for_two_working_days_is_reminded_once_a_day(
	desk: frappe._dict, moment: moments.Moment
) -> None:
	"""Received on a Sunday, the second working day after it ends on Tuesday."""
	claim = make_claim(desk, amount=5000)
	by_rest(desk.officer, claim.name, flow.SUPERVISOR_APPROVAL)
	first, sunday = told(desk.supervisor, claim), moment.now
	assert claim_turns.remind(sunday + DAY) == claim_turns.remind(sunday + 2 * DAY) == []
	assert claim_turns.remind(sunday + 3 * DAY) == [claim.name]
	assert claim_turns.remind(sunday + 3 * DAY + 3600) == []
	assert claim_turns.remind(sunday + 4 * DAY) == [claim.name]
	assert told(desk.supervisor, claim) == first + 2
	assert told(desk.manager, claim) == told(desk.colleague, claim) == 0
	moment.set("2026-03-08 10:00:00")
	by_rest(desk.supervisor, claim.name, flow.MANAGER_APPROVAL)
	assert claim_turns.remind(moment.now + DAY) == []
	assert claim_turns.remind(moment.now + 3 * DAY) == [claim.name]
	assert told(desk.manager, claim) == 2
	assert told(desk.supervisor, claim) == first + 2


def test_customer_care_is_reminded_of_what_is_to_be_paid(desk: frappe._dict, moment: moments.Moment) -> None:
	claim = put_into(desk, make_claim(desk), flow.HANDED_OVER)
	moment.later(days=3)
	jobs.ch_watch()
	assert (told(desk.carer, claim), told(desk.supervisor, claim)) == (1, 0)


@pytest.mark.parametrize("state", [flow.DRAFT, flow.APPROVED, flow.PAID, flow.REFUSED, flow.WITHDRAWN])
def test_nobody_is_reminded_of_what_waits_for_nobodys_decision(
	desk: frappe._dict, moment: moments.Moment, state: str
) -> None:
	put_into(desk, make_claim(desk), state)
	assert claim_turns.remind(moment.now + 30 * DAY) == []


def test_nobody_is_reminded_unless_the_app_is_live(desk: frappe._dict, moment: moments.Moment) -> None:
	put_into(desk, make_claim(desk), flow.SUPERVISOR_APPROVAL)
	switch_mode("Observe")
	frappe.clear_document_cache("Core Helpdesk Settings", "Core Helpdesk Settings")
	assert claim_turns.remind(moment.now + 30 * DAY) == []


def test_nobody_writes_when_they_were_reminded(desk: frappe._dict) -> None:
	claim = put_into(desk, make_claim(desk), flow.SUPERVISOR_APPROVAL)
	web.put(desk.supervisor, f"{web.RESOURCE}/{DOCTYPE}/{claim.name}", reminded_on="2099-01-01")
	assert not fresh(claim).reminded_on
