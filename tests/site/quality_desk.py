"""A month with complaints and inquiries in two departments, and the further figures that are counted of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import frappe

from core_helpdesk import config, months
from core_helpdesk.domain.quality import Area, Quality, total
from core_helpdesk.reports import (
	quality_counts,
	ticket_month,
)
from tests.site import report_reading as reading
from tests.site.factories import (
	make_category,
	make_department,
	make_desk,
	make_team,
	make_ticket,
	make_ticket_type,
	make_user,
)

if TYPE_CHECKING:
	from tests.site.moments import Moment

MONTH = "2026-03"
ISOLATES = "\u2066\u2067\u2068\u2069"
# No text of a row is a formula to a spreadsheet.
QUOTED = f"'{ISOLATES}"


def open_desk() -> frappe._dict:
	"""Two departments with a head each, and a ticket category for complaints and one for inquiries."""
	frappe.db.delete("HD Ticket")
	desk = make_desk()
	desk.qa, desk.head, desk.other_head = (
		make_user("QA Specialist"),
		*(make_user("Department Manager") for _ in "ab"),
	)
	desk.mine = make_department(head=desk.head, country="Saudi Arabia")
	desk.others = make_department(head=desk.other_head, country="Saudi Arabia")
	category = make_category()
	desk.care = make_team(ch_department=desk.mine, ch_category=category)
	desk.money = make_team(ch_department=desk.others, ch_category=category)
	desk.complaint, desk.inquiry = make_ticket_type(), make_ticket_type()
	promise((desk.complaint, "Complaint"), (desk.inquiry, "Inquiry"))
	return desk


def promise(*kinds: tuple[str, str]) -> None:
	settings = frappe.get_doc(config.SETTINGS)
	rows = [{"ticket_category": category, "kind": kind} for category, kind in kinds]
	settings.set("promised_categories", rows)
	settings.save()


def counted(month: str = MONTH) -> dict[Area, Quality]:
	return quality_counts.count(months.window(month))


def of(areas: dict[Area, Quality], department: str) -> Quality:
	return total(areas, lambda area: area.department == department)


def close(ticket: object) -> None:
	document = frappe.get_doc("HD Ticket", ticket)
	document.status = "Closed"
	document.save()


def reply_to(ticket: object) -> None:
	frappe.db.set_value("HD Ticket", ticket, "first_responded_on", config.from_epoch(config.now_epoch()))


def a_month(desk: frappe._dict, moment: Moment) -> dict[str, object]:
	"""Three complaints and three inquiries, of each one answered in time, one late and one not at all."""
	raised = {
		name: make_ticket(group=team, ticket_type=category).name
		for name, team, category in (
			("soon", desk.care, desk.complaint),
			("late", desk.care, desk.complaint),
			("never", desk.money, desk.complaint),
			("asked", desk.care, desk.inquiry),
			("asked late", desk.money, desk.inquiry),
			("not answered", desk.money, desk.inquiry),
		)
	}
	moment.set("2026-03-02 08:00")
	reply_to(raised["asked"])
	moment.set("2026-03-03 08:00")
	close(raised["soon"])
	reply_to(raised["asked late"])
	moment.set("2026-03-29 10:00")
	close(raised["late"])
	return raised


def lines(user: str, **filters: object) -> dict[str, dict]:
	rows = reading.rows(user, ticket_month.REPORT, month=MONTH, by=ticket_month.FURTHER, **filters)
	return {row["part"]: row for row in rows}
