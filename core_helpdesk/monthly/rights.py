"""Who reads a Monthly Report, who comments and sends it, and who is management: judged by what is stored.

Administrator is nobody special: a role counts only where it was given to a person, an office only while it is held.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from frappe import _
from frappe.utils import getdate

from core_helpdesk import config, permissions
from core_helpdesk.escalations import people
from core_helpdesk.hosts import hd_team
from core_helpdesk.setup import monthly_workflow as flow
from core_helpdesk.setup.roles import (
	CUSTOMER_SERVICE_MANAGER,
	GENERAL_MANAGER,
	QA_SPECIALIST,
	TSM_AGENT,
	holders,
	holds,
)

if TYPE_CHECKING:
	from datetime import date

	from frappe.model.document import Document

	from core_helpdesk.escalations.people import Recipient

# What department heads read, once it was sent to them.
FOR_HEADS, SENT_TO_HEADS = flow.TSM_REPORT, (flow.SENT, flow.SIGNED)


def reads(kind: str | None, state: str | None, user: str) -> bool:
	"""Who sees everything reads every report; a head the TSM Monthly Report, of which their own areas are shown.

	Policy: CORE-13, TSM-13
	"""
	present = permissions.scope(user)
	if present.sees_all:
		return True
	return kind == FOR_HEADS and state in SENT_TO_HEADS and bool(present.areas)


def sees_all_of(department: str | None, country: str | None, user: str) -> bool:
	"""Whether the user sees every place of a department, of a country or, without either, of all: a figure of it holds
	them together.

	Policy: CORE-13
	"""
	present = permissions.scope(user)
	if present.sees_all:
		return True
	if country:
		return bool(department) and present.covers(department, country)
	return any(area.department == department and not (area.country or area.but_not) for area in present.areas)


def is_tsm(user: str) -> bool:
	"""A member of Ticketing System Management.

	Policy: TSM-12, TSM-13
	"""
	return holds(TSM_AGENT, user) and hd_team.is_member(config.tsm_team(), user)


class Capacity(NamedTuple):
	"""For whom a person acts: an office, and its holder where the deputy acts."""

	office: str
	deputy_of: str = ""


def as_general_manager(user: str) -> Capacity | None:
	"""The capacity of who acts as General Manager today; the role alone is the deputy's all the time."""
	return _acts(GENERAL_MANAGER, config.settings().general_manager, user)


def as_manager(user: str) -> Capacity | None:
	"""The capacity of who acts as Customer Service Manager today."""
	return _acts(CUSTOMER_SERVICE_MANAGER, config.settings().customer_service_manager, user)


def _acts(office: str, stand: config.Stand, user: str) -> Capacity | None:
	"""While an office is vacant nobody acts for it: deputies have its role all the time, and a role signs nothing."""
	if not (stand.user and holds(office, user)):
		return None
	if user == stand.user:
		return Capacity(office)
	return Capacity(office, stand.user) if user == permissions.deputising(stand, getdate()) else None


def as_management(user: str) -> Capacity | None:
	"""Policy: QA-M1, TSM-M1, TRC-M1"""
	return as_general_manager(user) or as_manager(user)


def is_general_manager(user: str) -> bool:
	return as_general_manager(user) is not None


def is_manager(user: str) -> bool:
	return as_manager(user) is not None


def is_management(user: str) -> bool:
	return as_management(user) is not None


def may_sign(user: str) -> bool:
	"""Whether the user's signature can stand for management: a QA Specialist names who holds an office, themselves too,
	and Ticketing System Management would sign what it did itself.

	Policy: QA-M1, TSM-M1, TRC-M1
	"""
	return is_management(user) and not (holds(QA_SPECIALIST, user) or _is_of_tsm(user))


def may_review(user: str) -> bool:
	"""Whether the user may review for management what goes on to the General Manager, and forward it.

	Policy: QA-M1, TSM-M2
	"""
	return is_manager(user) and may_sign(user)


def _is_of_tsm(user: str) -> bool:
	# Whoever is in the group is of it, and so is who has its role: one of the two may have been forgotten.
	return holds(TSM_AGENT, user) or hd_team.is_member(config.tsm_team(), user)


def decides(user: str) -> bool:
	"""Who decides on corrective actions: management and the QA Specialist.

	Policy: QA-M2, QA-M3, TRC-M3
	"""
	return holds(QA_SPECIALIST, user) or is_management(user)


def makes(report: Document, user: str) -> bool:
	"""Who comments on a report and hands it on: QA Specialists theirs, Ticketing System Management the others.

	Policy: QA-12, TSM-13, TSM-M2
	"""
	return holds(QA_SPECIALIST, user) if report.kind == flow.QA_REPORT else is_tsm(user)


def as_maker(kind: str) -> Capacity:
	"""The capacity of who hands a report of this kind on."""
	return Capacity(QA_SPECIALIST if kind == flow.QA_REPORT else people.TSM)


def makers(kind: str) -> list[str]:
	"""The people who comment on a report of this kind and hand it on."""
	if kind == flow.QA_REPORT:
		return holders(QA_SPECIALIST)
	return [person.user for person in people.tsm_members().people]


def managers(today: date) -> tuple[Recipient, ...]:
	return people.customer_service_manager(today).people


def general_managers(today: date) -> tuple[Recipient, ...]:
	return people.general_manager(today).people


# --- The same in words


def a_maker(report: Document) -> str:
	if report.kind == flow.QA_REPORT:
		return _("a QA Specialist")
	return _("a member of Ticketing System Management")


def a_reviewer() -> str:
	return _(
		"the Customer Service Manager or the deputy, if not one who wrote or sent it, and neither a QA Specialist nor a member of Ticketing System Management"
	)


def a_discusser() -> str:
	return _(
		"the Customer Service Manager or the deputy, if neither a QA Specialist nor a member of Ticketing System Management"
	)


def a_signer() -> str:
	return _(
		"the General Manager or the deputy, if not one who wrote, sent or reviewed it, and neither a QA Specialist nor a member of Ticketing System Management"
	)


def a_manager() -> str:
	return _(
		"the Customer Service Manager or the General Manager, if not one who wrote or sent it, and neither a QA Specialist nor a member of Ticketing System Management"
	)


def in_words(office: str, deputy_of: str) -> str:
	"""A capacity in the present language; `deputy_of` is a name."""
	if not office:
		return ""
	return _("{0}, as deputy of {1}").format(_(office), deputy_of) if deputy_of else _(office)
