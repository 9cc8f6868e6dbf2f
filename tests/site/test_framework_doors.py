"""What the framework counts, draws and lists by a caller's words: nobody learns by it what no list shows them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import frappe
import pytest

from core_helpdesk import query_words
from core_helpdesk.setup import monthly_workflow as flow
from tests.site import monthly_desk as desks
from tests.site import web
from tests.site.factories import as_user, make_agent, make_ticket, make_user
from tests.site.moments import Moment, moment_from

if TYPE_CHECKING:
	from collections.abc import Callable

CHART = "frappe.desk.doctype.dashboard_chart.dashboard_chart.get"
CARD = "frappe.desk.doctype.number_card.number_card"
CALENDAR = "frappe.desk.calendar.get_events"
GOAL = "frappe.utils.goal.get_monthly_goal_graph_data"
GROUPS = "frappe.desk.listview.get_group_by_count"
LISTS = "helpdesk.api.doc.get_list_data"
LEG, REPORT, CONTENT, TICKET = "Ticket Leg", "Monthly Report", "Report Content", "HD Ticket"
# Behind a function no pattern of the framework finds it.
HIDDEN = "ascii(mid(content from 1 for 1))"
NESTED = f"idx + (select {HIDDEN} from `tab{CONTENT}` limit 1)"
REFUSED = (frappe.PermissionError, frappe.ValidationError)

moment = moment_from("2026-03-01 09:00")


@pytest.fixture
def desk(moment: Moment) -> frappe._dict:
	found = desks.make_monthly_desk(moment)
	frappe.get_doc({"doctype": CONTENT, "delivery": "D", "content": "What was sent"}).db_insert()
	frappe.get_doc({"doctype": "ToDo", "description": "Mine"}).insert()
	found.agent, found.customer = make_agent(), make_user()
	frappe.db.set_value("User", found.customer, "user_type", "Website User")
	return found


def outsiders(desk: frappe._dict) -> tuple[str, ...]:
	return desk.own_head, desk.agent, desk.customer


def asked(user: str, method: str, **words: Any) -> Any:
	"""The answer on both of the framework's ways, which are the same; None where it is refused."""
	found = []
	for path in (web.METHOD, "/api/v2/method"):
		frappe.db.savepoint("before_asking")
		try:
			found.append(web.post(user, f"{path}/{method}", **words))
		except REFUSED:
			frappe.db.rollback(save_point="before_asking")
			found.append(None)
	assert found[0] == found[1]
	return found[0]


def heatmap(doctype: str, *filters: list, **more: object) -> dict[str, object]:
	drawn = {
		"type": "Heatmap",
		"chart_type": "Count",
		"document_type": doctype,
		"based_on": "entered_at" if doctype == LEG else "creation",
		"heatmap_year": 2026 if doctype == LEG else year_of(doctype),
		"filters_json": json.dumps(filters),
	}
	return {"no_cache": 1, "chart": json.dumps({**drawn, **more})}


def year_of(doctype: str) -> int:
	created = frappe.get_all(doctype, pluck="creation", limit=1)
	return created[0].year if created else 0


def legs(department: str) -> int:
	return frappe.db.count(LEG, {"department": department})


def points(answer: dict | None) -> float:
	return sum((answer or {}).get("dataPoints", {}).values())


# --- Heatmaps


def test_a_heatmap_counts_what_a_list_shows(desk: frappe._dict) -> None:
	"""Policy: CORE-13, TSM-12"""
	own, other = (heatmap(LEG, [LEG, "department", "=", name]) for name in (desk.own, desk.other))
	assert points(asked(desk.own_head, CHART, **own)) == legs(desk.own) > 0
	assert points(asked(desk.other_head, CHART, **other)) == legs(desk.other) > 0
	assert points(asked(desk.qa, CHART, **other)) == legs(desk.other)
	for user in outsiders(desk):
		assert points(asked(user, CHART, **other)) == 0


def test_the_framework_finds_a_chart_by_its_doctype_as_well(desk: frappe._dict) -> None:
	other = heatmap(LEG, [LEG, "department", "=", desk.other])
	for user in outsiders(desk):
		try:
			answer = web.post(user, "/api/v2/method/Dashboard Chart/get", **other)
		except REFUSED:
			answer = None
		assert points(answer) == 0


@pytest.mark.parametrize("doctype", [CONTENT, "Ticket Month", REPORT, "Email Queue", "Communication"])
def test_a_heatmap_is_no_oracle_of_what_nobody_shows_them(desk: frappe._dict, doctype: str) -> None:
	desks.make(flow.QA_REPORT)
	for user in outsiders(desk):
		assert points(asked(user, CHART, **heatmap(doctype, [doctype, "creation", ">", "2000-01-01"]))) == 0


def test_a_customer_counts_no_tickets_but_their_own(desk: frappe._dict) -> None:
	assert points(asked(desk.customer, CHART, **heatmap(TICKET))) == 0
	assert points(asked(desk.agent, CHART, **heatmap(TICKET))) == frappe.db.count(TICKET) > 0


def test_no_chart_takes_a_word_that_is_no_column(desk: frappe._dict) -> None:
	for user in outsiders(desk):
		for drawn in (
			heatmap("ToDo", chart_type="Sum", value_based_on=NESTED),
			heatmap("ToDo", based_on=f"creation) + (select {HIDDEN} from `tab{CONTENT}` limit 1"),
			heatmap("ToDo", type="Line", chart_type="Sum", value_based_on=NESTED, timespan="Last Year"),
			heatmap("ToDo", chart_type="Group By", group_by_type="Sum", group_by_based_on=NESTED),
			heatmap(CONTENT, chart_type="Sum", value_based_on="ascii(substr(content,5,1))"),
		):
			assert asked(user, CHART, **drawn) is None


def test_stored_charts_are_drawn_for_each_one_anew(desk: frappe._dict) -> None:
	values = {
		"doctype": "Dashboard Chart",
		"chart_name": "Legs",
		"chart_type": "Count",
		"document_type": LEG,
		"based_on": "entered_at",
		"type": "Line",
		"timeseries": 1,
		"timespan": "Last Year",
		"time_interval": "Yearly",
		"filters_json": "[]",
		"is_public": 1,
	}
	name = frappe.get_doc(values).insert().name

	def counted(user: str) -> float:
		return sum(asked(user, CHART, chart_name=name)["datasets"][0]["values"])

	assert counted(desk.qa) == frappe.db.count(LEG)
	assert counted(desk.own_head) == legs(desk.own)
	assert counted(desk.qa) == frappe.db.count(LEG)


def test_charts_of_others_documents_are_drawn_as_before(desk: frappe._dict) -> None:
	with as_user(desk.agent):
		mine = {"description": "See", "priority": "High", "allocated_to": desk.agent}
		frappe.get_doc({"doctype": "ToDo", **mine}).insert()
	assert points(asked(desk.agent, CHART, **heatmap("ToDo"))) == 1
	grouped = {"type": "Bar", "chart_type": "Group By", "group_by_type": "Count"}
	answer = asked(desk.agent, CHART, **heatmap("ToDo", **grouped, group_by_based_on="priority"))
	assert (answer["labels"], answer["datasets"][0]["values"]) == (["High"], [1])
	line = {"type": "Line", "timespan": "Last Year", "time_interval": "Yearly"}
	answer = asked(desk.agent, CHART, **heatmap("ToDo", **line))
	assert sum(answer["datasets"][0]["values"]) == 1


# --- Number cards, calendars and goals


def test_number_cards_count_by_columns_alone(desk: frappe._dict) -> None:
	def card(doctype: str, function: str = "Count", column: str = "") -> str:
		words = {"document_type": doctype, "function": function, "aggregate_function_based_on": column}
		return json.dumps(words)

	of_other = [[LEG, "department", "=", desk.other]]
	assert asked(desk.qa, f"{CARD}.get_result", doc=card(LEG), filters=of_other) == legs(desk.other)
	assert asked(desk.own_head, f"{CARD}.get_result", doc=card(LEG), filters=of_other) == 0
	cycles = sum(frappe.get_all(LEG, {"department": desk.own}, pluck="cycle"))
	assert asked(desk.own_head, f"{CARD}.get_result", doc=card(LEG, "Sum", "cycle"), filters=[]) == cycles
	for user in outsiders(desk):
		nested = card("ToDo", "Sum", NESTED)
		assert asked(user, f"{CARD}.get_result", doc=nested, filters=[]) is None
		assert asked(user, f"{CARD}.get_result", doc=card("ToDo"), filters=[f"sum({NESTED})", "name"]) is None
	values = {"label": "Stored", "type": "Document Type", "show_percentage_stats": 1}
	stored = frappe.get_doc({"doctype": "Number Card", **values, **json.loads(card("ToDo", "Sum", NESTED))})
	stored.insert()
	words = {"doc": json.dumps({"name": stored.name}), "filters": [], "result": 1}
	assert asked(desk.own_head, f"{CARD}.get_percentage_difference", **words) is None


def test_calendars_show_columns_alone(desk: frappe._dict) -> None:
	with as_user(desk.agent):
		mine = {"description": "See", "date": "2026-03-05", "allocated_to": desk.agent}
		frappe.get_doc({"doctype": "ToDo", **mine}).insert()
	fields = {"start": "date", "end": "date", "id": "name", "allDay": "allDay", "title": "description"}
	words = {"doctype": "ToDo", "start": "2026-03-01", "end": "2026-03-31", "field_map": json.dumps(fields)}
	(event,) = asked(desk.agent, CALENDAR, **words)
	assert "See" in event["description"]
	assert asked(desk.agent, CALENDAR, **words, fields=["name", f"sum({NESTED}) as name"]) is None
	bent = {**words, "field_map": json.dumps({**fields, "title": f"sum({NESTED})"})}
	assert asked(desk.agent, CALENDAR, **bent) is None


def goal(**words: object) -> dict[str, object]:
	country = {"doctype": "Country", "docname": "Egypt", "title": "x", "goal_doctype_link": "country"}
	shown = dict.fromkeys(("goal_value_field", "goal_total_field", "goal_history_field"), "code")
	what = {"goal_doctype": LEG, "goal_field": "name", "date_field": "entered_at", "aggregation": "count"}
	return {**country, **shown, **what, **words}


def test_goals_count_what_a_list_shows(desk: frappe._dict) -> None:
	def before(answer: dict | None) -> int:
		# The present month's is its document's.
		return sum(answer["data"]["datasets"][0]["values"][:-1]) if answer else 0

	of_other = json.dumps({"department": desk.other})
	assert before(asked(desk.qa, GOAL, **goal())) == frappe.db.count(LEG, {"country": desks.EGYPT}) > 0
	assert before(asked(desk.other_head, GOAL, **goal(filters=of_other))) == legs(desk.other)
	for user in outsiders(desk):
		assert before(asked(user, GOAL, **goal())) == 0
		assert before(asked(user, GOAL, **goal(filters=of_other))) == 0
		word = f"(select max(content) from `tab{CONTENT}`) or sum"
		assert asked(user, GOAL, **goal(aggregation=word)) is None
		assert asked(user, GOAL, **goal(goal_field=NESTED)) is None
	settings = {"doctype": "Core Helpdesk Settings", "docname": "Core Helpdesk Settings"}
	told = goal(**settings, goal_total_field="tsm_team")
	assert desk.tsm_team not in str(asked(make_user("System Manager"), GOAL, **told))


# --- Lists


def test_assignments_are_counted_on_what_one_reads(desk: frappe._dict) -> None:
	"""Policy: CORE-13, TSM-12"""
	report = desks.make(flow.QA_REPORT)
	with as_user(desk.qa):
		values = {"reference_type": REPORT, "reference_name": report.name, "allocated_to": desk.agent}
		frappe.get_doc({"doctype": "ToDo", "description": "See", "assigned_by": desk.qa, **values}).insert()
	words = {"doctype": REPORT, "field": "assigned_to", "current_filters": '[["kind", "like", "%"]]'}
	assert asked(desk.qa, GROUPS, **words) == [{"name": desk.agent, "count": 1}]
	for user in outsiders(desk):
		assert not asked(user, GROUPS, **words)
	by_state = {**words, "field": "workflow_state"}
	assert [row["count"] for row in asked(desk.qa, GROUPS, **by_state)] == [1]


def test_no_list_of_the_host_names_its_groups_by_other_documents(desk: frappe._dict) -> None:
	report = desks.make(flow.QA_REPORT)
	frappe.db.set_value(REPORT, report.name, "comment", "They sleep")
	make_ticket(customer=desk.customer, subject=report.name)
	view = {
		"view_type": "group_by",
		"group_by_field": "subject",
		"label_doc": REPORT,
		"label_field": "comment",
	}
	for user in (desk.customer, desk.agent):
		for bent in (view, {**view, "group_by_field": "agent_group", "label_doc": "HD Team"}):
			answer = asked(user, LISTS, doctype=TICKET, view=bent, rows=[], columns=[], filters={})
			assert answer is None
	plain = asked(desk.agent, LISTS, doctype=TICKET, view={"view_type": "list"}, filters={})
	assert plain["total_count"] > 0
	grouped = {"view_type": "group_by", "group_by_field": "category"}
	grouped |= {"label_doc": "HD Article Category", "label_field": "category_name"}
	assert asked(desk.agent, LISTS, doctype="HD Article", view=grouped, filters={})["group_by_field"]


def test_no_column_holds_another_query(desk: frappe._dict) -> None:
	"""Policy: CORE-13, TSM-12"""
	of_content = f"select content from `tab{CONTENT}` limit 1"
	ways: tuple[Callable[[str], Any], ...] = (
		lambda user: asked(user, LISTS, doctype="ToDo", rows=[f"sum({NESTED}) as name"], filters={}),
		lambda user: asked(
			user,
			"frappe.desk.query_report.get_data_for_custom_field",
			doctype="ToDo",
			field=f"sum({NESTED})",
		),
		lambda user: web.get(
			user, f"{web.RESOURCE}/ToDo", order_by=f"locate(char(87), (select content from `tab{CONTENT}`))"
		),
		lambda user: frappe.get_list("ToDo", fields=[f"sum(idx/**/+ {HIDDEN})"]),
		*(
			lambda user, gap=gap: web.get(
				user, f"{web.RESOURCE}/ToDo", fields=json.dumps([f"elt(idx + 1, ({gap}{of_content})) as x"])
			)
			for gap in "\n\t\r\x0b\x0c "
		),
		*(
			lambda user, name=name: web.get(
				user, f"{web.RESOURCE}/ToDo", filters=json.dumps([["ToDo", name, ">", -1]])
			)
			for name in (f"idx\n+ ifnull(({of_content}), 0)", f"\nifnull(({of_content}), 0)")
		),
		lambda user: asked(
			user,
			f"{CARD}.get_result",
			doc=json.dumps({"document_type": "ToDo", "function": "Count"}),
			filters=[["ToDo", f"idx\n+ ifnull(({of_content}), 0)", ">", -1]],
		),
	)
	web.before_request()
	for user in outsiders(desk):
		for ask in ways:
			frappe.db.savepoint("before_asking")
			try:
				answer = ask(user)
			except REFUSED:
				frappe.db.rollback(save_point="before_asking")
				answer = None
			assert answer is None


def test_what_reads_another_table_is_told_from_names() -> None:
	for word in (
		NESTED,
		"(SELECT 1)",
		"idx/*",
		"x+(\tselect\n1)",
		"exists(select 1)",
		"/*!50000select*/",
		"(select`a`from`b`)",
	):
		assert query_words.is_nested(word)
	for word in ("name", "`tabX`.`select`", "select_field", "preselect", "count(*) as selected", None):
		assert not query_words.is_nested(word)
	assert query_words.is_nested(["name", f"elt(1, (\n{NESTED}))"], None, "name")
	assert query_words.is_nested([{"SUM": "(\tselect 1)"}])
	assert not query_words.is_nested(["name", {"COUNT": "*", "as": "selected"}], None, "")


def test_what_a_condition_names_is_told_from_its_value() -> None:
	conditions = [["ToDo", "idx", "=", "select a"], ["name", "like", "/* select"], {"owner": "(select 1)"}]
	assert list(query_words.names_in(conditions)) == ["ToDo", "idx", "name", "owner"]
	assert (
		list(query_words.names_in({"name": "x"})) == list(query_words.names_in([["name", "x"]])) == ["name"]
	)
	assert list(query_words.names_in([["ToDo", "idx", "=", 1, False]])) == ["ToDo", "idx"]
	assert list(query_words.names_in(None)) == []


def test_link_search_takes_no_columns_for_conditions(desk: frappe._dict) -> None:
	words = {"doctype": LEG, "txt": "", "filters": json.dumps([f"sum({NESTED})", "name"])}
	assert not asked(desk.own_head, "frappe.desk.search.search_link", **words)
