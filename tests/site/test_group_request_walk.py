"""A random walk over everything anybody can do with requests: nobody reaches a decision past those who decide."""

from __future__ import annotations

import json
import random
from itertools import pairwise
from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk.governance import request_kinds as kinds
from core_helpdesk.governance import requests
from core_helpdesk.governance.request_data import fingerprint
from core_helpdesk.hosts import group_tickets
from core_helpdesk.setup import workflows as flow
from tests.site import sessions, web
from tests.site.factories import as_user, make_user
from tests.site.request_desk import DOCTYPE, REASON, Desk, fresh, make_request, open_desk, open_ticket
from tests.site.request_ways import EVERY_WAY, STEP

if TYPE_CHECKING:
	from frappe.model.document import Document

REFUSALS = (frappe.PermissionError, frappe.ValidationError, frappe.DoesNotExistError)
AT_ONCE = 5
SEED = 20260301


class Walk:
	"""A few requests at a time, everybody at them; who wrote each, who saved it last, and what was submitted of it."""

	def __init__(self, steps: int, *, seed: int = SEED) -> None:
		self.dice = random.Random(seed)
		self.desk: Desk = open_desk(mode="Off")
		self.people = self.desk.people() | {"system_manager": make_user("System Manager", "Agent")}
		# One who reviews, and answers for a department as well.
		frappe.get_doc("User", self.desk.other_head).add_roles("QA Specialist")
		self.reviewers = {self.desk.qa, self.desk.other_qa, self.desk.other_head}
		self.steps = steps
		self.names: list[str] = []
		self.submitted: dict[str, str] = {}
		self.writers: dict[str, set[str]] = {}
		self.saved_by = ""
		self.closed: dict[str, tuple[str, str]] = {}
		self.taken = 0
		self.ways: set[str] = set()
		self.reached: set[tuple[str, str]] = set()

	def run(self) -> None:
		for number in range(self.steps):
			self.fill()
			late = bool(self.closed) and self.dice.random() < 0.1
			name = self.dice.choice(list(self.closed) if late else self.names)
			if number % 500 == 0:
				frappe.db.commit()
			frappe.db.savepoint(STEP)
			try:
				self.step(name)
			except REFUSALS:
				frappe.db.rollback(save_point=STEP)
			else:
				self.taken += 1
			frappe.set_user("Administrator")
			frappe.local.message_log = []
			if late:
				self.look_again(name, number)
			else:
				self.look_at(name, number)

	def fill(self) -> None:
		while len(self.names) < AT_ONCE:
			kind = self.dice.choice(list(kinds.KINDS))
			asking = (
				("head", "qa", "other_head", "agent")
				if kind == kinds.CORRECTION
				else ("head", "qa", "other_head")
			)
			by = self.people["head_abroad" if kind == kinds.DEVIATION else self.dice.choice(asking)]
			name = make_request(self.desk, kind, by=by).name
			self.names.append(name)
			self.writers[name] = {by}
			# Nobody reports so many in one day.
			frappe.db.set_value(DOCTYPE, name, "creation", "2026-01-01 08:00:00", update_modified=False)

	def step(self, name: str) -> None:
		act = self.dice.choices(
			(
				self.take_a_step,
				self.write_a_state,
				self.change_data,
				self.claim,
				self.come_decided,
				self.undo,
				self.delete,
				self.bring_a_ticket,
			),
			(70, 12, 12, 5, 2, 1, 1, 1),
		)[0]
		user, before = self.dice.choice(list(self.people.values())), fresh(name)
		self.saved_by = before.modified_by
		act(name, user)
		is_there = frappe.db.exists(DOCTYPE, name)
		if is_there and before.workflow_state in requests.OPEN and differs(before, fresh(name)):
			self.writers[name].add(user)

	def take_a_step(self, name: str, user: str) -> None:
		name_of_way, way = self.dice.choice(list(EVERY_WAY.items()))
		self.ways.add(name_of_way)
		state = frappe.db.get_value(DOCTYPE, name, "workflow_state")
		likely = [move.action for (before, _after), move in requests.MOVES.items() if before == state]
		actions = likely if likely and self.dice.random() < 0.8 else list(flow.ACTIONS)
		way(user, name, self.dice.choice(actions))

	def write_a_state(self, name: str, user: str) -> None:
		state = self.dice.choice([*flow.STATES, "Active"])
		values = {"workflow_state": state, "needs": REASON, "decision_reason": REASON}
		web.put(user, f"{web.RESOURCE}/{DOCTYPE}/{name}", **values)

	def change_data(self, name: str, user: str) -> None:
		values = self.dice.choice(
			[
				{"work_reason": f"Reason {self.dice.random()}"},
				{"purpose": f"Purpose {self.dice.random()}"},
				{"team": self.dice.choice([self.desk.home, self.desk.other_group])},
				{"kind": self.dice.choice(list(kinds.KINDS))},
			]
		)
		with as_user(user):
			request = fresh(name)
			request.update(values)
			request.save()

	def claim(self, name: str, user: str) -> None:
		"""Writes oneself, or nobody, into what says who asked and what was decided."""
		states = [{"state": flow.REVIEW, "by": user}, {"state": flow.APPROVED, "by": self.desk.manager}]
		values = {
			"requested_by": user,
			"owner": user,
			"states": states,
			"implemented_on": "2026-01-01 00:00:00",
			"flags": {"ch_engine": 1, "ch_at_once": 1, "ignore_validate": 1},
		}
		web.put(
			user,
			f"{web.RESOURCE}/{DOCTYPE}/{name}",
			**values,
			workflow_state=self.dice.choice(list(flow.STATES)),
		)

	def come_decided(self, name: str, user: str) -> None:
		"""A new request, or a copy of one, that says it was decided on."""
		values = {
			**fresh(name).as_dict(no_default_fields=True),
			"workflow_state": self.dice.choice((flow.REVIEW, flow.APPROVED, flow.IMPLEMENTED)),
			"requested_by": self.desk.head,
			"implemented_on": "2026-01-01 00:00:00",
		}
		made = web.post(user, f"{web.RESOURCE}/{DOCTYPE}", **json.loads(frappe.as_json(values)))
		request = fresh(made["name"])
		assert request.workflow_state == flow.DRAFT
		assert not request.implemented_on
		assert request.requested_by == request.owner == user
		frappe.delete_doc(DOCTYPE, request.name, force=True, ignore_on_trash=True)

	def undo(self, name: str, user: str) -> None:
		before = frappe.db.get_value(DOCTYPE, name, "undone_on")
		web.call(user, "core_helpdesk.governance_api.undo_request", name=name)
		assert user in self.reviewers
		assert not before
		assert frappe.db.get_value(DOCTYPE, name, "implemented_on")

	def delete(self, name: str, user: str) -> None:
		with as_user(user):
			frappe.delete_doc(DOCTYPE, name)

	def bring_a_ticket(self, name: str, user: str) -> None:
		"""What keeps a group from retiring without the Customer Service Manager."""
		open_ticket(self.dice.choice([self.desk.home, self.desk.other_group]))

	# --- What must hold

	def look_at(self, name: str, number: int) -> None:
		if not frappe.db.exists(DOCTYPE, name):
			assert name not in self.submitted, (number, name)
			self.names.remove(name)
			return
		request = fresh(name)
		self.check_log(request)
		self.check_decision(request)
		self.check_data(request)
		self.reached.add((request.kind, request.workflow_state))
		if request.workflow_state in requests.CLOSED:
			self.names.remove(name)
			self.close(request)

	def close(self, request: Document) -> None:
		self.closed[request.name] = (request.workflow_state, str(fingerprint(request)))
		while len(self.closed) > AT_ONCE:
			self.closed.pop(next(iter(self.closed)))
		sessions.clear_caches()

	def look_again(self, name: str, number: int) -> None:
		"""What was decided stays decided, and stays on record."""
		request = fresh(name)
		assert (request.workflow_state, str(fingerprint(request))) == self.closed[name], (number, name)

	def check_log(self, request: Document) -> None:
		assert request.states[-1].state == request.workflow_state
		assert not request.states[-1].left_at
		at_once = (
			{(state, flow.IMPLEMENTED) for state in requests.OPEN}
			if request.kind == kinds.ADD_MEMBERS
			else set()
		)
		for before, after in pairwise(request.states):
			assert (before.state, after.state) in {*requests.MOVES, *at_once}
			assert before.left_at == after.entered_at

	def check_decision(self, request: Document) -> None:
		makers = {request.requested_by, request.owner, *self.writers[request.name]}
		needs_manager = request.kind in (kinds.NEW_CATEGORY, kinds.DEVIATION)
		# What was decided before it could change once more counts no longer.
		last_open = max(number for number, row in enumerate(request.states) if row.state in requests.OPEN)
		for before, after in pairwise(request.states[last_open:]):
			if after.state == flow.APPROVED:
				by_manager = before.state == flow.MANAGER_APPROVAL
				assert after.by in ({self.desk.manager} if by_manager else self.reviewers) - makers
				assert by_manager or not needs_manager
			elif after.state == flow.IMPLEMENTED and before.state == flow.APPROVED:
				assert after.by in self.reviewers - makers
			elif after.state == flow.IMPLEMENTED:
				self.check_at_once(request)
		if request.workflow_state == flow.IMPLEMENTED and (
			self.holds_tickets(request) or request.result_deviation
		):
			assert requests.is_approved_by_manager(request)
		assert bool(request.implemented_on) == (request.workflow_state == flow.IMPLEMENTED)

	def check_at_once(self, request: Document) -> None:
		"""Only members, only by the group's own manager, and only as that one had saved them."""
		assert request.kind == kinds.ADD_MEMBERS
		heads = {self.desk.home: self.desk.head, self.desk.other_group: self.desk.other_head}
		assert request.states[-1].by == heads[request.team] == self.saved_by

	def holds_tickets(self, request: Document) -> bool:
		return request.kind == kinds.RETIRE_GROUP and group_tickets.open_count(request.team) > 0

	def check_data(self, request: Document) -> None:
		"""What was submitted is what is decided on."""
		if request.workflow_state in requests.OPEN:
			self.submitted.pop(request.name, None)
			return
		asked = str(fingerprint(request))
		assert self.submitted.setdefault(request.name, asked) == asked
		assert request.requested_by == request.owner


def differs(before: Document, after: Document) -> bool:
	return str(fingerprint(before)) != str(fingerprint(after))


def test_no_sequence_of_calls_reaches_a_decision_past_those_who_decide() -> None:
	walk = Walk(250)
	walk.run()
	assert walk.taken > 20


@pytest.mark.soak
def test_no_sequence_of_calls_reaches_a_decision_past_those_who_decide_soak() -> None:
	walk = Walk(20_000)
	walk.run()
	decided = {kind for kind, state in walk.reached if state == flow.IMPLEMENTED}
	assert decided >= {kinds.ADD_MEMBERS, kinds.CHANGE_GROUP, kinds.NEW_CATEGORY, kinds.DEVIATION}
	assert {state for _kind, state in walk.reached} == set(flow.STATES)
	assert walk.ways == set(EVERY_WAY)
