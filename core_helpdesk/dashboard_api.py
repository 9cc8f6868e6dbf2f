"""What the dashboard page calls. It asks first who may."""

from typing import Any

import frappe
from frappe import _

from core_helpdesk import config, figure_words, months
from core_helpdesk.domain.ticket_facts import Dimension
from core_helpdesk.domain.ticket_lines import Cell, total
from core_helpdesk.domain.ticket_measures import OPEN
from core_helpdesk.reports import dashboard, readers, ticket_words
from core_helpdesk.reports.names import Names

MOST_PARTS = 12


@frappe.whitelist()
def seen(department: str = "", country: str = "") -> dict[str, Any]:
	"""Tiles, trends and parts for the present reader, in their language.

	Raises: PermissionError for anybody who is no reader.
	Policy: CORE-13, QA-M1, TSM-M1
	"""
	found = dashboard.counted({"department": department, "country": country})
	reader = readers.reader(readers.OF_TICKETS)
	by = Dimension.COUNTRY if department else Dimension.DEPARTMENT
	nothing = readers.why_nothing(reader, {})
	return {
		"at": config.from_epoch(found.at),
		"at_epoch": found.at,
		"nothing": nothing,
		"tiles": [] if nothing else _tiles(found),
		"days": {"labels": [], "series": []} if nothing else _days(found),
		"months": _months(found),
		"by": ticket_words.dimension_named(by),
		"parts": _parts(found, by),
	}


def _tiles(found: dashboard.Counted) -> list[dict[str, Any]]:
	now, today = total(found.now), total(list(found.days.values())[-1])
	month = total(list(found.months.values())[-1])
	within = month.within_standard
	return [
		_tile("open", _("Open Tickets"), now[OPEN]),
		_tile("received", _("Received Today"), today["received"]),
		_tile("closed", _("Closed Today"), today["closed"]),
		_tile(
			"within_standard",
			_("Within the Standard This Month"),
			figure_words.in_words(figure_words.Unit.SHARE, within),
			"" if within is None else "green" if within == 1 else "red",
		),
		_tile("escalated", _("Escalations Open, at Both Levels"), now[dashboard.ESCALATED], "orange"),
		_tile("at_manager", _("At the General Manager"), now[dashboard.AT_MANAGER], "red"),
		_tile("over", _("Escalations over 24 Hours, at Both Levels"), now[dashboard.OVER], "red"),
		_tile("tracing", _("Tracing Cases Open"), found.tracing.open),
		_tile("tracing_late", _("Tracing Cases Late"), found.tracing.late, "red"),
	]


def _tile(name: str, label: str, value: int | str, tone: str = "") -> dict[str, Any]:
	"""A number is coloured only where there is something to see to."""
	return {"name": name, "label": label, "value": value, "tone": tone if value else ""}


def _days(found: dashboard.Counted) -> dict[str, Any]:
	cells = [total(own) for own in found.days.values()]
	return {
		"labels": [str(int(day[-2:])) for day in found.days],
		"series": [
			{"name": label, "values": [cell[name] for cell in cells], "tone": tone}
			for name, label, tone in (
				("received", _("Received", context="Ticket Figures"), "blue"),
				("closed", _("Closed", context="Ticket Figures"), "green"),
				("escalated", _("Escalated", context="Ticket Figures"), "red"),
			)
		],
	}


def _months(found: dashboard.Counted) -> dict[str, Any]:
	"""From the first month in which something was decided."""
	shares = {month: total(own).within_standard for month, own in found.months.items()}
	begun = [month for month in shares if any(shares[own] is not None for own in shares if own <= month)]
	language = frappe.local.lang or "en"
	return {
		"labels": [months.in_words(month, language) for month in begun],
		"months": begun,
		"series": [
			{
				"name": _("Within the Standard (%)"),
				"values": [round(100 * (shares[month] or 0), 1) for month in begun],
				"tone": "green",
			}
		],
	}


def _parts(found: dashboard.Counted, by: Dimension) -> list[dict[str, Any]]:
	"""Where most is late, escalated and open first."""
	names = Names()

	def weight(item: tuple[str, tuple[Cell, Cell]]) -> tuple:
		name, (now, _days) = item
		return (-now[dashboard.OVER], -now[dashboard.ESCALATED], -now[OPEN], name)

	return [
		{
			"name": name,
			"label": ticket_words.part_named(by, name, names),
			"open": now[OPEN],
			"escalated": now[dashboard.ESCALATED],
			"over": now[dashboard.OVER],
			"received": days["received"],
			"closed": days["closed"],
		}
		for name, (now, days) in sorted(dashboard.by_part(found, by).items(), key=weight)[:MOST_PARTS]
	]
