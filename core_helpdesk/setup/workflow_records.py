"""Workflows of the app's own documents: seeded once, so that what an admin changes later survives a migrate.

The buttons come from here; what may really happen is decided on the server, whatever the workflow says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import frappe

from core_helpdesk.setup import ledger

if TYPE_CHECKING:
	from collections.abc import Iterable, Iterator, Mapping

STATE, ACTION, WORKFLOW = "Workflow State", "Workflow Action Master", "Workflow"


class Step(NamedTuple):
	"""A transition, for each of its roles."""

	state: str
	action: str
	next_state: str
	roles: tuple[str, ...]
	condition: str


class Flow(NamedTuple):
	"""The workflow of a doctype, named after it.

	`states` gives each its style, `editors` the roles whose forms can be written in, the first of them shown as the one
	to ask; `owners_actions` are those that whoever made the document may take with it.
	"""

	name: str
	states: Mapping[str, str]
	editors: Mapping[str, str | tuple[str, ...]]
	actions: tuple[str, ...]
	steps: tuple[Step, ...]
	owners_actions: tuple[str, ...]
	optional_states: tuple[str, ...] = ()


def remember_missing(flow: Flow) -> None:
	"""Notes what this install will make, so that a retried install takes it for its own."""
	ledger.remember_early(STATE, _missing(STATE, flow.states))
	ledger.remember_early(ACTION, _missing(ACTION, flow.actions))


def _missing(doctype: str, names: Iterable[str]) -> list[str]:
	return [name for name in names if not frappe.db.exists(doctype, name)]


def seed(flow: Flow) -> None:
	for state, style in flow.states.items():
		_make(STATE, state, {"workflow_state_name": state, "style": style})
	for action in flow.actions:
		_make(ACTION, action, {"workflow_action_name": action})
	is_there = frappe.db.exists(WORKFLOW, {"document_type": flow.name})
	if not is_there and flow.name not in ledger.made(WORKFLOW):
		_make(WORKFLOW, flow.name, _workflow(flow))


def _make(doctype: str, name: str, values: dict) -> None:
	if frappe.db.exists(doctype, name):
		return
	# Setup runs as whoever installs or migrates.
	frappe.get_doc({"doctype": doctype, **values}).insert(ignore_permissions=True)
	ledger.remember(doctype, name)


def _workflow(flow: Flow) -> dict:
	return {
		"workflow_name": flow.name,
		"document_type": flow.name,
		"is_active": 1,
		"override_status": 0,
		# The framework's own mails act for whoever is named in their links; ours lead to the form.
		"send_email_alert": 0,
		"workflow_state_field": "workflow_state",
		"enable_action_confirmation": 0,
		"states": [_state(flow, state, role) for state in flow.states for role in _editors(flow, state)],
		"transitions": list(_transitions(flow)),
	}


def _editors(flow: Flow, state: str) -> tuple[str, ...]:
	named = flow.editors[state]
	return (named,) if isinstance(named, str) else named


def _state(flow: Flow, state: str, role: str) -> dict:
	# Who may edit what is decided on the server; the form shows the role named here as the one to ask.
	return {
		"state": state,
		"doc_status": "0",
		"allow_edit": role,
		"is_optional_state": int(state in flow.optional_states),
		"avoid_status_override": 0,
		"evaluate_as_expression": 0,
		"send_email": 0,
	}


def _transitions(flow: Flow) -> Iterator[dict]:
	for step in flow.steps:
		for role in step.roles:
			yield {
				"state": step.state,
				"action": step.action,
				"next_state": step.next_state,
				"allowed": role,
				"allow_self_approval": int(step.action in flow.owners_actions),
				"condition": step.condition,
				"send_email_to_creator": 0,
			}


def remove(made: dict[str, dict[str, str]]) -> None:
	"""Takes away the workflows and the actions that setup made; states go with those of other documents."""
	from core_helpdesk.setup.host_records import delete_unless_used

	for doctype in (WORKFLOW, ACTION):
		for name in made.get(doctype, {}):
			delete_unless_used(doctype, name)
