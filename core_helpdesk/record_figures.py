"""Figures that the framework draws for whoever asks: charts, number cards, goals, calendars, and how many each one has.

It puts the caller's words for columns into its queries as they are, and counts some of them past every permission. Here
a column is one that the user may read, a condition is data, and what counts is what a list would show. That is so for
every doctype: a word that reads another table does it from wherever it stands.
"""

import inspect
from collections import defaultdict
from collections.abc import Container, Iterable
from statistics import mean
from typing import Any

import frappe
from frappe import _
from frappe.model import get_permitted_fields
from frappe.permissions import get_role_permissions, get_user_permissions
from frappe.query_builder import Order
from frappe.query_builder.functions import Count
from frappe.utils import cint, get_datetime, getdate
from pypika.terms import LiteralValue

from core_helpdesk import config
from core_helpdesk.record_lookup import conditions, is_guarded

CHART = "frappe.desk.doctype.dashboard_chart.dashboard_chart"
CARD = "frappe.desk.doctype.number_card.number_card"
AGGREGATES = {"Sum": sum, "Count": len, "Average": lambda values: mean(values) if values else None}
OF_GOALS = ("sum", "count", "avg", "min", "max")


@frappe.whitelist()
def get_chart(
	chart_name: str | None = None,
	chart: str | dict | None = None,
	filters: str | list | dict | None = None,
	**more: Any,
) -> dict[str, Any] | None:
	"""Raises: PermissionError

	Policy: CORE-13, TSM-12
	"""
	drawn = (
		frappe.get_doc("Dashboard Chart", chart_name)
		if chart_name
		else frappe._dict(frappe.parse_json(chart))
	)
	doctype, is_grouped = drawn.document_type, drawn.chart_type == "Group By"
	columns = (
		(drawn.group_by_based_on, drawn.aggregate_function_based_on)
		if is_grouped
		else (drawn.based_on, drawn.value_based_on)
	)
	check_columns(doctype, columns, drawn.parent_document_type)
	wanted = conditions(filters) or conditions(drawn.filters_json)
	if drawn.type == "Heatmap" and not is_grouped and sees_a_part(doctype):
		return heatmap(drawn, wanted, more.get("heatmap_year"))
	draw = frappe.get_attr(f"{CHART}.get")
	# It keeps an answer for all who ask after the first.
	if not chart_name or is_narrowed(doctype):
		draw = inspect.unwrap(draw)
	# The Desk sends empty texts for what is not set, which its cache makes nothing of.
	more = {name: value or None for name, value in more.items()}
	return frappe.call(draw, chart_name=chart_name, chart=chart, filters=wanted, **more)


def heatmap(chart: Any, filters: list, year: Any) -> dict[str, Any]:
	"""As the framework draws it, of what a list would show: the framework itself counts all.

	Not every release lets a list count by day.
	"""
	day, first = chart.based_on, cint(year or chart.heatmap_year) or getdate().year
	within = [[day, ">", f"{first}-01-01"], [day, "<", f"{first + 1}-01-01"], ["docstatus", "<", 2]]
	rows = frappe.get_list(
		chart.document_type,
		fields=[day, chart.value_based_on or "name"],
		filters=[*filters, *within],
		order_by=f"{day} asc",
		parent_doctype=chart.parent_document_type,
		as_list=True,
		limit=0,
	)
	days: defaultdict[Any, list[Any]] = defaultdict(list)
	for moment, value in rows:
		days[getdate(moment)] += [] if value is None else [value]
	put_together = AGGREGATES[chart.chart_type]
	points = {config.to_epoch(get_datetime(day)): put_together(values) for day, values in days.items()}
	return {"labels": [], "dataPoints": points}


@frappe.whitelist()
def get_card(
	doc: str | dict, filters: str | list | dict | None = None, to_date: str | None = None
) -> float | None:
	"""Raises: PermissionError"""
	check_card(frappe.parse_json(doc))
	wanted = conditions(filters)
	return frappe.get_attr(f"{CARD}.get_result")(doc, wanted, to_date)


@frappe.whitelist()
def get_card_difference(
	doc: str | dict, filters: str | list | dict | None = None, result: Any = None
) -> float | None:
	"""The same for the stored card, which its maker may have sent as they liked.

	Raises: PermissionError
	"""
	check_card(frappe.get_doc("Number Card", frappe.parse_json(doc).name))
	return frappe.get_attr(f"{CARD}.get_percentage_difference")(doc, conditions(filters), result)


def check_card(card: Any) -> None:
	column = None if card.function == "Count" else card.aggregate_function_based_on
	check_columns(card.document_type, [column], card.parent_document_type)


@frappe.whitelist()
def get_events(
	doctype: str,
	start: str,
	end: str,
	field_map: str,
	filters: str | None = None,
	fields: str | list | None = None,
	**more: Any,
) -> list[dict[str, Any]]:
	"""Raises: PermissionError"""
	named = frappe.parse_json(field_map)
	shown = (named.get(part) for part in ("start", "end", "title", "color"))
	check_columns(doctype, [*shown, *(frappe.parse_json(fields) or [])])
	events = frappe.get_attr("frappe.desk.calendar.get_events")
	wanted = frappe.as_json(conditions(filters))
	# What newer releases ask for besides, their lists check.
	named_too = {name: value for name, value in more.items() if name in inspect.signature(events).parameters}
	return events(doctype, start, end, field_map, wanted, fields, **named_too)


@frappe.whitelist()
def get_goal(
	doctype: str,
	docname: str,
	goal_value_field: str,
	goal_total_field: str,
	goal_history_field: str,
	goal_doctype: str,
	goal_doctype_link: str,
	goal_field: str,
	date_field: str,
	aggregation: str = "sum",
	filters: str | dict | None = None,
	title: str = "",
) -> dict[str, Any]:
	"""The framework counts past permissions and takes any word for its function.

	Of documents that the user may not read nothing is counted: what stands on their own document is drawn.
	Raises: PermissionError
	Policy: CORE-13, TSM-12
	"""
	of_document = {"goal_value_field": goal_value_field, "goal_total_field": goal_total_field}
	of_document["goal_history_field"] = goal_history_field
	check_columns(doctype, of_document.values())
	if aggregation not in OF_GOALS:
		refuse(goal_doctype, aggregation)
	wanted = dict(frappe.parse_json(filters) or {})
	if doctype != goal_doctype:
		wanted[goal_doctype_link] = docname
	columns = (goal_field, date_field, *wanted)
	if is_guarded(goal_doctype) or frappe.has_permission(goal_doctype, "read"):
		check_columns(goal_doctype, columns)
	else:
		# Whoever may read it: what is no column is no word for a query.
		check_among(frappe.get_meta(goal_doctype).get_valid_columns(), goal_doctype, columns)
		wanted = {"name": ""}
	if sees_a_part(goal_doctype):
		names = frappe.get_list(goal_doctype, wanted, pluck="name", limit=0)
		wanted = {"name": ["in", names or [""]]}
	return frappe.get_attr("frappe.utils.goal.get_monthly_goal_graph_data")(
		title=title,
		doctype=doctype,
		docname=docname,
		**of_document,
		goal_doctype=goal_doctype,
		goal_doctype_link=goal_doctype_link,
		goal_field=goal_field,
		date_field=date_field,
		aggregation=aggregation,
		filters=wanted,
	)


@frappe.whitelist()
def get_group_by_count(doctype: str, current_filters: str, field: str) -> list[dict[str, Any]]:
	"""How many documents each one is assigned, or have each value of a field.

	Policy: CORE-13, TSM-12
	"""
	wanted = conditions(current_filters)
	if field != "assigned_to":
		count = frappe.get_attr("frappe.desk.listview.get_group_by_count")
		return count(doctype, frappe.as_json(wanted), field)
	readable = frappe.get_list(doctype, filters=wanted, limit=0, run=False)
	# Older frameworks give text: in a query that has parameters each % of it is written twice.
	if isinstance(readable, str):
		readable = LiteralValue(f"({readable.replace('%', '%%')})")
	todo, person, count = frappe.qb.DocType("ToDo"), frappe.qb.DocType("User"), Count("*").as_("count")
	query = frappe.qb.from_(todo).join(person).on(person.name == todo.allocated_to)
	of_list = (todo.reference_type == doctype) & todo.reference_name.isin(readable)
	query = query.where((person.user_type == "System User") & (todo.status != "Cancelled") & of_list)
	query = query.select(todo.allocated_to.as_("name"), count).groupby(todo.allocated_to)
	return query.orderby(count, order=Order.desc).limit(50).run(as_dict=True)


# --- What callers may name


def check_columns(doctype: str, columns: Any, parent: str | None = None) -> None:
	"""Raises: PermissionError for a doctype or a column that the user may not read, and for what is none."""
	right = "select" if frappe.only_has_select_perm(doctype) else "read"
	frappe.has_permission(doctype, right, parent_doctype=parent, throw=True)
	known = get_permitted_fields(doctype, parenttype=parent, permission_type=right, ignore_virtual=True)
	check_among(known, doctype, columns)


def check_among(known: Container[str], doctype: str, columns: Iterable[Any]) -> None:
	"""Raises: PermissionError for a column of the doctype that is not one of the known."""
	for column in columns:
		if column and column not in known:
			refuse(doctype, column)


def refuse(doctype: str, word: Any) -> None:
	message = _("{0} has no field {1}, or none that you may read.")
	frappe.throw(
		message.format(_(doctype), frappe.bold(frappe.utils.escape_html(str(word)))),
		frappe.PermissionError,
		title=_("Not Permitted"),
	)


def is_narrowed(doctype: str) -> bool:
	"""Whether different people see different rows of it by a rule of an app."""
	return is_guarded(doctype) or doctype in frappe.get_hooks("permission_query_conditions")


def sees_a_part(doctype: str) -> bool:
	"""Whether the user may see some rows of it and not others: by a rule, for being their owner, or since they were shared."""
	if is_narrowed(doctype) or get_user_permissions(frappe.session.user):
		return True
	by_role = get_role_permissions(frappe.get_meta(doctype))
	return bool(by_role.get("if_owner")) or not by_role.get("read")
