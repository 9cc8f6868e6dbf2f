"""Who may do what with a case: judged by the group that the stored ticket is in, and by the case's own legs.

Policy: TRC-11, TRC-12
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from frappe import _

from core_helpdesk.escalations.case import refuse
from core_helpdesk.hosts import hd_team, hd_ticket
from core_helpdesk.setup import roles

if TYPE_CHECKING:
	from frappe.model.document import Document


def team_of(case: Document) -> str:
	"""The group that the ticket is in now; that of the case where the ticket is gone, or looked after by a hidden group:
	the case stays with the group that must solve it.

	Policy: TSM-12
	"""
	# Of a case that is locked the ticket is too: read as committed by now, not as when this request began to read.
	return team_now(case.ticket, case.team, for_update=bool(case.flags.for_update))


def team_now(ticket: str, team: str | None, *, for_update: bool = False) -> str:
	"""The same of a case in `team`, where its document is not at hand.

	Policy: TSM-12
	"""
	found = hd_ticket.facts(ticket, for_update=for_update)
	is_elsewhere = not found.exists or hd_team.is_hidden(found.team)
	return team or "" if is_elsewhere else found.team


def is_supervisor(user: str) -> bool:
	return roles.holds(roles.SUPPORT_SUPERVISOR, user)


def works(case: Document, user: str) -> bool:
	"""True for members of the group that has the ticket, and for Support Supervisors.

	Policy: TRC-12, TRC-23
	"""
	return is_supervisor(user) or hd_team.is_member(team_of(case), user)


def adds(case: Document, user: str) -> bool:
	"""True for whoever works the case, has worked it, or passed it on: they may add what they know.

	Policy: TRC-11
	"""
	if works(case, user) or any(leg.passed_by == user for leg in case.legs):
		return True
	return bool({leg.team for leg in case.legs} & hd_team.teams_of(user))


def must_work(case: Document, user: str) -> None:
	if not works(case, user):
		message = _(
			"Only members of the group {0}, in which the ticket is, and Support Supervisors may do this."
		)
		refuse(message.format(team_of(case) or _("no group")))


def must_add(case: Document, user: str) -> None:
	if not adds(case, user):
		refuse(_("Only those who work this case, have worked it or passed it on may add to it."))


def must_supervise(user: str) -> None:
	if not is_supervisor(user):
		refuse(_("Only a Support Supervisor may do this."))
