"""A random walk over everything anybody can do with requests: nobody reaches a decision past those who decide."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import TYPE_CHECKING

import frappe
import pytest

from core_helpdesk.governance import request_kinds as kinds
from core_helpdesk.governance import requests
from core_helpdesk.governance.request_data import fingerprint
from core_helpdesk.setup import workflows as flow
from tests.site import sessions, web
from tests.site.factories import as_user
from tests.site.request_desk import DOCTYPE, REASON, WAYS, Desk, fresh, make_request, open_desk

if TYPE_CHECKING:
	from frappe.model.document import Document

REFUSALS = (frappe.PermissionError, frappe.ValidationError, frappe.DoesNotExistError)
AT_ONCE = 5
SEED = 20260301


class Walk:
	"""A few requests at a time, everybody at them, and what was last submitted of each."""

	def __init__(self, steps: int, *, seed: int = SEED) -> None:
		self.dice = random.Random(seed)
		self.desk: Desk = open_desk(mode="Off")
		self.people = self.desk.people()
		self.steps = steps
		self.names: list[str] = []
		self.submitted: dict[str, str] = {}
		self.taken = 0
		self.reached: set[tuple[str, str]] = set()

	def run(self) -> None:
		for number in range(self.steps):
			self.fill()
			name = self.dice.choice(self.names)
			if number % 500 == 0:
				frappe.db.commit()
			frappe.db.savepoint("one_step")
			try:
				self.step(name)
			except REFUSALS:
				frappe.db.rollback(save_point="one_step")
			else:
				self.taken += 1
			frappe.set_user("Administrator")
			frappe.local.message_log = []
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
			self.names.append(make_request(self.desk, kind, by=by).name)

	def step(self, name: str) -> None:
		act = self.dice.choices(
			(self.take_a_step, self.write_a_state, self.change_data, self.claim, self.delete),
			(70, 15, 9, 5, 1),
		)[0]
		act(name, self.dice.choice(list(self.people.values())))

	def take_a_step(self, name: str, user: str) -> None:
		way = self.dice.choice(list(WAYS.values()))
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

	def delete(self, name: str, user: str) -> None:
		with as_user(user):
			frappe.delete_doc(DOCTYPE, name)

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
			sessions.clear_caches()

	def check_log(self, request: Document) -> None:
		assert request.states[-1].state == request.workflow_state
		assert not request.states[-1].left_at
		at_once = (flow.DRAFT, flow.IMPLEMENTED) if request.kind == kinds.ADD_MEMBERS else ()
		for before, after in pairwise(request.states):
			assert (before.state, after.state) in {*requests.MOVES, at_once}
			assert before.left_at == after.entered_at

	def check_decision(self, request: Document) -> None:
		states = [row.state for row in request.states]
		if flow.APPROVED in states:
			approval = request.states[states.index(flow.APPROVED)]
			before = states[states.index(flow.APPROVED) - 1]
			assert approval.by not in {request.requested_by, request.owner}
			deciding = (
				{self.desk.manager} if before == flow.MANAGER_APPROVAL else {self.desk.qa, self.desk.other_qa}
			)
			assert approval.by in deciding
			needs_manager = request.kind in (kinds.NEW_CATEGORY, kinds.DEVIATION)
			assert not needs_manager or before == flow.MANAGER_APPROVAL
		elif flow.IMPLEMENTED in states:
			assert request.kind == kinds.ADD_MEMBERS
			heads = {self.desk.home: self.desk.head, self.desk.other_group: self.desk.other_head}
			assert request.states[-1].by == heads[request.team]
		assert bool(request.implemented_on) == (request.workflow_state == flow.IMPLEMENTED)

	def check_data(self, request: Document) -> None:
		"""What was submitted is what is decided on."""
		if request.workflow_state in requests.OPEN:
			self.submitted.pop(request.name, None)
			return
		asked = str(fingerprint(request))
		assert self.submitted.setdefault(request.name, asked) == asked
		assert request.requested_by == request.owner


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
