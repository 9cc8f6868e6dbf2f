"""The discussion of an escalation policy with the department heads whom it concerns.

Policy: CORE-17
"""

from collections.abc import Iterator
from typing import NamedTuple

import frappe
from frappe import _
from frappe.model.document import Document
from frappe.utils import escape_html, get_fullname, getdate, nowdate

from core_helpdesk import config
from core_helpdesk.mail.letters import department_named
from core_helpdesk.shown import country, day, isolated, listed


class Concerned(NamedTuple):
	"""A head with whom a policy has to be discussed; without a head the department has nobody to ask."""

	department: str
	country: str
	head: str


def concerned(policy: Document) -> list[Concerned]:
	"""The heads of every department that has a group under this policy, each once.

	Policy: CORE-17
	"""
	places = {place for group in groups_under(policy) if (place := (group.department, group.country))[0]}
	heads = {head_of(department, country) for department, country in places}
	return sorted(heads)


def groups_under(policy: Document) -> Iterator[config.Group]:
	wanted = {"name": policy.team} if policy.team and not policy.is_default else {}
	rows = frappe.get_all("HD Team", wanted, list(config.GROUP_COLUMNS), order_by="name")
	rules = config.site_rules()
	rules.take_groups(rows)
	for row in rows:
		group = rules.group(row.name)
		if not group.hidden and is_under(policy, group):
			yield group


def is_under(policy: Document, group: config.Group) -> bool:
	if policy.is_default:
		return True
	if policy.team:
		return policy.team == group.name
	return policy.group_category in (None, "", group.category) and policy.country in (None, "", group.country)


def head_of(department: str, country: str) -> Concerned:
	rows = frappe.get_all(
		"Department Head",
		filters={"parent": department, "parenttype": "Core Department"},
		fields=["country", "all_countries", "head"],
	)
	own = next((row for row in rows if row.country and row.country == country), None)
	if own:
		return Concerned(department, country, own.head)
	everywhere = next((row for row in rows if row.all_countries), None)
	return (
		Concerned(department, "", everywhere.head) if everywhere else Concerned(department, country or "", "")
	)


def missing_answers(policy: Document) -> list[Concerned]:
	"""The heads concerned whose answer is not recorded; a department without a head has nobody to answer."""
	answered = {
		(row.department, row.country or "", row.head or "") for row in policy.discussion if row.answer
	}
	return [head for head in concerned(policy) if head.head and tuple(head) not in answered]


def add_heads(policy: Document) -> int:
	"""Adds a row for each head concerned that has none; returns how many."""
	present = {(row.department, row.country or "", row.head or "") for row in policy.discussion}
	absent = [head for head in concerned(policy) if head.head and tuple(head) not in present]
	for head in absent:
		policy.append(
			"discussion", {"department": head.department, "country": head.country, "head": head.head}
		)
	return len(absent)


def check_rows(policy: Document) -> None:
	for row in policy.discussion:
		if row.answer and not row.discussed_on:
			frappe.throw(
				_("Discussion, row {0}: an answer needs its date.").format(row.idx), title=_("Discussion")
			)
		if row.discussed_on and getdate(row.discussed_on) > getdate(nowdate()):
			message = _("Discussion, row {0}: {1} is in the future.")
			frappe.throw(message.format(row.idx, day(row.discussed_on)), title=_("Discussion"))


def check(policy: Document) -> None:
	"""Raises: ValidationError unless every head concerned has an answer recorded and objections are decided on.

	Policy: CORE-17
	"""
	missing = missing_answers(policy)
	if missing:
		message = _("The discussion is not recorded yet with: {0}").format("")
		rows = "".join(f"<li>{escape_html(named(head))}</li>" for head in missing)
		frappe.throw(f"{message}<ul>{rows}</ul>", title=_("Discussion with Department Heads"))
	if (
		any(row.answer == "Objected" for row in policy.discussion)
		and not (policy.decision_reason or "").strip()
	):
		message = _("A department head objected: write the decision and its reason.")
		frappe.throw(message, title=_("Discussion with Department Heads"))


def named(head: Concerned) -> str:
	"""A head by name, with the department and the country in the reader's language."""
	department = department_named(head.department, frappe.local.lang or "")
	place = listed(part for part in (department, country(head.country)) if part)
	return f"{isolated(get_fullname(head.head))} ({place})"


def say_who_was_not_asked(policy: Document) -> None:
	heads = concerned(policy)
	if not heads:
		message = _(
			"No group under this policy belongs to a department yet: there was no head to discuss it with."
		)
		frappe.msgprint(message, title=_("Discussion with Department Heads"), indicator="orange")
	gaps = sorted({head.department for head in heads if not head.head})
	if gaps:
		message = _("Departments without a head, with whom nothing was discussed: {0}").format(listed(gaps))
		frappe.msgprint(message, title=_("Discussion with Department Heads"), indicator="orange")
