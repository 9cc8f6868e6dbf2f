"""All groups at once: what each is given, and giving it, all rows or none.

Used by the grid and by the CSV import; only the QA Specialist and the System Manager may.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import frappe
from frappe import _

from core_helpdesk import config
from core_helpdesk.governance import governance_gaps, governed
from core_helpdesk.hosts import hd_team
from core_helpdesk.setup import department_heads
from core_helpdesk.setup.group_values import CREATABLE, FIELDS, HEAD, START, Known, NotKnown, as_text
from core_helpdesk.setup.roles import QA_SPECIALIST, holds

OWN_FIELDS = tuple(fieldname for fieldname in FIELDS.values() if fieldname != HEAD)
COLUMNS = {fieldname: column for column, fieldname in FIELDS.items()}


class Wanted(NamedTuple):
	"""One row as it was entered: the group and what it is to be given; what is not named stays."""

	line: int
	name: str
	values: dict[str, str]


@dataclass
class Plan:
	"""What the rows would change, once every one of them can be carried out."""

	changes: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)
	heads: dict[tuple[str, str], str] = field(default_factory=dict)
	errors: list[dict[str, Any]] = field(default_factory=list)
	missing: dict[str, set[str]] = field(default_factory=dict)

	def refuse(self, row: Wanted, column: str, message: str, **further: str) -> None:
		error = {"line": row.line, "name": row.name, "column": column, "message": message, **further}
		self.errors.append(error)

	def as_answer(self, *, done: bool) -> dict[str, Any]:
		rows = [{"name": name, "changes": changes} for name, changes in self.changes.items()]
		created = {CREATABLE[name]: sorted(values) for name, values in self.missing.items() if values}
		return {"errors": self.errors, "rows": rows, "created": created, "saved": done and not self.errors}


def groups_grid() -> dict[str, Any]:
	"""Every group but the hidden one, with what is still missing.

	Policy: CORE-11, QA-01
	"""
	check_permission()
	may_govern = holds(QA_SPECIALIST)
	lacking = governance_gaps.gaps_of_all() if may_govern else {}
	rows = [{**row, "lacks": lacking.get(row["name"], [])} for row in all_rows()]
	return {"rows": rows, "may_write": True, "may_govern": may_govern}


def save_groups(rows: Any) -> dict[str, Any]:
	"""Gives the groups of the grid their values; with any error nothing is written."""
	check_permission()
	check_rows(rows)
	wanted = [
		Wanted(
			0, row.get("name") or "", {name: row.get(name) or "" for name in FIELDS.values() if name in row}
		)
		for row in rows
	]
	plan = make_plan(wanted, Known())
	return carry_out(plan)


def check_rows(rows: Any) -> None:
	"""Raises: ValidationError for anything but rows of texts, as no form of ours sends it."""
	is_list = isinstance(rows, list) and all(isinstance(row, dict) for row in rows)
	if not is_list or not all(isinstance(value or "", str) for row in rows for value in row.values()):
		frappe.throw(_("These are no rows of groups."), title=_("Groups"))


def may_change() -> bool:
	return holds(QA_SPECIALIST) or "System Manager" in frappe.get_roles()


def check_permission(action: str = "") -> None:
	"""Raises: PermissionError that names the action, changing groups if none is given."""
	if not may_change():
		message = _("Only a QA Specialist or a System Manager may do this: {0}")
		text = message.format(action or _("change groups"))
		frappe.throw(text, frappe.PermissionError, title=_("Not Permitted"))


def visible_groups() -> list[str]:
	return frappe.get_all("HD Team", filters={"ch_hidden": 0}, pluck="name", order_by="name asc")


def all_rows() -> list[dict[str, Any]]:
	rules = config.site_rules()
	return [as_row(name, rules) for name in visible_groups()]


def as_row(name: str, rules: config.SiteRules) -> dict[str, Any]:
	group = rules.group(name)
	own = frappe.get_cached_doc("HD Team", name)
	values = {fieldname: as_text(own.get(fieldname)) for fieldname in OWN_FIELDS}
	head = department_heads.head_of(group.department, group.country)
	gaps = [*group.gaps, *([] if head or not group.department else ["No Department Head"])]
	is_governed = bool(own.get("ch_governed"))
	return {"name": name, **values, HEAD: head, "gaps": gaps, "governed": is_governed}


def make_plan(wanted: Iterable[Wanted], known: Known) -> Plan:
	"""Compares what is wanted with what is there; every row that cannot be carried out is an error."""
	plan = Plan(missing=known.missing)
	rules = config.site_rules()
	names = {name.casefold(): name for name in visible_groups()}
	seen: set[str] = set()
	for row in wanted:
		name = names.get(row.name.strip().casefold())
		if not name:
			plan.refuse(row, "group", _("There is no group {0}.").format(row.name))
		elif name in seen:
			plan.refuse(row, "group", _("The group {0} is there twice.").format(name))
		else:
			seen.add(name)
			add_row(plan, row._replace(name=name), known, rules)
	check_made(plan)
	return plan


def check_made(plan: Plan) -> None:
	"""Categories come by a request once groups are governed.

	Policy: CORE-20
	"""
	if plan.missing["ch_category"] and governed.has_begun() and not governed.may_change():
		nowhere = Wanted(0, "", {})
		text = governed.is_changed_by_request("Group Category")
		plan.refuse(nowhere, "category", text, way_on=governed.way_on(governed.NEW_CATEGORY))


def add_row(plan: Plan, row: Wanted, known: Known, rules: config.SiteRules) -> None:
	values = {}
	for fieldname, text in row.values.items():
		try:
			values[fieldname] = known.resolve(fieldname, text)
		except NotKnown as problem:
			plan.refuse(row, COLUMNS[fieldname], str(problem))
	before = as_row(row.name, rules)
	after = {**before, **values}
	changes = {name: (before[name], after[name]) for name in OWN_FIELDS if before[name] != after[name]}
	if START in changes and QA_SPECIALIST not in frappe.get_roles():
		plan.refuse(row, COLUMNS[START], _("Only a QA Specialist may say from when tickets count."))
	if HEAD in values:
		add_head(plan, row, after, changes, rules.general)
	if not changes.keys() <= {HEAD} and governed.is_governed(row.name) and not governed.may_change():
		way_on = governed.way_on(governed.CHANGE_GROUP, team=row.name)
		plan.refuse(row, "group", governed.is_by_request(row.name), way_on=way_on)
	if changes:
		plan.changes[row.name] = changes


def add_head(
	plan: Plan,
	row: Wanted,
	after: dict[str, str],
	changes: dict[str, tuple[str, str]],
	general: config.Settings,
) -> None:
	department = after["ch_department"] or general.default_department
	country = after["ch_country"] or general.default_country
	present = department_heads.head_of(department, country)
	if after[HEAD] == present:
		return
	problem = why_not(plan, (department, country), after[HEAD])
	if problem:
		plan.refuse(row, "head", problem)
	else:
		changes[HEAD] = (present, after[HEAD])


def why_not(plan: Plan, place: tuple[str, str], head: str) -> str:
	"""Why this head cannot be named for a department in a country; notes the head and is empty if they can."""
	if not all(place):
		return _("A head needs the department and the country of the group.")
	if not head and not department_heads.has_own_row(*place):
		return _(
			"The head to take away answers for {0} in all countries: change it on the department."
		).format(place[0])
	# Two rows of one place cannot name two people.
	if plan.heads.setdefault(place, head) != head:
		return _("{0} in {1} is given two heads: {2} and {3}.").format(*place, plan.heads[place], head)
	return ""


def carry_out(plan: Plan) -> dict[str, Any]:
	if not plan.errors:
		create_missing(plan.missing)
		for (department, country), head in plan.heads.items():
			department_heads.put(department, country, head)
		for name, changes in plan.changes.items():
			give(
				name,
				{fieldname: after for fieldname, (_before, after) in changes.items() if fieldname != HEAD},
			)
	return plan.as_answer(done=True)


def create_missing(missing: dict[str, set[str]]) -> None:
	titles = {"ch_category": "category_name", "ch_department": "department_name"}
	for fieldname, names in missing.items():
		for name in sorted(names):
			document = frappe.get_doc({"doctype": CREATABLE[fieldname], titles[fieldname]: name})
			document.insert(ignore_permissions=True)  # `check_permission` has been passed


def give(name: str, values: dict[str, str]) -> None:
	if not values:
		return
	team = frappe.get_doc("HD Team", name)
	if not team.assignment_rule and hasattr(team, "get_assignment_rule"):
		# Hosts that look the rule up on every save fail on old groups without one.
		team.get_assignment_rule()
	team.update({fieldname: value or None for fieldname, value in values.items()})
	# What the host finds missing on its own group is not for us to refuse.
	team.flags.ignore_mandatory = True
	team.flags.ch_governed = True
	is_at_rest = bool(frappe.db.get_value("Assignment Rule", team.assignment_rule, "disabled"))
	team.save(ignore_permissions=True)  # `check_permission` has been passed
	if is_at_rest:
		# Later hosts switch the rule of a group on whenever it is saved.
		hd_team.rest_rule(team.assignment_rule)
