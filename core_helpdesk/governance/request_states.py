"""Where a Group Request was, since when, for how long and through whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from core_helpdesk import config

if TYPE_CHECKING:
	from frappe.model.document import Document


def enter(request: Document, user: str, note: str = "", now: int = 0) -> None:
	"""Ends the stay in the last state and begins the one in the present state.

	Units: `now` is seconds since the epoch; 0 is this moment.
	"""
	now = now or config.now_epoch()
	moment = config.from_epoch(now)
	if request.states:
		last = request.states[-1]
		last.left_at = moment
		last.seconds = max(0, now - config.to_epoch(last.entered_at))
	request.reminded_on = None
	request.append(
		"states", {"state": request.workflow_state, "entered_at": moment, "by": user, "note": note or None}
	)


def waiting_since(request: Document) -> int:
	"""When the request came into its present state, as seconds since the epoch; 0 if it never was in one."""
	return config.to_epoch(request.states[-1].entered_at) if request.states else 0
